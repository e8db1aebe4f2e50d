#!/usr/bin/env python3
"""An issue's run: everybody once, replies first, paused, stopped and resumed, a relay that refuses, a disk that is full."""
import email
import email.policy
import os
import re
import sqlite3
import subprocess
import time

from newsletter import ISSUE, issue, issue_state, ledger, many, send, subscribe, sums, taken
from scenes import LAB, Citizen, house, run, servers, test, wait_for

LOCAL, DOMAIN = LAB.split("@")


def lab(**options):
    return house(servers("news"), **options)


def parsed(message):
    return email.message_from_bytes(message["data"], policy=email.policy.default)


def through(own, seconds=30):
    wait_for(lambda: issue_state(own) == "sent", seconds, lambda: "%s\n%s" % (sums(own), own.log_text()[-2000:]))


@test
def everybody_gets_it_once_with_the_headers_of_a_list():
    with lab(newsletter_plus="yes", newsletter_url="https://lab.example.org/weg?") as own:
        own.command("newsletter")
        subscribe(own, many(30))
        subscribe(own, ["gefragt@example.org"], "asked")
        subscribe(own, ["weg@example.org"], "unsubscribed")
        assert "30 Empfänger" in send(own).stdout
        assert sums(own) == {"queued": 30}
        again = own.command("newsletter", "send", issue(own), "--yes", check=False)
        assert again.returncode == 1 and "wird gerade verschickt" in again.stderr, again
        own.once()
        assert sorted(taken(own.sink)) == many(30) and set(taken(own.sink).values()) == {1}
        assert sums(own) == {"sent": 30} and issue_state(own) == "sent"
        again = own.command("newsletter", "send", issue(own), "--yes", check=False)
        assert again.returncode == 1 and "schon verschickt" in again.stderr, again
        messages = own.sink.messages()
        assert len({m["message_id"] for m in messages}) == 30
        for message in messages[:3]:
            reader, letter = message["to"][0], parsed(message)
            for line in message["data"].split(b"\r\n"):
                assert len(line) <= 998 and all(9 <= byte < 127 for byte in line), line
            token = re.search(r"<mailto:%s\+(s\d+-[0-9a-f]{16})@%s\?subject=Abmeldung>" % (LOCAL, DOMAIN),
                              letter["List-Unsubscribe"])
            assert token, letter["List-Unsubscribe"]
            assert "<https://lab.example.org/weg?%s>" % token[1] in letter["List-Unsubscribe"]
            assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert letter["List-Id"] == "<newsletter.%s.%s>" % (LOCAL, DOMAIN)
            assert letter["Precedence"] == "bulk" and letter["Auto-Submitted"] == "auto-generated"
            assert letter["To"] == reader and str(letter["Subject"]) == "Neues aus dem Stadtlabor"
            assert letter["Date"].datetime.timestamp() == own.now
            copy = re.fullmatch(r"<(c\d+-[0-9a-f]{16})@.*>", letter["Message-ID"])[1]
            assert message["from"] == "%s+%s@%s" % (LOCAL, copy, DOMAIN), message["from"]
            text = letter.get_body(("plain",)).get_content()
            assert reader in text and "Künstliche Intelligenz" in text, text
            assert "Danke! .Ein Punkt am Zeilenanfang, ein Gleichheitszeichen = und eine sehr lange Zeile, die" in text, text
            assert "Abmelden (Mail an %s+%s@%s, Betreff „Abmeldung“)" % (LOCAL, token[1], DOMAIN) in text, text


@test
def replies_go_first_and_the_rate_holds_for_both():
    with lab(rate_per_minute=240) as own:       # four a second
        own.command("newsletter")
        subscribe(own, many(24))
        send(own)
        own.start()
        own.sink.wait(4, 20)
        begin = time.monotonic()
        own.servers.deliver_lmtp(Citizen(own).bytes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf."), "buerger@example.org")
        wait_for(lambda: any(not m["to"][0].startswith("leser") for m in own.sink.messages()), 20)
        waited = time.monotonic() - begin
        assert own.sink.count() < 24 and waited < 5, (own.sink.count(), waited)
        through(own)
        times = sorted(m["time"] for m in own.sink.messages())
        assert times[-1] - times[0] > 4, times[-1] - times[0]
        assert taken(own.sink) == {address: 1 for address in many(24)}


@test
def pause_stop_and_resume_and_who_left_meanwhile_gets_nothing():
    with lab(rate_per_minute=1200, smtp_connections=2) as own:       # twenty a second
        own.command("newsletter")
        subscribe(own, many(60))
        own.start()
        send(own)
        own.sink.wait(5, 20)
        own.command("newsletter", "pause")
        time.sleep(0.5)
        held = own.sink.count()
        time.sleep(0.6)
        assert own.sink.count() == held < 60 and issue_state(own) == "paused"
        assert "angehalten" in own.command("newsletter", "status", "2026-12").stdout
        assert set(sums(own)) == {"sent", "queued"}, sums(own)
        left = many(60)[-3:]
        with sqlite3.connect(own.store, timeout=20) as db:
            db.execute("UPDATE subscriber SET state = 'unsubscribed' WHERE address IN (?, ?)", left[:2])
            db.execute("DELETE FROM subscriber WHERE address = ?", left[2:])
        db.close()
        own.command("newsletter", "resume", "2026-12")
        own.sink.wait(held + 3, 20)
        own.command("newsletter", "stop", "2026-12")
        time.sleep(0.5)
        held = own.sink.count()
        time.sleep(0.6)
        assert own.sink.count() == held < 57 and issue_state(own) == "stopped"
        own.command("newsletter", "resume")
        through(own)
        assert taken(own.sink) == {address: 1 for address in many(60)[:-3]}
        assert sums(own) == {"sent": 57, "dropped": 3}
        shown = own.json("newsletter", "status", "2026-12")
        assert shown["copies"]["dropped"] == 3 and shown["recipients"] == 60, shown


@test
def a_relay_that_refuses_defers_and_closes():
    readers = many(40)
    with lab(smtp_connections=2) as own:
        own.command("newsletter")
        subscribe(own, readers)
        own.sink.fault("rcpt", "550 5.1.1 <%s>: unknown user" % readers[3], address=readers[3])
        own.sink.fault("rcpt", "450 4.2.2 mailbox full", address=readers[5])
        own.sink.fault("dot", "close", nth=9)                       # taken, and never said so
        own.sink.fault("dot", "lose", nth=15)                       # not taken, and never said so
        own.sink.fault("mail", "421 4.3.2 shutting down", nth=20)
        send(own)
        for _ in range(3):
            own.once(check=False)
            own.now += 1800
        found, got = ledger(own), taken(own.sink)
        assert found["failed"] == [readers[3]] and found["later"] == [readers[5]], found
        assert len(found["unclear"]) == 2 and len(found["sent"]) == 36, sums(own)
        assert max(got.values()) == 1 and set(found["sent"]) <= set(got) and readers[3] not in got
        assert len(set(found["unclear"]) & set(got)) == 1
        assert "@" not in own.rows("SELECT reply FROM newsletter_copy WHERE state = 'failed'")[0]["reply"]
        shown = own.command("newsletter", "status", "2026-12").stdout
        for words in ("abgelehnt", "5.1.1", "unklar", found["unclear"][0], "wird wieder versucht"):
            assert words in shown, (words, shown)
        hard = own.rows("SELECT address, suspended FROM subscriber WHERE suspended <> ''")
        assert hard == [{"address": readers[3], "suspended": "hard"}], hard
        own.sink.clear()
        own.now += 3 * 86400
        own.once()                                                  # its last try
        assert sums(own) == {"sent": 37, "failed": 1, "unclear": 2} and issue_state(own) == "sent", sums(own)
        own.command("newsletter", "resume", "2026-12", "--unclear", "again")
        own.once()
        assert sums(own) == {"sent": 39, "failed": 1}
        twice = [address for address, n in taken(own.sink).items() if n > 1]
        assert len(twice) == 1 and twice[0] in found["unclear"], twice


@test
def a_full_disk_stops_the_run_and_nobody_gets_it_twice():
    with lab(smtp_connections=2) as own:
        own.command("newsletter")
        subscribe(own, many(300))
        own.sink.fault("rcpt", "slow 0.02")
        send(own)
        own.start()
        own.sink.wait(20, 20)
        # No file of the daemon's may grow any more: what a full disk is to it.
        size = os.path.getsize(own.store + "-wal")
        limit = lambda words: subprocess.run(["prlimit", "--pid", str(own.daemon.pid), "--fsize=%s" % words], check=True)
        limit("%d:unlimited" % size)
        own.wait_log("outbox_stopped_taking")
        time.sleep(1)
        held = own.sink.count()
        time.sleep(1)
        assert own.sink.count() == held < 300
        limit("unlimited:unlimited")
        through(own, 60)
        assert taken(own.sink) == {address: 1 for address in many(300)} and sums(own) == {"sent": 300}


@test
def a_scheduled_issue_waits_for_its_day():
    with lab() as own:
        own.command("newsletter")
        subscribe(own, many(3))
        path = issue(own, "2027-01", ISSUE.replace("Vorschau:", "Versand: 23.11.2026 09:00\nVorschau:"))
        own.command("newsletter", "schedule", path, "--yes")
        own.command("newsletter", "run")
        own.once()
        assert issue_state(own, "2027-01") == "scheduled" and not taken(own.sink)
        subscribe(own, ["neu@example.org"])
        own.now += 86400
        assert "4 Empfänger" in own.command("newsletter", "run").stdout
        own.command("newsletter", "run")
        own.once()
        assert issue_state(own, "2027-01") == "sent" and len(taken(own.sink)) == 4
        own.command("newsletter", "schedule", issue(own, "2027-02"), "--at", "01.02.2027 09:00", "--yes")
        assert "nicht mehr geplant" in own.command("newsletter", "stop", "2027-02").stdout
        assert not own.rows("SELECT 1 FROM newsletter_issue WHERE name = '2027-02'")


@test
def the_programme_goes_out_by_itself_when_there_is_news():
    with lab(newsletter_programme="monday", newsletter_programme_hour="9") as own:      # it is Sunday noon
        own.command("newsletter")
        subscribe(own, many(2))

        def sent():
            own.command("newsletter", "run")
            own.once()
            return own.sink.count()
        assert sent() == 0
        own.now += 20 * 3600
        assert sent() == 0                                                              # Monday, eight
        own.now += 3600
        assert sent() == 2 and sent() == 2
        letter = parsed(own.sink.messages()[0])
        assert "Das Programm im Stadtlabor" in letter["Subject"] and "KI im Alltag" in letter.get_body(("plain",)).get_content()
        own.now += 7 * 86400
        assert sent() == 2                                                              # nothing new
        own.command("events", "add", "code=2027-03-01-neu", "title=Nähen für alle", "start=2027-03-01T10:00", "end=2027-03-01T12:00")
        assert sent() == 4
        assert "Nähen für alle" in parsed(own.sink.messages()[-1]).get_body(("plain",)).get_content()


if __name__ == "__main__":
    run()

#!/usr/bin/env python3
"""Nothing happens twice, and the mailbox is shared: the same mail again, another UIDVALIDITY, colleagues at work in the same
folders, what stays unseen, copies in the sent folder; and how our letters look on the wire."""
import email
import email.policy
import os
import re
import signal
import threading
import zoneinfo
from datetime import datetime

from scenes import LAB, Citizen, house, run, servers, shared, test, wait_for, where
from proxy import Proxy

TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"


def counts(made):
    return made.rows("SELECT (SELECT count(*) FROM mail) AS mails, (SELECT count(*) FROM registration) AS registrations, "
                     "(SELECT count(*) FROM outbox) AS letters, (SELECT count(*) FROM queue_entry) AS queue")[0]


# ---- the same mail ----

@test
def the_same_mail_delivered_again_changes_nothing():
    with house() as own:
        citizen = Citizen(own)
        raw = citizen.bytes("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, citizen.details()))
        own.servers.append(raw)
        own.once()
        first = counts(own)
        assert first == {"mails": 1, "registrations": 1, "letters": 1, "queue": 0}, first
        again = (raw, b"Received: from relay.example.net by mx.example.org; Mon, 23 Nov 2026 01:02:03 +0100\r\n"
                 b"X-Spam-Score: 0.1\r\nReturn-Path: <%s>\r\n" % citizen.address.encode() + raw, raw.replace(b"\r\n", b"\n"))
        for data in again:
            own.servers.append(data)
        own.once()
        assert counts(own) == first and own.log_text().count("again=yes") == len(again), own.log_text()
        assert not own.servers.inbox() and len(own.servers.mailbox()["Stadtlabor/Erledigt"]) == 4
        assert len(own.sink.messages()) == 1


@test
def the_same_message_id_with_other_content_is_another_mail():
    with house() as own:
        citizen = Citizen(own)
        one = citizen.bytes("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, citizen.details()), message_id="<same@example.org>")
        two = citizen.bytes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n", message_id="<same@example.org>")
        for raw in (one, two):
            own.servers.append(raw)
        own.once()
        assert [row["kind"] for row in own.outbox()] == ["confirmed", "newsletter_confirm"]
        ids = [row["message_id"] for row in own.outbox()]
        assert len(set(ids)) == 2 and counts(own)["mails"] == 2


@test
def another_uidvalidity_changes_nothing():
    with house() as own:
        citizen = Citizen(own)
        raw = [citizen.bytes("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, citizen.details())),
               citizen.bytes("Frage", "Gibt es bei Ihnen einen Aufzug?\n")]
        for one in raw:
            own.servers.append(one)
        # decided and not yet moved, when the server is restored from a back-up
        own.once(check=False, STADTLABOR_KILL_AT="desk.committed:1")
        first = counts(own)
        assert first["mails"] == 2 and len(own.servers.inbox()) == 2
        own.servers.new_uidvalidity()
        own.once(check=False, STADTLABOR_KILL_AT="receiver.noted:1")        # and the first that sees it ends there
        own.once()
        assert {**counts(own), "letters": 1} == {**first, "letters": 1} and not own.servers.inbox()
        own.start()
        own.wait_log("mailbox_open", times=2)
        own.servers.new_uidvalidity()
        own.servers.append(citizen.bytes("Noch eine Frage", "Haben Sie auch samstags geöffnet?\n"))
        wait_for(lambda: own.mails() == 3 and own.settled(), 40)
        assert len(own.sink.messages()) == 1
        assert own.rows("SELECT count(*) AS n FROM intake") == [{"n": 0}]


@test
def a_crash_after_the_move_leaves_no_trace():
    with house() as own:
        citizen = Citizen(own)
        own.servers.append(citizen.bytes("Frage", "Gibt es bei Ihnen einen Aufzug?\n"))
        own.once(check=False, STADTLABOR_KILL_AT="receiver.moved:3")
        assert not own.servers.inbox() and len(own.rows("SELECT * FROM intake")) == 1
        own.once()
        assert own.rows("SELECT * FROM intake") == [] and counts(own)["mails"] == 1


# ---- colleagues ----

@test
def a_mail_read_once_more_stays_the_same_mail():
    with house(imap_head=16384, acknowledge="yes") as made:      # longer than what is kept of it
        citizen = Citizen(made, "Petra Lang")
        raw = citizen.sends("Frage", "Wann haben Sie offen?\n" + "\n" * 3 + ("=" * 70 + "\n") * 500)
        made.once()
        assert len(made.outbox()) == 1
        made.command("queue", "retry", str(made.json("queue", "list")[0]["id"]))
        mails, letters, queue = made.rows("SELECT id, size FROM mail"), len(made.outbox()), made.json("queue", "list")
        assert len(mails) == 2 and mails[0]["size"] == mails[1]["size"] and letters == 1 and len(queue) == 1
        made.servers.deliver_lmtp(raw, citizen.address, LAB)
        made.once()
        assert len(made.rows("SELECT 1 FROM mail")) == 2 and len(made.outbox()) == 1 and len(made.json("queue", "list")) == 1


@test
def a_second_daemon_on_the_same_store_is_refused():
    with house() as made:           # it would take the letters that the first is sending for those of a dead one
        first = made.start()
        made.wait_log("mailbox_open")
        second = made.once(check=False)
        assert second.returncode == 1 and "another stadtlabord works on" in second.stderr, second
        assert first.poll() is None
        made.stop(signal.SIGKILL)
        assert made.once(check=False).returncode == 0       # what a killed one held is free


@test
def mails_that_colleagues_take_away_meanwhile_are_no_error():
    server = servers()
    with house() as own, Proxy(server.imap_port) as proxy:
        own.configure(imap_port=proxy.port, imap_tls="none")
        citizen = Citizen(own)
        uids = {}
        for what in ("gone", "moved", "flagged", "read", "left"):
            uids[what] = server.append(citizen.bytes("Frage " + what, "Gibt es bei Ihnen einen Aufzug? %s\n" % what,
                                                     message_id="<%s.colleague@example.org>" % what))
        # the daemon has listed all five, and waits for what it fetches: now the colleagues are at work
        rule = proxy.stall("client", pattern=rb"UID FETCH [\d,:]+ \(UID[^\r]*BODY")
        run_of_it = threading.Thread(target=own.once)
        run_of_it.start()
        wait_for(lambda: rule.hits, 30, "the fetch")
        with server.open() as box:
            box.remove("INBOX", uids["gone"])
            if "Privat" not in box.folders():
                box.create("Privat")
            box.move("INBOX", uids["moved"], "Privat")
            box.flag("INBOX", uids["flagged"], "\\Flagged $Wichtig")
            box.flag("INBOX", uids["read"], "\\Seen")
        proxy.release()
        run_of_it.join(60)
        assert own.log_text().count("mail_handled") == 3 and "failed" not in own.log_text(), own.log_text()
        found = where(server, *["<%s.colleague@example.org>" % what for what in uids])
        assert [box for box, _ in found["<moved.colleague@example.org>"]] == ["Privat"], found
        assert found["<left.colleague@example.org>"] == [("Stadtlabor/Prüfen", "unseen")], found
        assert found["<flagged.colleague@example.org>"] == [("Stadtlabor/Prüfen", "unseen")], found
        flagged = [m for m in server.mailbox()["Stadtlabor/Prüfen"] if "flagged" in m.subject][0]
        assert "\\Flagged" in flagged.flags
        own.once()
        assert own.mails() == 3


@test
def mails_moved_away_between_decision_and_move_are_no_error():
    server = servers()
    with house() as own, Proxy(server.imap_port) as proxy:
        own.configure(imap_port=proxy.port, imap_tls="none")
        citizen = Citizen(own)
        uid = server.append(citizen.bytes("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, citizen.details())))
        rule = proxy.stall("client", pattern=rb"UID (STORE|MOVE|COPY) ")
        run_of_it = threading.Thread(target=own.once)
        run_of_it.start()
        wait_for(lambda: rule.hits, 30, "the move")
        with server.open() as box:
            box.remove("INBOX", uid)
        proxy.release()
        run_of_it.join(60)
        assert counts(own)["registrations"] == 1 and len(own.sink.messages()) == 1 and "failed" not in own.log_text()


# ---- folders ----

@test
def each_mail_goes_to_its_folder_and_only_what_staff_must_read_stays_unseen():
    made = shared()
    citizen = Citizen(made)
    done = citizen.registers(TOUR).ends("done", "confirmed")
    queued = citizen.writes("Frage", "Gibt es bei Ihnen einen Aufzug?\n").ends("queued")
    robot = citizen.writes("Abwesend", "Ich bin im Urlaub.\n", headers=("Auto-Submitted: auto-replied",)).ends("ignored")
    ids = ["<%s>" % one.row["message_id"] for one in (done, queued, robot)]
    wait_for(lambda: made.settled(), 20)
    found = where(made.servers, *ids)
    assert [found[key] for key in ids] == [[("Stadtlabor/Erledigt", "seen")], [("Stadtlabor/Prüfen", "unseen")],
                                           [("Stadtlabor/Automatisch", "seen")]], found


@test
def a_copy_of_each_letter_is_in_the_sent_folder_exactly_once():
    made = shared()
    citizen = Citizen(made, "Erwin Kopie")
    letters = [citizen.registers(TOUR).letter, citizen.writes("Newsletter", "Bitte nehmen Sie mich in den Newsletter auf.\n").letter]
    copies = made.servers.mailbox(LAB)["Sent"]
    for letter in letters:
        same = [copy for copy in copies if copy["Message-ID"] == letter["Message-ID"]]
        assert len(same) == 1 and same[0].seen and same[0].text == citizen.reads(letter).text


# ---- letters on the wire ----

@test
def replies_carry_the_headers_of_a_reply():
    made = shared()
    citizen = Citizen(made, "Petra Müller")
    told_of = citizen.registers(TOUR, headers=("References: <old1@example.net> <old2@example.net>",
                                               "In-Reply-To: <old2@example.net>"))
    got = citizen.reads(told_of.letter)
    theirs = "<%s>" % told_of.row["message_id"]
    assert got["In-Reply-To"] == theirs and got["References"].split() == ["<old1@example.net>", "<old2@example.net>", theirs]
    assert got["Auto-Submitted"] == "auto-replied" and got["Subject"] == "Re: Anmeldung"
    assert got["From"] == "Stadtlabor Iserlohn <%s>" % LAB and got["To"] == "Petra Müller <%s>" % citizen.address
    assert re.fullmatch(r"<[0-9a-f]{32}@iserlohn\.de>", got["Message-ID"])


@test
def bounces_of_questions_and_confirmations_reach_staff_those_of_acknowledgements_nobody():
    with house() as own:
        citizen = Citizen(own)
        question = citizen.registers(TOUR, "born").ends("asked", "question")
        confirmed = citizen.answers(question.letter, "3.5.1958\n").ends("done", "confirmed")
        cancelled = citizen.answers(confirmed.letter, "Leider muss ich absagen.\n").ends("done", "cancelled")
        assert [m["from"] for m in own.sink.messages()] == [LAB, LAB, ""], own.sink.messages()
        assert cancelled.letters[0]["envelope_from"] == ""
        own.configure(acknowledge="yes")
        received = citizen.writes("Frage", "Gibt es bei Ihnen einen Aufzug?\n").ends("queued", "received")
        assert own.sink.messages()[-1]["from"] == "" and "Ein Mensch aus unserem Team" in received.text


def calendar(letter):
    parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1, letter
    text = parts[0].get_payload(decode=True).decode()
    assert text.count("\r\n") == text.count("\n") and max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = text.replace("\r\n ", "").strip().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR" and "VERSION:2.0" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    return dict(line.split(":", 1) for line in lines), parts[0]


def berlin(value):
    moment = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=zoneinfo.ZoneInfo("UTC"))
    return moment.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%d %H:%M")


@test
def the_appointment_is_right_in_summer_and_in_winter():
    with house(programme=None) as own:
        path = os.path.join(own.folder, "clock.csv")
        with open(path, "w") as out:
            out.write("code;title;start;end;place\n"
                      "2026-12-10-winter;Lichter im Winter;2026-12-10T18:00;2026-12-10T20:00;Stadtlabor, Nordengraben 10\n"
                      "2027-03-28-wechsel;Nacht der Zeitumstellung;2027-03-28T01:30;2027-03-28T03:30;Stadtlabor\n"
                      "2027-07-10-sommer;Schatten im Sommer;2027-07-10T10:00;2027-07-10T13:00;Stadtlabor\n")
        own.command("events", "import", path)
        for code, words, start, end in (
                ("2026-12-10-winter", "Lichter im Winter am 10.12.2026", "2026-12-10 18:00", "2026-12-10 20:00"),
                ("2027-03-28-wechsel", "Nacht der Zeitumstellung am 28.03.2027", "2027-03-28 01:30", "2027-03-28 03:30"),
                ("2027-07-10-sommer", "Schatten im Sommer am 10.07.2027", "2027-07-10 10:00", "2027-07-10 13:00")):
            confirmed = Citizen(own).registers(words).ends("done", "confirmed")
            entry, part = calendar(email.message_from_bytes(own.sink.messages()[-1]["data"], policy=email.policy.default))
            assert (berlin(entry["DTSTART"]), berlin(entry["DTEND"])) == (start, end), entry
            assert part["Content-Type"].params["method"] == entry["METHOD"] == "PUBLISH" and code in entry["UID"], entry
            assert start[-5:].lstrip("0").replace(":00", "").replace(":", ".") + " bis" in confirmed.text.split("Wann: ")[1], confirmed.text


@test
def a_letter_says_what_is_stored_and_how_to_cancel():
    with house(privacy_text="Verantwortlich ist die Stadt.", privacy_url="https://www.example.org/datenschutz") as own:
        citizen = Citizen(own)
        text = citizen.registers(TOUR).ends("done", "confirmed").text
        for words in ("Was wir speichern:", "Verantwortlich ist die Stadt.", "https://www.example.org/datenschutz", "„Absage“",
                      "Stadtlabor Iserlohn", "02371/217-2424"):
            assert words in text, text


@test
def beyond_so_many_replies_a_day_a_person_takes_over():
    with house(replies_per_day=2) as own:
        citizen = Citizen(own)
        citizen.registers(TOUR).ends("done", "confirmed")
        citizen.registers(TOUR).ends("done", "already_registered")
        citizen.registers(TOUR).ends("queued", reason="too_many_replies")
        Citizen(own, "Hanna Krüger").registers(TOUR).ends("done", "confirmed")
        own.now += 86400
        citizen.registers(TOUR).ends("done", "already_registered")


if __name__ == "__main__":
    run()

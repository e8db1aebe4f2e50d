#!/usr/bin/env python3
"""Subscribers: the proof of consent, every way of leaving, taking it back, the one letter to who was put in by somebody else,
what comes back from issues: through real servers."""
import os

from newsletter import issue_state, send, sums
from scenes import LAB, Citizen, house, run, servers, test, wait_for

SERVER = "mail.stadtlabor.example"
ORDER, LEAVE = "Bitte nehmen Sie mich in Ihren Newsletter auf.\n", "Bitte melden Sie mich vom Newsletter ab.\n"
AUTHENTIC = "Authentication-Results: %s; dkim=pass header.d=example.org; dmarc=pass\n header.from=example.org" % SERVER
FORGED = "Authentication-Results: mx.attacker.example; dkim=pass; dmarc=pass"


def lab(name="post", **options):
    return house(servers(name, postfix=True), authserv_id=SERVER, newsletter_plus="yes", **options)


def row(own, citizen):
    rows = own.rows("SELECT * FROM subscriber WHERE address = ?", getattr(citizen, "address", citizen))
    return rows[0] if rows else {"state": None}


def state(own, citizen):
    return row(own, citizen)["state"]


def steps(own, citizen):
    return own.rows("SELECT * FROM consent WHERE subscriber_id = ? ORDER BY id", row(own, citizen)["id"])


def joins(citizen, **more):
    """By double opt-in; the mail that said yes."""
    asked = citizen.writes("Newsletter", ORDER, **more).ends("asked", "newsletter_confirm")
    return citizen.answers(asked.letter, "Ja, gern!\n", **more).ends("done", "newsletter_welcome")


def get_issue(own, citizens):
    """The copies as they lie in the citizens' mailboxes."""
    send(own)
    own.once()
    assert issue_state(own) == "sent", (sums(own), own.log_text()[-2000:])
    return {c: own.servers.wait_mail(c.address, lambda mail: mail["List-Id"] is not None) for c in citizens}


def leave_address(copy):
    return copy["List-Unsubscribe"].partition("mailto:")[2].partition(">")[0].partition("?")[0]


def presses_unsubscribe(sender, copy, text="", headers=()):
    """What a mail program sends for who presses its button, from whatever address."""
    own = sender.house
    raw = sender.bytes("Abmeldung", text, headers=headers).replace(b"To: " + LAB.encode(), b"To: " + leave_address(copy).encode())
    own.servers.deliver(raw, sender.address, leave_address(copy))
    wait_for(lambda: own.servers.inbox(LAB))
    own.once()
    return own.rows("SELECT * FROM mail ORDER BY id DESC LIMIT 1")[0]


def letters_to(own, address):
    return [r for r in own.outbox() if r["recipient"] == address]


def words(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


@test
def consent_is_proved_step_by_step():
    with lab() as own:
        citizen = Citizen(own, "Petra Müller")
        joins(citizen, headers=(AUTHENTIC, FORGED))
        assert state(own, citizen) == "subscribed"
        request, question, yes = steps(own, citizen)
        assert (request["kind"], question["kind"], yes["kind"]) == ("request", "question", "confirmation")
        assert "in Ihren Newsletter auf" in request["words"] and "Ja, gern!" in yes["words"]
        assert "mit „Ja“" in question["words"] and "Wir bieten" not in question["words"]
        for step in (request, yes):
            assert step["sender"] == citizen.address and step["at"] == own.now
            assert step["authentication"] == "dkim=pass header.d=example.org; dmarc=pass header.from=example.org", step
            assert "attacker" in step["head"] and "Message-ID" in step["head"] and "Newsletter auf" not in step["head"]
        shown = own.command("subscribers", "show", citizen.address).stdout
        for said in (citizen.address, "Bestellung", "Frage", "Bestätigung", "dmarc=pass", "Ja, gern!", "22.11.2026"):
            assert said in shown, (said, shown)
        assert [s["kind"] for s in own.json("subscribers", "show", citizen.address)["steps"]] == ["request", "question", "confirmation"]
        again = citizen.writes("Newsletter", ORDER).ends("done", "newsletter_already")
        assert "bekommen Sie schon" in again.text


@test
def a_late_yes_is_asked_again_and_a_second_order_renews_the_question():
    with lab() as own:
        late, twice = Citizen(own, "Lars Spät"), Citizen(own, "Zoe Zweimal")
        first = late.writes("Newsletter", ORDER).ends("asked", "newsletter_confirm")
        other = twice.writes("Newsletter", ORDER).ends("asked", "newsletter_confirm")
        own.now += 29 * 86400
        twice.writes("Newsletter", ORDER + "Danke!\n").ends("asked", "newsletter_confirm")
        own.now += 2 * 86400
        asked = late.answers(first.letter, "Ja\n").ends("asked", "newsletter_confirm")
        assert "abgelaufen" in asked.text and state(own, late) == "asked", asked.text
        late.answers(asked.letter, "Ja\n").ends("done", "newsletter_welcome")
        twice.answers(other.letter, "Ja\n").ends("done", "newsletter_welcome")


@test
def who_is_put_in_by_somebody_else_gets_one_letter():
    with lab() as own:
        stranger, target, gone = Citizen(own, "Mallory Fremd"), Citizen(own, "Olga Opfer"), Citizen(own, "Gero Weg")
        order = "Bitte nehmen Sie %s in Ihren Newsletter auf.\n"
        stranger.writes("Newsletter", order % target.address).ends("asked", "newsletter_confirm")
        for who in (stranger, Citizen(own, "Noch Einer")):
            assert stranger.house and who.writes("Newsletter", order % target.address + "Bitte!\n").state == "queued"
        target.answers(letters_to(own, target.address)[0]["letter"], "Nein danke\n").ends("done")
        own.now += 200 * 86400
        assert stranger.writes("Newsletter", order % target.address + "Nochmals.\n").state == "queued"
        assert len(letters_to(own, target.address)) == 1
        joins(gone)
        gone.writes("Newsletter", LEAVE).ends("done", "newsletter_goodbye")
        own.command("subscribers", "remove", gone.address, "--yes")
        assert stranger.writes("Newsletter", order % gone.address).state == "queued"
        assert not own.rows("SELECT 1 FROM suppression WHERE hash LIKE '%@%'") and own.rows("SELECT 1 FROM suppression")
        joins(gone)         # who wants it back needs only to say so from there


@test
def whoever_has_a_copy_can_leave_with_it_and_nobody_comes_back_by_another_hand():
    with lab() as own:
        answers, button, forwarded = (Citizen(own, name) for name in ("Bert Zwei", "Cora Drei", "Dora Vier"))
        elsewhere, stranger = Citizen(own, "Bert Zwei"), Citizen(own, "Egon Fremd")
        for citizen in (answers, button, forwarded):
            joins(citizen)
        copies = get_issue(own, (answers, button, forwarded))
        # what is not named is the newsletter, where nothing else could be meant
        plain = Citizen(own, "Fritz Sommer")
        own.command("subscribers", "add", plain.address, "--consent", "Liste")
        plain.registers("KI im Alltag am 03.12.2026").ends("done", "confirmed")
        plain.writes("Mail", "Bitte nehmen Sie mich raus.\n")
        assert state(own, plain) == "subscribed"
        own.command("registrations", "cancel", "1")
        plain.writes("Mail", "Bitte nehmen Sie mich raus!\n").ends("done", "newsletter_goodbye")
        # an issue is answered from another mailbox that it was passed on to by the server
        told = elsewhere.answers(copies[answers].message, "Bitte nehmen Sie mich raus.\n").ends("done", "newsletter_goodbye")
        assert told.letters[0]["recipient"] == answers.address and state(own, answers) == "unsubscribed"
        token = leave_address(copies[button])
        mark = token.partition("@")[0]
        for forged in (token.replace("+s", "+s1"), token.replace(mark, mark[:-4] + ("0000" if mark[-4:] != "0000" else "1111"))):
            presses_unsubscribe(stranger, {"List-Unsubscribe": "<mailto:%s>" % forged})
        assert state(own, button) == "subscribed"
        mail = presses_unsubscribe(button, copies[button], headers=("Auto-Submitted: auto-generated",))
        assert (mail["state"], state(own, button)) == ("done", "unsubscribed"), mail
        assert presses_unsubscribe(button, copies[button])["state"] == "done"           # again: nothing more to say
        assert [r["kind"] for r in letters_to(own, button.address)].count("newsletter_goodbye") == 1
        # whoever a copy was forwarded to can put the owner out, but not back
        presses_unsubscribe(stranger, copies[forwarded])
        goodbye = letters_to(own, forwarded.address)[-1]["letter"]
        assert "jemand anderes" in words(goodbye) and "In-Reply-To" not in goodbye, words(goodbye)
        stranger.answers(goodbye, "Ja, ich möchte den Newsletter weiter bekommen\n")     # counts for the stranger at most
        assert state(own, forwarded) == "unsubscribed" and state(own, stranger) in (None, "asked")


@test
def another_address_takes_the_place_of_the_old_one_in_one_mail():
    with lab() as own:
        old, new = Citizen(own, "Nele Wechsel"), Citizen(own, "Nele Wechsel")
        joins(old)
        told = old.writes("Newsletter", "Bitte schicken Sie den Newsletter künftig nicht mehr an diese Adresse, sondern an %s.\n"
                          % new.address)
        assert sorted(told.kinds) == ["newsletter_confirm", "newsletter_goodbye"], told
        goodbye = next(r["letter"] for r in told.letters if r["kind"] == "newsletter_goodbye")
        assert "neue Mailadresse" in words(goodbye) and (state(own, old), state(own, new)) == ("unsubscribed", "asked")
        question = next(r["letter"] for r in told.letters if r["kind"] == "newsletter_confirm")
        new.answers(question, "Ja\n").ends("done", "newsletter_welcome")


def reports(own, n):
    """Until so many reports were taken in since the store was made."""
    def there():
        if own.servers.inbox(LAB):
            own.once()
        return own.rows("SELECT count(*) AS n FROM mail WHERE reason = 'bounce'")[0]["n"] >= n
    wait_for(there, 30, lambda: "%d reports; %s" % (n, own.rows("SELECT reason, subject FROM mail")))


@test
def what_comes_back_suspends_and_a_full_mailbox_recovers():
    with lab("bounces") as own:
        full, gone, host, slow, well = ("karl@voll.example", "unbekannt@example.org", "eva@kein-host.example",
                                        "lea@langsam.example", "wohl@example.org")
        for address in (full, gone, host, slow, well):
            own.command("subscribers", "add", address, "--consent", "Liste am Stand, 5.9.2026")
        for number in range(3):
            send(own, "2026-1%d" % number)
            own.once()
            reports(own, (4, 6, 8)[number])     # langsam.example says "delayed" each time
            assert row(own, full)["suspended"] == ("soft" if number == 2 else ""), (number, row(own, full))
            own.now += 7 * 86400
        assert {a: (row(own, a)["suspended"], state(own, a)) for a in (gone, host, slow, well)} == {
            gone: ("hard", "subscribed"), host: ("hard", "subscribed"), slow: ("", "subscribed"), well: ("", "subscribed")}
        assert sums(own, "2026-10")["bounced"] == 3 and sums(own, "2026-12") == {"sent": 2, "bounced": 1}, sums(own, "2026-10")
        assert not own.json("queue", "list") and not own.rows("SELECT 1 FROM newsletter_copy WHERE reply LIKE '%@%'")
        listed = own.command("subscribers", "list", "--bouncing").stdout
        assert all(a in listed for a in (full, gone, host)) and slow not in listed and "unzustellbar" in listed, listed
        own.command("subscribers", "restore", gone)
        assert row(own, gone)["suspended"] == "" and len(own.json("subscribers", "list", "--bouncing")) == 2
        own.now += 31 * 86400                       # the full mailbox is tried again
        own.once()
        assert row(own, full)["suspended"] == "", row(own, full)
        assert own.command("subscribers", "list").stdout.endswith("Bekommen ihn: 4, gefragt: 0, ausgesetzt: 1.\n")
        own.command("subscribers", "remove", gone, "--no-letters")
        send(own, "2027-02")
        own.once()
        reports(own, 10)
        assert row(own, full)["suspended"] == "soft"    # one more is enough now


@test
def what_the_relay_refuses_at_once_counts_as_what_comes_back():
    with house(servers(), newsletter_plus="yes") as own:        # letters go to a sink that refuses on command
        own.sink.fault("rcpt", "550 5.1.1 no such user", address="tot@example.org")
        own.sink.fault("rcpt", "554 5.7.1 not today", address="gesperrt@example.org")
        for address in ("tot@example.org", "gesperrt@example.org", "wohl@example.org"):
            own.command("subscribers", "add", address, "--consent", "Liste")
        for number in range(3):
            send(own, "2026-1%d" % number)
            own.once()
            assert row(own, "gesperrt@example.org")["suspended"] == ("soft" if number == 2 else "")
        assert row(own, "tot@example.org")["suspended"] == "hard" and sums(own, "2026-12") == {"failed": 1, "sent": 1}
        assert "no such user" in own.command("subscribers", "list", "--bouncing").stdout


@test
def who_is_erased_while_an_issue_is_on_its_way_gets_none():
    with lab() as own:
        for address in ("erste@example.org", "weg@example.org"):
            own.command("subscribers", "add", address, "--consent", "Liste")
        send(own)
        own.command("people", "erase", "weg@example.org", "--yes")
        own.once()
        assert sums(own) == {"sent": 1, "dropped": 1} and issue_state(own) == "sent", sums(own)


REPORT = """From: MAILER-DAEMON@relay.example
To: %s
Subject: Undelivered Mail Returned to Sender
Message-ID: <report.%s@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=%s; boundary="b"

--b
Content-Type: text/plain

%s

--b
Content-Type: message/%s

%s

--b
Content-Type: text/rfc822-headers

%s

--b--
"""


def report(own, number, to, fields, headers, kind="delivery-status"):
    raw = REPORT % (to, number, kind, "This is the mail system.", kind, fields, headers)
    own.servers.deliver_lmtp(raw.replace("\n", "\r\n").encode(), "", LAB)
    own.once()


@test
def reports_are_matched_by_token_by_message_id_and_by_recipient_and_complaints_unsubscribe():
    with lab() as own:
        people = {name: Citizen(own, name.title() + " Muster") for name in ("token", "message", "recipient", "spam", "redacted")}
        for citizen in people.values():
            own.command("subscribers", "add", citizen.address, "--consent", "unterschriebene Liste")
        send(own)
        own.once()
        copies = {name: own.servers.wait_mail(c.address, lambda m: m["List-Id"]) for name, c in people.items()}
        failed = "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
        nobody = "jemand.anderes@example.net"       # a forwarder's: not the address we wrote to
        envelope = copies["token"]["Return-Path"].strip("<>")
        assert "+c" in envelope, envelope
        report(own, 1, envelope, failed % nobody, "Subject: x")
        report(own, 2, LAB, failed % nobody, "Message-ID: %s" % copies["message"]["Message-ID"])
        report(own, 3, LAB, failed % people["recipient"].address, "Subject: x")
        for name in ("token", "message", "recipient"):
            assert row(own, people[name])["suspended"] == "hard", (name, row(own, people[name]))
        abuse = "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: %s"
        report(own, 4, LAB, abuse % people["spam"].address, "Message-ID: %s\nTo: %s" % (copies["spam"]["Message-ID"], people["spam"].address),
               "feedback-report")
        report(own, 5, LAB, abuse % "redacted@example.com", "List-Unsubscribe: %s" % copies["redacted"]["List-Unsubscribe"].split(",")[0],
               "feedback-report")
        for name in ("spam", "redacted"):
            assert state(own, people[name]) == "unsubscribed", (name, own.rows("SELECT state, reason, reading FROM mail ORDER BY id DESC LIMIT 2"))
            assert not [r for r in letters_to(own, people[name].address)], "who complains hears nothing more"
        assert len(own.rows("SELECT 1 FROM suppression WHERE reason = 'complaint'")) == 2


@test
def lists_are_taken_in_with_a_consent_or_asked_and_who_left_is_left_alone():
    with lab() as own:
        left, old = Citizen(own, "Lola Weg"), Citizen(own, "Otto Alt")
        for citizen in (left, old):
            joins(citizen)
        left.writes("Newsletter", LEAVE).ends("done", "newsletter_goodbye")
        path = os.path.join(own.folder, "liste.csv")
        with open(path, "w", encoding="windows-1252") as out:
            out.write("Name;E-Mail;Sprache\nGrün, Änne;Neu@Example.org;en\n;%s;\n;%s;\n;neu@example.org;\n" % (left.address, old.address))
        bare = own.command("subscribers", "import", path, "--yes", check=False)
        assert bare.returncode == 1 and "--consent" in bare.stderr and "--ask" in bare.stderr
        dry = own.command("subscribers", "import", path, "--consent", "Stand", "--dry-run").stdout
        assert dry == "1 neu, 0 werden gefragt, 2 schon bekannt, 1 übersprungen (abbestellt oder gelöscht); nichts geändert (--dry-run)\n", dry
        assert state(own, "neu@example.org") is None
        own.command("subscribers", "import", path, "--consent", "Liste vom Stadtfest", "--yes")
        assert state(own, "neu@example.org") == "subscribed" and state(own, left) == "unsubscribed"
        assert "Liste vom Stadtfest" in own.command("subscribers", "show", "neu@example.org").stdout
        with open(path, "w") as out:
            out.write("frage@example.org\n%s\nkein Gerät\n" % left.address)
        bad = own.command("subscribers", "import", path, "--ask", "--yes", check=False)
        assert bad.returncode == 1 and "Zeile 3" in bad.stderr and state(own, "frage@example.org") is None, bad.stderr
        with open(path, "w") as out:
            out.write("frage@example.org\n%s\n" % left.address)
        own.command("subscribers", "import", path, "--ask", "--yes")
        own.command("subscribers", "import", path, "--ask", "--yes")
        own.once()
        asked, = letters_to(own, "frage@example.org")
        asker = Citizen(own, "Fred Frage", address="frage@example.org")
        asker.answers(asked["letter"], "Ja bitte\n").ends("done", "newsletter_welcome")
        refused = own.command("subscribers", "add", left.address, check=False)
        assert refused.returncode == 1 and "abbestellt" in refused.stderr
        own.command("subscribers", "remove", asker.address)
        own.once()
        assert letters_to(own, asker.address)[-1]["kind"] == "newsletter_goodbye" and state(own, asker) == "unsubscribed"
        table = own.command("subscribers", "export").stdout
        assert "neu@example.org;subscribed;" in table and left.address not in table, table


if __name__ == "__main__":
    run()

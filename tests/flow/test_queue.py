#!/usr/bin/env python3
"""The staff's queue: an entry with its evidence and its proposal; accepted as it is or as corrected, asked back, assigned, done,
spam; nothing is ever done twice."""
import contextlib
import fcntl
import os
import pty
import select
import sqlite3
import struct
import subprocess
import termios

from scenes import Citizen, house, run, servers, test

TOUR, CODE = "den Rundgang durch das Stadtlabor am 09.02.2027", "2027-02-09-rundgang"


def registered(made, state="confirmed"):
    return [(row["first_name"], row["last_name"], row["birth_date"]) for row in made.rows(
        "SELECT * FROM registration WHERE state = ? ORDER BY id", state)]


def entry_of(told):
    rows = [row for row in told.queue if row["state"] == "open"]
    assert len(rows) == 1, told
    return str(rows[0]["id"])


def kinds(made, told):
    return [row["kind"] for row in made.outbox(told.id)]


@test
def what_is_proposed_is_shown_and_done_once():
    with house(servers("queue")) as own:
        petra = Citizen(own, "Petra Lang")
        told = petra.writes("Anmeldung", "Guten Tag,\n\nwenn es nichts kostet, melde ich mich für %s an.\n\n%s" % (
            TOUR, petra.details()))
        told.ends("queued")
        number = entry_of(told)
        shown = own.command("queue", "show", number).stdout
        for words in ("wenn es nichts kostet", "Warum:", "Vorschlag (stadtlabor queue accept %s)" % number,
                      "Anmelden: „", CODE, "Petra Lang, geboren am 3.5.1958", "Brief an %s" % petra.address,
                      "| Die Anmeldung hat geklappt", "unter einer Bedingung", "Geburtsdatum 1958-05-03: „03.05.1958“ (text;"):
            assert words in shown, (words, shown)
        proposal = own.json("queue", "show", number)["proposal"]
        assert proposal["acts"] and proposal["effects"][0]["event"] == CODE and proposal["sections"] == ["confirmed"]
        assert not registered(own) and not own.outbox()
        done = own.command("queue", "accept", number).stdout
        assert "Anmelden" in done and registered(own) == [("Petra", "Lang", "1958-05-03")], done
        assert kinds(own, told) == ["confirmed"] and own.rows("SELECT state, outcome FROM queue_entry") == [
            {"state": "done", "outcome": "accepted"}]
        again = own.command("queue", "accept", number, check=False)
        assert again.returncode == 1 and "schon erledigt" in again.stderr, again
        own.once()
        letter = own.outbox(told.id)[0]
        assert letter["state"] == "sent" and letter["letter"]["In-Reply-To"] and letter["recipient"] == petra.address
        assert own.rows("SELECT state FROM mail") == [{"state": "done"}] and len(registered(own)) == 1
        audit = own.rows("SELECT DISTINCT actor FROM audit WHERE action IN ('queue_accepted', 'registered')")
        assert len(audit) == 1 and audit[0]["actor"] != "stadtlabord", audit


@test
def what_staff_know_better_is_taken_from_them():
    with house(servers("queue")) as own:
        hans = Citizen(own, "Hans Weber")
        told = hans.writes("Anmeldung", "Guten Tag,\n\nfalls noch Platz für meinen Hund ist, melde ich mich an.\n\nHans Weber\n"
                           "Baarstraße 7\n58636 Iserlohn\n").ends("queued")
        number = entry_of(told)
        refused = own.command("queue", "accept", number, check=False)
        assert refused.returncode == 1 and "fehlt" in refused.stderr and "queue ask" in refused.stderr, refused
        for wrong, words in ((("--event", "nirgends"), "gibt es nicht"), (("--birth-date", "31.2.1960"), "kein Datum"),
                             (("--postal-code", "586"), "fünf Ziffern"), (("--city", ""), "fehlt ein Wert"),
                             (("--first-name", "9=Udo"), "Person 9")):
            bad = own.command("queue", "accept", number, *wrong, check=False)
            assert bad.returncode == 1 and words in bad.stderr, (wrong, bad.stderr)
        assert own.command("queue", "accept", number, "--nonsense", "x", check=False).returncode == 2
        assert not own.outbox() and not registered(own)
        known = "--event", CODE, "--birth-date", "3.5.1958"
        shown = own.command("queue", "show", number, *known).stdout
        assert "queue accept %s, mit denselben Angaben)" % number in shown and "Hans Weber, geboren am 3.5.1958" in shown, shown
        assert not own.outbox() and not registered(own)
        own.command("queue", "accept", number, *known)
        assert registered(own) == [("Hans", "Weber", "1958-05-03")] and kinds(own, told) == ["confirmed"]
        evidence = own.json("registrations", "list")[0]["evidence"]
        assert evidence["birth_date"]["source"] == "staff" and evidence["last_name"]["source"] != "staff", evidence


@test
def what_is_missing_is_asked_and_the_answer_is_understood():
    with house(servers("queue")) as own:
        eva = Citizen(own, "Eva Sommer")
        told = eva.writes("Anmeldung", "Guten Tag,\n\nfalls der Raum barrierefrei ist, melde ich mich für %s an.\n\n%s" % (
            TOUR, eva.details("born"))).ends("queued")
        number = entry_of(told)
        shown = own.command("queue", "show", number).stdout
        assert "queue ask %s" % number in shown and "Es fehlt: Geburtsdatum" in shown, shown
        own.command("queue", "ask", number)
        own.once()
        assert kinds(own, told) == ["question"] and own.rows("SELECT state FROM mail") == [{"state": "asked"}]
        eva.answers(told.letter, "3.5.1958\n").ends("done", "confirmed")
        assert registered(own) == [("Eva", "Sommer", "1958-05-03")]


@test
def what_was_said_before_too_many_questions_is_not_forgotten():
    with house(servers("queue"), rounds_most=1) as own:
        eva = Citizen(own, "Eva Sommer")
        question = eva.registers(TOUR, "born").ends("asked", "question").letter
        told = eva.answers(question, "Baarstraße 7, 58636 Iserlohn\n").ends("queued", reason="rounds")
        number = entry_of(told)
        assert "Es fehlt: Geburtsdatum" in own.command("queue", "show", number).stdout
        own.command("queue", "accept", number, "--birth-date", "3.5.1958")
        assert registered(own) == [("Eva", "Sommer", "1958-05-03")] and kinds(own, told) == ["confirmed"]


@test
def a_part_that_is_done_is_not_proposed_again():
    with house(servers("queue")) as own:
        ida = Citizen(own, "Ida Kurz")
        told = ida.writes("Anmeldung", "Guten Tag,\n\nhiermit melde ich mich für %s an. Gibt es bei Ihnen einen Aufzug?\n\n%s" % (
            TOUR, ida.details())).ends("queued", "confirmed")
        number = entry_of(told)
        assert "Vorschlag: keiner" in own.command("queue", "show", number).stdout
        for verb in ("accept", "ask"):
            refused = own.command("queue", verb, number, check=False)
            assert refused.returncode == 1 and "antworten" in refused.stderr, refused
        assert len(registered(own)) == 1 and kinds(own, told) == ["confirmed"]


@test
def a_persons_own_answer_goes_out_as_the_lab_and_in_the_thread():
    with house(servers("queue")) as own:
        jo = Citizen(own, "Johanna Stein")
        told = jo.writes("Frage zum Aufzug", "Gibt es bei Ihnen einen Aufzug?\n\nJohanna Stein\n", headers=[
            "References: <first@example.org>"]).ends("queued")
        number = entry_of(told)
        text = os.path.join(own.folder, "answer.txt")
        with open(text, "w") as out:
            out.write("  \n")
        assert own.command("queue", "reply", number, "--text", text, check=False).returncode == 1
        assert "kein Terminal" in own.command("queue", "reply", number, check=False).stderr
        with open(text, "w") as out:
            out.write("Guten Tag Frau Stein,\n\nja, der Aufzug ist im Hof.\n\nIhre Ida Weber\n")
        assert "geht hinaus" in own.command("queue", "reply", number, "--text", text).stdout
        own.once()
        letter = told.letter
        assert told.letters[0]["state"] == "sent" and kinds(own, told) == ["reply"]
        assert letter["Subject"] == "Re: Frage zum Aufzug" and letter["In-Reply-To"] in letter["References"]
        assert letter["References"].startswith("<first@example.org>") and letter["Auto-Submitted"] is None
        assert "der Aufzug ist im Hof" in told.text and jo.address in letter["To"]
        assert own.rows("SELECT state, outcome FROM queue_entry") == [{"state": "done", "outcome": "replied"}]
        assert own.command("queue", "reply", number, "--text", text, check=False).returncode == 1 and len(own.outbox()) == 1


@test
def the_editor_begins_with_greeting_and_quoted_mail():
    with house(servers("queue")) as own:
        told = Citizen(own, "Johanna Stein").writes("Frage", "Gibt es bei Ihnen einen Aufzug?\n\nJohanna Stein\n").ends("queued")
        editor = os.path.join(own.folder, "editor")
        with open(editor, "w") as out:
            out.write("#!/bin/sh\ncp \"$2\" \"$1\"\n[ -z \"$ANSWER\" ] || sed -i \"s/^vielen Dank.*/&\\n\\n$ANSWER/\" \"$2\"\n")
        os.chmod(editor, 0o755)
        draft = os.path.join(own.folder, "draft.txt")

        def reply(answer, keys):
            master, slave = pty.openpty()
            os.write(master, keys)
            done = subprocess.run([os.path.join(own.bin, "stadtlabor"), "queue", "reply", entry_of(told), "--config", own.config],
                                  stdin=slave, capture_output=True, text=True, timeout=60, env={
                                      **own.environment(), "EDITOR": "%s %s" % (editor, draft), "VISUAL": "", "ANSWER": answer})
            os.close(slave)
            os.close(master)
            assert done.returncode == 0, done.stderr
            return done.stdout
        assert "nichts verschickt" in reply("", b"")
        with open(draft) as file:
            begun = file.read()
        for words in ("# Ihre Antwort an buerger", "Guten Tag Johanna Stein,", "> Gibt es bei Ihnen einen Aufzug?", "Telefon 02371/217-2424",
                      "schrieb Johanna Stein:"):
            assert words in begun, (words, begun)
        assert "nichts verschickt" in reply("Ja, im Hof.", b"n\n") and not own.outbox()
        assert "Lücke" in reply("Ja, im […].", b"j\nn\n") and not own.outbox()         # back in the editor, nothing is lost
        assert "geht hinaus" in reply("Ja, im Hof.", b"j\n")
        assert "Ja, im Hof." in told.text and "#" not in told.text.splitlines()[0] and "> Gibt es" in told.text, told.text


@test
def each_topic_has_somebody_in_charge_and_an_answer_that_fits():
    ida = "Ida Weber; i.weber@example.org; 02371/217-2425"
    with house(servers("queue"), charge_appointment=ida, charge_idea="Udo Krug; u.krug@example.org", charge_other="Frau Sommer",
               acknowledge_topics="appointment idea") as own:
        date = Citizen(own, "Petra Lang").writes("Termin", "Ich hätte gern einen Termin bei Ihnen, am liebsten montags.\n\nPetra Lang\n")
        idea = Citizen(own, "Hans Weber").writes("Idee", "Ich habe eine Idee für die Innenstadt: mehr Bänke.\n\nHans Weber\n")
        other = Citizen(own, "Eva Sommer").writes("Frage", "Gibt es bei Ihnen einen Aufzug?\n\nEva Sommer\n").ends("queued")
        for told in (date, idea):
            told.ends("queued", "staff_entry", "received")
        notice, received = date.letters
        text = notice["letter"].get_body(("plain",)).get_content()
        assert notice["recipient"] == "i.weber@example.org" and "Guten Tag Ida Weber" in text, text
        for words in ("Terminwunsch", "Petra Lang <", "am liebsten montags", "stadtlabor queue show %s" % entry_of(date), "Stadtlabor/Prüfen"):
            assert words in text, (words, text)
        assert "Datenschutz" not in text and "Mit freundlichen" not in text, text
        text = received["letter"].get_body(("plain",)).get_content()
        assert received["envelope_from"] == "" and "Ida Weber, Telefon 02371/217-2425" in text and "10–16 Uhr" in text, text
        text = idea.letters[1]["letter"].get_body(("plain",)).get_content()
        assert "beteiligung.iserlohn.de" in text and "Telefon aus" not in text, text
        rows = {row["mail"]: (row["topic"], row["assigned"]) for row in own.json("queue", "list")}
        assert rows == {date.id: ("appointment", "Ida Weber"), idea.id: ("idea", "Udo Krug"), other.id: ("other", "Frau Sommer")}, rows
        shown = own.command("queue", "show", entry_of(date)).stdout
        for words in ("Thema: Terminwunsch, zuständig: Ida Weber", "Brief vom 22.11.2026 12:00: Eingang bestätigt (verschickt)",
                      "queue reply %s" % entry_of(date), "| Gern nehmen wir uns Zeit für Sie. Passt Ihnen […]?"):
            assert words in shown, (words, shown)
        with open(os.path.join(own.folder, "gap.txt"), "w") as out:
            out.write("Passt Ihnen […]?\n")
        gap = own.command("queue", "reply", entry_of(date), "--text", os.path.join(own.folder, "gap.txt"), check=False)
        assert gap.returncode == 1 and "Lücke" in gap.stderr, gap
        own.command("queue", "assign", entry_of(other), "ida weber")
        own.command("queue", "assign", entry_of(other), "Ida Weber")
        assert [(row["kind"], row["recipient"]) for row in own.outbox(other.id)] == [("staff_entry", "i.weber@example.org")]
        own.command("queue", "retry", entry_of(date))       # a notice is no answer; nobody hears twice that the mail came
        again = own.rows("SELECT kind FROM outbox WHERE mail_id = (SELECT max(id) FROM mail)")
        assert again == [{"kind": "staff_entry"}], again


def at_a_terminal(own, rows=0):
    """`queue work` in a terminal of so many rows (0: not known): the process; what presses keys; what reads until some words
    come, and gives back what stood before them."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
    work = subprocess.Popen([os.path.join(own.bin, "stadtlabor"), "queue", "work", "--config", own.config], stdin=slave,
                            stdout=slave, stderr=slave, env=own.environment())
    os.close(slave)
    shown = ""

    def until(words):
        nonlocal shown
        while words not in shown:
            assert select.select([master], [], [], 20)[0], (words, shown[-1500:])
            more = os.read(master, 65536).decode("utf-8", "replace")
            assert more, shown
            shown += more
        before, shown = shown.split(words, 1)
        return before
    return work, lambda keys: os.write(master, keys.encode()), until


@test
def an_entry_that_is_longer_than_the_screen_is_shown_page_by_page():
    with house(servers("queue")) as own:
        hans = Citizen(own, "Hans Weber")
        hans.writes("Anmeldung", "falls noch Platz für meinen Hund ist, melde ich mich an.\n\nHans Weber\nBaarstraße 7\n"
                    "58636 Iserlohn\n").ends("queued")
        work, press, until = at_a_terminal(own, rows=24)
        first = until("mehr: Leertaste")
        assert "Warum: " in first and "falls" in first and 20 <= len(first.splitlines()) <= 24, first
        press(" ")
        assert "Es fehlt: Veranstaltung, Geburtsdatum" in first + until("mehr: Leertaste")
        for keys, words in (("c", "> "), ("Wetter schön\n", "keine solche Angabe"), ("", "> "), ("Geburtsdatum 31.2.1958\n", "kein Datum"),
                            ("", "> "), ("Geburtsdatum: 3.5.1958\n", "> "), ("veranstaltung\n", CODE), ("", "> "),
                            ("Veranstaltung %s\n" % CODE, "> "), ("\n", "mehr: Leertaste"), ("a", "wie vorgeschlagen erledigt")):
            press(keys)
            until(words)
        until("Es wartet nichts mehr.")
        assert work.wait(20) == 0 and registered(own) == [("Hans", "Weber", "1958-05-03")]


@test
def a_colleague_goes_from_entry_to_entry_with_single_keys():
    with house(servers("queue")) as own:
        petra, hans = Citizen(own, "Petra Lang"), Citizen(own, "Hans Weber")
        told = [petra.writes("Anmeldung", "wenn es nichts kostet, melde ich mich für %s an.\n\n%s" % (TOUR, petra.details())),
                hans.writes("Anmeldung", "falls noch Platz für meinen Hund ist, melde ich mich an.\n\nHans Weber\nBaarstraße 7\n58636 Iserlohn\n")]
        told += [Citizen(own, "Kai Berg").writes("Frage %d" % n, "Gibt es im Haus %d einen Aufzug?\n\nKai Berg\n" % n) for n in range(3)]
        assert own.command("queue", "work", check=False).returncode == 1
        work, press, until = at_a_terminal(own)
        for keys, words in (("a", "wie vorgeschlagen erledigt"), ("a", "fehlt noch etwas"), ("c", "> "), ("birth-date=3.5.1958\n", "> "),
                            ("weather=fine\n", "keine solche Angabe"), ("", "> "), ("event=%s\n" % CODE, "> "), ("\n", "geboren am 3.5.1958"),
                            ("a", "wie vorgeschlagen erledigt"), ("w", "4 von 5"), ("s", "ist erledigt"), ("e", "ist erledigt")):
            if not words.startswith(("> ", "keine", "geboren")):
                until("[q] Ende ")
            press(keys)
            until(words)
        until("Es wartet noch ein Eintrag.")
        assert work.wait(20) == 0
        assert registered(own) == [("Petra", "Lang", "1958-05-03"), ("Hans", "Weber", "1958-05-03")]
        assert [(row["state"], row["outcome"]) for row in own.rows("SELECT * FROM queue_entry ORDER BY id")] == [
            ("done", "accepted"), ("done", "accepted"), ("open", ""), ("done", "spam"), ("done", "done")]


@test
def entries_are_assigned_done_and_thrown_out():
    with house(servers("queue")) as own:
        told = [Citizen(own, "Kai Berg").writes("Frage %d" % n, "Gibt es bei Ihnen im Haus %d einen Aufzug?\n\nKai Berg\n" % n)
                for n in range(3)]
        one, two, three = (entry_of(mail.ends("queued")) for mail in told)
        own.command("queue", "assign", one, "Frau Weber")
        assert [row["id"] for row in own.json("queue", "list", "--for", "frau weber")] == [int(one)]
        assert "Frau Weber" in own.command("queue", "show", one).stdout
        own.command("queue", "done", two)
        own.command("queue", "spam", three)
        rows = {str(row["id"]): row for row in own.json("queue", "list", "--all")}
        assert [(rows[n]["state"], rows[n]["outcome"]) for n in (one, two, three)] == [
            ("open", ""), ("done", "done"), ("done", "spam")], rows
        assert own.command("queue", "assign", two, "Herr Krug", check=False).returncode == 1
        assert not own.outbox()
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:      # as a purge does
            db.execute("DELETE FROM mail_raw WHERE mail_id = ?", (told[0].id,))
        assert "nicht mehr aufbewahrt" in own.command("queue", "show", one).stdout
        assert own.command("queue", "accept", one, check=False).returncode == 1
        assert own.json("queue", "show", one)["state"] == "open"
        own.command("queue", "done", one)


if __name__ == "__main__":
    run()

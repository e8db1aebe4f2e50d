#!/usr/bin/env python3
"""The programme: what would change is shown, then done whole or not at all; whoever is concerned by a move or a cancellation is
counted, asked about, and told once, with a calendar entry that replaces the old one; tables and calendars go out and come back."""
import contextlib
import os
import pty
import re
import sqlite3
import subprocess

from scenes import Citizen, house, run, servers, shared, test, wait_for, written

HEAD = "code;title;keywords;start;end;place;capacity;waiting_list;required;contact;extra\n"
ROWS = """\
2026-12-01-loeten;Löten für Einsteiger;;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;2;yes;;;
2026-12-05-weben;Weben mit Resten;;2026-12-05T10:00;2026-12-05T12:00;Stadtlabor;10;no;;Jana Muster, Telefon 02371/217-2425;Bitte bringen Sie Wolle mit.
2026-12-09-drucken;Drucken wie Gutenberg;;2026-12-09T17:00;2026-12-09T19:00;Stadtlabor;1;yes;;;
"""
PROGRAMME = written("own.csv", HEAD + ROWS)


def lab():
    return shared(programme=PROGRAMME)


def calendar(letter):
    """The calendar entry of a letter: its lines as a dict, and the method of its part."""
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_content().replace("\r\n ", "")
            return dict(re.findall(r"^([A-Z]+)[^:\n]*:(.*?)\r?$", text, re.M)), part.get_param("method")
    return None, None


def text_of(row):
    return row["letter"].get_body(("plain",)).get_content().replace("\r\n", "\n")


def letters_to(own, citizen):
    return [row for row in own.outbox() if row["recipient"] == citizen.address]


def at_terminal(own, answer, *words):
    """The command at a terminal, where `answer` is typed; its status and all that it said."""
    master, slave = pty.openpty()
    process = subprocess.Popen([os.path.join(own.bin, "stadtlabor"), *words, "--config", own.config], stdin=slave, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=own.environment())
    os.close(slave)
    os.write(master, answer.encode() + b"\n")
    said = process.communicate(timeout=60)[0]
    os.close(master)
    return process.returncode, said


@test
def who_is_registered_is_asked_about_and_told_of_a_move_once():
    own = lab()
    words, code = "Löten für Einsteiger am 01.12.2026", "2026-12-01-loeten"
    anna, two = Citizen(own, "Anna Krüger"), Citizen(own, "Bernd Vogel")
    first, method = calendar(anna.registers(words).ends("done", "confirmed").letter)
    two.writes("Anmeldung", "Hiermit melde ich meine Frau und mich für %s an.\n\nBernd Vogel, geboren am 03.05.1958\n"
               "Birgit Vogel, geboren am 04.06.1960\nBaarstraße 7\n58636 Iserlohn\n" % words).ends("done", "waiting")
    move = ("events", "edit", code, "start=2.12.2026 18:00", "place=Stadtbücherei", "--note", "Der Raum war schon vergeben.")

    shown = own.command(*move, "--dry-run").stdout
    assert "Beginn: 1.12.2026 17:00 → 2.12.2026 18:00" in shown and "Ende: 1.12.2026 19:00 → 2.12.2026 20:00" in shown, shown
    assert "betroffen: 3 Personen, 2 Briefe" in shown, shown
    refused = own.command(*move, check=False)
    assert refused.returncode == 1 and "3 Personen sind betroffen, 2 Briefe werden verschickt" in refused.stderr, refused.stderr
    status, said = at_terminal(own, "n", *move)
    assert status == 1 and "[j/N]" in said and "nichts geändert" in said, said
    assert own.rows("SELECT sequence FROM event WHERE code = ?", code)[0]["sequence"] == 0 and len(letters_to(own, anna)) == 1

    status, said = at_terminal(own, "j", *move)
    assert status == 0, said
    wait_for(lambda: all(row["state"] == "sent" for row in own.outbox()), 20, "the letters")
    moved = letters_to(own, anna)[1:]
    assert [row["kind"] for row in moved] == ["event_moved"], moved
    text, (entry, method_now) = text_of(moved[0]), calendar(moved[0]["letter"])
    assert "Wann: Mittwoch, 2. Dezember 2026, 18 bis 20 Uhr\nWo: Stadtbücherei" in text, text
    assert "Der frühere Termin gilt nicht mehr: Dienstag, 1. Dezember 2026, 17 bis 19 Uhr" in text, text
    assert "Der Raum war schon vergeben." in text and "Guten Tag Anna Krüger," in text and "Angemeldet: Anna Krüger" in text, text
    assert (method, method_now) == ("PUBLISH", "PUBLISH") and first["UID"] == entry["UID"], (first, entry)
    assert (first["SEQUENCE"], entry["SEQUENCE"]) == ("0", "1") and entry["DTSTART"] == "20261202T170000Z", entry
    waiting = letters_to(own, two)[1:]
    assert len(waiting) == 1 and calendar(waiting[0]["letter"]) == (None, None), waiting
    assert "Auf der Warteliste: Bernd Vogel und Birgit Vogel" in text_of(waiting[0]), text_of(waiting[0])
    back = own.command("events", "import", PROGRAMME, check=False)      # a table that moves it back concerns the same people
    assert back.returncode == 1 and "betroffen" in back.stderr and "Beginn: 2.12.2026 18:00 → 1.12.2026 17:00" in back.stdout, back
    own.command("events", "edit", code, "keywords=Lötkolben")           # nobody needs to know
    assert len(letters_to(own, anna)) == 2
    anna.answers(moved[0]["letter"], "Absage\n").ends("done", "cancelled", "confirmed")
    up = letters_to(own, two)[-1]                                       # the place goes on, with the event as it is now
    entry, _ = calendar(up["letter"])
    assert "Ein Platz ist frei" in text_of(up) and (entry["SEQUENCE"], entry["DTSTART"]) == ("1", "20261202T170000Z"), text_of(up)


@test
def a_cancelled_event_leaves_calendars_and_may_come_back():
    own = lab()
    words, code = "Weben mit Resten am 05.12.2026", "2026-12-05-weben"
    citizen = Citizen(own, "Carla Sommer")
    confirmed = citizen.registers(words).ends("done", "confirmed")
    assert "Bitte bringen Sie Wolle mit." in confirmed.text, confirmed.text
    assert "Fragen beantwortet Ihnen gerne: Jana Muster, Telefon 02371/217-2425" in confirmed.text, confirmed.text
    uid = calendar(confirmed.letter)[0]["UID"]
    with contextlib.closing(sqlite3.connect(own.store, timeout=10)) as db, db:      # who came by telephone
        db.execute("INSERT INTO registration (event_id, party, state, address, first_name, last_name, person_key, created, changed) "
                   "SELECT id, 999, 'confirmed', '', 'Emma', 'Telefon', 'e', 1, 1 FROM event WHERE code = ?", (code,))
    refused = own.command("events", "cancel", code, check=False)
    assert refused.returncode == 1 and "2 Personen sind betroffen, 1 Brief wird verschickt" in refused.stderr, refused.stderr
    own.command("events", "cancel", code, "--yes", "--note", "Die Referentin ist erkrankt.")
    off = letters_to(own, citizen)[1]
    queued = [row["words"] for row in own.rows("SELECT words FROM queue_entry WHERE reason = 'tell_by_telephone'")]
    assert queued == ["Emma Telefon hat keine Mailadresse. Bitte geben Sie Bescheid: Weben mit Resten fällt aus."], queued
    entry, method = calendar(off["letter"])
    assert off["kind"] == "event_off" and "Fällt aus" in off["letter"]["Subject"], off["letter"]["Subject"]
    assert "Die Referentin ist erkrankt." in text_of(off) and "Sie müssen nichts tun" in text_of(off), text_of(off)
    assert (entry["UID"], entry["SEQUENCE"], entry["METHOD"], entry["STATUS"], method) == (
        uid, "1", "CANCEL", "CANCELLED", "CANCEL"), entry
    assert own.command("events", "cancel", code, "--yes", check=False).returncode == 1
    Citizen(own, "Doris Herbst").registers(words).ends("done", "event_cancelled")
    own.command("events", "edit", code, "cancelled=no", "--yes")
    back = letters_to(own, citizen)[2]
    entry, method = calendar(back["letter"])
    assert "findet nun doch statt" in text_of(back) and (entry["UID"], entry["SEQUENCE"], method) == (uid, "2", "PUBLISH"), entry


@test
def a_larger_event_lets_those_move_up_who_wait():
    own = lab()
    words, code = "Drucken wie Gutenberg am 09.12.2026", "2026-12-09-drucken"
    Citizen(own, "Emil Winter").registers(words).ends("done", "confirmed")
    waits = Citizen(own, "Frida Mai")
    waits.registers(words).ends("done", "waiting")
    own.command("events", "edit", code, "--capacity", "2")
    up = letters_to(own, waits)[1]
    assert "Ein Platz ist frei" in text_of(up) and calendar(up["letter"])[0]["SEQUENCE"] == "0", text_of(up)
    shown = own.json("events", "show", code)
    assert (shown["confirmed"], shown["waiting"], shown["capacity"]) == (2, 0, 2), shown
    shown = own.command("events", "show", code).stdout
    assert "2 mit Platz, 0 auf der Warteliste" in shown and "Warteliste:" in shown, shown


@test
def tables_and_calendars_go_out_and_come_back():
    with house(servers("tables")) as own:
        told = own.command("events", "import", os.path.join(own.folder, "none.csv"), check=False)
        assert told.returncode == 1
        csv, ics = os.path.join(own.folder, "out.csv"), os.path.join(own.folder, "out.ics")
        own.command("events", "add", "title==1+1; ein „Titel“, zwei", "start=1.4.2027 17:00", "end=19:00", "required=name",
                    "extra=Mit \"Anführung\"")
        for path in (csv, ics):
            own.command("events", "export", path)
            again = own.command("events", "import", path).stdout
            assert "0 neu, 0 geändert, 19 unverändert" in again, again
        with open(csv, "rb") as file:
            raw = file.read()
        assert raw.startswith(b"\xef\xbb\xbfcode;title;") and b"\"'=1+1; ein" in raw, raw[-600:]
        for name, bytes_ in (("windows.csv", raw[3:].decode().encode("cp1252")), ("comma.csv", None)):
            path = os.path.join(own.folder, name)
            if bytes_ is None:
                import csv as tables
                rows = list(tables.reader(raw[3:].decode().splitlines(), delimiter=";"))
                with open(path, "w", newline="") as file:
                    tables.writer(file).writerows(rows)
            else:
                with open(path, "wb") as file:
                    file.write(bytes_)
            assert "19 unverändert" in own.command("events", "import", path).stdout, name
        # A table of somebody's own, with tabs, without codes: known again by day and title.
        plain = os.path.join(own.folder, "plain.csv")
        with open(plain, "wb") as file:
            file.write("Titel\tBeginn\tSaal\nBücher für Große\t3.5.2027 17:00\t10\n".encode("cp1252"))
        said = own.command("events", "import", plain).stdout
        assert "nicht beachtet sind die Spalten „Saal“" in said and "neu  2027-05-03-buecher-fuer-grosse" in said, said
        with open(plain, "wb") as file:
            file.write("Titel\tBeginn\tPlätze\nBücher für Große\t3.5.2027 18:00\t10\n".encode("cp1252"))
        said = own.command("events", "import", plain).stdout
        assert "Beginn: 3.5.2027 17:00 → 3.5.2027 18:00" in said and "0 neu, 1 geändert" in said and "beachtet" not in said, said
        assert "BEGIN:VCALENDAR" in own.command("events", "export", "--ics").stdout
        # A foreign calendar: known by its UID when it comes again, moved; what it does not say stays.
        entry = ("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:x1@example.org\nSUMMARY:Führung am Abend\nDTSTART:%s\nDTEND:%s\n"
                 "END:VEVENT\nEND:VCALENDAR\n")
        with open(ics, "w") as file:
            file.write(entry % ("20270501T160000Z", "20270501T180000Z"))
        assert "neu  2027-05-01-fuehrung-am-abend" in own.command("events", "import", ics).stdout
        own.command("events", "edit", "2027-05-01-fuehrung-am-abend", "capacity=5")
        with open(ics, "w") as file:
            file.write(entry % ("20270502T160000Z", "20270502T180000Z"))
        assert "Beginn: 1.5.2027 18:00 → 2.5.2027 18:00" in own.command("events", "import", ics).stdout
        shown = own.json("events", "show", "2027-05-01-fuehrung-am-abend")
        assert (shown["start"], shown["capacity"], shown["sequence"]) == ("2027-05-02T18:00", 5, 1), shown
        for words, wanted in ((("show", "nix"), 1), (("edit", "nix", "capacity=1"), 1), (("edit",), 2), (("add", "title=X"), 1),
                              (("edit", "2027-05-01-fuehrung-am-abend"), 2), (("cancel",), 2),
                              (("edit", "2027-05-01-fuehrung-am-abend", "capacity=viele"), 1)):
            done = own.command("events", *words, check=False)
            assert done.returncode == wanted and done.stderr, (words, done)


if __name__ == "__main__":
    run(together=4)

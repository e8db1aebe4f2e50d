#!/usr/bin/env python3
"""What staff enter for people who call or come to the counter: added, cancelled, moved, with the same rules and letters."""

from scenes import Citizen, house, run, servers, test, written

HEAD = "code;title;start;end;place;capacity;waiting_list;min_age;max_age\n"
ROWS = """\
2026-12-01-loeten;Löten für Einsteiger;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;2;yes;;
2026-12-08-loeten;Löten für Einsteiger;2026-12-08T17:00;2026-12-08T19:00;Stadtlabor;1;yes;;
2026-12-12-roboter;Roboter für Kinder;2026-12-12T10:00;2026-12-12T13:00;Stadtlabor;20;no;10;14
"""
FILE = written("counter.csv", HEAD + ROWS)
FIRST, SECOND, ROBOT = "2026-12-01-loeten", "2026-12-08-loeten", "2026-12-12-roboter"


def data(first, last="Engel", born="3.5.1958", number=None):
    def option(name, value):
        return ("--" + name, value if number is None else "%d=%s" % (number, value))
    words = ()
    for pair in (("first-name", first), ("last-name", last), ("birth-date", born), ("street", "Baarstraße 7"),
                 ("postal-code", "58636"), ("city", "Iserlohn")):
        words += option(*pair)
    return words


def stored(own, code):
    return [(row["id"], row["first_name"], row["state"]) for row in own.rows(
        "SELECT registration.id, first_name, state FROM registration JOIN event ON event_id = event.id WHERE code = ? "
        "ORDER BY registration.id", code)]


def letters(own, address):
    return [row for row in own.outbox() if row["recipient"] == address]


def text(row):
    return row["letter"].get_body(("plain",)).get_content()


def refused(own, *words):
    done = own.command("registrations", *words, check=False)
    assert done.returncode == 1 and not done.stdout, done
    return done.stderr


@test
def staff_add_cancel_and_move_with_the_same_letters():
    with house(servers("once"), programme=FILE) as own:
        said = own.command("registrations", "add", FIRST, *data("Petra"), *data("Hans", number=2), "--address", "Petra@Example.org").stdout
        assert "Anmeldung 1: Platz" in said and "Anmeldung 2: Platz" in said and "Brief an petra@example.org" in said, said
        own.once()
        first, = letters(own, "petra@example.org")
        assert first["state"] == "sent" and "Angemeldet: Petra Engel und Hans Engel" in text(first), text(first)
        assert any(part.get_content_type() == "text/calendar" for part in first["letter"].walk())

        assert "2 von 2 Plätzen" in refused(own, "add", FIRST, *data("Max")) and "--wait" in refused(own, "add", FIRST, *data("Max"))
        said = own.command("registrations", "add", FIRST, *data("Max"), "--wait").stdout
        assert "Warteliste, Platz 1" in said and "keine Mailadresse" in said, said
        assert "schon angemeldet (Nummer 1)" in refused(own, "add", FIRST, *data("PETRA"), "--place")
        assert "es fehlt: Geburtsdatum, Straße und Hausnummer, Ort von Eva" in refused(own, "add", FIRST, "--first-name", "Eva", "--last-name", "Engel")
        assert "ab 10 Jahren" in refused(own, "add", ROBOT, *data("Kind", born="3.5.2020"))
        assert "keine Mailadresse" in refused(own, "add", ROBOT, *data("Kind", born="3.5.2015"), "--address", "x@y\nBcc: z@example.org")
        assert "„.de“" in refused(own, "add", ROBOT, *data("Kind", born="3.5.2015"), "--address", "x@gmx")

        waits = Citizen(own, "Lena Sommer")             # who writes a mail waits behind
        waits.registers("Löten für Einsteiger am 01.12.2026").ends("done", "waiting")
        said = own.command("registrations", "cancel", "2").stdout
        assert "1 Anmeldung abgesagt, 1 Brief" in said, said
        assert stored(own, FIRST)[1:] == [(2, "Hans", "cancelled"), (3, "Max", "confirmed"), (4, "Lena", "waiting")]
        told = own.rows("SELECT words FROM queue_entry WHERE reason = 'place_given'")
        assert len(told) == 1 and "Max Engel" in told[0]["words"], told         # nobody else can tell him
        assert "Abgemeldet: Hans Engel" in text(letters(own, "petra@example.org")[-1])

        said = own.command("registrations", "move", "1", SECOND).stdout
        assert "Anmeldung 5: Platz bei " + SECOND in said, said
        moved = letters(own, "petra@example.org")[-1]
        assert "8. Dezember" in text(moved) and "Abgemeldet: Petra Engel" in text(moved), text(moved)
        assert stored(own, FIRST)[0] == (1, "Petra", "cancelled") and stored(own, FIRST)[3] == (4, "Lena", "confirmed")
        assert letters(own, waits.address)[-1]["kind"] == "confirmed"       # the place that became free
        assert own.rows("SELECT birth_date, street FROM registration WHERE id = 5") == [{"birth_date": "1958-05-03", "street": "Baarstraße 7"}]

        assert "1 von 1 Plätzen" in refused(own, "move", "3", SECOND) and stored(own, FIRST)[2] == (3, "Max", "confirmed")
        assert "gibt es nicht" in refused(own, "cancel", "99") and "schon abgesagt" in refused(own, "cancel", "1")
        assert own.command("registrations", "move", "3", check=False).returncode == 2
        own.once()
        assert all(row["state"] == "sent" for row in own.outbox())


@test
def in_the_last_hours_staff_give_the_place():
    with house(servers("once"), programme=FILE) as own:
        own.command("registrations", "add", SECOND, *data("Petra"), "--address", "petra@example.org", "--no-letters")
        waits = Citizen(own, "Lena Sommer")
        waits.registers("Löten für Einsteiger am 08.12.2026").ends("done", "waiting")
        assert not letters(own, "petra@example.org")
        own.now += 15 * 86400 + 10 * 3600
        own.command("registrations", "cancel", "1")
        entry, = own.rows("SELECT words FROM queue_entry WHERE reason = 'place_free'")
        assert "registrations move NUMMER %s --place" % SECOND in entry["words"], entry
        said = own.command("registrations", "move", "2", SECOND, "--place").stdout
        assert "Anmeldung 2: Platz" in said and "Brief an " + waits.address in said, said
        assert "gilt jetzt fest" in text(letters(own, waits.address)[-1]) and stored(own, SECOND)[1] == (2, "Lena", "confirmed")
        assert "steht nicht auf der Warteliste" in refused(own, "move", "2", SECOND, "--place")


if __name__ == "__main__":
    run()

#!/usr/bin/env python3
"""Required fields per event: what an event does without is neither asked for nor stored, and the letter says what is kept."""
import json

from scenes import Citizen, run, shared, test, written

PROGRAMME = written("needs.csv", """\
code;title;start;end;place;capacity;waiting_list;required
2026-12-01-fest;Lichterfest im Hof;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;50;no;none
2026-12-10-falten;Papier falten;2026-12-10T17:00;2026-12-10T19:00;Stadtlabor;50;no;
2026-12-05-weben;Weben mit Resten;2026-12-05T10:00;2026-12-05T12:00;Stadtlabor;10;no;name
2026-12-09-drucken;Drucken wie Gutenberg;2026-12-09T17:00;2026-12-09T19:00;Stadtlabor;10;yes;name, birth_date
""")


def lab():
    return shared(programme=PROGRAMME)


def kept(told):
    return [(row["first_name"], row["last_name"], row["birth_date"], row["street"], row["postal_code"], row["city"])
            for row in told.registrations]


@test
def a_name_alone_is_enough_where_the_event_needs_no_more():
    citizen = Citizen(lab(), "Anna Krüger")
    told = citizen.registers("Weben mit Resten am 05.12.2026", "born", "street", "city").ends("done", "confirmed")
    assert kept(told) == [("Anna", "Krüger", "", "", "", "")], kept(told)
    assert "Was wir speichern: Namen, so wie Sie es" in told.text and "Geburtsdatum" not in told.text, told.text
    citizen.writes("Noch einmal", "Ich möchte mich für Weben mit Resten am 05.12.2026 anmelden.\n\nAnna Krüger\n").ends(
        "done", "already_registered")
    Citizen(lab(), "Anna Krüger").registers("Weben mit Resten am 05.12.2026", "born", "street", "city").ends("done", "confirmed")
    gone = citizen.writes("Absage", "Ich muss meine Teilnahme an Weben mit Resten am 05.12.2026 leider absagen.\n\nAnna Krüger\n")
    gone.ends("done", "cancelled")


@test
def what_was_written_all_the_same_is_not_stored():
    told = Citizen(lab(), "Bernd Vogel").registers("Drucken wie Gutenberg am 09.12.2026").ends("done", "confirmed")
    assert kept(told) == [("Bernd", "Vogel", "1958-05-03", "", "", "")], kept(told)
    assert "Was wir speichern: Namen und Geburtsdatum, so wie" in told.text, told.text
    read = json.dumps(json.loads(told.row["reading"])["intents"])
    assert "Baarstra" not in told.registrations[0]["evidence"] and "Iserlohn" not in read, read
    asked = Citizen(lab(), "Carla Sommer")
    question = asked.registers("Drucken wie Gutenberg am 09.12.2026", "born", "street", "city").ends("asked", "question")
    assert "Geburtsdatum" in question.text and "Straße" not in question.text, question.text
    told = asked.answers(question.letter, "Ich bin am 04.06.1960 geboren.\n").ends("done", "confirmed")
    assert kept(told) == [("Carla", "Sommer", "1960-06-04", "", "", "")], kept(told)


@test
def what_an_event_no_longer_needs_is_deleted_of_those_who_are_there():
    own = lab()
    code = "2026-12-10-falten"
    told = Citizen(own, "Emil Winter").registers("Papier falten am 10.12.2026").ends("done", "confirmed")
    assert kept(told)[0][2:] == ("1958-05-03", "Baarstraße 7", "58636", "Iserlohn"), kept(told)
    refused = own.command("events", "edit", code, "required=name", check=False)
    assert refused.returncode == 1 and "Angaben in 1 Anmeldung werden gelöscht" in refused.stderr, refused.stderr
    own.command("events", "edit", code, "required=name", "--yes")
    assert kept(told) == [("Emil", "Winter", "", "", "", "")] and list(json.loads(told.registrations[0]["evidence"])) == [
        "first_name", "last_name"], told.registrations
    own.command("registrations", "add", code, "--first-name", "Max", "--last-name", "Engel", "--birth-date", "3.5.1958", "--street",
                "Baarstraße 7", "--postal-code", "58636", "--city", "Iserlohn")
    row = own.rows("SELECT * FROM registration WHERE last_name = 'Engel'")[0]
    assert (row["birth_date"], row["street"], row["city"], row["evidence"]) == ("", "", "", "{}"), row
    citizen = Citizen(own, "Emil Winter", address=told.row["sender"])
    citizen.writes("Noch einmal", "Ich möchte mich für Papier falten am 10.12.2026 anmelden.\n\nEmil Winter\n").ends(
        "done", "already_registered")


@test
def an_event_may_do_without_names():
    citizen = Citizen(lab(), "Doris Herbst")
    told = citizen.writes("Lichterfest", "Guten Tag,\n\nhiermit melde ich mich für das Lichterfest im Hof am 01.12.2026 an.\n",
                          name=None).ends("done", "confirmed")
    assert kept(told) == [("", "", "", "", "", "")], kept(told)
    assert "Angemeldet: eine Person" in told.text and "Was wir speichern: Ihre Mailadresse." in told.text, told.text
    gone = citizen.writes("Absage", "Leider muss ich das Lichterfest im Hof am 01.12.2026 absagen.\n")
    gone.ends("done", "cancelled")


if __name__ == "__main__":
    run(together=3)

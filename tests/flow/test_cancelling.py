#!/usr/bin/env python3
"""Taking back, changing, moving to another date: all at once, one of a group, in one mail, never losing the old place. Nobody is
asked what they said already; what is open is asked."""

from scenes import Citizen, run, shared, test, written

HEAD = "code;title;keywords;start;end;place;capacity;waiting_list;register_until;min_age;max_age;topic\n"
ROWS = """\
2026-12-01-loeten;Löten für Einsteiger;;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;20;yes;;;;Technik
2026-12-08-loeten;Löten für Einsteiger;;2026-12-08T17:00;2026-12-08T19:00;Stadtlabor;20;yes;;;;Technik
2026-12-09-bienen;Bienen in der Stadt;;2026-12-09T17:00;2026-12-09T19:00;Stadtlabor;1;no;;;;Natur
2026-12-16-bienen;Bienen in der Stadt;;2026-12-16T17:00;2026-12-16T19:00;Stadtlabor;20;no;;;;Natur
2026-12-12-roboter;Roboter für Kinder;;2026-12-12T10:00;2026-12-12T13:00;Stadtlabor;20;yes;;10;14;
2026-12-18-weben;Weben mit Resten;;2026-12-18T17:00;2026-12-18T19:00;Stadtlabor;20;yes;;;;
2026-12-20-drucken;Drucken mit Linolschnitt;;2026-12-20T17:00;2026-12-20T19:00;Stadtlabor;1;yes;;;;
2026-12-21-toepfern;Töpfern an der Scheibe;;2026-12-21T17:00;2026-12-21T19:00;Stadtlabor;1;yes;;;;
"""
LOETEN, LATER = "Löten für Einsteiger am 01.12.2026", "Löten für Einsteiger am 08.12.2026"
BIENEN, WEBEN = "Bienen in der Stadt am 09.12.2026", "Weben mit Resten am 18.12.2026"
DRUCKEN, TOEPFERN = "Drucken mit Linolschnitt am 20.12.2026", "Töpfern an der Scheibe am 21.12.2026"

FILE = written("cancelling.csv", HEAD + ROWS)


def lab():
    return shared(programme=FILE)


def stored(citizen):
    return [(row["code"], row["first_name"], row["state"]) for row in citizen.house.rows(
        "SELECT code, first_name, state FROM registration JOIN event ON event_id = event.id WHERE address = ? ORDER BY registration.id",
        citizen.address)]


def family(citizen, words):
    return citizen.writes("Anmeldung", "Bitte melden Sie uns für %s an:\n\nPetra Engel, geboren am 03.05.1978\n"
                          "Lena Engel, geboren am 04.06.2010\nMax Engel, geboren am 07.08.2012\n\nBaarstraße 7\n58636 Iserlohn\n" % words)


@test
def all_registrations_are_cancelled_at_once():
    citizen = Citizen(lab(), "Anna Thiel")
    citizen.registers(LOETEN).ends("done", "confirmed")
    citizen.registers(WEBEN).ends("done", "confirmed")
    asked = citizen.writes("Absage", "Leider muss ich meine Anmeldung zurückziehen.\n\nAnna Thiel\n").ends("asked", "cancel_which")
    assert "1. Löten" in asked.text and "2. Weben" in asked.text, asked.text
    told = citizen.answers(asked.letter, "Alle bitte.\n").ends("done", "cancelled")
    assert told.text.count("Veranstaltung: ") == 2 and [row[2] for row in stored(citizen)] == ["cancelled"] * 2, told.text
    citizen.registers(LOETEN).ends("done", "confirmed")
    citizen.registers(WEBEN).ends("done", "confirmed")
    citizen.writes("Absage", "Bitte streichen Sie alle meine Anmeldungen, ich bin krank.\n\nAnna Thiel\n").ends("done", "cancelled")
    assert [row[2] for row in stored(citizen)] == ["cancelled"] * 4


@test
def one_of_a_group_is_cancelled_by_name_and_asked_for_without():
    citizen = Citizen(lab(), "Petra Engel")
    family(citizen, LOETEN).ends("done", "confirmed")
    told = citizen.writes("Absage", "Guten Tag,\n\nLena ist krank und muss für %s leider absagen. Wer sonst angemeldet ist, kommt.\n\n"
                          "Petra Engel\n" % LOETEN).ends("done", "cancelled")
    assert "Abgemeldet: Lena Engel" in told.text and [row[2] for row in stored(citizen)] == ["confirmed", "cancelled", "confirmed"], stored(citizen)
    asked = citizen.writes("Absage", "Leider muss ich für %s absagen.\n\nPetra Engel\n" % LOETEN).ends("asked", "cancel_who")
    assert "1. Petra Engel" in asked.text and "2. Max Engel" in asked.text and "Lena" not in asked.text, asked.text
    told = citizen.answers(asked.letter, "Max\n").ends("done", "cancelled")
    assert "Abgemeldet: Max Engel" in told.text and [row[2] for row in stored(citizen)] == ["confirmed", "cancelled", "cancelled"]
    citizen.writes("Absage", "Leider können wir zu %s nicht kommen.\n\nPetra Engel\n" % LOETEN).ends("done", "cancelled")
    assert [row[2] for row in stored(citizen)] == ["cancelled"] * 3


def calendars(letter):
    """method → the entry's lines as a dict."""
    found = {}
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            lines = part.get_content().replace("\r\n ", "").split("\r\n")
            found[part.get_param("method")] = dict(line.split(":", 1) for line in lines if ":" in line)
    return found


@test
def a_place_given_up_leaves_the_calendar():
    citizen = Citizen(lab(), "Petra Nagel")
    text = "Bitte melden Sie uns für %s an:\n\nPetra Nagel, geboren am 03.05.1978\nLena Nagel, geboren am 04.06.2010\n\n" \
           "Baarstraße 7\n58636 Iserlohn\n"
    put = calendars(citizen.writes("Anmeldung", text % LOETEN).ends("done", "confirmed").letter)["PUBLISH"]
    one = citizen.writes("Absage", "Guten Tag,\n\nLena Nagel kann am %s leider nicht teilnehmen.\n\nPetra Nagel\n" % LOETEN)
    assert not calendars(one.ends("done", "cancelled").letter) and "Kalender" not in one.text, one.text     # the other still comes
    last = citizen.writes("Absage", "Leider muss ich für %s absagen.\n\nPetra Nagel\n" % LOETEN).ends("done", "cancelled")
    off = calendars(last.letter)["CANCEL"]
    assert off["UID"] == put["UID"] and int(off["SEQUENCE"]) > int(put["SEQUENCE"]), (put, off)
    assert off["METHOD"] == "CANCEL" and off["STATUS"] == "CANCELLED" and off["DTSTART"] == put["DTSTART"], off
    assert "Der Anhang „Absage“ nimmt ihn dort wieder heraus" in last.text, last.text
    again = calendars(citizen.registers(LOETEN).ends("done", "confirmed").letter)["PUBLISH"]
    assert again["UID"] != put["UID"], again
    moved = citizen.writes("Umbuchung", "Guten Tag,\n\nkönnten Sie mich bitte beim Löten für Einsteiger vom 1.12. auf den 8.12. umbuchen?"
                           "\n\nViele Grüße\nPetra Nagel\n").ends("done", "confirmed")
    both = calendars(moved.letter)
    assert both["CANCEL"]["UID"] == again["UID"] and both["PUBLISH"]["DTSTART"].startswith("20261208"), both


@test
def to_another_date_in_one_mail_and_nothing_is_asked():
    citizen = Citizen(lab(), "Bernd Haas")
    citizen.registers(LOETEN).ends("done", "confirmed")
    told = citizen.writes("Umbuchung", "Guten Tag,\n\nkönnten Sie mich bitte beim Löten für Einsteiger vom 1.12. auf den 8.12. umbuchen?"
                          "\n\nViele Grüße\nBernd Haas\n").ends("done", "confirmed")
    assert stored(citizen) == [("2026-12-01-loeten", "Bernd", "cancelled"), ("2026-12-08-loeten", "Bernd", "confirmed")]
    assert "8. Dezember" in told.text and "Abgemeldet: Bernd Haas" in told.text, told.text
    assert told.registrations[0]["birth_date"] == "1958-05-03" and told.registrations[0]["street"] == "Baarstraße 7"


@test
def the_old_place_stays_when_the_new_event_is_full():
    house = lab()
    Citizen(house, "Carla Ernst").registers(BIENEN).ends("done", "confirmed")
    citizen = Citizen(house, "Dora Falk")
    citizen.registers(WEBEN).ends("done", "confirmed")
    told = citizen.writes("Umbuchung", "Bitte melden Sie mich von %s ab und dafür zu %s an.\n\nDora Falk\n" % (WEBEN, BIENEN))
    told.ends("done", "full")
    assert "Diesen Platz behalten Sie" in told.text and stored(citizen) == [("2026-12-18-weben", "Dora", "confirmed")], told.text
    assert "1. Bienen in der Stadt" in told.text and "16. Dezember" in told.text, told.text       # the next date of the same
    citizen.answers(told.letter, "1\n").ends("done", "confirmed")
    assert ("2026-12-16-bienen", "Dora", "confirmed") in stored(citizen)


@test
def who_was_rebooked_to_a_full_event_keeps_one_place_and_then_has_the_other():
    house = lab()
    first = Citizen(house, "Frida Kamp")
    first.registers(DRUCKEN).ends("done", "confirmed")
    citizen = Citizen(house, "Gerd Lohse")
    citizen.registers(WEBEN).ends("done", "confirmed")
    told = citizen.writes("Umbuchung", "Bitte melden Sie mich von %s ab und dafür zu %s an.\n\nGerd Lohse\n" % (WEBEN, DRUCKEN))
    told.ends("done", "waiting")
    assert "behalten Sie Ihren bisherigen Platz" in told.text and "streichen wir diese Anmeldung" in told.text, told.text
    gone = first.writes("Absage", "Ich muss meine Teilnahme an %s leider absagen.\n\nFrida Kamp\n" % DRUCKEN).ends("done", "cancelled", "confirmed")
    up, = [row["letter"] for row in gone.letters if row["recipient"] == citizen.address]
    text = up.get_body(("plain",)).get_content()
    assert "Sie haben einen Platz" in up["Subject"] and "bisherige Anmeldung haben wir dafür gestrichen" in text, text
    assert stored(citizen) == [("2026-12-18-weben", "Gerd", "cancelled"), ("2026-12-20-drucken", "Gerd", "confirmed")], stored(citizen)


@test
def two_places_for_one_that_is_full_are_for_a_person_and_accepting_loses_neither():
    house = lab()
    Citizen(house, "Ines Lang").registers(TOEPFERN)
    citizen = Citizen(house, "Jonas Kern")
    citizen.registers(WEBEN).ends("done", "confirmed")
    citizen.registers(LATER).ends("done", "confirmed")
    told = citizen.writes("Umbuchung", "Guten Tag,\n\nich sage %s und %s ab und melde mich stattdessen für %s an.\n\nJonas Kern\n"
                          "geb. 03.05.1958\nBaarstraße 7\n58636 Iserlohn\n" % (WEBEN, LATER, TOEPFERN))
    told.ends("queued", "waiting", reason="rebooking_several")
    house.command("queue", "accept", str(told.queue[0]["id"]), check=False)
    assert [row[2] for row in stored(citizen)] == ["confirmed", "confirmed", "waiting"], stored(citizen)


@test
def other_data_are_taken_over_and_told():
    citizen = Citizen(lab(), "Emil Gross")
    citizen.registers(WEBEN).ends("done", "confirmed")
    citizen.born, citizen.street = "13.05.1958", "Nordengraben 12"
    told = citizen.registers(WEBEN).ends("done", "changed")
    assert "Geburtsdatum und Anschrift von Emil Gross" in told.text and "Nordengraben" not in told.text.split("Viele")[0].split("Grüßen")[0]
    rows = citizen.house.rows("SELECT birth_date, street FROM registration WHERE address = ?", citizen.address)
    assert rows == [{"birth_date": "1958-05-13", "street": "Nordengraben 12"}], rows


@test
def father_and_son_of_one_name_are_for_a_person():
    citizen = Citizen(lab(), "Hans Ibsen", born="03.05.1958")
    citizen.registers(WEBEN).ends("done", "confirmed")
    citizen.born = "11.07.1985"
    told = citizen.registers(WEBEN).ends("queued", reason="same_name")
    assert "zwei Personen" in told.queue[0]["words"] and "geboren am 03.05.1958" in told.queue[0]["words"], told.queue
    rows = citizen.house.rows("SELECT birth_date FROM registration WHERE address = ?", citizen.address)
    assert rows == [{"birth_date": "1958-05-03"}], rows


@test
def those_of_a_group_who_are_old_enough_come_after_a_yes():
    citizen = Citizen(lab(), "Katrin Horn")
    words = "Bitte melden Sie meine Kinder für Roboter für Kinder am 12.12.2026 an:\n\nLena Horn, geboren am 01.02.2018\n" \
            "Paul Horn, geboren am 03.04.2014\n\nBaarstraße 7\n58636 Iserlohn\n\nKatrin Horn\n"
    asked = citizen.writes("Anmeldung", words).ends("asked", "age_mixed")
    citizen.answers(asked.letter, "Ja, bitte.\n").ends("done", "confirmed")
    assert stored(citizen) == [("2026-12-12-roboter", "Paul", "confirmed")]


if __name__ == "__main__":
    run(together=5)

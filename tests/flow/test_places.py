#!/usr/bin/env python3
"""Places: capacity, waiting list, full, deadline, past, cancelled, age limits, the same person twice; in English for those who
wrote English. Every refusal is a polite letter, and nothing is stored."""

from scenes import Citizen, house, run, servers, shared, test, written

HEAD = "code;title;keywords;start;end;place;capacity;waiting_list;register_until;min_age;max_age;topic\n"
ROWS = """\
2026-12-01-loeten;Löten für Einsteiger;;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;2;yes;;;;
2026-12-02-bienen;Bienen in der Stadt;;2026-12-02T17:00;2026-12-02T19:00;Stadtlabor;1;no;;;;
2026-12-04-mosaik;Mosaik aus Scherben;;2026-12-04T17:00;2026-12-04T19:00;Stadtlabor;10;yes;2026-11-20;;;
2026-11-10-kompost;Kompost im Garten;;2026-11-10T17:00;2026-11-10T19:00;Stadtlabor;10;yes;;;;
2026-12-12-roboter;Roboter für Kinder;;2026-12-12T10:00;2026-12-12T13:00;Stadtlabor;10;yes;;10;14;
2026-12-15-nachtfahrt;Nachtfahrt mit dem Rad;;2026-12-15T17:00;2026-12-15T19:00;Stadtlabor;10;yes;;16;;
2026-12-16-klima;Klimaschutz zu Hause;;2026-12-16T17:00;2026-12-16T19:00;Stadtlabor;10;yes;;;;
2026-12-18-weben;Weben mit Resten;;2026-12-18T17:00;2026-12-18T19:00;Stadtlabor;1;yes;;;;
"""


PLACES = written("places.csv", HEAD + ROWS)


def lab():
    return shared(programme=PLACES)


def stored(house, code):
    return [(row["state"], row["last_name"]) for row in house.rows(
        "SELECT state, last_name FROM registration WHERE event_id = (SELECT id FROM event WHERE code = ?) ORDER BY id", code)]


def polite(told, language="de"):
    greeting, close = ("Guten Tag", "Mit freundlichen Grüßen") if language == "de" else ("Dear", "Kind regards")
    assert told.text.startswith(greeting), told.text
    assert close in told.text and told.letter.get_body(("plain",))["Content-Language"] in (None, language), told.text
    return told.text


@test
def who_comes_too_late_waits_and_who_comes_next_waits_behind():
    house = lab()
    words, code = "Löten für Einsteiger am 01.12.2026", "2026-12-01-loeten"
    Citizen(house, "Anna Krüger").registers(words).ends("done", "confirmed")
    two = Citizen(house, "Bernd Vogel")
    text = two.writes("Anmeldung", "Hiermit melde ich meine Frau und mich für %s an.\n\nBernd Vogel, geboren am 03.05.1958\n"
                      "Birgit Vogel, geboren am 04.06.1960\nBaarstraße 7\n58636 Iserlohn\n" % words).ends("done", "waiting")
    assert "Platz auf der Warteliste: 1" in polite(text), text.text
    third = Citizen(house, "Carla Sommer").registers(words).ends("done", "waiting")     # a place is free, but others wait
    assert "Platz auf der Warteliste: 3" in third.text, third.text
    assert stored(house, code) == [("confirmed", "Krüger"), ("waiting", "Vogel"), ("waiting", "Vogel"), ("waiting", "Sommer")]
    assert not any(part.get_content_type() == "text/calendar" for part in third.letter.walk())
    again = two.writes("Noch einmal", "Ich möchte mich für %s anmelden.\n\nBernd Vogel, geboren am 03.05.1958\nBaarstraße 7\n"
                       "58636 Iserlohn\n" % words).ends("done", "already_registered")
    assert "Sie stehen schon auf der Warteliste" in polite(again) and "Angemeldet:" not in again.text, again.text


def letter_to(told, citizen):
    """The letter that this mail caused to somebody else."""
    rows = [row for row in told.letters if row["recipient"] == citizen.address]
    assert len(rows) == 1, "%d letters to %s of %s" % (len(rows), citizen.address, told)
    return rows[0]["letter"]


def words_of(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


@test
def who_waits_moves_up_in_order_and_may_decline():
    house = lab()
    words, code = "Weben mit Resten am 18.12.2026", "2026-12-18-weben"
    first, second, third = (Citizen(house, name) for name in ("Anna Thiel", "Bernd Haas", "Carla Ernst"))
    first.registers(words).ends("done", "confirmed")
    second.registers(words).ends("done", "waiting")
    third.registers(words).ends("done", "waiting")
    gone = first.writes("Absage", "Ich muss meine Teilnahme an %s leider absagen.\n\nAnna Thiel\n" % words)
    gone.ends("done", "cancelled", "confirmed")
    assert not gone.queue and stored(house, code) == [("cancelled", "Thiel"), ("confirmed", "Haas"), ("waiting", "Ernst")]
    up = letter_to(gone, second)
    second.reads(up)
    text = words_of(up)
    assert "Sie haben einen Platz" in up["Subject"] and "gilt jetzt fest" in text and "Guten Tag Bernd Haas" in text, text
    assert "Absage" in text and any(part.get_content_type() == "text/calendar" for part in up.walk()), text
    assert "In-Reply-To" not in up and up["Auto-Submitted"] == "auto-generated"
    no = second.answers(up, "Nein danke, das passt mir leider nicht mehr.\n\nBernd Haas\n")
    no.ends("done", "cancelled", "confirmed")
    assert stored(house, code) == [("cancelled", "Thiel"), ("cancelled", "Haas"), ("confirmed", "Ernst")]
    glad = third.answers(letter_to(no, third), "Super, vielen Dank, ich komme gern!\n\nCarla Ernst\n")
    glad.ends("done")
    assert not glad.queue and stored(house, code)[2] == ("confirmed", "Ernst")


@test
def a_group_waits_together_and_a_smaller_one_passes_it_after_a_day():
    with house(servers("hours"), programme=PLACES) as own:
        words, code = "Löten für Einsteiger am 01.12.2026", "2026-12-01-loeten"
        first, second = Citizen(own, "Anna Krüger"), Citizen(own, "Bernd Adam")
        first.registers(words).ends("done", "confirmed")
        second.registers(words).ends("done", "confirmed")
        two = Citizen(own, "Carla Vogel")
        two.writes("Anmeldung", "Hiermit melde ich meinen Mann und mich für %s an.\n\nCarla Vogel, geboren am 03.05.1958\n"
                   "Dirk Vogel, geboren am 04.06.1960\nBaarstraße 7\n58636 Iserlohn\n" % words).ends("done", "waiting")
        last = Citizen(own, "Emil Sommer")
        last.registers(words).ends("done", "waiting")
        first.writes("Absage", "Ich muss meine Teilnahme an %s leider absagen.\n" % words).ends("done", "cancelled")
        own.now += 23 * 3600
        own.once()
        assert stored(own, code)[2:] == [("waiting", "Vogel"), ("waiting", "Vogel"), ("waiting", "Sommer")]
        own.now += 3600         # the place was kept for the two for a day
        own.once()
        assert stored(own, code)[2:] == [("waiting", "Vogel"), ("waiting", "Vogel"), ("confirmed", "Sommer")]
        assert len(own.rows("SELECT 1 FROM outbox WHERE recipient = ? AND kind = 'confirmed'", last.address)) == 1
        own.now += 8 * 86400    # a few hours before it begins nobody moves up any more
        last.writes("Absage", "Ich muss meine Teilnahme an %s leider absagen.\n" % words).ends("done", "cancelled")
        assert stored(own, code)[2:4] == [("waiting", "Vogel"), ("waiting", "Vogel")]
        told = own.rows("SELECT words FROM queue_entry WHERE reason = 'place_free'")
        reminded = [row for row in own.outbox() if row["kind"] == "reminder"]
        assert [row["recipient"] for row in reminded] == [second.address], reminded
        text = words_of(reminded[0]["letter"])
        assert text.startswith("Guten Tag Bernd Adam,") and "Bald ist es so weit" in text and "Angemeldet: Bernd Adam" in text, text
        assert any(part.get_content_type() == "text/calendar" for part in reminded[0]["letter"].walk())
        assert len(told) == 1 and "2 Personen stehen auf der Warteliste" in told[0]["words"], told


@test
def a_group_larger_than_the_event_is_for_a_person():
    house = lab()
    three = Citizen(house, "Frida Adler").writes("Anmeldung", "Bitte melden Sie uns für Löten für Einsteiger am 01.12.2026 an:\n\n" +
        "".join("%s Adler, geboren am 0%d.05.1958\n" % (name, i + 1) for i, name in enumerate(("Frida", "Georg", "Hanna"))) +
        "\nBaarstraße 7\n58636 Iserlohn\n")
    three.ends("queued", reason="group_too_large")
    assert "3 Personen" in three.queue[0]["words"] and not three.registrations


@test
def full_without_waiting_list_is_told():
    house = lab()
    words = "Bienen in der Stadt am 02.12.2026"
    Citizen(house, "Anna Busch").registers(words).ends("done", "confirmed")
    told = Citizen(house, "Bernd Kuhn").registers(words).ends("done", "full")
    assert "Alle Plätze sind vergeben" in str(told.letter["Subject"]) or "alle Plätze vergeben" in polite(told)
    assert stored(house, "2026-12-02-bienen") == [("confirmed", "Busch")]


@test
def after_the_deadline_the_letter_names_it():
    house = lab()
    closed = Citizen(house, "Anna Franke").registers("Mosaik aus Scherben am 04.12.2026").ends("done", "closed")
    assert "20. November 2026" in polite(closed), closed.text
    assert not stored(house, "2026-12-04-mosaik")


@test
def a_past_event_is_told_so_and_an_unknown_one_is_asked_for():
    house = lab()
    over = Citizen(house, "Bernd Franke").registers("Kompost im Garten am 10.11.2026").ends("done", "over")
    assert "schon vorbei" in polite(over) and not stored(house, "2026-11-10-kompost"), over.text
    citizen = Citizen(house, "Berta Franke")
    asked = citizen.registers("den Töpferkurs").ends("asked", "event_unknown")
    assert "nicht erkennen" in polite(asked) and "1. Löten für Einsteiger" in asked.text and "Kompost" not in asked.text, asked.text
    citizen.answers(asked.letter, "Klimaschutz zu Hause\n").ends("done", "confirmed")


@test
def an_answer_that_comes_after_the_event_is_told_so():
    with house(servers("once"), programme=PLACES) as own:
        citizen = Citizen(own, "Clara Franke")
        question = citizen.registers("Löten für Einsteiger am 01.12.2026", "born").ends("asked", "question").letter
        own.now += 10 * 86400
        assert "schon vorbei" in polite(citizen.answers(question, "3.5.1958\n").ends("done", "over"))
        assert not stored(own, "2026-12-01-loeten")
        citizen.registers("Weben mit Resten am 18.12.2026", "born").ends("asked", "question")
        own.now += 40 * 86400       # a question that waited for too long is no longer open
        assert citizen.writes("Geburtsdatum", "3.5.1958\n").state == "queued"


@test
def age_limits_are_those_of_the_day_of_the_event():
    house = lab()
    words = "Roboter für Kinder am 12.12.2026"
    young = Citizen(house, "Mia Berger", born="13.12.2016").registers(words).ends("done", "too_young")   # ten a day later
    assert "ab 10 Jahren" in polite(young), young.text
    old = Citizen(house, "Max Berger", born="12.12.2011").registers(words).ends("done", "too_old")       # fifteen that day
    assert "bis 14 Jahre" in polite(old), old.text
    assert not stored(house, "2026-12-12-roboter")
    Citizen(house, "Ida Lorenz", born="12.12.2016").registers(words).ends("done", "confirmed")           # ten that day
    Citizen(house, "Udo Lorenz", born="13.12.2011").registers(words).ends("done", "confirmed")           # fourteen still
    night = Citizen(house, "Tim Seidel", born="16.12.2010").registers("die Nachtfahrt mit dem Rad am 15.12.2026")
    assert "ab 16 Jahren" in polite(night.ends("done", "too_young")), night.text


@test
def each_of_a_family_is_told_the_limit_that_is_theirs():
    house = lab()
    parent = Citizen(house, "Katrin Engel")
    words = "Bitte melden Sie meine Kinder für %s an:\n\nLena Engel, geboren am 01.02.%d\nPaul Engel, geboren am 03.04.%d\n\n" \
            "Baarstraße 7\n58636 Iserlohn\n\nKatrin Engel\n"
    both = parent.writes("Anmeldung", words % ("Roboter für Kinder am 12.12.2026", 2018, 2010)).ends("done", "too_young")
    assert "ab 10 Jahren. Lena Engel ist" in both.text and "bis 14 Jahre. Paul Engel ist" in both.text, both.text
    mixed = parent.writes("Anmeldung", words % ("Roboter für Kinder am 12.12.2026", 2018, 2014)).ends("asked", "age_mixed")
    assert "nicht anmelden: Lena Engel" in polite(mixed) and "Teilnehmen kann: Paul Engel" in mixed.text, mixed.text
    assert not mixed.registrations and not both.registrations


@test
def an_english_mail_is_answered_in_english():
    house = lab()
    for born, title, day, kind, words in (
            ("3 May 1958", "Klimaschutz zu Hause", "16 December 2026", "confirmed", "The registration is complete"),
            ("3 May 1958", "Mosaik aus Scherben", "4 December 2026", "closed", "registration is already closed"),
            ("3 May 2018", "Roboter für Kinder", "12 December 2026", "too_young", "for people aged 10 and over"),
            (None, "Klimaschutz zu Hause", "16 December 2026", "question", "Date of birth")):
        citizen = Citizen(house, "John Smith" if born else "Mary Jones")
        told = citizen.writes("Registration", "Hello,\n\nI would like to register for the event \"%s\" on %s.\n\nMy name is %s%s.\n"
                              "My address is Baarstraße 7, 58636 Iserlohn.\n\nKind regards\n%s\n" % (
                                  title, day, citizen.name, ", I was born on %s" % born if born else "", citizen.name))
        told.ends("asked" if kind == "question" else "done", kind)
        assert words.lower() in polite(told, "en").lower(), told.text


@test
def the_same_person_twice_is_told_and_stored_once():
    house = lab()
    words = "Klimaschutz zu Hause am 16.12.2026"
    citizen = Citizen(house, "Greta Simon")
    citizen.registers(words).ends("done", "confirmed")
    again = citizen.writes("Noch einmal", "Ich möchte mich für %s anmelden.\n\n%s" % (words, citizen.details()))
    again.ends("done", "already_registered")
    assert "Diese Anmeldung haben wir schon" in polite(again)
    other = Citizen(house, "Greta Simon")         # the same person, from another address
    other.registers(words).ends("done", "already_registered")
    assert stored(house, "2026-12-16-klima").count(("confirmed", "Simon")) == 1


if __name__ == "__main__":
    run(together=5)

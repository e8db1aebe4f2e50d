#!/usr/bin/env python3
"""Conversations: the question that names exactly what is missing, the answer and how it is found, offers by number, rounds,
who may say yes, who may cancel. Mails go in through Postfix, letters are read from the citizens' own mailboxes."""
from house import LAB
from scenes import Citizen, run, shared, test, told

MAPATHON = "den OpenStreetMap-Mapathon am 02.02.2027"
TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"
FIELDS = {"name": ("– Vorname", "– Nachname"), "born": ("– Geburtsdatum",), "street": ("– Straße und Hausnummer",),
          "city": ("– Postleitzahl und Ort",)}


def names_exactly(told, *missing):
    for what, words in FIELDS.items():
        for word in words:
            assert (word in told.text) == (what in missing), "%r and %r missing in:\n%s" % (word, missing, told.text)


def registered(told, code, born="1958-05-03"):
    assert [(r["code"], r["state"], r["birth_date"]) for r in told.registrations] == [(code, "confirmed", born)], told


@test
def the_question_names_exactly_what_is_missing():
    house = shared()
    for number, without in enumerate((["born"], ["street"], ["city"], ["street", "city"], ["born", "street", "city"])):
        asked = Citizen(house, "Karin Beispiel").registers(MAPATHON, *without).ends("asked", "question")
        names_exactly(asked, *without)
        assert "OpenStreetMap-Mapathon Iserlohn" in asked.text and not asked.registrations


@test
def the_answer_is_found_by_in_reply_to_by_references_alone_and_by_sender():
    for thread in ("both", "in-reply-to", "references", "none"):
        name = {"both": "Schulte", "in-reply-to": "Schneider", "references": "Kremer", "none": "Brandt"}[thread]
        citizen = Citizen(shared(), "Heinz " + name, street="Baarstr. %d" % (len(thread) + 3))
        question = citizen.reads(citizen.registers(MAPATHON, "born").ends("asked", "question").letter)
        subject = "Re: " + question.subject if thread != "none" else "Geburtsdatum"
        answer = citizen.writes(subject, "3.5.1958\n", to=question, thread=thread).ends("done", "confirmed")
        registered(answer, "2027-02-02-mapathon")
        assert answer.registrations[0]["last_name"] == citizen.name.split()[1], answer
        assert answer.registrations[0]["street"] == citizen.street, answer


@test
def an_answer_without_thread_from_another_address_completes_nothing():
    house = shared()
    citizen, stranger = Citizen(house, "Ute Lindner"), Citizen(house, "Egon Fremd")
    citizen.registers(MAPATHON, "born").ends("asked", "question")
    answer = stranger.writes("Geburtsdatum", "3.5.1958\n")
    assert answer.state == "queued" and not answer.letters and not answer.registrations, answer


@test
def an_incomplete_answer_is_asked_again_for_the_rest():
    citizen = Citizen(shared(), "Rolf Winter")
    first = citizen.registers(TOUR, "born", "street", "city").ends("asked", "question")
    names_exactly(first, "born", "street", "city")
    second = citizen.answers(first.letter, "3.5.1958\n").ends("asked", "question")
    names_exactly(second, "street", "city")
    assert "immer noch" in second.text
    third = citizen.answers(second.letter, "Baarstraße 7, 58636 Iserlohn\n").ends("done", "confirmed")
    registered(third, "2027-02-09-rundgang")


@test
def after_three_rounds_a_person_takes_over():
    house = shared()
    citizen = Citizen(house, name=None)
    told = citizen.registers(TOUR, "name", "born", "street", "city").ends("asked", "question")
    names_exactly(told, "name", "born", "street", "city")
    told = citizen.answers(told.letter, "Anna Dreimal\n").ends("asked", "question")
    names_exactly(told, "born", "street", "city")
    told = citizen.answers(told.letter, "Baarstraße 7\n").ends("asked", "question")
    names_exactly(told, "born", "city")
    told = citizen.answers(told.letter, "58636 Iserlohn\n").ends("queued", reason="rounds")
    assert not house.rows("SELECT 1 FROM conversation WHERE address = ? AND state = 'open'", citizen.address)
    assert not house.rows("SELECT 1 FROM registration WHERE address = ?", citizen.address)


@test
def an_unclear_event_is_offered_by_number_and_2_chooses_the_second():
    citizen = Citizen(shared(), "Paul Unklar")
    asked = citizen.registers("die Smartphone-Sprechstunde").ends("asked", "question")
    first, second = asked.text.index("1. Smartphone-Sprechstunde"), asked.text.index("2. Smartphone-Sprechstunde")
    assert "8. Dezember" in asked.text[first:second] and "12. Januar" in asked.text[second:], asked.text
    names_exactly(asked)
    registered(citizen.answers(asked.letter, "2\n").ends("done", "confirmed"), "2027-01-12-smartphone")


@test
def a_robot_that_answers_confirms_nothing():
    house = shared()
    for headers, subject in ((("Auto-Submitted: auto-replied",), None), ((), "Automatische Antwort: "),
                             (("X-Autoreply: yes", "Precedence: auto_reply"), None)):
        citizen = Citizen(house, "Nora Abwesend", address="nora%d@example.org" % len(headers))
        asked = citizen.registers(TOUR, "born").ends("asked", "question")
        text = "Ich bin bis 3.5.2027 nicht im Büro. Geboren am 3.5.1958.\n"
        subject = (subject or "Re: ") + str(asked.letter["Subject"])
        citizen.writes(subject, text, to=asked.letter, headers=headers).ends("ignored", reason="auto_reply")
        ask_newsletter = citizen.writes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n")
        ask_newsletter.ends("asked", "newsletter_confirm")
        citizen.writes(subject, "Ja\n", to=ask_newsletter.letter, headers=headers or ("Auto-Submitted: auto-generated",))
        assert house.rows("SELECT state FROM subscriber WHERE address = ?", citizen.address) == [{"state": "asked"}]
        assert house.rows("SELECT state FROM conversation WHERE address = ? AND kind = 'register'",
                          citizen.address) == [{"state": "open"}]


def subscriber(house, citizen):
    rows = house.rows("SELECT * FROM subscriber WHERE address = ?", citizen.address)
    return rows[0] if rows else {"state": None}


@test
def the_newsletter_needs_a_yes_from_its_own_mailbox():
    house = shared()
    citizen = Citizen(house, "Jonas Weber")
    asked = citizen.writes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n").ends("asked", "newsletter_confirm")
    assert subscriber(house, citizen)["state"] == "asked" and subscriber(house, citizen)["confirmed_by"] is None
    yes = citizen.answers(citizen.reads(asked.letter), "Ja\n").ends("done", "newsletter_welcome")
    assert subscriber(house, citizen)["state"] == "subscribed" and subscriber(house, citizen)["confirmed_by"] == yes.id
    citizen.writes("Newsletter", "Bitte melden Sie mich vom Newsletter ab.\n").ends("done", "newsletter_goodbye")
    assert subscriber(house, citizen)["state"] == "unsubscribed"


@test
def a_strangers_yes_does_nothing():
    house = shared()
    citizen, stranger = Citizen(house, "Lena Opfer"), Citizen(house, "Mallory Fremd")
    asked = citizen.writes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n").ends("asked", "newsletter_confirm")
    for thread in ("both", "none"):
        yes = stranger.answers(asked.letter, "Ja\n", thread=thread)
        assert yes.state == "queued" and not yes.letters, yes
    assert subscriber(house, citizen)["state"] == "asked" and subscriber(house, stranger)["state"] is None
    # who orders it for somebody else gets no say either: the question goes to that address alone
    other = Citizen(house, "Olga Andere")
    order = stranger.writes("Newsletter", "Bitte nehmen Sie %s in Ihren Newsletter auf.\n" % other.address)
    assert "Dank für Ihre Mail" not in order.text and "Ihre Mail und" not in order.text, order.text
    assert all(row["recipient"] == other.address for row in order.letters), order
    stranger.writes("Ja", "Ja\n")
    assert subscriber(house, other)["state"] in (None, "asked") and subscriber(house, stranger)["state"] is None


@test
def a_forged_sender_confirms_no_newsletter():
    house = shared()
    victim = Citizen(house, "Vera Opfer")
    asked = victim.writes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n").ends("asked", "newsletter_confirm")
    assert victim.writes("Newsletter", "Ja\n").state == "queued"      # whoever writes this need not have read our letter
    guess = dict(asked.letter.items())
    guess["Message-ID"] = guess["In-Reply-To"]                        # known to who wrote the order
    forged = victim.answers(guess, "Ja\n")
    assert forged.state == "queued" and subscriber(house, victim)["state"] == "asked", forged
    victim.answers(asked.letter, "Ja\n").ends("done", "newsletter_welcome")


@test
def who_got_a_copy_of_a_mail_does_not_answer_for_its_writer():
    house = shared()
    citizen, colleague = Citizen(house, "Paul Kopie"), Citizen(house, "Egon Kollege")
    raw = citizen.bytes("Anmeldung", "Guten Tag,\n\nhiermit melde ich mich für %s an.\n\n%s" % (TOUR, citizen.details("born")),
                        message_id="<copied.1@example.org>")
    house.servers.deliver_lmtp(raw, citizen.address, LAB)
    asked = told(house, raw).ends("asked", "question")
    copied = {"Message-ID": "<copied.1@example.org>", "Subject": "Anmeldung"}
    answer = colleague.answers(copied, "3.5.1958\n")
    assert answer.state == "queued" and not answer.letters and not answer.registrations, answer
    registered(citizen.answers(asked.letter, "3.5.1958\n").ends("done", "confirmed"), "2027-02-09-rundgang")


@test
def leaving_the_newsletter_and_ordering_it_for_another_address_in_one_mail():
    house = shared()
    citizen, other = Citizen(house, "Nele Wechsel"), Citizen(house, "Nora Neu")
    asked = citizen.writes("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n").ends("asked", "newsletter_confirm")
    citizen.answers(asked.letter, "Ja\n").ends("done", "newsletter_welcome")
    both = citizen.writes("Newsletter", "Bitte tragen Sie mich aus dem Newsletter aus. Bitte tragen Sie %s in den Newsletter ein.\n"
                          % other.address)
    assert sorted(both.kinds) == ["newsletter_confirm", "newsletter_goodbye"], both
    assert subscriber(house, citizen)["state"] == "unsubscribed" and subscriber(house, other)["state"] == "asked"
    question = next(row["letter"] for row in both.letters if row["kind"] == "newsletter_confirm")
    other.answers(question, "Ja\n").ends("done", "newsletter_welcome")


@test
def a_cancellation_counts_from_the_address_or_in_the_thread_only():
    house = shared()
    citizen, stranger, partner = Citizen(house, "Doris Absage"), Citizen(house, "Doris Absage"), Citizen(house, "Bernd Absage")
    confirmed = citizen.registers(TOUR).ends("done", "confirmed")

    def state():
        return house.rows("SELECT state FROM registration WHERE id = ?", confirmed.registrations[0]["id"])[0]["state"]
    words = "Guten Tag,\n\nleider muss ich meine Teilnahme am Rundgang durch das Stadtlabor am 09.02.2027 absagen.\n\nDoris Absage\n"
    refused = stranger.writes("Absage", words).ends("queued", "cancel_unknown", reason="cancel_unknown")
    assert state() == "confirmed" and "Absage" in refused.queue[0]["words"]
    assert "Doris" not in refused.text.split("Guten Tag Doris Absage", 1)[1], refused.text      # nothing is given away
    unknown = Citizen(house, "Egon Ohne").writes("Absage", words.replace("Doris Absage", "Egon Ohne")).ends("done", "cancel_unknown")
    assert "keine Anmeldung gefunden" in unknown.text and not unknown.queue
    told = partner.answers(confirmed.letter, "Leider müssen wir absagen.\n").ends("done", "cancelled", "cancelled")
    assert state() == "cancelled" and {row["recipient"] for row in told.letters} == {citizen.address, partner.address}
    copy = next(row["letter"] for row in told.letters if row["recipient"] == citizen.address)
    assert "Jemand anderes" in copy.get_body(("plain",)).get_content() and "In-Reply-To" not in copy
    again = citizen.registers(TOUR).ends("done", "confirmed")
    citizen.writes("Absage", words).ends("done", "cancelled")
    assert house.rows("SELECT state FROM registration WHERE mail_id = ?", again.id)[0]["state"] == "cancelled"


if __name__ == "__main__":
    run(together=5)

#!/usr/bin/env python3
"""What staff do with their mail programs closes, reopens and answers entries of the queue, and is never undone; what they do by
command is seen in the folders."""
from scenes import LAB, Citizen, house, mail, run, servers, test, wait_for, where

DONE, REVIEW, ROBOTS = "Stadtlabor/Erledigt", "Stadtlabor/Prüfen", "Stadtlabor/Automatisch"
TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"


def asks(own, name, number=1, **more):
    return Citizen(own, name).writes("Frage %d" % number, "Gibt es bei Ihnen im Haus %d einen Aufzug?\n\n%s\n" % (number, name), **more)


def key(told):
    return "<%s>" % told.row["message_id"]


def lies_in(own, told):
    return [folder for folder, _ in where(own.servers, key(told))[key(told)]]


def move(own, told, source, target):
    move_those(own, lambda one: one["Message-ID"] == key(told), source, target)


def move_those(own, wanted, source, target):
    with own.servers.open() as box:
        uids = [one.uid for one in box.mails(source) if wanted(one)]
        assert len(uids) == 1, (source, uids)
        box.move(source, uids[0], target)


class Nameless:
    """A mail without a Message-ID, known by its subject alone."""
    def __init__(self, own, subject, text, name="Anna Krüger", address="anna@example.org", headers=()):
        raw = mail(address, subject, text, name=name, headers=headers)
        self.raw = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"Message-ID:"))
        self.own, self.subject = own, subject
        self.comes()

    def comes(self, **more):
        self.own.servers.deliver_lmtp(self.raw, "anna@example.org", LAB)
        self.own.once(**more)

    def lies_in(self):
        return [folder for folder, mails in self.own.servers.mailbox().items() for one in mails if one["Subject"] == self.subject]

    def moves(self, source, target):
        move_those(self.own, lambda one: one["Subject"] == self.subject, source, target)
        self.own.once()


def outcomes(own):
    return [row["outcome"] if row["state"] == "done" else row["state"] for row in own.rows("SELECT * FROM queue_entry ORDER BY id")]


def answer(own, told, text="Ja, im Hof.\n", headers=(), message_id="<staff1@example.org>", to=None):
    """As a mail program files what staff wrote."""
    raw = mail(LAB, "AW: Frage", text, message_id=message_id, headers=["In-Reply-To: %s" % key(told), *headers])
    raw = raw.replace(b"To: %s\r\n" % LAB.encode(), b"To: \"Frau Lang\" <%s>\r\n" % (to or told.row["sender"]).encode(), 1)
    own.servers.append(raw, folder="Sent", flags="\\Seen")


@test
def what_staff_move_to_the_done_folder_is_done():
    with house(servers("colleagues")) as own:
        first, second = asks(own, "Anna Krüger", 1).ends("queued"), asks(own, "Bernd Vogel", 2).ends("queued")
        done = Citizen(own, "Carla Sommer").registers(TOUR).ends("done", "confirmed")
        move(own, first, REVIEW, DONE)
        own.once()
        assert outcomes(own) == ["moved", "open"] and lies_in(own, first) == [DONE] and lies_in(own, second) == [REVIEW]
        own.once()
        assert outcomes(own) == ["moved", "open"] and lies_in(own, done) == [DONE]
        assert own.rows("SELECT actor FROM audit WHERE action = 'queue_moved'") == [{"actor": "mailbox"}]
        assert "im Mailprogramm als erledigt abgelegt" in own.command("queue", "show", "1").stdout


@test
def another_mail_with_the_same_message_id_closes_nothing():
    with house(servers("colleagues")) as own:
        told = asks(own, "Anna Krüger").ends("queued")
        own.servers.append(mail("x@example.org", "Anders", "Ganz anderer Text.\n", message_id=key(told)), folder=DONE)
        own.once()
        assert outcomes(own) == ["open"]
        twin = Citizen(own, "Bernd Vogel").writes("Noch eine Frage", "Haben Sie auch samstags offen?\n", message_id=key(told)).ends("queued")
        answer(own, twin)           # it names both, and goes to the writer of one
        own.once()
        assert outcomes(own) == ["open", "answered"] and lies_in(own, told) == [DONE, DONE, REVIEW]
        third = Citizen(own, "Anna Krüger", address=told.row["sender"]).writes("Noch etwas", "Haben Sie eine Garderobe?\n",
                                                                               message_id=key(told)).ends("queued")
        answer(own, third, message_id="<staff2@example.org>")      # to which of the two?
        own.once()
        assert outcomes(own) == ["open", "answered", "open"]


@test
def an_answer_in_the_sent_folder_closes_the_entry_and_files_the_mail():
    with house(servers("colleagues"), acknowledge="yes") as own:
        told = asks(own, "Anna Krüger").ends("queued", "received")
        own.once()                  # our own acknowledgement lies in the sent folder and is no answer
        assert outcomes(own) == ["open"]
        answer(own, told, headers=["Auto-Submitted: auto-replied"], message_id="<robot@example.org>")
        own.once()
        assert outcomes(own) == ["open"]
        answer(own, told, text="Kannst Du das?\n", to="kollegin@example.org", message_id="<forward@example.org>")
        answer(own, told, to="x" + told.row["sender"], message_id="<other@example.org>")
        own.once()                  # passed on to somebody is not answered
        assert outcomes(own) == ["open"]
        answer(own, told, headers=["X-Long: x", "Cc: " + ", ".join("leser%d@example.org" % n for n in range(9000))],
               to="x@example.org", message_id="<round@example.org>")     # longer than what is looked at
        own.once()
        assert outcomes(own) == ["open"] and "lost" not in own.log_text()
        answer(own, told, headers=["Cc: chefin@example.org"])
        own.once()
        assert outcomes(own) == ["answered"] and lies_in(own, told) == [DONE]
        assert own.rows("SELECT move FROM queue_entry") == [{"move": ""}]


@test
def what_staff_put_back_is_read_anew():
    with house(servers("colleagues"), caution=100) as own:      # so careful that a registration waits
        citizen = Citizen(own, "Anna Krüger")
        told = citizen.registers("den Rundgang durch das Stadtlabor")
        assert told.state == "queued", told
        own.configure(caution=50)
        move(own, told, REVIEW, "INBOX")
        own.once()
        assert [row["kind"] for row in own.outbox()] == ["confirmed"] and outcomes(own) == ["reread"]
        assert len(own.rows("SELECT 1 FROM registration")) == 1 and lies_in(own, told) == [DONE]
        move(own, told, DONE, "INBOX")      # it was dealt with: a person looks, nothing is done twice
        own.once()
        assert outcomes(own) == ["reread", "open"] and lies_in(own, told) == [REVIEW]
        assert own.rows("SELECT reason FROM queue_entry WHERE state = 'open'") == [{"reason": "moved_back"}]
        assert len(own.outbox()) == 1 and len(own.rows("SELECT 1 FROM registration")) == 1
        move(own, told, REVIEW, "INBOX")    # and again: it waits already
        own.once()
        assert outcomes(own) == ["reread", "open"] and lies_in(own, told) == [REVIEW] and len(own.outbox()) == 1


@test
def a_crash_does_not_make_forgotten_what_was_put_back():
    with house(servers("colleagues"), caution=100) as own:
        told = Citizen(own, "Anna Krüger").registers("den Rundgang durch das Stadtlabor")
        own.configure(caution=50)
        move(own, told, REVIEW, "INBOX")
        assert own.once(check=False, STADTLABOR_KILL_AT="desk.committed:1").returncode != 0
        assert outcomes(own) == ["open"]
        own.once()
        assert outcomes(own) == ["reread"] and [row["kind"] for row in own.outbox()] == ["confirmed"]
        move(own, told, DONE, "INBOX")
        assert own.once(check=False, STADTLABOR_KILL_AT="receiver.moved:1").returncode != 0
        own.once()
        assert outcomes(own) == ["reread", "open"] and len(own.outbox()) == 1 and lies_in(own, told) == [REVIEW]


@test
def a_robots_mail_that_staff_put_back_goes_to_them():
    with house(servers("colleagues")) as own:
        told = asks(own, "Anna Krüger", headers=("Auto-Submitted: auto-generated",)).ends("ignored")
        assert lies_in(own, told) == [ROBOTS]
        move(own, told, ROBOTS, "INBOX")
        own.once()
        assert outcomes(own) == ["open"] and lies_in(own, told) == [REVIEW] and not own.outbox()
        move(own, told, REVIEW, DONE)
        own.once()
        assert outcomes(own) == ["moved"] and lies_in(own, told) == [DONE]


@test
def mails_without_a_message_id_are_known_by_their_content():
    with house(servers("colleagues"), caution=100) as own:
        one = Nameless(own, "Frage 1", "Gibt es bei Ihnen einen Aufzug?\n")
        two = Nameless(own, "Frage 2", "Gibt es bei Ihnen einen Anzug?\n\n")
        assert outcomes(own) == ["open", "open"] and one.lies_in() == two.lies_in() == [REVIEW]
        one.moves(REVIEW, DONE)
        assert outcomes(own) == ["moved", "open"] and one.lies_in() == [DONE]
        one.moves(DONE, "INBOX")            # it was dealt with: a person looks
        assert outcomes(own) == ["moved", "open", "open"] and one.lies_in() == [REVIEW]
        one.comes()                         # a second delivery is none that was put back
        assert outcomes(own) == ["moved", "open", "open"] and one.lies_in() == [REVIEW, REVIEW]
        own.command("queue", "done", "2")
        own.once()
        assert outcomes(own) == ["moved", "done", "open"] and two.lies_in() == [DONE]

        told = Nameless(own, "Anmeldung", "Ich melde mich für den Rundgang durch das Stadtlabor an.\n\n" +
                        Citizen(own, "Bernd Vogel").details(), "Bernd Vogel", "bernd@example.org")
        assert outcomes(own)[3:] == ["open"] and told.lies_in() == [REVIEW] and not own.outbox()
        own.configure(caution=50)
        told.moves(REVIEW, "INBOX")         # nothing came of it yet: it is read anew
        assert outcomes(own)[3:] == ["reread"] and told.lies_in() == [DONE]
        assert [row["kind"] for row in own.outbox()] == ["confirmed"] and len(own.rows("SELECT 1 FROM registration")) == 1


@test
def an_answer_to_a_mail_without_a_message_id_closes_its_entry():
    with house(servers("colleagues")) as own:
        asked = Nameless(own, "Aufzug", "Gibt es bei Ihnen einen Aufzug?\n")

        def sends(subject, to, number):
            raw = mail(LAB, subject, "Ja, im Hof.\n", message_id="<s%d@example.org>" % number)
            own.servers.append(raw.replace(b"To: %s\r\n" % LAB.encode(), b"To: %s\r\n" % to.encode(), 1), folder="Sent", flags="\\Seen")
            own.once()
            return outcomes(own)
        assert sends("AW: Aufzug", "kollegin@example.org", 1) == ["open"]
        assert sends("AW: Rundgang", "anna@example.org", 2) == ["open"]
        assert sends("Aufzug", "anna@example.org", 3) == ["open"]               # a new mail is no answer
        assert sends("AW: Aufzug", "anna@example.org", 4) == ["answered"] and set(asked.lies_in()) == {DONE, "Sent"}


def ends_twice(own):
    """The one mail in the INBOX ends the program, and a third run gives it up."""
    for _ in range(2):
        assert own.once(check=False, STADTLABOR_KILL_AT="desk.mail:1").returncode != 0
    own.once()


def unread(own, subject, text):
    """A mail that ended the program twice and waits in the review folder."""
    Citizen(own, "Anna Krüger").sends(subject, text)
    ends_twice(own)
    assert [row["reason"] for row in own.rows("SELECT reason FROM queue_entry")] == ["unread"]
    return lambda: [folder for folder, mails in own.servers.mailbox().items() for one in mails if one["Subject"] == subject]


@test
def a_mail_that_ended_the_program_is_followed_and_not_read_again_for_that():
    with house(servers("colleagues")) as own:
        unread(own, "Frage", "Gibt es bei Ihnen einen Aufzug?\n")
        subject = lambda one: one["Subject"] == "Frage"
        move_those(own, subject, REVIEW, DONE)
        own.once()
        assert outcomes(own) == ["moved"]
        move_those(own, subject, DONE, "INBOX")         # it ends the program again, and a person is asked
        ends_twice(own)
        assert outcomes(own) == ["moved", "open"] and not own.servers.inbox() and own.mails() == 1
        move_those(own, subject, REVIEW, "INBOX")       # it waits already
        ends_twice(own)
        assert outcomes(own) == ["moved", "open"] and len(own.servers.mailbox()[REVIEW]) == 1
        move_those(own, subject, REVIEW, "INBOX")       # this time it is read
        own.once()
        assert outcomes(own) == ["moved", "reread", "open"]
        assert [row["reason"] for row in own.rows("SELECT reason FROM queue_entry WHERE state = 'open'")] == ["question"]


@test
def a_mail_that_was_not_read_and_then_is_by_a_command_goes_on_to_where_it_belongs():
    with house(servers("colleagues")) as own:
        lies = unread(own, "Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, Citizen(own, "Anna Krüger").details()))
        own.command("queue", "retry", "1")
        own.once()
        assert outcomes(own) == ["retried"] and [row["kind"] for row in own.outbox()] == ["confirmed"] and lies() == [DONE], lies()
        assert own.rows("SELECT 1 FROM queue_entry WHERE move <> ''") == []


@test
def a_long_mail_that_was_not_read_is_no_longer_there_for_a_command_and_is_read_when_it_is_put_back():
    with house(servers("colleagues")) as own:
        lies = unread(own, "Frage", "Gibt es bei Ihnen einen Aufzug?\n" * 17000)
        refused = own.command("queue", "retry", "1", check=False)
        assert refused.returncode == 1 and "in den Posteingang zurück" in refused.stderr and outcomes(own) == ["open"], refused
        move_those(own, lambda one: one["Subject"] == "Frage", REVIEW, "INBOX")
        own.once()
        assert [(row["reason"], row["outcome"]) for row in own.rows("SELECT * FROM queue_entry ORDER BY id")] == [
            ("unread", "reread"), ("question", "")] and lies() == [REVIEW], own.rows("SELECT * FROM queue_entry")


@test
def the_same_mail_delivered_again_is_none_that_was_put_back():
    with house(servers("colleagues")) as own:
        citizen = Citizen(own, "Anna Krüger")
        raw = citizen.bytes("Frage", "Gibt es bei Ihnen einen Aufzug?\n\nAnna Krüger\n")
        for _ in range(2):
            own.servers.append(raw)
        own.once()
        own.servers.append(raw)
        own.once()
        assert outcomes(own) == ["open"] and own.mails() == 1 and not own.servers.inbox()
        assert len(own.servers.mailbox()[REVIEW]) == 3


@test
def what_a_command_closes_leaves_the_review_folder_at_once():
    with house(servers("colleagues"), imap_look=1) as own:
        own.start()
        told = [asks(own, "Kai Berg", n) for n in range(4)]
        numbers = [str(one.queue[0]["id"]) for one in told]
        own.command("queue", "done", numbers[0])
        own.command("queue", "spam", numbers[1])
        move(own, told[2], REVIEW, "INBOX")
        wait_for(lambda: [lies_in(own, one) for one in told] == [[DONE], [ROBOTS], [REVIEW], [REVIEW]] and
                 outcomes(own)[2] == "reread", 30, lambda: "%s %s" % ([lies_in(own, one) for one in told], outcomes(own)))
        if "Privat" not in own.servers.folders():
            with own.servers.open() as box:
                box.create("Privat")
        move(own, told[3], REVIEW, "Privat")         # theirs: the entry stays open until somebody closes it
        own.command("queue", "done", numbers[3])
        wait_for(lambda: not own.rows("SELECT 1 FROM queue_entry WHERE move <> ''"), 30)
        assert lies_in(own, told[3]) == ["Privat"]
        answer(own, told[2])
        wait_for(lambda: outcomes(own).count("answered") == 1 and lies_in(own, told[2]) == [DONE], 30, lambda: outcomes(own))


if __name__ == "__main__":
    run()

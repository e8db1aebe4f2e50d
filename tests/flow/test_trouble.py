#!/usr/bin/env python3
"""Servers that fail, seen from the whole daemon: relay and mailbox down and up again, refusals with the servers' words, bad
certificates, tokens. Nothing is lost, nothing comes twice, and the log says what a person must do."""
import json
import os
import re
import signal

from scenes import LAB, ROOM, SERVERS, SMTP_NONE, Citizen, House, house, run, servers, test, told, wait_for
from fake_imap import FakeImap
from proxy import Proxy

TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"


def registration(citizen):
    return citizen.sends("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, citizen.details()))


def letters(made):
    return [(row["state"], row["filed"]) for row in made.outbox()]


def copies(made):
    return len(made.servers.mailbox(LAB)["Sent"])


# ---- the relay ----

@test
def a_relay_that_is_down_is_tried_again_later():
    with house() as own, Proxy(own.sink.port) as proxy:
        own.configure(smtp_port=proxy.port)
        proxy.refuse()
        registration(Citizen(own))
        assert own.once(check=False).returncode == 1
        assert letters(own) == [("later", "no")] and own.outbox()[0]["not_before"] > own.now
        assert own.log_text().count("relay_trouble") == 1 and not own.servers.inbox()
        proxy.refuse(False)
        own.once()                                  # too early: it waits for its time
        assert letters(own) == [("later", "no")]
        own.now += 70
        own.once()
        assert letters(own) == [("sent", "yes")] and len(own.sink.messages()) == copies(own) == 1


@test
def while_the_relay_is_down_mail_is_taken_in_and_letters_go_out_when_it_is_back():
    with house() as own, Proxy(own.sink.port) as proxy:
        own.configure(smtp_port=proxy.port)
        proxy.refuse()
        own.start()
        for number in range(5):
            registration(Citizen(own, born="%02d.05.1958" % (number + 1)))
        wait_for(lambda: own.mails() == 5 and not own.servers.inbox(), 30, "the intake beside a dead relay")
        own.wait_log("relay_trouble")
        own.stop()
        proxy.refuse(False)
        own.now += 7200
        own.start()
        wait_for(lambda: letters(own) == [("sent", "yes")] * 5, 30, lambda: letters(own))
        assert len({m["message_id"] for m in own.sink.messages()}) == len(own.sink.messages()) == copies(own) == 5
        assert own.log_text().count("relay_trouble") == 1, own.log_text()


@test
def a_letter_refused_for_good_goes_to_staff_with_the_words():
    with house() as own:
        citizen, other = Citizen(own), Citizen(own, born="04.05.1958")
        own.sink.fault("rcpt", "550 5.1.1 Empfaenger unbekannt", address=citizen.address)
        raw = registration(citizen)
        registration(other)
        own.once()
        assert sorted(letters(own)) == [("failed", "no"), ("sent", "yes")]
        entry, = told(own, raw).queue
        assert entry["reason"] == "undeliverable" and "550 5.1.1 Empfaenger unbekannt" in entry["words"], entry
        assert own.json("queue", "list")[0]["words"] == entry["words"] and copies(own) == 1
        own.now += 86400
        own.once()
        assert own.sink.reached["rcpt"] == 2


REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mail.example.net>
To: %s
Subject: Undelivered Mail Returned to Sender
Date: Sun, 22 Nov 2026 11:00:00 +0100
Message-ID: <report.%d@mail.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system <%s>: 550 5.1.1 User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

From: %s
To: %s
Subject: Ihre Anmeldung
Message-ID: %s

--b--
"""


@test
def who_cannot_be_reached_by_mail_is_told_to_staff_with_telephone_and_other_address():
    with house() as own:
        citizen, other = Citizen(own, "Petra Müller"), Citizen(own, "Hans Weber")
        words = "Ich melde mich für den OpenStreetMap-Mapathon am 02.02.2027 an.\n\n%s\nTelefon: 0171 / 123 45 67, sonst petra@example.net\n"
        told_of = citizen.writes("Anmeldung", words % citizen.details()).ends("done", "confirmed")
        raw = (REPORT % (LAB, citizen.number, citizen.address, citizen.address, LAB, citizen.address,
                         told_of.letter["Message-ID"])).replace("\n", "\r\n").encode()
        own.servers.deliver_lmtp(raw, "", LAB)
        own.once()
        entry, = own.rows("SELECT * FROM queue_entry WHERE reason = 'undeliverable'")
        for part in (citizen.address, "Petra Müller (2027-02-02-mapathon)", "Telefon 0171 / 123 45 67", "Mailadresse petra@example.net",
                     "die Adresse gibt es nicht"):
            assert part in entry["words"], entry["words"]
        assert "217-2424" not in entry["words"]             # the lab's own
        own.sink.fault("rcpt", "550 5.1.1 Empfaenger unbekannt", address=other.address)
        other.sends("Anmeldung", "Ich melde mich für den OpenStreetMap-Mapathon am 02.02.2027 an.\n\n%s" % other.details())
        own.once()
        entry = own.rows("SELECT * FROM queue_entry WHERE reason = 'undeliverable' ORDER BY id")[-1]
        assert "Hans Weber (2027-02-02-mapathon)" in entry["words"] and "stehen nicht in der Mail" in entry["words"], entry["words"]


@test
def a_421_in_the_middle_costs_nothing():
    with house(smtp_connections=1) as own:
        own.sink.fault("rcpt", "421 4.3.2 shutting down", nth=2)
        for number in range(4):
            registration(Citizen(own, born="%02d.05.1958" % (number + 1)))
        own.once(check=False)
        own.now += 300
        own.once()
        assert letters(own) == [("sent", "yes")] * 4 and len(own.sink.messages()) == copies(own) == 4


@test
def a_reply_lost_after_the_dot_is_said_and_sent_again_with_the_same_message_id():
    with house() as own:
        own.sink.fault("dot", "close", nth=1)           # taken, and never said
        registration(Citizen(own))
        own.once(check=False)
        assert letters(own) == [("unclear", "no")]
        own.now += 7200
        own.once()
        assert letters(own) == [("sent", "yes")] and copies(own) == 1
        assert len(own.sink.messages()) == 2 and len({m["message_id"] for m in own.sink.messages()}) == 1
        own.now += 7200
        own.once()
        assert len(own.sink.messages()) == 2


@test
def what_is_refused_for_two_days_goes_to_staff():
    with house() as own:
        citizen = Citizen(own)
        own.sink.fault("rcpt", "450 4.2.0 Greylisted")
        raw = registration(citizen)
        own.once(check=False)
        for _ in range(12):
            own.now += 6 * 3600
            own.once(check=False)
            if letters(own) == [("failed", "no")]:
                break
        entry, = told(own, raw).queue
        assert "auch nicht nach zwei Tagen" in entry["words"] and "450 4.2.0 Greylisted" in entry["words"], entry
        assert 47 * 3600 <= own.outbox()[0]["changed"] - own.outbox()[0]["created"] <= 54 * 3600
        assert own.sink.reached["rcpt"] > 6


# ---- the mailbox ----

@test
def the_mailbox_goes_down_and_comes_back_while_the_daemon_runs():
    server = servers("fragile")
    with house(server) as own:
        own.start()
        registration(Citizen(own))
        own.settle(1)
        server.dovecot.stop(how=signal.SIGKILL)
        own.wait_log("mailbox_lost")
        server.dovecot.start()
        registration(Citizen(own, born="04.05.1958"))
        own.settle(2, 40)
        server.drop_clients()                           # BYE in the middle of IDLE
        registration(Citizen(own, born="05.05.1958"))
        own.settle(3, 40)
        assert len(own.sink.messages()) == copies(own) == 3
        assert own.rows("SELECT count(*) AS n FROM registration") == [{"n": 3}]


@test
def a_login_that_is_refused_is_said_in_the_servers_words():
    with house() as own:
        wrong = os.path.join(own.folder, "wrong")
        with open(os.open(wrong, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write("nicht-das-passwort\n")
        own.configure(imap_password_file=wrong)
        registration(Citizen(own))
        assert own.once(check=False).returncode == 1
        assert "AUTHENTICATIONFAILED" in own.log_text() and "nicht-das-passwort" not in own.log_text(), own.log_text()
        check = own.command("check", check=False)
        assert check.returncode == 1 and "FAILED mailbox" in check.stdout and "AUTHENTICATIONFAILED" in check.stdout
        own.start()
        own.wait_log("mailbox_lost")
        own.stop()
        assert len(own.servers.inbox()) == 1 and own.mails() == 0


def with_fake(rules):
    """A house in front of a server that refuses."""
    fake = FakeImap(rules).__enter__()
    folder = os.path.join(ROOM, "fake%d" % fake.port)
    made = House(folder, servers=servers(), imap_port=fake.port, imap_tls="none", smtp_port=9, **SMTP_NONE)
    made.configure()
    return fake, made


@test
def a_folder_that_cannot_be_made_is_said():
    fake, own = with_fake({r'LIST "" "?Stadtlabor.*': "{tag} OK none\r\n", r"CREATE .*": "{tag} NO [NOPERM] Ordner verboten\r\n"})
    with fake:
        assert own.once(check=False).returncode == 1
        log = own.log_text()
        assert "Stadtlabor" in log and "Ordner verboten" in log and own.mails() == 0, log
    assert not own.reports()


@test
def a_move_that_the_quota_forbids_is_said_and_made_up_for():
    fake, own = with_fake({r"UID (MOVE|COPY) .*": "{tag} NO [OVERQUOTA] Postfach voll\r\n"})
    with fake:
        for _ in range(3):
            assert own.once(check=False).returncode == 1
        assert own.mails() == 1 and own.log_text().count("Postfach voll") >= 3, own.log_text()
        letters_before = len(own.outbox())

        def leaves(server, tag, _):
            server.rules[:] = [(re.compile(r"UID FETCH .*\Z"), "{tag} OK nothing is left\r\n")]
            server.send(tag + " OK moved\r\n")
        fake.rules[:] = [(re.compile(r"UID MOVE .*\Z"), leaves)]
        own.once(check=False)
        assert own.mails() == 1 and len(own.outbox()) == letters_before
        assert any("UID MOVE 1 " in line for line in fake.lines) and own.rows("SELECT * FROM intake") == []
    assert not own.reports()


@test
def a_copy_that_the_quota_forbids_is_filed_when_there_is_room_and_keeps_no_mail_waiting():
    server = servers("quota", quota={LAB: "100M"})
    with house(server) as own:
        registration(Citizen(own))
        server.set_quota(LAB, "1K")
        assert own.once(check=False).returncode == 1
        assert letters(own)[0][0] == "sent" and letters(own)[0][1] != "yes" and "OVERQUOTA" in own.log_text(), own.log_text()
        server.set_quota(LAB, "100M")
        registration(Citizen(own, born="04.05.1958"))
        server.set_quota(LAB, "1K")
        own.once(check=False)
        assert own.mails() == 2 and not server.inbox() and own.rows("SELECT * FROM intake") == [], own.log_text()
        server.set_quota(LAB, "100M")
        own.once()
        assert letters(own) == [("sent", "yes")] * 2 and len(own.sink.messages()) == copies(own) == 2


class BrittleInbox:
    """A house, two mails a batch, in front of a server that ends the session when `given(number, uid)` says so of the
    number-th FETCH of that mail; what it moves is gone from `there`."""
    def __init__(self, mails, given):
        self.there, self.given, self.asked = list(range(1, mails + 1)), given, dict.fromkeys(range(1, mails + 1), 0)
        self.fake, self.own = with_fake({
            r"(SELECT|EXAMINE) .*": "* 5 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n{tag} OK [READ-WRITE] open\r\n",
            r"UID FETCH .* \(UID FLAGS RFC822.SIZE\)": self.lists, r"UID FETCH \S+ .*": self.fetches, r"UID MOVE \S+ .*": self.moves})
        self.own.configure(imap_batch=2)

    @staticmethod
    def mail(uid):
        return ("From: Maria <maria%d@example.org>\r\nSubject: Frage\r\nMessage-ID: <q%d@example.org>\r\n\r\n"
                "Gibt es einen Aufzug?\r\n" % (uid, uid)).encode()

    def named(self, command):
        """Those of the set "1:2,4" that are there."""
        wanted = set()
        for run in command.split(" ")[2].split(","):
            first, _, last = run.partition(":")
            wanted.update(range(int(first), int(last or first) + 1))
        return [uid for uid in self.there if uid in wanted]

    def lists(self, server, tag, _):
        for uid in self.there:
            server.send("* %d FETCH (UID %d FLAGS () RFC822.SIZE %d)\r\n" % (uid, uid, len(self.mail(uid))))
        server.send(tag + " OK done\r\n")

    def fetches(self, server, tag, command):
        for uid in self.named(command):
            self.asked[uid] += 1
            size = len(self.mail(uid)) if self.given(self.asked[uid], uid) else 4294967290
            server.send(b"* %d FETCH (UID %d FLAGS () BODY[] {%d}\r\n" % (uid, uid, size) + self.mail(uid) + b")\r\n")
        server.send(tag + " OK done\r\n")

    def moves(self, server, tag, command):
        for uid in self.named(command):
            self.there.remove(uid)
        server.send(tag + " OK moved\r\n")


@test
def what_was_decided_is_moved_though_the_fetch_of_the_next_ends_each_session():
    box = BrittleInbox(3, lambda number, uid: uid != 3)
    with box.fake, box.own as own:
        own.start()
        wait_for(lambda: box.there == [3], 10, lambda: "%s %s" % (box.there, own.log_text()))
        assert own.mails() == 2


@test
def a_mail_whose_fetch_ends_each_session_goes_to_staff_and_those_behind_it_are_read():
    box = BrittleInbox(5, lambda number, uid: uid != 3)
    with box.fake, box.own as own:
        own.start()
        wait_for(lambda: box.there == [], 60, lambda: "%s %s" % (box.there, own.log_text()))
        own.stop()
        unread = own.rows("SELECT m.identity, m.reason, words FROM mail m JOIN queue_entry ON mail_id = m.id WHERE reading = ''")
        assert own.mails() == 5 and len(unread) == 1 and box.asked[3] == 4, (unread, box.asked)
        assert unread[0]["identity"] == "raw-7-3" and unread[0]["reason"] == "unread" and "Mailserver" in unread[0]["words"], unread
        assert own.rows("SELECT * FROM intake") == []


@test
def mails_whose_fetch_is_cut_off_now_and_then_are_read():
    box = BrittleInbox(3, lambda number, uid: number >= 3 or uid == 3)
    with box.fake, box.own as own:
        own.start()
        wait_for(lambda: box.there == [], 30, lambda: "%s %s" % (box.there, own.log_text()))
        own.stop()
        assert own.mails() == 3 and own.rows("SELECT 1 FROM mail WHERE reading = ''") == [] and box.asked[1] == 3, box.asked


@test
def letters_go_out_while_the_mailbox_takes_its_time():
    with house() as sending:
        told = []

        def given(_, uid):
            if uid == 1:
                box.own.wait_log("name=checkup")        # what woke the sender at the start is over
            if uid == 3 and not told:
                told.append("nothing was sent")
                wait_for(sending.sink.messages, 10)
                told.append("sent meanwhile")
            return True
        box = BrittleInbox(3, given)
        box.own.configure(smtp_port=sending.sink.port, acknowledge="yes")
        with box.fake, box.own as own:
            own.start()
            wait_for(lambda: box.there == [], 30, lambda: "%s %s" % (box.there, own.log_text()))
            assert told[1:] == ["sent meanwhile"], told


@test
def an_end_that_is_no_crash_counts_as_no_attempt():
    box = BrittleInbox(2, lambda number, uid: number > 4)
    with box.fake, box.own as own:
        for number in (1, 2):
            assert own.once(check=False).returncode == 1
            own.start()
            own.wait_log("retry_ms=", number)
            assert own.stop() == 0
        assert [row["attempt"] for row in own.rows("SELECT attempt FROM intake")] == [0, 0]
        own.once()
        assert own.mails() == 2 and own.rows("SELECT 1 FROM mail WHERE reading = ''") == [] and box.there == []


# ---- certificates and tokens ----

@test
def bad_certificates_are_said_for_mailbox_and_relay():
    for kind, words, relay in (("wronghost", "made out to another host", "not for localhost"),
                               ("expired", "has expired", "expired"), ("selfsigned", "self-signed", "unknown authority")):
        server = servers("cert-" + kind, postfix=True, cert=kind)
        with house(server, programme=None) as own:
            own.servers.deliver_lmtp(Citizen(own).bytes("Frage", "Gibt es einen Aufzug?\n"))
            assert own.once(check=False).returncode == 1
            assert words in own.log_text() and own.mails() == 0, own.log_text()
            own.configure(imap_tls="none", imap_port=server.imap_port)
            check = {row["name"]: row for row in own_check(own)}
            assert check["mailbox"]["good"] and not check["relay"]["good"] and relay in check["relay"]["words"], check
        server.stop()
        del SERVERS["cert-" + kind]


def own_check(own):
    return json.loads(own.command("check", "--json", check=False).stdout)


@test
def mailbox_and_relay_take_tokens_and_a_token_endpoint_that_fails_is_said():
    server = servers("oauth", postfix=True, oauth=True)
    with house(server) as own:
        secret = os.path.join(own.folder, "client-secret")
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(server.oauth.client_secret + "\n")
        own.configure(imap_password_file=None, smtp_password_file=None, imap_user=LAB, smtp_user=LAB,
                      oauth_token_url=server.oauth.token_url_tls, oauth_client_id=server.oauth.client_id,
                      oauth_client_secret_file=secret, oauth_scope="https://outlook.example/.default")
        assert all(row["good"] for row in own_check(own)), own_check(own)
        citizen = Citizen(own)
        confirmed = citizen.registers(TOUR).ends("done", "confirmed")
        citizen.reads(confirmed.letter)
        requests = server.oauth.requests()
        assert requests and {row["grant_type"] for row in requests} == {"client_credentials"}
        server.oauth.control(status=503)
        registration(Citizen(own, born="04.05.1958"))
        assert own.once(check=False).returncode == 1
        assert "HTTP 503" in own.log_text() and server.oauth.client_secret not in own.log_text()
        server.oauth.control(lifetime=-100)                                     # expired when it comes
        assert own.once(check=False).returncode == 1
        server.oauth.control()
        own.once()
        assert own.mails() == 2 and not server.inbox(), own.log_text()


if __name__ == "__main__":
    run()

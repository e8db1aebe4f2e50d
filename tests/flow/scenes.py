"""What the flow tests of the whole house share: houses in their rooms, citizens who write and read, running the tests.

A test is a function marked @test; run() runs those whose name holds one of the words of the command line, or all, and prints
"ok NAME", or "# reason" lines and "not ok NAME". What a sanitizer reports, and a daemon that ends by itself, fails the test that
it happened in, or the house's own line at the end.
"""
import contextlib
import itertools
import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from house import House, LAB, PROGRAMME, Servers, mail
import running
from running import test     # noqa: F401: the tests have it from here
from processes import wait_for
from sink import Sink

ROOM = tempfile.mkdtemp(prefix="fl-", dir="/tmp")
os.chmod(ROOM, 0o755)
SERVERS, HOUSES, NUMBER, LOCK = {}, {}, itertools.count(1), threading.RLock()
SMTP_NONE = {"smtp_tls": "none", "smtp_user": None, "smtp_password_file": None}     # how a sink is spoken to


def written(name, text):
    """A file in the room of these tests; its path."""
    path = os.path.join(ROOM, name)
    with open(path, "w") as out:
        out.write(text)
    return path


def servers(name="plain", **options):
    """Started once and shared by the tests that name it; Dovecot alone unless the options say otherwise."""
    with LOCK:
        if name not in SERVERS:
            SERVERS[name] = Servers(os.path.join(ROOM, name), **{"postfix": False, **options}).start()
        return SERVERS[name]


def empty(server):
    """All of the lab's mails are gone for good, whatever folder they are in."""
    with server.open() as box:
        for name, words in box.folders().items():
            if words & {"\\Noselect", "\\NonExistent"} or int(box._ok(box.imap.select(box._wire(name)))[0]) == 0:
                continue
            box.imap.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
            box.imap.expunge()


@contextlib.contextmanager
def house(server=None, programme=PROGRAMME, **options):
    """A house with a store of its own in a mailbox that is empty, the programme loaded; nothing runs yet. Where no Postfix
    runs, letters go to `.sink`, a relay that fails on command (tests/servers/sink.py)."""
    server = server or servers()
    empty(server)
    folder = os.path.join(ROOM, "h%d" % next(NUMBER))
    os.makedirs(folder)
    with contextlib.ExitStack() as stack:
        sink = None
        if server.submission_port is None:
            sink = stack.enter_context(Sink(folder))
            options = {"smtp_port": sink.port, **SMTP_NONE, **options}
        made = stack.enter_context(House(folder, servers=server, **options))
        made.sink = sink
        if programme:
            made.command("events", "import", programme)
        yield made


def shared(name="usual", server=None, **options):
    """A house whose daemon runs behind all tests of a file: Postfix, Dovecot, a programme of our own if wished."""
    with LOCK:
        return _shared(name, server, options)


def _shared(name, server, options):
    if name not in HOUSES:
        server = server or servers("post", postfix=True)
        context = house(server, **options)
        HOUSES[name] = context, context.__enter__()
        HOUSES[name][1].start()
    found = HOUSES[name][1]
    assert found.daemon.poll() is None, "stadtlabord ended by itself\n" + found.log_text()[-3000:]
    return found


class Told:
    """A mail that the house has handled: its row (`state`, `reason`, `id`), and what it caused."""
    def __init__(self, made, row):
        self.house, self.row, self.id, self.state, self.reason = made, row, row["id"], row["state"], row["reason"]

    @property
    def letters(self):
        return self.house.outbox(self.id)

    @property
    def kinds(self):
        return [row["kind"] for row in self.letters]

    @property
    def letter(self):
        """The one letter that answers it."""
        rows = self.letters
        assert len(rows) == 1, "%d letters to %s" % (len(rows), self)
        return rows[0]["letter"]

    @property
    def text(self):
        return self.letter.get_body(("plain",)).get_content().replace("\r\n", "\n")

    @property
    def queue(self):
        return self.house.rows("SELECT * FROM queue_entry WHERE mail_id = ?", self.id)

    @property
    def registrations(self):
        return self.house.rows("SELECT registration.*, code FROM registration JOIN event ON event_id = event.id "
                               "WHERE mail_id = ?", self.id)

    def __str__(self):
        return "%s (%s) %s, reading %s" % (self.state, self.reason, [row["kind"] for row in self.letters], self.row["reading"])

    def ends(self, state, *kinds, reason=None):
        """Checks how it ended and which letters it caused, in one sentence when it did not."""
        assert self.state == state and tuple(self.kinds) == kinds and reason in (None, self.reason), \
            "wanted %s (%s) %s, got %s" % (state, reason, list(kinds), self)
        assert (state == "queued") <= bool(self.queue), "no queue entry: %s" % self
        return self


class Citizen:
    """Somebody with a mailbox of their own; each has another address unless one is given."""
    def __init__(self, made, name="Petra Müller", born="03.05.1958", street="Baarstraße 7", city="58636 Iserlohn", address=None):
        self.house, self.name, self.born, self.street, self.city = made, name, born, street, city
        number = next(NUMBER)
        self.address = address or "buerger%d@example.org" % number
        self.number = number

    def details(self, *without):
        lines = {"name": self.name, "born": "geboren am %s" % self.born, "street": self.street, "city": self.city}
        return "\n".join(line for what, line in lines.items() if what not in without) + "\n"

    def bytes(self, subject, text, to=None, thread="both", **more):
        """`to` is the letter (email message) that this answers; `thread`: both, references, in-reply-to or none."""
        headers = list(more.pop("headers", ()))
        if to is not None and thread in ("both", "in-reply-to"):
            headers.append("In-Reply-To: %s" % to["Message-ID"])
        if to is not None and thread in ("both", "references"):
            headers.append("References: %s" % to["Message-ID"])
        more.setdefault("message_id", "<m%d.%d@example.org>" % (next(NUMBER), self.number))
        return mail(self.address, subject, text, name=more.pop("name", self.name), headers=headers, **more)

    def sends(self, subject, text, **more):
        """Puts the mail into the lab's INBOX; returns its bytes."""
        raw = self.bytes(subject, text, **more)
        self.house.servers.deliver_lmtp(raw, self.address, LAB)
        return raw

    def writes(self, subject, text, **more):
        """Sends the mail and waits until it is handled and what answers it was sent and filed; by a run of the daemon's
        when none is running."""
        raw = self.sends(subject, text, **more)
        if self.house.daemon is None:
            self.house.once()
        return told(self.house, raw)

    def answers(self, letter, text, **more):
        return self.writes("Re: " + str(letter["Subject"]), text, to=letter, **more)

    def registers(self, words, *without, **more):
        """A plain registration for `words` (event and day); `without`: details that are left out."""
        return self.writes("Anmeldung", "Guten Tag,\n\nhiermit melde ich mich für %s an.\n\n%s" % (
            words, self.details(*without)), **more)

    def reads(self, letter):
        """The letter as it lies in the citizen's own mailbox."""
        return self.house.servers.wait_mail(self.address, lambda m: m["Message-ID"] == letter["Message-ID"])


def told(made, raw, seconds=40):
    message_id = raw.split(b"Message-ID: <", 1)[1].split(b">", 1)[0].decode()

    def through():
        if made.daemon is not None and made.daemon.poll() is not None:
            raise AssertionError("stadtlabord ended with %s\n%s" % (made.daemon.returncode, made.log_text()[-3000:]))
        row = made.rows("SELECT * FROM mail WHERE message_id = ? ORDER BY id DESC", message_id)
        waiting = row and made.rows("SELECT 1 FROM outbox WHERE mail_id = ? AND NOT (state = 'failed' OR "
                                    "(state = 'sent' AND filed = 'yes'))", row[0]["id"])
        return row and not waiting and Told(made, row[0])
    return wait_for(through, seconds, lambda: "the mail <%s>; the log ends:\n%s" % (message_id, made.log_text()[-1500:]))


def where(server, *message_ids):
    """Message-ID → the folders of the lab it lies in, each with "unseen" or "seen"."""
    found = {key: [] for key in message_ids}
    for folder, mails in server.mailbox(LAB).items():
        for one in mails:
            if one["Message-ID"] in found:
                found[one["Message-ID"]].append((folder, "seen" if one.seen else "unseen"))
    return found


def timed(action):
    begin = time.monotonic()
    result = action()
    return result, time.monotonic() - begin


def end_houses():
    for name, (context, _) in HOUSES.items():
        yield "the_daemon_of_%s_ends_well_and_sanitizers_are_silent" % name, lambda c=context: c.__exit__(None, None, None)


def run(together=1):
    """`together`: so many tests at a time, for those that share a house and mostly wait."""
    failed = 0
    try:
        with ThreadPoolExecutor(together) as pool:
            failed += sum(pool.map(lambda function: running.one(function.__name__, function),
                                   running.chosen(sys.argv[1:])))
        for name, end in end_houses():
            failed += running.one(name, end)
    finally:
        for server in SERVERS.values():
            server.stop()
        if os.environ.get("KEEP") == "1":
            print("# files are kept in %s" % ROOM)
        else:
            shutil.rmtree(ROOM, ignore_errors=True)
    sys.exit(1 if failed else 0)

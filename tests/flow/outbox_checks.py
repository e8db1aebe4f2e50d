"""What test_sender.py and test_outbox.py share: the program under test with its store, a relay, the run of the tests.

The program is tests/flow/outbox_probe.c, built under sanitizers unless $OUTBOX_PROBE names another.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.join(ROOT, "tests", "servers"))
import running                                      # noqa: E402
from certs import Certs                             # noqa: E402
from running import test                            # noqa: E402, F401: the tests have it from here
from sink import Sink                               # noqa: E402

PROBE = os.environ.get("OUTBOX_PROBE", os.path.join(ROOT, "build", "san", "tests", "flow", "outbox_probe"))
ROOM = tempfile.mkdtemp(prefix="sn-")
CERTS = []
HOUR = 3600


def certs():
    if not CERTS:
        CERTS.append(Certs(os.path.join(ROOM, "certs")))
    return CERTS[0]


def secret(words):
    handle, path = tempfile.mkstemp(dir=ROOM)
    with open(handle, "w") as out:
        out.write(words + "\n")
    return path


class Probe:
    """The outbox with a store of its own; knows what stands in the store."""
    def __init__(self, port, *, store=None, kill_at=None, limit=None, **options):
        self.path = store or tempfile.mktemp(prefix="store-", dir=ROOM)
        words = [PROBE, "--store", self.path, "--port", str(port)]
        for name, value in options.items():
            words += ["--" + name.replace("_", "-"), str(value)]
        self.stderr = tempfile.TemporaryFile("w+", dir=ROOM)
        environment = dict(os.environ, **({"STADTLABOR_KILL_AT": kill_at} if kill_at else {}))
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr, text=True,
                                        bufsize=1, env=environment)
        self.once = options.get("once")
        self.first = self.process.stdout.readline() if not self.once else ""
        if not self.once and not kill_at:
            assert self.first == "ready\n", self.first + self.log()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.stderr.close()

    def log(self):
        self.stderr.seek(0)
        return self.stderr.read()

    def wait_log(self, words, seconds=10):
        end = time.monotonic() + seconds
        while words not in self.log():
            assert time.monotonic() < end, (words, self.states(), self.log()[-2000:])
            time.sleep(0.05)

    def say(self, line):
        self.process.stdin.write(line + "\n")

    def stop(self):
        """Milliseconds until it stood still; everything else it had said."""
        output, _ = self.process.communicate("stop\n", timeout=30)
        assert self.process.returncode == 0, (self.process.returncode, self.log()[-3000:])
        lines = output.splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("stopped ")), lines

    def finish(self):
        """With once=1: what it says at its end."""
        output, _ = self.process.communicate(timeout=60)
        return output, self.process.returncode

    def db(self):
        db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        db.row_factory = sqlite3.Row
        return db

    def put(self, *recipients, body=b"Guten Tag\r\n", sender="lab@example.org", created=None, wake=True):
        ids = put(self.path, recipients, body, sender, created)
        if wake:
            self.say("wake")
        return ids[0] if len(ids) == 1 else ids

    def row(self, identity):
        db = self.db()
        try:
            return dict(db.execute("SELECT * FROM outbox WHERE id = ?", (identity,)).fetchone())
        finally:
            db.close()

    def rows(self, sql="SELECT state, count(*) AS n FROM outbox GROUP BY state", *values):
        db = self.db()
        try:
            return [dict(row) for row in db.execute(sql, values)]
        finally:
            db.close()

    def states(self):
        return {row["state"]: row["n"] for row in self.rows()}

    def wait(self, identity, state, seconds=10):
        """Until the letter is in that state; the row."""
        end = time.monotonic() + seconds
        while True:
            row = self.row(identity)
            if row["state"] == state:
                return row
            assert time.monotonic() < end, "letter %d is %s: %s\n%s" % (identity, row["state"], row["reply"], self.log())
            time.sleep(0.02)

    def wait_settled(self, seconds=10):
        """Until no letter is on its way; the states."""
        end = time.monotonic() + seconds
        while True:
            states = self.states()
            if not states.keys() & {"queued", "sending"}:
                return states
            assert time.monotonic() < end, (states, self.log()[-2000:])
            time.sleep(0.02)

    def wait_states(self, wanted, seconds=20):
        end = time.monotonic() + seconds
        while self.states() != wanted:
            assert time.monotonic() < end, (self.states(), wanted, self.log()[-2000:])
            time.sleep(0.02)


def put(path, recipients, body=b"Guten Tag\r\n", sender="lab@example.org", created=None):
    now = int(time.time())
    db = sqlite3.connect(path, timeout=20, isolation_level=None)
    ids = []
    db.execute("BEGIN IMMEDIATE")
    for recipient in recipients:
        name = "<%s@example.org>" % os.urandom(8).hex()
        ids.append(db.execute(
            "INSERT INTO outbox (kind, message_id, envelope_from, recipient, created, changed) VALUES (?, ?, ?, ?, ?, ?)",
            ("confirmed", name, sender, recipient, created or now, now)).lastrowid)
        db.execute("INSERT INTO outbox_bytes VALUES (?, ?)", (
            ids[-1], b"Message-ID: " + name.encode() + b"\r\nSubject: Anmeldung\r\n\r\n" + body))
    db.execute("COMMIT")
    db.close()
    return ids


def relay(**options):
    return Sink(tempfile.mkdtemp(dir=ROOM), **options)


def verbs(sink):
    return [line.split(":")[0].split(" ")[0] for _, line in sink.commands]


def run(words):
    try:
        return 1 if running.all_of(words) else 0
    finally:
        shutil.rmtree(ROOM, ignore_errors=True)

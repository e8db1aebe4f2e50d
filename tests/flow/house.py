"""The whole house for tests and the demo: private mail servers, a configuration, the two programs.

    with House(folder) as house:
        house.command("events", "import", "tests/corpus/events.csv")
        house.servers.deliver(raw, "maria@example.org", LAB)
        house.once()                        takes in, answers, ends
        house.start(); house.settle()       or: runs in the background until nothing is left to do

Promises: everything lies under `folder`; leaving the `with` ends what was started here and nothing else. The programs
are those of build/$KIND (san by default). Time is fixed by `now`, so that tests mean the same on every day. What a
sanitizer reports, and a daemon that ends with another status than 0, is an AssertionError at the end.
"""
import contextlib
import email
import email.policy
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "servers"))
from servers import LAB, Servers                        # noqa: E402
from processes import wait_for                          # noqa: E402

NOON = 1795345200       # 2026-11-22 12:00 in Berlin, the day of the corpus
PROGRAMME = os.path.join(ROOT, "tests", "corpus", "events.csv")
REPORT = re.compile(r"(Address|Leak|Undefined\w+)Sanitizer|runtime error:|SUMMARY: \w+Sanitizer")


class House:
    """`options` are lines of the configuration, overriding those below; `servers` are options of Servers, or a Servers
    that runs already."""
    def __init__(self, folder, servers=None, now=NOON, kind=None, **options):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        above = self.folder         # mkdtemp makes folders for root's eyes only, but the servers give up root
        while os.geteuid() == 0 and os.stat(above).st_mode & 0o1000 == 0 and above != "/":
            os.chmod(above, 0o755)
            above = os.path.dirname(above)
        self.kind = kind or os.environ.get("KIND", "san")
        self.bin = os.path.join(ROOT, "build", self.kind, "bin")
        self.own_servers = not isinstance(servers, Servers)
        self.servers = Servers(os.path.join(self.folder, "servers"), **(servers or {})) if self.own_servers else servers
        self.now, self.options, self.said = now, options, []
        self.config = os.path.join(self.folder, "stadtlabor.conf")
        self.store = os.path.join(self.folder, "stadtlabor.db")
        self.log = os.path.join(self.folder, "stadtlabord.log")
        self.daemon = None

    def __enter__(self):
        if self.own_servers:
            self.servers.start()
        self.configure()
        return self

    def __exit__(self, kind=None, *_):
        try:
            status = self.stop()
            assert kind or status in (None, 0), "stadtlabord ended with %s\n%s" % (status, self.log_text()[-3000:])
            assert kind or not self.reports(), self.reports()
        finally:
            if self.own_servers:
                self.servers.stop()

    def configure(self, **more):
        self.options.update(more)
        secret = os.path.join(self.folder, "password")
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(self.servers.password(LAB) + "\n")
        lines = {
            "imap_host": "localhost", "imap_port": self.servers.imaps_port, "imap_tls": "implicit",
            "imap_ca_file": self.servers.ca_file, "imap_user": "stadtlabor", "imap_password_file": secret,
            "smtp_host": "localhost", "smtp_port": self.servers.submission_port, "smtp_tls": "starttls",
            "smtp_ca_file": self.servers.ca_file, "smtp_user": "stadtlabor", "smtp_password_file": secret,
            "rate_per_minute": 0, "lab_address": LAB, "store": self.store, "imap_timeout": 20, "smtp_timeout": 20,
            **self.options}
        with open(self.config, "w") as out:
            out.writelines("%s = %s\n" % item for item in lines.items() if item[1] is not None)

    def environment(self, **more):
        return {**os.environ, "STADTLABOR_NOW": str(self.now), **{k: str(v) for k, v in more.items()}}

    # ---- the programs ----

    def command(self, *words, check=True, **more):
        """stadtlabor WORDS --config …; the finished process, its output as text."""
        done = subprocess.run([os.path.join(self.bin, "stadtlabor"), *words, "--config", self.config], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=self.environment(**more))
        self.said.append(done.stderr)
        if check and done.returncode != 0:
            raise RuntimeError("stadtlabor %s: status %d\n%s" % (" ".join(words), done.returncode, done.stderr))
        return done

    def json(self, *words, **more):
        return json.loads(self.command(*words, "--json", **more).stdout)

    def once(self, check=True, **more):
        done = subprocess.run([os.path.join(self.bin, "stadtlabord"), "--config", self.config, "--once"], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=100, env=self.environment(**more))
        with open(self.log, "a") as out:
            out.write(done.stderr)
        if check and done.returncode != 0:
            raise RuntimeError("stadtlabord --once: status %d\n%s" % (done.returncode, done.stderr[-4000:]))
        return done

    def start(self, **more):
        with open(self.log, "a") as out:
            self.daemon = subprocess.Popen([os.path.join(self.bin, "stadtlabord"), "--config", self.config], stderr=out,
                                           stdin=subprocess.DEVNULL, env=self.environment(**more))
        return self.daemon

    def stop(self, how=signal.SIGTERM):
        """The exit status, None when it did not run."""
        daemon, self.daemon = self.daemon, None
        if daemon is None:
            return None
        daemon.send_signal(how)
        return daemon.wait(60)

    # ---- looking ----

    def rows(self, sql, *values):
        """Straight from the store, read only: a list of dicts; none while the store has no tables yet."""
        if not os.path.exists(self.store):
            return []
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.store, uri=True, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
                return []
            return [dict(row) for row in db.execute(sql, values)]

    def settled(self):
        """Nothing in the INBOX, nothing waiting to be sent or filed."""
        if self.daemon is not None and self.daemon.poll() is not None:
            raise RuntimeError("stadtlabord ended with %s\n%s" % (self.daemon.returncode, self.log_text()[-3000:]))
        waiting = self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'unclear') "
                            "OR (state = 'sent' AND filed <> 'yes')")
        return not waiting and not self.servers.inbox(LAB)

    def settle(self, mails=None, seconds=60):
        """Waits until all is done, and at least `mails` are in the store."""
        wait_for(lambda: (mails is None or self.mails() >= mails) and self.settled(), seconds)

    def mails(self):
        return sum(row["n"] for row in self.rows("SELECT count(*) AS n FROM mail"))

    def log_text(self):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, errors="replace") as file:
            return file.read()

    def wait_log(self, words, times=1, seconds=30):
        """Until `words` stand in the log so often."""
        wait_for(lambda: self.log_text().count(words) >= times, seconds,
                 lambda: "%d of %r in:\n%s" % (times, words, self.log_text()[-2000:]))

    def reports(self):
        """What sanitizers said of either program, "" if nothing."""
        return "\n".join(text[max(REPORT.search(text).start() - 200, 0):][:4000]
                         for text in [self.log_text(), *self.said] if REPORT.search(text))

    def outbox(self, mail_id=None):
        """Rows of the outbox, each with its letter, parsed, as "letter"."""
        rows = self.rows("SELECT outbox.*, bytes FROM outbox LEFT JOIN outbox_bytes ON outbox_id = id ORDER BY id")
        for row in rows:
            row["letter"] = email.message_from_bytes(row.pop("bytes") or b"", policy=email.policy.default)
        return [row for row in rows if mail_id in (None, row["mail_id"])]

    def letters(self, address):
        """What a citizen's own mailbox holds, the oldest first."""
        return self.servers.inbox(address)


def mail(sender, subject, text, *, name=None, message_id=None, reply_to=None, headers=(), content_type=None,
         date="Sun, 22 Nov 2026 10:00:00 +0100"):
    """A citizen's mail as bytes, UTF-8 in 8bit; `reply_to` is the mail (post.Mail) that it answers."""
    from email.header import Header
    lines = ["From: %s" % ("%s <%s>" % (Header(name, "utf-8").encode(), sender) if name else sender),
             "To: %s" % LAB, "Subject: %s" % Header(subject, "utf-8").encode(), "Date: %s" % date,
             "Message-ID: %s" % (message_id or "<%s.%x@%s>" % (re.sub(r"\W", "", sender), abs(hash((subject, text))),
                                                              sender.rpartition("@")[2] or "example.org"))]
    if reply_to is not None:
        lines += ["In-Reply-To: %s" % reply_to["Message-ID"], "References: %s" % reply_to["Message-ID"]]
    lines += [*headers, "MIME-Version: 1.0", "Content-Type: %s" % (content_type or "text/plain; charset=utf-8"),
              "Content-Transfer-Encoding: 8bit", "", text]
    return "\r\n".join("\n".join(lines).splitlines()).encode() + b"\r\n"

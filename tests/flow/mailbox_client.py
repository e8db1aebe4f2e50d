"""What the flow tests of the mailbox share: the client under test, servers, and running the tests.

`Probe(server, name=value…)` is tests/flow/mailbox_probe.c, built under sanitizers unless $MAILBOX_PROBE names another; without a
server it speaks plainly to the port given. A test is a function marked @test; `run()` runs those whose name holds one of
the words of the command line, or all, and prints "ok NAME" or "not ok NAME" for each.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "tests", "servers")]
import running                      # noqa: E402
from running import test            # noqa: E402, F401: the tests have it from here
from servers import LAB, Servers    # noqa: E402

PROBE = os.environ.get("MAILBOX_PROBE", os.path.join(ROOT, "build", "san", "tests", "flow", "mailbox_probe"))
ROOM = tempfile.mkdtemp(prefix="mb-")
os.chmod(ROOM, 0o755)
RUNNING = {}


def secret(words, mode=0o600):
    handle, path = tempfile.mkstemp(dir=ROOM)
    with open(handle, "w") as out:
        out.write(words + "\n")
    os.chmod(path, mode)
    return path


def servers(name="usual", **options):
    """Started once and shared by the tests that name it; each test works with mails of its own."""
    if name not in RUNNING:
        RUNNING[name] = Servers(os.path.join(ROOM, name), postfix=False, **options).start()
    return RUNNING[name]


def letter(subject="Anmeldung", size=0):
    head = ("From: Maria <maria@example.org>\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\n\r\nGrüße\r\n" %
            (subject, os.urandom(6).hex())).encode()
    return head + b"y" * max(0, size - len(head) - 2) + b"\r\n"


def checksum(data):
    total = 2166136261
    for byte in data:
        total = ((total ^ byte) * 16777619) & 0xffffffff
    return total


class Probe:
    """One client; ask("list 0") gives the lines of the answer."""
    def __init__(self, server=None, **settings):
        self.settings = {"tls": "none", "timeout": 5}
        if server is not None:
            self.settings.update(port=server.imap_port, ca=server.ca_file, user=LAB, password=secret(server.password(LAB)))
        else:
            self.settings.update(user="lab", password=secret("geheim"))
        self.settings.update({name.replace("_", "-"): value for name, value in settings.items()})
        self.settings = {name: value for name, value in self.settings.items() if value is not None}
        if self.settings["tls"] == "implicit" and server is not None and "port" not in settings:
            self.settings["port"] = server.imaps_port
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen([PROBE] + ["%s=%s" % item for item in self.settings.items()], text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self

    def __exit__(self, kind, *_):
        try:
            _, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        if kind is None:
            assert self.process.returncode == 0, errors
        elif errors:
            print("# " + errors.replace("\n", "\n# "))

    def say(self, command):
        self.process.stdin.write(command + "\n")

    def hear(self):
        lines = []
        while True:
            line = self.process.stdout.readline()
            if line == ".\n":
                return lines
            if not line:
                raise AssertionError("the client died: " + self.process.stderr.read())
            lines.append(line.rstrip("\n"))

    def ask(self, command):
        self.say(command)
        return self.hear()

    def one(self, command, *words):
        """The last line of the answer, in which all the words must stand."""
        line = self.ask(command)[-1]
        for word in words:
            assert word in line, "%s: \"%s\" is missing in: %s" % (command, word, line)
        return line

    def list(self, after=0):
        line = self.one("list %d" % after, "list ok")
        return {int(uid): int(size) for uid, size in (item.split(":") for item in line.split()[2:])}

    def fetch(self, uids):
        lines = self.ask("fetch " + ",".join(map(str, uids)))
        assert lines[-1] == "fetch ok", lines[-1]
        mails = [dict(item.split("=") for item in line.split()[1:]) for line in lines[:-1]]
        return {int(mail["uid"]): {name: int(value) for name, value in mail.items()} for mail in mails}

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def opened(server=None, **settings):
    """A probe with an open session; closed by `with`."""
    probe = Probe(server, **settings).__enter__()
    try:
        probe.one("open", "open ok")
    except BaseException:
        probe.__exit__(*sys.exc_info())
        raise
    return Entered(probe)


class Entered:
    def __init__(self, probe):
        self.probe = probe

    def __enter__(self):
        return self.probe

    def __exit__(self, *what):
        self.probe.__exit__(*what)


def told(server=None, **settings):
    """What a client says that cannot open its session."""
    with Probe(server, **settings) as probe:
        return probe.one("open")


def empty(server, folder="INBOX"):
    with server.open() as box:
        connection = box.imap
        if int(connection.select(folder)[1][0]) > 0:
            connection.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
            connection.expunge()


def timed(action):
    begin = time.monotonic()
    result = action()
    return result, time.monotonic() - begin


def run():
    failed = 1
    try:
        failed = running.all_of(sys.argv[1:])
    finally:
        for server in RUNNING.values():
            server.stop()
        shutil.rmtree(ROOM, ignore_errors=True)
    sys.exit(1 if failed else 0)

"""Free ports, waiting, and ending servers that were started here and nothing else.

Promises: `free_ports(n)` gives n different loopback ports the system just handed out. `end_group(leader)` returns when no
process of that process group is left (zombies that init has not collected do not count). `Guard` ends the groups it
knows when this program dies without having done so itself, even by SIGKILL: no stray servers after a killed test.
"""
import os
import signal
import socket
import subprocess
import time

POLL = 0.02


def free_ports(count):
    """All are bound at the same time, so they differ; another program may still take one before the server does."""
    held = []
    try:
        for _ in range(count):
            one = socket.socket()
            one.bind(("127.0.0.1", 0))
            held.append(one)
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def wait_for(predicate, seconds=10, what="the condition"):
    """The first true value of predicate(), asked every 20 ms; TimeoutError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError("waited %s s in vain for %s" % (seconds, what() if callable(what) else what))
        time.sleep(POLL)


def greeting(port, seconds=5):
    """The first bytes a server says on a loopback port, b"" when it says or accepts nothing."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            return connection.recv(512)
    except OSError:
        return b""


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


def members(leader):
    """Live processes of the group, by /proc: kill(-leader, 0) would also find zombies."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name) as file:
                    state, _parent, group = file.read().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(group) == leader and state != "Z":
                found.append(int(name))
    return found


def end_group(leader, how=signal.SIGTERM, patience=5):
    """First the leader and its group are asked, after `patience` seconds they are killed."""
    deadline = time.monotonic() + patience
    signal_now = how
    while members(leader):
        try:
            os.killpg(leader, signal_now)
        except (ProcessLookupError, PermissionError):
            pass
        try:
            wait_for(lambda: not members(leader), 0.3)
        except TimeoutError:
            if time.monotonic() > deadline:
                signal_now = signal.SIGKILL


class Guard:
    """A shell that waits on a pipe from this program; when the pipe closes unasked, it ends the process groups."""
    SCRIPT = """
    groups=
    while read -r word group; do
        case $word in
        add) groups="$groups $group" ;;
        done) exit 0 ;;
        esac
    done
    for group in $groups; do kill -TERM -$group 2>/dev/null; done
    sleep 2
    for group in $groups; do kill -KILL -$group 2>/dev/null; done
    """

    def __init__(self):
        self._shell = subprocess.Popen(["sh", "-c", self.SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True)

    def watch(self, leader):
        self._shell.stdin.write(b"add %d\n" % leader)
        self._shell.stdin.flush()

    def dismiss(self):
        """From here on the servers outlive this program, or have ended."""
        if self._shell:
            self._shell.communicate(b"done now\n")
            self._shell = None


class Program:
    """A server of the system's, run privately: all its files in one folder, its own process group."""
    process = None

    @property
    def pid(self):
        return self.process.pid if self.process else None

    def start(self):
        self.launch()
        self.wait_ready()

    def run(self, command, **more):
        """Begins to start, so that something else can start at the same time."""
        if self.process:
            raise RuntimeError("this %s runs already" % type(self).__name__)
        self._write_files()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True,
                                        stdout=open(os.path.join(self.folder, "output"), "ab"), **more)

    def wait_up(self, checks, seconds):
        """Until each of `checks` (name, predicate) holds."""
        def up(predicate):
            if self.process.poll() is not None:
                raise RuntimeError("it ended with %d" % self.process.returncode)
            return predicate()
        try:
            for name, predicate in checks:
                wait_for(lambda: up(predicate), seconds, name)
        except (RuntimeError, TimeoutError) as problem:
            words = self.tail()
            self.stop()
            raise RuntimeError("%s did not start: %s\n%s" % (type(self).__name__, problem, words)) from None

    def stop(self, how=signal.SIGTERM):
        """Ends the master and its processes. Asking the master alone is not enough: the processes of clients that stay
        connected would go on serving them."""
        process, self.process = self.process, None
        if process is not None:
            end_group(process.pid, how)
            process.wait()

    def tail(self, lines=15):
        found = []
        for path in (os.path.join(self.folder, "output"), self.log):
            if os.path.exists(path):
                with open(path, errors="replace") as file:
                    found += file.read().splitlines()[-lines:]
        return "\n".join(found)

#!/usr/bin/env python3
"""Taking in mails: stadtlabord (fetch, read, decide, store durably, move) against mbsync (fetch, store durably).

    intake.py [MAILS [ROUNDS [MANY]]]       usual: 5000 3 50000; MANY 0 leaves the large run out

Each round fills one INBOX of one Dovecot with new mails of 3 KB and empties it twice, in alternating order: mbsync pulls
it into a Maildir with fsync; stadtlabord, started on an empty store, runs until the INBOX is empty. Both by IMAPS, both
from the start of the process, both on one disk. The relay takes 30 letters a minute, as large providers do, so that
sending stays a small part. Prints "name value" lines.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "flow"), HERE]
from house import House, LAB, PROGRAMME, ROOT, Servers      # noqa: E402
from mails import mails                                     # noqa: E402
from sink import Sink                                       # noqa: E402

MBSYNC = """FSync yes

IMAPAccount lab
Host localhost
Port {port}
User stadtlabor
Pass {password}
SSLType IMAPS
CertificateFile {ca}

IMAPStore far
Account lab

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel pull
Far :far:INBOX
Near :near:INBOX
Create Near
Expunge None
Sync PullNew
SyncState {folder}/state
"""


def programme(folder):
    """The corpus's events, with room for everybody."""
    path = os.path.join(folder, "events.csv")
    with open(PROGRAMME) as lines, open(path, "w") as out:
        for number, line in enumerate(lines):
            cells = line.split(";")
            if number:
                cells[6] = "0"
            out.write(";".join(cells))
    return path


def mbsync(servers, folder):
    """Seconds it took, and mails that came."""
    os.makedirs(folder)
    config = os.path.join(folder, "mbsyncrc")
    with open(os.open(config, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        out.write(MBSYNC.format(port=servers.imaps_port, password=servers.password(LAB), ca=servers.ca_file, folder=folder))
    begin = time.monotonic()
    subprocess.run(["mbsync", "-c", config, "-q", "pull"], check=True, env={**os.environ, "HOME": folder})
    took = time.monotonic() - begin
    count = len(os.listdir(os.path.join(folder, "INBOX", "new")))
    shutil.rmtree(folder)
    return took, count


def status(pid):
    with open("/proc/%d/status" % pid) as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def cpu(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stadtlabord(servers, sink, folder, count):
    """Seconds until the INBOX was empty, seconds of processor time, peak KiB; and how the mails ended."""
    house = House(folder, servers=servers, kind="release", smtp_port=sink.port, smtp_tls="none", smtp_user=None,
                  smtp_password_file=None, rate_per_minute=30)
    house.configure()
    house.command("events", "import", programme(folder))
    with servers.open() as box:
        begin = time.monotonic()
        pid = house.start().pid
        while (left := box.status(items="MESSAGES")["MESSAGES"]) > 0:
            if house.daemon.poll() is not None:
                raise RuntimeError(house.log_text()[-2000:])
            time.sleep(0.02 if left < 1000 else 0.2)    # whoever watches closely takes part of the processors
        took = time.monotonic() - begin
    used, peak = cpu(pid), int(status(pid)["VmHWM"].split()[0])
    house.stop()
    ends = {row["state"]: row["n"] for row in house.rows("SELECT state, count(*) AS n FROM mail GROUP BY state")}
    if sum(ends.values()) != count:
        raise RuntimeError("of %d mails %r are in the store" % (count, ends))
    shutil.rmtree(folder)
    return took, used, peak, ends


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.servers = Servers(os.path.join(folder, "s"), postfix=False, mail_format="mdbox")
        self.sink = Sink(folder, fsync=False)
        self.filled = 0

    def __enter__(self):
        self.servers.start()
        self.sink.start()
        return self

    def __exit__(self, *_):
        self.sink.stop()
        self.servers.stop()

    def fill(self, count):
        self.filled += 1
        self.servers.fill(mails(count, LAB, "round %d" % self.filled))

    def pull(self):
        return mbsync(self.servers, os.path.join(self.folder, "m"))

    def take_in(self, count):
        return stadtlabord(self.servers, self.sink, os.path.join(self.folder, "h"), count)

    def round(self, number, count):
        """Both, mbsync first in every second round; the mails are put back for the second by filling anew."""
        self.fill(count)
        if number % 2 == 0:
            pulled, taken = self.pull(), self.take_in(count)
        else:
            taken = self.take_in(count)
            self.fill(count)
            pulled = self.pull()
            with self.servers.open() as box:
                box.imap.select("INBOX")
                box.imap.store("1:*", "+FLAGS.SILENT", "\\Deleted")
                box.imap.expunge()
        if pulled[1] != count:
            raise RuntimeError("mbsync pulled %d mails of %d" % (pulled[1], count))
        return pulled[0], taken


def main():
    count, rounds, many = [int(word) for word in sys.argv[1:4]] + [5000, 3, 50000][len(sys.argv) - 1:]
    folder = tempfile.mkdtemp(prefix="sbi", dir="/tmp")
    os.chmod(folder, 0o755)
    pulls, takes, cpus, peaks = [], [], [], []
    try:
        with Bench(folder) as bench:
            for number in range(rounds):
                pulled, (taken, used, peak, ends) = bench.round(number, count)
                print("# round %d: mbsync %.2f s, stadtlabord %.2f s (processor %.2f s), peak %d KiB, %s"
                      % (number + 1, pulled, taken, used, peak, ends), file=sys.stderr)
                pulls.append(pulled), takes.append(taken), cpus.append(used), peaks.append(peak)
            print("intake_per_s %.0f" % (count / statistics.median(takes)))
            print("intake_per_cpu_s %.0f" % (count / statistics.median(cpus)))
            print("mbsync_per_s %.0f" % (count / statistics.median(pulls)))
            print("intake_ratio %.2f" % statistics.median(pull / take for pull, take in zip(pulls, takes)))
            print("intake_peak_kib %d" % max(peaks), flush=True)
            if many:
                bench.fill(many)
                taken, used, peak, ends = bench.take_in(many)
                print("# %d: %.2f s (processor %.2f s), %s" % (many, taken, used, ends), file=sys.stderr)
                print("intake_many_per_s %.0f\nintake_many_peak_kib %d" % (many / taken, peak))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

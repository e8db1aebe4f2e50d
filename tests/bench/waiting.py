#!/usr/bin/env python3
"""How soon a mail is answered, and how quiet the daemon is when there is nothing to do.

    waiting.py [MAILS [SECONDS]]        usual: 25 30

Latency: from the moment the mail server took a mail (the end of its LMTP delivery) to the moment the relay has the reply,
by IDLE; once with Dovecot as it comes, which holds news back for half a second, once with imap_hibernate_timeout, which
makes it tell at once. Idle: how often the daemon's threads woke up in so many seconds. Prints "name value" lines.
"""
import os
import shutil
import statistics
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "flow"), HERE]
from house import House, LAB                    # noqa: E402
from intake import programme                    # noqa: E402
from mails import KINDS, mail                   # noqa: E402
from sink import Sink                           # noqa: E402

HIBERNATE = """
imap_hibernate_timeout = 1s
service imap-hibernate {
  chroot =
  unix_listener imap-hibernate {
    mode = 0666
  }
}
service imap {
  unix_listener imap-master {
    mode = 0666
  }
}
"""


def wakes(pid):
    """Context switches of each thread so far: it slept and was woken, or was pushed aside."""
    total = {}
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, task)) as file:
            total[task] = sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
    return total


def one(house, sink, number):
    """Seconds from delivery to reply."""
    before = sink.count()
    path, _, raw = mail(number, LAB, "waiting").partition(b"\r\n")        # the server writes its own Return-Path
    house.servers.deliver_lmtp(raw, path.decode().partition("<")[2].rstrip(">"))
    delivered = time.time()
    return sink.wait(before + 1, 20)[-1]["time"] - delivered


def answered():
    """Numbers of mails that get an answer at once: complete registrations."""
    register, times = KINDS[0]
    return [number for number in range(10000) if number * 7 % 20 < times]


def run(folder, sink, extra, mails, seconds):
    with House(folder, servers=dict(postfix=False, dovecot_extra=extra), kind="release", smtp_port=sink.port, smtp_tls="none",
               smtp_user=None, smtp_password_file=None) as house:
        house.command("events", "import", programme(folder))
        pid = house.start().pid
        one(house, sink, answered()[0])         # logged in, folders made, the first letter out
        took = []
        for number in answered()[1:mails + 1]:
            house.settle(seconds=20)
            time.sleep(1.2)                     # it waits by IDLE again, and Dovecot has laid the session aside
            took.append(one(house, sink, number))
        if not seconds:
            return took, None
        house.settle(seconds=20)
        time.sleep(8)                           # connections to the relay are let go
        before = wakes(pid)
        time.sleep(seconds)
        after = wakes(pid)
        return took, sum(after.values()) - sum(before.values())


def main():
    mails, seconds = [int(word) for word in sys.argv[1:3]] + [25, 30][len(sys.argv) - 1:]
    for name, extra, idle in (("latency", "", seconds), ("latency_hibernate", HIBERNATE, 0)):
        folder = tempfile.mkdtemp(prefix="sbw", dir="/tmp")
        try:
            with Sink(folder, fsync=False) as sink:
                took, woken = run(os.path.join(folder, "h"), sink, extra, mails, idle)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print("%s_ms %.0f\n%s_worst_ms %.0f" % (name, statistics.median(took) * 1000, name, max(took) * 1000), flush=True)
        if woken is not None:
            print("idle_wakes %d\nidle_seconds %d" % (woken, seconds), flush=True)


if __name__ == "__main__":
    main()

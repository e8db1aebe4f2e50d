#!/usr/bin/env python3
"""make bench: every figure, what is wanted of it, and what is reached, in one table.

    table.py FOLDER_OF_BENCH_PROGRAMS [reading] [outbox] [newsletter] [waiting] [intake] [commands]
                                             all, if none is named

No test: always ends with exit status 0. Figures of one row come from one run, what is compared takes turns in it. Other
work on the machine shows: the load is told before and after, and ratios are worth more than rates.
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORPUS = os.path.join(ROOT, "tests", "corpus")


def load():
    with open("/proc/loadavg") as file:
        return "%s on %d processors" % (file.read().split()[0], os.cpu_count())


def values(command):
    """The "name value" lines a bench prints; what it says besides goes through."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=3000)
    found = {}
    for line in done.stdout.splitlines():
        name, _, value = line.partition(" ")
        try:
            found[name] = float(value)
        except ValueError:
            print("    " + line)
    if done.returncode:
        print("    %s ended with status %d" % (os.path.basename(command[0]), done.returncode))
    return found


def row(what, wanted, reached, unit="", least=None, most=None):
    """One line; the last column is reached/wanted, turned so that 1 or more is well."""
    if reached is None:
        print("%-62s %10s %10s" % (what, wanted, "-"))
        return
    ratio = "" if least is None and most is None else "%8.2f" % (reached / least if least else most / max(reached, 1e-9))
    number = "%.2f" % reached if reached < 10 and not unit.startswith("K") else "%.0f" % reached
    print("%-62s %10s %10s %s" % (what, wanted, number + unit, ratio), flush=True)


def reading(programs):
    found = values([os.path.join(programs, "bench_reading"), os.path.join(ROOT, "parsers", "patterns"),
                    os.path.join(CORPUS, "events.csv"), "5", *sorted(glob.glob(os.path.join(CORPUS, "dev", "*.eml")))])
    got = found.get
    row("mails read a second of one core", ">= 4000", got("reading_per_s"), least=4000)
    row("  of which MIME", "", 100 * got("mime_share"), " %")
    row("  of which patterns", "", 100 * got("pattern_share"), " %")
    row("  of which the rest", "", 100 * (1 - got("mime_share") - got("pattern_share")), " %")
    row("GMime's text extraction alone, mails a second", "", got("gmime_per_s"))
    row("peak memory of reading", "<= 20 MB", got("peak_kib") / 1000, " MB", most=20)
    row("start: patterns loaded and proved", "<= 50 ms", got("start_ms"), " ms", most=50)
    row("  and those that mails need compiled to machine code", "<= 50 ms", got("start_jit_ms"), " ms", most=50)
    for figure, how in (("hostile_ms.", ""), ("hostile_plain_ms.", ", no machine code")):
        name = max((name for name in found if name.startswith(figure)), key=got, default=None)
        row("1 MB of hostile text%s, the worst%s" % (how, " (%s)" % name.partition(".")[2] if name else ""), "<= 50 ms",
            name and got(name), " ms", most=50)


def outbox(programs):
    done = subprocess.run([os.path.join(programs, "bench_outbox")], stdout=subprocess.PIPE, text=True, timeout=3000)
    match = re.search(r": ([\d.]+)/s, smtp-source -d ([\d.]+)/s, ratio ([\d.]+)", done.stdout)
    rate, source, ratio = [float(one) for one in match.groups()] if match else (None, None, None)
    row("letters handed to the relay a second, each state durable", "", rate)
    row("smtp-source -d, letters a second", "", source)
    row("  the outbox against it", ">= 0.6", ratio, least=0.6)


def newsletter(programs):
    got = values([os.path.join(programs, "bench_newsletter")]).get
    row("copies of an issue a second, each state durable", "", got("copies_per_s"))
    row("smtp-source -d, messages a second", "", got("source_per_s"))
    row("  the newsletter against it", ">= 0.6", got("copies_ratio"), least=0.6)
    row("peak memory, 10,000 copies", "<= 60 MB", got("peak_mb"), " MB", most=60)
    row("the ledger of 200,000 subscribers fixed", "<= 5 s", got("ledger_s"), " s", most=5)
    row("  peak memory then", "<= 60 MB", got("peak_many_mb"), " MB", most=60)


def waiting(_):
    got = values([sys.executable, os.path.join(HERE, "waiting.py")]).get
    row("delivery to reply, median; Dovecot tells news after 500 ms", "<= 500 ms", got("latency_ms"), " ms", most=500)
    row("delivery to reply, median; Dovecot tells news at once", "<= 500 ms", got("latency_hibernate_ms"), " ms", most=500)
    row("wake-ups of all threads in %d s of idling" % (got("idle_seconds") or 0), "0", got("idle_wakes"))


def intake(_):
    got = values([sys.executable, os.path.join(HERE, "intake.py")]).get
    row("mails taken in a second (fetch, read, decide, store, move)", "", got("intake_per_s"))
    row("  a second of processor time", "", got("intake_per_cpu_s"))
    row("mbsync to a Maildir with fsync, mails a second", "", got("mbsync_per_s"))
    row("  taking in against it", ">= 2", got("intake_ratio"), least=2)
    row("peak memory, 5,000 mails", "<= 40 MB", got("intake_peak_kib", 0) / 1000, " MB", most=40)
    row("peak memory, 50,000 mails", "<= 40 MB", got("intake_many_peak_kib", 0) / 1000, " MB", most=40)
    row("mails taken in a second, of 50,000", "", got("intake_many_per_s"))


def commands(_):
    """Processor time beside: what a command would take on a machine with nothing else to do."""
    found = values([sys.executable, os.path.join(HERE, "commands.py")])
    for name in [name for name in found if not name.endswith(".cpu")]:
        most = None if "--whole" in name else 200       # it reads the whole store on purpose
        row("%-46s (%.0f ms of processor)" % (name.replace("_", " "), found[name + ".cpu"]), most and "<= 200 ms" or "", found[name],
            " ms", most=most)


PARTS = {"reading": reading, "outbox": outbox, "newsletter": newsletter, "waiting": waiting, "intake": intake,
         "commands": commands}


def main():
    programs, parts = sys.argv[1], sys.argv[2:] or list(PARTS)
    print("load before: %s" % load())
    print("%-62s %10s %10s %8s" % ("", "wanted", "reached", "ratio"))
    for name in parts:
        try:
            PARTS[name](programs)
        except (OSError, TypeError, subprocess.SubprocessError) as problem:
            print("    %s: %s" % (name, problem))
    print("load after: %s" % load())


if __name__ == "__main__":
    main()

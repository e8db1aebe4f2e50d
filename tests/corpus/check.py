#!/usr/bin/env python3
"""The reader held against all labelled mails.

usage: check.py            a line "ok …" or "not ok …" for each set (tests/run counts them)
       check.py --scores   the scores, what is not exact, and a table for several lines of caution

The program is build/release/bin/stadtlabor, or $STADTLABOR; mails of others lie in $CORPUS_SHARED (README.md).
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("STADTLABOR", os.path.join(ROOT, "build/release/bin/stadtlabor"))
OTHERS = os.environ.get("CORPUS_SHARED", os.path.join(os.path.dirname(ROOT), "shared/corpus"))
TODAY = "2026-11-22"
HELD_BACK = "held-back"  # so begin the tables of which nobody looks at single mails while writing rules: counts only
CAUTION = (0, 30, 40, 50, 60, 70, 80, 90, 101)

sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import score  # noqa: E402
import table  # noqa: E402


def read_mails(folder, caution=None):
    """The readings of all mails of a folder, by file name."""
    mails = sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".eml"))
    command = [PROGRAM, "read", "--programme", os.path.join(HERE, "events.csv"), "--today", TODAY]
    if caution is not None:
        command += ["--caution", str(caution)]
    done = subprocess.run(command + mails, stdout=subprocess.PIPE, check=False, timeout=120)
    readings = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return {r["file"]: r for r in readings}


def labels_of(folder):
    with open(os.path.join(folder, "labels.jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def judge(labels, readings):
    """Counts, and the reasons of what is not exact."""
    count, reasons = {"exact": 0, "safe": 0, "harm": 0}, []
    for label in labels:
        got = readings.get(label["file"])
        if not score.well_formed(got):
            verdict, why = "harm", "no reading"
        else:
            harm, miss = score.harm_of(label, got), score.exact(label, got)
            verdict, why = ("exact", "") if miss is None else ("harm", harm) if harm else ("safe", miss)
        count[verdict] += 1
        if verdict != "exact":
            reasons.append("%-5s %s  %s" % (verdict, label["file"], why))
    return count, reasons


def judge_all(folders, caution=None):
    """The same for each of the folders; as many are read at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda folder: judge(labels_of(folder), read_mails(folder, caution)), folders))


def floors():
    """What is asked of each set: the least share of exact, the most harm."""
    asked = {"dev": (99.0, 0)}
    with open(os.path.join(HERE, "own/floors"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, share, *harm = line.split()
                asked[name] = float(share), int(harm[0]) if harm else 0
    return asked


def sets(scratch):
    """Name and folder of every set; tables become folders in `scratch`."""
    yield "dev", os.path.join(HERE, "dev")
    own = os.path.join(HERE, "own")
    for name in sorted(os.listdir(own)):
        if name.endswith(".mails"):
            folder = os.path.join(scratch, name[:-6])
            table.write([os.path.join(own, name)], folder)
            yield name[:-6], folder
    if os.path.isdir(os.path.join(OTHERS, "bounces")):
        yield "bounces", os.path.join(OTHERS, "bounces")


def check_replies():
    """How many replies have the writer's own words, blanks aside; None when they are not there."""
    folder = os.path.join(OTHERS, "replies")
    if not os.path.isdir(folder):
        return None
    names = sorted(f for f in os.listdir(folder) if f.endswith(".eml"))
    equal, reasons = 0, []
    for name in names:
        done = subprocess.run([PROGRAM, "own-words", os.path.join(folder, name)], stdout=subprocess.PIPE,
                              check=False, timeout=20)
        with open(os.path.join(folder, name[:-4] + ".own.txt"), encoding="utf-8") as f:
            want = re.sub(r"\s+", "", f.read())
        if re.sub(r"\s+", "", done.stdout.decode()) == want:
            equal += 1
        else:
            reasons.append("      " + name)
    return equal, len(names), reasons


def print_scores(scratch):
    folders = dict(sets(scratch))
    for name, (count, reasons) in zip(folders, judge_all(folders.values())):
        print("\n".join(reasons if not name.startswith(HELD_BACK) else ()))
        total = sum(count.values())
        print("%-14s mails %4d  exact %4d (%5.1f %%)  safe %3d  harm %3d\n" % (
            name, total, count["exact"], 100 * count["exact"] / total, count["safe"], count["harm"]))
    replies = check_replies()
    if replies:
        print("\n".join(replies[2]))
        print("replies        own words equal: %d of %d\n" % replies[:2])
    print("caution   exact   safe   harm   (%s)" % " ".join(n for n in folders if n != "bounces"))
    for caution in CAUTION:
        sums = {"exact": 0, "safe": 0, "harm": 0}
        for count, _ in judge_all([folders[name] for name in folders if name != "bounces"], caution):
            for verdict, n in count.items():
                sums[verdict] += n
        print("%7d   %5d  %5d  %5d" % (caution, sums["exact"], sums["safe"], sums["harm"]))


def check(scratch):
    good = True
    asked = floors()
    folders = dict(sets(scratch))
    for name, (count, reasons) in zip(folders, judge_all(folders.values())):
        share = 100 * count["exact"] / sum(count.values())
        least, harm = asked.get(name, (97.0, 0))
        fine = share >= least and (count["harm"] <= harm or name == "bounces")
        good = good and fine
        if not fine and not name.startswith(HELD_BACK):
            print("\n".join("# " + r for r in reasons))
        print("%sok corpus %s: %.1f %% exact, %d harm" % ("" if fine else "not ", name, share, count["harm"]))
    replies = check_replies()
    if replies:
        fine = replies[0] >= replies[1] - 1
        good = good and fine
        print("%sok corpus replies: %d of %d" % ("" if fine else "not ", replies[0], replies[1]))
    return good


def main(argv):
    with tempfile.TemporaryDirectory() as scratch:
        if argv == ["--scores"]:
            print_scores(scratch)
        elif argv:
            raise SystemExit(__doc__)
        elif not check(scratch):
            raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

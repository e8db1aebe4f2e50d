"""What beside.py and wishes.py share: mails read by the program, their words as it counts them (parsers/reading/scales.h),
and the weights of these (parsers/pattern/weight_list.h) learned from labelled ones: logistic regression with an L2 penalty,
by gradient descent with momentum. What fewer than three texts have is left out, and what weighs next to nothing."""
import collections
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

CORPUS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(CORPUS))
READER = os.environ.get("STADTLABOR", ROOT + "/build/release/bin/stadtlabor")
HELD_BACK = "held-back"
TODAY = "2026-11-22"
PENALTY, ROUNDS = 1.0, 300
STEM, LEAST_TEXTS, LEAST_WEIGHT = 5, 3, 10       # letters (scales.c: STEM); hundredths


def read(files):
    done = subprocess.run([READER, "read", "--whole", "--programme", CORPUS + "/events.csv", "--today", TODAY] + files,
                          stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def labelled_mails():
    """(name of the table, label, reading) of every mail of dev and own; not of those that are never opened."""
    for path in [CORPUS + "/dev"] + sorted(glob.glob(CORPUS + "/own/*.mails")):
        name = os.path.basename(path).replace(".mails", "")
        if name.startswith(HELD_BACK):
            continue
        with tempfile.TemporaryDirectory() as folder:
            if path.endswith(".mails"):
                subprocess.run([sys.executable, CORPUS + "/table.py", path, folder], check=True, stdout=subprocess.DEVNULL)
                path = folder
            with open(path + "/labels.jsonl", encoding="utf-8") as lines:
                labels = [json.loads(line) for line in lines]
            for label, reading in zip(labels, read([path + "/" + label["file"] for label in labels])):
                yield name, label, reading


def sentence_features(sentence, where=""):
    words = "".join(c if c.isalpha() else " %s " % c if c in "?!" else " " for c in sentence.lower()).split()
    words = ["^"] + words + ["$"]
    found = set(words[1:]) | {a + " " + b for a, b in zip(words, words[1:])} | {w[:STEM] + "*" for w in words if len(w) > STEM}
    return {where + f for f in found}


def learned(rows):
    """The weight of each feature: rows are (features, whether they speak for it, how much the row counts)."""
    seen = collections.Counter(f for have, _, _ in rows for f in have)
    number = {f: i for i, f in enumerate(sorted(f for f, n in seen.items() if n >= LEAST_TEXTS))}
    data = [([number[f] for f in have if f in number], 1.0 if speaks else 0.0, counts) for have, speaks, counts in rows]
    free = number["<>"]
    w, speed, ahead = [0.0] * len(number), [0.0] * len(number), [0.0] * len(number)
    steep = [PENALTY] * len(number)          # a bound of each feature's curvature, so that rare ones move as fast
    for have, _, counts in data:
        for f in have:
            steep[f] += 0.25 * counts * len(have) ** 0.5
    for turn in range(ROUNDS):
        slope = [PENALTY * x for x in ahead]
        slope[free] = 0.0
        for have, wanted, counts in data:
            sum_ = sum(ahead[f] for f in have)
            error = counts * (1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, sum_)))) - wanted)
            for f in have:
                slope[f] += error
        momentum = turn / (turn + 3.0)
        for f in range(len(w)):
            new = ahead[f] - slope[f] / steep[f]
            speed[f] = new - w[f]
            w[f] = new
            ahead[f] = new + momentum * speed[f]
    return {f: w[i] for f, i in number.items()}


def table_of(first, second):
    """Both weights of each feature, in hundredths; `first` and `second` as `learned` gives them."""
    both = {f: (round(100 * first.get(f, 0.0)), round(100 * second.get(f, 0.0))) for f in first.keys() | second.keys()}
    return {f: w for f, w in both.items() if max(map(abs, w)) >= LEAST_WEIGHT}


def path_of(name):
    return ROOT + "/parsers/patterns/" + name + ".weights"


def table_read(name):
    with open(path_of(name), encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split(" ", 2) for line in lines if not line.startswith("#"))
        return {what: (int(first), int(second)) for first, second, what in rows}


def table_write(name, table, comment):
    with open(path_of(name), "w", encoding="utf-8") as out:
        out.write("".join("# %s\n" % line for line in comment))
        for f in sorted(table):
            out.write("%d %d %s\n" % (*table[f], f))


def sums(table, have):
    return tuple(sum(table.get(f, (0, 0))[i] for f in have) for i in (0, 1))

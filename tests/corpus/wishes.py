#!/usr/bin/env python3
"""What the words of a whole mail tell of its wish: that somebody is to be registered, that a place is given up.

    wishes.py               a line "ok …" or "not ok …" for each promise (tests/run counts them)
    wishes.py --learn       writes parsers/patterns/wish.weights (some minutes; `make weights`)
    wishes.py --without A   what would come out for table A's mails if only the others' were learned from

Learned from (weights.py): the mails of dev and own (but held-back*) that people wrote. A wish under a condition is no wish and
not the contrary of one: such mails are left out."""
import argparse
import sys

from weights import labelled_mails, learned, sentence_features, sums, table_of, table_read, table_write

ROBOTS = {"bounce", "auto_reply", "bulk"}
WISHES = {"register": ("<register>", "<on>"), "cancel": ("<cancel>", "<off>")}  # and the signs by which it shows
COUNTED_SIGNS = {"<data>", "<event>"}


def features(reading):
    """As reading_weighed.c counts them."""
    found = {"<>"} | sentence_features(reading["subject"], "S ")
    for one in reading["beside"]:
        found |= sentence_features(one["words"]) | (COUNTED_SIGNS & set(one["signs"]))
    return found


def mails():
    for name, label, reading in labelled_mails():
        kinds = {intent["kind"] for intent in label["intents"]}
        if not kinds & ROBOTS and reading.get("subject") is not None:
            yield name, kinds if label["auto"] != "none" else set(), reading


def rows(some, wish):
    for _, kinds, reading in some:
        shows = any(sign in one["signs"] for one in reading["beside"] for sign in WISHES[wish])
        if wish in kinds or kinds or not shows:
            yield features(reading), wish in kinds, 1.0


def weights(some):
    return table_of(*(learned(list(rows(some, wish))) for wish in WISHES))


def without(table):
    every = list(mails())
    learned_from = weights([mail for mail in every if mail[0] != table])
    for i, wish in enumerate(WISHES):
        for wanted in (True, False):
            found = [sums(learned_from, have)[i] for have, is_wish, _ in rows([m for m in every if m[0] == table], wish)
                     if is_wish == wanted]
            print("%-8s %5d  %-12s" % (wish, len(found), "wanted" if wanted else "not wanted"), "  ".join(
                "%+d: %.3f" % (line, sum(s > line for s in found) / max(1, len(found))) for line in range(-200, 401, 50)))


def check():
    table = table_read("wish")
    wrong = [reading["file"] for _, _, reading in mails()
             if sums(table, features(reading)) != (reading["weighs_register"], reading["weighs_cancel"])]
    print("%s wishes_weigh_as_learned%s" % ("not ok" if wrong else "ok", ": %d, %s" % (len(wrong), wrong[:3]) if wrong else ""))
    return not wrong


def main():
    wish = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wish.add_argument("--learn", action="store_true")
    wish.add_argument("--without", metavar="TABLE")
    wish = wish.parse_args()
    if wish.learn:
        table_write("wish", weights(list(mails())),
                    ("What the words of a mail weigh (weight_list.h), learned by tests/corpus/wishes.py: for somebody who is to be",
                     "registered, for a place that is given up, and of what; \"S \" stands before words of the subject."))
    elif wish.without:
        without(wish.without)
    else:
        sys.exit(0 if check() else 1)


if __name__ == "__main__":
    main()

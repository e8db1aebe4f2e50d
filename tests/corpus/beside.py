#!/usr/bin/env python3
"""Sentences beside a wish: whether the reader leaves the right ones to a person, and what their words weigh.

    beside.py               a line "ok …" or "not ok …" for each promise (tests/run counts them)
    beside.py --scores      … and what is read of them, by author
    beside.py --learn       writes parsers/patterns/beside.weights (some minutes; `make weights`)
    beside.py --without A   what would come out for author A's sentences if only the others' were learned from

beside/*.jsonl are sentences by authors who knew no rule, each of which is put into an otherwise plain mail. Kinds: `company`
(nobody need see it), `concern` (a person must also see it), `stop` (a person must see it before anything is done); with
`cancel_` or `news_` before it: beside a cancellation, beside a wish about the newsletter ("wish" says which).
beside/held-back.jsonl is not learned from: it tells what comes out for writers nobody has met.

Learned from (weights.py): those sentences, with the signs that the reader finds in them (`stadtlabor read --whole`, "beside"),
and the mails of dev and own (but held-back*) that need no person: none of their sentences speaks for one."""
import argparse
import collections
import email.message
import email.utils
import glob
import json
import os
import sys
import tempfile

from weights import CORPUS, HELD_BACK, labelled_mails, learned, read, sentence_features, sums, table_of, table_read, table_write

KINDS = ("company", "concern", "stop")
LEAST = {"company": 0.91, "concern": 0.88, "stop": 0.95}    # of the sentences learned from, read as they should be
OF_MAIL = 0.35              # what a sentence of a whole mail counts beside one of the labelled ones: there are ten times more

DATA = "Mein Name ist Sabine Hellweg, geboren am 4.5.1971, wohnhaft Baarstraße 12, 58636 Iserlohn."
WISHES = {
    "register": "hiermit melde ich mich zum Mapathon am 2. Februar an.",
    "cancel": "hiermit sage ich meine Teilnahme am Mapathon am 2. Februar ab.",
    "subscribe": "bitte nehmen Sie mich in den Verteiler Ihres Newsletters auf.",
    "unsubscribe": "bitte nehmen Sie mich aus dem Verteiler Ihres Newsletters.",
}


def sentences_of_authors():
    for path in sorted(glob.glob(CORPUS + "/beside/*.jsonl")):
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                part = json.loads(line)
                part["author"] = os.path.basename(path)[:-len(".jsonl")]
                part["wish"] = part.get("wish") or ("cancel" if part["kind"].startswith("cancel_") else "register")
                part["kind"] = part["kind"].split("_")[-1]
                yield "%s-%04d.eml" % (part["author"], number), part


def framed(part):
    mail = email.message.EmailMessage()
    mail["From"] = email.utils.formataddr(("Sabine Hellweg", "sabine.hellweg@example.org"))
    mail["Subject"] = "Newsletter" if "subscribe" in part["wish"] else "Mapathon"
    mail["Date"] = "Fri, 20 Nov 2026 10:00:00 +0100"
    data = DATA + "\n\n" if part["wish"] == "register" else ""
    mail.set_content("Guten Tag,\n\n%s\n\n%s\n\n%sViele Grüße\nSabine Hellweg\n" % (WISHES[part["wish"]], part["text"], data))
    return mail.as_bytes()


def stands_in(words, text):
    return " ".join(words.split()) in " ".join(text.split())


def read_parts():
    """(the sentence as it was written down, its mail's reading)"""
    with tempfile.TemporaryDirectory() as folder:
        parts = dict(sentences_of_authors())
        for name, part in parts.items():
            with open(os.path.join(folder, name), "wb") as out:
                out.write(framed(part))
        yield from zip(parts.values(), read([os.path.join(folder, name) for name in parts]))


def beside_parts(readings):
    """(author, what the reader says of a sentence, kind), of those that are learned from"""
    for part, reading in readings:
        if part["author"] != HELD_BACK:
            yield from ((part["author"], one, part["kind"]) for one in reading["beside"] if stands_in(one["words"], part["text"]))


def beside_mails():
    """Of whole mails that need no person: kind "mail"."""
    for name, label, reading in labelled_mails():
        if label["auto"] != "none" and not label["staff"] and name != "parts":      # the sentences above
            yield from ((name, one, "mail") for one in reading["beside"])


def features(one):
    """As reading_beside.c counts them."""
    return {"<>"} | set(one["signs"]) | sentence_features(one["words"])


def weights(rows):
    return table_of(learned([(have, kind in ("concern", "stop"), counts) for have, kind, counts in rows]),
                    learned([(have, kind == "stop", counts) for have, kind, counts in rows]))


def without(author):
    rows = [(a, (features(one), kind, OF_MAIL if kind == "mail" else 1.0)) for a, one, kind in everything()]
    table = weights([row for a, row in rows if a != author])
    for kind in KINDS:
        of_kind = [sums(table, have) for a, (have, k, _) in rows if a == author and k == kind]
        for i, what in enumerate(("person", "stop")):
            print("%-8s %5d  %-6s" % (kind, len(of_kind), what), "  ".join(
                "%+d: %.3f" % (line, sum(s[i] > line for s in of_kind) / max(1, len(of_kind))) for line in range(-300, 301, 50)))


def everything():
    return list(beside_parts(read_parts())) + list(beside_mails())


def learn_all():
    table = weights([(features(one), kind, OF_MAIL if kind == "mail" else 1.0) for _, one, kind in everything()])
    table_write("beside", table, ("What words beside a wish weigh (weight_list.h), learned by tests/corpus/beside.py: for a person",
                                  "who must look, for one who must look before anything is done, and of what."))


def is_right(part, reading):
    """Whether the sentence is left to whom it should be; a concern that stops the machine is seen, too."""
    if part["kind"] == "company":
        return not reading["staff"]
    return reading["staff"] and (part["kind"] == "concern" or reading["auto"] == "none")


def check(scores):
    table, readings = table_read("beside"), list(read_parts())
    wrong = [one["words"] for _, one, _ in beside_parts(readings) if sums(table, features(one)) != (one["person"], one["stop"])]
    print("%s beside_weighs_as_learned%s" % ("not ok" if wrong else "ok", ": %r" % wrong[:3] if wrong else ""))
    right = collections.defaultdict(list)
    for part, reading in readings:
        right[part["author"], part["kind"]].append(is_right(part, reading))
    good = not wrong
    for kind in KINDS:
        ones = [one for (author, k), some in right.items() if k == kind and author != HELD_BACK for one in some]
        enough = sum(ones) >= LEAST[kind] * len(ones)
        good = good and enough
        print("%s beside_%s: %.1f %% of %d, at least %.0f" % ("ok" if enough else "not ok", kind, 100 * sum(ones) / len(ones),
                                                            len(ones), 100 * LEAST[kind]))
    for (author, kind), ones in sorted(right.items()) if scores else ():
        print("# %-10s %-8s %.1f %% of %d" % (author, kind, 100 * sum(ones) / len(ones), len(ones)))
    return good


def main():
    wish = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wish.add_argument("--scores", action="store_true")
    wish.add_argument("--learn", action="store_true")
    wish.add_argument("--without", metavar="AUTHOR")
    wish = wish.parse_args()
    if wish.learn:
        learn_all()
    elif wish.without:
        without(wish.without)
    else:
        sys.exit(0 if check(wish.scores) else 1)


if __name__ == "__main__":
    main()

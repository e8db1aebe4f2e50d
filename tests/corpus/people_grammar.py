#!/usr/bin/env python3
"""Registrations put together from independent choices, held against the reading that follows from the choices.

usage: people_grammar.py               a short seeded run; a line "ok …" or "not ok …" (tests/run counts it)
       people_grammar.py COUNT [SEED]  a longer one: what fails far above the average, and examples
       people_grammar.py COUNT SEED TEXT…  the failing mails with all these choices ("date=iso")

The program is build/release/bin/stadtlabor, or $STADTLABOR. How data are laid out stands in people_layout.py, the
words in people_words.py; names of events and the wish itself are the same throughout, for others test those.
"""
import collections
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from email.utils import formataddr

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("STADTLABOR", os.path.join(ROOT, "build/release/bin/stadtlabor"))
EVENT, TODAY = "2027-02-02-mapathon", "2026-11-22"
SHORT_RUN, SHORT_SEED = 600, 1
FLOOR, MOST_HARM = 93.0, 14  # as measured; raise and lower when the reader gets better
GROUP_LEAST, SHOWN = 12, 40  # mails a group needs to be told; groups shown

sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import people_layout as layout  # noqa: E402
import people_words as words  # noqa: E402
import score  # noqa: E402


class Choices:
    """What was chosen, by name."""

    def __init__(self, seed):
        self.rng, self.made, self.share, self.closing = random.Random(seed), {}, "each", None

    def pick(self, what, options):
        value = self.rng.choice(list(options))
        self.made[what] = value
        return value


class Person:
    """One person: what is written of them, and what shall be read."""

    def __init__(self, first, last, birth, woman):
        self.woman = woman
        self.first, self.last, self.birth = first, last, birth
        self.kin = self.my_kin = self.number = self.code = self.city = None
        self.street_written = self.street_spoken = self.place_written = ""
        self.birth_written, self.written, self.halves = "", first + " " + last, (first, last)
        self.wanted = {"first_name": first, "last_name": last, "birth_date": birth.isoformat(), "street": None,
                       "postal_code": None, "city": None}


def born(rng, oldest, youngest):
    return datetime.date(2026, 11, 20) - datetime.timedelta(days=rng.randint(youngest * 366, oldest * 365))


def date_written(form, day):
    return words.DATES[form].format(d=day.day, dd="%02d" % day.day, m=day.month, mm="%02d" % day.month, y=day.year,
                                    yy="%02d" % (day.year % 100), month=words.MONTHS[day.month - 1],
                                    short=words.SHORT[day.month - 1])


def give_name(c, p, form):
    first, last = p.first, p.last
    p.written = {"usual": first + " " + last, "title": "Dr. %s %s" % (first, last),
                 "Frau": "%s %s %s" % ("Frau" if p.woman else "Herr", first, last), "last, first": last + ", " + first,
                 "LAST": first + " " + last.upper(), "LAST, first": last.upper() + ", " + first,
                 "LAST first": last.upper() + " " + first, "capitals": (first + " " + last).upper(),
                 "small": (first + " " + last).lower(), "initial": "%s %s. %s" % (first, "ABHKM"[len(last) % 5], last),
                 "born": "%s %s, geb. Oberkötter" % (first, last)}[form]
    p.halves = {"capitals": (first.upper(), last.upper()),
                "small": (first.lower(), last.lower())}.get(form, (first, last))


def surname(c, kind):
    pool = {"usual": words.SURNAMES, "telling": words.TELLING, "noble": words.NOBLE}.get(kind, words.SURNAMES)
    last = c.rng.choice(pool)
    if kind == "double" and "-" not in last:
        return last + "-" + c.rng.choice([s for s in words.SURNAMES if "-" not in s])
    return last


def first_name(c, kind, woman, used):
    """A first name nobody else of the mail has; with a surname where the two belong together."""
    while True:
        last, first = None, c.rng.choice(words.WOMEN if woman else words.MEN)
        if kind == "rare":
            first = c.rng.choice(words.RARE_WOMEN if woman else words.RARE_MEN)
        elif kind == "foreign":
            first, last = c.rng.choice(words.FOREIGN_WOMEN if woman else words.FOREIGN_MEN)
        elif kind in ("hyphen", "two"):
            first = c.rng.choice(("Anna", "Eva", "Maria") if woman else ("Karl", "Hans", "Jan")) + \
                ("-" if kind == "hyphen" else " ") + c.rng.choice(("Lena", "Sophie", "Luise") if woman else ("Josef", "Peter", "Otto"))
        if first not in used:
            used.add(first)
            return first, last


RELATIONS = {  # who is meant: kin words in order (None: the writer), one household, one surname, ages
    "one": ((None,), True, True), "other child": (("mein Sohn",), True, True),
    "other adult": (("meine Mutter",), True, False), "couple": ((None, "mein Mann"), True, True),
    "couple two names": ((None, "mein Mann"), True, False), "parent and child": ((None, "mein Sohn"), True, True),
    "parent and children": ((None, "meine Tochter", "mein Sohn"), True, True),
    "children": (("meine Tochter", "mein Sohn"), True, True),
    "family": ((None, "mein Mann", "meine Tochter", "mein Sohn"), True, True),
    "grandparent": ((None, "meine Enkelin"), False, False), "friends": ((None, None), False, False),
    "three friends": ((None, None, None), False, False), "colleagues": ((None, None, None), False, False),
}
WOMAN = {"mein Sohn": False, "meine Tochter": True, "meine Enkelin": True, "meine Mutter": True, "mein Mann": False,
         "meine Frau": True}
AGES = {None: (70, 20), "mein Sohn": (17, 6), "meine Tochter": (16, 6), "meine Enkelin": (14, 6), "meine Mutter": (90, 65),
        "mein Mann": (75, 25), "meine Frau": (75, 25)}
LEADS = {"one": "hiermit melde ich mich zum Mapathon am 2. Februar an.",
         "other child": "hiermit melde ich meinen Sohn zum Mapathon am 2. Februar an.",
         "other adult": "hiermit melde ich meine Mutter zum Mapathon am 2. Februar an.",
         "children": "hiermit melde ich meine Kinder zum Mapathon am 2. Februar an.",
         "colleagues": "hiermit melde ich folgende Kolleginnen und Kollegen zum Mapathon am 2. Februar an.",
         "many": "hiermit melden wir uns zum Mapathon am 2. Februar an."}
DROPPED = ("nothing",) * 9 + ("birth", "street", "number", "place")


def give_home(c, p, number, street, place, dropped):
    line, spoken = words.STREETS[street]
    written, code, city = words.PLACES[place]
    number = None if dropped == "number" else number
    if dropped != "street":
        p.street_written = line + (" " + number if number else "")
        p.street_spoken = spoken + (" " + number if number else "")
        p.number, p.wanted["street"] = number, line + " " + number if number else None
    if dropped != "place":
        p.place_written, p.code, p.city = written, code, city
        p.wanted["postal_code"], p.wanted["city"] = code, city


def people_of(c, relation):
    kin, household, one_name = RELATIONS[relation]
    kind, first_kind = c.pick("surname", ("usual",) * 5 + ("double", "noble", "telling", "foreign")), \
        c.pick("first name", ("usual",) * 5 + ("hyphen", "two", "rare"))
    form = c.pick("name form", ("usual",) * 5 + ("title", "Frau", "last, first", "LAST", "LAST, first", "LAST first",
                                               "capitals", "small", "initial", "born"))
    date, dropped = c.pick("date", words.DATES), c.pick("missing", DROPPED)
    last, used, people = surname(c, kind), set(), []
    for i, who in enumerate(kin):
        woman = WOMAN.get(who, bool(len(kin) > 1 or c.rng.randint(0, 1)))
        first, own = first_name(c, "foreign" if kind == "foreign" else first_kind, woman, used)
        last = own if own and not people else last
        p = Person(first, own if own and not one_name else last if one_name or i == 0 else surname(c, "usual"),
                   born(c.rng, *AGES[who]), woman)
        p.my_kin = who
        give_name(c, p, "usual" if form in ("title", "Frau", "born") and (i > 0 or AGES[who][1] < 18) else form)
        p.birth_written = date_written(date, p.birth)
        people.append(p)
    if dropped == "birth":
        people[-1].birth_written, people[-1].wanted["birth_date"] = "", None
    street, place = c.pick("street", words.STREETS), c.pick("place", words.PLACES)
    number = c.pick("number", words.NUMBERS)
    for i, p in enumerate(people):
        another = i > 0 and not household
        give_home(c, p, c.rng.choice(words.NUMBERS) if another else number,
                  c.rng.choice(list(words.STREETS)) if another else street,
                  c.rng.choice(list(words.PLACES)) if another else place, dropped)
    return people, household, one_name, dropped


def fits(way, people, household, one_name, relation, form, dropped):
    """Whether somebody would lay it out so."""
    kin = any(p.my_kin for p in people) and relation not in ("grandparent", "other adult", "other child")
    plain = form in ("usual", "LAST", "title", "initial")
    return {"surname behind": one_name and household and plain, "parallel": household and dropped != "birth" and plain,
            "kin sentences": kin and household and plain, "sentence": plain and dropped != "birth"}.get(way, True)


def compose(seed):
    """Choices, mail, label."""
    c = Choices(seed)
    relation = c.pick("relation", ("one",) * 6 + tuple(RELATIONS))
    people, household, one_name, dropped = people_of(c, relation)
    form, writer, display = c.made["name form"], people[0], None
    if len(people) == 1:
        of_others = ("block", "form", "line", "form above", "form in a line")
        ways = [w for w in layout.ONE if relation == "one" or w in of_others]
        if form not in ("usual", "LAST", "title", "initial", "capitals", "small"):
            ways = [w for w in ways if w not in ("prose", "in the wish", "below the name", "prose and block")]
        way = c.pick("layout", ways)
        text = layout.ONE[way](c, writer)
    else:
        way = c.pick("layout", [w for w in layout.MANY if fits(w, people, household, one_name, relation, form, dropped)])
        homes = ("each", "each", "once below", "once above", "reference") if household else ("each",)
        twice = ("each", "once below") if way == "sentence" and household else ("each",)
        c.share = c.pick("share", homes if way in ("rows", "blocks") else twice)
        may_tell = way == "rows" and household and relation != "couple two names"
        if may_tell and c.pick("kin in rows", ("no", "no", "yes")) == "yes":
            for p in people:
                p.kin = {"mein Mann": "Vater", "mein Sohn": "Sohn", "meine Tochter": "Tochter"}.get(p.my_kin, "Mutter")
        text = layout.MANY[way](c, people)
    lead = LEADS.get(relation, LEADS["many"])
    others = relation in ("other child", "other adult", "children", "colleagues")
    name = "%s %s" % (("Dagmar", writer.last if one_name else "Hovestadt") if others else (writer.first, writer.last))
    display = c.pick("sender", ("whole", "whole", "whole", "first", "address"))
    closing = c.closing or c.pick("closing", (name, name.split()[0]) if display == "whole" or way != "prose" else (name,))
    if others and c.closing is None:
        closing = name
    body = "Guten Tag,\n\n" + (lead + "\n\n" if way != "in the wish" else "") + text + "\n\nViele Grüße\n" + closing + "\n"
    lacks = {f for p in people for f in ("birth_date", "street") if not p.wanted[f]} | \
        {"city" for p in people if not p.wanted["postal_code"] and not p.wanted["city"]}
    label = {"auto": "ask" if lacks else "act", "staff": False, "intents": [
        {"kind": "register", "event": EVENT, "missing": sorted(lacks), "persons": [p.wanted for p in people]}]}
    sender = {"whole": name, "first": name.split()[0], "address": ""}[display]
    return c, mail_of(sender, body), dict(label, file="%07d.eml" % seed), body


def mail_of(sender, body):
    m = EmailMessage()
    m["From"], m["To"] = formataddr((sender, "absender@example.org")), "stadtlabor@iserlohn.de"
    m["Subject"], m["Date"] = "Mapathon", "Fri, 20 Nov 2026 10:00:00 +0100"
    m.set_content(body, cte="8bit")
    return m.as_bytes()


def run(seeds):
    """[(choices, body, label, reading, verdict, reason)] of all."""
    composed = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            c, mail, label, body = compose(seed)
            composed[label["file"]] = c, body, label
            with open(os.path.join(folder, label["file"]), "wb") as f:
                f.write(mail)
        command = [PROGRAM, "read", "--programme", os.path.join(HERE, "events.csv"), "--today", TODAY]
        done = subprocess.run(command + [os.path.join(folder, f) for f in composed], stdout=subprocess.PIPE, check=True)
    out = []
    for reading in map(json.loads, done.stdout.decode().splitlines()):
        c, body, label = composed[os.path.basename(reading["file"])]
        miss = score.exact(label, reading)
        harm = miss and score.harm_of(label, reading)
        out.append((c, body, label, reading, "harm" if harm else "safe" if miss else "exact", harm or miss))
    return out


def traits(c):
    made = ["%s=%s" % item for item in c.made.items()]
    return made, [a + "  " + b for i, a in enumerate(made) for b in made[i + 1:]]


def tell_groups(results):
    """Which choice, or pair of choices, fails far above the average."""
    seen, bad = collections.Counter(), collections.Counter()
    for c, _, _, _, verdict, _ in results:
        for group in traits(c):
            seen.update(group)
            bad.update(group if verdict != "exact" else ())
    average = sum(r[4] != "exact" for r in results) / len(results)
    for pair in (False, True):
        groups = [g for g in bad if ("  " in g) == pair and seen[g] >= GROUP_LEAST]
        groups.sort(key=lambda g: average * seen[g] - bad[g])
        for g in groups[:SHOWN]:
            print("%4d of %5d  %s" % (bad[g], seen[g], g))


def main(argv):
    count, seed = (int(argv[0]), int(argv[1]) if len(argv) > 1 else 1) if argv else (SHORT_RUN, SHORT_SEED)
    results = run(range(seed * 1000000, seed * 1000000 + count))
    sums = collections.Counter(r[4] for r in results)
    share = 100 * sums["exact"] / len(results)
    if not argv:
        fine = share >= FLOOR and sums["harm"] <= MOST_HARM
        print("%sok people grammar: %.1f %% exact, %d harm" % ("" if fine else "not ", share, sums["harm"]))
        raise SystemExit(not fine)
    for c, body, label, reading, verdict, reason in results:
        if verdict != "exact" and len(argv) > 2 and set(argv[2:]) <= set(traits(c)[0]):
            print("== %s %s %s\n%s\n   %s" % (verdict, label["file"], c.made, body.replace("\n", "\n   | "), reason))
    if len(argv) < 3:
        tell_groups(results)
    print("%d mails, %.1f %% exact, %d harm" % (len(results), share, sums["harm"]))


if __name__ == "__main__":
    main(sys.argv[1:])

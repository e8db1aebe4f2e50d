#!/usr/bin/env python3
"""Turn tables of test mails into .eml files and labels.

usage: table.py TABLE.mails... FOLDER

Writes FOLDER/NAME.eml for each mail and FOLDER/labels.jsonl. The form of a table is told in
own/README.md. Whatever is wrong is told with file and line, and nothing is written then.
"""
import datetime
import email.header
import email.message
import email.policy
import email.utils
import json
import os
import re
import sys

FIELDS = ("first_name", "last_name", "birth_date", "street", "postal_code", "city")
MISSING = ("first_name", "last_name", "birth_date", "street", "city", "event")
CODE = re.compile(r"^[a-z0-9-]{1,80}$")


class Wrong(Exception):
    pass


class Mail:
    def __init__(self, name, place):
        self.name, self.place = name, place
        self.sender = self.subject = self.date = None
        self.headers, self.form, self.body = [], "plain", []
        self.auto, self.staff, self.intents = None, False, []


def read_header(mail, line):
    key, colon, value = line.partition(":")
    value = value.strip()
    if not colon:
        raise Wrong("neither a header nor a blank line")
    if key == "From":
        mail.sender = value
    elif key == "Subject":
        mail.subject = value
    elif key == "Date":
        mail.date = datetime.date.fromisoformat(value)
    elif key == "Header":
        if ":" not in value:
            raise Wrong("Header: needs NAME: VALUE")
        mail.headers.append(value)
    elif key == "Format":
        if value not in ("plain", "html", "raw"):
            raise Wrong("Format: is plain, html or raw")
        mail.form = value
    else:
        raise Wrong("unknown header %r" % key)


def read_person(line):
    values = [v.strip() for v in line.split("|")]
    if len(values) != len(FIELDS):
        raise Wrong("a person has %d fields, here are %d" % (len(FIELDS), len(values)))
    person = {f: None if v == "-" else v for f, v in zip(FIELDS, values)}
    if person["birth_date"]:
        datetime.date.fromisoformat(person["birth_date"])
    return person


def event_code(word):
    if word != "?" and not CODE.match(word):
        raise Wrong("%r is no event code" % word)
    return None if word == "?" else word


def read_intent(mail, line):
    kind, *rest = line.split()
    last = mail.intents[-1] if mail.intents else None
    if kind == "missing":
        if not last or last["kind"] != "register" or not rest or set(rest) - set(MISSING):
            raise Wrong("missing belongs to a register and names %s" % " ".join(MISSING))
        last["missing"] = rest
        return
    if kind == "register" and len(rest) == 1:
        intent = {"kind": kind, "event": event_code(rest[0]), "missing": [], "persons": []}
    elif kind == "cancel" and len(rest) == 1:
        intent = {"kind": kind, "event": event_code(rest[0])}
    elif kind in ("subscribe", "unsubscribe") and len(rest) <= 1:
        intent = {"kind": kind}
        if rest:
            intent["address"] = rest[0]
    elif kind == "bounce" and len(rest) == 2 and rest[1] in ("hard", "soft"):
        intent = {"kind": kind, "recipient": rest[0], "severity": rest[1]}
    elif kind in ("question", "privacy", "auto_reply", "bulk") and not rest:
        intent = {"kind": kind}
    else:
        raise Wrong("no intent: %r" % line)
    mail.intents.append(intent)


def read_verdict(mail, line):
    words = line.split()
    if not words or words[0] not in ("act", "ask", "none") or words[1:] not in ([], ["+staff"]):
        raise Wrong("a reading begins with act, ask or none, and perhaps +staff")
    mail.auto, mail.staff = words[0], len(words) == 2


def check(mail):
    if not mail.sender or mail.subject is None or not mail.date:
        raise Wrong("From:, Subject: or Date: is missing")
    if mail.auto is None or not mail.intents:
        raise Wrong("the reading is missing")
    for intent in mail.intents:
        if intent["kind"] == "register":
            lacks = {f for p in intent["persons"] for f in FIELDS[:4] if not p[f]}
            lacks |= {"city" for p in intent["persons"] if not p["postal_code"] and not p["city"]}
            lacks |= {"event"} if not intent["event"] else set()
            if not intent["persons"]:
                raise Wrong("a register without persons")
            if lacks != set(intent["missing"]):
                raise Wrong("missing should be: %s" % (" ".join(sorted(lacks)) or "nothing"))


def read_table(path):
    mails, mail, state = [], None, "before"
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for number, line in enumerate(lines + ["=== end"], 1):
        try:
            if line.startswith("=== "):
                if state == "body" or state == "header":
                    raise Wrong("the mail before has no reading")
                if mail:
                    try:
                        check(mail)
                    except (Wrong, ValueError) as e:
                        raise SystemExit("%s: %s: %s" % (mail.place, mail.name, e))
                    mails.append(mail)
                name = line[4:].strip()
                if number <= len(lines) and not re.match(r"^[a-z0-9-]+$", name):
                    raise Wrong("a name is of a-z 0-9 -")
                mail, state = Mail(name, "%s:%d" % (path, number)), "header"
            elif state == "before":
                if line.strip() and not line.startswith("#"):
                    raise Wrong("text before the first ===")
            elif state == "header":
                if not line.strip():
                    state = "body"
                elif not line.startswith("#"):
                    read_header(mail, line)
            elif state == "body":
                if line == "--- Lesart":
                    state = "verdict"
                else:
                    mail.body.append(line)
            elif line.strip() and not line.startswith("#"):
                if state == "verdict":
                    read_verdict(mail, line)
                    state = "reading"
                elif line[0] in " \t":
                    if not mail.intents or mail.intents[-1]["kind"] != "register":
                        raise Wrong("a person without a register above")
                    mail.intents[-1]["persons"].append(read_person(line))
                else:
                    read_intent(mail, line)
        except (Wrong, ValueError) as e:
            raise SystemExit("%s:%d: %s" % (path, number, e))
    return mails


def encoded(value):
    return value if value.isascii() else email.header.Header(value, "utf-8").encode()


def encoded_sender(value):
    match = re.match(r'^\s*(?:"([^"]*)"|([^<]*?))\s*<([^<>]*)>\s*$', value)
    if not match:
        return value
    return email.utils.formataddr((match.group(1) or match.group(2), match.group(3)), "utf-8")


def to_eml(mail):
    body = "\n".join(mail.body).strip("\n") + "\n"
    head = ["From: " + encoded_sender(mail.sender), "To: stadtlabor@iserlohn.de",
            "Subject: " + encoded(mail.subject),
            "Date: " + email.utils.format_datetime(datetime.datetime.combine(mail.date, datetime.time(10, 0))),
            "Message-ID: <%s@example.org>" % mail.name]
    head += [encoded(h) if h.isascii() else h.split(":")[0] + ": " + encoded(h.split(":", 1)[1].strip())
             for h in mail.headers]
    names = {h.split(":")[0].strip().lower() for h in mail.headers}
    if "mime-version" not in names:
        head.append("MIME-Version: 1.0")
    if mail.form != "raw":
        head += ["Content-Type: text/%s; charset=utf-8" % mail.form, "Content-Transfer-Encoding: 8bit"]
    elif "content-type" not in names:
        raise SystemExit("%s: %s: a raw mail needs a Header: Content-Type: line" % (mail.place, mail.name))
    return "\r\n".join(head + [""] + body.split("\n")).encode("utf-8")


def write(paths, folder):
    """The mails of some tables as files of a folder; returns how many."""
    mails = [mail for path in paths for mail in read_table(path)]
    seen = {}
    for mail in mails:
        if mail.name in seen:
            raise SystemExit("%s: %s stands also at %s" % (mail.place, mail.name, seen[mail.name]))
        seen[mail.name] = mail.place
    files = [(mail, to_eml(mail)) for mail in mails]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "labels.jsonl"), "w", encoding="utf-8") as labels:
        for mail, eml in files:
            with open(os.path.join(folder, mail.name + ".eml"), "wb") as f:
                f.write(eml)
            labels.write(json.dumps({"file": mail.name + ".eml", "auto": mail.auto, "staff": mail.staff,
                                     "intents": mail.intents}, ensure_ascii=False) + "\n")
    return len(mails)


def main(argv):
    if len(argv) < 2:
        raise SystemExit(__doc__)
    print("%d mails" % write(argv[:-1], argv[-1]))


if __name__ == "__main__":
    main(sys.argv[1:])

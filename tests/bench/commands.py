#!/usr/bin/env python3
"""How soon each command answers in a large house: 50,000 registrations at 500 events, half of them to come, with their
mails (68 a day, the texts those of the corpus) and letters, 300 queue entries and 5,000 subscribers with their proofs.
"replay" is of one day, "newsletter send" begins an issue: its 5,000 copies are written down, the daemon sends them.

    commands.py [WORD]...       only the commands that hold one of the words

Each command is a process of its own, timed from outside, output thrown away: the median of five runs; what changes the
store is run once, on a copy. Prints "name value" lines, milliseconds, and "name.cpu value", of processor time.
"""
import contextlib
import glob
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
STADTLABOR = os.path.join(ROOT, "build", "release", "bin", "stadtlabor")
EVENTS, EACH, NOW, DAY = 500, 100, 1795345200, 86400      # NOW: 2026-11-22 12:00 in Berlin
PERSON = {"words": "Petra Müller, geb. 03.05.1958, Baarstraße 7", "source": "text", "at": 120, "len": 44,
          "pattern": "birth_before.yes", "where": "person.patterns:223"}

ISSUE = "Betreff: Was im Dezember los ist\n\n# {{greeting}}!\n\n" + "Kommen Sie vorbei, der Eintritt ist **frei**.\n\n" * 30 + \
    "{{#events}}\n- {{title}}, {{when}}: [anmelden]({{register}})\n{{/events}}\n\n[Abmelden]({{unsubscribe}})\n"


def programme(folder):
    path = os.path.join(folder, "events.csv")
    with open(path, "w") as out:
        out.write("code;title;keywords;start;end;place;capacity;waiting_list\n")
        for i in range(EVENTS):
            day = time.strftime("%Y-%m-%d", time.gmtime(NOW + (i - EVENTS // 2) * DAY))
            out.write("%s-kurs-%03d;Kurs Nummer %d: Digitales im Alltag;Kurs, Alltag %d;%sT17:00;%sT19:00;Stadtlabor, Nordengraben 10;"
                      "%d;yes\n" % (day, i, i, i, day, day, EACH - 10))
    return path


def fill(path):
    """Straight into the tables, as the daemon would have left them."""
    evidence = json.dumps({name: PERSON for name in ("first_name", "last_name", "birth_date", "street", "postal_code", "city")})
    reading = json.dumps({"auto": "act", "staff": False, "intents": [{"kind": "register", "persons": [PERSON] * 6}]})
    mails = [open(path, "rb").read() for path in sorted(glob.glob(os.path.join(ROOT, "tests", "corpus", "dev", "*.eml")))]
    letter = b"From: lab\r\n" + b"Guten Tag, die Anmeldung hat geklappt.\r\n" * 60
    asking = ("From: Petra Lang <petra@example.org>\r\nSubject: Anmeldung\r\nMessage-ID: <a@example.org>\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n\r\nGuten Tag,\r\n\r\nfalls es nichts kostet, melde ich mich zum Kurs an.\r\n\r\n"
              "Petra Lang\r\nBaarstraße 7\r\n58636 Iserlohn\r\n").encode()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        ids = [row[0] for row in db.execute("SELECT id FROM event ORDER BY starts")]
        for n in range(EVENTS * EACH):
            state = "confirmed" if n % EACH < EACH - 10 else "waiting"
            address = "buerger%d@example.org" % n
            came, mail = NOW - (EVENTS * EACH - n) * (DAY // 68), mails[n % len(mails)]
            db.execute("INSERT INTO mail (id, identity, received, state, sender, sender_name, subject, message_id, reading, size) VALUES "
                       "(?, ?, ?, 'done', ?, ?, 'Anmeldung', ?, ?, ?)", (n + 1, "m%d" % n, came, address, "Petra Müller%d" % n,
                                                                       "m%d@example.org" % n, reading, len(mail)))
            db.execute("INSERT INTO mail_raw VALUES (?, ?)", (n + 1, mail))
            db.execute("INSERT INTO registration (event_id, mail_id, party, state, address, first_name, last_name, birth_date, street, "
                       "postal_code, city, person_key, evidence, created, changed) VALUES (?, ?, ?, ?, ?, 'Petra', ?, '1958-05-03', "
                       "'Baarstraße 7', '58636', 'Iserlohn', ?, ?, ?, ?)",
                       (ids[n // EACH], n + 1, n + 1, state, address, "Müller%d" % n, "petra|mueller%d" % n, evidence, NOW - n, NOW - n))
            db.execute("INSERT INTO outbox (id, mail_id, kind, state, message_id, envelope_from, recipient, created, changed, filed) VALUES "
                       "(?, ?, 'confirmed', 'sent', ?, 'lab@example.org', ?, ?, ?, 'yes')", (n + 1, n + 1, "o%d@example.org" % n, address,
                                                                                           NOW - n, NOW - n))
            db.execute("INSERT INTO outbox_bytes VALUES (?, ?)", (n + 1, letter))
        db.execute("UPDATE waiting_list SET look_again = NULL")      # the lists are settled
        for n in range(300):
            db.execute("INSERT INTO queue_entry (mail_id, reason, words, state, created) VALUES (?, 'question', 'Bitte antworten Sie.', ?, ?)",
                       (n + 1, "open" if n < 60 else "done", NOW - n))
        db.execute("INSERT INTO mail (id, identity, received, state, sender, subject, reading, size) VALUES (99999, 'asking', ?, 'queued', "
                   "'petra@example.org', 'Anmeldung', '{}', ?)", (NOW, len(asking)))     # the seventh entry's
        db.execute("INSERT INTO mail_raw VALUES (99999, ?)", (asking,))
        db.execute("UPDATE queue_entry SET mail_id = 99999 WHERE id = 7")
        for n in range(5000):
            db.execute("INSERT INTO subscriber (id, address, state, changed) VALUES (?, ?, 'subscribed', ?)",
                       (n + 1, "leser%d@example.org" % n, NOW))
            for kind in ("request", "question", "confirmation"):
                db.execute("INSERT INTO consent (subscriber_id, kind, at, actor, sender, words, head) VALUES (?, ?, ?, 'stadtlabord', ?, ?, ?)",
                           (n + 1, kind, NOW, "leser%d@example.org" % n, "Bitte nehmen Sie mich auf.", "Received: from mx.example.org\n" * 60))


def commands(folder, coming, other, first):
    """name → words; those that change the store begin with "*". `first`: the first registration of event `coming`."""
    csv, issue = os.path.join(folder, "events.csv"), os.path.join(folder, "2026-12.md")
    return {
        "events list": ["events", "list"], "events list --all --json": ["events", "list", "--all", "--json"],
        "events show": ["events", "show", coming], "events export": ["events", "export"], "events export --ics": ["events", "export", "--ics"],
        "events import --dry-run": ["events", "import", csv, "--dry-run"],
        "*events edit, 100 letters": ["events", "edit", coming, "place=Rathaus", "--yes"],
        "*events cancel, 100 letters": ["events", "cancel", coming, "--yes"],
        "*events edit capacity, 10 move up": ["events", "edit", coming, "capacity=200"],
        "registrations list EVENT": ["registrations", "list", coming],
        "registrations list EVENT --csv": ["registrations", "list", coming, "--csv"],
        "registrations list EVENT --json": ["registrations", "list", coming, "--json"],
        "registrations list": ["registrations", "list"], "registrations list --all": ["registrations", "list", "--all"],
        "registrations list --all --csv": ["registrations", "list", "--all", "--csv"],
        "registrations list --all --json": ["registrations", "list", "--all", "--json"],
        "*registrations add": ["registrations", "add", coming, "--first-name", "Anna", "--last-name", "Neu", "--birth-date", "3.5.1958",
                               "--street", "Baarstraße 7", "--postal-code", "58636", "--city", "Iserlohn", "--address", "neu@example.org",
                               "--wait"],
        "registrations sheet": ["registrations", "sheet", coming], "*registrations came EVENT": ["registrations", "came", coming],
        "*registrations cancel, 1 moves up": ["registrations", "cancel", str(first)],
        "*registrations move": ["registrations", "move", str(first), other, "--place"],
        "*registrations move --place": ["registrations", "move", str(first + EACH - 5), coming, "--place"],
        "queue list": ["queue", "list"], "queue list --all": ["queue", "list", "--all"], "queue show": ["queue", "show", "7"],
        "*queue done": ["queue", "done", "7"], "*queue assign": ["queue", "assign", "7", "Weber"],
        "*queue accept": ["queue", "accept", "7", "--birth-date", "3.5.1960", "--event", coming],
        "*queue reply": ["queue", "reply", "7", "--text", os.path.join(folder, "conf")], "*queue retry": ["queue", "retry", "7"],
        "subscribers list": ["subscribers", "list"], "subscribers show": ["subscribers", "show", "leser7@example.org"],
        "subscribers export": ["subscribers", "export"],
        "*subscribers add": ["subscribers", "add", "neu@example.org"], "*subscribers remove": ["subscribers", "remove", "leser7@example.org"],
        "people show ADDRESS": ["people", "show", "buerger30000@example.org"], "people show NAME": ["people", "show", "Petra Müller30000"],
        "people retention": ["people", "retention"],
        "*people erase ADDRESS": ["people", "erase", "buerger30000@example.org", "--yes"],
        "*people erase NAME": ["people", "erase", "Petra Müller30000", "--yes"],
        "replay, 68 mails": ["replay", "--since", "2026-10-20", "--until", "2026-10-21"],
        "newsletter check": ["newsletter", "check", issue], "*newsletter send": ["newsletter", "send", issue, "--yes"],
        "outbox list": ["outbox", "list"], "outbox list failed": ["outbox", "list", "failed"], "newsletter status": ["newsletter", "status"],
        "status": ["status"],
    }


def timed(words, environment):
    """Milliseconds from start to end, and of processor time, which other work on the machine does not lengthen."""
    begin = time.monotonic()
    process = subprocess.Popen([STADTLABOR, *words], stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        print("    %s: status %d" % (" ".join(words), status))
    return (time.monotonic() - begin) * 1000, (used.ru_utime + used.ru_stime) * 1000


def main():
    folder = tempfile.mkdtemp(prefix="sbc", dir="/tmp")
    try:
        secret, store, config = (os.path.join(folder, name) for name in ("secret", "stadtlabor.db", "conf"))
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write("x\n")
        with open(config, "w") as out:
            out.write("imap_host = localhost\nimap_user = x\nimap_password_file = %s\nsmtp_host = localhost\nlab_address = lab@example.org\n"
                      "store = %s\n" % (secret, store))
        with open(os.path.join(folder, "2026-12.md"), "w") as out:
            out.write(ISSUE)
        environment = {**os.environ, "STADTLABOR_CONFIG": config, "STADTLABOR_NOW": str(NOW)}
        timed(["events", "import", programme(folder)], environment)
        fill(store)
        with contextlib.closing(sqlite3.connect(store)) as db:
            coming, other = (row[0] for row in db.execute("SELECT code FROM event ORDER BY starts LIMIT 2 OFFSET ?", (EVENTS // 2 + 50,)))
        kept = os.path.join(folder, "kept.db")
        with contextlib.closing(sqlite3.connect(store)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(store, kept)
        os.sync()
        for name, words in commands(folder, coming, other, (EVENTS // 2 + 50) * EACH + 1).items():
            if len(sys.argv) > 1 and not any(word in name for word in sys.argv[1:]):
                continue
            if name.startswith("*"):
                took = timed(words, environment)
                for end in ("", "-wal", "-shm"):
                    if os.path.exists(store + end):
                        os.unlink(store + end)
                shutil.copy(kept, store)
                os.sync()       # else the first commit waits until the whole copy is on the disk
                timed(["status"], environment)
            else:
                runs = [timed(words, environment) for _ in range(5)]
                took = [statistics.median(run[i] for run in runs) for i in range(2)]
            print("%s %.1f\n%s.cpu %.1f" % (name := name.lstrip("*").replace(" ", "_"), took[0], name, took[1]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How soon each command answers in a large house: 50,000 registrations at 500 events, half of them to come, with their
mails (68 a day, the texts those of the corpus) and letters, 300 queue entries and 5,000 subscribers with their proofs.
"replay" is of one day, "newsletter send" begins an issue: its 5,000 copies are written down, the daemon sends them. "check" asks
for servers that are not there; "check --whole" reads every page of the store, and takes as long as that takes.

    commands.py [WORD]...       only the commands that hold one of the words

Each command is a process of its own, timed from outside, output thrown away: the median of five runs; what changes the
store is run once, on a copy. Prints "name value" lines, milliseconds, and "name.cpu value", of processor time.
"""
import contextlib
import glob
import json
import os
import pty
import shlex
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


# One a line, "NAME: WORDS" where the words alone tell too little; what stands in capitals is put in by main. READING changes
# nothing; each line of CHANGING is run on a store as it was at first, what stands before a ";" being run untimed.
READING = """
status
status --json
events list
events list --all --json
events show EVENT
events show EVENT --json
events export
events export --coming
events export --ics
events import FOLDER/events.csv --dry-run
events edit EVENT place=Rathaus --dry-run
registrations list
registrations list --all
registrations list --all --csv
registrations list --all --json
registrations list EVENT
registrations list EVENT --all
registrations list EVENT --csv
registrations list EVENT --json
registrations sheet EVENT
registrations sheet EVENT --output FOLDER/sheet.html
queue list
queue list --all
queue list --all --json
queue list --for Weber
queue show 7
queue show 7 --json
queue work, a key: queue work
replay, 68 mails: replay --since 2026-10-20 --until 2026-10-21
replay --all --json, 68 mails: replay --since 2026-10-20 --until 2026-10-21 --all --json
subscribers list
subscribers list --all
subscribers list --json
subscribers list --bouncing
subscribers show leser7@example.org
subscribers show leser7@example.org --json
subscribers export
subscribers export --all
subscribers import, 1,000, --dry-run: subscribers import FOLDER/new.csv --consent "Liste vom Tag der offenen Tür" --dry-run
people show ADDRESS: people show buerger30000@example.org
people show NAME: people show "Petra Müller30000"
people show NAME --json: people show "Petra Müller30000" --json
people erase ADDRESS --dry-run: people erase buerger30000@example.org --dry-run
people retention
newsletter status
newsletter status NAME: newsletter status 2026-11
newsletter check: newsletter check FOLDER/2026-12.md
newsletter preview: newsletter preview FOLDER/2026-12.md
outbox list
outbox list sent
outbox list failed
read: read --programme FOLDER/events.csv FOLDER/mail.eml
explain: explain --programme FOLDER/events.csv FOLDER/mail.eml
own-words: own-words FOLDER/mail.eml
check, without servers: check
check --whole, without servers: check --whole
"""
CHANGING = """
events add: events add title=Neu "start=2027-02-09 17:00"
events edit, 100 letters: events edit EVENT place=Rathaus --yes
events cancel, 100 letters: events cancel EVENT --yes
events edit capacity, 10 move up: events edit EVENT capacity=200
events import, 500 new events: events import FOLDER/more.csv --yes
registrations add: registrations add EVENT --first-name Anna --last-name Neu --birth-date 3.5.1958 --street "Baarstraße 7" \
--postal-code 58636 --city Iserlohn --address neu@example.org --wait
registrations came EVENT
registrations came EVENT --not
registrations cancel, 1 moves up: registrations cancel FIRST
registrations move: registrations move FIRST OTHER --place
registrations move --place: registrations move WAITING EVENT --place
queue assign: queue assign 7 Weber
queue accept: queue accept 7 --birth-date 3.5.1960 --event EVENT
queue ask: queue ask 7 --event EVENT
queue reply: queue reply 7 --text FOLDER/conf
queue done: queue done 7
queue spam: queue spam 7
queue retry: queue retry 7
subscribers add: subscribers add neu@example.org
subscribers add --consent: subscribers add neu@example.org --consent "am Tresen"
subscribers remove: subscribers remove leser7@example.org
subscribers restore: subscribers remove leser7@example.org --no-letters; subscribers restore leser7@example.org
subscribers import --consent, 1,000: subscribers import FOLDER/new.csv --consent "Liste vom Tag der offenen Tür" --yes
subscribers import --ask, 100: subscribers import FOLDER/few.csv --ask --yes
people erase ADDRESS: people erase buerger30000@example.org --yes
people erase NAME: people erase "Petra Müller30000" --yes
newsletter new: newsletter new FOLDER/2027-01
newsletter test: newsletter test probe@example.org FOLDER/2026-12.md
newsletter send: newsletter stop 2026-11; newsletter send FOLDER/2026-12.md --yes
newsletter schedule: newsletter schedule FOLDER/2026-12.md --at "01.12.2026 09:00" --yes
newsletter pause: newsletter pause 2026-11
newsletter resume: newsletter pause 2026-11; newsletter resume 2026-11
newsletter stop: newsletter stop 2026-11
newsletter run
"""


def commands(lines, put_in):
    """(name, words to run before, words to time) a line."""
    for line in lines.replace("\\\n", "").strip().split("\n"):
        name, words = line.split(": ", 1) if ": " in line.split('"')[0] else (line, line)
        for capitals, value in put_in.items():
            words = words.replace(capitals, value)
        *before, last = [shlex.split(one) for one in words.split("; ")]
        yield name, before, last


def timed(words, environment):
    """Milliseconds from start to end, and of processor time, which other work on the machine does not lengthen."""
    key, terminal = pty.openpty()
    os.write(key, b"q")
    begin = time.monotonic()
    process = subprocess.Popen([STADTLABOR, *words], stdin=terminal, stderr=subprocess.PIPE,
                               stdout=terminal if "work" in words else subprocess.DEVNULL,
                               cwd=os.path.dirname(environment["STADTLABOR_CONFIG"]), env=environment)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    took = (time.monotonic() - begin) * 1000
    process.stderr.close()
    os.close(key)
    os.close(terminal)
    if status and words[0] != "check":       # no mail servers are here to be asked
        print("    %s: status %d: %s" % (" ".join(words), status, said.decode(errors="replace").strip()))
    return took, (used.ru_utime + used.ru_stime) * 1000


def show(name, took):
    print("%s %.1f\n%s.cpu %.1f" % (name := name.replace(" ", "_"), took[0], name, took[1]), flush=True)


def put_back(kept, store):
    for end in ("-wal", "-shm"):
        if os.path.exists(store + end):
            os.unlink(store + end)
    shutil.copy(kept, store)
    os.sync()       # else the first commit waits until the whole copy is on the disk


def furnish(folder):
    """What the commands are given."""
    with open(os.path.join(folder, "2026-12.md"), "w") as out:
        out.write(ISSUE)
    with open(os.path.join(folder, "2026-11.md"), "w") as out:
        out.write(ISSUE.replace("Dezember", "November"))
    for name, people in ("new.csv", 1000), ("few.csv", 100):
        with open(os.path.join(folder, name), "w") as out:
            out.write("E-Mail\n" + "".join("neu%d@example.org\n" % n for n in range(people)))
    with open(os.path.join(folder, "events.csv")) as programme, open(os.path.join(folder, "more.csv"), "w") as out:
        out.write(programme.read().replace("-kurs-", "-mehr-"))
    shutil.copy(sorted(glob.glob(os.path.join(ROOT, "tests", "corpus", "dev", "*.eml")))[0], os.path.join(folder, "mail.eml"))


def main():
    folder = tempfile.mkdtemp(prefix="sbc", dir="/tmp")
    try:
        secret, store, config = (os.path.join(folder, name) for name in ("secret", "stadtlabor.db", "conf"))
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write("x\n")
        with open(config, "w") as out:
            out.write("imap_host = localhost\nimap_port = 9\nimap_user = x\nimap_password_file = %s\nsmtp_host = localhost\n"
                      "smtp_port = 9\nlab_address = lab@example.org\nstore = %s\n" % (secret, store))
        environment = {**os.environ, "STADTLABOR_CONFIG": config, "STADTLABOR_NOW": str(NOW)}
        timed(["events", "import", programme(folder)], environment)
        furnish(folder)
        fill(store)
        timed(["newsletter", "send", os.path.join(folder, "2026-11.md"), "--yes"], environment)
        with contextlib.closing(sqlite3.connect(store)) as db:
            coming, other = (row[0] for row in db.execute("SELECT code FROM event ORDER BY starts LIMIT 2 OFFSET ?", (EVENTS // 2 + 50,)))
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        first = (EVENTS // 2 + 50) * EACH + 1
        put_in = {"EVENT": coming, "OTHER": other, "FIRST": str(first), "WAITING": str(first + EACH - 5), "FOLDER": folder}
        kept = os.path.join(folder, "kept.db")
        shutil.copy(store, kept)
        os.sync()
        wanted = lambda name: len(sys.argv) < 2 or any(word in name for word in sys.argv[1:])
        for name, _, words in commands(READING, put_in):
            if wanted(name):
                runs = [timed(words, environment) for _ in range(5)]
                show(name, [statistics.median(run[i] for run in runs) for i in range(2)])
        for name, before, words in commands(CHANGING, put_in):
            if wanted(name):
                for one in before:
                    timed(one, environment)
                show(name, timed(words, environment))
                put_back(kept, store)
                timed(["status"], environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

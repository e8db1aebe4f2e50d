"""What the kill test and the fault test share: a house under load, and the recount of every mail and letter afterwards.

Promises that findings() checks, each broken one a sentence:
- every mail stands exactly once in the store and in exactly one folder, none in the INBOX;
- every letter was taken by the relay at least once, and more than once only if the store says it was sent again;
- every person is registered exactly once, every question waits exactly once; a mail that two kills hit while it was being
  taken in waits in the queue unread instead, exactly once (what kills the program is not tried a third time);
- the sent folder has exactly one copy of each letter.
"""
import collections
import contextlib
import os
import random
import re
import shutil
import sys
import tempfile
import time

from house import House, LAB, PROGRAMME, Servers, mail
from sink import Sink


@contextlib.contextmanager
def world(name, relay_tls=False, **options):
    """(house, sink): Dovecot alone, a relay that writes down what it took, room for everybody at the guided tour. Batches
    are small, so that one is handled while others are fetched and moved."""
    folder = tempfile.mkdtemp(prefix="stadtlabor-%s-" % name, dir="/tmp")
    os.chmod(folder, 0o755)
    try:
        with Servers(os.path.join(folder, "s"), postfix=False) as servers:
            cert = servers.certs.pair("good") if relay_tls else None
            plain = {} if relay_tls else {"smtp_tls": "none", "smtp_user": None, "smtp_password_file": None}
            with Sink(folder, cert=cert) as sink, House(os.path.join(folder, "h"), servers=servers, replies_per_day=1000,
                                                        **{"imap_batch": 2, "smtp_port": sink.port, **plain, **options}) as house:
                big = os.path.join(folder, "big.csv")
                with open(big, "w") as out, open(PROGRAMME) as programme:
                    for line in programme:
                        out.write(line.replace("Nordengraben 10;15;yes;2027-02-08", "Nordengraben 10;100000;yes;2027-02-08"))
                house.command("events", "import", big)
                yield house, sink
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Campaign:
    """`done` counts what was done to the house; `random` decides what, by the seed."""
    def __init__(self, house, sink, seed):
        self.house, self.sink, self.random = house, sink, random.Random(seed)
        self.began, self.done = time.monotonic(), collections.Counter()
        self.number = 0
        self.registered = self.asked = self.questions = self.robots = 0

    def deposit(self, count):
        """Mails of four kinds, each one different."""
        for _ in range(count):
            self.number += 1
            n, kind = self.number, self.number % 4
            sender = "buerger%d@example.org" % n
            name = "%s %s" % ("".join(chr(97 + int(c)) for c in str(n)).capitalize() + "bert", "Kamp")
            if kind == 0:
                text, self.registered = ("Ich melde mich zum Rundgang durch das Stadtlabor am 09.02.2027 an.\n\n%s\ngeb. 03.05.1958"
                                         "\nNordengraben 12\n58636 Iserlohn\n" % name), self.registered + 1
            elif kind == 1:
                text, self.asked = ("Ich melde mich zum Rundgang durch das Stadtlabor am 09.02.2027 an.\n\n%s\nNordengraben 12\n"
                                    "58636 Iserlohn\n" % name), self.asked + 1
            elif kind == 2:
                text, self.questions = "Guten Tag, gibt es bei Ihnen einen Aufzug? Frage %d\n\n%s\n" % (n, name), self.questions + 1
            else:
                text, self.robots = "Ich bin im Urlaub %d.\n" % n, self.robots + 1
            headers = ("Auto-Submitted: auto-replied",) if kind == 3 else ()
            self.house.servers.deliver_lmtp(mail(sender, "Rundgang %d" % n, text, name=name, headers=headers,
                                                 message_id="<kill%d@example.org>" % n), sender)

    # ---- the recount ----

    def findings(self):
        house = self.house
        folders = collections.Counter()
        for folder, mails in house.servers.mailbox(LAB).items():
            if folder not in ("Sent", "Gesendet"):
                folders.update(m["Message-ID"] for m in mails)
                if folder == "INBOX" and mails:
                    yield "%d mails still in the INBOX" % len(mails)
        unread = {re.search(rb"<kill(\d+)@", row["bytes"])[0].decode() + "example.org>": row["n"] for row in house.rows(
            "SELECT bytes, count(*) AS n FROM mail JOIN mail_raw ON mail_id = id WHERE reason = 'unread' GROUP BY bytes")}
        stored = collections.Counter("<%s>" % row["message_id"]
                                     for row in house.rows("SELECT message_id FROM mail WHERE reason <> 'unread'"))
        stored.update(unread)
        self.unread = len(unread)
        lost = collections.Counter(int(re.search(r"\d+", key)[0]) % 4 for key in unread)
        wanted = {"<kill%d@example.org>" % n for n in range(1, self.number + 1)}
        for place, seen in (("folders", folders), ("store", stored)):
            if set(seen) != wanted:
                yield "%s: missing %s, unknown %s" % (place, sorted(wanted - set(seen))[:5], sorted(set(seen) - wanted)[:5])
            yield from ("%s: %s is there %d times" % (place, key, n) for key, n in seen.items() if n != 1)
        yield from self.letter_findings(self.registered + self.asked - lost[0] - lost[1])
        for what, sql, number in (
                ("registrations", "SELECT count(*) AS n FROM registration", self.registered - lost[0]),
                ("people", "SELECT count(DISTINCT person_key) AS n FROM registration", self.registered - lost[0]),
                ("conversations", "SELECT count(*) AS n FROM conversation", self.asked - lost[1]),
                ("queue", "SELECT count(*) AS n FROM queue_entry", self.questions - lost[2] + len(unread)),
                ("robots", "SELECT count(*) AS n FROM mail WHERE state = 'ignored'", self.robots - lost[3])):
            found = house.rows(sql)[0]["n"]
            if found != number:
                yield "%s: %d, wanted %d" % (what, found, number)
        checked = house.json("check", "--whole", check=False)
        yield from (row["words"] for row in checked if row["name"] == "store" and not row["good"])

    def letter_findings(self, wanted):
        letters = self.house.rows("SELECT id, message_id, state, filed FROM outbox")
        if len(letters) != wanted:
            yield "letters: %d, wanted %d" % (len(letters), wanted)
        taken = collections.Counter((m["message_id"] or "").strip("<>") for m in self.sink.messages())
        copies = collections.Counter((m["Message-ID"] or "").strip("<>")
                                     for name, mails in self.house.servers.mailbox(LAB).items() if name == "Sent" for m in mails)
        again = {row["subject"] for row in self.house.rows("SELECT subject FROM audit WHERE action LIKE '%again%' OR action LIKE '%unclear%'")}
        self.unclear = len(again)
        for letter in letters:
            key = letter["message_id"]
            said = any(str(letter["id"]) in subject.split() for subject in again)
            if letter["state"] != "sent" or letter["filed"] != "yes":
                yield "letter %d: %s, filed %s" % (letter["id"], letter["state"], letter["filed"])
            if taken[key] < 1 or (taken[key] > 1 and not said):
                yield "letter %d: taken %d times, unclear: %s" % (letter["id"], taken[key], said)
            if copies[key] != 1:
                yield "letter %d: %d copies in the sent folder" % (letter["id"], copies[key])

    # ---- the end ----

    def settle(self, hours=24):
        """Runs until nothing waits: what a fault left over needs a run for the mails, one for the letters, one for their
        copies; letters that wait for their time get it. The last runs must be without fault."""
        for _ in range(hours):
            self.house.now += 3600
            self.house.once()
            if self.house.settled() and not self.house.rows("SELECT 1 FROM outbox WHERE state = 'later'"):
                break
        self.house.once()

    def tell(self, name, seed, wanted):
        """Prints the figures and "ok" or "not ok"; the exit status."""
        findings, total = list(self.findings()), sum(self.done.values())
        print("# %s: %d in %.0f s, seed %d, %d mails, %d of them unread, %d letters sent again: %s" % (
            name, total, time.monotonic() - self.began, seed, self.number, self.unread, self.unclear,
            " ".join("%s=%d" % item for item in sorted(self.done.items()))))
        for finding in findings[:40] + self.house.reports().splitlines()[:40]:
            print("# " + finding)
        good = {"every_mail_and_letter_exactly_once": not findings, "sanitizers_are_silent": not self.house.reports(),
                "all_that_was_planned_was_done": total >= wanted}
        for what, right in good.items():
            print("%sok %s_%s" % ("" if right else "not ", name, what))
        sys.stdout.flush()
        if not all(good.values()) and os.environ.get("KEEP") == "1":
            shutil.copytree(self.house.folder, "/tmp/stadtlabor-%s-kept" % name, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("*.bell"))
        return 0 if all(good.values()) else 1

#!/usr/bin/env python3
"""The kill test: SIGKILL at every step of the flow and at random moments, then a restart, then a recount.

    python3 tests/flow/kill.py --kills 500 [--seed N]        prints "ok"/"not ok" lines and the figures

Promises checked after the last restart:
- every mail stands exactly once in the store and in exactly one folder, none in the INBOX;
- every letter was taken by the relay at least once, and more than once only if the store says it was unclear;
- every person is registered exactly once, every question waits exactly once; a mail that two kills hit while it was being
  taken in waits in the queue unread instead, exactly once (what kills the program is not tried a third time);
- the sent folder has exactly one copy of each letter.
"""
import argparse
import collections
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from house import House, LAB, PROGRAMME, mail
from sink import Sink

# Every place between two of which the world may change without the store knowing, or the other way round.
PLACES = ("receiver.noted", "desk.mail", "desk.before_commit", "desk.committed", "receiver.moved", "outbox.claimed",
          "outbox.sent", "outbox.recorded", "receiver.filing", "receiver.filed")


class Campaign:
    def __init__(self, house, sink, seed):
        self.house, self.sink, self.random = house, sink, random.Random(seed)
        self.kills = collections.Counter()
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

    def at_place(self, place, nth):
        """One run that is to die there; False when it never came by."""
        done = self.house.once(check=False, STADTLABOR_KILL_AT="%s:%d" % (place, nth))
        if done.returncode == -signal.SIGKILL:
            self.kills[place] += 1
            return True
        if done.returncode != 0:
            raise RuntimeError("status %d\n%s" % (done.returncode, done.stderr[-3000:]))
        return False

    def at_random(self):
        """The daemon under load, killed somewhere within its first half second."""
        self.deposit(8)
        daemon = self.house.start()
        try:
            daemon.wait(self.random.uniform(0.02, 0.6))
        except subprocess.TimeoutExpired:
            pass
        if daemon.poll() not in (None, -signal.SIGKILL):
            raise RuntimeError("stadtlabord ended by itself: %s\n%s" % (daemon.returncode, self.house.log_text()[-3000:]))
        daemon.kill()
        daemon.wait()
        self.house.daemon = None
        self.kills["random"] += 1

    def run(self, kills):
        for _ in range(max(1, kills // 5)):
            self.at_random()
        missed = 0
        while sum(self.kills.values()) < kills and missed < 200:
            place = PLACES[sum(self.kills.values()) % len(PLACES)]
            self.deposit(4)
            missed += not self.at_place(place, self.random.randint(1, 3))
        for _ in range(3):      # what a kill left over needs at most two runs: the letters of the first, their copies
            self.house.once()

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="stadtlabor-kill-", dir="/tmp")
    began = time.monotonic()
    try:
        with Sink(folder) as sink, House(os.path.join(folder, "h"), servers={"postfix": False}, smtp_port=sink.port,
                                         smtp_tls="none", smtp_user=None, smtp_password_file=None, replies_per_day=1000) as house:
            house.command("events", "import", PROGRAMME)
            with open(os.path.join(folder, "big.csv"), "w") as out, open(PROGRAMME) as programme:
                for line in programme:      # room for all of them at the guided tour
                    out.write(line.replace("Nordengraben 10;15;yes;2027-02-08", "Nordengraben 10;100000;yes;2027-02-08"))
            house.command("events", "import", os.path.join(folder, "big.csv"))
            campaign = Campaign(house, sink, wish.seed)
            campaign.run(wish.kills)
            findings = list(campaign.findings())
            total = sum(campaign.kills.values())
            print("# %d kills in %.0f s, seed %d, %d mails, %d of them unread, %d letters unclear: %s" % (
                total, time.monotonic() - began, wish.seed, campaign.number, campaign.unread, campaign.unclear,
                " ".join("%s=%d" % item for item in sorted(campaign.kills.items()))))
            for finding in findings[:40]:
                print("# " + finding)
            print("%sok kill_every_mail_and_letter_exactly_once" % ("not " if findings else ""))
            print("%sok kill_at_every_place" % ("" if all(campaign.kills[p] for p in PLACES) and total >= wish.kills else "not "))
            if findings and os.environ.get("KEEP") == "1":
                shutil.copytree(os.path.join(folder, "h"), "/tmp/stadtlabor-kill-kept", dirs_exist_ok=True,
                                ignore=shutil.ignore_patterns("servers", "*.bell"))
            return 1 if findings else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

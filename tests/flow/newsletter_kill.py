#!/usr/bin/env python3
"""The newsletter's kill test: an issue to many readers, the daemon killed at random and at every step of sending, by a relay
that refuses, closes and falls silent, and with the disk full; then a recount by what the relay wrote down.

    python3 tests/flow/newsletter_kill.py --kills 120 --readers 2000 [--seed N] [--plain]     --plain: the relay is well

Promises, each broken one a sentence:
- nobody gets two copies; whoever is `sent` got one, whoever is `failed` none;
- at the end everybody is sent, failed for a reason the relay gave, or unclear; nobody is forgotten;
- unclear are the copies whose answer the relay kept to itself, each of them, and of all others no more than kills × connections.

The two are told apart because no client could do better: after the dot the relay may have taken the mail or not, and only its
answer says which (RFC 5321 4.5.3.2.6, 6.1; RFC 1047). Sent again, such a copy may come twice; given up, never.
"""
import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import time

from campaign import world
from newsletter import issue_state, ledger, many, send, subscribe, sums, taken

PLACES = ("outbox.claimed", "outbox.sent", "outbox.recorded")
CONNECTIONS = 4
FAULTS = (("rcpt", "450 4.2.0 busy"), ("mail", "421 4.3.2 shutting down"), ("dot", "451 4.3.0 try again"), ("dot", "close"),
          ("dot", "lose"), ("connect", "421 4.3.2 too many connections"), ("data", "lose"))
QUIET = {("dot", "close"), ("dot", "lose")}         # the relay keeps its answer to itself


class Kills:
    def __init__(self, house, sink, wish):
        self.house, self.sink, self.readers, self.plain = house, sink, many(wish.readers), wish.plain
        self.random, self.done, self.faults = random.Random(wish.seed), collections.Counter(), []

    def kills(self):
        return sum(n for what, n in self.done.items() if what != "full disk seen")

    def life(self):
        """How many copies the next life may send: so that all kills find something to interrupt."""
        return self.random.randint(1, max(2, int(0.7 * self.waiting() / max(1, self.left))))

    def waiting(self):
        return sum(n for state, n in sums(self.house).items() if state in ("queued", "later", "sending"))

    def weaken(self):
        """The relay fails once or twice somewhere ahead."""
        if self.plain:
            return
        self.sink.clear()
        for stage, action in self.random.sample(FAULTS, 2):
            nth = self.sink.reached[stage] + self.random.randint(1, 12)
            self.faults.append((stage, action, self.sink.fault(stage, action, nth=nth)))

    def at_place(self):
        place = self.random.choice(PLACES)
        nth = self.life() if place == "outbox.sent" else 1 + self.life() // CONNECTIONS     # the others pass once for several
        done = self.house.once(check=False, STADTLABOR_KILL_AT="%s:%d" % (place, nth))
        if done.returncode == -signal.SIGKILL:
            self.done[place] += 1

    def disk_is_full(self, pid):
        """No file may grow beyond what the log needs, until the daemon says that it stopped taking; or for a while, as it may
        just wait for the relay."""
        limit, stopped = os.path.getsize(self.house.log) + 4096, self.house.log_text().count("outbox_stopped_taking")
        subprocess.run(["prlimit", "--pid", str(pid), "--fsize=%d:unlimited" % limit], check=True)
        end = time.monotonic() + 3
        while time.monotonic() < end and self.house.log_text().count("outbox_stopped_taking") == stopped:
            time.sleep(0.02)
        self.done["full disk seen"] += self.house.log_text().count("outbox_stopped_taking") > stopped

    def under_way(self, full):
        """Killed when the relay took so many more; `full`: after the disk was full for a while."""
        house, before, life = self.house, self.sink.count(), self.life()
        daemon = house.start()
        end = time.monotonic() + 8
        while self.sink.count() < before + life and time.monotonic() < end and daemon.poll() is None:
            time.sleep(0.002)
        if full and daemon.poll() is None:
            self.disk_is_full(daemon.pid)
            if self.random.random() < 0.5:
                subprocess.run(["prlimit", "--pid", str(daemon.pid), "--fsize=unlimited:unlimited"], check=True)
        time.sleep(self.random.uniform(0, 0.02))
        if daemon.poll() is not None:
            raise RuntimeError("stadtlabord ended by itself: %s\n%s" % (daemon.returncode, house.log_text()[-2000:]))
        house.stop(signal.SIGKILL)
        self.done["full" if full else "random"] += 1

    def run(self, kills):
        number = 0
        while self.kills() < kills and number < 3 * kills and self.waiting():
            self.left = kills - self.kills()
            number += 1
            self.weaken()
            if number % 8 == 0:
                self.under_way(full=True)
            elif number % 2:
                self.under_way(full=False)
            else:
                self.at_place()
            self.house.now += 300

    def settle(self):
        self.sink.clear()
        for _ in range(80):
            self.house.now += 3600
            self.house.once(check=False)
            if issue_state(self.house) == "sent":
                return

    def answers_kept(self):
        """Whose copies were whole on the relay, which said nothing."""
        return {reader for stage, action, fault in self.faults if (stage, action) in QUIET for met in fault.met for reader in met}

    def findings(self, kills):
        states, got = ledger(self.house), taken(self.sink)
        if sorted(address for addresses in states.values() for address in addresses) != self.readers:
            yield "the ledger does not hold every reader once"
        if set(states) - {"sent", "failed", "unclear"} or issue_state(self.house) != "sent":
            yield "left over: %s, the issue is %s" % (sums(self.house), issue_state(self.house))
        twice = [address for address, n in got.items() if n > 1]
        if twice or set(got) - set(self.readers):
            yield "got it twice: %s" % twice[:5]
        yield from ("sent, but not taken: %s" % address for address in states.get("sent", ()) if address not in got)
        yield from ("failed, but taken: %s" % address for address in states.get("failed", ()) if address in got)
        unclear, kept = set(states.get("unclear", ())), self.answers_kept()
        if len(unclear - kept) > kills * CONNECTIONS:
            yield "unclear by kills: %d, kills %d" % (len(unclear - kept), kills)
        yield from ("the answer was kept, but it is not unclear: %s" % address for address in kept - unclear)


def main(kills=120, readers=2000):
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--readers", type=int, default=readers)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true")
    wish = parser.parse_args()
    began = time.monotonic()
    with world("newsletter-kill", smtp_connections=CONNECTIONS, smtp_timeout=5) as (house, sink):
        house.command("newsletter")
        subscribe(house, many(wish.readers))
        send(house)
        campaign = Kills(house, sink, wish)
        campaign.run(wish.kills)
        done = campaign.kills()
        campaign.settle()
        findings = list(campaign.findings(done))
        print("# newsletter kill: %d kills in %.0f s, seed %d, %d readers, answers kept %d, faults %d: %s: %s" % (
            done, time.monotonic() - began, wish.seed, wish.readers, len(campaign.answers_kept()), sum(fault.hits for _, _, fault in campaign.faults),
            " ".join("%s=%d" % item for item in sorted(campaign.done.items())), sums(house)))
        for finding in findings[:20] + house.reports().splitlines()[:40]:
            print("# " + finding)
        good = {"everybody_has_one_copy_or_is_unclear": not findings, "sanitizers_are_silent": not house.reports(),
                "all_kills_were_done": done >= wish.kills}
        for what, right in good.items():
            print("%sok newsletter_kill_%s" % ("" if right else "not ", what))
        sys.stdout.flush()
        return 0 if all(good.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

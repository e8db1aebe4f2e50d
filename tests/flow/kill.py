#!/usr/bin/env python3
"""The kill test: SIGKILL at every step of the flow and at random moments, then a restart, then a recount (campaign.py).

    python3 tests/flow/kill.py --kills 500 [--seed N]        prints "ok"/"not ok" lines and the figures
"""
import argparse
import signal
import subprocess
import sys

from campaign import Campaign, world

# Every place between two of which the world may change without the store knowing, or the other way round.
PLACES = ("receiver.noted", "desk.mail", "desk.before_commit", "desk.committed", "receiver.moved", "outbox.claimed",
          "outbox.sent", "outbox.recorded", "receiver.filing", "receiver.filed")


class Kills(Campaign):
    def at_place(self, place, nth):
        """One run that is to die there; False when it never came by."""
        done = self.house.once(check=False, STADTLABOR_KILL_AT="%s:%d" % (place, nth))
        if done.returncode == -signal.SIGKILL:
            self.done[place] += 1
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
        self.house.stop(signal.SIGKILL)
        self.done["random"] += 1

    def run(self, kills):
        for _ in range(max(1, kills // 5)):
            self.at_random()
        missed = 0
        while sum(self.done.values()) < kills and missed < 200:
            place = PLACES[sum(self.done.values()) % len(PLACES)]
            self.deposit(4)
            missed += not self.at_place(place, self.random.randint(1, 3))
        self.settle()


def main(kills=500):
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with world("kill") as (house, sink):
        campaign = Kills(house, sink, wish.seed)
        campaign.run(wish.kills)
        status = campaign.tell("kill", wish.seed, wish.kills)
        everywhere = all(campaign.done[place] for place in PLACES)
        print("%sok kill_at_every_place" % ("" if everywhere else "not "))
        return status or (0 if everywhere else 1)


if __name__ == "__main__":
    sys.exit(main())

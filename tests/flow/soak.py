#!/usr/bin/env python3
"""The soak test: the daemon for some minutes under a steady flow of mails, colleagues' connections thrown out now and then;
memory, descriptors and threads must stay flat, and afterwards everything is accounted for exactly once (campaign.py).

    python3 tests/flow/soak.py --minutes 10 [--seed N]      prints "ok"/"not ok" lines and the figures
"""
import argparse
import os
import sys
import time

from campaign import Campaign, world

WARM = 0.3      # of the time: caches and pools fill
GROWTH_KB = 3072


def figures(pid):
    """(resident kB, descriptors, threads)"""
    with open("/proc/%d/status" % pid) as file:
        lines = dict(line.split(":", 1) for line in file)
    return int(lines["VmRSS"].split()[0]), len(os.listdir("/proc/%d/fd" % pid)), int(lines["Threads"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with world("soak") as (house, sink):
        campaign, seen = Campaign(house, sink, wish.seed), []
        daemon = house.start()
        end, begin = time.monotonic() + wish.minutes * 60, time.monotonic()
        while time.monotonic() < end:
            campaign.deposit(8)
            house.settle(campaign.number, 60)
            campaign.done["mails"] += 8
            if campaign.number % 400 == 0:
                house.servers.drop_clients()
                campaign.done["dropped"] += 1
            seen.append(((time.monotonic() - begin) / (wish.minutes * 60), *figures(daemon.pid)))
            time.sleep(0.05)
        house.stop()
        warm = [row for row in seen if row[0] >= WARM]
        half = len(warm) // 2
        before, after = (sorted(row[1] for row in part)[len(part) // 2] for part in (warm[:half], warm[half:]))
        print("# memory %d kB, then %d kB (medians of two halves); descriptors %d to %d; threads %d to %d" % (
            before, after, min(row[2] for row in warm), max(row[2] for row in warm), min(row[3] for row in warm),
            max(row[3] for row in warm)))
        flat = {"memory": after - before < GROWTH_KB, "threads": len({row[3] for row in warm}) <= 2,
                "descriptors": max(row[2] for row in warm) - min(row[2] for row in warm) <= 6}
        for what, good in flat.items():
            print("%sok soak_%s_flat" % ("" if good else "not ", what))
        campaign.settle()
        return campaign.tell("soak", wish.seed, 8) or (0 if all(flat.values()) else 1)


if __name__ == "__main__":
    sys.exit(main())

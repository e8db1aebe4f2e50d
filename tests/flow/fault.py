#!/usr/bin/env python3
"""The fault test: a proxy cuts, stalls and garbles IMAP and SMTP at random places while mails come in, then a recount (campaign.py).

    python3 tests/flow/fault.py --faults 500 [--seed N]      prints "ok"/"not ok" lines and the figures

Both connections are encrypted, as in life: a garbled byte is then a broken connection and never a changed mail. In the clear part
before STARTTLS a garbled byte may be anything, but not a reason to go on in the clear.
"""
import argparse
import sys

from campaign import Campaign, world
from proxy import Proxy

FAULTS = ("cut", "reset", "stall", "garble")
# Bytes of a connection within which it is hit: handshake, then a few mails or letters.
IMAP_BYTES, SMTP_BYTES = {"server": 30000, "client": 12000}, {"server": 5000, "client": 20000}
SECONDS = 1     # how long a stalled server is waited for


class Faults(Campaign):
    def __init__(self, house, sink, imap, smtp, seed):
        super().__init__(house, sink, seed)
        self.proxies = {"imap": (imap, IMAP_BYTES), "smtp": (smtp, SMTP_BYTES)}

    def break_something(self):
        """A rule for the next connection, at a place of its own."""
        name, side = self.random.choice(("imap", "smtp")), self.random.choice(("server", "client"))
        kind = self.random.choice(FAULTS)
        proxy, most = self.proxies[name]
        # half of them early, where every connection comes by
        after = self.random.randint(0, most[side] if self.random.random() < 0.5 else most[side] // 6)
        options = {"reset": True} if kind == "reset" else {"count": self.random.randint(1, 4)} if kind == "garble" else {}
        return "%s_%s" % (name, kind), proxy.rule("cut" if kind == "reset" else kind, side, after=after, **options)

    def clear(self):
        """What a stalled connection still holds is dropped, not sent long after its client has gone: a server that then
        carries out an APPEND nobody waits for any more would make a second copy, which no client can prevent."""
        for proxy, _ in self.proxies.values():
            proxy.cut_now()
            proxy.clear()

    def one_run(self):
        """One run over a broken network; it may fail, but must end by itself and in order."""
        self.deposit(4)
        name, rule = self.break_something()
        self.house.now += 600
        done = self.house.once(check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError("status %d after %s\n%s" % (done.returncode, name, done.stderr[-3000:]))
        self.clear()
        self.done[name] += rule.hits

    def daemon(self, rounds):
        """The daemon over a network that breaks again and again; it must be well whenever the network is."""
        self.house.start()
        for _ in range(rounds):
            name, rule = self.break_something()
            self.deposit(4)
            self.random.choice((lambda: None, *[proxy.cut_now for proxy, _ in self.proxies.values()]))()
            try:
                self.house.settle(self.number, 6)
            except TimeoutError:
                pass        # a stall, and the pause after it; letters may wait for their time
            self.clear()
            self.done[name] += rule.hits
        if self.house.daemon.poll() is not None:
            raise RuntimeError("stadtlabord ended by itself: %s" % self.house.daemon.returncode)
        self.house.stop()

    def run(self, faults):
        while sum(self.done.values()) < faults * 0.85:
            self.one_run()
        while sum(self.done.values()) < faults:
            self.house.now += 7200
            self.daemon(3)
        self.clear()
        self.settle()


def main(faults=500):
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=int, default=faults)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with world("fault", relay_tls=True, imap_timeout=SECONDS, smtp_timeout=SECONDS) as (house, sink), \
            Proxy(house.servers.imaps_port) as imap, Proxy(sink.port) as smtp:
        house.configure(imap_port=imap.port, smtp_port=smtp.port)
        campaign = Faults(house, sink, imap, smtp, wish.seed)
        campaign.run(wish.faults)
        clear = [message for message in sink.messages() if not message["tls"]]
        print("%sok fault_no_letter_in_the_clear" % ("not " if clear else ""))
        return campaign.tell("fault", wish.seed, wish.faults) or (1 if clear else 0)


if __name__ == "__main__":
    sys.exit(main())

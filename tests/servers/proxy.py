#!/usr/bin/env python3
"""A TCP proxy for tests that breaks connections on command.

    with Proxy(servers.imap_port) as proxy:                  the client connects to proxy.port
        proxy.cut("server", after=2000)                      the next connection whose server sent 2000 bytes is cut there
        proxy.cut_in_literal(40)                             40 bytes into the next IMAP literal the server sends
        proxy.cut("client", pattern=rb"\\r\\n\\.\\r\\n")         after the final dot of a mail, before the reply
        proxy.stall("server", pattern=rb"\\+ idling")
        proxy.cut_now(); proxy.refuse(); proxy.clear()

    python3 proxy.py --to PORT [--port N] [--rule "cut server after=2000 times=1"]... ; prints its port; the same lines, and
    `cut-now`, `refuse`, `accept`, `clear`, `count`, are taken from standard input while it runs.

Promises: bytes up to the place named are passed on, none after it. A rule counts the bytes of each connection anew and is spent
after `times` (default 1, None: never). `side` is whose bytes are meant: "client" or "server". The place is `after` bytes from the
beginning or, with `pattern` (a regular expression over the bytes), `after` bytes behind its first match; `connection` limits
the rule to the n-th connection since the start. With TLS inside, only counts of bytes make sense.

    cut      ends both ends; reset=True with RST instead of FIN
    stall    this side's bytes are held from there on, until release() or the client gives up
    garble   the next `count` bytes from there are changed (each XOR 0x15; line ends too)
    rate     from there on this side goes at `rate` bytes a second
"""
import argparse
import asyncio
import re
import shlex
import socket
import struct
import sys
import threading

from listener import Listener

LITERAL = rb"\{\d+\}\r\n"
MEMORY = 4096           # bytes kept of each side, so that a pattern is found across two reads


class Rule:
    def __init__(self, kind, side, after=0, pattern=None, connection=None, times=1, reset=False, count=1, rate=None):
        if kind not in ("cut", "stall", "garble", "rate") or side not in ("client", "server"):
            raise ValueError("a rule is cut, stall, garble or rate for client or server, not %r %r" % (kind, side))
        self.kind, self.side, self.after, self.connection, self.times = kind, side, after, connection, times
        self.pattern = re.compile(pattern, re.S) if pattern else None
        self.reset, self.count, self.rate = reset, count, rate
        self.hits = 0

    def live(self, number):
        return (self.times is None or self.hits < self.times) and self.connection in (None, number)


class Proxy(Listener):
    what = "the proxy"

    def __init__(self, to_port, to_host="127.0.0.1", port=0):
        super().__init__(port)
        self.to_host, self.to_port = to_host, to_port
        self.connections = 0                # so far
        self.passed = {"client": 0, "server": 0}
        self.refusing = False
        self._rules, self._links = [], set()

    # ---- the control; from any thread, effective for bytes read from then on ----

    def rule(self, kind, side, **options):
        rule = Rule(kind, side, **options)
        self._rules.append(rule)
        return rule

    def cut(self, side, **options):
        return self.rule("cut", side, **options)

    def cut_in_literal(self, after=10, **options):
        return self.rule("cut", "server", pattern=LITERAL, after=after, **options)

    def stall(self, side, **options):
        return self.rule("stall", side, **options)

    def garble(self, side, count=1, **options):
        return self.rule("garble", side, count=count, **options)

    def limit(self, side, rate, **options):
        return self.rule("rate", side, rate=rate, times=options.pop("times", None), **options)

    def clear(self):
        """No rules, connections accepted; what stalls goes on."""
        self._rules, self.refusing = [], False
        self.release()

    def refuse(self, refusing=True):
        """New connections are closed at once, unanswered."""
        self.refusing = refusing

    def cut_now(self, reset=False):
        """All connections there are."""
        self._call(lambda: [link.cut(reset) for link in list(self._links)])

    def release(self):
        self._call(lambda: [link.flowing.set() for link in self._links])

    def open_links(self):
        return len(self._links)

    def _call(self, action):
        if self._loop:
            done = threading.Event()
            self._loop.call_soon_threadsafe(lambda: (action(), done.set()))
            done.wait(10)

    # ---- the traffic ----

    async def _close(self):
        for link in list(self._links):
            link.cut()
        await asyncio.gather(*[link.task for link in self._links], return_exceptions=True)

    async def _client(self, reader, writer):
        self.connections += 1
        if self.refusing:
            writer.close()
            return
        link = None
        try:
            to_server = await asyncio.open_connection(self.to_host, self.to_port)
            link = Link(self, self.connections, (reader, writer), to_server)
            self._links.add(link)
            await link.run()
        except OSError:
            writer.transport.abort()
        except asyncio.CancelledError:
            pass                # cut: what was passed on before still flows out
        finally:
            self._links.discard(link)


class Link:
    """One connection through the proxy."""
    def __init__(self, proxy, number, client, server):
        self.proxy, self.number = proxy, number
        self.ends = {"client": client, "server": server}
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.task = asyncio.current_task()

    async def run(self):
        sides = [asyncio.create_task(self._pump("client", "server")), asyncio.create_task(self._pump("server", "client"))]
        try:
            await asyncio.gather(*sides)
        finally:
            for side in sides:
                side.cancel()
            for _, writer in self.ends.values():
                writer.close()

    def cut(self, reset=False):
        for _, writer in self.ends.values():
            if reset and not writer.transport.is_closing():
                peer = writer.get_extra_info("socket")
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            else:
                writer.close()      # what was passed on so far still arrives
        self.flowing.set()
        self.task.cancel()

    async def _pump(self, side, other):
        reader, writer = self.ends[side][0], self.ends[other][1]
        flow = Flow(side)
        while True:
            data = await reader.read(65536)
            if not data:
                if writer.can_write_eof() and not writer.transport.is_closing():
                    writer.write_eof()
                return
            while data:
                rule, place = flow.next_rule(self.proxy._rules, self.number, data)
                now = data if rule is None else data[:place]
                data = data[len(now):]
                await self._pass(writer, now, flow, side)
                if rule is not None:
                    rule.hits += 1
                    flow.used.add(rule)
                    if rule.kind == "cut":
                        await writer.drain()
                        self.cut(rule.reset)
                        return
                    if rule.kind == "stall":
                        self.flowing.clear()
                        await self.flowing.wait()
                    if rule.kind == "rate":
                        flow.rate = rule.rate
                    if rule.kind == "garble":
                        flow.garble += rule.count

    async def _pass(self, writer, data, flow, side):
        flow.remember(data)
        broken = min(flow.garble, len(data))
        if broken:
            data = bytes(byte ^ 0x15 for byte in data[:broken]) + data[broken:]
            flow.garble -= broken
        step = len(data) if not flow.rate else max(1, flow.rate // 50)
        while data:
            writer.write(data[:step])
            await writer.drain()
            self.proxy.passed[side] += len(data[:step])
            if flow.rate:
                await asyncio.sleep(len(data[:step]) / flow.rate)
            data = data[step:]


class Flow:
    """What one side of a connection has sent so far, and where in it the rules apply."""
    def __init__(self, side):
        self.side, self.total, self.tail = side, 0, b""
        self.rate, self.garble, self.used, self.matched, self.met = None, 0, set(), {}, {}

    def remember(self, data):
        self.total += len(data)
        self.tail = (self.tail + data)[-MEMORY:]

    def next_rule(self, rules, number, data):
        """The rule that applies earliest within `data`, and after how many bytes of it."""
        best = None, None
        for rule in list(rules):
            if rule.side != self.side or rule in self.used or not rule.live(number):
                continue
            if rule.pattern is None:
                place = rule.after - self.total
            else:
                if rule not in self.matched:
                    # only in what came since this connection met the rule
                    since = self.met.setdefault(rule, self.total) - (self.total - len(self.tail))
                    match = rule.pattern.search(self.tail + data, max(since, 0))
                    if match:
                        self.matched[rule] = self.total - len(self.tail) + match.end()
                if rule not in self.matched:
                    continue
                place = self.matched[rule] + rule.after - self.total
            # a place gone by (a rule made later) means here, at once
            place = max(place, 0)
            if place <= len(data) and (best[1] is None or place < best[1]):
                best = rule, place
        return best


def _obey(proxy, line):
    words = shlex.split(line)
    plain = {"cut-now": proxy.cut_now, "refuse": proxy.refuse, "accept": lambda: proxy.refuse(False), "clear": proxy.clear,
             "count": lambda: print(proxy.connections, flush=True), "release": proxy.release}
    if words[0] in plain:
        plain[words[0]]()
        return
    options = {}
    for word in words[2:]:
        name, _, value = word.partition("=")
        if name not in ("after", "pattern", "connection", "times", "reset", "count", "rate"):
            raise ValueError("unknown option %r" % name)
        options[name] = value.encode() if name == "pattern" else None if value == "ever" else int(value)
    proxy.rule(words[0], words[1], **options)


def main():
    parser = argparse.ArgumentParser(description="TCP proxy with faults, for tests.")
    parser.add_argument("--to", type=int, required=True, metavar="PORT")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rule", action="append", default=[])
    wish = parser.parse_args()
    proxy = Proxy(wish.to, port=wish.port)
    for line in wish.rule:
        _obey(proxy, line)
    proxy.start()
    print(proxy.port, flush=True)
    for line in sys.stdin:
        try:
            if line.strip():
                _obey(proxy, line)
        except (ValueError, IndexError) as problem:
            print("proxy.py: %s" % problem, file=sys.stderr)
    proxy._thread.join()        # the end of standard input is no reason to stop


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass

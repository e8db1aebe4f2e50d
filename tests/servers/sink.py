#!/usr/bin/env python3
"""An SMTP relay for tests that takes every mail, writes down what it took, and fails on command.

    with Sink(folder) as sink:
        sink.fault("rcpt", "450 4.2.0 busy", nth=2)         the second RCPT
        sink.fault("dot", "close", nth=3)                    third message: taken, then the connection closes without reply
        sink.fault("mail", "421 4.3.2 shutting down", nth="5+")
        sink.fault("rcpt", "550 5.1.1 no such user", address="gast@example.org")
        ... sink.wait(4) ... sink.messages()

    python3 sink.py --record FILE [--port N] [--fault "STAGE NTH-OR-ADDRESS ACTION"]... ; prints the port; the same
    fault lines, `clear` and `count` are taken from standard input while it runs.

Promises: a message stands in the record (one JSON line, fsync) before its 250 is sent; nothing else is ever in the record.
    {"n", "time", "connection", "tls", "user", "from", "to": [...], "message_id", "size", "data": base64}
A stage is connect (the greeting), helo, starttls, auth, mail, rcpt, data, dot, rset or quit. `nth` counts how often the stage was
reached over all connections since the sink started: 3, "3-5", "3+", "*" (default). An action is:
    a reply like "450 4.2.0 text"     instead of the normal one; 421 closes the connection after it
    "close"                           without reply; at dot the message was taken and recorded: its fate is unknown to the client
    "lose"                            without reply, at dot without taking the message
    "stall" / "stall 30"              no reply, for ever or for so many seconds; then as "close" (at dot: not taken)
    "slow 0.5"                        the normal reply, so many seconds late; at dot the message is recorded before the wait
"""
import argparse
import asyncio
import base64
import json
import os
import re
import ssl
import sys
import threading
import time

from listener import Listener

STAGES = ("connect", "helo", "starttls", "auth", "mail", "rcpt", "data", "dot", "rset", "quit")


class Fault:
    def __init__(self, stage, action, nth="*", address=None):
        if stage not in STAGES:
            raise ValueError("unknown stage %r, one of: %s" % (stage, " ".join(STAGES)))
        if not re.match(r"[245]\d\d( |-|$)|close$|lose$|stall( [\d.]+)?$|slow [\d.]+$", action):
            raise ValueError("unknown action %r" % action)
        self.stage, self.action, self.address = stage, action, address and address.lower()
        self.met = []                   # whom it struck: sender or recipients, a list each time
        match = re.fullmatch(r"(\*)|(\d+)(?:(\+)|-(\d+))?", str(nth))
        if not match:
            raise ValueError("nth must be like 3, 3-5, 3+ or *, not %r" % nth)
        self.first = 1 if match[1] else int(match[2])
        self.last = float("inf") if match[1] or match[3] else int(match[4] or match[2])

    @property
    def hits(self):
        return len(self.met)

    def meets(self, stage, number, addresses):
        return (stage == self.stage and self.first <= number <= self.last
                and (self.address is None or self.address in [one.lower() for one in addresses]))


class Sink(Listener):
    what = "the sink"

    def __init__(self, folder, *, record=None, port=0, cert=None, implicit_tls=False, auth=True, fsync=True):
        """cert: (certificate file, key file) offers STARTTLS, or TLS from the first byte; any user and password is taken."""
        self.record = record or os.path.join(str(folder), "sink.jsonl")
        super().__init__(port)
        self.auth, self.fsync, self.implicit_tls = auth, fsync, implicit_tls
        self.context = None
        if cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*cert)
        self.connections = 0            # so far
        self.open = 0                   # now
        self.commands = []              # what clients said, (connection, line), without the mails
        self.reached = dict.fromkeys(STAGES, 0)
        self._faults, self._taken, self._changed = [], 0, threading.Condition()
        self._clients = set()

    # ---- for the test ----

    def start(self):
        self._file = open(self.record, "ab")
        return super().start()

    def stop(self):
        running = self._loop is not None
        super().stop()
        if running:
            self._file.close()

    def fault(self, stage, action, nth="*", address=None):
        fault = Fault(stage, action, nth, address)
        self._faults.append(fault)
        return fault

    def clear(self):
        self._faults = []

    def count(self):
        return self._taken

    def wait(self, count, seconds=10):
        """Until so many messages were taken since the start; returns all of the record."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._taken >= count, seconds):
                raise TimeoutError("the sink took %d messages in %s s, not %d" % (self._taken, seconds, count))
        return self.messages()

    def messages(self):
        """The record, also what earlier sinks wrote to it; `data` as bytes."""
        found = []
        with open(self.record, "rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    found.append(json.loads(line))
                    found[-1]["data"] = base64.b64decode(found[-1]["data"])
        return found

    # ---- the server ----

    def _options(self):
        return {"limit": 1 << 26, "ssl": self.context if self.implicit_tls else None}

    async def _close(self):
        for task in list(self._clients):
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _client(self, reader, writer):
        self.connections += 1
        self.open += 1
        task = asyncio.current_task()
        self._clients.add(task)
        try:
            await Session(self, reader, writer, self.connections).run()
        except (Closed, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            self._clients.discard(task)
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    def meet(self, stage, addresses=()):
        self.reached[stage] += 1
        for fault in self._faults:
            if fault.meets(stage, self.reached[stage], addresses):
                fault.met.append(list(addresses))
                return fault.action
        return None

    def take(self, facts, data):
        match = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]*>)", data.partition(b"\r\n\r\n")[0])
        facts = {"n": self._taken + 1, "time": time.time(), **facts, "size": len(data),
                 "message_id": match[1].decode("latin-1") if match else None, "data": base64.b64encode(data).decode()}
        self._file.write(json.dumps(facts).encode() + b"\n")
        self._file.flush()
        if self.fsync:
            os.fsync(self._file.fileno())
        with self._changed:
            self._taken += 1
            self._changed.notify_all()


class Closed(Exception):
    pass


class Session:
    def __init__(self, sink, reader, writer, number):
        self.sink, self.reader, self.writer, self.number = sink, reader, writer, number
        self.tls, self.user, self.sender, self.recipients = sink.implicit_tls, None, None, []

    async def run(self):
        await self.reply("connect", "220 sink.example ESMTP")
        while True:
            line = await self.reader.readline()
            if not line.endswith(b"\n"):
                return
            text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
            verb, _, rest = text.partition(" ")
            # a secret after AUTH stays out of what a failing test may print
            self.sink.commands.append((self.number, "AUTH " + rest.split(" ")[0] if verb.upper() == "AUTH" else text))
            method = getattr(self, "do_" + verb.lower(), None) if verb.isalpha() else None
            if method:
                await method(rest)
            else:
                await self.send("502 5.5.2 command not known")

    async def reply(self, stage, normal, addresses=(), taking=None):
        """Says `normal`, or what a fault wants. True when the command counts. `taking` records a message."""
        action = self.sink.meet(stage, addresses)
        word, _, number = (action or "").partition(" ")
        if action is None or word == "slow" or action[0] == "2":
            if taking:
                taking()
            if word == "slow":
                await asyncio.sleep(float(number))
            await self.send(action if action and action[0] == "2" else normal)
            return True
        if word == "stall":
            await asyncio.sleep(float(number) if number else 1e9)
            raise Closed
        if word in ("close", "lose"):
            if taking and word == "close":
                taking()
            raise Closed
        await self.send(action)
        if word.startswith("421"):
            raise Closed
        return False

    async def send(self, text):
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def do_ehlo(self, name):
        self.sender, self.recipients = None, []
        words = ["sink.example", "PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.sink.context and not self.tls:
            words.append("STARTTLS")
        if self.sink.auth:
            words.append("AUTH PLAIN LOGIN XOAUTH2")
        lines = ["250-" + word for word in words[:-1]] + ["250 " + words[-1]]
        await self.reply("helo", "\r\n".join(lines))

    async def do_helo(self, name):
        await self.reply("helo", "250 sink.example")

    async def do_starttls(self, _):
        if not self.sink.context or self.tls:
            return await self.send("502 5.5.1 no STARTTLS here")
        if await self.reply("starttls", "220 2.0.0 go ahead"):
            await self.writer.start_tls(self.sink.context)
            self.tls = True

    async def do_auth(self, rest):
        kind, _, first = rest.partition(" ")
        kind = kind.upper()
        if not first:
            await self.send("334 " + ("VXNlcm5hbWU6" if kind == "LOGIN" else ""))
            first = (await self.reader.readline()).decode().strip()
        answer = base64.b64decode(first + "===").decode("utf-8", "replace") if first != "=" else ""
        if kind == "LOGIN":
            await self.send("334 UGFzc3dvcmQ6")
            await self.reader.readline()
        name = {"PLAIN": lambda: answer.split("\0")[1], "LOGIN": lambda: answer,
                "XOAUTH2": lambda: answer.split("\x01")[0].removeprefix("user=")}.get(kind, lambda: "?")()
        if await self.reply("auth", "235 2.7.0 welcome"):
            self.user = name

    async def do_mail(self, rest):
        sender = _address(rest)
        if await self.reply("mail", "250 2.1.0 ok", [sender]):
            self.sender, self.recipients = sender, []

    async def do_rcpt(self, rest):
        recipient = _address(rest)
        if self.sender is None:
            return await self.send("503 5.5.1 MAIL first")
        if await self.reply("rcpt", "250 2.1.5 ok", [recipient]):
            self.recipients.append(recipient)

    async def do_data(self, _):
        if not self.recipients:
            return await self.send("503 5.5.1 RCPT first")
        if not await self.reply("data", "354 go ahead, end with a dot", self.recipients):
            return
        lines, fresh = [], True         # only a line after CRLF can be the dot or lose its stuffed one
        while True:
            line = await self.reader.readuntil(b"\n")
            if fresh and line == b".\r\n":
                break
            lines.append(line[1:] if fresh and line.startswith(b".") else line)
            fresh = line.endswith(b"\r\n")
        facts = {"connection": self.number, "tls": bool(self.tls), "user": self.user, "from": self.sender, "to": self.recipients}
        await self.reply("dot", "250 2.0.0 taken", self.recipients, lambda: self.sink.take(facts, b"".join(lines)))
        self.sender, self.recipients = None, []

    async def do_rset(self, _):
        self.sender, self.recipients = None, []
        await self.reply("rset", "250 2.0.0 ok")

    async def do_noop(self, _):
        await self.send("250 2.0.0 ok")

    async def do_quit(self, _):
        await self.reply("quit", "221 2.0.0 bye")
        raise Closed


def _address(rest):
    match = re.search(r":\s*<([^>]*)>", rest)
    return match[1] if match else rest


def _obey(sink, line):
    stage, nth, action = line.split(None, 2)
    where = {"address": nth} if "@" in nth else {"nth": nth}
    sink.fault(stage, action, **where)


def main():
    parser = argparse.ArgumentParser(description="SMTP sink with faults, for tests.")
    parser.add_argument("--record", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[], metavar="'STAGE NTH ACTION'")
    parser.add_argument("--cert", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--no-fsync", action="store_true")
    wish = parser.parse_args()
    sink = Sink(None, record=wish.record, port=wish.port, cert=wish.cert, implicit_tls=wish.implicit_tls, fsync=not wish.no_fsync)
    for line in wish.fault:
        _obey(sink, line)
    sink.start()
    print(sink.port, flush=True)
    for line in sys.stdin:
        try:
            if line.strip() == "clear":
                sink.clear()
            elif line.strip() == "count":
                print(sink.count(), flush=True)
            elif line.strip():
                _obey(sink, line.strip())
        except ValueError as problem:
            print("sink.py: %s" % problem, file=sys.stderr)
    sink._thread.join()         # the end of standard input is no reason to stop


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass

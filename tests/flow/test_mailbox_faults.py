#!/usr/bin/env python3
"""Proves the mailbox against networks that fail and servers that are broken or hostile."""
import re
import threading
import time

from fake_imap import MAIL, FakeImap
from mailbox_client import Probe, checksum, empty, letter, opened, run, servers, test, timed, told
from proxy import Proxy


# ---- servers and networks that fail ----

@test
def a_cut_anywhere_is_lost_at_once():
    server = servers()
    empty(server)
    uids = [server.append(letter(size=30000)) for _ in range(3)]
    with Proxy(server.imap_port) as proxy:
        for reset in (False, True):
            with opened(server, port=proxy.port, timeout=20) as probe:
                probe.list()
                proxy.cut_in_literal(12345, reset=reset)
                before = probe.cpu()
                line, took = timed(lambda: probe.ask("fetch " + ",".join(map(str, uids)))[-1])
                assert line.startswith("fetch lost") and took < 8 and probe.cpu() - before < 1, (line, took)
                line, took = timed(lambda: probe.one("close", "close ok"))
                assert took < 8
        for after in list(range(0, 1500, 97)):
            proxy.cut("server", after=after)
            with Probe(server, port=proxy.port, timeout=20) as probe:
                line, took = timed(lambda: probe.one("open"))
                assert took < 8 and line.startswith(("open lost", "open ok")), line


@test
def a_stall_is_lost_after_the_timeout():
    server = servers()
    empty(server)
    uid = server.append(letter(size=30000))
    with Proxy(server.imap_port) as proxy, opened(server, port=proxy.port, timeout=1) as probe:
        probe.list()
        proxy.stall("server", pattern=rb"\{\d+\}\r\n", after=1000)
        before = probe.cpu()
        line, took = timed(lambda: probe.ask("fetch %d" % uid)[-1])
        assert line.startswith("fetch lost") and "did not answer within 1 seconds" in line, line
        assert 0.9 < took < 5 and probe.cpu() - before < 1, took


@test
def a_trickle_is_lost_too():
    def trickle(server, tag, _):
        def drip():
            try:
                for _ in range(100):
                    server.send("*")
                    time.sleep(0.3)
            except OSError:
                pass
        threading.Thread(target=drip, daemon=True).start()
    with FakeImap({"UID FETCH .*": trickle}) as fake, opened(port=fake.port, timeout=1) as probe:
        line, took = timed(lambda: probe.one("list 0"))
        assert line.startswith("list lost") and 1.5 < took < 8, (line, took)


@test
def garbled_bytes_never_crash():
    server = servers()
    empty(server)
    for _ in range(3):
        server.append(letter(size=2000))
    with Proxy(server.imap_port) as proxy:
        for after in range(20, 6000, 211):
            proxy.clear()
            proxy.garble("server", after=after, count=3)
            with Probe(server, port=proxy.port, timeout=1) as probe:
                if "ok" in probe.one("open") and "ok" in probe.ask("list 0")[-1]:
                    probe.ask("fetch 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15")


@test
def boundless_answers_are_ended():
    mail = "* 1 FETCH (UID 1 RFC822.SIZE 100 FLAGS () BODY[] {{%s}}\r\n"
    endless = b"x" * 65536

    def flood(head):
        def answer(server, tag, _):
            server.send(head)
            try:
                for _ in range(2000):
                    server.send(endless)
            except OSError:
                pass
        return answer
    cases = (("a literal of 4 GB", {r"UID FETCH .*BODY.*": mail % 4294967295}),
             ("a number beyond 64 bits", {r"UID FETCH .*BODY.*": mail % ("9" * 30)}),
             ("a folder's name of 4 GB", {r"UID FETCH .*BODY.*": '* LIST () "/" {{4294967295}}\r\n'}),
             ("a line without end", {r"UID FETCH .*BODY.*": flood("* OK ")}),
             ("a mail larger than it said", {r"UID FETCH .*BODY.*": flood((mail % 20000000).format())}),
             ("answers without end", {r"UID FETCH .*BODY.*": flood("* OK x\r\n" * 3000000)}),
             ("depth", {r"UID FETCH .*BODY.*": "* 1 FETCH (BODYSTRUCTURE " + "(" * 5000 + "\r\n"}))
    for name, rules in cases:
        with FakeImap(rules) as fake, opened(port=fake.port, timeout=20) as probe:
            probe.list()
            line, took = timed(lambda: probe.ask("fetch 1")[-1])
            assert line.startswith("fetch lost") and took < 15, (name, line, took)
            with open("/proc/%d/status" % probe.process.pid) as file:
                peak = int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
            assert peak < 200000, (name, peak)      # sanitizers alone take 60 to 100 MB


@test
def hostile_greetings_never_crash():
    for greeting in ('* OK [BADCHARSET ("x")] hi\r\n', "* OK [BADCHARSET ({3}\r\nabc)] hi\r\n", "220 smtp ready\r\n", "\r\n",
                     "* \r\n", "* BYE too many\r\n", "\0\0\0\0\r\n", "* OK [CAPABILITY " + "X " * 600000 + "]\r\n",
                     "* OK [CAPABILITY " + "A" * 300 + " IMAP4rev1] long but fine\r\n"):
        with FakeImap(greeting=greeting) as fake:
            line = told(port=fake.port, timeout=2)
            fine = "long but fine" in greeting
            assert line.startswith("open ok" if fine else "open lost"), (greeting[:40], line)
            assert "too many" not in greeting or "too many" in line, line


@test
def nobody_asked_for_that_mail():
    other = "* 5 FETCH (UID 77 FLAGS () RFC822.SIZE 3 BODY[] {{3}}\r\nabc)\r\n"
    twice = "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100 BODY[] {{100}}\r\n" + MAIL.decode() + ")\r\n"
    gone = "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100 BODY[] NIL)\r\n"
    blank = '* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100 BODY[] "")\r\n'
    for answer, wanted in ((other + twice + twice, [1]), (other, []), (gone, []), (blank, []), ("", [])):
        with FakeImap({r"UID FETCH .*BODY.*": answer + "{tag} OK done\r\n"}) as fake, opened(port=fake.port) as probe:
            got = probe.fetch([1])
            assert list(got) == wanted, (answer, got)
            assert not wanted or got[1]["sum"] == checksum(MAIL)


@test
def a_mail_the_server_cannot_give_is_told():
    with FakeImap({r"UID FETCH .*BODY.*": "{tag} NO [SERVERBUG] broken on disk\r\n"}) as fake, opened(port=fake.port) as probe:
        got = probe.fetch([1])
        assert got[1]["len"] == 0 and not got[1]["complete"] and got[1]["size"] == 100, got
    with FakeImap({r"UID FETCH .*BODY.*": "{tag} NO [EXPUNGEISSUED] gone\r\n"}) as fake, opened(port=fake.port) as probe:
        assert probe.fetch([1]) == {}


@test
def what_the_server_refuses_is_told_in_its_words():
    rules = {r"UID MOVE .*": "{tag} NO [OVERQUOTA] Postfach voll\r\n", r"SELECT .*": "{tag} NO Ordner weg\r\n"}
    with FakeImap({r"AUTHENTICATE .*": "{tag} NO [UNAVAILABLE] Wartung\r\n"}) as fake:
        line = told(port=fake.port)
        assert line.startswith("open lost") and "[UNAVAILABLE] Wartung" in line, line
    with FakeImap(dict(list(rules.items())[:1])) as fake, opened(port=fake.port) as probe:
        probe.one("move done 1", "move refused", "[OVERQUOTA] Postfach voll")
        assert list(probe.list()) == [1]
    with FakeImap(dict(list(rules.items())[1:])) as fake:
        line = told(port=fake.port)
        assert line.startswith("open refused") and "Ordner weg" in line, line
    with FakeImap({r"SELECT .*": "* OK [UIDVALIDITY 7] x\r\n{tag} OK [READ-ONLY] open\r\n"}) as fake:
        assert "may only be read" in told(port=fake.port)


if __name__ == "__main__":
    run()

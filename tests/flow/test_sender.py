#!/usr/bin/env python3
"""Proves the sender (daemon/post/sender.h) with the outbox around it against a relay that records what it took and fails on
command: letters as they were written, addresses, refusals, lost connections, hostile answers. TLS and logins: test_sender_login.py.

    python3 tests/flow/test_sender.py [WORD...]      only the tests whose name holds one of the words
"""
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from outbox_checks import HOUR, Probe, put, relay, run, test, verbs        # noqa: E402

# ---- what goes well ----

@test
def letter_arrives_as_it_was_written():
    body = b".one dot\r\n..two\r\n.\r\nlast\r\n.\r\n"
    with relay() as sink, Probe(sink.port) as probe:
        one = probe.put("a@example.org", body=body)
        null = probe.put("b@example.org", sender="", body=b"no line end")
        bare = probe.put("c@example.org", body=b"a\n.\nb\rc\r\n")
        for identity in (one, null, bare):
            row = probe.wait(identity, "sent")
            assert row["reply"] == "250 2.0.0 taken" and row["attempt"] == 1, row
        took = {message["to"][0]: message for message in sink.messages()}
        assert took["a@example.org"]["data"].endswith(b"\r\n\r\n" + body)
        assert took["a@example.org"]["from"] == "lab@example.org" and took["b@example.org"]["from"] == ""
        assert took["b@example.org"]["data"].endswith(b"\r\n\r\nno line end\r\n")
        assert took["c@example.org"]["data"].endswith(b"\r\n\r\na\r\n.\r\nb\r\nc\r\n")
        assert sum("SIZE=" in line for _, line in sink.commands) == 3
        assert "sent" in probe.stop()[1]


@test
def letters_full_of_dots_arrive_whole():
    # libcurl counts stuffed dots against the size it was told: a wrong size ends a long letter early
    body = b".\r\n" * 400_000
    with relay(fsync=False) as sink, Probe(sink.port, timeout=60) as probe:
        probe.wait(probe.put("a@example.org", body=body), "sent", 60)
        assert sink.messages()[0]["data"].endswith(b"\r\n\r\n" + body)


@test
def a_relay_of_few_abilities_is_served_step_by_step():
    with relay() as sink, Probe(sink.port, connections=1) as probe:
        sink.fault("helo", "250 sink.example")
        sink.fault("rcpt", "550 5.1.1 unknown", address="gast@example.org")
        ids = probe.put("a@example.org", "gast@example.org", "b@example.org")
        assert [probe.wait(one, state)["state"] for one, state in zip(ids, ("sent", "failed", "sent"))]
        assert not any("SIZE=" in line for _, line in sink.commands)
        assert verbs(sink)[1:] == ["MAIL", "RCPT", "DATA", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"], verbs(sink)
        assert sink.connections == 1


@test
def a_refusal_keeps_the_connection():
    with relay() as sink, Probe(sink.port, connections=1) as probe:
        sink.fault("rcpt", "550 5.1.1 unknown", address="gast@example.org")
        probe.put("a@example.org", *["gast@example.org"] * 10, "b@example.org")
        probe.wait_states({"sent": 2, "failed": 10})
        assert sink.connections == 1 and verbs(sink).count("RSET") == 10
        sink.fault("rset", "502 5.5.1 what?", nth=11)
        ids = probe.put("gast@example.org", "c@example.org")
        probe.wait(ids[0], "failed")
        row = probe.wait(ids[1], "later")
        assert row["reply"] == "502 5.5.1 what?"


@test
def one_slow_answer_does_not_hold_the_others():
    with relay() as sink, Probe(sink.port, connections=2, timeout=60) as probe:
        sink.fault("dot", "stall", nth=1)
        begin = time.monotonic()
        probe.put(*["p%02d@example.org" % n for n in range(21)])
        probe.wait_states({"sending": 1, "sent": 20})
        assert time.monotonic() - begin < 5


class Hostile:
    """A server of a few fixed answers; keeps what it was told."""
    def __init__(self, *answers):
        self.socket, self.answers, self.told = socket.create_server(("127.0.0.1", 0)), answers, []
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.told.append(b"")
            try:
                for answer in self.answers:
                    for piece in answer:
                        connection.sendall(piece)
                    heard = connection.recv(65536)
                    self.told[-1] += heard
                    if not heard:
                        break
                while heard := connection.recv(65536):
                    self.told[-1] += heard
            except OSError:
                pass
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


@test
def a_relay_that_wants_the_letter_of_a_refused_recipient_gets_nothing():
    with Hostile([b"220 x\r\n"], [b"250-x\r\n250 PIPELINING\r\n"],
                 [b"250 ok\r\n550 5.1.1 unknown\r\n", b"354 go ahead\r\n"]) as server, Probe(server.port) as probe:
        row = probe.wait(probe.put("a@example.org"), "failed")
        assert row["reply"] == "550 5.1.1 unknown"
        end = time.monotonic() + 5
        while not server.told[0].endswith(b"DATA\r\n"):
            assert time.monotonic() < end, server.told
            time.sleep(0.02)


@test
def answers_in_pieces_too_long_and_without_end():
    pieces = [bytes([byte]) for byte in b"250-2.1.0 fine\r\n250 2.1.0 fine\r\n250 2.1.5 ok\r\n354 go\r\n"]
    hello = [[b"220 x\r\n"], [b"250-x\r\n250 PIPELINING\r\n"]]
    with Hostile(*hello, pieces, [b"25", b"0 2.0.0 ", b"taken\r", b"\n"]) as server, Probe(server.port) as probe:
        assert probe.wait(probe.put("a@example.org"), "sent")["reply"] == "250 2.0.0 taken"
    with Hostile(*hello, [b"250 " + b"x" * 100_000]) as server, Probe(server.port) as probe:
        assert "does not speak SMTP" in probe.wait(probe.put("a@example.org"), "later")["reply"]
    with Hostile(*hello, [b"250-and so on\r\n"] * 100_000) as server, Probe(server.port, timeout=1) as probe:
        assert "no answer in time" in probe.wait(probe.put("a@example.org"), "later")["reply"]
    with Hostile(*hello, [b"250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n"]) as server, Probe(server.port) as probe:
        row = probe.wait(probe.put("a@example.org", body=b"x" * 50_000_000), "later", 30)
        assert "does not speak SMTP" in row["reply"], row
    with Hostile([b"SSH-2.0-OpenSSH\r\n"]) as server, Probe(server.port, timeout=2) as probe:
        probe.wait(probe.put("a@example.org"), "later")


@test
def connections_are_kept_and_closed_when_idle():
    with relay() as sink, Probe(sink.port, connections=2) as probe:
        probe.put(*["p%d@example.org" % n for n in range(60)])
        probe.wait_states({"sent": 60})
        assert sink.connections <= 2, sink.connections
        end = time.monotonic() + 10
        while sink.open:
            assert time.monotonic() < end, "the idle connections stay open"
            time.sleep(0.1)
        assert verbs(sink).count("QUIT") == sink.connections
        probe.wait(probe.put("late@example.org"), "sent")


@test
def sleeps_without_waking_up():
    with relay() as sink, Probe(sink.port) as probe:
        probe.wait(probe.put("a@example.org"), "sent")
        time.sleep(6.5)

        def switches():
            total = 0
            for task in os.listdir("/proc/%d/task" % probe.process.pid):
                with open("/proc/%d/task/%s/status" % (probe.process.pid, task)) as status:
                    total += sum(int(line.split()[1]) for line in status if "ctxt_switches" in line)
            return total
        before = switches()
        time.sleep(3)
        assert switches() == before
        probe.say("busy")
        while (line := probe.process.stdout.readline()) == "sent\n":
            pass
        assert line == "busy 0\n", line


@test
def once_sends_what_is_due_and_ends():
    with relay() as sink:
        with Probe(sink.port, once=1) as probe:
            assert probe.finish() == ("once through\nbulk sent=0 failed=0 released=0\n", 0)
        put(probe.path, ["a@example.org", "b@example.org"])
        with Probe(sink.port, store=probe.path, once=1) as probe:
            output, status = probe.finish()
            assert "once through" in output and status == 0 and probe.states() == {"sent": 2}
    put(probe.path, ["c@example.org"])
    with Probe(sink.port, store=probe.path, once=1) as probe:
        assert "once left" in probe.finish()[0]
        assert probe.states() == {"sent": 2, "later": 1}


# ---- addresses ----

@test
def addresses_that_could_smuggle_touch_no_network():
    bad = ["a@example.org>\r\nRCPT TO:<x@example.net", "a\n@example.org", "no-at.example.org", "@example.org", "a@", "",
           "a b@example.org", "a@example.org b", "<a@example.org>", "a@exa mple.org", "müller@example.org", "a@-x.example",
           "a" * 65 + "@example.org", "a@" + "b" * 64 + ".example", "\"a b\"@example.org", "a@[192.0.2.1]", "a@b..example"]
    with relay() as sink, Probe(sink.port) as probe:
        for identity in probe.put(*bad):
            row = probe.wait(identity, "failed")
            assert row["reply"].startswith("address is not usable"), row
        probe.wait(probe.put("a@example.org", sender="lab@example.org>\r\nDATA\r\n"), "failed")
        assert sink.connections == 0
        entries = probe.rows("SELECT * FROM queue_entry")
        assert len(entries) == len(bad) + 1 and all(row["reason"] == "undeliverable" for row in entries)


@test
def domains_with_umlauts_go_out_as_ascii():
    with relay() as sink, Probe(sink.port) as probe:
        probe.wait(probe.put("post@bücher.example"), "sent")
        assert sink.messages()[0]["to"] == ["post@xn--bcher-kva.example"]


# ---- what the relay refuses ----

@test
def refused_for_good_goes_to_staff_with_the_words():
    with relay() as sink, Probe(sink.port) as probe:
        sink.fault("rcpt", "550-5.1.1 <gast@example.org>: \xff\x01 unknown\r\n550 5.1.1 ask the gardener", address="gast@example.org")
        sink.fault("dot", "554 5.7.1 spam", address="dot@example.org")
        sink.fault("data", "554 5.5.1 no", address="data@example.org")
        sink.fault("mail", "552 5.3.4 too large", address="big@example.org")
        for to, sender, words in (("gast", "lab", "550 5.1.1 <gast@example.org>"), ("dot", "lab", "554 5.7.1 spam"),
                                  ("data", "lab", "554 5.5.1 no"), ("x", "big", "552 5.3.4 too large")):
            row = probe.wait(probe.put(to + "@example.org", sender=sender + "@example.org"), "failed")
            assert row["reply"].startswith(words) and row["attempt"] == 1, row
            entry, = probe.rows("SELECT * FROM queue_entry WHERE outbox_id = ?", row["id"])
            assert entry["reason"] == "undeliverable" and row["reply"] in entry["words"] and to in entry["words"], entry
            assert "konnte nicht zugestellt werden" in entry["words"]
        assert probe.row(1)["reply"].endswith(" unknown ask the gardener"), probe.row(1)
        assert "\n" not in probe.row(1)["reply"] and "\x01" not in probe.row(1)["reply"]
        assert not sink.messages()
        assert "gast@" not in probe.log() and "relay_trouble" not in probe.log()


@test
def refused_for_now_is_tried_later_with_growing_delay():
    with relay() as sink, Probe(sink.port) as probe:
        fault = sink.fault("rcpt", "450 4.2.0 greylisted", address="grey@example.org")
        identity = probe.put("grey@example.org")
        shift = 0
        for attempt, delay in ((1, 60), (2, 120), (3, 240), (4, 480)):
            end = time.monotonic() + 10
            while (row := probe.row(identity))["attempt"] < attempt or row["state"] != "later":
                assert time.monotonic() < end, row
                time.sleep(0.02)
            wait = row["not_before"] - row["changed"]
            assert delay * 0.74 <= wait <= delay and row["reply"] == "450 4.2.0 greylisted", (wait, row)
            shift += wait
            probe.say("advance %d" % wait)
        sink.clear()
        probe.say("advance %d" % (2 * HOUR))
        probe.wait(identity, "sent")
        assert fault.hits == 4 or fault.hits == 5
        assert "relay_trouble" not in probe.log()
        dots = sink.fault("dot", "451 4.3.0 disk", nth="1+")
        identity = probe.put("dot@example.org")
        assert probe.wait(identity, "later")["reply"] == "451 4.3.0 disk" and dots.hits == 1


@test
def after_two_days_it_is_given_up():
    with relay() as sink, Probe(sink.port) as probe:
        sink.fault("rcpt", "450 4.2.0 mailbox full", nth="1+")
        identity = probe.put("full@example.org", created=int(time.time()) - 48 * HOUR + 30)
        row = probe.wait(identity, "later")
        assert row["not_before"] <= row["created"] + 48 * HOUR
        probe.say("advance 31")
        row = probe.wait(identity, "failed")
        assert row["attempt"] == 2
        entry, = probe.rows("SELECT * FROM queue_entry")
        assert "zwei Tagen" in entry["words"] and "450 4.2.0 mailbox full" in entry["words"]
        assert [row["action"] for row in probe.rows("SELECT * FROM audit")] == ["undeliverable"]


@test
def a_relay_in_trouble_is_no_fault_of_the_letter():
    for stage, action in (("connect", "554 5.3.2 not today"), ("helo", "550 5.7.1 who are you"), ("mail", "530 5.7.0 log in"),
                          ("mail", "550 5.7.1 sender refused"), ("mail", "451 4.3.0 busy"), ("rcpt", "503 5.5.1 sequence"),
                          ("connect", "421 4.3.2 closing"), ("mail", "421 4.3.2 closing"), ("rcpt", "421 4.3.2 closing"),
                          ("data", "421 4.3.2 closing"), ("dot", "421 4.3.2 closing"), ("connect", "close"), ("helo", "close"),
                          ("mail", "close"), ("rcpt", "close"), ("data", "close")):
        with relay() as sink, Probe(sink.port) as probe:
            sink.fault(stage, action, nth="1-4" if stage == "helo" else "1-2")      # EHLO, then HELO
            ids = probe.put(*["p%d@example.org" % n for n in range(8)])
            probe.wait(ids[-1], "sent")
            states = probe.wait_settled()
            assert states.get("failed", 0) == 0 and states["sent"] >= 4, (stage, action, states)
            assert states["sent"] + states.get("later", 0) == 8, states
            assert len(sink.messages()) == states["sent"], (stage, action)
            assert probe.log().count("relay_trouble ") == 1 and "relay_well" in probe.log(), (stage, action, probe.log())
            for row in probe.rows("SELECT * FROM outbox WHERE state = 'later'"):
                said = action if action != "close" else "the connection to the relay was lost"
                assert row["reply"].startswith(said), row
            probe.say("advance 300")
            probe.wait_states({"sent": 8})
            assert sorted(to for message in sink.messages() for to in message["to"]) == ["p%d@example.org" % n for n in range(8)]


@test
def relay_down_pauses_the_outbox_as_a_whole():
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with Probe(port) as probe:
        probe.put(*["p%d@example.org" % n for n in range(50)])
        time.sleep(2.5)
        tried = probe.rows("SELECT count(*) AS n FROM outbox WHERE attempt > 0")[0]["n"]
        assert 1 <= tried <= 4, tried
        assert "cannot be reached" in probe.rows("SELECT * FROM outbox WHERE attempt > 0")[0]["reply"]
        assert probe.log().count("relay_trouble ") == 1, probe.log()
        with relay(port=port) as sink:
            sink.wait(50 - tried - 2, 15)
            probe.say("advance 300")
            probe.wait_states({"sent": 50})


@test
def the_connection_lost_after_the_dot_is_unclear():
    with relay() as sink, Probe(sink.port) as probe:
        sink.fault("dot", "close", nth=1)
        identity = probe.put("a@example.org")
        row = probe.wait(identity, "unclear")
        assert "after the letter was handed over" in row["reply"], row
        assert 45 <= row["not_before"] - row["changed"] <= 60
        probe.say("advance 60")
        probe.wait(identity, "sent")
        one, two = sink.messages()
        assert one["message_id"] == two["message_id"] and one["data"] == two["data"]
        assert [row["action"] for row in probe.rows("SELECT * FROM audit")] == ["sent again"]
        sink.fault("dot", "lose", nth=3)
        identity = probe.put("b@example.org")
        probe.wait(identity, "unclear")
        probe.say("advance 60")
        probe.wait(identity, "sent")
        assert [message["to"] for message in sink.messages()] == [["a@example.org"]] * 2 + [["b@example.org"]]


@test
def a_relay_that_never_confirms_does_not_get_copies_for_ever():
    with relay() as sink, Probe(sink.port) as probe:
        sink.fault("dot", "close")
        identity = probe.put("a@example.org")
        for attempt in range(1, 5):
            end = time.monotonic() + 10
            while probe.row(identity)["attempt"] < attempt:
                assert time.monotonic() < end
                time.sleep(0.02)
            probe.say("advance 7200")
        row = probe.wait(identity, "failed")
        assert row["attempt"] == 5 and len(sink.messages()) == 5
        assert "weiß niemand" in probe.rows("SELECT * FROM queue_entry")[0]["words"]


@test
def attempts_that_never_reached_the_dot_do_not_count_as_unclear():
    with relay() as sink, Probe(sink.port) as probe:
        fault = sink.fault("rcpt", "450 4.2.0 busy", nth="1-5")
        sink.fault("dot", "close", nth=1)
        identity = probe.put("a@example.org")
        for attempt in range(1, 7):
            end = time.monotonic() + 10
            while probe.row(identity)["attempt"] < attempt:
                assert time.monotonic() < end
                time.sleep(0.02)
            if attempt < 6:
                probe.say("advance 7200")
        assert fault.hits == 5 and probe.row(identity)["state"] == "unclear" and not probe.rows("SELECT * FROM queue_entry")
        probe.say("advance 7200")
        probe.wait(identity, "sent")
        assert len(sink.messages()) == 2


@test
def a_stall_ends_with_the_timeout():
    for stage, state in (("connect", "later"), ("helo", "later"), ("mail", "later"), ("rcpt", "later"), ("data", "later"),
                         ("dot", "unclear")):
        with relay() as sink, Probe(sink.port, timeout=1) as probe:
            sink.fault(stage, "stall", nth=1)
            row = probe.wait(probe.put("a@example.org"), state)
            assert "no answer in time" in row["reply"], (stage, row)
    with relay() as sink, Probe(sink.port, timeout=30) as probe:    # the farewell is not worth waiting for
        sink.fault("rcpt", "550 5.1.1 unknown", nth=1)
        sink.fault("quit", "stall")
        begin = time.monotonic()
        probe.wait(probe.put("a@example.org"), "failed")
        probe.wait(probe.put("b@example.org"), "sent")
        assert time.monotonic() - begin < 8


@test
def a_kept_connection_that_went_away_costs_nothing():
    for action in ("close", "421 4.4.2 idle too long"):
        with relay() as sink, Probe(sink.port, connections=1) as probe:
            probe.wait(probe.put("a@example.org"), "sent")
            sink.fault("mail", action, nth=2)
            row = probe.wait(probe.put("b@example.org"), "sent")
            assert row["attempt"] == 1 and sink.connections == 2 and "relay_trouble" not in probe.log()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

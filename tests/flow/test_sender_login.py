#!/usr/bin/env python3
"""Proves the sender's way to the relay (daemon/post/sender.h): TLS verified or refused, no way down to plain text, logins by
password and by token, settings that cannot hold.

    python3 tests/flow/test_sender_login.py [WORD...]      only the tests whose name holds one of the words
"""
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from outbox_checks import Probe, certs, relay, run, secret, test, verbs       # noqa: E402

@test
def a_large_letter_goes_through_tls_whole():
    body = "".join("Zeile %d: schöne Grüße\r\n" % n for n in range(200_000)).encode()
    with relay(cert=certs().pair("good"), fsync=False) as sink, \
            Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file, timeout=60) as probe:
        probe.wait(probe.put("a@example.org", body=body), "sent", 60)
        assert sink.messages()[0]["data"].endswith(b"\r\n\r\n" + body)
        mail, = [line for _, line in sink.commands if line.startswith("MAIL")]
        assert mail.endswith(" SIZE=%d BODY=8BITMIME" % sink.messages()[0]["size"]), mail


@test
def tls_is_verified_and_the_refusal_says_what():
    said = {"selfsigned": "self-signed", "otherca": "unknown authority", "wronghost": "wrong host", "expired": "has expired",
            "notyet": "is not valid yet"}
    for way, options in (("implicit", {"implicit_tls": True}), ("starttls", {})):
        for kind in ("good", *said):
            with relay(cert=certs().pair(kind), **options) as sink, \
                    Probe(sink.port, host="localhost", tls=way, ca=certs().ca_file, user="lab", password_file=secret("geheim-77")) as probe:
                identity = probe.put("a@example.org")
                if kind == "good":
                    probe.wait(identity, "sent")
                    message, = sink.messages()
                    assert message["tls"] and message["user"] == "lab"
                else:
                    row = probe.wait(identity, "later")
                    assert said[kind] in row["reply"], (way, kind, row["reply"])
                    assert said[kind] in probe.log() and not any(verb in ("AUTH", "MAIL") for verb in verbs(sink))
                assert "geheim-77" not in probe.log()


@test
def no_way_down_to_plain_text():
    with relay() as sink, Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file, user="lab",
                                password_file=secret("geheim-77")) as probe:
        row = probe.wait(probe.put("a@example.org"), "later")
        assert "no STARTTLS" in row["reply"], row
        assert not any(verb in ("AUTH", "MAIL") for verb in verbs(sink)), sink.commands
    with relay(cert=certs().pair("good")) as sink, Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file) as probe:
        sink.fault("starttls", "454 4.7.0 not now", nth=1)
        row = probe.wait(probe.put("a@example.org"), "later")
        assert row["reply"] == "454 4.7.0 not now" and "MAIL" not in verbs(sink)
    outside = socket.gethostname()
    if not socket.gethostbyname(outside).startswith("127."):
        with Probe(25, host=outside, tls="none") as probe:
            row = probe.wait(probe.put("a@example.org"), "later")
            assert "without TLS nothing is sent" in row["reply"], row


@test
def a_refused_login_is_a_fault_of_the_set_up():
    password = secret("old-secret")
    with relay(cert=certs().pair("good")) as sink, \
            Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file, user="lab", password_file=password) as probe:
        sink.fault("auth", "535 5.7.8 wrong password", nth=1)
        identity = probe.put("a@example.org")
        row = probe.wait(identity, "later")
        assert row["reply"] == "535 5.7.8 wrong password", row
        assert "relay_trouble" in probe.log() and "old-secret" not in probe.log()
        with open(password, "w") as file:
            file.write("new-secret\n")
        probe.put("b@example.org")
        probe.say("advance 300")
        probe.wait_states({"sent": 2})
        assert {message["user"] for message in sink.messages()} == {"lab"}
        assert "new-secret" not in probe.log()


@test
def xoauth2_takes_a_fresh_token():
    tokens = secret("token-1")
    with relay(cert=certs().pair("good")) as sink, \
            Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file, user="lab@example.org", token_file=tokens) as probe:
        probe.wait(probe.put("a@example.org"), "sent")
        assert sink.messages()[0]["user"] == "lab@example.org"
        assert [line for _, line in sink.commands if line.startswith("AUTH")] == ["AUTH XOAUTH2"]
    with relay(cert=certs().pair("good")) as sink, \
            Probe(sink.port, host="localhost", tls="starttls", ca=certs().ca_file, user="lab@example.org", token_file=tokens) as probe:
        sink.fault("auth", "535 5.7.3 token expired", nth=1)
        probe.wait(probe.put("a@example.org"), "later")
        os.rename(tokens, tokens + ".gone")
        identity = probe.put("b@example.org")
        row = probe.wait(identity, "later")
        assert "no token" in row["reply"], row
        os.rename(tokens + ".gone", tokens)
        probe.say("advance 300")
        probe.wait_states({"sent": 2})
        _, lines = probe.stop()
        assert "token refused" in lines and "token-1" not in probe.log()


@test
def the_check_says_what_stands_in_the_way():
    def checked(sink_options, faults=(), **options):
        with relay(**sink_options) as sink:
            for fault in faults:
                sink.fault(*fault)
            with Probe(sink.port, once=1, check=1, host="localhost", ca=certs().ca_file, **options) as probe:
                assert probe.process.wait(20) == 0, probe.log()
                assert "MAIL" not in verbs(sink)
                return probe.process.stdout.read()
    good, login = {"cert": certs().pair("good")}, {"user": "lab", "password_file": secret("geheim-77")}
    assert checked(good, tls="starttls", **login) == "check good\n"
    assert checked({**good, "implicit_tls": True}, tls="implicit", **login) == "check good\n"
    assert checked({"cert": certs().pair("expired")}, tls="starttls", **login).endswith("has expired\n")
    assert checked(good, [("auth", "535 5.7.8 no")], tls="starttls", **login) == "check 535 5.7.8 no\n"
    assert "gave no answer in time" in checked(good, [("connect", "stall")], tls="starttls", timeout=1)
    assert "nowhere" in checked(good, tls="starttls", user="lab", password_file="/nowhere")


@test
def settings_that_cannot_hold_are_refused():
    for options, words in (({"host": "a b"}, "no name or address"), ({"connections": 99}, "1 to 20 are allowed"),
                           ({"user": "lab"}, "neither password file nor token"),
                           ({"user": "lab", "password_file": "/nowhere"}, "/nowhere"), ({"timeout": -1}, "timeout")):
        with Probe(25, once=1, **options) as probe:
            output, status = probe.finish()
            assert status == 1 and output.startswith("refused ") and words in output, output


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

#!/usr/bin/env python3
"""Hostile and broken mails: each ends as an entry of the queue or a clear refusal, nothing false is stored or written, and the
ordinary mails of the same batch are handled. All go into one INBOX, as bytes that no server has repaired, and are handled by
one run under sanitizers."""
import resource
import time

from scenes import LAB, Citizen, house, run, servers, test

TEXT = ("Ich melde mich für den Rundgang durch das Stadtlabor am 09.02.2027 an.\r\n\r\nPetra Müller\r\ngeboren am 03.05.1958\r\n"
        "Baarstraße 7\r\n58636 Iserlohn\r\n").encode()
PLAIN = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"


def raw(name, head, body=TEXT, plain=PLAIN):
    """`head`: header lines besides Message-ID, which tells the mails apart."""
    head = head.encode() if isinstance(head, str) else head
    return (b"Message-ID: <" + name.encode() + b"@hostile.example>\r\nSubject: Hallo\r\n" + head.replace(b"\n", b"\r\n") + plain
            + b"\r\n" + body)


def from_(address):
    return "From: %s\n" % address


def nested(depth):
    body = b"".join(b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (i, i + 1) for i in range(depth))
    return body + b"--b%d\r\n\r\n" % depth + TEXT


def many(parts):
    return b"".join(b"--b0\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(parts)) + b"--b0--\r\n"


MULTI = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b0"\r\n'
GOOD = "From: Eve <eve@example.net>\n"
# Name → (bytes, how it may end). "queued": for a person, unanswered. "person": read as an ordinary mail, or for a person.
MAILS = {
    "no-sender": (raw("no-sender", ""), "queued"),
    "empty-sender": (raw("empty-sender", "From: <>\n"), "queued"),
    "nonsense-sender": (raw("nonsense-sender", "From: nobody in particular\n"), "queued"),
    "two-from-headers": (raw("two-from-headers", "From: a@example.org\nFrom: b@example.net\n"), "queued"),
    "two-from-addresses": (raw("two-from-addresses", "From: a@example.org, b@example.net\n"), "queued"),
    "own-address": (raw("own-address", from_(LAB)), "queued"),
    "own-address-in-capitals": (raw("own-address-in-capitals", from_(LAB.upper())), "queued"),
    "nul-bytes": (raw("nul-bytes", GOOD, b"Ich\0 melde\0 mich\0\r\n"), "queued"),
    "nul-in-header": (raw("nul-in-header", b"From: Eve <eve\0@example.net>\nX-Other: \0\n"), "queued"),
    "invalid-utf8": (raw("invalid-utf8", GOOD, b"\xff\xfe\xc0\x80 \xed\xa0\x80 kaputt \xf8\x88\r\n"), "queued"),
    "unknown-charset": (raw("unknown-charset", GOOD, b"\x93\x94\xfc\r\n", PLAIN.replace(b"utf-8", b"x-klingon")), "queued"),
    "line-of-10-mb": (raw("line-of-10-mb", GOOD, b"x" * 10_400_000 + b"\r\n"), "queued"),
    "header-of-1-mb": (raw("header-of-1-mb", GOOD + "X-Long: " + "y" * 1_000_000 + "\n", b"Hallo?\r\n"), "queued"),
    "100000-headers": (raw("100000-headers", GOOD + "X-A: b\n" * 100_000, b"Hallo?\r\n"), "queued"),
    "nested-100000": (raw("nested-100000", GOOD, nested(100_000), MULTI), "queued"),
    "parts-100000": (raw("parts-100000", GOOD, many(100_000), MULTI), "queued"),
    "boundary-is-a-quote": (raw("boundary-is-a-quote", GOOD, b'--"\r\n\r\nHallo\r\n', MULTI.replace(b'"b0"', b'"\\""')), "queued"),
    "endless-boundary": (raw("endless-boundary", GOOD, b"--" + b"b" * 100_000, MULTI.replace(b"b0", b"b" * 100_000)), "queued"),
    "broken-base64": (raw("broken-base64", GOOD, b"====!!!!\r\n" * 1000, PLAIN.replace(b"8bit", b"base64")), "queued"),
    "html-bomb": (raw("html-bomb", GOOD, b"<div>" * 200_000, PLAIN.replace(b"text/plain", b"text/html")), "queued"),
    "html-entities": (raw("html-entities", GOOD, b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
                          b'<!ENTITY c SYSTEM "file:///etc/passwd">]><p>&b;&c;', PLAIN.replace(b"plain", b"html")), "queued"),
    "no-blank-line": (b"Message-ID: <no-blank-line@hostile.example>\r\nFrom: eve@example.net\r\nSubject: x\r\n", "queued"),
    "only-header-garbage": (b"Message-ID: <only-header-garbage@hostile.example>\r\n" + bytes(range(1, 256)) * 20, "queued"),
    "crlf-in-name": (raw("crlf-in-name", "From: =?utf-8?Q?Eve=0D=0ABcc:_spy@example.net=0D=0A=0D=0ABuy?= <crlf@example.net>\n"), "person"),
    "crlf-in-subject": (raw("crlf-in-subject", "From: Eva Lang <crlf2@example.net>\nSubject: =?utf-8?B?QQ0KQmNjOiBzcHlAZXhhbXBsZS5uZXQ=?=\n"),
                        "person"),
    "crlf-in-address": (raw("crlf-in-address", b"From: \"eve\\\r\nRCPT TO:<spy@example.net>\"@example.net\n"), "queued"),
    "forged-robot-trace": (raw("forged-robot-trace", "From: mailer-daemon@example.net\nReturn-Path: <>\n"
                               "Content-Type: multipart/report; report-type=delivery-status\n"), "queued ignored"),
    "utf8-local-part": (raw("utf8-local-part", "From: Jürgen <jürgen@example.net>\n"), "queued"),
    "quoted-local-part": (raw("quoted-local-part", 'From: Eve <"eve smith"@example.net>\n'), "queued"),
    "quoted-at": (raw("quoted-at", 'From: Eve <"a@b"@example.net>\n'), "queued"),
    "address-literal": (raw("address-literal", "From: Eve <eve@[192.0.2.1]>\n"), "queued"),
    "local-part-of-300": (raw("local-part-of-300", "From: Eve <%s@example.net>\n" % ("e" * 300)), "queued"),
    "domain-of-400": (raw("domain-of-400", "From: Eve <eve@%s.example>\n" % ".".join(["d" * 60] * 6)), "queued"),
    "dash-address": (raw("dash-address", "From: Eve <-oQ/tmp@example.net>\n"), "person"),
    "percent-name": (raw("percent-name", "From: =?utf-8?Q?%25n%25s%25n?= <percent@example.net>\n"), "person"),
    "mustache-name": (raw("mustache-name", "From: {{lab.phone}} {{>stored}} <mustache@example.net>\n"), "person"),
    "link-name": (raw("link-name", "From: \"Gewinn https://evil.example/x jetzt\" <link@example.net>\n"), "person"),
    "link-person": (raw("link-person", "From: <linkperson@example.net>\n", TEXT.replace(b"Petra M\xc3\xbcller", b"Ich hei\xc3\x9fe Petra www.evil.example")),
                    "person"),
    "sql-name": (raw("sql-name", "From: \"Robert'); DROP TABLE mail;--\" <sql@example.net>\n"), "person"),
    "terminal-name": (raw("terminal-name", b"From: \"\x1b[31mRot\x1b]0;x\x07\" <term@example.net>\nSubject: \x1b[2J\n", b"\x1b[2JFrage?\r\n"),
                      "queued"),
    "bidi-name": (raw("bidi-name", "From: \"\u202egnal avE\u202c\" <bidi@example.net>\n"), "person"),
    "huge-date": (raw("huge-date", "From: Eva Lang <date@example.net>\nDate: Mon, 99 Xyz 99999999999999999999 99:99:99 +9999\n"), "person"),
    "references-100000": (raw("references-100000", GOOD + "References: " + "<x@y> " * 100_000 + "\n", b"Hallo?\r\n"), "queued"),
}


def ordinary(made, number):
    return Citizen(made, "Petra Müller", born="%02d.05.1958" % number, address="gut%d@example.org" % number)


FOUND = {}


def handled():
    """All of them, and ordinary mails before, between and behind, handled by one run; done once."""
    if FOUND:
        return FOUND
    context = house(replies_per_day=100)
    made = FOUND["house"] = context.__enter__()
    FOUND["context"] = context
    good = [ordinary(made, n) for n in range(1, 6)]
    place = len(MAILS) // 4
    with made.servers.open() as box:
        for number, (name, (data, _)) in enumerate(MAILS.items()):
            if number % place == 0:
                citizen = good[number // place]
                box.append_many([citizen.bytes("Anmeldung", TEXT.decode().replace("03.05.1958", citizen.born).replace("\r\n", "\n"))])
            box.append_many([data])
    FOUND["good"] = good[:len(MAILS) // place + 1]
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    made.once()
    FOUND["seconds"] = time.monotonic() - begin
    FOUND["cpu"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime
    rows = made.rows("SELECT id, state, reason, message_id, sender, reading, substr(bytes, 1, 3000) AS bytes FROM mail "
                     "JOIN mail_raw ON mail_id = id")
    FOUND["rows"] = {name: [row for row in rows if b"<%s@hostile.example>" % name.encode() in row["bytes"]] for name in MAILS}
    return FOUND


@test
def every_hostile_mail_ends_as_it_should():
    found = handled()
    wrong = []
    for name, (_, wanted) in MAILS.items():
        rows = found["rows"][name]
        states = [row["state"] for row in rows]
        letters = [row["kind"] for row in found["house"].outbox(rows[0]["id"])] if rows else []
        ends = len(states) == 1 and states[0] in wanted.replace("person", "done asked queued").split()
        if not ends or ("queued" in wanted and letters):
            wrong.append("%s: wanted %s, got %s %s %s" % (name, wanted, states, letters, [r["reason"] for r in rows]))
    assert not wrong, "\n".join(wrong)


@test
def every_queued_mail_has_its_entry_and_waits_unseen():
    found = handled()
    made = found["house"]
    entries = made.rows("SELECT mail_id, count(*) AS n FROM queue_entry GROUP BY mail_id")
    queued = made.rows("SELECT id FROM mail WHERE state = 'queued'")
    assert {row["mail_id"] for row in entries} == {row["id"] for row in queued} and all(row["n"] == 1 for row in entries)
    folders = made.servers.mailbox(LAB)
    assert not folders["INBOX"] and len(folders["Stadtlabor/Prüfen"]) == len(queued)
    assert not any(mail.seen for mail in folders["Stadtlabor/Prüfen"])
    assert all(row["words"].strip() for row in made.rows("SELECT words FROM queue_entry"))


@test
def the_others_in_the_batch_are_handled():
    found = handled()
    for citizen in found["good"]:
        kinds = found["house"].rows("SELECT kind FROM outbox WHERE recipient = ?", citizen.address)
        assert kinds == [{"kind": "confirmed"}], (citizen.address, kinds)


@test
def letters_go_to_the_sender_alone_and_say_nothing_that_was_put_into_their_mouth():
    found = handled()
    good = {citizen.address for citizen in found["good"]}
    for message in found["house"].sink.messages():
        recipient, head = message["to"][0], message["data"].split(b"\r\n\r\n")[0]
        assert len(message["to"]) == 1 and "spy" not in recipient and message["from"] in ("", LAB), message["to"]
        assert recipient in good or recipient.endswith("@example.net"), recipient
        names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
        assert b"bcc" not in names and len(names) == len(set(names)), head
        assert b"evil.example" not in message["data"] and b"\x1b" not in message["data"], message["data"]
        assert b"217-2424" not in head and message["data"].isascii()
    assert not [line for _, line in found["house"].sink.commands if "spy" in line]


@test
def listings_of_hostile_mails_steer_no_terminal_and_are_valid_json():
    made = handled()["house"]
    for words in (("queue", "list"), ("registrations", "list"), ("outbox", "list")):
        assert not set(made.command(*words).stdout) & set("\x1b\x07\x00\x9b"), words
        assert made.json(*words)
    names = ("terminal-name", "no-sender", "nested-100000", "line-of-10-mb", "only-header-garbage", "nul-in-header")
    ids = {handled()["rows"][name][0]["id"] for name in names}
    chosen = [entry for entry in made.json("queue", "list") if entry["mail"] in ids]
    assert len(chosen) == len(names)
    for entry in chosen:
        shown = made.command("queue", "show", str(entry["id"]))
        assert not set(shown.stdout) & set("\x07\x00\x9b"), shown.stdout[:500]
        assert made.json("queue", "show", str(entry["id"]))["id"] == entry["id"]


@test
def time_and_logs_stay_bounded():
    found = handled()
    assert found["seconds"] < 60, found["seconds"]
    assert max(map(len, found["house"].log_text().splitlines())) < 2100


@test
def the_house_is_well_afterwards_and_sanitizers_are_silent():
    found = handled()
    assert not found["house"].reports(), found["house"].reports()
    found["context"].__exit__(None, None, None)


@test
def a_mail_that_kills_the_program_goes_to_staff_unread_and_the_others_go_on():
    with house(servers("killer")) as made:
        people = [ordinary(made, n) for n in range(1, 6)]
        raws = [one.sends("Anmeldung", TEXT.decode().replace("03.05.1958", one.born).replace("\r\n", "\n")) for one in people]
        killed = made.once(check=False, STADTLABOR_KILL_AT="desk.mail:3")      # the third mail of the batch
        assert killed.returncode == -9 and made.mails() == 0
        killed = made.once(check=False, STADTLABOR_KILL_AT="desk.mail:3")      # now each stands alone: two are through
        assert killed.returncode == -9 and made.mails() == 2
        made.once()
        rows = made.rows("SELECT id, state, reason, bytes FROM mail JOIN mail_raw ON mail_id = id ORDER BY id")
        assert sorted(row["state"] for row in rows) == ["done"] * 4 + ["queued"], rows
        unread = [row for row in rows if row["state"] == "queued"][0]
        assert unread["reason"] == "unread" and raws[2].split(b"\r\n\r\n")[1] in unread["bytes"]
        assert [mail["Message-ID"] for mail in made.servers.mailbox(LAB)["Stadtlabor/Prüfen"] if not mail.seen] == [
            raws[2].split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()]
        assert [m["to"][0] for m in made.sink.messages()] == [p.address for p in people if p is not people[2]]
        assert made.command("queue", "show", "1").stdout.count("nicht gelesen") == 1
        made.once()
        assert made.mails() == 5


if __name__ == "__main__":
    run()

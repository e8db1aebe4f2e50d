#!/usr/bin/env python3
"""Proves the mailbox against a real Dovecot: folders, listing, fetching, moving, waiting, with other clients at work."""
import os
import re
import threading
import time

from fake_imap import FakeImap
from mailbox_client import LAB, ROOM, checksum, empty, letter, opened, run, servers, test, told


# ---- folders ----

def folders_are(server, prefix, separator, **settings):
    with opened(server, **settings):
        pass
    names = server.folders()
    with server.open() as box:
        connection = box.imap
        subscribed = b"\n".join(one for one in connection.lsub()[1] if one)
    for leaf, wire in (("Erledigt", b"Erledigt"), ("Prüfen", b"Pr&APw-fen"), ("Automatisch", b"Automatisch")):
        name = prefix + "Stadtlabor" + separator + leaf
        assert name in names, names
        assert (prefix + "Stadtlabor" + separator).encode() + wire in subscribed, subscribed
    return names


@test
def folders_are_made_and_subscribed():
    before = set(folders_are(servers(), "", "/"))
    with opened(servers()):
        pass
    assert set(servers().folders()) == before


@test
def separator_and_namespace_are_the_servers():
    server = servers("courier", separator=".", prefix="INBOX.", without=("SPECIAL-USE",))
    folders_are(server, "INBOX.", ".")
    path = os.path.join(ROOM, "sent.eml")
    with open(path, "wb") as out:
        out.write(letter("Antwort"))
    uid = server.append(letter())
    with opened(server) as probe:
        probe.one("move review %d" % uid, "move ok")
        probe.one("append " + path, "append ok")
    mails = server.mailbox()
    assert len(mails["INBOX.Stadtlabor.Prüfen"]) == 1, mails
    assert [mail.subject for mail in mails["INBOX.Sent"]] == ["Antwort"], mails
    line = told(server, root="Stadt.labor")
    assert line.startswith("open refused") and "separator" in line, line


@test
def a_folder_that_cannot_be_made_is_told():
    line = told(servers(), root="x" * 300)
    assert line.startswith("open refused") and "make the folder xxx" in line, line
    for root in ("a*b", "a%b", 'a"b', "a//b", "/a", "b\\c"):
        line = told(servers(), root=root)
        assert line.startswith("open refused") and "folder" in line, (root, line)


@test
def the_sent_folder_is_found():
    path = os.path.join(ROOM, "reply.eml")
    raw = letter("Antwort").replace(b"\r\n", b"\n")
    with open(path, "wb") as out:
        out.write(raw)
    places = (("german", dict(special_use={"Gesendete Elemente": "\\Sent"}), {}, "Gesendete Elemente"),
              ("names", dict(special_use={"Gesendet": "\\Sent"}, without=("SPECIAL-USE",)), {}, "Gesendet"),
              ("nothing", dict(special_use={}), {}, "Sent"),
              ("nothing", {}, dict(sent="Büro/Gesendet"), "Büro/Gesendet"))
    for name, options, settings, folder in places:
        server = servers("sent-" + name, **options)
        with opened(server, **settings) as probe:
            probe.one("append " + path, "append ok")
        mails = server.mailbox()
        assert len(mails[folder]) == 1 and mails[folder][0].seen, mails
        assert mails[folder][0].raw == raw.replace(b"\n", b"\r\n")


@test
def what_was_filed_is_found_again():
    server = servers()
    path = os.path.join(ROOM, "filed.eml")
    with open(path, "wb") as out:
        out.write(letter().replace(b"Message-ID: <", b"Message-ID: <filed-"))
    identity = re.search(rb"<filed-.*>", open(path, "rb").read()).group().decode()
    with opened(server, tls="implicit") as probe:
        probe.one("sent-has " + identity, "sent-has no ok")
        probe.one("append " + path, "append ok")
        probe.one("sent-has " + identity, "sent-has yes ok")
        probe.one('sent-has <a"b>', "refused")
        uid = server.append(letter())
        assert uid in probe.list()          # INBOX is selected again
        probe.one("move done %d" % uid, "move ok")


@test
def a_full_mailbox_is_told_and_survived():
    server = servers("full", quota={LAB: "20K"})
    path = os.path.join(ROOM, "large.eml")
    with open(path, "wb") as out:
        out.write(letter(size=30000))
    with opened(server) as probe:
        line = probe.one("append " + path, "append refused")
        assert "OVERQUOTA" in line, line
        assert probe.list() == {}


# ---- listing and fetching ----

@test
def mails_come_as_they_are():
    server = servers()
    empty(server)
    raws = [letter(size=3000), b"Subject: \xff\xfe broken\r\n\r\n\x00 and {12}\r\n* BYE\r\n", b"X: " + b"z" * 100000 + b"\r\n\r\n"]
    uids = [server.append(raw) for raw in raws]
    stored = {mail.uid: mail.raw for mail in server.inbox()}
    for tls in ("implicit", "none"):
        with opened(server, tls=tls, batch=2) as probe:
            listed = probe.list()
            assert listed == {uid: len(stored[uid]) for uid in uids}, listed
            got = probe.fetch(reversed(uids))
            assert list(got) == uids
            for uid in uids:
                assert got[uid]["sum"] == checksum(stored[uid]) and got[uid]["complete"] and not got[uid]["seen"], got[uid]
            assert probe.list(uids[0]) == {uid: len(stored[uid]) for uid in uids[1:]}
            assert probe.list(uids[-1]) == {}
            assert probe.list(4294967295) == {}
    assert not any(mail.seen for mail in server.inbox())


@test
def of_a_large_mail_only_the_first_part():
    server = servers()
    empty(server)
    large, small = letter(size=60000), letter(size=20000)
    one, two, three = server.append(large), server.append(small), server.append(large)
    with opened(server, tls="implicit", size_most=20000, head=5000) as probe:
        for known in (True, False):
            if known:
                probe.list()
            got = probe.fetch([one, two, three])
            assert got[one]["len"] == got[three]["len"] == 5000 and not got[one]["complete"], got
            assert got[one]["sum"] == checksum(large[:5000]) and got[one]["size"] == 60000
            assert got[two]["complete"] and got[two]["sum"] == checksum(small)
            probe.one("close", "close ok")
            probe.one("open", "open ok")


@test
def other_clients_may_do_what_they_like():
    server = servers()
    empty(server)
    uids = [server.append(letter(str(number))) for number in range(6)]
    with opened(server) as probe:
        assert list(probe.list()) == uids
        with server.open() as box:
            connection = box.imap
            connection.select("INBOX")
            connection.uid("STORE", str(uids[0]), "+FLAGS.SILENT", "(\\Deleted)")
            connection.expunge()
            connection.uid("MOVE", str(uids[1]), "Drafts")
            connection.uid("STORE", str(uids[2]), "+FLAGS.SILENT", "(\\Seen \\Flagged)")
            connection.uid("STORE", str(uids[3]), "+FLAGS.SILENT", "(\\Deleted)")
        got = probe.fetch(uids + [4000000000])
        assert {uids[2], uids[4], uids[5]} <= set(got) and not {uids[0], uids[1]} & set(got), got
        assert got[uids[2]]["seen"]
        assert list(probe.list()) == [uids[2], uids[4], uids[5]]
        probe.one("move done %s" % ",".join(map(str, uids[:3])), "move ok")
        probe.one("move review %d,%d" % (uids[0], 4000000000), "move ok")
        assert list(probe.list()) == uids[4:]


@test
def a_callback_may_stop():
    server = servers()
    empty(server)
    uids = [server.append(letter()) for _ in range(5)]
    with opened(server, batch=2) as probe:
        probe.one("stop-after 3")
        assert len(probe.fetch(uids)) == 3
        probe.one("stop-after 0")
        assert len(probe.fetch(uids)) == 5


@test
def a_new_uidvalidity_is_told():
    server = servers()
    with opened(server) as probe:
        before = probe.one("uidvalidity")
        probe.one("close")
        server.new_uidvalidity()
        probe.one("open", "open ok")
        assert probe.one("uidvalidity") != before


# ---- moving ----

@test
def moves_mark_as_they_should():
    for name, options in (("usual", {}), ("nomove", dict(without=("MOVE",))), ("bare", dict(without=("MOVE", "UIDPLUS")))):
        server = servers(name, **options)
        empty(server)
        for folder, leaf, seen in (("done", "Erledigt", True), ("automatic", "Automatisch", True), ("review", "Prüfen", False)):
            with opened(server, tls="implicit", batch=3) as probe:
                empty(server, "Stadtlabor/" + leaf.replace("ü", "&APw-"))
                uids = [server.append(letter(str(number))) for number in range(7)]
                stays = server.append(letter("bleibt"))
                assert list(probe.list()) == uids + [stays]
                probe.one("move %s %s" % (folder, ",".join(map(str, uids))), "move ok")
                assert list(probe.list()) == [stays]
            mails = server.mailbox()
            moved = mails["Stadtlabor/" + leaf]
            assert sorted(mail.subject for mail in moved) == [str(number) for number in range(7)], (name, moved)
            assert all(mail.seen == seen for mail in moved), (name, leaf)
            assert [mail.subject for mail in mails["INBOX"]] == ["bleibt"], (name, mails["INBOX"])
            empty(server)


@test
def deleted_mails_of_others_stay():
    for name in ("nomove", "bare"):
        server = servers(name, without=("MOVE",) if name == "nomove" else ("MOVE", "UIDPLUS"))
        empty(server)
        theirs, ours = server.append(letter("gelöscht"), flags="\\Deleted"), server.append(letter("unsere"))
        with opened(server) as probe:
            probe.one("move done %d" % ours, "move ok")
            assert probe.list() == {}
        left = [mail.subject for mail in server.inbox()]
        assert "gelöscht" in left, (name, left)
        assert ("unsere" in left) == (name == "bare"), (name, left)
        assert "unsere" in [mail.subject for mail in server.mailbox()["Stadtlabor/Erledigt"]]


@test
def a_folder_that_was_removed_is_made_again():
    for name in ("usual", "nomove"):
        server = servers(name, **({} if name == "usual" else dict(without=("MOVE",))))
        empty(server)
        uid = server.append(letter("wohin"))
        with opened(server) as probe:
            with server.open() as box:
                connection = box.imap
                connection.delete("Stadtlabor/Pr&APw-fen")
            probe.one("move review %d" % uid, "move ok")
        assert [mail.subject for mail in server.mailbox()["Stadtlabor/Prüfen"]] == ["wohin"]


# ---- waiting ----

def wait_of(line):
    return line.split()[1], int(re.search(r"ms=(\d+)", line).group(1))


@test
def new_mail_ends_the_wait():
    server = servers()
    with opened(server, tls="implicit") as probe:
        last = max(probe.list(), default=0)
        probe.say("wait 20")
        time.sleep(0.3)
        begin = time.time()
        uid = server.append(letter())
        line = probe.hear()[0]
        assert wait_of(line)[0] == "news", line
        # Dovecot itself holds news back for half a second
        took = float(re.search(r"at=([0-9.]+)", line).group(1)) - begin
        assert took < 5, took
        assert uid in probe.list(last)
        server.append(letter())
        assert wait_of(probe.one("wait 20"))[0] == "news"


@test
def news_are_heard_within_a_fifth_of_a_second():
    # A Dovecot that hands idle sessions to imap-hibernate does without that half second.
    sockets = "service %s {\n  unix_listener %s {\n    mode = 0666\n  }\n}\n"
    server = servers("hibernating", dovecot_extra="imap_hibernate_timeout = 1 s\n" + sockets % ("imap", "imap-master") +
                     sockets % ("imap-hibernate", "imap-hibernate"))
    delays = []
    with opened(server, tls="implicit") as probe:
        for _ in range(3):
            probe.list()
            probe.say("wait 20")
            time.sleep(2)           # until it sleeps: nothing tells when
            begin = time.time()
            server.append(letter())
            line = probe.hear()[0]
            assert wait_of(line)[0] == "news", line
            delays.append(float(re.search(r"at=([0-9.]+)", line).group(1)) - begin)
    assert min(delays) < 0.2, delays        # the machine may be busy with something else


@test
def news_at_awkward_moments_are_not_lost():
    def idle(before="", with_it="", after=None):
        def answer(server, tag, _):
            server.send(before + "+ idling\r\n" + with_it)
            if after:
                threading.Timer(0.3, lambda: server.send(after)).start()
            server.tag = tag
        return answer

    def done(server, tag, command):
        server.send("%s OK done\r\n" % server.tag if tag == "DONE" else "%s OK done\r\n" % tag)
    news = "* 2 EXISTS\r\n"
    for how, least in ((idle(before=news), 0), (idle(with_it=news), 0), (idle(after=news), 290),
                       (idle(with_it="* OK Still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n", after=news), 290)):
        with FakeImap({"IDLE": how, "": done}) as fake, opened(port=fake.port) as probe:
            probe.list()
            result, took = wait_of(probe.one("wait 10"))
            assert result == "news" and least <= took < least + 5000, (result, took)


@test
def the_wait_ends_when_woken_or_over():
    with opened(servers(), tls="implicit") as probe:
        probe.list()
        result, took = wait_of(probe.one("wait 10 300"))
        assert result == "woken" and 300 <= took < 5000, (result, took)
        line = probe.one("wait 2")
        result, took = wait_of(line)
        assert result == "timeout" and 2000 <= took < 7000, line
        assert int(re.search(r"wakes=(\d+)", line).group(1)) < 8, line


@test
def idle_is_renewed():
    def answer(server, tag, _):
        server.tag = tag
        server.send("+ idling\r\n")
    with FakeImap({"IDLE": answer, "": lambda server, tag, _: server.send("%s OK done\r\n" % server.tag)}) as fake:
        with opened(port=fake.port, renew=1) as probe:
            probe.list()
            assert wait_of(probe.one("wait 3"))[0] == "timeout"
        idles = [line for line in fake.lines if line.endswith("IDLE")]
        assert len(idles) == 3, fake.lines


@test
def without_idle_it_polls():
    server = servers("noidle", without=("IDLE",))
    with opened(server, poll=1) as probe:
        probe.list()
        probe.say("wait 20")
        time.sleep(0.3)
        server.append(letter())
        result, took = wait_of(probe.hear()[0])
        assert result == "news" and took < 10000, took
        probe.list()
        assert wait_of(probe.one("wait 10 300"))[0] == "woken"
    refusing = {"IDLE": "{tag} NO not now\r\n", "NOOP": "* 2 EXISTS\r\n{tag} OK done\r\n"}
    with FakeImap(refusing) as fake, opened(port=fake.port, poll=1) as probe:
        probe.list()
        assert wait_of(probe.one("wait 10"))[0] == "news"


@test
def bye_while_waiting_is_lost_at_once():
    server = servers()
    for options in (dict(tls="implicit"), dict(tls="none")):
        with opened(server, **options) as probe:
            probe.list()
            probe.say("wait 20")
            time.sleep(0.4)
            server.drop_clients()
            line = probe.hear()[0]
            assert wait_of(line)[0] == "lost" and wait_of(line)[1] < 3000, line
            assert "lost" in probe.one("wait 5") and "lost" in probe.one("list 0")
            probe.one("close", "close ok")
            probe.one("open", "open ok")


if __name__ == "__main__":
    run()

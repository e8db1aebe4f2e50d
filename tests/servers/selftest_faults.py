"""Self-tests of the SMTP sink and the fault proxy; run by selftest.py."""
import imaplib
import os
import smtplib
import socket
import subprocess
import sys
import time

from checks import CITIZEN, HERE, ROOM, letter, refused, shared, test
from proxy import Proxy
from servers import LAB
from sink import Sink


def smtp_to(sink):
    return smtplib.SMTP("127.0.0.1", sink.port, timeout=5)


@test
def the_sink_records_before_it_answers():
    cert = shared().certs.pair("good")
    with Sink(ROOM, record=os.path.join(ROOM, "sink1"), cert=cert) as sink, smtp_to(sink) as smtp:
        smtp.starttls()
        smtp.login("user", "secret")
        smtp.sendmail(LAB, [CITIZEN, "b@example.org"], b"Message-ID: <1@x>\r\n\r\n.dot\r\n..\r\nend\r\n")
        one, = sink.messages()
        assert (one["from"], one["to"], one["tls"], one["user"]) == (LAB, [CITIZEN, "b@example.org"], True, "user")
        assert one["data"] == b"Message-ID: <1@x>\r\n\r\n.dot\r\n..\r\nend\r\n" and one["message_id"] == "<1@x>"


@test
def the_sink_fails_on_command():
    with Sink(ROOM, record=os.path.join(ROOM, "sink2")) as sink:
        sink.fault("rcpt", "450 4.2.0 busy", nth=2)
        sink.fault("rcpt", "550 5.1.1 no such user", address="gast@example.org")
        sink.fault("mail", "421 4.3.2 closing", nth=4)
        sink.fault("dot", "close", nth=2)
        sink.fault("dot", "lose", nth=3)
        sink.fault("dot", "stall", nth=4)
        sink.fault("connect", "slow 0.2", nth=6)
        with smtp_to(sink) as smtp:
            smtp.sendmail(LAB, CITIZEN, letter())
            assert "450" in refused(smtplib.SMTPRecipientsRefused, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
            assert "550" in refused(smtplib.SMTPRecipientsRefused, lambda: smtp.sendmail(LAB, "gast@example.org", letter()))
            assert "421" in refused(smtplib.SMTPSenderRefused, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
        for taken in (2, 2):
            with smtp_to(sink) as smtp:
                refused(smtplib.SMTPServerDisconnected, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
            assert sink.count() == taken and len(sink.messages()) == taken
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=0.3) as smtp:
            refused((OSError, smtplib.SMTPException), lambda: smtp.sendmail(LAB, CITIZEN, letter()))
        smtp_to(sink).quit()
        begin = time.monotonic()
        smtp_to(sink).quit()
        assert time.monotonic() - begin >= 0.2 and sink.count() == 2


@test
def sink_and_proxy_work_as_commands():
    sink = subprocess.Popen([sys.executable, os.path.join(HERE, "sink.py"), "--record", os.path.join(ROOM, "sink3"), "--fault",
                             "mail 1 451 4.0.0 later"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    proxy = subprocess.Popen([sys.executable, os.path.join(HERE, "proxy.py"), "--to", sink.stdout.readline().strip(), "--rule",
                              "cut server after=10 connection=2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = int(proxy.stdout.readline())
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            refused(smtplib.SMTPSenderRefused, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
            smtp.sendmail(LAB, CITIZEN, letter())
        refused((smtplib.SMTPException, OSError), lambda: smtplib.SMTP("127.0.0.1", port).noop())
        print("count", file=sink.stdin, flush=True)
        assert sink.stdout.readline() == "1\n"
    finally:
        for one in (sink, proxy):
            one.kill()
            one.wait()


def fetch(port):
    imap = imaplib.IMAP4("127.0.0.1", port, timeout=5)
    imap.login("proxy@example.org", "buerger")
    imap.select()
    return imap.fetch("1", "(BODY.PEEK[])")[1][0][1]


@test
def the_proxy_cuts_stalls_garbles_and_slows():
    servers = shared()
    raw = letter("Proxy", size=20000)
    servers.append(raw, "proxy@example.org")
    with Proxy(servers.imap_port) as proxy:
        assert fetch(proxy.port) == raw
        for make in (lambda: proxy.cut_in_literal(1000), lambda: proxy.cut("server", after=200),
                     lambda: proxy.cut("client", after=5, reset=True)):
            rule = make()
            refused((imaplib.IMAP4.abort, OSError), lambda: fetch(proxy.port))
            assert rule.hits == 1
            assert fetch(proxy.port) == raw
        proxy.cut("server", after=7, connection=proxy.connections + 1)
        with socket.create_connection(("127.0.0.1", proxy.port)) as plain:
            assert plain.makefile("rb").read() == b"* OK [C"
        proxy.garble("server", pattern=rb"Ich", count=3)
        changed = fetch(proxy.port)
        assert len(changed) == len(raw) and sum(a != b for a, b in zip(changed, raw)) == 3
        proxy.stall("server", pattern=rb"\{\d+\}")
        begin = time.monotonic()
        imap = imaplib.IMAP4("127.0.0.1", proxy.port, timeout=0.4)
        imap.login("proxy@example.org", "buerger")
        imap.select()
        refused(OSError, lambda: imap.fetch("1", "(BODY.PEEK[])"))
        assert time.monotonic() - begin >= 0.4
        proxy.limit("server", rate=50000)
        begin = time.monotonic()
        assert fetch(proxy.port) == raw and time.monotonic() - begin > 0.3
        proxy.clear()
        imap = imaplib.IMAP4("127.0.0.1", proxy.port, timeout=5)
        proxy.cut_now()
        refused((imaplib.IMAP4.abort, OSError), imap.noop)
        proxy.refuse()
        refused((imaplib.IMAP4.error, OSError), lambda: imaplib.IMAP4("127.0.0.1", proxy.port, timeout=5))
        proxy.clear()
        assert fetch(proxy.port) == raw


@test
def the_proxy_loses_the_reply_after_the_dot():
    with Sink(ROOM, record=os.path.join(ROOM, "sink4")) as sink, Proxy(sink.port) as proxy:
        proxy.cut("client", pattern=rb"\r\n\.\r\n")
        with smtplib.SMTP("127.0.0.1", proxy.port, timeout=5) as smtp:
            refused(smtplib.SMTPServerDisconnected, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
        assert len(sink.wait(1)) == 1

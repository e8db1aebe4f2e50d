"""Self-tests of Dovecot, Postfix, the certificates, the token endpoint and servers.py itself; run by selftest.py."""
import imaplib
import json
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from certs import KINDS
from checks import CITIZEN, HERE, ROOM, folder, letter, refused, shared, test
from oauth import make_token, xoauth2
from post import from_utf7, to_utf7
from processes import accepts, members, wait_for
from servers import LAB, Servers, stop_kept


@test
def both_servers_start_within_three_seconds():
    begin = time.monotonic()
    with Servers(folder("quick"), oauth=True) as servers:
        took = time.monotonic() - begin
        groups = servers.description()["process_groups"]
        begin = time.monotonic()
    ended = time.monotonic() - begin
    print("    started in %.2f s, stopped in %.2f s" % (took, ended))
    assert took < 3 and not any(members(group) for group in groups)


@test
def a_mail_by_smtp_is_seen_by_imap():
    servers = shared()
    raw = letter("Anmeldung zum Löten")
    servers.deliver(raw, CITIZEN, LAB)
    mail = servers.wait_mail(LAB, lambda mail: "Löten" in mail.subject)
    assert mail["Return-Path"] == "<%s>" % CITIZEN and "Ich möchte" in mail.text and not mail.seen
    assert mail.raw.endswith(raw), "changed on its way"
    assert [one for one in servers.inbox(CITIZEN) if "Löten" in one.subject] == []


@test
def strange_mail_passes_unchanged():
    servers = shared()
    for raw in (b"Subject: no sender, no date\r\n\r\n\xff\xfe \x00 end\r\n", b"X: 1\r\n\r\n" + b"y" * 300000 + b"\r\n",
                b"From: a\r\nFrom: b\r\nX-Long: " + b"z" * 200000 + b"\r\n\r\n.\r\n..\r\n"):
        servers.deliver(raw, "", "stadtlabor+strange@iserlohn.de")
        # Dovecot has no NUL to give over IMAP: it becomes 0x80
        servers.wait_mail(LAB, lambda mail: mail.raw.endswith(raw.replace(b"\0", b"\x80")))


@test
def a_mail_of_twelve_megabytes_passes():
    shared().deliver(letter("gross", size=16 << 20), CITIZEN, LAB)
    assert len(shared().wait_mail(LAB, lambda mail: mail.subject == "gross", seconds=30).raw) > 16 << 20


@test
def failures_come_back_as_reports():
    servers, sender = shared(), "berichte@example.org"
    for recipient, code in (("unbekannt@example.com", "5.1.1"), ("x@voll.example", "5.2.2"), ("x@kein-host.example", "5.4.4")):
        servers.deliver(letter(to=recipient), sender, recipient)
        mail = servers.wait_mail(sender, lambda mail: recipient in str(mail.message))
        assert mail.message.get_content_type() == "multipart/report" and mail["Return-Path"] == "<>"
        report = str(list(mail.message.iter_parts())[1])
        assert "Action: failed" in report and "Status: " + code in report, report


@test
def a_slow_host_is_reported_as_delayed():
    servers = shared()
    servers.deliver(letter(), "geduld@example.org", "x@langsam.example")
    mail = servers.wait_mail("geduld@example.org")
    assert "Action: delayed" in str(mail.message) and "langsam.example" in servers.postfix.queue()


@test
def refusals_at_rcpt():
    servers = shared()
    assert "550" in refused(smtplib.SMTPRecipientsRefused, lambda: servers.deliver(letter(), CITIZEN, "abgelehnt@example.org"))
    assert "450" in refused(smtplib.SMTPRecipientsRefused, lambda: servers.deliver(letter(), CITIZEN, "spaeter@example.org"))


@test
def the_relay_ports_want_tls_and_a_password():
    servers = shared()
    context = ssl.create_default_context(cafile=servers.ca_file)
    with smtplib.SMTP("localhost", servers.submission_port) as smtp:
        assert "STARTTLS" in refused(smtplib.SMTPException, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
        smtp.starttls(context=context)
        refused(smtplib.SMTPRecipientsRefused, lambda: smtp.sendmail(LAB, CITIZEN, letter()))
        refused(smtplib.SMTPAuthenticationError, lambda: smtp.login("stadtlabor", "wrong"))
        smtp.login("stadtlabor", servers.password("stadtlabor"))
        smtp.sendmail(LAB, CITIZEN, letter("per STARTTLS"))
    with smtplib.SMTP_SSL("localhost", servers.smtps_port, context=context) as smtp:
        smtp.login(LAB, servers.password(LAB))
        smtp.sendmail(LAB, CITIZEN, letter("per SMTPS"))
    servers.wait_mails(CITIZEN, 2, lambda mail: mail.subject.startswith("per S"))


@test
def folders_flags_and_umlauts():
    servers = shared()
    assert from_utf7(to_utf7("A & B/Prüfen/日本")) == "A & B/Prüfen/日本" and to_utf7("Prüfen") == "Pr&APw-fen"
    with servers.open("ordner@example.org") as box:
        box.create("Stadtlabor/Prüfen")
        uid = box.append(letter("geprüft"), "INBOX", "\\Flagged")
        box.move("INBOX", uid, "Stadtlabor/Prüfen")
    found = servers.mailbox("ordner@example.org")
    assert found["INBOX"] == [] and "\\Flagged" in found["Stadtlabor/Prüfen"][0].flags
    assert "\\Sent" in servers.folders("ordner@example.org")["Sent"]


@test
def lmtp_delivers_before_it_returns():
    servers = shared()
    servers.deliver_lmtp(letter("sofort"), CITIZEN, "lmtp@example.org")
    assert [mail.subject for mail in servers.inbox("lmtp@example.org")] == ["sofort"]


@test
def idle_tells_of_new_mail():
    servers = shared()
    with servers.open("idle@example.org") as box:
        box.imap.select()
        box.imap.send(b"i IDLE\r\n")
        assert box.imap.readline().startswith(b"+")
        servers.deliver_lmtp(letter(), CITIZEN, "idle@example.org")
        begin = time.monotonic()
        assert b"EXISTS" in box.imap.readline()
        took = time.monotonic() - begin
        box.imap.send(b"DONE\r\n")
        while not box.imap.readline().startswith(b"i "):
            pass
    # Dovecot holds news back for 500 ms, a constant in its source (NOTIFY_DELAY_MSECS)
    print("    EXISTS came %.3f s after delivery" % took)
    assert took < 1


@test
def the_lab_has_one_mailbox_under_both_names():
    servers = shared()
    with servers.open("stadtlabor") as short, servers.open(LAB) as long:
        assert short.status("INBOX") == long.status("INBOX")
    refused(imaplib.IMAP4.error, lambda: imaplib.IMAP4("127.0.0.1", servers.imap_port).login("stadtlabor", "wrong"))


@test
def quota_says_overquota_and_can_be_lifted():
    servers = shared()
    big = letter(size=5000)
    assert "OVERQUOTA" in refused(RuntimeError, lambda: servers.append(big, "eng@example.org"))
    servers.set_quota("eng@example.org", None)
    uid = servers.append(big, "eng@example.org")
    servers.set_quota("eng@example.org", "6K")
    with servers.open("eng@example.org") as box:
        box.imap.select()
        answer = box.imap.uid("COPY", str(uid), "Sent")
    assert answer[0] == "NO" and b"OVERQUOTA" in answer[1][0], answer


@test
def uidvalidity_changes_on_command():
    servers = shared()
    servers.append(letter(), "neu@example.org")
    with servers.open("neu@example.org") as box:
        before = box.status("INBOX")
    servers.new_uidvalidity("neu@example.org")
    with servers.open("neu@example.org") as box:
        after = box.status("INBOX")
    assert after["UIDVALIDITY"] != before["UIDVALIDITY"] and after["MESSAGES"] == 1


@test
def clients_are_thrown_out_and_the_server_restarts_on_its_ports():
    servers = shared()
    box = servers.open("raus@example.org")
    servers.drop_clients("raus@example.org")
    refused((imaplib.IMAP4.abort, OSError), lambda: [box.imap.noop() for _ in range(3)])
    box = servers.open("raus@example.org")
    servers.dovecot.stop()
    assert not accepts(servers.imap_port)
    refused((imaplib.IMAP4.abort, OSError), lambda: [box.imap.noop() for _ in range(3)])
    servers.dovecot.start()
    servers.open("raus@example.org").close()


def presented(port, starttls, ca_file, name="localhost"):
    """"ok", or why a verifying client refuses the certificate."""
    context = ssl.create_default_context(cafile=ca_file)
    try:
        if starttls == "imap":
            imaplib.IMAP4(name, port).starttls(context)
        elif starttls == "smtp":
            smtplib.SMTP(name, port).starttls(context=context)
        else:
            with socket.create_connection((name, port), timeout=10) as plain:
                context.wrap_socket(plain, server_hostname=name).close()
        return "ok"
    except ssl.SSLCertVerificationError as problem:
        return problem.verify_message


@test
def certificates_are_what_they_claim():
    words = {"good": "ok", "selfsigned": "self-signed", "otherca": "unable to get local issuer", "wronghost": "mismatch",
             "expired": "expired", "notyet": "not yet valid"}
    assert set(words) == set(KINDS)
    for kind, word in words.items():
        with Servers(folder("tls-" + kind), cert=kind) as servers:
            for port, starttls in ((servers.imap_port, "imap"), (servers.imaps_port, None), (servers.smtp_port, "smtp"),
                                   (servers.smtps_port, None)):
                said = presented(port, starttls, servers.ca_file)
                assert word in said, "%s, port %s: %s" % (kind, starttls or "tls", said)


@test
def without_tls_nothing_is_offered():
    with Servers(folder("notls"), tls=False) as servers:
        assert not accepts(servers.imaps_port) and not accepts(servers.smtps_port)
        assert "STARTTLS" not in imaplib.IMAP4("127.0.0.1", servers.imap_port).capabilities
        with smtplib.SMTP("127.0.0.1", servers.smtp_port) as smtp:
            smtp.ehlo()
            assert not smtp.has_extn("starttls")


@test
def another_separator_prefix_and_fewer_capabilities():
    gone = ("MOVE", "IDLE", "UIDPLUS", "SPECIAL-USE")
    with Servers(folder("other"), postfix=False, separator=".", prefix="INBOX.", without=gone, mail_format="maildir",
                 fsync="optimized") as servers:
        box = servers.open()
        assert not set(gone) & set(box.imap.capability()[1][0].decode().split())
        assert b'"INBOX." "."' in box.imap.namespace()[1][0]
        names = servers.folders()
        assert "INBOX.Sent" in names and not any("\\Sent" in words for words in names.values())
        servers.deliver(letter(), CITIZEN, LAB)
        assert len(servers.inbox()) == 1
    words = shared().open().imap.capability()[1][0].decode().split()
    assert set(gone) <= set(words)


@test
def tokens_open_imap_and_smtp():
    servers = shared()
    oauth = servers.oauth

    def ask(url=oauth.token_url, **change):
        form = {"grant_type": "client_credentials", "client_id": oauth.client_id, "client_secret": oauth.client_secret, **change}
        context = ssl.create_default_context(cafile=servers.ca_file) if url.startswith("https") else None
        return json.load(urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), context=context))

    def login(token):
        return imaplib.IMAP4("127.0.0.1", servers.imap_port).authenticate("XOAUTH2", lambda _: xoauth2(LAB, token).encode())
    for url in (oauth.token_url, oauth.token_url_tls):
        assert login(ask(url)["access_token"])[0] == "OK"
    with smtplib.SMTP("localhost", servers.submission_port) as smtp:
        smtp.starttls()
        smtp.ehlo()
        assert smtp.auth("XOAUTH2", lambda _=None: xoauth2(LAB, oauth.token()))[0] == 235
    for bad in (oauth.token(lifetime=-10), oauth.token("other@example.org"), make_token(LAB, key=b"another key"), "nonsense"):
        refused(imaplib.IMAP4.error, lambda: login(bad))
    assert "401" in refused(urllib.error.HTTPError, lambda: ask(client_secret="wrong"))
    oauth.control(status=503)
    assert "503" in refused(urllib.error.HTTPError, ask)
    oauth.control(lifetime=-1)
    refused(imaplib.IMAP4.error, lambda: login(ask()["access_token"]))
    oauth.control()
    assert [one["status"] for one in oauth.requests()][-4:] == [200, 401, 503, 200]


@test
def an_ordinary_user_can_run_dovecot():
    # the Python that runs this may be closed to others
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    there, code = os.path.join(ROOM, "nobody"), os.path.join(ROOM, "code")
    os.makedirs(there)
    shutil.copytree(HERE, code, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.chown(there, "nobody")
    script = ("import sys; sys.path.insert(0, %r); sys.dont_write_bytecode = True\nfrom servers import *\n"
              "with Servers(%r, postfix=False, oauth=True) as servers:\n"
              "    servers.deliver(b'Subject: hallo\\n\\nx\\n', '', LAB); print(servers.inbox()[0].subject)\n" % (code, there))
    done = subprocess.run([python, "-c", script], user="nobody", group="nogroup", extra_groups=[], text=True,
                          capture_output=True, cwd="/", env={"PATH": os.environ["PATH"], "HOME": "/"})
    assert done.stdout == "hallo\n", done.stderr
    done = subprocess.run([python, os.path.join(code, "servers.py"), "--folder", there], user="nobody", group="nogroup",
                          extra_groups=[], text=True, capture_output=True, cwd="/")
    assert done.returncode == 1 and "must be started by root" in done.stderr, done


@test
def by_hand_kept_and_stopped():
    here, command = folder("hand"), [sys.executable, os.path.join(HERE, "servers.py")]
    done = subprocess.run([*command, "--folder", here, "--keep", "--oauth"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0 and "imap_port" in done.stdout, done
    servers = Servers.attach(here)
    servers.deliver(letter("bleibt"), CITIZEN, LAB)
    servers.wait_mail(LAB, lambda mail: mail.subject == "bleibt")
    stop_kept(here)
    assert not accepts(servers.imap_port) and not accepts(servers.smtp_port)
    running = subprocess.Popen([*command, "--folder", here], stdout=subprocess.PIPE, text=True)
    ports = [int(line.split()[1]) for line in iter(running.stdout.readline, "") if "_port" in line or "process_groups" in line
             and running.send_signal(signal.SIGTERM)]
    assert running.wait(10) == 0 and len(ports) == 5 and not any(accepts(port) for port in ports)


@test
def a_killed_test_leaves_no_servers():
    here = folder("killed")
    victim = subprocess.Popen([sys.executable, os.path.join(HERE, "servers.py"), "--folder", here], stdout=subprocess.PIPE)
    for line in victim.stdout:
        if line.startswith(b"process_groups"):
            break
    groups = json.loads(line.split(None, 1)[1])
    assert all(members(group) for group in groups)
    victim.kill()
    victim.wait()
    wait_for(lambda: not any(members(group) for group in groups), 5, "the servers to end")


@test
def thousands_of_mails_are_there_quickly():
    servers, raw = shared(), letter(size=3000)
    begin = time.monotonic()
    assert servers.fill((raw for _ in range(2500)), "viel@example.org") == 2500
    took = time.monotonic() - begin
    mails = servers.inbox("viel@example.org")
    assert len(mails) == 2500 and all(mail.raw == raw for mail in mails)
    print("    2500 mails filled in at %.0f a second" % (2500 / took))

#!/usr/bin/env python3
"""Private mail servers for tests and the demo: Dovecot, Postfix and, if wished, a token endpoint, on loopback ports the
system chose, with every file under one folder.

    with Servers(folder) as servers:
        servers.deliver(raw, "maria@example.org", "stadtlabor@iserlohn.de")
        mail = servers.wait_mail("maria@example.org", lambda mail: "Anmeldung" in mail.subject)

    python3 servers.py --folder DIR             runs until Ctrl-C or SIGTERM
    python3 servers.py --folder DIR --keep      returns; they stay
    python3 servers.py --folder DIR --stop      ends what --keep left

Promises: start() returns when every port greets, stop() ends these servers and no others; a program that dies without
stop() leaves no servers behind (except with keep). The folder is the caller's: it is made if missing, never removed, and must
be reachable by other users when root starts (servers give up root). `servers.json` in it says how to reach everything;
`Servers.attach(folder)` makes the helper functions usable from another program.
"""
import argparse
import json
import os
import secrets
import signal
import stat
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import post                                             # noqa: E402
from certs import KINDS, Certs                          # noqa: E402
from dovecot import SPECIAL_USE, Dovecot, doveadm       # noqa: E402
from oauth import Oauth                                 # noqa: E402
from postfix import Postfix                             # noqa: E402
from processes import Guard, end_group, free_ports, members, wait_for   # noqa: E402

LAB_USER, LAB = "stadtlabor", "stadtlabor@iserlohn.de"
CITIZEN_PASSWORD = "buerger"
LONGEST_FOLDER = 60     # a Unix socket's path has 107 bytes, Dovecot's longest below the folder needs 47


class Servers:
    """Options, all by name:
        postfix=True        False: Dovecot alone (no root needed); deliver() then goes by LMTP
        oauth=False         True: XOAUTH2 and OAUTHBEARER, and a token endpoint (.oauth)
        cert="good"         the certificate of both servers, a kind of certs.KINDS; smtp_cert for Postfix alone
        tls=True            False: no TLS port and no STARTTLS anywhere
        separator="/"  prefix=""    of the mail folders; Exchange-like "/", Courier-like "." with "INBOX."
        without=()          capabilities not announced, e.g. ("MOVE", "IDLE", "UIDPLUS", "SPECIAL-USE")
        special_use={name: attribute}   folders there from the start
        quota={address: "20K"}          see also set_quota
        mail_format="sdbox"  fsync="never"      "maildir"; "mdbox" fills fastest; fsync="optimized" is production's
        accounts={address: password}    besides the lab; everybody else has CITIZEN_PASSWORD
        dovecot_extra=""  postfix_extra=""      lines for their configuration
    """
    def __init__(self, folder, *, postfix=True, oauth=False, cert="good", smtp_cert=None, tls=True, separator="/", prefix="",
                 without=(), special_use=SPECIAL_USE, quota=None, mail_format="sdbox", fsync="never", accounts=None,
                 dovecot_extra="", postfix_extra=""):
        self.folder = _usable(folder)
        self.certs = Certs(os.path.join(self.folder, "certs"))
        self.ca_file = self.certs.ca_file
        self.accounts = {LAB: "labor-" + secrets.token_hex(8), **(accounts or {})}
        ports = free_ports(7)
        self.oauth = Oauth(self._make("oauth"), self.certs, ports[5:7], LAB) if oauth else None
        self.dovecot = Dovecot(self._make("dovecot"), self.certs, ports[:2], self.accounts, CITIZEN_PASSWORD, cert=cert, tls=tls,
                               separator=separator, prefix=prefix, without=without, special_use=special_use, quota=quota,
                               mail_format=mail_format, fsync=fsync, oauth_keys=self.oauth.keys if oauth else None,
                               extra=dovecot_extra)
        self.postfix = Postfix(self._make("postfix"), self.certs, ports[2:5], self.dovecot.lmtp_socket, self.dovecot.auth_socket,
                               cert=smtp_cert or cert, tls=tls, extra=postfix_extra) if postfix else None
        self.imap_port, self.imaps_port = ports[:2]
        self.smtp_port, self.submission_port, self.smtps_port = ports[2:5] if postfix else (None, None, None)
        self.lmtp_socket, self.dovecot_config = self.dovecot.lmtp_socket, self.dovecot.config
        self._parts = [part for part in (self.oauth, self.dovecot, self.postfix) if part]
        self._guard = None

    def start(self):
        self._guard = Guard()
        try:
            for part in self._parts:
                part.launch()
                self._guard.watch(part.process.pid)
            for part in self._parts:
                part.wait_ready()
        except BaseException:
            self.stop()
            raise
        self._describe()
        return self

    def stop(self):
        # Postfix first: it would queue what Dovecot no longer takes
        for part in reversed(self._parts):
            part.stop()
        if self._guard:
            self._guard.dismiss()
            self._guard = None

    def keep(self):
        """The servers outlive this program; `stop_kept(folder)` ends them."""
        if self._guard:
            self._guard.dismiss()
            self._guard = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # ---- reaching and looking ----

    def password(self, user):
        for address, password in self.accounts.items():
            if user.lower() in (address, address.split("@")[0]):
                return password
        return CITIZEN_PASSWORD

    def open(self, address=LAB):
        """A connection to look at or prepare a mailbox, see post.Mailbox; to be closed by the caller."""
        return post.Mailbox(self.imap_port, address, self.password(address))

    def folders(self, address=LAB):
        with self.open(address) as box:
            return box.folders()

    def mailbox(self, address=LAB):
        """Folder name → its mails, see post.Mail; empty folders included."""
        with self.open(address) as box:
            return {name: box.mails(name) for name, words in sorted(box.folders().items())
                    if not words & {"\\Noselect", "\\NonExistent"}}

    def inbox(self, address=LAB):
        with self.open(address) as box:
            return box.mails("INBOX")

    def wait_mail(self, address, test=None, folder="INBOX", seconds=10):
        """The first mail in the folder for which test(mail) is true."""
        return self.wait_mails(address, 1, test, folder, seconds)[0]

    def wait_mails(self, address, count, test=None, folder="INBOX", seconds=10):
        with self.open(address) as box:
            return post.wait_mails(box, folder, test, count, seconds)

    wait_for = staticmethod(wait_for)

    # ---- putting mail there ----

    def deliver(self, raw, sender, recipient):
        """By SMTP through Postfix; sender "" is the empty envelope sender; recipient may be a list."""
        recipients = [recipient] if isinstance(recipient, str) else list(recipient)
        if self.smtp_port:
            post.send_smtp(self.smtp_port, raw, sender, recipients)
        else:
            for one in recipients:
                post.send_lmtp(self.lmtp_socket, raw, sender, one)

    def deliver_lmtp(self, raw, sender="", recipient=LAB):
        """Into the INBOX before this returns; Return-Path, Delivered-To and Received are added."""
        post.send_lmtp(self.lmtp_socket, raw, sender, recipient)

    def append(self, raw, address=LAB, folder="INBOX", flags=""):
        """By IMAP APPEND, the bytes as they are; returns the UID."""
        with self.open(address) as box:
            return box.append(raw, folder, flags)

    def fill(self, raws, address=LAB, folder="INBOX"):
        """Thousands of mails at once, for benches; any iterable of bytes."""
        with self.open(address) as box:
            return box.append_many(raws, folder)

    # ---- changing the world under the client ----

    def set_quota(self, address, limit):
        """"20K", "messages=3", or None for no limit."""
        self.dovecot.set_quota(address, limit)

    def new_uidvalidity(self, address=LAB, folder="INBOX"):
        """The folder's UIDs mean nothing any more, its mails stay (as after a server was restored)."""
        with self.open(address) as box:
            old = box.status(folder)["UIDVALIDITY"]
        doveadm(self.dovecot_config, "mailbox", "update", "-u", address, "--uid-validity", str(old + 1), folder)

    def drop_clients(self, address=LAB):
        """The server throws this user's IMAP connections out (BYE)."""
        doveadm(self.dovecot_config, "kick", address)

    # ---- for other programs ----

    def description(self):
        facts = {name: getattr(self, name) for name in ("folder", "imap_port", "imaps_port", "smtp_port", "submission_port",
                                                        "smtps_port", "lmtp_socket", "ca_file", "accounts", "dovecot_config")}
        facts["citizen_password"] = CITIZEN_PASSWORD
        facts["postfix_config"] = self.postfix.config if self.postfix else None
        if self.oauth:
            facts["oauth"] = {name: getattr(self.oauth, name)
                              for name in ("token_url", "token_url_tls", "client_id", "client_secret")}
        facts["process_groups"] = [part.process.pid for part in self._parts]
        return facts

    def _describe(self):
        path = os.path.join(self.folder, "servers.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(self.description(), out, indent=2)

    def _make(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    @staticmethod
    def attach(folder):
        return Attached(folder)


class Attached(Servers):
    """The helper functions for servers another program started; start, stop and set_quota are that program's."""
    def __init__(self, folder):
        with open(os.path.join(folder, "servers.json")) as file:
            facts = json.load(file)
        for name, value in facts.items():
            setattr(self, name, value)
        self._parts, self._guard = [], None


def stop_kept(folder):
    """Ends the servers of servers.json, if their processes still are what they were."""
    path = os.path.join(folder, "servers.json")
    with open(path) as file:
        groups = json.load(file)["process_groups"]
    for group in reversed(groups):
        if any(_works_for(process, folder) for process in members(group)):
            end_group(group)
    os.remove(path)


def _works_for(process, folder):
    try:
        with open("/proc/%d/cmdline" % process, "rb") as file:
            return os.path.abspath(folder).encode() + b"/" in file.read()
    except OSError:
        return False


def _usable(folder):
    folder = os.path.abspath(str(folder))
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        raise ValueError("the folder's path may have %d bytes, for Unix sockets have short names: %s" % (LONGEST_FOLDER, folder))
    if any(letter.isspace() for letter in folder):
        raise ValueError("the folder's path may not hold blanks: %r" % folder)
    os.makedirs(folder, exist_ok=True)
    if os.geteuid() == 0:
        # mkdtemp makes folders for root's eyes only, but the servers give up root
        os.chmod(folder, 0o755)
        above = os.path.dirname(folder)
        while above != "/":
            if not os.stat(above).st_mode & stat.S_IXOTH:
                raise PermissionError("%s is closed to the users dovecot and postfix, choose a folder elsewhere" % above)
            above = os.path.dirname(above)
    return folder


def main():
    parser = argparse.ArgumentParser(description="Private Dovecot and Postfix on loopback, all files under one folder.")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--keep", action="store_true", help="leave the servers running and return")
    parser.add_argument("--stop", action="store_true", help="end the servers that --keep left in this folder")
    parser.add_argument("--no-postfix", action="store_true")
    parser.add_argument("--oauth", action="store_true")
    parser.add_argument("--no-tls", action="store_true")
    parser.add_argument("--cert", choices=KINDS, default="good")
    parser.add_argument("--separator", default="/")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--without", default="", help="capabilities not announced: MOVE,IDLE,UIDPLUS")
    parser.add_argument("--quota", action="append", default=[], metavar="ADDRESS=LIMIT")
    parser.add_argument("--mail-format", default="sdbox", choices=("sdbox", "mdbox", "maildir"))
    parser.add_argument("--fsync", default="never", choices=("never", "optimized", "always"))
    wish = parser.parse_args()
    try:
        if wish.stop:
            stop_kept(wish.folder)
            return 0
        servers = Servers(wish.folder, postfix=not wish.no_postfix, oauth=wish.oauth, tls=not wish.no_tls, cert=wish.cert,
                          separator=wish.separator, prefix=wish.prefix, without=tuple(filter(None, wish.without.split(","))),
                          quota=dict(item.partition("=")[::2] for item in wish.quota), mail_format=wish.mail_format,
                          fsync=wish.fsync).start()
    except (OSError, RuntimeError, ValueError) as problem:
        print("servers.py: %s" % problem, file=sys.stderr)
        return 1
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    for name, value in servers.description().items():
        print("%-17s %s" % (name, json.dumps(value) if isinstance(value, (dict, list)) else value))
    sys.stdout.flush()
    if wish.keep:
        servers.keep()
        print("stop them with    %s %s --folder %s --stop" % (sys.executable, os.path.abspath(__file__), servers.folder))
        return 0
    ended.wait()
    servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

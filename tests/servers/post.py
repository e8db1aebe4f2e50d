"""Looking into mailboxes and putting mail there, for tests: over IMAP, SMTP and LMTP as any program would.

Promises: looking changes nothing (EXAMINE and BODY.PEEK: no flag is set, \\Recent stays); folder names are given and
returned as people read them (`Stadtlabor/Prüfen`), modified UTF-7 is spoken on the wire only.
"""
import base64
import email
import email.policy
import imaplib
import itertools
import re
import smtplib
import time

from processes import POLL


class Mail:
    """One mail in a folder: uid, flags (a set of words), raw (bytes), and what is parsed from them when asked for."""
    def __init__(self, folder, uid, flags, raw):
        self.folder, self.uid, self.flags, self.raw = folder, uid, flags, raw
        self._message = None

    @property
    def message(self):
        if self._message is None:
            self._message = email.message_from_bytes(self.raw, policy=email.policy.default)
        return self._message

    @property
    def subject(self):
        return str(self.message["Subject"] or "")

    @property
    def text(self):
        """The plain text part, else the HTML as it is, else nothing."""
        part = self.message.get_body(("plain", "html"))
        return part.get_content() if part is not None else ""

    @property
    def seen(self):
        return "\\Seen" in self.flags

    def __getitem__(self, header):
        return self.message[header]

    def __repr__(self):
        return "<%s/%d %s %s>" % (self.folder, self.uid, " ".join(sorted(self.flags)), self.subject)


class Mailbox:
    """One logged-in IMAP connection to look at or prepare a mailbox. Close it, or use it with `with`."""
    def __init__(self, port, user, password):
        self.imap = imaplib.IMAP4("127.0.0.1", port)
        self.imap.login(user, password)

    def close(self):
        try:
            self.imap.logout()
        except (OSError, imaplib.IMAP4.error):
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def folders(self):
        """Names as people read them → attributes."""
        found = {}
        for line in self._ok(self.imap.list()):
            if isinstance(line, tuple):     # a name sent as literal
                line = line[0].rpartition(b"{")[0] + _quote(line[1].decode()).encode()
            match = re.match(rb'\(([^)]*)\) (?:"(?:\\.|[^"])*"|NIL) (.*)$', line or b"")
            if match:
                name = match[2].decode()
                if name.startswith('"'):
                    name = re.sub(r"\\(.)", r"\1", name[1:-1])
                found[from_utf7(name)] = set(match[1].decode().split())
        return found

    def mails(self, folder="INBOX", above=0):
        """The mails with a UID above `above`, by UID."""
        self._ok(self.imap.select(self._wire(folder), readonly=True))
        return self._fetch(folder, above)

    def more(self, folder, above):
        """As `mails`, for the folder that is open already: what came since."""
        self.imap.noop()
        return self._fetch(folder, above)

    def status(self, folder="INBOX", items="MESSAGES UNSEEN UIDNEXT UIDVALIDITY"):
        answer = self._ok(self.imap.status(self._wire(folder), "(%s)" % items))[0].decode()
        return {name: int(value) for name, value in re.findall(r"(\w+) (\d+)", answer[answer.rindex("("):])}

    def append(self, raw, folder="INBOX", flags=""):
        """Returns the UID. Bytes go as they are but for line ends, which become CRLF."""
        answer = self._ok(self.imap.append(self._wire(folder), flags, None, raw))
        match = re.search(rb"APPENDUID \d+ (\d+)", answer[0] or b"")
        return int(match[1]) if match else None

    def append_many(self, raws, folder="INBOX", batch=1000):
        """Many times quicker than one by one (MULTIAPPEND); returns how many. Bytes go exactly as they are."""
        count, raws = 0, iter(raws)
        for first in raws:
            self.imap.send(b"many APPEND %s" % self._wire(folder).encode())
            for raw in itertools.chain([first], itertools.islice(raws, batch - 1)):
                self.imap.send(b" {%d+}\r\n" % len(raw) + raw)
                count += 1
            self.imap.send(b"\r\n")
            line = self.imap.readline()
            while not line.startswith(b"many "):
                if not line:
                    raise OSError("the connection ended while mails were appended")
                line = self.imap.readline()
            if not line.startswith(b"many OK"):
                raise RuntimeError("IMAP says %r" % line)
        return count

    def create(self, folder):
        self._ok(self.imap.create(self._wire(folder)))

    def delete(self, folder):
        self._ok(self.imap.delete(self._wire(folder)))

    def flag(self, folder, uid, flags, how="+FLAGS"):
        self._ok(self.imap.select(self._wire(folder)))
        self._ok(self.imap.uid("STORE", str(uid), how, "(%s)" % flags))

    def remove(self, folder, uid):
        """As a person deletes it: gone for good."""
        self.flag(folder, uid, "\\Deleted")
        self._ok(self.imap.expunge())

    def move(self, folder, uid, target):
        self._ok(self.imap.select(self._wire(folder)))
        status = self.imap._simple_command("UID", "MOVE", str(uid), self._wire(target))
        self._ok(status)

    def _fetch(self, folder, above):
        answer = self._ok(self.imap.uid("FETCH", "%d:*" % (above + 1), "(UID FLAGS BODY.PEEK[])"))
        mails = []
        for part in answer:
            if isinstance(part, tuple):
                head = part[0].decode()
                uid = int(re.search(r"UID (\d+)", head)[1])
                if uid > above:         # N:* always yields the last mail
                    mails.append(Mail(folder, uid, set(re.search(r"FLAGS \(([^)]*)\)", head)[1].split()), part[1]))
        return mails

    @staticmethod
    def _wire(folder):
        return _quote(to_utf7(folder))

    @staticmethod
    def _ok(answer):
        if answer[0] != "OK":
            raise RuntimeError("IMAP says %s %r" % answer)
        return answer[1]


def wait_mails(mailbox, folder, test, count, seconds):
    """The mails of `folder` that pass `test`, as soon as there are `count`. NOOP every 20 ms, each mail fetched once:
    quicker than IDLE, whose news Dovecot holds back for half a second."""
    deadline = time.monotonic() + seconds
    seen, found = mailbox.mails(folder), []
    while True:
        found += [mail for mail in seen if test is None or test(mail)]
        if len(found) >= count:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError("waited %s s for %d mails in %s, found %r" % (seconds, count, folder, found))
        time.sleep(POLL)
        last = max([mail.uid for mail in seen], default=getattr(mailbox, "last_uid", 0))
        mailbox.last_uid = last
        seen = mailbox.more(folder, last)


def send_smtp(port, raw, sender, recipients):
    """Bytes as they are, but CRLF; raises what smtplib raises when all recipients are refused."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.sendmail(sender, recipients, raw, mail_options=["BODY=8BITMIME"])


def send_lmtp(socket, raw, sender, recipient):
    with smtplib.LMTP(socket, timeout=60) as lmtp:
        refused = lmtp.sendmail(sender, [recipient], raw, mail_options=["BODY=8BITMIME"])
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def to_utf7(name):
    """RFC 3501 section 5.1.3."""
    def shift(match):
        packed = base64.b64encode(match[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
        return "&" + packed.decode() + "-"
    return re.sub(r"[^\x20-\x7e]+", shift, name.replace("&", "&-"))


def from_utf7(name):
    def shift(match):
        packed = match[1].replace(",", "/")
        return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be") if packed else "&"
    return re.sub(r"&([^-]*)-", shift, name)


def _quote(name):
    return '"%s"' % name.replace("\\", "\\\\").replace('"', '\\"')

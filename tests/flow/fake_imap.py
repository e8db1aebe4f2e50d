"""An IMAP server that misbehaves as told, for what a real one would never do.

    with FakeImap({r"UID FETCH .*": "* 1 FETCH (UID 1 BODY[] {4294967295}\\r\\n"}) as server:
        connect to server.port; server.lines holds what the client sent

A rule is a regular expression over the command behind its tag and what to answer: text in which {tag} stands for the
tag, or a function (server, tag, command) that sends by itself with server.send(). The first rule that fits holds; what no rule
names is answered like a small, healthy mailbox with one mail of 100 bytes, UID 1.
"""
import re
import socket
import threading

MAIL = (b"From: Maria <maria@example.org>\r\nSubject: Anmeldung\r\n\r\n").ljust(98, b"x") + b"\r\n"
USUAL = {
    r"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR IDLE MOVE UIDPLUS NAMESPACE\r\n{tag} OK done\r\n",
    r"(LOGIN|AUTHENTICATE) .*": "{tag} OK logged in\r\n",
    r"NAMESPACE": '* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done\r\n',
    r'LIST "" ""': '* LIST (\\Noselect) "/" ""\r\n{tag} OK done\r\n',
    r'LIST "" "\*"': '* LIST (\\Sent) "/" Sent\r\n{tag} OK done\r\n',
    r'LIST "" (".*"|\S+)': '* LIST () "/" {1}\r\n{tag} OK done\r\n',
    r"(SELECT|EXAMINE) .*": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n{tag} OK [READ-WRITE] open\r\n",
    r"UID FETCH .* \(UID FLAGS RFC822.SIZE\)": "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100)\r\n{tag} OK done\r\n",
    r"UID FETCH .*": "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100 BODY[] {{100}}\r\n" + MAIL.decode() + ")\r\n{tag} OK done\r\n",
    r"LOGOUT": "* BYE\r\n{tag} OK bye\r\n",
    r".*": "{tag} OK done\r\n",
}


class FakeImap:
    def __init__(self, rules=None, greeting="* OK ready\r\n"):
        self.rules = [(re.compile(pattern + r"\Z", re.I), answer) for pattern, answer in (rules or {}).items()]
        self.usual = [(re.compile(pattern + r"\Z", re.I), answer) for pattern, answer in USUAL.items()]
        self.greeting, self.lines, self.client = greeting, [], None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.close()
        if self.client:
            self.client.close()

    def send(self, text):
        self.client.sendall(text.encode() if isinstance(text, str) else text)

    def _serve(self):
        while True:
            try:
                self.client, _ = self._listening.accept()
                self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if callable(self.greeting):
                    self.greeting(self)
                else:
                    self.send(self.greeting)
                with self.client.makefile("rb") as lines:
                    for line in lines:
                        self._answer(line.rstrip(b"\r\n").decode("utf-8", "replace"))
            except OSError:
                if self._listening.fileno() < 0:
                    return

    def _answer(self, line):
        self.lines.append(line)
        tag, _, command = line.partition(" ")
        for pattern, answer in self.rules + self.usual:
            match = pattern.match(command)
            if match and callable(answer):
                answer(self, tag, command)
                return
            if match:
                self.send(answer.format(command, *match.groups(), tag=tag))
                return

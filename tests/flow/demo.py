#!/usr/bin/env python3
"""make demo: fifteen mails through private mail servers and the daemon, shown mail by mail.

Exit status 0 when every mail ended where it should; KEEP=1 leaves servers and daemon running and says how to look around.
"""
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap

from house import House, LAB, PROGRAMME, mail
from processes import wait_for

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(code, text):
    return "\033[%sm%s\033[0m" % (code, text) if COLOUR else text


class Scene:
    """One mail of the demo: who writes what, and where it should end (state of the mail)."""
    def __init__(self, title, sender, subject, text, ends, name=None, raw=None, envelope=None, waits_for=None, **more):
        self.title, self.sender, self.subject, self.text, self.ends = title, sender, subject, text, ends
        self.name, self.raw, self.envelope, self.waits_for, self.more = name, raw, envelope, waits_for, more
        self.message_id = "<demo-%s@example.org>" % abs(hash((title, subject)))

    def bytes(self, house):
        if self.raw:
            return self.raw
        answered = None
        if self.waits_for:      # it answers a letter of ours, read from the citizen's own mailbox
            answered = house.servers.wait_mail(self.sender, self.waits_for, seconds=30)
        return mail(self.sender, self.subject, self.text, name=self.name, message_id=self.message_id, reply_to=answered,
                    **self.more)


def hostile():
    """Nested and broken MIME, NUL and invalid bytes, a boundary that is a quote, a header that never ends."""
    nested = "".join('--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (i, i + 1) for i in range(5000))
    return (b"From: \"Eve\r\n Evil\" <eve@example.net>\r\nFrom: mallory@example.net\r\nTo: " + LAB.encode() +
            b"\r\nSubject: =?utf-8?B?////?= =?x-unknown?Q?=00?= " + b"A" * 2000 + b"\r\nMessage-ID: <demo-hostile@example.net>\r\n"
            b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b0\"\r\n\r\n" + nested.encode() +
            b"--b5000\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n\r\n\xff\xfe kaputt \x80\r\n")


def large():
    """A 12 MB photo, and a registration in the text before it."""
    photo = ("QUJD" * 19 + "\r\n") * (12 * 1024 * 1024 // 78)
    return ("From: Paul Kremer <paul.kremer@example.com>\r\nTo: %s\r\nSubject: Anmeldung Repair-Cafe, mit Foto vom Laptop\r\n"
            "Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <demo-large@example.com>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=\"foto\"\r\n\r\n--foto\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            "Guten Tag,\r\n\r\nhiermit melde ich mich zum Repair-Café Digital am 06.02.2027 an.\r\n\r\nPaul Kremer\r\n"
            "geboren am 07.09.1979\r\nBaarstraße 44\r\n58636 Iserlohn\r\n\r\n--foto\r\nContent-Type: image/jpeg\r\n"
            "Content-Disposition: attachment; filename=laptop.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            % LAB).encode() + photo.encode() + b"--foto--\r\n"


FIRST = [
    Scene("Anmeldung, vollständig", "petra.mueller@example.org", "Anmeldung KI im Alltag",
          "Guten Tag,\n\nich möchte mich gern für „KI im Alltag“ am 3. Dezember anmelden.\n\nPetra Müller\ngeb. 03.05.1958\n"
          "Nordengraben 12\n58636 Iserlohn\n\nMit freundlichen Grüßen\nPetra Müller\n", "done", name="Petra Müller"),
    Scene("Anmeldung ohne Geburtsdatum", "h.schulte@example.net", "Mapathon",
          "Hallo,\n\nhiermit melde ich mich für den OpenStreetMap-Mapathon am 02.02.2027 an.\n\nHeinz Schulte\nBaarstr. 7\n"
          "58636 Iserlohn\n", "asked", name="Heinz Schulte"),
    Scene("Eine Familie", "familie.yildiz@example.com", "Calliope mini am 23.1.",
          "Liebes Stadtlabor,\n\nbitte melden Sie meine beiden Kinder zum Programmieren mit dem Calliope mini am 23.01.2027 an:\n\n"
          "Elif Yıldız, geboren am 14.02.2016\nEmre Yıldız, geboren am 30.08.2017\n\nWir wohnen in der Mendener Straße 71 in "
          "58636 Iserlohn.\n\nViele Grüße\nAyşe Yıldız\n", "done", name="Ayşe Yıldız"),
    Scene("Newsletter bestellt", "jonas.weber@example.org", "Newsletter",
          "Moin,\n\nbitte nehmt mich in euren Newsletter auf.\n\nDanke, Jonas Weber\n", "asked", name="Jonas Weber"),
    Scene("Eine Frage", "doris.lang@example.org", "Parken?",
          "Guten Tag,\n\nkann man bei Ihnen in der Nähe mit dem Rollstuhl parken, und gibt es einen Aufzug?\n\n"
          "Freundliche Grüße\nDoris Lang\n", "queued", name="Doris Lang"),
    Scene("Eine Abwesenheitsnotiz", "m.klein@firma.example", "Automatische Antwort: Ihre Anmeldung",
          "Ich bin bis zum 30.11. nicht im Büro. In dringenden Fällen wenden Sie sich an das Sekretariat.\n", "ignored",
          name="Martin Klein", envelope="", headers=("Auto-Submitted: auto-replied",)),
    Scene("Was niemand versteht", "k1990@example.com", "äh",
          "bla 17 vielleicht doch oder so, der kai sagt nein\n", "queued"),
    Scene("Ein Anhang von 12 MB", "paul.kremer@example.com", "Anmeldung Repair-Cafe, mit Foto vom Laptop", "", "done", raw=large()),
    Scene("Eine feindliche Mail", "eve@example.net", "(kaputt)", "", "queued", raw=hostile()),
    Scene("Anmeldung mit falscher Adresse", "unbekannt@example.org", "Anmeldung Open Data",
          "Ich melde mich an zu Open Data - Daten der Stadt nutzen am 26.01.2027.\nUwe Brandt, 12.12.1970, Hagener Str. 3, "
          "58642 Letmathe\n", "done", name="Uwe Brandt"),
]
SECOND = [
    Scene("Die Antwort: das Geburtsdatum", "h.schulte@example.net", "Re: Mapathon", "3.9.1961\n\nGruß, H. Schulte\n", "done",
          name="Heinz Schulte", waits_for=lambda m: "Mapathon" in m.text),
    Scene("Newsletter bestätigt", "jonas.weber@example.org", "Re: Newsletter", "Ja\n", "done", name="Jonas Weber",
          waits_for=lambda m: "Newsletter" in m.text),
    Scene("Eine Absage", "petra.mueller@example.org", "Doch verhindert",
          "Guten Tag,\n\nleider muss ich meine Teilnahme an KI im Alltag am 3.12. absagen.\n\nMit freundlichen Grüßen\n"
          "Petra Müller\n", "done", name="Petra Müller", waits_for=lambda m: "KI im Alltag" in m.text),
]
THIRD = [
    Scene("Newsletter abbestellt", "jonas.weber@example.org", "kein Newsletter mehr",
          "Hallo, bitte meldet mich wieder vom Newsletter ab. Danke!\nJonas Weber\n", "done", name="Jonas Weber"),
]


KINDS = {"register": "Anmeldung", "cancel": "Absage", "answer": "Antwort auf unsere Frage", "subscribe": "möchte den Newsletter",
         "unsubscribe": "möchte den Newsletter nicht mehr", "confirm": "Ja zum Newsletter", "question": "Frage oder Anliegen",
         "auto_reply": "ein Automat", "bounce": "ein Zustellbericht"}
STATES = {"done": "erledigt", "asked": "nachgefragt", "queued": "wartet auf einen Menschen", "ignored": "abgelegt, ohne Antwort"}
FIELDS = {"birth_date": "Geburtsdatum", "first_name": "Vorname", "last_name": "Nachname", "street": "Straße", "city": "Ort"}


def understood(reading):
    """The reading in a few words."""
    words = []
    for intent in reading["intents"]:
        persons = ", ".join(" ".join(filter(None, (p.get("first_name"), p.get("last_name"), p.get("birth_date"))))
                            for p in intent.get("persons") or [])
        parts = [KINDS[intent["kind"]], intent.get("event"), persons,
                 "es fehlt: " + ", ".join(FIELDS[m] for m in intent["missing"]) if intent.get("missing") else None]
        words.append(" · ".join(filter(None, parts)))
    return "; ".join(words)


def written(scene):
    """What the citizen wrote, without greetings."""
    lines = [line for line in scene.text.splitlines() if line and not re.match(r"(Guten Tag|Hallo|Moin|Liebes|Mit |Viele |Freundliche )[^.]*$", line)]
    return " / ".join(lines) or {"Ein Anhang von 12 MB": "(ein Foto, und davor die Anmeldung)"}.get(scene.title, "(5000 Teile ineinander, ungültige Zeichen)")


def core(text):
    """What the letter has to say: between the thanks and what is the same in each."""
    paragraphs = re.split(r"\n\n", text.replace("\r\n", "\n"))[2:]
    ends = [i for i, words in enumerate(paragraphs) if re.match(r"Mit freundlichen|Klappt es|Sie können einfach|Was wir|Haben Sie|Möchten Sie|Steht der", words)]
    return "\n".join(paragraphs[:ends[0]])


def told(what, words, colour=None):
    lines = [piece for line in words.splitlines() for piece in textwrap.wrap(line, 96)]
    for i, line in enumerate(lines):
        print("    %-12s %s" % (what if i == 0 else "", paint(colour, line) if colour else line))


def print_title(number, title, expected=None):
    print("%s %s" % (paint("1;31", "✗ erwartet: %s;" % expected) if expected else paint("1;32", "✓"), paint("1", "%d. %s" % (number, title))))


def answers(house, row):
    for letter in house.rows("SELECT recipient, message_id FROM outbox WHERE mail_id = ?", row["id"]):
        lost = letter["recipient"].startswith("unbekannt@")
        got = [] if lost else [m for m in house.letters(letter["recipient"]) if (m["Message-ID"] or "").strip().strip("<>") == letter["message_id"]]
        if got:
            told("geantwortet", core(got[0].text), "36")
        else:
            told("geantwortet", "an %s, kam zurück (siehe unten)" % letter["recipient"], "33")


def show(house, number, scene):
    row = next(iter(house.rows("SELECT * FROM mail WHERE message_id = ?", message_id_of(scene).strip("<>"))), None)
    good = row is not None and row["state"] == scene.ends
    print_title(number, scene.title, None if good else STATES[scene.ends])
    told("kam von", "%s, „%s“: %s" % (scene.sender, scene.subject, written(scene)))
    if row is None:
        told("getan", "nicht angekommen")
    else:
        told("verstanden", understood(json.loads(row["reading"])) if row["reading"] else "nicht gelesen")
        why = house.rows("SELECT words FROM queue_entry WHERE mail_id = ?", row["id"])
        told("getan", STATES[row["state"]] + (": " + why[0]["words"] if why else ""))
        answers(house, row)
    print()
    return good


def message_id_of(scene):
    if scene.raw:
        head = scene.raw.split(b"\r\n\r\n")[0].decode("latin-1")
        return head.split("Message-ID: ")[1].split("\r\n")[0]
    return scene.message_id


def play(house, scenes):
    before = house.mails()
    for scene in scenes:
        envelope = scene.sender if scene.envelope is None else scene.envelope
        house.servers.deliver(scene.bytes(house), envelope, LAB)
    house.settle(before + len(scenes))


def summary(house):
    for title, words in (("Anmeldungen", ("registrations", "list", "--all")), ("Liste für Menschen", ("queue", "list"))):
        print(paint("1;4", title))
        print(textwrap.indent(house.command(*words).stdout, "  "))
    print(paint("1;4", "Ordner des Labors"))
    for folder, mails in sorted(house.servers.mailbox(LAB).items()):
        unseen = sum(not m.seen for m in mails)
        if mails or folder == "INBOX":
            print("  %-28s %3d Mails%s" % (folder, len(mails), ", %d ungelesen" % unseen if unseen else ""))
    print()


def main():
    folder = tempfile.mkdtemp(prefix="stadtlabor-demo-", dir="/tmp")
    keep = os.environ.get("KEEP") == "1"
    house = House(folder, kind=os.environ.get("KIND", "release"))
    good = False
    try:
        house.__enter__()
        print(paint("1", "Private Mailserver laufen. Es ist der 22. November 2026, mittags."))
        print("Veranstaltungen: " + house.command("events", "import", PROGRAMME).stdout.strip().splitlines()[-1])
        print(house.command("check").stdout)
        house.start()
        for scenes in (FIRST, SECOND, THIRD):
            play(house, scenes)
        wait_for(lambda: house.rows("SELECT 1 FROM queue_entry WHERE reason = 'undeliverable'"), 30, "the bounce")
        house.settle()
        scenes = FIRST + SECOND + THIRD
        results = [show(house, number, scene) for number, scene in enumerate(scenes, 1)]
        bounce = house.rows("SELECT m.sender, m.subject, q.words FROM queue_entry q JOIN mail m ON m.id = q.mail_id WHERE q.reason = 'undeliverable'")[0]
        print_title(len(scenes) + 1, "Ein Unzustellbarkeitsbericht")
        told("kam von", "%s, „%s“" % (bounce["sender"], bounce["subject"]))
        told("verstanden", KINDS["bounce"])
        told("getan", STATES["queued"] + ": " + bounce["words"])
        print()
        summary(house)
        good = all(results)
    finally:
        if keep and house.daemon is not None:
            house.servers.keep()
            print("Läuft weiter:  %s\n  Programm     STADTLABOR_NOW=%d %s/stadtlabor queue list --config %s\n  Daemon       Prozess %d, Log %s\n"
                  "  Postfächer   imap://localhost:%d, STARTTLS: stadtlabor / %s, petra.mueller@example.org und alle anderen / %s\n"
                  "  Anhalten     kill %d; python3 tests/servers/servers.py --folder %s --stop; rm -r %s"
                  % (folder, house.now, house.bin, house.config, house.daemon.pid, house.log, house.servers.imap_port,
                     house.servers.password(LAB), house.servers.password("petra.mueller@example.org"), house.daemon.pid,
                     house.servers.folder, folder))
        else:
            house.__exit__()
            shutil.rmtree(folder, ignore_errors=True)
    print("Alles endete, wo es sollte." if good else "Nicht alles endete, wo es sollte.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

"""Mails of 3 KB for benches, as they come in a week of registration: everybody is invented, no two are alike.

Of twenty mails nine register (seven completely), three ask, two cancel, two are about the newsletter, three come from
machines, one thanks. Each has what mails have: Received and DKIM headers, half of them an HTML part beside the text.
"""
import base64
import hashlib
import random

SIZE = 3000
FIRST = ("Anna Maria Petra Sabine Monika Ursula Karin Heike Julia Katharina Emine Olga Peter Michael Thomas Andreas Wolfgang "
         "Jürgen Günter Stefan Christian Mehmet Piotr Lukas Jonas Felix Paul Emil Frieda Greta Lotte Björn").split()
LAST_A = "Berg Stein Lind Eich Birken Feld Wald Busch Brunn Hoch Nieder Ober Unter Schön Alten Neuen Rosen Kirch Mühl Kamp".split()
LAST_B = "mann hof berg bach feld heim haus meier müller brock hausen burg kamp horst dorf wald".split()
STREETS = ("Gartenstraße Schillerstraße Bergstraße Hauptstraße Baarstraße Lindenweg Rosenweg Ahornweg Kirchgasse Marktplatz "
           "Bachstraße Waldstraße Schulstraße Mühlenweg").split()
PLACES = (("58636", "Iserlohn"), ("58638", "Iserlohn"), ("58644", "Iserlohn"), ("58675", "Hemer"), ("58706", "Menden"))
DOMAINS = "example.org example.net example.com mail.example post.example".split()
EVENTS = (("Repair-Café Digital", "06.02.2027"), ("Open Data", "26.01.2027"), ("LoRaWAN-Sensoren selber bauen", "15.12.2026"),
          ("Klimaschutz zu Hause", "10.12.2026"), ("OpenStreetMap-Mapathon", "02.02.2027"),
          ("Sichere Passwörter und Online-Banking", "19.01.2027"), ("Ideenwerkstatt Innenstadt von morgen", "14.01.2027"))
CHATTER = ("Ich habe von Ihrem Programm in der Zeitung gelesen und freue mich sehr darüber. ",
           "Meine Nachbarin war neulich schon einmal bei Ihnen und hat viel erzählt. ",
           "Mit der Technik kenne ich mich ein wenig aus, aber längst nicht so gut wie meine Enkel. ",
           "Es ist schön, dass es so etwas mitten in der Stadt gibt. ")


class Person:
    def __init__(self, dice, number):
        self.first, self.last = dice.choice(FIRST), dice.choice(LAST_A) + dice.choice(LAST_B)
        self.birth = "%02d.%02d.%d" % (dice.randint(1, 28), dice.randint(1, 12), dice.randint(1940, 2005))
        self.street = "%s %d" % (dice.choice(STREETS), dice.randint(1, 150))
        self.code, self.city = dice.choice(PLACES)
        self.address = "p%d.%s@%s" % (number, hashlib.md5(self.last.encode()).hexdigest()[:6], dice.choice(DOMAINS))
        self.name = "%s %s" % (self.first, self.last)


def _register(dice, person):
    title, day = dice.choice(EVENTS)
    text = ["Guten Tag,\n\nhiermit melde ich mich zur Veranstaltung \"%s\" am %s an.\n\n%s\n"
            "geboren am %s\n%s\n%s %s\n\nMit freundlichen Grüßen\n%s\n",
            "Sehr geehrte Damen und Herren,\n\nbitte melden Sie mich für \"%s\" am %s an.\n\nName: %s\nGeburtsdatum: %s\n"
            "Adresse: %s, %s %s\n\nVielen Dank und freundliche Grüße\n%s\n",
            "Hallo liebes Stadtlabor-Team,\n\nich möchte gern an %s (%s) teilnehmen. Meine Daten:\n%s, geb. %s\n%s\n%s %s\n\n"
            "Viele Grüße\n%s\n"][dice.randrange(3)]
    return "Anmeldung " + title, text % (title, day, person.name, person.birth, person.street, person.code, person.city,
                                         person.name)


def _register_in_part(dice, person):
    title, day = dice.choice(EVENTS)
    return "Anmeldung", ("Hallo,\n\nich würde mich gern für %s am %s anmelden.\n\n%s\n%s\n%s %s\n\nGruß\n%s\n"
                         % (title, day, person.name, person.street, person.code, person.city, person.name))


def _ask(dice, person):
    title, day = dice.choice(EVENTS)
    question = dice.choice(("Muss ich für %s am %s einen eigenen Laptop mitbringen?",
                            "Ist der Raum bei %s am %s mit dem Rollstuhl zu erreichen?",
                            "Kostet die Teilnahme an %s am %s etwas?"))
    return "Frage", "Guten Tag,\n\n%s\n\nMit freundlichen Grüßen\n%s\n" % (question % (title, day), person.name)


def _cancel(dice, person):
    title, day = dice.choice(EVENTS)
    return "Absage", ("Guten Tag,\n\nleider kann ich an %s am %s nicht teilnehmen. Bitte streichen Sie mich von der Liste.\n\n"
                      "Mit freundlichen Grüßen\n%s\n" % (title, day, person.name))


def _newsletter(dice, person):
    return "Newsletter", "Guten Tag,\n\nbitte nehmen Sie mich in Ihren Newsletter auf.\n\nDanke\n%s\n" % person.name


def _thanks(dice, person):
    return "Danke", "Vielen Dank für die schnelle Antwort!\n\n%s\n" % person.name


def _away(dice, person):
    return "Automatische Antwort: Ihre Anmeldung", ("Guten Tag,\n\nich bin bis zum 04.01.2027 nicht im Büro. Ihre Nachricht "
                                                    "wird nicht weitergeleitet.\n\n%s\n" % person.name)


KINDS = ((_register, 7), (_register_in_part, 2), (_ask, 3), (_cancel, 2), (_newsletter, 2), (_away, 3), (_thanks, 1))
_TWENTY = [kind for kind, times in KINDS for _ in range(times)]


def mail(number, lab, seed="bench"):
    """Mail `number`, the same for the same seed."""
    dice = random.Random("%s %d" % (seed, number))
    person = Person(dice, number)
    kind = _TWENTY[number * 7 % len(_TWENTY)]
    subject, text = kind(dice, person)
    if kind in (_register, _ask) and dice.random() < 0.5:
        first, rest = text.split("\n\n", 1)
        text = first + "\n\n" + dice.choice(CHATTER).strip() + "\n\n" + rest
    signature = base64.b64encode(dice.randbytes(256)).decode()
    domain = person.address.rpartition("@")[2]
    head = ["Return-Path: <%s>" % ("" if kind is _away else person.address),
            "Received: from mout.%s (mout.%s [192.0.2.%d])" % (domain, domain, dice.randint(1, 254)),
            "\tby mx.example.org (Postfix) with ESMTPS id %s" % dice.randbytes(5).hex().upper(),
            "\tfor <%s>; Sun, 22 Nov 2026 09:58:%02d +0100 (CET)" % (lab, number % 60),
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=2026;" % domain,
            "\th=from:to:subject:date:message-id; bh=%s;" % signature[:43], "\tb=" + signature[44:116],
            "\t " + signature[116:188], "\t " + signature[188:260], "\t " + signature[260:332],
            "From: =?utf-8?B?%s?= <%s>" % (base64.b64encode(person.name.encode()).decode(), person.address), "To: " + lab,
            "Subject: =?utf-8?B?%s?=" % base64.b64encode(subject.encode()).decode(),
            "Date: Sun, 22 Nov 2026 09:58:%02d +0100" % (number % 60),
            "Message-ID: <%s.%d@%s>" % (dice.randbytes(8).hex(), number, domain), "MIME-Version: 1.0",
            "X-Mailer: Apple Mail (2.3826.300.87.4.3)", "Accept-Language: de-DE"]
    if kind is _away:
        head += ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"]
    plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", *text.split("\n")]
    if dice.random() < 0.5:
        lines = [*head, *plain]
        style = "X-Trace: %s"
        at = len(head)
    else:
        html = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><style>%s</style></head>" \
               "<body><div>" + text.replace("\n", "<br>\n") + "</div></body></html>"
        lines = [*head, "Content-Type: multipart/alternative; boundary=\"=_%d\"" % number, "", "--=_%d" % number, *plain,
                 "--=_%d" % number, "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
                 *html.split("\n"), "--=_%d--" % number, ""]
        style, at = None, None
    missing = SIZE - len("\r\n".join(lines).encode())
    if style is None:
        padding = (".MsoNormal, li.p%d { margin: 0; font-family: Calibri; }\r\n" % number) * 60
        return "\r\n".join(lines).replace("%s", padding[:max(missing + 2, 0)]).encode()
    while missing > 90:        # what filters on the way write
        lines.insert(at, "X-Spam-Report: " + dice.randbytes(30).hex())
        missing -= 77
    return "\r\n".join(lines).encode()


def mails(count, lab, seed="bench"):
    return (mail(number, lab, seed) for number in range(count))

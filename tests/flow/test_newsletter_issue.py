#!/usr/bin/env python3
"""An issue while it is written: made, checked, looked at in a browser, tried on oneself; and the mail that comes of it."""
import email
import email.policy
import os
import re
import struct
import zlib

from browser import look
from newsletter import issue, send, subscribe
from scenes import house, run, servers, test

PICTURE_WORDS = "Das Stadtlabor von außen"
EXTRA = """
![%s](haus.png)

- ein Punkt
- noch einer mit `Code`

> Ein Zitat aus dem Gästebuch

| Kurs | Wochentag | Plätze |
| --- | --- | --- |
| Löten für Anfängerinnen und Anfänger | Donnerstag | 12 |

Eine lange Adresse: https://www.example.org/ein/sehr/langer/weg/der/nirgends/einen/bindestrich/hat/und/umbrechen/muss

""" % PICTURE_WORDS


def picture(path, width=900, height=120):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    lines = b"".join(b"\0" + bytes((40, 90, 140)) * width for _ in range(height))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                  + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def written(own):
    """The shipped beginning of an issue, with one of everything."""
    path = os.path.join(own.folder, "2026-12.md")
    own.command("newsletter", "new", path)
    with open(path) as file:
        text = file.read()
    picture(os.path.join(own.folder, "haus.png"))
    with open(path, "w") as out:
        out.write(text.replace("\n## Was", EXTRA + "\n## Was", 1).replace("[…] ", ""))
    return path


@test
def a_new_issue_is_made_checked_and_looked_at():
    with house(servers("news")) as own:
        path = written(own)
        assert own.command("newsletter", "new", path, check=False).returncode == 1      # never over what is there
        assert "gut" in own.command("newsletter", "check", path).stdout
        here = os.getcwd()
        try:
            os.chdir(own.folder)
            own.command("newsletter", "preview", path)
        finally:
            os.chdir(here)
        with open(path[:-3] + ".html") as file:
            html = file.read()
        with open(path[:-3] + ".txt") as file:
            text = file.read()
        assert 'lang="de"' in html and "<script" not in html and not re.search(r'(src|background)="?http', html)
        for words in ("Guten Tag!\n==========", "- ein Punkt\n- noch einer mit Code", "[Bild: %s]" % PICTURE_WORDS,
                      "> Ein Zitat aus dem Gästebuch", "Löten für Anfängerinnen und Anfänger | Donnerstag | 12",
                      "Noch 20 freie Plätze.", "\n\nStadtlabor Iserlohn, Nordengraben 10, 58636 Iserlohn\n", "Betreff „Anmeldung: KI im Alltag – Chancen und Risiken am 03.12.2026“"):
            assert words in text, (words, text)
        for width, dark in ((1000, False), (320, False), (320, True)):
            shown = look(html, width, dark)
            if os.environ.get("KEEP") == "1":
                with open("/tmp/newsletter-%d-%s.png" % (width, "dark" if dark else "light"), "wb") as out:
                    out.write(shown.picture)
            assert shown.overflow <= 0, (width, shown.overflow)
            assert len(shown.contrasts) > 20 and min(shown.contrasts)[0] >= 4.5, (width, dark, min(shown.contrasts))
            assert shown.brightness < 70 if dark else shown.brightness > 200, (width, dark, shown.brightness)


@test
def what_is_wrong_is_found():
    with house(servers("news")) as own:
        def found(text):
            done = own.command("newsletter", "check", issue(own, "probe", text), check=False)
            assert done.returncode == 1, done
            return done.stderr
        good = "Betreff: Probe\n\nHallo {{address}}\n\n[Abmelden]({{unsubscribe}})\n"
        own.command("newsletter", "check", issue(own, "probe", good))
        for text, words in (
                (good.replace("Betreff: Probe", "Vorschau: x"), "Der Betreff fehlt"),
                (good.replace("Hallo", "{{#event.2026-12-99-nix}}x{{/event.2026-12-99-nix}}"),
                 "Zeile 3: die Veranstaltung „2026-12-99-nix“ gibt es nicht"),
                (good.replace("Hallo", "{{vorname}}"), "Zeile 3: „{{vorname}}“ ist hier unbekannt"),
                (good.replace("Hallo", "{{#events}}{{preis}}{{/events}}"), "„{{preis}}“ ist hier unbekannt"),
                (good + "![](haus.png)\n", "ohne Beschreibung"),
                (good + "![Haus](haus.png)\n", "ist keine Datei neben dem Text"),
                (good + "![Haus](https://example.org/haus.png)\n", "ist keine Datei neben dem Text"),
                (good + "![Haus](../../etc/passwd)\n", "ist keine Datei neben dem Text"),
                (good + "[hier](http://example.org)\n", "ohne https"),
                (good + "[hier](anmelden.html)\n", "führt nirgendwohin"),
                (good + "[hier](javascript:alert(1))\n", "führt nirgendwohin"),
                (good + "<b>fett</b>\n", "HTML ist im Text nicht erlaubt"),
                (good.replace("({{unsubscribe}})", "(https://example.org)"), "wie man sich abmeldet"),
                (good + "Wort und Wort und Wort. " * 6000, "Gmail schneidet"),
                (good.replace("Hallo", "Hallo\n\n[…] Schreiben Sie hier"), "Zeile 5: hier steht noch „[…]“"),
                (good.replace("Betreff: Probe", "Betreff: Probe\nVorschau: […] Ein Satz"), "Im Kopf steht noch „[…]“"),
                (good.replace("Betreff:", "Betreffzeile:"), "kennt der Kopf nicht"),
                (good.replace("Betreff: Probe", "Betreff: Probe\nVersand: morgen"), "ist kein Zeitpunkt"),
                (good + "{{#events}}\n", "events")):
            assert words in found(text), (words, found(text))
        nobody = own.command("newsletter", "send", issue(own, "probe", good), "--yes", check=False)
        assert nobody.returncode == 1 and "noch bekommt niemand" in nobody.stderr and not own.rows("SELECT 1 FROM newsletter_issue"), nobody
        refused = own.command("newsletter", "send", issue(own, "probe", good + "<b>x</b>"), "--yes", check=False)
        assert refused.returncode == 1 and not own.rows("SELECT 1 FROM newsletter_issue"), refused


@test
def the_mail_is_whole_by_itself_and_a_title_cannot_make_marks():
    with house(servers("news"), newsletter_plus="yes") as own:
        path = written(own)
        own.command("newsletter", "test", "chefin@example.org", path)
        own.once()
        letter = email.message_from_bytes(own.sink.messages()[0]["data"], policy=email.policy.default)
        assert letter["To"] == "chefin@example.org" and letter.get_content_type() == "multipart/alternative"
        plain, related = letter.iter_parts()
        assert plain.get_content_type() == "text/plain" and "chefin@example.org" in plain.get_content()
        page, image = related.iter_parts()
        cid = image["Content-ID"].strip("<>")
        with open(os.path.join(own.folder, "haus.png"), "rb") as file:
            assert image.get_content_type() == "image/png" and image.get_content() == file.read()
        html = page.get_content()
        assert 'src="cid:%s"' % cid in html and 'alt="%s"' % PICTURE_WORDS in html and 'width="552"' in html
        for link in re.findall(r'href="([^"]*)"', html):
            assert link.startswith(("https://", "mailto:")), link
        own.command("events", "add", "code=2026-12-20-marken", "title=*Sterne* _und_ [Klammern](https://example.org) <b>",
                    "start=2026-12-20T10:00", "end=2026-12-20T12:00", "capacity=5", "place=Stadtlabor")
        subscribe(own, ["leser@example.org"])
        send(own, "2027-01", "Betreff: x\n\n{{#event.2026-12-20-marken}}\n# {{title}}\n{{/event.2026-12-20-marken}}\n\n"
                             "[Abmelden]({{unsubscribe}})\n")
        own.once()
        letter = email.message_from_bytes(own.sink.messages()[-1]["data"], policy=email.policy.default)
        html = letter.get_body(("html",)).get_content()
        assert "*Sterne* _und_ [Klammern](https://example.org) &lt;b&gt;</h1>" in html, html
        assert "*Sterne* _und_ [Klammern]" in letter.get_body(("plain",)).get_content()


if __name__ == "__main__":
    run()

#!/usr/bin/env python3
"""The newsletter's story from the first mail to the last, told once and in order, with nothing but what a city has: citizens who
write and read mails through Postfix and Dovecot, staff who use the command, the daemon that runs."""
import os
import re

from newsletter import issue_state
from scenes import LAB, Citizen, house, run, servers, test, told, wait_for

LOCAL, DOMAIN = LAB.split("@")
GONE = "unbekannt@example.org"      # Postfix takes it, then reports that there is no such user


def posts(citizen, subject, text, to=LAB, answers=None, headers=()):
    """By SMTP, as every mail comes; what became of it."""
    raw = citizen.bytes(subject, text, to=answers, headers=headers).replace(b"To: " + LAB.encode(), b"To: " + to.encode())
    citizen.house.servers.deliver(raw, citizen.address, to)
    return told(citizen.house, raw)


def gets(citizen, words, count=1):
    """The newest letter in the citizen's own mailbox that says this; it is the only one unless told otherwise."""
    found = citizen.house.servers.wait_mails(citizen.address, count, lambda mail: words in mail.text)
    assert len(found) == count, [mail.subject for mail in found]
    return found[-1]


def on_the_list(own, *options):
    return {row["address"]: row["suspended"] or row["state"] for row in own.json("subscribers", "list", *options)}


def issue(own, name, subject):
    """Written by staff from the shipped beginning, checked, planned for the next hour, and begun by the timer."""
    path = os.path.join(own.folder, name + ".md")
    own.command("newsletter", "new", path)
    with open(path) as file:
        text = file.read()
    refused = own.command("newsletter", "check", path, check=False)
    assert refused.returncode == 1 and refused.stderr.count("[…]") == 2, refused.stderr
    with open(path, "w") as out:
        out.write(text.replace("[…] ", "").replace("Betreff: Neues aus dem Stadtlabor", "Betreff: " + subject)
                  .replace("Versand:", "Versand: 22.11.2026 13:00"))
    assert "gut" in own.command("newsletter", "check", path).stdout
    own.command("newsletter", "schedule", path, "--yes")
    begun = own.command("newsletter", "run", STADTLABOR_NOW=own.now + 3600).stdout
    wait_for(lambda: issue_state(own, name) == "sent", 30, own.log_text)
    return int(re.search(r"(\d+) Empfänger", begun)[1])


def copy_of(citizen, subject):
    return citizen.house.servers.wait_mail(citizen.address, lambda mail: mail.subject == subject)


def check_copy(own, copy, citizen):
    """What the city's own server put into the mailbox: a list's mail, for this reader alone; the address that leaves."""
    token = re.fullmatch(r"<mailto:%s\+(s\d+-[0-9a-f]{16})@%s\?subject=Abmeldung>" % (LOCAL, DOMAIN), copy["List-Unsubscribe"])
    assert token and copy["List-Unsubscribe-Post"] is None, copy["List-Unsubscribe"]
    assert copy["List-Id"] == "<newsletter.%s.%s>" % (LOCAL, DOMAIN) and copy["Precedence"] == "bulk"
    assert copy["To"] == citizen.address and copy["Auto-Submitted"] == "auto-generated"
    number = re.fullmatch(r"<(c\d+-[0-9a-f]{16})@%s>" % DOMAIN, copy["Message-ID"])[1]
    assert copy["Return-Path"] == "<%s+%s@%s>" % (LOCAL, number, DOMAIN), copy["Return-Path"]
    text, html = (copy.message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    leave = "%s+%s@%s" % (LOCAL, token[1], DOMAIN)
    for words in ("KI im Alltag – Chancen und Risiken", "Noch 20 freie Plätze", citizen.address, leave):
        assert words in text and words in html, (words, text)
    assert 'lang="de"' in html and "http://" not in re.sub(r"http://www.w3.org/\S+", "", html)
    return leave


@test
def from_the_first_mail_to_the_last():
    with house(servers("story", postfix=True), newsletter_plus="yes") as own:
        petra, elsewhere = Citizen(own, "Petra Müller"), Citizen(own, "Petra Müller", address="mueller@firma.example")
        own.start()

        # She asks for it in her own words, and says yes.
        posts(petra, "Hallo", "Könnten Sie mich bitte in Ihren Newsletter-Verteiler aufnehmen?\n\nPetra Müller\n").ends("asked", "newsletter_confirm")
        question = gets(petra, "mit „Ja“")
        assert on_the_list(own) == {petra.address: "asked"}
        posts(petra, "Re: " + question.subject, "Ja, gern!\n", answers=question).ends("done", "newsletter_welcome")
        gets(petra, "Ab jetzt bekommen Sie")
        proof = own.command("subscribers", "show", petra.address).stdout
        assert proof.index("Verteiler aufnehmen") < proof.index("mit „Ja“") < proof.index("Ja, gern!"), proof

        # An issue. Her holiday notice is nobody's wish; the one whose mailbox is gone is no longer written to until staff put him back.
        own.command("subscribers", "add", GONE, "--consent", "Liste am Stadtfest, 5.9.2026")
        assert issue(own, "2026-12", "Löten im Dezember") == 2
        copy = copy_of(petra, "Löten im Dezember")
        leave = check_copy(own, copy, petra)
        posts(petra, "Abwesend: " + copy.subject, "Ich bin im Urlaub. Bitte abmelden!\n", answers=copy,
              headers=("Auto-Submitted: auto-replied",)).ends("ignored")
        wait_for(lambda: on_the_list(own, "--bouncing") == {GONE: "hard"}, 30, own.log_text)
        assert "5.1.1" in own.command("subscribers", "list", "--bouncing").stdout
        assert "zurückgekommen" in own.command("newsletter", "status", "2026-12").stdout
        assert issue(own, "2027-01", "Ohne den einen") == 1
        own.command("subscribers", "restore", GONE)
        assert on_the_list(own) == {petra.address: "subscribed", GONE: "subscribed"}

        # She leaves by the button of the copy that went on to her office; the goodbye goes to her own mailbox.
        posts(elsewhere, "Abmeldung", "", to=leave).ends("done", "newsletter_goodbye")
        goodbye = gets(petra, "jemand anderes")
        assert not own.servers.inbox(elsewhere.address) and on_the_list(own) == {GONE: "subscribed"}
        posts(petra, "Re: " + goodbye.subject, "Ja, ich möchte den Newsletter weiter bekommen.\n", answers=goodbye).ends("done", "newsletter_welcome")
        gets(petra, "weiter. Schön")
        assert on_the_list(own)[petra.address] == "subscribed"

        # In her own words she leaves for good, and hears of it once; a thank-you changes nothing.
        posts(petra, "Newsletter", "Bitte schicken Sie mir keinen Newsletter mehr.\n").ends("done", "newsletter_goodbye")
        goodbye = gets(petra, "jemand anderes", 2)
        posts(petra, "Re: " + goodbye.subject, "Ja, danke!\n", answers=goodbye).ends("done")
        assert issue(own, "2027-02", "Ohne sie") == 1
        wait_for(lambda: on_the_list(own) == {GONE: "hard"}, 30, own.log_text)         # his report came: so hers would be here
        assert [mail.subject for mail in own.servers.inbox(petra.address) if mail["List-Id"]] == ["Löten im Dezember", "Ohne den einen"]
        assert not own.json("queue", "list")


if __name__ == "__main__":
    run()

#!/usr/bin/env python3
"""Data protection: all that is kept about a person, its removal down to the bytes of the files, how long things are kept, the
audit, and wishes that come by mail."""
import json
import os
import pty
import subprocess

from scenes import Citizen, house, run, servers, test

EVENT = "den OpenStreetMap-Mapathon am 02.02.2027"
ORDER = "Bitte nehmen Sie mich in Ihren Newsletter auf.\n"
DAY = 86400


def lab(**options):
    return house(servers("people"), **options)


def files(own):
    """Every byte of the store, its write-ahead log and index."""
    return {name: open(own.store + name, "rb").read() for name in ("", "-wal", "-shm") if os.path.exists(own.store + name)}


def holding(own, *words):
    return [(name, word) for name, data in files(own).items() for word in words if word.encode() in data]


def life(own, name, **more):
    """A registration, the newsletter, a question for a person, an answer that is waited for."""
    citizen = Citizen(own, name, **more)
    citizen.registers(EVENT).ends("done", "confirmed")
    asked = citizen.writes("Newsletter", ORDER + name).ends("asked", "newsletter_confirm")
    citizen.answers(asked.letter, "Ja\n\n%s\n" % name).ends("done", "newsletter_welcome")
    citizen.writes("Frage", "Guten Tag,\n\nist der Raum barrierefrei erreichbar?\n\n%s\n" % name)
    citizen.writes("Anmeldung", "Bitte melden Sie meine Tochter Lea %s für den Rundgang durch das Stadtlabor am 09.02.2027 an.\n\n%s\n"
                   % (name.split()[1], name)).ends("asked", "question")
    return citizen


@test
def everything_is_shown_and_everything_is_erased():
    with lab() as own:
        gone = life(own, "Xaverius Quendelbrink", street="Zwetschgensteig 77")
        stays = life(own, "Yolanda Pfifferling")
        for who in (gone.address, "xaverius quendelbrink"):
            text = own.command("people", "show", who).stdout
            for said in (gone.address, "Xaverius", "Quendelbrink", "Zwetschgensteig 77", "3.5.1958", "Zustand: Platz", "barrierefrei", "Anmeldungen",
                         "Newsletter", "Nachweis der Einwilligung", "Mails an uns", "Briefe von uns", "Rückfragen"):
                assert said in text, (who, said, text)
            assert "Pfifferling" not in text and stays.address not in text, text
        report = own.json("people", "show", gone.address)
        assert {"registrations", "subscriber", "consent", "mails", "letters", "conversations", "entries"} <= set(report)
        assert report["mails"]["rows"][0]["reading"]["intents"] and "Quendelbrink" in report["mails"]["rows"][0]["text"]
        assert len(own.json("people", "show", stays.address)["mails"]["rows"]) == 5
        nobody = own.command("people", "show", "niemand@example.org", check=False)
        assert nobody.returncode == 1 and "nichts gespeichert" in nobody.stderr
        unasked = own.command("people", "erase", gone.address, check=False)
        assert unasked.returncode == 1 and "Quendelbrink" in own.command("people", "show", gone.address).stdout
        assert "Quendelbrink" in own.command("people", "erase", gone.address, "--dry-run").stdout
        secrets = (gone.address, "Xaverius", "Quendelbrink", "Zwetschgensteig", "quendelbrink")
        assert holding(own, *secrets)
        record = own.command("people", "erase", gone.address, "--yes").stdout
        assert "1 Anmeldungen, 5 Mails" in record and "Bitte löschen Sie im Postfach selbst" in record, record
        assert "  22.11.2026 12:00  Bestätigung  " in record and "confirmed" not in record, record
        assert not holding(own, *secrets), holding(own, *secrets)
        assert own.command("people", "show", gone.address, check=False).returncode == 1
        # the others keep theirs, and the store is sound
        assert own.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}] and not own.rows("PRAGMA foreign_key_check")
        assert own.rows("SELECT last_name FROM registration") == [{"last_name": "Pfifferling"}]
        assert own.rows("SELECT address, state FROM subscriber") == [{"address": stays.address, "state": "subscribed"}]
        assert own.rows("SELECT reason FROM suppression") == [{"reason": "erased"}]
        assert own.rows("SELECT 1 FROM audit WHERE action = 'erased'")
        # nobody puts the address in again, and a mail that comes a second time does nothing
        order = Citizen(own, "Mallory Fremd").writes("Newsletter", "Bitte nehmen Sie %s in Ihren Newsletter auf.\n" % gone.address)
        assert order.state == "queued" and not [r for r in own.outbox() if r["recipient"] == gone.address]


@test
def nothing_comes_back_while_the_daemon_goes_on_writing():
    """It has read the pages of who is erased before, and writes them afterwards."""
    with lab() as own:
        own.start()
        gone = life(own, "Xaverius Quendelbrink", street="Zwetschgensteig 77")
        others = [Citizen(own, "Yolanda " + name) for name in ("Pfifferling", "Morchel", "Maronen")]
        for other in others:
            other.registers(EVENT).ends("done", "confirmed")
        secrets = (gone.address, "Xaverius", "Quendelbrink", "Zwetschgensteig", "quendelbrink")
        assert holding(own, *secrets)
        record = own.command("people", "erase", gone.address, "--yes").stdout
        assert "Schreibprotokoll" not in record and not holding(own, *secrets), (record, holding(own, *secrets))
        for other in others:
            other.writes("Absage", "Ich muss meine Teilnahme an %s leider absagen.\n" % EVENT[4:]).ends("done", "cancelled")
            assert not holding(own, *secrets), holding(own, *secrets)
        assert own.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


@test
def a_name_registered_by_somebody_else_is_erased_alone():
    with lab() as own:
        mother = Citizen(own, "Petra Kranich")
        mother.writes("Anmeldung", "Bitte melden Sie meinen Mann und mich für %s an:\n\nPetra Kranich, geboren am 03.05.1958\n"
                      "Wendelin Storch, geboren am 04.06.1960\nBaarstraße 7\n58636 Iserlohn\n" % EVENT).ends("done", "confirmed")
        own.command("people", "erase", "Wendelin Storch", "--yes")
        assert not holding(own, "Wendelin", "wendelin"), holding(own, "Wendelin")
        assert own.rows("SELECT last_name FROM registration") == [{"last_name": "Kranich"}]
        assert mother.address in own.command("people", "show", "Petra Kranich").stdout
        for number in range(2):
            Citizen(own, "Karl Doppelt", born="0%d.05.1958" % (number + 1)).registers(EVENT).ends("done", "confirmed")
        two = own.command("people", "erase", "Karl Doppelt", "--yes", check=False)
        assert two.returncode == 1 and "mehreren Adressen" in two.stderr and len(own.rows("SELECT 1 FROM registration")) == 3


@test
def what_need_not_be_kept_goes_by_itself():
    with lab() as own:
        citizen = life(own, "Zacharias Uhlenhorst", street="Kreuzdornweg 3")
        assert all(row["due"] == 0 for row in own.json("people", "retention"))
        told = own.command("people", "retention").stdout
        assert "Geburtsdatum und Anschrift" in told and "30 Tage" in told and "1095 Tage" in told, told
        own.now += 95 * DAY             # the text of letters is gone; the event was 22 days ago
        own.once()
        assert not own.rows("SELECT 1 FROM outbox_bytes") and own.rows("SELECT birth_date FROM registration") == [{"birth_date": "1958-05-03"}]
        own.now += 10 * DAY
        due = {row["what"]: row["due"] for row in own.json("people", "retention")}
        assert due["Geburtsdatum und Anschrift von Teilnehmenden"] == 1, due
        own.once()
        row, = own.rows("SELECT * FROM registration")
        assert (row["birth_date"], row["street"], row["evidence"], row["last_name"]) == ("", "", "", "Uhlenhorst"), row
        assert own.rows("SELECT sum(length(bytes)) AS n FROM mail_raw")[0]["n"] > 0
        own.now += 400 * DAY
        open_entry = own.rows("SELECT mail_id FROM queue_entry WHERE state = 'open'")[0]["mail_id"]
        own.once()
        assert own.rows("SELECT mail_id FROM mail_raw") == [{"mail_id": open_entry}]
        for entry in own.json("queue", "list"):
            own.command("queue", "done", str(entry["id"]))
        own.command("subscribers", "remove", citizen.address, "--no-letters")
        own.now += 1100 * DAY
        own.once()
        assert not own.rows("SELECT 1 FROM subscriber") and own.rows("SELECT reason FROM suppression") == [{"reason": "left"}]
        assert not own.rows("SELECT 1 FROM audit WHERE at < ?", own.now - 1095 * DAY) and own.rows("SELECT 1 FROM mail")
        left = holding(own, "Uhlenhorst", "Zacharias", "Kreuzdornweg", citizen.address)
        assert not left, left


@test
def the_audit_holds_no_personal_data_and_stays():
    with lab() as own:
        citizen = life(own, "Xaverius Quendelbrink")
        own.command("people", "show", citizen.address)
        audit = json.dumps(own.rows("SELECT actor, action, subject FROM audit"))
        assert own.rows("SELECT count(*) AS n FROM audit")[0]["n"] > 15
        for word in (citizen.address, "Quendelbrink", "Xaverius", "@", "1958"):
            assert word not in audit, (word, audit)


def drafted(own, told):
    """The answer that the editor begins with."""
    path = os.path.join(own.folder, "draft")
    master, slave = pty.openpty()
    done = subprocess.run([os.path.join(own.bin, "stadtlabor"), "queue", "reply", str(told.queue[0]["id"]), "--config", own.config],
                          stdin=slave, capture_output=True, text=True, timeout=60,
                          env={**own.environment(), "EDITOR": "cp --target-directory=%s" % own.folder, "VISUAL": "", "TMPDIR": "/tmp"})
    os.close(slave)
    os.close(master)
    assert done.returncode == 0, done.stderr
    found = [name for name in os.listdir(own.folder) if name.startswith("stadtlabor-")]
    os.rename(os.path.join(own.folder, found[0]), path)
    with open(path) as file:
        return file.read()


@test
def wishes_that_come_by_mail_wait_with_their_day_and_an_answer():
    with lab() as own:
        citizen = Citizen(own, "Petra Kranich")
        citizen.registers(EVENT).ends("done", "confirmed")
        told = citizen.writes("Auskunft", "Guten Tag,\n\nbitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben "
                              "(Art. 15 DSGVO).\n\nPetra Kranich\n").ends("queued", reason="privacy")
        assert "Auskunft" in told.queue[0]["words"] and "22.12.2026" in told.queue[0]["words"], told.queue
        draft = drafted(own, told)
        for said in ("Artikel 15", "Nachname: Kranich", "Geburtsdatum: 3.5.1958", "welche Daten Sie", "beschweren", "[…] Bitte prüfen"):
            assert said in draft, (said, draft)
        other = Citizen(own, "Emil Weg")
        erase = other.writes("Datenschutz", "Bitte löschen Sie alle Daten, die Sie von mir gespeichert haben.\n\nEmil Weg\n")
        erase.ends("queued", reason="privacy")
        assert "Löschung" in erase.queue[0]["words"] and "people erase" in erase.queue[0]["words"], erase.queue
        draft = drafted(own, erase)
        assert "Artikel 17" in draft and "Artikel 15" not in draft, draft


if __name__ == "__main__":
    run()

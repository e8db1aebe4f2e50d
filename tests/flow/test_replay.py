#!/usr/bin/env python3
"""Replay: kept mails are read again with the present rules; what would differ from then, and from what staff chose, is told and
nothing is changed."""
import os

from scenes import Citizen, house, run, servers, test

TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"
PATTERN = """\
pattern ask.lift
  weight 3
  \\bPaternoster\\b
  + Gibt es einen Paternoster?
  - Gibt es einen Aufzug?

pattern register.dabei
  weight 3
  \\bzähl(?:t|en\\s+Sie)\\s+mich\\s+zu\\s+den\\s+Tänzern\\b
  + zählen Sie mich zu den Tänzern
  - ich tanze
"""


def everything(own):
    tables = [row["name"] for row in own.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: own.rows("SELECT * FROM %s" % name) for name in tables}


@test
def the_present_rules_are_held_against_then_and_against_what_staff_chose():
    with house(servers("replay")) as own:
        petra, hans, eva = Citizen(own, "Petra Lang"), Citizen(own, "Hans Weber"), Citizen(own, "Eva Sommer")
        odd = petra.writes("Tanz", "Guten Tag,\n\nzählen Sie mich zu den Tänzern beim Rundgang durch das Stadtlabor am 09.02.2027!\n\n%s" %
                           petra.details("born", "street", "city")).ends("queued")
        question = eva.registers(TOUR, "born").ends("asked", "question")
        eva.answers(question.letter, "3.5.1958\n").ends("done", "confirmed")
        lift = hans.writes("Frage", "Gibt es bei Ihnen einen Aufzug?\n\nHans Weber\n").ends("queued")
        own.command("queue", "accept", str(odd.queue[0]["id"]), "--event", "2027-02-09-rundgang", "--first-name", "Petra", "--last-name",
                    "Lang", "--birth-date", "3.5.1958", "--street", "Baarstraße 7", "--postal-code", "58636", "--city", "Iserlohn")
        own.command("queue", "done", str(lift.queue[0]["id"]))
        same = own.json("replay")
        assert (same["mails"], same["differ"], same["judged"], same["rows"]) == (4, 0, 2, []), same
        assert (same["agreed_then"], same["agreed_now"]) == (1, 1), same     # "done" is what a person was needed for
        folder = os.path.join(own.folder, "patterns")
        os.makedirs(folder)
        with open(os.path.join(folder, "own.patterns"), "w") as out:
            out.write(PATTERN)
        before = everything(own)
        text = own.command("replay", "--patterns", folder).stdout
        assert everything(own) == before
        for words in ("Mail %d," % odd.id, "damals: an einen Menschen", "jetzt:", "Anmeldung 2027-02-09-rundgang", "Mensch: wie vorgeschlagen",
                      "4 Mails gelesen, 1 anders als damals", "Über 2 davon"):
            assert words in text, (words, text)
        rows = own.json("replay", "--patterns", folder, "--all")["rows"]
        assert [row["differs"] for row in rows] == [True, False, False, False], rows
        assert rows[0]["now"]["intents"][0]["kind"] == "register" and rows[3]["outcome"] == "done", rows
        assert own.json("replay", "--since", "2027-01-01")["mails"] == 0
        assert own.json("replay", "--until", "2026-11-23")["mails"] == 4
        assert own.command("replay", "--since", "gestern", check=False).returncode == 1
        assert own.command("replay", "more", check=False).returncode == 2


if __name__ == "__main__":
    run()

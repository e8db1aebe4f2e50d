#!/usr/bin/env python3
"""Letters that no other flow test meets, through real servers and read in the citizen's own mailbox; and that there is none
which no flow test meets."""
import glob
import os

from scenes import Citizen, house, run, servers, shared, test, written

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = """code;title;start;end;place;capacity;waiting_list
2026-12-01-loeten;Löten für Einsteiger;2026-12-01T17:00;2026-12-01T19:00;Stadtlabor;20;yes
2026-12-18-weben;Weben mit Resten;2026-12-18T17:00;2026-12-18T19:00;Stadtlabor;20;yes
"""
LOETEN, WEBEN = "Löten für Einsteiger am 01.12.2026", "Weben mit Resten am 18.12.2026"
DAY = 86400

FILE = written("outcomes.csv", ROWS)


def lab():
    return shared(programme=FILE)


@test
def who_was_there_is_thanked_once():
    text = "Wie hat es Ihnen gefallen? https://www.example.org/umfrage"
    with house(servers("post", postfix=True), programme=FILE, thanks_text=text) as own:
        came, away, later = (Citizen(own, name) for name in ("Anna Thiel", "Bernd Haas", "Carla Ernst"))
        number = came.registers(LOETEN).ends("done", "confirmed").registrations[0]["id"]
        away.registers(LOETEN).ends("done", "confirmed")
        later.registers(WEBEN).ends("done", "confirmed")
        own.command("registrations", "came", str(number))
        own.now += 9 * DAY          # that evening: not yet
        own.once()
        assert not [row for row in own.outbox() if row["kind"] == "thanks"]
        own.now += 2 * DAY
        own.once()
        own.once()
        thanks = [row for row in own.outbox() if row["kind"] == "thanks"]
        assert [(row["recipient"], row["state"]) for row in thanks] == [(came.address, "sent")], thanks
        read = came.reads(thanks[0]["letter"]).text
        assert str(thanks[0]["letter"]["Subject"]) == "Vielen Dank: Löten für Einsteiger" and text in read, read
        assert read.startswith("Guten Tag Anna Thiel,") and "Löten für Einsteiger" in read, read


@test
def who_no_longer_wants_what_we_asked_about_is_told_that_nothing_was_done():
    citizen = Citizen(lab(), "Dora Falk")
    asked = citizen.registers(LOETEN, "born").ends("asked", "question")
    told = citizen.answers(asked.letter, "Nein danke, ich möchte doch nicht teilnehmen.\n\nDora Falk\n").ends("done", "declined")
    assert not citizen.house.rows("SELECT 1 FROM registration WHERE address = ?", citizen.address)
    assert "niemanden angemeldet" in citizen.reads(told.letter).text, told.text


@test
def who_leaves_a_newsletter_that_they_do_not_get_is_told_so():
    citizen = Citizen(lab(), "Emil Gross")
    told = citizen.writes("Newsletter", "Bitte nehmen Sie mich aus dem Newsletter.\n\nEmil Gross\n").ends("done", "newsletter_unknown")
    assert "steht aber nicht auf unserer Liste" in citizen.reads(told.letter).text, told.text


@test
def there_is_no_letter_that_no_test_meets():
    said = "".join(open(path).read() for path in glob.glob(os.path.join(HERE, "test_*.py")))
    kinds = [os.path.basename(path)[:-4] for path in glob.glob(os.path.join(HERE, "..", "..", "templates", "de", "[a-z]*.txt"))]
    assert len(kinds) > 30
    within = ("frame", "place_kept")        # around all, and always the second matter of a letter: test_cancelling.py
    unmet = [kind for kind in kinds if kind not in within and '"%s"' % kind not in said]
    assert not unmet, unmet


if __name__ == "__main__":
    run()

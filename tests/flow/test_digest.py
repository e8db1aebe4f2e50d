#!/usr/bin/env python3
"""The digest: each working morning, once, to those configured; what it tells, and that it is silent when there is nothing to say."""

from scenes import Citizen, house, run, servers, test, written

HEAD = "code;title;keywords;start;end;place;capacity;waiting_list;register_until;min_age;max_age;topic\n"
SOON = written("soon.csv", HEAD + "2026-11-26-loeten;Löten für Einsteiger;;2026-11-26T17:00;2026-11-26T19:00;Stadtlabor;5;yes;;;;\n")
LATER = written("later.csv", HEAD + "2027-03-26-bienen;Bienen;;2027-03-26T17:00;2027-03-26T19:00;Stadtlabor;5;yes;;;;\n")

SUNDAY_NOON = 1795345200        # 2026-11-22
MONDAY_SEVEN = SUNDAY_NOON + 19 * 3600
DAY = 86400


def digests(own):
    return [row for row in own.outbox() if row["kind"] == "digest"]


def text(row):
    return row["letter"].get_body(("plain",)).get_content().replace("\r\n", "\n")


@test
def the_morning_mail_tells_what_waits_and_what_comes():
    with house(servers("digest"), programme=SOON, digest_to="weber@example.org krug@example.org", charge_other="Ida Weber") as own:
        Citizen(own, "Petra Lang").sends("Frage zum Aufzug", "Gibt es bei Ihnen einen Aufzug?\n\nPetra Lang\n")
        gone = Citizen(own, "Hans Weber")
        own.sink.fault("rcpt", "550 5.1.1 unbekannt", address=gone.address)
        gone.sends("Anmeldung", "Ich melde mich für Löten für Einsteiger am 26.11.2026 an.\n\n%s" % gone.details())
        own.once()
        assert not digests(own)         # a Sunday
        own.now = MONDAY_SEVEN - 60
        own.once()
        assert not digests(own)         # too early
        own.now = MONDAY_SEVEN
        own.once()
        rows = digests(own)
        assert [row["recipient"] for row in rows] == ["weber@example.org", "krug@example.org"] and rows[0]["state"] == "sent"
        told = text(rows[0])
        for words in ("Montag, 23. November 2026", "Was wartet (1):", "seit gestern: Sonstiges von Petra Lang: Frage zum Aufzug → Ida Weber",
                      "Briefe, die nicht ankamen (1):", gone.address, "Löten für Einsteiger, 1 von 5 angemeldet", "Donnerstag, 26. November 2026"):
            assert words in told, (words, told)
        assert "Newsletter" not in told and "Datenschutz" not in told and "Mit freundlichen" not in told, told
        own.now += 3600
        own.once()
        assert len(digests(own)) == 2   # once a day
        own.now += DAY
        own.once()
        assert len(digests(own)) == 4 and "seit 2 Tagen" in text(digests(own)[2])


@test
def nothing_to_say_is_no_mail():
    with house(servers("digest"), programme=LATER, digest_to="weber@example.org", now=MONDAY_SEVEN) as own:
        own.once()
        assert not own.outbox() and own.rows("SELECT 1 FROM fact WHERE name = 'digest_day'")
    with house(servers("digest"), programme=SOON, now=MONDAY_SEVEN) as own:
        own.once()
        assert not own.outbox()


if __name__ == "__main__":
    run()

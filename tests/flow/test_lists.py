#!/usr/bin/env python3
"""Lists of those who take part: as a table, as CSV that no spreadsheet takes for formulas, as JSON; the attendance sheet, which
shows names and no more; ticks for who came, counted."""
import contextlib
import csv
import html.parser
import io
import os
import sqlite3

from scenes import Citizen, house, run, servers, test

MADE = {}
CODE = "2027-02-09-rundgang"


def lived():
    if not MADE:
        MADE["context"] = house(servers("lists"))
        own = MADE["house"] = MADE["context"].__enter__()
        for name in ("Petra Zorn", "Anna Ärmel", "Bernd Mai"):
            citizen = Citizen(own, name)
            citizen.sends("Anmeldung", "Ich melde mich für den Rundgang durch das Stadtlabor am 09.02.2027 an.\n\n%s" % citizen.details())
        own.once()
        with contextlib.closing(sqlite3.connect(own.store)) as db, db:      # names that no mail would be read to hold
            db.execute("INSERT INTO registration (event_id, party, state, address, first_name, last_name, street, person_key, created, "
                       "changed) SELECT id, 99, 'confirmed', 'x@example.org', '<b>Eva</b>', '=cmd|'' /C calc''!A0', '+49', 'k', 1, 1 "
                       "FROM event WHERE code = ?", (CODE,))
            db.execute("INSERT INTO registration (event_id, party, state, address, first_name, last_name, person_key, created, changed) "
                       "SELECT id, 98, 'waiting', 'y@example.org', 'Willi', 'Wartet', 'w', 1, 1 FROM event WHERE code = ?", (CODE,))
    return MADE["house"]


class Cells(html.parser.HTMLParser):
    """The rows of a page's table, each a list of its cells' words."""
    def __init__(self, text):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th") or (self.inside and tag == "span")
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


@test
def a_list_is_a_table_a_csv_without_formulas_and_json():
    own = lived()
    said = own.command("registrations", "list", CODE).stdout
    assert "Petra Zorn" in said and "4 mit Platz von 15, 1 auf der Warteliste, 0 gekommen" in said, said
    raw = own.command("registrations", "list", CODE, "--csv").stdout
    rows = list(csv.reader(io.StringIO(raw.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][:5] == ["Nr", "Veranstaltung", "Stand", "Nachname", "Vorname"] and len(rows) == 6, rows
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")], rows
    assert rows[4][3] == "'=cmd|' /C calc'!A0" and rows[1][3:10] == [
        "Zorn", "Petra", "1958-05-03", "Baarstraße 7", "58636", "Iserlohn", rows[1][9]], rows
    path = os.path.join(own.folder, "list.csv")
    own.command("registrations", "list", CODE, "--csv", "--output", path)
    with open(path) as file:
        assert os.stat(path).st_mode & 0o777 == 0o600 and file.read() == raw
    listed = own.json("registrations", "list", CODE)
    assert [row["last_name"] for row in listed[:3]] == ["Zorn", "Ärmel", "Mai"] and listed[0]["attended"] is False, listed
    for words, wanted in ((("list", "nix"), 1), (("sheet",), 2), (("sheet", "nix"), 1), (("came",), 2), (("came", "999"), 1),
                          (("list", CODE, "--csv", "--json"), 2), (("came", "1", CODE), 1)):
        assert own.command("registrations", *words, check=False).returncode == wanted, words


@test
def the_sheet_shows_names_in_order_and_nothing_else_of_anybody():
    own = lived()
    page = own.command("registrations", "sheet", CODE).stdout
    rows = Cells(page).rows
    assert rows[1] == ["Da", "Nr.", "Name, Vorname", "Unterschrift"], rows
    names = [row[2] for row in rows[2:]]
    assert names == ["=cmd|' /C calc'!A0, <b>Eva</b>", "Ärmel, Anna", "Mai, Bernd", "Zorn, Petra", "", "", "", ""], names
    assert "<b>Eva" not in page and "Dienstag, 9. Februar 2027, 16 bis 17.30 Uhr" in page, page
    for word in ("1958", "Baarstra", "58636", "example.org", "Willi", "http"):
        assert word not in page, word


@test
def who_came_is_ticked_and_counted():
    own = lived()
    ids = {row["last_name"]: str(row["id"]) for row in own.json("registrations", "list", CODE)}
    assert own.command("registrations", "came", ids["Zorn"], ids["Mai"]).stdout == CODE + ": 2 von 4 gekommen\n"
    refused = own.command("registrations", "came", ids["Ärmel"], ids["Wartet"], check=False)
    assert refused.returncode == 1 and "keinen Platz" in refused.stderr, refused
    assert own.json("events", "show", CODE)["attended"] == 2
    assert own.command("registrations", "came", ids["Mai"], "--not").stdout == CODE + ": 1 von 4 gekommen\n"
    assert own.command("registrations", "came", CODE).stdout == CODE + ": 4 von 4 gekommen\n"
    assert "gekommen  Petra Zorn" in own.command("registrations", "list", CODE).stdout
    assert own.rows("SELECT count(*) AS n FROM audit WHERE action LIKE '%attended' AND subject LIKE 'registration %'")[0]["n"] == 3


@test
def the_house_ends_well_and_sanitizers_are_silent():
    MADE["context"].__exit__(None, None, None)


if __name__ == "__main__":
    run()

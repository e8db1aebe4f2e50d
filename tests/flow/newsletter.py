"""What the newsletter's flow tests and its kill test share: subscribers, an issue, and the recount of its copies."""
import collections
import contextlib
import os
import re
import sqlite3

ISSUE = """Betreff: Neues aus dem Stadtlabor
Vorschau: Löten, KI und ein Rundgang

# {{greeting}}!

Im **Dezember** geht es ums Löten – und um Künstliche Intelligenz im Alltag.
Danke!
.Ein Punkt am Zeilenanfang, ein Gleichheitszeichen = und eine sehr lange Zeile, die auf dem Weg umgebrochen werden muss, damit sie ankommt.

{{#events}}
- {{title}}, {{when}}: [anmelden]({{register}})
{{/events}}

Diese Mail ging an {{address}}. [Abmelden]({{unsubscribe}})
"""


def subscribe(house, addresses, state="subscribed"):
    """Straight into the store, which a command has made before."""
    with contextlib.closing(sqlite3.connect(house.store, timeout=20)) as db, db:
        db.executemany("INSERT INTO subscriber (address, state, asked_at, confirmed_at, changed) VALUES (?, ?, ?, ?, ?)",
                       [(address, state, house.now, house.now, house.now) for address in addresses])


def many(n, prefix="leser"):
    return ["%s%05d@example.org" % (prefix, i) for i in range(n)]


def issue(house, name="2026-12", text=ISSUE):
    """The file of an issue."""
    path = os.path.join(house.folder, name + ".md")
    with open(path, "w") as out:
        out.write(text)
    return path


def send(house, name="2026-12", text=ISSUE):
    return house.command("newsletter", "send", issue(house, name, text), "--yes")


def ledger(house, name="2026-12"):
    """state → addresses, of one issue."""
    found = collections.defaultdict(list)
    for row in house.rows("SELECT c.state, s.address FROM newsletter_copy c JOIN newsletter_issue i ON i.id = c.issue_id "
                          "LEFT JOIN subscriber s ON s.id = c.subscriber_id WHERE i.name = ?", name):
        found[row["state"]].append(row["address"])
    return dict(found)


def sums(house, name="2026-12"):
    return {state: len(addresses) for state, addresses in ledger(house, name).items()}


def issue_state(house, name="2026-12"):
    return house.rows("SELECT state FROM newsletter_issue WHERE name = ?", name)[0]["state"]


def is_copy(message):
    return re.search(rb"(?im)^List-Id: ", message["data"].partition(b"\r\n\r\n")[0]) is not None


def taken(sink):
    """address → how many copies the relay took for it."""
    return collections.Counter(message["to"][0] for message in sink.messages() if is_copy(message))

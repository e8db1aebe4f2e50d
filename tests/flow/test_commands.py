#!/usr/bin/env python3
"""The command of staff and IT: exit statuses, --json of every listing, the queue, bad programmes refused row by row; what secrets
and personal data never show up in; configuration refused with file, line and what would be right."""
import json
import os
import re
import threading

from scenes import LAB, Citizen, House, house, run, servers, test, wait_for

TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"
MADE = {}


def lived():
    """A house in which everything has happened once: all of the tests look at it."""
    if not MADE:
        MADE["context"] = house(servers("commands"))
        own = MADE["house"] = MADE["context"].__enter__()
        people = MADE["people"] = {
            "done": Citizen(own, "Wilhelmine Zuckermann", street="Geheimgasse 99", city="58638 Iserlohn", address="wz@example.org"),
            "asked": Citizen(own, "Balthasar Quittenbaum", address="bq@example.org"),
            "question": Citizen(own, "Kunigunde Xanten", address="kx@example.org"),
            "newsletter": Citizen(own, "Ottokar Newsmann", address="on@example.org"),
            "refused": Citizen(own, "Friedhelm Ypsilon", address="fy@example.org")}
        own.sink.fault("rcpt", "550 5.1.1 <fy@example.org> unbekannt", address="fy@example.org")
        people["done"].sends("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, people["done"].details()))
        people["asked"].sends("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, people["asked"].details("born")))
        people["question"].sends("Frage zum Aufzug", "Gibt es bei Ihnen einen Aufzug?\n\nKunigunde Xanten\n")
        people["newsletter"].sends("Newsletter", "Bitte nehmen Sie mich in Ihren Newsletter auf.\n")
        people["refused"].sends("Anmeldung", "Ich melde mich für %s an.\n\n%s" % (TOUR, people["refused"].details()))
        own.once()
    return MADE["house"]


def status(*words, **more):
    return lived().command(*words, check=False, **more).returncode


@test
def every_listing_has_valid_json_that_says_the_same():
    own = lived()
    listings = {("queue", "list"): 2, ("queue", "list", "--all"): 2, ("events", "list"): None, ("events", "list", "--all"): 18,
                ("registrations", "list"): 2, ("registrations", "list", "2027-02-09-rundgang"): 2, ("registrations", "list", "--all"): 2,
                ("outbox", "list"): 4, ("outbox", "list", "failed"): 1, ("subscribers", "list"): None, ("subscribers", "list", "--all"): 1}
    for words, number in listings.items():
        rows = own.json(*words)
        assert isinstance(rows, list) and all(isinstance(row, dict) for row in rows), (words, rows)
        assert number in (None, len(rows)), (words, len(rows), rows)
        text = own.command(*words).stdout
        assert not rows or text.strip(), words
    assert isinstance(own.json("status"), dict)
    checked = json.loads(own.command("check", "--json").stdout)
    assert {row["name"] for row in checked} == {"configuration", "store", "patterns", "letters", "mailbox", "relay"}
    assert all(row["good"] for row in checked)
    row = own.json("registrations", "list")[0]
    assert (row["last_name"], row["postal_code"], row["state"]) == ("Zuckermann", "58638", "confirmed")
    assert row["evidence"]["birth_date"]["words"], row


@test
def exit_statuses_tell_done_not_done_and_wrong_usage():
    for words, wanted in ((("status",), 0), (("queue", "list"), 0), (("queue", "show", "999"), 1), (("queue", "done", "999"), 1),
                          (("queue", "done", "eins"), 1), (("queue", "retry", "-1"), 2), (("queue",), 2), (("queue", "mend"), 2),
                          (("queue", "done"), 2), (("queue", "show", "1", "2"), 2), (("events",), 2), (("events", "import"), 2),
                          (("events", "import", "/no/such/file.csv"), 1), (("registrations", "list", "a", "b"), 2),
                          (("outbox", "burn"), 2), (("nonsense",), 2), (("queue", "list", "--nonsense"), 2),
                          # what a part does not know is refused, not passed over: it would do more than was meant
                          (("queue", "done", "1", "--dry-run"), 2), (("registrations", "cancel", "1", "--dry-run"), 2),
                          (("newsletter", "send", "issue.md", "--yes", "--at", "01.12.2030 09:00"), 2),
                          (("subscribers", "remove", "a@example.org", "--dry-run"), 2)):
        done = lived().command(*words, check=False)
        assert done.returncode == wanted, (words, done.returncode, done.stderr)
        assert wanted == 0 or done.stderr.strip(), words
    assert lived().command("queue", "list", "--config", check=False).returncode in (1, 2)
    for name in ("queue", "replay", "events", "registrations", "subscribers", "newsletter", "people", "outbox", "status", "check",
                 "read", "own-words", "explain", "render"):
        asked = lived().command(name, "--help", check=False)
        assert (asked.returncode, asked.stderr) == (0, "") and asked.stdout.startswith("usage: stadtlabor " + name), asked


@test
def the_queue_is_shown_done_and_read_again():
    own = lived()
    entries = {row["reason"]: row for row in own.json("queue", "list")}
    assert set(entries) == {"question", "undeliverable"}, entries
    shown = own.command("queue", "show", str(entries["question"]["id"])).stdout
    assert "Gibt es bei Ihnen einen Aufzug" in shown and "Warum:" in shown, shown
    assert "vor" in own.command("queue", "list").stdout or "eben" in own.command("queue", "list").stdout
    refused = own.command("queue", "retry", str(entries["undeliverable"]["id"]), check=False)
    assert refused.returncode == 1 and "schon bearbeitet" in refused.stderr, refused
    again = own.command("queue", "retry", str(entries["question"]["id"]))
    second = [row for row in own.json("queue", "list") if row["reason"] == "question"]
    assert "noch einmal gelesen" in again.stdout and "jetzt als Eintrag %d." % second[0]["id"] in again.stdout, again.stdout
    assert len(second) == 1 and second[0]["id"] != entries["question"]["id"], second
    assert own.command("queue", "done", str(second[0]["id"])).stdout == "Eintrag %d ist erledigt.\n" % second[0]["id"]
    assert "war schon erledigt" in own.command("queue", "done", str(second[0]["id"])).stdout
    assert status("queue", "retry", str(second[0]["id"])) == 1
    assert [row["reason"] for row in own.json("queue", "list")] == ["undeliverable"]
    assert len(own.json("queue", "list", "--all")) == 3


@test
def a_mail_read_again_rings_the_daemon_which_sends_the_letter():
    with house(servers("retry"), replies_per_day=1) as own:
        own.start()
        citizen = Citizen(own)
        citizen.registers(TOUR).ends("done", "confirmed")
        queued = citizen.writes("Newsletter", "Bitte nehmen Sie mich in den Newsletter auf.\n").ends("queued", reason="too_many_replies")
        own.configure(replies_per_day=10)       # what the command reads; the daemon knows it at its next start
        own.command("queue", "retry", str(queued.queue[0]["id"]))
        wait_for(lambda: [row["state"] for row in own.outbox()] == ["sent", "sent"], 20, "the letter")
        assert own.outbox()[1]["kind"] == "newsletter_confirm" and not own.json("queue", "list")


@test
def a_bad_programme_is_refused_whole_with_row_column_and_what_is_wrong():
    own = lived()
    path = os.path.join(own.folder, "bad.csv")
    with open(path, "w") as out:
        out.write("code;title;start;end;place;capacity;waiting_list\n"
                  "2027-05-01-gut;Gute Zeile;2027-05-01T10:00;2027-05-01T12:00;Stadtlabor;10;yes\n"
                  "2027-05-02-tag;Kein Tag;2027-02-30T10:00;2027-02-30T12:00;Stadtlabor;10;yes\n"
                  "2027-05-03-ende;Ende vor Beginn;2027-05-03T10:00;2027-05-03T09:00;Stadtlabor;10;yes\n"
                  "2027-05-04-zahl;Keine Zahl;2027-05-04T10:00;2027-05-04T12:00;Stadtlabor;viele;yes\n"
                  "2027-05-05-ja;Vielleicht;2027-05-05T10:00;2027-05-05T12:00;Stadtlabor;5;vielleicht\n"
                  "2027-05-01-gut;Noch einmal;2027-05-06T10:00;2027-05-06T12:00;Stadtlabor;10;yes\n")
    before = own.json("events", "list", "--all")
    done = own.command("events", "import", path, check=False)
    assert done.returncode == 1 and own.json("events", "list", "--all") == before
    for line, column, value in ((3, "start", "2027-02-30"), (4, "end", None), (5, "capacity", "viele"),
                                (6, "waiting_list", "vielleicht"), (7, "code", "2027-05-01-gut")):
        told = [one for one in done.stderr.splitlines() if re.search(r"\b%d\b" % line, one) and column in one]
        assert told and (value is None or value in told[0]), (line, column, done.stderr)
    for content in (b"", b"\xff\xfe\x00", b"code;title\n", b"\0" * 1000, b"title;title;start;end\n"):
        with open(path, "wb") as out:
            out.write(content)
        refused = own.command("events", "import", path, check=False)
        assert refused.returncode == 1 and refused.stderr.strip(), (content, refused)
    assert own.json("events", "list", "--all") == before


@test
def secrets_stand_in_no_log_no_listing_no_store_and_no_process_list():
    own = lived()
    secret = own.servers.password(LAB)
    own.configure(log_level="debug")
    own.once()
    own.start()
    try:
        own.wait_log("started")
        with open("/proc/%d/cmdline" % own.daemon.pid, "rb") as line, open("/proc/%d/environ" % own.daemon.pid, "rb") as environ:
            assert secret.encode() not in line.read() + environ.read()
    finally:
        own.stop()
        own.configure(log_level=None)
    assert secret not in own.log_text()
    for words in (("check",), ("status",), ("queue", "list"), ("outbox", "list")):
        done = own.command(*words, check=False)
        assert secret not in done.stdout + done.stderr, words
    for name in os.listdir(own.folder):
        if name.startswith("stadtlabor.db") and not name.endswith(".bell"):
            with open(os.path.join(own.folder, name), "rb") as file:
                assert secret.encode() not in file.read(), name
    secrets = os.stat(os.path.join(own.folder, "password"))
    os.chmod(os.path.join(own.folder, "password"), 0o644)
    loose = own.once(check=False)
    os.chmod(os.path.join(own.folder, "password"), secrets.st_mode & 0o777)
    assert loose.returncode == 1 and "password" in loose.stderr and secret not in loose.stderr, loose


@test
def the_log_at_info_holds_no_personal_data():
    own = lived()
    own.configure(log_level=None)
    log = [line for line in own.log_text().splitlines() if not line.startswith("<7>")]
    assert len(log) > 10
    text = "\n".join(log).lower()
    for citizen in MADE["people"].values():
        for word in [citizen.address, *citizen.name.split(), citizen.born, "1958-05-03", "geheimgasse", "aufzug", "58638"]:
            assert word.lower() not in text, (word, [line for line in log if word.lower() in line.lower()][:3])
    assert "@" not in text.replace(LAB, ""), [line for line in log if "@" in line]
    for line in log:
        assert re.match(r"<[3-6]>[a-z_]+( [a-z_0-9]+=(\"([^\"\\]|\\.)*\"|[^ \"]*))*$", line), line


@test
def a_bad_configuration_is_refused_with_file_line_and_what_would_be_right():
    own = lived()
    with open(own.config) as file:
        good = file.read()
    path = os.path.join(own.folder, "bad.conf")
    for line, words in (("imap_hots = x", ("imap_hots", "stadtlabor.conf(5)")), ("imap_port = many", ("imap_port", "65535")),
                        ("imap_port = 70000", ("imap_port", "65535")), ("imap_tls = maybe", ("imap_tls", "implicit", "starttls")),
                        ("lab_address = nobody", ("lab_address",)), ("caution = 101", ("caution", "100")),
                        ("no equals sign", ("=",)), ("imap_host = \xff", ("UTF-8",)), ("log_level = loud", ("log_level", "debug"))):
        with open(path, "wb") as out:
            kept = [one for one in good.splitlines() if one.split(" =")[0] != line.split(" =")[0]]
            out.write("\n".join(kept + [line]).encode("latin-1" if "\xff" in line else "utf-8") + b"\n")
        made = House.__new__(House)
        made.__dict__.update(own.__dict__, config=path, log=os.path.join(own.folder, "bad.log"))
        for done in (made.once(check=False), made.command("status", check=False)):
            assert done.returncode == 1 and "bad.conf:%d" % (len(kept) + 1) in done.stderr, (line, done.stderr)
            assert all(word in done.stderr for word in words), (line, done.stderr)


@test
def two_commands_and_the_daemon_at_once_do_not_hinder_each_other():
    own = lived()
    own.start()
    failed = []

    def work(words):
        for _ in range(5):
            done = own.command(*words, check=False)
            if done.returncode != 0:
                failed.append((words, done.stderr))
    programme = os.path.join(os.path.dirname(__file__), "..", "corpus", "events.csv")
    threads = [threading.Thread(target=work, args=(words,)) for words in (
        ("status",), ("events", "import", programme), ("queue", "list", "--all"))]
    for thread in threads:
        thread.start()
    Citizen(own, "Gerlinde Gleichzeitig", address="gg@example.org").writes("Newsletter", "Bitte nehmen Sie mich in den Newsletter auf.\n")
    for thread in threads:
        thread.join()
    assert own.stop() == 0 and not failed, failed


@test
def the_house_ends_well_and_sanitizers_are_silent():
    lived()
    MADE["context"].__exit__(None, None, None)


if __name__ == "__main__":
    run()

#!/usr/bin/env python3
"""The store in trouble under the whole daemon: disk full, locked by another process, made by a newer program. Intake stops, says
so once, and goes on by itself; nothing is lost and nothing comes twice."""
import contextlib
import os
import sqlite3
import subprocess
import threading
import time

from scenes import LAB, Citizen, house, run, servers, test, wait_for

TOUR = "den Rundgang durch das Stadtlabor am 09.02.2027"


@contextlib.contextmanager
def small_disk(made, megabytes):
    """A tmpfs below the house for the store; unmounted whatever happens. Needs root, as Postfix does."""
    place = os.path.join(made.folder, "small")
    os.makedirs(place)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm,mode=700" % megabytes, "stadtlabor-test", place], check=True)
    try:
        yield place
    finally:
        made.stop()
        # a program that another test starts at this moment may still hold what it inherited
        wait_for(lambda: subprocess.run(["umount", place], capture_output=True).returncode == 0, 20, "umount")


def fill(place):
    """Until not a byte is left."""
    path = os.path.join(place, "filler")
    with open(path, "ab", buffering=0) as out:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                pass
    return path


def send(made, count, first=1):
    for number in range(first, first + count):
        citizen = Citizen(made, born="%02d.%02d.1958" % (number % 28 + 1, number % 12 + 1))
        citizen.sends("Anmeldung", "Ich melde mich für %s an.\n\n%s\n%s" % (TOUR, citizen.details(), "Danke! " * 2000))


def all_is_there_once(made, number):
    wait_for(lambda: made.mails() == number and made.settled(), 90, lambda: made.log_text()[-3000:])
    assert made.rows("SELECT count(*) AS n FROM registration") == [{"n": number}]
    assert made.rows("SELECT count(*) AS n FROM outbox WHERE state = 'sent' AND filed = 'yes'") == [{"n": number}]
    ids = [message["message_id"] for message in made.sink.messages()]
    assert len(ids) == len(set(ids)) == number, ids
    folders = made.servers.mailbox(LAB)
    assert (len(folders["Stadtlabor/Erledigt"]), len(folders["Sent"]), len(folders["INBOX"])) == (number, number, 0)
    assert made.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert made.rows("SELECT * FROM intake") == []


@test
def a_full_disk_stops_the_intake_and_room_lets_it_go_on():
    with house(servers("disk"), programme=None) as own, small_disk(own, 4) as place:
        own.store = os.path.join(place, "stadtlabor.db")
        own.configure(store=own.store)
        own.command("events", "import", os.path.join(os.path.dirname(__file__), "..", "corpus", "events.csv"))
        own.start()
        send(own, 2)
        all_is_there_once(own, 2)
        filler = fill(place)
        send(own, 6, first=3)
        own.wait_log("full")
        time.sleep(4)       # it tries again, in vain, and says nothing more
        assert own.daemon.poll() is None and own.mails() < 8
        said = [line for line in own.log_text().splitlines() if "full" in line]
        assert len([line for line in said if "intake" in line]) == 1, own.log_text()
        assert own.command("status", check=False).returncode in (0, 1)
        os.remove(filler)
        all_is_there_once(own, 8)
        assert "intake_goes_on" in own.log_text(), own.log_text()
        assert not own.reports(), own.reports()


@test
def a_run_on_a_full_disk_takes_nothing_in_and_loses_nothing():
    with house(servers("disk2"), programme=None) as own, small_disk(own, 4) as place:
        own.store = os.path.join(place, "stadtlabor.db")
        own.configure(store=own.store)
        own.command("events", "import", os.path.join(os.path.dirname(__file__), "..", "corpus", "events.csv"))
        own.once()
        filler = fill(place)
        send(own, 3)
        assert own.once(check=False).returncode == 1
        assert len(own.servers.inbox()) == 3 and "full" in own.log_text(), own.log_text()
        os.remove(filler)
        own.once()
        all_is_there_once(own, 3)


@test
def a_store_locked_by_another_is_waited_for():
    with house(servers("lock")) as own:
        own.start()
        send(own, 1)
        all_is_there_once(own, 1)
        other = sqlite3.connect(own.store, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        send(own, 3, first=2)
        own.wait_log("locked", seconds=40)
        assert len([line for line in own.log_text().splitlines() if "intake_stopped" in line]) == 1, own.log_text()
        command = threading.Thread(target=lambda: own.command("status"))       # reading is not blocked
        command.start()
        command.join(30)
        assert not command.is_alive() and own.daemon.poll() is None
        other.execute("ROLLBACK")
        other.close()
        all_is_there_once(own, 4)
        assert "intake_goes_on" in own.log_text(), own.log_text()


@test
def each_night_the_store_is_read_whole_and_damage_is_told():
    with house() as own:
        said = lambda: {row["name"]: row for row in own.json("check", check=False)}["store"]
        assert said()["good"] and "never read whole" in said()["words"], said()
        own.once()
        own.once()
        assert own.log_text().count("name=checkup") == 1 and "read whole at 2026-11-22" in said()["words"], said()
        with contextlib.closing(sqlite3.connect(own.store)) as other, other:
            other.execute("INSERT INTO queue_entry (mail_id, reason, words, created) VALUES (99, 'question', 'Wo?', 1)")
        assert said()["good"]               # nothing that is seen at a glance
        own.now += 86400
        own.once()
        assert own.log_text().count("store_damaged") == 1 and not said()["good"] and "found damaged" in said()["words"], said()
        whole = own.command("check", "--whole", check=False)
        assert whole.returncode == 1 and "rows of queue_entry point at rows that are gone" in whole.stdout, whole
        with contextlib.closing(sqlite3.connect(own.store)) as other, other:
            other.execute("DELETE FROM queue_entry")
        own.command("check", "--whole")
        assert said()["good"]


@test
def a_store_of_a_newer_program_or_none_at_all_is_refused():
    with house() as own:
        with contextlib.closing(sqlite3.connect(own.store)) as other:
            other.execute("PRAGMA user_version = 99")
        for done in (own.command("queue", "list", check=False), own.once(check=False), own.command("check", check=False)):
            assert done.returncode == 1 and "newer program" in done.stderr + done.stdout, done
        bad = os.path.join(own.folder, "text.db")
        with open(bad, "w") as out:
            out.write("this is no store, whatever its name says\n" * 100)
        own.configure(store=bad)
        assert own.command("status", check=False).returncode == 1 and own.once(check=False).returncode == 1
        own.configure(store=os.path.join(own.folder, "no", "such", "folder.db"))
        refused = own.once(check=False)
        assert refused.returncode == 1 and "No such file" in refused.stderr


if __name__ == "__main__":
    run(together=4)

#!/usr/bin/env python3
"""Proves our letters with a reader that is not ours: Python's email package takes each apart.

Prints "ok NAME" or "not ok NAME" a test. The letters come from tests/flow/letters_probe.c, built under sanitizers
unless $LETTERS_PROBE names another.
"""
import email
import email.policy
import os
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROBE = os.environ.get("LETTERS_PROBE", os.path.join(ROOT, "build", "san", "tests", "flow", "letters_probe"))


def letters(folder):
    subprocess.run([PROBE, os.path.join(ROOT, "templates"), folder], check=True, timeout=60)
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        yield name, data, email.message_from_bytes(data, policy=email.policy.default)


def every_letter_is_a_right_mail(all_letters):
    assert len(all_letters) >= 44, len(all_letters)
    for name, data, mail in all_letters:
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r"), name
        assert max(map(len, data.split(b"\r\n"))) <= 998 and data.isascii(), name
        assert not any(part.defects for part in mail.walk()), (name, mail.defects)
        for header in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"):
            assert len(mail.get_all(header, [])) == 1 and not mail[header].defects, (name, header)
        assert mail["From"].addresses[0].addr_spec == "stadtlabor@example.org", name
        assert mail["To"].addresses[0].display_name == "Petra Müller", name
        assert mail["Auto-Submitted"] == "auto-replied" and mail["X-Auto-Response-Suppress"] == "All", name
        assert mail["In-Reply-To"] == mail["References"] == "<question@example.net>", name
        assert mail["Date"].datetime.timestamp() == 1795000000 and str(mail["Date"]).endswith("+0100"), name
    ids = {mail["Message-ID"] for _, _, mail in all_letters}
    assert len(ids) == len(all_letters)


def every_text_can_be_read(all_letters):
    for name, _, mail in all_letters:
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert text.startswith("Guten Tag Petra Müller," if name.startswith("de-") else "Dear Petra Müller,"), (name, text)
        assert "Stadtlabor Iserlohn\n" in text and "https://www.example.org/datenschutz" in text, name
        for sign in ("{{", "}}", "null", "\ufffd", "  \n"):
            assert sign not in text, (name, sign)


def a_confirmation_carries_the_appointment(all_letters):
    seen = 0
    for name, _, mail in all_letters:
        attached = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        assert len(attached) == name.endswith("-confirmed.eml"), name
        for part in attached:
            assert mail.get_content_type() == "multipart/mixed" and part.get_filename() == {"de": "Termin.ics", "en": "Appointment.ics"}[name[:2]]
            assert part["Content-Type"].params["method"] == "PUBLISH"
            calendar = part.get_content().replace("\r\n ", "").split("\r\n")
            for line in ("METHOD:PUBLISH", "DTSTART:20261203T160000Z", "DTEND:20261203T180000Z",
                         "SUMMARY:KI im Alltag – Chancen und Risiken", "UID:2026-12-03-ki-alltag-17@example.org"):
                assert line in calendar, (line, calendar)
            seen += 1
    assert seen == 2


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="lt-") as folder:
        all_letters = list(letters(folder))
    for test in (every_letter_is_a_right_mail, every_text_can_be_read, a_confirmation_carries_the_appointment):
        try:
            test(all_letters)
            print("ok %s" % test.__name__)
        except Exception:       # noqa: BLE001: told, and the next test runs
            failed += 1
            print("# " + traceback.format_exc().rstrip().replace("\n", "\n# "))
            print("not ok %s" % test.__name__)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

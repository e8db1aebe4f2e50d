#!/usr/bin/env python3
"""`make demo` as a newcomer meets it: every mail ends where it should, is shown with what was answered, and nothing is left behind."""
import glob
import os
import subprocess
import sys

from scenes import run, test

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo.py")


@test
def every_mail_of_the_demo_ends_where_it_should():
    before = set(glob.glob("/tmp/stadtlabor-demo-*"))
    done = subprocess.run([sys.executable, DEMO], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "✗" not in done.stdout and done.stdout.count("✓") == 15, done.stdout + done.stderr
    for words in ("– Geburtsdatum (Tag, Monat und Jahr)", "Angemeldet: Elif Yıldız und Emre Yıldız", "wartet auf einen Menschen",
                  "Stadtlabor/Prüfen              3 Mails, 3 ungelesen"):
        assert words in done.stdout, (words, done.stdout)
    assert set(glob.glob("/tmp/stadtlabor-demo-*")) <= before


if __name__ == "__main__":
    run()

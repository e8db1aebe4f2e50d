#!/usr/bin/env python3
"""Proves on this machine that the test servers do what their heads promise: everything is really started and used.

    python3 selftest.py [WORD...]      only the tests whose name holds one of the words

Needs root for the tests with Postfix. Last line: "N passed, N failed".
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import checks                       # noqa: E402
import running                      # noqa: E402
import selftest_servers             # noqa: E402,F401
import selftest_faults              # noqa: E402,F401


def main():
    failed = running.all_of(sys.argv[1:])
    checks.end()
    if failed:
        print("# files are left in %s" % checks.ROOM)
    else:
        shutil.rmtree(checks.ROOM)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

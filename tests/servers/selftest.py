#!/usr/bin/env python3
"""Proves on this machine that the test servers do what their heads promise: everything is really started and used.

    python3 selftest.py [WORD...]      only the tests whose name holds one of the words

Needs root for the tests with Postfix. Last line: "N passed, N failed".
"""
import os
import shutil
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import checks                       # noqa: E402
import selftest_servers             # noqa: E402,F401
import selftest_faults              # noqa: E402,F401


def main():
    words = sys.argv[1:]
    passed = failed = 0
    for one in checks.TESTS:
        if words and not any(word in one.__name__ for word in words):
            continue
        begin = time.monotonic()
        try:
            one()
            passed += 1
            print("ok      %s (%.2f s)" % (one.__name__, time.monotonic() - begin))
        except Exception:
            failed += 1
            print("FAILED  %s" % one.__name__)
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    checks.end()
    if not failed:
        shutil.rmtree(checks.ROOM)
    else:
        print("files are left in %s" % checks.ROOM)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

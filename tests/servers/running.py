"""How the tests in Python run: each is told as "ok NAME" or "not ok NAME" with its traceback; words on the command line
choose those whose names hold one of them."""
import sys
import time
import traceback

TESTS = []      # of the file that is run


def test(function):
    TESTS.append(function)
    return function


def chosen(words):
    return [function for function in TESTS if not words or any(word in function.__name__ for word in words)]


def one(name, function):
    """1 if it failed."""
    begin = time.monotonic()
    try:
        function()
        sys.stdout.write("ok %s # %.1f s\n" % (name, time.monotonic() - begin))
        return 0
    except Exception:       # noqa: BLE001: told, and the next test runs
        sys.stdout.write("# %s\nnot ok %s\n" % (traceback.format_exc().rstrip().replace("\n", "\n# "), name))
        return 1
    finally:
        sys.stdout.flush()


def all_of(words):
    """How many failed."""
    return sum(one(function.__name__, function) for function in chosen(words))

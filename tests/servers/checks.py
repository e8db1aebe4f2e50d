"""What the self-tests share: their list, a room for files, one set of servers for those that need nothing special."""
import os
import shutil
import tempfile

from running import test            # noqa: F401: the tests have it from here
from servers import LAB, Servers

HERE = os.path.dirname(os.path.abspath(__file__))
CITIZEN = "maria.muster@example.org"
ROOM = tempfile.mkdtemp(prefix="ms-")
os.chmod(ROOM, 0o755)


def folder(name):
    path = os.path.join(ROOM, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def letter(subject="Anmeldung", to=LAB, size=0):
    return ("From: Maria <%s>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\nIch möchte mich anmelden.\r\n%s" % (
                CITIZEN, to, subject, os.urandom(6).hex(), ("x" * 76 + "\r\n") * (size // 78))).encode()


def refused(exceptions, action):
    try:
        action()
    except exceptions as problem:
        return str(problem)
    raise AssertionError("this was not refused")


_shared = None


def shared():
    global _shared
    if _shared is None:
        _shared = Servers(folder("all"), oauth=True, quota={"eng@example.org": "3K"}).start()
    return _shared


def end():
    if _shared:
        _shared.stop()

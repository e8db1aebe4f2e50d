"""What the proxy and the sink share: one asyncio server on a loopback port, in a thread of its own, that a test starts,
stops, or holds with `with`."""
import asyncio
import threading


class Listener:
    """A subclass names itself (`what`), handles a connection (`_client`) and ends what is open (`_close`)."""
    what = "the server"

    def __init__(self, port=0):
        self.port = port                # 0: the system's choice, told after start()
        self._loop = self._thread = None

    def start(self):
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        ready.wait(10)
        if self._loop is None:
            raise RuntimeError("%s cannot listen on port %d" % (self.what, self.port))
        return self

    def stop(self):
        if self._loop:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(10)
            self._loop = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _options(self):
        return {}

    async def _serve(self, ready):
        self._end = asyncio.Event()
        try:
            server = await asyncio.start_server(self._client, "127.0.0.1", self.port, backlog=512, **self._options())
        except OSError:
            ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._loop = asyncio.get_running_loop()
        ready.set()
        await self._end.wait()
        server.close()
        await self._close()

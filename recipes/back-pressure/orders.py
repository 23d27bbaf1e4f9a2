"""The service that is asked: it works on four calls at once, and all others wait.

`GET /7` is an order, any other path 404. `POST /?ms=80&fails=0` says how long an order takes from
now on, those that are under way too, and whether it ends with 500. `GET /` says what has happened
so far.
"""

import contextlib
import http.server
import json
import threading
import time
import urllib.parse

WORKERS = 4
# So many wait; the next is turned away.
MOST_WAITING = 400
USUAL_MS = 80


class Orders(http.server.ThreadingHTTPServer):
    """Listens on loopback only: anybody may change how it behaves."""

    request_queue_size = 128  # the usual 5 are less than callers at once

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), Call)
        self.address = f"127.0.0.1:{self.server_port}"
        self._workers = threading.Semaphore(WORKERS)
        self._changed = threading.Condition()
        self._seconds, self._fails = USUAL_MS / 1000, False
        self._calls = self._here = self._most = 0

    def state(self):
        """Calls so far, those that are here, and the most at once since the last change."""
        with self._changed:
            return {"calls": self._calls, "here": self._here, "most": self._most}

    def change(self, ms, fails):
        with self._changed:
            self._seconds, self._fails = ms / 1000, fails
            self._most = self._here
            self._changed.notify_all()

    def work(self):
        """The status of an order, once a worker has had its time for it."""
        with self._changed:
            self._calls += 1
            if self._here >= WORKERS + MOST_WAITING:
                return 503
            self._here += 1
            self._most = max(self._most, self._here)
        try:
            with self._workers, self._changed:
                begun = time.monotonic()
                while (left := begun + self._seconds - time.monotonic()) > 0:
                    self._changed.wait(left)
                return 500 if self._fails else 200
        finally:
            with self._changed:
                self._here -= 1


class Call(http.server.BaseHTTPRequestHandler):
    """One connection for each call: who has waited long enough closes it."""

    timeout = 30

    def do_GET(self):
        order = self.path.strip("/")
        if not order:
            self._say(200, self.server.state())
        elif not order.isdecimal():
            self._say(404, {"error": f"no order {order[:100]}"})
        elif (status := self.server.work()) == 200:
            self._say(200, {"order": int(order)})
        else:
            self._say(status, {"error": "failed" if status == 500 else "too many wait"})

    def do_POST(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        ms, fails = (query.get(name, [""])[0] for name in ("ms", "fails"))
        if not ms.isdecimal() or fails not in ("0", "1"):
            self._say(400, {"error": "post to /?ms=N&fails=0 or 1"})
            return
        self.server.change(int(ms), fails == "1")
        self._say(200, self.server.state())

    def _say(self, status, value):
        body = json.dumps(value).encode()
        # Whose caller has gone is answered for nothing.
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""

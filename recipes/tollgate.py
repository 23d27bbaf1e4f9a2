"""What the recipes ask of Tollgate, over HTTP and with nothing but Python's own library.

Every call ends: connecting, and then answering, may take `timeout` seconds each. After a call that
got no answer none is made for a second, so that a Tollgate that hangs costs one wait a second and
not one for each call.
"""

import argparse
import collections
import contextlib
import http.client
import json
import math
import os
import selectors
import signal
import time
import urllib.parse

# Seconds. Tollgate itself closes a connection on which nothing was asked for 60.
IDLE = 30
REST = 1


class Away(Exception):
    """Tollgate gave no answer in time, or none that helps."""


class Refused(Exception):
    """The call is wrong, or what it names is gone; `code` is one of docs/errors.md."""

    def __init__(self, problem):
        super().__init__(f"{problem.get('code')}: {problem.get('detail')}")
        self.code = problem.get("code")


class Tollgate:
    """A client for any number of threads.

    While Tollgate is away, what it would decide is decided here: `on_failure` is "open" (all may
    pass) or "closed" (nothing may). Such an answer has the code AWAY. Calls that decide nothing
    raise Away instead.
    """

    def __init__(self, address, on_failure, timeout):
        url = urllib.parse.urlsplit(address)
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connect = lambda: kind(url.hostname, url.port, timeout=timeout)
        self._open = on_failure == "open"
        self._headers = {"Content-Type": "application/json"}
        if token := os.environ.get("TOLLGATE_TOKEN"):
            self._headers["Authorization"] = f"Bearer {token}"
        self._idle = collections.deque(maxlen=32)  # more were never under way at once for long
        self._rests_until = 0.0

    def check(self, identifier, namespace, cost=1):
        return self._decide("/v1/check", identifier, namespace, cost=cost)

    def lease(self, identifier, namespace, ttl_ms):
        return self._decide("/v1/leases", identifier, namespace, ttl_ms=ttl_ms)

    def reserve(self, identifier, namespace, cost, ttl_ms):
        return self._decide(
            "/v1/reservations", identifier, namespace, cost=cost, ttl_ms=ttl_ms
        )

    def _decide(self, path, identifier, namespace, **more):
        try:
            return self.call(path, {"identifier": identifier, "namespace": namespace, **more})
        except Away:
            wait = None if self._open else REST * 1000
            return {"allowed": self._open, "code": "AWAY", "retry_after_ms": wait}

    def call(self, path, body):
        """The answer to any call of docs/http-api.md; raises Away or Refused."""
        if time.monotonic() < self._rests_until:
            raise Away("gave no answer a moment ago")
        connection = self._rested() or self._connect()
        try:
            connection.request("POST", path, json.dumps(body), self._headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as failure:
            connection.close()
            self._rests_until = time.monotonic() + REST
            raise Away(str(failure)) from failure
        if connection.sock is not None:
            self._idle.append((connection, time.monotonic()))
        if answer.status >= 500:
            raise Away(said.get("detail"))
        if answer.status >= 400:
            raise Refused(said)
        return said

    def _rested(self):
        """A connection that is still good: a call that was sent once is never sent again."""
        with contextlib.suppress(IndexError):
            while True:
                connection, since = self._idle.pop()
                with selectors.DefaultSelector() as readable:
                    readable.register(connection.sock, selectors.EVENT_READ)
                    # Nothing was asked, so what can be read is the end.
                    if time.monotonic() - since < IDLE and not readable.select(0):
                        return connection
                connection.close()


def seconds(answer):
    """Retry-After of a denial, a text of whole seconds; None when no wait helps."""
    wait = answer["retry_after_ms"]
    return None if wait is None else str(max(1, math.ceil(wait / 1000)))


def options(about, port, on_failure):
    """What all servers of the recipes can be told."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--tollgate", default="http://127.0.0.1:8080")
    parser.add_argument("--on-failure", choices=["open", "closed"], default=on_failure)
    parser.add_argument("--timeout", type=float, default=0.25, help="seconds for each step")
    return parser


def client(chosen):
    """A client by what the server was told."""
    return Tollgate(chosen.tollgate, chosen.on_failure, chosen.timeout)


def serve(server):
    """Serves until SIGTERM or Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"listening on port {server.socket.getsockname()[1]}", flush=True)
        server.serve_forever()

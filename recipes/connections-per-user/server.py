"""A WebSocket server on which each user has at most so many connections open at once."""

import contextlib
import http
import sys
import threading
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve as websocket_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tollgate

NAMESPACE = "connections"
# Rounds in a row without room after which a connection is closed. They take longer than a lease: an
# answer that was lost has left one that nobody knows, which counts until it ends.
MOST_DENIALS = 4


class Seat:
    """An open connection and its lease, which it may lack while Tollgate is away."""

    def __init__(self, connection, user, lease_id):
        self.connection, self.user, self.lease_id = connection, user, lease_id
        self.left = False
        self.denials = 0
        self.lock = threading.Lock()


class Leases:
    """Takes leases, renews them at a third of their time, and releases them.

    Two renewals may fail before a lease ends.
    """

    def __init__(self, limiter, ttl_ms):
        self._limiter, self._ttl_ms = limiter, ttl_ms
        self._seats = set()
        threading.Thread(target=self._renew_for_ever, daemon=True).start()

    def take(self, user):
        return self._limiter.lease(user, NAMESPACE, self._ttl_ms)

    @contextlib.contextmanager
    def kept(self, seat):
        """Renews while the block runs, and releases however it ends."""
        self._seats.add(seat)
        try:
            yield
        finally:
            self._seats.discard(seat)
            self._release(seat)

    def _release(self, seat):
        with seat.lock:
            seat.left = True
            if seat.lease_id:
                # Away or gone: then the lease ends with its time.
                with contextlib.suppress(tollgate.Away, tollgate.Refused):
                    self._limiter.call(f"/v1/leases/{seat.lease_id}:release", {})

    def _renew_for_ever(self):
        never = threading.Event()
        while not never.wait(self._ttl_ms / 3000):
            for seat in list(self._seats):
                try:
                    self._renew(seat)
                except tollgate.Away:
                    pass  # the next round asks again
                except tollgate.Refused as refused:
                    print(f"{seat.user}: {refused}", file=sys.stderr, flush=True)

    def _renew(self, seat):
        with seat.lock:
            if seat.left:
                return
            if seat.lease_id:
                try:
                    path = f"/v1/leases/{seat.lease_id}:renew"
                    self._limiter.call(path, {"ttl_ms": self._ttl_ms})
                    return
                except tollgate.Refused:
                    # Tollgate was away for longer than the lease, or has begun anew.
                    seat.lease_id = None
            answer = self.take(seat.user)
            seat.lease_id = answer.get("lease_id")
            denied = not answer["allowed"] and answer["code"] != "AWAY"
            seat.denials = seat.denials + 1 if denied else 0
        if seat.denials == MOST_DENIALS:
            # Closing waits for the client, and renewals cannot.
            close = (1013, "too many connections")
            threading.Thread(target=seat.connection.close, args=close, daemon=True).start()


def main():
    parser = tollgate.options(__doc__, port=9000, on_failure="open")
    parser.add_argument("--ttl-ms", type=int, default=15_000)
    options = parser.parse_args()
    leases = Leases(tollgate.client(options), options.ttl_ms)

    def admit(connection, request, response):
        """Before the upgrade, where there is a status to say no by."""
        if response.status_code != http.HTTPStatus.SWITCHING_PROTOCOLS:
            return None
        user = request.path.strip("/")  # yours comes from a login
        if not user:
            return connection.respond(400, "connect to /USER\n")
        answer = leases.take(user)
        if answer["allowed"]:
            # A client that is gone before it gets this leaves a lease that nobody renews.
            connection.seat = Seat(connection, user, answer.get("lease_id"))
            return None
        away = answer["code"] == "AWAY"
        refusal = connection.respond(503 if away else 429, f"{answer['code']}\n")
        if after := tollgate.seconds(answer):
            refusal.headers["Retry-After"] = after
        return refusal

    def echo(connection):
        with leases.kept(connection.seat), contextlib.suppress(ConnectionClosed):
            for message in connection:
                connection.send(message)

    # Who vanishes without a word answers no ping, and is gone after 20 seconds.
    pings = {"ping_interval": 10, "ping_timeout": 10}
    server = websocket_server(echo, "127.0.0.1", options.port, process_response=admit, **pings)
    tollgate.serve(server)


if __name__ == "__main__":
    main()

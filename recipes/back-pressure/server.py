"""A shop that asks another service for orders, only so often at once as that service bears."""

import contextlib
import http.client
import http.server
import json
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tollgate
from orders import Orders

NAMESPACE = "services"


class Denied(Exception):
    """The callee was not asked: as much is under way there as it bears."""

    def __init__(self, answer):
        super().__init__(answer["code"])
        self.answer = answer


class Callee:
    """Another service, for any number of threads; each call of it is under a lease.

    The lease is named after the callee, so that all who call it share what it bears.
    """

    def __init__(self, limiter, name, address, deadline):
        self._limiter, self._name = limiter, name
        self.address, self._deadline = address, deadline
        # Longer than connecting, the answer and the two calls of Tollgate take.
        self._ttl_ms = int(2000 * deadline) + 1000

    def get(self, path):
        """Status, body, and the number in force; raises Denied, or OSError and HTTPException."""
        answer = self._limiter.lease(self._name, NAMESPACE, self._ttl_ms)
        if not answer["allowed"]:
            raise Denied(answer)
        outcome = "dropped"
        try:
            status, said = self._ask(path)
            if status < 500:
                # A call that was wrong says nothing about who refuses it.
                outcome = "ignore" if status >= 400 else "success"
            return status, said, number(answer)
        finally:
            self._release(answer, outcome)

    def _ask(self, path):
        connection = http.client.HTTPConnection(self.address, timeout=self._deadline)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def _release(self, answer, outcome):
        if lease := answer.get("lease_id"):
            # Away or gone: then the lease ends with its time.
            with contextlib.suppress(tollgate.Away, tollgate.Refused):
                self._limiter.call(f"/v1/leases/{lease}:release", {"outcome": outcome})


class Unlimited(Callee):
    """The same without Tollgate, to see the difference."""

    def get(self, path):
        return *self._ask(path), None


def number(answer):
    """How many calls of the callee may be under way; None when nobody says."""
    return next((limit["limit"] for limit in answer.get("limits", [])), None)


class Page(http.server.BaseHTTPRequestHandler):
    """GET /ORDER, and GET / for where the callee is"""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for a client that neither reads nor asks

    def do_GET(self):
        callee = self.server.callee
        if self.path == "/":
            self._say(200, {"orders": f"http://{callee.address}"})
            return
        try:
            status, said, bears = callee.get(self.path)
            self._say(502 if status >= 500 else status, {**said, "number": bears})
        except Denied as denied:
            answer = denied.answer
            problem = {"error": answer["code"], "number": number(answer)}
            self._say(503, problem, tollgate.seconds(answer))
        except TimeoutError:
            self._say(504, {"error": "orders gave no answer in time"})
        except (OSError, http.client.HTTPException, ValueError) as failure:
            self._say(502, {"error": f"orders: {failure}"})

    def _say(self, status, value, after=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if after:
            self.send_header("Retry-After", after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


class Shop(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # the usual 5 are less than callers at once


def main():
    parser = tollgate.options(__doc__, port=9004, on_failure="open")
    parser.add_argument("--name", default="service:orders", help="of the callee, for its leases")
    parser.add_argument("--deadline", type=float, default=0.3, help="seconds for a call of it")
    parser.add_argument("--without", action="store_true", help="do not ask Tollgate")
    options = parser.parse_args()
    shop = Shop(("127.0.0.1", options.port), Page)
    with Orders(options.port + 1 if options.port else 0) as orders:
        threading.Thread(target=orders.serve_forever, daemon=True).start()
        kind = Unlimited if options.without else Callee
        limiter = tollgate.client(options)
        shop.callee = kind(limiter, options.name, orders.address, options.deadline)
        tollgate.serve(shop)


if __name__ == "__main__":
    main()

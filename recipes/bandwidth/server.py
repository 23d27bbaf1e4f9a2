"""A web server whose downloads share so many bytes a second for each user."""

import http.server
import json
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tollgate

NAMESPACE = "downloads"
# Bytes. Half of the burst: what is larger than the burst would come in leaps.
CHUNK = 65_536
MOST_BYTES = 1 << 30
# Bytes a second of one download while Tollgate is away and the policy is "open".
ALONE = 100_000
# Seconds that a download waits in the middle before it is given up.
PATIENCE = 30


class Paced:
    """Says when a chunk may be sent."""

    def __init__(self, limiter, trace):
        self._limiter, self._trace = limiter, trace

    def ask(self, user, size):
        """The decision about a chunk, and the seconds that it must wait when it may be sent."""
        before = time.monotonic()
        answer = self._limiter.check(user, NAMESPACE, size)
        after = time.monotonic()
        away = answer["code"] == "AWAY"
        wait = size / ALONE if away else (answer.get("delay_ms") or 0) / 1000
        if self._trace:
            seen = {"user": user, "bytes": size, "code": answer["code"], "wait": wait}
            print(json.dumps({**seen, "before": before, "after": after}), flush=True)
        return answer, wait

    def wait(self, user, size):
        """Returns when a chunk in the middle may be sent; False when it never may."""
        end = time.monotonic() + PATIENCE
        while True:
            answer, wait = self.ask(user, size)
            if answer["allowed"]:
                time.sleep(wait)
                return True
            wait = answer["retry_after_ms"]
            if wait is None or time.monotonic() + wait / 1000 > end:
                return False
            time.sleep(wait / 1000)


class Download(http.server.BaseHTTPRequestHandler):
    """GET /USER?bytes=N"""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for a client that neither reads nor asks

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        user = url.path.strip("/")  # yours comes from a login
        wanted = urllib.parse.parse_qs(url.query).get("bytes", [""])[0]
        if not user or not wanted.isdecimal() or not 0 < int(wanted) <= MOST_BYTES:
            self.send_error(400, f"ask for /USER?bytes=N, N from 1 to {MOST_BYTES}")
            return
        self._send(user, int(wanted))

    def _send(self, user, size):
        paced = self.server.paced
        answer, wait = paced.ask(user, min(CHUNK, size))
        if not answer["allowed"]:
            self._refuse(answer)
            return
        time.sleep(wait)
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        for offset in range(0, size, CHUNK):
            chunk = min(CHUNK, size - offset)
            if offset and not paced.wait(user, chunk):
                # The client sees by the length that something is missing.
                self.close_connection = True
                return
            try:
                self.wfile.write(bytes(chunk))
            except OSError:
                # Gone: what was asked for last was charged and not sent.
                self.close_connection = True
                return

    def _refuse(self, answer):
        self.send_response(503 if answer["code"] == "AWAY" else 429)
        if after := tollgate.seconds(answer):
            self.send_header("Retry-After", after)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing: --trace says more."""


def main():
    parser = tollgate.options(__doc__, port=9002, on_failure="open")
    parser.add_argument("--trace", action="store_true", help="print each chunk's question")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Download)
    limiter = tollgate.client(options)
    server.paced = Paced(limiter, options.trace)
    tollgate.serve(server)


if __name__ == "__main__":
    main()

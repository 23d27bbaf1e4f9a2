"""A web server that runs queries for users, each of whom may spend so many units a minute."""

import http.server
import json
import sqlite3
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tollgate
from database import Database, Denied, Stopped

MOST_SQL = 8_192
ORDERS = 50_000


class Query(http.server.BaseHTTPRequestHandler):
    """POST /USER with SQL as body"""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for a client that neither reads nor asks

    def do_POST(self):
        user = self.path.strip("/")  # yours comes from a login
        length = self.headers.get("Content-Length", "")
        if not user or not length.isdecimal() or int(length) > MOST_SQL:
            self.close_connection = True
            self._say(400, {"error": f"post SQL of at most {MOST_SQL} bytes to /USER"})
            return
        sql = self.rfile.read(int(length)).decode(errors="replace")
        try:
            rows, estimated, charged = self.server.database.query(user, sql)
            self._say(200, {"estimated": estimated, "charged": charged, "rows": rows})
        except Denied as denied:
            self._refuse(denied)
        except Stopped as stopped:
            costs = {"estimated": stopped.estimated, "charged": stopped.charged}
            self._say(422, {"error": str(stopped), **costs})
        except (sqlite3.Error, sqlite3.Warning) as error:
            self._say(400, {"error": str(error)})

    def _refuse(self, denied):
        answer = denied.answer
        status = 503 if answer["code"] == "AWAY" else 429
        problem = {"error": answer["code"], "estimated": denied.estimated, "fits": denied.fits}
        self._say(status, problem, tollgate.seconds(answer))

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


def make(path):
    """The shop that is asked about: orders of a year, with an index and its statistics."""
    with sqlite3.connect(path) as shop:
        shop.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, day INT, cents INT)")
        shop.execute("CREATE INDEX orders_by_day ON orders (day)")
        orders = ((n, n % 365, n * 7919 % 10_000) for n in range(ORDERS))
        shop.executemany("INSERT INTO orders VALUES (?, ?, ?)", orders)
        shop.execute("ANALYZE")
    shop.close()


def main():
    options = tollgate.options(__doc__, port=9003, on_failure="closed").parse_args()
    limiter = tollgate.client(options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shop.db")
        make(path)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Query)
        server.database = Database(path, limiter)
        tollgate.serve(server)


if __name__ == "__main__":
    main()

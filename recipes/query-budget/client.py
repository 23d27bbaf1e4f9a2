"""Asks cheap and dear questions until the budget is spent."""

import json
import sys
import urllib.error
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9003"

QUERIES = [
    "SELECT cents FROM orders WHERE id = 7",
    "SELECT sum(cents) FROM orders",
    "SELECT count(*) FROM orders",
    "SELECT abs(-9223372036854775807 - 1) FROM orders",
    "SELECT count(*) FROM orders a, orders b WHERE a.cents < b.cents",
    "SELECT sum(cents) FROM orders WHERE day >= 0",
    "SELECT sum(cents) FROM orders WHERE day >= 0",
    "SELECT sum(cents) FROM orders",
]

for sql in QUERIES:
    print(sql)
    try:
        with urllib.request.urlopen(f"{URL}/ann", data=sql.encode(), timeout=30) as answer:
            status, said, after = answer.status, json.load(answer), None
    except urllib.error.HTTPError as refused:
        status, said, after = refused.code, json.load(refused), refused.headers["Retry-After"]
    wait = f", try again after {after} s" if after else ""
    print(f"  {status} {json.dumps(said)}{wait}", flush=True)

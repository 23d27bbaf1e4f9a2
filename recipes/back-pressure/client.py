"""Asks a shop for orders, as often as usual and then in worse times, and prints each second."""

import concurrent.futures
import itertools
import json
import statistics
import sys
import time
import urllib.error
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9004"

# What happens to the callee, which bears 50 calls a second: seconds, calls in each, how long an
# order takes there in milliseconds.
TIMES = [
    ("as usual", 1, 40, 80),
    ("too many calls", 3, 100, 80),
    ("callee hangs", 1, 100, 60_000),
    ("well again", 4, 40, 80),
]


def ask(order):
    """Status, milliseconds, and the number of calls that the callee bears, if the shop says."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(f"{URL}/{order}", timeout=10) as answer:
            status, said = answer.status, json.load(answer)
    except urllib.error.HTTPError as failed:
        status, said = failed.code, json.load(failed)
    return status, (time.monotonic() - begun) * 1000, said.get("number")


def second(threads, rate, orders):
    """The calls of one second, evenly spread, whether or not those before have ended."""
    begun = time.monotonic()
    calls = []
    for i in range(rate):
        time.sleep(max(0, begun + i / rate - time.monotonic()))
        calls.append(threads.submit(ask, next(orders)))
    time.sleep(max(0, begun + 1 - time.monotonic()))
    return calls


def show(what, calls):
    answers = [call.result() for call in calls]
    line = f"{what:15}"
    for kind in (lambda s: s == 200, lambda s: s in (502, 504), lambda s: s == 503):
        took = [ms for status, ms, _ in answers if kind(status)]
        line += f" {len(took):6} {round(statistics.median(took)) if took else 0:5}"
    numbers = [bears for *_, bears in answers if bears]
    print(f"{line} {numbers[-1] if numbers else '-':>7}", flush=True)


with urllib.request.urlopen(URL, timeout=10) as where:
    callee = json.load(where)["orders"]
print(f"{'':15}   done    ms failed    ms denied    ms  number", flush=True)
with concurrent.futures.ThreadPoolExecutor(200) as pool:
    number, before = itertools.count(1), None
    for _ in range(5):
        list(pool.map(ask, itertools.islice(number, 4)))  # who has just started is slow at first
    for name, seconds, rate, ms in TIMES:
        urllib.request.urlopen(f"{callee}/?ms={ms}&fails=0", data=b"", timeout=10).close()
        for _ in range(seconds):
            now = name, second(pool, rate, number)
            if before:
                show(*before)
            before = now
    show(*before)

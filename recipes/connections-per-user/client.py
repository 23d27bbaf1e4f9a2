"""Opens one connection more than a user may have, then closes one and tries again."""

import contextlib
import sys
import time

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:9000"
LIMIT = 3


def attempt(stack, user):
    """An open connection, which the end of the program closes; None when it was refused."""
    try:
        connection = stack.enter_context(connect(f"{URL}/{user}"))
    except InvalidStatus as refused:
        answer = refused.response
        after = answer.headers.get("Retry-After")
        wait = f", try again after {after} s" if after else ""
        print(f"{user}: {answer.status_code} {answer.body.decode().strip()}{wait}", flush=True)
        return None
    connection.send("hello")
    print(f"{user}: open, says {connection.recv()}", flush=True)
    return connection


with contextlib.ExitStack() as open_ones:
    first, *_ = [attempt(open_ones, "ann") for _ in range(LIMIT)]
    attempt(open_ones, "ann")
    attempt(open_ones, "bob")
    if first:
        first.close()
        print("ann: closes one", flush=True)
        # The server has yet to hear of that.
        time.sleep(0.5)
    attempt(open_ones, "ann")
    if "--stay" in sys.argv:
        print("stays until its input ends", flush=True)
        sys.stdin.read()

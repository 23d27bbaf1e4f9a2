"""Sends messages as fast as it can, then waits as it is told to, then does not."""

import json
import sys
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:9001"


def send(connection, what, message):
    connection.send(message)
    answer = json.loads(connection.recv())
    print(f"{what}: {json.dumps(answer)}", flush=True)
    return answer


with connect(f"{URL}/ann") as ann:
    send(ann, "3 KiB", "x" * 3072)
    for number in range(1, 8):
        answer = send(ann, f"message {number}", "hello")
    if wait := answer.get("retry_after_ms"):
        time.sleep(wait / 1000)
        send(ann, "after the wait", "hello")
        try:
            while True:
                send(ann, "without one", "hello")
        except ConnectionClosed as closed:
            print(f"closed: {closed.rcvd.code} {closed.rcvd.reason}", flush=True)

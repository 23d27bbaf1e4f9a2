"""A WebSocket server that limits how much each user sends: a unit a message, one more a KiB."""

import contextlib
import json
import sys
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve as websocket_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tollgate

NAMESPACE = "messages"
# Tokens of the burst; what costs more could never pass, and is not read whole.
BURST = 10
# Who goes on without waiting so often in a row is sent away.
MOST_DENIALS = 5


def messages(connection):
    """What the client sends, until it ends, in whatever way."""
    with contextlib.suppress(ConnectionClosed):
        yield from connection


def cost_of(message):
    size = len(message.encode() if isinstance(message, str) else message)
    return 1 + size // 1024


def frame_of(answer, cost):
    """What a client whose message was not taken is told; it keeps the message and waits."""
    error = "away" if answer["code"] == "AWAY" else "rate_limited"
    return {"error": error, "cost": cost, "retry_after_ms": answer["retry_after_ms"]}


def main():
    options = tollgate.options(__doc__, port=9001, on_failure="open").parse_args()
    limiter = tollgate.client(options)

    def echo(connection):
        user = connection.request.path.strip("/")  # yours comes from a login
        denials = 0
        for message in messages(connection):
            cost = cost_of(message)
            answer = limiter.check(user, NAMESPACE, cost)
            if answer["allowed"]:
                denials = 0
                taken = {"taken": cost, "remaining": answer.get("remaining")}
                connection.send(json.dumps(taken))
                continue
            connection.send(json.dumps(frame_of(answer, cost)))
            # Nobody is sent away for what Tollgate did not say.
            denials += answer["code"] != "AWAY"
            if denials == MOST_DENIALS:
                connection.close(1008, "sent on without waiting")
                return

    most = BURST * 1024 - 1
    tollgate.serve(websocket_server(echo, "127.0.0.1", options.port, max_size=most))


if __name__ == "__main__":
    main()

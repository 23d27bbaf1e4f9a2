"""Asks a server on loopback by redis-py, in both protocols, with a token."""

import sys

import redis

PATIENCE_SECONDS = 20


def main(port):
    """Prints a line for each thing that was heard."""
    for protocol in (2, 3):
        with redis.Redis(
            port=port,
            password="s3cret",
            protocol=protocol,
            client_name="me",
            socket_timeout=PATIENCE_SECONDS,
            decode_responses=True,
        ) as client:
            print("ping", client.ping(), client.client_getname())
            print("throttle", client.execute_command("CL.THROTTLE", "a", 15, 30, 60, protocol))
            with client.pipeline(transaction=False) as pipeline:
                for _ in range(3):
                    pipeline.execute_command("CL.THROTTLE", f"b{protocol}", 1, 1, 60)
                print("pipeline", pipeline.execute())
            try:
                client.execute_command("CL.THROTTLE", "a", "x", 1, 1)
            except redis.ResponseError as refused:
                print("refused", refused)
    try:
        redis.Redis(port=port, password="wrong", socket_timeout=PATIENCE_SECONDS).ping()
    except redis.AuthenticationError as refused:
        print("wrong", refused)


main(int(sys.argv[1]))

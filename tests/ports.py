"""Ports for servers that tests start."""

import random
import socket


def free_port() -> int:
    """A port below 22000 that nobody listens on: above, outgoing connections might take it in between."""
    while True:
        port = random.randrange(12000, 15000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port

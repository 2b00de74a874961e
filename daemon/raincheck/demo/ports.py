"""Free ports on loopback, and waiting until somebody answers there."""

from __future__ import annotations

import socket
import time


def free_ports(count: int) -> list[int]:
    """Port numbers that were free a moment ago, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [int(listener.getsockname()[1]) for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


def greeting(port: int, *, within: float = 10.0) -> bytes:
    """The first bytes that the server on this port says; TimeoutError when none come in that many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if words := connection.recv(1024):
                    return words
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"no server answers on port {port}")

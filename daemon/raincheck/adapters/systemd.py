"""What systemd wants to know of a Type=notify service (sd_notify(3)): one datagram to $NOTIFY_SOCKET."""

from __future__ import annotations

import os
import socket


def notify(*assignments: str) -> bool:
    """Sends assignments such as "READY=1" or "STATUS=…"; false when no service manager listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendto("\n".join(assignments).encode(), address)
        except OSError:
            return False
    return True


def watchdog_seconds() -> float | None:
    """How often the service manager wants a sign of life: half of its limit; None when it wants none."""
    limit = os.environ.get("WATCHDOG_USEC", "")
    return int(limit) / 2_000_000 if limit.isdigit() and int(limit) > 0 else None

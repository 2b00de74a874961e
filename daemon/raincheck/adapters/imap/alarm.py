"""The one thing another thread may touch: it ends a wait."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class Alarm:
    """A bell that stays rung until somebody hears it."""

    def __init__(self) -> None:
        self._hear, self._ring = socket.socketpair()
        self._hear.setblocking(False)
        self._ring.setblocking(False)

    def ring(self) -> None:
        """Ends the running or the next `wait`; from any thread, at any time."""
        with suppress(OSError):  # it is ringing already (the buffer is full), or the account is closed
            self._ring.send(b"\0")

    def wait(self, seconds: float, sockets: Collection[int] = ()) -> bool:
        """Waits until the bell rings (true), one of these file descriptors can be read, or the time is up."""
        poll = select.poll()  # select() knows only the first 1024 descriptors
        for descriptor in (self._hear.fileno(), *sockets):
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(max(0, round(seconds * 1000)))}
        return self._hear.fileno() in ready and self._heard()

    def close(self) -> None:
        """No more bell."""
        self._hear.close()
        self._ring.close()

    def _heard(self) -> bool:
        with suppress(BlockingIOError):  # heard all of it
            while self._hear.recv(4096):
                pass
        return True

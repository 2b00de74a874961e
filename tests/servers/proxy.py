"""A TCP relay between client and server that can be told to cut, stall, delay, split or lose bytes.

``UP`` is what the client says, ``DOWN`` what the server says. A rule waits until a predicate holds for all bytes that
one connection has carried in that direction so far, acts once (or `times`), and is then used up::

    relay = Proxy(server_port)
    relay.cut_after(seen(b"APPEND"), UP)       # the command still reaches the server, then the line breaks
    relay.cut_before(seen(b"OK Append"), DOWN)  # the server did it, the client never hears of it
    relay.lose(seen(b"250"), DOWN)              # half-open: from here on answers vanish, the line stays
    relay.delay = 0.2                           # seconds before each piece, both directions
    relay.piece = 7                             # relays at most so many bytes at a time (with a pause of 1 ms)
    relay.stall()                               # half-open from now on, all connections; `flow()` ends it
    relay.cut_now()                             # resets every connection

Give it a server without TLS: it reads along.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


class Direction(Enum):
    """Which way bytes go."""

    UP = auto()  # client to server
    DOWN = auto()  # server to client


UP, DOWN = Direction.UP, Direction.DOWN


class _Action(Enum):
    CUT_AFTER = auto()
    CUT_BEFORE = auto()
    LOSE = auto()


@dataclass
class _Rule:
    direction: Direction
    holds: Callable[[bytes], bool]
    action: _Action
    left: int


def seen(text: bytes) -> Callable[[bytes], bool]:
    """True from the moment this text has gone by."""
    return lambda carried: text in carried


class Proxy:
    """One relay in front of a port on loopback; see the module."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.delay = 0.0
        self.piece = 65536
        self.connections = 0  # accepted so far
        self.struck = 0  # rules that acted so far
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._rules: list[_Rule] = []
        self._lines: list[_Line] = []
        self._lock = threading.Lock()
        self._flowing = threading.Event()
        self._flowing.set()
        self._closed = False
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cut_after(self, holds: Callable[[bytes], bool], direction: Direction, *, times: int = 1) -> None:
        """Passes the piece on that makes the predicate true, then breaks the line."""
        self._rules.append(_Rule(direction, holds, _Action.CUT_AFTER, times))

    def cut_before(self, holds: Callable[[bytes], bool], direction: Direction, *, times: int = 1) -> None:
        """Breaks the line instead of passing that piece on."""
        self._rules.append(_Rule(direction, holds, _Action.CUT_BEFORE, times))

    def lose(self, holds: Callable[[bytes], bool], direction: Direction, *, times: int = 1) -> None:
        """Swallows that piece and all that follows in this direction; the line stays open."""
        self._rules.append(_Rule(direction, holds, _Action.LOSE, times))

    def calm(self) -> None:
        """No more trouble: all rules forgotten, every byte relayed at once."""
        self._rules.clear()
        self.delay, self.piece = 0.0, 65536
        self.flow()

    def stall(self) -> None:
        """Relays nothing more, on old and new connections, until `flow`."""
        self._flowing.clear()

    def flow(self) -> None:
        """Ends a stall."""
        self._flowing.set()

    def refuse(self) -> None:
        """Nobody listens any more, and every line breaks."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(timeout=5)
        self.cut_now()

    def listen(self) -> None:
        """Somebody listens again, on the same port."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._threads[0] = threading.Thread(target=self._accept, daemon=True)
        self._threads[0].start()

    def cut_now(self) -> None:
        """Resets every open connection."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            line.reset()

    def close(self) -> None:
        """Ends the relay and every connection; may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._flowing.set()
        with suppress(OSError):  # nobody listens already
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_now()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        listener = self._listener
        while True:
            try:
                client, _ = listener.accept()
            except OSError:  # it was closed
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port), timeout=10)
            except OSError:
                client.close()
                continue
            self.connections += 1
            line = _Line(client, server)
            for source, sink, direction in ((client, server, UP), (server, client, DOWN)):
                source.settimeout(None)
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                pump = threading.Thread(target=self._pump, args=(line, source, sink, direction), daemon=True)
                self._threads.append(pump)
            with self._lock:
                self._lines.append(line)
            self._threads[-2].start()
            self._threads[-1].start()

    def _pump(self, line: _Line, source: socket.socket, sink: socket.socket, direction: Direction) -> None:
        carried, losing = bytearray(), False
        try:
            while piece := source.recv(self.piece):
                if self.delay or self.piece < 65536:
                    time.sleep(self.delay or 0.001)
                self._flowing.wait()
                carried += piece
                action = self._due(direction, bytes(carried))
                if action is _Action.CUT_BEFORE:
                    line.reset()
                    return
                losing = losing or action is _Action.LOSE
                if not losing:
                    sink.sendall(piece)
                if action is _Action.CUT_AFTER:
                    line.close()
                    return
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            line.reset()

    def _due(self, direction: Direction, carried: bytes) -> _Action | None:
        with self._lock:
            for rule in self._rules:
                if rule.left and rule.direction is direction and rule.holds(carried):
                    rule.left -= 1
                    self.struck += 1
                    return rule.action
        return None


@dataclass
class _Line:
    """The two sockets of one relayed connection."""

    client: socket.socket
    server: socket.socket

    def close(self) -> None:
        """Ends both ends after what was sent has arrived."""
        for end in (self.client, self.server):
            with suppress(OSError):  # it is closed already
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def reset(self) -> None:
        """Ends both ends at once (RST)."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

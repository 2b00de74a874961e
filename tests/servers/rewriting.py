"""A relay in front of an IMAP server that lets it speak another provider's dialect; messages go through untouched.

::

    with Rewriting(port, answers=lambda line: line.replace(b"\\\\Drafts", b"\\\\drafts"), commands=...) as relay:
        relay.port

`answers(line)` gives the line that the client sees instead of the server's, b"" for none. `commands(line)` gives the
line that the server sees instead of the client's, or a `Say` with which the relay answers itself (`{tag}` stands for
the command's tag). Both see whole lines without what follows in literals (RFC 9051, 4.3).
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")


@dataclass(frozen=True)
class Say:
    """An answer of the relay's own."""

    words: bytes


class Rewriting:
    """One relay on a free port; see the module. `said` keeps every line of the clients'."""

    def __init__(
        self, target: int, *, answers: Callable[[bytes], bytes], commands: Callable[[bytes], bytes | Say]
    ) -> None:
        self._target = target
        self._answers = answers
        self._commands = commands
        self.said: list[bytes] = []
        self.most = 0  # connections at one time
        self._open: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for line in list(self._open):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):  # the end
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), timeout=10)
                for end in (client, server):
                    end.settimeout(None)
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(client)
                self.most = max(self.most, len(self._open))
                threading.Thread(target=self._relay, args=(client, server), daemon=True).start()

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            down = threading.Thread(target=self._down, args=(client, server), daemon=True)
            down.start()
            self._up(client, server)
            self._open.discard(client)
            down.join()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), client.makefile("rb") as lines:
            for line in lines:
                self.said.append(line)
                meant = self._commands(line)
                if isinstance(meant, Say):
                    client.sendall(meant.words.replace(b"{tag}", line.partition(b" ")[0]))
                    continue
                server.sendall(meant)
                if literal := _LITERAL.search(meant):
                    server.sendall(lines.read(int(literal[1])))
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), server.makefile("rb") as lines:
            for line in lines:
                client.sendall(self._answers(line))
                if literal := _LITERAL.search(line):
                    client.sendall(lines.read(int(literal[1])))
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

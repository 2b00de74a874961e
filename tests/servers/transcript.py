"""An IMAP server that says what a test tells it to: for answers that no real server gives on demand.

::

    with Transcript({"SEARCH": "* SEARCH 1\\r\\n* SEARCH 2\\r\\n{tag} OK\\r\\n"}) as server:
        ...
        server.said            # every line that a client sent

Keys are command names ("EXAMINE", "SEARCH" also for UID SEARCH; "GREETING"; "DONE"), values the whole answer, with
`{tag}` for the command's tag; a list gives one answer after the other, the last for ever. `HANG_UP` closes the line.
What is not named is answered as a small, empty, obedient server would.
"""

from __future__ import annotations

import re
import socketserver
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

HANG_UP = "\0hang up"

_STATE = "* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n"
_OBEDIENT = {
    "GREETING": "* OK ready\r\n",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE UIDPLUS\r\n{tag} OK done\r\n",
    "AUTHENTICATE": "+ \r\n",
    "EXAMINE": f"{_STATE}{{tag}} OK [READ-ONLY] done\r\n",
    "SELECT": f"{_STATE}{{tag}} OK [READ-WRITE] done\r\n",
    "IDLE": "+ idling\r\n",
    "LOGOUT": "* BYE\r\n{tag} OK done\r\n",
}
_LITERAL = re.compile(r"\{(\d+)(\+?)\}$")


class Transcript:
    """One such server on `port`; see the module."""

    def __init__(self, answers: Mapping[str, str | list[str]]) -> None:
        self.said: list[str] = []
        self.literals: list[bytes] = []
        self._answers = {key: [value] if isinstance(value, str) else list(value) for key, value in answers.items()}
        transcript = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):  # the client is gone
                    transcript._serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, line: socketserver.StreamRequestHandler) -> None:
        if not self._say(line, "GREETING", "*"):
            return
        waiting = ""  # the tag of a command that goes on in the next line
        while raw := line.rfile.readline():
            text = raw.decode("latin-1").rstrip("\r\n")
            self.said.append(text)
            if waiting:
                answer = "DONE" if text == "DONE" else "CONTINUED"
                open_, waiting = self._say(line, answer, waiting), ""
                if not open_:
                    return
                continue
            tag, _, command = text.partition(" ")
            name = command.upper().removeprefix("UID ").partition(" ")[0]
            if not self._take_literal(line, text) or not self._say(line, name, tag):
                return
            waiting = tag if name in ("AUTHENTICATE", "IDLE") else ""

    def _take_literal(self, line: socketserver.StreamRequestHandler, text: str) -> bool:
        if announced := _LITERAL.search(text):
            if not announced[2]:
                line.wfile.write(b"+ go on\r\n")
            self.literals.append(line.rfile.read(int(announced[1])))
            line.rfile.readline()
        return True

    def _say(self, line: socketserver.StreamRequestHandler, name: str, tag: str) -> bool:
        """Sends the answer; false when the line is to be closed."""
        planned = self._answers.get(name)
        if planned:
            answer = planned.pop(0) if len(planned) > 1 else planned[0]
        else:
            answer = _OBEDIENT.get(name, "{tag} OK done\r\n")
        before, hang_up, _ = answer.partition(HANG_UP)
        line.wfile.write(before.replace("{tag}", tag).encode("latin-1"))
        line.wfile.flush()
        return not hang_up and name != "LOGOUT"

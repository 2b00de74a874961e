"""A small HTTP(S) server for feeds; what it answers is set per path, what it was asked is kept in `requests`.

::

    with HttpServer() as server:
        server.put("/cal.ics", b"BEGIN:VCALENDAR...", etag='"1"')
        server.redirect("/old.ics", "/cal.ics")
        client.get(server.url("/cal.ics"))
        server.requests[-1].headers["if-none-match"]
"""

from __future__ import annotations

import base64
import gzip
import http.server
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from raincheck.demo.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. `delay` is before the status line, `pause` before each `piece` bytes of the body (seconds).

    `length` is announced instead of the true length: a greater one makes a body that breaks off.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/calendar; charset=utf-8"
    etag: str | None = None
    last_modified: str | None = None
    gzip: bool = False
    login: tuple[str, str] | None = None  # HTTP Basic
    delay: float = 0.0
    pause: float = 0.0
    piece: int = 65536
    length: int | None = None


class HttpServer:
    """One server on a free loopback port; with a certificate it speaks TLS as localhost."""

    def __init__(self, certificate: Certificate | None = None) -> None:
        self.requests: list[Request] = []
        self._answers: dict[str, Answer] = {}
        self._scheme = "https" if certificate else "http"
        self._server = _Server(("127.0.0.1", 0), self._handler())
        if certificate:
            self._server.socket = certificate.server_context().wrap_socket(self._server.socket, server_side=True)
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

    def url(self, path: str) -> str:
        """The full address of a path."""
        return f"{self._scheme}://localhost:{self.port}{path}"

    def put(self, path: str, body: bytes = b"", **answer: object) -> None:
        """Sets what the path answers; keywords as in `Answer`."""
        self._answers[path] = Answer(body, **answer)  # type: ignore[arg-type] # Answer checks the names

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Sends those who ask for the path elsewhere."""
        self._answers[path] = Answer(status=status, headers={"Location": target})

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        requests, answers = self.requests, self._answers

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                requests.append(Request("GET", self.path, headers))
                answer = answers.get(self.path, Answer(b"no such feed", 404, content_type="text/plain"))
                time.sleep(answer.delay)
                if answer.login and headers.get("authorization") != _basic(*answer.login):
                    self._head(401, {"WWW-Authenticate": 'Basic realm="feeds"', "Content-Length": "0"})
                elif _unchanged(answer, headers):
                    self._head(304, _validators(answer))
                else:
                    self._whole(answer)

            def _head(self, status: int, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def _whole(self, answer: Answer) -> None:
                body = gzip.compress(answer.body) if answer.gzip else answer.body
                headers = {
                    "Content-Type": answer.content_type,
                    "Content-Length": str(len(body) if answer.length is None else answer.length),
                    **_validators(answer),
                    **answer.headers,
                }
                self._head(answer.status, headers | ({"Content-Encoding": "gzip"} if answer.gzip else {}))
                for at in range(0, len(body), answer.piece):
                    time.sleep(answer.pause)
                    self.wfile.write(body[at : at + answer.piece])
                if answer.length is not None:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                pass

        return Handler


def _basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def _validators(answer: Answer) -> dict[str, str]:
    found = {"ETag": answer.etag, "Last-Modified": answer.last_modified}
    return {name: value for name, value in found.items() if value is not None}


def _unchanged(answer: Answer, headers: Mapping[str, str]) -> bool:
    if "if-none-match" in headers:
        return headers["if-none-match"] == answer.etag
    return answer.last_modified is not None and headers.get("if-modified-since") == answer.last_modified


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""

"""Reading a mail against plainly parsing it: `python bench/reading.py [FOLDER of .eml]`, default tests/corpus.

Prints milliseconds of processor time a mail (median and worst) for the standard library's compat32 parse, for parsing,
for reading, and the ratio of all of it to compat32; then the worst of some hostile mails. Every mail is read once,
after other mails: what is remembered of one helps the next only as much as it does in the service.
"""

# ruff: noqa: E402 - the folder of this script must leave the path first: calendar.py in it hides the library's

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)

import email
import statistics
import time
from typing import TYPE_CHECKING

from tests.accuracy import UNSEEN
from tests.learning.material import whole_mails

from raincheck import assets
from raincheck.cli.wiring import settle
from raincheck.core.message import parse_message
from raincheck.core.reading import read
from raincheck.core.reading.lexicon import Lexica
from raincheck.core.settings import Me

if TYPE_CHECKING:
    from collections.abc import Callable

ME = Me(name="Alex Kaya", addresses=("alex.kaya@example.net",), timezone="Europe/Berlin", languages=("en", "de"))
HEAD = b"From: x@acme.example\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\nSubject: Interview\r\n\r\n"
FRAGMENTS = (
    "position of ",
    "the ",
    "Aa ",
    "(",
    "1 ",
    "a@b.example ",
    "https://x.example/a ",
    "Engineer ",
    "12:00 ",
    ", ",
)


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e3


def main(folder: Path) -> None:
    """Measures and prints."""
    lexica = Lexica.from_data(assets.reading_data())
    settle()  # as `raincheck run` does
    mails = [path.read_bytes() for path in sorted(folder.rglob("*.eml"))]
    others = [sample.raw for lang in ("en", "de") for sample in whole_mails(lang, UNSEEN)]

    def whole(raw: bytes) -> object:
        return read(parse_message(raw, None, lexica.segments), lexica, ME)

    figures: dict[str, list[float]] = {"compat32": [], "parse": [], "parse and read": []}
    for raw in others:
        whole(raw)
    for raw in mails:
        works: tuple[Callable[[], object], ...] = (
            lambda raw=raw: email.message_from_bytes(raw),
            lambda raw=raw: parse_message(raw, None, lexica.segments),
            lambda raw=raw: whole(raw),
        )
        for name, work in zip(figures, works, strict=True):
            figures[name].append(spent(work))
    base = statistics.median(figures["compat32"])
    for name, values in figures.items():
        middle = statistics.median(values)
        print(f"{name:16} p50 {middle:6.2f} ms   max {max(values):7.2f} ms   {middle / base:6.1f} x compat32")
    worst = max(
        (spent(lambda text=text: whole(HEAD + (text * (65536 // len(text))).encode())), text) for text in FRAGMENTS
    )
    print(f"hostile, 64 kB   max {worst[0]:7.2f} ms   ({worst[1]!r} repeated)")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "tests" / "corpus")

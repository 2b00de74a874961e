"""What commands print for people, and where: as wide as the terminal, and without any width where no terminal is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

SAVE_AS = (
    "Save the mail as it came: in mail clients “Save as” or “Show original”, .eml; .msg and .pdf are other formats."
)
_ENDLESS = 100_000  # columns: no line of ours is longer


@contextmanager
def page() -> Iterator[Console]:
    """A console to print on. In a pipe or a file a line is as long as what it says, so that grep finds it whole."""
    from rich.console import Console

    if sys.stdout.isatty():
        yield Console(highlight=False)
        return
    console = Console(highlight=False, width=_ENDLESS, force_terminal=False)
    with console.capture() as held:
        yield console
    for line in held.get().removesuffix("\n").split("\n"):
        click.echo(line.rstrip(" "))  # columns are filled up with blanks

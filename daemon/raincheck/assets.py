"""The data files that ship with raincheck (rules/, templates/), and the person's own that stand over them.

The core takes their contents as values; this module is the only one that knows where they lie.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


def _root() -> Traversable:
    return files("raincheck")


def reading_data() -> dict[str, dict[str, Any]]:
    """Every table of rules/reading by file stem ("en", "de", "zones", "platforms", ...), parsed."""
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in _files(_root() / "rules" / "reading", ".toml")
    }


def presets() -> dict[str, str]:
    """The text of every ready decision rule by preset name."""
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in _files(_root() / "rules" / "presets", ".toml")
    }


def templates() -> dict[str, str]:
    """The text of every shipped template by name without ending, e.g. "en/decline.agency"."""
    folder = _root() / "templates"
    return {
        f"{language.name}/{file.name.removesuffix('.txt')}": file.read_text("utf-8")
        for language in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if language.is_dir()
        for file in _files(language, ".txt")
    }


def _files(folder: Traversable, ending: str) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from sorted((f for f in folder.iterdir() if f.name.endswith(ending)), key=lambda entry: entry.name)

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
    from pathlib import Path


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


def templates(own: Path | None = None) -> dict[str, str]:
    """The text of every template by name without ending ("en/decline.agency"), and each "en/language" (TOML).

    Files of the same name in the person's own folder stand in place of the shipped ones.
    """
    texts: dict[str, str] = {}
    for folder in (_root() / "templates", own):
        for language in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder and folder.is_dir() else ():
            for file in _files(language, (".txt", "language.toml")):
                texts[f"{language.name}/{file.name.rpartition('.')[0]}"] = file.read_text("utf-8")
    return texts


def _files(folder: Traversable, ending: str | tuple[str, ...]) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from sorted((f for f in folder.iterdir() if f.name.endswith(ending)), key=lambda entry: entry.name)


def folder_names() -> dict[str, tuple[str, ...]]:
    """Names of the special folders ("drafts", "sent", "trash") where LIST tells no attribute."""
    table = tomllib.loads((_root() / "rules" / "folders.toml").read_text("utf-8"))
    return {use: tuple(names) for use, names in table.items()}

"""The data files that ship with raincheck (rules/, templates/), and the person's own that stand over them.

The core takes their contents as values; this module is the only one that knows where they lie.
"""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from raincheck.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path


def _root() -> Traversable:
    return files("raincheck")


def reading_data(own: Path | None = None) -> dict[str, dict[str, Any]]:
    """Every table of rules/reading by file stem ("en", "de", "zones", "platforms", ...), parsed.

    What was learned from labelled mails of a language, or of all (rules/reading/learned), is the table `learned`.

    A file of the same name in the person's own folder adds its tables, and the entries of its lists, to the shipped
    one; a file of another name stands beside them. Raises ConfigError for one that is no TOML.
    """
    data: dict[str, dict[str, Any]] = {}
    for folder in (_root() / "rules" / "reading", own):
        for file in _files(folder, ".toml") if folder else ():
            stem = file.name.removesuffix(".toml")
            data[stem] = _added(data.get(stem, {}), _parsed(file))
    for file in _files(_root() / "rules" / "reading" / "learned", ".json"):
        data.setdefault(file.name.removesuffix(".json"), {})["learned"] = json.loads(file.read_text("utf-8"))
    return data


def _parsed(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(
            Problem(str(file), None, "reading", str(problem), "Mend the file, or remove it.")
        ) from problem


def _added(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    result = dict(shipped)
    for key, value in own.items():
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            result[key] = _added(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            result[key] = [*before, *value]
        else:
            result[key] = value
    return result


def presets() -> dict[str, str]:
    """The text of every ready decision rule by preset name."""
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in _files(_root() / "rules" / "presets", ".toml")
    }


def templates(own: Path | None = None) -> dict[str, str]:
    """The text of every template by name without ending ("en/decline.agency"), and each "en/language" (TOML).

    Files of the same name in the person's own folder stand in place of the shipped ones. Raises ConfigError for one
    that is no UTF-8.
    """
    texts: dict[str, str] = {}
    for folder in (_root() / "templates", own):
        for language in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder and folder.is_dir() else ():
            for file in _files(language, (".txt", "language.toml")):
                texts[f"{language.name}/{file.name.rpartition('.')[0]}"] = _letter(file)
    return texts


def _letter(file: Traversable) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise ConfigError(
            Problem(str(file), None, "template", "it is not written in UTF-8", "Save it as UTF-8.")
        ) from problem


def _files(folder: Traversable, ending: str | tuple[str, ...]) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from sorted((f for f in folder.iterdir() if f.name.endswith(ending)), key=lambda entry: entry.name)


def folder_names() -> dict[str, tuple[str, ...]]:
    """Names of the special folders ("drafts", "sent", "trash") where LIST tells no attribute."""
    table = tomllib.loads((_root() / "rules" / "folders.toml").read_text("utf-8"))
    return {use: tuple(names) for use, names in table.items()}


def providers() -> dict[str, dict[str, Any]]:
    """What mail providers do in ways of their own, by IMAP host: `files_sent`, `stars`."""
    table = tomllib.loads((_root() / "rules" / "providers.toml").read_text("utf-8"))
    return {host: ways for ways in table.values() for host in ways["hosts"]}


def example_config() -> str:
    """The path of the commented example configuration."""
    return str(_root() / "config.example.toml")

"""Ready rules with parameters: `rules/presets/*.toml`.

A preset has [parameters.NAME] tables (`type`, `about`, `default` where there is one) and [[rule]] tables in which a
value "$NAME", and only a whole value, stands for the parameter. Values are replaced, never text inside a text.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from raincheck import assets
from raincheck.config import values
from raincheck.config.values import Wrong, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raincheck.config.rule_tables import Report
    from raincheck.config.toml_lines import Path


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise Wrong(f"{shown(value)} is no number", "Write digits alone, without quotes.")


def _text(value: Any) -> str:
    if isinstance(value, str) and value and not value.startswith("$"):
        return value
    raise Wrong(f"{shown(value)} is no text", 'Write it in quotes: "…".')


def _texts(value: Any) -> list[str]:
    if isinstance(value, list) and value:
        return [_text(item) for item in value]
    raise Wrong(f"{shown(value)} is no list of texts", 'Write it such as ["Berlin", "Potsdam"].')


TYPES: Mapping[str, Callable[[Any], Any]] = {
    "number": _number,
    "text": _text,
    "texts": _texts,
    "date": values.day,
    "phrase": lambda value: value if isinstance(value, dict) else values.phrase(value),
}


def preset_tables(entry: dict[str, Any], path: Path, report: Report) -> list[Any]:
    """The [[rule]] tables of `{ preset = NAME, parameter = value … }`; [] after reporting why not."""
    known = assets.presets()
    name = entry.get("preset")
    if not isinstance(name, str) or name not in known:
        remedy = did_you_mean(str(name), known) or f"Known presets: {', '.join(known)}."
        report.add((*path, "preset"), f"{shown(name)} is no preset", remedy)
        return []
    document = tomllib.loads(known[name])
    parameters: dict[str, Any] = document.get("parameters", {})
    given = {key: value for key, value in entry.items() if key != "preset"}
    chosen: dict[str, Any] = {}
    before = len(report.problems)
    for key in given.keys() - parameters.keys():
        hint = did_you_mean(key, parameters) or f"Its parameters: {', '.join(parameters) or 'none'}."
        report.add((*path, key), f"the preset {name} has no such parameter", hint)
    for key, parameter in parameters.items():
        if key in given:
            chosen[key] = report.attempt((*path, key), TYPES[parameter["type"]], given[key])
        elif "default" in parameter:
            chosen[key] = parameter["default"]
        else:
            about = f"{parameter['about'][:1].upper()}{parameter['about'][1:]}"
            report.add(path, f"the preset {name} needs {key}", f"{about}: write {key} = ….")
    return _filled(document["rule"], chosen) if len(report.problems) == before else []


def _filled(value: Any, chosen: Mapping[str, Any]) -> Any:
    match value:
        case dict():
            return {key: _filled(item, chosen) for key, item in value.items()}
        case list():
            return [_filled(item, chosen) for item in value]
        case str() if value.startswith("$"):
            return chosen[value[1:]]
    return value

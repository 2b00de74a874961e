"""config.toml → Settings. All problems are found before any is told: each with file, line, key and remedy.

The file is `--config`, else $RAINCHECK_CONFIG, else config.toml in the XDG config folder, else in /etc/raincheck.
Relative paths start at that file; "templates" and "reading" beside it hold what the person adds.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_config_path
from pydantic import ValidationError

from raincheck import assets
from raincheck.config.presets import preset_tables
from raincheck.config.rule_tables import Report, dotted, idle_rules, read_rules, unreasoned
from raincheck.config.shapes import DOCUMENT, known_keys
from raincheck.config.toml_lines import key_lines
from raincheck.config.values import Wrong, did_you_mean, shown
from raincheck.core.settings import Account, Availability, Me, OtherSide, Rule, Settings
from raincheck.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_SYSTEM = Path("/etc/raincheck/config.toml")
_MAX_BYTES = 4 * 1024 * 1024
_MAX_INCLUDES = 50
_SEE = "The example config.example.toml shows how it is written."


def load_settings(
    path: Path | None = None, *, environ: Mapping[str, str] = os.environ, today: date | None = None
) -> Settings:
    """The checked configuration. Raises ConfigError with every problem found; `today` is for warnings about dates."""
    return load(find(path, environ), today=today)


def load_availability(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> tuple[Availability, Me]:
    """Only [availability] and [me], both optional; what else stands in the file is not looked at."""
    file = find(path, environ)
    report, document = _parsed(file)
    wanted: dict[str, Any] = {key: document[key] for key in ("me", "availability") if key in document}
    checked = _checked(wanted, report, file.parent)
    _raise(report.problems)
    return _availability(checked), _me(checked)


def found(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file that counts: the one that is named, else the first that is there; None without any."""
    return named(path, environ) or next((place for place in _places(environ) if place.is_file()), None)


def named(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file that --config (`path`) or the environment names; None where neither does."""
    if path is not None:
        return path
    name = environ.get("RAINCHECK_CONFIG")
    return Path(name).expanduser() if name else None


def _places(environ: Mapping[str, str]) -> tuple[Path, Path]:
    home = environ.get("XDG_CONFIG_HOME")
    folder = Path(home) / "raincheck" if home and Path(home).is_absolute() else user_config_path("raincheck")
    return folder / "config.toml", _SYSTEM


def find(path: Path | None, environ: Mapping[str, str]) -> Path:
    """The configuration file that counts. Raises ConfigError when there is none."""
    file = found(path, environ)
    if file is not None:
        return file
    places = _places(environ)
    raise ConfigError(
        Problem(
            str(places[0]),
            None,
            "file",
            f"there is no configuration, here or at {places[1]}",
            f"Copy {assets.example_config()} there, or name a file with --config or $RAINCHECK_CONFIG.",
        )
    )


def load(path: Path, *, today: date | None = None) -> Settings:
    """The configuration in this file, checked. Raises ConfigError with every problem found."""
    report, document = _parsed(path)
    checked = _checked(document, report, path.parent)
    me = _me(checked)
    gathering = _Rules(me.languages[0], report.problems, [path.resolve()])
    rules = gathering.of(document, report, path.parent)
    _raise(report.problems)
    flag_told = "flag" in document.get("approval", {})
    accounts = tuple(
        replace(_at_provider(account, flag_told=flag_told), origin=_place(report, "accounts", account.name))
        for account in checked.get("accounts", ())
    )
    calendars = tuple(
        replace(calendar, origin=_place(report, "calendar", number, "url"))
        for number, calendar in enumerate(checked.get("calendar", ()))
    )
    speechless = languages_without_letters(me, path)
    mute, half_mute = unreasoned(rules, [lang for lang in me.languages if lang not in speechless])
    extra = tuple(a.address for a in accounts if a.address not in me.addresses)
    return Settings(
        me=replace(me, addresses=(*me.addresses, *extra)),
        accounts=accounts,
        calendars=calendars,
        availability=_availability(checked),
        rules=rules,
        warnings=(*idle_rules(rules, today or datetime.now(UTC).astimezone().date()), *mute),
        hints=half_mute,
        template_folder=_beside(path, "templates"),
        reading_folder=_beside(path, "reading"),
        **{key: checked[key] for key in ("approval", "replies", "notes") if key in checked},
    )


def place(path: Path, *key: str | int) -> str:
    """Where a key of a configuration stands, or the nearest table around it, as problems tell it: file:line: key."""
    report, _ = _parsed(path)
    return _place(report, *key)


def _place(report: Report, *key: str | int) -> str:
    line = report.line(key)
    return f"{report.file}:{line}: {dotted(key)}" if line else f"{report.file}: {dotted(key)}"


def _at_provider(account: Account, *, flag_told: bool) -> Account:
    """The account with what its provider does by itself, as far as the person did not say otherwise."""
    ways = assets.providers().get(account.imap.host.lower(), {})
    files_sent = account.sent == "auto" and ways.get("files_sent", False)
    return replace(account, sent="server" if files_sent else account.sent, stars=flag_told or ways.get("stars", True))


def languages_without_letters(me: Me, path: Path) -> tuple[str, ...]:
    """Languages of [me] in which there are no templates, neither shipped ones nor beside the configuration."""
    own = (entry.name for entry in (path.parent / "templates").glob("*") if entry.is_dir())
    known = {name.partition("/")[0].partition("-")[0] for name in (*assets.templates(), *own)}
    return tuple(language for language in me.languages if language not in known)


def _beside(path: Path, name: str) -> str | None:
    folder = path.parent / name
    return str(folder.absolute()) if folder.is_dir() else None


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise ConfigError(*sorted(problems, key=lambda p: (p.file, p.line or 0, p.key)))


# --- from text to checked values ----------------------------------------------------------------------------------


def _parsed(path: Path) -> tuple[Report, dict[str, Any]]:
    """The document and a report that knows its lines. Raises ConfigError when it is no TOML at all."""

    def fail(line: int | None, what: str, remedy: str) -> ConfigError:
        return ConfigError(Problem(str(path), line, "file", what, remedy))

    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as problem:
        raise fail(None, f"it cannot be read ({problem.strerror})", "Check the path and who may read it.") from None
    if len(data) > _MAX_BYTES:
        raise fail(None, "it is larger than 4 MiB", "This does not look like a configuration.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        raise fail(data.count(b"\n", 0, problem.start) + 1, "it is not written in UTF-8", "Save it as UTF-8.") from None
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        what, line = _syntax(str(problem))
        raise fail(line, f"it is not TOML: {what}", "Texts stand in quotes, lists in [ ], tables in { }.") from None
    return Report(str(path), key_lines(text)), document


def _syntax(message: str) -> tuple[str, int | None]:
    what, _, place = message.partition(" (at ")
    digits = "".join(c for c in place.partition(",")[0] if c.isdigit())
    return what[:1].lower() + what[1:], int(digits) if digits else None


def _checked(document: dict[str, Any], report: Report, folder: Path) -> dict[str, Any]:
    """The values by top-level key; what is wrong is reported and missing here."""
    try:
        checked: dict[str, Any] = DOCUMENT.validate_python(document, context={"folder": folder.absolute()})
    except ValidationError as problems:
        wrong: set[object] = set()
        for error in problems.errors(include_url=False, include_input=False):
            path = tuple(error["loc"])
            report.add(path, *_explained(error, path, document))
            wrong.add(path[0] if path else None)
        rest = {key: value for key, value in document.items() if key not in wrong}
        if len(rest) == len(document):
            return {}
        return _checked(rest, Report(report.file, report.lines), folder)
    return checked


def _explained(error: Any, path: tuple[str | int, ...], document: dict[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do about it, in the person's words."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Wrong):
        return cause.what, cause.remedy
    match error["type"]:
        case "extra_forbidden":
            known = known_keys(path[:-1])
            return "unknown key", did_you_mean(str(path[-1]), known) or f"Known here: {', '.join(known)}."
        case "missing":
            return "it is missing", f"Write {path[-1]} = …. {_SEE}"
        case "literal_error":
            return f"{shown(_at(document, path))} is not possible", f"Write {context['expected']}."
        case "string_type" | "bool_type" | "int_type" | "list_type" | "dict_type" | "typed_dict_type" as kind:
            return f"it must be {_TYPES[kind]}", f"Write {_EXAMPLES[kind]}."
        case "greater_than_equal" | "less_than_equal":
            limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
            return f"{shown(_at(document, path))} is out of range", f"Write {limit}."
        case "too_short" | "string_too_short":
            return "it is empty", f"Write at least one entry. {_SEE}"
        case _:
            return str(error["msg"])[:1].lower() + str(error["msg"])[1:], _SEE


_TYPES = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a table",
    "typed_dict_type": "a table",
}
_EXAMPLES = {
    "string_type": 'it in quotes: "…"',
    "bool_type": "true or false, without quotes",
    "int_type": "digits alone, without quotes",
    "list_type": 'it in brackets: ["…"]',
    "dict_type": "it as a table: { … }",
    "typed_dict_type": "it as a table: { … }",
}


def _at(document: Any, path: tuple[str | int, ...]) -> object:
    for part in path:
        document = document[part]
    return document


def _me(checked: dict[str, Any]) -> Me:
    return Me(**checked.get("me", {}))


def _availability(checked: dict[str, Any]) -> Availability:
    me = _me(checked)
    table = {"timezone": me.timezone, "country": me.country, **checked.get("availability", {})}
    if "other_side" in table:
        table["other_side"] = OtherSide(**{"timezone": table["timezone"], **table["other_side"]})
    return Availability(**table)


# --- rules, included files and presets ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Rules:
    """Gathers rules from a file and all that it includes, in order."""

    language: str
    problems: list[Problem]
    open_files: list[Path]
    count: list[Path] = field(default_factory=list)

    def of(self, document: dict[str, Any], report: Report, folder: Path) -> tuple[Rule, ...]:
        """The file's own rules, then the included ones."""
        rules = read_rules(document["rule"], report, self.language) if "rule" in document else ()
        included = document.get("include", [])
        if not isinstance(included, list):
            return rules  # reported with the other types
        for n, entry in enumerate(included):
            rules += self._included(entry, ("include", n), report, folder)
        return rules

    def _included(self, entry: Any, path: tuple[str | int, ...], report: Report, folder: Path) -> tuple[Rule, ...]:
        if isinstance(entry, dict):
            tables = preset_tables(entry, path, report)
            inside = Report(report.file, report.lines, report.problems, preset=path)
            rules = read_rules(tables, inside, self.language)
            return tuple(replace(rule, origin=f"{rule.origin} (preset {entry.get('preset')})") for rule in rules)
        if not isinstance(entry, str) or not entry:
            remedy = 'Write "my-rules.toml" or { preset = "salary-floor", amount = 70000 }.'
            report.add(path, "it names neither a file nor a preset", remedy)
            return ()
        file = Path(folder, Path(entry).expanduser())
        if obstacle := self._obstacle(file):
            report.add(path, *obstacle)
            return ()
        return self._file(file)

    def _obstacle(self, file: Path) -> tuple[str, str] | None:
        if not file.is_file():
            return f"there is no file {file}", "Relative paths start at the file that includes."
        if file.resolve() in self.open_files:
            return f"{file.name} includes itself", "Take one of the include entries out."
        if len(self.count) >= _MAX_INCLUDES:
            return f"more than {_MAX_INCLUDES} files are included", "Join some of them."
        return None

    def _file(self, file: Path) -> tuple[Rule, ...]:
        try:
            report, document = _parsed(file)
        except ConfigError as problem:
            self.problems += problem.problems
            return ()
        report.problems = self.problems
        for key in document:
            if key not in ("rule", "include"):
                report.add((key,), "an included file holds rules alone", "Move it to config.toml.")
        self.count.append(file)
        self.open_files.append(file.resolve())
        rules = self.of(document, report, file.parent)
        self.open_files.pop()
        return rules

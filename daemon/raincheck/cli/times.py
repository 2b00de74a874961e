"""`raincheck times`: JSON lines in, JSON lines out; the times that each text proposes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from raincheck import assets
from raincheck.core.reading.times import TimeContext, TimeSpan, find_times
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.reading.zones import ZoneTable, load_zone
from raincheck.errors import RaincheckError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIKE = """it looks like {"id": 1, "text": "Tuesday at 14:00"}"""
_EARLIEST, _LATEST = 1000, 9000  # years; at the ends of the calendar, reckoning to the next one fails


class _Reader:
    """The shipped lexicons, compiled once for each language."""

    def __init__(self) -> None:
        data = assets.reading_data()
        self.tables: dict[str, Mapping[str, Any]] = {lang: t["times"] for lang, t in data.items() if "times" in t}
        self.zones = ZoneTable.from_data(data)
        self.compiled: dict[str, TimeWords] = {}

    def words(self, lang: str) -> TimeWords:
        """Words of that language, then English; English alone for a language without lexicon."""
        if lang not in self.compiled:
            names = [name for name in dict.fromkeys((lang, "en")) if name in self.tables]
            self.compiled[lang] = TimeWords.from_tables(*((name, self.tables[name]) for name in names))
        return self.compiled[lang]

    def language(self, text: str) -> str:
        """The language with most time words in the text."""
        return max(self.tables, key=lambda lang: (self._own(lang).score(text), lang == "en"))

    def _own(self, lang: str) -> TimeWords:
        key = f"={lang}"
        if key not in self.compiled:
            self.compiled[key] = TimeWords.from_tables((lang, self.tables[lang]))
        return self.compiled[key]


@click.command(
    "times",
    epilog="""\b
Example:
  echo '{"id":1,"text":"Tue at 14:00","reference":"2026-11-23T09:00+01:00"}' | raincheck times""",
)
@click.argument("source", default="-")
def command(source: str) -> None:
    """Finds the times that texts propose: one JSON object a line in, one a line out.

    In: id, text, reference (ISO with offset: when the text was written), and where wanted tz (IANA, ±HH:MM or UTC,
    which is the default), lang (two letters or null) and date_order (DMY, MDY or null). Out: id and spans; a line that
    cannot be read has no spans and an error.
    """
    reader = _Reader()
    try:
        lines = click.open_file(source, encoding="utf-8", errors="replace")
    except OSError as problem:
        remedy = f"Name a file with a JSON object a line, or - for standard input; {_LIKE}."
        raise RaincheckError(f"{problem.strerror}: {source}. {remedy}") from problem
    with lines:
        for line in lines:
            if line.strip():
                click.echo(json.dumps(_answer(line, reader), ensure_ascii=False))


def _answer(line: str, reader: _Reader) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as problem:
        return {"id": None, "spans": [], "error": f"not a JSON line: {problem}; {_LIKE}"}
    if not isinstance(request, dict):
        return {"id": None, "spans": [], "error": f"not a JSON object with id and text; {_LIKE}"}
    identity = request.get("id")
    try:
        text = _text(request.get("text"))
        spans = find_times(text, _context(request, text, reader))
    except ValueError as problem:
        return {"id": identity, "spans": [], "error": str(problem)}
    return {"id": identity, "spans": [_as_json(span) for span in spans]}


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise ValueError(f"text: {json.dumps(value)[:80]} is no text; {_LIKE}")


def _context(request: Mapping[str, Any], text: str, reader: _Reader) -> TimeContext:
    tz = str(request.get("tz") or "UTC")
    zone = load_zone(tz)
    if zone is None:
        raise ValueError(f"tz: no time zone {tz!r}; use an IANA name, ±HH:MM or UTC")
    reference = _reference(request.get("reference"))
    lang, _, region = str(request.get("lang") or "").replace("_", "-").partition("-")
    lang = lang.lower() or reader.language(text)
    order = request.get("date_order")
    return TimeContext(
        reference=(reference if reference.tzinfo else reference.replace(tzinfo=zone)).astimezone(
            reference.tzinfo or UTC
        ),
        tz=tz,
        words=reader.words(lang),
        zones=reader.zones,
        lang=lang,
        date_order=order if order in ("DMY", "MDY") else None,
        region=region.upper() or None,
    )


def _reference(value: object) -> datetime:
    """The time from which relative words count; it has no default, since "tomorrow" means nothing without it."""
    remedy = 'write when the text was written, with offset, such as "2026-11-23T09:00:00+01:00"'
    if value is None:
        raise ValueError(f"reference: it is missing; {remedy}")
    try:
        reference = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f"reference: {json.dumps(value)[:80]} is no ISO time; {remedy}") from None
    if not _EARLIEST <= reference.year <= _LATEST:
        raise ValueError(f"reference: the year {reference.year} is out of range; {remedy}")
    return reference


def _as_json(span: TimeSpan) -> dict[str, Any]:
    return {
        "start": span.start.isoformat(),
        "end": span.end.isoformat() if span.end else None,
        "kind": span.kind,
        "text": span.text,
        "from": span.from_,
        "to": span.to,
        "zone": span.zone,
        "sure": span.sure,
        "alternatives": [
            {"start": start.isoformat(), "end": end.isoformat() if end else None} for start, end in span.alternatives
        ],
    }

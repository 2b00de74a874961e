"""`raincheck invite`: the calendar part of a mail."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from raincheck.cli.configuration import config_option, person
from raincheck.cli.page import SAVE_AS, page
from raincheck.errors import Unreadable

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.model import CalendarPart, SchedulingRequest


@click.command(
    epilog="""\b
Examples:
  raincheck invite --eml invitation.eml --me me@example.net
  raincheck invite --eml invitation.eml --json | jq .start
"""
)
@click.option("--eml", type=click.Path(path_type=Path), required=True, help="A mail (RFC 5322), or a bare .ics file.")
@click.option("--me", multiple=True, help="Your address, to tell your own answer; default: [me] addresses.")
@config_option("Your config.toml: who you are")
@click.option("--json", "machine", is_flag=True, help="For programs.")
def command(eml: Path, me: tuple[str, ...], config: Path | None, machine: bool) -> int:
    """Shows what the calendar part of a mail says; exit code 1 when there is none."""
    from raincheck.core.itip import parse_scheduling

    try:
        request = parse_scheduling(_calendar_parts(eml.read_bytes()), me or person(config).addresses)
    except Unreadable as problem:
        raise Unreadable(f"{eml}: {problem} {SAVE_AS}") from None
    if machine:
        click.echo(json.dumps(as_json(request) if request else None, ensure_ascii=False))
    elif request is None:
        told = f"{eml}: there is no calendar part in it that can be read"
        click.echo(f"raincheck: {told}; `raincheck explain {shlex.quote(str(eml))}` reads its text.", err=True)
    else:
        _show(as_json(request))
    return 0 if request else 1


def _calendar_parts(raw: bytes) -> tuple[CalendarPart, ...]:
    from raincheck.core.message import parse_message
    from raincheck.core.model import CalendarPart

    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR":
        return (CalendarPart(raw),)
    return parse_message(raw).calendar_parts


def as_json(request: SchedulingRequest) -> dict[str, Any]:
    """The contract's keys; null where the invitation does not say."""
    return {
        "method": request.method,
        "uid": request.uid,
        "sequence": request.sequence,
        "is_update": request.is_update,
        "start": _time(request.start, request),
        "end": _time(request.end, request),
        "tz": request.tz,
        "all_day": request.all_day,
        "recurring": request.recurring,
        "recurrence_id": request.recurrence_id,
        "organizer": request.organizer.addr_spec or None if request.organizer else None,
        "attendees": [attendee.address.addr_spec for attendee in request.attendees],
        "summary": request.summary,
        "location": request.location,
        "conference_url": request.conference_url,
        "status": request.status,
        "my_partstat": request.my_partstat,
    }


def _time(moment: datetime | None, request: SchedulingRequest) -> str | None:
    """A date for all-day events, a clock reading for floating times, else ISO with offset."""
    if moment is None:
        return None
    if request.all_day:
        return moment.date().isoformat()
    return (moment.replace(tzinfo=None) if request.floating else moment).isoformat()


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False)
    for key, value in found.items():
        if value in (None, [], False):
            continue
        table.add_row(key.replace("_", " "), Text(", ".join(value) if isinstance(value, list) else str(value)))
    with page() as console:
        console.print(table)

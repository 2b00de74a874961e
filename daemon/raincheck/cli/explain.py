"""`raincheck explain`: what is read in a mail, with the words it rests on."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from raincheck.cli.busy import Moment, in_zone
from raincheck.cli.configuration import named
from raincheck.cli.page import SAVE_AS, page
from raincheck.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from raincheck.core.model import Kind, Message, Reading, Slot
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Calendar, Me
    from raincheck.ports import CalendarSource

MAX_BYTES = 64 * 1024 * 1024  # of one file; mails are cut far below that when they are read

_NAMES = {
    "role": "Role", "company": "Company", "contact": "Contact", "reply_to": "Answer to", "agency": "Agency",
    "stage": "Stage", "format": "Format", "location": "Place", "url": "Video room", "scheduling_link": "Booking link",
    "phone": "Phone", "duration_minutes": "Minutes", "reply_by": "Answer by", "salary": "Salary", "remote": "Remote",
    "seniority": "Level", "skills": "Skills", "lang": "Language",
}  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  raincheck explain invitation.eml
  raincheck explain --config config.toml invitation.eml     also the decision, its rule and the letter
  raincheck explain --json *.eml | jq -c '[.file, .kind, .company]'
  raincheck explain - < invitation.eml
  raincheck explain --now 2026-12-01T09:00:00+01:00 invitation.eml
"""
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "machine", is_flag=True, help="One JSON object a line, for programs.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Your config.toml: who you are, rules, calendars (which are fetched); default: $RAINCHECK_CONFIG, else none.",
)
@click.option(
    "--now",
    type=Moment(),
    help="Count relative dates from this time instead of the mail's Date; without an offset in your zone, else UTC.",
)
def command(files: tuple[str, ...], machine: bool, config: Path | None, now: datetime | None) -> int:
    """Shows what raincheck reads in mails (RFC 5322 files, - for standard input), and with --config also what it would
    decide and write, by your rules, calendars and cases. Writes nothing."""
    config = named(config)  # not one that is only found: its calendars are fetched and its secrets asked for
    lexica, me = _reader(config)
    now = in_zone(now, ZoneInfo(me.timezone if me else "UTC")) if now is not None else None
    rehearse, troubles = _rehearsal(config, lexica) if config else (None, None)
    missing = 0
    for name in files:
        raw = _bytes(name)
        if raw is None:
            missing += 1
            continue
        found = _explained(name, raw, lexica, me, now)
        if rehearse is not None and found[1] is not None and found[2] is not None:
            found[0].update(rehearse(found[2], found[1], now))
        if machine:
            click.echo(json.dumps(found[0], ensure_ascii=False))
        else:
            _show(name, *found)
    for trouble in troubles() if troubles else ():
        click.echo(f"raincheck: {trouble}", err=True)
    return 1 if missing else 0


def _reader(config: Path | None) -> tuple[Lexica, Me | None]:
    """The words to read with, and who the person is, where a configuration tells."""
    from raincheck import assets
    from raincheck.core.reading.lexicon import Lexica

    if config is None:
        return Lexica.from_data(assets.reading_data()), None
    from raincheck.config import load

    settings = load(config)
    own = Path(settings.reading_folder) if settings.reading_folder else None
    return Lexica.from_data(assets.reading_data(own)), settings.me


def _rehearsal(
    config: Path, lexica: Lexica
) -> tuple[Callable[[Message, Reading, datetime | None], dict[str, Any]], Callable[[], Iterator[str]]]:
    """What would be decided and written, by rules, feeds and ledger: the dry run of the service, without an effect;
    and which calendars were found ill in it."""
    from raincheck import assets
    from raincheck.adapters.ledger import SqliteLedger
    from raincheck.cli.wiring import feeds, ledger_for_reading
    from raincheck.cli.wiring import now as clock
    from raincheck.config import load_settings
    from raincheck.core.reading.report import plan_json
    from raincheck.service.rehearsal import Stage, rehearse

    settings = load_settings(config, environ=os.environ)
    stage = Stage(
        settings=settings,
        lexica=lexica,
        templates=assets.templates(Path(settings.template_folder) if settings.template_folder else None),
        calendars=feeds(settings, None),
        ledger=ledger_for_reading(os.environ) or SqliteLedger(None),
        account=settings.accounts[0].name if settings.accounts else "",
    )

    def rehearsed(message: Message, reading: Reading, given: datetime | None) -> dict[str, Any]:
        return plan_json(rehearse(stage, message, reading, given or message.date or clock()))

    return rehearsed, lambda: _ill(settings.calendars, stage.calendars)


def _ill(calendars: Sequence[Calendar], source: CalendarSource) -> Iterator[str]:
    """A sentence for each calendar that was asked and could not be trusted, with what to do and where."""
    from raincheck.cli.remedies import for_calendar, located

    for calendar, health in zip(calendars, source.health(), strict=True):
        if health.detail and not health.ok:
            told = located(calendar, health.detail).rstrip(".")
            yield f"calendar {health.name}: {told}. {for_calendar(calendar, health.detail)}"


def _bytes(name: str) -> bytes | None:
    """The file's bytes; None, with a word on stderr, when it cannot be had."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES)
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError as problem:
        remedy = f"; name the mails in it: {name}/*.eml" if isinstance(problem, IsADirectoryError) else ""
        click.echo(f"raincheck: {problem.strerror or problem}: {name}{remedy}", err=True)
        return None


def _explained(
    name: str, raw: bytes, lexica: Lexica, me: Me | None, now: datetime | None
) -> tuple[dict[str, Any], Reading | None, Message | None]:
    """The machine's view, with what it was made from (None for an unreadable mail)."""
    from raincheck.core.message import parse_message
    from raincheck.core.reading import read
    from raincheck.core.reading.report import reading_json

    try:
        message = parse_message(raw, None, lexica.segments)
    except Unreadable as problem:
        return {"file": name, "error": str(problem)}, None, None
    reading = read(message, lexica, me or _addressee(message), now=now)
    return {"file": name, **reading_json(reading)}, reading, message


def _addressee(message: Message) -> Me:
    """Without a configuration the person is whom the mail was sent to."""
    from raincheck.core.settings import Me

    to = message.to[0] if len(message.to) == 1 else None
    if to is None:
        return Me()
    return Me(name=to.display_name, addresses=(to.addr_spec.lower(),))


# --- for people ---------------------------------------------------------------------------------------------------


def _show(name: str, found: dict[str, Any], reading: Reading | None, message: Message | None) -> None:
    from rich.text import Text

    with page() as console:
        if reading is None or message is None:
            console.print(Text(f"{name}: not read. {found['error']}", style="red"))
            console.print(Text(f"{SAVE_AS}\n"))
            return
        _show_read(console, name, found, reading, message)
        if "decision" in found:
            _show_plan(console, found["decision"], found["reply"])
        console.print()


def _show_read(console: Console, name: str, found: dict[str, Any], reading: Reading, message: Message) -> None:
    from rich.text import Text

    sender = message.from_.display_name or message.from_.addr_spec if message.from_ else "unknown sender"
    console.print(Text.assemble((message.subject or "(no subject)", "bold"), "\n", (f"{sender} · {name}", "dim")))
    if message.from_ is None and message.date is None:
        console.print(Text(f"It has neither From nor Date, so it is hardly a whole mail. {SAVE_AS}", style="yellow"))
    console.print(_verdict(reading))
    console.print(_fields(found))
    for line in _times(reading):
        console.print(Text(line))
    for doubt in reading.unsure:
        between = f": {' or '.join(doubt.candidates)}" if doubt.candidates else ""
        console.print(Text(f"Unsure about {doubt.field}: {doubt.why}{between}", style="yellow"))


def _show_plan(console: Console, decision: dict[str, Any], reply: dict[str, Any] | None) -> None:
    from rich.panel import Panel
    from rich.text import Text

    rule = f" (rule “{decision['rule']}”)" if decision["rule"] else ""
    console.print(Text.assemble("Decision: ", (decision["outcome"], "bold"), f": {decision['reason']}{rule}"))
    for step in decision["trace"]:
        console.print(Text(f"  {'→' if step['hit'] else '·'} {step['step']}: {step['detail']}", style="dim"))
    if reply is None:
        return
    title = f"to {', '.join(reply['to'])}: {reply['subject']}"
    if console.is_terminal:
        console.print(Panel(Text(reply["body"]), title=Text(title), title_align="left", border_style="green"))
    else:  # a box would be as wide as the longest paragraph
        console.print(Text(f"Letter {title}\n"))
        console.print(Text("\n".join(f"  {line}" for line in reply["body"].split("\n"))))


def _verdict(reading: Reading) -> Text:
    """What the mail is, or that nobody knows."""
    from rich.text import Text

    if reading.not_understood:
        return Text("This mail was not understood. Look at it yourself.", style="bold yellow")
    if reading.may_ask:
        return Text("It is not clear whether this mail asks for an answer. Look at it yourself.", style="bold yellow")
    asks = "asks for an answer" if reading.actionable else "needs no answer about a time"
    return Text.assemble("This is ", (_a(reading.kind), "bold green"), f": it {asks} ({reading.confidence:.0%} sure).")


def _a(kind: Kind) -> str:
    """The kind with its article."""
    words = kind.value.replace("_", " ")
    if words == "other":
        return "another kind of mail"
    return f"an {words}" if words[0] in "aeio" else f"a {words}"


def _fields(found: dict[str, Any]) -> Table:
    """Every field that the mail states, with the words it rests on."""
    from rich.table import Table
    from rich.text import Text

    quotes: dict[str, tuple[str, str]] = {}
    for item in found["evidence"]:
        quotes.setdefault(item["field"], (" ".join(item["quote"].split()), item["source"]))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    for field, title in _NAMES.items():
        value = found[field]
        if value in (None, []):
            continue
        quote, source = quotes.get(field, ("", ""))
        words = f"“{quote[:70]}…” {source}" if len(quote) > 70 else f"“{quote}” {source}" if quote else ""
        table.add_row(title, Text(_said(value)), Text(words))
    return table


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return " ".join(
            str(part)
            for part in (value["amount"], value["currency"], value["period"] and f"a {value['period']}")
            if part
        )
    return str(value)


def _times(reading: Reading) -> Iterator[str]:
    named = {
        "Time": reading.slots,
        "Between": reading.windows,
        "Asked for": reading.periods,
        "Instead of": reading.previous_slots,
    }
    for title, slots in named.items():
        for slot in slots:
            yield f"{title}: {_span(slot)}"


def _span(slot: Slot) -> str:
    """A time on the sender's clock; whole days as days, since midnight is no hour that anybody proposes."""
    if days := slot.whole_days():
        first, last = (f"{day:%a %d %b %Y}" for day in days)
        return first if first == last else f"{first} – {last}"
    said = f"{slot.start:%a %d %b %Y %H:%M}"
    if slot.end is not None:
        same = slot.end.date() == slot.start.date()
        said += f"–{slot.end:%H:%M}" if same else f" – {slot.end:%a %d %b %Y %H:%M}"
    return f"{said} {slot.start:%Z}".rstrip()

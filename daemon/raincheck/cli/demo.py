"""`raincheck demo`: the main job on this machine, with nothing to set up."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from raincheck.core.counted import counted
from raincheck.errors import RaincheckError

if TYPE_CHECKING:
    from rich.console import Console

    from raincheck.cli.wiring import Workshop
    from raincheck.demo.play import Scene
    from raincheck.demo.stage import Stage


@click.command(
    epilog="""\b
Examples:
  raincheck demo                   look at it, then connect your mail client and approve a draft
  raincheck demo --once            approve one by itself, print the result, end
  raincheck demo --json            the same for programs"""
)
@click.option("--once", is_flag=True, help="Approve one draft by itself, print the result and end.")
@click.option("--json", "as_json", is_flag=True, help="The same as --once, told as one JSON object.")
def command(once: bool, as_json: bool) -> int:
    """Shows the main job: mail comes in, is understood and decided, and answers wait in Drafts.

    Servers, mails and calendar are made for the demo and listen on this machine alone; nothing leaves it.
    """
    try:
        from raincheck.demo.stage import stage
    except ModuleNotFoundError as problem:
        raise RaincheckError(
            f"the demo needs the extra `demo` ({problem.name} is missing). "
            "In the source folder: pipx install --force '.[demo]', or in a virtual environment: pip install '.[demo]'"
        ) from problem
    begun = time.monotonic()
    ends = once or as_json  # a program waits for its object, and connects no mail client
    with stage(datetime.now(UTC), undo="0s" if ends else "20s") as scene_of_action:
        return _once(scene_of_action, begun, as_json) if ends else _stay(scene_of_action)


def _workshop(stage: Stage) -> Workshop:
    from raincheck.cli.wiring import Workshop
    from raincheck.config import load_settings

    state = stage.folder / "state"
    state.mkdir(mode=0o700, exist_ok=True)
    return Workshop.open(load_settings(stage.config, environ={}), state)


def _once(stage: Stage, begun: float, as_json: bool) -> int:
    from raincheck.demo import play
    from raincheck.service import mailpass

    workshop = _workshop(stage)
    session = workshop.session(workshop.settings.accounts[0])
    try:
        mailpass.run(session)
        shown = list(play.scenes(session))
        written = len(session.mail.uids(session.drafts))
        if not as_json:
            _tell(_console(), stage, shown)
        play.approve_one(stage, session)
        result = play.count(stage, session, shown, written, time.monotonic() - begun)
    except (AssertionError, TimeoutError) as problem:
        raise RaincheckError(f"the demo did not come out as it should: {problem}") from problem
    finally:
        session.mail.close()
        session.ledger.close()
    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        _tell_sent(_console(), stage, result.sent)
    return 0


def _stay(stage: Stage) -> int:
    """Shows the inbox and keeps the service running, so that a mail client can connect and approve."""
    from raincheck.demo import play
    from raincheck.schedule import Worker, serve
    from raincheck.service import mailpass

    console = _console()
    workshop = _workshop(stage)
    account = workshop.settings.accounts[0]
    session = workshop.session(account)
    try:
        with console.status("reading the mail …"):
            mailpass.run(session)
        _tell(console, stage, list(play.scenes(session)))
    finally:
        session.mail.close()
        session.ledger.close()
    _invite(console, stage)
    worker = Worker(account.name, lambda beat: workshop.session(account, beat))
    asyncio.run(serve([worker], workshop.settings, workshop.feeds.refresh, lambda: None))
    if stage.sink.messages:
        _tell_sent(console, stage, len(stage.sink.messages))
    return 0


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(highlight=False, soft_wrap=False, width=width)


# --- telling ------------------------------------------------------------------------------------------------------


def _tell(console: Console, stage: Stage, shown: list[Scene]) -> None:
    from rich.panel import Panel
    from rich.rule import Rule
    from rich.text import Text

    console.print(
        Text.assemble(
            ("raincheck", "bold cyan"),
            f" reads {counted(len(shown), 'new mail')} on a {stage.server} server, as the service would.",
        )
    )
    for number, scene in enumerate(shown, 1):
        sender = scene.message.from_
        who = f"{sender.display_name} <{sender.addr_spec}>" if sender else "unknown"
        console.print()
        console.print(Rule(Text(f"{number}. {scene.message.subject}", "bold"), align="left", style="cyan"))
        console.print(Text.assemble(("from  ", "dim"), who))
        _tell_understood(console, scene)
        _tell_decided(console, scene)
        if scene.letter:
            console.print(Panel(Text(scene.letter), title="in Drafts", title_align="left", border_style="green"))


def _tell_understood(console: Console, scene: Scene) -> None:
    from rich.table import Table
    from rich.text import Text

    reading = scene.reading
    if reading.may_ask:
        console.print(Text.assemble(("read  ", "dim"), "not clear whether it asks for an answer: left to you"))
        return
    if not reading.actionable:
        console.print(Text.assemble(("read  ", "dim"), f"{reading.kind.value}: nothing to answer"))
        return
    console.print(Text.assemble(("read  ", "dim"), (reading.kind.value, "bold"), f" ({reading.confidence:.0%})"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 6))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_column(style="italic dim")
    quotes = {evidence.field: evidence.quote for evidence in reversed(reading.evidence)}
    for field in ("role", "company", "contact", "format", "slots", "reply_by"):
        value = getattr(reading, field)
        if value:
            said = ", ".join(f"{slot.start:%a %d %b %H:%M %Z}" for slot in value) if field == "slots" else str(value)
            quote = " ".join(quotes.get(field, "").split())
            table.add_row(field.replace("_", " "), said, f"“{quote[:60]}”" if quote else "")
    console.print(table)


def _tell_decided(console: Console, scene: Scene) -> None:
    from rich.text import Text

    case = scene.case
    if case is None or case.outcome is None:
        console.print(Text.assemble(("done  ", "dim"), "left alone"))
        return
    colour = {"decline": "red", "leave": "yellow"}.get(case.outcome.value, "green")
    rule = f" (rule “{case.rule}”)" if case.rule else ""
    console.print(Text.assemble(("done  ", "dim"), (case.outcome.value, f"bold {colour}"), f": {case.reason}{rule}"))


def _invite(console: Console, stage: Stage) -> None:
    from rich.panel import Panel

    console.print()
    console.print(
        Panel(
            f"Connect a mail client and approve a draft: star it, or move it to Raincheck/Approved.\n\n"
            f"  IMAP  127.0.0.1, port {stage.imap_port}, no TLS\n"
            f"  SMTP  127.0.0.1, port {stage.sink.port}, no TLS\n"
            f"  login robin, password {stage.password}\n\n"
            "It is sent 20 seconds later, unless you take the star away. Nothing leaves this machine. Ctrl-C ends it.",
            title="your turn",
            title_align="left",
            border_style="cyan",
        )
    )


def _tell_sent(console: Console, stage: Stage, sent: int) -> None:
    from rich.text import Text

    recipients = ", ".join(address for mail in stage.sink.messages for address in mail.recipients)
    console.print()
    console.print(
        Text.assemble(
            ("approved  ", "dim"), f"starred drafts were sent: {sent}, to {recipients}; the copies are filed in Sent."
        )
    )

"""`raincheck status`: cases, drafts, holds, clocks and health."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from raincheck.cli.caseargument import case_argument
from raincheck.cli.configuration import config_option
from raincheck.cli.page import page
from raincheck.cli.remedies import told_of
from raincheck.cli.wiring import Workshop, feeds, now, state_folder
from raincheck.config import load_settings
from raincheck.core.counted import counted
from raincheck.core.model import OPEN_DRAFT_STATES, CaseState
from raincheck.service import hand
from raincheck.service.cases import part_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from raincheck.core.model import Case, Hold
    from raincheck.core.settings import Account, Settings
    from raincheck.ports import FeedHealth, Ledger

_WAITING = OPEN_DRAFT_STATES | {CaseState.LEFT, CaseState.UNCERTAIN}


@click.command(
    epilog="""\b
Examples:
  raincheck status                 what waits for you, and how everything is
  raincheck status c3f9a1          one case: its history and the trace of its decision
  raincheck status --json          for programs; exit code 1 when something is unhealthy"""
)
@case_argument(required=False)
@config_option()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(case_id: str | None, config: Path | None, as_json: bool) -> int:
    """Shows cases, drafts, held times, deadlines, and the health of connections and calendars."""
    settings = load_settings(config, environ=os.environ)
    state = state_folder(os.environ)
    ledger = Workshop.open(settings, state).ledger()
    try:
        report = collect(ledger, settings, state, case_id)
        if as_json:
            click.echo(json.dumps(report, ensure_ascii=False))
        elif case_id:
            _show_case(ledger, report["cases"][0], ZoneInfo(settings.me.timezone))
        else:
            if hand.paused(ledger):
                click.echo("Paused: nothing is read, drafted or sent until `raincheck resume`.")
            _show(report, ZoneInfo(settings.me.timezone))
    finally:
        ledger.close()
    return 0 if report["healthy"] else 1


def collect(ledger: Ledger, settings: Settings, state: Path, case_id: str | None = None) -> dict[str, Any]:
    """Everything that `status --json` prints. Raises RaincheckError for a case that is not there."""
    cases: Sequence[Case] = ledger.cases()
    if case_id is not None:
        cases = [hand.find(ledger, case_id)]
    holds = [hold for hold in ledger.holds() if hold.expires > now()]
    accounts = [_account(ledger, account) for account in settings.accounts]
    calendars = [_calendar(health) for health in feeds(settings, state / "calendars").health()]
    uncertain = any(case.state is CaseState.UNCERTAIN for case in cases)
    return {
        "cases": [_case(ledger, case, holds) for case in cases],
        "accounts": accounts,
        "calendars": calendars,
        "healthy": all(part["ok"] for part in (*accounts, *calendars)) and not uncertain,
    }


def _case(ledger: Ledger, case: Case, holds: Sequence[Hold]) -> dict[str, Any]:
    entry = ledger.entry(case.id) if case.state in OPEN_DRAFT_STATES else None
    place = entry.approved_ref or entry.appended if entry else None
    return {
        "id": case.id,
        "state": case.state.value,
        "outcome": case.outcome.value if case.outcome else None,
        "company": case.company,
        "role": case.role,
        "contact": case.contact,
        "draft": {
            "folder": place.mailbox if place else entry.mailbox,
            "uid": place.uid if place else entry.uid,
            "message_id": entry.message_id,
        }
        if entry
        else None,
        "deadline": case.deadline.isoformat() if case.deadline else None,
        "holds": [
            {"start": hold.period.start.isoformat(), "end": hold.period.end.isoformat(), "firm": hold.firm}
            for hold in holds
            if hold.case == case.id
        ],
    }


def _account(ledger: Ledger, account: Account) -> dict[str, Any]:
    health = next((h for h in ledger.health() if h.name == part_of(account.name)), None)
    return {
        "name": account.name,
        "ok": bool(health and health.ok),
        "last_pass": ledger.value(f"last_pass:{account.name}"),
        "detail": told_of((account,), health) if health else "no pass yet; start the service or `raincheck run --once`",
    }


def _calendar(health: FeedHealth) -> dict[str, Any]:
    return {
        "name": health.name,
        "ok": health.ok,
        "age_seconds": health.age_seconds,
        "events": health.events,
        "detail": health.detail or ("" if health.ok else f"{health.state}; `raincheck check` says why and what to do"),
    }


# --- for people ---------------------------------------------------------------------------------------------------


def _local(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}"


def _show(report: dict[str, Any], zone: ZoneInfo) -> None:
    """zone: the person's, in which everything is told; --json tells UTC."""
    from rich.table import Table

    waiting = [case for case in report["cases"] if case["state"] in _WAITING]
    cases = counted(len(report["cases"]), "case")
    wait = "waits" if len(waiting) == 1 else "wait"
    table = Table(title=f"{len(waiting)} of {cases} {wait} for you", title_justify="left", box=None)
    for column in ("case", "state", "outcome", "company", "role", "contact", "answer by", "held"):
        table.add_column(column, overflow="fold")
    for case in waiting:
        deadline = _local(case["deadline"], zone) if case["deadline"] else ""
        names = (case[key] or "-" for key in ("company", "role", "contact"))
        held = "\n".join(_local(hold["start"], zone) for hold in case["holds"])
        table.add_row(case["id"], case["state"], case["outcome"] or "-", *names, deadline, held)
    with page() as console:
        if waiting:
            console.print(table)
        else:
            console.print(f"Nothing waits for you; {cases} in all.")
        for kind in ("accounts", "calendars"):
            for part in report[kind]:
                mark = "[green]ok[/]" if part["ok"] else "[red]ill[/]"
                console.print(f"{mark}  {kind[:-1]} {part['name']}", end="")
                console.print(f": {part['detail']}" if part["detail"] else "", markup=False)


def _show_case(ledger: Ledger, shown: dict[str, Any], zone: ZoneInfo) -> None:
    case = ledger.case(shown["id"])
    assert case is not None
    click.echo(f"{case.id}: {case.state.value}, {shown['outcome'] or 'nothing decided'}")
    click.echo(f"{case.role or 'unknown role'} at {case.company or 'an unnamed company'}")
    if case.reason:
        click.echo(f"why: {case.reason}" + (f" (rule “{case.rule}”)" if case.rule else ""))
    for step in case.trace:
        click.echo(f"  {'→' if step.hit else ' '} {step.step}: {step.detail}")
    for hold in shown["holds"]:
        times = f"{_local(hold['start'], zone)} to {_local(hold['end'], zone)}"
        click.echo(f"held {'firmly' if hold['firm'] else 'softly'}: {times}")
    for at, what in ledger.history(case.id):
        click.echo(f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}  {what}")

"""`raincheck simulate`: what would have been decided over the mails of the last days; nothing is touched."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from raincheck.cli.configuration import config_option
from raincheck.cli.page import page
from raincheck.cli.remedies import telling
from raincheck.cli.wiring import Workshop, now
from raincheck.config import load_settings
from raincheck.core.counted import counted
from raincheck.core.model import Outcome
from raincheck.service.rehearsal import Past, replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from rich.table import Table

    from raincheck.core.model import Case
    from raincheck.core.settings import Account, Settings
    from raincheck.ports import Fetched
    from raincheck.service.session import Session


@dataclass(frozen=True, slots=True)
class Decided:
    """One mail, and what each configuration makes of it (None: it is about no talk)."""

    at: datetime
    account: str
    case: Case | None
    other: Case | None = None

    @property
    def differs(self) -> bool:
        """True when the other configuration decides something else, or by another rule (of another reason)."""
        return _gist(self.case) != _gist(self.other)


def _gist(case: Case | None) -> tuple[Any, ...] | None:
    return (case.outcome, case.rule) if case else None


@click.command(
    epilog="""\b
Examples:
  raincheck simulate                          the last 30 days
  raincheck simulate --days 90 --json | jq .outcomes
  raincheck simulate --against old.toml       what your new rules change"""
)
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far to look back.")
@config_option()
@click.option(
    "--against", type=click.Path(path_type=Path), metavar="OLD.toml", help="Show what differs from this configuration."
)
@click.option("--json", "machine", is_flag=True, help="Print one JSON object.")
def command(days: int, config: Path | None, against: Path | None, machine: bool) -> None:
    """Decides the mails of the last days once more, each as if it had just arrived, and shows what would have become
    of it.

    A dry run: no draft, no note, no folder; neither the mailbox nor what raincheck remembers is changed.
    """
    settings = load_settings(config, environ=os.environ)
    other = load_settings(against, environ=os.environ) if against else None
    with _Progress(shown=sys.stderr.isatty() and not machine) as progress:
        decided = list(_decided(settings, other, days, progress))
    found = report(decided, settings, compared=other is not None)
    if machine:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        show(found, days)


def _decided(settings: Settings, other: Settings | None, days: int, progress: _Progress) -> Iterator[Decided]:
    """Every mail of all accounts, oldest first: the accounts share cases and holds as they do in the service."""
    today = now()
    start = today - timedelta(days=days)
    sessions = _sessions(settings, settings.accounts)
    others = _sessions(other, settings.accounts) if other else {}
    try:
        pasts = {name: _past(session, start) for name, session in sessions.items()}
        progress.begin(sum(map(len, pasts.values())))
        mails = (_of(sessions[name].account, past, today) for name, past in pasts.items())
        for at, name, fetched in merge(*mails, key=_arrival):
            progress.step()
            if at < start:
                continue  # IMAP searches by whole days
            case = replay(sessions[name], fetched, at)
            elsewhere = replay(others[name], fetched, at) if others else None
            if case or elsewhere:
                yield Decided(at, name, case, elsewhere)
    finally:
        for session in (*sessions.values(), *others.values()):
            session.mail.close()
            session.ledger.close()


def _sessions(settings: Settings, accounts: Sequence[Account]) -> dict[str, Session]:
    """A session for each account, with one ledger in memory for all of them."""
    workshop = Workshop.open(settings, None)
    ledger = workshop.ledger()
    return {account.name: workshop.session(account, ledger=ledger) for account in accounts}


def _past(session: Session, start: datetime) -> Past:
    with telling(session.account, "imap"):
        return Past.since(session.mail, session.account.watch, start)


def _of(account: Account, past: Past, today: datetime) -> Iterator[tuple[datetime, str, Fetched]]:
    with telling(account, "imap"):
        for at, fetched in past.mails(today):
            yield at, account.name, fetched


def _arrival(item: tuple[datetime, str, Fetched]) -> datetime:
    return item[0]


class _Progress:
    """A bar on standard error, where there is a terminal."""

    def __init__(self, *, shown: bool) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), disable=not shown, transient=True)
        self._task = self._bar.add_task("Deciding", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, mails: int) -> None:
        """It is known how many there are."""
        self._bar.update(self._task, total=mails)

    def step(self) -> None:
        """One more is being decided."""
        self._bar.advance(self._task)


# --- what came of it ----------------------------------------------------------------------------------------------


def report(decided: Sequence[Decided], settings: Settings, *, compared: bool) -> dict[str, Any]:
    """Everything that `--json` prints: counts by outcome and rule, and one entry a mail, oldest first.

    `rules` holds every rule of the configuration, also those that never fired; `changed` is null without --against.
    """
    found = [item for item in decided if item.case is not None]
    fired = Counter(item.case.rule for item in found if item.case and item.case.rule)
    return {
        "outcomes": {
            outcome.value: sum(i.case is not None and i.case.outcome is outcome for i in found) for outcome in Outcome
        },
        "rules": {rule.name: fired[rule.name] for rule in settings.rules},
        "decisions": [_entry(item) for item in found],
        "changed": [{**_entry(item), "instead_of": _verdict(item.other)} for item in decided if item.differs]
        if compared
        else None,
    }


def _entry(item: Decided) -> dict[str, Any]:
    case = item.case or item.other
    return {
        "date": item.at.isoformat(),
        "account": item.account,
        "company": case.company if case else None,
        "role": case.role if case else None,
        **_verdict(item.case),
    }


def _verdict(case: Case | None) -> dict[str, Any]:
    return {
        "kind": case.kind.value if case else None,
        "outcome": case.outcome.value if case and case.outcome else None,
        "rule": case.rule if case else None,
        "reason": case.reason if case else None,
    }


def show(found: dict[str, Any], days: int) -> None:
    """The report for people: a table, counts, and what another configuration would change."""
    from rich.text import Text

    with page() as console:
        if not found["decisions"]:
            past = "day" if days == 1 else f"{days} days"
            console.print(f"No mail of the last {past} is about an interview.")
            return
        console.print(_table(found["decisions"]))
        counts = ", ".join(f"{count} {outcome}" for outcome, count in found["outcomes"].items() if count)
        mails = counted(len(found["decisions"]), "mail")
        console.print(Text.assemble((f"\n{mails} of {counted(days, 'day')}: ", "bold"), counts))
        for rule, count in found["rules"].items():
            often = {0: "never", 1: "once"}.get(count, f"{count} times")
            console.print(Text(f"rule “{rule}”: {often}", style="" if count else "dim"))
        if found["changed"] is not None:
            console.print(Text(f"\n{_changes(found['changed'])}", style="bold"))
        for item in found["changed"] or ():
            console.print(Text(f"{item['date'][:10]} {item['company'] or '-'}: {_change(item)}"))


def _changes(changed: Sequence[dict[str, Any]]) -> str:
    """How many are decided differently, apart from those of which only the rule is another."""
    alike = sum(item["outcome"] == item["instead_of"]["outcome"] for item in changed)
    told = f"{counted(len(changed) - alike, 'mail')} would be decided differently"
    return f"{told}, {alike} alike by another rule" if alike else told


def _change(item: dict[str, Any]) -> str:
    before = item["instead_of"]
    if item["outcome"] != before["outcome"]:
        return f"{_words(item)} instead of {_words(before)}"
    return f"{item['outcome']} as before, {_by(item) or 'by no rule'} instead of {_by(before) or 'by none'}"


def _words(verdict: dict[str, Any]) -> str:
    return " ".join(filter(None, (verdict["outcome"] or "nothing", _by(verdict))))


def _by(verdict: dict[str, Any]) -> str:
    return f"by rule “{verdict['rule']}”" if verdict["rule"] else ""


def _table(decisions: Sequence[dict[str, Any]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("date", "company", "role", "outcome", "why"):
        table.add_column(column, overflow="fold", no_wrap=column == "date")
    for item in decisions:
        why = f"rule “{item['rule']}”: {item['reason']}" if item["rule"] else item["reason"]
        words = (item["date"][:10], item["company"] or "-", item["role"] or "-", item["outcome"] or "-", why)
        table.add_row(*(Text(word) for word in words))
    return table

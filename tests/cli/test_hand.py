"""The commands for cases say where their outcome is told: a pass carries the order out, after they have ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from raincheck.adapters.ledger import SqliteLedger
from raincheck.cli.hand import draft, reopen
from raincheck.cli.wiring import state_folder
from raincheck.core.model import Case, CaseState, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    import click


@pytest.fixture
def ledger(login: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteLedger:
    """A ledger with one case."""
    monkeypatch.setenv("STATE_DIRECTORY", str(login))
    made = SqliteLedger(state_folder({"STATE_DIRECTORY": str(login)}) / "ledger.sqlite3")
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    made.save_case(Case("c3f9a1", "main", CaseState.LEFT, opened=moment, updated=moment), "read")
    return made


@pytest.mark.parametrize(("command", "arguments"), [(draft, ("c3", "accept")), (reopen, ("c3",))])
def test_where_the_outcome_is_told(command: click.Command, arguments: tuple[str, ...], ledger: SqliteLedger) -> None:
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "`raincheck status c3f9a1` tells what was drafted, or why nothing was." in result.stdout


def test_the_order_is_kept_for_the_next_pass(ledger: SqliteLedger) -> None:
    CliRunner().invoke(draft, ("c3f9a1", "accept"), standalone_mode=False)
    (case,) = ledger.cases()
    assert case.ordered is Outcome.ACCEPT

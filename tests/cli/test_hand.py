"""The commands for cases say where their outcome is told: a pass carries the order out, after they have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from raincheck.cli.hand import draft, forget, reopen, resolve
from raincheck.cli.status import command as status
from raincheck.core.model import Outcome

if TYPE_CHECKING:
    from raincheck.adapters.ledger import SqliteLedger


@pytest.mark.parametrize(("command", "arguments"), [(draft, ("c3", "accept")), (reopen, ("c3",))])
def test_where_the_outcome_is_told(command: click.Command, arguments: tuple[str, ...], ledger: SqliteLedger) -> None:
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "`raincheck status c3f9a1` tells what was drafted, or why nothing was." in result.stdout


def test_the_order_is_kept_for_the_next_pass(ledger: SqliteLedger) -> None:
    CliRunner().invoke(draft, ("c3f9a1", "accept"), standalone_mode=False)
    (case,) = ledger.cases()
    assert case.ordered is Outcome.ACCEPT


@pytest.mark.parametrize("case", ["", " "])
@pytest.mark.parametrize(
    ("command", "more"), [(draft, ("accept",)), (reopen, ()), (resolve, ("sent",)), (forget, ("--yes",)), (status, ())]
)
def test_an_empty_case_is_a_slip_in_the_command_line(
    command: click.Command, more: tuple[str, ...], case: str, ledger: SqliteLedger
) -> None:
    result = CliRunner().invoke(command, (case, *more), standalone_mode=False)
    assert isinstance(result.exception, click.UsageError)
    assert result.exception.exit_code == 2
    assert "CASE: it is empty; `raincheck status` lists the cases" in result.exception.format_message()
    assert len(ledger.cases()) == 1

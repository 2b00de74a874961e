"""The commands for cases say where their outcome is told: a pass carries the order out, after they have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from raincheck.cli.hand import draft, reopen
from raincheck.core.model import Outcome

if TYPE_CHECKING:
    import click

    from raincheck.adapters.ledger import SqliteLedger


@pytest.mark.parametrize(("command", "arguments"), [(draft, ("c3", "accept")), (reopen, ("c3",))])
def test_where_the_outcome_is_told(command: click.Command, arguments: tuple[str, ...], ledger: SqliteLedger) -> None:
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "`raincheck status c3f9a1` tells what was drafted, or why nothing was." in result.stdout


def test_the_order_is_kept_for_the_next_pass(ledger: SqliteLedger) -> None:
    CliRunner().invoke(draft, ("c3f9a1", "accept"), standalone_mode=False)
    (case,) = ledger.cases()
    assert case.ordered is Outcome.ACCEPT

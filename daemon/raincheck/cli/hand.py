"""`raincheck draft`, `reopen`, `resolve`, `forget`, `pause`, `resume`: the person's hand on cases and service."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import click

from raincheck.cli.caseargument import case_argument
from raincheck.cli.configuration import config_accepted
from raincheck.cli.wiring import ledger_for_reading, now
from raincheck.core.model import Outcome
from raincheck.errors import RaincheckError
from raincheck.service import hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.adapters.ledger import SqliteLedger

_NEXT = "The next pass does it (within a minute where the service runs, else `raincheck run --once`)."
_THEN = "Then `raincheck status {}` tells what was drafted, or why nothing was."


@contextmanager
def _ledger() -> Iterator[SqliteLedger]:
    ledger = ledger_for_reading(os.environ)
    if ledger is None:
        raise RaincheckError("there is no ledger yet; start the service, or `raincheck run --once`")
    try:
        yield ledger
    finally:
        ledger.close()


@click.command(epilog="\b\nExample:\n  raincheck draft c3f9a1 decline")
@case_argument()
@click.argument("outcome", type=click.Choice(["decline", "reschedule", "propose", "accept"]))
@config_accepted()
def draft(case_id: str, outcome: str) -> None:
    """Drafts an answer of your choice for a case, over all rules. You still approve it in your mail client."""
    with _ledger() as ledger:
        case = hand.find(ledger, case_id)
        hand.order(ledger, case, Outcome(outcome), now())
    click.echo(f"{_NEXT} {_THEN.format(case.id)}")


@click.command(epilog="\b\nExample:\n  raincheck reopen c3f9a1")
@case_argument()
@config_accepted()
def reopen(case_id: str) -> None:
    """Decides a refused, withdrawn or closed case again."""
    with _ledger() as ledger:
        case = hand.find(ledger, case_id)
        hand.reopen(ledger, case, now())
    click.echo(f"{_NEXT} {_THEN.format(case.id)}")


@click.command(epilog="\b\nExamples:\n  raincheck resolve c3f9a1 sent\n  raincheck resolve c3f9a1 unsent")
@case_argument()
@click.argument("truth", type=click.Choice(["sent", "unsent"]))
@config_accepted()
def resolve(case_id: str, truth: Literal["sent", "unsent"]) -> None:
    """Says what became of a mail of which raincheck does not know whether it was sent."""
    with _ledger() as ledger:
        hand.resolve(ledger, hand.find(ledger, case_id), truth, now())
    click.echo(_NEXT if truth == "sent" else "To send it, take the star off the draft and set it again.")


@click.command(epilog="\b\nExamples:\n  raincheck forget c3f9a1\n  raincheck forget --yes c3f9a1          in a script")
@case_argument()
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_accepted()
def forget(case_id: str, yes: bool) -> None:
    """Removes every trace of a case. Its mails are not read again; a draft in your mailbox stays."""
    with _ledger() as ledger:
        case = hand.find(ledger, case_id)
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("Standard input is no terminal, so you cannot be asked. Give --yes.")
        if not yes:
            click.confirm(f"Forget everything about the case {case.id}?", abort=True)
        ledger.forget(case.id)
    click.echo("Forgotten.")


@click.command(epilog="\b\nExamples:\n  raincheck pause\n  raincheck resume                 go on where it stopped")
@config_accepted()
def pause() -> None:
    """Stops reading, drafting and sending until `raincheck resume`."""
    with _ledger() as ledger:
        hand.pause(ledger, now())
    click.echo("Paused. `raincheck resume` goes on.")


@click.command(epilog="\b\nExample:\n  raincheck resume")
@config_accepted()
def resume() -> None:
    """Goes on after `raincheck pause`."""
    with _ledger() as ledger:
        hand.resume(ledger)
    click.echo("Goes on with the next pass.")

"""The person's hand on a case: reopen, resolve, order a draft, pause. Words in the ledger; a pass carries them out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from raincheck.core.lifecycle import KNOWN_SENT
from raincheck.core.model import CaseState, EntryState
from raincheck.errors import RaincheckError

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.model import Case, Outcome
    from raincheck.ports import Ledger


def find(ledger: Ledger, case_id: str) -> Case:
    """The case of that id, or of an id that begins so. Raises RaincheckError when there is none, or several."""
    found = [case for case in ledger.cases() if case.id.startswith(case_id)]
    if len(found) != 1:
        many = f"{len(found)} cases begin with" if found else "there is no case"
        raise RaincheckError(f"{many} {case_id}; `raincheck status` lists them")
    return found[0]


def reopen(ledger: Ledger, case: Case, now: datetime) -> None:
    """A refused, withdrawn or closed case is decided again in the next pass."""
    if case.state not in (CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.CLOSED, CaseState.LEFT):
        raise RaincheckError(
            f"case {case.id} is {case.state}; only a refused, withdrawn, closed or left one is reopened"
        )
    fresh = replace(case, state=CaseState.LEFT, retry=True, obsolete="", own_answer=None, updated=now)
    ledger.save_case(fresh, "reopened by you")


def order(ledger: Ledger, case: Case, outcome: Outcome, now: datetime) -> None:
    """The next pass drafts this, whatever the rules say; what no letter can be written for stays with the person."""
    ledger.save_case(
        replace(case, ordered=outcome, obsolete="", own_answer=None, updated=now), f"{outcome} ordered by you"
    )


def resolve(ledger: Ledger, case: Case, truth: Literal["sent", "unsent"], now: datetime) -> None:
    """Settles an uncertain sending by the person's knowledge: it was sent, or it was not and may be approved again."""
    entry = ledger.entry(case.id)
    if entry is None or entry.state is not EntryState.UNCERTAIN:
        raise RaincheckError(f"case {case.id} is {case.state}; there is nothing uncertain about it")
    if truth == "sent":  # the next pass does all that follows from a sending
        ledger.save_entry(replace(entry, reason=KNOWN_SENT, updated=now))
        ledger.save_case(replace(case, updated=now), "resolved by you: sent")
        return
    open_again = replace(
        entry,
        state=EntryState.DRAFTED,
        updated=now,
        approved_at=None,
        approved_ref=None,
        approved_digest=None,
        voided="take the star off and set it again to send it",
    )
    with ledger.transaction():
        ledger.save_entry(open_again)
        ledger.save_case(replace(case, state=CaseState.DRAFTED, updated=now), "resolved by you: unsent")


def pause(ledger: Ledger, now: datetime) -> None:
    """From the next pass on nothing is read, drafted or sent."""
    ledger.set_value("paused", now.isoformat())


def resume(ledger: Ledger) -> None:
    """The next pass goes on where the last one stopped."""
    ledger.set_value("paused", None)


def paused(ledger: Ledger) -> bool:
    """True between `pause` and `resume`."""
    return ledger.value("paused") is not None

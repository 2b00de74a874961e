"""`ports.Submission` in memory, held to the same suite as the real one (tests/contracts/test_submission.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.errors import RaincheckError, Refused, Uncertain

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.ports import Envelope


@dataclass(frozen=True, slots=True)
class Submitted:
    """One message that the server accepted."""

    envelope: Envelope
    raw: bytes


class RecordingSubmission:
    """Keeps what it is given in `sent`.

    `fail_before`: raised instead of accepting the recipients (once); `fail_after`: raised after DATA (once), where an
    Uncertain may have been sent (`lost=True`) or not; `refuse`: recipients that the server does not take.
    """

    def __init__(self) -> None:
        self.sent: list[Submitted] = []
        self.refuse: set[str] = set()
        self.calls = 0
        self._before: list[RaincheckError] = []
        self._after: list[tuple[RaincheckError, bool]] = []

    def fail_before(self, error: RaincheckError) -> None:
        """The next submission raises before DATA: nothing was sent."""
        self._before.append(error)

    def fail_after(self, error: RaincheckError, *, lost: bool = False) -> None:
        """The next submission raises after DATA; with `lost` the message was accepted all the same."""
        self._after.append((error, lost))

    def submit(self, envelope: Envelope, message: bytes, before_data: Callable[[], None]) -> str:
        self.calls += 1
        if self._before:
            raise self._before.pop(0)
        if refused := sorted(self.refuse & set(envelope.recipients)):
            raise Refused(f"submission: refused: {', '.join(refused)}: 550 no such user")
        before_data()
        error, accepted = self._after.pop(0) if self._after else (None, True)
        if accepted:
            self.sent.append(Submitted(envelope, message))
        if error is not None:
            raise error
        return f"2.0.0 accepted as {len(self.sent)}"

    def lose_answer(self) -> None:
        """The next message is accepted, and nobody hears of it."""
        self.fail_after(Uncertain("the answer to the message was lost"), lost=True)

    def check(self) -> str:
        return "in memory"

"""The service as it is installed, in a process of its own, but in a hurry: its clock runs `SPEED` times as fast, from
an hour that the campaign tells, and it gives servers up after moments instead of half minutes.

    python -m tests.campaign.service EPOCH run --config config.toml
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from raincheck import cli, schedule
from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.smtp import SmtpSubmission
from raincheck.cli import wiring

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.core.settings import Settings

SPEED = 15
PAST = timedelta(days=1)  # Dovecot takes no INTERNALDATE of the future
PATIENCE = 1.5  # seconds without an answer after which a server counts as gone


def clock(epoch: float) -> datetime:
    """What the service takes for now, of a campaign that began at `epoch` (Unix time)."""
    return datetime.fromtimestamp(epoch, UTC) - PAST + timedelta(seconds=(time.time() - epoch) * SPEED)


def hurry(epoch: float) -> None:
    """Sets the clock and the patience of this process."""
    opened = wiring.Workshop.open

    def in_a_hurry(settings: Settings, state: Path | None) -> wiring.Workshop:
        return opened(settings, state, partial(clock, epoch))

    changes: dict[Any, dict[str, Any]] = {
        wiring.Workshop: {"open": staticmethod(in_a_hurry)},
        wiring: {
            "ImapAccount": partial(ImapAccount, timeout=PATIENCE),
            "SmtpSubmission": partial(SmtpSubmission, timeout=PATIENCE, verdict=PATIENCE),
        },
        schedule: {"BREATH": 0.7, "FIRST_WAIT": 0.05, "LONGEST_WAIT": 0.5},
    }
    for owner, values in changes.items():
        for name, value in values.items():
            setattr(owner, name, value)


if __name__ == "__main__":
    hurry(float(sys.argv.pop(1)))
    cli.main()

"""`raincheck demo`: how long it leaves a draft to the person, and when it approves one by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from raincheck.cli.demo import command
from raincheck.demo import stage
from raincheck.errors import RaincheckError

if TYPE_CHECKING:
    from datetime import datetime


@pytest.mark.parametrize(
    ("arguments", "undo"),
    [((), "20s"), (("--once",), "0s"), (("--once", "--json"), "0s"), (("--json",), "0s")],
)
def test_only_a_person_is_given_time_to_undo(
    arguments: tuple[str, ...], undo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_now: datetime, *, undo: str) -> None:
        raise RaincheckError(undo)

    monkeypatch.setattr(stage, "stage", told)
    with pytest.raises(RaincheckError, match=f"^{undo}$"):
        CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False)

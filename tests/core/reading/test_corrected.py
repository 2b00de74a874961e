"""Times that a mail corrects, withdraws, denies or names for something else: none of them is offered."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.core.reading.test_appointments import read, written
from tests.core.reading.wordings import WORDINGS

CASES = tomllib.loads((WORDINGS.parent / "corrected.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{n} {' '.join(c['text'].split())[:50]}" for n, c in enumerate(CASES, 1)])
def test_only_the_time_that_holds_is_offered(case: dict[str, Any]) -> None:
    found = read(**case)
    like = sorted(case["slots"])
    assert written(found.slots, like, loose="minutes" not in case) == like
    assert not found.windows
    assert "minutes" not in case or found.duration_minutes == case["minutes"]
    assert bool(found.unsure) == case.get("unsure", False)

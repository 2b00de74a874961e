"""Times that a mail tells only to say that they are gone: wordings side by side with what is left."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.core.reading.test_appointments import read, written
from tests.core.reading.wordings import WORDINGS

CASES = tomllib.loads(WORDINGS.with_name("taken.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[f"{n} {c['text'][-40:]!r}" for n, c in enumerate(CASES, 1)])
def test_what_is_taken_is_no_offer(case: dict[str, Any]) -> None:
    found = read(**case)
    for slots, key in ((found.slots, "slots"), (found.windows, "windows")):
        like = sorted(case.get(key, []))
        assert written(slots, like, loose=case.get("loose", False)) == like

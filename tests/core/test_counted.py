"""Numbers agree with their noun."""

from __future__ import annotations

import pytest

from raincheck.core.counted import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 mails"), (1, "1 mail"), (2, "2 mails")])
def test_a_number_and_its_noun(number: int, said: str) -> None:
    assert counted(number, "mail") == said

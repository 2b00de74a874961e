"""A short random campaign with every run of the tests; `make torture` runs a long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.service.torture import Life

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", range(9000, 9008))
def test_no_promise_is_broken(tmp_path: Path, seed: int) -> None:
    tally = Life(tmp_path, seed).run(120)
    assert tally.counts["steps"] == 120
    assert tally.counts["mails"] > 3
    assert tally.counts["rests"] >= 1


def test_the_campaign_sends_and_kills_and_can_be_repeated(tmp_path: Path) -> None:
    """A campaign that never came to a sending or a kill would prove nothing; one that cannot be repeated neither."""
    (tmp_path / "again").mkdir()
    first = Life(tmp_path, 4711).run(200).counts
    assert first == Life(tmp_path / "again", 4711).run(200).counts
    assert all(first[what] > 0 for what in ("sendings", "kills", "faults", "ledger failures", "edits", "stars"))

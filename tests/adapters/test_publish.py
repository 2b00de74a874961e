from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from raincheck.adapters.publish import publish
from raincheck.core.itip import holds_calendar
from raincheck.core.model import Hold, Period

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
TALK = Period(NOW + timedelta(days=2), NOW + timedelta(days=2, minutes=45))
HOLD = Hold("c1", TALK, firm=True, expires=NOW + timedelta(days=5), made=NOW)


def test_it_is_written_for_its_owner_alone_and_in_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "holds.ics"
    publish(path, holds_calendar([HOLD], [], NOW))
    assert b"SUMMARY:Held: offered" in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["holds.ics"]


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    path = tmp_path / "holds.ics"
    publish(path, holds_calendar([HOLD], [], NOW))
    first = path.stat().st_ino
    publish(path, holds_calendar([HOLD], [], NOW + timedelta(minutes=1)))
    assert path.stat().st_ino == first
    publish(path, holds_calendar([], [TALK], NOW))
    assert path.stat().st_ino != first
    assert b"SUMMARY:Interview" in path.read_bytes()


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    publish(tmp_path / "gone" / "holds.ics", holds_calendar([HOLD], [], NOW))
    assert "could not be written" in caplog.text

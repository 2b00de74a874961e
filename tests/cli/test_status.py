"""`raincheck status` tells people the times of their own zone, and programs UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from raincheck.cli.status import command
from raincheck.cli.wiring import Workshop, state_folder
from raincheck.config import load_settings
from raincheck.core.model import Case, CaseState, Hold, Period
from tests.cli import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = f"""\
[me]
timezone = "Asia/Kolkata"
{ACCOUNT}"""
HELD = datetime(2099, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def config(login: Path) -> Path:
    """A configuration whose ledger has one case with a held time and a deadline."""
    environ = {"HOME": str(login)}
    path = login.parent / "config.toml"
    path.write_text(CONFIG)
    ledger = Workshop.open(load_settings(path, environ=environ), state_folder(environ)).ledger()
    deadline = HELD - timedelta(days=1)
    ledger.save_case(Case("c1", "main", CaseState.LEFT, opened=HELD, updated=HELD, deadline=deadline), "read")
    ledger.set_holds("c1", [Hold("c1", Period(HELD, HELD + timedelta(hours=1)), firm=False, expires=HELD)])
    ledger.close()
    return path


def status(config: Path, *args: str) -> str:
    return CliRunner().invoke(command, [*args, "--config", str(config)], standalone_mode=False).output


def test_people_are_told_their_own_zone(config: Path) -> None:
    listed = status(config)
    assert "1 of 1 case waits for you" in listed
    assert "2099-06-09 13:30" in listed
    assert "2099-06-08 13:30" in listed
    shown = status(config, "c1")
    assert "held softly: 2099-06-09 13:30 to 2099-06-09 14:30" in shown
    assert "2099-06-09 13:30 IST  read" in shown


def test_programs_are_told_utc(config: Path) -> None:
    (case,) = json.loads(status(config, "--json"))["cases"]
    assert case["holds"] == [{"start": "2099-06-09T08:00:00+00:00", "end": "2099-06-09T09:00:00+00:00", "firm": False}]

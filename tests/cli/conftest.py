"""What the commands are run in: a login that has run nothing yet; and what they are run on."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from raincheck.adapters.ledger import SqliteLedger
from raincheck.cli.wiring import state_folder
from raincheck.core.model import Case, CaseState
from tests.cli.letters import MAIL

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME without any of our variables set; files beside it are put into its parent folder."""
    for name in ("STATE_DIRECTORY", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "RAINCHECK_CONFIG", "NOBODY_SETS_THIS"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def ledger(login: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteLedger:
    """A ledger with one case, where the commands look for it."""
    monkeypatch.setenv("STATE_DIRECTORY", str(login))
    made = SqliteLedger(state_folder({"STATE_DIRECTORY": str(login)}) / "ledger.sqlite3")
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    made.save_case(Case("c3f9a1", "main", CaseState.LEFT, opened=moment, updated=moment), "read")
    return made


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "invitation.eml"
    path.write_bytes(MAIL)
    return path


def run(*arguments: str, environ: dict[str, str], stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    """`raincheck` as a process of its own, which sees no other variables than these."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "raincheck", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environ},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )

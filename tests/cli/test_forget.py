"""`raincheck forget` asks before it forgets; where nobody can be asked it wants a --yes."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from raincheck.adapters.ledger import SqliteLedger
from raincheck.cli.wiring import state_folder
from raincheck.core.model import Case, CaseState

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ledger(login: Path) -> SqliteLedger:
    """A ledger with one case."""
    made = SqliteLedger(state_folder({"STATE_DIRECTORY": str(login)}) / "ledger.sqlite3")
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    made.save_case(Case("c1", "main", CaseState.LEFT, opened=moment, updated=moment), "read")
    return made


def forget(login: Path, *arguments: str, case: str = "c1", stdin: int = subprocess.DEVNULL) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "raincheck", "forget", *arguments, case],
        env={"PATH": os.environ["PATH"], "STATE_DIRECTORY": str(login), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_without_a_terminal_nothing_is_forgotten_but_by_yes(login: Path, ledger: SqliteLedger) -> None:
    code, said = forget(login)
    assert code == 2
    assert "Standard input is no terminal, so you cannot be asked. Give --yes." in said
    assert [case.id for case in ledger.cases()] == ["c1"]
    assert forget(login, "--yes") == (0, "Forgotten.\n")
    assert list(ledger.cases()) == []


def test_a_case_that_is_none_is_told_before_anything_is_asked(login: Path, ledger: SqliteLedger) -> None:
    code, said = forget(login, case="nosuch")
    assert (code, [case.id for case in ledger.cases()]) == (1, ["c1"])
    assert "there is no case nosuch" in said


@pytest.mark.parametrize(("answer", "left"), [("y", []), ("n", ["c1"])])
def test_at_a_terminal_it_asks(answer: str, left: list[str], login: Path, ledger: SqliteLedger) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, f"{answer}\n".encode())
    code, said = forget(login, stdin=terminal)
    assert said.startswith("Forget everything about the case c1?")
    assert (code == 0) == (not left)
    assert [case.id for case in ledger.cases()] == left
    os.close(keyboard)
    os.close(terminal)

"""`raincheck forget` asks before it forgets; where nobody can be asked it wants a --yes."""

from __future__ import annotations

import os
import pty
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import run

if TYPE_CHECKING:
    from pathlib import Path

    from raincheck.adapters.ledger import SqliteLedger


def forget(login: Path, *arguments: str, case: str = "c3f9a1", stdin: int = subprocess.DEVNULL) -> tuple[int, str]:
    done = run("forget", *arguments, case, environ={"STATE_DIRECTORY": str(login)}, stdin=stdin)
    return done.returncode, done.stdout + done.stderr


def test_without_a_terminal_nothing_is_forgotten_but_by_yes(login: Path, ledger: SqliteLedger) -> None:
    code, said = forget(login)
    assert code == 2
    assert "Standard input is no terminal, so you cannot be asked. Give --yes." in said
    assert [case.id for case in ledger.cases()] == ["c3f9a1"]
    assert forget(login, "--yes") == (0, "Forgotten.\n")
    assert list(ledger.cases()) == []


def test_a_case_that_is_none_is_told_before_anything_is_asked(login: Path, ledger: SqliteLedger) -> None:
    code, said = forget(login, case="nosuch")
    assert (code, [case.id for case in ledger.cases()]) == (1, ["c3f9a1"])
    assert "there is no case nosuch" in said


@pytest.mark.parametrize(("answer", "left"), [("y", []), ("n", ["c3f9a1"])])
def test_at_a_terminal_it_asks(answer: str, left: list[str], login: Path, ledger: SqliteLedger) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, f"{answer}\n".encode())
    code, said = forget(login, stdin=terminal)
    assert said.startswith("Forget everything about the case c3f9a1?")
    assert (code == 0) == (not left)
    assert [case.id for case in ledger.cases()] == left
    os.close(keyboard)
    os.close(terminal)

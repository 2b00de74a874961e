"""The measure of what is read tells how labelled mails are told apart by language, and does so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.accuracy import CORPUS, main

if TYPE_CHECKING:
    import pytest


def test_its_help_tells_where_the_language_of_a_case_stands() -> None:
    asked = [sys.executable, "-m", "tests.accuracy", "--help"]
    told = subprocess.run(asked, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True).stdout
    assert "That of a case is the first two letters of its folder's name" in " ".join(told.split())


def test_a_case_is_counted_under_the_first_letters_of_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("de-one", "en-one", "en-two"):
        shutil.copytree(CORPUS / "de-startup-du", tmp_path / "mine" / name)
    main(tmp_path / "mine")
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("mine, ")]
    assert heads == ["mine, de: 1 mail", "mine, en: 2 mails"]

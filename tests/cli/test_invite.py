"""`raincheck invite` names the mail in every error, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from raincheck.cli.invite import command
from raincheck.errors import Unreadable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("content", ["", "no header, no mail\n"])
def test_a_file_that_is_no_mail_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "some mail.eml"
    path.write_text(content)
    with pytest.raises(Unreadable) as told:
        CliRunner().invoke(command, ["--eml", str(path)], standalone_mode=False, catch_exceptions=False)
    assert str(told.value).startswith(f"{path}: This is no mail")
    assert "Save the mail as it came" in str(told.value)


def test_a_mail_without_a_calendar_part_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some mail.eml"
    path.write_text("From: a@b.example\n\nHello\n")
    result = CliRunner().invoke(command, ["--eml", str(path)], standalone_mode=False)
    assert result.stderr == (
        f"raincheck: {path}: there is no calendar part in it that can be read; "
        f"`raincheck explain '{path}'` reads its text.\n"
    )
    assert result.return_value == 1
    machine = CliRunner().invoke(command, ["--eml", str(path), "--json"], standalone_mode=False)
    assert (machine.stdout, machine.stderr, machine.return_value) == ("null\n", "", 1)

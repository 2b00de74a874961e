"""`raincheck explain`: one JSON object a line in order, errors in place, exit code 1 only for missing files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from raincheck.cli.explain import command

if TYPE_CHECKING:
    from pathlib import Path

MAIL = b"""From: Dana Field <dana@acme.example>\r
To: Robin Meyer <robin.meyer@example.net>\r
Subject: Interview\r
Date: Mon, 23 Nov 2026 09:00:00 +0100\r
\r
Hi Robin,\r
\r
we would like to invite you to an interview for the Night Nurse position on Thursday at 14:00.\r
\r
Best regards\r
Dana Field\r
Acme\r
"""


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "invitation.eml"
    path.write_bytes(MAIL)
    return path


def explain(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=stdin, standalone_mode=False)


def test_json_is_one_object_a_line_in_order_with_errors_in_place(mail: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.eml"
    empty.write_bytes(b"")
    result = explain("--json", str(mail), str(empty), str(mail))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(mail), str(empty), str(mail)]
    assert lines[0]["role"] == "Night Nurse"
    assert lines[0]["slots"] == [{"start": "2026-11-26T14:00:00+01:00", "end": None}]
    assert set(lines[1]) == {"file", "error"}
    assert result.return_value == 0


def test_a_missing_file_is_told_after_the_others_were_read(mail: Path) -> None:
    result = explain("--json", "nowhere.eml", str(mail))
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == [str(mail)]
    assert "nowhere.eml" in result.stderr
    assert result.return_value == 1


def test_standard_input_is_a_file_too() -> None:
    assert json.loads(explain("--json", "-", stdin=MAIL).stdout)["company"] == "Acme"


def test_now_moves_relative_dates(mail: Path) -> None:
    found = json.loads(explain("--json", "--now", "2026-12-07T09:00:00+01:00", str(mail)).stdout)
    assert found["slots"][0]["start"] == "2026-12-10T14:00:00+01:00"


def test_people_see_the_fields_with_their_words(mail: Path) -> None:
    shown = explain(str(mail)).stdout
    assert "Night Nurse" in shown
    assert "Thu 26 Nov 2026 14:00" in shown

"""`raincheck explain`: one JSON object a line in order, errors in place, exit code 1 only for missing files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from raincheck.cli.explain import command
from tests.cli.conftest import run
from tests.cli.letters import CONFIG, MAIL

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize("now", ["2026-12-07T09:00", "2026-12-07", "2026-12-07T08:00:00Z"])
def test_now_may_name_no_offset(mail: Path, now: str) -> None:
    done = explain("--json", "--now", now, str(mail))
    assert done.exception is None
    assert json.loads(done.stdout)["slots"][0]["start"] == "2026-12-10T14:00:00+01:00"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is nothing in it"),
        (b" \r\n\0", "there is nothing in it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1 Outlook", "it does not begin with a header line such as “From: …”"),
    ],
)
def test_people_are_told_on_one_line_why_a_file_is_no_mail_and_on_the_next_what_to_do(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{'long-name-' * 12}.msg"
    path.write_bytes(content)
    result = explain(str(path))
    first, second = result.stdout.rstrip("\n").split("\n")
    assert first.startswith(f"{path}: not read. This is no mail: {said}")
    assert second.startswith("Save the mail as it came: ")
    assert result.return_value == 0


def test_a_text_that_only_looks_like_a_mail_is_doubted(mail: Path, tmp_path: Path) -> None:
    notes = tmp_path / "shopping.txt"
    notes.write_bytes(b"Milk: two\nBread: one\n")
    shown = explain(str(notes)).stdout
    assert "hardly a whole mail" in shown
    assert "This is another kind of mail: it needs no answer" in shown
    assert "hardly a whole mail" not in explain(str(mail)).stdout


@pytest.mark.parametrize("forced", [{}, {"COLUMNS": "40"}, {"FORCE_COLOR": "1"}], ids=["plain", "columns", "colour"])
def test_what_is_piped_is_neither_wrapped_nor_coloured_nor_boxed(
    forced: dict[str, str], mail: Path, tmp_path: Path
) -> None:
    company = "Acme Worldwide Hospital Services and Night Care Holding GmbH"
    long = "We are a small house by the river, and everybody who works here has known each other for many years."
    mail.write_bytes(MAIL.replace(b"Acme", company.encode()).replace(b"Best", long.encode() + b"\r\n\r\nBest"))
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    done = run("explain", "--config", str(config), str(mail), environ={"HOME": str(tmp_path), **forced})
    assert done.returncode == 0
    lines = done.stdout.split("\n")
    assert any(line.startswith("Company") and company in line for line in lines)
    assert any(line.startswith("  Thank you") and len(line) > 150 for line in lines)
    assert "  Robin Meyer" in lines
    assert not any(line != line.rstrip() or "\x1b" in line or "│" in line for line in lines)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("next week", "Asked for: Mon 30 Nov 2026 – Sun 06 Dec 2026"),
        ("on Tuesday", "Asked for: Tue 24 Nov 2026"),
        ("on Tuesday afternoon", "Asked for: Tue 24 Nov 2026 12:00–18:00 CET"),
    ],
)
def test_days_without_hours_are_shown_as_days(asked: str, shown: str, mail: Path) -> None:
    mail.write_bytes(
        MAIL.replace(
            b"we would like to invite you to an interview for the Night Nurse position on Thursday at 14:00.",
            b"we would like to invite you to an interview. When would you be free " + asked.encode() + b"?",
        )
    )
    lines = explain(str(mail)).stdout.split("\n")
    assert [line for line in lines if line.startswith("Asked for: ")] == [shown]


def test_people_see_the_fields_with_their_words(mail: Path) -> None:
    shown = explain(str(mail)).stdout
    assert "Night Nurse" in shown
    assert "Thu 26 Nov 2026 14:00" in shown


@pytest.mark.parametrize("machine", [(), ("--json",)], ids=["people", "json"])
def test_a_calendar_that_is_not_there_is_told_once_with_path_key_and_remedy(
    machine: tuple[str, ...], mail: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'{CONFIG.replace("night", "day")}[[calendar]]\nname = "mine"\nurl = "missing.ics"\n')
    result = explain(*machine, "--config", str(config), str(mail), str(mail))
    where = f"{config}:12: calendar[0].url"
    assert result.stderr == (
        f"raincheck: calendar mine: the path {tmp_path}/missing.ics: names a file that is not there. "
        f"Put an iCalendar file (.ics) there, or write the path or the address of one at {where}.\n"
    )
    assert result.stdout.count("your calendar is not known") >= 2
    assert result.return_value == 0


def test_calendars_that_nothing_was_asked_of_are_not_complained_about(mail: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'{CONFIG}[[calendar]]\nname = "mine"\nurl = "missing.ics"\n')
    mail.write_bytes(b"")
    assert explain("--config", str(config), str(mail)).stderr == ""


def test_a_mail_in_a_language_that_is_not_read_is_said_to_be_none_that_was_understood(tmp_path: Path) -> None:
    path = tmp_path / "fr.eml"
    words = "Bonjour Robin,\r\n\r\nnous vous invitons à un entretien. Ce jour vous convient-il ?\r\n"
    head = MAIL.partition(b"\r\n\r\n")[0] + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    path.write_bytes(head + words.encode())
    said = explain(str(path)).stdout
    assert "This mail was not understood" in said
    assert "Unsure about kind: it is written in French, which is not read yet" in said
    assert "% sure" not in said


def test_of_a_mail_that_may_ask_it_is_said_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "may.eml"
    words = "Hi Robin,\r\n\r\nthanks for your application as live-in carer. We would like to interview you on Thursday "
    words += "at 14:30. You would be living with us and have your own room.\r\n"
    head = MAIL.partition(b"\r\n\r\n")[0].replace(b"Subject: Interview", b"Subject: Your message")
    path.write_bytes(head + b"\r\n\r\n" + words.encode())
    said = explain(str(path)).stdout
    assert "It is not clear whether this mail asks for an answer" in said
    assert "% sure" not in said

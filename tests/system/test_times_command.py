"""`raincheck times`: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from raincheck.cli import main
from raincheck.cli.times import command

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = {
    "id": "a",
    "text": "Tue 10:00 or Wed 14:00 CET",
    "reference": "2026-11-23T09:00:00+01:00",
    "tz": "Europe/Berlin",
    "lang": "en",
    "date_order": None,
}


def ask(*lines: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, input="\n".join(lines) + "\n")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def question(**changes: object) -> str:
    return json.dumps(QUESTION | changes)


def test_a_line_out_for_each_line_in() -> None:
    first, second = ask(question(), question(id=2, text="Hello"))
    assert [span["start"] for span in first["spans"]] == ["2026-11-24T10:00:00+01:00", "2026-11-25T14:00:00+01:00"]
    assert second == {"id": 2, "spans": []}


def test_all_keys_of_a_span() -> None:
    ((span,),) = (answer["spans"] for answer in ask(question(text="tomorrow at 3")))
    assert span == {
        "start": "2026-11-24T15:00:00",
        "end": None,
        "kind": "datetime",
        "text": "tomorrow at 3",
        "from": 0,
        "to": 13,
        "zone": None,
        "sure": False,
        "alternatives": [
            {"start": "2026-11-24T15:00:00", "end": None},
            {"start": "2026-11-24T03:00:00", "end": None},
        ],
    }


def test_dates_and_times_alone() -> None:
    dates, times = ask(question(text="on 3 December"), question(text="at 14:00"))
    assert [(s["kind"], s["start"]) for s in dates["spans"]] == [("date", "2026-12-03")]
    assert [(s["kind"], s["start"]) for s in times["spans"]] == [("time", "14:00:00")]


def test_the_language_is_found_where_it_is_not_said() -> None:
    german, english = ask(
        question(lang=None, text="Do., 3.12.2026, halb elf"), question(lang=None, text="Thursday at half past ten")
    )
    assert [span["start"] for span in german["spans"]] == ["2026-12-03T10:30:00"]
    assert [span["start"] for span in english["spans"]] == ["2026-11-26T10:30:00"]


def test_the_order_of_dates_is_told() -> None:
    day, month = ask(question(text="on 03/04/2027", date_order="DMY"), question(text="on 03/04/2027", date_order="MDY"))
    assert [day["spans"][0]["start"], month["spans"][0]["start"]] == ["2027-04-03", "2027-03-04"]
    assert day["spans"][0]["sure"]


def test_zones_of_the_reader() -> None:
    answers = ask(question(text="tomorrow at 10", tz="+05:30"), question(text="tomorrow at 10", tz="UTC"))
    assert [answer["spans"][0]["start"] for answer in answers] == ["2026-11-24T10:00:00"] * 2


def test_bad_lines_are_answered_and_stop_nothing() -> None:
    answers = ask(
        *("{", "[]", question(tz="Nowhere"), question(reference="soon"), question(lang="xx"), question(text=None)),
        question(text=7),
    )
    assert [answer["spans"] == [] for answer in answers] == [True, True, True, True, False, True, True]
    assert ["error" in answer for answer in answers] == [True, True, True, True, False, False, True]
    assert "Nowhere" in answers[2]["error"]
    assert answers[6]["error"].startswith("text: 7 is no text; it looks like")


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (..., "it is missing"),
        (None, "it is missing"),
        ("soon", '"soon" is no ISO time'),
        (20261123, "20261123 is no ISO time"),
        ("0001-01-01T00:00+14:00", "the year 1 is out of range"),
    ],
)
def test_what_is_wrong_with_the_reference_is_said_with_an_example(reference: object, said: str) -> None:
    asked = {key: value for key, value in QUESTION.items() if key != "reference"}
    (answer,) = ask(json.dumps(asked if reference is ... else asked | {"reference": reference}))
    assert (answer["id"], answer["spans"]) == ("a", [])
    assert answer["error"].startswith(f"reference: {said}; write ")
    assert '"2026-11-23T09:00:00+01:00"' in answer["error"]


def test_a_line_that_is_no_request_is_told_with_one_that_is() -> None:
    for answer in ask("hello", "[]"):
        assert (answer["id"], answer["spans"]) == (None, [])
        assert '{"id": 1, "text": "Tuesday at 14:00"}' in answer["error"]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(question())
    assert json.loads(CliRunner().invoke(command, [str(path)]).stdout) == ask(question())[0]


def test_a_missing_file_is_told_with_what_to_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nowhere.jsonl"
    with pytest.raises(SystemExit) as ended:
        main(["times", str(path)])
    assert ended.value.code == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(f"raincheck: No such file or directory: {path}. Name a file with a JSON object a line")

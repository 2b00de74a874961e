"""`busy`, `slots` and `invite` as other programs see them: output, exit codes, errors."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from raincheck.cli import main
from tests.core.feeds import ME, component, event, feed
from tests.servers.http import HttpServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WINDOW = ("--from", "2026-12-01", "--to", "2026-12-22T00:00:00Z", "--tz", "Europe/Berlin", "--me", ME)
AFTERNOON = [{"start": "2026-12-03T14:00:00Z", "end": "2026-12-03T15:00:00Z"}]
CONFIG = """
[availability]
timezone = "Europe/Berlin"
count = 2
both_halves = false
[availability.hours]
thu = ["09:00-12:00", "15:00-17:00"]
"""


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    def call(*arguments: object) -> Result:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return call


@pytest.fixture
def ics(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.ics"
    path.write_bytes(feed(event("UID:1"), event("UID:2", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}")))
    return path


# --- busy ---------------------------------------------------------------------------------------------------------


def test_busy_prints_merged_periods_in_utc(run: Callable[..., Result], ics: Path) -> None:
    result = run("busy", "--ics", ics, *WINDOW, "--json")
    assert (result.code, result.json, result.err) == (0, AFTERNOON, "")


def test_a_bound_without_offset_is_in_the_zone(run: Callable[..., Result], ics: Path) -> None:
    ics.write_bytes(feed(event("DTSTART:20261130T220000Z", "DTEND:20261201T000000Z")))
    assert run("busy", "--ics", ics, *WINDOW, "--json").json == [
        {"start": "2026-11-30T23:00:00Z", "end": "2026-12-01T00:00:00Z"}
    ]


def test_busy_reads_standard_input(run: Callable[..., Result], ics: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ics.read_bytes())))
    assert run("busy", "--ics", "-", *WINDOW, "--json").json == AFTERNOON


@pytest.mark.parametrize("data", [b"<html>log in</html>", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b""])
def test_an_unreadable_calendar_is_no_list(run: Callable[..., Result], ics: Path, data: bytes) -> None:
    ics.write_bytes(data)
    result = run("busy", "--ics", ics, *WINDOW, "--json")
    assert (result.code, result.out) == (1, "")
    assert "calendar.ics" in result.err
    assert "Traceback" not in result.err


def test_a_missing_file_is_named(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("busy", "--ics", tmp_path / "none.ics", *WINDOW, "--json")
    assert (result.code, result.out) == (1, "")
    assert "none.ics" in result.err


@pytest.mark.parametrize("arguments", [("busy", *WINDOW), ("slots",)])
def test_a_folder_is_said_to_be_one(run: Callable[..., Result], arguments: tuple[str, ...], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    where = ("--config", config) if arguments == ("slots",) else ()
    result = run(*arguments, *where, "--ics", tmp_path)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"raincheck: {tmp_path}: it is a folder. Name the iCalendar file (.ics) in it.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("busy", *WINDOW),
        ("busy", "--ics", "a", "--url", "https://cal.example/a", *WINDOW),
        ("busy", "--ics", "a", "--from", "yesterday", "--to", "2026-12-02"),
        ("busy", "--ics", "a", "--from", "2026-12-02", "--to", "2026-12-01"),
        ("busy", "--ics", "a", "--from", "2026-12-01", "--to", "2026-12-02", "--tz", "Middle/Earth"),
        ("busy", "--url", "cal.ics", *WINDOW),
        ("invite",),
        ("slots",),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err


def test_busy_fetches_a_feed_and_falls_back_to_an_older_copy(
    run: Callable[..., Result], ics: Path, tmp_path: Path
) -> None:
    with HttpServer() as server:
        server.put("/private-token/cal.ics", ics.read_bytes())
        url = ("--url", server.url("/private-token/cal.ics"), "--allow-private-networks")
        cached = (*url, "--cache", tmp_path / "cache", *WINDOW, "--json")
        assert run("busy", *cached).json == AFTERNOON
        assert run("busy", *url, *WINDOW, "--json").json == AFTERNOON
        for bad in ({"body": b"<html>log in</html>"}, {"body": b"", "status": 500}, {"body": ics.read_bytes()[:-20]}):
            server.put("/private-token/cal.ics", **bad)
            result = run("busy", *cached)
            assert (result.code, result.json["stale"], result.json["busy"]) == (0, True, AFTERNOON)
            assert result.json["fetched_at"].endswith("Z")
            assert "private-token" not in result.err
            without = run("busy", *url, *WINDOW, "--json")
            assert (without.code, without.out) == (1, "")
            assert "private-token" not in without.err


def test_a_feed_in_a_private_network_needs_permission(run: Callable[..., Result], ics: Path) -> None:
    with HttpServer() as server:
        server.put("/cal.ics", ics.read_bytes())
        result = run("busy", "--url", server.url("/cal.ics"), *WINDOW, "--json")
        assert (result.code, result.out, server.requests) == (1, "", [])
        told = 'The calendar "localhost" lies in a private network; --allow-private-networks permits that. '
        assert result.err.startswith(f"raincheck: {told}Nothing is known")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/private-token.ics", '"127.0.0.1" could not be reached'),
        ("http://calendar.invalid/private-token.ics", '"calendar.invalid" has a server whose name is unknown'),
    ],
)
def test_a_feed_that_cannot_be_had_is_called_by_its_server_with_what_to_try(
    run: Callable[..., Result], url: str, said: str
) -> None:
    result = run("busy", "--url", url, "--allow-private-networks", *WINDOW)
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    assert "Try the address in a private browser window" in result.err
    assert "private-token" not in result.err


@pytest.mark.parametrize("url", ["me.ics", "file:///home/me.ics", "FILE:///home/me.ics"])
def test_a_file_is_no_address(run: Callable[..., Result], url: str) -> None:
    result = run("busy", "--url", url, *WINDOW)
    assert (result.code, result.out) == (2, "")
    assert "for a file use --ics" in " ".join(result.err.split())


@pytest.mark.parametrize("url", ["https://[1/private-token.ics", "https:///private-token.ics"])
def test_an_address_without_a_server_is_told_to_be_none(run: Callable[..., Result], url: str) -> None:
    result = run("busy", "--url", url, *WINDOW)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("raincheck: --url names no server. Write the whole address")
    assert "private-token" not in result.err


def test_busy_for_people_is_in_their_zone(run: Callable[..., Result], ics: Path) -> None:
    result = run("busy", "--ics", ics, *WINDOW)
    assert "Thu 2026-12-03 15:00" in result.out
    ics.write_bytes(feed())
    assert run("busy", "--ics", ics, *WINDOW).out == "Free all the time (Europe/Berlin).\n"


# --- slots --------------------------------------------------------------------------------------------------------


def test_slots_need_only_availability(run: Callable[..., Result], ics: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    result = run("slots", "--ics", ics, "--config", config, "--now", "2026-12-01T08:00:00Z", "--duration", 60, "--json")
    assert result.code == 0
    assert result.json == {
        "slots": [
            {"start": "2026-12-03T08:00:00Z", "end": "2026-12-03T09:00:00Z"},
            {"start": "2026-12-10T08:00:00Z", "end": "2026-12-10T09:00:00Z"},
        ],
        "reason": None,
    }


def test_slots_leave_the_calendar_alone_and_say_why_there_are_fewer(
    run: Callable[..., Result], ics: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    ics.write_bytes(feed(event("UID:1", "DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261211")))
    result = run("slots", "--ics", ics, "--config", config, "--now", "2026-12-01T08:00:00Z", "--duration", 60, "--json")
    assert result.json["slots"] == []
    assert "calendar" in result.json["reason"]


def test_slots_for_people_show_both_zones(run: Callable[..., Result], ics: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    where = ("--ics", ics, "--config", config, "--now", "2026-12-01T08:00:00Z", "--other-zone", "America/New_York")
    result = run("slots", *where)
    assert "Thu 10 Dec 2026  15:00-15:45 Europe/Berlin  =  Thu 09:00-09:45 America/New_York" in result.out


def test_on_a_terminal_the_coming_days_are_drawn(
    run: Callable[..., Result], ics: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "140")
    config = tmp_path / "config.toml"
    config.write_text(
        f'{CONFIG}\n[[availability.held]]\nstart = "2026-12-03T10:30:00Z"\nend = "2026-12-03T11:00:00Z"\n'
    )
    arguments = ("slots", "--ics", ics, "--config", config, "--now", "2026-12-01T08:00:00Z", "--duration", 60)
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", run(*arguments, "--other-zone", "Asia/Kolkata").out)
    table = {line[:5]: line.split()[1:] for line in drawn.splitlines() if line[2:3] == ":"}
    assert "Berlin  Kolkata  Thu 03  Thu 10" in drawn
    assert table["09:00"] == ["13:30", "offer", "offer"]
    assert table["15:00"] == ["19:30", "busy", "·"]
    assert table["12:00"] == ["16:30"]
    assert "held" in drawn.split("11:00")[1].split("12:00")[0]
    same = re.sub(r"\x1b\[[0-9;]*m", "", run(*arguments, "--other-zone", "Europe/Paris").out)
    assert "Paris" not in same


def test_a_wrong_configuration_exits_with_78(run: Callable[..., Result], ics: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[availability]\ntimezone = "Middle/Earth"\n')
    result = run("slots", "--ics", ics, "--config", config, "--json")
    assert (result.code, result.out) == (78, "")
    assert "config.toml:2" in result.err


def test_slots_of_an_unreadable_calendar_are_none_and_an_error(
    run: Callable[..., Result], ics: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    ics.write_bytes(b"<html>")
    result = run("slots", "--ics", ics, "--config", config, "--json")
    assert (result.code, result.out) == (1, "")


def test_slots_tell_where_their_configuration_is_looked_for(
    run: Callable[..., Result], ics: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(CONFIG)
    monkeypatch.setenv("RAINCHECK_CONFIG", str(tmp_path / "mine.toml"))
    result = run("slots", "--ics", ics, "--now", "2026-12-01T08:00:00Z", "--duration", 60, "--json")
    assert len(result.json["slots"]) == 2
    assert "default: see `raincheck check`" in " ".join(run("slots", "--help").out.split())
    assert "$RAINCHECK_CONFIG" in run("check", "--help").out


# --- invite -------------------------------------------------------------------------------------------------------


def mail(tmp_path: Path, calendar: bytes | None) -> Path:
    path = tmp_path / "mail.eml"
    part = (
        b"--b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n" + calendar + b"\r\n"
        if calendar
        else b""
    )
    path.write_bytes(
        b"From: Dana Roe <dana@corp.example>\r\nTo: robin.meyer@example.net\r\nSubject: Interview\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n'
        + part
        + b"--b--\r\n"
    )
    return path


def test_invite_prints_every_key_of_the_contract(run: Callable[..., Result], tmp_path: Path) -> None:
    lines = (
        "UID:abc@corp.example",
        "SEQUENCE:1",
        "DTSTART;TZID=Eastern Standard Time:20260703T100000",
        "DURATION:PT45M",
        "SUMMARY:Gespräch",
        "LOCATION:https://corp.zoom.us/j/1",
        "ORGANIZER;CN=Dana:mailto:dana@corp.example",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}",
        "STATUS:CONFIRMED",
    )
    result = run("invite", "--eml", mail(tmp_path, feed(event(*lines), head="METHOD:REQUEST")), "--me", ME, "--json")
    assert result.code == 0
    assert result.json == {
        "method": "REQUEST",
        "uid": "abc@corp.example",
        "sequence": 1,
        "is_update": True,
        "start": "2026-07-03T10:00:00-04:00",
        "end": "2026-07-03T10:45:00-04:00",
        "tz": "America/New_York",
        "all_day": False,
        "recurring": False,
        "recurrence_id": None,
        "organizer": "dana@corp.example",
        "attendees": [ME],
        "summary": "Gespräch",
        "location": "https://corp.zoom.us/j/1",
        "conference_url": "https://corp.zoom.us/j/1",
        "status": "CONFIRMED",
        "my_partstat": "NEEDS-ACTION",
    }


def test_a_date_and_a_floating_time_are_printed_as_such(run: Callable[..., Result], tmp_path: Path) -> None:
    day = run("invite", "--eml", mail(tmp_path, feed(event("UID:1", "DTSTART;VALUE=DATE:20261203"))), "--json").json
    assert (day["start"], day["end"], day["all_day"], day["tz"]) == ("2026-12-03", "2026-12-04", True, None)
    floating = feed(event("UID:1", "DTSTART:20261203T100000", "DURATION:PT1H"))
    read = run("invite", "--eml", mail(tmp_path, floating), "--json").json
    assert (read["start"], read["end"], read["tz"]) == ("2026-12-03T10:00:00", "2026-12-03T11:00:00", None)


def test_a_bare_calendar_file_will_do(run: Callable[..., Result], ics: Path) -> None:
    assert run("invite", "--eml", ics, "--json").json["uid"] == "1"


def test_a_mail_without_a_calendar_part_is_null(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("invite", "--eml", mail(tmp_path, None), "--json")
    assert (result.code, result.json) == (1, None)
    broken = run("invite", "--eml", mail(tmp_path, component("VCALENDAR", "X:1").encode()), "--json")
    assert (broken.code, broken.json) == (1, None)


def test_invite_for_people(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("invite", "--eml", mail(tmp_path, feed(event("UID:1", "SUMMARY:Interview [bold]"))))
    assert result.code == 0
    assert "Interview [bold]" in result.out


# --- as installed -------------------------------------------------------------------------------------------------


def test_a_program_gets_one_line_of_json_and_nothing_else(ics: Path) -> None:
    command = [sys.executable, "-m", "raincheck", "busy", "--ics", str(ics), *WINDOW, "--json"]
    result = subprocess.run(command, capture_output=True, check=True)
    assert json.loads(result.stdout) == AFTERNOON
    assert (result.stdout.count(b"\n"), result.stderr) == (1, b"")


@pytest.mark.parametrize("name", ["busy", "slots", "invite"])
def test_help_teaches_by_example(run: Callable[..., Result], name: str) -> None:
    result = run(name, "--help")
    assert result.code == 0
    assert f"raincheck {name} --" in result.out

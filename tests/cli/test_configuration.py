"""Every command takes --config, and without it finds the person's own, where it may use one that nobody named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from raincheck.cli import cli
from raincheck.errors import ConfigError
from tests.cli import letters

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = letters.CONFIG.replace("Europe/Berlin", "Asia/Kolkata")
EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
DTSTART:20261201T130000Z
DTEND:20261201T140000Z
SUMMARY:Interview
ORGANIZER:mailto:dana@acme.example
ATTENDEE;PARTSTAT=DECLINED:mailto:robin.meyer@example.net
END:VEVENT
END:VCALENDAR
"""
WITHOUT = {"demo", "times"}  # nothing to set up; every line in tells its own zone
WINDOW = ("--from", "2026-12-01", "--to", "2026-12-02")


@pytest.fixture
def config(login: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration where every command looks for it."""
    path = login / ".config" / "raincheck" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(CONFIG)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(login / ".config"))
    return path


@pytest.fixture
def event(tmp_path: Path) -> str:
    path = tmp_path / "event.ics"
    path.write_text(EVENT.replace("\n", "\r\n"))
    return str(path)


def raincheck(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, standalone_mode=False)


def test_every_command_takes_a_configuration() -> None:
    context = click.Context(cli)
    for name in set(cli.list_commands(context)) - WITHOUT:
        command = cli.get_command(context, name)
        assert command is not None
        assert any("--config" in option.opts for option in command.params), name


def test_a_mail_is_explained_by_rules_only_where_a_configuration_is_named(
    config: Path, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "decision" not in json.loads(raincheck("explain", "--json", str(mail)).stdout)
    named = raincheck("explain", "--json", "--config", str(config), str(mail))
    assert json.loads(named.stdout)["decision"]["rule"] == "no nights"
    monkeypatch.setenv("RAINCHECK_CONFIG", str(config))
    assert json.loads(raincheck("explain", "--json", str(mail)).stdout)["decision"]["rule"] == "no nights"


def test_the_letters_are_the_persons_own(config: Path) -> None:
    (config.parent / "templates" / "en").mkdir(parents=True)
    (config.parent / "templates" / "en" / "decline.txt").write_text("No.")
    assert "en/decline  (yours)\n" in raincheck("templates").stdout


def test_a_calendar_is_told_in_the_persons_zone_by_its_name(config: Path, event: str) -> None:
    config.write_text(CONFIG.replace("robin.meyer", "robin"))
    shown = raincheck("busy", "--ics", event, *WINDOW).stdout
    assert "busy from (Asia/Kolkata)" in shown
    assert "Tue 2026-12-01 18:30" in shown
    shown = raincheck("busy", "--ics", event, *WINDOW, "--tz", "Europe/Berlin").stdout
    assert "busy from (Europe/Berlin)" in shown
    assert "Tue 2026-12-01 14:00" in shown
    config.unlink()
    assert "busy from (UTC)" in raincheck("busy", "--ics", event, *WINDOW).stdout


def test_what_the_person_declined_is_known_by_their_addresses(config: Path, event: str) -> None:
    assert raincheck("busy", "--ics", event, *WINDOW).stdout == "Free all the time (Asia/Kolkata).\n"
    assert json.loads(raincheck("invite", "--eml", event, "--json").stdout)["my_partstat"] == "DECLINED"
    assert (
        json.loads(raincheck("invite", "--eml", event, "--json", "--me", "x@example.net").stdout)["my_partstat"] is None
    )


def test_where_everything_is_told_no_configuration_is_read(config: Path, event: str) -> None:
    config.write_text("this is no TOML")
    told = ("--tz", "Europe/Berlin", "--me", "x@example.net", "--json")
    assert json.loads(raincheck("busy", "--ics", event, *WINDOW, *told).stdout) == [
        {"start": "2026-12-01T13:00:00Z", "end": "2026-12-01T14:00:00Z"}
    ]


def test_a_broken_configuration_that_nobody_named_stops_nothing_that_works_without(
    config: Path, event: str, mail: Path
) -> None:
    config.write_text("this is no TOML")
    explained = raincheck("explain", "--json", str(mail))
    assert json.loads(explained.stdout)["kind"] == "invitation"
    assert explained.stderr == ""
    busy = raincheck("busy", "--ics", event, *WINDOW, "--tz", "UTC", "--json")
    assert json.loads(busy.stdout)
    assert json.loads(raincheck("invite", "--eml", event, "--json").stdout)["my_partstat"] is None
    letters = raincheck("templates")
    assert "en/decline\n" in letters.stdout
    for warned in (busy, letters):
        assert warned.stderr.startswith("raincheck: done without your configuration")
        assert str(config) in warned.stderr


@pytest.mark.parametrize("command", ["busy", "explain", "invite", "templates"])
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_broken_configuration_that_is_named_is_told(
    command: str, by: str, event: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("this is no TOML")
    arguments = {
        "busy": ("--ics", event, *WINDOW),
        "explain": (event,),
        "invite": ("--eml", event),
        "templates": (),
    }[command]
    if by == "environment":
        monkeypatch.setenv("RAINCHECK_CONFIG", str(broken))
    else:
        arguments = (*arguments, "--config", str(broken))
    assert isinstance(raincheck(command, *arguments).exception, ConfigError)


@pytest.mark.parametrize(
    "arguments",
    [
        ("pause",),
        ("resume",),
        ("draft", "c1", "decline"),
        ("reopen", "c1"),
        ("resolve", "c1", "sent"),
        ("forget", "c1"),
    ],
)
def test_a_configuration_that_is_not_there_is_told_also_where_none_is_needed(
    arguments: tuple[str, ...], login: Path
) -> None:
    result = raincheck(*arguments, "--config", str(login / "nope.toml"))
    assert isinstance(result.exception, ConfigError)
    assert "nope.toml" in str(result.exception)


@pytest.mark.parametrize("folder", ["/home/robin", "/root", "/run/user/1000", "/tmp", "/var/tmp/x"])  # noqa: S108
def test_a_system_unit_names_no_configuration_that_it_cannot_see(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = raincheck("install", "--system", "--print", "--config", f"{folder}/config.toml")
    assert isinstance(result.exception, click.BadParameter)
    assert "/etc/raincheck" in str(result.exception)
    monkeypatch.setattr("pathlib.Path.is_file", lambda _: True)
    assert "ExecStart=" in raincheck("install", "--print", "--config", f"{folder}/config.toml").stdout
    assert "ExecStart=" in raincheck("install", "--system", "--print", "--config", "/etc/raincheck/my.toml").stdout

"""Every command takes --config, and finds the person's own configuration without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

from raincheck.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
[me]
name = "Robin Meyer"
addresses = ["robin.meyer@example.net"]
timezone = "Asia/Kolkata"
[[rule]]
name = "no nights"
when = { role = "night" }
then = "decline"
"""
MAIL = """From: Dana Field <dana@acme.example>
To: Robin Meyer <robin.meyer@example.net>
Subject: Interview
Date: Mon, 23 Nov 2026 09:00:00 +0100

Hi Robin,

we would like to invite you to an interview for the Night Nurse position on Thursday at 14:00.

Best regards
Dana Field
"""
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


def test_a_mail_is_explained_by_the_persons_own_rules(config: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text(MAIL)
    assert json.loads(raincheck("explain", "--json", str(mail)).stdout)["decision"]["rule"] == "no nights"
    config.unlink()
    assert "decision" not in json.loads(raincheck("explain", "--json", str(mail)).stdout)


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

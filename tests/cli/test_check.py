"""`raincheck check` where no server answers: each failing line names the place and what to do, and nothing is made."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from raincheck import assets
from raincheck.cli.check import command
from raincheck.cli.install import unit
from tests.cli import ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = f"""\
[me]
timezone = "UTC"
languages = ["en", "de"]
{ACCOUNT}[[calendar]]
name = "file"
url = "missing.ics"
[[calendar]]
name = "secret"
url = {{ file = "calendar-url" }}
[[calendar]]
name = "address"
url = "https://127.0.0.1:9/private-3f9a/basic.ics"
allow_private_networks = true
[[rule]]
name = "thesis weeks"
when = {{ role = "x" }}
then = "decline"
template = "thesis"
"""
LETTER = assets.templates()["en/decline"]


@pytest.fixture
def home(login: Path) -> Path:
    """The folder of the configuration, beside the login."""
    folder = login.parent
    (folder / "config.toml").write_text(CONFIG)
    return folder


def check(home: Path, *, code: int = 1) -> list[dict[str, Any]]:
    result = CliRunner().invoke(
        command, ["--json", "--config", str(home / "config.toml")], standalone_mode=False, catch_exceptions=False
    )
    assert result.return_value == code, result.output
    lines: list[dict[str, Any]] = json.loads(result.stdout)
    return lines


def failing(home: Path) -> dict[str, tuple[str, str]]:
    return {line["name"]: (line["detail"], line["remedy"]) for line in check(home) if not line["ok"]}


def write(home: Path, name: str, text: str = LETTER, encoding: str = "utf-8") -> None:
    path = home / "templates" / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding)


def test_every_failing_line_says_what_to_do(home: Path) -> None:
    found = failing(home)
    assert {name for name, (_, remedy) in found.items() if not remedy} == set()
    assert {"me", "account main: IMAP", "account main: SMTP", "calendar file", "template en/thesis"} <= found.keys()


def test_nothing_is_made_before_the_first_run(home: Path) -> None:
    before = sorted(home.rglob("*"))
    (ledger,) = (line for line in check(home) if line["name"] == "ledger")
    assert sorted(home.rglob("*")) == before
    assert ledger["ok"]
    assert ledger["detail"] == f"none yet; the first run makes it in {home}/home/.local/state/raincheck"


def test_a_state_folder_that_cannot_be_made_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("STATE_DIRECTORY", str(home / "file" / "state"))
    detail, remedy = failing(home)["ledger"]
    assert f"{home}/file cannot be written to" in detail
    assert remedy


def test_a_variable_that_is_not_set_is_named_with_its_place(home: Path) -> None:
    detail, remedy = failing(home)["account main: SMTP"]
    assert "NOBODY_SETS_THIS is not set" in detail
    assert "export NOBODY_SETS_THIS=…" in remedy
    assert f"{home}/config.toml:4: accounts.main" in remedy


def test_a_server_that_does_not_answer_is_named_with_its_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOBODY_SETS_THIS", "secret")
    for side in ("IMAP", "SMTP"):
        detail, remedy = failing(home)[f"account main: {side}"]
        assert "127.0.0.1:9" in detail
        assert f"host, port and tls of {side.lower()} at {home}/config.toml:4: accounts.main" in remedy


@pytest.mark.parametrize(
    ("name", "line", "said", "remedy"),
    [
        ("file", "11: calendar[0].url", "{home}/missing.ics", "Put an iCalendar file (.ics) there"),
        ("secret", "14: calendar[1].url", "{home}/calendar-url", "alone into {home}/calendar-url, and do: chmod 600"),
        ("address", "17: calendar[2].url", "127.0.0.1", "it must give a file that begins with BEGIN:VCALENDAR"),
    ],
)
def test_a_calendar_that_is_not_there_is_named_with_file_key_and_remedy(
    name: str, line: str, said: str, remedy: str, home: Path
) -> None:
    detail, told = failing(home)[f"calendar {name}"]
    assert detail.count(said.format(home=home)) == 1
    assert remedy.format(home=home) in told
    assert (detail + told).count(f"{home}/config.toml:{line}") == 1
    assert "private-3f9a" not in detail + told  # whoever has the address reads the calendar


def test_a_calendar_that_is_a_folder_is_told_to_be_one(home: Path) -> None:
    (home / "missing.ics").mkdir()
    detail, remedy = failing(home)["calendar file"]
    assert detail.endswith(f"the path {home}/missing.ics: names a folder, not a file")
    assert remedy == f"Name the iCalendar file (.ics) in it at {home}/config.toml:11: calendar[0].url."


@pytest.mark.parametrize(
    ("address", "said"),
    [("https://[1/private", "an address that is none"), ("https:///private", "the address at no server")],
)
def test_an_address_that_is_none_is_told_like_any_other(address: str, said: str, home: Path) -> None:
    (home / "config.toml").write_text(CONFIG.replace("missing.ics", address))
    detail, remedy = failing(home)["calendar file"]
    assert said in detail
    assert "private" not in detail
    assert remedy


def test_a_calendar_in_a_private_network_is_permitted_and_not_tried_in_a_browser(home: Path) -> None:
    (home / "config.toml").write_text(CONFIG.replace("allow_private_networks = true\n", ""))
    place = f"{home}/config.toml:17: calendar[2].url"
    remedy = f"If it is meant to lie there, write allow_private_networks = true into the same table as {place}."
    assert failing(home)["calendar address"][1] == remedy


def test_an_address_that_is_no_calendar_is_blamed_and_not_its_source(home: Path) -> None:
    (home / "calendar-url").touch(mode=0o600)
    (home / "calendar-url").write_text("nowhere.ics")
    assert "Put an iCalendar file" in failing(home)["calendar secret"][1]


def test_a_language_without_letters_is_told_at_its_place(home: Path) -> None:
    (home / "config.toml").write_text(CONFIG.replace('"de"', '"fr"').replace('timezone = "UTC"', "name = 'Robin'"))
    (home / "reading").mkdir()
    (home / "reading" / "fr.toml").write_text('[language]\nfunction_words = "le la les"\n')
    told = [line for line in check(home) if line["name"] in ("me", "rules") and "“fr”" in line["detail"]]
    assert [line["name"] for line in told] == ["me"]
    assert told[0]["detail"].startswith(f"{home}/config.toml:3: me.languages[1]: there are no templates in “fr”")
    assert f"{home}/templates/fr" in told[0]["remedy"]


def test_a_language_that_is_not_read_is_not_mended_by_letters(home: Path) -> None:
    (home / "config.toml").write_text(CONFIG.replace('"de"', '"fr"').replace('timezone = "UTC"', "name = 'Robin'"))
    detail, remedy = failing(home)["me"]
    assert detail.startswith(f"{home}/config.toml:3: me.languages[1]: mails in “fr” are not read")
    assert remedy == "Take “fr” out of the list. What is read: de, en."
    write(home, "fr/decline")
    assert failing(home)["me"] == (detail, remedy)


def install(home: Path, *, config: Path | None = None) -> Path:
    """A user unit whose program is there."""
    file = home / "home" / ".config" / "systemd" / "user" / "raincheck.service"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(unit(system=False, program=sys.executable, config=config))
    return file


def test_a_unit_that_starts_with_the_tested_configuration_is_well(home: Path) -> None:
    (home / "link").symlink_to(home)
    install(home, config=home / "link" / "config.toml")
    assert "unit" not in failing(home)
    install(home)
    (home / "home" / ".config" / "raincheck").symlink_to(home)
    assert "unit" not in failing(home)


def test_a_unit_that_starts_with_another_configuration_is_told_and_fails_where_that_is_missing(home: Path) -> None:
    remedy = f"raincheck install --config {home}/config.toml, to name it in the unit"
    file = install(home, config=home / "old.toml")
    missing = f"{file}: it starts with {home}/old.toml, which is not there; tested is {home}/config.toml"
    assert failing(home)["unit"] == (missing, remedy)
    (home / "old.toml").touch()
    there = f"{file}: it starts with {home}/old.toml; tested is {home}/config.toml"
    (line,) = (line for line in check(home) if line["name"] == "unit")
    assert line == {"name": "unit", "ok": True, "detail": there, "remedy": remedy}  # it may be on trial


def test_a_unit_whose_program_is_gone_is_written_anew_with_the_same_configuration(home: Path) -> None:
    file = install(home, config=home / "config.toml")
    file.write_text(file.read_text().replace(sys.executable, "/nowhere/raincheck"))
    remedy = f"raincheck install --config {home}/config.toml, to write the right path"
    assert failing(home)["unit"] == (str(file), remedy)


def test_a_unit_that_names_none_knows_nothing_of_the_variable_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAINCHECK_CONFIG", str(home / "config.toml"))
    file = install(home)
    none = f"{file}: it names no configuration, and finds none; tested is {home}/config.toml"
    assert failing(home)["unit"][0] == none
    change = file.with_name("raincheck.service.d") / "override.conf"
    change.parent.mkdir()
    change.write_bytes(f"# caf\xe9\n[Service]\nEnvironment=RAINCHECK_CONFIG={home}/config.toml\n".encode("latin-1"))
    assert "unit" not in failing(home)


def test_a_rule_that_has_no_reason_to_tell_fails_and_one_in_some_languages_is_hinted_at(home: Path) -> None:
    moving = CONFIG.replace('then = "decline"\ntemplate = "thesis"', 'then = "reschedule"')
    (home / "config.toml").write_text(moving)
    assert f"{home}/config.toml:19: reason: the rule “thesis weeks” has none, so" in failing(home)["rules"][1]
    (home / "config.toml").write_text(moving + 'reason = "I am in my exam weeks"\n')
    (rules,) = (line for line in check(home) if line["name"] == "rules")
    assert rules["ok"]
    assert rules["detail"] == "1 rule"
    assert f"{home}/config.toml:19: reason: the rule “thesis weeks” has none in “de”" in rules["remedy"]


def test_a_template_that_a_rule_names_is_missed_in_each_language(home: Path) -> None:
    for lang in ("en", "de"):
        detail, remedy = failing(home)[f"template {lang}/thesis"]
        assert f"“thesis weeks” ({home}/config.toml:19)" in detail
        assert f"“thesis”, but there is no file {home}/templates/{lang}/thesis.txt" in detail
        assert f"mails in “{lang}”" in detail
        assert remedy.startswith('Write that file, or take template = "thesis" out of the rule.')
    write(home, "en/thesis")
    assert [name for name in failing(home) if name.startswith("template")] == ["template de/thesis"]


def test_a_template_of_a_rule_with_a_slip_in_its_name_is_to_be_renamed(home: Path) -> None:
    write(home, "en/thesys")
    write(home, "de/thesis", assets.templates()["de/decline"])
    found = failing(home)
    assert found["template en/thesis"][1].startswith(f"Rename {home}/templates/en/thesys.txt, if that is meant;")
    assert found["template en/thesys"][1].startswith("Rename it to thesis.txt, if that is meant;")


def test_a_letter_that_is_not_fit_is_shown_by_the_same_configuration(home: Path) -> None:
    write(home, "en/decline", "{{ nothing }}")
    _, remedy = failing(home)["template en/decline"]
    shown = f"`raincheck templates --config {home}/config.toml en/decline` shows the letter."
    assert remedy == f"Mend {home}/templates/en/decline.txt, or remove it to use the shipped one. {shown}"


def test_a_template_that_is_no_text_of_today_is_a_problem_of_the_configuration(home: Path) -> None:
    write(home, "de/decline", "Schöne Grüße", "latin-1")
    (line,) = check(home, code=78)
    assert f"{home}/templates/de/decline.txt: it is not written in UTF-8" in line["detail"]
    assert line["remedy"] == "Save it as UTF-8."


def test_its_help_names_every_exit_code(home: Path) -> None:
    shown = CliRunner().invoke(command, ["--help"]).stdout
    assert "Exit codes: 0 all is well, 1 something failed, 78 the configuration" in " ".join(shown.split())
    (home / "config.toml").write_text("[me")
    assert check(home, code=78)

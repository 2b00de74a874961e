"""`raincheck install`: which configuration the unit names, and what becomes of a unit that was there."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from raincheck.cli.install import command, started, unit


def install(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, standalone_mode=False)


@pytest.fixture
def config(login: Path) -> Path:
    """A configuration that lies where nobody looks by default."""
    file = login / "my.toml"
    file.touch()
    return file


@pytest.fixture
def target(login: Path) -> Path:
    """Where the user unit is written."""
    return login / ".config" / "systemd" / "user" / "raincheck.service"


def test_a_configuration_that_the_variable_names_is_named_in_the_unit(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAINCHECK_CONFIG", os.path.relpath(config))
    result = install("--print")
    start = started(result.stdout)
    assert start is not None
    assert start[1] is not None
    assert start[1].is_absolute()
    assert start[1].samefile(config)
    assert result.stderr == ""


@pytest.mark.parametrize("options", [(), ("--print",)])
def test_a_configuration_that_is_not_there_is_refused(
    options: tuple[str, ...], config: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = install(*options, "--config", f"{config}x")
    assert isinstance(result.exception, click.BadParameter)
    assert "--config: " in result.exception.format_message()
    assert f"{config}x: there is no such file. Write the configuration first" in str(result.exception)
    monkeypatch.setenv("RAINCHECK_CONFIG", f"{config}x")
    result = install(*options)
    assert isinstance(result.exception, click.BadParameter)
    assert "$RAINCHECK_CONFIG: " in result.exception.format_message()
    assert not target.exists()


def test_a_system_unit_refuses_one_that_is_not_there_too() -> None:
    result = install("--system", "--print", "--config", "/etc/nope/config.toml")
    assert isinstance(result.exception, click.BadParameter)
    assert "/etc/nope/config.toml: there is no such file" in str(result.exception)


def test_without_any_configuration_the_unit_is_written_and_what_is_missing_is_told(login: Path, target: Path) -> None:
    result = install()
    assert result.return_value == 0
    assert target.is_file()
    assert f"{login}/.config/raincheck/config.toml: file: there is no configuration" in result.stderr
    assert "before you start the unit" in result.stderr
    assert "/etc/raincheck/config.toml: there is no configuration yet" in install("--system", "--print").stderr


def test_with_a_configuration_where_it_is_looked_for_nothing_is_missing(login: Path) -> None:
    file = login / ".config" / "raincheck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.touch()
    result = install("--print")
    assert result.stderr == ""
    assert "--config" not in result.stdout.partition("ExecStart=")[2]


def test_a_unit_that_was_changed_by_hand_is_kept_beside_the_new_one(target: Path) -> None:
    kept = target.with_name("raincheck.service.bak")
    install()
    written = target.read_text()
    assert str(kept) not in install().stdout
    assert not kept.exists()
    target.write_text("# mine\n")
    result = install()
    assert f"is replaced; it is kept as {kept}" in result.stdout
    assert (target.read_text(), kept.read_text()) == (written, "# mine\n")
    target.write_text("# mine\n")
    install()
    target.write_text("# mine, too\n")
    result = install()
    assert f"is replaced; it is kept as {kept}1" in result.stdout
    assert [kept.read_text(), kept.with_name(f"{kept.name}1").read_text()] == ["# mine\n", "# mine, too\n"]


def test_what_a_unit_starts_is_read_back() -> None:
    config = Path('/home/robin/my "100 %" $/config.toml')
    assert started(unit(system=False, program="/opt/raincheck", config=config)) == (Path("/opt/raincheck"), config)
    assert started(unit(system=False, program="/opt/raincheck")) == (Path("/opt/raincheck"), None)
    by_hand = "ExecStart=/a run\nExecStart=\nExecStart=/b run \\\n  --config=/c\n"
    assert started(by_hand) == (Path("/b"), Path("/c"))
    assert started("ExecStart = -/b run --config /x/it's.toml\n") == (Path("/b"), Path("/x/it's.toml"))
    assert started('ExecStart=/b run "--config=/x/a b/c%%d.toml"\n') == (Path("/b"), Path("/x/a b/c%d.toml"))
    assert started("[Service]\n") is None

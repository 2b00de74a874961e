"""A server that fails is told with what to do about it by every command, and where the trouble is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from raincheck.cli.remedies import told
from raincheck.cli.wiring import Workshop
from raincheck.config import load
from raincheck.errors import CredentialsRejected, LedgerError, SecretError
from raincheck.service import cases
from tests.cli import ACCOUNT
from tests.cli.conftest import run

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from raincheck.errors import RaincheckError

CONFIG = f"""\
[me]
timezone = "Europe/Berlin"
{ACCOUNT}"""
UNREACHABLE = "Check host, port and tls of imap at {config}:3: accounts.main, and whether this machine is online."


@pytest.fixture
def config(login: Path) -> Path:
    path = login.parent / "config.toml"
    path.write_text(CONFIG)
    return path


def raincheck(config: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    folders = {"HOME": str(config.parent / "home"), "STATE_DIRECTORY": str(config.parent / "state")}
    return run(*arguments, "--config", str(config), environ={**folders, **environ})


def test_a_pass_logs_what_is_wrong_and_status_says_what_to_do(config: Path) -> None:
    done = raincheck(config, "run", "--once", NOBODY_SETS_THIS="secret")
    assert "account main: 127.0.0.1:9: " in done.stderr
    assert "`raincheck status` says what to do" in done.stderr
    assert str(config) not in done.stderr
    assert done.returncode == 1
    (account,) = json.loads(raincheck(config, "status", "--json").stdout)["accounts"]
    assert UNREACHABLE.format(config=config) in account["detail"]


def test_what_to_do_is_told_by_the_configuration_of_now(config: Path) -> None:
    raincheck(config, "run", "--once", NOBODY_SETS_THIS="secret")
    config.write_text(CONFIG.replace("[me]", "# A line that was not there.\n\n[me]"))
    (account,) = json.loads(raincheck(config, "status", "--json").stdout)["accounts"]
    assert f"{config}:5: accounts.main" in account["detail"]
    assert f"{config}:3" not in account["detail"]


def test_a_log_names_no_user_of_a_keyring(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    config.write_text(CONFIG.replace('{ env = "NOBODY_SETS_THIS" }', '{ keyring = "mailbox-entry" }'))
    settings = load(config)
    workshop = Workshop.open(settings, None)
    session = workshop.session(settings.accounts[0])
    locked = SecretError("the keyring is locked.")
    cases.unhealthy(session, str(locked), cases.cause(locked, "imap"))
    assert caplog.messages == ["account main: the keyring is locked; `raincheck status` says what to do"]
    (health,) = session.ledger.health()
    assert health.detail == "the keyring is locked."
    assert "keyring set mailbox-entry robin@example.net" in session.told(health)
    session.mail.close()
    session.ledger.close()


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        (SecretError("$NOBODY_SETS_THIS is not set"), "Set it where raincheck is started: export NOBODY_SETS_THIS=…"),
        (CredentialsRejected("the login was rejected: NO."), "Check username and password at {config}:3"),
        (LedgerError("the disk is full. Make room."), ""),
    ],
)
def test_only_what_is_the_servers_gets_a_remedy_of_servers(problem: RaincheckError, remedy: str, config: Path) -> None:
    (account,) = load(config).accounts
    said = told(account, problem, "imap")
    assert said.startswith(str(problem))
    assert said.removeprefix(str(problem)).strip(". ").startswith(remedy.format(config=config))
    assert ".." not in said


def test_a_dry_run_says_what_to_do(config: Path) -> None:
    done = raincheck(config, "simulate", NOBODY_SETS_THIS="secret")
    assert UNREACHABLE.format(config=config) in done.stderr
    assert done.stderr.startswith("raincheck: 127.0.0.1:9: ")
    assert done.returncode == 1

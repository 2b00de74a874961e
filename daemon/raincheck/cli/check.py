"""`raincheck check`: every part in turn, one line each, with a remedy."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raincheck.adapters.imap import ImapAccount
from raincheck.adapters.secrets import SystemSecrets
from raincheck.adapters.smtp import SmtpSubmission
from raincheck.cli.wiring import Workshop, now, state_folder
from raincheck.config import load_settings
from raincheck.core.model import Period
from raincheck.core.specimens import problems as template_problems
from raincheck.errors import ConfigError, RaincheckError, SecretError
from raincheck.service.folders import special_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.core.settings import Account

_ZONE_DATA_AGE = timedelta(days=400)  # tzdata comes out several times a year


@dataclass(frozen=True, slots=True)
class Line:
    """What one part is like; `remedy` is empty where nothing is to be done."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@click.command(
    epilog="""\b
Examples:
  raincheck check                  test everything, nothing is changed
  raincheck check --json           the same for programs; exit code 1 when something failed

The configuration is --config, else $RAINCHECK_CONFIG, else ~/.config/raincheck/config.toml,
else /etc/raincheck/config.toml."""
)
@click.option("--config", type=click.Path(path_type=Path), help="The configuration to test.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def command(config: Path | None, as_json: bool) -> int:
    """Tests configuration, rules, templates, zone data, logins, folders, calendars, clock and unit."""
    try:
        settings = load_settings(config, environ=os.environ)
    except ConfigError as problem:
        lines = [
            Line(
                f"config {p.key}",
                ok=False,
                detail=f"{p.file}{f':{p.line}' if p.line else ''}: {p.what}",
                remedy=p.remedy,
            )
            for p in problem.problems
        ]
        _print(lines, as_json)
        return 78
    workshop = Workshop.open(settings, state_folder(os.environ))
    lines = []
    for line in _lines(workshop):
        lines.append(line)
        if not as_json:
            _print([line], as_json=False)
    if as_json:
        _print(lines, as_json)
    return 0 if all(line.ok for line in lines) else 1


def _lines(workshop: Workshop) -> Iterator[Line]:
    settings = workshop.settings
    found = f"accounts: {len(settings.accounts)}, calendars: {len(settings.calendars)}"
    yield Line("config", bool(settings.accounts), found, "" if settings.accounts else "Add a table [accounts.main].")
    if not settings.me.name:
        yield Line("me", ok=False, detail="me.name is missing", remedy="Without it letters have no sender's name.")
    if settings.me.timezone == "UTC":
        yield Line(
            "me", ok=False, detail="me.timezone is UTC", remedy='Name your zone, e.g. timezone = "Europe/Berlin".'
        )
    yield Line(
        "rules", ok=not settings.warnings, detail=f"{len(settings.rules)} rules", remedy="; ".join(settings.warnings)
    )
    yield from _templates(workshop)
    yield _zone_data()
    yield _guarded("ledger", "Check the state folder's owner and free space.", lambda: _ledger(workshop))
    for account in settings.accounts:
        yield from _account(workshop, account)
    yield from _calendars(workshop)
    yield _clock()
    yield _unit()


def _guarded(name: str, remedy: str, test: Callable[[], str]) -> Line:
    """A test that answers with its detail, or fails with a RaincheckError."""
    try:
        return Line(name, ok=True, detail=test())
    except RaincheckError as problem:
        return Line(name, ok=False, detail=str(problem), remedy="" if isinstance(problem, SecretError) else remedy)


def _templates(workshop: Workshop) -> Iterator[Line]:
    found = template_problems(workshop.templates, workshop.settings)
    for name, problem in found:
        yield Line(
            f"template {name}", ok=False, detail=problem, remedy="Mend the file, or remove it to use the shipped one."
        )
    if not found:
        yield Line("templates", ok=True, detail=f"{len(workshop.templates)} files render and pass the tact check")


def _zone_data() -> Line:
    version = importlib.metadata.version("tzdata")
    year, number = (int(part) for part in version.split(".")[:2])
    newest = datetime(year, min(12, 2 * number), 1, tzinfo=UTC)
    fresh = now() - newest < _ZONE_DATA_AGE
    return Line(
        "zone data", ok=fresh, detail=f"tzdata {version}", remedy="" if fresh else "pip install --upgrade tzdata"
    )


def _ledger(workshop: Workshop) -> str:
    ledger = workshop.ledger()
    try:
        return f"{len(ledger.cases())} cases"
    finally:
        ledger.close()


def _account(workshop: Workshop, account: Account) -> Iterator[Line]:
    secrets = SystemSecrets()
    mail = ImapAccount(account, secrets)
    name = f"account {account.name}"

    def folders() -> str:
        found = special_folders(mail.folders(), account, workshop.folder_names)
        sent = "filed by the server" if found.sent_by_server else found.sent or "none"
        return f"drafts: {found.drafts}, sent: {sent}, trash: {found.trash or 'none'}"

    def watched() -> str:
        return ", ".join(f"{box}: {mail.status(box).messages} mails" for box in account.watch)

    try:
        login = _guarded(
            f"{name}: IMAP", "Check host, port, tls, username and password.", lambda: f"{len(mail.folders())} folders"
        )
        yield login
        if login.ok:
            yield _guarded(f"{name}: folders", "Name the folders in the account's table.", folders)
            yield _guarded(f"{name}: watch", "Name folders that exist in `watch`.", watched)
    finally:
        mail.close()
    yield _guarded(
        f"{name}: SMTP", "Check the smtp table: host, port, tls, login.", SmtpSubmission(account, secrets).check
    )


_CALENDAR_REMEDY = (
    "See that `url` is the address or path of an iCalendar export (.ics); where it is a secret, such as "
    'file = "calendar-url", write that address into the file (mode 0600). An address can be tried in a browser.'
)


def _calendars(workshop: Workshop) -> Iterator[Line]:
    feeds = workshop.feeds
    moment = now()
    feeds.view(Period(moment, moment + timedelta(days=21)), max_age=0)
    for health in feeds.health():
        age = "" if health.age_seconds is None else f", {health.age_seconds} s old"
        detail = f"{health.state}, {health.events} events{age}" + (f": {health.detail}" if health.detail else "")
        yield Line(
            f"calendar {health.name}",
            ok=health.ok,
            detail=detail,
            remedy="" if health.ok else _CALENDAR_REMEDY,
        )
    if not workshop.settings.calendars:
        yield Line(
            "calendar",
            ok=False,
            detail="none is configured",
            remedy="Add a [[calendar]]: without one all hours of [availability] count as free, and are offered.",
        )


def _clock() -> Line:
    """Asks systemd whether the clock is set by the network; elsewhere this cannot be known."""
    program = shutil.which("timedatectl")
    if program is None:
        return Line("clock", ok=True, detail=f"{now():%Y-%m-%d %H:%M} UTC")
    done = subprocess.run(  # noqa: S603 - a fixed program and fixed words
        [program, "show", "--property=NTPSynchronized"], capture_output=True, text=True, check=False, timeout=10
    )
    wrong = "NTPSynchronized=no" in done.stdout
    remedy = "Switch network time on: timedatectl set-ntp true" if wrong else ""
    return Line("clock", ok=not wrong, detail=f"{now():%Y-%m-%d %H:%M} UTC", remedy=remedy)


def _unit() -> Line:
    from platformdirs import user_config_path

    places = [user_config_path("systemd") / "user" / "raincheck.service", Path("/etc/systemd/system/raincheck.service")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return Line("unit", ok=True, detail="not installed", remedy="raincheck install")
    program = re.search(r"^ExecStart=(\S+)", found.read_text("utf-8"), re.MULTILINE)
    good = program is not None and Path(program[1]).exists()
    return Line("unit", ok=good, detail=str(found), remedy="" if good else "raincheck install, to write the right path")


def _print(lines: list[Line], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False))
        return
    for line in lines:
        mark = click.style("ok  ", fg="green") if line.ok else click.style("FAIL", fg="red")
        click.echo(f"{mark}  {line.name}: {line.detail}" + (f"\n      {line.remedy}" if line.remedy else ""))

"""`raincheck check`: every part in turn, one line each, with a remedy."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shlex
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
from raincheck.cli.configuration import config_option
from raincheck.cli.install import started
from raincheck.cli.remedies import for_calendar, for_server, located
from raincheck.cli.templates import again
from raincheck.cli.wiring import Workshop, ledger_for_reading, now, state_path
from raincheck.config import find, found, languages_without_letters, load, place
from raincheck.core.counted import counted
from raincheck.core.flaws import problems as template_problems
from raincheck.core.model import Period
from raincheck.errors import ConfigError, LedgerError, RaincheckError, Refused, Unreachable
from raincheck.service.folders import special_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raincheck.core.settings import Account
    from raincheck.ports import Folder

_ZONE_DATA_AGE = timedelta(days=400)  # tzdata comes out several times a year


@dataclass(frozen=True, slots=True)
class Line:
    """What one part is like; `remedy` says what to do about a part that is not well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@click.command(
    epilog="""\b
Examples:
  raincheck check                  test everything; nothing is changed, and nothing made
  raincheck check --json           the same for programs

Exit codes: 0 all is well, 1 something failed, 78 the configuration cannot be read or is wrong.

The configuration, of every command but explain, is --config, else $RAINCHECK_CONFIG,
else ~/.config/raincheck/config.toml, else /etc/raincheck/config.toml."""
)
@config_option("The configuration to test")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def command(config: Path | None, as_json: bool) -> int:
    """Tests configuration, rules, templates, zone data, logins, folders, calendars, clock and unit."""
    try:
        file = find(config, os.environ)
        settings = load(file)
        workshop = Workshop.open(settings, None)  # a look is no reason to make a state folder
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
    lines = []
    for line in _lines(workshop, file.absolute()):
        lines.append(line)
        if not as_json:
            _print([line], as_json=False)
    if as_json:
        _print(lines, as_json)
    return 0 if all(line.ok for line in lines) else 1


def _lines(workshop: Workshop, file: Path) -> Iterator[Line]:
    settings = workshop.settings
    found = f"accounts: {len(settings.accounts)}, calendars: {len(settings.calendars)}"
    some = bool(settings.accounts)
    yield Line("config", ok=some, detail=found, remedy="" if some else f"Add a table [accounts.main] to {file}.")
    if not settings.me.name:
        remedy = 'Write name = "…" under [me]: without it letters have no sender\'s name.'
        yield Line("me", ok=False, detail=f"{place(file, 'me', 'name')}: it is missing", remedy=remedy)
    if settings.me.timezone == "UTC":
        remedy = 'Name your zone under [me], e.g. timezone = "Europe/Berlin".'
        yield Line("me", ok=False, detail=f"{place(file, 'me', 'timezone')}: it is UTC", remedy=remedy)
    yield from _languages(workshop, file)
    told = "; ".join((*settings.warnings, *settings.hints))
    yield Line("rules", ok=not settings.warnings, detail=counted(len(settings.rules), "rule"), remedy=told)
    yield from _templates(workshop, file)
    yield _zone_data()
    yield _guarded("ledger", lambda _: "Check the state folder's owner and free space.", _ledger)
    for account in settings.accounts:
        yield from _account(workshop, account)
    yield from _calendars(workshop, file)
    yield _clock()
    yield _unit(file)


def _languages(workshop: Workshop, file: Path) -> Iterator[Line]:
    """The languages to answer in of which no mail is understood, or in which there is nothing to answer with."""
    me = workshop.settings.me
    speechless = languages_without_letters(me, file)
    for number, lang in enumerate(me.languages):
        if lang not in workshop.lexica.languages:
            what = f"mails in “{lang}” are not read"
            remedy = f"Take “{lang}” out of the list. What is read: {', '.join(sorted(workshop.lexica.languages))}."
        elif lang in speechless:
            what = f"there are no templates in “{lang}”"
            remedy = f"Add a folder {file.parent}/templates/{lang} with your letters, or take “{lang}” out of the list."
        else:
            continue
        detail = f"{place(file, 'me', 'languages', number)}: {what}, so such mails are left to you"
        yield Line("me", ok=False, detail=detail, remedy=remedy)


def _guarded(name: str, remedy: Callable[[RaincheckError | OSError], str], test: Callable[[], str]) -> Line:
    """A test that answers with its detail, or fails with an error that `remedy` knows what to do about."""
    try:
        return Line(name, ok=True, detail=test())
    except (RaincheckError, OSError) as problem:
        return Line(name, ok=False, detail=str(problem), remedy=remedy(problem))


def _templates(workshop: Workshop, file: Path) -> Iterator[Line]:
    found = template_problems(workshop.templates, workshop.settings, str(file.parent / "templates"), again(file))
    for flaw in found:
        yield Line(f"template {flaw.name}", ok=False, detail=flaw.what, remedy=flaw.remedy)
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


def _ledger() -> str:
    """How many cases there are; before the first run whether a ledger could be made, without making it."""
    ledger = ledger_for_reading(os.environ)
    if ledger is not None:
        try:
            return counted(len(ledger.cases()), "case")
        finally:
            ledger.close()
    folder = state_path(os.environ)
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise LedgerError(f"{folder}: there is no ledger yet, and none can be made: {there} cannot be written to")
    return f"none yet; the first run makes it in {folder}"


def _account(workshop: Workshop, account: Account) -> Iterator[Line]:
    secrets = SystemSecrets()
    mail = ImapAccount(account, secrets)
    name = f"account {account.name}"

    known: list[Folder] = []

    def logged_in() -> str:
        known.extend(mail.folders())
        return counted(len(known), "folder")

    def folders() -> str:
        found = special_folders(known, account, workshop.folder_names)
        for use, wanted, there in (("sent", account.sent, found.sent), ("trash", account.trash, found.trash)):
            if there is None and wanted not in ("auto", "server"):
                raise Refused(f"{use}: there is no folder “{wanted}”")
        sent = "filed by the server" if found.sent_by_server else found.sent or "none"
        return f"drafts: {found.drafts}, sent: {sent}, trash: {found.trash or 'none'}"

    def watched() -> str:
        return ", ".join(f"{box}: {counted(mail.status(box).messages, 'mail')}" for box in account.watch)

    def named(what: str) -> Callable[[RaincheckError | OSError], str]:
        def remedy(problem: RaincheckError | OSError) -> str:
            if isinstance(problem, Unreachable):
                return for_server(problem, account, "imap")
            return f"{what} at {account.origin}. There are: {', '.join(f'“{folder.name}”' for folder in known[:20])}."

        return remedy

    try:
        login = _guarded(f"{name}: IMAP", lambda p: for_server(p, account, "imap"), logged_in)
        yield login
        if login.ok:
            yield _guarded(f"{name}: folders", named("Name the folders by drafts, sent and trash"), folders)
            yield _guarded(f"{name}: watch", named("Name folders that exist in watch"), watched)
    finally:
        mail.close()
    yield _guarded(f"{name}: SMTP", lambda p: for_server(p, account, "smtp"), SmtpSubmission(account, secrets).check)


def _calendars(workshop: Workshop, file: Path) -> Iterator[Line]:
    feeds = workshop.feeds
    moment = now()
    feeds.view(Period(moment, moment + timedelta(days=21)), max_age=0)
    for calendar, health in zip(workshop.settings.calendars, feeds.health(), strict=True):
        age = "" if health.age_seconds is None else f", {health.age_seconds} s old"
        state = f"{health.state}, {counted(health.events, 'event')}{age}"
        if health.ok:
            detail = f"{state}: {health.detail}" if health.detail else state
            yield Line(f"calendar {health.name}", ok=True, detail=detail)
            continue
        detail = f"{state}: {located(calendar, health.detail)}"
        yield Line(f"calendar {health.name}", ok=False, detail=detail, remedy=for_calendar(calendar, health.detail))
    if not workshop.settings.calendars:
        yield Line(
            "calendar",
            ok=False,
            detail=f"{file}: calendar: none is configured",
            remedy="Add a [[calendar]]: without one all hours of [availability] count as free, and are offered.",
        )


def _clock() -> Line:
    """Asks systemd whether the clock is set by the network; elsewhere this cannot be known."""
    program = shutil.which("timedatectl")
    if program is None:
        return Line("clock", ok=True, detail=f"{now():%Y-%m-%d %H:%M} UTC")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and fixed words
            [program, "show", "--property=NTPSynchronized"], capture_output=True, text=True, check=False, timeout=10
        )
    except subprocess.TimeoutExpired:  # no system bus answers, in a container for one
        return Line("clock", ok=True, detail=f"{now():%Y-%m-%d %H:%M} UTC")
    wrong = "NTPSynchronized=no" in done.stdout
    remedy = "Switch network time on: timedatectl set-ntp true" if wrong else ""
    return Line("clock", ok=not wrong, detail=f"{now():%Y-%m-%d %H:%M} UTC", remedy=remedy)


def _unit(file: Path) -> Line:
    """Whether the unit starts a program that is there, with the configuration that is tested."""
    from platformdirs import user_config_path

    user = user_config_path("systemd") / "user" / "raincheck.service"
    unit = next((place for place in (user, Path("/etc/systemd/system/raincheck.service")) if place.is_file()), None)
    if unit is None:
        return Line("unit", ok=True, detail="not installed", remedy="raincheck install")
    changes = sorted(unit.with_name("raincheck.service.d").glob("*.conf"))  # `systemctl edit` makes them
    text = "\n".join(part.read_text("utf-8", "replace") for part in (unit, *changes))
    start = started(text)
    install = "raincheck install" if unit == user else "sudo raincheck install --system"
    install = f"{install} --config {shlex.quote(str(file))}"
    if start is None or not start[0].exists():
        return Line("unit", ok=False, detail=str(unit), remedy=f"{install}, to write the right path")
    there, other = _configuration(start[1], text, file)
    return Line("unit", ok=there, detail=f"{unit}{other}", remedy=f"{install}, to name it in the unit" if other else "")


def _configuration(config: Path | None, unit: str, tested: Path) -> tuple[bool, str]:
    """Whether the unit's configuration is there, as far as that can be known; and how it is another than the tested
    one, "" where it is not."""
    if config is None and "RAINCHECK_CONFIG" not in unit and "EnvironmentFile=" not in unit:
        config = found(None, {name: value for name, value in os.environ.items() if name != "RAINCHECK_CONFIG"})
        if config is None:
            return False, f": it names no configuration, and finds none; tested is {tested}"
    if config is None or not config.is_absolute() or config.resolve() == tested.resolve():
        return True, ""
    there = config.exists()
    return there, f": it starts with {config}{'' if there else ', which is not there'}; tested is {tested}"


def _print(lines: list[Line], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False))
        return
    for line in lines:
        mark = click.style("ok  ", fg="green") if line.ok else click.style("FAIL", fg="red")
        click.echo(f"{mark}  {line.name}: {line.detail}" + (f"\n      {line.remedy}" if line.remedy else ""))

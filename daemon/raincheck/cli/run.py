"""`raincheck run`: the service, or one pass of it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click

from raincheck.cli.configuration import config_option
from raincheck.cli.wiring import Workshop, log_to_stderr, only_instance, settle, state_folder
from raincheck.config import load_settings
from raincheck.errors import ConfigError, CredentialsRejected, Problem, RaincheckError, Refused, SecretError
from raincheck.schedule import Ending, Worker, serve
from raincheck.service import cases, hand, mailpass, upkeep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raincheck.core.settings import Account, Settings
    from raincheck.service.session import Session


@click.command(
    epilog="""\b
Examples:
  raincheck run --once             one pass over everything, then end
  raincheck run                    watch until stopped; logs go to stderr
  raincheck install                let systemd run it"""
)
@config_option()
@click.option("--once", is_flag=True, help="One pass over every account, then end.")
@click.pass_context
def command(ctx: click.Context, config: Path | None, once: bool) -> int:
    """Watches your mailboxes, writes drafts, and sends what you approved.

    Nothing is ever sent that you did not approve in your mail client.
    """
    log_to_stderr(debug=bool(ctx.find_root().params.get("debug")))
    settings = load_settings(config, environ=os.environ)
    if not settings.accounts:
        what, remedy = "there is no account", "Add a table [accounts.main]; config.example.toml shows how."
        raise ConfigError(Problem(str(config or "config.toml"), None, "accounts", what, remedy))
    state = state_folder(os.environ)
    with only_instance(state):
        return run_once(opened(settings, state)) if once else run_on(config, settings, state)


def opened(settings: Settings, state: Path) -> Workshop:
    """The workshop for the life of the process."""
    workshop = Workshop.open(settings, state)
    settle()
    return workshop


def run_once(workshop: Workshop) -> int:
    """One pass over every account: 0 when all went well, 1 when one failed, 78 when every login was refused."""
    problems: list[RaincheckError] = []
    workshop.feeds.refresh()
    if hand.paused(ledger := workshop.ledger()):
        click.echo("raincheck is paused; `raincheck resume` goes on", err=True)
    ledger.close()
    for account in workshop.settings.accounts:
        session = workshop.session(account)
        try:
            mailpass.run(session)
            problems += map(Refused, session.troubles)
        except RaincheckError as problem:
            problems.append(problem)
            cases.unhealthy(session, str(problem), cases.cause(problem, "imap"))
        finally:
            session.mail.close()
            session.ledger.close()
    if problems and all(isinstance(p, CredentialsRejected | SecretError) for p in problems):
        return 78 if len(problems) == len(workshop.settings.accounts) else 1
    return 1 if problems else 0


def run_on(config: Path | None, settings: Settings, state: Path) -> int:
    """The service until a signal ends it; SIGHUP starts it again with the new configuration, if that is valid."""
    while True:
        workshop = opened(settings, state)
        workshop.ledger().close()  # a ledger that cannot be opened must fail here, before READY
        workers = [Worker(account.name, _opener(workshop, account)) for account in settings.accounts]
        ending = asyncio.run(serve(workers, settings, workshop.feeds.refresh, _clean_up(workshop)))
        if ending is not Ending.RELOAD:
            return {Ending.STOPPED: 0, Ending.REJECTED: 78, Ending.FAILED: 1}[ending]
        try:
            settings = load_settings(config, environ=os.environ)
        except ConfigError as problem:
            click.echo(f"raincheck: the new configuration is not used: {problem}", err=True)


def _opener(workshop: Workshop, account: Account) -> Callable[[Callable[[], None]], Session]:
    return lambda beat: workshop.session(account, beat)


def _clean_up(workshop: Workshop) -> Callable[[], None]:
    def work() -> None:
        ledger = workshop.ledger()
        try:
            upkeep.clean_up(ledger, workshop.settings.notes.keep, workshop.clock)
        finally:
            ledger.close()

    return work

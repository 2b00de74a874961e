"""The commands, one module each, loaded when they are called; exit codes and error texts are decided here."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from raincheck import __version__

EXIT_FAILED = 1
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h; systemd does not restart on it

_COMMANDS = {
    "demo": "The main job on this machine, with nothing to set up.",
    "run": "The service: watch, draft, send what you approved.",
    "explain": "What is read in a mail, what would be decided, and why.",
    "simulate": "What would have been decided over the last days; nothing is touched.",
    "check": "Test every part in turn, with remedies.",
    "status": "Cases, drafts, holds, clocks and health.",
    "draft": "Draft an answer of your choice for a case.",
    "reopen": "Decide a refused or closed case again.",
    "resolve": "Say what became of an uncertain sending.",
    "forget": "Remove every trace of a case.",
    "pause": "Stop reading, drafting and sending.",
    "resume": "Go on after a pause.",
    "slots": "Free times, by your hours and calendar.",
    "busy": "Busy times of a calendar feed.",
    "invite": "Read the calendar part of a mail.",
    "times": "Find times in texts (JSON lines in and out).",
    "templates": "List, preview and check the reply templates.",
    "install": "Write and explain the systemd unit.",
}
_BY_HAND = frozenset({"draft", "reopen", "resolve", "forget", "pause", "resume"})  # small ones, in one module


class _Commands(click.Group):
    """Loads a command's module only when it is called: `--help` must not wait for mail and calendar libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        if cmd_name in _BY_HAND:
            command: click.Command = getattr(importlib.import_module("raincheck.cli.hand"), cmd_name)
        else:
            command = importlib.import_module(f"raincheck.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try `raincheck demo` first; then `raincheck explain some-mail.eml`.",
)
@click.version_option(__version__, prog_name="raincheck")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cli(debug: bool) -> None:
    """Reads interview invitations and drafts the tactful answer; you approve it in your mail client."""
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False


def main(arguments: list[str] | None = None) -> Any:
    """Runs a command and exits: 0 done, 1 failed, 2 usage, 78 configuration; errors go to stderr as one paragraph."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        result = cli.main(arguments, prog_name="raincheck", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except Exception as problem:
        if "--debug" in arguments or not _told(problem):
            raise
        sys.exit(_exit_code(problem))
    sys.exit(result if isinstance(result, int) else 0)


def _told(problem: Exception) -> bool:
    """Says an error of ours, or of the file system, in one paragraph on stderr; false for any other."""
    from raincheck.errors import RaincheckError  # here: a command that ends well, --help first, needs no errors

    if isinstance(problem, RaincheckError):
        click.echo(f"raincheck: {problem}", err=True)
    elif isinstance(problem, OSError):
        click.echo(f"raincheck: {problem.strerror or problem}: {problem.filename or 'input or output'}", err=True)
    else:
        return False
    return True


def _exit_code(problem: Exception) -> int:
    from raincheck.errors import ConfigError, CredentialsRejected, SecretError

    return EXIT_CONFIG if isinstance(problem, ConfigError | SecretError | CredentialsRejected) else EXIT_FAILED

"""The option --config, the same for every command that reads a configuration, and who does without one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.core.settings import Me

    Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(what: str = "The configuration") -> Callable[[Command], Command]:
    """`--config`, with what the command wants of it."""
    return click.option("--config", type=click.Path(path_type=Path), help=f"{what}; default: see `raincheck check`.")


def config_accepted() -> Callable[[Command], Command]:
    """`--config` for commands that need none, so that every command can be called alike."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        expose_value=False,
        help="Taken as by every command, and not needed: cases lie in the state folder.",
    )


def if_any(config: Path | None) -> Path | None:
    """The configuration that counts, for a command that can do without; None where there is none."""
    from raincheck.config import found

    return found(config, os.environ)


def person(config: Path | None) -> Me:
    """Who the person is, as far as a configuration tells; what else stands in it is not looked at."""
    from raincheck.config import load_availability
    from raincheck.core.settings import Me

    file = if_any(config)
    return load_availability(file)[1] if file else Me()

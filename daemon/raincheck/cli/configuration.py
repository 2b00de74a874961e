"""The option --config, the same for every command that reads a configuration, and who does without one.

A configuration is named (--config, $RAINCHECK_CONFIG) or found where it lies by default. Commands that work without one
end over a named one that is broken, and do without a found one that is: nobody asked for it there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from raincheck.core.settings import Me

    Command = TypeVar("Command", bound=Callable[..., Any])
    T = TypeVar("T")


def config_option(what: str = "The configuration") -> Callable[[Command], Command]:
    """`--config`, with what the command wants of it."""
    return click.option("--config", type=click.Path(path_type=Path), help=f"{what}; default: see `raincheck check`.")


def config_accepted() -> Callable[[Command], Command]:
    """`--config` for commands that need none, so that every command can be called alike."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_readable,
        help="Taken as by every command, and not needed: cases lie in the state folder.",
    )


def _readable(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    """Ends with what is wrong with a configuration that is named, though nothing of it is needed."""
    if value is not None:
        from raincheck.config import load

        load(value)


def named(config: Path | None) -> Path | None:
    """The configuration that is named; None where none is."""
    from raincheck import config as configurations

    return configurations.named(config, os.environ)


def with_any(config: Path | None, use: Callable[[Path | None], T]) -> T:
    """What `use` makes of the configuration that counts, for a command that can do without: of None where there is
    none, or one that was found and is broken, of which is warned."""
    from raincheck.config import found
    from raincheck.errors import ConfigError

    file = found(config, os.environ)
    try:
        return use(file)
    except ConfigError as problem:
        if file is None or named(config) is not None:
            raise
        click.echo(f"raincheck: done without your configuration, which has mistakes: {problem}", err=True)
        return use(None)


def person(config: Path | None) -> Me:
    """Who the person is, as far as a configuration tells; what else stands in it is not looked at."""
    from raincheck.config import load_availability
    from raincheck.core.settings import Me

    return with_any(config, lambda file: load_availability(file)[1] if file else Me())

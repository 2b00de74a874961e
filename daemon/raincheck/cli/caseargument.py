"""The argument CASE, the same for every command that is told a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])


def case_argument(*, required: bool = True) -> Callable[[Command], Command]:
    """A case by its id, or by how that begins."""
    return click.argument("case_id", metavar="CASE" if required else "[CASE]", required=required, callback=_not_empty)


def _not_empty(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Raises click.BadParameter for an empty word, an unset variable of a script for one: every id begins with it."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty; `raincheck status` lists the cases", param_hint="CASE")
    return value

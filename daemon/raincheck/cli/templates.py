"""`raincheck templates`: the letters, listed, previewed and checked."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raincheck import assets
from raincheck.cli.configuration import config_option, with_any
from raincheck.core.counted import counted
from raincheck.core.flaws import problems
from raincheck.core.settings import Me, Settings
from raincheck.core.specimens import by_rules, gallery, shown, written
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import TypeVar

    from raincheck.core.flaws import Flaw
    from raincheck.core.specimens import Specimen

    T = TypeVar("T")


@click.command(
    epilog="""\b
Examples:
  raincheck templates                          every letter there is, and whose it is
  raincheck templates decline                  how a decline reads, in every language and form
  raincheck templates de/reschedule            one letter
  raincheck templates --check --config my.toml every template under every gap a mail may leave
  raincheck templates --check en/decline       the same for what is called so

Your own templates go into the folder "templates" beside config.toml, under the name of the file they replace:
templates/en/decline.txt. What may stand in them is told in templates/README.md."""
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@config_option("Your config.toml: your name and templates")
@click.option("--check", is_flag=True, help="Write and check every letter; exit 1 when one is not fit to be sent.")
@click.option("--gallery", "as_gallery", is_flag=True, help="Every letter as one Markdown page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(names: tuple[str, ...], config: Path | None, check: bool, as_gallery: bool, as_json: bool) -> int:
    """Lists the reply templates; with NAMEs shows the letters they make, or checks these alone."""
    config, settings, templates = with_any(config, _load)
    if check:
        own = config.absolute().parent / "templates" if config else Path("templates")
        flaws = problems(templates, settings, str(own), again(config))
        files = _chosen(names, {*templates, *(flaw.name for flaw in flaws)}, _names, config)
        return _check(_of(files, flaws), len(files.intersection(templates)), as_json=as_json)
    letters = [
        letter
        for folder in settings.me.languages
        for letter in (*shown(folder, templates), *by_rules(folder, templates, settings))
    ]
    chosen = _chosen(names, letters, _is_called, config)
    if as_gallery:
        click.echo(gallery(templates, settings.me.languages, {letter.name for letter in chosen}), nl=False)
        return 0
    if not names:
        return _list(letters, templates, as_json=as_json)
    return max(_show(name, letters, templates, settings, as_json=as_json) for name in names)


def again(config: Path | None) -> str:
    """This command as it is typed for the same configuration: without it, it would tell of the shipped letters."""
    return f"raincheck templates --config {shlex.quote(str(config))}" if config else "raincheck templates"


def _load(config: Path | None) -> tuple[Path | None, Settings, Mapping[str, str]]:
    """The configuration with the person's settings and templates; without one the shipped ones, in all languages."""
    if config is None:
        templates = assets.templates()
        folders = {name.partition("/")[0] for name in templates if name.endswith("/language")}
        languages = ("en", *sorted(folders - {"en"}))
        me = Me(
            "Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin", languages=languages, signature="Robin Meyer"
        )
        return None, Settings(me=me), templates
    from raincheck.config import load_settings

    settings = load_settings(config, environ=os.environ)
    templates = assets.templates(Path(settings.template_folder) if settings.template_folder else None)
    return config, settings, templates


def _list(letters: list[Specimen], templates: Mapping[str, str], *, as_json: bool) -> int:
    shipped = assets.templates()
    rows = [{"name": s.name, "own": shipped.get(s.name) != templates[s.name]} for s in letters]
    if as_json:
        click.echo(json.dumps(rows))
        return 0
    for row in rows:
        click.echo(f"{row['name']}{'  (yours)' if row['own'] else ''}")
    return 0


def _is_called(name: str, letter: Specimen) -> bool:
    return name in (letter.name, letter.name.partition("/")[2], letter.template or letter.letter, letter.folder)


def _chosen(
    names: Sequence[str], things: Collection[T], called: Callable[[str, T], bool], config: Path | None
) -> frozenset[T]:
    """What the names mean, all without any. Raises click.BadParameter for a name that means nothing."""
    chosen = {name: frozenset(thing for thing in things if called(name, thing)) for name in names}
    for name, found in chosen.items():
        if not found:
            told = f"there is no template {name!r}; `{again(config)}` lists them"
            raise click.BadParameter(told, param_hint="NAME")
    return frozenset().union(*chosen.values()) if names else frozenset(things)


def _names(name: str, file: str) -> bool:
    """Whether a template file is meant: by its path, its name in any language, its outcome alone, or its language."""
    folder, _, rest = file.partition("/")
    return name in (file, rest, rest.partition(".")[0], folder)


def _of(files: Collection[str], flaws: Sequence[Flaw]) -> Sequence[Flaw]:
    """What is wrong with these files; a language that cannot be read is wrong with all its letters."""
    languages = {f"{file.partition('/')[0]}/language" for file in files}
    return [flaw for flaw in flaws if flaw.name in languages or flaw.name in files]


def _show(
    name: str, letters: list[Specimen], templates: Mapping[str, str], settings: Settings, *, as_json: bool
) -> int:
    failed = False
    for specimen in (letter for letter in letters if _is_called(name, letter)):
        try:
            text, problem = written(specimen, templates, me=settings.me).body, None
        except NotWritable as found:
            text, problem, failed = "", str(found), True
        if as_json:
            click.echo(json.dumps({"name": specimen.name, "text": text, "problem": problem}, ensure_ascii=False))
        else:
            click.secho(specimen.name, bold=True)
            click.echo(f"\n{problem or text}\n")
    return int(failed)


def _check(found: Sequence[Flaw], files: int, *, as_json: bool) -> int:
    if as_json:
        rows = [{"name": flaw.name, "problem": flaw.what, "remedy": flaw.remedy} for flaw in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for flaw in found:
            click.echo(f"{flaw.name}: {flaw.what}\n  {flaw.remedy}")
        if not found:
            click.echo(f"{counted(files, 'file')}, every letter is fit to be sent")
    return int(bool(found))

"""What is wrong with the templates, as far as it can be known before a mail comes: `check` and `templates --check`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING

from raincheck.core.compose import Letter
from raincheck.core.model import Kind
from raincheck.core.specimens import OUTCOMES, VARIANTS, by_rules, shown, written
from raincheck.core.wording import parse_language
from raincheck.errors import ConfigError, NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.core.settings import Settings
    from raincheck.core.specimens import Specimen

_NO_LETTERS = ("language", "note", "note.alert", "note.health", "note.brief")
_MANUAL = "templates/README.md tells what stands in it."


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one template, and what to do about it."""

    name: str  # "en/decline.agency", whether there is such a file or not
    what: str
    remedy: str


def problems(
    templates: Mapping[str, str],
    settings: Settings,
    place: str = "templates",
    command: str = "raincheck templates",
) -> tuple[Flaw, ...]:
    """What is wrong with the templates of the languages that the person answers in; `place` is the folder of their own,
    `command` what shows a letter when its name is put behind it.

    Every letter is written as it would be for mails that say everything and that say nothing, in one zone and in two,
    and held against the tact check; the person's own templates named in rules as well. Those that are not there, and
    files that no letter will ever be made of, are told too.
    """
    found: list[Flaw] = []
    for lang in settings.me.languages:
        if f"{lang}/language" in templates:
            found += _in_language(lang, templates, settings, place, command)
        elif any(name.startswith(f"{lang}/") for name in templates):
            what = f"there is no language.toml beside these letters, so mails in “{lang}” are left to you"
            found.append(Flaw(f"{lang}/language", what, f"Write {place}/{lang}/language.toml. {_MANUAL}"))
    return tuple(found)


def _in_language(
    folder: str, templates: Mapping[str, str], settings: Settings, place: str, command: str
) -> Iterator[Flaw]:
    try:
        language = parse_language(templates[f"{folder}/language"], f"{folder}/language.toml")
    except ConfigError as problem:
        yield Flaw(f"{folder}/language", str(problem), f"Mend {place}/{folder}/language.toml, or remove it. {_MANUAL}")
        return
    ill: dict[str, Flaw] = {}
    for specimen in (*shown(folder, templates), *by_rules(folder, templates, settings)):
        for one in _extremes(specimen):
            try:
                written(one, templates, me=settings.me)
            except NotWritable as problem:
                file = f"{place}/{one.name}.txt" if one.name in templates else "the file"
                mend = f"Mend {file}"
                mend += ", or remove it to use the shipped one." if one.template is None else "."
                mend += f" `{command} {one.name}` shows the letter."
                ill.setdefault(one.name, Flaw(one.name, str(problem), mend))
    yield from ill.values()
    usable = _usable_names(settings, forms=language.forms)
    strays = [
        name
        for name in templates
        if name.startswith(f"{folder}/") and name.partition("/")[2] not in (*usable, *_NO_LETTERS)
    ]
    yield from _missing(folder, templates, settings, place, strays)
    yield from (_misnamed(stray, usable) for stray in strays)


def _usable_names(settings: Settings, *, forms: bool) -> tuple[str, ...]:
    """Every file name, without folder and ending, of which a letter can be made in a language with or without forms."""
    letters = {outcome: letter for letter, outcome in OUTCOMES.items()}
    bases: list[tuple[str, Letter | None]] = [(letter, letter) for letter in Letter]
    bases += [(rule.template, letters.get(rule.then)) for rule in settings.rules if rule.template]
    names: dict[str, None] = {}
    for base, letter in bases:
        there = {"second": letter is Letter.RESCHEDULE, "agency": True, "informal": forms}
        variants = [variant for variant, wanted in there.items() if wanted]
        chosen = (some for size in range(len(variants) + 1) for some in combinations(variants, size))
        names |= dict.fromkeys(".".join((base, *some)) for some in chosen)
    return tuple(names)


def _missing(
    folder: str, templates: Mapping[str, str], settings: Settings, place: str, strays: Iterable[str]
) -> Iterator[Flaw]:
    """Letters that cannot be written for want of a file: those that rules name, and in a language of the person's own
    the usual ones as well."""
    near = {stray.partition("/")[2]: stray for stray in strays}
    for rule in settings.rules:
        name = f"{folder}/{rule.template}"
        if rule.template is None or rule.then not in OUTCOMES.values() or name in templates:
            continue
        what = (
            f"the rule “{rule.name}” ({rule.origin}) names the template “{rule.template}”, but there is no file "
            f"{place}/{name}.txt, so the mails in “{folder}” that it decides are left to you"
        )
        meant = get_close_matches(rule.template, near, n=1)
        rename = f"Rename {place}/{near[meant[0]]}.txt, if that is meant; or write" if meant else "Write"
        yield Flaw(name, what, f'{rename} that file, or take template = "{rule.template}" out of the rule. {_MANUAL}')
    for letter in Letter:
        if f"{folder}/{letter}" not in templates:
            what = f"this letter is missing, so the mails in “{folder}” that need it are left to you"
            yield Flaw(f"{folder}/{letter}", what, f"Write {place}/{folder}/{letter}.txt. {_MANUAL}")


def _misnamed(stray: str, usable: Sequence[str]) -> Flaw:
    """A file that no decision will ever choose: a slip in the name, most likely."""
    folder, _, file = stray.partition("/")
    what = "no letter has this name, and no rule names it as its template"
    base = file.partition(".")[0]
    if base in set(Letter):
        siblings = ", ".join(f"{name}.txt" for name in usable if f"{name}.".startswith(f"{base}."))
        what += f"; in “{folder}” there can be {siblings}"
    meant = _meant(file, usable)
    rename = f"Rename it to {meant}.txt, if that is meant; or name" if meant else "Name"
    return Flaw(stray, what, f'{rename} it in a rule: template = "{file}"; or remove it.')


def _meant(file: str, usable: Sequence[str]) -> str | None:
    """The usable name that is nearest: without the variants that cannot be, in the right order, or better spelt."""
    parts = set(file.split("."))
    if parts <= {*VARIANTS, *(part for name in usable for part in name.split("."))}:
        return max((name for name in usable if parts.issuperset(name.split("."))), key=len, default=None)
    return next(iter(get_close_matches(file, usable, n=1)), None)


def _extremes(specimen: Specimen) -> Iterator[Specimen]:
    """The case where the mail says everything, the one where it says next to nothing, and outreach."""
    appointed = specimen.letter in (Letter.ACCEPT, Letter.CONFIRM)
    yield specimen
    yield replace(specimen, zone="Asia/Tokyo", call_first=True, kind=Kind.RESCHEDULE, seed="b")
    yield replace(specimen, role=None, company=None, contact=None, reason=False, appointment=appointed, seed="c")
    yield replace(specimen, kind=Kind.OUTREACH, reason=False, company=None, seed="d")

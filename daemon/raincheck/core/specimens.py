"""Sample cases for every kind of letter: what previews, checks and docs/replies.md are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale

from raincheck.core.compose import Letter, compose
from raincheck.core.flowed import flow
from raincheck.core.model import (
    Address,
    Case,
    CaseState,
    Decision,
    Kind,
    Message,
    Outcome,
    Period,
    Reading,
    Segment,
    SegmentKind,
    Slot,
)
from raincheck.core.settings import Me, Replies, Settings
from raincheck.core.wording import parse_language

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from raincheck.core.model import Reply

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
_ZONE = ZoneInfo("Europe/Berlin")
OUTCOMES = {
    Letter.DECLINE: Outcome.DECLINE,
    Letter.RESCHEDULE: Outcome.RESCHEDULE,
    Letter.PROPOSE: Outcome.PROPOSE,
    Letter.ACCEPT: Outcome.ACCEPT,
}
VARIANTS = frozenset({"second", "agency", "informal"})
_WITH_TIMES = frozenset({Letter.RESCHEDULE, Letter.PROPOSE, Letter.AFTER_CALL})


@dataclass(frozen=True, slots=True)
class Specimen:
    """One sample case: which letter, in which circumstances."""

    folder: str
    letter: Letter
    variants: tuple[str, ...] = ()  # agency, second, informal
    role: str | None = "Backend Engineer (m/f/x)"
    company: str | None = "Brightwave"
    contact: str | None = "Dana Weber"
    kind: Kind = Kind.INVITATION
    zone: str | None = "Europe/Berlin"
    reason: bool = True  # a decline tells one
    ruled: bool = False  # a rule asks for another time or proposes some, and gives the reason
    referral: bool = False
    appointment: bool = True
    seed: str = "specimen"
    template: str | None = None  # instead of the letter's own
    call_first: bool = False

    @property
    def name(self) -> str:
        """The name of the template that it shows, e.g. "en/decline.agency"."""
        return f"{self.folder}/{'.'.join((self.template or self.letter, *self.variants))}"


def shown(folder: str, templates: Mapping[str, str]) -> Iterator[Specimen]:
    """One specimen for each letter template of a language."""
    for name in sorted(templates):
        letter, *variants = name.partition("/")[2].split(".")
        if name.startswith(f"{folder}/") and letter in set(Letter) and VARIANTS.issuperset(variants):
            yield Specimen(folder, Letter(letter), tuple(variants), contact="Dana Weber")


def varied(folder: str, templates: Mapping[str, str]) -> Iterator[Specimen]:
    """Every letter template of a language under every combination of what a mail may leave unsaid."""
    for specimen in shown(folder, templates):
        kinds = (Kind.INVITATION, Kind.OUTREACH, Kind.RESCHEDULE)
        bools = (True, False)
        for role, company, contact, reason, appointment, kind in product(bools, bools, bools, bools, bools, kinds):
            if specimen.letter in (Letter.ACCEPT, Letter.CONFIRM) and not appointment:
                continue
            yield replace(
                specimen,
                role="Backend Engineer (m/f/x)" if role else None,
                company="Brightwave" if company else None,
                contact="Dana Weber" if contact else None,
                reason=reason,
                referral=reason and specimen.letter is Letter.DECLINE,
                appointment=appointment,
                kind=kind,
                seed=f"{role}{company}{contact}{reason}{appointment}{kind}",
                zone="Europe/London" if role else None,
                call_first=company,
                ruled=reason and specimen.letter in (Letter.RESCHEDULE, Letter.PROPOSE),
            )


def gallery(templates: Mapping[str, str], folders: Iterable[str], wanted: Container[str] | None = None) -> str:
    """The letters of these templates (None: of all) as finished text, as Markdown: docs/replies.md is made of this."""
    return "\n".join([_GALLERY_HEAD, *(page for folder in folders for page in _pages(folder, templates, wanted))])


def _pages(folder: str, templates: Mapping[str, str], wanted: Container[str] | None) -> Iterator[str]:
    far = Specimen(folder, Letter.RESCHEDULE, zone="Europe/London", seed="far")
    letters = [(f"`{letter.name}`", letter) for letter in shown(folder, templates)]
    letters.append((f"`{far.name}`, to someone in another zone", far))
    letters = [(title, letter) for title, letter in letters if wanted is None or letter.name in wanted]
    if letters:
        locale = Locale.parse(parse_language(templates[f"{folder}/language"]).locale)
        yield f"## {locale.get_language_name('en')}\n"
    for title, letter in letters:
        yield _page(title, letter, templates)


def _page(title: str, specimen: Specimen, templates: Mapping[str, str]) -> str:
    lines = flow(written(specimen, templates).body).rstrip("\n").split("\n")
    text = "\n".join(line.rstrip() for line in lines)
    return f"### {title}\n\n```text\n{text}\n```\n"


_GALLERY_HEAD = """# The letters

Every letter that raincheck writes, as its reader gets it.
This page is made by `raincheck templates --gallery`; how to change a letter is told in `templates/README.md`.
Openings and closings vary from case to case, so that two people at one company hardly get the same text.
"""


def by_rules(folder: str, templates: Mapping[str, str], settings: Settings) -> Iterator[Specimen]:
    """Templates that rules name, as letters of the rule's outcome."""
    letters = {outcome: letter for letter, outcome in OUTCOMES.items()}
    for rule in settings.rules:
        if rule.template and rule.then in letters and f"{folder}/{rule.template}" in templates:
            yield Specimen(folder, letters[rule.then], template=rule.template)


def written(specimen: Specimen, templates: Mapping[str, str], *, me: Me | None = None) -> Reply:
    """The letter of a specimen. Raises NotWritable with what is wrong with it, ConfigError for its language.toml."""
    lang = specimen.folder.partition("-")[0]
    language = parse_language(templates[f"{specimen.folder}/language"], f"{specimen.folder}/language.toml")
    sample = Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin", signature="Robin Meyer")
    person = me if me is not None and me.addresses else sample
    person = replace(person, languages=(lang,), phone=person.phone or "+49 30 5550 0100")
    title = next(iter(language.greeting.titled), "")
    informal = "informal" in specimen.variants
    reading = Reading(
        specimen.kind,
        actionable=True,
        confidence=1.0,
        lang=lang,
        formal=not informal if language.forms else None,
        role=specimen.role,
        company=specimen.company,
        contact=specimen.contact,
        reply_to="dana.weber@brightwave.example",
        agency="agency" in specimen.variants,
        zone=specimen.zone,
    )
    message = Message(
        "<invitation@brightwave.example>",
        NOW,
        Address(specimen.contact or "", "dana.weber@brightwave.example"),
        "Backend Engineer",
        (Segment(SegmentKind.SIGNATURE, f"{title} {specimen.contact}" if specimen.contact else ""),),
        to=(Address("", person.addresses[0]),),
    )
    return compose(
        _decision(specimen, language.sample),
        reading,
        message,
        _case(specimen),
        Settings(me=person, replies=Replies(quote=False)),
        templates,
        now=NOW,
        letter=None if specimen.letter in OUTCOMES else specimen.letter,
    )


def _decision(specimen: Specimen, sample: Mapping[str, str]) -> Decision:
    day = datetime(2026, 12, 1, 14, 30, tzinfo=ZoneInfo(specimen.zone) if specimen.zone else _ZONE)
    decline = specimen.letter is Letter.DECLINE
    return Decision(
        OUTCOMES.get(specimen.letter, Outcome.LEAVE),
        "a preview",
        template=specimen.template,
        alternatives=_alternatives() if specimen.letter in _WITH_TIMES else (),
        appointment=Slot(day, day + timedelta(minutes=45)) if specimen.appointment else None,
        told_reason=sample.get("reason") if (specimen.reason and decline) or specimen.ruled else None,
        referral=sample.get("referral") if specimen.referral else None,
        call_first=specimen.call_first,
        from_rule=decline or specimen.ruled,
    )


def _alternatives() -> tuple[Period, ...]:
    starts = ((3, 10, 0), (4, 14, 30), (7, 9, 30))
    return tuple(
        Period(start, start + timedelta(minutes=45))
        for start in (datetime(2026, 12, day, hour, minute, tzinfo=_ZONE) for day, hour, minute in starts)
    )


def _case(specimen: Specimen) -> Case:
    moved = 1 if "second" in specimen.variants else 0
    return Case(specimen.seed, "preview", CaseState.LEFT, NOW, NOW, reschedules_by_me=moved)

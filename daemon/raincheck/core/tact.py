"""What a letter must and must not hold before a person may receive it.

The check knows the letter only as text, so it guards the person's own templates as well as ours. It works by striking
out what is known to be true and wanted (offered times, role, company, the person's own reason) and looking hard at
what is left. Words that show thanks, apology and the like are data: `[tact]` in language.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale

from raincheck.core.counted import counted
from raincheck.core.templating import role_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from raincheck.core.model import Decision, Reading, Reply
    from raincheck.core.settings import Me
    from raincheck.core.wording import Language, Wording

# Letters by name of template: the parts they need (keys of [tact]), and how many words they may have.
_PARTS: dict[str, tuple[str, ...]] = {
    "decline": ("thanks", "wish"),
    "reschedule": ("thanks", "cannot", "apology", "interest"),
    "propose": ("thanks",),
    "accept": ("thanks",),
    "confirm": (),
    "follow_up": ("interest",),
    "check_in": (),
    "after_call": ("thanks",),
}
_LONG = (40, 140)
_SHORT = (15, 80)
_LENGTHS = {"decline": _LONG, "reschedule": _LONG, "propose": _LONG}
_WITH_TIMES = (15, 140)  # a short letter that also offers times

_PLACEHOLDER = re.compile(
    r"\{[{%#]|[}%#]\}|\[[^\]\n]{0,40}\]|\bXXX\b|\bTODO\b|\bTBD\b|\bNone\b|\b[Nn]ull\b|\bundefined\b"
)
_EMPTY = re.compile(r"[ \t]{2,}|[ \t][,.](?!\d)|,[,.]|(?<!\.)\.\.(?!\.)|\(\s*\)|“\s*”|\"\s*\"|^[,.]|\n[,.]")
_MARKUP = re.compile(r"</?[a-z!]|&[a-z]{2,8};|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d(?!\d)|\b\d{1,2}\s?(?:a\.?m|p\.?m|uhr|heures?|horas|uur)\b",
    re.IGNORECASE,
)
_STRUCK = "…"


@dataclass(frozen=True, slots=True)
class _Text:
    """A letter's own words: without signature block, with all that is vouched for struck out."""

    whole: str
    struck: str
    length: int  # in words, a time counting as one
    sentences: tuple[str, ...]  # of the struck text after the greeting, case-folded


def check(
    reply: Reply,
    decision: Decision,
    reading: Reading,
    language: Language,
    wording: Wording,
    *,
    letter: str,
    now: datetime,
    me: Me,
) -> tuple[str, ...]:
    """Everything that is wrong with a finished letter, as clauses; empty when it may be sent."""
    whole = reply.body.partition("\n-- \n")[0]
    vouched = (*_own_words(decision), *_names(reading, me, language))
    times = tuple(_times(decision, wording))
    timeless = _strike(whole, times, "time")
    struck = _strike(_strike(whole, times), vouched)
    after_greeting = struck.partition("\n\n")[2]
    sentences = (s.casefold() for s in re.split(r"(?<=[.!?])\s+|\n\n", after_greeting) if s.strip())
    text = _Text(whole, struck, words(timeless), tuple(sentences))
    return (
        *_form(text, letter, offers=bool(decision.alternatives)),
        *_parts(text, letter, language),
        *_times_problems(text, decision, wording, language, now),
        *_language(reply, reading),
    )


def words(body: str) -> int:
    """Words of a letter without its signature block."""
    return len(re.findall(r"[^\W_]+(?:[-'’./][^\W_]+)*", body.partition("\n-- \n")[0]))


# --- parts of the check -------------------------------------------------------------------------------------------


def _form(text: _Text, letter: str, *, offers: bool) -> Iterator[str]:
    least, most = _LENGTHS.get(letter, _WITH_TIMES if offers else _SHORT)
    if not least <= (count := text.length) <= most:
        yield f"it has {counted(count, 'word')}, and {least} to {most} are right"
    if found := _PLACEHOLDER.search(text.struck):
        yield f"a placeholder is left in it ({found.group()!r})"
    if found := _EMPTY.search(text.whole):
        yield f"something is missing near {text.whole[max(0, found.start() - 20) : found.end() + 10]!r}"
    if _MARKUP.search(text.whole):
        yield "it holds markup or control characters"


def _parts(text: _Text, letter: str, language: Language) -> Iterator[str]:
    everything = " ".join(text.sentences)
    for part in _PARTS.get(letter, ()):
        if not _has(everything, language.tact[part]):
            yield f"it lacks a word of {part}"
    if letter == "decline" and not _has(" ".join(text.sentences[:2]), language.tact["decline"]):
        yield "the decision is not clear within the first two sentences"
    if sum(_has(sentence, language.tact["apology"]) for sentence in text.sentences) > 1:
        yield "it apologises more than once"
    for topic in language.tact["forbidden"]:
        if topic.casefold() in text.struck.casefold():
            yield f"it speaks of what does not belong into it ({topic})"


def _times_problems(
    text: _Text, decision: Decision, wording: Wording, language: Language, now: datetime
) -> Iterator[str]:
    for period in decision.alternatives:
        if wording.option(period.start) not in text.whole:
            yield f"it does not offer {wording.option(period.start)}"
        if period.start <= now:
            yield f"it offers a time that has passed ({wording.option(period.start)})"
    days = Locale.parse(language.locale).days["format"]
    names = set(days["wide"].values())
    if _CLOCK.search(text.struck) or re.search(
        rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b", text.struck, re.IGNORECASE
    ):
        yield "it names a time that was not checked against the calendar"


def _language(reply: Reply, reading: Reading) -> Iterator[str]:
    folder = reply.template.partition("/")[0].partition("-")[0]
    if reading.lang is not None and folder != reading.lang:
        yield f"it is written in another language ({folder}) than the mail ({reading.lang})"


# --- what is vouched for ------------------------------------------------------------------------------------------


def _times(decision: Decision, wording: Wording) -> Iterator[str]:
    for period in decision.alternatives:
        yield wording.option(period.start)
        yield wording.moment(period.start)
    if decision.appointment is not None:
        yield wording.moment(decision.appointment.start)
        yield wording.option(decision.appointment.start)


def _own_words(decision: Decision) -> Iterator[str]:
    for words_ in (decision.told_reason, decision.referral):
        if words_:
            stripped = " ".join(words_.split()).rstrip(" .!;,")
            yield stripped
            yield stripped[0].lower() + stripped[1:]


def _names(reading: Reading, me: Me, language: Language) -> Iterator[str]:
    """Names as the mail has them and as the letter has them; a surname may well be a day of the week."""
    for name in (reading.role, role_name(reading.role, language.roles.tail), reading.company, me.phone):
        if name:
            yield " ".join(name.split())
    for person in (reading.contact, me.name):
        yield from (word for word in re.split(r"[\s,]+", person or "") if len(word) > 1)


def _strike(text: str, known: Iterable[str], instead: str = _STRUCK) -> str:
    """The text without these pieces as whole words, the longest first, in whatever case."""
    pieces = "|".join(re.escape(piece) for piece in sorted(filter(None, known), key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{pieces})(?!\w)", instead, text, flags=re.IGNORECASE) if pieces else text


def _has(text: str, marks: Iterable[str]) -> bool:
    return any(mark.casefold() in text for mark in marks)

"""From a Message to a Reading: language, calendar object, fields, times, kind; then what contradicts itself.

A text/calendar part outranks prose. Nothing is guessed: what a careful reader could take in two ways is `unsure`. Of a
mail in a language that is not read, a calendar part, names and links are read: what it wants, and what its times are
for, is told by words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from raincheck.core.itip import parse_scheduling
from raincheck.core.model import Kind, Reading, Unsure
from raincheck.core.reading.appointments import Appointments, read_appointments
from raincheck.core.reading.fields import Facts, read_fields
from raincheck.core.reading.kind import MACHINES, KindReading, Signals, classify, look
from raincheck.core.reading.language import detect, formality, not_read
from raincheck.core.recipients import RESERVED, registrable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import TypeVar

    from raincheck.core.model import Message, SchedulingRequest
    from raincheck.core.reading.fields.text import Found
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.reading.senders import Senders
    from raincheck.core.settings import Me

    T = TypeVar("T")

_NOT_UNDERSTOOD: Final = 0.2  # confidence, at most, in what a mail is whose text was not read


def read(message: Message, lexica: Lexica, me: Me, *, now: datetime | None = None) -> Reading:
    """What a careful person reads in the mail. Never raises for what a mail holds.

    Relative dates count from `now` where it is given, else from the mail's own Date.
    """
    lang = detect(message, lexica.languages, lexica.unread)
    request = parse_scheduling(message.calendar_parts, me.addresses, tz=me.timezone)
    strange = None if message.automatic in MACHINES else not_read(message, lang, lexica.languages, lexica.unread)
    if strange is not None and request is None:
        facts = read_fields(message, request, lang, lexica.fields, me)
        public = lexica.kinds.senders.is_public_body(message.from_)
        kind = KindReading(Kind.OTHER, actionable=False, confidence=_NOT_UNDERSTOOD, cues=(), public_body=public)
        return _half_read(_reading(lang, None, None, facts, Appointments(), kind), strange)
    learned = lexica.learned.get(lang or "")
    looked = look(message, lexica.kinds, request, learned)
    if looked.idle and request is None and not message.in_reply_to:  # what belongs to a case is read in full
        kind = classify(looked, message, lexica.kinds, Signals(scheduling=request), learned)
        return Reading(kind=kind.kind, actionable=False, confidence=kind.confidence, lang=lang, evidence=kind.cues)
    facts, times = findings(message, request, lang, lexica, me, now=now)
    kind = classify(looked, message, lexica.kinds, signals(message, request, facts, times), learned)
    formal = (
        formality(message.newest, lexica.languages[lang]) if lang is not None and lang in lexica.languages else None
    )
    if kind.asks_nothing and any(told.field == "reply_by" and told.source == "calendar" for told in times.evidence):
        evidence = tuple(told for told in times.evidence if told.field != "reply_by")
        times = replace(times, reply_by=None, evidence=evidence)  # colleagues may be asked for a scorecard
    reading = _reading(lang, formal, request, facts, times, kind)
    if kind.actionable and not looked.applied and _of_own_house(message, me, lexica.kinds.senders):
        told = "it comes from your own domain, where a colleague may ask you to interview somebody"
        reading = replace(reading, unsure=(*reading.unsure, Unsure("kind", told)))
    return reading if strange is None else _half_read(reading, strange)


def _of_own_house(message: Message, me: Me, senders: Senders) -> bool:
    """Whether the sender and the person share a host, other than those at which everybody may have an address."""
    sender = message.from_
    if sender is None or senders.is_freemail(sender) or sender.domain in RESERVED:
        return False
    box = sender.local_part.lower().partition("+")[0]  # RFC 5233
    theirs = [own.partition("@") for own in me.addresses if own.endswith(f"@{sender.domain}")]
    return bool(theirs) and all(local.partition("+")[0] != box for local, _, _ in theirs)


def _half_read(reading: Reading, strange: str) -> Reading:
    """Names, links and what a calendar part says, and that nobody read the words beside them."""
    doubt = Unsure("kind", strange if reading.scheduling is None else f"{strange}; only its calendar part is")
    confidence = min(reading.confidence, _NOT_UNDERSTOOD)
    return replace(reading, confidence=confidence, unsure=(*reading.unsure, doubt))


def findings(
    message: Message,
    request: SchedulingRequest | None,
    lang: str | None,
    lexica: Lexica,
    me: Me,
    *,
    now: datetime | None = None,
) -> tuple[Facts, Appointments]:
    """Who, what, where, and the times, whatever kind of mail it is."""
    facts = read_fields(message, request, lang, lexica.fields, me)
    times = read_appointments(
        message,
        lexica.appointments,
        lang=lang,
        own_zone=me.timezone,
        scheduling=request,
        date_order=me.date_order,
        region=_country(message),
        now=now,
    )
    return facts, times


def _reading(
    lang: str | None,
    formal: bool | None,
    request: SchedulingRequest | None,
    facts: Facts,
    times: Appointments,
    kind: KindReading,
) -> Reading:
    """All parts together."""
    return Reading(
        kind=kind.kind,
        actionable=kind.actionable,
        confidence=kind.confidence,
        unsure=(*facts.unsure, *times.unsure, *_contradictions(kind, times, request)),
        lang=lang,
        formal=formal,
        role=_value(facts.role),
        company=_value(facts.company),
        contact=_value(facts.contact),
        reply_to=None if kind.kind is Kind.SCAM else _value(facts.reply.found),
        agency=facts.agency.value if kind.kind not in (Kind.SCAM, Kind.OTHER) or kind.rival else None,
        stage=_value(facts.stage),
        format=_value(facts.format),
        location=_value(facts.location),
        url=_value(facts.url),
        scheduling_link=_value(facts.scheduling_link),
        phone=_value(facts.phone),
        duration_minutes=times.duration_minutes,
        reply_by=times.reply_by,
        slots=times.slots,
        windows=times.windows,
        periods=times.periods,
        salary=_value(facts.salary),
        remote=_value(facts.remote),
        seniority=_value(facts.seniority),
        skills=tuple(found.value for found in facts.skills),
        evidence=(*kind.cues, *facts.evidence(), *times.evidence),
        zone=times.zone,
        previous_slots=times.previous_slots,
        public_body=kind.public_body,
        scheduling=request,
    )


def _value(found: Found[T] | None) -> T | None:
    return None if found is None else found.value


def signals(message: Message, request: SchedulingRequest | None, facts: Facts, times: Appointments) -> Signals:
    """What the other readers found, for the kind."""
    sender = registrable(message.from_.domain) if message.from_ else ""
    return Signals(
        has_slots=bool(times.slots),
        has_windows=bool(times.windows),
        has_old_time=bool(times.previous_slots),
        scheduling_link=facts.scheduling_link is not None,
        scheduling=request,
        reply_to_mismatch=any(registrable(a.domain) != sender for a in message.reply_to),
        role=_value(facts.role),
        occupation=facts.occupation,
        agency=facts.agency.value,
    )


def _contradictions(kind: KindReading, times: Appointments, request: SchedulingRequest | None) -> Iterator[Unsure]:
    """What the parts say against each other."""
    if request is not None and request.method == "CANCEL" and kind.actionable:
        yield Unsure("kind", "the calendar object cancels, the text asks", (str(kind.kind), str(Kind.CANCELLATION)))
    if kind.rival is not None:
        yield Unsure("kind", "it may be another kind of mail", (str(kind.kind), str(kind.rival)))
    if kind.kind is Kind.CANCELLATION and times.slots and request is None:
        yield Unsure("kind", "the text cancels and names a time", (str(kind.kind), str(Kind.RESCHEDULE)))


def _country(message: Message) -> str | None:
    """The sender's country by the top-level domain, where that is a country's (ISO 3166)."""
    if message.from_ is None:
        return None
    top = message.from_.domain.rpartition(".")[2].upper()
    return (
        {"UK": "GB"}.get(top, top)
        if len(top) == 2 and top.isalpha() and top not in ("IO", "AI", "CO", "ME", "TV", "EU")
        else None
    )

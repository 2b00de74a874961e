"""From a Message to a Reading: language, calendar object, links, times, fields, kind; then what contradicts itself.

A text/calendar part outranks prose. Nothing is guessed: what a careful reader could take in two ways is `unsure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.core.itip import parse_scheduling
from raincheck.core.model import Kind, Reading
from raincheck.core.recipients import registrable
from raincheck.core.reading.fields import Facts, read_fields
from raincheck.core.reading.kind import Signals, classify
from raincheck.core.reading.language import detect, formality

if TYPE_CHECKING:
    from datetime import datetime

    from raincheck.core.model import Message, SchedulingRequest
    from raincheck.core.reading.lexicon import Lexica
    from raincheck.core.settings import Me

_NO_ANSWER = frozenset({Kind.SCAM, Kind.OTHER})


def read(message: Message, lexica: Lexica, me: Me, *, now: datetime | None = None) -> Reading:
    """What a careful person reads in the mail. Total: never raises for what a mail holds.

    Relative dates count from the mail's own Date, or from `now` where it is given (or the mail has no Date).
    """
    lang = detect(message, lexica.languages)
    request = parse_scheduling(message.calendar_parts, me.addresses)
    facts = read_fields(message, request, lang, lexica.fields, me)
    kind = classify(message, lexica.kinds, _signals(message, request, facts))
    unanswered = kind.kind in _NO_ANSWER
    return Reading(
        kind=kind.kind,
        actionable=kind.actionable,
        confidence=kind.confidence,
        unsure=facts.unsure,
        lang=lang,
        formal=formality(message.newest, lexica.languages[lang]) if lang in lexica.languages else None,
        role=facts.role.value if facts.role else None,
        company=facts.company.value if facts.company else None,
        contact=facts.contact.value if facts.contact else None,
        reply_to=facts.reply.found.value if facts.reply.found and not unanswered else None,
        agency=None if unanswered else facts.agency.value,
        stage=facts.stage.value if facts.stage else None,
        format=facts.format.value if facts.format else None,
        location=facts.location.value if facts.location else None,
        url=facts.url.value if facts.url else None,
        scheduling_link=facts.scheduling_link.value if facts.scheduling_link else None,
        phone=facts.phone.value if facts.phone else None,
        salary=facts.salary.value if facts.salary else None,
        remote=facts.remote.value if facts.remote else None,
        seniority=facts.seniority.value if facts.seniority else None,
        skills=tuple(found.value for found in facts.skills),
        evidence=(*kind.cues, *facts.evidence()),
        public_body=kind.public_body,
        scheduling=request,
    )


def _signals(message: Message, request: SchedulingRequest | None, facts: Facts) -> Signals:
    sender = registrable(message.from_.domain) if message.from_ else ""
    return Signals(
        scheduling_link=facts.scheduling_link is not None,
        scheduling=request,
        reply_to_mismatch=any(registrable(a.domain) != sender for a in message.reply_to),
        role=facts.role.value if facts.role else None,
        agency=facts.agency.value,
    )

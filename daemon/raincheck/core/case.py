"""Which mails belong together, and what a new one changes: joining, updating, their answer to an offer, due dates.

Everything here is careful: a mail that could belong to two cases belongs to none of them, and starts its own.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from raincheck.core.likeness import same_company, same_person, same_role
from raincheck.core.model import ACTIONABLE, OPEN_DRAFT_STATES, Case, CaseState, Kind, Outcome, Slot
from raincheck.core.recipients import registrable
from raincheck.core.tzid import named_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from raincheck.core.model import Hold, Message, Reading

ASKING = ACTIONABLE | {Kind.ASSESSMENT}
_CLOSING = frozenset({Kind.CANCELLATION, Kind.REJECTION})
_TELLING = _CLOSING | {Kind.CONFIRMATION, Kind.OFFER}  # kinds that change what the case is about
JOIN_WITHIN = timedelta(days=120)  # by names alone; a thread or a calendar object has no age
MAX_MESSAGE_IDS = 500


# --- joining ------------------------------------------------------------------------------------------------------


def join(reading: Reading, message: Message, cases: Sequence[Case]) -> Case | None:
    """The case to which a mail belongs, or None: it opens one of its own.

    By thread (In-Reply-To, References, the mail itself), then by calendar object (UID), then by company, role and
    person together. Where two cases fit equally well, none does. The order of `cases` does not matter.
    """
    for belongs in (_answers, _refers, _same_object):
        found = [case for case in cases if belongs(reading, message, case) and not _strangers(reading, message, case)]
        if found:
            return found[0] if len(found) == 1 else None
    found = [case for case in cases if _same_names(reading, message, case)]
    return found[0] if len(found) == 1 else None


def _answers(_: Reading, message: Message, case: Case) -> bool:
    return not {message.identity, *message.in_reply_to}.isdisjoint(case.message_ids)


def _refers(_: Reading, message: Message, case: Case) -> bool:
    return not set(message.references).isdisjoint(case.message_ids)


def _same_object(reading: Reading, _: Message, case: Case) -> bool:
    uid = reading.scheduling.uid if reading.scheduling else None
    return uid is not None and uid == case.ical_uid


def _strangers(reading: Reading, message: Message, case: Case) -> bool:
    """Another company from another domain: a reused thread or a forged reference, not this conversation."""
    if not (reading.company and case.company) or same_company(reading.company, case.company):
        return False
    return _domain_of(reading, message) != case.domain


def _same_names(reading: Reading, message: Message, case: Case) -> bool:
    """Same company, same role, same person: all that is known agrees, and role or person is known."""
    if not same_company(reading.company, case.company):
        return False
    if message.date is not None and abs(message.date - case.updated) > JOIN_WITHIN:
        return False
    role = _agreement(reading.role, case.role, same_role)
    address = _writer(reading, message)
    person = _agreement(reading.contact, case.contact, same_person)
    if address is not None and address == case.counterpart:
        person = True
    return False not in (role, person) and True in (role, person)


def _agreement(one: str | None, other: str | None, same: Callable[[str | None, str | None], bool]) -> bool | None:
    return None if not one or not other else same(one, other)


def _writer(reading: Reading, message: Message) -> str | None:
    address = reading.reply_to or (message.from_.addr_spec if message.from_ else None)
    return address.lower() if address else None


def _domain_of(reading: Reading, message: Message) -> str | None:
    address = _writer(reading, message)
    return (registrable(address.rpartition("@")[2]) or None) if address else None


# --- opening and updating -----------------------------------------------------------------------------------------


def case_id(account: str, identity: str) -> str:
    """A short name for the case that this mail opens: the same for the same mail, letters and digits alone."""
    digest = hashlib.blake2b(f"{account}\0{identity}".encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()[:10]


def opened(reading: Reading, message: Message, *, account: str, now: datetime) -> Case:
    """A new case, brought up to date with the mail that opens it."""
    bare = Case(
        id=case_id(account, message.identity),
        account=account,
        state=CaseState.LEFT,
        opened=now,
        updated=now,
        kind=reading.kind,
        subject=message.subject,
    )
    return updated(bare, reading, message, now=now)


def with_mail(case: Case | None, reading: Reading, message: Message, *, account: str, now: datetime) -> Case:
    """The case that a mail joins, brought up to date with it; the one that it opens where it joins none."""
    if case is None:
        return opened(reading, message, account=account, now=now)
    return updated(case, reading, message, now=now)


def updated(case: Case, reading: Reading, message: Message, *, now: datetime) -> Case:
    """The case with what a new mail of theirs says. A mail that it knows changes nothing; nor does an outdated
    calendar object (RFC 5546, 2.1.5: a lower SEQUENCE), but that it came is remembered."""
    if message.identity in case.message_ids:
        return case
    known = (*case.message_ids, message.identity)[-MAX_MESSAGE_IDS:]
    case = replace(case, message_ids=known, updated=now, follow_up_at=None)
    if _outdated(case, reading):
        return case
    return _with_times(_with_names(case, reading, message), reading, message)


def _outdated(case: Case, reading: Reading) -> bool:
    found = reading.scheduling
    return found is not None and found.uid == case.ical_uid is not None and found.sequence < case.sequence


def _with_names(case: Case, reading: Reading, message: Message) -> Case:
    """Who and what it is about: the company stays, the rest follows the newest mail that says it."""
    seen = case.roles_seen
    if reading.role and reading.role not in seen and reading.kind in ASKING | _TELLING:
        seen = (*seen, reading.role)
    asks = reading.kind in ASKING
    return replace(
        case,
        kind=reading.kind if asks or reading.kind in _TELLING else case.kind,
        company=case.company or reading.company,
        role=reading.role or case.role,
        contact=reading.contact or case.contact,
        counterpart=_writer(reading, message) if asks or case.counterpart is None else case.counterpart,
        domain=_domain_of(reading, message) if asks or case.domain is None else case.domain,
        lang=reading.lang or case.lang,
        agency=case.agency if reading.agency is None else reading.agency,
        roles_seen=seen,
        subject=message.subject if asks else case.subject,
        invitation=message.ref if asks else case.invitation,
        invitation_id=message.message_id if asks else case.invitation_id,
        asked_at=message.date if asks else case.asked_at,
    )


def _with_times(case: Case, reading: Reading, message: Message) -> Case:
    """What they propose, what is agreed, how often they moved it, and until when an answer is asked for."""
    found = reading.scheduling
    moved = reading.kind is Kind.RESCHEDULE
    asks = reading.kind in ASKING
    if found and found.uid:
        case = replace(case, ical_uid=found.uid, sequence=found.sequence)
    case = replace(
        case,
        slots=reading.slots if asks else case.slots,
        duration_minutes=reading.duration_minutes or case.duration_minutes,
        deadline=_deadline(reading, message) if asks else case.deadline,
        reschedules_by_them=case.reschedules_by_them + moved,
        retry=False,
    )
    if reading.kind in _CLOSING:
        return replace(case, state=CaseState.CLOSED, slots=(), deadline=None)
    if agrees(reading, case):
        return replace(case, state=CaseState.CONFIRMED, appointment=_only(reading) or case.appointment, deadline=None)
    if reading.kind is Kind.REMINDER:
        return replace(case, appointment=_only(reading) or case.appointment)
    return case


def agrees(reading: Reading, case: Case) -> bool:
    """True for a confirmation that has something to confirm: it names a time, or an answer has gone out.

    "Looking forward to seeing you" before the person answered agrees nothing, however it was meant: their draft stays.
    """
    unanswered = case.state in OPEN_DRAFT_STATES and case.own_answer is None
    return reading.kind is Kind.CONFIRMATION and (bool(reading.slots) or not unanswered)


def _only(reading: Reading) -> Slot | None:
    return reading.slots[0] if len(reading.slots) == 1 and reading.sure("slots") else None


def _deadline(reading: Reading, message: Message) -> datetime | None:
    """The last moment to answer; of a date the end of that day where the sender is."""
    match reading.reply_by:
        case datetime() as moment:
            return moment if moment.utcoffset() is not None and _meant(moment) else None
        case date() as day if _meant(day):
            zone = (named_zone(reading.zone) if reading.zone else None) or (message.date and message.date.tzinfo)
            return datetime.combine(day, time(23, 59), zone or ZoneInfo("UTC"))
        case _:
            return None


def _meant(day: date) -> bool:
    """False for the far ends of the calendar, where no arithmetic is possible."""
    return 1970 < day.year < 2200


def own_answer(case: Case, message_id: str, *, ours: bool, now: datetime) -> Case:
    """The case after the person answered it by a mail of their own (`ours`: by our draft, edited or not).

    What becomes of an open draft the look at Drafts decides; “see you then” undoes no agreement.
    """
    if message_id in case.message_ids:
        return case
    stays = case.state in OPEN_DRAFT_STATES or case.state is CaseState.CONFIRMED
    return replace(
        case,
        own_answer=message_id,
        own_answer_is_ours=ours,
        state=case.state if stays else CaseState.CLOSED,
        message_ids=(*case.message_ids, message_id)[-MAX_MESSAGE_IDS:],
        follow_up_at=None,
        retry=False,
        updated=now,
    )


# --- their answer to what we offered ------------------------------------------------------------------------------


class AnswerKind(StrEnum):
    """What the employer says to our offer of times."""

    CHOSEN = "chosen"  # one of our times
    PROPOSED = "proposed"  # other times
    DECLINED = "declined"  # none of ours, and no other: asks again
    FILLED = "filled"  # the position or the talk is gone
    NONE = "none"  # says nothing about it


@dataclass(frozen=True, slots=True)
class Answer:
    """Their answer, with the time that they chose."""

    kind: AnswerKind
    slot: Slot | None = None


def read_answer(reading: Reading, message: Message, case: Case, holds: Iterable[Hold]) -> Answer:
    """What a mail of theirs answers to the times that this case holds. Doubtful times choose nothing."""
    offered = {hold.period.start: hold.period for hold in holds if hold.case == case.id}
    if message.automatic is not None or not offered:
        return Answer(AnswerKind.NONE)
    if reading.kind in _CLOSING:
        return Answer(AnswerKind.FILLED)
    if reading.kind not in (Kind.CONFIRMATION, Kind.INVITATION, Kind.RESCHEDULE, Kind.AVAILABILITY_REQUEST):
        return Answer(AnswerKind.NONE)
    if not reading.sure("slots"):
        return Answer(AnswerKind.NONE)
    starts = {slot.start for slot in reading.slots}
    if len(starts) == 1 and starts <= offered.keys():
        period = offered[next(iter(starts))]
        return Answer(AnswerKind.CHOSEN, Slot(period.start, period.end))
    if starts or reading.windows:
        return Answer(AnswerKind.PROPOSED)
    if reading.kind is Kind.CONFIRMATION:
        only = next(iter(offered.values())) if len(offered) == 1 else None
        return Answer(AnswerKind.CHOSEN, Slot(only.start, only.end)) if only else Answer(AnswerKind.NONE)
    return Answer(AnswerKind.DECLINED)


# --- due dates ----------------------------------------------------------------------------------------------------


def add_working_days(
    start: datetime, days: int, timezone: str, closed: Callable[[date], bool] = lambda _: False
) -> datetime:
    """The same time of day so many working days (Monday to Friday, not `closed`) later, on the clock of the zone."""
    zone = ZoneInfo(timezone)
    local = start.astimezone(zone)
    day, left, looked = local.date(), days, 0
    while left > 0 and looked < 3660:  # ten years: `closed` may say yes to everything
        day += timedelta(days=1)
        looked += 1
        left -= day.weekday() < 5 and not closed(day)
    return datetime.combine(day, local.time(), zone).astimezone(start.tzinfo)


def follow_up_due(case: Case, now: datetime) -> bool:
    """True when an offer of times was sent and its time for an answer is over; a mail of theirs stops the clock."""
    return (
        case.state is CaseState.SENT
        and case.outcome in (Outcome.RESCHEDULE, Outcome.PROPOSE)
        and not case.obsolete
        and case.follow_up_at is not None
        and case.follow_up_at <= now
    )

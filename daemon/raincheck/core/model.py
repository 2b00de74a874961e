"""The nouns of raincheck: small immutable values that travel between the layers.

Names are those of the standards: RFC 5322 (mail), RFC 9051 (IMAP), RFC 5545/5546 (calendar).
Every datetime here is zone-aware; naive ones are refused where a type is built.
None always means "the mail does not say", never "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- time ---------------------------------------------------------------------------------------------------------


def aware(moment: datetime) -> datetime:
    """The moment itself; ValueError when it has no zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of time [start, end), both zone-aware, start before end (RFC 5545, 3.3.9)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if aware(self.start) >= aware(self.end):
            raise ValueError(f"a period that ends before it starts: {self.start.isoformat()} {self.end.isoformat()}")

    @property
    def duration(self) -> timedelta:
        """Exact length; computed in UTC, so that a change of offset inside the period counts."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    def overlaps(self, other: Period) -> bool:
        """True when both share at least an instant; touching ends do not count."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Period) -> bool:
        """True when the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Slot:
    """A concrete time (in `Reading.slots`) or a looser range (in `Reading.windows`) that a mail proposes.

    start and end keep the zone in which the mail speaks (a ZoneInfo where it is known, else a fixed offset).
    end is None where the mail does not say it.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        aware(self.start)
        if self.end is not None and aware(self.end) <= self.start:
            raise ValueError("a slot that ends before it starts")

    def whole_days(self) -> tuple[date, date] | None:
        """First and last day, where it goes from midnight to midnight on its own clock; else None."""
        if self.end is None or any(moment.time() != time(0) for moment in (self.start, self.end)):
            return None
        return self.start.date(), self.end.date() - timedelta(days=1)

    def period(self, default: timedelta) -> Period:
        """The slot as a period; `default` is the length where the mail does not say the end."""
        if self.end is not None:
            return Period(self.start, self.end)
        return Period(self.start, (self.start.astimezone(UTC) + default).astimezone(self.start.tzinfo))


# --- mail ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class MessageRef:
    """Where a message lies (RFC 9051, 2.3.1.1): its content never changes while all three stay the same."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on a message: flags in lower case (r"\\flagged"); and the number that grows whenever they change
    (MODSEQ, RFC 7162), where the server counts."""

    flags: frozenset[str] = frozenset()
    modseq: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox address (RFC 5322, 3.4): cleaned of control and bidi characters; the display name may be empty."""

    display_name: str
    addr_spec: str

    @property
    def domain(self) -> str:
        """The domain in lower case; "" for an address without one."""
        return self.addr_spec.rpartition("@")[2].lower() if "@" in self.addr_spec else ""

    @property
    def local_part(self) -> str:
        """What stands before the last @."""
        return self.addr_spec.rpartition("@")[0]


class SegmentKind(StrEnum):
    """What a part of a mail's text is, seen by a reader."""

    NEWEST = "newest"  # what the sender wrote now
    QUOTED = "quoted"  # history below or between
    FORWARDED = "forwarded"  # a mail passed on; may itself be the invitation
    SIGNATURE = "signature"  # names company, phone, zone; offers no times
    DISCLAIMER = "disclaimer"  # legal footers, unsubscribe notes


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the mail's visible text of one kind, in reading order; lines end in \\n, table cells in \\t."""

    kind: SegmentKind
    text: str
    # Of a forwarded or quoted mail, what its header lines say; None where they do not.
    from_: Address | None = None
    date: datetime | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink of the visible text: its words and its target (http, https, mailto, tel, ... as written)."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A text/calendar part or .ics attachment as decoded bytes; `method` is the Content-Type parameter, upper case."""

    data: bytes
    method: str | None = None
    filename: str | None = None


class Automatic(StrEnum):
    """Why a mail needs no personal answer (RFC 3834, RFC 2919, RFC 3464)."""

    BOUNCE = "bounce"  # Return-Path <>, MAILER-DAEMON, multipart/report
    AUTO_REPLY = "auto_reply"  # Auto-Submitted: auto-replied, vacation
    LIST = "list"  # List-Id, List-Post
    BULK = "bulk"  # Precedence: bulk/junk, List-Unsubscribe with bulk looks
    OWN_NOTE = "own_note"  # a note that raincheck wrote itself


@dataclass(frozen=True, slots=True)
class Message:
    """A received mail as a reader sees it: decoded, capped, cleaned, its text cut into segments."""

    message_id: str | None  # with angle brackets, as written
    date: datetime | None  # the Date header, in its own offset
    from_: Address | None
    subject: str  # decoded, one line
    segments: tuple[Segment, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    calendar_parts: tuple[CalendarPart, ...] = ()
    content_language: str | None = None  # two letters, lower case
    automatic: Automatic | None = None
    authentication_results: tuple[str, ...] = ()  # newest first, unfolded
    headers: tuple[tuple[str, str], ...] = ()  # capped, lower-case names; for cues such as list-unsubscribe, x-mailer
    html: bool = False  # the text was taken from an HTML part
    defects: tuple[str, ...] = ()  # what was cut, guessed or dropped, in words
    fingerprint: str = ""  # hash of From, Date and Subject: identity of a mail without Message-ID
    ref: MessageRef | None = None

    @property
    def newest(self) -> str:
        """What the sender wrote now, without quotes, signature and footer."""
        return self.text(SegmentKind.NEWEST)

    def text(self, *kinds: SegmentKind) -> str:
        """The text of all segments of these kinds (all segments when none is named), joined in reading order."""
        return "\n".join(s.text for s in self.segments if not kinds or s.kind in kinds)

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), decoded; None when it is not there."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def identity(self) -> str:
        """Message-ID, else the fingerprint: what recognises this mail in any mailbox."""
        return self.message_id or self.fingerprint


# --- calendar -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attendee:
    """An ATTENDEE (RFC 5545, 3.8.4.1): PARTSTAT and ROLE in upper case, PARTSTAT defaulting to NEEDS-ACTION."""

    address: Address
    partstat: str = "NEEDS-ACTION"
    role: str = "REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class SchedulingRequest:
    """What a mail's calendar object says (RFC 5546); METHOD of the body decides. The master speaks for a series."""

    method: str  # REQUEST, CANCEL, PUBLISH, REPLY, COUNTER ...; upper case
    uid: str | None
    sequence: int = 0
    start: datetime | None = None
    end: datetime | None = None
    tz: str | None = None  # IANA name of the start, "UTC", or None (floating, all-day)
    all_day: bool = False
    recurring: bool = False
    recurrence_id: str | None = None  # as written, e.g. 20261203T130000Z
    organizer: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    summary: str | None = None
    description: str | None = None
    location: str | None = None
    conference_url: str | None = None
    status: str | None = None  # CONFIRMED, TENTATIVE, CANCELLED
    my_partstat: str | None = None  # None when I am no attendee
    counter_allowed: bool = True  # X-MICROSOFT-DISALLOW-COUNTER
    floating: bool = False  # start and end are clock readings that the invitation places in no zone

    @property
    def is_update(self) -> bool:
        """A change of something sent before (SEQUENCE above 0 or a RECURRENCE-ID)."""
        return self.sequence > 0 or self.recurrence_id is not None


@dataclass(frozen=True, slots=True)
class BusyPeriod:
    """A busy stretch of the person's calendar (UTC), with what is needed to recognise the invitation itself in it.

    The words are for that comparison alone: a calendar title never leaves the machine in a reply.
    """

    period: Period
    uid: str | None = None
    organizer: str | None = None  # addr-spec
    words: str = ""  # summary, location, attendees; case-folded
    calendar: str = ""  # name of the feed


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The person's busy time as far as it is known. `known` is false when any feed is stale, broken or missing."""

    busy: tuple[BusyPeriod, ...] = ()
    known: bool = True
    detail: str = ""  # in words, when not known
    fetched_at: datetime | None = None  # of the oldest feed


# --- reading ------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a mail is, for someone who looks for work."""

    INVITATION = "invitation"
    OUTREACH = "outreach"
    AVAILABILITY_REQUEST = "availability_request"
    SELF_SCHEDULE = "self_schedule"
    RESCHEDULE = "reschedule"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    CONFIRMATION = "confirmation"
    ASSESSMENT = "assessment"
    REJECTION = "rejection"
    OFFER = "offer"
    ACKNOWLEDGEMENT = "acknowledgement"
    SCAM = "scam"
    OTHER = "other"


ACTIONABLE = frozenset({Kind.INVITATION, Kind.OUTREACH, Kind.AVAILABILITY_REQUEST, Kind.SELF_SCHEDULE, Kind.RESCHEDULE})

Stage = Literal["phone_screen", "technical", "onsite", "panel", "final", "assessment_day", "one_way_video"]
Format = Literal["phone", "video", "onsite"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words on which a field rests: quoted as they stand in the mail, and where they stand."""

    field: str
    quote: str
    source: str  # "subject", "body", "signature", "forwarded", "quoted", "calendar", "header:from", "domain" ...


@dataclass(frozen=True, slots=True)
class Unsure:
    """A field that a careful reader could take in two ways; the candidates in words or ISO times."""

    field: str
    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Salary:
    """Pay as the mail states it, upper bound of a range; period is hour, day, month or year."""

    amount: float
    currency: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a careful person reads in one mail: every field with its evidence, or None. Meanings: docs/glossary.md."""

    kind: Kind
    actionable: bool = False
    confidence: float = 0.0  # 0-1
    unsure: tuple[Unsure, ...] = ()
    lang: str | None = None  # two letters
    formal: bool | None = None  # Sie/vous ...; None where the language does not show it
    role: str | None = None
    company: str | None = None
    contact: str | None = None
    reply_to: str | None = None  # addr-spec
    agency: bool | None = None
    stage: Stage | None = None
    format: Format | None = None
    location: str | None = None
    url: str | None = None
    scheduling_link: str | None = None
    phone: str | None = None
    duration_minutes: int | None = None
    reply_by: date | datetime | None = None
    slots: tuple[Slot, ...] = ()
    windows: tuple[Slot, ...] = ()
    periods: tuple[Slot, ...] = ()  # days that they ask about without hours: what is offered lies in them
    salary: Salary | None = None
    remote: bool | None = None
    seniority: str | None = None
    skills: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    zone: str | None = None  # IANA name or offset in which the sender speaks
    previous_slots: tuple[Slot, ...] = ()  # the moved-from time of a reschedule
    public_body: bool = False  # employment agency, concours ...: legal consequences, never answered for the person
    scheduling: SchedulingRequest | None = None  # the calendar object, where there is one

    def sure(self, name: str) -> bool:
        """False when the field can be taken in two ways."""
        return all(item.field != name for item in self.unsure)

    @property
    def not_understood(self) -> str | None:
        """Why nobody can say what the mail is for, as a clause; None where it was read."""
        doubts = (item.why for item in self.unsure if item.field == "kind" and not item.candidates)
        return next(doubts, None) if self.kind is Kind.OTHER else None

    @property
    def may_ask(self) -> bool:
        """True for a mail that seems to ask for no talk, and may be one that does: only the person can tell."""
        return not self.actionable and any(True for _ in self._asking_kinds())

    def taken_to_ask(self) -> Reading:
        """The reading of a mail that may ask, as that of one that does: in doubt, so that it is answered by nobody."""
        return replace(self, kind=next(self._asking_kinds()), actionable=True)

    def _asking_kinds(self) -> Iterator[Kind]:
        told = [kind for item in self.unsure if item.field == "kind" for kind in item.candidates]
        return (kind for kind in Kind if kind in ACTIONABLE and kind in told)


# --- decision -----------------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What becomes of a mail."""

    DECLINE = "decline"
    RESCHEDULE = "reschedule"
    PROPOSE = "propose"
    ACCEPT = "accept"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Trace:
    """One step on the way to a decision, in words a person understands; `hit` marks what decided."""

    step: str  # "rule: no PHP", "calendar", "slots", "table"
    detail: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a case, and why. A reschedule or a proposal without alternatives cannot be built."""

    outcome: Outcome
    reason: str  # one plain sentence for the person
    rule: str | None = None
    trace: tuple[Trace, ...] = ()
    alternatives: tuple[Period, ...] = ()
    appointment: Slot | None = None  # what is declined, moved or accepted
    told_reason: str | None = None  # phrase for the letter, in the mail's language; None: tell none
    template: str | None = None  # the rule's own template
    referral: str | None = None
    check_in: timedelta | None = None
    call_first: bool = False  # starts within 24 h: phone before mail
    retry: bool = False  # left only because the calendar is not known; decide again when it returns
    free: Slot | None = None  # one of their times that fits; held softly
    from_rule: bool = False  # a rule said so (its phrase may be told); else the calendar did
    collides: bool = True  # of a reschedule: the calendar is busy then; False: outside hours or over a load limit
    worth_knowing: tuple[Period, ...] = ()  # free times for the person alone: for a booking page or a portal

    def __post_init__(self) -> None:
        if self.outcome in (Outcome.RESCHEDULE, Outcome.PROPOSE) and not self.alternatives:
            raise ValueError(f"{self.outcome} without verified alternatives does not exist")
        if self.outcome is Outcome.ACCEPT and self.appointment is None:
            raise ValueError("accept without an appointment does not exist")


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished letter and its envelope, before it becomes bytes. Addresses are verified, all text is clean."""

    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    body: str  # text with signature, without the quoted original
    quote: str  # the quoted original as mail clients write it; "" for none
    in_reply_to: str | None
    references: tuple[str, ...]
    template: str  # e.g. "en/decline.agency"


@dataclass(frozen=True, slots=True)
class Hold:
    """A time promised to a case: softly when drafted (avoided), firmly when sent (excluded) until it expires."""

    case: str
    period: Period
    firm: bool
    expires: datetime
    made: datetime = field(default=datetime.min.replace(tzinfo=UTC))


# --- case ---------------------------------------------------------------------------------------------------------


class CaseState(StrEnum):
    """Where a case stands; the words of `raincheck status`."""

    LEFT = "left"
    DRAFTED = "drafted"
    ASKING = "asking"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


OPEN_DRAFT_STATES = frozenset({CaseState.DRAFTED, CaseState.ASKING, CaseState.APPROVED, CaseState.SENDING})


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation: every mail, calendar object and answer about the same talk. It has at most one open draft."""

    id: str
    account: str
    state: CaseState
    opened: datetime
    updated: datetime
    kind: Kind = Kind.OTHER
    outcome: Outcome | None = None
    rule: str | None = None
    reason: str = ""
    company: str | None = None
    role: str | None = None
    contact: str | None = None
    counterpart: str | None = None  # addr-spec that we answer to, or the sender's
    domain: str | None = None  # registrable domain of the counterpart
    subject: str = ""  # of the mail that the draft answers
    message_ids: tuple[str, ...] = ()  # every mail of the case, theirs and ours
    ical_uid: str | None = None
    sequence: int = 0
    invitation: MessageRef | None = None  # the mail that the draft answers
    invitation_id: str | None = None  # its Message-ID
    asked_at: datetime | None = None  # its Date
    slots: tuple[Slot, ...] = ()  # what they proposed last
    appointment: Slot | None = None  # what is agreed, or what a reschedule moves
    duration_minutes: int | None = None
    deadline: datetime | None = None
    lang: str | None = None
    agency: bool | None = None
    reschedules_by_them: int = 0
    reschedules_by_me: int = 0
    roles_seen: tuple[str, ...] = ()  # a changed role within the thread is a red flag
    retry: bool = False
    ordered: Outcome | None = None  # the person's own word: what the next pass is to draft
    newer_mail_at: datetime | None = None  # when the employer wrote last after our draft
    own_answer: str | None = None  # Message-ID of the person's own reply to the mail that the draft answers
    own_answer_is_ours: bool = False  # and it is our draft, edited or not
    obsolete: str = ""  # why an open draft has no purpose any more: cancelled, answered, replaced
    follow_up_at: datetime | None = None
    check_in_at: datetime | None = None
    trace: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a company was told before: memory against two different excuses."""

    case: str
    company: str | None
    domain: str | None
    contact: str | None
    outcome: Outcome
    reason: str | None
    at: datetime


# --- drafts -------------------------------------------------------------------------------------------------------


class Note(StrEnum):
    """What a note to the person is about; urgent ones go to the inbox."""

    CASE = "case"
    URGENT = "urgent"
    HEALTH = "health"
    BRIEF = "brief"


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note as the journal keeps it: its text only until it is in the mailbox."""

    key: str  # the case's id, "health:<name>", "brief:<date>"; a newer note replaces our own untouched older one
    account: str
    kind: Note
    message_id: str
    created: datetime
    text: bytes | None  # None once written
    mailbox: str = ""
    uidvalidity: int = 0
    uid: int | None = None
    digest: str = ""  # of what was written: an untouched note may be replaced


class EntryState(StrEnum):
    """Where one draft (a revision of a case's reply) stands in the journal."""

    INTENDED = "intended"  # journalled, perhaps appended
    DRAFTED = "drafted"  # in Drafts
    APPROVED = "approved"  # starred or moved; undo time runs
    SENDING = "sending"  # DATA may have begun
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal keeps of a draft. `text` is what we wrote, byte for byte; the person's edits are never kept."""

    case: str
    revision: int
    account: str
    state: EntryState
    message_id: str
    digest: str  # of the text as appended
    text: bytes
    mailbox: str
    uidvalidity: int
    uidnext_before: int  # of the mailbox before APPEND
    uid: int | None
    created: datetime
    updated: datetime
    outcome: Outcome
    appended: MessageRef | None = None  # what our own APPEND made; only this may ever be removed by us unasked
    offered: tuple[Period, ...] = ()
    appointment: Slot | None = None
    told_reason: str | None = None
    invitation_id: str | None = None
    # the approval is bound to these three (design: bound to UIDVALIDITY, UID and a digest of the text)
    approved_at: datetime | None = None
    approved_ref: MessageRef | None = None
    approved_digest: str | None = None
    approved_modseq: int | None = None  # of the draft when the star was seen: a star set again has another
    voided: str = ""  # why an approval was set aside; the gesture counts again once it was seen to be gone
    warned: str = ""  # digest of a text whose own times collide: its second approval stands
    sent_message_id: str | None = None  # journalled before the connection to the submission server
    sent_at: datetime | None = None  # the Date of what is sent
    tidied: bool = False  # after sending: copy filed, \\Answered set, draft removed
    removing: MessageRef | None = None  # our own untouched draft, withdrawn or a twin, that is still to be removed
    missing_since: datetime | None = None  # found neither in Drafts nor in Sent nor in Trash
    unclear_since: datetime | None = None  # more than one draft could be it
    reason: str = ""  # of the last step, in words

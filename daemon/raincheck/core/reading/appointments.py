"""Which times a mail proposes: the times reader says what is written, here is decided what each time is for.

A text/calendar part outranks prose; the newest text outranks the subject, a forwarded mail and, last, what is quoted.
Whatever a careful reader could take in two ways is `unsure`, with its candidates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from raincheck.core.model import Evidence, SegmentKind, Slot, Unsure
from raincheck.core.reading import times as reader
from raincheck.core.reading.context import Context, Day, RoleCues, Stretch
from raincheck.core.reading.durations import DurationWords
from raincheck.core.reading.grid import with_tabs
from raincheck.core.reading.learned import Linear
from raincheck.core.reading.length import Length, talk_length
from raincheck.core.reading.offer import Offer, Time
from raincheck.core.reading.offers import context_of, offers
from raincheck.core.reading.otherdenials import sifted_context
from raincheck.core.reading.periods import AskedPeriod, named_days, periods
from raincheck.core.reading.purpose import Purposes
from raincheck.core.reading.roles import AHEAD, Role
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.reading.twins import Elsewhere
from raincheck.core.reading.whereabouts import PlaceCues, Places, Whereabouts, whereabouts
from raincheck.core.reading.zones import ZoneTable, load_zone
from raincheck.core.subject import strip_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from raincheck.core.model import Message, SchedulingRequest, Segment

MAX_SLOTS = 40
MAX_TEXT = 16_384  # characters of one text that are read for times
_FEW_WORDS = 20  # fewer are no letter
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTERS_CELL = re.compile(r"(?:(?<=\t)|(?<=\t[ ])|^)[ ]*\b[A-Z]{2,5}\b(?=[ ]*(?:\t|$))", re.MULTILINE)
_ATTRIBUTION = re.compile(r"\A[^\n]*:[ \t]*\n")  # "On 16 Jan 2026, at 18:20, Robin Meyer wrote:"
_SHORT_NAME = 3  # letters of "Tue"
_MAX_QUOTE = 160
_STOP = re.compile(r"(?<=[^\W\d_]{4})\.$|[,;:]$")  # the sentence's, not that of "p.m."
_PROPOSING = frozenset({"REQUEST", "PUBLISH", "COUNTER", "ADD"})
_MOVING = 1500  # characters of a text that moves a talk of another one, at most
_MOVED = ("cancels", "called_off", "moves_talk")
_HOUR = timedelta(hours=1)  # of a range to arrive in: shorter ones come before one talk
_DAY_LONG = timedelta(hours=12)  # no talk is longer
_FALLBACK = "en"  # every mail may hold words of it
_WHY = {
    "weekday": "weekday and date do not agree",
    "order": "day and month can be swapped",
    "next": "this week or next",
    "hour": "morning or afternoon",
    "midnight": "the night before or after",
    "zone": "the zone letters mean more than one zone",
    "corrected": "another time of the list is corrected",
    "ours": 'the mail that was passed on says "our time" and names no zone',
}


@dataclass(frozen=True, slots=True)
class Appointments:
    """The times of a mail.

    slots: proposed or fixed for the talk; windows: looser ranges (end None: open); periods: days that are asked about
    without hours; previous_slots: from which it is moved; reply_by: last moment to answer; duration_minutes: as stated
    (upper bound), else of equally long slots; zone: in which the mail speaks, IANA name or offset. All times keep the
    zone in which they were written.
    """

    slots: tuple[Slot, ...] = ()
    windows: tuple[Slot, ...] = ()
    periods: tuple[Slot, ...] = ()
    previous_slots: tuple[Slot, ...] = ()
    reply_by: date | datetime | None = None
    duration_minutes: int | None = None
    zone: str | None = None
    unsure: tuple[Unsure, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language, with those of the fallback."""

    cues: RoleCues
    durations: DurationWords
    times: TimeWords
    places: PlaceCues


@dataclass(frozen=True, slots=True)
class AppointmentLexicon:
    """What reading appointments needs of rules/reading: the languages' words, zones and places."""

    languages: Mapping[str, _Language]
    zones: ZoneTable
    places: Places
    purposes: Purposes

    @classmethod
    def from_data(cls, data: Mapping[str, Mapping[str, Any]], zones: ZoneTable | None = None) -> AppointmentLexicon:
        """From the parsed files of rules/reading by stem; `zones` where the person has letters of their own.

        Raises phrasemachine.PhraseError for a phrase that cannot be read.
        """
        spoken = {code: table for code, table in data.items() if "appointments" in table}
        languages = {}
        for code in spoken:
            codes = dict.fromkeys((code, _FALLBACK)) if _FALLBACK in spoken else {code: None}
            tables = {each: spoken[each]["appointments"] for each in codes}
            cues = RoleCues.from_tables(tables)
            languages[code] = _Language(
                cues,
                DurationWords.from_tables(table.get("duration", {}) for table in tables.values()),
                TimeWords.from_tables(*((each, spoken[each].get("times", {})) for each in codes)),
                PlaceCues.from_lists(cues.lists, spoken[code].get("times", {}).get("home", ())),
            )
        table = zones if zones is not None else ZoneTable.from_data(data)
        purposes = Purposes(Linear.from_table(data.get("times", {}).get("learned", {})))
        return cls(languages, table, Places.from_table(data.get("places", {})), purposes)

    def language(self, lang: str | None) -> _Language | None:
        """The words of that language, else of the fallback."""
        return self.languages.get(lang or _FALLBACK) or self.languages.get(_FALLBACK)


def read_appointments(
    message: Message,
    lexicon: AppointmentLexicon,
    *,
    lang: str | None,
    own_zone: str,
    scheduling: SchedulingRequest | None = None,
    date_order: Literal["DMY", "MDY"] | None = None,
    region: str | None = None,
    now: datetime | None = None,
) -> Appointments:
    """Every time that the mail proposes, with what it is for.

    Relative dates count from `now`, else from the mail's own Date; without either nothing is read from prose.
    `own_zone` is the reader's IANA zone ("your time"), `region` the sender's country (two letters), `date_order` the
    person's setting for dates such as 3/12.
    """
    words = lexicon.language(lang)
    if words is None:
        return _from_calendar(Appointments(), scheduling)
    work = _Reading(message, lexicon, words, own_zone, date_order, region, now)
    return _from_calendar(work.with_last_day(work.read(), scheduling), scheduling)


@dataclass(frozen=True, slots=True)
class _Found:
    """What one text says."""

    offers: tuple[Offer, ...] = ()
    periods: tuple[AskedPeriod, ...] = ()

    def joined(self, others: Iterable[Offer]) -> _Found:
        """With what another part of the mail says."""
        return _Found((*self.offers, *others), self.periods)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to read, where it stands in the mail, and from when its relative dates count."""

    text: str
    source: str
    reference: datetime


class _Reading:
    """One mail on its way."""

    def __init__(
        self,
        message: Message,
        lexicon: AppointmentLexicon,
        words: _Language,
        own_zone: str,
        date_order: Literal["DMY", "MDY"] | None,
        region: str | None,
        now: datetime | None,
    ) -> None:
        self.message = message
        self.lexicon = lexicon
        self.words = words
        self.own_zone = own_zone
        self.date_order = date_order
        self.reference = now or message.date
        self.where = whereabouts(message, lexicon.places, own_zone, words.places)
        self.region = region or self._region()

    def _region(self) -> str | None:
        """The sender's country where something shows it; an offset alone tells Europe from America, and no more."""
        country = self.lexicon.places.country(self.where.name)
        return country if self.where.source != "header:date" or country in ("US", "CA") else None

    def read(self) -> Appointments:
        """All that prose says."""
        length = self._length()
        read, source = self._offers(length)
        found = read.offers
        windows = _of(found, Role.WINDOW)[:MAX_SLOTS]
        slots = _of(found, Role.PROPOSED)[:MAX_SLOTS]
        if not slots and not windows:
            arrivals = _of(found, Role.ARRIVAL)[:MAX_SLOTS]
            windows = [offer for offer in arrivals if _is_long(offer)]  # "reporting between 10 and 1"
            slots = [offer for offer in arrivals if not _is_long(offer)]
        deadlines = [offer for offer in found if offer.role is Role.DEADLINE and not self._over(offer)]
        deadlines = _ahead_of(slots, _without_wishes((*slots, *windows), deadlines))
        equal = _equal_length(slots)
        whole = equal if any(offer.whole for offer in slots) else None
        if length is None and equal is None and slots and self._length_stays:
            length = self._length_before()
        if length is not None and equal is not None and _too_short(length, equal, windows):
            length = None  # that of a part, or of something else
        minutes = whole or (length.minutes if length else equal)
        return Appointments(
            slots=tuple(map(_slot, slots)),
            windows=tuple(map(_slot, windows)),
            periods=tuple(Slot(period.start, period.end) for period in read.periods),
            previous_slots=tuple(map(_slot, _of(found, Role.PREVIOUS)[:MAX_SLOTS])),
            reply_by=_earliest(deadlines),
            duration_minutes=minutes,
            zone=_zone_name(slots or windows, self.where),
            unsure=tuple(self._doubts(slots, windows)),
            evidence=(
                *_evidence(slots, windows, deadlines, source, length, self.where),
                *(Evidence("periods", quote, source) for quote in dict.fromkeys(p.quote for p in read.periods)),
            ),
        )

    def _over(self, deadline: Offer) -> bool:
        """Whether a last moment was over when the mail was written: "they wanted to answer by yesterday at 17:00"."""
        if self.reference is None or self.reference.tzinfo is None:
            return False
        if deadline.time.start is not None:
            return deadline.time.start < self.reference
        return (deadline.time.day or date.max) < self.reference.date()

    @cached_property
    def _body(self) -> str:
        """What the sender wrote now: all but history where the cut between text, signature and quotes has left nothing
        else, as in the notices of platforms."""
        message = self.message
        kinds = [SegmentKind.NEWEST]
        if len(message.newest.split()) < _FEW_WORDS:
            kinds += [SegmentKind.SIGNATURE, SegmentKind.DISCLAIMER]
            undated = all(segment.date is None for segment in _of_kind(message, SegmentKind.QUOTED))
            if undated and not self._answers() and not _of_kind(message, SegmentKind.FORWARDED):
                kinds.append(SegmentKind.QUOTED)
        return with_tabs(message.text(*kinds))

    def _answers(self) -> bool:
        """Whether the mail answers one: its history is what others wrote before."""
        subject = " ".join(self.message.subject.split())
        threaded = self.message.in_reply_to or self.message.references
        return bool(threaded) or strip_prefixes(subject) != subject

    def _length(self) -> Length | None:
        for text in (self._body, self.message.text(SegmentKind.FORWARDED), self.message.subject):
            length = talk_length(text[:MAX_TEXT], self.words.cues, self.words.durations)
            if length is not None:
                return length
        return None

    @cached_property
    def _length_stays(self) -> bool:
        """Whether a short text that moves the talk says that nothing else changes."""
        return len(self._body) <= _MOVING and self._told.says("else_same")

    @cached_property
    def _told(self) -> Context:
        """What the text says, but for its times."""
        return sifted_context(self._body, self.words.cues, ())

    def _length_before(self) -> Length | None:
        """The length that the sender's mail before this one said."""
        own = self.message.from_.addr_spec if self.message.from_ is not None else None
        for quoted in _of_kind(self.message, SegmentKind.QUOTED)[:1]:
            if quoted.from_ is None or not quoted.from_.addr_spec or quoted.from_.addr_spec == own:
                return talk_length(quoted.text[:MAX_TEXT], self.words.cues, self.words.durations)
        return None

    def _offers(self, length: Length | None) -> tuple[_Found, str]:
        """The times of the first text that proposes any, and which it is; deadlines of the newest text go with them."""
        first = _Found()
        for number, text in enumerate(self._texts()):
            if text.source == "quoted" and any(offer.time.start for offer in first.offers):
                break  # who names times of day refers to no other
            found = self._read(text, length)
            if number == 0:
                first = found = found.joined(self._in_footer(length))
            if any(offer.role in AHEAD for offer in found.offers):
                others = [offer for offer in first.offers if offer.role in (Role.DEADLINE, Role.PREVIOUS)]
                return found.joined(others if number else ()), text.source
        return first.joined(self._old_in_subject(length)), "body"

    def _old_in_subject(self, length: Length | None) -> list[Offer]:
        """The times in the subject of a mail that puts the talk on another day."""
        if self.reference is None or not self.message.subject or not self._moves_from_subject:
            return []
        found = self._read(_Text(self.message.subject, "subject", self.reference), length)
        return [replace(offer, role=Role.PREVIOUS) for offer in found.offers if offer.role in AHEAD]

    def _in_footer(self, length: Length | None) -> list[Offer]:
        """The deadlines of the footer: what else it says of times is when somebody answers the telephone."""
        return self._deadlines_in(self.message.text(SegmentKind.DISCLAIMER), length)

    def _deadlines_in(self, text: str, length: Length | None) -> list[Offer]:
        if self.reference is None or not text:
            return []
        found = self._read(_Text(text, "body", self.reference), length)
        return [offer for offer in found.offers if offer.role is Role.DEADLINE]

    def with_last_day(self, prose: Appointments, scheduling: SchedulingRequest | None) -> Appointments:
        """With the last moment to answer that the calendar part describes, where the text tells none."""
        if prose.reply_by is not None or scheduling is None or scheduling.method not in _PROPOSING:
            return prose
        told = self._deadlines_in(scheduling.description or "", None)
        described = [
            offer
            for offer in told
            if not (offer.wish or self._over(offer)) and (scheduling.start is None or _by(offer, scheduling.start))
        ]
        return replace(
            prose,
            reply_by=_earliest(described),
            evidence=(*prose.evidence, *(Evidence("reply_by", _quoted(offer), "calendar") for offer in described)),
        )

    def _texts(self) -> Iterable[_Text]:
        """What is read, in the order in which it counts."""
        if self.reference is None:
            return
        message = self.message
        body = self._body
        yield _Text(body, "body", self.reference)
        # The subject may name the day to which the text says the hour.
        if self._times_of_subject and not self._moves_from_subject:
            yield _Text(f"{message.subject}\n\n{body}", "subject", self.reference)
        footer = message.text(SegmentKind.DISCLAIMER)
        if footer:  # or what was taken for one
            yield _Text(f"{body}\n\n{footer}", "body", self.reference)
        for segment in _of_kind(message, SegmentKind.FORWARDED):
            yield _Text(segment.text, "forwarded", segment.date or self.reference)
        quoted = next(iter(_of_kind(message, SegmentKind.QUOTED)), None)
        if quoted is not None and self._refers():
            yield _Text(quoted.text, "quoted", quoted.date or self.reference)

    @cached_property
    def _times_of_subject(self) -> Sequence[reader.TimeSpan]:
        """What the subject says of times, be it that one is the same as before."""
        return self._times_in(self.message.subject)

    def _times_in(self, text: str) -> Sequence[reader.TimeSpan]:
        assert self.reference is not None
        return reader.read_times(text, self._context(_Text(text, "subject", self.reference), self._zone_of(text)))

    @cached_property
    def _moves_from_subject(self) -> bool:
        """Whether a short text puts the talk on another day, so that the time in the subject is the old one."""
        if len(self._body) > _MOVING:
            return False
        other = _asks_for_another_day(self._told, self.message.subject)
        if not other and not any(map(self._told.says, (*_MOVED, "instead_after"))):
            return False
        put, old = _days(self._times_in(self._body)), _days(self._times_of_subject)
        return bool((put or other) and old) and put.isdisjoint(old)

    def _refers(self) -> bool:
        """Whether the newest text speaks of a time that only the quoted mail names ("Great, talk then!"), and does not
        move it ("may we see you one week later instead?")."""
        text = self.message.newest
        if len(text) > _MOVING:
            return False
        context = sifted_context(text, self.words.cues, ())
        return context.says("refers") and not (any(map(context.says, _MOVED)) or _asks_for_another_day(context))

    def _read(self, text: _Text, length: Length | None) -> _Found:
        body = text.text[:MAX_TEXT]
        zone = self._zone_of(body)
        context = self._context(text, zone)
        if text.source in ("body", "subject") and self.words.times.says("same_time", body):
            context = replace(context, agreed=self._agreed)
        spans = reader.read_times(body, context)
        aside = (reader.Role.PERIOD, reader.Role.LEFT_OUT, reader.Role.WEEKLY)
        times = [_time(span, body, zone) for span in spans if span.role not in aside]
        named = named_days(spans)
        if not times and not named:
            return _Found()
        place = context_of(body, times, self.words.cues)
        minutes = length.minutes if length else None
        purposes = partial(self.lexicon.purposes.of, today=text.reference.date(), length=minutes)
        found = offers(place, times, zone, minutes, purposes, self._elsewhere(body), context.now, self._names)
        if text.source == "forwarded" and self.words.cues.speaks_our_time(body, plainly=True):
            found = [_of_others(offer) for offer in found]
        return _Found(tuple(found), tuple(periods(place, named, found, zone, context.now.date())))

    def _context(self, text: _Text, zone: tzinfo) -> reader.TimeContext:
        return reader.TimeContext(
            reference=text.reference,
            tz=_tz_name(zone, text.reference),
            words=self.words.times,
            zones=self.lexicon.zones,
            date_order=self.date_order,
            region=self.region,
        )

    @cached_property
    def _agreed(self) -> tuple[time, time | None] | None:
        """The clock of the talk in the subject, else in the mail that is answered: where that names one alone."""
        assert self.reference is not None
        texts = [_Text(self.message.subject, "subject", self.reference)]
        for quoted in _of_kind(self.message, SegmentKind.QUOTED):
            said = _ATTRIBUTION.sub("", quoted.text[:MAX_TEXT])
            texts.append(_Text(said, "quoted", quoted.date or self.reference))
        for text in texts:
            spans = reader.read_times(text.text, self._context(text, self._zone_of(text.text)))
            clocks = {
                (_clock(span.start), _clock(span.end))
                for span in spans
                if span.role in (reader.Role.PROPOSAL, reader.Role.PAST) and _clock(span.start) is not None
            }
            if len(clocks) > 1:
                return None
            for start, end in clocks:
                if start is not None:
                    return start, end
        return None

    @cached_property
    def _names(self) -> frozenset[str]:
        """The words of the name to which the mail is sent."""
        return frozenset(word.lower() for to in self.message.to for word in _LETTERS.findall(to.display_name))

    def _elsewhere(self, text: str) -> Elsewhere:
        """The reader's zone and those of the places that the text names, or that head its columns."""
        named = [*self.lexicon.places.named(text), *self._zones_of_columns(text)]
        places = ((start, end, load_zone(name)) for start, end, name in sorted(named))
        own = load_zone(self.own_zone)
        return Elsewhere(
            own or self.where.zone,
            self.where.zone,
            own is not None,
            tuple((s, e, zone) for s, e, zone in places if zone),
        )

    def _zones_of_columns(self, text: str) -> Iterable[tuple[int, int, str]]:
        """The cells that hold letters for a zone and no more, "PST | CET | Who"."""
        for cell in _LETTERS_CELL.finditer(text) if "\t" in text else ():
            if (zone := self.lexicon.zones.letters.get(cell[0])) is not None:
                yield *cell.span(), zone.name

    def _zone_of(self, text: str) -> tzinfo:
        """The zone of bare clocks: "your time" is the reader's."""
        if self.words.cues.speaks_your_time(text) and not self.words.cues.speaks_our_time(text):
            return load_zone(self.own_zone) or self.where.zone
        return self.where.zone

    def _doubts(self, slots: Sequence[Offer], windows: Sequence[Offer]) -> Iterable[Unsure]:
        for name, found in (("slots", slots), ("windows", windows)):
            doubtful = [offer for offer in found if not offer.time.sure]
            if doubtful:
                why = _WHY.get(doubtful[0].time.doubt, "it can be read in two ways")
                yield Unsure(name, why, tuple(c for offer in doubtful for c in offer.time.alternatives)[:12])
        if not self.where.sure and any(not offer.time.stated for offer in (*slots, *windows)):
            yield Unsure("zone", "the mail names no zone, and its sender's place and Date header disagree")


def _asks_for_another_day(context: Context, subject: str = "") -> bool:
    """Whether a text asks for another day than the one that was told before it, whatever the reader may answer: "which
    day would suit you instead? We'd keep the original hour, 11:00"."""
    asked = (hit for hit in context.hits.get("another_day", ()) if _is_asked(context, context.sentence(*hit)))
    hits = (*context.hits.get("which_day", ()), *asked)
    return any(_is_for_this_talk(context, context.sentence(*hit), subject) for hit in hits)


def _is_asked(context: Context, sentence: tuple[int, int]) -> bool:
    """Whether a sentence asks for another day, or says that one is needed; "this is a new day", "every day is a
    different day", "we can find another day" do not."""
    _, right = sentence
    offered = context.within("offers_day", sentence) and context.normal[right : right + 1] != "?"
    return not offered and context.within("asks_day", sentence)


def _is_for_this_talk(context: Context, sentence: tuple[int, int], subject: str) -> bool:
    """Whether another day is asked for without a condition ("otherwise name another day"), and not for a step of which
    the subject does not tell."""
    if any(context.within(sign, sentence) for sign in ("conditional", "fallback", "else_day", "rival")):
        return False
    told = frozenset(_LETTERS.findall(subject.lower()))
    steps = (context.normal[slice(*hit)] for hit in context.hits_within("day_for", sentence))
    return all(any(len(word) > _SHORT_NAME and word in told for word in step.split()) for step in steps)


def _of_others(offer: Offer) -> Offer:
    """The offer in doubt where no zone stands with it: "our time" is that of who wrote, not of who passed it on."""
    time = offer.time
    if offer.role not in AHEAD or time.stated or time.start is None:
        return offer
    return replace(offer, time=replace(time, sure=False, doubt="ours", alternatives=(time.start.isoformat(),)))


def _is_long(offer: Offer) -> bool:
    """Whether one may arrive at any time of a range that holds a talk."""
    start, end = offer.time.start, offer.time.end
    return offer.time.between and start is not None and end is not None and end - start >= _HOUR


# --- from spans ---------------------------------------------------------------------------------------------------


def _days(spans: Iterable[reader.TimeSpan]) -> frozenset[date]:
    """Their first days."""
    starts = (span.start for span in spans)
    return frozenset(
        start.date() if isinstance(start, datetime) else start for start in starts if isinstance(start, date)
    )


def _time(span: reader.TimeSpan, text: str, zone: tzinfo) -> Time:
    """A span of the times reader in the terms of this one."""
    clock = isinstance(span.start, (datetime, time))
    own_date = span.date_from is not None and span.from_ <= span.date_from < span.to
    first = span.role
    if first is reader.Role.HABIT and any(map(str.isdigit, text[span.date_from or 0 : span.date_to or 0])):
        first = reader.Role.PROPOSAL  # a day of a month is no habit
    at = Stretch(
        span.from_,
        span.to,
        clock,
        own_date or not clock,
        span.end is not None,
        first,
        span.clock_from,
        _how_named(text[span.date_from or 0 : span.date_to or 0]),
        None if span.date_from is None or span.date_to is None else (span.date_from, span.date_to),
    )
    found = partial(
        Time,
        at,
        sure=span.sure,
        alternatives=tuple(_iso(start, zone) for start, _ in span.alternatives),
        open_end=span.open_end,
        between=span.between,
        doubt=span.doubt or "",
        stated=span.zone is not None,
    )
    if isinstance(span.start, datetime):
        start = _aware(span.start, zone)
        end = _aware(span.end, zone) if isinstance(span.end, datetime) else None
        return found(day=start.date(), start=start, end=end if end is not None and end > start else None)
    if isinstance(span.start, date):
        return found(day=span.start)
    end_clock = span.end if isinstance(span.end, time) else None
    return found(clock=span.start, end_clock=end_clock, zone=load_zone(span.zone) if span.zone else None)


def _clock(moment: datetime | date | time | None) -> time | None:
    return moment.time() if isinstance(moment, datetime) else moment if isinstance(moment, time) else None


def _how_named(words: str) -> Day:
    """How fully the words of a date name it."""
    if not words:
        return Day.NONE
    if any(map(str.isdigit, words)):
        return Day.FULL
    return Day.WEEKDAY if any(len(word) > _SHORT_NAME for word in _LETTERS.findall(words)) else Day.SHORT


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _iso(moment: datetime | date | time, zone: tzinfo) -> str:
    return _aware(moment, zone).isoformat() if isinstance(moment, datetime) else moment.isoformat()


def _tz_name(zone: tzinfo, moment: datetime) -> str:
    """The zone's name as the times reader takes it: IANA, else its offset."""
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    offset = moment.astimezone(zone).strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"


# --- to values ----------------------------------------------------------------------------------------------------


def _of(found: Iterable[Offer], role: Role) -> list[Offer]:
    """The offers of that role, each instant once, in order of time."""
    kept: dict[tuple[datetime, datetime | None], Offer] = {}
    for offer in found:
        if offer.role is role and offer.time.start is not None:
            key = offer.start, offer.time.end if role is Role.WINDOW else None
            if key not in kept or (kept[key].time.end is None and offer.time.end is not None):
                kept[key] = offer  # said again with its end
    return sorted(kept.values(), key=lambda offer: offer.start)


def _slot(offer: Offer) -> Slot:
    return Slot(offer.start, offer.time.end)


def _of_kind(message: Message, kind: SegmentKind) -> list[Segment]:
    return [segment for segment in message.segments if segment.kind is kind][:3]


def _equal_length(slots: Sequence[Offer]) -> int | None:
    """The length of the slots when all are stated and equal."""
    lengths = {offer.time.end - offer.start if offer.time.end else None for offer in slots}
    length = lengths.pop() if len(lengths) == 1 else None
    return int(length / timedelta(minutes=1)) if length and length <= _DAY_LONG else None


def _too_short(length: Length, slot: int, windows: Sequence[Offer]) -> bool:
    """Whether a length in words is that of a part, or of something else, where all slots end after so many minutes."""
    if length.outright:
        return not windows and 2 * length.minutes < slot
    return length.minutes < slot


def _ahead_of(slots: Sequence[Offer], deadlines: Sequence[Offer]) -> list[Offer]:
    """The deadlines that lie before the last of the slots: nobody waits longer for an answer."""
    last = max((offer.start for offer in slots), default=None)
    return list(deadlines) if last is None else [offer for offer in deadlines if _by(offer, last)]


def _without_wishes(offered: Sequence[Offer], deadlines: Sequence[Offer]) -> list[Offer]:
    """The deadlines, but for a wish by when that does not lie before all of the times from which to choose."""
    first = min((offer.start for offer in offered), default=None)
    return [offer for offer in deadlines if not offer.wish or (first is not None and _by(offer, first))]


def _by(deadline: Offer, moment: datetime) -> bool:
    """Whether a last moment lies before another one, or is no later day."""
    if deadline.time.start is not None:
        return deadline.time.start < moment
    return (deadline.time.day or date.max) <= moment.date()


def _earliest(deadlines: Sequence[Offer]) -> date | datetime | None:
    """The first of the deadlines: with an hour where one is given."""
    if not deadlines:
        return None
    deadlines = [offer for offer in deadlines if offer.answer] or deadlines
    first = min(deadlines, key=lambda offer: (offer.time.day or date.max, offer.time.start is None))
    return first.time.start or first.time.day


def _zone_name(found: Sequence[Offer], where: Whereabouts) -> str | None:
    stated = {str(offer.start.tzinfo) for offer in found if offer.time.stated}
    return stated.pop() if len(stated) == 1 else where.name


def _quoted(offer: Offer) -> str:
    return _STOP.sub("", " ".join(offer.quote.split()))[:_MAX_QUOTE]


def _evidence(
    slots: Sequence[Offer],
    windows: Sequence[Offer],
    deadlines: Sequence[Offer],
    source: str,
    length: Length | None,
    where: Whereabouts,
) -> Iterable[Evidence]:
    for name, found in (("slots", slots), ("windows", windows), ("reply_by", deadlines)):
        for offer in found:
            yield Evidence(name, _quoted(offer), "body" if name == "reply_by" else source)
    if length is not None:
        yield Evidence("duration_minutes", " ".join(length.quote.split())[:_MAX_QUOTE], "body")
    if where.quote and any(not offer.time.stated for offer in (*slots, *windows)):
        yield Evidence("zone", where.quote[:_MAX_QUOTE], where.source)


# --- calendar -----------------------------------------------------------------------------------------------------


def _from_calendar(prose: Appointments, scheduling: SchedulingRequest | None) -> Appointments:
    """What the calendar object says, where it proposes a time; a different time in prose is told, not chosen."""
    if scheduling is None or scheduling.start is None or scheduling.all_day:
        return prose
    end = scheduling.end if scheduling.end and scheduling.end > scheduling.start else None
    slot = Slot(scheduling.start, end)
    if scheduling.method == "CANCEL":
        return replace(prose, slots=(), windows=(), previous_slots=(slot,))
    if scheduling.method not in _PROPOSING:
        return prose
    unsure = tuple(doubt for doubt in prose.unsure if doubt.field not in ("slots", "zone"))
    if prose.slots and all(other.start != slot.start for other in prose.slots):
        candidates = (slot.start.isoformat(), *(other.start.isoformat() for other in prose.slots))
        unsure += (Unsure("slots", "the calendar part and the text name different times", candidates),)
    minutes = int((end - slot.start) / timedelta(minutes=1)) if end else None
    evidence = tuple(item for item in prose.evidence if item.field not in ("slots", "windows", "zone"))
    told = prose.duration_minutes is not None or minutes is None
    length = () if told else (Evidence("duration_minutes", f"{minutes} min", "calendar"),)
    return replace(
        prose,
        slots=(slot,),
        windows=(),
        duration_minutes=prose.duration_minutes or minutes,
        zone=scheduling.tz or prose.zone,
        unsure=unsure,
        evidence=(Evidence("slots", slot.start.isoformat(), "calendar"), *length, *evidence),
    )

"""How letters say times, zones and small phrases in a language: `templates/<language>/language.toml` as values.

The names of weekdays, months and cities are those of CLDR (Babel); the order of the parts, the clock and every word
around them are data. A time is always said with weekday, date and zone, so that nobody has to guess.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping  # noqa: TC003 -- pydantic reads the annotations at run time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_datetime, get_timezone_location
from pydantic import ConfigDict, TypeAdapter, ValidationError

from raincheck.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.core.model import Reading

Clock = Literal[12, 24]
_UNIVERSAL = ("UTC", "Etc/UTC", "Etc/GMT", "GMT")
_STRICT = ConfigDict(extra="forbid")


# --- language.toml ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class When:
    """Patterns for times: `date`, `time_*` are CLDR patterns, the others have fields {date} and {time}."""

    __pydantic_config__ = _STRICT

    date: str
    moment: str
    option: str
    date_first: str | None = None  # pattern for the first of a month, where it differs (1er, 1º)
    time_24: str = "HH:mm"
    time_12: str = "h:mm a"
    clock: Clock = 24
    noon: str | None = None  # what the 12-hour clock says instead of "12:00 pm"
    midnight: str | None = None
    o_clock: str = "{time}"
    twelve_hour: tuple[str, ...] = ()  # marks that show that the mail itself uses the 12-hour clock


@dataclass(frozen=True, slots=True)
class Region:
    """What one territory (ISO 3166) writes differently."""

    __pydantic_config__ = _STRICT

    locale: str | None = None
    date: str | None = None
    clock: Clock | None = None
    replace: tuple[tuple[str, str], ...] = ()  # spelling: pairs applied to the finished letter's own words
    greeting_mark: str | None = None  # what ends the greeting's line
    capital: bool | None = None  # the line after the greeting begins with a capital


@dataclass(frozen=True, slots=True)
class Mirror:
    """How a mail opened, before the person's first name, and the greeting that answers in the same tone."""

    __pydantic_config__ = _STRICT

    opens: tuple[str, ...]
    greeting: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """Greeting lines; fields {name} {given} {surname} {company}."""

    __pydantic_config__ = _STRICT

    named: str
    unknown: str
    first: str | None = None  # only a first name is known
    informal: str | None = None
    team: str | None = None
    informal_unknown: str | None = None
    titled: Mapping[str, str] = field(default_factory=dict)  # word that the mail puts before the name -> greeting
    academic: tuple[str, ...] = ()  # titles that belong to the name
    mirror: tuple[Mirror, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """Closing lines, as written (with or without comma)."""

    __pydantic_config__ = _STRICT

    formal: tuple[str, ...]
    informal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """True phrases of our own for a time that does not suit, and first words that are small inside a sentence."""

    __pydantic_config__ = _STRICT

    collision: tuple[str, ...]
    unsuited: tuple[str, ...]  # outside the person's hours, or over a load limit
    lower: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roles:
    """How a role's name is put into a sentence: words at its end that the sentence says anyway."""

    __pydantic_config__ = _STRICT

    tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """One language of letters."""

    __pydantic_config__ = _STRICT

    locale: str
    forms: bool  # has a formal and an informal "you", so needs .informal templates
    when: When
    zones: Mapping[str, str]  # IANA name -> words; "city" is the pattern for all others ({city}, {utc})
    greeting: Greeting
    closing: Closing
    phrases: Mapping[str, tuple[str, ...]]  # name -> alternatives; the first whose fields are all known is taken
    talk: Mapping[str, str]  # what one is invited to, by stage; "default" for all others
    our_talk: Mapping[str, str]  # the same as something agreed
    reasons: Reasons
    subject: Mapping[str, tuple[str, ...]]
    quote: Mapping[str, str]
    tact: Mapping[str, tuple[str, ...]]
    roles: Roles = field(default_factory=Roles)
    regions: Mapping[str, Region] = field(default_factory=dict)
    sample: Mapping[str, str] = field(default_factory=dict)  # reason and referral for previews
    words: Mapping[str, str] = field(default_factory=dict)  # for notes: "kind.invitation", "field.role" ...
    preparation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # "always", and by stage and format

    def phrase(self, name: str, **fields: str | None) -> str:
        """The first alternative of that name whose fields are all known; KeyError when the name is missing."""
        return first_known(self.phrases[name], **fields) or ""


_ADAPTER = TypeAdapter(Language)


@lru_cache(maxsize=64)
def parse_language(text: str, name: str = "language.toml") -> Language:
    """A language.toml as values. Raises ConfigError with every problem."""
    try:
        language = _ADAPTER.validate_python(tomllib.loads(text))
        for locale in (language.locale, *(r.locale for r in language.regions.values() if r.locale)):
            Locale.parse(locale)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(Problem(name, None, "", str(problem), "Write it as TOML.")) from problem
    except ValidationError as problem:
        raise ConfigError(*(_problem(name, error["loc"], error["msg"]) for error in problem.errors())) from problem
    except (UnknownLocaleError, ValueError) as problem:
        raise ConfigError(
            Problem(name, None, "locale", str(problem), 'Use a CLDR locale such as "en_GB".')
        ) from problem
    return language


def _problem(name: str, place: Iterable[int | str], what: str) -> Problem:
    return Problem(name, None, ".".join(map(str, place)), what, "See templates/README.md.")


def first_known(patterns: Iterable[str], **fields: str | None) -> str | None:
    """The first pattern whose fields are all known, filled in; None when there is none."""
    for pattern in patterns:
        names = [name for _, name, _, _ in Formatter().parse(pattern) if name]
        if all(fields.get(name) for name in names):
            return pattern.format_map({name: fields[name] for name in names})
    return None


# --- times --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wording:
    """How times are said to one correspondent: in their zone and, where it differs, in the person's as well."""

    language: Language
    theirs: tzinfo
    mine: tzinfo
    region: Region = field(default_factory=Region)
    clock: Clock = 24
    sure: bool = True  # that `theirs` is the zone in which they speak

    def moment(self, start: datetime) -> str:
        """An appointment of theirs inside a sentence, on their clock; with the zone where ours differs, or may."""
        said = self._filled(self.language.when.moment, start.astimezone(self.theirs))
        return f"{said} {self.zone(self.theirs, start)}" if self.differ(start) or not self.sure else said

    def option(self, start: datetime) -> str:
        """A time that is offered, on a line of its own; both clocks where they differ, theirs first."""
        theirs, mine = start.astimezone(self.theirs), start.astimezone(self.mine)
        said = self._filled(self.language.when.option, theirs)
        if not self.differ(start):
            return said
        also = self.time(mine) if mine.date() == theirs.date() else self._filled(self.language.when.option, mine)
        return f"{said} {self.zone(self.theirs, start)} ({also} {self.zone(self.mine, start)})"

    def date(self, day: datetime) -> str:
        """Weekday, day, month and year of a moment, in the zone that it carries."""
        when = self.language.when
        usual = self.region.date or when.date
        return format_datetime(
            day, when.date_first if when.date_first and day.day == 1 else usual, tzinfo=day.tzinfo, locale=self._locale
        )

    def time(self, moment: datetime) -> str:
        """The clock time of a moment, in the zone that it carries, in words that cannot be taken in two ways."""
        when = self.language.when
        if self.clock == 12 and moment.minute == 0 and moment.hour in (0, 12):
            name = when.noon if moment.hour == 12 else when.midnight
            if name:
                return name
        pattern = when.time_12 if self.clock == 12 else when.time_24
        said = format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=self._locale)
        return when.o_clock.format_map({"time": said})

    def zone(self, zone: tzinfo, at: datetime) -> str:
        """A zone in words that people use: a city's time, never letters that mean several zones."""
        key = zone_key(zone)
        if key in _UNIVERSAL:
            return "UTC"
        utc = _offset_name(at.astimezone(zone).utcoffset() or timedelta())
        if key is None:
            return utc
        if key in self.language.zones:
            return self.language.zones[key]
        city = get_timezone_location(ZoneInfo(key), locale=self._locale, return_city=True).rpartition("/")[2]
        return self.language.zones["city"].format_map({"city": city, "utc": utc})

    def differ(self, at: datetime) -> bool:
        """True when both sides' clocks show different times at that instant."""
        return at.astimezone(self.theirs).utcoffset() != at.astimezone(self.mine).utcoffset()

    @property
    def _locale(self) -> str:
        return self.region.locale or self.language.locale

    def _filled(self, pattern: str, local: datetime) -> str:
        return pattern.format_map({"date": self.date(local), "time": self.time(local)})


def wording(language: Language, reading: Reading, mine: str, *, sender_domain: str = "") -> Wording:
    """How to say times to the sender of this mail; `mine` is the person's zone (IANA), the domain hints at a region."""
    home = ZoneInfo(mine)
    spoken = _spoken_zone(reading)
    theirs = spoken or home
    region = language.regions.get(territory(reading.zone, sender_domain)) or Region()
    return Wording(language, theirs, home, region, _clock(language.when, region, reading), sure=spoken is not None)


def _spoken_zone(reading: Reading) -> tzinfo | None:
    """The zone in which the sender speaks. A calendar object in UTC says nothing about it: programs write so."""
    zone = parse_zone(reading.zone)
    written_so = reading.scheduling is not None and reading.scheduling.tz == "UTC"
    return None if zone is not None and zone_key(zone) in _UNIVERSAL and written_so else zone


def parse_zone(name: str | None) -> tzinfo | None:
    """A zone from an IANA name, "UTC" or an offset such as +02:00; None for anything else."""
    if name is None:
        return None
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-size if offset[1] == "-" else size) if size < timedelta(hours=24) else None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_key(zone: tzinfo) -> str | None:
    """The canonical IANA name of a zone; None for a bare offset."""
    key = zone.key if isinstance(zone, ZoneInfo) else None
    return get_global("zone_aliases").get(key, key) if key else None


def _offset_name(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if minutes == 0:
        return "UTC"
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def territory(zone: str | None, domain: str) -> str:
    """The sender's territory (ISO 3166): of the zone in which they speak, else of a country domain; "" if unknown."""
    known = parse_zone(zone)
    key = zone_key(known) if known else None
    label = domain.rpartition(".")[2].upper()
    return get_global("zone_territories").get(key or "") or (label if len(label) == 2 else "")


def _clock(when: When, region: Region, reading: Reading) -> Clock:
    """The clock that the mail itself uses; where it does not show, the region's, else the language's."""
    quotes = " ".join(e.quote for e in reading.evidence if e.field in ("slots", "windows"))[:2000].lower()
    marks = "|".join(re.escape(mark) for mark in when.twelve_hour)
    if marks and re.search(rf"\d\s?(?:{marks})(?!\w)", quotes):
        return 12
    if re.search(r"\b(?:1[3-9]|2[0-3])[:.h]\d\d\b", quotes):
        return 24
    return region.clock or when.clock

"""The person's configuration as values. `config.py` builds them from TOML; defaults stand here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Literal

from raincheck.core.model import Outcome, Period, Salary

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Tls = Literal["implicit", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class SecretSource:
    """Where a secret comes from; exactly one is set. The secret is fetched when it is needed, never kept here."""

    command: str | None = None
    file: str | None = None  # absolute
    env: str | None = None
    credential: str | None = None  # a name below $CREDENTIALS_DIRECTORY
    keyring: str | None = None  # the service name; the user is the account's username


@dataclass(frozen=True, slots=True)
class Me:
    """The person raincheck works for."""

    name: str = ""
    addresses: tuple[str, ...] = ()  # lower case
    timezone: str = "UTC"
    country: str | None = None  # ISO 3166: its public holidays are closed days
    phone: str | None = None
    languages: tuple[str, ...] = ("en",)
    signature: str = ""
    date_order: Literal["DMY", "MDY"] | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens. tls "none" is accepted for loopback hosts alone."""

    host: str
    port: int
    tls: Tls = "implicit"
    username: str | None = None  # only where it differs from the account's
    password: SecretSource | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One mail account: where it lives, how to log in, which mailboxes matter."""

    name: str
    address: str
    imap: Server
    smtp: Server
    username: str  # default: address
    password: SecretSource | None = None
    oauth2_token: SecretSource | None = None  # XOAUTH2 / OAUTHBEARER instead of a password
    ca_file: str | None = None
    authserv_id: str | None = None
    watch: tuple[str, ...] = ("INBOX",)
    drafts: str = "auto"
    sent: str = "auto"  # "server": the server files it itself
    trash: str = "auto"
    lookback: timedelta = timedelta(days=3)
    mark_answered: bool = True
    stars: bool = True  # false: the provider's stars mark whole conversations, so none approves a draft
    origin: str = field(default="", compare=False)  # where it stands: file, line and key


@dataclass(frozen=True, slots=True)
class Calendar:
    """One iCalendar feed."""

    name: str
    url: str | SecretSource  # path or URL (https, http, webcal), or a secret that holds one
    max_age: timedelta = timedelta(minutes=30)
    allow_stale: timedelta = timedelta(0)
    timeout: timedelta = timedelta(seconds=20)
    max_bytes: int = 64 * 1024 * 1024
    allow_private_networks: bool = False
    username: str | None = None
    password: SecretSource | None = None
    origin: str = field(default="", compare=False)  # where its url stands: file, line and key


@dataclass(frozen=True, slots=True, order=True)
class ClockRange:
    """A stretch of one day on the local clock, half-open, in minutes since midnight; end may be 1440 (24:00)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OtherSide:
    """Assumed working hours of the interviewer; the zone is the mail's when it names one."""

    timezone: str
    hours: tuple[ClockRange, ...] = (ClockRange(9 * 60, 17 * 60),)
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class Availability:
    """When the person can talk, and how slots are chosen. Lengths in minutes where named so."""

    timezone: str = "UTC"  # default: me.timezone
    duration: int = 45
    count: int = 3
    increment: int = 30
    buffer_before: int = 15
    buffer_after: int = 15
    min_notice: timedelta = timedelta(hours=24)
    horizon_days: int = 14
    max_per_day: int = 1
    spread: Literal["days", "none"] = "days"
    both_halves: bool = True
    interviews_per_day: int | None = None
    interviews_per_week: int | None = None
    blackout: tuple[tuple[date, date], ...] = ()  # both ends inclusive
    tentative: Literal["busy", "free"] = "busy"
    hours: Mapping[Weekday, tuple[ClockRange, ...]] = field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], (ClockRange(9 * 60, 17 * 60),))
    )
    other_side: OtherSide | None = None
    held: tuple[Period, ...] = ()
    country: str | None = None  # me.country: public holidays are closed days


@dataclass(frozen=True, slots=True)
class Approval:
    """How the person says yes in the mail client."""

    flag: bool = True
    folder: str = "Raincheck/Approved"  # "" switches it off
    undo: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Replies:
    """What raincheck may draft by itself."""

    accept: Literal["leave", "draft"] = "leave"
    outside_hours: Literal["leave", "reschedule"] = "leave"
    quote: bool = True
    itip: Literal["decline", "off"] = "decline"
    max_reschedules: int = 2
    follow_up_days: int = 5  # working days; 0 switches it off
    hold_draft: timedelta = timedelta(hours=48)
    hold_sent_days: int = 5  # working days
    drafts_per_hour: int = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """Where raincheck tells what it did."""

    folder: str = "Raincheck"  # "" switches them off
    urgent: str = "INBOX"
    brief: time | None = time(7, 30)
    alarm_after: timedelta = timedelta(hours=2)
    keep: timedelta = timedelta(days=400)


# --- rules --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: a fact's name and what it is held against (meaning by fact, see rules.py)."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    fact: str
    expected: str | bool | float | date | time | timedelta | Salary | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is true (Kleene)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when some part is true (Kleene)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Unknown:
    """True when none of these facts is known; never unknown itself."""

    facts: tuple[str, ...]


Condition = Test | All | AnyOf | Not | Unknown


@dataclass(frozen=True, slots=True)
class Rule:
    """The person's own word on some mails: the first rule whose condition is true decides."""

    name: str
    when: Condition
    then: Outcome
    reason: Mapping[str, str] = field(default_factory=dict)  # phrase by language
    template: str | None = None
    referral: Mapping[str, str] = field(default_factory=dict)
    check_in: timedelta | None = None
    not_before: date | None = None
    active_from: date | None = None
    active_until: date | None = None  # inclusive
    origin: str = ""  # file:line, for explanations


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the person configured, checked."""

    me: Me = field(default_factory=Me)
    accounts: tuple[Account, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    availability: Availability = field(default_factory=Availability)
    approval: Approval = field(default_factory=Approval)
    replies: Replies = field(default_factory=Replies)
    notes: Notes = field(default_factory=Notes)
    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()  # of rules that never act
    hints: tuple[str, ...] = ()  # of rules that act on fewer mails than they seem to
    template_folder: str | None = None  # the person's own templates: "templates" beside config.toml
    reading_folder: str | None = None  # the person's own lexicon additions: "reading" beside config.toml

    def of(self, account: Account) -> Settings:
        """The settings as they hold for one account: its stars may approve nothing."""
        return self if account.stars else replace(self, approval=replace(self.approval, flag=False))

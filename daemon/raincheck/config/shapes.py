"""The tables of config.toml as pydantic checks them: their keys and what each holds.

No defaults stand here: a key that is not written is left out, and the dataclasses of core/settings.py know the rest.
"""

from __future__ import annotations

import types
import typing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    Required,  # pydantic asks for these before Python 3.12
)

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    with_config,
)
from typing_extensions import TypedDict, is_typeddict

from raincheck.config import values
from raincheck.config.values import Wrong
from raincheck.core.model import Period
from raincheck.core.settings import (
    Account,
    Approval,
    Calendar,
    ClockRange,
    Notes,
    Replies,
    SecretSource,
    Server,
    Tls,
    Weekday,
)

_table = with_config(ConfigDict(extra="forbid", strict=True))


def _line(text: str) -> str:
    if not text.isprintable():
        raise Wrong("it holds control characters", "Write it on one line.")
    return text


def _path(value: str, info: ValidationInfo) -> str:
    """An absolute path; relative ones start at the configuration file, ~ is the home folder."""
    folder: Path = (info.context or {})["folder"]
    return str(folder / Path(value).expanduser())


Text = Annotated[str, AfterValidator(_line), Field(max_length=500)]
Name = Annotated[Text, Field(min_length=1)]
Texts = Annotated[list[Name], AfterValidator(tuple)]
LocalPath = Annotated[Name, AfterValidator(_path)]
Duration = Annotated[timedelta, PlainValidator(values.duration)]
Minutes = Annotated[int, PlainValidator(values.minutes)]
SomeMinutes = Annotated[Minutes, Field(ge=1, le=24 * 60)]
WholeDays = Annotated[int, PlainValidator(values.whole_days)]
Zone = Annotated[str, PlainValidator(values.zone)]
AddrSpec = Annotated[str, PlainValidator(values.address)]
Count = Annotated[int, Field(ge=1, le=1000)]
Ranges = Annotated[tuple[ClockRange, ...], PlainValidator(values.clock_ranges)]
Day = Annotated[date, PlainValidator(values.day)]


# --- secrets and servers ------------------------------------------------------------------------------------------


@_table
class SecretTable(TypedDict, total=False):
    """A secret: exactly one place where it is kept."""

    command: Name
    file: LocalPath
    env: Name
    credential: Annotated[Name, Field(pattern=r"^[\w.-]+$")]
    keyring: Name


_WRITE_A_TABLE = 'Write a table such as { command = "pass show mail/robin" }, or { file = "…" }, { keyring = "…" }.'


def _no_inline_secret(value: Any) -> Any:
    if isinstance(value, str):
        raise Wrong("a secret must not stand in this file", _WRITE_A_TABLE)
    return value


def _one_source(table: SecretTable) -> SecretSource:
    if len(table) != 1:
        raise Wrong(f"a secret has exactly one source, not {len(table)}", _WRITE_A_TABLE)
    return SecretSource(**table)


Secret = Annotated[SecretTable, BeforeValidator(_no_inline_secret), AfterValidator(_one_source)]


@_table
class ServerTable(TypedDict, total=False):
    """Where a server listens."""

    host: Required[Annotated[str, PlainValidator(values.host_name)]]
    port: Required[Annotated[int, Field(ge=1, le=65535)]]
    tls: Tls
    username: Name
    password: Secret


def _server(table: dict[str, Any]) -> Server:
    server = Server(**table)
    if server.tls == "none" and not values.is_loopback(server.host):
        raise Wrong(
            f'tls = "none" would send your password in the clear to {server.host}',
            'Write tls = "implicit" or "starttls"; "none" is for 127.0.0.1, ::1 and localhost alone.',
        )
    return server


ServerValue = Annotated[ServerTable, AfterValidator(_server)]


@_table
class OAuthTable(TypedDict):
    """Where an access token comes from."""

    token: Secret


@_table
class AccountTable(TypedDict, total=False):
    """[accounts.NAME]."""

    address: Required[AddrSpec]
    username: Name
    imap: Required[ServerValue]
    smtp: Required[ServerValue]
    password: Secret
    oauth2: OAuthTable
    ca_file: LocalPath
    authserv_id: Name
    watch: Annotated[Texts, Field(min_length=1)]
    drafts: Name
    sent: Name
    trash: Name
    lookback: Duration
    mark_answered: bool


def _account(table: dict[str, Any]) -> dict[str, Any]:
    """Ready for Account but for its name."""
    if ("password" in table) == ("oauth2" in table):
        raise Wrong(
            "an account has either a password or oauth2",
            'Write password = { command = "…" }, or oauth2 = { token = { command = "…" } }.',
        )
    rest = {key: value for key, value in table.items() if key != "oauth2"}
    token = table["oauth2"]["token"] if "oauth2" in table else None
    return {**rest, "username": table.get("username", table["address"]), "oauth2_token": token}


def _accounts(tables: dict[str, dict[str, Any]]) -> tuple[Account, ...]:
    accounts = tuple(Account(name=name, **table) for name, table in tables.items())
    seen: dict[tuple[str, str], str] = {}
    for account in accounts:
        key = (account.imap.host.lower(), account.username.lower())
        if key in seen:
            raise Wrong(f"{seen[key]!r} and {account.name!r} are the same mailbox", "Leave one of them out.")
        seen[key] = account.name
    return accounts


# --- calendars and hours ------------------------------------------------------------------------------------------


def _feed(value: Any, info: ValidationInfo) -> str | SecretSource:
    if isinstance(value, dict):
        secret: SecretSource = _SECRET.validate_python(value, context=info.context)
        return secret
    if not isinstance(value, str) or not value:
        raise Wrong("a feed is a path, a URL or a table", 'Write url = "calendar.ics" or { file = "calendar-url" }.')
    scheme, separator, _ = value.partition("://")
    if not separator:
        return _path(value, info)
    if scheme.lower() not in ("https", "http", "webcal"):
        raise Wrong(f"feeds are not read over {scheme}", "Use https, http, webcal, or a path.")
    return value


_SECRET: TypeAdapter[Any] = TypeAdapter(Secret)


@_table
class CalendarTable(TypedDict, total=False):
    """[[calendar]]."""

    name: Required[Name]
    url: Required[Annotated[Any, PlainValidator(_feed)]]
    max_age: Duration
    allow_stale: Duration
    timeout: Duration
    max_bytes: Annotated[int, PlainValidator(values.size)]
    allow_private_networks: bool
    username: Name
    password: Secret


def _calendars(tables: list[dict[str, Any]]) -> tuple[Calendar, ...]:
    names = [table["name"] for table in tables]
    if double := next((name for name in names if names.count(name) > 1), None):
        raise Wrong(f"two calendars are called {double!r}", "Give each a name of its own.")
    return tuple(Calendar(**table) for table in tables)


@_table
class HoursTable(TypedDict, total=False):
    """[availability.hours]: a missing day is closed."""

    mon: Ranges
    tue: Ranges
    wed: Ranges
    thu: Ranges
    fri: Ranges
    sat: Ranges
    sun: Ranges


@_table
class OtherSideTable(TypedDict, total=False):
    """[availability.other_side]."""

    timezone: Zone
    hours: Ranges
    days: Annotated[list[Annotated[Weekday, PlainValidator(values.weekday)]], AfterValidator(tuple)]


@_table
class HeldTable(TypedDict):
    """[[availability.held]]."""

    start: Annotated[datetime, PlainValidator(values.moment)]
    end: Annotated[datetime, PlainValidator(values.moment)]


def _held(table: HeldTable) -> Period:
    if table["start"] >= table["end"]:
        raise Wrong("it ends before it starts", "Write the earlier time as start.")
    return Period(table["start"], table["end"])


@_table
class AvailabilityTable(TypedDict, total=False):
    """[availability]."""

    timezone: Zone
    duration: SomeMinutes
    count: Annotated[int, Field(ge=1, le=20)]
    increment: SomeMinutes
    buffer_before: Annotated[Minutes, Field(le=24 * 60)]
    buffer_after: Annotated[Minutes, Field(le=24 * 60)]
    min_notice: Duration
    horizon_days: Annotated[int, Field(ge=1, le=366)]
    max_per_day: Annotated[int, Field(ge=1, le=20)]
    spread: Literal["days", "none"]
    both_halves: bool
    interviews_per_day: Count
    interviews_per_week: Count
    blackout: Annotated[list[Annotated[tuple[date, date], PlainValidator(values.date_range)]], AfterValidator(tuple)]
    tentative: Literal["busy", "free"]
    hours: HoursTable
    other_side: OtherSideTable
    held: Annotated[list[Annotated[HeldTable, AfterValidator(_held)]], AfterValidator(tuple)]


# --- the rest -----------------------------------------------------------------------------------------------------


@_table
class MeTable(TypedDict, total=False):
    """[me]."""

    name: Text
    addresses: Annotated[list[AddrSpec], AfterValidator(tuple)]
    timezone: Zone
    country: Annotated[str, PlainValidator(values.country)]
    phone: Text
    languages: Annotated[
        list[Annotated[str, PlainValidator(values.language)]], Field(min_length=1), AfterValidator(tuple)
    ]
    signature: Annotated[str, Field(max_length=4000)]
    date_order: Literal["DMY", "MDY"]


@_table
class ApprovalTable(TypedDict, total=False):
    """[approval]."""

    flag: bool
    folder: Text
    undo: Duration


@_table
class RepliesTable(TypedDict, total=False):
    """[replies]."""

    accept: Literal["leave", "draft"]
    outside_hours: Literal["leave", "reschedule"]
    quote: bool
    itip: Literal["decline", "off"]
    max_reschedules: Annotated[int, Field(ge=0, le=10)]
    follow_up: WholeDays
    hold_draft: Duration
    hold_sent: WholeDays
    drafts_per_hour: Count


def _replies(table: dict[str, Any]) -> Replies:
    renamed = {"follow_up": "follow_up_days", "hold_sent": "hold_sent_days"}
    return Replies(**{renamed.get(key, key): value for key, value in table.items()})


def _brief(value: Any) -> time | None:
    return None if value == "" else values.clock(value)


@_table
class NotesTable(TypedDict, total=False):
    """[notes]."""

    folder: Text
    urgent: Name
    brief: Annotated[time | None, PlainValidator(_brief)]
    alarm_after: Duration
    keep: Duration


@_table
class Document(TypedDict, total=False):
    """config.toml."""

    include: list[Any]
    me: MeTable
    accounts: Annotated[dict[str, Annotated[AccountTable, AfterValidator(_account)]], AfterValidator(_accounts)]
    calendar: Annotated[list[CalendarTable], AfterValidator(_calendars)]
    availability: AvailabilityTable
    approval: Annotated[ApprovalTable, AfterValidator(lambda table: Approval(**table))]
    replies: Annotated[RepliesTable, AfterValidator(_replies)]
    notes: Annotated[NotesTable, AfterValidator(lambda table: Notes(**table))]
    rule: Any  # see rule_tables.py


DOCUMENT: TypeAdapter[Any] = TypeAdapter(Document)


def known_keys(path: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the table at this path; () where any may."""
    shape: Any = Document
    for part in path:
        if is_typeddict(shape):
            shape = typing.get_type_hints(shape).get(str(part))
        else:
            arguments = typing.get_args(shape)
            shape = arguments[-1] if arguments and not isinstance(shape, types.UnionType) else None
        while typing.get_origin(shape) is Required:
            shape = typing.get_args(shape)[0]
    return tuple(typing.get_type_hints(shape)) if is_typeddict(shape) else ()

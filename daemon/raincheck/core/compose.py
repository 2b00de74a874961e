"""Decision + template → Reply: the one place where a letter is put together.

A template is the person's (or ours) and is code; what a mail says is data: it is cleaned to one short line, handed over
as a value and never read as a template. What comes out is held against `tact` before anyone sees it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Any

from raincheck.core import recipients, salutation, tact
from raincheck.core.model import Address, Kind, Outcome, Reply
from raincheck.core.subject import reply_subject
from raincheck.core.templating import BREAK, CONTROL, Vary, one_line, own_words, render, role_name
from raincheck.core.wording import Language, Wording, parse_language, territory, wording
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from raincheck.core.model import Case, Decision, Message, Reading
    from raincheck.core.recipients import Senders
    from raincheck.core.settings import Me, Settings
    from raincheck.core.wording import Region

_QUOTED_LINES = 200
_QUOTED_CHARACTERS = 12_000


class Letter(StrEnum):
    """Every kind of letter; the name of its template."""

    DECLINE = "decline"
    RESCHEDULE = "reschedule"
    PROPOSE = "propose"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    FOLLOW_UP = "follow_up"
    CHECK_IN = "check_in"
    AFTER_CALL = "after_call"


_LETTERS = {
    Outcome.DECLINE: Letter.DECLINE,
    Outcome.RESCHEDULE: Letter.RESCHEDULE,
    Outcome.PROPOSE: Letter.PROPOSE,
    Outcome.ACCEPT: Letter.ACCEPT,
}


@dataclass(frozen=True, slots=True)
class Stationery:
    """What every letter to one correspondent is written with: language, tone, how times are said."""

    folder: str  # "de", or "pt-BR" where a territory has a folder of its own
    language: Language
    wording: Wording
    formal: bool
    informal_greeting: bool


def compose(
    decision: Decision,
    reading: Reading,
    message: Message,
    case: Case | str,
    settings: Settings,
    templates: Mapping[str, str],
    *,
    now: datetime,
    letter: Letter | None = None,
    senders: Senders = recipients.NOTHING_KNOWN,
    from_: str | None = None,
    to: recipients.Recipients | None = None,
) -> Reply:
    """The finished letter for a decision about a mail.

    `case` (or its id) chooses among equivalent phrases and tells how often a talk was moved; `letter` names a letter
    that is no outcome (confirm, follow_up, check_in, after_call); `from_` is the address to write from, by default the
    one of me.addresses that the mail was sent to; `to` overrides the choice of recipients.
    Raises NotWritable, with a sentence for the person, when there is no usable address, no template for the language
    of the mail, or when the result lacks tact; ConfigError when language.toml is wrong.
    """
    chosen = to or recipients.choose(reading, message, settings.me.addresses, senders)
    desk = stationery(reading, message, settings, templates)
    kind = letter or _letter(decision)
    base = decision.template if decision.template and letter is None else kind
    name = _template(base, _variants(kind, reading, case, desk), desk.folder, templates)
    values = _values(decision, reading, message, case, settings, desk)
    body = _spelled(desk.wording.region, render(name, templates[name], values), values, settings.me)
    reply = Reply(
        from_=Address(own_words(settings.me.name) or "", from_ or _own_address(message, settings)),
        to=(chosen.to,),
        cc=chosen.cc,
        subject=reply_subject(message, desk.language.subject["fallback"], role=values["role"]),
        body=body,
        quote=_quote(message, desk) if settings.replies.quote else "",
        in_reply_to=message.message_id,
        references=_references(message),
        template=name,
    )
    problems = tact.check(reply, decision, reading, desk.language, desk.wording, letter=kind, now=now, me=settings.me)
    if problems:
        raise NotWritable(f"the letter from template {name} is not fit to be sent: {'; '.join(problems)}")
    return reply


def stationery(reading: Reading, message: Message, settings: Settings, templates: Mapping[str, str]) -> Stationery:
    """Language, tone and clock for the sender of this mail. Raises NotWritable for a language without templates."""
    lang = reading.lang or ""
    domain = message.from_.domain if message.from_ else ""
    folders = (f"{lang}-{territory(reading.zone, domain)}", lang)
    folder = next((name for name in folders if f"{name}/language" in templates), None)
    if lang not in settings.me.languages or folder is None:
        raise NotWritable(f"the mail is in a language that is not answered here ({lang or 'unknown'})")
    language = parse_language(templates[f"{folder}/language"], f"{folder}/language.toml")
    said = wording(language, reading, settings.me.timezone, sender_domain=domain)
    informal = salutation.is_informal(language, reading.formal, _opening(message), settings.me.name)
    return Stationery(folder, language, said, formal=reading.formal is not False, informal_greeting=informal)


def offered_lines(decision: Decision, desk: Stationery) -> tuple[str, ...]:
    """The offered times exactly as the letter says them: what a later check of the draft looks for."""
    return tuple(desk.wording.option(period.start) for period in decision.alternatives)


# --- choosing -----------------------------------------------------------------------------------------------------


def _letter(decision: Decision) -> Letter:
    if decision.outcome not in _LETTERS:
        raise NotWritable("this mail is left to you")
    return _LETTERS[decision.outcome]


def _variants(kind: Letter, reading: Reading, case: Case | str, desk: Stationery) -> tuple[str, ...]:
    moved = 0 if isinstance(case, str) else case.reschedules_by_me
    return tuple(
        name
        for name, wanted in (
            ("second", kind is Letter.RESCHEDULE and moved > 0),
            ("agency", reading.agency is True),
            ("informal", desk.language.forms and not desk.formal),
        )
        if wanted
    )


def _template(base: str, variants: tuple[str, ...], folder: str, templates: Mapping[str, str]) -> str:
    """The most special template that exists: more variants first, and the earlier named before the later."""
    for size in range(len(variants), -1, -1):
        for chosen in combinations(variants, size):
            name = f"{folder}/{'.'.join((base, *chosen))}"
            if name in templates:
                return name
    raise NotWritable(f"there is no template {folder}/{base}.txt")


def _own_address(message: Message, settings: Settings) -> str:
    """The address that the mail was sent to, else the first of the person's."""
    mine = settings.me.addresses
    written = [a.addr_spec.lower() for a in (*message.to, *message.cc)]
    return next((address for address in written if address in mine), mine[0] if mine else "")


# --- values -------------------------------------------------------------------------------------------------------


def _values(
    decision: Decision, reading: Reading, message: Message, case: Case | str, settings: Settings, desk: Stationery
) -> dict[str, Any]:
    """All that a template may use. Everything is text of ours, or a cleaned line, or None."""
    language, said = desk.language, desk.wording
    seed = case if isinstance(case, str) else case.id
    vary = Vary(seed)
    offers = decision.alternatives
    both_clocks = any(said.differ(offer.start) for offer in offers)
    zones = {said.zone(said.mine, offer.start) for offer in offers}
    company = _company(reading, message)
    fields = {
        "role": role_name(_without_company(reading.role, company), language.roles.tail),
        "company": company,
        "zone": zones.pop() if len(zones) == 1 and not both_clocks else None,
    }
    return {
        **{name: language.phrase(name, **fields) for name in language.phrases},
        **fields,
        "greeting": _greeting(reading, message, settings, desk, fields["company"]),
        "closing": _closing(settings, desk, Vary(f"{seed} closing")),
        "talk": language.talk.get(reading.stage or "", language.talk["default"]),
        "our_talk": language.our_talk.get(reading.stage or "", language.our_talk["default"]),
        "known_position": bool(fields["role"] or fields["company"]),
        "appointment": said.moment(decision.appointment.start) if decision.appointment else None,
        "options": BREAK.join(f"- {line}" for line in offered_lines(decision, desk)),
        "reason": _reason(decision, language, vary),
        "referral": own_words(decision.referral),
        "invited": reading.kind not in (Kind.OUTREACH, Kind.AVAILABILITY_REQUEST, Kind.OTHER),
        "moved": reading.kind is Kind.RESCHEDULE,
        "call_first": decision.call_first,
        "agency": reading.agency is True,
        "phone": own_words(settings.me.phone),
        "contact": one_line(reading.contact, 60),
        "vary": vary,
    }


def _company(reading: Reading, message: Message) -> str | None:
    """The company as a letter may name it: never the writer's own name, unless their domain bears it as well."""
    name, sender = one_line(reading.company, 60), message.from_
    if name is None or sender is None:
        return name
    bare, writer = (re.sub(r"[\W_]", "", text.casefold()) for text in (name, sender.display_name))
    domain = re.sub(r"[\W_]", "", sender.domain.casefold())
    return None if " " in name and bare == writer and bare not in domain else name


def _without_company(role: str | None, company: str | None) -> str | None:
    """The role without "at Acme" behind it, which the sentence says itself."""
    if role is None or company is None:
        return role
    return re.sub(rf"(?<=\w)\s+(?:[@|–-]\s*|[^\W\d_A-Z]{{1,6}}\s+)?{re.escape(company)}$", "", role)


def _greeting(reading: Reading, message: Message, settings: Settings, desk: Stationery, company: str | None) -> str:
    line = salutation.greet(
        desk.language,
        one_line(reading.contact, 60),
        company if reading.agency is not True else None,
        formal=reading.formal,
        opening=_opening(message),
        me=settings.me.name,
        text=message.text(),
        sender=message.from_.display_name if message.from_ else "",
    )
    mark = desk.wording.region.greeting_mark
    return line if mark is None else line.rstrip(",") + mark


def _opening(message: Message) -> str:
    return next((line.strip() for line in message.newest.split("\n") if line.strip()), "")[:200]


def _closing(settings: Settings, desk: Stationery, vary: Vary) -> str:
    lines = desk.language.closing
    name = settings.me.name or settings.me.signature.partition("\n")[0]
    closing = vary(*(lines.informal if desk.informal_greeting else lines.formal))
    signature = [line.rstrip() for line in settings.me.signature.strip().split("\n")]
    block = ["-- ", *signature] if signature not in ([name], [""]) else []
    return BREAK.join(filter(None, [closing, name, *block]))


def _reason(decision: Decision, language: Language, vary: Vary) -> str | None:
    """The rule's own words; for a time that does not suit a true phrase of ours; else none."""
    if told := own_words(decision.told_reason):
        told = told.rstrip(" .!;,")
        first = told.split(" ")[0]
        return told[0].lower() + told[1:] if first in language.reasons.lower else told
    if decision.outcome is Outcome.RESCHEDULE:
        if decision.from_rule:
            raise NotWritable("the rule gives no reason in the language of the mail, and a rescheduling needs one")
        return vary(*(language.reasons.collision if decision.collides else language.reasons.unsuited))
    return None


# --- text ---------------------------------------------------------------------------------------------------------


def _spelled(region: Region, body: str, values: Mapping[str, Any], me: Me) -> str:
    """The region's spelling of all words but names, and a capital after the greeting where it wants one."""
    names = filter(None, [values["role"], values["company"], *(values["contact"] or "").split(), me.name, me.signature])
    parts = re.split(f"({'|'.join(map(re.escape, names)) or '$^'})", body)
    for old, new in region.replace:
        parts[::2] = [part.replace(old, new) for part in parts[::2]]
    head, gap, rest = "".join(parts).partition("\n\n")
    return head + gap + (rest[:1].upper() + rest[1:] if region.capital else rest)


def _references(message: Message) -> tuple[str, ...]:
    """References of the answer (RFC 5322, 3.6.4): those of the mail, else its In-Reply-To, and the mail itself."""
    earlier = message.references or message.in_reply_to[:1]
    return tuple(dict.fromkeys((*earlier, *filter(None, [message.message_id]))))


def _quote(message: Message, desk: Stationery) -> str:
    """The original below the answer, as mail clients write it; bounded."""
    parts = (segment.text.strip("\n") for segment in message.segments)
    text = "\n\n".join(part for part in parts if part.strip())[:_QUOTED_CHARACTERS]
    if not text.strip():
        return ""
    lines = list(_quoted_lines(text))[:_QUOTED_LINES]
    sender = message.from_
    name = (one_line(sender.display_name, 60) or sender.addr_spec) if sender else ""
    if message.date is None or not name:
        return "\n".join(lines)
    date = message.date.astimezone(desk.wording.mine)
    attribution = desk.language.quote["attribution"].format_map(
        {"date": desk.wording.date(date), "time": desk.wording.time(date), "name": name}
    )
    return "\n".join([attribution, *lines])


def _quoted_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        clean = CONTROL.sub(" ", line).rstrip()
        marks = re.match(r"(?:>\s?)*", clean)
        depth, rest = (marks.group().count(">"), clean[marks.end() :]) if marks else (0, clean)
        yield (">" * (depth + 1) + " " + rest).rstrip()

"""Notes to the person: what was read and why, what waits, what is due. Never a word of this goes to anyone else.

A note stands apart from the conversation: own subject, no In-Reply-To or References, Auto-Submitted (RFC 3834).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from raincheck.core.model import OPEN_DRAFT_STATES, CaseState, Outcome, Slot
from raincheck.core.rfc5322 import text_message
from raincheck.core.templating import BREAK, CONTROL, render
from raincheck.core.wording import Language, Wording, first_known, parse_language, parse_zone
from raincheck.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.core.model import Address, Case, Decision, Evidence, Hold, Period, Reading, Reply
    from raincheck.core.settings import Settings

_QUOTE = 160  # characters of quoted words
_FIELDS = ("role", "company", "contact", "stage", "format", "slots", "windows", "periods", "duration_minutes",
           "location", "url", "scheduling_link", "phone", "reply_by", "salary", "agency", "reply_to")  # fmt: skip
_WAITING = (CaseState.UNCERTAIN, CaseState.ASKING, CaseState.APPROVED, CaseState.DRAFTED, CaseState.LEFT)


@dataclass(frozen=True, slots=True)
class NoteText:
    """A finished note: one-line subject and text."""

    subject: str
    body: str


def case_note(
    case: Case,
    reading: Reading,
    decision: Decision,
    settings: Settings,
    templates: Mapping[str, str],
    *,
    now: datetime,
    reply: Reply | None = None,
    held_until: datetime | None = None,
    free: Iterable[Period] = (),
    remarks: Iterable[str] = (),
) -> NoteText:
    """What was read in a mail, what is to become of it and why, and what the person can do.

    `reply` is the draft, if there is one; `free` are free times worth knowing (for a booking link); `remarks` are
    oddities to look at before saying yes (another domain in Reply-To and the like).
    """
    desk = _Desk(settings, templates)
    talk = reading.actionable and decision.outcome is not Outcome.DECLINE
    values = {
        **_about(case, reading.role or case.role, reading.company or case.company, reading.contact or case.contact),
        "kind": desk.word("kind", reading.kind),
        "outcome": decision.outcome.value,
        "outcome_word": desk.word("outcome", decision.outcome),
        "read": BREAK.join(_read(reading, desk)),
        "unsure": BREAK.join(
            f"- {_clean(u.why)}: {_clean(' / '.join(u.candidates))}".rstrip(": ") for u in reading.unsure
        ),
        "why": _sentence(decision.reason),
        "rule": _clean(decision.rule or "") or None,
        "told_reason": _clean(decision.told_reason or "") or None,
        "offered": desk.bullets(p.start for p in decision.alternatives) if reply else "",
        "free": desk.bullets(p.start for p in dict.fromkeys((*free, *decision.worth_knowing))),
        "free_slot": desk.said.option(decision.free.start) if decision.free else None,
        "held_until": desk.said.moment(held_until) if held_until else None,
        "deadline": desk.said.moment(case.deadline) if case.deadline else None,
        "appointment": _appointment(decision, reading, case, desk),
        "call_first": decision.call_first,
        "phone": _clean(reading.phone or "") or None,
        "link": _clean(reading.scheduling_link or "") or None,
        "draft": reply is not None,
        "to": reply.to[0].addr_spec if reply else None,
        "cc": ", ".join(a.addr_spec for a in reply.cc) if reply else "",
        "tells_calendar": _tells_their_calendar(decision, reading, reply, settings),
        "remarks": BREAK.join(f"- {_sentence(remark)}" for remark in remarks),
        "preparation": BREAK.join(f"- {item}" for item in preparation(reading, case, desk.language)) if talk else "",
        **_gestures(settings),
    }
    return desk.write("note", values)


def alert(
    case: Case | None, reason: str, settings: Settings, templates: Mapping[str, str], *, now: datetime, draft: str = ""
) -> NoteText:
    """Something about a case that the person must know at once: not sent, perhaps sent, several drafts, withdrawn.

    `reason` is a clause in plain words; `draft` names the folder where the draft lies, if there is one.
    """
    desk = _Desk(settings, templates)
    values = {
        **_about(case, case.role if case else None, case.company if case else None, case.contact if case else None),
        "state": case.state.value if case else "",
        "reason": _sentence(reason),
        "appointment": desk.said.moment(case.appointment.start) if case and case.appointment else None,
        "folder": _clean(draft) or None,
        "at": desk.said.moment(now),
        **_gestures(settings),
    }
    return desk.write("note.alert", values)


def health_note(
    name: str, detail: str, settings: Settings, templates: Mapping[str, str], *, since: datetime, ok: bool = False
) -> NoteText:
    """An account or calendar that has not worked for a while, or that works again."""
    desk = _Desk(settings, templates)
    kind, _, label = name.partition(":")
    values = {"kind": kind, "name": _clean(label or name), "detail": _sentence(detail), "ok": ok}
    return desk.write("note.health", {**values, "since": desk.said.moment(since)})


def brief(
    cases: Sequence[Case],
    holds: Sequence[Hold],
    troubles: Sequence[str],
    settings: Settings,
    templates: Mapping[str, str],
    *,
    now: datetime,
) -> NoteText:
    """The daily brief: what waits, what is due soon, which interviews are near, which times are held, what is ill.

    It comes every day, so that its absence is a sign as well.
    """
    desk = _Desk(settings, templates)
    waiting = sorted(
        (c for c in cases if c.state in _WAITING), key=lambda c: (c.deadline or _FAR, _WAITING.index(c.state))
    )
    soon = now + timedelta(days=7)
    talks = (
        sorted((s.start, c) for c in cases if (s := _confirmed(c)) is not None and now <= s.start < soon)
        if cases
        else []
    )
    values = {
        "day": desk.said.date(now.astimezone(desk.said.mine)),
        "waiting": BREAK.join(f"- {_waiting_line(case, desk, now)}" for case in waiting[:50]),
        "count": len(waiting),
        "drafts": sum(case.state in OPEN_DRAFT_STATES for case in waiting),
        "interviews": BREAK.join(f"- {desk.said.option(start)}: {_title(case)}" for start, case in talks),
        "holds": BREAK.join(
            f"- {desk.said.option(h.period.start)}" for h in sorted(holds, key=lambda h: h.period) if h.expires > now
        ),
        "troubles": BREAK.join(f"- {_sentence(trouble)}" for trouble in troubles),
    }
    return desk.write("note.brief", values)


def note_bytes(note: NoteText, *, account: Address, message_id: str, date: datetime) -> bytes:
    """A note as a message from and to the person's own address; marked as made by a program, tied to no thread."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "X-Loop": "raincheck"}
    return text_message(
        from_=account,
        to=(account,),
        subject=note.subject,
        body=note.body,
        message_id=message_id,
        date=date,
        headers=headers,
    )


def preparation(reading: Reading, case: Case, language: Language) -> Iterator[str]:
    """What to do before this talk: for this company and role, by stage and format."""
    fields = {
        "role": _clean(reading.role or case.role or "") or None,
        "company": _clean(reading.company or case.company or "") or None,
    }
    for key in ("always", reading.stage or "", reading.format or ""):
        for item in language.preparation.get(key, ()):
            if said := first_known([item], **fields):
                yield said


# --- parts --------------------------------------------------------------------------------------------------------

_FAR = datetime.max.replace(tzinfo=UTC)


class _Desk:
    """The person's own language and clock."""

    def __init__(self, settings: Settings, templates: Mapping[str, str]) -> None:
        known = (lang for lang in (*settings.me.languages, "en") if f"{lang}/note" in templates)
        self.folder = next(known, "")
        if not self.folder:
            raise NotWritable("there is no template for notes (en/note.txt)")
        self.templates = templates
        self.language = parse_language(templates[f"{self.folder}/language"], f"{self.folder}/language.toml")
        home = parse_zone(settings.me.timezone) or UTC
        self.said = Wording(self.language, home, home, clock=self.language.when.clock)

    def word(self, group: str, name: str) -> str:
        return self.language.words.get(f"{group}.{name}", name.replace("_", " "))

    def bullets(self, starts: Iterable[datetime]) -> str:
        return BREAK.join(f"- {self.said.option(start)}" for start in starts)

    def write(self, template: str, values: Mapping[str, Any]) -> NoteText:
        name = f"{self.folder}/{template}"
        subject, _, body = render(name, self.templates[name], values).partition("\n\n")
        return NoteText(subject.removeprefix("Subject:").strip()[:150], body)


def _about(case: Case | None, role: str | None, company: str | None, contact: str | None) -> dict[str, Any]:
    cleaned = [_clean(text or "") or None for text in (role, company, contact)]
    title = ", ".join(filter(None, cleaned[:2])) or cleaned[2] or (case.domain if case else None)
    return {
        "case": case.id if case else None,
        "title": title,
        "role": cleaned[0],
        "company": cleaned[1],
        "contact": cleaned[2],
    }


def _title(case: Case) -> str:
    return str(_about(case, case.role, case.company, case.contact)["title"] or case.id)


def _gestures(settings: Settings) -> dict[str, Any]:
    minutes = round(settings.approval.undo.total_seconds() / 60)
    return {"star": settings.approval.flag, "approval_folder": settings.approval.folder or None, "undo": minutes}


def _tells_their_calendar(decision: Decision, reading: Reading, reply: Reply | None, settings: Settings) -> bool:
    """True when a METHOD:REPLY will go with the letter: a decline to the organizer who invited the person."""
    request = reading.scheduling
    if reply is None or request is None or request.method != "REQUEST" or request.organizer is None:
        return False
    invited = {attendee.address.addr_spec.lower() for attendee in request.attendees}
    return (
        decision.outcome is Outcome.DECLINE
        and settings.replies.itip == "decline"
        and request.organizer.addr_spec.lower() in {address.addr_spec.lower() for address in reply.to}
        and not invited.isdisjoint(settings.me.addresses)
    )


def _read(reading: Reading, desk: _Desk) -> Iterator[str]:
    """One line a field: what was understood, and the words that say so."""
    for name in _FIELDS:
        value = getattr(reading, name)
        if value in (None, ()) or isinstance(value, bool):
            continue
        quotes = [e for e in reading.evidence if e.field == name]
        yield f"- {desk.word('field', name)}: {_value(name, value, desk)}{_quoted(quotes, desk)}"


def _value(name: str, value: Any, desk: _Desk) -> str:
    if name in ("slots", "windows", "periods"):
        return "; ".join(_slot(slot, desk) for slot in value[:10])
    if name in ("stage", "format"):
        return desk.word(name, value)
    if isinstance(value, datetime):
        return desk.said.moment(value)
    if isinstance(value, date):
        return desk.said.date(datetime(value.year, value.month, value.day, tzinfo=desk.said.mine))
    if name == "salary":
        return " ".join(str(part) for part in (f"{value.amount:,.0f}", value.currency, value.period) if part)
    return _clean(str(value))


def _slot(slot: Slot, desk: _Desk) -> str:
    """A time of theirs in words; whole days as days, since midnight is no hour that anybody proposes."""
    if days := slot.whole_days():
        noons = (datetime.combine(day, time(12), slot.start.tzinfo) for day in dict.fromkeys(days))
        return " – ".join(desk.said.date(noon) for noon in noons)
    said = desk.said.option(slot.start)
    if slot.end is None:
        return said
    start, end = (moment.astimezone(desk.said.mine) for moment in (slot.start, slot.end))
    return f"{said} – {desk.said.time(end) if start.date() == end.date() else desk.said.option(slot.end)}"


def _quoted(quotes: Sequence[Evidence], desk: _Desk) -> str:
    if not quotes:
        return ""
    said = " … ".join(dict.fromkeys(f"“{_clean(e.quote)}”" for e in quotes[:3]))
    return f" ({desk.word('source', quotes[0].source)}: {said})"


def _appointment(decision: Decision, reading: Reading, case: Case, desk: _Desk) -> str | None:
    slot = decision.appointment or case.appointment or next(iter(reading.slots), None)
    return desk.said.moment(slot.start) if slot else None


def _confirmed(case: Case) -> Slot | None:
    return case.appointment if case.state is CaseState.CONFIRMED else None


def _waiting_line(case: Case, desk: _Desk, now: datetime) -> str:
    due = f" – {desk.said.option(case.deadline)}" if case.deadline and case.deadline > now else ""
    outcome = f": {desk.word('outcome', case.outcome)}" if case.outcome and case.outcome is not Outcome.LEAVE else ""
    return f"{_title(case)} ({desk.word('state', case.state)}{outcome}){due}"


def _clean(text: str) -> str:
    """Words of a mail on one line, shortened; a link stays readable."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1].rstrip() + "…"


def _sentence(text: str) -> str:
    line = " ".join(CONTROL.sub(" ", text).split())[:600]
    line = line[:1].upper() + line[1:]
    return line if not line or re.search(r"[.!?…]$", line) else f"{line}."

"""A Reading as plain data for machines: the reading part of `raincheck explain --json`, every key always present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.core.model import Reading, Salary, Slot
    from raincheck.core.plan import Plan

_PLAIN = [
    "lang",
    "formal",
    "role",
    "company",
    "contact",
    "reply_to",
    "agency",
    "stage",
    "format",
    "location",
    "url",
    "scheduling_link",
    "phone",
    "duration_minutes",
]


def reading_json(reading: Reading) -> dict[str, Any]:
    """The contract's keys in its order; None where the mail does not say. Times are ISO with the sender's offset."""
    return {
        "kind": str(reading.kind),
        "actionable": reading.actionable,
        "confidence": round(reading.confidence, 3),
        "unsure": [
            {"field": doubt.field, "why": doubt.why, "candidates": list(doubt.candidates)} for doubt in reading.unsure
        ],
        **{name: getattr(reading, name) for name in _PLAIN},
        "reply_by": reading.reply_by.isoformat() if reading.reply_by is not None else None,
        "slots": _slots(reading.slots),
        "windows": _slots(reading.windows),
        "salary": _salary(reading.salary),
        "remote": reading.remote,
        "seniority": reading.seniority,
        "skills": list(reading.skills),
        "evidence": [{"field": item.field, "quote": item.quote, "source": item.source} for item in reading.evidence],
    }


def plan_json(made: Plan) -> dict[str, Any]:
    """The keys `decision` and `reply` of `explain --json --config`; addresses as addr-specs, times as ISO in UTC."""
    decision, reply = made.decision, made.reply
    return {
        "decision": {
            "outcome": str(decision.outcome),
            "rule": decision.rule,
            "reason": decision.reason,
            "trace": [{"step": step.step, "detail": step.detail, "hit": step.hit} for step in decision.trace],
            "alternatives": [
                {"start": period.start.isoformat(), "end": period.end.isoformat()} for period in decision.alternatives
            ],
        },
        "reply": {
            "to": [address.addr_spec for address in reply.to],
            "cc": [address.addr_spec for address in reply.cc],
            "subject": reply.subject,
            "body": reply.body,
        }
        if reply
        else None,
    }


def _slots(slots: Iterable[Slot]) -> list[dict[str, str | None]]:
    return [{"start": s.start.isoformat(), "end": s.end.isoformat() if s.end is not None else None} for s in slots]


def _salary(salary: Salary | None) -> dict[str, Any] | None:
    if salary is None:
        return None
    return {"amount": salary.amount, "currency": salary.currency, "period": salary.period}

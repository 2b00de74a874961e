"""The reason that a letter tells: the rule's own words, and never two different excuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.core.likeness import same_company, same_person
from raincheck.core.model import Outcome

if TYPE_CHECKING:
    from raincheck.core.desk import Desk
    from raincheck.core.model import Answered
    from raincheck.core.settings import Rule


def told_reason(desk: Desk, rule: Rule) -> str | None:
    """The phrase for the letter in the mail's language; what this company was told before is told again."""
    lang = desk.reading.lang or ""
    before = _told_before(desk, rule.then)
    if before is None:
        return rule.reason.get(lang)
    for other in (rule, *desk.settings.rules):
        if before in other.reason.values():
            return other.reason.get(lang)
    return before if (lang,) == desk.settings.me.languages else None


def _told_before(desk: Desk, outcome: Outcome) -> str | None:
    """The reason that was last given for this: of a decline to the same company, of a move in the same case.

    Why a talk is moved may truly differ from one month to the next; why one does not want to work there may not.
    """
    told = [
        answer
        for answer in desk.situation.history
        if answer.outcome is outcome and answer.reason
        if (_same_listener(answer, desk) if outcome is Outcome.DECLINE else desk.case and answer.case == desk.case.id)
    ]
    return max(told, key=lambda answer: answer.at).reason if told else None


def _same_listener(answer: Answered, desk: Desk) -> bool:
    """The same company; where one is not named, the same person at the same domain."""
    company, domain = desk.reading.company, desk.case.domain if desk.case else None
    if answer.company and company:
        return same_company(answer.company, company)
    same_house = domain is not None and answer.domain == domain
    return same_house and same_person(answer.contact, desk.reading.contact)

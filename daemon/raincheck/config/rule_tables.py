"""[[rule]] tables → Rules, every problem with its place. What the facts mean is told in core/rules.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from raincheck.config import values
from raincheck.config.toml_lines import Path, nearest_line
from raincheck.config.values import Wrong, did_you_mean, shown
from raincheck.core.model import Format, Kind, Outcome, Salary, Stage
from raincheck.core.rules import FACTS, SOURCES, UNKNOWN, Expects, compiled, judge
from raincheck.core.settings import All, AnyOf, Condition, Not, Rule, Test, Unknown
from raincheck.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_KEYS = ("name", "when", "then", "active", "reason", "template", "referral", "check_in", "not_before")
_NESTING = ("any", "all", "not", "unknown")
# What these facts can be at all: a text that fits none of it is a slip of the pen.
_VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "stage": get_args(Stage),
    "format": get_args(Format),
    "previous_outcome": tuple(Outcome),
}
_PERIODS = ("hour", "day", "month", "year")
_MAX_DEPTH = 20


@dataclass(slots=True)
class Report:
    """Collects the problems of one file. With a `preset`, all of them stand at the line that includes it."""

    file: str
    lines: dict[Path, int]
    problems: list[Problem] = field(default_factory=list)
    preset: Path | None = None

    def add(self, path: Path, what: str, remedy: str) -> None:
        """Notes a problem at a path of the file."""
        place = self.preset if self.preset is not None else path
        self.problems.append(Problem(self.file, self.line(path), dotted(place), what, remedy))

    def line(self, path: Path) -> int | None:
        """The line of a path, or of the nearest table around it."""
        return nearest_line(self.lines, self.preset if self.preset is not None else path)

    def attempt(self, path: Path, check: Callable[[Any], Any], value: Any) -> Any:
        """The checked value, or None after noting why there is none."""
        try:
            return check(value)
        except Wrong as problem:
            self.add(path, problem.what, problem.remedy)
            return None


def dotted(path: Path) -> str:
    """A path as people write it: rule[0].when.role."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".")


def read_rules(tables: Any, report: Report, language: str) -> tuple[Rule, ...]:
    """The rules of one file, in order. `language` is that of reasons written as a plain text."""
    if not isinstance(tables, list):
        report.add(("rule",), "rules are tables of their own", "Write each under a line [[rule]].")
        return ()
    rules = (_rule(table, ("rule", n), report, language) for n, table in enumerate(tables))
    return tuple(rule for rule in rules if rule is not None)


def _rule(table: Any, path: Path, report: Report, language: str) -> Rule | None:
    if not isinstance(table, dict):
        report.add(path, "a rule is a table", "Write it under a line [[rule]].")
        return None
    _refuse_unknown(table, _KEYS, path, report)
    number = int(path[-1]) + 1
    name = table.get("name", f"rule {number}")
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 100:
        report.add((*path, "name"), "a rule's name is one short line", 'Write it such as name = "no PHP".')
        name = f"rule {number}"
    for key, remedy in (("when", "Write when = { … }; an empty one fits every mail."), ("then", _THEN_REMEDY)):
        if key not in table:
            report.add(path, f"{key} is missing", remedy)
    when = _conjunction(table.get("when", {}), (*path, "when"), report, 0)
    first, last = _active(table.get("active", {}), (*path, "active"), report)

    def get(key: str, check: Callable[[Any], Any]) -> Any:
        return report.attempt((*path, key), check, table[key]) if key in table else None

    then = get("then", _outcome)
    return Rule(
        name=name.strip(),
        when=when,
        then=then or Outcome.LEAVE,
        reason=_phrases(table.get("reason"), (*path, "reason"), report, language),
        template=get("template", _template),
        referral=_phrases(table.get("referral"), (*path, "referral"), report, language),
        check_in=get("check_in", values.duration),
        not_before=get("not_before", values.day),
        active_from=first,
        active_until=last,
        origin=f"{report.file}:{report.line(path)}",
    )


_THEN_REMEDY = f"Write then = one of {', '.join(repr(o.value) for o in Outcome)}."


def _refuse_unknown(table: dict[str, Any], known: tuple[str, ...], path: Path, report: Report) -> None:
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known) or f"Known here: {', '.join(known)}."
            report.add((*path, key), "unknown key", hint)


def _outcome(value: Any) -> Outcome:
    if value in tuple(Outcome):
        return Outcome(value)
    raise Wrong(f"{shown(value)} is no outcome", f"{did_you_mean(str(value), Outcome)} {_THEN_REMEDY}".strip())


def _template(value: Any) -> str:
    if isinstance(value, str) and value.replace("-", "a").replace("_", "a").replace(".", "a").isalnum():
        return value
    raise Wrong(f"{shown(value)} is no template's name", 'Write its file name without ".txt", such as "decline.short".')


def _active(table: Any, path: Path, report: Report) -> tuple[date | None, date | None]:
    if not isinstance(table, dict):
        report.add(path, "active is a table", "Write active = { from = 2026-12-01, until = 2026-12-31 }.")
        return None, None
    _refuse_unknown(table, ("from", "until"), path, report)
    first, last = (
        report.attempt((*path, key), values.day, table[key]) if key in table else None for key in ("from", "until")
    )
    if first and last and last < first:
        report.add(path, "until lies before from", "Write the earlier day as from.")
    return first, last


def _phrases(value: Any, path: Path, report: Report, language: str) -> dict[str, str]:
    """A phrase in the person's first language, or a table by language."""
    if value is None:
        return {}
    table = value if isinstance(value, dict) else {language: value}
    found: dict[str, str] = {}
    for lang, text in table.items():
        place = (*path, lang) if isinstance(value, dict) else path
        if report.attempt(place, values.language, lang) and (phrase := report.attempt(place, values.phrase, text)):
            found[lang] = phrase
    return found


# --- conditions ---------------------------------------------------------------------------------------------------


def _conjunction(table: Any, path: Path, report: Report, depth: int) -> Condition:
    if not isinstance(table, dict):
        report.add(path, "a condition is a table", 'Write it such as when = { role = "PHP" }.')
        return All(())
    if depth > _MAX_DEPTH:
        report.add(path, f"conditions are nested more than {_MAX_DEPTH} deep", "Write several rules.")
        return All(())
    parts = [_part(key, value, (*path, key), report, depth) for key, value in table.items()]
    found = tuple(part for part in parts if part is not None)
    return found[0] if len(found) == 1 else All(found)


def _part(key: str, value: Any, path: Path, report: Report, depth: int) -> Condition | None:
    match key:
        case "any" | "all":
            if not isinstance(value, list) or not value:
                report.add(path, f"{key} is a list of conditions", f'Write {key} = [{{ role = "PHP" }}, …].')
                return None
            parts = tuple(_conjunction(item, (*path, n), report, depth + 1) for n, item in enumerate(value))
            return AnyOf(parts) if key == "any" else All(parts)
        case "not":
            return Not(_conjunction(value, path, report, depth + 1))
        case "unknown":
            return _unknown(value, path, report)
        case _ if key in FACTS:
            expected = report.attempt(path, lambda v: _EXPECTED[FACTS[key].expects](key, v), value)
            return None if expected is None else Test(key, expected)
        case _:
            hint = did_you_mean(key, (*FACTS, *_NESTING)) or f"Known facts: {', '.join(FACTS)}."
            report.add(path, "unknown fact", hint)
            return None


def _unknown(value: Any, path: Path, report: Report) -> Unknown | None:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        report.add(path, "unknown is a list of facts", 'Write unknown = ["company"].')
        return None
    for n, name in enumerate(names):
        if not isinstance(name, str) or (name not in FACTS and name not in SOURCES):
            hint = did_you_mean(str(name), (*FACTS, *SOURCES)) or f"Known facts: {', '.join(FACTS)}."
            report.add((*path, n), f"{shown(name)} is no fact", hint)
            return None
    return Unknown(tuple(names))


# --- what a fact is held against ----------------------------------------------------------------------------------


def _wrong(expects: Expects, value: Any) -> Wrong:
    return Wrong(f"{shown(value)} does not fit here", f"Write {expects}.")


def _text(fact: str, value: Any) -> str | tuple[str, ...]:
    known = _VOCABULARY.get(fact)
    if isinstance(value, str):
        pattern = values.pattern(value)
        if known and fact != "domain" and not any(compiled(pattern).search(word) for word in known):
            raise Wrong(f"{shown(value)} fits nothing that {fact} can be", _one_of(value, known))
        return pattern
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise _wrong(Expects.TEXT, value)
    for item in value:
        if known and item.casefold() not in known:
            raise Wrong(f"{shown(item)} is nothing that {fact} can be", _one_of(item, known))
    return tuple(value)


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return f"{did_you_mean(value, known)} It is one of {', '.join(known)}.".strip()


def _flag(_: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(Expects.FLAG, value)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12


def _count(_: str, value: Any) -> float:
    if not _is_number(value) or value != int(value):
        raise _wrong(Expects.COUNT, value)
    return float(value)


def _money(_: str, value: Any) -> Salary:
    table = value if isinstance(value, dict) else {"amount": value}
    amount, currency, period = table.get("amount"), table.get("currency"), table.get("period", "year")
    if extra := table.keys() - {"amount", "currency", "period"}:
        raise Wrong(f"unknown key {min(extra)}", f"Write {Expects.MONEY}.")
    if not _is_number(amount):
        raise _wrong(Expects.MONEY, value)
    if currency is not None and not (isinstance(currency, str) and len(currency) == 3 and currency.isalpha()):
        raise Wrong(f"{shown(currency)} is no currency", 'Write three letters of ISO 4217 such as "EUR".')
    if period not in _PERIODS:
        raise Wrong(f"{shown(period)} is no pay period", f"Write one of {', '.join(_PERIODS)}.")
    return Salary(float(amount or 0), currency.upper() if currency else None, period)


def _minutes(_: str, value: Any) -> float:
    return float(values.minutes(value))


def _length(_: str, value: Any) -> timedelta:
    return values.duration(value)


def _weekdays(_: str, value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) and value else [value]
    return tuple(values.weekday(item) for item in items)


_EXPECTED: Mapping[Expects, Callable[[str, Any], Any]] = {
    Expects.TEXT: _text,
    Expects.FLAG: _flag,
    Expects.COUNT: _count,
    Expects.MONEY: _money,
    Expects.MINUTES: _minutes,
    Expects.LENGTH: _length,
    Expects.WEEKDAY: _weekdays,
    Expects.CLOCK: lambda _, value: values.clock(value),
    Expects.DAY: lambda _, value: values.day(value),
}


# --- rules that cannot match any more -----------------------------------------------------------------------------


def idle_rules(rules: tuple[Rule, ...], today: date) -> tuple[str, ...]:
    """A sentence for every rule that can never match any more: its dates are past, or an earlier one takes all."""
    found: list[str] = []
    earlier: list[Rule] = []
    for rule in rules:
        last = min(filter(None, [rule.active_until, _last_day(rule.when)]), default=None)
        taker = next((other for other in earlier if _takes_all_of(other, rule)), None)
        if last is not None and last < today:
            found.append(f"{rule.origin}: the rule “{rule.name}” ended on {last}. Delete it or give it new dates.")
        elif taker is not None:
            found.append(
                f"{rule.origin}: the rule “{rule.name}” never gets a turn, since “{taker.name}” always matches first. "
                "Put it further up."
            )
        earlier.append(rule)
    return tuple(found)


def unreasoned(rules: tuple[Rule, ...], languages: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A sentence for every rule that is to move talks but has no reason to tell: in none of the languages, and in some.

    A letter of such a rule is only written where the calendar collides as well, for that has words of its own.
    """
    wholly: list[str] = []
    partly: list[str] = []
    for rule in rules:
        spoken = [lang for lang in languages if rule.then is Outcome.RESCHEDULE and _moves(rule, lang)]
        mute = [lang for lang in spoken if lang not in rule.reason]
        if not mute:
            continue
        some = len(mute) < len(spoken)
        within = f" in {' and '.join(f'“{lang}”' for lang in mute)}" if some else ""
        phrases = ", ".join(f'{lang} = "…"' for lang in spoken)
        (partly if some else wholly).append(
            f"{rule.origin}: reason: the rule “{rule.name}” has none{within}, so mails{within} whose times it would "
            "move are left to you, unless your calendar collides with them too. "
            f"Write reason = {{ {phrases} }} there."
        )
    return tuple(wholly), tuple(partly)


def _moves(rule: Rule, language: str) -> bool:
    """True when the rule can match a mail in this language whose proposed times are not all taken by the calendar."""
    facts = dict.fromkeys(SOURCES, UNKNOWN) | {"language": language, "busy": False, "asks_availability": False}
    return judge(rule.when, facts).truth is not False


def _last_day(condition: Condition) -> date | None:
    """The last day on which an interview can be for the condition to be true; None without such a limit."""
    match condition:
        case Test(fact="interview_until", expected=date() as day):
            return day
        case All(parts=parts):
            return min(filter(None, map(_last_day, parts)), default=None)
        case _:
            return None


def _takes_all_of(one: Rule, other: Rule) -> bool:
    """True when `one` matches wherever `other` does, on every day."""
    if one.active_from is not None or one.active_until is not None:
        return False
    return _conjuncts(one.when) <= _conjuncts(other.when)


def _conjuncts(condition: Condition) -> frozenset[Condition]:
    if isinstance(condition, All):
        return frozenset().union(*map(_conjuncts, condition.parts))
    return frozenset((condition,))

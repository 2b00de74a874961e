"""Which stage of the hiring the talk is: a first call, a panel, a day of tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raincheck.core.model import Format, Stage
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords

_STAGES: tuple[Stage, ...] = (
    "phone_screen",
    "technical",
    "onsite",
    "panel",
    "final",
    "assessment_day",
    "one_way_video",
)


def find_stage(
    passages: Sequence[Passage], form: Found[Format] | None, words: Sequence[FieldWords], *, named: bool = False
) -> Found[Stage] | None:
    """The stage, where the mail names it; the subject counts like the text, and a talk that has been counts last.

    Where none is named, a format that is (`named`) can tell it: that is for each language to say.
    """
    found = _stages(passages, form.value if form else None, words)
    last = None
    for been, stage in found:
        if not been:
            return stage
        last = last or stage
    return last or (_told_by(form, words) if form is not None and named else None)


def _told_by(form: Found[Format], words: Sequence[FieldWords]) -> Found[Stage] | None:
    told = (name for w in words for kind, name in w.stage_by_format if kind == form.value)
    return next((Found(_stage(name), replace(form.evidence, field="stage")) for name in told), None)


def _stages(
    passages: Sequence[Passage], form: Format | None, words: Sequence[FieldWords]
) -> Iterable[tuple[bool, Found[Stage]]]:
    """Every stage that is named, and whether the sentence is about a talk that has been."""
    for w in words:
        for name, pattern, needs in w.stages:
            if needs is not None and needs != form:
                continue
            for passage in passages:
                if passage.source in ("quoted", "signature"):
                    continue
                for match in pattern.finditer(passage.flow):
                    sentence = passage.sentence(match.start())
                    been = any(one.past.search(passage.flow, sentence.start, sentence.end) for one in words)
                    yield been, Found(_stage(name), passage.evidence("stage", Span(*match.span())))


def _stage(name: str) -> Stage:
    return next(known for known in _STAGES if known == name)

"""How long the talk of a mail takes: of all lengths of time in it, the ones that are the talk's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from raincheck.core.reading.context import MAX_GAP, Context, Stretch
from raincheck.core.reading.cues import normalise
from raincheck.core.reading.durations import LONGEST
from raincheck.core.reading.otherdenials import sifted_context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.core.reading.context import RoleCues
    from raincheck.core.reading.durations import Duration, DurationWords

_MAX_FOUND = 40  # lengths of one text
_JOINED = 90  # characters between two lengths that are summed
_MOMENT = 3  # minutes: nobody talks for less ("do you have a minute?")
_SHORTEST, _LONGEST = 10, 240  # minutes: what nothing around it explains is the talk's between these
_SHORT_NAME = re.compile(r"[^\d\n]*[^\W\d_A-Z][^\d\n]* [A-Z]{2}\.?")  # "a short HR", of "a short HR call"
_BRACKETS = re.compile(r"[(\[]\s*(?:[^\W\d]{1,7}\.?|~)?\s*$")  # "(ca. 45 min"
_RATE = re.compile(r"[\d€$£] (?:an?|per) {0,2}\w{0,2}$")  # "42 an hour"
_PER = re.compile(r"\.? ?/ ?(?:w|tag|day|m)")  # "12 Std./Woche"
_WORD = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"(?<![\w.,:/-])[1-9]\d?(?![\w.,:/-])")
_SENTENCE = re.compile(r"[.!?;\n]")
_THEME = re.compile(r"""\([^()\n]*\)|["“„][^"“”„\n]*["“”]""")  # of a part, which may end with a mark
_ASIDE = re.compile(r",[^,]*$")  # "an hour, with ten minutes for your questions"
_CLOCK = re.compile(r"\d[:.]\d\d|\d ?(?:[ap]m\b|uhr\b)")
_NAME = re.compile(  # "Anna Ruiz (CTO)"
    r"(?<![\w.])[^\W\d_a-zà-ÿ][^\W\d_]+\.?(?: [^\W\d_a-zà-ÿ][\w'’-]+){0,2}(?: \([^()\n]{1,40}\))?"
)
_OTHER = re.compile(r"[\d.:;!?]")  # between two names that are no row
_JOINT = 16  # characters between two names of a row
_OPENS = re.compile(r"\s?[(:]")  # "60 minutes (30 min presentation, 30 min questions)"
_LOTS = 12  # characters between "lots" and the length
_SORT = 20  # letters of a word between a length and the talk
_ONE_WORD = re.compile(r" ?(?:[^\W\d_][\w-]* )?")
_LABEL_WORDS = 3  # more stand before no label's colon
_QUARTER = 15  # minutes
_LIKELY = 3  # weight of a length whose clause says that something lasts
_OUTRIGHT = 4  # weight of a length that its sentence says outright to be the talk's
_MINUTES = re.compile(r"[0-9]{1,3}")
_MOST = 8  # talks in a row
_PLUS = 8  # characters between a length and the minutes that are added to it: " plus "
_ROW = re.compile(  # of a programme, without its length: no other figures
    r"[ *•–—-]*(?:\d{1,2}[:.]\d\d\b(?: ?[-–—] ?\d{1,2}[:.]\d\d\b)?(?=\D{0,90}[^\W\d_]{3})"
    r"|(?=[^\W\d_][^\d\n\t]{2,90}\t))\D{0,100}$"
)
_POINT = re.compile(  # "- App critique, "
    r"(?:(?:[*•–—-]|\d{1,2}[.)])[ ]{0,4})?[^\W\d_][^\d\n\t.!?]{2,60}[,:(–—-][ ]{0,4}$"
)
_LED = re.compile(r"(?:[*•–—-][ ]{0,4})?$")  # before a length that begins its line
_TELLS = re.compile(r"(?:[ ](?:of[ ]|[–-][ ])?|[:,][ ])[^\d\n\t]{3,90}$")  # and behind it: "30 minute test exercise"
_HEAD = 160  # characters above the first length of a list in which its head may stand
_NUMBERED = re.compile(r"[ ]*\d{1,2}[.)] ")
_CLOSED = re.compile(r"[ ]*[).]{0,2}[ ]*$")


@dataclass(frozen=True, slots=True)
class Length:
    """The length of the talk in minutes, and its words."""

    minutes: int
    quote: str
    outright: bool = True  # said to be the talk's; else it may be that of something else


@dataclass(frozen=True, slots=True)
class _Candidate:
    duration: Duration
    weight: int
    part: bool  # "15 minutes of questions"


def talk_length(text: str, cues: RoleCues, words: DurationWords) -> Length | None:
    """The stated length (upper bound of a range, parts of one appointment added); None where the text says none."""
    found = words.find(text.lower() if len(text.lower()) == len(text) else text)[:_MAX_FOUND]
    found = tuple(item for item in found if not _SHORT_NAME.fullmatch(text, item.start, item.end))
    stated = _stated(_undotted(text, found, cues), found, cues, words)
    listed = _rows(text, found, cues, words)
    part = listed is not None and stated is not None and stated[0].quote in listed.quote
    if stated is not None and stated[1] >= _OUTRIGHT and not part:
        return stated[0]
    listed = listed or _column(text, words)
    return listed if listed is not None or stated is None else replace(stated[0], outright=stated[1] >= _LIKELY)


def _undotted(text: str, found: Sequence[Duration], cues: RoleCues) -> str:
    """The text without the dots behind "min." that end no sentence, where a talk, a part or a small letter follows: "20
    Min. Test", "30 min. ahead"."""
    dots = [item.end for item in found if text[item.end : item.end + 1] == "."]
    hits = cues.hits(normalise(text)) if dots else {}
    named = {start for sign in ("part", "talk") for start, _ in hits.get(sign, ())}
    for dot in dots:
        if dot + 2 in named or (text[dot + 1 : dot + 2] == " " and text[dot + 2 : dot + 3].islower()):
            text = f"{text[:dot]} {text[dot + 1 :]}"
    return text


def _stated(text: str, found: Sequence[Duration], cues: RoleCues, words: DurationWords) -> tuple[Length, int] | None:
    """The length that a sentence states, and how surely."""
    if not found:
        return None
    context = sifted_context(text, cues, [_stretch(item) for item in found])
    rated = [_Candidate(item, _weight(context, item), part=_is_part(context, item)) for item in found]
    rated = [candidate for candidate in rated if candidate.weight > 0 or candidate.part]
    rated = _outermost(context, rated)
    groups = [_joined(context, rated, index) for index, one in enumerate(rated)]
    groups = [group for group in groups if len(group) > 1 or group[0].weight > 0]
    if not groups:
        return None
    items = [group for group in groups if _is_item(text, group)]
    talks = [group for group in items if max(one.weight for one in group) >= _LIKELY]
    if len(talks) > 1 and _of_stages(text[: items[0][0].duration.start], cues):
        groups = [group for group in groups if group is talks[0] or group not in items]  # one stage at a time
    best = max(max(one.weight for one in group) for group in groups)
    chosen = [group for group in groups if any(one.weight == best for one in group)]
    long = [group for group in chosen if sum(one.duration.minutes for one in group) >= _QUARTER]
    chosen = long or chosen  # rather "bring two hours" than the eleven minutes of a ride
    total = next((one for group in groups for one in group if context.beside("total", _stretch(one.duration))), None)
    if total is not None and total.weight > 0:
        return _length(text, total.duration), best
    parts = [one.duration for one in chosen[0]]
    if len(parts) > 1 and context.before("between", _stretch(parts[0])):
        parts = parts[-1:]  # "between half an hour and 45 minutes"
    times = _how_many(context, parts[0], words) if len(parts) == 1 else 1
    minutes = sum(part.minutes for part in parts) * times + _bare_parts(context, parts[-1])
    if len(parts) == times == 1 and (longer := _or_longer(context, parts[0], found, words)):
        return Length(longer.minutes, text[parts[0].start : longer.end]), best
    return Length(minutes, text[parts[0].start : parts[-1].end]), best


def _is_item(text: str, group: Sequence[_Candidate]) -> bool:
    """Whether lengths stand in a numbered item of a list."""
    start = group[0].duration.start
    return _NUMBERED.match(text, text.rfind("\n", 0, start) + 1) is not None


def _bare_parts(context: Context, last: Duration) -> int:
    """The minutes of the parts that are told in figures alone: "15 minutes for a talk, 20 for questions on it", "30
    minutes plus 15 for your questions"."""
    of_parts = context.after("for_part", _stretch(last))
    _, right = context.sentence(last.start, last.end)
    minutes = 0
    for figure in _FIGURE.finditer(context.normal, last.end, right):
        here = Stretch(figure.start(), figure.end(), has_clock=False)
        gap = (last.end, figure.start())
        added = gap[1] - gap[0] <= _PLUS and context.within("plus", gap)
        listed = context.normal[: figure.start()].rstrip()[-1:] == "," or context.before("plus", here)
        if (added or (of_parts and listed)) and context.after("for_part", here):
            minutes += int(figure[0])
    return minutes


def _or_longer(context: Context, first: Duration, found: Sequence[Duration], words: DurationWords) -> Duration | None:
    """The second of "a quarter of an hour or twenty minutes", "at least half an hour, at most 50 minutes"."""
    following = next((item for item in found if item.start >= first.end), None)
    if following is None or not first.minutes < following.minutes <= 2 * first.minutes:
        return None
    between = context.normal[first.end : following.start]
    if between.strip(" ,") in words.further:
        return following  # "an hour or two"
    most = context.shares_sentence(_stretch(first), following.start) and context.before("at_most", _stretch(following))
    return following if most and not _is_part(context, following) else None


def _stretch(item: Duration) -> Stretch:
    return Stretch(item.start, item.end, has_clock=False)


def _length(text: str, item: Duration) -> Length:
    return Length(item.minutes, text[item.start : item.end])


def _weight(context: Context, item: Duration) -> int:
    """How surely a length is the talk's: 0 for "within 24 hours", "10 minutes early", "30 minutes by train"."""
    here = _stretch(item)
    if item.minutes < _MOMENT:
        return 0
    if _RATE.search(context.normal[max(0, item.start - 12) : item.start + 3]) or _PER.match(context.normal, item.end):
        return 0
    if context.near("unspent", here) and not _of_talk_behind(context, here):
        return 0
    if context.before("ends_after", here) or context.after("done_after", here):
        return 4
    if _labels(context, here):
        return 5
    joined = context.touches("plus", here)  # "followed by"
    told = joined or context.beside("told_in", here) or _names(context, here)
    hence = context.before("not_before", here) and not told
    hence = hence and not context.normal[: here.start].rstrip().endswith(",")
    if hence or (_followed(context, "not_after", here) and not _names(context, here)) or _is_part(context, item):
        return 0
    if _followed(context, "to_be_done", here) and not _says_of_talk(context, here):
        return 0
    lasts, talk = context.beside("lasts", here), context.beside("talk", here)
    if context.follows("for_preparing", here, reach=90) and not (
        context.after("contains", here) or _names(context, here)
    ):
        return 0  # but "50 minutes including time to prepare", "a 75 min session (no preparation)"
    if _prepares(context, here):
        return 0
    outside, label = context.before_bracket(here), _label(context, here)
    named = label if len(context.normal[slice(*label)].split()) <= _LABEL_WORDS else (0, 0)
    for sign in ("preparing", "travel"):
        said = context.beside(sign, here) or context.within(sign, named) or context.within(sign, outside)
        if said and not talk:
            return 0  # "about two hours by train", "if you travel (about two hours)", "Commute: 40 minutes"
    if lasts or talk or (outside[1] and context.within("talk", outside)):
        return 3 + (lasts and talk)
    if item.minutes < _SHORTEST:
        return 0
    if context.near("lasts", here) or context.near("talk", here):
        return 2
    return 1 if _alone(context, item) or item.minutes <= _LONGEST else 0


def _says_of_talk(context: Context, here: Stretch) -> bool:
    """Whether the clause of a length says before it that a talk lasts: "the interview takes 45 minutes to complete"."""
    told = (context.clause(here.start, here.end)[0], here.start)
    return context.within("talk", told) and context.within("lasts", told)


def _of_talk_behind(context: Context, here: Stretch) -> bool:
    """Whether a talk is named between what was spent and a length: "who has read your application for the post and
    would like to have a call with you (45 minutes)"."""
    left, _ = context.sentence(here.start, here.end)
    return any(
        context.within("talk", (end, here.start)) for _, end in context.hits_within("unspent", (left, here.start))
    )


def _prepares(context: Context, here: Stretch) -> bool:
    """Whether a length is the one nearest to words for a preparation of the talk: "I would like to prepare you for the
    interview for ten minutes", "have you got ten minutes, so that I can brief you?"."""
    left, right = context.clause(here.start, here.end)
    sentence = context.sentence(here.start, here.end)
    thus = context.hits_within("prepares_thus", (right, sentence[1]))
    if thus and thus[0][0] <= right + len(", "):
        return True
    for hit in context.hits_within("prepares", sentence):
        if hit[1] <= left or right <= hit[0]:
            continue  # in another clause
        others = (other for other in context.stretches if left <= other.start < right and other is not here)
        nearest = min((_apart_by(hit, other) for other in others), default=len(context.normal))
        last = (hit[1], here.start) if context.within("for_part", hit) else (0, 0)
        of_talk = any(start == hit[1] + 1 for start, _ in context.hits_within("lasting_of", last))
        if not of_talk and _apart_by(hit, here) <= nearest:  # not "to prepare for the interview of 45 minutes"
            return True
    return False


def _apart_by(hit: tuple[int, int], item: Stretch) -> int:
    """The characters between a cue and a length; 0 where one holds the other."""
    return max(item.start - hit[1], hit[0] - item.end, 0)


def _names(context: Context, here: Stretch) -> bool:
    """Whether a length says of which kind the talk behind it is, or what the writer tells in it: "hear more in a
    25-minute call", "in a one-hour online interview", "30 minutes to present you the role"."""
    if context.after("writer_tells", here):
        return True
    reach = 1 if _followed(context, "not_after", here) else 1 + _SORT
    return any(
        here.end <= start <= here.end + reach and _ONE_WORD.fullmatch(context.normal, here.end, start)
        for start, _ in context.hits.get("talk", ())
    )


def _labels(context: Context, here: Stretch) -> bool:
    """Whether the line of a length begins with a label for it: "How long: they said forty-five minutes"."""
    left, end = _label(context, here)
    return any(
        end - 1 <= last <= end and not context.normal[left:first].strip(" -*•·")
        for first, last in context.hits.get("length_label", ())
    )


def _label(context: Context, here: Stretch) -> tuple[int, int]:
    """What stands before a colon, or in the first cell, in the line of a length; empty without one."""
    left = context.normal.rfind("\n", 0, here.start) + 1
    label, mark, _ = context.normal[left : here.start].replace("\t", ":").partition(":")
    return left, left + len(label) if mark else left


def _followed(context: Context, sign: str, here: Stretch) -> bool:
    """Whether a cue stands directly behind a length, with no comma and no "and" between, and does not begin a clause on
    what follows the talk."""
    _, right = context.clause(here.start, here.end)
    then = {start for start, _ in context.hits.get("next_step", ())}
    return any(
        here.end <= start < right
        and start not in then
        and context.after(sign, here)
        and not context.within("plus", (here.end, start))
        for start, _ in context.hits.get(sign, ())
    ) and not context.normal[here.end : here.end + 1].startswith(",")


def _is_part(context: Context, item: Duration) -> bool:
    """Whether a length is that of one part of the talk: "a presentation of 10 minutes", "15-minute presentation"."""
    here = _stretch(item)
    if context.before("first_part", here) and not _names(context, here):
        return True  # "the first half hour is with Ms Abel, then 20 minutes with Mr Bell"
    led = context.before("part", here) and not context.text[: here.start].rstrip().endswith(",")
    if led and _followed(context, "not_after", here) and not context.before("lasting_of", here):
        return False  # "you get the questions ten minutes beforehand", but "a test of ten minutes beforehand"
    if led and _holds_part(context, here):
        return False  # "takes 75 minutes", though "incl. a tour" stands before them
    if _told_of_part(context, here) or _leads_to_talk(context, here):
        return True
    return led or (_followed(context, "part", here) and not context.after("contains", here))


def _leads_to_talk(context: Context, here: Stretch) -> bool:
    """Whether the talk follows upon what the length is told of, and its own is not: "a 25-minute trial lesson followed
    by an interview"."""
    left, right = context.sentence(here.start, here.end)
    joint = min((hit for hit in context.hits_within("then", (here.end, right))), default=None)
    if joint is None or context.later(here) or not context.within("talk", (joint[1], right)):
        return False
    bracket = _BRACKETS.search(context.normal[max(0, here.start - 12) : here.start]) is not None
    called = bool(_WORD.match(context.normal, here.end + 1, joint[0])) and not context.after("for_part", here)
    if not (called or bracket or context.before("lasting_of", here)):
        return False  # "an hour, then we show you round"
    return not any(context.within(sign, (left, joint[0])) for sign in ("talk", "lasts", "total"))


def _told_of_part(context: Context, here: Stretch) -> bool:
    """Whether a length is how long something within the talk, or before it, takes: "you present your ideas in 15
    minutes", "the tour takes 20 minutes", "20 minutes to solve the task"."""
    if _names(context, here):
        return False  # "present your work in a 45-minute interview"
    if _followed(context, "part_after", here):
        return True
    left, _ = context.sentence(here.start, here.end)
    clause, _ = context.clause(here.start, here.end)
    subjects = [hit for hit in context.hits_within("part_subject", (left, here.start)) if hit[0] <= left + len(". ")]
    told = [end for _, end in (*context.hits_within("part_told", (clause, here.start)), *subjects)]
    return bool(told) and not any(context.within(sign, (max(told), here.start)) for sign in ("talk", "plus"))


def _holds_part(context: Context, here: Stretch) -> bool:
    """Whether the part before a length is said to be held in it: "incl. tour about 75 minutes"."""
    parts = [start for start, end in context.hits.get("part", ()) if here.start - MAX_GAP < end <= here.start]
    return any(0 < start - end <= len(". ") for _, end in context.hits.get("contains", ()) for start in parts)


def _alone(context: Context, item: Duration) -> bool:
    """Whether a length stands in brackets, or is nearly all of its sentence ("50 min.")."""
    if _BRACKETS.search(context.normal[max(0, item.start - 12) : item.start]):
        return True
    left, right = context.sentence(item.start, item.end)
    return len(_WORD.findall(context.normal[left:right])) <= 5


def _outermost(context: Context, rated: Sequence[_Candidate]) -> list[_Candidate]:
    """The lengths without those that are parts of one before them: "an hour, including 20 minutes of questions"."""
    kept: list[_Candidate] = []
    for one in rated:
        gap = (kept[-1].duration.end, one.duration.start) if kept and kept[-1].weight else (0, 0)
        between = context.normal[slice(*gap)]
        inside = gap[1] - gap[0] <= 2 * _JOINED and not _SENTENCE.search(between)
        here = _stretch(one.duration)
        held = context.within("contains", gap) or context.after("contains", here)
        held = held or _OPENS.match(between) is not None
        held = held or (_ASIDE.search(between) is not None and context.before("parted", here))
        held = held or context.follows("contained", here)
        if not (between and inside and held):
            kept.append(one)
    return kept


def _joined(context: Context, rated: Sequence[_Candidate], index: int) -> list[_Candidate]:
    """A length with those behind it that are added to it: "45 minutes with A and 30 minutes with B"."""
    group = [rated[index]]
    for one in rated[index + 1 :]:
        gap = (group[-1].duration.end, one.duration.start)
        between = context.normal[slice(*gap)].removeprefix(".)")  # "a talk (20 min.) and a discussion (40 min.)"
        between = _THEME.sub("", between)
        if len(between) > _JOINED or (_SENTENCE.search(between) and not _goes_on(context, group[-1], gap)):
            break
        if _apart(context, gap):
            break
        listed = "," in between and (one.part or group[-1].part or _is_of(context, one, group[-1]))
        if not (listed or "+" in between or context.within("plus", gap)):
            break
        group.append(one)
    return group


def _goes_on(context: Context, part: _Candidate, gap: tuple[int, int]) -> bool:
    """Whether the sentence behind a part begins with what follows it: "a talk of 15 minutes; then 30 minutes of
    questions"."""
    ends = list(_SENTENCE.finditer(context.normal, *gap))
    begin = ends[-1].end()
    joins = any(begin <= start <= begin + 1 for start, _ in context.hits_within("plus", (begin, gap[1])))
    return part.part and len(ends) == 1 and joins


def _apart(context: Context, gap: tuple[int, int]) -> bool:
    """Whether words between two lengths set them apart, and none behind those joins them again: "20 minutes before the
    whole group, then 40 minutes of questions"."""
    left, right = gap
    parting = [start for start, end in context.hits.get("not_joined", ()) if left <= start and end <= right]
    joining = [end for start, end in context.hits.get("plus", ()) if left <= start and end <= right]
    return bool(parting) and max(parting) >= max(joining, default=0)


def _is_of(context: Context, *lengths: _Candidate) -> bool:
    """Whether each length is said to be for something: "10 minutes on you, 15 minutes of teaching"."""
    return all(context.after("for_part", _stretch(one.duration)) for one in lengths)


def _how_many(context: Context, item: Duration, words: DurationWords) -> int:
    """Two for "two interviews of 45 minutes each", "two lots of 30 minutes"; 1 otherwise."""
    here = _stretch(item)
    left, right = context.sentence(item.start, item.end)
    for _, end in context.hits_within("each_of", (left, right)):
        return _count(_WORD.findall(context.normal[end:right])[:2], words) or 1
    each = context.near("each", here)
    if each and (several := _persons(context, here, words)):
        return several
    for start, end in context.hits.get("plural", ()):
        lots = end <= item.start and item.start - end <= _LOTS and context.before("lots", here)
        to_name = context.within("to_name", (start, end)) and not context.within("own_talks", (left, right))
        if item.end <= start <= item.end + 1 and not to_name:
            led = context.touched_from("each", here)  # "3 back-to-back"
            number = _count(_WORD.findall(context.normal[left : item.start if led is None else led])[-1:], words)
            if number and _readers(context, item):
                return number  # "four 50-minute sessions"
        if left <= start and end <= right and (each or lots):
            number = _count(_WORD.findall(context.normal[left:start])[:-4:-1], words)
            if number:
                return number
    return 1


def _readers(context: Context, item: Duration) -> bool:
    """Whether several talks are the reader's own: said to be, told of the appointment, or all that is said; "we hold
    eight 30-minute interviews, yours is at 10:00" are not."""
    left, right = context.sentence(item.start, item.end)
    _, following = context.following(_stretch(item))
    if context.within("of_many", (left, max(right, following))):
        return False
    ahead = context.normal[left : item.start].rsplit(maxsplit=1)[0].rstrip()
    led = ahead.endswith((":", "(", "-", "–", "+", "=", ","))
    told = any(context.within(sign, (left, right)) for sign in ("reader", "own_talks"))
    return led or told or _alone(context, item)


def _persons(context: Context, here: Stretch, words: DurationWords) -> int:
    """How many people take that long each: "You meet three colleagues, 30 minutes each", "first Ms Abel, then Mr Bell,
    half an hour each"; 0 where their number is not told."""
    left, right = context.sentence(here.start, here.end)
    if context.near("you_meet", here):
        for start, _ in context.hits_within("persons", (left, right)):
            return _count(_WORD.findall(context.normal[left:start])[:-4:-1], words) or 0
        above = context.preceding(here)[0]
        if not _CLOCK.search(context.normal, above, right):
            return _named(context, left, here.start) or _named(context, above, left)
    return 0


def _named(context: Context, left: int, right: int) -> int:
    """The names of the longest row in a stretch of text: "Ana Ruiz (CTO), then Tom Bell"; 0 where they are no row."""
    rows = [0]
    last = right
    for name in _NAME.finditer(context.text, left, right):
        gap = context.text[last : name.start()]
        linked = "," in gap or context.within("plus", (last, name.start()))
        joined = linked and len(gap) <= _JOINT and not _OTHER.search(gap)
        rows.append(rows[-1] + 1 if joined and name.start() > last else 1)
        last = name.end()
    longest = max(rows)
    return longest if 1 < longest <= _MOST else 0


def _count(found: Sequence[str], words: DurationWords) -> int | None:
    """The first number of talks among some words."""
    return next((number for word in found if (number := words.number(word)) and 1 < number <= _MOST), None)


def _rows(text: str, found: Sequence[Duration], cues: RoleCues, words: DurationWords) -> Length | None:
    """The rows of a programme added up: two lines or more on end, each with a clock or a cell, words and one length, or
    (where no other length of the talk is told) words and a length that ends the line."""
    plain = False
    run: list[Duration] = []
    last = -1
    for item in found:
        left, right = text.rfind("\n", 0, item.start) + 1, text.find("\n", item.end)
        head, rest = text[left : item.start], text[item.end : right if right >= 0 else len(text)]
        point = bool(_POINT.match(head.lstrip()) and _CLOSED.match(rest))
        point = point or bool(_LED.match(head.lstrip()) and _TELLS.match(rest))
        if _ROW.match(head + rest) or point:
            if text[last:left].strip():
                if len(run) > 1:
                    break
                run = []
            run.append(item)
            plain = plain or point
            last = right
    if len(run) < 2:
        return None
    if plain:
        others = [item for item in found if item not in run]
        if _stated(text, others, cues, words) or _of_stages(text[: run[0].start], cues):
            return None
    return Length(sum(item.minutes for item in run), text[run[0].start : run[-1].end])


def _of_stages(before: str, cues: RoleCues) -> bool:
    """Whether the words above a list say that it is not of one appointment: "Our process:", "How to get here:"; not of
    "The interview process will consist of"."""
    hits = cues.hits(normalise(before[-_HEAD:]))
    told = max((last for _, last in hits.get("one_day", ())), default=0)
    return any(start >= told for start, _ in hits.get("stages", ()))


def _column(text: str, words: DurationWords) -> Length | None:
    """The figures of a table's column headed "Minutes", added up."""
    lines = [line.split("\t") for line in text.split("\n")]
    for number, cells in enumerate(lines):
        heads = [index for index, cell in enumerate(cells) if len(cells) > 1 and words.is_minutes(cell)]
        if not heads:
            continue
        column = [row[heads[0]].strip() if len(row) > heads[0] else "" for row in lines[number + 1 :]]
        figures = list(takewhile(_MINUTES.fullmatch, column))
        minutes = sum(map(int, figures))
        return Length(minutes, " + ".join(figures)) if 0 < minutes <= LONGEST else None
    return None

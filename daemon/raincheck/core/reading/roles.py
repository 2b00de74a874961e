"""What a time in a mail is for: proposed, a window, a deadline, an old time, or none of the sender's offers.

Every judgement rests on cue phrases (`[appointments]` of rules/reading/<lang>.toml) and on where they stand, which
`context` answers.
"""

from __future__ import annotations

from enum import Enum, auto

from raincheck.core.reading.context import MAX_GAP, Context, Day, Stretch
from raincheck.core.reading.times import Role as FirstSight

_SOON_AFTER = 300  # characters behind an old time in which another is asked for
_WISH = 30  # characters of "would be ideal for us"
_ADMITTED = 16  # characters from "doors open" to "from 9:45", which is no begin
_OFFERING = ("on_offer", "would_do", "free", "asks", "proposes")  # signs that no line of opening hours holds
# Signs of what stands right behind a talk: that somebody cannot be there, and that the talk stands all the same.
_IMPOSSIBLE = frozenset({"negative", "busy", "unable"})
_STANDS = frozenset({"conditional", "travel", "stands_in", "stands_anyhow"})  # "Marc will see you", "it stays"
_UNSETTLED = ("conditional", "proposes", "on_offer", "stands_anyhow")  # of the sentence of a time that is no fixed one
_OF_THE_NEXT = _IMPOSSIBLE | _STANDS | {"then_not", "cancels", "moves_talk"}
_LETTER = 4  # lines before the last one that make a letter


class Role(Enum):
    """What a time is for."""

    PROPOSED = auto()
    WINDOW = auto()
    DEADLINE = auto()
    PREVIOUS = auto()
    ARRIVAL = auto()  # when to be there; the talk begins later
    FINISH = auto()  # when the day ends
    CANDIDATE = auto()  # what the reader had offered
    OTHER = auto()  # hours, journeys, other people's times, the past


OFFERED = frozenset({Role.PROPOSED, Role.WINDOW})
AHEAD = OFFERED | {Role.ARRIVAL}  # of a time of the talk that is not behind


def role(context: Context, item: Stretch) -> Role | None:
    """What a time is for, by the words around it; None for a bare date that is no deadline."""
    habit = (item.first is FirstSight.HABIT or context.habitual(item)) and not _there(context, item)
    habit = habit and not (item.has_date and context.asked(item))
    if habit or item.first in (FirstSight.PAST, FirstSight.SPAN):
        return Role.OTHER
    deadline = _deadline(context, item)
    if deadline is not None:
        return deadline
    former = item.first is FirstSight.FORMER and item.has_date  # a bare clock behind an old date may be the new one
    if former or (item.has_clock and _previous(context, item)):
        return Role.PREVIOUS
    if not item.has_clock:
        return None
    if context.before("finish_before", item) and not item.has_end and _finishes(context, item):
        left, _ = context.clause(item.start, item.end)
        return Role.OTHER if context.within("foreign", (left, item.start)) else Role.FINISH
    plain = context.before("moved_to", item) or context.before("begins_talk", item)  # whatever else is said
    if (_foreign(context, item) and not plain) or _spans_days(context, item) or _closing_hours(context, item):
        return Role.OTHER
    if is_opening_hour(context, item):
        return Role.OTHER
    if _finishes(context, item) and not item.has_end:
        return Role.FINISH
    arrival = context.leads("arrival", item, reach=60, own=True) and not _behind_condition(context, item)
    arrival = arrival or context.after("arrival_after", item)
    if arrival or (item.first is FirstSight.ARRIVAL and context.near("arrival", item)):
        begins = context.before("begin_before", item) and not context.leads("arrival", item, reach=_ADMITTED)
        begins = begins or (context.follows("begins_then", item) and not any(o.has_clock for o in context.later(item)))
        return Role.PROPOSED if begins or context.called_start(item) else Role.ARRIVAL
    left, _ = context.sentence(item.start, item.end)
    asked = item.has_end and context.near("asks", item)
    said = _said_by_reader(context, (left, item.start))
    if said and not (asked or context.near("agree", item) or _proposed_upon(context, item, max(said)[1])):
        return Role.CANDIDATE
    return Role.PROPOSED


def _said_by_reader(context: Context, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Words that tell what the reader had said or was, not that they were called: "you were shortlisted for a talk"."""
    called = {begin for begin, _ in context.hits.get("summons", ())}
    return [hit for hit in context.hits_within("candidate", span) if hit[1] + 1 not in called]


def _proposed_upon(context: Context, item: Stretch, said: int) -> bool:
    """Whether a clause proposes the time, behind one that tells, up to a place, what the reader had said: "as you wrote
    that you will be in town then, let us meet on Thursday at 10"."""
    hences = context.hits_within("hence", (said, item.start))
    if any(not context.has_times(end, item.start) for _, end in hences):
        return True  # "you said you'd be in town, so would Wednesday at 11 suit?"
    proposing = (
        hit for sign in ("proposes", "writer_proposes") for hit in context.hits_within(sign, (said, item.start))
    )
    return any(said <= context.clause(*hit)[0] and not context.has_times(hit[1], item.start) for hit in proposing)


def _deadline(context: Context, item: Stretch) -> Role | None:
    """Deadline, or another "until" that proposes nothing; None when nothing of the kind stands before the time."""
    until = item.first is FirstSight.DEADLINE or context.before("until_before", item)
    until = until or (item.has_clock and context.leads_clock("until_before", item))
    bracket = not context.bracket_behind("ahead_before", item) and context.bracket_behind("until_before", item)
    until = until or (item.has_clock and not item.has_end and bracket)
    today = not item.has_clock and (context.before("still", item) or context.after("still", item))
    if not item.has_clock and context.before("answer_by", item):
        return Role.DEADLINE  # "let me know today"
    if not item.has_clock and context.before("needed_for", item) and _ends_or(context, item, "needed_to"):
        return Role.DEADLINE  # "I would need it for Tuesday so that I can block the diaries"
    if _then(context, item):
        return Role.DEADLINE  # "I'm off at 4 today, so come back to me before then"
    if not item.has_clock and context.after("answer_at_once", item) and not context.near("sender_answers", item):
        return Role.DEADLINE  # "please answer today or tomorrow"
    if not item.has_clock and context.spans("today", item) and context.before("confirm_by", item):
        return Role.DEADLINE  # "please confirm today"
    if (
        today
        and context.near("answer", item)
        and not any(context.near(sign, item) for sign in ("sender_answers", "hours", "questions", "there_after"))
    ):
        return Role.DEADLINE  # "heute noch"
    if until and item.has_clock and item.has_date and context.before("held_before", item):
        until = not context.within("talk", (context.sentence(item.start, item.end)[0], item.start))  # "slated for"
    if until and (context.split_verb("exclusive_before", item) or context.before("visit_before", item)):
        until = False  # "vor: Mittwoch", "come by Wednesday"
    if until and item.has_clock and not item.has_date and context.after("arrival_after", item):
        return Role.OTHER  # "no later than 9:25 at the gate"
    if until and item.has_clock and item.has_date and context.near("see_you", item):
        until = context.near("answer", item)  # "Great, see you on Tuesday at 3"
    if until and item.has_clock and _open_behind(context, item):
        return Role.OTHER  # "tomorrow before 10 or after 4"
    if until and is_earliest(context, item):
        until = False  # "there is nothing before Tuesday at 10: would that suit you?"
    if any(context.before(sign, item) for sign in ("ahead_before", "shifted")) or context.touches("past_before", item):
        until = False  # "15 minutes before your 14:00 interview", "back by a week", "not before 13:00"
    if context.before("span_label", item):
        return Role.OTHER  # "three options within the next ten days"
    if context.near("applying", item) or (until and _told(context, item)):
        return Role.OTHER if until else None
    if context.leads("closing_time", item, reach=40):
        return Role.OTHER  # "the office closes at 5"
    named = any(context.before(sign, item) for sign in ("deadline", "last_moment"))
    named = named or (context.labelled("deadline", item) and context.leads("deadline", item))
    named = named or (context.before("exclusive_after", item) and context.near("closes", item))
    named = named or (item.has_date and context.leads("bookable", item) and context.follows("perishes", item))
    if item.has_clock and not item.has_date and context.before("finish_before", item):
        named = False  # "we finish at 2 pm"
    if item.has_end or not (until or named):
        return None
    if not named and not item.has_date and (_ends_after(context, item) or _finishes(context, item)):
        return None
    if not named and context.before("finish_before", item) and _finishes(context, item):
        return None
    if named or _asks(context, item) or _wished_by(context, item):
        return Role.DEADLINE
    if not item.has_clock:
        return Role.OTHER
    ends = _finishes(context, item)
    early = context.before("early_before", item) and context.near("free", item)
    return None if ends or early else Role.OTHER


def _ends_or(context: Context, item: Stretch, sign: str) -> bool:
    """Whether a clause ends with a time, or a cue stands right behind it."""
    return context.ends_clause(item.end) or context.after(sign, item)


def is_earliest(context: Context, item: Stretch) -> bool:
    """Whether nothing is free before a time, which its sentence or the next one asks about."""
    none = context.before("nothing_before", item)
    none = none or (context.before("exclusive_before", item) and context.after("nothing_after", item))
    if not none:
        return False
    following = context.following(item)
    behind = context.within("asks", following) or context.normal[following[1] : following[1] + 1] == "?"
    behind = behind and not context.has_clocks(*following)  # "nothing before Tuesday at 10. Would Friday at 9 do?"
    return behind or context.asked(item) or context.near("asks", item)


def _then(context: Context, item: Stretch) -> bool:
    """Whether the sentence, or the next one, asks for an answer "before then", and no other time comes between."""
    if not context.says("before_then"):
        return False
    following = context.following(item)
    left, right = context.sentence(item.start, item.end)
    for start, _ in context.hits["before_then"]:
        here = left <= start < right or following[0] <= start < following[1]
        if here and start >= item.end and not context.has_times(item.end, start):
            gone = any(context.beside(sign, item) for sign in ("foreign", "negative", "busy", "closing_time"))
            return gone and context.within("answer", (item.end, max(right, following[1])))
    return False


def _open_behind(context: Context, item: Stretch) -> bool:
    """Whether an "after" follows a "before": then both say when somebody is free."""
    following = context.next_time(item)
    near = following is not None and following.start - item.end <= MAX_GAP
    return following is not None and near and context.touches("past_before", following)


def _told(context: Context, item: Stretch) -> bool:
    """Whether an "until" asks for nothing: it was so until today, the reader had said it, somebody answers calls."""
    if not item.has_clock and context.spans("today", item) and context.before("until_now", item):
        return True
    if context.follows("there_after", item) or (not item.has_date and context.beside_phone(item)):
        return True  # "I am at my desk until 17:00", "ring 030 555, mornings until 12"
    if context.before("absent_until", item):
        return True  # "Hal won't be back until the weekend"
    if context.before("times_within", item) or context.near("day_before", item):
        return True  # "name two times within the next ten days", "ring me the evening before (until 20:00)"
    if not item.has_clock and context.near("elsewhen", item) and not context.near("answer", item):
        return True
    left, _ = context.sentence(item.start, item.end)
    if context.within("reader_said", (left, item.start)):
        return True
    return not item.has_date and context.near("hours", item)


def _finishes(context: Context, item: Stretch) -> bool:
    """Whether a time is when the day ends: said so, or "until" behind its begin."""
    if _ends_after(context, item):
        return True
    if context.before("finish_before", item):
        return not item.has_date or _begun(context, item)
    return context.before("until_end_before", item) and _begun(context, item)


def _ends_after(context: Context, item: Stretch) -> bool:
    """Whether the words behind a clock say that all is over then: "bis 13:00 bist du fertig"; not where a later clock
    tells when: "it starts at 9:15 and you'll be done by 16:00"."""
    if not item.has_clock or item.has_end or not context.after("finish_after", item):
        return False
    following = context.next_time(item)
    later = following is not None and context.before("finish_before", following)
    return not later or context.before("until_before", item)


def _begun(context: Context, item: Stretch) -> bool:
    """Whether the sentence told the begin before this end."""
    left, _ = context.sentence(item.start, item.end)
    return context.within("begin_before", (left, item.start))


def _asks(context: Context, item: Stretch) -> bool:
    """Whether the sentence asks for an answer, and the time belongs to that rather than to a free time."""
    sentence = context.sentence(item.start, item.end)
    handed = context.hits_within("handing_in", sentence)
    asking = [
        (start, end)
        for start, end in context.hits_within("answer", sentence)
        if not any(first <= start and end <= last for first, last in handed)
    ]
    answers = [start for start, _ in asking]
    told = "sender_answers"
    behind = [start for start, _ in context.hits_within(told, sentence)]
    if answers and behind and min(answers) < item.start and item.end <= min(behind):
        return True  # "reply until 3 July and I will tell them"
    if context.beside(told, item) or (context.near(told, item) and not context.beside("answer", item)):
        return False
    if not answers:
        if (
            handed
            or not (item.has_date or not item.has_clock)
            or (context.before("exclusive_before", item) and not context.before("inclusive_before", item))
            or not context.near("request", item)
        ):
            return False
        others = ("unasked", "foreign", "hours", "travel", "negative", *(("free",) if item.has_clock else ()))
        return not any(context.near(sign, item) for sign in others)
    last = max(asking)[1]  # "would you let Jo in the office know by noon": in the office is nobody else
    frees = [start for start, end in context.hits.get("free", ()) if last <= start and end <= item.start]
    return not (frees and item.has_clock and context.before("early_before", item))


def _wished_by(context: Context, item: Stretch) -> bool:
    """Whether a sentence says no more than by when something would be good, and the ones before it ask for an answer
    without a time: "Can you give me your availability? Before Monday noon would be ideal"; or a wish by when stands
    behind the question which of some times it shall be: "Which one shall I tell them? Ideally today by 4"."""
    return _wished_of_choice(context, item) or _bare_wish(context, item)


def _bare_wish(context: Context, item: Stretch) -> bool:
    left, right = context.sentence(item.start, item.end)
    bare = item.start - left <= _ADMITTED and right - item.end <= _WISH and context.after("would_do", item)
    if not bare or not context.before("until_before", item) or context.normal[right : right + 1] == "?":
        return False
    ahead = (max(left - _SOON_AFTER, 0), left)
    return context.within("answer", ahead) and not context.has_clocks(*ahead)


def _wished_of_choice(context: Context, item: Stretch) -> bool:
    return context.before("wish_by", item) and context.within("which_of", (context.preceding(item)[0], item.start))


def is_mere_wish(context: Context, item: Stretch) -> bool:
    """Whether only the question which of some times it shall be makes a wish by when a deadline: without times that are
    offered, it is when the talk should be ("Which date would suit you? Ideally by Friday")."""
    return _wished_of_choice(context, item) and not (_asks(context, item) or _bare_wish(context, item))


def _previous(context: Context, item: Stretch) -> bool:
    """Whether a time is the one from which a talk is moved."""
    new = context.before("new_before", item) or context.within("onto_before", (item.start, item.row))
    new = new or context.touches("either_before", item)
    if item.named is not None and item.named[1] <= item.start:
        day = Stretch(*item.named, has_clock=False)
        new = new or context.before("onto_before", day)  # "to Saturday, at the same hour"
    new = new or context.within("shifted", item.named or (item.start, item.end))  # "by exactly a week, same time"
    new = new or (item.named is not None and context.leads("shifted", item))  # "push you one week, Thursday at 11:15"
    if _replaces(context, item):
        return False
    unless = context.leads("reader_cannot", item) or _behind_condition(context, item)
    old = context.leads("previous", item) and not context.leads("proposes", item)  # "rather than ..., I suggest Friday"
    old = old and not context.before("asks", item)  # "sorry that I missed you, could you do Friday?"
    if old and not new and not unless:
        return True
    _, right = context.sentence(item.start, item.end)
    if context.within("all_gone", (item.end, right)):
        return True
    if context.after("agreed_after", item) and any(map(context.says, ("move", "moves_talk", "cancels", "we_move"))):
        return True  # "we have to move the talk agreed for Tuesday at 9"
    gone = context.follows("previous_after", item) and not _supposed(context, item)
    if gone and (context.after("set_after", item) or not context.before("onto_before", item)):
        return True
    if (context.near("unable", item) and _outdated(context, item)) or _not_held(context, item):
        return True
    if context.labelled("planned_label", item) and any(
        context.near(sign, item) for sign in ("busy", "move", "cancels")
    ):
        return True
    if context.before("own_before", item) and _replaced(context, item):
        return True
    if context.before("we_said", item) and (
        _replaced(context, item) or context.within("instead_after", (item.end, right))
    ):
        return True  # "when we booked you in we said Tuesday at 10:00"
    if context.turns(item) or context.topped("previous_label", item):
        return True
    off = context.leads("called_off", item, reach=60) and not _invited_since(context, item)
    if off and not context.before("onto_before", item):
        return True
    labelled = context.labelled("previous_label", item) and not _labelled_new(context, item)
    if labelled or context.under_label("previous_label", item):
        return True
    if _called_off(context, item):
        return True
    if context.spanned("not_kept", item) or context.spanned("move", item):
        return True  # "bring tomorrow's 2pm forward"
    if context.before("own_talk", item) and (
        context.within("we_move", context.following(item)) or _is_moved_behind(context, item, right)
    ):
        return True
    if (not new and _overtaken(context, item)) or _given_up(context, item):
        return True
    if new:
        return False
    if context.leads("move", item):
        return not _moved_before(context, item)
    onto = any(context.before("onto_before", other) for other in context.later(item))
    if context.near("move", item):
        return onto or context.before("from_before", item)
    return onto and context.before("from_before", item) and context.near("moved", item)


def _labelled_new(context: Context, item: Stretch) -> bool:
    """Whether a label of its own calls a time the new one, behind the old one in its line: "Old: 10:00  New: 11:00"."""
    colon = context.normal[: item.start].rstrip().endswith(":")
    return colon and context.touches_start("new_row", item) and bool(context.earlier(item))


def _is_moved_behind(context: Context, item: Stretch, right: int) -> bool:
    """Whether a later clause of its sentence moves the talk: "your interview on Tuesday at 10: we must postpone it"."""
    _, clause = context.clause(item.start, item.end)
    return context.within("moves_talk", (clause, right)) and not context.within("conditional", (item.end, right))


def _replaces(context: Context, item: Stretch) -> bool:
    """Whether the old time is told right behind a time: "brought forward: Tuesday at 10 instead of Thursday at 9"."""
    following = context.next_time(item) if context.says("in_place_of") else None
    return following is not None and context.parted_by("in_place_of", item, following)


def _behind_condition(context: Context, item: Stretch) -> bool:
    """Whether what is said of another time stands in a condition before: "should the 11th not suit, then the 12th"."""
    if not context.says("conditional"):
        return False
    left, _ = context.sentence(item.start, item.end)
    clause, _ = context.clause(item.start, item.end)
    return context.within("conditional", (left, clause)) and not context.within("previous", (clause, item.start))


def _supposed(context: Context, item: Stretch) -> bool:
    """Whether a time stands in a condition, which tells nothing of it yet: "if Monday at 10 does not work for you"."""
    left, _ = context.sentence(item.start, item.end)
    return context.within("conditional", (left, item.start))


def _overtaken(context: Context, item: Stretch) -> bool:
    """Whether the writer has to move the talk, and only then proposes another time: "we meet on Monday at 10. I need to
    reschedule. Are you free on Tuesday at 9?"."""
    if not context.says("moves_talk"):
        return False
    if context.asked(item) or context.near("conditional", item) or context.near("proposes", item):
        return False
    following = context.next_time(item, _SOON_AFTER)
    if following is None or context.before("until_before", following):
        return False
    moves = (context.sentence(*move) for move in context.hits_within("moves_talk", (item.end, following.start)))
    if not any(not (context.within("conditional", at) or context.within("moves_not", at)) for at in moves):
        return False
    signs = ("proposes", "conditional", "renewal", "free", "asks", "on_offer")
    onto = context.before("onto_before", following) or context.before("moved_to", following)
    return onto or context.asked(following) or any(context.near(sign, following) for sign in signs)


def _given_up(context: Context, item: Stretch) -> bool:
    """Whether a talk that stood at a time is given up around it, and then another day follows: "your interview was
    fixed for Monday at 3. Dr Iyer is away that day. It is now on Tuesday at 4". Not where it stands all the same, or
    where what follows is another talk."""
    if not item.has_date or context.asked(item) or any(context.near(sign, item) for sign in _UNSETTLED):
        return False
    left, right = context.sentence(item.start, item.end)
    following = _next_day(context, item)
    if following is None or following.start < right:
        return False
    if context.within("moves_talk", (left, item.start)) and context.before("fixed_for", item):
        # Moved is what was planned then; not what had to be moved and is booked for then.
        return not (context.before("now_fixed", item) or context.within("renewed", (left, item.start)))
    word = context.first_word(right)
    after = context.sentence(word, word)
    if context.normal[after[1] : after[1] + 1] == "?" and not context.has_clocks(*after):
        return False  # "Not possible that day?"
    said = {sign for sign in _OF_THE_NEXT if context.within(sign, (item.end, after[1]))}
    impossible = "then_not" in said and not said.isdisjoint(_IMPOSSIBLE)
    if said & _STANDS or not (impossible or "cancels" in said or "moves_talk" in said):
        return False
    then = context.sentence(following.start, following.end)
    if context.within("other_talk", (right, then[1])):
        return False
    renewed = context.within("renewed", (item.end, then[1]))
    return renewed and (context.near("talk", item) or context.near("you_agreed", item))


def _next_day(context: Context, item: Stretch) -> Stretch | None:
    """The next time with a day of its own, soon behind a time, that is no last moment."""
    soon = (other for other in context.stretches if item.end <= other.start <= item.end + 2 * _SOON_AFTER)
    days = (other for other in soon if other.has_clock and other.has_date and other.first is not FirstSight.DEADLINE)
    return next((day for day in days if not context.before("until_before", day)), None)


def _moved_before(context: Context, item: Stretch) -> bool:
    """Whether an earlier time of the sentence is the one that is moved: "Termin am Donnerstag verschieben, geht
    Freitag, 14 Uhr?"."""
    left, _ = context.sentence(item.start, item.end)
    moves = [start for start, _ in context.hits_within("move", (left, item.start))]
    clause, _ = context.clause(item.start, item.end)
    return bool(moves) and max(moves) < clause and context.has_times(left, max(moves))


def _outdated(context: Context, item: Stretch) -> bool:
    """Whether times are asked about soon behind a time that nobody asks about, instead of it."""
    if context.asked(item) or context.near("conditional", item) or context.near("renewal", item):
        return False
    _, right = context.sentence(item.start, item.end)
    for start, end in context.hits.get("renewal", ()):
        if right <= start <= right + _SOON_AFTER:
            sentence = context.sentence(start, end)
            return context.has_times(start, sentence[1]) and not context.within("conditional", sentence)
    return False


def _not_held(context: Context, item: Stretch) -> bool:
    """Whether somebody was to hold a talk at a time, nobody else does, and another time follows soon: "Hal, who was
    supposed to run your interview on Thursday at 9, is at a customer's. Could we do Monday at 10 instead?"."""
    told = context.leads("was_to", item) or (context.leads("wanted_to", item) and context.near("thwarted", item))
    if not told or context.next_time(item, _SOON_AFTER) is None:
        return False
    return not (context.near("stands_in", item) or context.within("stands_in", context.following(item)))


def _replaced(context: Context, item: Stretch) -> bool:
    """Whether something else is wanted than "our 10am": "our Thursday 11am call at noon instead"."""
    if any(context.follows("instead_after", other) for other in context.later(item)):
        return True
    after = context.following(item)
    return context.has_times(*after) and (context.within("instead_after", after) or context.within("move", after))


def _invited_since(context: Context, item: Stretch) -> bool:
    """Whether an invitation stands between what is called off and a time: "another one has cancelled, so we could offer
    you Tuesday at 10"."""
    last = max((end for _, end in context.hits.get("called_off", ()) if end <= item.start), default=item.start)
    return context.within("invites", (last, item.start))


def _called_off(context: Context, item: Stretch) -> bool:
    """Whether the next sentence says that the time of this one cannot be kept."""
    if not context.says("cancels"):
        return False
    after = context.following(item)
    if context.within("part", after) and not context.within("talk", after):
        return False  # "the tour has been cancelled"
    called_off = context.within("cancels", after) and not context.within("conditional", after)
    return called_off and not context.has_times(*after) and not context.asked(item)


def _foreign(context: Context, item: Stretch) -> bool:
    """Whether a time belongs to something that is no offer: hours, journeys, other events, the past."""
    asks = context.near("questions", item) and not context.in_plan(item)
    if asks or (context.near("hours", item) and _on_no_day(context, item)):
        return True
    if (not item.has_date or item.day is Day.SHORT) and context.beside_phone(item):
        return True
    later = not item.has_date and not item.has_end and context.has_clocks(0, item.start)
    if later and context.beside("comes_later", item) and not context.asked(item):
        return True  # "Ms Park joins us by phone at 11:30"
    if (
        context.leads("others_meet", item)
        or _of_rival(context, item)
        or (_others(context, item) and not context.in_plan(item))
        or (context.near("by_the_way", item) and not context.asked(item))
    ):
        return True
    outside = context.before_bracket(item)
    told = context.in_plan(item) or context.before("talk_is", item)  # "the interview is on Monday at 9 and recorded"
    signs: tuple[str, ...] = ("travel",) if told else ("travel", "foreign")
    if context.beside("kept_free", item) and (item.named is not None or item.day >= Day.WEEKDAY):
        signs = signs[1:]  # "she travels through Germany and has kept Thursday free from 9 to 11"
    others = any(context.reaches(sign, item) or context.within(sign, outside) for sign in signs)
    others = others or (
        not item.has_end and context.touches("departure_before", item) and context.after("departure_after", item)
    )
    others = others or context.before("span_label", item) or context.bracket_followed("negative", item)
    if others or context.past(item):
        return True
    return item.first is not FirstSight.DAILY and _denied(context, item) and not context.plan_row(item)


def _of_rival(context: Context, item: Stretch) -> bool:
    """Whether a time is that of another applicant, and its clause speaks to no reader: "the other candidate comes at
    9"."""
    spoken = any(context.beside(sign, item) for sign in ("own_row", "invites")) or context.asked(item)
    return context.leads("rival", item) and not spoken


def _others(context: Context, item: Stretch) -> bool:
    """Whether the words right before or behind a time say what else begins then: "ab 10 Uhr Sitzung"."""
    after = context.after("other_after", item) and not context.clause_with_clock(item)
    return after or context.before("others_before", item)


def _closing_hours(context: Context, item: Stretch) -> bool:
    """Whether a range on a short weekday stands in the last line, which asks nothing: "Main office · Mo 8-12"."""
    if not (item.has_end and item.day is Day.SHORT):
        return False
    text = context.text.rstrip()
    left = text.rfind("\n") + 1
    if any(context.within(sign, (left, len(text))) for sign in _OFFERING) and not context.near("hours", item):
        return False
    return 0 < left <= item.start and "?" not in text[left:] and text[:left].count("\n") >= _LETTER


def is_opening_hour(context: Context, item: Stretch) -> bool:
    """Whether a time is when a house opens or shuts: "we shut at half 1", "ab 18 Uhr haben wir zu". Who is asked to
    come once it is shut is asked to come then."""
    told = context.before("opening_hours", item) or context.spanned("opening_span", item)
    told = told or context.goes_on("opening_after", item)
    return told and not context.before("once_shut", item)


def _spans_days(context: Context, item: Stretch) -> bool:
    """Whether something lasts from one day to another: "here from Tuesday 10:00 until Thursday 14:00"."""
    if item.has_end or not (item.has_date and context.before("from_before", item)):
        return False
    following = context.next_time(item)
    if following is None or not (following.has_date and following.has_clock):
        return False
    return context.before("until_end_before", following)


def _on_no_day(context: Context, item: Stretch) -> bool:
    """Whether a time names no certain day: "9 to 5", "Tue and Thu 9-12"."""
    if (item.day is Day.FULL and item.has_end) or _there(context, item):
        return False
    if context.asked(item) and any(other.day >= Day.WEEKDAY for other in context.earlier(item)):
        return False  # "Can we phone on Monday between 8 and 9, or from 18:00 to 19:00?"
    return not item.has_date or item.day is Day.SHORT


def _there(context: Context, item: Stretch) -> bool:
    """Whether the writer says of a named day when somebody is in: "I am at my desk on Tuesday from 9 to 12"."""
    named = item.day >= Day.WEEKDAY or (item.day is Day.SHORT and context.near("joins_days", item))
    return named and context.near("i_am", item)


def _cannot_see(context: Context, item: Stretch) -> bool:
    """Whether the writer cannot see the reader at a time: "I can't see you on Wednesday", on no condition."""
    left, _ = context.sentence(item.start, item.end)
    conditions = ("conditional", "lacking")
    return context.before("cannot_see", item) and not any(context.within(c, (left, item.start)) for c in conditions)


def _denied(context: Context, item: Stretch) -> bool:
    """Whether the clause says no to a time; "if Monday is impossible, then Tuesday" says it to another."""
    if _cannot_see(context, item):
        return True
    if not context.reaches("negative", item):
        return False
    clause = context.clause(item.start, item.end)
    negative = context.hits_within("negative", clause)
    denials = [start for start, _ in negative]
    signs = ("kept_free", "invites", "asks", "writer_proposes")  # "can't do today, how about Thursday at 9?"
    offering = (hit for sign in signs for hit in context.hits_within(sign, clause))
    freed = [
        start
        for start, end in offering
        if end <= item.start and not any(first <= start and end <= last for first, last in negative)  # "can't see you"
    ]
    if freed and max(denials, default=0) < max(freed):
        return False  # "she is travelling and has kept Thursday free between 9 and 11"
    first, _ = context.sentence(item.start, item.end)
    return not all(start < item.start and context.within("conditional", (first, start)) for start in denials)

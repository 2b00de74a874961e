"""What a mail is for someone who looks for work: its kind, with the words that say so.

Owns `look`, `classify` and the meaning of the signs in `[[kind.cue]]` of `rules/reading/<lang>.toml`:

1. Cues (families of phrases, see cues.py) are looked for in the subject, the newest text, the signature, the quoted
   history, the sender and the calendar object. Each family counts once, less in quoted history; one that asks or moves
   does not count in a sentence that denies it ("unable to invite you") or makes it depend on what may come ("if
   selected, we will schedule an interview").
2. The weights of the families add up to one strength for each *sign*:

   - topic: `talk` (a job talk), `job` (work, hiring), `applied` (the person is already in the process),
     `foreign` (another topic: research, press, sales …), `lodging` (that of rooms and flats), `award` (what is applied
     for is no work for pay: scholarships, unpaid posts, a place at a nursery, an animal, membership) unless `paid`,
     `errand` (an appointment with a garage, a surgery, an authority), `gathering` (a meeting of colleagues that is
     moved), `own` (the talk is the person's, or they are invited), `aside` (a talk that decides nothing: feedback, an
     offer), `over` (one about what is over, or about somebody else: an exit interview, a reference), `host` (the person
     interviews others), `candidates` with `sits_in` (others are interviewed, and the person is asked to be there)
     unless `among` (the person is one of them), `panel` (both in one), `mass` (written to many)
   - what it asks: `ask` (to attend or to say which time suits), `respond` (to answer whether), `availability` (to name
     times), `booking` (to book with a link), `apply` (only to apply), `papers` (documents), `approach` (cold)
   - what it tells: `move`, `moved` (told without the word), `cancel`, `gone` (the post is no more), `filled`
     (somebody else has it), `remind`, `agreed`, `settled` (both had agreed it), `test` and `testnow` (to be done alone,
     by a date), `reject`, `held` (windows that are kept for the person), `given` and `await` (the person has told when
     it suits, and is to wait), `elsewhere` (another post in the same breath), `offer`, `receipt`, `scam`, `public`; a
     sign with a question mark (`reject?`) is a hint, which counts only where a mail asks for nothing

3. Structure adds to them (`_with_structure`): times, scheduling link, calendar METHOD, bulk headers, hiring platform.
4. `_decide` goes through the kinds in the order of what overrules what; the first that holds is the answer.
   A mail that shows no job topic, or more of another one, is `other`, however much it looks like an appointment.
5. Where labelled mails of the language were learned from (learned.py), that answer is one voice among the signs, the
   words and the structure of the mail, and of the kinds that plain words leave (`_possible`) the most probable one is
   taken, among those that ask for an answer where they are probable enough together (`_ASKS`). What is just not is
   told with its doubt (`rival`): of such mails most ask for nothing, and nobody but the person can tell the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raincheck.core.model import ACTIONABLE, Automatic, Evidence, Kind, SegmentKind
from raincheck.core.reading import scam
from raincheck.core.reading.cues import Cue, CueBook, Hit, normalise
from raincheck.core.reading.learned import Heard, Learned, kind_features, quoted
from raincheck.core.reading.senders import Senders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from raincheck.core.model import Message, SchedulingRequest

_SELDOM_MISTAKEN = frozenset({Kind.RESCHEDULE, Kind.AVAILABILITY_REQUEST})
_ZONES = frozenset({"subject", "body", "calendar"})
_DENIABLE = frozenset({"ask", "respond", "availability", "booking", "test", "offer", "agreed"})
_CONDITIONAL = _DENIABLE | {"move", "moved", "cancel", "reject"}
_DENIAL_REACH = 24  # characters between a denial and what it denies
_SHARE = {"quoted": 0.7}
MACHINES = (Automatic.BOUNCE, Automatic.OWN_NOTE)
_ASKS = 0.72  # probability from which a mail counts as asking for an answer
_MAY_ASK = 0.5  # the same of a talk that is moved, or times that are asked for; of others, from which they may ask
_PERHAPS = 0.5  # probability of a sentence below which it is no request for a talk, and from which one to apply
_SPOKEN = 1.0  # strength of the sign from which a mail speaks of a talk
_FOR_TALK = ("ask", "availability", "booking")  # what asks for one
_GOES_ON = ("availability", "booking", "respond", "elsewhere")  # what a mail asks that ends nothing
_TOPICS = ("talk", "job", "applied", "own", "approach")  # none of them: nothing in a mail is about work
_NEAR = 0.05  # probability from which plain words for a kind decide for it
_LIKELY = 0.1  # the same for a cold approach, which asks for a talk as an invitation does
_BOOKS = 0.2  # the same for a link to book, which may also be there to confirm a time
_SURELY_ASKS = 0.6  # and from which nothing else is near
_ASKED = 0.8  # probability from which a sentence asks for a talk, whatever the mail tells beside
_WORK = 5.0  # strength of words for a job from which a meeting may be about one
_IDLE = 0.03  # probability of that below which a mail is read no further …
_SURELY = 0.8  # … where it tells nothing of an application either, with at least this probability
_PLAINLY = 0.5  # probability of an act from which its sentence is quoted
_MAX_EVIDENCE = 12
_MAX_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Signals:
    """What the other readers found in the mail; `read()` fills it before it asks for the kind.

    has_slots, has_windows: the times reader found times that the sender proposes or fixes (no deadlines, no old
    times). has_old_time: it found the time from which an interview is moved. scheduling_link: a link to book or answer
    was found (a known scheduler, or link words that say so). scheduling: the calendar object. reply_to_mismatch:
    Reply-To has another registrable domain than From. role, agency: as the fields reader found them, None where it did
    not look; occupation: the role is one.
    """

    has_slots: bool = False
    has_windows: bool = False
    has_old_time: bool = False
    scheduling_link: bool = False
    scheduling: SchedulingRequest | None = None
    reply_to_mismatch: bool = False
    role: str | None = None
    occupation: bool = False
    agency: bool | None = None

    @property
    def times(self) -> bool:
        """True when the sender named any time."""
        return self.has_slots or self.has_windows


@dataclass(frozen=True, slots=True)
class KindReading:
    """What a mail is. cues: the words that decided, strongest first; confidence 0-1.

    rival: what it may be instead, so nearly that nobody should answer it unseen: of a mail that asks for an answer, one
    that asks for none, and the other way round.
    """

    kind: Kind
    actionable: bool
    confidence: float
    cues: tuple[Evidence, ...]
    public_body: bool
    rival: Kind | None = None

    @property
    def asks_nothing(self) -> bool:
        """True for a mail that surely asks for no talk."""
        return not self.actionable and self.rival is None


@dataclass(frozen=True, slots=True)
class KindCues:
    """The compiled cues of every language, and what is known of senders."""

    book: CueBook
    senders: Senders

    @classmethod
    def from_tables(cls, tables: Mapping[str, Mapping[str, Any]]) -> KindCues:
        """From the parsed files of rules/reading by stem: every `[kind]` table, public-bodies and platforms.

        Raises phrasemachine.PhraseError, which names the phrase.
        """
        lexicons = {name: table["kind"] for name, table in tables.items() if "kind" in table}
        return cls(
            CueBook(entry for name, lexicon in lexicons.items() for entry in _cues(name, lexicon)),
            Senders.from_tables(tables.get("platforms", {}), tables.get("public-bodies", {})),
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """What the words of a mail show, before the other readers have looked at it.

    found: the cues that count; signs: strength by sign; heard: what the learned models hear, where the mail's language
    has any; platform: whether a service that hires for others sends it; idle: certainly nothing to answer, whatever the
    other readers may find.
    """

    found: _Found
    signs: Mapping[str, float]
    heard: Heard | None
    platform: bool
    idle: bool = False

    @property
    def applied(self) -> bool:
        """Whether words say in more than one way that the person has applied; one may be said of a candidate, too: "the
        interview with Lou"."""
        return self.signs.get("applied", 0.0) >= 2 * _HOLDS

    def evidence(self, kind: Kind) -> tuple[Evidence, ...]:
        """The words that speak for the kind: cues, and the sentences that the learned models go by."""
        cues = self.found.evidence(kind)
        said = quoted(self.heard.acts, _SPEAK_FOR.get(kind, ()), _PLAINLY) if self.heard else ()
        new = (act for act in said if not any(act.sentence in q.quote or q.quote in act.sentence for q in cues))
        return (*cues, *(Evidence("kind", act.sentence[:_MAX_QUOTE], act.source) for act in new))[:_MAX_EVIDENCE]


def look(
    message: Message, cues: KindCues, scheduling: SchedulingRequest | None, learned: Learned | None = None
) -> Looked:
    """The first look, which costs the most: the words of the mail and of its calendar object.

    Total: in time that grows with its (capped) text alone.
    """
    found = _Found.of(message, cues, scheduling)
    looked = Looked(found, found.signs(), None, cues.senders.is_platform(message.from_))
    most = Signals(
        has_slots=True,
        scheduling_link=True,
        scheduling=scheduling,
        reply_to_mismatch=True,
        role="any",
        occupation=True,
        agency=True,
    )
    if learned is None:
        s = _with_structure(looked, message, cues.senders, most)
        return replace(looked, idle=not _swindles(s) and (s["host"] >= _HOLDS or _astray(s, times=True)))
    body = message.text(SegmentKind.NEWEST, SegmentKind.FORWARDED)
    heard = learned.hear(message.subject, body, _calendar_text(scheduling))
    signs = _with_structure(looked, message, cues.senders, most)
    probable = _probable(signs, looked, heard, message, most, learned)
    return replace(looked, heard=heard, idle=_asking(probable) < _IDLE and probable[Kind.OTHER] >= _SURELY)


def classify(
    looked: Looked, message: Message, cues: KindCues, signals: Signals, learned: Learned | None = None
) -> KindReading:
    """The kind of the mail, from the first look at it and what the other readers found. Every message gets one.

    learned: the models that the first look was taken with.
    """
    signs = _with_structure(looked, message, cues.senders, signals)
    rival = None
    if learned is None or looked.heard is None or message.automatic in MACHINES:
        kind, strength = _decide(signs, message, signals)
        confidence = _confidence(strength)
    else:
        told = _probable(signs, looked, looked.heard, message, signals, learned)
        probable = _possible(told, signals, looked, looked.heard)
        asking = _asking(probable)
        likely = max((k for k in Kind if k in ACTIONABLE), key=lambda k: probable[k])
        asks = asking >= (_MAY_ASK if likely in _SELDOM_MISTAKEN else _ASKS)
        kind = max((k for k in Kind if (k in ACTIONABLE) == asks), key=lambda k: probable[k])
        confidence = round(asking if asks else 1 - asking, 2)
        beside = _sits_in(signs) or _among_colleagues(signs) or _unpaid(signs) or _gone(signs)
        if asks and (beside or min(asking, _asking(told)) < _SURELY_ASKS):
            rival = max((k for k in Kind if k not in ACTIONABLE), key=lambda k: told[k])
        elif not asks and asking >= _MAY_ASK:
            rival = likely
    if message.automatic is not None and message.automatic is not Automatic.BULK:
        kind, rival = Kind.OTHER if kind in ACTIONABLE else kind, None
    return KindReading(
        kind=kind,
        actionable=kind in ACTIONABLE,
        confidence=confidence,
        cues=looked.evidence(kind),
        public_body=signs["public"] >= _HOLDS,
        rival=rival,
    )


def marks(message: Message, signals: Signals, verdict: Kind, *, platform: bool) -> tuple[str, ...]:
    """What the mail is built like, in words for the learned models; verdict: what the signs alone make of it."""
    request = signals.scheduling
    true = {
        "slots": signals.has_slots,
        "windows": signals.has_windows,
        "old time": signals.has_old_time,
        "link": signals.scheduling_link,
        "mismatch": signals.reply_to_mismatch,
        "role": signals.role is not None,
        "occupation": signals.occupation,
        "agency": bool(signals.agency),
        "calendar": request is not None,
        "update": request is not None and request.is_update,
        "cancel": request is not None and (request.method == "CANCEL" or request.status == "CANCELLED"),
        "reply": bool(message.in_reply_to),
        "platform": platform,
        f"{message.automatic}": message.automatic is not None,
        f"verdict {verdict}": True,
    }
    return tuple(mark for mark, holds in true.items() if holds)


def features(looked: Looked, message: Message, cues: KindCues, signals: Signals) -> dict[str, float]:
    """All that a learned model weighs for the kind; nothing where the mail's language has no model."""
    if looked.heard is None:
        return {}
    signs = _with_structure(looked, message, cues.senders, signals)
    return looked.heard.features | kind_features(signs, _marks(signs, looked, message, signals))


def _marks(signs: Mapping[str, float], looked: Looked, message: Message, signals: Signals) -> tuple[str, ...]:
    """What the mail is built like; signs: with what its structure adds."""
    verdict, _ = _decide(signs, message, signals)
    return marks(message, signals, verdict, platform=looked.platform)


def _probable(
    signs: Mapping[str, float], looked: Looked, heard: Heard, message: Message, signals: Signals, learned: Learned
) -> Mapping[str, float]:
    """The probability of each kind; signs: with what the mail's structure adds."""
    built = _marks(signs, looked, message, signals)
    strong = {sign: strength for sign, strength in signs.items() if strength}  # of the others most are none at all
    return learned.kinds.probabilities(kind_features(strong, built), heard.scores)


def _possible(probable: Mapping[str, float], signals: Signals, looked: Looked, heard: Heard) -> dict[str, float]:
    """The probabilities, without what cannot be where the mail names a time: to ask for times, and to refuse where a
    sentence plainly asks ("we have filled that post; would Monday at 11 suit you for another one?"); without an
    approach that asks to apply alone, and speaks of no talk; and with what plain words make of one kind that is near
    another (`_told_plainly`)."""
    found = dict(probable)
    timed = signals.has_slots or signals.has_windows
    talks = looked.signs.get("talk", 0.0) >= _SPOKEN
    talks = talks or any(_probability(heard, act) >= _PERHAPS for act in _FOR_TALK)
    applies = looked.signs.get("apply", 0.0) >= _HOLDS or _probability(heard, "apply") >= _PERHAPS
    if applies and not (timed or talks):
        found[Kind.OTHER] += found[Kind.OUTREACH]
        found[Kind.OUTREACH] = 0.0
    if signals.has_slots:
        asks = {kind: found[kind] for kind in ACTIONABLE if kind is not Kind.AVAILABILITY_REQUEST}
        moved = found[Kind.AVAILABILITY_REQUEST] / (sum(asks.values()) or 1.0)
        found.update({kind: share * (1 + moved) for kind, share in asks.items()} | {Kind.AVAILABILITY_REQUEST: 0.0})
        if _probability(heard, "ask") >= _ASKED:
            found[Kind.REJECTION] = 0.0
    for kind, others in _told_plainly(looked.signs, signals, found, _probability(heard, "ask")):
        found[kind] += sum(found[other] for other in others)
        found.update(dict.fromkeys(others, 0.0))
    total = sum(found.values())
    return {kind: share / total for kind, share in found.items()}


def _told_plainly(
    signs: Mapping[str, float], signals: Signals, found: Mapping[str, float], asked: float
) -> Iterator[tuple[Kind, Collection[Kind]]]:
    """Each kind that plain words tell, with those that it takes the place of.

    asked: how surely a sentence asks for a talk. Where one plainly does, a single sign, or one for what is hardly near,
    may be what stands beside: an invitation that is taken for a word among colleagues is one that nobody hears of.
    """
    s = defaultdict(float, signs)
    near = found[Kind.OTHER] >= _NEAR
    # Windows that are held for the person are no question for times.
    if signals.has_windows and s["held"] >= _HOLDS:
        yield Kind.INVITATION, (Kind.AVAILABILITY_REQUEST,)
    # A talk that is called off, with a question for times, is moved; because the post is gone, it is over.
    if max(s["cancel"], s["move"]) >= _PLAIN and s["availability"] >= _HOLDS and found[Kind.RESCHEDULE] >= _NEAR:
        yield Kind.RESCHEDULE, (Kind.AVAILABILITY_REQUEST, Kind.CANCELLATION)
    if _gone(s) and asked < _ASKED and found[Kind.CANCELLATION] >= _NEAR:
        yield Kind.CANCELLATION, (*ACTIONABLE, Kind.CONFIRMATION)
    # Who is taken on talks about pay, and about no other round.
    if s["hired"] >= _HOLDS and found[Kind.OFFER] >= _BOOKS:
        yield Kind.OFFER, ACTIONABLE
    # One that is called off because somebody else has the post is a no.
    if _is_refused(s, signals) and found[Kind.REJECTION] >= _NEAR:
        yield Kind.REJECTION, (Kind.CANCELLATION,)
    # "Thursday's no use after all, could you manage the Tuesday?"
    if s["moved"] >= _PLAIN and signals.has_slots and found[Kind.RESCHEDULE] >= _NEAR:
        answers = (Kind.CONFIRMATION,) if s["respond"] >= _HOLDS else ()
        yield Kind.RESCHEDULE, (Kind.INVITATION, Kind.OUTREACH, *answers)
    # Several signs of a cold approach, and none of a talk that is the person's.
    if s["approach"] >= 2 * _HOLDS and not _is_theirs(s) and found[Kind.OUTREACH] >= _LIKELY:
        yield Kind.OUTREACH, (Kind.INVITATION,)
    # The appointment with a garage is agreed, and no talk.
    if s["errand"] >= _STRANGE and not _is_theirs(s):
        yield Kind.OTHER, (Kind.CONFIRMATION, Kind.REMINDER)
    # Who has told when it suits, and is to wait, is asked for nothing.
    if min(s["given"], s["await"]) >= _HOLDS and not signals.has_slots and max(s["respond"], s["booking"]) < _HOLDS:
        yield Kind.ACKNOWLEDGEMENT, (Kind.AVAILABILITY_REQUEST, Kind.OTHER)
    # What both had agreed before, and of which nothing is asked.
    asked_for = max(s["respond"], s["booking"], s["availability"])
    if s["settled"] >= _HOLDS and asked_for < _HOLDS and found[Kind.CONFIRMATION] >= _BOOKS:
        yield Kind.CONFIRMATION, (Kind.INVITATION,)
    # A link with words for booking is there to book.
    if signals.scheduling_link and s["booking"] >= _PLAIN and found[Kind.SELF_SCHEDULE] >= _BOOKS:
        yield Kind.SELF_SCHEDULE, (Kind.AVAILABILITY_REQUEST, Kind.INVITATION)
    # The talks of others, in which the person is asked to sit in, and meetings of colleagues.
    if near and _sits_in(s) and (asked < _ASKED or _signs_of_sitting_in(s) > 1):
        yield Kind.OTHER, ACTIONABLE
    if found[Kind.OTHER] >= _BOOKS and asked < _ASKED and _among_colleagues(s):
        yield Kind.OTHER, ACTIONABLE
    # What is over, or somebody else's application.
    if s["over"] >= _HOLDS and found[Kind.OTHER] + found[Kind.REJECTION] >= _BOOKS:
        yield Kind.OTHER, ACTIONABLE
    # What is plainly no work for pay, or about a room; and what is about something else, with no word about work.
    named = max(s["award"], s["lodging"]) >= _FOREIGN and not signals.occupation and not _is_paid(s)
    if named or (near and _unpaid(s)):
        yield Kind.OTHER, ACTIONABLE
    if near and s["foreign"] >= _ELSE and signals.role is None and not any(s[sign] for sign in _TOPICS):
        yield Kind.OTHER, ACTIONABLE
    # One of several candidates who is asked to come is invited.
    if _is_one_of_many(s) and signals.has_slots and s["ask"] >= _HOLDS and found[Kind.INVITATION] >= _NEAR:
        yield Kind.INVITATION, (Kind.OTHER,)
    # A talk about a room, and hardly about a job.
    if s["lodging"] >= max(_STRANGE, 2 * (min(s["job"], 7) + min(s["talk"], 6))):
        yield Kind.OTHER, ACTIONABLE


def _probability(heard: Heard, act: str) -> float:
    """How surely a sentence of the mail does that."""
    return heard.acts[act].probability if act in heard.acts else 0.0


def _asking(probable: Mapping[str, float]) -> float:
    """The probability that the person is asked for something that an answer is due to."""
    return sum(probable[kind] for kind in ACTIONABLE)


# --- finding ------------------------------------------------------------------------------------------------------


def _cues(language: str, lexicon: Mapping[str, Any]) -> Iterable[tuple[Cue, Mapping[str, str]]]:
    words = lexicon.get("words", {})
    for entry in lexicon.get("cue", ()):
        zones = frozenset(entry["in"]) if "in" in entry else _ZONES
        yield Cue(entry["sign"], float(entry["weight"]), zones, language, tuple(entry["say"])), words


def _calendar_text(request: SchedulingRequest | None) -> str:
    return "" if request is None else f"{request.summary or ''}\n\n{request.description or ''}"


def _texts(message: Message, request: SchedulingRequest | None) -> Iterator[tuple[str, str]]:
    """The text of each zone, as written."""
    yield "subject", message.subject
    yield "body", message.text(SegmentKind.NEWEST, SegmentKind.FORWARDED)
    yield "signature", message.text(SegmentKind.SIGNATURE)
    yield "disclaimer", message.text(SegmentKind.DISCLAIMER)
    yield "quoted", message.text(SegmentKind.QUOTED)
    if message.from_ is not None:
        yield "sender", f"{message.from_.display_name}\n\n{message.from_.addr_spec}".replace(".", " ").replace("+", " ")
    yield "calendar", _calendar_text(request)


@dataclass(frozen=True, slots=True)
class _Found:
    """Every cue that counts, with the zone and the words where it stands."""

    hits: tuple[tuple[Hit, str, str], ...]  # hit, zone, quote

    @classmethod
    def of(cls, message: Message, cues: KindCues, request: SchedulingRequest | None) -> _Found:
        found: list[tuple[Hit, str, str]] = []
        for zone, text in _texts(message, request):
            if text:
                hits = cues.book.find(normalise(text), zone)
                found += [(hit, zone, text[hit.start : hit.end][:_MAX_QUOTE]) for hit in _standing(hits)]
        return cls(tuple(found))

    def signs(self) -> dict[str, float]:
        """Strength by sign: the weights of its families, each once, in the language that says most."""
        best: dict[Cue, float] = {}
        for hit, zone, _ in self.hits:
            best[hit.cue] = max(best.get(hit.cue, 0.0), hit.cue.weight * _SHARE.get(zone, 1.0))
        spoken: dict[tuple[str, str], float] = defaultdict(float)
        for cue, weight in best.items():
            spoken[cue.sign, cue.language] += weight
        strength: dict[str, float] = {}
        for (sign, _), weight in spoken.items():
            strength[sign] = max(strength.get(sign, 0.0), weight)
        return strength

    def evidence(self, kind: Kind) -> tuple[Evidence, ...]:
        """The words that speak for the kind, then those of the topic; strongest first, no quote twice."""
        order = (*_SPEAK_FOR.get(kind, ()), "talk", "job", "public")
        ranked = sorted(
            (h for h in self.hits if h[0].cue.sign in order),
            key=lambda h: (order.index(h[0].cue.sign), -h[0].cue.weight),
        )
        quotes = {" ".join(quote.split()): zone for _, zone, quote in reversed(ranked)}
        return tuple(Evidence("kind", quote, zone) for quote, zone in reversed(quotes.items()))[:_MAX_EVIDENCE]


def _standing(hits: tuple[Hit, ...]) -> Iterator[Hit]:
    """The hits that are not denied, nor made to depend on what may come, in their own sentence."""
    denials = [h for h in hits if h.cue.sign == "denial"]
    conditions: dict[tuple[int, str], int] = {}  # where the first of each sentence and language begins
    for h in hits:
        if h.cue.sign == "condition":
            conditions.setdefault((h.sentence, h.cue.language), h.start)
    for hit in hits:
        sign = hit.cue.sign
        condition = conditions.get((hit.sentence, hit.cue.language)) if sign in _CONDITIONAL else None
        conditional = condition is not None and (sign != "agreed" or condition < hit.start)
        if not conditional and not (sign in _DENIABLE and any(_denies(d, hit) for d in denials)):
            yield hit


def _denies(denial: Hit, hit: Hit) -> bool:
    """True for a denial shortly before the phrase or inside it, in the same sentence and language."""
    same = denial.sentence == hit.sentence and denial.cue.language == hit.cue.language
    return same and hit.start - _DENIAL_REACH <= denial.end and denial.start < hit.end and denial.start != hit.start


# --- weighing -----------------------------------------------------------------------------------------------------

_SPEAK_FOR: Mapping[Kind, tuple[str, ...]] = {
    Kind.INVITATION: ("ask",),
    Kind.OUTREACH: ("approach", "ask", "availability", "booking"),
    Kind.AVAILABILITY_REQUEST: ("availability", "ask"),
    Kind.SELF_SCHEDULE: ("booking", "ask"),
    Kind.RESCHEDULE: ("move", "cancel", "ask"),
    Kind.CANCELLATION: ("cancel",),
    Kind.REMINDER: ("remind",),
    Kind.CONFIRMATION: ("agreed",),
    Kind.ASSESSMENT: ("test", "testnow"),
    Kind.REJECTION: ("reject",),
    Kind.OFFER: ("offer",),
    Kind.ACKNOWLEDGEMENT: ("receipt",),
    Kind.SCAM: ("scam",),
    Kind.OTHER: ("foreign", "lodging", "mass", "apply"),
}
_TOLD = (
    Kind.REJECTION, Kind.OFFER, Kind.ASSESSMENT, Kind.CANCELLATION, Kind.CONFIRMATION, Kind.REMINDER,
    Kind.ACKNOWLEDGEMENT,
)  # fmt: skip
_HOLDS = 3.0  # strength from which a sign holds
_PLAIN = 4.0  # strength of one plain phrase of a sign that overrules others
_TOPIC = 2.0  # topic that a mail must show
_MOVED_ROUND = 7.0  # a plain phrase of a meeting that is moved, and one that tells it is of colleagues
_STRANGE = 8.0  # strength of one plain phrase of another topic: it takes more to stand against it
_ELSE = 5.0  # of one of the weaker phrases, which is enough where no word tells of work
_FOREIGN = 14.0  # of several such phrases, or one that names what was applied for
_LINKED = 7.0  # a plain phrase of booking, and a link for it
_NAMED = 4.0  # a job talk by a name that no other talk has; "interview" alone has many other meanings
_INVITES = 3.5  # topic and a third of what is asked, for a mail that asks for a talk
_AGREED = (Kind.CONFIRMATION, Kind.REMINDER)


def _with_structure(looked: Looked, message: Message, senders: Senders, signals: Signals) -> defaultdict[str, float]:
    """The signs, with what the mail's structure adds."""
    s = defaultdict(float, looked.signs)
    s["foreign"] += s["lodging"] + (0.0 if _is_paid(s) else s["award"])
    s["move"] += s["moved"]
    if looked.platform:
        s["job"] += 2
    if signals.role is not None and not s["foreign"]:
        s["job"] += 1
    if signals.agency and s["approach"] and not s["applied"]:
        s["approach"] += 1
    if message.automatic in (Automatic.BULK, Automatic.LIST):
        s["mass"] += 4
    if signals.times:
        s["times"] += _HOLDS
    if signals.has_old_time:
        s["move"] += 2
    if signals.scheduling_link and s["booking"]:
        s["booking"] += 3
    s["scam"] += scam.structure(message, senders, reply_to_mismatch=signals.reply_to_mismatch)
    if senders.is_public_body(message.from_):
        s["public"] += 3
    request = signals.scheduling
    if request is not None and request.method == "REQUEST":
        s["move" if request.is_update else "ask"] += 4
    if request is not None and (request.method == "CANCEL" or request.status == "CANCELLED"):
        s["cancel"] += 6
    return s


def _decide(s: Mapping[str, float], message: Message, signals: Signals) -> tuple[Kind, float]:
    """The kind and how strongly it stands; the order is that of what overrules what."""
    topic = _topic(s)
    margin = _margin(s, times=signals.times)
    asks = s["ask"] + s["respond"]
    schedules = max(asks + s["times"], s["availability"], s["booking"])
    if message.automatic in MACHINES:
        return Kind.OTHER, 9
    if _swindles(s):
        return Kind.SCAM, s["scam"]
    if s["host"] >= _HOLDS or _sits_in(s) or _among_colleagues(s):
        return Kind.OTHER, max(s["host"], _HOLDS)
    if _astray(s, times=signals.times):
        return Kind.OTHER, max(s["foreign"] - topic, _TOPIC - topic, 1)
    for kind, holds in _settled(s, signals, schedules):
        if holds:
            return kind, min(margin, 6)
    hinted, strength = _hinted(s)
    vague = topic + min(schedules, 6) / 3 < _INVITES or (s["job"] < 1 and s["talk"] < _NAMED and not s["applied"])
    if _is_request(signals) and s["talk"] and not s["foreign"]:
        vague = False  # an appointment in the calendar says enough: "Interview with Jo Ray", and no more
    if schedules < _HOLDS or vague or (hinted in _AGREED and max(asks, s["booking"]) < _HOLDS):
        return hinted, strength
    if s["aside"] >= _HOLDS and s["talk"] < 2 * _NAMED and s["approach"] < _HOLDS:
        return Kind.OTHER, s["aside"]
    return _scheduling(s, signals), min(margin, schedules)


def _is_request(signals: Signals) -> bool:
    return signals.scheduling is not None and signals.scheduling.method == "REQUEST"


def _swindles(s: Mapping[str, float]) -> bool:
    """The marks of a swindle make one of an offer of work; elsewhere they are ordinary (a bank's account number)."""
    return s["scam"] >= _HOLDS and _topic(s) >= _TOPIC


def _is_refused(s: Mapping[str, float], signals: Signals) -> bool:
    """Whether a talk is called off because somebody else has got the post, and nothing else is asked for."""
    refused = min(s["cancel"], s["filled"]) >= _HOLDS
    return refused and not signals.times and max(s[sign] for sign in _GOES_ON) < _HOLDS


def _sits_in(s: Mapping[str, float]) -> bool:
    """Whether others are interviewed, and the person, who is none of them, is asked to be there."""
    asked = max(min(s["candidates"], s["sits_in"]), s["panel"]) >= _HOLDS
    return asked and s["applied"] < _HOLDS and s["among"] < max(s["sits_in"], s["panel"])


def _signs_of_sitting_in(s: Mapping[str, float]) -> int:
    """How many signs agree that the person is to sit in on the talks of others."""
    return sum(s[sign] >= _HOLDS for sign in ("candidates", "sits_in", "panel"))


def _is_one_of_many(s: Mapping[str, float]) -> bool:
    """Whether several are interviewed, and the person is one of them."""
    return min(s["candidates"], s["among"]) >= _HOLDS and max(s["sits_in"], s["panel"]) <= s["among"]


def _among_colleagues(s: Mapping[str, float]) -> bool:
    """Whether a meeting of colleagues falls through or is moved, and nothing speaks of a job or a talk with the
    person."""
    return s["gathering"] >= _MOVED_ROUND and not _is_theirs(s) and s["job"] < _WORK


def _is_theirs(s: Mapping[str, float]) -> bool:
    """Whether words say that the talk, or the application, is the person's."""
    return max(s["own"], s["applied"]) >= _HOLDS


def _unpaid(s: Mapping[str, float]) -> bool:
    """Whether what is applied for is no work for pay, and hardly a job."""
    return s["award"] > 2 * min(s["job"], 6) and not _is_paid(s)


def _is_paid(s: Mapping[str, float]) -> bool:
    """Whether it is work for pay, whatever it is called: a degree apprenticeship, a coordinator of volunteers."""
    return s["paid"] >= _HOLDS


def _gone(s: Mapping[str, float]) -> bool:
    """Whether the talk is called off and the post is no more, and the mail asks for nothing else."""
    asks = max(s["ask"], *(s[sign] for sign in _GOES_ON))
    return s["cancel"] >= _PLAIN and s["gone"] >= _HOLDS and asks < _HOLDS


def _margin(s: Mapping[str, float], *, times: bool) -> float:
    """How far the topic of a job is ahead of another topic and of the marks of a mail to many."""
    own = min(s["applied"], 6) + (2 if times else 0)
    return _topic(s) - s["foreign"] - max(0.0, s["mass"] - own)


def _astray(s: Mapping[str, float], *, times: bool) -> bool:
    """True where the mail is not about a job, or rather about something else."""
    proven = s["foreign"] < _STRANGE or (s["job"] >= 5 and s["applied"] >= _HOLDS)
    return _margin(s, times=times) < (1 if proven else 2) or (_topic(s) < _TOPIC and not _answers(s))


def _topic(s: Mapping[str, float]) -> float:
    """How much the mail is about a job: its words for it, and a little from what such mails alone do."""
    acts = 3 if max(s["offer"], s["test"]) >= _PLAIN else 0
    hints = max(
        2.0 * (s["reject"] >= 5), 1.5 * (s["applied"] >= _HOLDS), s["receipt"] >= _PLAIN, s["approach"] >= 2 * _HOLDS
    )
    return min(s["job"], 7) + min(s["talk"], 6) + acts + (hints if s["foreign"] == 0 else 0)


def _answers(s: Mapping[str, float]) -> bool:
    """A short word on what is agreed already needs no topic: "See you tomorrow, same link"."""
    told = max(s["agreed"] + s["agreed?"], s["remind"] + s["remind?"])
    return s["foreign"] == 0 and s["mass"] == 0 and told >= _PLAIN


def _settled(s: Mapping[str, float], signals: Signals, schedules: float) -> Iterator[tuple[Kind, bool]]:
    """What overrules a plain invitation, the strongest first."""
    new_time = signals.times or s["availability"] >= _HOLDS or s["booking"] >= _HOLDS
    another = s["elsewhere"] >= _HOLDS and schedules >= _HOLDS and (new_time or s["talk"] >= 2)
    agreed = s["agreed"] >= _PLAIN and (s["respond"] < _HOLDS or s["agreed"] >= 2 * _PLAIN)
    yield Kind.OFFER, s["offer"] >= 5
    yield Kind.CANCELLATION, s["cancel"] >= _PLAIN and s["move"] < _PLAIN and not new_time
    yield Kind.RESCHEDULE, s["cancel"] >= _PLAIN and schedules >= _HOLDS
    yield Kind.REJECTION, s["reject"] >= 5 and not another
    yield Kind.CONFIRMATION, s["move"] >= _PLAIN and agreed and s["agreed"] >= s["move"]
    yield Kind.RESCHEDULE, s["move"] >= _PLAIN and s["reject"] < 5
    alone = not signals.times and s["booking"] < _HOLDS
    live = signals.times and s["talk"] >= _HOLDS and s["ask"] >= 2 * _HOLDS
    yield Kind.ASSESSMENT, s["test"] >= _PLAIN and (alone or (s["testnow"] > 0 and not live))
    yield Kind.ASSESSMENT, alone and s["testnow"] >= _HOLDS and s["test"] + s["test?"] >= max(2, s["ask"] - 2)
    reminds = s["remind"] >= _PLAIN and (s["ask"] < 2 * _HOLDS or s["remind"] + s["remind?"] >= _PLAIN + _HOLDS)
    yield Kind.REMINDER, reminds and s["booking"] < _HOLDS and s["availability"] < _HOLDS
    yield Kind.CONFIRMATION, agreed
    yield Kind.ACKNOWLEDGEMENT, s["receipt"] >= _HOLDS and max(schedules, s["papers"]) < _HOLDS


def _hinted(s: Mapping[str, float]) -> tuple[Kind, float]:
    """What a mail that asks for nothing most likely tells: its hints count beside its plain phrases."""
    told = {kind: s[_SPEAK_FOR[kind][0]] + s[_SPEAK_FOR[kind][0] + "?"] for kind in _TOLD}
    if s["papers"] >= _HOLDS:
        told[Kind.ACKNOWLEDGEMENT] = 0.0
    kind = max(told, key=lambda k: told[k])
    return (kind, told[kind] - _HOLDS) if told[kind] >= _PLAIN else (Kind.OTHER, _PLAIN - told[kind])


def _scheduling(s: Mapping[str, float], signals: Signals) -> Kind:
    """Which way of asking for a talk it is, when it is one."""
    plainly = s["ask"] + s["respond"] >= 9 or s["talk"] >= 8
    if s["approach"] >= (7 if plainly else _HOLDS) and s["approach"] > 2 * s["applied"]:
        return Kind.OUTREACH if max(s["ask"], s["booking"]) >= _HOLDS or s["apply"] == 0 else Kind.OTHER
    if s["booking"] >= (_LINKED if signals.times or s["availability"] >= _HOLDS else _PLAIN):
        return Kind.SELF_SCHEDULE
    offered = signals.has_slots or (signals.has_windows and s["held"] >= _HOLDS)
    if s["availability"] >= (_PLAIN if signals.has_windows else _HOLDS) and not offered:
        return Kind.AVAILABILITY_REQUEST
    return Kind.INVITATION


def _confidence(strength: float) -> float:
    """From the margin by which the decision stands, 0.5 at none: an order, not a probability."""
    return round(1 - 0.5 * math.exp(-max(0.0, strength) / 2), 2)

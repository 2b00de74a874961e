"""Which vacancy a mail is about.

Owns the candidates (phrases around a blank, labelled lines, names in front of a gender mark, parts of the subject, and
the words around every occupation) and what is seen of each. Which of them it is, learned weights say (`ranking`).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

from raincheck.core.reading.fields.names import (
    WORD,
    backward,
    commonness,
    forward,
    gender_marks,
    is_gender_mark,
    squashed,
    words_in,
)
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.phrase import beginning_in
from raincheck.core.reading.fields.ranking import (
    NONE,
    Candidate,
    Pool,
    Weights,
    after,
    before,
    bucket,
    compare,
    without_more,
)
from raincheck.core.reading.fields.reach import listed_before, whole_name
from raincheck.core.reading.fields.text import Found, Span
from raincheck.core.reading.fields.words import STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raincheck.core.reading.fields.names import Grammar
    from raincheck.core.reading.fields.phrase import Blank
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords, Names

MAX_ROLE = 100  # characters
_MAX_MATCHES = 40  # of one phrase in one passage
_MAX_HEADS = 30  # occupations in one passage whose surroundings are candidates
_MAX_LEFT, _MAX_RIGHT = 5, 4  # words before and after an occupation
_CHUNK = re.compile(
    r"(?<!\s)\s+[:;]-?[)(DP]\s+|(?<!\s)\s+[-–—|:·•/@]+\s+|:\s+|(?<!\s)\s*[\U0001F300-\U0001FAFF☀-➿]\s*|(?<!\s)\s*[|·•]\s*|[?!]\s+|\n+|(?<!\s)\s+<>\s+|[\[\]]|,\s+(?=\d|\w{1,9}(?:day|tag|woch)\b)|[\"“”„«»]"
)
_STROKE = re.compile(r"[ ]{1,3}/[ ]{1,3}")
_QUOTED = re.compile(r'(?<!\w)"([^"\n]{3,80})"')
_PREFIX = re.compile(r"^(?:\s*[A-Za-z]{2,3}\s?(?:\[\d+\])?:)+\s*")
_BRACKET = re.compile(r"[ ]?\(([^()\n]{1,40})\)")
_BRACKETS = re.compile(r"\([^()]*\)")
_BEHIND_MARK = re.compile(r"(?<=\))(?: [^\W\d_A-ZÄÖÜ][^\W\d_]*)+$")  # of the sentence: "Chemiker (m/w/d) treffen"
_JOINT = re.compile(r"[ ]{0,2}[&/+][ ]{0,2}|/-|(?<=bzw)\.[ ]|[ ]{1,2}|-")
_LISTED = re.compile(r"[ ]{0,2}[&/+,][ ]{0,2}|[ ]{1,2}|-")
_INFLECTED = re.compile(r"[/:*_]-?(?:innen|in|frau|r|e|n|er)$|\((?:innen|in|r|e|n)\)$")
_TITLE_OF = re.compile(
    r"(?<![^\W\d_])([^\W\d_][\w'.-]+[ ][^\W\d_][\w'.-]+(?:[ ][^\W\d_][\w'-]+)?)[ ]?(?:,|\(|[-–—|])[ ]?(?:\w{2,4}[ ])?$"
)
_MARKS = frozenset(",(-–—|")  # one of these stands so many characters before the role
_MARK_REACH = 7
_TITLE_IN = re.compile(r"([^\W\d_][\w'-]+)[ ]\([\w ]{0,10}$")  # "Ada (Staff Engineer)"
_NAMED = re.compile(
    r"[ ]?,?[ ]?((?:(?:Frau|Herrn?|Mr|Mrs|Ms|Dr|Prof)\b\.?[ ])*([^\W\d_][\w'.-]+(?:[ ][^\W\d_][\w'-]+)?))"
)
DIGIT = re.compile(r"\d")
JOB_ID = re.compile(  # none is looked for where there is no DIGIT
    r"\(?\b(?:ref(?:erence|erenz)?|req(?:uisition)?|job|id|nr|no|kennziffer|stellen(?:-?id)?|stellennummer|vacancy"
    r"|competition|campaign(?![ ](?:19|20)\d\d\b)|posting|(?:bewerbungs|auswahl|besetzungs)verfahren)\b"
    r"[.:#]?(?:\s{0,3}|-)(?:id|no|nr|num(?:ber|mer))?[.:#]{0,2}\s{0,3}(?=[\w./-]{0,40}\d)[\w./-]{1,40}\)?"
    r"|\b(?-i:[A-Z]{1,6})/(?:\d{4,6}|0\d{1,5}|(?:[\w-]{1,10}/){1,3}\d{2,6})(?:/[\w-]{1,10}){0,2}\b"
    r"|\b[A-Z]{1,4}[-_ ]?\d[\w/-]{2,39}\d\w?\b|\b\w{1,6}-\w{1,6}-\d{2,20}\b|\b\d{4,20}(?:[-/]\d{1,9}){0,3}\b"
    r"|#\s?\d{1,20}|\bVA\s\d{1,9}/\d{1,9}",
    re.IGNORECASE,
)
_TIGHT_MARK = re.compile(r"(?<=\w)(?=\([mwfdxi]/[mwfdxi])")  # "Bauleiter(m/w/d)"
_MARK = re.compile(r"[ ]{0,2}(?:\([^()\n]{1,40}\)|[a-zA-Z/|]+)")
_LONG = re.compile(r"\d{1,3}[ -]?min", re.IGNORECASE)  # "30-minute recruiter phone screen"
_LOAD = re.compile(r"\d{1,3}(?:[ ]?[-–][ ]?\d{1,3})?[ ]?%")
_EMPTY = re.compile(r"\(\s*\)|\(\s*[^\w()]*\s*$")  # brackets from which all went, or that do not close
_LOOSE = re.compile(r"[ ,;:–-]{1,6}(?=\))")  # before the bracket from which a number went
_OPEN = re.compile(r"(?<=\w)[ ]?\([^()]*$")  # a bracket behind a name that does not close in it
_CLOCK = re.compile(r"^\d{1,2}[.:]\d\d[ ,:–-]{1,4}(?=\D)")  # of the row of a plan: "11.20 Student panel"
_LOADS = re.compile(  # "Pfleger, 60–80%", "Gärtner (E6)", "Lehrkraft TV-L EG 11"
    rf"(?:[ ,(]{{1,3}}(?:{_LOAD.pattern}|(?:TV-?\w{{1,3}}[ ])?(?:EG?|A|S)[ ]?\d{{1,2}}[abc]?)){{1,2}}\)?$"
)
_GRADE = re.compile(r"^(?:Band|Grade) \d{1,2}[a-d]? (?=\w)")  # "Band 6 Nurse"
_LEVEL = re.compile(r"\(([^\W\d_]{2,12})\)[ ]?$")  # "(Senior) Data Engineer"
_LEVEL_REACH = 15
_QUALIFIED = re.compile(r"(?<![\w.])((?:[^\W\d_]{3,7}\.[ ]){1,3})$")  # "staatl. gepr. Betriebswirtin"
_QUALIFIED_REACH = 26
_ALIKE = 3  # letters with which the two words begin that name both genders: "Köchin / Koch"
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th|\.)?")
_TITLE_BELOW = frozenset({"person.above", "only.noun"})  # of what stands below a name, and nothing tells
_SIGNS = frozenset("/|–-@")  # between a role and a house
_MET = "only.met"  # wherever it stands: "interview with our CTO"
_TOLD = frozenset({  # otherwise than by a noun
    "label", "mark", "chunk", "bracket", "quoted", "other.label", "other.mark", "other.below",
    *(f"phrase.{strength}" for strength in STRENGTH.values()),
})  # fmt: skip
_SPOKEN = re.compile(r"[^\W\d_]{3,40}")
_LEFT = re.compile(r"(?<![^\W_])([^\W_][\w'-]{0,40})[ ]{1,3}[\"'(]?$")
_RIGHT = re.compile(r"[\"')]?[ ]{1,3}([^\W_][\w'-]{0,40})")
_BY_LANGUAGE = ("head.", "words.", "caps.", "common.", "capital.")  # where nouns have capitals
_NUMBER = re.compile(r"(?<![^\W_])\d[\d.,:/-]{0,20}(?!\w)")  # "14:30", but "W2-Professur", "3D Artist"
_TWICE = re.compile(r"\b(\w{4})\w{0,40}[ ]?/[ ]?(?:\w{1,40}[ ])?\1", re.IGNORECASE)  # "Köchin / Koch"
_DASHED = re.compile(r"\s[-–—|]\s|:")
_OF_SOMEBODY = ("left.article", "left.possessive")  # "our gardener shows you the house"
_OF_VACANCY = ("in.subject", "job.before", "job.behind")
_PARTS_OF_SUBJECT = ("chunk", "part")
_LED = ("led.job", "led.talk")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.?(?:\d{2}|\d{4})?")
_NUMBERED = re.compile(r"\d{1,3}[a-zA-Z]?(?:/\d{2,4})?")
_TAIL = 2.1  # weight that may be lost where a name goes on with a word that belongs to it
_WIDE = 3.0  # the same behind a word that alone says next to nothing: "Mitarbeiter im Bauhof"
_EDGE = " \t,;:.!?-–—|/&+\"'*·•"


def find_role(
    passages: Sequence[Passage],
    words: Sequence[FieldWords],
    names: Names,
    weights: Weights,
    not_roles: Iterable[str] = (),
) -> Found[str] | None:
    """The role as written, without job numbers; None when more speaks for no role at all.

    words: of the mail's language first, then of the others; not_roles are names of the person and of companies.
    """
    pool = role_pool(passages, words, names, not_roles)
    best = weights.best(pool.candidates.values(), (NONE,))
    if best is None:
        return None
    if _MET in best.signs:  # whom one meets is only the role where nothing else is
        met = best.text
        others = [one for one in pool.candidates.values() if _MET not in one.signs and one.text not in met]
        best = weights.best(others, (NONE,)) or best
    if best.signs >= _TITLE_BELOW and best.counted == 1:
        best = weights.best(_for_beginners(pool, words), ()) or best
    best = next((other for other in pool.candidates.values() if _names_both(other, best)), best)
    for nearly in (_begun_before, _going_on):
        best = max(nearly(pool, best, weights, words), key=lambda one: weights.sum(one.signs), default=best)
    value = _without_town(_whole(best, passages, words, names, tuple(not_roles)), words[0], names)
    return Found(value, best.passage.evidence("role", best.span))


def _without_town(role: str, words: FieldWords, names: Names) -> str:
    """The role without the place where one works: "Data Engineer in Leeds", but "Postdoc in Optics"."""
    tokens = role.split(" ")
    for at in range(len(tokens) - 1, 0, -1):
        if tokens[at] in words.grammar.inside:
            return " ".join(tokens[:at]) if " ".join(tokens[at + 1 :]) in names.places else role
    return role


def without_house(role: Found[str] | None, persons: Sequence[str], houses: Iterable[str]) -> Found[str] | None:
    """The role without a house beside it: "Robotics Engineer (Acme)", "Cook at Acme", "Acme Air Cabin Crew"; and
    without a person before that: "Cook Robin Meyer / Acme"."""
    if role is None:
        return None
    value = role.value
    for house in filter(None, houses):
        before = value[: -len(house)].rstrip() if value.lower().endswith(f" {house.lower()}") else ""
        title, _, small = before.rpartition(" ")
        if title and (small.islower() or small in _SIGNS):
            ends = (f" {name}" for name in persons if name and title.endswith(f" {name}"))
            return Found(title.removesuffix(next(ends, "")), role.evidence)
        title, _, bracketed = value.removesuffix(")").rpartition("(")
        if value.endswith(")") and title.strip() and squashed(bracketed) == squashed(house):
            return Found(title.rstrip(), role.evidence)
        if value.startswith(f"{house} ") and value[len(house) + 1].isupper():
            return Found(value[len(house) + 1 :], role.evidence)
    return role


def _whole(
    best: Candidate,
    passages: Sequence[Passage],
    words: Sequence[FieldWords],
    names: Names,
    not_roles: Sequence[str],
) -> str:
    """The name with what belongs to it on either side: "(Senior) Data Engineer", "Clerk (m/f/d) Loans"."""
    flow, start, name = best.passage.flow, best.span.start, best.text
    if (reached := whole_name(name, passages, words, names.skills, not_roles)) is not None:
        passage, span = reached
        tail = " ".join(passage.text[span.start : span.end].split())
        name += tail if tail[0] in ",:" else f" {tail}"
    if (short := _QUALIFIED.search(flow, max(0, start - _QUALIFIED_REACH), start)) is not None:
        if words[0].qualified.issuperset(short[1].replace(".", "").lower().split()):
            name = f"{' '.join(short[1].split())} {name}"
    elif (begin := listed_before(flow, start, name, words[0], not_roles)) < start:
        return " ".join(best.passage.text[begin:start].split()) + f" {name}"
    level = _LEVEL.search(flow, max(0, start - _LEVEL_REACH), start)
    return f"({level[1]}) {name}" if level is not None and _is_level(level[1], words) else name


def _going_on(pool: Pool, best: Candidate, weights: Weights, words: Sequence[FieldWords]) -> Iterator[Candidate]:
    """Candidates for which nearly as much speaks, and that go on with a part of the name: "Teacher of English"."""
    wide = any(form.lower() in w.wide for w in words[:1] for form in _forms(best.text))
    least = weights.sum(best.signs) - (_WIDE if wide else _TAIL)
    for other in pool.candidates.values():
        rest = other.text.removeprefix(f"{best.text} ")
        if rest == other.text:
            continue
        join = rest.partition(" ")[0]
        subject = best.text[0].isupper() and DIGIT.search(rest.partition("(")[0]) is None  # and not "in Q1"
        studied = best.text.rpartition(" ")[2].lower() if subject else ""
        joined = any(
            join in w.grammar.joins_always
            or (wide and join in w.grammar.joins)
            or (w is words[0] and join in w.grammar.inside and studied in w.grammar.scholars)  # "Researcher in Optics"
            for w in words
        )
        if joined and weights.sum(other.signs) >= least:
            yield other


def _for_beginners(pool: Pool, words: Sequence[FieldWords]) -> Sequence[Candidate]:
    """What the text itself offers to beginners: "Graduate Trading Scheme"; what a signer is called is no role then."""
    offered = []
    for candidate in pool.candidates.values():
        tokens = candidate.text.lower().split()
        told = "in.body" in candidate.signs or "in.subject" in candidate.signs
        begins = any(not language.beginners.isdisjoint(tokens) for language in words)
        if told and begins and any(tokens[-1] in language.programmes for language in words):
            offered.append(candidate)
    return offered


def _begun_before(pool: Pool, best: Candidate, weights: Weights, words: Sequence[FieldWords]) -> Iterator[Candidate]:
    """Candidates for which nearly as much speaks, and that begin with an occupation: "Professor of Data Science"."""
    for other in pool.candidates.values():
        head, _, join = other.text.removesuffix(f" {best.text}").rpartition(" ")
        if not other.text.endswith(f" {best.text}") or join not in words[0].grammar.joins_always:
            continue
        taught = is_occupation(head.rpartition(" ")[2], words[0].grammar)
        if taught and weights.sum(other.signs) >= weights.sum(best.signs) - _TAIL:
            yield other


def _names_both(candidate: Candidate, half: Candidate) -> bool:
    """True for "Köchin / Koch Gemeinschaftskost" beside "Koch Gemeinschaftskost"."""
    led = candidate.text.removesuffix(half.text)
    if led == candidate.text or not led.rstrip().endswith("/"):
        return False
    return squashed(led)[:_ALIKE] == squashed(half.text)[:_ALIKE]


def role_pool(
    passages: Sequence[Passage], words: Sequence[FieldWords], names: Names, not_roles: Iterable[str] = ()
) -> Pool:
    """Every candidate with all its signs."""
    pool = Pool()
    others = tuple(name for name in not_roles if name)
    persons = [name.split() for name in others if person(name, words[0].person) is not None]
    firsts = [name[0] for name in persons]
    short = [f"{name[0][0]}. {name[-1]}" for name in persons] + [f"/ {name[0][0]}" for name in persons]
    surnames = [name[-1] for name in persons if not words[0].is_institution(name[-1])]
    short += [name for name in surnames if not _is_head(name, words)]
    ends = (*others, *short, *(first for first in firsts if not words[0].is_institution(first)))
    ends = tuple([name.lower() for name in ends])
    excluded = frozenset(squashed(name) for name in others)
    for passage in passages:
        for span, signs in _spotted(passage, words).items():
            _add(pool, passage, span, signs, words, ends)
    for name in excluded:
        pool.candidates.pop(name, None)
    sides = _Sides(words)
    for candidate in pool.candidates.values():
        met: set[bool] = set()
        for (_, span), passage in candidate.places.items():
            candidate.signs.add(f"in.{passage.source}")
            left = sides.left(passage, span.start)
            candidate.signs.update(left, sides.right(passage, span.end))
            met.add("meets" in left)
        if met == {True}:
            candidate.signs.add(_MET)
        candidate.signs.update(_shape(candidate, words, names))
        if words[0].grammar.nouns_capital:
            candidate.signs.update([f"nouns:{sign}" for sign in candidate.signs if sign.startswith(_BY_LANGUAGE)])
    compare(pool, squashed)
    _compounds(pool)
    return pool


def _compounds(pool: Pool) -> None:
    """Adds the signs of a word that ends with another candidate: Redaktionsvolontär tells more than Volontär."""
    single = [(key, candidate) for key, candidate in pool.candidates.items() if " " not in candidate.text]
    for key, candidate in single:
        for other, shorter in single:
            if len(other) < len(key) and key.endswith(other):
                candidate.signs.add("compound")
                shorter.signs.add("compounded")


def _spotted(passage: Passage, words: Sequence[FieldWords]) -> Mapping[Span, Sequence[str]]:
    """Places of a passage where a role may be named, each with the signs of how it was found."""
    spotted: dict[Span, list[str]] = {}
    for number, language in enumerate(words):
        foreign = "other." if number else ""
        for span, sign in _announced(passage, language):
            spotted.setdefault(span, []).append(foreign + sign)
    begun = {span.start for span in spotted}
    for span, sign in _anywhere(passage, words):
        signs = spotted.setdefault(span, [])
        if not signs and span.start in begun:
            signs.append("begun")  # like an announced name, and goes on
        signs.append(sign)
    return spotted


def _announced(passage: Passage, words: FieldWords) -> Iterator[tuple[Span, str]]:
    """Places where the words of one language announce a role."""
    for blank in beginning_in(passage.flow, words.role):
        for span in filled(passage.flow, blank, words):
            yield span, f"phrase.{STRENGTH[blank.weight]}"
    above = ""
    for line in passage.lines():
        if (label := words.role_label.match(passage.flow, line.start, line.end)) is not None:
            yield Span(label.end(), line.end), "label"
        if above and above in words.job:
            yield line, "below"
        above = passage.flow[line.start : line.end].rstrip(" :").rpartition(" ")[2].lower()
    for count, at in enumerate(gender_marks(passage.flow)):
        if count > _MAX_MATCHES:
            return
        if (marked := backward(passage.flow, at, words.grammar)) is not None:
            mark = _MARK.match(passage.flow, at)
            yield Span(marked.start, mark.end() if mark else marked.end), "mark"


def filled(flow: str, blank: Blank, words: FieldWords) -> Iterator[Span]:
    """Every name that fills the blank of a phrase in a text."""
    if blank.before is None:
        assert blank.after is not None
        for count, match in enumerate(blank.after.finditer(flow)):
            if count > _MAX_MATCHES:
                return
            if (found := backward(flow, match.start(), words.grammar)) is not None:
                yield found
        return
    for count, match in enumerate(blank.before.finditer(flow)):
        if count > _MAX_MATCHES:
            return
        if (found := forward(flow, match.end(), words.grammar, blank.after)) is not None:
            yield found


def _anywhere(passage: Passage, words: Sequence[FieldWords]) -> Iterator[tuple[Span, str]]:
    """Places that look like a role by themselves: around an occupation, parts of the subject, quoted words."""
    if passage.source in ("subject", "calendar"):
        for span in _chunks(passage.flow):
            yield span, "chunk"
            for part in _parts(passage.flow, span, words[0]):
                yield part, "part"
            for bracket in _BRACKET.finditer(passage.flow, span.start, span.end):
                yield Span(*bracket.span(1)), "bracket"
    for count, quoted in enumerate(_QUOTED.finditer(passage.flow) if '"' in passage.flow else ()):
        if count > _MAX_MATCHES:
            break
        yield Span(*quoted.span(1)), "quoted"
    for span in _around_heads(passage, words):
        yield span, "noun"


def _chunks(flow: str) -> Iterator[Span]:
    """Parts of a subject such as "Interview – Data Engineer – Acme"."""
    prefix = _PREFIX.match(flow)
    at = prefix.end() if prefix else 0
    for edge in [*_CHUNK.finditer(flow, at), None]:
        end = len(flow) if edge is None else edge.start()
        if end - at > 2:
            yield Span(at, end)
        at = end if edge is None else edge.end()


def _parts(flow: str, chunk: Span, words: FieldWords) -> Iterator[Span]:
    """What stands before a small word of a chunk, and between its strokes: "Cook for Acme", "Acme / Cook"."""
    for word in itertools.islice(WORD.finditer(flow, chunk.start, chunk.end), 1, None):
        if word[0].lower() in words.grammar.stop:
            yield Span(chunk.start, word.start())
            break
    at = chunk.start
    for stroke in _STROKE.finditer(flow, chunk.start, chunk.end):
        yield Span(at, stroke.start())
        at = stroke.end()
    if at > chunk.start:
        yield Span(at, chunk.end)


def _around_heads(passage: Passage, words: Sequence[FieldWords]) -> Iterator[Span]:
    """Every plausible reach of the name around each word for an occupation."""
    flow = passage.flow
    tokens = words_in(flow)
    grammars = tuple([language.grammar for language in words])
    heads = [index for index, token in enumerate(tokens) if _names_occupation(token[0], grammars)]
    for index in heads[:_MAX_HEADS]:
        starts = list(_starts(flow, tokens, index, words[0]))
        ends = list(_ends(flow, tokens, index, _head_language(tokens[index][0], words)))
        for start in starts:
            for end in ends:
                yield Span(tokens[start].start(), end)


def _head_language(word: str, words: Sequence[FieldWords]) -> FieldWords:
    """The language by which the name goes on behind an occupation: that of the mail, unless only another knows it."""
    return next((language for language in words if _is_head(word, (language,))), words[0])


def _starts(flow: str, tokens: Sequence[re.Match[str]], head: int, words: FieldWords) -> Iterator[int]:
    """The words with which the name around an occupation may begin, the occupation itself first."""
    yield head
    grammar = words.grammar
    joint = _JOINT
    for index in range(head - 1, max(-1, head - 1 - _MAX_LEFT), -1):
        token = tokens[index]
        if not joint.fullmatch(flow, token.end(), tokens[index + 1].start()):
            return
        lower = token[0].lower()
        joint = _JOINT
        if lower in grammar.coordinators:
            joint = _LISTED  # "Monitoring, Evaluation and Learning Officer"
            continue
        if _is_small(lower, words) and not _is_short_form(token[0], tokens[index + 1][0]):
            return
        if "&" in flow[token.end() : tokens[index + 1].start()]:
            joint = _LISTED
        yield index


def _ends(flow: str, tokens: Sequence[re.Match[str]], head: int, words: FieldWords) -> Iterator[int]:
    """The places at which the name around an occupation may end."""
    grammar = words.grammar
    end = tokens[head].end()
    if _next_word(flow, end) not in grammar.joins_tight:  # "Chef de Rang" is no Chef
        bracket = _BRACKET.match(flow, end)
        yield bracket.end() if bracket else end
    join = ""
    for index in range(head + 1, min(len(tokens), head + 1 + _MAX_RIGHT)):
        token = tokens[index]
        if not _JOINT.fullmatch(flow, tokens[index - 1].end(), token.start()):
            return
        if "\n" in flow[tokens[index - 1].end() : token.start()] and flow[token.end() : token.end() + 1] == ":":
            return  # the label of the next line
        lower = token[0].lower()
        aide = lower in grammar.aide_to and tokens[index - 1][0].lower() in grammar.aides
        aide = aide and _next_word(flow, token.end()) in grammar.articles
        if lower in grammar.joins or aide:
            join = lower
            continue
        if join and lower in grammar.possessive:
            return  # "Fachkraft für unsere Krippengruppe"
        if lower in grammar.articles and join and lower not in grammar.indefinite:
            continue
        if lower in grammar.stop or lower in grammar.articles or _LOAD.match(flow, token.start()):
            return
        if lower in words.numbered and index + 1 < len(tokens) and _NUMBERED.fullmatch(tokens[index + 1][0]):
            return  # "Pflegefachkraft Station 3b"
        if join in grammar.joins_article and tokens[index - 1][0].lower() == join:
            return  # "Koch in Köln", but "Koch in der Kantine"
        other_end = flow[tokens[index - 1].end() : token.start()] == "/-"  # "Gesellin/-geselle"
        open_ = join and not (join in grammar.coordinators and _is_name(tokens[head][0]))
        if not _is_name(token[0]) and not other_end and not open_:
            return  # "the Matron and stay for supper"
        if token[0].endswith("-"):
            continue  # "Energie- und Gebäudetechnik"
        bracket = _BRACKET.match(flow, token.end())
        yield bracket.end() if bracket else token.end()


def _next_word(flow: str, at: int) -> str:
    """The word behind one blank, in lower case."""
    word = WORD.match(flow, at + 1) if flow[at : at + 1] == " " else None
    return word[0].lower() if word else ""


def _is_name(word: str) -> bool:
    return not word[0].islower() or any(char.isupper() or char.isdigit() for char in word[1:])


def _is_head(word: str, words: Sequence[FieldWords]) -> bool:
    return _names_occupation(word, tuple([language.grammar for language in words]))


@lru_cache(maxsize=16384)
def _names_occupation(word: str, grammars: tuple[Grammar, ...]) -> bool:
    forms = _forms(word)
    return any(grammar.is_head(form) for grammar in grammars for form in forms)


def _forms(word: str) -> list[str]:
    """The word itself without the mark of the other gender, and the parts of a compound, the last part first."""
    if word.isalpha():
        return [word]
    word = _INFLECTED.sub("", word)
    return [word, *(part for part in reversed(re.split(r"[-/:*]", word)) if len(part) > 2)]


def _add(
    pool: Pool,
    passage: Passage,
    span: Span,
    signs: Sequence[str],
    words: Sequence[FieldWords],
    others: Sequence[str],
) -> None:
    grammar = words[0].grammar
    text, led = _trimmed(_without_names(cleaned(passage.text[span.start : span.end]), others), words)
    text = _without_names(text, others)
    if grammar.nouns_capital:  # else what follows may go on with the name: "Nurse (Band 5) in oncology"
        text = _BEHIND_MARK.sub("", text)
    if led:
        signs = (*signs, f"led.{led}")
    if not 2 < len(text) <= MAX_ROLE or not any(map(str.isalpha, text)) or "@" in text or _LONG.match(text):
        return
    tokens = text.split()
    if not grammar.coordinators.isdisjoint(tokens) and any(
        one in grammar.coordinators and two in grammar.articles for one, two in itertools.pairwise(tokens)
    ):
        return  # "our Director and the Team Lead"
    title, _, name = text.partition(" ")
    if name and " " not in name and words[0].person.is_given(name) and _is_head(title, words):
        return  # "Schwester Doris"
    key = squashed(without_more(text))
    known = pool.add(key, text, passage, span, (*signs, *(f"{sign}.{passage.source}" for sign in signs)))
    if known is None:
        return
    if "(" in text and "(" not in known.text and is_gender_mark(text):
        known.text, known.passage, known.span = text, passage, span


class _Sides:
    """What stands on either side of names; many of them begin or end together, so each place is looked at once."""

    def __init__(self, words: Sequence[FieldWords]) -> None:
        self._words = words
        self._jobs = frozenset[str]().union(*(language.job for language in words[:2]))
        self._sorts: dict[str, str] = {}
        self._refused: dict[tuple[int, int, int], bool] = {}
        self._lefts: dict[tuple[int, int], tuple[str, ...]] = {}
        self._rights: dict[tuple[int, int], tuple[str, ...]] = {}

    def left(self, passage: Passage, at: int) -> Sequence[str]:
        """The signs of a name that begins there."""
        key = id(passage), at
        if (found := self._lefts.get(key)) is None:
            found = self._lefts[key] = tuple(self._before(passage, at))
        return found

    def right(self, passage: Passage, at: int) -> Sequence[str]:
        """The signs of a name that ends there."""
        key = id(passage), at
        if (found := self._rights.get(key)) is None:
            found = self._rights[key] = tuple(self._behind(passage, at))
        return found

    def _before(self, passage: Passage, at: int) -> Iterator[str]:
        flow, own = passage.flow, self._words[0]
        yield before(passage, at)
        line = flow.rfind("\n", 0, at) + 1
        near, wide = flow[max(line, at - 40) : at], flow[max(line, at - 50) : at]
        parted = not _MARKS.isdisjoint(wide[-_MARK_REACH:])
        title = _TITLE_OF.search(wide) if parted and not wide.islower() else None  # a name has capitals
        aside = _TITLE_IN.search(near) if "(" in near else None
        if (title and person(title[1], own.person)) or (aside and own.person.is_given(aside[1])):
            yield "person.before"
        above = flow[:line].rstrip().rpartition("\n")[2]
        alone = passage.source == "signature" and flow[line - 2 : line - 1] != "\n"  # a first name says who signs
        alone = alone and not self._speaks(flow, line, passage.sentence(at).end)
        if len(above) < 50 and person(above.strip(_EDGE), own.person, single=alone) is not None:
            yield "person.above"
        if any(match.end() == len(near) for match in own.meets.finditer(near)):
            yield "meets"
        if passage.source == "body":
            yield "early" if at < 400 else "middle" if at < 1200 else "late"
        sentence = passage.sentence(at)
        if self._is_refused(passage, sentence):
            yield "refused"
        if self._speaks(flow, sentence.start, at):
            yield "job.before"
        if (word := _LEFT.search(near)) is not None:
            yield f"left.{self._sort(word[1])}"
        previous = flow[line:at].rstrip(" ").rpartition(" ")[2]
        if previous[:1].isupper() and previous[-1].isalnum():
            yield "level.before" if _is_level(previous, self._words) else "capital.before"

    def _is_refused(self, passage: Passage, sentence: Span) -> bool:
        """True for a sentence that tells of a post that the person did not get; several names stand in one."""
        key = id(passage), sentence.start, sentence.end
        if (refused := self._refused.get(key)) is None:
            found = self._words[0].refused.search(passage.flow, sentence.start, sentence.end)
            refused = self._refused[key] = found is not None
        return refused

    def _behind(self, passage: Passage, at: int) -> Iterator[str]:
        flow = passage.flow
        yield after(passage, at)
        named = _NAMED.match(flow, at)
        if named and person(named[1], self._words[0].person, single=named[1] != named[2]) is not None:
            yield "person.after"
        elif flow[at : at + 2].strip()[:1].isupper():
            yield "capital.after"
        if self._speaks(flow, at, passage.sentence(at).end):
            yield "job.behind"
        if (word := _RIGHT.match(flow, at)) is not None:
            yield f"right.{self._sort(word[1])}"

    def _speaks(self, flow: str, start: int, end: int) -> bool:
        """True for a stretch of a sentence that speaks of a vacancy."""
        jobs = _jobs_in(flow, self._jobs)
        following = bisect_left(jobs, start)
        return following < len(jobs) and jobs[following] < end

    def _sort(self, word: str) -> str:
        """What sort of word it is."""
        if (sort := self._sorts.get(word)) is None:
            sort = self._sorts[word] = _sort(word, self._words)
        return sort


@lru_cache(maxsize=64)
def _jobs_in(flow: str, jobs: frozenset[str]) -> Sequence[int]:
    """Where a text speaks of a vacancy, in these words."""
    return [word.start() for word in _SPOKEN.finditer(flow) if word[0].lower() in jobs]


def _sort(word: str, words: Sequence[FieldWords]) -> str:
    lower = word.lower()
    for language in words[:2]:
        if lower in language.job:
            return "job"
        if language.talk.fullmatch(word):
            return "talk"
        if lower in language.grammar.indefinite:
            return "indefinite"
        if lower in language.grammar.possessive:
            return "possessive"
        if lower in language.grammar.articles:
            return "article"
        if lower in language.grammar.stop:
            return "stop"
    if any(language.grammar.is_quality(word) for language in words[:2]):
        return "quality"
    if word[0].isdigit():
        return "number"
    return "lower" if word[0].islower() else "name"


def _is_level(word: str, words: Sequence[FieldWords]) -> bool:
    return any(phrases.fullmatch(word) for language in words for _, phrases in language.seniority)


def _shape(candidate: Candidate, words: Sequence[FieldWords], names: Names) -> Iterator[str]:
    """The signs of the name itself."""
    text = candidate.text
    plain = without_more(text)
    plain = plain if len(plain) > 2 else text  # "VP, Credit Risk"
    tokens = plain.split()
    own = words[0]
    last = tokens[-1].strip(_EDGE).lower()
    yield f"words.{bucket(len(tokens), 7)}"
    yield f"common.{commonness(tokens, names.common)}"
    head = _head(tokens, words)
    yield f"head.{head}"
    if not candidate.signs.isdisjoint(_PARTS_OF_SUBJECT):
        yield f"chunk.head.{head.partition('.')[0]}.{'led' if not candidate.signs.isdisjoint(_LED) else 'bare'}"
    for at, token in enumerate(tokens[1:], 1):
        if any(language.is_institution(token.strip(_EDGE)) for language in words):
            named = at + 1 < len(tokens) and tokens[at + 1][0].isupper()
            yield f"institution.{'named' if named else 'end' if at + 1 == len(tokens) else 'inside'}"
    worded = [token for token in tokens if token.strip(_EDGE)] or ["-"]  # without the stroke of "Köchin / Koch"
    small = [not _is_name(token.strip(_EDGE) or "x") for token in worded]
    inner = [less for less, token in zip(small, worded, strict=True) if not _is_small(token.lower(), own)]
    yield "caps.none" if all(inner) else "caps.some" if any(inner) else "caps.all"
    if not all(small) and small[0]:
        yield "caps.not.first"
    if not all(small) and small[-1]:
        yield "caps.not.last"
    inner_names = (" ".join(tokens[at:]) for at in range(1, len(tokens) - 1) if not _is_small(tokens[at - 1], own))
    if any(person(name, own.person) for name in inner_names):
        yield "person.inside"
    yield f"end:{last[-3:]}"
    yield f"last:{last}"
    yield f"first:{tokens[0].strip(_EDGE).lower()}"
    if _is_level(tokens[0], words):
        yield "level.first"
    if (at := next((at for at, token in enumerate(tokens) if at and token.lower() in own.grammar.joins), 0)) > 0:
        tail = tokens[at + 1 :]
        written = "name" if tail and _is_name(tail[-1]) else "lower"
        yield f"tail:{tokens[at].lower()}"
        yield f"tail.{tokens[at].lower()}.{commonness(tail, names.common)}.{written}"
    if own.grammar.is_quality(tokens[0]):
        yield "quality.first"
    if "/" in plain and _TWICE.search(plain):
        yield "twice"
    if _NUMBER.search(plain):
        yield "digit"
    if own.talk.search(text):
        yield "talk"
    if own.not_role.match(ended := f"{text.lower()} "):
        yield "not"
        if own.not_role.fullmatch(ended):
            yield "not.all"
    if _DASHED.search(plain):
        yield "dash"
    if is_gender_mark(text):
        yield "gender"
    if "noun" in candidate.signs and candidate.signs.isdisjoint(_TOLD):
        yield "only.noun"
        yield f"only.noun.{'subject' if 'in.subject' in candidate.signs else 'text'}"
        if not candidate.signs.isdisjoint(_OF_SOMEBODY) and candidate.signs.isdisjoint(_OF_VACANCY):
            yield "somebody"
    yield f"places.{bucket(candidate.counted, 4)}"
    yield f"sources.{bucket(candidate.sources, 3)}"
    if person(text, own.person) is not None:
        yield "person"
        if len(tokens) == 2 and last in own.person.surnames and tokens[0].lower() not in names.common:
            yield "person.surname"


def _head(tokens: Sequence[str], words: Sequence[FieldWords]) -> str:
    """Where in the name an occupation stands, and in whose words: "Head of Roasting" goes on behind it."""
    own, grammars = words[0], tuple([language.grammar for language in words])
    whose = [_whose(token, grammars) for token in tokens]
    while len(whose) > 1 and not tokens[len(whose) - 1].strip("IVX0123456789."):
        whose.pop()  # "Claims Adjuster II"
    if whose[-1] != "no":
        return f"last.{whose[-1]}.{'alone' if len(tokens) == 1 else 'more'}"
    at = next((index for index in range(len(whose) - 1, -1, -1) if whose[index] != "no"), None)
    if at is None and any(own.is_area(token.strip(_EDGE)) for token in tokens):
        return f"area.{'alone' if len(tokens) == 1 else 'more'}"
    if at is None:
        return f"none.{'alone' if len(tokens) == 1 else 'more'}"
    return f"{'first' if at == 0 else 'inside'}.{'joined' if _is_small(tokens[at + 1].lower(), own) else 'more'}"


@lru_cache(maxsize=4096)
def _whose(word: str, grammars: tuple[Grammar, ...]) -> str:
    """Whether a word names an occupation: in the mail's language, in another, in the first part of the word only."""
    forms = _forms(word.strip(_EDGE))[:2]
    if any(grammars[0].is_head(form) for form in forms):
        return "own"
    if any(other.is_head(form) for other in grammars[1:] for form in forms):
        return "other"
    return "part" if _names_occupation(word, grammars) else "no"


def _without_names(text: str, names: Sequence[str]) -> str:
    """The text without the name of the person, or of the company, at either end: "Cook Robin Meyer".

    names: in small letters.
    """
    lower = text.lower()
    for known in names:
        if known not in lower:
            continue  # most of them
        size = len(known) + 1
        if lower.endswith(f" {known}"):
            text = text[:-size].rstrip(_EDGE)
            lower = text.lower()
        elif lower.startswith(f"{known} "):
            text = text[size:].lstrip(_EDGE)
            lower = text.lower()
    return text


def _trimmed(text: str, words: Sequence[FieldWords]) -> tuple[str, str]:
    """The text without words in front that name the talk, without small words at either end, and without the number of
    a house or ward behind: "Pflegefachkraft Station 3b".

    With it what the last telling one of the words in front was: of the "job" or of the "talk".
    """
    led = ""
    pair, _, named = text.partition(" ")
    second, _, named = named.partition(" ")
    if named and words[0].talk.fullmatch(f"{pair} {second}"):
        text, led = named.strip(_EDGE), "talk"  # "Intro call cook"
    first, _, rest = text.partition(" ")
    while rest and _is_outside(first.strip(_EDGE), rest.split(None, 1)[0].strip(_EDGE), words[0]):
        lower = first.strip(_EDGE).lower()
        led = "job" if lower in words[0].job else led if _is_small(lower, words[0]) else "talk"
        text = rest.strip(_EDGE)
        first, _, rest = text.partition(" ")
    named, _, number = text.rpartition(" ")
    named, _, noun = named.rpartition(" ")
    if named and noun.lower() in words[0].numbered and _NUMBERED.fullmatch(number):
        text = named.strip(_EDGE)
    while (rest := _without_last(text, words[0])) != text:
        text = rest
    return text, led


def _without_last(text: str, words: FieldWords) -> str:
    """The text without a last word, or two, that tell of no role: "Cabin Crew Assessment Day", "Cook Thu 3.12."."""
    rest, _, last = text.rpartition(" ")
    if rest and (last.lower() in words.from_home or _is_behind(last.strip(_EDGE), words)):
        return rest.strip(_EDGE)
    if rest and f"{rest.rpartition(' ')[2]} {last}".lower() in words.from_home:
        return rest.rpartition(" ")[0].strip(_EDGE) or text
    if rest and (last.strip(_EDGE).lower() in words.weekdays or _DATE.fullmatch(last)):
        return rest.strip(_EDGE)
    if last.isdigit() and _is_small(rest.rpartition(" ")[2], words):
        return rest.rpartition(" ")[0].strip(_EDGE) or text  # "Friseur für 30" hours
    rest, _, before = rest.rpartition(" ")
    return rest.strip(_EDGE) if rest and words.talk.fullmatch(f"{before} {last}") else text


def _is_behind(word: str, words: FieldWords) -> bool:
    lower = word.lower()
    if lower in words.job or (word.islower() and _is_small(word, words)) or lower in words.person.titles:
        return True
    return words.talk.fullmatch(word) and not words.grammar.is_head(word)


def _is_outside(word: str, following: str, words: FieldWords) -> bool:
    if words.grammar.is_head(word) or _is_short_form(word, following):
        return False
    if word.lower() in words.grammar.trades and following.lower().strip(",") in words.grammar.trade_heads:
        return False  # "Application Engineer"
    if _ORDINAL.fullmatch(word) and not word.rstrip(".").isdigit():
        return words.talk.fullmatch(following)  # "2nd interview", but "2nd Engineer"
    lower = word.lower()
    sort = word.rpartition("-")[2] if words.grammar.nouns_capital else word  # "Video-Interview Koch"
    return (
        _is_small(lower, words)
        or lower in words.job
        or words.talk.fullmatch(sort)
        or (sort != word and words.talk.fullmatch(word))
        or _ORDINAL.fullmatch(word) is not None
    )


def _is_short_form(word: str, following: str) -> bool:
    """True for a short form that is a small word by its letters alone, in a text that does not shout: "IT Analyst"."""
    return len(word) > 1 and word.isupper() and following[:1].isupper() and not following.isupper()


def _is_small(word: str, words: FieldWords) -> bool:
    grammar = words.grammar
    return word in grammar.stop or word in grammar.articles or word in grammar.connectors or word in grammar.joins


def cleaned(text: str) -> str:
    """A role without job numbers and stray punctuation, on one line; gender marks stay as written."""
    text = " ".join(text.split())
    numbered, bracketed = DIGIT.search(text) is not None, "(" in text or ")" in text
    if not (numbered or bracketed):
        return text.strip(_EDGE).removesuffix("'s")  # most
    if bracketed:
        text = _TIGHT_MARK.sub(" ", text)
    if numbered:
        text = _GRADE.sub("", _LOADS.sub(" ", JOB_ID.sub(_with_half_bracket, text)))
    if bracketed:
        text = _LOOSE.sub("", _EMPTY.sub(" ", text))
    text = _CLOCK.sub("", " ".join(text.split()).strip(_EDGE))
    if text.count("(") != text.count(")"):
        text = _OPEN.sub("", text).replace("(", " ").replace(")", " ")
    return " ".join(text.split()).strip(_EDGE).removesuffix("'s")


def _with_half_bracket(number: re.Match[str]) -> str:
    """What stays of a job number: the bracket that it closes and something else opens, "(Nights, ref 12)"."""
    opened, closed = number[0].startswith("("), number[0].endswith(")")
    return " " if opened == closed else " (" if opened else " )"


@lru_cache(maxsize=4096)
def is_occupation(text: str, grammar: Grammar) -> bool:
    """True for what ends in an occupation: "Claims Adjuster II", not "Manager Magazin"."""
    plain = (_BRACKETS.sub(" ", text) if "(" in text else text).split()
    while len(plain) > 1 and (plain[-1].isdigit() or not plain[-1].strip("IVX")):
        plain.pop()
    return bool(plain) and grammar.is_head(plain[-1].strip(".,;:!?"))

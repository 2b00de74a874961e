"""Where the talk takes place.

Words about the talk count; a house beside the way or a team far away do not.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from raincheck.core.model import Evidence
from raincheck.core.reading.fields.persons import person
from raincheck.core.reading.fields.phone import PHONE
from raincheck.core.reading.fields.phrase import beginning_in
from raincheck.core.reading.fields.text import Found, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from raincheck.core.model import SchedulingRequest
    from raincheck.core.reading.fields.text import Passage
    from raincheck.core.reading.fields.words import FieldWords

MEETS = 2.0  # strength above which a place stands for itself, whatever the mail says of a format
_POSTCODE = 7  # digits of what may still be one, with a house number: no number to call
_LABELLED = 4.0  # weight of what a label names
_ADDRESS = 3.0  # weight from which a place is an address
_HOUSE = 1.4  # weight of a house by its name, where nothing says that one meets there
_WEAK = 1.0  # weight of phrases behind which only the name of a house is looked for
_NAMED = 1.5  # weight from which the words say that one meets there
_PLACE_TOKEN = re.compile(
    r"[ ]{0,3}(?:(?P<ordinal>(?:\d{1,2}|[IVX]{1,4})\.(?=[ ]?[^\W\d_]))"
    r"|(?P<room>(?:[A-Z]{1,2}\.\d{1,3}(?:\.\d{1,3})?|\d{1,3}\.\d{1,3})[a-z]?(?![\w:]))"
    r"|(?P<word>[^\W_][\w'&/-]{0,40}"
    r"(?:(?<=St|Rd|Dr|Mt|Nr|No|Fl|Ln|Sq|Co|Zi|Rm|ul|al|av)\.|(?<=[Ss]tr)\.|(?<=Ave)\.|(?<=Blvd|Bldg|Conf)\.|(?<=\b[A-Z])\.)?"
    r"|#\d+)|,[ ]?\n(?=[^\W_])|[,(&–-](?=[ ]?\S)|\)|\n(?=\())"
)
# An address by its shape alone: a name, a number, and a town behind it.
_SHAPED = re.compile(
    r"(?<![\w.-])[A-ZÄÖÜ](?:[\w.'-]{2,40}|\w(?=[ ](?:[^\W\d_A-ZÄÖÜ]{3}[ ])?[A-ZÄÖÜ]))"
    r"(?<![^\W\d_]{5}\.)(?:[ ][\w.'-]{1,40}){0,2}[ ]\d{1,4}(?:/\d{1,4})?"
    r"[ ]?[a-z]?(?!\w)"
    r"(?:(?:,?[ \n]|[ ][·|•][ ])(?:[A-Z]{1,2}-)?\d{4,5}[ ][A-ZÄÖÜ][\w-]{2,}"
    r"|,[ ][A-ZÄÖÜ][a-zäöüß]{2,}(?:[ ]\d{1,2})?(?=[.,;)\n?!]|$))"
)
_NUMBERED = re.compile(r"\d{4,5}[ ][A-ZÄÖÜ]|\d[ ]?[a-z]?,[ ][A-ZÄÖÜ]")  # what each of these holds
# One in brackets behind its town: "in Leeds (Long Acre 18)".
_BRACKETED = re.compile(r"(?<=\()[A-ZÄÖÜ][\w.'-]{3,40}(?:[ ][\w.'-]{1,40}){0,3}[ ]\d{1,4}[ ]?[a-z]?(?=[,)])")
_BRACKET = re.compile(r"\([A-ZÄÖÜ]")
# One by the code of its town alone: "Bridge Works, Saltash PL12 6XX", "Main Campus, Santa Fe, NM 87501".
_CODED = re.compile(
    r"(?<![\w'-])(?:[A-Z\d][\w'&.-]{0,30},?[ ](?:&[ ])?){2,9}"
    r"(?:[A-Z]{1,2}\d{1,2}[A-Z]?[ ]\d[A-Z]{2}|(?<=, )[A-Z]{2}[ ]\d{5})(?!\w)"
)
_CODE = re.compile(r"\d[A-Z]{2}(?!\w)|[A-Z]{2}[ ]\d{5}")
_REST = re.compile(r"\.\d{1,3}[a-z]?(?![\w:])|/[A-ZÄÖÜ][\w-]{2,30}")  # of "Room 2.04", of "Frankfurt/Oder"
# What may stand before a street: a house and a comma, or a house and a bracket; small words may stand within its name.
_BEFORE = re.compile(
    r"(?<![\w'&.:/-])(?P<name>(?:\d{1,2}/F|[A-ZÄÖÜ\d][\w'#.&-]{0,30})"
    r"(?:[ ](?:(?P<small>[^\W\d_A-ZÄÖÜ][^\W\d_]{0,4})[ ])?[A-ZÄÖÜ#\d&][\w'#.&-]{0,30}){0,5})(?:,[ \n]|[ ]\()$"
)
_TOWN_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Tt]o|[Nn]ach) (?P<name>[A-ZÄÖÜ][\w'-]{2,30}(?:[ -][A-ZÄÖÜ][\w'-]{1,30}){0,2})[ ]$"
)
# The rest of a street's name before what was found of it: "Paul-Lincke-Ufer", "Evert van de Beekstraat".
_SAME_STREET = re.compile(
    r"(?<![\w'.-])(?:[A-ZÄÖÜ][\w'.]{0,30}-(?:[\w'.]{1,30}-){0,4}"
    r"|\d{1,3}/|[A-ZÄÖÜ][\w'.-]{0,30}[ ](?:(?:van|de|den|der|het|von|ten|ter|la|du|des|of|the)[ ]){1,3})$"
)
# A town behind its street, beyond a sign or on the next line: "Mill Lane 3 · 12345 Otterau".
_TOWN_BEHIND = re.compile(
    r"[ ]?[,)]?(?:[ ]{1,2}[·|•*/–-][ ]{1,2}|,?[ ]?\n[ ]{0,3})"
    r"(?:(?:[A-Z]{1,2}-)?\d{4,5}[ ][A-ZÄÖÜ][\w/-]{1,30}(?:[ ][A-ZÄÖÜ][\w-]{2,30}){0,2}"
    r"|(?:[A-Z][\w'-]{1,30},?[ ]){1,3}(?:[A-Z]{1,2}\d{1,2}[A-Z]?[ ]\d[A-Z]{2}|[A-Z]{2}[ ]\d{5}|[A-Z]{2,3}[ ]\d{4})"
    r"|(?<=\n)(?:[A-Z][\w'-]{1,30}[ ]?){1,3},[ ][A-Z][\w'-]{1,30}(?:[ ][A-Z][\w'-]{1,30})?(?:[ ]\d{5})?"
    r"(?=[.,]?(?:\n|$)))(?![\w:])"
)
# A street of any name: "Long Acre 18," at the beginning of a clause.
_NAMELESS = re.compile(
    r"(?:(?<=,[ ])(?P<lead>[^\W\d_A-ZÄÖÜ]{2,3})[ ]|(?<=[,:;(.!?][ ])|(?<=[(\n])|^)"
    r"(?P<name>[A-ZÄÖÜ][\w'-]{2,40}(?:[ ][A-ZÄÖÜ][\w'-]{2,40}){0,2})"
    r"[ ]\d{1,3}(?:[/-]\d{1,3})?[ ]?[a-z]?(?=[,;)](?!\d)|\n|\.?(?:\n|$)|\. [A-ZÄÖÜ])"
)
_WORD = re.compile(r"[ ]{0,3}(?P<word>[^\W_][\w'&-]{0,40}(?:(?<=\bSt)\.)?)")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.)?[ ](?=[^\W\d_])")  # of a month
_BULLET = re.compile(r"[•*·»→>–-]{1,2}[ ]{1,3}")  # before a line of a list
_TOLD_BRACKET = re.compile(
    r"[ ]?\((?P<first>[^\W_]{1,30}|\d{1,2}\.(?=[ ]))[^()\n]{0,60}\)"
)  # "(4th floor, with a lift)"
_NOUN_ALONE = re.compile(r"[ ](?P<noun>[^\W\d_a-zäöüß][^\W\d_]{2,20})(?=[.,;)]?(?:\n|$)|[.,;)] )")  # of "5. Boden."
_QUOTED = re.compile(r'[ ]"[^"\n]{2,30}"')  # of "meeting room "Seagull""
_WITH_BRACKETS = re.compile(r"\([^()]*\)")
_BARE_STREET = re.compile(r"[0-2]\d[0-5]\d[ ]+[^\W\d_]+|\d+[ ]St")
_COMMON_HOUSE = re.compile(r"(?P<house>[^\W\d_]{3,30}) \((?P<place>[^()]*\d[^()]*)\)")
_LONG_LAST = re.compile(r"[^\W\d_]{4}$")
_SHORT_BESIDE, _MAX_BESIDE = 4, 3  # letters of "next", not "am"; words before it: "the blue door next to the bank"
_QUOTES = frozenset("\"'“„«")
_LAST_BRACKET = re.compile(r" \((?P<told>[^()]+)\)$")
_SMALL = re.compile(r"[^\W\d_A-ZÄÖÜ]{2,3}[ ]")
_HOUSE_IN = re.compile(  # "Haus Linde in der "
    r"(?<![\w'-])(?P<house>[A-ZÄÖÜ][\w-]{3,30})(?P<name>[ ][A-ZÄÖÜ][\w-]{2,30})?"
    r"[ ](?P<lead>[^\W\d_A-ZÄÖÜ]{2,3})[ ](?:[^\W\d_A-ZÄÖÜ]{3}[ ])?$"
)
_ROOM_OF = re.compile(  # "Saal im alten " before a house
    r"(?<![\w'-])(?P<house>[A-ZÄÖÜ][\w-]{3,30})[ ](?P<lead>[^\W\d_A-ZÄÖÜ]{2,3})"
    r"[ ](?:[^\W\d_A-ZÄÖÜ]{3}[ ])?(?:[^\W\d_A-ZÄÖÜ]{4,12}[ ])?$"
)
_WITHIN = re.compile(r"[ ](?P<lead>[^\W\d_A-ZÄÖÜ]{2,3})[ ](?:[^\W\d_A-ZÄÖÜ]{3}[ ])?(?P<name>[A-ZÄÖÜ][\w-]{3,40})(?!\w)")
_MAX_STREETS, _MAX_HOUSES = 100, 6  # of a passage that are looked at; names before a street that belong to it
_HOUSE_REACH = 5  # words within which the noun of a house stands
_SHORT_WORD = re.compile(  # what is short for another word, and ends no sentence
    r"\b(?:ul|al|pl|os|av|Av|Ave|Blvd|Bldg|Conf|Rm|Mtg|Fl|Ste|Hwy|Pkwy|Carr|Km|Rd|Ln|Sq|Apt|Dept|Bd|Pl|Pz|Zi|Geb"
    r"|[Ss]tr|Nr|Abt|Eing|Bhf|Hbf)$"
)
_ROOM_IN = re.compile(r"[ ]\((?:[^()\n]{0,40}[ ])?(?P<word>[^\W\d_]{2,30})(?:[ ][^()\n]{0,60})?\)")
_ORDINAL = re.compile(r"(?<![\d.])\d{1,2}\.[ ][^\W\d_]?$")
_TOWN = r"(?P<name>[A-ZÄÖÜ][\w'-]{2,30}(?:[ -][A-ZÄÖÜ][\w'-]{1,30}){0,2})"
# The town right before an address: in it, of a house, behind a house.
_TOWN_BRACKET = re.compile(rf"\b(?:in|nach|to) {_TOWN}[ \n]\($")
_TOWN_COMMA = re.compile(rf"\bin {_TOWN}, $")
_TOWN_HOUSE = re.compile(rf"\b{_TOWN} (?P<house>[^\W\d_A-ZÄÖÜ]{{3,15}})(?:[ \n]\(|, )$")
_HOUSE_TOWN = re.compile(rf"\b(?P<house>[A-ZÄÖÜ][a-zäöüß]{{3,30}}) {_TOWN}[ \n]\($")
_HOUSE_BEFORE = re.compile(r"(?<![\w'-])(?:[A-ZÄÖÜ][\w'-]{1,30}[ ]){1,2}(?P<house>[^\W\d_A-ZÄÖÜ]{3,15})(?:,| on)[ ]$")
_NOUN_BEFORE = re.compile(r"(?<![\w'-])(?P<house>[A-ZÄÖÜ][\w-]{2,30})[ ]$")
_NAME_AND_STREET = re.compile(r"[A-ZÄÖÜ][\w-]{2,30}[ ][^\W\d_A-ZÄÖÜ][\w.-]{3,30}[ ]\d")  # its street in small letters
_DIALLED = re.compile(r"(?:[ ]\d{2}){2}(?!\d)")  # the rest of a number to call
_NEXT = re.compile(r"[.!?](?= [A-ZÄÖÜ])")
_CLOCK_LAST = re.compile(r"(?:^0|(?:^|[ ])[^\W\d_A-ZÄÖÜ]{2}[ ][0-2])\d[0-5]\d$")
_HOUR = re.compile(r"\d{1,2}(?:[:.]\d{2})?(?:h|[ap]m)?,")
_IN_TOWN = re.compile(r"(?P<town>[A-ZÄÖÜ][\w'-]{2,30}(?: [A-ZÄÖÜ][\w'-]{2,30})?) \((?P<place>[^()]+,[^()]+)\)")
_DASH = re.compile(r" [–—-] ")
_SIGNS = re.compile(r"[ ]?[·•|*][ ]?")  # between the lines of an address
_PIN = re.compile(r"[\U0001F4CD\U0001F4CC\U0001F3E2\U0001F3E0\U0001F5FA\U0001F6A9]\ufe0f?[ ]{0,3}")  # pins, houses
_ALONE_IN_LINE = re.compile(r"(?:^|\n)[^\W\d_A-ZÄÖÜ][\w'&.-]{2,30}[ ]$")  # "acme Personal, Long Lane 3"
_TOWN_CODE = re.compile(r"\b\d{4,5} [A-ZÄÖÜ]|\d[A-Z]{2}$")
_MAX_LEAD = 6  # words that lead to a place
_BESIDE = 80  # characters before a street that may name the house
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}|\d{1,2} ?[ap]\.?m", re.IGNORECASE)


def find_location(
    passages: Sequence[Passage],
    request: SchedulingRequest | None,
    words: Sequence[FieldWords],
    sources: Collection[str] = ("body", "calendar", "forwarded"),
) -> tuple[Found[str] | None, float]:
    """Where one would meet, and how surely: above MEETS for a labelled line or a street with its number."""
    found = [
        (weight, -index, len(text), Found(text, passage.evidence("location", span)))
        for index, passage in enumerate(passages)
        if passage.source in sources
        for w in words
        for weight, text, span in _places(passage, w, words[0])
    ]
    if found:
        weight, _, _, best = max(found, key=lambda entry: entry[:3])
        if weight < _ADDRESS and (told := _in_calendar(request, best.value)) is not None:
            return told, 2.5
        return best, 2.5 if weight >= _ADDRESS else MEETS if weight >= _NAMED else 0.0
    if request is not None and request.location and "://" not in request.location:
        text = request.location.strip()
        room = any(w.not_room.search(text) for w in words)
        sure = 1.0 if room else 2.5 if any(char.isdigit() for char in text) else MEETS
        return Found(text, Evidence("location", text[:200], "calendar")), sure
    return None, 0.0


def _in_calendar(request: SchedulingRequest | None, town: str) -> Found[str] | None:
    """The whole address in the calendar where the text has no more than its town."""
    text = request.location.strip() if request is not None and request.location else ""
    if town not in text or "://" in text or any(map(str.isdigit, town)):
        return None
    if not re.search(rf"(?<!\w){re.escape(town)}(?!\w)", text):
        return None
    return Found(text, Evidence("location", text[:200], "calendar")) if any(map(str.isdigit, text)) else None


def _places(passage: Passage, words: FieldWords, own: FieldWords) -> Iterable[tuple[float, str, Span]]:
    """Places with their weights. own: the words of the mail's language, which bound the addresses of any other."""
    lines = passage.lines()
    for number, line in enumerate(lines if words is own or words.place_label.phrases else ()):
        bullet = _BULLET.match(passage.flow, line.start, line.end)
        start = bullet.end() if bullet is not None else line.start
        pin = _PIN.match(passage.flow, start) if words is own else None
        label = words.place_label.match(passage.flow, pin.end() if pin is not None else start, line.end) or pin
        if label is None:
            continue
        rest = Span(label.end(), line.end)
        if not passage.flow[rest.start : rest.end].strip(" :") and number + 1 < len(lines):
            rest = lines[number + 1]
        yield from _place(passage, _first_sentence(passage, rest, words), _LABELLED, words)
    shapes = ((_NUMBERED, _SHAPED), (_CODE, _CODED), (_BRACKET, _BRACKETED)) if words is own else ()
    shaped = (
        match
        for least, shape in shapes
        if least.search(passage.flow) is not None  # rarely
        for match in shape.finditer(passage.flow)
        if _in_town(passage, match)
    )
    for match in itertools.islice(itertools.chain(shaped, words.street.finditer(passage.flow)), _MAX_STREETS):
        name = match[0].strip()
        if passage.flow[max(0, match.start() - 1) : match.start()] in (":", ".") and name[0].isdigit():
            continue  # "at 6:30 in the yard"
        if words.is_beside(_word_before(passage.flow, match.start())):
            continue  # "park behind Hall 3"
        if _DIALLED.match(passage.flow, match.start() + len(match[0].rstrip())):
            continue  # "ring 21 03 00 77"
        if _BARE_STREET.fullmatch(name) or any(word.lower() in words.weekdays for word in name.split()[:2]):
            continue  # "1500 Close", the last row of a plan; "am Dienstag 5. Mai"
        if _is_none(name, words) or (name[0].islower() and not any(char.isdigit() for char in name)):
            continue
        span = _around(passage, Span(*match.span()), own)
        yield from _place(passage, span, 3.5, own, _town_before(passage.flow, span, own))
    yield from _nameless(passage, own) if words is own else ()
    for blank in beginning_in(passage.flow, words.place):
        if blank.before is None:
            for match in blank.after.finditer(passage.flow) if blank.after else ():
                town = _TOWN_BEFORE.search(passage.flow, max(0, match.start() - _BESIDE), match.start())
                if town is not None:
                    yield from _place(passage, Span(*town.span("name")), blank.weight - 1.5, words)
            continue
        for match in blank.before.finditer(passage.flow):
            if blank.weight <= _WEAK:
                yield from _house_within(passage, match.end(), words) if words is own else ()
                continue
            end = _reach(passage.flow, match.end(), words)
            yield from _place(passage, Span(match.end(), end), blank.weight - 1.5, words)


def _word_before(flow: str, at: int) -> str:
    """The word right before a place of a line."""
    return flow[max(0, at - _BESIDE) : at].rpartition("\n")[2].rstrip(" ").rpartition(" ")[2]


def _house_within(passage: Passage, at: int, words: FieldWords) -> Iterable[tuple[float, str, Span]]:
    """A house by the noun in its name: "Leeds office", "Crewe Training School", "Filiale Cottbus", "Büro (Haus A)"."""
    flow, start, named = passage.flow, at, False
    for _ in range(_HOUSE_REACH):
        word = _WORD.match(flow, at)
        if word is None or (not word["word"][0].isupper() and not (named or words.is_house(word["word"]))):
            return
        start = start if named or start != at else word.start("word")
        at = word.end()
        if words.is_house(word["word"]):
            break
        named = True
    else:
        return
    if not named and (within := _ROOM_IN.match(flow, at)) is not None:
        named = within["word"].lower() in words.place_words
        end = within.end()
    else:
        following = "".join(flow[at + 1 : at + 40].split(maxsplit=1)[:1]) if flow[at : at + 1] == " " else ""
        if named and following[:1].isupper() and word["word"][0].isupper() and not words.grammar.nouns_capital:
            return  # "Leeds Store Manager"
        end = (
            at if named and following[:1].isalnum() and following not in words.place_leads else _reach(flow, at, words)
        )
        within = _WITHIN.match(flow, at)
        if not named and within is not None and within["lead"] in words.place_within:
            named = words.not_place.match(within["name"]) is None  # "Restaurant am Hafen"
            end = _reach(flow, at, words)
        nouns = words.grammar.nouns_capital and following[:1].isupper()
        named = named or (end > at and (nouns or following[:1].isdigit()))  # "Filiale Cottbus", "Station 3b"
    if named or words.is_landmark(flow[start:at].strip()):
        yield from _place(passage, Span(start, end), _HOUSE, words)


def _nameless(passage: Passage, words: FieldWords) -> Iterable[tuple[float, str, Span]]:
    """Streets of any name, by a number behind a word that is none of every day: "Long Acre 18"."""
    if passage.source == "subject":
        return
    for match in itertools.islice(_NAMELESS.finditer(passage.flow), _MAX_STREETS):
        parts = match["name"].lower().replace("-", " ").split()
        after = passage.flow[match.end() :][:20].lstrip(". ")
        if words.not_place.match(after) is not None:
            continue  # "Stufe 1. August"
        if (
            len(parts[-1]) < 3
            or all(part in words.person.common for part in parts)
            or _is_none(passage.flow[match.start("name") : match.end()], words)
        ):
            continue
        if parts[0] in words.place_words or parts[-1] in words.place_words or words.is_house(parts[-1]):
            continue
        span = _around(passage, Span(match.start("name"), match.end()), words)
        coded = _TOWN_CODE.search(passage.flow, span.start, span.end) is not None
        if match["lead"] is not None and not (coded and match["lead"] in words.place_at):
            continue  # ", at Reiherstraede 3, 1250 Otterby", but not ", at Half 10, if that suits"
        yield from _place(passage, span, _HOUSE + 0.3, words, _town_before(passage.flow, span, words))


def _town_before(flow: str, span: Span, words: FieldWords) -> str:
    """The town in which an address is that follows it: "in Leeds (Long Acre 18)", "our Leeds office (Long Acre 18)"."""
    low = max(0, span.start - _BESIDE)
    for shape in (_TOWN_BRACKET, _TOWN_HOUSE, _HOUSE_TOWN, *(() if words.town_first else (_TOWN_COMMA,))):
        town = shape.search(flow, low, span.start)
        if town is None or ("house" in shape.groupindex and not words.place_common.fullmatch(town["house"])):
            continue
        if not _is_house(town["name"], words):
            return str(town["name"])
    return ""


def _is_house(text: str, words: FieldWords) -> bool:
    """True for a name with the noun of a house or a part of one: "Canal House", "Reiher Halle"."""
    return any(word.lower() in words.place_words or words.is_house(word) for word in text.split())


def _in_town(passage: Passage, match: re.Match[str]) -> bool:
    """True for an address that tells its town itself, or that stands in brackets behind it."""
    if match.re is not _BRACKETED:
        return True
    low = max(0, match.start() - _BESIDE)
    return _TOWN_BEFORE.search(passage.flow, low, match.start() - 1) is not None


def _first_sentence(passage: Passage, line: Span, words: FieldWords) -> Span:
    """The line up to the end of its first sentence: "Room 4, 3. Stock. Bring your ID" -> "Room 4, 3. Stock"."""
    end = line.start
    while (end := passage.sentence(end + 1).end) < line.end:
        following = passage.flow[end + 1 : line.end].split(maxsplit=1)
        if not following or _SHORT_WORD.search(passage.flow, max(line.start, end - 5), end):
            continue
        first = following[0].lower().strip(".,;)")
        if following[0][:1].isupper() and (first not in words.place_words or first in words.place_begins):
            break
        if _LONG_LAST.search(passage.flow, line.start, end) and any(map(str.isdigit, passage.flow[line.start : end])):
            break  # "Mill Lane 3, Otterby. Back door."
    begun = (m for m in _NEXT.finditer(passage.flow, line.start, end) if _begins_sentence(passage.flow, m.end(), words))
    end = next((match.start() for match in begun), end)  # "1058 Copenhagen K. We refund"
    return Span(line.start, min(end, line.end))


def _around(passage: Passage, street: Span, words: FieldWords) -> Span:
    """The street with what stands before it (a house, a floor) and behind it (a town), up to the ends of the clause."""
    flow, sentence = passage.flow, passage.sentence(street.start)
    same = _SAME_STREET.search(flow, max(sentence.start, street.start - _BESIDE), street.start)
    start = same.start() if same is not None else street.start
    for _ in range(_MAX_HOUSES):
        if (before := _BEFORE.search(flow, max(sentence.start, start - _BESIDE), start)) is None:
            break
        at = _house(before, words)
        if _town_before(flow, Span(start, start), words):
            break  # "in Leeds, 3 High Street"
        own = words.place_own.match(flow[:at].rstrip().rpartition(" ")[2].rpartition("\n")[2])
        if at is not None and " " not in before["name"] and _stands_beside(flow, at, words):
            break  # "at the gate, 3 High Street"
        if at is None or (own and words.place_common.match(before["name"].rpartition(" ")[2])):
            break  # "our Head Office, 3 High Street"
        start = at
    if start < street.start and (first := _ALONE_IN_LINE.search(flow, max(0, start - _BESIDE), start)) is not None:
        start = first.start() + (first[0][0] == "\n")
    house = _HOUSE_BEFORE.search(flow, max(sentence.start, start - _BESIDE), start)
    if house is not None and words.is_house(house["house"]) and not words.place_common.fullmatch(house["house"]):
        start = house.start()  # "the Ludlow branch, 3 High Street"
    noun = _NOUN_BEFORE.search(flow, max(sentence.start, start - _BESIDE), start)
    if noun is not None and words.is_house(noun["house"]) and _NAME_AND_STREET.match(flow, start):
        start = noun.start()  # "Kita Otternest uferweg 4"
    start = _house_within_house(flow, _house_of_street(flow, start, words), words)
    end = street.start + len(flow[street.start : street.end].rstrip(" .,:;)"))
    rest = _REST.match(flow, end)
    end = rest.end() if rest else end
    end += flow.startswith(".,", end)  # "400 Birch Ave., Leeds"
    if (ordinal := _ORDINAL.search(flow, street.start, end + 3)) is not None:
        end = ordinal.start()  # "Besprechungszimmer 1. OG"
    if flow[end : end + 1] == "." and not any(char.isdigit() for char in flow[street.start : end]):
        end = max(start, flow.rfind(" ", start, end))  # "Pfarrzentrum St. Hedwig"
    end = _reach(flow, end, words)
    behind = _TOWN_BEHIND.match(flow, end)
    return Span(start, behind.end() if behind is not None else end)


def _house_of_street(flow: str, start: int, words: FieldWords) -> int:
    """Where a house with its name begins that stands in the street: "Haus Linde in der Uferstraße 4"."""
    at = start
    while (small := _SMALL.match(flow, at)) is not None:
        at = small.end()  # which the street was found with
    house = _HOUSE_IN.search(flow, max(0, start - _BESIDE), at)
    if house is None or house["lead"] not in words.place_within or not words.is_house(house["house"]):
        return start
    return start if words.place_common.fullmatch(house["house"]) and not house["name"] else house.start()


def _house_within_house(flow: str, start: int, words: FieldWords) -> int:
    """Where a room begins that is in the house before a street: "Ratssaal im alten Schulhaus, Kirchgasse 4"."""
    house = _ROOM_OF.search(flow, max(0, start - _BESIDE), start)
    if house is None or house["lead"] not in words.place_within or not words.is_house(house["house"]):
        return start
    common = words.place_common.fullmatch(house["house"]) or words.is_landmark(house["house"])
    within = _WORD.match(flow, start)
    inside = within is not None and (words.is_house(within["word"]) or within["word"].lower() in words.place_words)
    return house.start() if inside and not common else start


def _stands_beside(flow: str, at: int, words: FieldWords) -> bool:
    """True for a house of one word at which, or opposite which, something else is: "opposite the mill"."""
    lead = _word_before(flow, at)
    if lead.lower() in words.grammar.articles:
        lead = _word_before(flow, flow.rfind(lead, 0, at))
    return words.is_beside(lead)


def _house(before: re.Match[str], words: FieldWords) -> int | None:
    """Where the name of the house begins that stands before a street; None where it is none.

    It may begin within what was found: "Come to Canal House, 3 High Street".
    """
    at, name = before.start(), before["name"]
    if " " not in name and (before[0].endswith("(") or words.place_common.match(name)):
        return None  # "the Villa (3 High Street)", "the office, 3 High Street"
    if _CLOCK_LAST.search(name):
        return None  # "Dec 3 at 0915, 3 High Street"
    while True:
        if _is_none(name.rpartition(" ")[2], words):
            return None  # "Elf Uhr, Brückweg 4"
        small = next((word for word in name.split()[1:] if word[0].islower()), None)
        if small is not None and words.place_common.fullmatch(name.rpartition(f" {small} ")[2]):
            return None  # "Both at Headquarters, 3 High Street"
        parts = name.split()
        titled = parts[0].istitle() and len(parts) > 2 and all(part[0].isupper() for part in parts)  # "The Gilded Eel"
        wrong = (parts[0].lower() in words.place_begins and not titled) or _is_none(name + " ", words)
        if not wrong and (
            small is None
            or ((small in words.place_words or small in words.grammar.links) and small not in words.place_toward)
        ):
            return at
        if small is None:
            return None  # "The place (Old Mill, 3 High Street)", "Tuesday, Room 4"
        skipped = name.index(f" {small} ") + len(small) + 2
        at, name = at + skipped, name[skipped:]


def _is_none(text: str, words: FieldWords) -> bool:
    """True for what is no place by its first word, unless more follows one that places begin with: "Haus C"."""
    parts = text.split(maxsplit=1)
    if len(parts) > 1 and parts[0].lower() in words.place_words:
        return False
    if parts and words.is_house(parts[0].strip(",")):
        return False  # "Hauptverwaltung, ...", whatever its end says
    day = _DAY.match(text)  # "19 November"
    return words.not_place.match(text[day.end() :] if day is not None else text) is not None


def _reach(flow: str, at: int, words: FieldWords) -> int:
    """Where the words of a place end: at the end of the sentence, before a day, or before a small word of no place."""
    end, before = at, ""
    while (token := _PLACE_TOKEN.match(flow, end)) is not None and token.end() - at < 160:
        if (bracket := _TOLD_BRACKET.match(flow, end)) is not None and _tells_way(bracket, words):
            end, before = bracket.end(), ")"
            continue
        word = token["word"]
        if word is not None and word[0].islower() and word.lower() not in words.place_words:
            break
        ended = before in words.place_ends or (before == "," and (word or "").lower() not in words.place_words)
        if word is not None and ended and words.not_place.match(word):
            break  # ", on Tuesday"
        if before == "," and word is not None and _goes_on(flow, token.end(), word, words):
            break  # ", Position unchanged"
        letter = word is not None and len(word) == 2 and before in words.place_words
        if word is not None and word.endswith(".") and (letter or _begins_sentence(flow, token.end(), words)):
            end = token.end() - 1
            break  # "gate D. It takes an hour"
        if token["ordinal"]:
            following = flow[token.end() : token.end() + 40].split(maxsplit=1)[0].lower().strip(".,:;)?!")
            noun = _NOUN_ALONE.match(flow, token.end()) if before == "," and len(token["ordinal"]) == 2 else None
            storey = noun is not None and words.not_place.match(noun["noun"]) is None  # "Block P, 5. Boden"
            if not storey and (following not in words.place_words or following in words.place_ends):
                end = token.end() - 1
                break  # "Wiesenweg 30. Vom Bahnhof", not "3. Stock"
        lettered = len(before) == 1 and before.isalpha()  # "Zimmer N 3.02"
        if token["room"] and not lettered and (len(before) < 4 or before not in words.place_words):
            break  # "Raum 2.04", not "Raum 2, 14.30 Uhr"
        end, before = token.end(), token[0].strip().lower()
        if before in words.place_words and (quoted := _QUOTED.match(flow, end)) is not None:
            end = quoted.end()
    return end


def _tells_way(bracket: re.Match[str], words: FieldWords) -> bool:
    """True for a bracket that goes on with the place: a floor, a part of the house."""
    if words.place_aside.match(bracket[0].lstrip()) is not None or _is_remark(bracket[0].strip(" ()"), words):
        return False
    return bracket["first"][0].isdigit() or bracket["first"].lower() in words.place_words - words.place_ends


def _is_remark(told: str, words: FieldWords) -> bool:
    """True for what stands in a bracket and tells something else than the place, also behind a part of it: "reception,
    ask for Jo", "unchanged"; a sentence without a room, floor or figure: "reception is round the side"."""
    plain = {word.strip(".,;") for word in told.lower().split()}
    if not (words.place_tells.isdisjoint(plain) or any(map(str.isdigit, told)) or words.place_rooms & plain):
        return True
    parts = (part.split(maxsplit=1) for part in told.split(",") if part.strip())
    return any(
        first.isalpha()
        and first.islower()
        and first not in words.place_words
        and not words.is_house(first)
        and not (rest and (rest[0][0] in _QUOTES or rest[0][0].isupper()))  # "bell "Jo Ray""
        for first, *rest in parts
    )


def _begins_sentence(flow: str, at: int, words: FieldWords) -> bool:
    """True before a word with a capital that no name holds."""
    following = flow[at : at + 40].split(maxsplit=1)[:1] if flow[at : at + 1] == " " else []
    return bool(following) and following[0][0].isupper() and following[0].lower().strip(".,") in words.grammar.stop


def _goes_on(flow: str, at: int, word: str, words: FieldWords) -> bool:
    """True for a word behind a comma with which something else begins: a small word follows that no place holds."""
    following = flow[at : at + 40].split(" ")[1:2] if flow[at : at + 1] == " " else []
    plain = following[0].strip(".,;:)") if following else ""
    return plain[:1].islower() and plain not in words.place_words and word.lower() not in words.place_words


def _place(
    passage: Passage, span: Span, weight: float, words: FieldWords, town: str = ""
) -> Iterable[tuple[float, str, Span]]:
    """The place as it is written there, in one line and without what is none of it. town: where it is."""
    text = _in_line(passage, span)
    if weight >= _LABELLED:
        text = _without_bracket(_without_clause(_without_remark(text, words), words), words)
    text = _without_beside(text, words)
    bracket = words.place_aside.search(text)
    if bracket is not None and bracket.start():
        text = text[: bracket.start()]  # "3 High Street (ask for Jo)"
    if text.count("(") > text.count(")"):
        text = text[: text.rindex("(")]
    text = text.strip(" ,;:.-–—/(")
    if text.count("(") < text.count(")"):
        text = text.replace(")", "").strip()
    tokens: Sequence[str] = text.split()
    if len(tokens) > 2 and tokens[0].isdigit() and tokens[1] in words.place_begins:
        tokens = tokens[2:]  # "2026 at St Wilfrid's": the end of a date
    tokens = tokens[_told_before(tokens, words) :]
    while tokens and (tokens[0] in words.place_begins or _HOUR.fullmatch(tokens[0]) or _leads(tokens, words)):
        tokens = tokens[1:]
    if len(tokens) > 2 and tokens[0].isupper() and tokens[0].lower() in words.place_words:
        tokens = tokens[2:] if tokens[1] in words.place_begins else tokens  # "OG der Uferstraße 4", cut behind "im 3."
    tokens = _before_day(_named(tokens, words, labelled=weight >= _LABELLED), words)
    while tokens and (tokens[-1].strip(",") in words.place_ends or not tokens[-1].strip(",-–")):
        tokens = tokens[:-1]
        if len(tokens) > 1 and tokens[-1].isdigit() and tokens[-2].strip(",") in words.place_ends:
            tokens = tokens[:-1]
    if len(tokens) > 2 and tokens[-1].isdigit() and tokens[-2] in words.place_ends:
        tokens = tokens[:-2]  # ", on 31 March"
    if len(tokens) > 2 and tokens[-2].endswith(",") and tokens[-1].isalpha() and tokens[-1].islower():
        tokens = tokens[:-1]  # "Mill Lane 3, opposite"
    text = " ".join(tokens).strip(" ,")
    text = _without_team(_without_firm(_bracket_of_house(text, words), words), words)
    if (within := _IN_TOWN.fullmatch(text)) is not None and not _is_house(within["town"], words):
        text, town = within["place"], within["town"]
    if town and not _tells_town(text, words):
        street = re.match(r"(?=[^,(]*\d)[^,(]*(?=,)", text)  # the town stands behind the street, before the floor
        text = f"{street[0]}, {town}{text[street.end() :]}" if street is not None else f"{text}, {town}"
    if (
        not 2 < len(text) <= 160
        or "://" in text
        or "@" in text
        or any(sum(map(str.isdigit, number)) > _POSTCODE for number in PHONE.findall(text))
        or words.heralds.issuperset(text.lower().split())  # "our branch"
        or not any(map(str.isalpha, text))
        or not (any(char.isupper() for char in text) or (weight >= _ADDRESS and any(char.isdigit() for char in text)))
    ):
        return
    named = weight >= _ADDRESS or (len(tokens) > 1 and tokens[1][0].isupper())  # "Haus Linde", not "Haus der"
    if weight < _ADDRESS and words.person.is_given(text) and person(text, words.person, single=True):
        return  # "bei Mia Reiher" is no place
    none = _is_none(text, words) if named else words.not_place.match(text) is not None
    if none or _CLOCK.match(text) or words.not_room.search(_WITH_BRACKETS.sub(" ", text)):
        return
    exact = 0.3 * bool(re.search(r"\d", text)) + 0.2 * ("," in text) + 0.1 * bool(_TOWN_CODE.search(text))
    yield weight + exact, text, span


def _in_line(passage: Passage, span: Span) -> str:
    """The text of a span in one line: "Mill Lane 3 · 12345 Otterau" -> "Mill Lane 3, 12345 Otterau"."""
    lines, at = [], span.start
    for line in passage.flow[span.start : span.end].split("\n"):
        lines.append(" ".join(passage.text[at : at + len(line)].split()).strip(", "))
        at += len(line) + 1
    return _SIGNS.sub(", ", ", ".join(lines)).replace(", (", " (")


def _without_remark(text: str, words: FieldWords) -> str:
    """The part of a labelled line that is the place: "In person - Mill Lane 3" and "Mill Lane 3 - ring twice"."""
    head, *rest = _DASH.split(text, maxsplit=1)
    if not rest:
        return text
    if not any(char.isdigit() for char in head):
        said = any(name == "onsite" and phrases.search(head) for name, phrases, _ in words.formats)
        return rest[0] if said else text
    told = [word for word in rest[0].split() if word[0].islower() and word.strip(",.") not in words.place_words]
    return head if told else text


def _without_bracket(text: str, words: FieldWords) -> str:
    """A labelled address without a bracket that is a remark."""
    bracket = _LAST_BRACKET.search(text)
    if bracket is not None and _is_remark(bracket["told"], words):
        text = text[: bracket.start()]
    return text


def _without_clause(text: str, words: FieldWords) -> str:
    """The part of a labelled address before what to do there: "Mill Lane 3, Leeds, just ring at the blue door"."""
    parts = text.split(", ")
    for at, part in enumerate(parts[1:], 1):
        head, rest = ", ".join(parts[:at]), ", ".join(parts[at:])
        asks = part.partition(" ")[0] in words.place_then
        if asks and any(map(str.isdigit, head)) and head.count("(") == head.count(")"):
            return text if any(map(str.isdigit, rest)) else head
    return text


def _without_beside(text: str, words: FieldWords) -> str:
    """An address without what it is next to: "Mill Lane 3, Leeds, next to the bank", "Mill Lane 3 opposite"."""
    tokens = text.split()
    for at, token in enumerate(tokens):
        if not at or len(token.strip(",")) < _SHORT_BESIDE or not words.is_beside(token.strip(",")):
            continue
        begin = next((n for n in range(at, 0, -1) if tokens[n - 1].endswith(",")), at)
        what = tokens[begin:at]
        if what and (words.is_house(what[-1]) or _ends_with_room(what[-1].lower(), words)):
            continue  # "Mill Lane 3, Konferenzraum neben der Mensa"
        if not what or len(what) > _MAX_BESIDE or not (what[0].islower() or what[0].lower() in words.place_words):
            begin = at
        head = " ".join(tokens[:begin])
        if not any(map(str.isdigit, head)) or "," in " ".join(tokens[at:-1]):
            continue
        return head
    return text


def _ends_with_room(word: str, words: FieldWords) -> bool:
    """True for a compound with a part of a house: "konferenzraum"."""
    return word not in words.place_words and any(word[at:] in words.place_words for at in range(1, len(word) - 3))


def _bracket_of_house(text: str, words: FieldWords) -> str:
    """The whole address in a bracket behind a house of any name: "Halle (Gate 4, Mill Lane 3, 28217 Bremen)"."""
    common = _COMMON_HOUSE.fullmatch(text)
    if common is None or not words.is_house(common["house"]) or words.is_landmark(common["house"]):
        return text
    return common["place"] if _TOWN_CODE.search(common["place"]) else text


def _before_day(tokens: Sequence[str], words: FieldWords) -> Sequence[str]:
    """The words up to a day: "Town Hall, on 17 and 18 May" -> "Town Hall,"."""
    for at, token in enumerate(tokens):
        if at and token in words.place_ends:
            days = itertools.takewhile(lambda word: word[:1].isdigit() or word in words.place_ends, tokens[at:])
            following = tokens[at + len(list(days)) :]
            dated = len(tokens) - len(following) - at > 1 and bool(following)
            month = dated and words.not_place.match(following[0]) is not None
            if month or (not following and re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", tokens[-1])):
                return tokens[:at]
    return tokens


def _tells_town(text: str, words: FieldWords) -> bool:
    """True when more than parts of a house follow the number of the street."""
    number = re.search(r"\d[\w/-]{0,6}", text)
    rest = text[number.end() :] if number is not None else ""
    rest = rest.partition(",")[2] if text[:1].isdigit() else rest
    names = [part for part in re.findall(r"[^\W\d_][\w'-]+", rest) if part[0].isupper()]
    return any(part.lower() not in words.place_words for part in names)


def _told_before(tokens: Sequence[str], words: FieldWords) -> int:
    """How many words lead to a place that is told behind them: "for the sat nav is Mill Lane 3"."""
    told = next((at for at, token in enumerate(tokens[:_MAX_LEAD], 1) if token in words.place_tells), 0)
    lead = tokens[:told]
    plain = not any("," in word or any(map(str.isdigit, word)) for word in lead)
    following = tokens[told:]
    exact = bool(following) and following[0][0].isupper() and any(map(str.isdigit, " ".join(following)))
    return told if plain and exact else 0


def _without_team(text: str, words: FieldWords) -> str:
    """A place without who greets on the next line: "See you in Otterby, / The Hiring Team"."""
    place, _, last = text.rpartition(", ")
    greets = words.grammar.articles | words.grammar.possessive
    team = place and last.lower().partition(" ")[0] in greets and last.lower().split()[-1].split("-")[-1] in words.team
    return place if team else text


def _without_firm(text: str, words: FieldWords) -> str:
    """The address without the firm right before its street, which the company tells: "Acme GmbH, Long Lane 3"."""
    firm, _, rest = text.partition(", ")
    street = any(char.isdigit() for char in rest.partition(",")[0])
    named = firm.rpartition(" ")[2].lower().strip(".") in words.legal_forms and not words.is_house(firm.split(" ")[0])
    return rest if street and named else text


def _named(tokens: Sequence[str], words: FieldWords, *, labelled: bool) -> Sequence[str]:
    """The words of a place without a common noun before it: "Treffpunkt Mill Lane 3", "office at Mill Lane 3"."""
    coded = len(tokens) > 3 and re.fullmatch(r"\d{4,5}", tokens[2]) is not None and words.is_house(tokens[0])
    if len(tokens) < 2 or not (coded or words.place_common.fullmatch(tokens[0].strip(",:"))):
        return tokens
    small = len(list(itertools.takewhile(lambda token: token.islower() and token.isalpha(), tokens[1:])))
    street = re.split(r"[,(]", " ".join(tokens[1 + small :]), maxsplit=1)[0]
    led = small > 0 and tokens[1] in words.place_within and any(char.isdigit() for char in street)
    bound = tokens[1] in words.place_leads or led
    rest = tokens[1 + small if led else 2 if bound else 1 :]
    if not rest or not (rest[0][:1].isupper() or rest[0][:1].isdigit()):
        return tokens
    heading = words.place_label.match(tokens[0].strip(",:") + ":") is not None
    if labelled and not heading:
        return tokens
    named = bound or heading or tokens[0].endswith((",", ":"))
    return rest if named or words.street.match(" ".join(rest)) is not None else tokens


def _leads(tokens: Sequence[str], words: FieldWords) -> bool:
    """A small word before a name that belongs to the sentence: "come Mill Lane 3", but "back of Mill Lane 3"."""
    return (
        len(tokens) > 1
        and tokens[0].strip(",").isalpha()
        and tokens[0].islower()
        and tokens[0] not in words.place_words
        and tokens[1].lstrip("(")[:1].isupper()
    )

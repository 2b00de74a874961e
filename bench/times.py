"""How fast times are read in mail bodies, as a ratio to dateparser's search over the same texts in the same run.

Run: python -P bench/times.py [bodies]. Prints one line per measure; the texts are made by a seeded generator. (-P:
modules beside this file must not stand in for those of the standard library.)
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import warnings
from datetime import datetime
from typing import TYPE_CHECKING

from raincheck.assets import reading_data
from raincheck.core.reading.times import TimeContext, find_times
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.reading.zones import ZoneTable

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = datetime.fromisoformat("2026-11-23T09:00:00+01:00")
TIMES = (
    "Would Tuesday, 1 December at 14:30 or Wednesday, 2 December at 10am suit you?",
    "I am free on Thursday between 12:00 and 14:00, or Friday after 3pm CET.",
    "Date: 3 December 2026\nTime: 15:20 - 16:00\nLocation: 5 Main Street",
    "- Mon 7 Dec: 10:00, 11:00 or 14:00\n- Tue 8 Dec: 9:00",
)
PROSE = (
    "Thank you for your application as a backend engineer; the team liked what it read.",
    "The conversation takes about 45 minutes and two of our engineers will join it.",
    "We are 120 people in 3 offices, and we ship to 24 countries with 99.9 % availability.",
    "Please bring nothing but your questions; we may ask you about a project of yours.",
    "You can reach me on +49 30 5550 0100 or by answering this mail.",
)
HOSTILE = {"runs of digits": "1 " * 4000, "clocks": "10:00 or " * 5000, "weekdays": "Tuesday or " * 4500}


def bodies(count: int) -> list[str]:
    """Mail bodies of 400 to 2,000 characters."""
    draw = random.Random(7)
    found: list[str] = []
    while len(found) < count:
        parts = [draw.choice(PROSE) for _ in range(draw.randint(3, 18))]
        parts.insert(draw.randrange(len(parts)), draw.choice(TIMES))
        text = "\n\n".join(parts)
        if 400 <= len(text) <= 2000:
            found.append(text)
    return found


def milliseconds(read: Callable[[str], object], texts: list[str]) -> list[float]:
    """The time of each text, the best of three."""
    found: list[float] = []
    for text in texts:
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            read(text)
            best = min(best, time.perf_counter() - started)
        found.append(best * 1000)
    return found


def main() -> None:
    """Measures and prints."""
    data = reading_data()
    words = TimeWords.from_tables(("en", data["en"]["times"]))
    context = TimeContext(REFERENCE, "Europe/Berlin", words, ZoneTable.from_data(data), "en")
    texts = bodies(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

    from dateparser.search import search_dates

    own = milliseconds(lambda text: find_times(text, context), texts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        baseline = milliseconds(lambda text: search_dates(text, languages=["en"]), texts)
    print(f"median {statistics.median(own):.2f} ms, worst {max(own):.2f} ms, of {len(texts)} bodies")
    print(f"dateparser.search: median {statistics.median(baseline):.2f} ms, worst {max(baseline):.2f} ms")
    print(f"ratio of medians {statistics.median(own) / statistics.median(baseline):.3f}")
    for name, text in HOSTILE.items():
        (cost,) = milliseconds(lambda text: find_times(text, context), [text])
        print(f"hostile, {name}, {len(text):,} characters: {cost:.0f} ms")


if __name__ == "__main__":
    main()

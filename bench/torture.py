"""Long random campaigns of mails, gestures, faults and kills: nothing lost, doubled, or sent without a yes.

Prints what each consisted of, and how many promises were broken (aim: 0); exits with 1 when one was.

    python bench/torture.py [STEPS] [FIRST_SEED]             the service in memory: fast, with a clock that steps
    python bench/torture.py --real [SECONDS] [FIRST_SEED]    the service itself between real servers, and SIGKILL
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.campaign import campaign
from tests.service.torture import Life, Tally, Violation

STEPS = 150  # of one life: then a new person with an empty mailbox
SPELL = 60  # seconds of one real campaign: then new servers and a new person


def in_memory(steps: int = 6_000, seed: int = 1) -> int:
    """Lives one after the other until so many steps were taken; the number of promises broken."""
    total, violations, begun = Tally(), 0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        while total.counts["steps"] < steps:
            life = Life(Path(folder), seed)
            try:
                life.run(STEPS)
            except Violation as broken:
                violations += 1
                print(broken)
            total.counts.update(life.tally.counts)
            total.counts["lives"] += 1
            seed += 1
    print(f"{total}; {time.perf_counter() - begun:.0f} s; promises broken: {violations}")
    return violations


def real(seconds: int = 120, seed: int = 1) -> int:
    """Campaigns one after the other for so many seconds of events; the number of promises broken."""
    total: Counter[str] = Counter()
    violations, begun, left = 0, time.perf_counter(), seconds
    while left > 0:
        folder = Path(tempfile.mkdtemp(prefix="torture-"))
        folder.chmod(0o711)  # Dovecot's mail user passes through
        with campaign.Campaign(folder, seed) as spell:
            try:
                spell.run(min(left, SPELL))
                shutil.rmtree(folder)
            except campaign.Violation as broken:
                violations += 1
                print(f"{broken}\n(kept in {folder})")
        total.update(spell.counts)
        total["campaigns"] += 1
        left, seed = left - SPELL, seed + 1
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(total.items()))
    print(f"{counts}; {time.perf_counter() - begun:.0f} s; promises broken: {violations}")
    return violations


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    how = real if "--real" in sys.argv else in_memory
    sys.exit(how(*(int(argument) for argument in sys.argv[1:] if argument != "--real")) > 0)

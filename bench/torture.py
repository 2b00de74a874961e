"""A long random campaign of mails, gestures, faults, kills and clock steps against the service in memory.

Prints what it consisted of, and how many promises were broken (aim: 0); exits with 1 when one was.

    python bench/torture.py [STEPS] [FIRST_SEED]
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.service.torture import Life, Tally, Violation

STEPS = 150  # of one life: then a new person with an empty mailbox


def main(steps: int = 6_000, seed: int = 1) -> int:
    """Lives one after the other until so many steps were taken; the number of promises broken."""
    logging.disable(logging.CRITICAL)
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


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > 0)

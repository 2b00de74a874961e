"""How long `raincheck --help` takes, as a ratio to an empty Python: people type it, scripts call it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

RUNS = 20


def seconds(*command: str) -> float:
    """The median wall-clock time of a command."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return median(times)


def main() -> None:
    """Prints both times and their ratio (aim: at most 5)."""
    program = str(Path(sys.executable).with_name("raincheck"))
    empty, version, shown = (
        seconds(sys.executable, "-c", "pass"),
        seconds(program, "--version"),
        seconds(program, "--help"),
    )
    print(
        f"python -c pass {empty * 1000:.0f} ms; --version {version / empty:.1f} times, --help {shown / empty:.1f} times"
    )


main()

"""What share of labelled mails is read rightly: `python bench/accuracy.py [FOLDER]`; see tests/accuracy.py."""
# ruff: noqa: E402 - the folder of this script must leave the path first: calendar.py in it hides the library's

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)

from tests.accuracy import main

if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))

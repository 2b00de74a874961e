"""`python -m tests.learning` learns everything anew; with `check` it only tells how well kinds are read."""

from __future__ import annotations

import sys

from tests.learning import kinds, names

if sys.argv[1:] == ["check"]:
    kinds.main(write=False)
else:
    names.main()
    kinds.main()

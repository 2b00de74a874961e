"""`python -m tests.learning` learns everything anew; with `check` it only tells how well kinds are read."""

from __future__ import annotations

import sys

from tests.learning import formats, kinds, names

if sys.argv[1:] == ["check"]:
    formats.main(write=False)
    kinds.main(write=False)
else:
    formats.main()
    names.main()
    kinds.main()

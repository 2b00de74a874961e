"""`python -m tests.learning` learns everything anew; with `check` it only tells how well kinds are read."""

from __future__ import annotations

import sys

from tests.learning import formats, kinds, names, times

if sys.argv[1:] == ["check"]:
    formats.main(write=False)
    times.main(write=False)
    kinds.main(write=False)
else:
    times.main()
    formats.main()
    names.main()
    kinds.main()

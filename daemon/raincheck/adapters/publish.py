"""A file that other programs read: replaced as a whole, readable by its owner alone, and only when it says something
new."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from tempfile import mkstemp

log = logging.getLogger("raincheck")

_STAMP = re.compile(rb"^DTSTAMP:.*$", re.MULTILINE)  # RFC 5545, 3.8.7.2: when it was written, not what it says


def publish(path: Path, calendar: bytes) -> None:
    """Puts an iCalendar object at `path` (mode 0600) in one step, unless the file says the same but for its stamps.

    A disk that cannot take it is logged: the file is a courtesy, and no work waits for it.
    """
    try:
        if not path.is_file() or _STAMP.sub(b"", path.read_bytes()) != _STAMP.sub(b"", calendar):
            _replace(path, calendar)
    except OSError as problem:
        log.warning("%s could not be written: %s", path.name, problem.strerror)


def _replace(path: Path, data: bytes) -> None:
    handle, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise

"""raincheck reads interview invitations and drafts the tactful answer: decline, reschedule, or leave it."""

import zoneinfo

__version__ = "0.1.0"

# Zone data comes from the tzdata package alone: the machine's own may be stale (America/Vancouver stays at
# UTC-7 all year from November 2026), and then an offered time would be an hour off.
zoneinfo.reset_tzpath(())

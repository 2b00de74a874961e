"""The grammar of times against tables of texts, and against itself under changes that must not matter."""

from __future__ import annotations

import time as stopwatch
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.assets import reading_data
from raincheck.core.reading.times import Role, TimeContext, TimeSpan, find_times, read_times
from raincheck.core.reading.timewords import TimeWords
from raincheck.core.reading.zones import ZoneTable

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = reading_data()
ZONES = ZoneTable.from_table(DATA["zones"])
WORDS = {
    "en": TimeWords.from_tables(("en", DATA["en"]["times"])),
    "de": TimeWords.from_tables(("de", DATA["de"]["times"]), ("en", DATA["en"]["times"])),
}
MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+01:00")  # a Monday morning


def context(
    lang: str = "en",
    reference: datetime = MONDAY,
    tz: str = "Europe/Berlin",
    order: Literal["DMY", "MDY"] | None = None,
    region: str | None = None,
) -> TimeContext:
    return TimeContext(reference, tz, WORDS[lang], ZONES, lang, order, region)


def shown(span: TimeSpan) -> str:
    """12-03 14:30-15:30 @zone ?doubt; the year where it is not 2026, the end's day where it is another."""
    start = _moment(span.start)
    end = ""
    if span.end is not None:
        same = isinstance(span.start, datetime) and isinstance(span.end, datetime)
        same = same and span.start.date() == span.end.date()  # type: ignore[union-attr]  # both are datetimes then
        end = "-" + (span.end.strftime("%H:%M") if same else _moment(span.end))
    zone = f" @{_offset(span.start)}" if isinstance(span.start, datetime) and span.start.tzinfo else ""
    return start + end + zone + (f" ?{span.doubt}" if not span.sure else "")


def _moment(moment: date | time) -> str:
    if isinstance(moment, time):
        return f"{moment:%H:%M}"
    form = "%m-%d" if moment.year == 2026 else "%Y-%m-%d"
    return moment.strftime(form + " %H:%M" if isinstance(moment, datetime) else form)


def _offset(moment: datetime) -> str:
    return moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:]


def lines(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            text, _, expected = line.partition(" =>")
            yield text.strip().replace("\\n", "\n").replace("\\t", "\t"), expected.strip()


ENGLISH = r"""
# absolute
Thursday, 3 December 2026 at 14:30 => 12-03 14:30
Thursday 3rd December, 2.30pm => 12-03 14:30
3 December at 14:30 => 12-03 14:30
Dec 3rd at 2pm => 12-03 14:00
December 3, 2026 at 2:30 p.m. => 12-03 14:30
December 3rd, 2026, 2:30PM => 12-03 14:30
the 3rd of December at 2.30 pm => 12-03 14:30
3 Dec. 2026, 14:30 => 12-03 14:30
Thu, 3-Dec-2026 14:30 => 12-03 14:30
2026-12-03 14:30 => 12-03 14:30
2026-12-03T14:30:00 => 12-03 14:30
2026-12-03T14:30:00Z => 12-03 14:30 @+00:00
2026-12-03T14:30+01:00 => 12-03 14:30 @+01:00
2026/12/03 at 14:30 => 12-03 14:30
Thu 03.12.2026, 14:30 => 12-03 14:30
on 13/01/2027 at 9am => 2027-01-13 09:00
01/13/2027 9:00 AM => 2027-01-13 09:00
12/15/26 at 10am => 12-15 10:00
Thursday (3 December) at 14:30 => 12-03 14:30
Thursday, December the 3rd at noon => 12-03 12:00
the first of December at 11am => 12-01 11:00
21st December => 12-21
on 5 January at 10:00 => 2027-01-05 10:00
on 23 November at 15:00 => 11-23 15:00
Wed 16th Dec, 5.30pm => 12-16 17:30
4 March 2027 (Thursday), 16:00 => 2027-03-04 16:00
# weekday and date
Friday 3 December at 10:00 => 12-03 10:00 ?weekday
Friday, 04.12.2026, 10:00 => 12-04 10:00
Friday, 03.12.2026, 10:00 => 12-03 10:00 ?weekday
Tuesday 5 January at 10:00 => 2027-01-05 10:00
Thursday 7 January 2026 at 10:00 => 2027-01-07 10:00
# order of numeric dates
12/04/2026 at 10:00 => 12-04 10:00 ?order
03/12/2026 at 10:00 => 12-03 10:00 ?order
12/12/2026 at 10:00 => 12-12 10:00
Thursday 03/12/2026 at 10:00 => 12-03 10:00 ?order
Thursday 12/03/2026 at 10:00 => 12-03 10:00 ?order
Friday 12/04/2026 at 10:00 => 12-04 10:00
Tuesday 12/1 at 10.00 or Wednesday 13/1 at 14.30 => 2027-01-12 10:00; 2027-01-13 14:30
Tues 12/1 at 10am => 2027-01-12 10:00 ?order
12/15/2026 at 9:00 or 12/04/2026 at 10:00 => 12-15 09:00; 12-04 10:00
# weekdays
Thursday at 10 => 11-26 10:00
Thu at 10:00 => 11-26 10:00
thursday 11 am => 11-26 11:00
this Thursday at 10 => 11-26 10:00
this Thursday => 11-26
next Thursday at 10 => 12-03 10:00 ?next
next Monday at 10 => 11-30 10:00
coming Friday at 11:00 => 11-27 11:00
Monday at 10:00 => 11-23 10:00
Monday at 8:00 => 11-30 08:00
Friday next week at 11am => 12-04 11:00
next week Friday at 11am => 12-04 11:00
next week on Friday, 11am => 12-04 11:00
Tuesday or Wednesday next week at 10:00 => 12-01 10:00; 12-02 10:00
Next week, Tuesday 10:00 or Thursday 15:00 => 12-01 10:00; 12-03 15:00
Thursday week at 3pm => 12-03 15:00
Friday the 11th at 2pm => 12-11 14:00
Friday the 4th, 9am => 12-04 09:00
on the 5th at 10:00 => 12-05 10:00
at 10 on the 5th => 12-05 10:00
week 50, Tuesday at 10:00 => 12-08 10:00
# relative days
tomorrow at 10 => 11-24 10:00
tomorrow, 24 November, at 10:00 => 11-24 10:00
today at 4pm => 11-23 16:00
the day after tomorrow at 11:30 => 11-25 11:30
tomorrow morning at 9 => 11-24 09:00
tomorrow afternoon, 3:30 => 11-24 15:30
tonight at 8 => 11-23 20:00
this afternoon at 5 => 11-23 17:00
# hours
tomorrow at 3 => 11-24 15:00 ?hour
tomorrow at 7:30 => 11-24 19:30 ?hour
tomorrow at 3:30 in the afternoon => 11-24 15:30
tomorrow at 6 in the morning => 11-24 06:00
tomorrow at 8 => 11-24 08:00
tomorrow at 12 => 11-24 12:00
tomorrow at 12:30 => 11-24 12:30
tomorrow at 12:30am => 11-24 00:30
tomorrow at noon => 11-24 12:00
noon on Tuesday => 11-24 12:00
Friday at midnight => 11-27 00:00 ?midnight
tomorrow at 3 o'clock => 11-24 15:00 ?hour
tomorrow at ten o'clock => 11-24 10:00
tomorrow at eleven => 11-24 11:00
half past ten on Tuesday => 11-24 10:30
Tuesday at quarter to eleven => 11-24 10:45
Tuesday at a quarter past nine => 11-24 09:15
1400 hrs on Tuesday => 11-24 14:00
Tuesday at 1430 => 11-24 14:30
Tues 11/24 0700-0900 => 11-24 07:00-09:00
Tuesday 3 PM => 11-24 15:00
Tuesday 3p.m. => 11-24 15:00
Tuesday @ 3pm => 11-24 15:00
Tuesday 24 November at 13.00 => 11-24 13:00
# ranges
Tuesday 3-5pm => 11-24 15:00-17:00
Tuesday 3pm-5pm => 11-24 15:00-17:00
Tuesday, 3:00 – 5:00 PM => 11-24 15:00-17:00
Tuesday 11-1 => 11-24 11:00-13:00
Tuesday 9-5 => 11-24 09:00-17:00
Tuesday 9:30-4:30pm => 11-24 09:30-16:30
Tuesday 10-11pm => 11-24 22:00-23:00
Tuesday 11-1pm => 11-24 11:00-13:00
Tuesday 9-12pm => 11-24 09:00-12:00
Tuesday 9am to 5 => 11-24 09:00-17:00
Tuesday from 2 to 3 => 11-24 14:00-15:00 ?hour
Tuesday from 2 to 3 in the afternoon => 11-24 14:00-15:00
Tuesday between 10 and 12 => 11-24 10:00-12:00
Tuesday between 9:00 AM and 11:30 AM => 11-24 09:00-11:30
Tuesday 14:00-14:45 => 11-24 14:00-14:45
Tuesday 14:00 until 15:30 => 11-24 14:00-15:30
Tuesday 22:00-01:00 => 11-24 22:00-11-25 01:00
Tuesday 13.00-14.00 => 11-24 13:00-14:00
10:00 to 10:45 on Tuesday => 11-24 10:00-10:45
Tuesday at 14:00 for 45 minutes => 11-24 14:00-14:45
Tuesday at 2pm for one hour => 11-24 14:00-15:00
Tuesday at 2pm for 1.5 hours => 11-24 14:00-15:30
Tuesday after 15:00 => 11-24 15:00
# several options
Tue 10:00 or Wed 14:00 => 11-24 10:00; 11-25 14:00
10, 11 or 14:00 on Tuesday => 11-24 10:00; 11-24 11:00; 11-24 14:00
Tuesday at 10, 11 or 14:00 => 11-24 10:00; 11-24 11:00; 11-24 14:00
Tuesday at 10 or 11 => 11-24 10:00; 11-24 11:00
Tuesday at 10:00, 11:00 and 14:00 => 11-24 10:00; 11-24 11:00; 11-24 14:00
Mon/Tue at 3pm => 11-23 15:00; 11-24 15:00
Tuesday or Wednesday at 3pm => 11-24 15:00; 11-25 15:00
2pm on Friday or 3pm on Monday => 11-27 14:00; 11-23 15:00
3 or 4 December at 10:00 => 12-03 10:00; 12-04 10:00
Tuesday at 10:00; Wednesday at 14:00; Thursday at 9am => 11-24 10:00; 11-25 14:00; 11-26 09:00
Thurs 26 Nov 7pm or Fri same time => 11-26 19:00; 11-27 19:00
Thursday 26 November at 17:00 or the next day at the same time => 11-26 17:00; 11-27 17:00
Thursday between 12:00 and 14:00 or Friday after 15:00 => 11-26 12:00-14:00; 11-27 15:00
Monday 7 December, 2 to 3pm, or Wednesday of the same week, 9 to 10am => 12-07 14:00-15:00; 12-09 09:00-10:00
# layout
Tuesday 24 November:\n10:00\n11:30\n14:00 => 11-24 10:00; 11-24 11:30; 11-24 14:00
Tuesday 24 November:\n- 10:00\n- 11:30\nWednesday 25 November:\n- 9:00 => 11-24 10:00; 11-24 11:30; 11-25 09:00
1) Wed, Dec 9 at 9:30 AM\n2) Wed, Dec 9 at 2:00 PM\n3) Thu, Dec 10 at 10:00 AM => 12-09 09:30; 12-09 14:00; 12-10 10:00
Date: Tuesday 1 December\nTime: 15:20 => 12-01 15:20
Date: 1 December 2026\nTime: 8:30 AM\nLocation: 212 Main Street => 12-01 08:30
Time: 15:20\nDate: Tuesday 1 December => 12-01 15:20
Time: 9:00 AM, Tuesday, 1 December 2026 => 12-01 09:00
When: Thu Dec 3, 2026 9:30am – 10am (CET) => 12-03 09:30-10:00 @+01:00
Thursday Dec 3, 2026 ⋅ 9:30am – 10am => 12-03 09:30-10:00
Mon 7 Dec\tTue 8 Dec\n10:00\t11:00\n14:00\t15:00 => 12-07 10:00; 12-08 11:00; 12-07 14:00; 12-08 15:00
A\tMon 07/12/2026\t10:00 – 11:00\tTeams\nB\tTue 08/12/2026\t15:30 – 16:30\tTeams => 12-07 10:00-11:00; 12-08 15:30-16:30
Date\tTime\n7 December 2026\t10:00\n8 December 2026\t15:30 => 12-07 10:00; 12-08 15:30
The interview is on 3 December 2026. It starts at 14:00 in room 5. => 12-03 14:00
Could we meet on Tuesday? I have time between 10:00 and 12:00. => 11-24 10:00-12:00
Dec 3, 2026 02:00 PM Eastern Time (US and Canada) => 12-03 14:00 @-05:00
We could meet at 14:00. => 14:00
The 3rd\nof December\nat 2 pm => 12-03 14:00
# zones
Tuesday 1 December, 3pm CET => 12-01 15:00 @+01:00
Tuesday 1 December, 3pm (Europe/Berlin) => 12-01 15:00 @+01:00
Tuesday 1 December, 3pm Berlin time => 12-01 15:00 @+01:00
Tuesday 1 December, 3pm London time => 12-01 15:00 @+00:00
Tuesday 1 December, 3pm ET => 12-01 15:00 @-05:00
Wednesday 1 July 2027, 3pm ET => 2027-07-01 15:00 @-04:00 ?weekday
Thursday 1 July 2027, 3pm ET => 2027-07-01 15:00 @-04:00
Thursday 1 July 2027, 3pm EST => 2027-07-01 15:00 @-04:00 ?zone
Tuesday 1 December, 3pm EST => 12-01 15:00 @-05:00
Thursday 1 July 2027, 15:00 CET => 2027-07-01 15:00 @+02:00
Thursday 1 July 2027, 15:00 CEST => 2027-07-01 15:00 @+02:00
Tuesday 1 December, 15:00 GMT+2 => 12-01 15:00 @+02:00
Tuesday 1 December, 15:00 (UTC+05:30) => 12-01 15:00 @+05:30
Tuesday 1 December, 15:00 UTC => 12-01 15:00 @+00:00
Tuesday 1 December, 15:00 IST => 12-01 15:00 @+05:30 ?zone
Tuesday 1 December, 2:00 PM Mountain => 12-01 14:00 @-07:00
Tuesday 1 December, 14:00 W. Europe Standard Time => 12-01 14:00 @+01:00
Tuesday 1 December, 14:00 Eastern Standard Time => 12-01 14:00 @-05:00
Tuesday 1 December, 15:45 East Africa Time (EAT) => 12-01 15:45 @+03:00
Tuesday 1 December, 4.00pm - 5.00pm (Singapore time) => 12-01 16:00-17:00 @+08:00
Tuesday 1 December, 4pm New York time => 12-01 16:00 @-05:00
Tuesday 1 December, 3pm CET / 9am ET => 12-01 15:00 @+01:00
Tuesday 1 December, 15:00 CET (9:00 AM EST) => 12-01 15:00 @+01:00
Tuesday 1 December, 15:00 CET / 10:00 AM EST => 12-01 15:00 @+01:00 ?zone
Tuesday 10:00 or Wednesday 14:00 CET => 11-24 10:00 @+01:00; 11-25 14:00 @+01:00
Thursday at 9am or 10:30am PST, or Friday at 9am => 11-26 09:00 @-08:00; 11-26 10:30 @-08:00; 11-27 09:00 @-08:00
Wednesday, December 2, 2026 (all times Pacific)\n8:00 - 8:45 AM => 12-02 08:00-08:45 @-08:00
Tuesday 1 December at 10:00. Time zone: Asia/Tokyo => 12-01 10:00 @+09:00
Tuesday the 1st at 13:00, or Thursday the 3rd at 9:00, Warsaw time => 12-01 13:00 @+01:00; 12-03 09:00 @+01:00
# in sentences
Do you have time for a call tomorrow at 11? => 11-24 11:00
Friday at 10 also works. => 11-27 10:00
Would Tuesday, 1 December, 11:00 be convenient for a 30-minute call? => 12-01 11:00
Please reply by Friday. The interview is on Tuesday at 10:00. => 11-24 10:00
Interview moved: instead of Tuesday 10:00 we propose Wednesday 14:00 => 11-25 14:00
Could you drop by on Thursday between 16:00 and 18:00? => 11-26 16:00-18:00
I'm on the phone Thursday from 1 to 4 PM. => 11-26 13:00-16:00
# seen in calendars' notices
Start: 01.12.2026 10:00\nEnd: 01.12.2026 11:00 => 12-01 10:00-11:00
Start time: 10:00\nEnd time: 11:00\nDate: 1 December 2026 => 12-01 10:00-11:00
When\nTuesday, 1 December 2026\n10:00 AM - 11:00 AM (UTC+01:00) Amsterdam, Berlin => 12-01 10:00-11:00 @+01:00
Thursday, 1 July 2027 10:00 AM-11:00 AM (UTC+01:00) Amsterdam, Berlin => 2027-07-01 10:00-11:00 @+02:00
Thursday, 1 July 2027 10:00 AM-11:00 AM. (UTC-05:00) Eastern Time => 2027-07-01 10:00-11:00 @-04:00
Thursday, 1 July 2027 10:00 AM (UTC+01:00) => 2027-07-01 10:00 @+01:00
Time: Dec 1, 2026 10:00 AM Eastern Time (US and Canada)\nMeeting ID: 812 3456 7890 => 12-01 10:00 @-05:00
# more ways
We can meet Mon-Wed next week between 10 and 4 => 11-30-12-02
We start at 9:00 on Tuesday and the visit ends at 12:00 => 11-24 09:00; 11-24 12:00
Our office hours are 9:00 to 17:00. The interview is on 2 December at 10:00. => 12-02 10:00
Let us say 2 pm your time on Wednesday. => 11-25 14:00
Dec 2 (Wed) 10:00~11:00 JST => 12-02 10:00-11:00 @+09:00
Thursday, July 1, 2027 3:00 PM-3:30 PM (UTC+00:00) Dublin, Edinburgh => 2027-07-01 15:00-15:30 @+01:00
Tue Dec 1, 10:00-10:30\nWed Dec 2, 2:00-2:30pm\n\nAll times CET. => 12-01 10:00-10:30 @+01:00; 12-02 14:00-14:30 @+01:00
Tuesday, 1 Dec 2026 10:00:00 +0100 => 12-01 10:00 @+01:00
Tuesday 1 December 2026 at 10h30 => 12-01 10:30
I could do 9 or 9.30 tomorrow => 11-24 09:00; 11-24 09:30
on any day between 7 and 11 December => 12-07-12-11
Tue 10-12 and 2-4 => 11-24 10:00-12:00; 11-24 14:00-16:00 ?hour
Rescheduled from Monday 30 Nov 10:00 to Tuesday 1 Dec 11:00 => 12-01 11:00
Monday or Tuesday afternoon after 2 => 11-23 14:00; 11-24 14:00
Your interview on Monday, 30 Nov has been moved to Wednesday, 2 Dec at 11:00 => 12-02 11:00
Monday 30 Nov (10-11am or 2-3pm), Tuesday 1 Dec (9-10am) => 11-30 10:00-11:00; 11-30 14:00-15:00; 12-01 09:00-10:00
Tuesday, Dec 1, 3:00 PM PT (6:00 PM ET, midnight CET) => 12-01 15:00 @-08:00
on Tuesday (tomorrow) at 10 => 11-24 10:00
Tue 1/12: 10:00, 11:00; Wed 2/12: 9:00 => 12-01 10:00; 12-01 11:00; 12-02 09:00
between 3 and 4 pm tomorrow => 11-24 15:00-16:00
Arrive early. It starts at 9 on Tuesday. => 11-24 09:00
from Monday 7 to Friday 11 December => 12-07-12-11
in two weeks on Tuesday at 10 => 12-08 10:00
Tuesday (1 Dec): 10:00 / 11:00 => 12-01 10:00; 12-01 11:00
Thursday before noon =>
Tuesday at 5pm or Wednesday at 9am (both CET) => 11-24 17:00 @+01:00; 11-25 09:00 @+01:00
Interview at 3pm, Tuesday => 11-24 15:00
"""

GERMAN = r"""
Donnerstag, 3. Dezember 2026, 14:30 Uhr => 12-03 14:30
am Donnerstag, den 3. Dezember um 14:30 Uhr => 12-03 14:30
am Donnerstag, dem 3. Dezember 2026, um 14.30 Uhr => 12-03 14:30
Do., 3.12.2026, 14.30 Uhr => 12-03 14:30
Do, 03.12., 14:30 => 12-03 14:30
Do 3.12. 14 Uhr => 12-03 14:00
am 3.12. um 10 Uhr => 12-03 10:00
am 3. 12. 2026 um 10 Uhr => 12-03 10:00
am 03.12.26 um 10 Uhr => 12-03 10:00
am 3. Dez. um 10 Uhr => 12-03 10:00
den 5. Januar, 9 Uhr => 2027-01-05 09:00
03/12/2026, 10:00 Uhr => 12-03 10:00
2026-12-03, 10:00 Uhr => 12-03 10:00
am 3.12. um 10 Uhr oder am 4.12. um 15 Uhr => 12-03 10:00; 12-04 15:00
am 3. oder 4. Dezember um 10 Uhr => 12-03 10:00; 12-04 10:00
am Mittwoch, den 3.12.2026 um 10 Uhr => 12-03 10:00 ?weekday
Mittwoch, den 2. Dezember, um 11:00 Uhr oder Freitag, den 4. Dezember, um 15:30 Uhr => 12-02 11:00; 12-04 15:30
Donnerstag, 03.12., oder Freitag, 04.12., jeweils zwischen 16 und 18 Uhr => 12-03 16:00-18:00; 12-04 16:00-18:00
Datum\t03.12.2026\nUhrzeit\t09.00 Uhr\nDauer\tca. 1,5 Stunden => 12-03 09:00
Datum: 03.12.2026\nUhrzeit: 9 Uhr => 12-03 09:00
Wann: Donnerstag, 3. Dezember 2026 14:00-15:00 Uhr => 12-03 14:00-15:00
heute um 16 Uhr => 11-23 16:00
morgen um 10 Uhr => 11-24 10:00
morgen um 10 => 11-24 10:00
morgen früh um 8 => 11-24 08:00
morgen Vormittag um 9:30 Uhr => 11-24 09:30
morgen Nachmittag um 3 => 11-24 15:00
übermorgen um 11 Uhr => 11-25 11:00
heute Abend um 8 => 11-23 20:00
am Dienstag um 3 => 11-24 15:00 ?hour
am Dienstag um 3 Uhr nachmittags => 11-24 15:00
am Dienstag um 15 Uhr => 11-24 15:00
am Dienstag um 8 Uhr => 11-24 08:00
am Dienstag um 12 Uhr => 11-24 12:00
am Dienstag um halb elf => 11-24 10:30
am Dienstag um halb drei => 11-24 14:30 ?hour
am Dienstagnachmittag um halb drei => 11-24 14:30
am Dienstag um Viertel nach neun => 11-24 09:15
am Dienstag um Viertel vor elf => 11-24 10:45
am Dienstag um zehn Uhr => 11-24 10:00
am Dienstag um zehn => 11-24 10:00
am Dienstag um 14 Uhr 30 => 11-24 14:30
um 14 Uhr am Dienstag => 11-24 14:00
am Dienstag gegen 14 Uhr => 11-24 14:00
am Dienstag ab 14 Uhr => 11-24 14:00
am Dienstag von 14 bis 15 Uhr => 11-24 14:00-15:00
am Dienstag von 9:00 bis 10:30 Uhr => 11-24 09:00-10:30
am Dienstag zwischen 10 und 12 Uhr => 11-24 10:00-12:00
am Dienstag, 10-12 Uhr => 11-24 10:00-12:00
am Dienstag, 9.30 - 10.15 Uhr => 11-24 09:30-10:15
Dienstag 22 bis 1 Uhr => 11-24 22:00-11-25 01:00
am Dienstag um 14 Uhr für 45 Minuten => 11-24 14:00-14:45
am Dienstag um 14 Uhr für ca. 1,5 Stunden => 11-24 14:00-15:30
Dienstag 10 Uhr oder Mittwoch 14 Uhr => 11-24 10:00; 11-25 14:00
Di 10:00, Mi 14:00 oder Do 9:00 => 11-24 10:00; 11-25 14:00; 11-26 09:00
Di., 10 Uhr, oder Mi., 14 Uhr => 11-24 10:00; 11-25 14:00
am Dienstag um 10, 11 oder 14 Uhr => 11-24 10:00; 11-24 11:00; 11-24 14:00
Mo/Di um 15 Uhr => 11-23 15:00; 11-24 15:00
diesen Donnerstag um 10 Uhr => 11-26 10:00
kommenden Freitag um 9:30 Uhr => 11-27 09:30
nächsten Donnerstag um 10 Uhr => 12-03 10:00 ?next
nächsten Montag um 10 Uhr => 11-30 10:00
nächste Woche Dienstag um 10 Uhr => 12-01 10:00
Dienstag nächster Woche um 10 Uhr => 12-01 10:00
am Dienstag in der kommenden Woche um 10 Uhr => 12-01 10:00
übernächste Woche Freitag, 10 Uhr => 12-11 10:00
Donnerstag in einer Woche um 10 Uhr => 12-03 10:00
Dienstag in KW 50 um 9 Uhr => 12-08 09:00
KW 50: Dienstag 10 Uhr oder Mittwoch 14 Uhr => 12-08 10:00; 12-09 14:00
am 5. um 10 Uhr => 12-05 10:00
Freitag, den 11., um 14 Uhr => 12-11 14:00
am Donnerstag um 15 Uhr MEZ => 11-26 15:00 @+01:00
am Donnerstag um 15 Uhr (MEZ) => 11-26 15:00 @+01:00
am Donnerstag um 15 Uhr Berliner Zeit => 11-26 15:00 @+01:00
am Donnerstag um 15 Uhr MEZ (9 Uhr EST) => 11-26 15:00 @+01:00
Dienstag, 24.11.:\n- 10:00 Uhr\n- 11:30 Uhr\nMittwoch, 25.11.:\n- 9 Uhr => 11-24 10:00; 11-24 11:30; 11-25 09:00
Unser Gespräch findet am Dienstag um 10 Uhr statt. => 11-24 10:00
Guten Morgen, passt es Ihnen am Dienstag um 10 Uhr? => 11-24 10:00
Das Gespräch ist am 3. Dezember. Es beginnt um 14 Uhr. => 12-03 14:00
Bitte bestätigen Sie bis Freitag. Das Gespräch ist am Dienstag um 10 Uhr. => 11-24 10:00
Mittags am Dienstag => 11-24 12:00
am Dienstag um Mitternacht => 11-24 00:00 ?midnight
am Dienstag, 10 a.m. => 11-24 10:00
Termin: Di., 01.12.2026 | 10:00 – 11:00 Uhr | MS Teams => 12-01 10:00-11:00
Beginn: 01.12.2026 10:00 Uhr\nEnde: 01.12.2026 11:00 Uhr => 12-01 10:00-11:00
am Di 1.12. zwischen 10:00 Uhr und 12:00 Uhr => 12-01 10:00-12:00
am Dienstag, den 1. Dezember, in der Zeit von 10:00 bis 11:00 Uhr => 12-01 10:00-11:00
um 9 oder 10 Uhr am Mittwoch => 11-25 09:00; 11-25 10:00
Mittwoch, 2.12. bis 12 Uhr =>
am Dienstag Vormittag, 9:15 => 11-24 09:15
zwischen dem 7. und 11. Dezember => 12-07-12-11
heute in einer Woche um 10 Uhr => 11-30 10:00
Mittwoch, 2. Dezember, 10:00 Uhr (s.t.) bis ca. 11:30 Uhr => 12-02 10:00-11:30
in KW 49 am Dienstag oder Mittwoch, jeweils 10 Uhr => 12-01 10:00; 12-02 10:00
am 2.12. von 10h bis 11h30 => 12-02 10:00-11:30
Mittwoch (2.12.) 10-11 Uhr, alternativ 15-16 Uhr => 12-02 10:00-11:00; 12-02 15:00-16:00
Mi 2.12. vormittags, Do 3.12. nachmittags ab 14 Uhr => 12-02; 12-03 14:00
Statt Montag, 10 Uhr, geht auch Dienstag, 11 Uhr. => 11-24 11:00
Wir schlagen vor: 1. Di, 01.12., 10:00 Uhr 2. Mi, 02.12., 14:00 Uhr => 12-01 10:00; 12-02 14:00
vom 7.12. bis 11.12. => 12-07-12-11
"""

NOTHING_ENGLISH = r"""
We may ask you again, so sit down, and march on in the sun.
He sat on the mon and wed her.
May I ask you to send your CV? March is the name.
Meeting ID: 812 3456 7890, passcode 331204
Call me on +49 30 5550 0100 or (207) 555-0142.
Phone 030 5550-0100, ext. 12
Our office is at 5 Main Street.
Meet us at 12 Church Road, 2nd floor.
We are there 24/7.
Python 3.12 and version 2.10.1 are fine.
The share is 50 % and the ratio 3:2, 4-5 people.
It pays $65/hr or 45,000 - 55,000 EUR.
Job 2026-118, Ref: 412-CS-4471, R-0098812
The job has 3 rounds, 2-3 hours each.
It takes about 45 minutes.
You need 3-4 years of experience.
Please reply by Friday 5pm.
Please answer before 5 pm on 15 January.
Please confirm by 11 March 2027.
Please let me know by Tuesday EOD.
Office hours: Mon-Fri 9:00-17:00
We are open Mondays 9am to 5pm.
Opening hours: Tuesday 9:00 - 12:00
Thank you for the interview on 3 March 2026.
Thank you for your call on Friday.
The meeting of 20.11.2026 at 10:00 was good.
> Tuesday at 10:00 would be good
Great!\n\nOn Thu, 26 Nov 2026 at 17:58, Robin Meyer wrote:\nFriday at 15:30 works
Best\n-- \nRobin, Monday 10:00
PE30 4XX, NR11 6XX, DD2 4TN
See http://example.org/2026-12-03/10:00 or mail to a10.30@example.org
I am 30 years old and live in room 2.04.
one of our offices, at one of our sites
The 2nd interview is on the 5th floor.
We have 3/4 of the work done.
In week 50 we are on holiday.
Born on 16 Dec 1990 in Leeds
Buy 3, get 2 of 10
at 3 locations and from 9 to 5 people
I may come on 3 occasions.
Order 12/2026 arrived, IP 10.12.20.26
Sat nav, Sun screen, Wed lock
We look forward to hearing from you next week.
Step 1 of 4: 10 questions
"""

NOTHING_GERMAN = r"""
So geht das nicht. Mit freundlichen Grüßen
Die Stelle ist ab sofort zu besetzen. Do it.
Bürozeiten: Mo-Do 8.30-15.30 Uhr, Fr 8.30-12.30 Uhr
Ich bin dienstags bis donnerstags von 9 bis 14 Uhr erreichbar.
Öffnungszeiten: Montag bis Freitag 9 bis 17 Uhr
Telefon 040 5550-114, Fax 030/5550-0100
Hafenstraße 12, 28217 Bremen, 3. OG
Kennziffer 2026-118
Bitte bestätigen Sie bis zum 03.12.2026.
Bitte melden Sie sich bis spätestens Freitag, 12 Uhr.
Bitte antworten Sie bis Freitag, den 27. November.
Das dauert ca. 1,5 Stunden.
Guten Morgen Herr Meyer, guten Tag!
Das für Donnerstag, 26. November, 10:00 Uhr geplante Gespräch entfällt.
Wir sind rund um die Uhr da, 24/7.
Gehalt bis 95.000 EUR, 30 Tage Urlaub, 3-4 Jahre Erfahrung
Danke für das Gespräch am 3. März 2026 um 10 Uhr.
In KW 50 oder KW 51
ab 10 Mitarbeitern und um 10 Prozent
Zimmer 10.15, von 9 bis 5 Leuten
Bewerbungsschluss ist der 15.12.2026, 23:59 Uhr.
"""


@pytest.mark.parametrize(("text", "expected"), list(lines(ENGLISH)))
def test_english(text: str, expected: str) -> None:
    assert "; ".join(shown(span) for span in find_times(text, context())) == expected


@pytest.mark.parametrize(("text", "expected"), list(lines(GERMAN)))
def test_german(text: str, expected: str) -> None:
    assert "; ".join(shown(span) for span in find_times(text, context("de"))) == expected


@pytest.mark.parametrize("text", [text for text, _ in lines(NOTHING_ENGLISH)])
def test_no_time_in_english(text: str) -> None:
    assert [shown(span) for span in find_times(text, context())] == []


@pytest.mark.parametrize("text", [text for text, _ in lines(NOTHING_GERMAN)])
def test_no_time_in_german(text: str) -> None:
    assert [shown(span) for span in find_times(text, context("de"))] == []


# --- what a span carries ------------------------------------------------------------------------------------------


def only(text: str, reader: TimeContext | None = None) -> TimeSpan:
    (span,) = find_times(text, reader or context())
    return span


def test_offsets_lead_back_into_the_given_text() -> None:
    text = "Grüße! Könnten wir am Dienstag,\u00a024.\u202fNovember um 10\u00a0Uhr sprechen… ½ Stunde?"
    span = only(text, context("de"))
    assert text[span.from_ : span.to] == span.text == "Dienstag,\u00a024.\u202fNovember um 10\u00a0Uhr"


def test_a_clock_far_from_its_date_tells_where_both_stand() -> None:
    text = "We meet on 3 December 2026. It starts at 14:00."
    span = only(text)
    assert (text[span.date_from : span.date_to], text[span.clock_from : span.clock_to]) == ("3 December 2026", "14:00")


def test_both_readings_of_a_doubtful_hour() -> None:
    span = only("tomorrow at 3")
    assert span.alternatives == (
        (datetime(2026, 11, 24, 15), None),  # noqa: DTZ001 - wall clock of the context
        (datetime(2026, 11, 24, 3), None),  # noqa: DTZ001 - wall clock of the context
    )


def test_both_readings_of_a_date_with_the_wrong_weekday() -> None:
    span = only("Friday 3 December")
    assert [start for start, _ in span.alternatives] == [date(2026, 12, 3), date(2026, 12, 4)]


def test_both_readings_of_a_numeric_date() -> None:
    span = only("03/12/2027")
    assert {start for start, _ in span.alternatives} == {date(2027, 12, 3), date(2027, 3, 12)}


def test_two_zones_that_disagree_are_both_told() -> None:
    span = only("Tuesday 1 December, 15:00 CET / 10:00 AM EST")
    instants = [start.isoformat() for start, _ in span.alternatives]
    assert instants == ["2026-12-01T15:00:00+01:00", "2026-12-01T10:00:00-05:00"]


@pytest.mark.parametrize(
    ("order", "region", "expected"),
    [("DMY", None, "12-03"), ("MDY", None, "2027-03-12"), (None, "US", "2027-03-12"), (None, "GB", "12-03")],
)
def test_the_order_is_decided_by_setting_or_country(
    order: Literal["DMY", "MDY"] | None, region: str | None, expected: str
) -> None:
    assert shown(only("on 3/12 at 10:00", context(order=order, region=region))) == f"{expected} 10:00"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("2026-07-20T09:00:00-04:00", "07-21 15:00 @-04:00"),  # the mail's own offset is that of New York in summer
        ("2026-07-20T09:00:00+02:00", "07-21 15:00 @-04:00 ?zone"),
    ],
)
def test_est_in_summer(reference: str, expected: str) -> None:
    reader = context(reference=datetime.fromisoformat(reference))
    assert shown(only("Tuesday 21 July, 3pm EST", reader)) == expected


def test_letters_mean_the_zone_of_the_senders_country() -> None:
    assert shown(only("Tuesday 1 December, 15:00 IST", context(region="IE"))) == "12-01 15:00 @+00:00"


def test_a_weekday_is_today_only_while_its_clock_is_ahead() -> None:
    evening = datetime.fromisoformat("2026-11-23T18:00:00+01:00")
    assert shown(only("Monday at 17:00", context(reference=evening))) == "11-30 17:00"
    assert shown(only("Monday at 19:00", context(reference=evening))) == "11-23 19:00"


def test_the_reference_day_is_that_of_the_readers_zone() -> None:
    late = datetime.fromisoformat("2026-11-23T23:30:00+00:00")  # already Tuesday in Tokyo
    assert shown(only("tomorrow at 10", context(reference=late, tz="Asia/Tokyo"))) == "11-25 10:00"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Please reply by Friday, 17:00.", Role.DEADLINE),
        ("Office hours: Tuesday 9:00-17:00", Role.HABIT),
        ("We had arranged Tuesday at 10:00.", Role.FORMER),
        ("Please arrive at 13:45 on Tuesday.", Role.ARRIVAL),
        ("It was on 3 March 2026 at 10:00.", Role.PAST),
        ("Shall we say Tuesday at 10:00?", Role.PROPOSAL),
    ],
)
def test_roles(text: str, role: Role) -> None:
    assert [span.role for span in read_times(text, context())] == [role]


def test_an_open_end_and_a_window_are_told() -> None:
    assert only("Friday after 15:00").open_end
    assert only("Friday between 15:00 and 17:00").between
    assert not only("Friday 15:00-17:00").between


# --- what must not matter -----------------------------------------------------------------------------------------

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
GERMAN_MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
GERMAN_WEEKDAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]

moments = st.datetimes(datetime(2026, 11, 24, 8), datetime(2027, 9, 1)).map(  # noqa: DTZ001 - wall clocks
    lambda moment: moment.replace(hour=8 + moment.hour % 12, minute=moment.minute // 5 * 5, second=0, microsecond=0)
)


def english_dates(moment: datetime) -> list[str]:
    month, weekday = MONTHS[moment.month - 1], WEEKDAYS[moment.weekday()]
    suffix = "th" if 11 <= moment.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
    return [
        f"{weekday}, {moment.day} {month} {moment.year}",
        f"{weekday} {moment.day}{suffix} {month}",
        f"{weekday[:3]}, {month[:3]} {moment.day}",
        f"{month} {moment.day}{suffix}, {moment.year}",
        f"the {moment.day}{suffix} of {month}",
        f"{weekday} {moment:%d.%m.%Y}",
        f"{moment:%Y-%m-%d}",
        f"{moment.day} {month[:3]}. {moment.year}",
    ]


def english_clocks(moment: datetime) -> list[str]:
    hour, half = moment.hour % 12 or 12, "pm" if moment.hour >= 12 else "am"
    return [
        f"{moment:%H:%M}",
        f"{hour}:{moment:%M} {half.upper()}",
        f"{hour}:{moment:%M}{half}",
        f"{hour}.{moment:%M} {half[0]}.m.",
        f"{moment:%H%M} hrs",
    ]


def german_dates(moment: datetime) -> list[str]:
    month, weekday = GERMAN_MONTHS[moment.month - 1], GERMAN_WEEKDAYS[moment.weekday()]
    return [
        f"{weekday}, den {moment.day}. {month} {moment.year},",
        f"{weekday[:2]}., {moment.day}.{moment.month}.{moment.year},",
        f"{weekday}, {moment:%d.%m.},",
        f"{moment:%d.%m.%Y}",
        f"{moment.day}. {month}",
    ]


def german_clocks(moment: datetime) -> list[str]:
    return [f"um {moment:%H:%M} Uhr", f"{moment:%H.%M} Uhr", f"gegen {moment:%H:%M}"]


@settings(max_examples=150, deadline=None)
@given(moment=moments, pick=st.integers(0, 7), clock=st.integers(0, 4), glue=st.sampled_from([" at ", ", ", " ", "\n"]))
def test_a_written_time_is_read_back_in_english(moment: datetime, pick: int, clock: int, glue: str) -> None:
    text = f"Would {english_dates(moment)[pick]}{glue}{english_clocks(moment)[clock]} suit you?"
    spans = find_times(text, context())
    assert [(span.start, span.sure) for span in spans] == [(moment, True)], text


@settings(max_examples=150, deadline=None)
@given(moment=moments, pick=st.integers(0, 4), clock=st.integers(0, 2))
def test_a_written_time_is_read_back_in_german(moment: datetime, pick: int, clock: int) -> None:
    text = f"Passt es Ihnen am {german_dates(moment)[pick]} {german_clocks(moment)[clock]}?"
    spans = find_times(text, context("de"))
    assert [(span.start, span.sure) for span in spans] == [(moment, True)], text


def widen(text: str) -> str:
    return text.replace(" ", "\u00a0")


def long_dashes(text: str) -> str:
    return text.replace("-", "–")


def wrapped(text: str) -> str:
    words = text.replace("\n", " \n ").split(" ")
    return "\n".join(" ".join(words[at : at + 5]) for at in range(0, len(words), 5))


def carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def among_others(text: str) -> str:
    return f"Dear Robin,\n\nthank you for your application 2026-118.\n\n{text}\n\nKind regards\nAda, +49 30 5550 0100"


@pytest.mark.parametrize("change", [widen, long_dashes, carriage_returns, among_others])
@pytest.mark.parametrize(("text", "expected"), list(lines(ENGLISH))[::2])
def test_form_does_not_matter(change: object, text: str, expected: str) -> None:
    assert callable(change)
    assert "; ".join(shown(span) for span in find_times(change(text), context())) == expected


@pytest.mark.parametrize(("text", "expected"), [entry for entry in lines(ENGLISH) if "\\n" not in entry[0]])
def test_wrapping_does_not_matter(text: str, expected: str) -> None:
    if "\n" not in text and "\t" not in text:
        assert "; ".join(shown(span) for span in find_times(wrapped(text), context())) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789:./-, \n\tapmTZ()+<>–é½", max_size=300))
def test_any_text_is_read(text: str) -> None:
    for span in read_times(text, context()):
        assert text[span.from_ : span.to] == span.text
        assert span.sure != bool(span.alternatives)


PIECES = [
    "at",
    "on",
    "Tuesday",
    "Tue",
    "3",
    "10:00",
    "or",
    "-",
    "3rd",
    "May",
    "next",
    "week",
    "CET",
    ",",
    ".",
    "and",
    "between",
    "to",
    "noon",
    "half past",
    "(",
    ")",
    "\n",
    "\t",
    "the",
    "24/7",
    "tomorrow",
    "12/4",
    "2026",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_order_of_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    for span in read_times(text, context()):
        assert text[span.from_ : span.to] == span.text
        if isinstance(span.start, datetime) and isinstance(span.end, datetime):
            assert span.end > span.start


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "10:00 or ", "Mon 10:00, ", "Tuesday or ", "at 3 ", "3.", "3/", "> ", "(", "10:00\t", "é", "A/"],
)
def test_hostile_text_costs_little(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    started = stopwatch.perf_counter()
    read_times(text, context())
    assert stopwatch.perf_counter() - started < 2.0


def test_an_end_is_never_before_its_start() -> None:
    for hour in range(1, 25):
        for other in range(1, 25):
            for span in read_times(f"Tuesday {hour}:00-{other}:00", context()):
                if isinstance(span.start, datetime) and isinstance(span.end, datetime):
                    assert timedelta(0) < span.end - span.start <= timedelta(hours=24)

"""Series with their change points, trends and alerts, as records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from forvent.assess.change.noise import with_scatter
from forvent.assess.change.periods import Calendar
from forvent.assess.change.scan import Split, scan
from forvent.assess.change.tracks import LEVEL, REACH, Track, segment_estimate
from forvent.assess.change.trend import trends
from forvent.assess.change.watch import COOLDOWN, Sounding, watch
from forvent.records import Estimate, NotEnough
from forvent.records.change import Alert, Change, ChangePoint, GapChange, Series, SeriesPoint, Trend
from forvent.stats.clusters import share_difference

#: Probability of any false change point, and of any false change of a gap.
FALSE_ALARMS, GAP_FALSE_ALARMS = 0.04, 0.01
ALERT_EVERY = 50.0


@dataclass(frozen=True, slots=True)
class Heard:
    """How many voices have a time inside the periods, and how many have none or lie outside."""

    dated: int
    undated: int


@dataclass(frozen=True, slots=True)
class Halves:
    """The gaps before and after a moment."""

    at: datetime | None = None
    gaps: tuple[GapChange, ...] = ()


def changes(
    tracks: Sequence[Track],
    calendar: Calendar,
    *,
    rng: np.random.Generator,
    heard: Heard,
    halves: Halves | None = None,
    level: float = 0.95,
) -> Change | NotEnough:
    """What changed in all series together: change points, trends, and when a watch would have sounded.

    A change says that what people say, or how much of it, differs; not why. Change points and alerts are
    picked because they are large, so their size is exaggerated.

    Parameters
    ----------
    tracks
        The series, as :func:`summed_tracks` and :func:`level_tracks` give them.
    calendar
        Their periods.
    rng
        Source of randomness.
    heard
        Counts of the voices with and without time.
    halves
        Gaps in the earlier and later half, where they were compared.
    level
        Confidence level of every interval.

    Returns
    -------
    Change or NotEnough
        Series with a change point first, then those with a trend, then the others, each by cases;
        alerts newest first. NotEnough if there is no series.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from forvent.assess.change.periods import choose_periods
    >>> days = [datetime(2026, 1, 5) + timedelta(days=day) for day in range(140)]
    >>> calendar = choose_periods(days, [10] * 140)
    >>> n = np.full(20, 50.0)
    >>> share = np.r_[[0.8, 0.78, 0.82, 0.8, 0.8] * 2, [0.4, 0.42, 0.38, 0.4, 0.4] * 2]
    >>> track = Track("met", "on_time", n, n * share, n, 0.24, 0.0, True)
    >>> found = changes([track], calendar, rng=np.random.default_rng(1), heard=Heard(1400, 0))
    >>> change = found.series[0].changes[0]
    >>> change.at, round(change.difference.value, 2), found.alerts[0].id
    (datetime.datetime(2026, 3, 16, 0, 0), -0.4, 'on_time:met:lower:2026-03-16')
    """
    if not tracks:
        return NotEnough(heard.dated, heard.dated + 1, "no expectation is spoken of often enough over time")
    known = with_scatter(tracks)
    cut = scan(known, rng=rng, false_alarms=FALSE_ALARMS)
    lines = trends(known, calendar.periods, level=level)
    series = [
        _series(track, calendar, splits=splits, chance=chance, trend=line, level=level)
        for track, splits, chance, line in zip(known, cut.splits, cut.chance, lines, strict=True)
    ]
    order = sorted(range(len(series)), key=lambda place: _rank(series[place], known[place]))
    sounded = watch(known, rng=rng, every=ALERT_EVERY)
    alerts = [_alert(known[one.track], one, calendar, level=level) for one in sounded.soundings]
    shown = halves or Halves()
    return Change(
        unit=calendar.unit,
        periods=calendar.periods,
        dated=heard.dated,
        undated=heard.undated,
        false_alarms=FALSE_ALARMS,
        gap_false_alarms=GAP_FALSE_ALARMS,
        alert_every=ALERT_EVERY,
        cooldown=COOLDOWN,
        series=tuple(series[place] for place in order),
        halves_at=shown.at,
        gaps=shown.gaps,
        alerts=tuple(
            sorted((one for one in alerts if one is not None), key=lambda one: (one.at, one.id), reverse=True)
        ),
    )


def _series(
    track: Track, calendar: Calendar, *, splits: Sequence[Split], chance: float, trend: Trend, level: float
) -> Series:
    points = tuple(
        SeriesPoint(period, segment_estimate(track, number, number + 1, level=level))
        for number, period in enumerate(calendar.periods)
    )
    return Series(
        id=track.name,
        measure=track.measure,
        expectation=track.expectation,
        points=points,
        overall=segment_estimate(track, 0, track.n.size, level=level),
        changes=_points(track, calendar, splits=splits, level=level),
        chance=chance,
        trend=trend,
    )


def _points(
    track: Track, calendar: Calendar, *, splits: Sequence[Split], level: float
) -> tuple[ChangePoint, ...]:
    edges = [0, *(split.at for split in splits), track.n.size]
    found = []
    for left, split, right in zip(edges, splits, edges[2:], strict=False):
        before = segment_estimate(track, left, split.at, level=level)
        after = segment_estimate(track, split.at, right, level=level)
        if isinstance(before, Estimate) and isinstance(after, Estimate):
            found.append(
                ChangePoint(
                    at=calendar.periods[split.at].start,
                    # A change amid a period cuts before it or after it: both its ends belong to the interval.
                    earliest=calendar.periods[max(0, split.first - 1)].start,
                    latest=calendar.periods[split.last].end,
                    before=before,
                    after=after,
                    difference=share_difference(after, before),
                )
            )
    return tuple(found)


def _rank(series: Series, track: Track) -> tuple[int, int, float, str]:
    """Changed first, then with a trend; what is said of how it was before how much is spoken of it."""
    place = 0 if series.changes else 1 if series.trend.verdict != "undecided" else 2
    return place, int(track.measure == REACH), -float(track.n.sum()), series.id


def _alert(track: Track, one: Sounding, calendar: Calendar, *, level: float) -> Alert | None:
    before = segment_estimate(track, one.base, one.since, level=level)
    lately = segment_estimate(track, one.since, one.at + 1, level=level)
    if isinstance(before, NotEnough) or isinstance(lately, NotEnough):
        return None
    if track.measure == LEVEL and before.value == lately.value:
        return None
    since = calendar.periods[one.since].start
    return Alert(
        id=f"{track.name}:{one.side}:{since:%Y-%m-%d}",
        measure=track.measure,
        expectation=track.expectation,
        side=one.side,
        since=since,
        at=calendar.periods[one.at].end,
        before=before,
        lately=lately,
    )

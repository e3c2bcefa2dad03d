"""Where the journey of customers is worst and best, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from forvent.assess.contrast import Contrast
from forvent.assess.gap import MET_SHARE
from forvent.assess.gap_rates import interval_p
from forvent.assess.journey.stops import Stops, expected_draws, journey_stop, stops_of
from forvent.assess.judgements import WISHED, Codes, Floats, Judgements
from forvent.records import Asymmetry, Estimate, Journey, JourneyStop, NotEnough, Peak
from forvent.stats import benjamini_hochberg, percentile_interval, widest
from forvent.stats.clusters import share_difference
from forvent.tables import STAGES

LEAST_JOURNEYS = 10
MOST_TOUCHPOINTS = 40


def journey(
    judged: Judgements,
    *,
    contrast: Contrast,
    asymmetries: Sequence[Asymmetry],
    usual_kinds: Mapping[str, str],
    rng: np.random.Generator,
    by_touchpoint: bool = False,
    level: float = 0.95,
) -> Journey | NotEnough:
    """Share met, expected and gap at every stop, the worst and best one, and the end.

    People remember an experience by its peak and its end and hardly by how long it took, so the worst and
    the last stop are the ones to mend first. A stop is called the worst only if its share met surely lies
    below that of every other stop (each difference with its interval at the level); comparing the lowest
    with each of the others needs no further correction (Gutmann & Maymin 1987, Ann. Statist. 15, 456–461).

    Parameters
    ----------
    judged
        The judgements that the contrast was fitted on.
    contrast
        Penalties and rewards with their draws.
    asymmetries
        Result of ``asymmetries``, in the order of ``judged.expectations``.
    usual_kinds
        Usual kind of each expectation by id.
    rng
        Source of randomness of the bands of usual kinds.
    by_touchpoint
        The touchpoints that the file names, instead of the seven stages; the 40 with most voices.
    level
        Confidence level of every interval.

    Returns
    -------
    Journey or NotEnough
        NotEnough where no voice judges anything, or the file names no touchpoint.

    Source
    ------
    Fredrickson & Kahneman (1993), J. Personality and Social Psychology 65(1), 45–55.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess import asymmetries, contrast, judgements
    >>> names = [f"v{i}" for i in range(80)]
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": names,
    ...         "expectation": ["choice"] * 40 + ["on_time"] * 40,
    ...         "stage": ["choose"] * 40 + ["receive"] * 40,
    ...         "touchpoint": ["choose"] * 40 + ["receive"] * 40,
    ...         "polarity": ["met"] * 38 + ["unmet"] * 2 + ["met"] * 8 + ["unmet"] * 32,
    ...     }
    ... )
    >>> voices = pa.table({"voice_id": names, "rating": pa.nulls(80, pa.float64()), "customer": names})
    >>> judged = judgements(mentions, voices=voices)
    >>> rng = np.random.default_rng(1)
    >>> fit = contrast(judged, rng=rng)
    >>> kinds, usual = asymmetries(judged, contrast=fit), {"on_time": "basic", "choice": "performance"}
    >>> found = journey(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual, rng=rng)
    >>> found.worst.name, found.worst.sure, found.last, found.mean.value
    ('receive', True, 'receive', 0.575)
    """
    stop, names = _touchpoints(judged) if by_touchpoint else _stages(judged)
    judging = judged.polarity != WISHED
    if not names or not (judging & (stop >= 0)).any():
        return NotEnough(n=0, needed=1, why="nobody says how it was at any stop")
    expected = expected_draws(contrast, asymmetries=asymmetries, usual_kinds=usual_kinds, rng=rng)
    stops = stops_of(judged, stop=stop, names=names, contrast=contrast, expected=expected, level=level)
    known = stops.known()
    last = known[-1] if known and not by_touchpoint else None
    lowest = min(known, key=lambda place: stops.got[0, place], default=None)
    return Journey(
        stops=_rated([journey_stop(stops, place) for place in range(len(names))]),
        worst=_peak(stops, known, sign=1.0),
        best=_peak(stops, known, sign=-1.0),
        last=None if last is None else names[last],
        mean=_mean(stops, known),
        remembered=_mean(stops, [] if last is None or lowest is None else [lowest, last], least=2),
        bad_end=NotEnough(0, LEAST_JOURNEYS, "touchpoints have no order")
        if by_touchpoint
        else _bad_end(judged, stop=stop, drawn=contrast.drawn, level=level),
    )


def _rated(stops: Sequence[JourneyStop]) -> tuple[JourneyStop, ...]:
    """The stops with what their gaps are worth among all of them."""
    known = {place: stop.gap for place, stop in enumerate(stops) if isinstance(stop.gap, Estimate)}
    rates = benjamini_hochberg([interval_p(gap) for gap in known.values()]).tolist()
    rate = dict(zip(known, rates, strict=True))
    return tuple(replace(stop, rate=rate.get(place)) for place, stop in enumerate(stops))


def _stages(judged: Judgements) -> tuple[Codes, tuple[str, ...]]:
    """The seven stages in their order, each with the mentions at its touchpoints and of its expectations."""
    usual = np.array([STAGES.index(stage) if stage in STAGES else -1 for stage in judged.stages] or [-1])
    placed = [judged.touchpoint_stages.get(name) for name in judged.touchpoints]
    chosen = np.array([STAGES.index(stage) if stage else -1 for stage in placed] or [-1])
    here = chosen[judged.touchpoint]
    return np.where(here >= 0, here, usual[judged.expectation]).astype(np.int64), STAGES


def _touchpoints(judged: Judgements) -> tuple[Codes, tuple[str, ...]]:
    """Touchpoints that are no stages: those with most mentions, by name."""
    counts = np.bincount(judged.touchpoint, minlength=len(judged.touchpoints))
    own = [place for place, name in enumerate(judged.touchpoints) if name not in STAGES]
    kept = sorted(sorted(own, key=lambda place: -counts[place])[:MOST_TOUCHPOINTS])
    places = np.full(max(1, len(judged.touchpoints)), -1, dtype=np.int64)
    places[kept] = np.arange(len(kept))
    return places[judged.touchpoint], tuple(judged.touchpoints[place] for place in kept)


def _peak(stops: Stops, known: Sequence[int], *, sign: float) -> Peak | None:
    """The lowest stop, or with sign −1 the highest; None with fewer than two to compare."""
    if len(known) < 2:
        return None
    first = min(known, key=lambda place: sign * stops.got[0, place])
    beyond = {place: _difference(stops, first, place) for place in known if place != first}
    near = max(beyond, key=lambda place: _reach(beyond[place], sign))
    perhaps = tuple(stops.names[place] for place in beyond if _reach(beyond[place], sign) >= 0.0)
    return Peak(
        name=stops.names[first],
        sure=not perhaps,
        against=stops.names[near],
        difference=beyond[near],
        perhaps=perhaps,
    )


def _reach(difference: Estimate, sign: float) -> float:
    """How far the interval reaches towards the other stop lying beyond."""
    return difference.high if sign > 0.0 else -difference.low


def _difference(stops: Stops, one: int, other: int) -> Estimate:
    """Share met at one stop minus at another, as wide as two separate shares or their draws make it."""
    first, second = stops.got_at(one), stops.got_at(other)
    draws = stops.got[:, one] - stops.got[:, other]
    n = int(stops.voices[one] + stops.voices[other])
    found = stops.estimate(draws, n=n)
    if isinstance(first, Estimate) and isinstance(second, Estimate):
        found = widest(found, share_difference(first, second))
    return found


def _mean(stops: Stops, places: Sequence[int], *, least: int = 1) -> Estimate | NotEnough:
    if len(places) < least:
        return NotEnough(n=len(places), needed=least, why="too few stops have enough voices")
    # The worst may be the last: then it counts twice, as it does in memory.
    return stops.estimate(stops.got[:, list(places)].mean(axis=1), n=int(stops.voices[list(places)].sum()))


def _bad_end(judged: Judgements, *, stop: Codes, drawn: Floats, level: float) -> Estimate | NotEnough:
    """Rating where only the end was unmet, minus where only something before it was."""
    used = (judged.polarity != WISHED) & (stop >= 0)
    count = int(stop.max()) + 1
    cell = judged.voice[used] * count + stop[used]
    told = np.bincount(cell, minlength=judged.voices * count).reshape(-1, count)
    met = np.bincount(cell, weights=MET_SHARE[judged.polarity[used]], minlength=told.size)
    bad = (told > 0) & (met.reshape(told.shape) < told / 2.0)
    end = count - 1 - np.argmax(told[:, ::-1] > 0, axis=1)
    bad_end = bad[np.arange(end.size), end]
    only_end = bad_end & (bad.sum(axis=1) == 1)
    only_before = ~bad_end & (bad.sum(axis=1) > 0)
    several = ((told > 0).sum(axis=1) > 1) & np.isfinite(judged.rating)
    groups = [several & only_end, several & only_before]
    few = min(int(group.sum()) for group in groups)
    if few < LEAST_JOURNEYS:
        return NotEnough(few, LEAST_JOURNEYS, "too few voices tell of several stages with one side unmet")
    every = np.vstack([np.ones(drawn.shape[1]), drawn])
    means = [_rating(judged, group, every) for group in groups]
    draws = means[0] - means[1]
    usable = draws[1:][np.isfinite(draws[1:])]
    n = sum(int(group.sum()) for group in groups)
    return percentile_interval(usable, value=float(draws[0]), n=n, level=level)


def _rating(judged: Judgements, group: Floats, every: Floats) -> Floats:
    """Mean rating of a group in each round; NaN where the round draws nobody of it."""
    block, blocks = judged.block[group], every.shape[1]
    total = every @ np.bincount(block, weights=judged.rating[group], minlength=blocks)
    number = every @ np.bincount(block, minlength=blocks).astype(np.float64)
    found: Floats = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0.0)
    return found

"""Announces waits as a line goes on: told of every arrival, service and departure, it knows no more."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from forvent.adjust.history import Floats
from forvent.adjust.waiting.announced import check_grid, is_due, rounded_down, rounded_up
from forvent.adjust.waiting.blend import Blend, Standing, WaitSettings
from forvent.adjust.waiting.censored import Patience
from forvent.adjust.waiting.estimators import ESTIMATORS, point_estimates
from forvent.adjust.waiting.learned import DAY_S, HOUR_S, Features, LearnedWait
from forvent.adjust.waiting.line import Line
from forvent.adjust.waiting.scale import from_scale, to_scale
from forvent.errors import BadOption
from forvent.records import NotEnough, WaitRange
from forvent.stats.level import check_level


@dataclass(slots=True, eq=False)
class _Case:
    """One person in line."""

    arrived: float
    hour: int
    features: Floats
    standings: tuple[Standing, ...]
    first: WaitRange | None = None
    told: WaitRange | None = None


def _check(settings: WaitSettings) -> None:
    """Refuse settings with which nothing could be learned."""
    check_grid(settings.grid)
    for name in ("window", "scores", "refit_every", "warm_up", "sharpness"):
        value = getattr(settings, name)
        if not value > 0:
            raise BadOption(f"The setting {name} is {value}.", hint="Give a number above 0.")
    if not 0.0 < settings.decay < 1.0:
        raise BadOption(f"The setting decay is {settings.decay}.", hint="Give a share between 0 and 1.")


class WaitForecaster:
    r"""Wait that a person in line stays under, or the range it falls into, with a promised level.

    It is told of arrivals, service starts and departures in the order of time, and announces at each
    arrival from earlier events alone. The level holds on average over those who stay, in every hour of
    the day with enough cases, as long as waits change no faster than the adaptive levels follow; it does not
    hold for every single state of the line.

    Parameters
    ----------
    level
        Share of waits to lie in what is announced, inside (0, 1).
    two_sided
        Announce a range "from … to …" (equal shares below and above) and not only "at most".
    columns
        Names of further columns that the learned estimator may use.
    settings
        How it learns and rounds.

    Raises
    ------
    BadOption
        If the level is not inside (0, 1), or a setting cannot be used.

    Source
    ------
    Gibbs & Candès (2021), Advances in Neural Information Processing Systems 34, 1660–1672.

    Examples
    --------
    Before waits are known there is nothing to announce:

    >>> line = WaitForecaster(level=0.9)
    >>> line.arrive("first", at=0.0).why
    'too few waits are known'
    >>> line.served("first", at=40.0)
    """

    def __init__(
        self,
        *,
        level: float = 0.9,
        two_sided: bool = False,
        columns: tuple[str, ...] = (),
        settings: WaitSettings | None = None,
    ) -> None:
        check_level(level)
        self._settings = settings or WaitSettings()
        _check(self._settings)
        self._level = level
        sides = ((1.0 - level) / 2.0, (1.0 + level) / 2.0) if two_sided else (level,)
        self._blends = [Blend(side, said_level=level, settings=self._settings) for side in sides]
        self._line = Line()
        self._cases: dict[Hashable, _Case] = {}
        self._features = Features(columns)
        self._learned = LearnedWait(sides, refit_every=self._settings.refit_every)
        self._patience = Patience(size=self._settings.scores)

    def arrive(
        self, key: Hashable, *, at: float, columns: Mapping[str, float | str] | None = None
    ) -> WaitRange | NotEnough:
        """What to tell somebody who joins the line now.

        Parameters
        ----------
        key
            Name of the case while it is in line.
        at
            Now, seconds since 1970; never before an earlier event.
        columns
            What is known of the case; a missing value is NaN, "" or absent.

        Returns
        -------
        WaitRange or NotEnough
            Seconds after joining.

        Raises
        ------
        BadOption
            If the key is in line already, or the clock went back.

        Source
        ------
        Our own definition, docs/formulas/adjust-waiting.md#blend.

        Examples
        --------
        >>> WaitForecaster().arrive("first", at=0.0).n
        0
        """
        state = self._line.state(at)
        self._line.arrive(key, at=at)
        points = point_estimates(state)
        features = self._features.row(state, points=points, at=at, values=columns or {})
        places = to_scale(points)
        hour = int(at % DAY_S // HOUR_S)
        waited = self._waited(at)
        still = list(self._cases.values())
        standings = tuple(
            blend.standing(
                places,
                learned=learned,
                still=[case.standings[side] for case in still],
                waited=waited,
                hour=hour,
            )
            for side, (blend, learned) in enumerate(
                zip(self._blends, self._learned.points(features), strict=True)
            )
        )
        case = _Case(at, hour, features, standings)
        self._cases[key] = case
        if self._blends[-1].n < self._settings.warm_up:
            return NotEnough(self._blends[-1].n, self._settings.warm_up, "too few waits are known")
        case.first = self._range(tuple(one.exact for one in standings), said=standings[-1].said, case=case)
        case.told = case.first
        return case.first

    def served(self, key: Hashable, *, at: float) -> None:
        """Somebody's wait ended with service.

        Parameters
        ----------
        key
            The case, which is in line.
        at
            Now, seconds since 1970.

        Raises
        ------
        BadOption
            If the case is not in line, or the clock went back.

        Source
        ------
        Our own definition, docs/formulas/adjust-waiting.md#known.

        Examples
        --------
        >>> line = WaitForecaster()
        >>> _ = line.arrive("first", at=0.0)
        >>> line.served("first", at=9.0)
        """
        self._end(key, at=at, served=True)

    def left(self, key: Hashable, *, at: float) -> None:
        """Somebody gave up: the wait is known only to be longer than this.

        Parameters
        ----------
        key
            The case, which is in line.
        at
            Now, seconds since 1970.

        Raises
        ------
        BadOption
            If the case is not in line, or the clock went back.

        Source
        ------
        Our own definition, docs/formulas/adjust-waiting.md#known.

        Examples
        --------
        >>> line = WaitForecaster()
        >>> _ = line.arrive("first", at=0.0)
        >>> line.left("first", at=9.0)
        """
        self._end(key, at=at, served=False)

    def announce(self, key: Hashable, *, at: float) -> WaitRange | NotEnough:
        """What holds now for somebody in line: the last that was said, or, where it matters, a new range.

        The new range is that of waits that had lasted as long already, compared with what was thought
        of the case when it arrived. It is said only when the old limit has run out or the new
        one differs by more than a step of the grid and more than the material share.

        Parameters
        ----------
        key
            The case, which is in line.
        at
            Now, seconds since 1970.

        Returns
        -------
        WaitRange or NotEnough
            The very same record as before where nothing new is to be said.

        Raises
        ------
        BadOption
            If the case is not in line, or the clock went back.

        Source
        ------
        Our own definition, docs/formulas/adjust-waiting.md#said-anew.

        Examples
        --------
        >>> line = WaitForecaster()
        >>> _ = line.arrive("first", at=0.0)
        >>> line.announce("first", at=9.0).needed
        50
        """
        case = self._in_line(key)
        self._line.pass_to(at)
        if case.told is None:
            return NotEnough(self._blends[-1].n, self._settings.warm_up, "too few waits are known")
        waited = at - case.arrived
        place = float(to_scale(waited))
        exact = tuple(
            blend.later(place, of=one, hour=case.hour, said=False)
            for blend, one in zip(self._blends, case.standings, strict=True)
        )
        said = self._blends[-1].later(place, of=case.standings[-1], hour=case.hour, said=True)
        new = self._range(exact, said=said, case=case, waited_s=waited)
        limit = float(from_scale(said))
        chosen = self._settings
        if is_due(
            case.told.high_s, new_s=limit, waited_s=waited, grid=chosen.grid, share=chosen.material_share
        ):
            case.told = new
        return case.told

    def quantiles(self, key: Hashable) -> dict[str, tuple[float, ...]]:
        """What each estimator made of a case in line when it arrived, as quantiles.

        Parameters
        ----------
        key
            The case, which is in line.

        Returns
        -------
        dict
            Seconds by estimator, one for each side of the range.

        Raises
        ------
        BadOption
            If the case is not in line.

        Source
        ------
        Our own definition, docs/formulas/adjust-waiting.md#blend.

        Examples
        --------
        >>> line = WaitForecaster()
        >>> _ = line.arrive("first", at=0.0)
        >>> line.quantiles("first")["queue_length"]
        (0.0,)
        """
        rows = np.array([one.quantiles for one in self._in_line(key).standings])
        seconds = from_scale(rows).T.tolist()
        return {name: tuple(found) for name, found in zip(ESTIMATORS, seconds, strict=True)}

    def _in_line(self, key: Hashable) -> _Case:
        if key not in self._cases:
            raise BadOption(f"The case {key!r} is not in line.", hint="Tell of the arrival first.")
        return self._cases[key]

    def _waited(self, at: float) -> Floats:
        arrived = np.array([case.arrived for case in self._cases.values()], dtype=np.float64)
        return to_scale(at - arrived)

    def _range(
        self, exact: tuple[float, ...], *, said: float, case: _Case, waited_s: float = -1.0
    ) -> WaitRange:
        """Range as it is said, from logs of both sides; a limit that is over already is no limit."""
        grid = self._settings.grid
        seconds = from_scale(exact).tolist()
        low = seconds[0] if len(seconds) == 2 else 0.0
        high = rounded_up(float(from_scale(said)), grid=grid)
        if high <= waited_s:
            high = rounded_up(waited_s + 1.0, grid=grid)
        return WaitRange(
            low_s=rounded_down(min(low, high), grid=grid),
            high_s=high,
            exact_low_s=low,
            exact_high_s=seconds[-1],
            level=self._level,
            leaned_on=ESTIMATORS[case.standings[-1].leans_on],
            n=self._blends[-1].n,
        )

    def _end(self, key: Hashable, *, at: float, served: bool) -> None:
        """A wait came to its end; only now do its announcement and its estimators get their marks."""
        case = self._in_line(key)
        wait = self._line.end(key, at=at, served=served)
        del self._cases[key]
        for blend, one in zip(self._blends, case.standings, strict=True):
            blend.learn(one, wait_s=wait, served=served, hour=case.hour, patience=self._patience)
        if case.first is not None:
            low, high = case.first.low_s, case.first.high_s
            weight = self._patience.weight(wait, served=served, limit_s=high)
            self._blends[-1].feed_said(case.hour, kept=low <= wait <= high, weight=weight)
        self._patience.add(wait, left=not served)
        self._learned.remember(case.features, wait_s=wait, served=served)

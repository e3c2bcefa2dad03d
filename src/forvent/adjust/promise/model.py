"""A learned promise: offers to single cases, without any library that learns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from forvent.adjust.history import Floats
from forvent.adjust.lengths import SECONDS, round_to_say
from forvent.adjust.promise.blend import blended_one
from forvent.adjust.promise.columns import HOUR_OF_DAY, PROMISED, WEEKDAY, Columns
from forvent.adjust.promise.shapes import OWN, OWN_UPPER, SAME, SHAPES, Learned
from forvent.errors import BadOption, TooFewObservations
from forvent.records import BothClocks, Estimate, NotEnough, Offer, Reason

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

Given = Mapping[str, str | float | None]
_Way = tuple[int, tuple[float, float], float]

#: Cases that a group needs so that an offer names it as "like this one".
LEAST_LIKE = 20
#: Reasons that move a promise by less than this share of it are not worth a word.
LEAST_MOVE = 0.01
#: Every way has its say, as along the record: a median moves by days where some are left out.
LEAST_TRUST = 0.0
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, eq=False)
class PromiseModel:
    """What a record supports, frozen at ``as_of`` (seconds since 1970 UTC).

    ``offsets`` of shape (2, shapes, half-lives) lift what is expected to the promise and to the
    target; ``trust`` of shape (ways,) weighs them. ``factors`` stretch the promises of groups,
    one table for each column of ``groups``. ``like`` counts past cases by their levels of the
    text columns, from the first column on. ``kept`` is what the same way of promising kept along the
    record it was learned on. ``usual`` is the commonest level of each text column. ``timed``: the
    amount is time that passes by itself, counted on ``calendar`` where there is one.
    """

    learned: Learned
    offsets: Floats
    trust: Floats
    groups: tuple[str, ...]
    factors: tuple[Mapping[str, float], ...]
    like: Mapping[tuple[str, ...], int]
    unit: str
    by_day: bool
    level: float
    target_level: float
    lowest: float
    n: int
    first: float
    as_of: float
    kept: Estimate | NotEnough
    usual: Mapping[str, str]
    timed: bool
    calendar: Calendar | None

    @property
    def columns(self) -> Columns:
        """The columns that the model was learned on."""
        return self.learned.columns

    @property
    def follows_promised(self) -> bool:
        """Whether the company's own promise moves what is offered, even where it was the same to all."""
        theirs = [place for place, shape in enumerate(SHAPES) if shape.goal in (OWN, OWN_UPPER)]
        return bool(np.isfinite(self.offsets[0, theirs]).any())

    @property
    def zone(self) -> str:
        """Time zone of the opening hours; UTC without a calendar."""
        return "UTC" if self.calendar is None else self.calendar.zone

    def offer(self, given: Given, *, at: datetime, explain: bool = False) -> Offer:
        """Promise to one case that begins at a moment.

        Parameters
        ----------
        given
            Column → value; what is not given counts as missing, a level not learned as unknown.
            "promised" is the company's own promise, in the unit of the model.
        at
            When the case begins; UTC where it names no zone.
        explain
            Whether to say which columns moved the promise.

        Returns
        -------
        Offer
            With the exact promise and what is told, rounded to the safe side, on both clocks.

        Raises
        ------
        BadOption
            If a value of a column of numbers is text, or the calendar never opens for so long.
        TooFewObservations
            If nothing the model rests on says anything of such a case.

        Source
        ------
        Our own definition, docs/formulas/adjust-engine.md#offer.

        Examples
        --------
        A case a week that takes one to ten hours in turn. Nothing else is known, so every case gets the same:

        >>> from forvent.adjust.history import History, elapsed
        >>> from forvent.adjust.promise.learn import learn
        >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
        >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
        >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
        >>> offer = learn(record, level=0.8).offer({}, at=datetime(1972, 1, 1, 9))
        >>> offer.upper, offer.unit, offer.due
        (9.0, 'hour', datetime.datetime(1972, 1, 1, 18, 0))
        """
        at = at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
        known = self._known(given, at)
        exact, target = self._exact(known)
        if not math.isfinite(exact):
            raise TooFewObservations(
                "The model can say nothing of such a case.",
                hint="Give the columns it was learned on; or fit it at a lower level, "
                "or with more closed cases.",
            )
        upper = exact if self.by_day else self._say(exact)
        both = self._on_both_clocks(at, upper)
        return Offer(
            upper=upper,
            exact=exact,
            unit=self.unit,
            level=self.level,
            by_day=self.by_day,
            target=target if self.by_day else self._say(target, down=True),
            target_level=self.target_level,
            like=self._like(known),
            n=self.n,
            reasons=self._reasons(known, exact) if explain else (),
            notes=self.notes,
            due=None if both is None else both.due,
            working=None if both is None or self.calendar is None else both.working,
            around_the_clock=None if both is None else both.around_the_clock,
            zone="" if self.calendar is None else self.zone,
        )

    def _known(self, given: Given, at: datetime) -> dict[str, str | float | None]:
        numbers = {PROMISED, *(column.name for column in self.columns.numbers)}
        for name, value in given.items():
            if name in numbers and isinstance(value, str):
                raise BadOption(
                    f"“{value}” is no number, but the model was learned on numbers in “{name}”.",
                    hint="Give a number, or leave the column out.",
                )
        return {**given, WEEKDAY: float(at.weekday()), HOUR_OF_DAY: float(at.hour)}

    def _exact(self, known: Given) -> tuple[float, float]:
        """Promise and target before rounding."""
        expected = self._expected(known)
        factor = 1.0
        for column, factors in zip(self.groups, self.factors, strict=True):
            factor *= factors.get(str(known.get(column) or ""), 1.0)
        promised, target = (self._blended(expected, place) * factor for place in (0, 1))
        target = min(promised, target) if math.isfinite(target) else promised
        if self.by_day and math.isfinite(promised):
            return float(math.floor(promised + 1e-9)), float(math.floor(target + 1e-9))
        return promised, target

    def _blended(self, expected: Sequence[float], place: int) -> float:
        # Of a case about which the trusted ways know nothing, the others may: no promise of the company, say.
        return next(
            (
                promised
                for ways in self._ways
                if not math.isnan(promised := self._blend_of(ways, expected, place))
            ),
            math.nan,
        )

    def _blend_of(self, ways: Sequence[_Way], expected: Sequence[float], place: int) -> float:
        promises = [
            max(self.learned.scale(SHAPES[shape]).back_one(expected[shape] + offsets[place]), self.lowest)
            for shape, offsets, _ in ways
        ]
        return blended_one(promises, [trust for _, _, trust in ways])

    @cached_property
    def _ways(self) -> tuple[list[_Way], list[_Way]]:
        """The ways that count, and the others that can promise."""
        trust = self.trust.reshape(self.offsets.shape[1:])
        able = [
            (shape, (float(self.offsets[0, shape, half]), float(self.offsets[1, shape, half])), float(counts))
            for (shape, half), counts in np.ndenumerate(trust)
            if not math.isnan(self.offsets[0, shape, half])
        ]
        return [way for way in able if way[2] >= LEAST_TRUST], [way for way in able if way[2] < LEAST_TRUST]

    def _expected(self, known: Given) -> list[float]:
        row = self.columns.row(known)
        numbers = [
            column.middle if math.isnan(value) else value
            for value, column in zip(row, self.columns.numbers, strict=False)
        ]
        own = known.get(PROMISED)
        promised = math.nan if own is None else float(own)
        parts = {
            name: part.at_zero + _dot(self._slopes[name], numbers) + self._sums[name](row)
            for name, part in self.learned.parts.items()
        }
        found = []
        for shape in SHAPES:
            if shape.goal == SAME:
                found.append(0.0)
            elif shape.goal == OWN:
                found.append(shape.share * self.learned.scale(shape).to_one(promised))
            else:
                value = parts.get(shape.part, math.nan)
                found.append(promised + value if shape.goal == OWN_UPPER else shape.share * value)
        return found

    @cached_property
    def _slopes(self) -> dict[str, list[float]]:
        return {name: part.slopes.tolist() for name, part in self.learned.parts.items()}

    @cached_property
    def _sums(self) -> dict[str, Callable[[Sequence[float]], float]]:
        return {name: part.trees.one() for name, part in self.learned.parts.items()}

    def _say(self, amount: float, *, down: bool = False) -> float:
        # What may be negative (a delay) is said as it is.
        return round_to_say(amount, self.unit, down=down) if amount >= 0 else amount

    def _like(self, known: Given) -> int:
        levels = tuple(str(known.get(column.name) or "") for column in self.columns.texts)
        counts = [self.like.get(levels[:depth], 0) for depth in range(len(levels), 0, -1)]
        return next((count for count in counts if count >= LEAST_LIKE), self.n)

    def _reasons(self, known: Given, exact: float) -> tuple[Reason, ...]:
        """How far each column moves the promise from where its middle or commonest value puts it."""
        usual: dict[str, str | float | None] = {column.name: column.middle for column in self.columns.numbers}
        usual |= self.usual
        reasons = []
        for name, value in usual.items():
            without, _ = self._exact({**known, name: value})
            given = known.get(name)
            text = f"{given:g}" if isinstance(given, float) else str(given or "")
            if math.isfinite(without) and abs(exact - without) >= LEAST_MOVE * abs(exact):
                reasons.append(Reason(name, text, exact - without))
        return tuple(sorted(reasons, key=lambda reason: -abs(reason.moves)))

    def _on_both_clocks(self, at: datetime, upper: float) -> BothClocks | None:
        """When a promise is over; None where it is no time, or beyond all calendars."""
        if not self.timed:
            return None
        try:
            if self.by_day:
                due = datetime.combine(at.date() + timedelta(days=upper), _LAST_SECOND)
                return BothClocks(due=due, working=due - at, around_the_clock=due - at)
            length = timedelta(seconds=upper * SECONDS[self.unit])
            if self.calendar is None:
                return BothClocks(due=at + length, working=length, around_the_clock=length)
        except OverflowError:
            return None
        # Here and not above: a promise around the clock needs no opening hours.
        from forvent.adjust.calendar.both_clocks import due_on_both_clocks

        return due_on_both_clocks(at, calendar=self.calendar, working=length)

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of the model: that it does not keep its word."""
        if isinstance(self.kept, NotEnough) or self.kept.high >= self.level:
            return ()
        kept = self.kept
        return (
            "This model does not keep its word: along its own record such promises were kept in "
            f"{kept.value:.1%} of {kept.n} cases (between {kept.low:.1%} and {kept.high:.1%}), "
            f"not in {self.level:.1%}.",
        )


def _dot(slopes: Sequence[float], numbers: Sequence[float]) -> float:
    return sum(slope * number for slope, number in zip(slopes, numbers, strict=True))

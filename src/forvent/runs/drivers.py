"""Reading and assess joined: which touchpoints of a survey go together with overall satisfaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.assess.drivers import Answers, Cuts, Judging, answers_of, drivers, scaled_answers
from forvent.assess.drivers.answers import HIGH_FROM, LOW_UNTIL
from forvent.assess.drivers.groups import ROUNDS
from forvent.engine import Engine
from forvent.errors import BadOption, MissingColumn, NothingUsable
from forvent.reading.answer_table import AnswerTable, report_on
from forvent.reading.coded import CodedColumn, own_codes
from forvent.reading.columns import Columns
from forvent.reading.opened import Course
from forvent.reading.survey_ratings import (
    Overall,
    Rated,
    Scales,
    looks_rated,
    nobody_answered,
    overall_of,
    rated,
    scales_of,
)
from forvent.reading.tally import Tally, drops_row
from forvent.records import ReadingReport, Scale
from forvent.records.drivers import DriverDrift, DriversFound
from forvent.runs.driver_groups import drift_over, segments_by

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

#: The seed of the bootstrap: the same file gives the same numbers.
SEED = 1
#: What a rating that does not apply is written as from here on; no rating is that low.
NOT_APPLICABLE = -1e9
#: A column with more different cells than this holds no ratings; only columns asked for are read whole.
MOST_CELLS = 500
#: Given for "nothing means that it does not apply, 0 is a rating like others".
NOTHING = "none"
_ZERO = 0.0
# A scale that ends here may begin with 0 or 1; on longer ones 0 is a rating.
_SHORT_SCALE = 7.0
_FEW_ZEROS = 10
NO_OVERALL, UNREAD_OVERALL = "no overall satisfaction", "overall satisfaction that is no rating"
OUTSIDE_OVERALL, NOTHING_RATED = "overall satisfaction outside its scale", "no touchpoint rated"
UNREAD, OUTSIDE = "kept, but: no rating that can be read", "kept, but: a rating outside its scale"


@dataclass(frozen=True)
class DriverOptions:
    """How drivers are to be found; the defaults are those of the command line.

    ``touchpoints`` empty takes every column that looks like ratings. ``not_applicable`` are cells that say
    that a touchpoint does not apply; empty looks whether 0 does, ("none",) says that nothing does.
    ``by`` are columns of segments, ``time`` is the column of time, cut into periods by ``every`` (day, week,
    month, quarter, year) where it holds dates. ``good`` are the answers that count as satisfied where overall
    satisfaction is no rating. ``upside_down`` names columns whose low end is the good one. ``stated`` maps
    touchpoints to the columns in which customers say how important they are. ``low`` and ``high`` are parts
    of the scale up to and from which a rating is low and high.
    """

    touchpoints: Sequence[str] = ()
    not_applicable: Sequence[str] = ()
    good: Sequence[str] = ()
    customer: str | None = None
    stated: Mapping[str, str] = field(default_factory=dict)
    upside_down: Sequence[str] = ()
    scale: Scale | None = None
    overall_scale: Scale | None = None
    low: float = LOW_UNTIL
    high: float = HIGH_FROM
    cuts: Cuts = field(default_factory=Cuts)
    level: float = 0.95
    rounds: int = 2000
    by: Sequence[str] = ()
    time: str | None = None
    every: str | None = None


def find_drivers(
    file: Path | str, *, overall: str, now: datetime, options: DriverOptions | None = None
) -> DriversFound:
    """Importance, penalty, reward and kind of each touchpoint of a survey file.

    Parameters
    ----------
    file
        One row an answer; CSV, TSV, Excel, JSONL, JSON or Parquet, also packed.
    overall
        Column of overall satisfaction: a rating, or one of two answers.
    now
        When it is made, UTC; it is written into the result and decides nothing.
    options
        See :class:`DriverOptions`.

    Returns
    -------
    DriversFound
        What was found, with the report of the reading.

    Raises
    ------
    ForventError
        If the file, a column or an option cannot be used.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"{staff},{door},{staff}" for staff in range(1, 6) for door in range(1, 6)] * 4
    >>> with TemporaryDirectory() as home:
    ...     survey = Path(home) / "survey.csv"
    ...     _ = survey.write_text("\\n".join(["staff,door,csat", *rows]), encoding="utf-8")
    ...     found = find_drivers(survey, overall="csat", now=datetime(2026, 3, 1))
    >>> best = found.drivers.touchpoints[0]
    >>> best.name, best.kind
    ('staff', 'performance')
    """
    chosen = options or DriverOptions()
    if chosen.every is not None and chosen.time is None:
        raise BadOption("--every cuts time, and no column of time is given.", hint="Add --time COLUMN.")
    asked = _Asked(AnswerTable(file), overall=overall, options=chosen)
    usable, tally = asked.usable()
    with Engine() as engine:
        scaled = scaled_answers(
            engine.table(asked.table(usable)),
            overall=("overall", asked.satisfaction.scale),
            touchpoints={f"t{number}": scale for number, scale in enumerate(asked.turned())},
            not_applicable=NOT_APPLICABLE,
            customer="customer" if chosen.customer else None,
            kept=("row",),
        )
        rows = engine.collect(scaled)
    answers = answers_of(rows, names=tuple(asked.scales.scales), low=chosen.low, high=chosen.high)
    found = drivers(
        answers,
        overall=asked.overall,
        rng=np.random.default_rng(SEED),
        rounds=chosen.rounds,
        level=chosen.level,
        cuts=chosen.cuts,
        stated=asked.stated(),
    )
    judging = Judging(found.overall, chosen.level, chosen.cuts, min(chosen.rounds, ROUNDS))
    at = rows["row"].to_numpy()
    return DriversFound(
        made_at=now,
        drivers=found,
        reading=asked.report(tally, used=int(usable.sum())),
        zero=asked.zero,
        segments=segments_by(asked.segments(), answers=answers, rows=at, judging=judging, seed=SEED),
        drift=asked.drift(answers, rows=at, judging=judging),
    )


def _needed(overall: str, options: DriverOptions) -> dict[str, str]:
    if not overall.strip():
        raise BadOption("No column of overall satisfaction is named.", hint="Name it with --overall COLUMN.")
    needed = {overall: "overall satisfaction"}
    needed.update(dict.fromkeys((*options.touchpoints, *options.upside_down), "a touchpoint"))
    needed.update(dict.fromkeys(options.stated.values(), "stated importance"))
    needed.update(dict.fromkeys(options.by, "segments"))
    if options.time:
        needed[options.time] = "time"
    if options.customer:
        needed[options.customer] = "who answered"
    return needed


class _Asked:
    """The columns of a survey that were asked for, or found, as numbers."""

    def __init__(self, table: AnswerTable, *, overall: str, options: DriverOptions) -> None:
        self._table, self._options = table, options
        needed = {table.find(name, what=what) for name, what in _needed(overall, options).items()}
        self._rows = table.read(needed, most=MOST_CELLS)
        self._empty: list[str] = []
        self.overall = self._column(overall).name
        self.satisfaction = overall_of(self._column(overall), good=options.good, scale=options.overall_scale)
        if self._is_upside_down(self.overall):
            self.satisfaction = _turned_over(self.satisfaction)
        none = () if tuple(options.not_applicable) == (NOTHING,) else tuple(options.not_applicable)
        found = [rated(column, none=none) for column in self._touchpoints(none)]
        self.zero = self._what_zero_says(found)
        if self.zero == "not_applicable":
            found = [rated(one.column, none=("0",)) for one in found]
        self._rated = found
        self.scales: Scales = scales_of(found, given=options.scale, from_zero=self.zero != "not_applicable")

    def _column(self, name: str) -> CodedColumn:
        return self._rows.columns[self._table.find(name, what="a touchpoint")]

    def _is_upside_down(self, name: str) -> bool:
        return name in {self._column(one).name for one in self._options.upside_down}

    def _touchpoints(self, none: Sequence[str]) -> list[CodedColumn]:
        options = self._options
        if options.touchpoints:
            columns = [self._column(name) for name in dict.fromkeys(options.touchpoints)]
            if self.overall in {column.name for column in columns}:
                raise BadOption(
                    f"“{self.overall}” cannot be a touchpoint and overall satisfaction.", hint="Leave it out."
                )
            return columns
        others = {self.overall, *(self._column(name).name for name in options.stated.values())}
        apart = (*options.by, *filter(None, (options.customer, options.time)))
        others |= {self._column(name).name for name in apart}
        there = [column for column in self._rows.columns.values() if column.name not in others]
        self._empty = [column.name for column in there if not column.filled().any()]
        # Where all gave one and the same answer, what is wrong is not that columns hold no ratings.
        columns = [column for column in there if looks_rated(column, none=none)] or [
            column for column in there if looks_rated(column, none=none, least=1)
        ]
        if not columns:
            raise MissingColumn(
                f"No column of {self._table.file} looks like ratings of a touchpoint. "
                f"Its columns: {', '.join(self._table.names)}.",
                hint="Name them with --touchpoints A,B,….",
            )
        return columns

    def _what_zero_says(self, found: Sequence[Rated]) -> str:
        """Whether 0 beside 1 to 5 (or 7) is "does not apply" or the lowest rating; "" where no 0 is seen.

        As a rating it would go with satisfaction at most as high as 1 does.
        """
        if self._options.not_applicable or self._options.scale is not None:
            return ""
        short = [
            one for one in found if 1.0 < max(one.counts, default=0.0) <= _SHORT_SCALE and one.scale is None
        ]
        counts: list[tuple[Floats, Floats]] = []
        for one in short:
            given, satisfied = one.given(), self.satisfaction.given
            counts.append((satisfied[given == _ZERO], satisfied[given == _ZERO + 1.0]))
        zeros, ones = (np.concatenate([pair[side] for pair in counts] or [np.empty(0)]) for side in (0, 1))
        zeros, ones = zeros[np.isfinite(zeros)], ones[np.isfinite(ones)]
        if not zeros.size:
            return ""
        if min(zeros.size, ones.size) < _FEW_ZEROS:
            return "not_applicable"
        doubt = 2.0 * np.sqrt(zeros.var() / zeros.size + ones.var() / ones.size)
        higher = (zeros.mean() - ones.mean()) * np.sign(
            self.satisfaction.scale.high - self.satisfaction.scale.low
        )
        return "not_applicable" if higher > doubt else "rating"

    def turned(self) -> list[Scale]:
        """Scales of the touchpoints, those that are upside down turned over."""
        return [
            Scale(scale.high, scale.low) if self._is_upside_down(name) else scale
            for name, scale in self.scales.scales.items()
        ]

    def usable(self) -> tuple[Flags, Tally]:
        """Which rows can be used, and what could not be."""
        tally, numbers, satisfied = self._rows.tally(), self._rows.numbers, self.satisfaction
        inside = _inside(satisfied.given, satisfied.scale)
        blank = np.isnan(satisfied.given)
        any_rated = np.zeros(numbers.size, dtype=bool)
        for one in self._rated:
            name, given = one.column.name, one.given()
            within = _inside(given, self.scales.scales[name])
            any_rated |= within
            tally.add_rows(UNREAD, rows=numbers[one.column.where(one.unread)], column=name)
            tally.add_rows(OUTSIDE, rows=numbers[~np.isnan(given) & ~within], column=name)
        for reason, rows in (
            (NO_OVERALL, blank & ~satisfied.unread),
            (UNREAD_OVERALL, satisfied.unread),
            (OUTSIDE_OVERALL, ~blank & ~inside),
        ):
            tally.add_rows(reason, rows=numbers[rows], column=self.overall)
        tally.add_rows(NOTHING_RATED, rows=numbers[inside & ~any_rated])
        if not (inside & any_rated).any():
            unused = [one for one in tally.unusable() if drops_row(one)]
            raise NothingUsable(
                f"None of the {self._rows.rows} rows of {self._table.file} can be used: "
                f"{'; '.join(f'{one.reason} ({one.count})' for one in unused)}.",
                hint="Look at the columns that were taken for overall satisfaction and touchpoints.",
            )
        return inside & any_rated, tally

    def table(self, usable: Flags) -> pa.Table:
        """The usable rows, numbers as they were given."""
        columns = {"overall": self.satisfaction.given[usable], "row": np.flatnonzero(usable)}
        for number, one in enumerate(self._rated):
            given = one.given()
            given[one.says_none()] = NOT_APPLICABLE
            columns[f"t{number}"] = given[usable]
        arrays = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
        if self._options.customer:
            arrays["customer"] = _customers(self._column(self._options.customer), usable)
        return pa.table(arrays)

    def segments(self) -> tuple[CodedColumn, ...]:
        """The columns of segments."""
        return tuple(self._column(name) for name in dict.fromkeys(self._options.by))

    def drift(self, answers: Answers, *, rows: Codes, judging: Judging) -> DriverDrift | None:
        """Kinds over time, where a column of time was named."""
        if self._options.time is None:
            return None
        return drift_over(
            self._column(self._options.time),
            every=self._options.every,
            answers=answers,
            rows=rows,
            judging=judging,
            seed=SEED,
        )

    def stated(self) -> dict[str, Floats]:
        """What customers say of the importance of touchpoints, on one scale from 0 to 1."""
        said = {
            self._column(name).name: rated(self._column(column))
            for name, column in self._options.stated.items()
        }
        unknown = [name for name in said if name not in self.scales.scales]
        if unknown:
            raise BadOption(
                f"“{unknown[0]}” has a stated importance and is no touchpoint.",
                hint=f"Touchpoints: {', '.join(self.scales.scales)}.",
            )
        scales = scales_of(list(said.values()), given=None).scales if said else {}
        return {name: _on_scale(one.given(), scales[one.column.name]) for name, one in said.items()}

    def report(self, tally: Tally, *, used: int) -> ReadingReport:
        """How the file was read."""
        options = self._options
        mapping = {"overall": self.overall}
        if options.customer:
            mapping["customer"] = self._column(options.customer).name
        return report_on(
            self._table,
            columns=Columns(mapping, () if options.touchpoints else ("touchpoints",)),
            course=Course(tally, rows=self._rows.rows, used=used),
            notes=(
                *self._table.notes,
                *self.satisfaction.notes,
                *self.scales.notes,
                *map(nobody_answered, self._empty),
            ),
            scale=next(iter(self.scales.scales.values())),
        )


def _turned_over(satisfaction: Overall) -> Overall:
    turned = Scale(satisfaction.scale.high, satisfaction.scale.low)
    return Overall(satisfaction.given, turned, satisfaction.unread, satisfaction.notes)


def _inside(given: Floats, scale: Scale) -> Flags:
    low, high = sorted((scale.low, scale.high))
    inside: Flags = (given >= low) & (given <= high)
    return inside


def _on_scale(given: Floats, scale: Scale) -> Floats:
    rating: Floats = np.where(_inside(given, scale), (given - scale.low) / (scale.high - scale.low), np.nan)
    return rating


def _customers(column: CodedColumn, usable: Flags) -> pa.Array:
    """Number of the customer; null where nobody is named."""
    codes, filled = own_codes(column, count=usable.size)[usable], column.filled()[usable]
    return pa.array(codes, mask=~filled)

"""Reading and assess joined: what kind each feature is, from a file of a Kano questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from forvent.assess.kano import (
    KanoCells,
    Sheets,
    cell_counts,
    drift_changes,
    kano_cautions,
    kano_cells,
    kano_features,
    same_answers,
    segment_changes,
)
from forvent.assess.kano.cautions import UPSIDE_DOWN
from forvent.assess.kano.features import LEAST_STRENGTH
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.reading.kano import KanoAnswers, read_kano
from forvent.reading.kano_layout import KanoColumns
from forvent.reading.opened import Progress
from forvent.records import Kano, KanoDrift, KanoFeature, KanoGroup, KanoSegments
from forvent.stats import check_level

#: Segments of one column that are shown, those with most pairs first.
MOST_SEGMENTS = 12


@dataclass(frozen=True)
class KanoOptions:
    """How a Kano questionnaire is to be read and judged; the defaults are those of the command line.

    ``columns`` maps fields (respondent, feature, functional, dysfunctional, or FEATURE+ and FEATURE-) to
    columns. ``by`` are columns of segments, ``wave`` is the column of time, cut into periods by ``every``
    (day, week, month, quarter, year) where it holds dates. ``scale`` is the number that stands for "like" and
    the one for "dislike".
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    wave: str | None = None
    every: str | None = None
    scale: tuple[int, int] | None = None
    level: float = 0.95
    least_strength: float = LEAST_STRENGTH


def kano_kinds(
    file: Path | str, *, now: datetime, options: KanoOptions | None = None, progress: Progress | None = None
) -> Kano:
    """What kind each feature is, in all, by segment and over waves, from a file of answers.

    Parameters
    ----------
    file
        A Kano questionnaire, see :func:`forvent.reading.kano.read_kano` for its two forms.
    now
        When it is read, UTC; it is written into the result and decides nothing.
    options
        See :class:`KanoOptions`.
    progress
        Called with the rows read; the number of all rows is known at the end only.

    Returns
    -------
    Kano
        Each number with its count and interval; a kind is undecided where the answers do not carry it.

    Raises
    ------
    ForventError
        If the file cannot be read, or an option cannot be.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     path = Path(home) / "kano.csv"
    ...     rows = ["id,on time+,on time-", *(f"{number},3,5" for number in range(12))]
    ...     _ = path.write_text("\\n".join(rows) + "\\n", encoding="utf-8")
    ...     found = kano_kinds(path, now=datetime(2026, 3, 1))
    >>> [(one.feature, one.kind, one.worse.value) for one in found.features]
    [('on time', 'basic', -1.0)]
    """
    chosen = options or KanoOptions()
    check_level(chosen.level)
    if chosen.every is not None and chosen.wave is None:
        raise BadOption("--every cuts waves, and no column of waves is given.", hint="Add --wave COLUMN.")
    wanted = KanoColumns(chosen.columns, chosen.by, chosen.wave, chosen.every, chosen.scale)
    answers = read_kano(file, wanted=wanted, progress=progress)
    with Engine() as engine:
        return _judged(engine, answers, options=chosen, now=now)


def _judged(engine: Engine, answers: KanoAnswers, *, options: KanoOptions, now: datetime) -> Kano:
    table = engine.table(answers.table)
    by = [name for name in answers.table.column_names if name.startswith("by ")]
    groupings = [*by, *(["wave"] if answers.waves else [])]
    same, *grouped = engine.collect_all(
        [same_answers(table), *(kano_cells(table, by=column) for column in groupings or [None])]
    )
    tables = [_in_order(cell_counts(one, features=answers.features), answers.features) for one in grouped]
    # Each grouping holds all pairs, those without a group too.
    cells = tables[0].counts.sum(axis=0)
    sheets = _sheets(same.to_pylist()[0], cells)
    cautions = kano_cautions(cells, sheets=sheets, scale_known=options.scale is not None)
    judge = _Judge(answers.features, options, turned=UPSIDE_DOWN in cautions)
    return Kano(
        made_at=now,
        features=judge.features(cells[np.newaxis])[0],
        sheets=sheets.count,
        unanswered={
            name: sheets.count - int(one.sum()) for name, one in zip(answers.features, cells, strict=True)
        },
        same=sheets.same,
        scale=answers.scale,
        cautions=cautions,
        level=options.level,
        false_share=round(1.0 - options.level, 9),
        least_strength=options.least_strength,
        file=answers.report,
        segments=tuple(
            judge.segments(one, column=name.removeprefix("by "))
            for name, one in zip(by, tables, strict=False)
        ),
        drift=judge.drift(tables[-1], answers, column=options.wave or "") if answers.waves else None,
    )


@dataclass(frozen=True)
class _Judge:
    """Judges tables of the same features in the same way."""

    names: tuple[str, ...]
    options: KanoOptions
    turned: bool

    def features(self, cells: np.ndarray) -> list[tuple[KanoFeature, ...]]:
        """The features of each group; all groups are one family of comparisons."""
        size = len(self.names)
        found = kano_features(
            cells.reshape(-1, 5, 5),
            names=self.names * cells.shape[0],
            level=self.options.level,
            least_strength=self.options.least_strength,
            turned=self.turned,
        )
        return [found[start : start + size] for start in range(0, len(found), size)]

    def segments(self, table: KanoCells, *, column: str) -> KanoSegments:
        """The segments with most pairs, each beside all others that are known."""
        pairs = table.counts.sum(axis=(1, 2, 3))
        known = [place for place, name in enumerate(table.groups) if name is not None]
        shown = sorted(known, key=lambda place: -pairs[place])[:MOST_SEGMENTS]
        changes = segment_changes(table.counts[known], names=self.names, level=self.options.level)
        by_place = dict(zip(known, changes, strict=True))
        return KanoSegments(
            column=column,
            segments=tuple(
                KanoGroup(table.groups[place] or "", features, by_place[place])
                for place, features in zip(shown, self.features(table.counts[shown]), strict=True)
            ),
            left_out=int(pairs.sum() - pairs[shown].sum()),
        )

    def drift(self, table: KanoCells, answers: KanoAnswers, *, column: str) -> KanoDrift:
        """The waves in the order of time, and how far they moved."""
        there = [place for place, label in enumerate(answers.waves) if label in table.groups]
        places = [table.groups.index(answers.waves[place]) for place in there]
        cells = table.counts[places]
        changes = drift_changes(
            cells, names=self.names, at=[answers.at[place] for place in there], level=self.options.level
        )
        return KanoDrift(
            column=column,
            waves=tuple(
                KanoGroup(answers.waves[place], features)
                for place, features in zip(there, self.features(cells), strict=True)
            ),
            changes=changes,
            left_out=int(table.counts.sum() - cells.sum()),
        )


def _in_order(table: KanoCells, features: Sequence[str]) -> KanoCells:
    """Features in the order of the file."""
    places = [table.features.index(name) for name in features]
    return KanoCells(table.groups, tuple(features), table.counts[:, places])


def _sheets(same: Mapping[str, int], cells: np.ndarray) -> Sheets:
    count = same["sheets"]
    return Sheets(count=count, same=same["same"] or 0, lacking=count * cells.shape[0] - int(cells.sum()))

"""Rows of a Kano questionnaire → pairs of answers."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import BadOption, UnreadableFile
from forvent.reading.columns import Columns
from forvent.reading.formats import open_rows
from forvent.reading.kano_desk import NO_WAVE, KanoDesk
from forvent.reading.kano_layout import KanoColumns, Layout, kano_layout
from forvent.reading.kano_waves import Waves, waves_of
from forvent.reading.kano_words import UNKNOWN, AnswerScale
from forvent.reading.opened import Opened, Progress, report_of
from forvent.reading.tally import KEPT
from forvent.records import ReadingReport
from forvent.tables import KANO_ANSWERS, TEXT, arrow_schema

_TELL_EVERY = 20_000
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class KanoAnswers:
    """Pairs of answers of one file.

    ``table`` has the columns of ``tables.KANO_ANSWERS`` and, for each column of ``by``, one more of that name
    behind "by ". ``features`` are in the order of the file. ``waves`` are the labels in the order of time and
    ``at`` when they were; both empty where no wave was asked for. ``scale`` is empty where all answers are
    words.
    """

    table: pa.Table
    features: tuple[str, ...]
    waves: tuple[str, ...]
    at: tuple[float, ...]
    scale: str
    report: ReadingReport


def read_kano(
    path: Path | str, *, wanted: KanoColumns | None = None, progress: Progress | None = None
) -> KanoAnswers:
    """Pairs of answers of a Kano questionnaire, each sheet and feature once.

    Two forms are read: a row a pair, with columns for respondent, feature, functional and dysfunctional; or a
    row a respondent, with two columns a feature, FEATURE+ (or "FEATURE functional") and FEATURE-. Answers are
    numbers, 1 (like) to 5 (dislike), or words in six languages. Where a respondent answers a feature twice in
    one wave, the last answer counts. Rows that cannot be used are counted with their numbers.

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    wanted
        Columns, segments, waves and scale; missing: guessed by the names of the columns, without segments
        and waves.
    progress
        Called with the rows read; the number of all rows is known at the end only.

    Returns
    -------
    KanoAnswers
        Whole pairs only; wave and segments are null where unknown.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there, or no pair of columns is found.
    BadOption
        If a field, scale, period or column of segments cannot be.
    NothingUsable
        If no pair is whole.

    Source
    ------
    Our own definition, ``docs/kano.md``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "kano.csv"
    ...     _ = path.write_text("id,chat+,chat-\\na,1,5\\nb,I like it,neutral\\nc,1,\\n", encoding="utf-8")
    ...     answers = read_kano(path)
    >>> answers.table.select(["feature", "functional", "dysfunctional"]).to_pylist()[1]
    {'feature': 'chat', 'functional': 1, 'dysfunctional': 3}
    >>> [(entry.reason, entry.rows) for entry in answers.report.unusable]
    [('no pair with both questions answered', (4,))]
    """
    chosen = wanted or KanoColumns()
    scale = _scale(chosen.scale)
    file = Path(path).name
    source = open_rows(Path(path))
    layout = kano_layout(source.names, given=chosen.columns, file=file)
    desk = KanoDesk(layout, names=source.names, wanted=chosen, scale=scale, file=file)
    for row in source.rows():
        desk.take(row)
        if progress is not None and desk.course.rows % _TELL_EVERY == 0:
            progress(desk.course.rows, None)
    rows = desk.course.rows
    if rows == 0:
        raise UnreadableFile(f"{file} has a header but no rows.", hint="Choose a file with at least one row.")
    if progress is not None:
        progress(rows, rows)
    opened = Opened(file, source, Columns(desk.mapping, layout.guessed), rows)
    return _answers(desk, opened=opened, layout=layout, every=chosen.every)


def _scale(given: tuple[int, int] | None) -> AnswerScale:
    if given is None:
        return AnswerScale()
    if abs(given[0] - given[1]) != 4:
        raise BadOption(
            f"A scale from {given[0]} to {given[1]} has not five answers.",
            hint="Say what stands for like and for dislike: 1..5, or 5..1 where 5 is like.",
        )
    return AnswerScale(*given)


def _answers(desk: KanoDesk, *, opened: Opened, layout: Layout, every: str | None) -> KanoAnswers:
    """All whole pairs, each sheet and feature once, with the report of the reading."""
    waves = Waves((), (), (), "")
    if desk.wave_column is not None:
        waves = waves_of(list(desk.waves), every=every, column=desk.wave_column)
    wave = _taken(np.array(waves.place, dtype=np.int64), _codes(desk.wave))
    sheet = _sheets(_codes(desk.respondent), wave)
    rows, feature = _codes(desk.pair_row), _codes(desk.feature)
    kept = _last(sheet[rows], feature)
    rows, feature = rows[kept], feature[kept]
    _count(desk, used=rows, wave=wave)
    columns = [
        pa.array(sheet[rows]),
        _text(desk.features.names, feature),
        pa.array(np.array(desk.functional, dtype=np.int8)[kept]),
        pa.array(np.array(desk.dysfunctional, dtype=np.int8)[kept]),
        _text(waves.labels, wave[rows]),
    ]
    names = list(arrow_schema(KANO_ANSWERS).names)
    for column, known, codes in zip(desk.by, desk.segment_names, desk.segments, strict=True):
        columns.append(_text(known.names, _codes(codes)[rows]))
        names.append(f"by {column}")
    return KanoAnswers(
        table=pa.Table.from_arrays(columns, names=names),
        features=tuple(desk.features.names),
        waves=waves.labels,
        at=waves.at,
        scale=desk.scale.name if desk.numbers else "",
        report=report_of(opened, course=desk.course, notes=_notes(desk, opened, layout, waves)),
    )


def _count(desk: KanoDesk, *, used: Codes, wave: Codes) -> None:
    """Rows of which an answer is left count as used, the others were repeated."""
    places = np.unique(used)
    desk.course.used = int(places.size)
    desk.course.repeated = len(desk.row) - int(places.size)
    if desk.wave_column is not None:
        for place in places[wave[places] < 0].tolist():
            desk.course.tally.add(KEPT + NO_WAVE, row=desk.row[place], column=desk.wave_column)


def _notes(desk: KanoDesk, opened: Opened, layout: Layout, waves: Waves) -> list[str]:
    notes = [*opened.source.notes, *layout.notes]
    if waves.labels:
        kind = f"a {waves.period} each" if waves.period else "by name"
        shown = ", ".join(waves.labels[:8]) + (", …" if len(waves.labels) > 8 else "")
        notes.append(f"Waves in this order ({kind}): {shown}.")
    if layout.respondent is None:
        notes.append("No column names the respondents: each row was taken for another one.")
    if desk.course.repeated:
        hint = "" if desk.wave_column else " If they are waves, name their column with --wave."
        notes.append(
            f"Rows answered again further down by the same respondent: {desk.course.repeated}; "
            f"the last answer counts.{hint}"
        )
    if 0 in desk.numbers and desk.scale.answer(0) == UNKNOWN and 5 not in desk.numbers:
        notes.append("There are answers 0 but none 5: say --scale 0..4 if 0 stands for like.")
    return notes


def _codes(values: array[int]) -> Codes:
    return np.array(values, dtype=np.int64)


def _taken(table: Codes, codes: Codes) -> Codes:
    """Entries of a table by code; −1 for the code −1."""
    return np.where(codes < 0, -1, table[codes]) if table.size else np.full(codes.size, -1, dtype=np.int64)


def _sheets(respondent: Codes, wave: Codes) -> Codes:
    """One number a respondent and wave; whoever is unknown has a sheet of their own."""
    own = np.where(respondent < 0, respondent.max(initial=-1) + 1 + np.arange(respondent.size), respondent)
    _, sheet = np.unique(own * (wave.max(initial=-1) + 2) + wave + 1, return_inverse=True)
    return sheet.astype(np.int64)


def _last(sheet: Codes, feature: Codes) -> Codes:
    """Positions of the last pair of each sheet and feature, in the order of the file."""
    key = sheet * (feature.max(initial=-1) + 1) + feature
    if np.all(key[1:] > key[:-1]):
        # Most files: nobody answers twice, and there is nothing to sort.
        return np.arange(key.size)
    _, first_from_end = np.unique(key[::-1], return_index=True)
    kept: Codes = np.sort(key.size - 1 - first_from_end)
    return kept


def _text(names: Sequence[str], codes: Codes) -> pa.Array:
    """Names by code, null for −1; kept as codes, for a million sheets have only so many names."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), TEXT))

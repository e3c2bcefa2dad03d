"""A file of known margins: what share of all customers is in each group of each column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from forvent.errors import BadOption, MissingColumn
from forvent.reading.cells import Cell, as_text, value_of
from forvent.reading.header_words import EXACT, field_words, name_score
from forvent.reading.opened import look_through
from forvent.reading.quantities import NumberStyle, number_style, read_number
from forvent.reading.rows import Row

HINT = "A file of margins has the columns column, group and share (or percent, or count)."
_AMOUNTS = ("share", "percent", "count")
# Shares are printed with few digits: 0.333 three times is meant to be all.
_ROUNDED = 0.005


def read_margins(path: Path | str) -> Mapping[str, Mapping[str, float]]:
    """Known shares by column and group, from a file with the columns column, group and share.

    In place of ``share`` may stand ``percent`` or ``count``. Shares must sum to 1 (percent to 100) up to half
    a percent of rounding, which is then taken away; counts of all columns must have one sum, alike.

    Parameters
    ----------
    path
        CSV, TSV, Excel, JSONL or Parquet.

    Returns
    -------
    Mapping
        Column → group → share in 0–1; the shares of a column sum to 1.

    Raises
    ------
    UnreadableFile
        If it is no table.
    MissingColumn
        If one of the three columns is not there.
    BadOption
        If an amount is no number from 0 on, a group stands twice, or the amounts do not add up.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "known.csv"
    ...     _ = file.write_text("column,group,percent\\nsex,woman,52\\nsex,man,48\\n", encoding="utf-8")
    ...     read_margins(file)
    {'sex': {'woman': 0.52, 'man': 0.48}}
    """
    path = Path(path)
    source, sample = look_through(path)
    places = _places(source.names, file=path.name)
    column, group, amount, unit = places
    style = number_style(sample.column(amount))
    found: dict[str, dict[str, float]] = {}
    for row in source.rows():
        if row.flaw is not None:
            raise BadOption(f"{path.name}, row {row.number}: {row.flaw}.", hint=HINT)
        named, into = _texts(row, column, group, file=path.name)
        groups = found.setdefault(named, {})
        if into in groups:
            raise BadOption(
                f"{path.name}, row {row.number}: “{into}” of “{named}” stands there twice.",
                hint="Give each group one row.",
            )
        groups[into] = _amount(row.cells[amount], style=style, row=row, file=path.name)
    return _shares(found, unit=unit, file=path.name)


def _places(names: tuple[str, ...], *, file: str) -> tuple[int, int, int, str]:
    places = {field: _place(names, field=field) for field in ("column", "group", *_AMOUNTS)}
    unit = next((unit for unit in _AMOUNTS if places[unit] is not None), "")
    column, group, amount = places["column"], places["group"], places.get(unit)
    if column is None or group is None or amount is None:
        raise MissingColumn(f"{file} has the columns {', '.join(names)}.", hint=HINT)
    return column, group, amount, unit


def _place(names: tuple[str, ...], *, field: str) -> int | None:
    words = field_words("margins")[field]
    return next((names.index(name) for name in names if name_score(name, words=words) == EXACT), None)


def _texts(row: Row, column: int, group: int, *, file: str) -> tuple[str, str]:
    named, into = value_of(row.cells[column]), value_of(row.cells[group])
    if named is None or into is None:
        raise BadOption(f"{file}, row {row.number}: column or group is empty.", hint=HINT)
    return named, into


def _amount(cell: Cell, *, style: NumberStyle, row: Row, file: str) -> float:
    text = as_text(cell).removesuffix("%").strip()
    amount = read_number(text, style=style)
    if amount is None or not 0.0 <= amount < float("inf"):
        raise BadOption(
            f"{file}, row {row.number}: “{text[:40]}” is no amount of customers.",
            hint="Give numbers from 0 on.",
        )
    return amount


def _shares(
    found: Mapping[str, Mapping[str, float]], *, unit: str, file: str
) -> Mapping[str, Mapping[str, float]]:
    sums = {column: sum(groups.values()) for column, groups in found.items()}
    whole = {"share": 1.0, "percent": 100.0}.get(unit) or max(sums.values())
    for column, total in sums.items():
        if total <= 0.0 or abs(total - whole) > _ROUNDED * whole:
            raise BadOption(
                f"{file}: the groups of “{column}” add up to {total:,g}, not to {whole:,g}"
                + (f" as those of “{max(sums, key=sums.__getitem__)}” do." if unit == "count" else "."),
                hint="Add the groups that are missing, or correct the amounts.",
            )
    return {
        column: {group: amount / sums[column] for group, amount in groups.items()}
        for column, groups in found.items()
    }

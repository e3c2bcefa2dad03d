"""Answer sheets → complete pairs, the periods they fall into, and the halves that are left over."""

from __future__ import annotations

import narwhals as nw

from forvent.errors import BadOption
from forvent.tables import Table

#: Periods and what times are cut to; a week goes on to its Monday.
PERIODS = {"week": "1d", "month": "1mo", "quarter": "1q", "year": "1y"}


def complete_pairs(answers: Table, *, pairs: int, each: str = "month") -> Table:
    """Answer sheets in which a pair is either whole or empty, with the period of each.

    Where no expected level was asked, the desired one stands for it. Adequate and desired levels are
    kept where something was received. Sheets without a whole pair stay, with all their pairs empty.

    Parameters
    ----------
    answers
        One row a sheet: ``expected_0``, ``received_0`` … and, where asked, ``adequate_0``, ``desired_0``;
        ``time``, and columns that are passed on. Null where nothing was answered.
    pairs
        Number of pairs.
    each
        Length of the periods: week, month, quarter or year.

    Returns
    -------
    Table
        The same rows with ``period``, the first moment of the period, null where the time is unknown.

    Raises
    ------
    BadOption
        If ``each`` is no length of a period.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sheets = pa.table(
    ...     {
    ...         "expected_0": [9.0, 7.0, None],
    ...         "received_0": [7.0, None, 8.0],
    ...         "time": pa.array([None, None, None], pa.timestamp("us")),
    ...     }
    ... )
    >>> whole = complete_pairs(nw.from_native(sheets).lazy(), pairs=1).collect()
    >>> whole["expected_0"].to_list(), whole["received_0"].to_list()
    ([9.0, None, None], [7.0, None, None])
    """
    if each not in PERIODS:
        raise BadOption(f"“{each}” is no period.", hint=f"Choose one of {', '.join(PERIODS)}.")
    known = set(answers.collect_schema().names())
    made = {}
    for number in range(pairs):
        against = _against(number, known)
        received = nw.col(f"received_{number}")
        whole = ~against.is_null() & ~received.is_null()
        made[f"expected_{number}"] = nw.when(whole).then(against)
        made[f"received_{number}"] = nw.when(whole).then(received)
        for part in ("adequate", "desired"):
            if f"{part}_{number}" in known:
                made[f"{part}_{number}"] = nw.when(~received.is_null()).then(nw.col(f"{part}_{number}"))
    begun = nw.col("time").dt.truncate(PERIODS[each])
    return answers.with_columns(**made, period=_monday(begun) if each == "week" else begun)


def half_pairs(answers: Table, *, pairs: int) -> Table:
    """How many sheets answered only one half of each pair.

    Parameters
    ----------
    answers
        As for ``complete_pairs``.
    pairs
        Number of pairs.

    Returns
    -------
    Table
        One row: ``only_expected_0``, ``only_received_0`` …, counts of sheets.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sheets = pa.table({"expected_0": [9.0, 7.0, None], "received_0": [7.0, None, None]})
    >>> half_pairs(nw.from_native(sheets).lazy(), pairs=1).collect().rows()
    [(1, 0)]
    """
    known = set(answers.collect_schema().names())
    counts = {}
    for number in range(pairs):
        against, received = _against(number, known), nw.col(f"received_{number}")
        counts[f"only_expected_{number}"] = _sheets(~against.is_null() & received.is_null())
        counts[f"only_received_{number}"] = _sheets(against.is_null() & ~received.is_null())
    return answers.select(**counts)


def _monday(day: nw.Expr) -> nw.Expr:
    """The Monday of a day's week; narwhals truncates to no weeks."""
    monday = day
    for later in range(1, 7):
        back = day.dt.offset_by(f"-{later}d")
        monday = nw.when(day.dt.weekday() == later + 1).then(back).otherwise(monday)
    return monday


def _against(number: int, known: set[str]) -> nw.Expr:
    """What was received is held against the expected level, else against the desired one."""
    asked = f"expected_{number}"
    return nw.col(asked if asked in known else f"desired_{number}")


def _sheets(held: nw.Expr) -> nw.Expr:
    return nw.when(held).then(1).otherwise(0).sum().cast(nw.Int64)

"""Collected answer sheets as arrays: what was expected and received, by whom, in which group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.assess.judgements import as_floats, customer_codes

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """n answer sheets to k pairs.

    ``parts``, shape (3k, n), holds expected, received (both less their ``centre``, shape (2k,), and 0
    where the pair is not whole) and 1 where the pair is whole. ``whole``, shape (k, n), says the same;
    ``met``, shape (k, n), where at least the expected was received. ``person`` numbers the respondents
    from 0 without a gap.
    """

    parts: Floats
    whole: Truths
    met: Truths
    centre: Floats
    person: Codes
    persons: int

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return int(self.met.shape[0])

    def expected(self, pair: int) -> Floats:
        """What was expected of one pair, NaN where it is not whole."""
        return self._part(pair, pair)

    def received(self, pair: int) -> Floats:
        """What was received of one pair, NaN where it is not whole."""
        return self._part(self.pairs + pair, pair)

    def _part(self, row: int, pair: int) -> Floats:
        return np.where(self.whole[pair], self.parts[row] + self.centre[row], np.nan)


def sheets_of(answers: pa.Table, *, better: tuple[str, ...]) -> Sheets:
    """Arrays of collected sheets.

    Parameters
    ----------
    answers
        Rows of ``complete_pairs``: ``expected_0``, ``received_0`` …, ``customer``.
    better
        For each pair whether "more" or "less" is better.

    Returns
    -------
    Sheets
        In the order of the rows. Sheets without a whole pair are among them.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> rows = pa.table(
    ...     {
    ...         "customer": pa.array(["x", None, "x"]),
    ...         "expected_0": [2.0, 2.0, None],
    ...         "received_0": [5.0, 2.0, None],
    ...     }
    ... )
    >>> sheets = sheets_of(rows, better=("less",))
    >>> sheets.person.tolist(), sheets.met[0].tolist()
    ([0, 1, 0], [False, True, False])
    """
    pairs = range(len(better))
    # One pair after the other: all of them at once would stand in memory twice.
    expected = (as_floats(answers[f"expected_{number}"]) for number in pairs)
    received = (as_floats(answers[f"received_{number}"]) for number in pairs)
    unique, person = np.unique(customer_codes(answers["customer"]), return_inverse=True)
    return held_against(
        expected, received, better=better, person=person.astype(np.int64), persons=unique.size
    )


def held_against(
    expected: Iterable[Floats],
    received: Iterable[Floats],
    *,
    better: Sequence[str],
    person: Codes,
    persons: int,
) -> Sheets:
    """Arrays of sheets from the answers to each pair, NaN in both where it is not whole.

    Parameters
    ----------
    expected, received
        One array a pair, shape (n,).
    better
        For each pair whether "more" or "less" is better.
    person, persons
        Respondent of each sheet, shape (n,), and how many there are.

    Returns
    -------
    Sheets
        In the order of the rows.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> held = held_against(
    ...     [np.array([2.0])], [np.array([5.0])], better=["less"], person=np.zeros(1, np.int64), persons=1
    ... )
    >>> held.met.tolist(), held.expected(0).tolist()
    ([[False]], [2.0])
    """
    pairs, n = len(better), person.size
    parts, centre = np.zeros((3 * pairs, n)), np.zeros(2 * pairs)
    whole, met = np.zeros((pairs, n), np.bool_), np.zeros((pairs, n), np.bool_)
    for number, (asked, got) in enumerate(zip(expected, received, strict=True)):
        whole[number] = ~np.isnan(got)
        parts[2 * pairs + number] = whole[number]
        # Comparisons with NaN are false.
        met[number] = got >= asked if better[number] == "more" else got <= asked
        for row, values in ((number, asked), (pairs + number, got)):
            if whole[number].any():
                # Around their mean, since squares of large amounts would eat up the digits.
                centre[row] = values[whole[number]].mean()
                parts[row] = np.where(whole[number], values - centre[row], 0.0)
    return Sheets(parts, whole, met, centre, person, persons)

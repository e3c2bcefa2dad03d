"""What is fitted to the sums: contrasts of all touchpoints in one model, and what importance is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.sums import Columns, Places, Sums

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A side, or the middle, with fewer answers than this is not fitted; its answers stay in the reference.
LEAST_FITTED = 5
#: A touchpoint with fewer ratings than this is left out of the model.
LEAST_RATED = 10
#: Weight of the shrinkage, in answers per coefficient.
RIDGE = 0.5
#: Part of a column that the others leave, below which it cannot be told apart from them.
APART = 0.02
# Keeps the sums of two touchpoints solvable that the same people did not rate.
_STEADY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """What was fitted to the answers (row 0) and to each bootstrap round (rows 1 to rounds).

    ``penalty`` and ``reward`` have shape (rounds + 1, k), 0 where a side was not fitted; ``crosses`` has
    shape (rounds + 1, u + 1, u + 1) over the touchpoints ``used`` and overall satisfaction, what was not
    rated taken out; ``performance`` shape (rounds + 1, k), ``satisfaction`` shape (rounds + 1,).
    ``apart`` says which touchpoints can be told apart from the others, ``free`` is the number of degrees of
    freedom before any rating enters, and ``wider`` what draws must be spread by, since a model that has
    many coefficients for its answers lies too close to them.
    """

    penalty: Floats
    reward: Floats
    crosses: Floats
    performance: Floats
    satisfaction: Floats
    used: Places
    apart: Flags
    free: float
    wider: float = 1.0


def fit(sums: Sums) -> Fits:
    r"""Penalties, rewards, cross products and means, on the answers and in each bootstrap round.

    One linear model over all touchpoints j,

    .. math:: y = b_0 + \sum_j (p_j\,L_j + r_j\,H_j + a_j\,N_j) + \varepsilon,

    with :math:`L_j=1` where j is rated low, :math:`H_j=1` where rated high, :math:`N_j=1` where it is not
    rated, and a rating in the middle as reference. Half an answer of ridge keeps sides apart that always
    come together.

    Parameters
    ----------
    sums
        Cross products of the answers.

    Returns
    -------
    Fits
        A touchpoint with fewer than ten ratings, or with one rating only, is not ``used``.

    Source
    ------
    Brandt (1987) penalty–reward contrast, as set out by Mikulić & Prebežac (2008), Managing Service
    Quality 18(6), 559–576.

    Examples
    --------
    Low 0.2, middle 0.6, high 0.7:

    >>> from forvent.assess.drivers.answers import Answers
    >>> from forvent.assess.drivers.sums import sums_by_block
    >>> rating, overall = np.repeat([0.0, 0.5, 1.0], 100), np.repeat([0.2, 0.6, 0.7], 100)
    >>> states = np.repeat([0, 1, 2], 100).astype(np.int8)[:, None]
    >>> answers = Answers(("staff",), overall, rating[:, None], states, np.arange(300))
    >>> fitted = fit(sums_by_block(answers, rng=np.random.default_rng(1), rounds=9))
    >>> fitted.penalty[0].round(2).tolist(), fitted.reward[0].round(2).tolist()
    ([-0.4], [0.1])
    """
    columns, total = sums.columns, sums.total
    used = _used(total, columns)
    model, sides = _model(total, columns, used=used)
    base = np.concatenate([[columns.one], columns.none[used][total[0, columns.none[used]] > 0.0]])
    kinds, rows = columns.touchpoints, sums.rounds + 1
    coefficients = np.zeros((rows, 2 * kinds))
    crosses = np.empty((rows, used.size + 1, used.size + 1))
    performance, satisfaction = np.empty((rows, kinds)), np.empty(rows)
    wider = widening(total[0, 0], blocks=sums.filled, coefficients=model.size + 1)
    parts = [(slice(0, 1), total[None]), *((_after(some), drawn) for some, drawn in sums.redrawn())]
    for some, drawn in parts:
        coefficients[some, sides] = _contrasts(drawn, columns, model=model)
        crosses[some] = _without(drawn, base=base, kept=np.append(columns.rating[used], columns.overall))
        rated = drawn[:, columns.one, columns.one, None] - drawn[:, columns.one, columns.none]
        performance[some] = 0.5 + _ratio(drawn[:, columns.one, columns.rating], rated)
        satisfaction[some] = drawn[:, columns.one, columns.overall] / drawn[:, columns.one, columns.one]
    coefficients[1:] = coefficients[0] + wider * (coefficients[1:] - coefficients[0])
    return Fits(
        penalty=coefficients[:, :kinds],
        reward=coefficients[:, kinds:],
        crosses=crosses,
        performance=performance,
        satisfaction=satisfaction,
        used=used,
        apart=_apart(total, columns, model=model, sides=sides),
        free=float(total[0, 0]) - base.size,
        wider=wider,
    )


def widening(answers: float, *, blocks: int, coefficients: int) -> float:
    """What draws are spread by for the degrees of freedom that coefficients and blocks take away.

    Parameters
    ----------
    answers
        Answers behind the model.
    blocks
        Blocks that the bootstrap draws from.
    coefficients
        Coefficients of the model, its level included.

    Returns
    -------
    float
        At least 1.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#importance.

    Examples
    --------
    >>> round(widening(100.0, blocks=101, coefficients=50), 3)
    1.421
    """
    left = max(answers - coefficients, 1.0) / answers
    return float(np.sqrt(max(blocks, 2) / (max(blocks, 2) - 1) / left))


def _after(some: slice) -> slice:
    """The rows of bootstrap rounds, behind the row of the answers themselves."""
    return slice(some.start + 1, some.stop + 1)


def _used(total: Floats, columns: Columns) -> Places:
    rated = total[0, 0] - total[0, columns.none]
    sums, squares = total[0, columns.rating], total[columns.rating, columns.rating]
    spread = squares - _ratio(sums * sums, rated)
    return np.flatnonzero((rated >= LEAST_RATED) & (spread > 1e-9 * np.maximum(rated, 1.0)))


def _model(total: Floats, columns: Columns, *, used: Places) -> tuple[Places, Places]:
    """Columns of the contrasts, and which coefficients they are: penalties of all, then rewards of all."""
    low, high, none = (total[0, places[used]] for places in (columns.low, columns.high, columns.none))
    middle = total[0, 0] - low - high - none
    # Without a middle the low ratings are the reference, for something must be.
    with_low = used[(low >= LEAST_FITTED) & (middle >= LEAST_FITTED)]
    with_high = used[high >= LEAST_FITTED]
    with_none = used[none > 0.0]
    model = np.concatenate([columns.low[with_low], columns.high[with_high], columns.none[with_none]])
    return model, np.concatenate([with_low, with_high + columns.touchpoints])


def _contrasts(drawn: Floats, columns: Columns, *, model: Places) -> Floats:
    """Coefficients of the sides in each round, shape (rounds, sides)."""
    places = np.append(model, columns.one)
    left = drawn[:, places[:, None], places[None, :]]
    left[:, np.arange(model.size), np.arange(model.size)] += RIDGE
    solved = np.linalg.solve(left, drawn[:, places, columns.overall][..., None])[..., 0]
    unrated = int((model >= columns.none[0]).sum()) if columns.touchpoints else 0
    sides: Floats = solved[:, : model.size - unrated].astype(np.float64)
    return sides


def _apart(total: Floats, columns: Columns, *, model: Places, sides: Places) -> Flags:
    """Which touchpoints keep enough of their own, on both sides, beside all the others."""
    apart = np.ones(columns.touchpoints, dtype=bool)
    centred = total[np.ix_(model, model)] - np.outer(total[0, model], total[0, model]) / total[0, 0]
    centred[np.diag_indices(model.size)] += RIDGE
    kept = 1.0 / (np.diag(centred) * np.diag(np.linalg.inv(centred)))
    np.logical_and.at(apart, sides % max(columns.touchpoints, 1), kept[: sides.size] >= APART)
    return apart


def _without(drawn: Floats, *, base: Places, kept: Places) -> Floats:
    """Cross products of the kept columns with the base columns swept out of them."""
    inner = drawn[:, base[:, None], base[None, :]]
    diagonal = np.arange(1, base.size)
    inner[:, diagonal, diagonal] += _STEADY
    beside = drawn[:, base[:, None], kept[None, :]]
    swept: Floats = drawn[:, kept[:, None], kept[None, :]]
    swept -= np.swapaxes(beside, 1, 2) @ np.linalg.solve(inner, beside)
    return swept


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)
    return ratio

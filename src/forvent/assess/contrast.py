"""Penalty–reward contrast: how ratings differ where an expectation is unmet or met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.assess.judgements import MET, MIXED, UNMET, Codes, Flags, Floats, Judgements
from forvent.errors import BadOption
from forvent.stats import bootstrap_counts

# A side with fewer rated voices than this is not fitted; its voices stay in the reference.
LEAST_FITTED = 5
# Cells of the normal equations that are solved at once (32 MB).
SOLVED_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class BlockSums:
    """Cross products over the rated voices of each block, shape (blocks, d + 2, d + 2).

    First stands 1, then the d sides that were ``fitted`` (unmet of all expectations, then met), last the
    rating.
    """

    crosses: Floats
    fitted: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Penalties and rewards of k expectations, on the data and in each bootstrap round.

    ``penalty`` and ``reward`` have shape (k,) in rating points (0–1); the draws have shape
    (rounds, k), ``drawn`` has shape (rounds, blocks) and says how often each block was
    drawn. ``unmet`` and ``met`` are the rated voices on each side, a mixed one half on both.
    ``reference`` is the number of rated voices that the reference level is worth, and ``sums`` what all of
    it was worked out from.
    """

    penalty: Floats
    reward: Floats
    penalty_draws: Floats
    reward_draws: Floats
    unmet: Floats
    met: Floats
    reference: float
    drawn: Floats
    sums: BlockSums


def contrast(
    judged: Judgements, *, rng: np.random.Generator, rounds: int = 1000, ridge: float = 0.5
) -> Contrast:
    r"""Rating points that go together with each expectation being unmet or met.

    One linear model over all rated voices that say something,

    .. math:: y = b_0 + \sum_j (p_j\,U_j + r_j\,M_j) + \varepsilon,

    with :math:`U_j=1` where j is unmet, :math:`M_j=1` where it is met, half on both where
    mixed, and *not mentioned* as reference. A light ridge keeps aspects apart that are
    always named together. Intervals come from resampling blocks of customers. It is
    association: unhappy people may find more fault, and people who write differ from
    people who do not.

    Parameters
    ----------
    judged
        The judgements, ratings in 0–1 or NaN.
    rng
        Source of randomness of the bootstrap.
    rounds
        Bootstrap rounds.
    ridge
        Weight of the shrinkage, in voices per coefficient; 0.5 takes 5 % of a
        coefficient with ten voices behind it.

    Returns
    -------
    Contrast
        Coefficients, their draws, and the counts behind them. Sides with fewer
        than five rated voices have the coefficient 0.

    Raises
    ------
    BadOption
        If ``ridge`` is not above 0.

    Source
    ------
    Brandt (1987) penalty–reward contrast, as set out by Mikulić & Prebežac (2008),
    Managing Service Quality 18(6), 559–576, with not-mentioned as reference.

    Examples
    --------
    Twenty voices each: unmet 0.1, met 0.6, no word about it 0.5:

    >>> import pyarrow as pa
    >>> from forvent.assess.judgements import judgements
    >>> names = [f"{kind}{i}" for kind in ("unmet", "met", "none") for i in range(20)]
    >>> voices = pa.table(
    ...     {"voice_id": names, "rating": [0.1] * 20 + [0.6] * 20 + [0.5] * 20, "customer": names}
    ... )
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": names[:40],
    ...         "expectation": ["on_time"] * 40,
    ...         "stage": ["receive"] * 40,
    ...         "touchpoint": ["receive"] * 40,
    ...         "polarity": ["unmet"] * 20 + ["met"] * 20,
    ...     }
    ... )
    >>> found = contrast(judgements(mentions, voices=voices), rng=np.random.default_rng(1), rounds=20)
    >>> round(float(found.penalty[0]), 1), round(float(found.reward[0]), 1)
    (-0.4, 0.1)
    """
    if ridge <= 0.0:
        raise BadOption(f"The ridge {ridge} is not above 0.", hint="0.5 voices per coefficient is usual.")
    kinds = len(judged.expectations)
    rated = np.isfinite(judged.rating)
    voice, side, weight = _entries(judged, rated)
    weights = np.bincount(side, weights=weight, minlength=2 * kinds).astype(np.float64)
    fitted = np.flatnonzero(weights >= LEAST_FITTED)
    drawn = bootstrap_counts(rng, blocks=max(judged.blocks, 1), rounds=rounds)
    coefficients = np.zeros((rounds + 1, 2 * kinds))
    reference, sums = 0.0, np.zeros((judged.blocks, fitted.size + 2, fitted.size + 2))
    if rated.any():
        squares, products = _block_sums(judged, voice=voice, side=side, weight=weight, fitted=fitted)
        reference = _reference(squares.sum(axis=0))
        # The first row draws each block once: the data themselves.
        every = np.vstack([np.ones(judged.blocks), drawn])
        coefficients[:, fitted] = _solve(squares, products, drawn=every, ridge=ridge)
        sums[:, :-1, :-1], sums[:, :-1, -1], sums[:, -1, :-1] = squares, products, products
        square = np.square(judged.rating[rated])
        sums[:, -1, -1] = np.bincount(judged.block[rated], weights=square, minlength=judged.blocks)
    return Contrast(
        penalty=coefficients[0, :kinds],
        reward=coefficients[0, kinds:],
        penalty_draws=coefficients[1:, :kinds],
        reward_draws=coefficients[1:, kinds:],
        unmet=weights[:kinds],
        met=weights[kinds:],
        reference=reference,
        drawn=drawn,
        sums=BlockSums(sums, fitted),
    )


def _entries(judged: Judgements, rated: Flags) -> tuple[Codes, Codes, Floats]:
    """Non-zero cells of the model: voice, side (unmet of all expectations, then met), weight."""
    kinds = len(judged.expectations)
    usable = rated[judged.voice]
    unmet = usable & ((judged.polarity == UNMET) | (judged.polarity == MIXED))
    met = usable & ((judged.polarity == MET) | (judged.polarity == MIXED))
    voice = np.concatenate([judged.voice[unmet], judged.voice[met]])
    side = np.concatenate([judged.expectation[unmet], judged.expectation[met] + kinds])
    polarity = np.concatenate([judged.polarity[unmet], judged.polarity[met]])
    return voice, side, np.where(polarity == MIXED, 0.5, 1.0)


def _block_sums(
    judged: Judgements, *, voice: Codes, side: Codes, weight: Floats, fitted: Codes
) -> tuple[Floats, Floats]:
    """X'X, shape (blocks, d, d), and X'y, shape (blocks, d), with the intercept in front.

    The intercept joins the cells as a mention that every rated voice makes, so that both are
    sums over pairs of cells of one voice; no matrix of voices times expectations exists.
    """
    width = fitted.size + 1
    column = np.full(2 * len(judged.expectations), -1, dtype=np.int64)
    column[fitted] = np.arange(1, width)
    inside = column[side] > 0
    rated = np.flatnonzero(np.isfinite(judged.rating))
    row = np.concatenate([rated, voice[inside]])
    cell = np.concatenate([np.zeros(rated.size, dtype=np.int64), column[side[inside]]])
    value = np.concatenate([np.ones(rated.size), weight[inside]])
    order = np.argsort(row, kind="stable")
    row, cell, value = row[order], cell[order], value[order]
    place = judged.block[row] * width + cell
    products = np.bincount(place, weights=value * judged.rating[row], minlength=judged.blocks * width).astype(
        np.float64
    )
    squares = _pair_sums(row, cell, value, place=place, width=width, size=judged.blocks * width * width)
    return squares.reshape(judged.blocks, width, width), products.reshape(judged.blocks, width)


def _pair_sums(row: Codes, cell: Codes, value: Floats, *, place: Codes, width: int, size: int) -> Floats:
    """Sums of products over all pairs of cells in one row; rows are sorted."""
    sums = np.bincount(place * width + cell, weights=value * value, minlength=size).astype(np.float64)
    first, distance = np.arange(row.size), 0
    while first.size:
        # A pair at this distance has a pair at every smaller one, so the candidates only shrink.
        distance += 1
        first = first[first + distance < row.size]
        first = first[row[first] == row[first + distance]]
        second = first + distance
        product = value[first] * value[second]
        np.add.at(sums, place[first] * width + cell[second], product)
        np.add.at(sums, place[second] * width + cell[first], product)
    return sums


def _solve(squares: Floats, products: Floats, *, drawn: Floats, ridge: float) -> Floats:
    """Ridge coefficients of each row of ``drawn``, without the intercept, shape (rounds, d − 1)."""
    blocks, width = products.shape
    shrink = np.diag(np.concatenate(([0.0], np.full(width - 1, ridge))))
    # A round that draws only blocks without a rated voice has no level; any will do, so it gets 0.
    shrink[0, 0] = 1e-9
    solved = np.empty((drawn.shape[0], width))
    flat = squares.reshape(blocks, width * width)
    step = max(1, SOLVED_AT_ONCE // (width * width))
    for start in range(0, drawn.shape[0], step):
        some = drawn[start : start + step]
        left = (some @ flat).reshape(-1, width, width) + shrink
        solved[start : start + step] = np.linalg.solve(left, (some @ products)[..., None])[..., 0]
    return solved[:, 1:]


def _reference(square: Floats) -> float:
    """Rated voices that the intercept is worth: its precision beside that of a single voice.

    Where every voice mentions exactly one expectation it is 0: then nothing says how
    customers rate who do not mention it, and the ridge alone would decide.
    """
    inner = square[1:, 1:] + 1e-6 * np.eye(square.shape[0] - 1)
    return float(square[0, 0] - square[0, 1:] @ np.linalg.solve(inner, square[1:, 0]))

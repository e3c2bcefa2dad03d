"""Which to exceed: time, cost or service, from what goes together with satisfaction in the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.adjust.cases import Floats
from forvent.errors import BadOption
from forvent.records import Estimate, Exceed, ExceedRow, NotEnough
from forvent.stats import block_of, bootstrap_counts, check_level, percentile_interval

#: Cases that each side of a comparison needs.
LEAST_CASES = 30
#: Rating points (0–1) that are not worth exceeding for: a fifth of a star of five.
LITTLE = 0.05
ROUNDS = 1000
SEED = 20_140_401
NONE, UNDECIDED = "none", "undecided"


def what_to_exceed(
    satisfaction: ArrayLike,
    beaten: Mapping[str, ArrayLike],
    *,
    margins: Mapping[str, float] | None = None,
    customers: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = SEED,
) -> Exceed | NotEnough:
    r"""Which of several promised quantities goes with better ratings where its promise is exceeded.

    Each quantity of each case either missed its promise, just kept it, or exceeded it by more
    than a margin. Ratings are regressed (least squares) on two indicators a quantity, so that

    .. math:: r = \beta_0 + \sum_q \left(p_q \mathbf{1}_{missed} + w_q \mathbf{1}_{exceeded}\right)

    compares cases alike in the other quantities: :math:`w_q` is the reward, :math:`p_q` (below
    0 where misses rate lower) the penalty. Intervals come from a bootstrap over customers.
    It is association: cases differ in more than these quantities, and only who answers is seen.

    Parameters
    ----------
    satisfaction
        Rating of each case, shape (n,), in 0–1.
    beaten
        For each quantity by how much the case was better than promised, shape (n,): time to
        spare, cost under the estimate, service score above what was expected; below 0 is a miss.
        Cases with a NaN in any are left out.
    margins
        How much better still counts as just kept, by quantity, 0 or more; where not given, the
        median of the cases that did not miss.
    customers
        Code of the customer of each case, integers, shape (n,); None takes cases as independent.
    level
        Confidence level of the intervals, inside (0, 1).
    seed
        Seed of the bootstrap.

    Returns
    -------
    Exceed or NotEnough
        ``best`` is a quantity only where its reward is above 0 and above every other reward with
        the confidence of all these comparisons together (Bonferroni); "none" where all rewards
        are known to be below 0.05 rating points; else "undecided". Contrasts with fewer than
        30 cases on a side are NotEnough.

    Raises
    ------
    BadOption
        If no quantity is given, shapes differ, a rating is outside 0–1 or a margin is negative or unknown.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#what-to-exceed.

    Examples
    --------
    Late ones rate lower; being early by much earns next to nothing:

    >>> hours = np.tile([-1.0, 1.0, 1.0, 9.0], 100)
    >>> rating = np.tile([0.25, 0.75, 1.0, 0.9], 100)
    >>> found = what_to_exceed(rating, {"time": hours}, margins={"time": 1.0})
    >>> row = found.rows[0]
    >>> row.kept, round(row.penalty.value, 3), round(row.reward.value, 3), found.best
    (200, -0.625, 0.025, 'none')
    """
    check_level(level)
    ratings, amounts = _checked(satisfaction, beaten)
    known = ~np.isnan(np.vstack([ratings, *amounts.values()])).any(axis=0)
    n = int(known.sum())
    if n < 2 * LEAST_CASES:
        return NotEnough(n=n, needed=2 * LEAST_CASES, why="too few rated cases")
    codes = np.arange(known.size) if customers is None else np.asarray(customers, dtype=np.int64)
    if codes.shape != known.shape:
        raise BadOption(f"{codes.size} customers for {known.size} cases.", hint="Give one for every case.")
    bands = {name: _band(name, values[known], (margins or {}).get(name)) for name, values in amounts.items()}
    _check_names(margins or {}, bands)
    fitted = _fit(ratings[known], bands, block=block_of(codes[known]), seed=seed)
    rows = tuple(_row(name, band, fitted, level=level) for name, band in bands.items())
    return Exceed(rows=rows, best=_best(rows, fitted, level=level), n=n)


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    margin: float
    missed: NDArray[np.bool_]
    exceeded: NDArray[np.bool_]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Cases that missed, just kept and exceeded."""
        missed, exceeded = int(self.missed.sum()), int(self.exceeded.sum())
        return missed, self.missed.size - missed - exceeded, exceeded


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Penalty and reward by quantity: first of the data, then of each round; NaN where not told apart."""

    penalty: dict[str, Floats]
    reward: dict[str, Floats]


def _band(name: str, values: Floats, margin: float | None) -> _Band:
    good = values[values >= 0.0]
    if margin is None:
        margin = float(np.median(good)) if good.size else 0.0
    if not margin >= 0.0:
        raise BadOption(f"The margin of {name} is {margin}.", hint="Give 0 or more.")
    return _Band(margin, values < 0.0, values > margin)


def _fit(ratings: Floats, bands: Mapping[str, _Band], *, block: NDArray[np.int64], seed: int) -> _Fitted:
    columns = [np.ones(ratings.size)]
    for band in bands.values():
        columns += [band.missed.astype(np.float64), band.exceeded.astype(np.float64)]
    design = np.column_stack(columns)
    blocks = int(block.max()) + 1
    drawn = bootstrap_counts(np.random.default_rng(seed), blocks=blocks, rounds=ROUNDS)
    weights = np.vstack([np.ones(blocks), drawn])
    width = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(-1, width * width)
    squares = (weights @ _by_block(products, block, blocks)).reshape(-1, width, width)
    sides = weights @ _by_block(design * ratings[:, None], block, blocks)
    inverse = np.linalg.pinv(squares, hermitian=True, rcond=1e-9)
    found = (inverse @ sides[:, :, None])[:, :, 0]
    # A coefficient is told apart only where the data themselves hold it fixed.
    fixed = np.isclose(np.diagonal(inverse[0] @ squares[0]), 1.0, atol=1e-6)
    found[:, ~fixed] = np.nan
    return _Fitted(
        penalty={name: found[:, 1 + 2 * i] for i, name in enumerate(bands)},
        reward={name: found[:, 2 + 2 * i] for i, name in enumerate(bands)},
    )


def _by_block(values: Floats, block: NDArray[np.int64], blocks: int) -> Floats:
    summed = [np.bincount(block, weights=column, minlength=blocks) for column in values.T]
    return np.column_stack(summed)


def _row(name: str, band: _Band, fitted: _Fitted, *, level: float) -> ExceedRow:
    missed, kept, exceeded = band.counts
    return ExceedRow(
        name=name,
        margin=band.margin,
        missed=missed,
        kept=kept,
        exceeded=exceeded,
        penalty=_contrast(fitted.penalty[name], missed, kept, level=level),
        reward=_contrast(fitted.reward[name], exceeded, kept, level=level),
    )


def _contrast(draws: Floats, side: int, kept: int, *, level: float) -> Estimate | NotEnough:
    if min(side, kept) < LEAST_CASES:
        return NotEnough(n=min(side, kept), needed=LEAST_CASES, why="too few cases to compare")
    if np.isnan(draws[0]):
        return NotEnough(n=side, needed=LEAST_CASES, why="it cannot be told apart from another quantity")
    return percentile_interval(draws[1:], value=float(draws[0]), n=side + kept, level=level)


def _best(rows: tuple[ExceedRow, ...], fitted: _Fitted, *, level: float) -> str:
    rewards = {row.name: row.reward for row in rows if isinstance(row.reward, Estimate)}
    if not rewards:
        return UNDECIDED
    if len(rewards) == len(rows) and all(reward.high < LITTLE for reward in rewards.values()):
        return NONE
    first = max(rewards, key=lambda name: rewards[name].value)
    # One comparison with nothing, and one with each other quantity.
    strict = 1.0 - (1.0 - level) / len(rewards)
    draws = fitted.reward[first]
    others = [np.zeros_like(draws), *(fitted.reward[name] for name in rewards if name != first)]
    gaps = [draws - other for other in others]
    ahead = [percentile_interval(gap[1:], value=float(gap[0]), n=1, level=strict).low > 0.0 for gap in gaps]
    return first if all(ahead) else UNDECIDED


def _checked(satisfaction: ArrayLike, beaten: Mapping[str, ArrayLike]) -> tuple[Floats, dict[str, Floats]]:
    ratings = np.asarray(satisfaction, dtype=np.float64)
    amounts = {name: np.asarray(values, dtype=np.float64) for name, values in beaten.items()}
    if not amounts:
        raise BadOption("There is no quantity to exceed.", hint="Give at least one, such as time to spare.")
    for name, values in amounts.items():
        if values.shape != ratings.shape:
            raise BadOption(
                f"{name} has {values.size} cases, the ratings {ratings.size}.",
                hint="Give one for each.",
            )
    if ((ratings < 0.0) | (ratings > 1.0)).any():
        raise BadOption("A rating lies outside 0 to 1.", hint="Bring ratings to 0–1 first.")
    return ratings, amounts


def _check_names(margins: Mapping[str, float], bands: Mapping[str, _Band]) -> None:
    unknown = [name for name in margins if name not in bands]
    if unknown:
        raise BadOption(
            f"There is no quantity {unknown[0]} to give a margin.", hint=f"There is {', '.join(bands)}."
        )

"""How alike known groups of invited customers are in how often they answer: the R-indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.judgements import Codes, Floats
from forvent.assess.scores.response import response_rate
from forvent.records import Estimate, NotEnough
from forvent.records.scores import GroupResponse, Representativeness

#: Answers, and invitations without one, that a rate of answering by groups needs at least.
LEAST_EACH = 10
ROUNDS = 2000
# A hair of ridge, so that a group in which all or nobody answers stays finite.
_RIDGE = 1e-3
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Invited:
    """Invited customers by cell of what is known of all of them.

    ``columns`` and ``groups`` (one tuple a column) name what ``cells``, codes of shape (k, columns), hold.
    ``invited`` and ``answered`` count customers of each cell, shape (k,).
    """

    columns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    cells: Codes
    invited: Floats
    answered: Floats


def representativeness(
    found: Invited, *, rng: np.random.Generator, level: float = 0.95, rounds: int = ROUNDS
) -> Representativeness | NotEnough:
    r"""R-indicator :math:`R = 1 - 2\,S(\hat\rho)` of who answered, with the rates of the known groups.

    The chances to answer :math:`\hat\rho` are those of a logistic regression on all groups of all columns
    (main effects). S is their standard deviation over those invited; its square is brought down by what
    chance alone puts into it. The interval is of a bootstrap over those invited. R is 1 where all groups
    answer alike; it says nothing of differences within them.

    Parameters
    ----------
    found
        Who was invited and who answered, by cell.
    rng
        Source of randomness, seeded by the caller.
    level
        Confidence level, inside (0, 1).
    rounds
        Bootstrap rounds.

    Returns
    -------
    Representativeness or NotEnough
        NotEnough with fewer than ten answers, or fewer than ten invited who did not answer, or where nothing
        is known of those invited.

    Source
    ------
    Schouten, Cobben & Bethlehem (2009), Survey Methodology 35(1), 101–113; bias of S² by Shlomo, Skinner &
    Schouten (2012), J. Statistical Planning and Inference 142(1), 201–211.

    Examples
    --------
    Of the old 80 %, of the young 20 % answer: S is 0.3.

    >>> seen = Invited(
    ...     columns=("age",),
    ...     groups=(("old", "young"),),
    ...     cells=np.array([[0], [1]]),
    ...     invited=np.array([500.0, 500.0]),
    ...     answered=np.array([400.0, 100.0]),
    ... )
    >>> made = representativeness(seen, rng=np.random.default_rng(1))
    >>> round(made.indicator.value, 2), made.converged
    (0.4, True)
    """
    invited, answered = int(found.invited.sum()), int(found.answered.sum())
    if not found.columns:
        return NotEnough(0, 1, "nothing is known of those who did not answer")
    scarce = min(answered, invited - answered)
    if scarce < LEAST_EACH:
        return NotEnough(scarce, LEAST_EACH, "too few who answered, or who did not")
    design = _design(found.cells, [len(names) for names in found.groups])
    slope, converged = _fitted(design, found.invited, found.answered)
    chance = _expit(design @ slope)
    inverse: Floats = np.linalg.inv(_information(design, found.invited, chance)).astype(np.float64)
    noise = _noise(design, found.invited, chance, inverse)
    spread = max(0.0, _spread(found.invited, chance) - noise)
    value = 1.0 - 2.0 * spread**0.5
    draws = _draws(found, design, slope, inverse, rng=rng, rounds=rounds)
    low, high = _interval(draws - 2.0 * noise, level=level)
    indicator = Estimate(value, max(0.0, min(low, value)), min(1.0, max(high, value)), invited, level)
    return Representativeness(
        indicator=indicator,
        partial={column: _between(found, place, chance) for place, column in enumerate(found.columns)},
        groups=tuple(_groups(found, level=level)),
        converged=converged,
    )


def _groups(found: Invited, *, level: float) -> Sequence[GroupResponse]:
    made = []
    for place, (column, names) in enumerate(zip(found.columns, found.groups, strict=True)):
        sums = [
            np.bincount(found.cells[:, place], weights=counts, minlength=len(names)).astype(int).tolist()
            for counts in (found.invited, found.answered)
        ]
        made += [
            GroupResponse(column, name, invited, answered, response_rate(answered, invited, level=level))
            for name, invited, answered in zip(names, *sums, strict=True)
            if invited
        ]
    return made


def _between(found: Invited, place: int, chance: Floats) -> float:
    """Spread of the mean chances of the groups of one column (unconditional partial R-indicator)."""
    codes, size = found.cells[:, place], len(found.groups[place])
    invited = np.bincount(codes, weights=found.invited, minlength=size).astype(np.float64)
    sums = np.bincount(codes, weights=found.invited * chance, minlength=size)
    means = np.divide(sums, invited, out=np.zeros_like(sums), where=invited > 0.0)
    return float(_spread(invited, means) ** 0.5)


def _design(cells: Codes, sizes: Sequence[int]) -> Floats:
    """A constant and one column for each group but the first of each column, shape (k, p)."""
    columns = [np.eye(size)[cells[:, place]][:, 1:] for place, size in enumerate(sizes)]
    return np.hstack([np.ones((cells.shape[0], 1)), *columns])


def _fitted(design: Floats, invited: Floats, answered: Floats) -> tuple[Floats, bool]:
    """Coefficients of the logistic regression by Newton's steps, and whether they settled."""
    slope = np.zeros(design.shape[1])
    share = answered.sum() / invited.sum()
    slope[0] = np.log(share / (1.0 - share))
    for _ in range(50):
        chance = _expit(design @ slope)
        pull = design.T @ (answered - invited * chance) - _RIDGE * slope
        step = np.linalg.solve(_information(design, invited, chance), pull)
        # Groups in which all or nobody answers pull without end; a step of 4 is from 2 to 50 %.
        slope = np.clip(slope + np.clip(step, -4.0, 4.0), -15.0, 15.0)
        if np.abs(step).max() < 1e-8:
            return slope, True
    return slope, False


def _information(design: Floats, invited: Floats, chance: Floats) -> Floats:
    weight = invited * chance * (1.0 - chance)
    information: Floats = design.T @ (design * weight[:, None])
    return information + _RIDGE * np.eye(design.shape[1])


def _expit(values: Floats) -> Floats:
    chances: Floats = 1.0 / (1.0 + np.exp(-values))
    return chances


def _spread(invited: Floats, chance: Floats) -> float:
    """Variance of the chances over those invited."""
    total = float(invited.sum())
    mean = float(invited @ chance) / total
    return float(invited @ (chance - mean) ** 2) / total


def _noise(design: Floats, invited: Floats, chance: Floats, inverse: Floats) -> float:
    """What chance puts into the variance of fitted chances: their mean variance less that of their mean."""
    slopes = design * (chance * (1.0 - chance))[:, None]
    each = np.einsum("kp,pq,kq->k", slopes, inverse, slopes)
    total = float(invited.sum())
    mean = invited @ slopes / total
    return max(0.0, float(invited @ each) / total - float(mean @ inverse @ mean))


def _draws(
    found: Invited, design: Floats, slope: Floats, inverse: Floats, *, rng: np.random.Generator, rounds: int
) -> Floats:
    """Variance of the chances in each bootstrap round, each fitted by one Newton's step from the whole."""
    answered, silent = found.answered, found.invited - found.answered
    shares = np.concatenate((answered, silent)) / found.invited.sum()
    # Some rounds at a time, so that thousands of cells stay within memory.
    at_once = max(1, _AT_ONCE // answered.size)
    spreads: list[Floats] = []
    for begin in range(0, rounds, at_once):
        size = min(at_once, rounds - begin)
        counts = rng.multinomial(int(found.invited.sum()), shares, size=size).astype(np.float64)
        drawn_answers, drawn_silent = counts[:, : answered.size], counts[:, answered.size :]
        drawn = drawn_answers + drawn_silent
        pull = (drawn_answers - drawn * _expit(design @ slope)) @ design
        chances = _expit((slope + pull @ inverse) @ design.T)
        total = drawn.sum(axis=1)
        mean = (drawn * chances).sum(axis=1) / total
        spreads.append((drawn * (chances - mean[:, None]) ** 2).sum(axis=1) / total)
    return np.concatenate(spreads)


def _interval(spread: Floats, *, level: float) -> tuple[float, float]:
    tails = np.quantile(spread, [(1.0 + level) / 2.0, (1.0 - level) / 2.0])
    low, high = (1.0 - 2.0 * max(0.0, float(tail)) ** 0.5 for tail in tails)
    return low, high

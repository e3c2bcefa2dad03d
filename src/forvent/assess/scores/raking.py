"""Weights under which answers have the shares of groups that are known of all customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.judgements import Codes, Floats
from forvent.errors import BadOption

#: Rounds after which raking is given up.
ROUNDS = 1000
#: Largest difference of a weighted share to its margin that counts as met.
MET = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """Weights of cells, shape (k,), and how they were come by.

    ``factor`` multiplies the weight of every answer of a cell; ``mass`` is the weight of all answers of a
    cell afterwards. ``largest_miss`` is the largest difference of a weighted share to its margin.
    """

    factor: Floats
    mass: Floats
    design: Floats
    iterations: int
    converged: bool
    largest_miss: float

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.factor.size

    def explained(self, sums: Floats) -> Floats:
        """What the margins explain of a value, for each cell, from its weighted sum in each cell.

        The fit of a weighted regression of the value on the groups of all margins.
        """
        gram = self.design.T @ (self.design * self.mass[:, None])
        slope = np.linalg.lstsq(gram, self.design.T @ sums, rcond=None)[0]
        fitted: Floats = self.design @ slope
        return fitted


def rake(cells: Codes, mass: Floats, *, margins: Sequence[Floats], rounds: int = ROUNDS) -> Raked:
    r"""Weights under which every margin has its known shares (iterative proportional fitting).

    The weights of each group of each margin are multiplied by known share over weighted share,
    margin after margin, until every weighted share meets its margin. Of all weights that do, these
    are nearest to those before (in relative entropy). Where no weights can meet all margins the
    rounds never settle; then ``converged`` is False and ``largest_miss`` says how far off they are.

    Parameters
    ----------
    cells
        Group of each cell in each margin, codes from 0 on, shape (k, margins).
    mass
        Weight of all answers of each cell before, shape (k,), positive.
    margins
        Known shares of the groups of each margin; each sums to 1.
    rounds
        Rounds after which it is given up.

    Returns
    -------
    Raked
        Factors with a weighted mean of 1, so that weights sum to what they did before.

    Raises
    ------
    BadOption
        If shares of a margin do not sum to 1, are negative, or belong to a group nobody is in.

    Source
    ------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11(4), 427–444.

    Examples
    --------
    Two thirds of the answers came from women, half of the customers are:

    >>> raked = rake(np.array([[0], [1]]), np.array([20.0, 10.0]), margins=[np.array([0.5, 0.5])])
    >>> raked.factor.tolist(), raked.converged
    ([0.75, 1.5], True)
    """
    total = float(mass.sum())
    for place, shares in enumerate(margins):
        seen = np.bincount(cells[:, place], weights=mass, minlength=shares.size).astype(np.float64)
        _check_shares(shares, seen=seen)
    weight = mass.copy()
    done, miss = 0, _largest_miss(cells, weight, margins)
    while done < rounds and miss > MET:
        for place, shares in enumerate(margins):
            now = np.bincount(cells[:, place], weights=weight, minlength=shares.size)
            weight *= np.divide(shares * total, now, out=np.zeros_like(now), where=now > 0.0)[cells[:, place]]
        done, miss = done + 1, _largest_miss(cells, weight, margins)
    return Raked(
        factor=weight / mass,
        mass=weight,
        design=_design(cells, margins),
        iterations=done,
        converged=miss <= MET,
        largest_miss=miss,
    )


def kish(weight: Floats, times: Floats) -> float:
    r"""Number of equally weighted answers that weighted ones are worth, :math:`(\sum w)^2/\sum w^2`.

    Parameters
    ----------
    weight
        Weight of each distinct answer, shape (k,), at least 0, not all 0.
    times
        How often each was given, shape (k,).

    Returns
    -------
    float
        In 1…n.

    Source
    ------
    Kish (1965), Survey Sampling, section 11.7.

    Examples
    --------
    >>> kish(np.array([1.0, 3.0]), np.array([3.0, 1.0]))
    3.0
    """
    return float(times @ weight) ** 2 / float(times @ weight**2)


def _check_shares(shares: Floats, *, seen: Floats) -> None:
    if not (np.isfinite(shares).all() and (shares >= 0.0).all() and abs(float(shares.sum()) - 1.0) < 1e-6):
        raise BadOption(
            f"The shares of a margin sum to {float(shares.sum()):g}.", hint="Give shares that sum to 1."
        )
    if ((seen == 0.0) & (shares > 0.0)).any():
        raise BadOption(
            "A margin has a group that nobody who answered is in.", hint="Join it with another group."
        )


def _largest_miss(cells: Codes, weight: Floats, margins: Sequence[Floats]) -> float:
    total = float(weight.sum())
    if total <= 0.0:
        return 1.0
    misses = (
        np.abs(np.bincount(cells[:, place], weights=weight, minlength=shares.size) / total - shares).max()
        for place, shares in enumerate(margins)
    )
    return float(max(misses, default=0.0))


def _design(cells: Codes, margins: Sequence[Floats]) -> Floats:
    """One column for each group of each margin, shape (k, groups)."""
    return np.hstack([np.eye(shares.size)[cells[:, place]] for place, shares in enumerate(margins)])

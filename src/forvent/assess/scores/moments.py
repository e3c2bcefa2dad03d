"""Moments of scores over answers that come several from one customer and carry weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from forvent.assess.judgements import Codes, Flags, Floats
from forvent.assess.scores.definitions import Measure
from forvent.assess.scores.limits import Moments, known
from forvent.assess.scores.raking import Raked
from forvent.errors import BadOption


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers as rows, arrays of shape (k,).

    ``value`` indexes ``values``, the distinct ratings on 0–1; ``times`` is how often a row was given,
    ``weight`` that of each time. ``customer`` holds rising codes, None where nobody answers twice.
    ``cell`` is the combination of the known margins a row falls into, None where there are none.
    """

    values: Floats
    value: Codes
    times: Floats
    weight: Floats
    customer: Codes | None = None
    cell: Codes | None = None

    @classmethod
    def of(
        cls,
        rating: ArrayLike,
        *,
        times: ArrayLike | None = None,
        weight: ArrayLike | None = None,
        customer: Codes | None = None,
        cell: Codes | None = None,
    ) -> Answers:
        """Rows of these ratings; each once and with a weight of 1 where nothing else is said.

        Raises
        ------
        BadOption
            If the rows do not come in the order of their customers.
        """
        if customer is not None and (np.diff(customer) < 0).any():
            raise BadOption("Customers come in disorder.", hint="Sort the answers by customer first.")
        values, value = np.unique(np.asarray(rating, dtype=np.float64), return_inverse=True)
        once = np.ones(value.size)
        return cls(
            values,
            value.astype(np.int64),
            once if times is None else np.asarray(times, dtype=np.float64),
            once if weight is None else np.asarray(weight, dtype=np.float64),
            customer,
            cell,
        )

    def chosen(self, inside: Flags) -> Answers:
        """The rows for which something holds."""
        rows = np.flatnonzero(inside)
        return Answers(
            self.values,
            self.value[rows],
            self.times[rows],
            self.weight[rows],
            None if self.customer is None else self.customer[rows],
            None if self.cell is None else self.cell[rows],
        )

    def weighted(self, weight: Floats) -> Answers:
        """The same rows with other weights."""
        return replace(self, weight=weight)


@dataclass(frozen=True, slots=True, eq=False)
class AnswerSums:
    """What the moments of every score need: sums over answers of a kind, and over those of a customer.

    A kind is a rating in a cell of the margins, shape (kinds,) with ratings outermost; where the answers are
    a part of those that were raked, the kinds of the others follow. ``links`` holds the weight of every
    kind that a customer gave, shape (customers, kinds), and ``codes`` which customers these are; None
    where no customers are known, so that every answer is of another one.
    """

    values: Floats
    cells: int
    times: Floats
    mass: Floats
    squares: Floats
    answers: int
    customers: int
    raked: Raked | None
    links: Any = None
    codes: Codes | None = None

    @property
    def kinds(self) -> int:
        """Kinds of the answers that are meant."""
        return self.values.size * self.cells

    @property
    def equal(self) -> bool:
        """Whether every answer is of another customer and counts alike."""
        # n·Σw² = (Σw)² only where all weights are one.
        alike = self.times.sum() * self.squares.sum() <= self.mass.sum() ** 2 * (1.0 + 1e-12)
        return self.customers == self.answers and self.raked is None and bool(alike)

    def moved(self, measures: Sequence[Measure]) -> Floats:
        """How far each customer moves each score, shape (customers, scores)."""
        influences = [self.influence(measure.points(self.values)) for measure in measures]
        moved: Floats = self.links @ np.column_stack(influences)
        return moved

    def influence(self, points: Floats) -> Floats:
        """How far a weight of 1 of each kind moves the mean; ``points`` of each value, shape (values,)."""
        each, mass = np.repeat(points, self.cells), self.mass[: self.kinds]
        total = float(mass.sum())
        moved = np.zeros(self.mass.size)
        moved[: self.kinds] = each - float(mass @ each) / total
        if self.raked is not None:
            sums = (mass * moved[: self.kinds]).reshape(-1, self.cells).sum(axis=0)
            moved -= np.tile(self.raked.explained(sums), self.mass.size // self.cells)
        return moved / total


def sums_of(answers: Answers, *, inside: Flags | None = None, raked: Raked | None = None) -> AnswerSums:
    """Answers as the sums that scores are made of.

    Parameters
    ----------
    answers
        The answers; all of those that were raked together, where ``raked`` is given.
    inside
        The answers that are meant, shape (k,); None for all.
    raked
        How the weights came about; None where they were not raked.

    Returns
    -------
    AnswerSums
        As large as there are distinct ratings, cells and customers.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#effective.

    Examples
    --------
    >>> sums_of(Answers.of([0.0, 1.0, 1.0])).times.tolist()
    [1.0, 2.0]
    """
    if inside is not None and raked is None:
        answers, inside = answers.chosen(inside), None
    cells = 1 if raked is None or answers.cell is None else raked.cells
    kind = answers.value if answers.cell is None or cells == 1 else answers.value * cells + answers.cell
    size = answers.values.size * cells
    if inside is not None:
        kind, size = np.where(inside, kind, kind + size), 2 * size
    mass = answers.times * answers.weight
    who = answers.customer
    links, codes, n = (
        None,
        None,
        round(float(np.sum(answers.times if inside is None else answers.times[inside]))),
    )
    customers = n
    if who is not None:
        # Loaded here only: without repeating customers nobody needs to wait for it.
        from scipy import sparse

        starts = np.flatnonzero(np.diff(who, prepend=-1))
        ends = np.append(starts, who.size)
        links = sparse.csr_matrix((mass, kind.astype(np.int32), ends), shape=(starts.size, size))
        codes = who[starts]
        customers = starts.size
        if inside is not None:
            customers = int(np.count_nonzero(np.logical_or.reduceat(inside, starts)))
    return AnswerSums(
        values=answers.values,
        cells=cells,
        times=_sums(kind, answers.times, size),
        mass=_sums(kind, mass, size),
        squares=_sums(kind, mass * answers.weight, size),
        answers=n,
        customers=customers,
        raked=raked,
        links=links,
        codes=codes,
    )


def _sums(kind: Codes, values: Floats, size: int) -> Floats:
    return np.bincount(kind, weights=values, minlength=size).astype(np.float64)


def moments(measures: Sequence[Measure], sums: AnswerSums, *, level: float = 0.95) -> tuple[Moments, ...]:
    r"""Mean of the points of each score and the number of independent answers that it is worth.

    With weights :math:`w_i`, :math:`W=\sum w_i`, the mean :math:`m` and the influence of an
    answer :math:`u_i = w_i\,e_i/W`, where :math:`e_i = z_i - m`, less what the margins explain of it
    if the weights were raked:

    .. math:: v=\frac{C}{C-1}\sum_c\Bigl(\sum_{i\in c}u_i\Bigr)^2,\qquad n^*=\frac{s^2}{v}

    over the C customers, brought down by :math:`(t_{N-1}/t_{C'-1})^2`, since few customers know their
    own spread badly, and never above n. Where all answers are the same there is no spread to see and
    :math:`n^*` is Kish's number of customers :math:`C'`.

    Parameters
    ----------
    measures
        The scores.
    sums
        The answers; there must be one.
    level
        Level at which the spread is known badly.

    Returns
    -------
    tuple of Moments
        In the unit of each score; ``effective`` in 1…n.

    Source
    ------
    Korn & Graubard (1998), Survey Methodology 24(2), 193–201; Deville & Särndal (1992), JASA 87(418),
    376–382.

    Examples
    --------
    Four answers of two customers who each say the same twice are worth fewer than two:

    >>> from forvent.assess.scores.definitions import CSAT
    >>> twice = Answers.of([1, 1, 0, 0], customer=np.array([0, 0, 1, 1]))
    >>> found = moments([CSAT], sums_of(twice))[0]
    >>> found.mean, found.n, found.customers, found.effective
    (0.5, 4, 2, 1.0)
    """
    mass, n, customers = sums.mass[: sums.kinds], sums.answers, sums.customers
    total = float(mass.sum())
    made = []
    for measure in measures:
        points = np.repeat(measure.points(sums.values), sums.cells)
        mean = float(mass @ points) / total
        found = Moments(
            mean=mean,
            variance=float(mass @ (points - mean) ** 2) / total,
            up=float(mass @ (points > 0.0)) / total,
            down=float(mass @ (points < 0.0)) / total,
            n=n,
            customers=customers,
            effective=float(n),
        )
        made.append(found)
    if sums.equal:
        return tuple(made)
    spreads, units = _spreads(measures, sums)
    return tuple(
        replace(one, effective=_effective(one, spread, units=units, level=level))
        for one, spread in zip(made, spreads, strict=True)
    )


def _effective(found: Moments, spread: float, *, units: float, level: float) -> float:
    independent = units
    if found.variance > 1e-12 * max(1.0, found.mean**2):
        few = found.customers / max(1, found.customers - 1)
        independent = found.variance / (few * spread) if spread > 0.0 else float(found.n)
    shrink = known(found.n - 1, level=level) / known(int(units + 1e-9) - 1, level=level)
    return min(float(found.n), max(1.0, independent * shrink**2))


def _spreads(measures: Sequence[Measure], sums: AnswerSums) -> tuple[Sequence[float], float]:
    """Sum of the squared influences of the customers on each score, and Kish's number of customers."""
    meant = (np.arange(sums.mass.size) < sums.kinds).astype(np.float64)
    columns = [*(sums.influence(measure.points(sums.values)) for measure in measures), meant]
    if sums.links is None:
        squares = [float(sums.squares @ column**2) for column in columns]
    else:
        moved = sums.links @ np.column_stack(columns)
        squares = np.einsum("ij,ij->j", moved, moved).tolist()
    return squares[:-1], float(sums.mass @ meant) ** 2 / squares[-1]

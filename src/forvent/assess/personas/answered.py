"""Answer sheets of a survey as customers who can be grouped by what they expect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forvent.assess.personas.customers import Codes, Customers, Floats

#: Answers to what is expected below which a person cannot expect more of one thing than of others.
LEAST_ANSWERED = 3


def answered_customers(
    expected: Sequence[Floats], *, received: Sequence[Floats], names: Sequence[str], person: Codes
) -> Customers:
    """People of a survey as customers: what they expect more of than of the other things they answered.

    How high somebody answers in general says how they use the scale; it is taken out by their own mean.
    Several sheets of one person are their mean. An expectation above the own mean stands where a mention
    stands in voices, and it is met where at least the expected was received.

    Parameters
    ----------
    expected, received
        One array a thing, shape (sheets,), on one scale; NaN where it was not answered.
    names
        Names of the things.
    person
        Number of the person of each sheet, shape (sheets,), from 0 without a gap.

    Returns
    -------
    Customers
        For :func:`forvent.assess.personas.personas`; whoever answered fewer than three things, or all alike,
        says nothing that tells groups apart.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#answers.

    Examples
    --------
    >>> many = [np.array([9.0, 5.0]), np.array([6.0, 5.0]), np.array([6.0, 5.0])]
    >>> got = [np.array([9.0, 5.0]), np.array([6.0, 5.0]), np.array([6.0, 5.0])]
    >>> found = answered_customers(
    ...     many, received=got, names=("speed", "price", "staff"), person=np.array([0, 1])
    ... )
    >>> (
    ...     found.customer.tolist(),
    ...     [found.expectations[code] for code in found.expectation],
    ...     found.content.tolist(),
    ... )
    ([0], ['speed'], [1.0])
    """
    people = int(person.max()) + 1 if person.size else 0
    order = sorted(range(len(names)), key=lambda place: names[place])
    own = _own_mean([expected[place] for place in order], person, people)
    above, met, judged = (np.zeros((people, len(order)), dtype=np.bool_) for _ in range(3))
    # One thing after the other: all of them at once would take their place in memory thrice.
    for column, place in enumerate(order):
        wanted, got = (_mean(answers[place], person, people) for answers in (expected, received))
        # A mean of equal answers may miss them by the last digit; comparisons with NaN are false.
        above[:, column] = wanted > own + 1e-9
        judged[:, column] = np.isfinite(got)
        met[:, column] = got >= wanted - 1e-9
    customer, expectation = np.nonzero(above)
    told = judged[above]
    happy = met[above]
    count = customer.size
    nobody = np.empty(0, dtype=np.int64)
    return Customers(
        expectations=tuple(names[place] for place in order),
        customer=customer.astype(np.int64),
        expectation=expectation.astype(np.int64),
        content=happy.astype(np.float64),
        judged=told.astype(np.float64),
        wished=np.zeros(count),
        within=np.full(count, np.nan),
        rated=np.zeros(people),
        rating=np.zeros(people),
        owner=nobody,
        trait=nobody,
        traits=(),
    )


def _own_mean(expected: Sequence[Floats], person: Codes, people: int) -> Floats:
    """Mean of what each person expects of the things they answered, NaN where they are too few."""
    total, count = np.zeros(people), np.zeros(people)
    for answers in expected:
        mean = _mean(answers, person, people)
        told = np.isfinite(mean)
        total[told] += mean[told]
        count += told
    found: Floats = np.divide(total, count, out=np.full(people, np.nan), where=count >= LEAST_ANSWERED)
    return found


def _mean(answers: Floats, person: Codes, people: int) -> Floats:
    """Mean answer of each person, NaN where they gave none."""
    if people == person.size and np.array_equal(person, np.arange(people)):
        return answers
    told = np.isfinite(answers)
    count = np.bincount(person[told], minlength=people)
    total = np.bincount(person[told], weights=answers[told], minlength=people)
    mean: Floats = np.divide(total, count, out=np.full(people, np.nan), where=count > 0)
    return mean

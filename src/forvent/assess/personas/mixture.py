"""Groups of customers who say alike things, fitted by expectation and maximization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.choices import inclusions
from forvent.assess.personas.patterns import Patterns

Floats: TypeAlias = NDArray[np.float64]

#: Customers' worth of the overall shares that each group starts with, so that no chance is ever 0 or 1.
PRIOR = 1.0
#: Gain of log-likelihood a customer below which it is done.
DONE = 3e-6


@dataclass(frozen=True, eq=False)
class Groups:
    """What each of C groups says.

    ``weights`` (C, expectations) are those of the conditional Bernoulli distribution and sum to 1 in each
    group; ``nuances`` (C, nuances) are chances; ``sizes`` (C,) sum to 1.
    """

    sizes: Floats
    weights: Floats
    nuances: Floats

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.sizes.size)

    @property
    def free(self) -> int:
        """Numbers that were fitted."""
        items = self.weights.shape[1] + self.nuances.shape[1]
        return int(self.count * items - 1)


@dataclass(frozen=True, eq=False)
class Fitted:
    """Groups with the log-likelihood of the customers under them, and whether the steps came to rest."""

    groups: Groups
    likelihood: float
    converged: bool

    def criterion(self, telling: float) -> float:
        """BIC, with the customers who can tell groups apart as count; smaller is better."""
        return -2.0 * self.likelihood + self.groups.free * float(np.log(max(telling, 2.0)))


def begun(patterns: Patterns, *, groups: int, rng: np.random.Generator) -> Groups:
    """Groups to start from: the overall shares, shaken."""
    share, nuance = _overall(patterns)
    shaken = share * rng.gamma(2.0, 0.5, size=(groups, share.size))
    shifted = np.clip(nuance + rng.uniform(-0.2, 0.2, size=(groups, nuance.size)), 0.02, 0.98)
    return Groups(np.full(groups, 1.0 / groups), shaken / shaken.sum(axis=1, keepdims=True), shifted)


def belonging(patterns: Patterns, *, groups: Groups) -> tuple[Floats, Floats]:
    r"""How likely customers of each pattern belong to each group, and the log-likelihood of the pattern.

    Parameters
    ----------
    patterns
        What customers say.
    groups
        What groups say.

    Returns
    -------
    tuple of NDArray
        Probabilities, shape (p, groups), each row summing to 1, and log-likelihoods, shape (p,).

    Source
    ------
    Rost (1990), Applied Psychological Measurement 14(3), 271–282 (latent classes that leave out how much
    is said).

    Examples
    --------
    >>> said = Patterns(np.eye(2), np.zeros((2, 0)), np.zeros((2, 0)), np.ones(2))
    >>> groups = Groups(np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.1, 0.9]]), np.zeros((2, 0)))
    >>> belonging(said, groups=groups)[0].round(2).tolist()
    [[0.9, 0.1], [0.1, 0.9]]
    """
    logs, _ = inclusions(groups.weights, most=int(patterns.length.max(initial=0)))
    belongs, each = _belonging(patterns, groups, logs)
    return belongs.T, each


def fitted(patterns: Patterns, *, start: Groups, steps: int, done: float = DONE) -> Fitted:
    r"""Groups under which the customers are most likely, reached from a start.

    Maximizes :math:`\sum_i \log\sum_c \pi_c\,P(S_i\mid m_i,w_c)\prod_f q_{cf}^{v_{if}}(1-q_{cf})^{1-v_{if}}`,
    f over the nuances that apply to customer i: what does not apply counts as missing at random. It
    finds the nearest maximum, so it wants several starts.

    Parameters
    ----------
    patterns
        What customers say; each mentions at least one expectation.
    start
        Groups to begin with.
    steps
        Most steps.
    done
        Gain of log-likelihood a customer below which it stops.

    Returns
    -------
    Fitted
        The groups and their likelihood.

    Source
    ------
    Dempster, Laird & Rubin (1977), JRSS B 39(1), 1–38; weights by iterative proportional scaling, Chen,
    Dempster & Liu (1994), Biometrika 81(3), section 3.
    """
    overall, lengths = _overall(patterns), _lengths(patterns)
    groups, before = start, -np.inf
    for _ in range(steps):
        logs, among = inclusions(groups.weights, most=lengths.shape[1] - 1)
        belongs, each = _belonging(patterns, groups, logs)
        likelihood = float(patterns.count @ each)
        if likelihood - before < done * patterns.customers:
            return Fitted(groups, likelihood, converged=True)
        before = likelihood
        groups = _followed(patterns, belongs, groups=groups, among=among, overall=overall, lengths=lengths)
    _, each = belonging(patterns, groups=groups)
    return Fitted(groups, float(patterns.count @ each), converged=False)


def _belonging(patterns: Patterns, groups: Groups, logs: Floats) -> tuple[Floats, Floats]:
    """Chances with the groups first, which is quicker where groups are few and patterns many."""
    likely = np.log(groups.weights) @ patterns.mentioned.T
    likely -= logs[:, patterns.length]
    likely += np.log(groups.sizes)[:, None]
    if groups.nuances.shape[1]:
        no = np.log1p(-groups.nuances)
        likely += (np.log(groups.nuances) - no) @ patterns.answered.T
        likely += no @ patterns.asked.T
    top = likely.max(axis=0)
    np.exp(likely - top, out=likely)
    total = likely.sum(axis=0)
    likely /= total
    return likely, top + np.log(total)


def _followed(
    patterns: Patterns, belongs: Floats, *, groups: Groups, among: Floats,
    overall: tuple[Floats, Floats], lengths: Floats,
) -> Groups:  # fmt: skip
    """Groups as those who belong to them say."""
    share, nuance = overall
    parts = belongs * patterns.count
    said = parts @ patterns.mentioned + PRIOR * share
    sets = parts @ lengths
    # The prior speaks as customers who mention one thing each.
    sets[:, 1] += PRIOR
    weights = groups.weights * said / np.einsum("cm,cmk->ck", sets, among)
    weights /= weights.sum(axis=1, keepdims=True)
    total = parts.sum(axis=1) + PRIOR
    chances = (parts @ patterns.answered + PRIOR * nuance) / (parts @ patterns.asked + PRIOR)
    return Groups(total / total.sum(), weights, chances)


def _overall(patterns: Patterns) -> tuple[Floats, Floats]:
    """Share of all mentions that each expectation has, and of all it applies to that each nuance has."""
    said = patterns.count @ patterns.mentioned
    answered, asked = patterns.count @ patterns.answered, patterns.count @ patterns.asked
    # Half a customer either way: halves of the customers may miss what the whole has.
    return (said + 0.5) / (said + 0.5).sum(), (answered + 0.5) / (asked + 1.0)


def _lengths(patterns: Patterns) -> Floats:
    """1 where a pattern mentions so many, shape (p, most + 1)."""
    most = int(patterns.length.max(initial=0))
    return np.asarray(patterns.length[:, None] == np.arange(most + 1), dtype=np.float64)

"""The level that is aimed at, corrected by how promises are being kept while the world moves."""

from __future__ import annotations

import math

from forvent.errors import BadOption
from forvent.stats import check_level

#: Share of the distance to the outcome that one decided case moves the level by, were there no others.
STEP = 0.2
#: Cases over which that step is spread, besides those still undecided.
SPREAD = 200
#: Beyond these log-odds a level says "never broken", or "nearly always broken", and moves no further.
FARTHEST = 8.0
#: How far the log-odds may fall below the level that was chosen. Where many amounts are equal, the
#: share kept leaps over the level, and to chase it downwards would break a promise that costs nothing.
LOWEST = -0.5


class Drift:
    r"""Level to aim at, so that the level that was chosen is reached in the long run.

    Adaptive conformal inference on the scale of log-odds: each decided case moves

    .. math:: \theta \leftarrow \theta + \gamma\,\frac{e - (1 - \ell)}{\ell(1-\ell)},
              \qquad \gamma = \frac{0.2}{200 + m},

    where :math:`e` is 1 for a broken promise and 0 for a kept one, and the level aimed at is
    :math:`1/(1+\exp(-(\operatorname{logit}\ell+\theta)))`. :math:`m` is the number of cases that
    are promised and not decided: the later the news, the smaller the step, or the level would
    swing. Whatever the cases do, for a fixed step the mean of :math:`e` over :math:`T` decided
    cases differs from :math:`1-\ell` by exactly
    :math:`\ell(1-\ell)\,|\theta_T-\theta_0|/(\gamma T)`; ``offset`` is :math:`\theta`, so the
    distance can be told. It is bounded because :math:`\theta` is kept within ±8; where it stays
    at that limit, no promise within what was ever seen keeps its word.

    Parameters
    ----------
    level
        Level that was chosen, inside (0, 1).
    step
        Numerator of the step; 0 switches the correction off.

    Raises
    ------
    BadOption
        If ``level`` is not inside (0, 1), or ``step`` is negative.

    Source
    ------
    Gibbs & Candès (2021), arXiv:2106.00170; log-odds and delay our own, docs/formulas/adjust-engine.md#drift.

    Examples
    --------
    A hundred broken promises in a row, and the level aimed at rises:

    >>> drift = Drift(0.9)
    >>> for _ in range(100):
    ...     drift.decided(kept=False, level=0.9)
    >>> round(drift.aim(0.9), 3)
    0.961
    """

    def __init__(self, level: float, *, step: float = STEP) -> None:
        check_level(level)
        if not 0 <= step < math.inf:
            raise BadOption(f"A step of {step} cannot be taken.", hint="Give 0 or more; 0.2 is usual.")
        self.offset = 0.0
        self.pending = 0
        self._step = step

    def promised(self) -> None:
        """One more case is promised and not decided."""
        self.pending += 1

    def decided(self, *, kept: bool, level: float) -> None:
        """A case is decided: the promise was kept, or it ran out."""
        self.pending = max(0, self.pending - 1)
        self.move(float(not kept) - (1.0 - level), level=level)

    def matched(self, *, kept: bool, theirs_kept: bool, level: float) -> None:
        """A case is decided for us and for whom we are matched with; what both share moves nothing."""
        self.pending = max(0, self.pending - 1)
        self.move(float(theirs_kept) - float(kept), level=level)

    def move(self, surprise: float, *, level: float) -> None:
        """Move by how much oftener a promise was broken than it should."""
        step = self._step / (SPREAD + self.pending)
        moved = self.offset + step * surprise / (level * (1.0 - level))
        self.offset = min(FARTHEST, max(LOWEST, moved))

    def aim(self, level: float) -> float:
        """Level to aim at, for a chosen level; inside (0, 1)."""
        return 1.0 / (1.0 + math.exp(-(math.log(level / (1.0 - level)) + self.offset)))

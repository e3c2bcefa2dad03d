"""Kind of a touchpoint from penalty and reward of ratings, and what is said where they run the wrong way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.assess.asymmetry import expected_share
from forvent.records import Estimate, NotEnough
from forvent.stats import percentile_interval

Floats = NDArray[np.float64]

#: Middle ratings go with the lowest, or with the highest, satisfaction.
U_SHAPED, ARCHED = "u_shaped", "arched"
#: The better the rating, the lower the satisfaction.
RUNS_BACKWARDS = "runs_backwards"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where kinds end: ``band`` on the asymmetry, the others in points (0–1) of overall satisfaction.

    Penalty and reward both within ±``flat`` are none. A side of the wrong sign up to ``slack``, or shown to
    be less than half of the other one, does not keep a touchpoint from having a kind.
    """

    band: float = 0.2
    flat: float = 0.02
    slack: float = 0.05


@dataclass(frozen=True, slots=True)
class Sided:
    """Asymmetry, side and kind of one touchpoint, and what to be careful about."""

    asymmetry: Estimate | NotEnough
    side: str
    kind: str
    cautions: tuple[str, ...] = ()


def sided(penalty: Floats, *, reward: Floats, n: int, level: float = 0.95, cuts: Cuts | None = None) -> Sided:
    r"""Impact asymmetry :math:`IA=(r-|p|)/(r+|p|)` of one touchpoint with its kind.

    - *indifferent*: the intervals of penalty and reward lie within ±``flat``;
    - *reverse*: high ratings surely go with lower satisfaction than low ones, and one side is surely of the
      wrong sign by more than ``flat``;
    - *basic, performance, excitement*: the whole interval of IA lies below −``band``, within, or above;
    - *undecided* otherwise, and always where one side is of the wrong sign and that may be more than slack.

    Where a wrong sign is sure and large there is no asymmetry: its formula supposes :math:`p\le 0\le r`.

    Parameters
    ----------
    penalty
        Penalty on the answers and then in each bootstrap round, shape (rounds + 1,).
    reward
        Reward, alike.
    n
        Answers behind it.
    level
        Level of the intervals.
    cuts
        Where kinds end.

    Returns
    -------
    Sided
        Side "penalty" or "reward" where the whole interval of IA lies below or above 0, else "undecided".

    Source
    ------
    Mikulić & Prebežac (2008), Managing Service Quality 18(6), 559–576; docs/formulas/assess-drivers.md#kind.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(0, 0.01, (2, 400))
    >>> found = sided(-0.2 + noise[0], reward=0.02 + noise[1], n=400)
    >>> found.side, found.kind
    ('penalty', 'basic')
    >>> sided(0.2 + noise[0], reward=0.2 + noise[1], n=400).cautions
    ('u_shaped',)
    """
    cuts = cuts or Cuts()
    sides = _Sides(penalty, reward, _interval(penalty, n, level), _interval(reward, n, level), n, level)
    if all(-cuts.flat <= one.low and one.high <= cuts.flat for one in (sides.down, sides.up)):
        return Sided(_asymmetry(sides), "undecided", "indifferent")
    if sides.runs_backwards(cuts.flat):
        return Sided(
            _none(n, "high ratings go with lower satisfaction than low ones"),
            "undecided",
            "reverse",
            (RUNS_BACKWARDS,),
        )
    doubt = sides.wrong_sign(cuts.slack)
    if doubt is not None and doubt.sure:
        why = "low and high ratings both differ the same way from the middle"
        return Sided(_none(n, why), "undecided", "undecided", (doubt.shape,))
    impact = _asymmetry(sides)
    if doubt is not None or isinstance(impact, NotEnough):
        return Sided(impact, "undecided", "undecided")
    return Sided(impact, _side(impact), _band(impact, band=cuts.band))


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A side of the wrong sign that may be more than slack."""

    shape: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Sides:
    penalty: Floats
    reward: Floats
    down: Estimate
    up: Estimate
    n: int
    level: float

    def runs_backwards(self, flat: float) -> bool:
        """Whether high ratings surely go with lower satisfaction than low ones, by more than nothing."""
        swing = _interval(self.reward - self.penalty, self.n, self.level)
        return swing.high < 0.0 and (self.up.high < -flat or self.down.low > flat)

    def wrong_sign(self, slack: float) -> _Doubt | None:
        """The side of the wrong sign, unless it is within slack or surely less than half of the other."""
        if self.down.value > 0.0 and self.down.high > slack and not self._half(self.penalty, self.reward):
            return _Doubt(U_SHAPED, sure=self.down.low > 0.0)
        if self.up.value < 0.0 and self.up.low < -slack and not self._half(-self.reward, -self.penalty):
            return _Doubt(ARCHED, sure=self.up.high < 0.0)
        return None

    def _half(self, wrong: Floats, right: Floats) -> bool:
        return _interval(wrong - right / 2.0, self.n, self.level).high < 0.0


def _interval(draws: Floats, n: int, level: float) -> Estimate:
    return percentile_interval(draws[1:], value=float(draws[0]), n=n, level=level)


def _none(n: int, why: str) -> NotEnough:
    return NotEnough(n=n, needed=n + 1, why=why)


def _asymmetry(sides: _Sides) -> Estimate | NotEnough:
    if sides.down.value >= 0.0 >= sides.up.value:
        return _none(sides.n, "neither penalty nor reward is seen, so their ratio is unknown")
    return _interval(1.0 - 2.0 * expected_share(sides.penalty, reward=sides.reward), sides.n, sides.level)


def _side(impact: Estimate) -> str:
    if impact.high < 0.0:
        return "penalty"
    return "reward" if impact.low > 0.0 else "undecided"


def _band(impact: Estimate, *, band: float) -> str:
    if impact.high < -band:
        return "basic"
    if impact.low > band:
        return "excitement"
    return "performance" if -band <= impact.low and impact.high <= band else "undecided"

"""Coverage of the intervals on simulated surveys whose truth is known.

Every survey is drawn anew; the share of those whose interval holds the true value is set against the level,
four standard errors of the share allowed. Where a method itself is known to miss some, the bar says so;
`tests/guarantees` hold every number of every room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from benchmarks.assessment.rows import Row
from numpy.typing import NDArray

from forvent.assess.drivers import Answers as Rated
from forvent.assess.drivers import drivers
from forvent.assess.kano import kano_features
from forvent.assess.loyalty import fit_purchases, histories_of_arrays, total_ahead
from forvent.assess.scores import Answers, asked_measures, column_scores, weighed
from forvent.assess.surveyed import Bounds, Mix, all_sums, held_against, mix_table, numbers_of
from forvent.records import Estimate, NotEnough, Scale
from forvent.stats import wilson

LEVEL = 0.95
Floats = NDArray[np.float64]
Hits = dict[str, list[bool]]
#: What a method may miss beside chance, and why.
KNOWN = {
    "asymmetry": 0.015,
    "penalty": 0.015,
    "reward": 0.015,
    "importance": 0.015,
    "better": 0.03,
    "worse": 0.03,
    "nps": 0.02,
    "csat": 0.02,
    "gap": 0.015,
    "total of purchases": 0.02,
}
_STEPS = np.arange(11) / 10
_CHANCES = np.array([3, 1, 2, 2, 3, 6, 5, 12, 21, 20, 25]) / 100
_PENALTY, _REWARD = np.array([-0.25, -0.12, -0.01]), np.array([0.02, 0.12, 0.2])


def steps(runs: int) -> Mapping[str, Callable[[], Iterator[Row]]]:
    """Each room in turn."""
    rooms = {
        "60 answers": partial(scores, runs),
        "40 pairs of ratings": partial(gaps, runs),
        "150 sheets": partial(kano, runs),
        "400 answers, 3 touchpoints": partial(asymmetries, runs),
        "300 customers": partial(loyalty, runs),
    }
    return {on: partial(_rows, on, room) for on, room in rooms.items()}


def _rows(on: str, room: Callable[[], Hits]) -> Iterator[Row]:
    for name, held in room().items():
        share, error = float(np.mean(held)), 4 * np.sqrt(LEVEL * (1 - LEVEL) / len(held))
        least = float(LEVEL - KNOWN[name] - error)
        bar = f"95 %, at least {least:.1%}"
        yield Row(on, f"interval of {name}", counted(held), bar, share >= least)


def counted(held: Sequence[bool]) -> str:
    """A share of runs with its interval and count."""
    share = wilson(sum(held), len(held))
    return f"{share.value:.1%} ({share.low:.1%} … {share.high:.1%}) of {len(held):,}"


def scores(runs: int) -> Hits:
    """NPS and CSAT of independent answers."""
    rng, hits = np.random.default_rng(1), dict[str, list[bool]]()
    measures = asked_measures(["nps", "csat"], scale=Scale(0, 10))
    truth = {measure.name: float(_CHANCES @ measure.points(_STEPS)) for measure in measures}
    for _ in range(runs):
        answers = Answers.of(rng.choice(_STEPS, size=60, p=_CHANCES))
        found = column_scores(measures, [weighed(answers)])[0][0]
        _count(hits, {one.name: one.estimate for one in found.scores}, truth)
    return hits


def gaps(runs: int) -> Hits:
    """Received minus expected of three pairs, a third of them open."""
    rng, hits = np.random.default_rng(2), dict[str, list[bool]]()

    def drawn(people: int, missing: float) -> tuple[Floats, Floats]:
        mood, off = rng.normal(0.0, 0.8, people), rng.normal(0.0, 0.5, people)
        expected = np.clip(np.rint(5.5 + mood + rng.normal(0.0, 0.8, (3, people))), 1, 7)
        received = np.clip(np.rint(4.6 + mood + off + rng.normal(0.0, 0.8, (3, people))), 1, 7)
        open_pairs = rng.random((3, people)) < missing
        return np.where(open_pairs, np.nan, expected), np.where(open_pairs, np.nan, received)

    many = drawn(200_000, 0.0)
    truth = {"gap": float((many[1] - many[0]).mean())}
    mix = Mix("all", "all", (0, 1, 2), (1 / 3,) * 3)
    for _ in range(runs):
        expected, received = map(list, drawn(40, 0.33))
        held = held_against(expected, received, better=("more",) * 3, person=np.arange(40), persons=40)
        sums = all_sums(held, mix_table([mix], pairs=3))
        one = numbers_of(sums, centre=held.centre, mix=mix, place=0, bounds=Bounds(1.0, 7.0), level=LEVEL)
        _count(hits, {"gap": one.gap}, truth)
    return hits


def kano(runs: int) -> Hits:
    """Better and Worse of one feature."""
    rng, hits = np.random.default_rng(3), dict[str, list[bool]]()
    chances = rng.dirichlet(np.full(25, 2.0)).reshape(5, 5)
    chances[0, 0] = chances[4, 4] = 0.0
    chances /= chances.sum()
    great = np.round(chances * 10_000_000).astype(np.int64)
    (true,) = kano_features(great[np.newaxis], names=["feature"])
    truth = {name: _value(getattr(true, name)) for name in ("better", "worse")}
    for _ in range(runs):
        cells = rng.multinomial(150, chances.ravel()).reshape(1, 5, 5)
        (found,) = kano_features(cells, names=["feature"])
        _count(hits, {name: getattr(found, name) for name in truth}, truth)
    return hits


def asymmetries(runs: int) -> Hits:
    """Penalty, reward, asymmetry and importance of a basic, an even and an exciting touchpoint."""
    rng, hits = np.random.default_rng(4), dict[str, list[bool]]()

    def drawn(count: int) -> Rated:
        hidden = 0.6 * rng.normal(size=(count, 1)) + 0.8 * rng.normal(size=(count, 3))
        ratings = np.digitize(hidden, [-1.2, -0.4, 0.4, 1.2])
        mean = 0.5 + ((ratings < 2) * _PENALTY + (ratings > 2) * _REWARD).sum(axis=1)
        states = np.select([ratings < 2, ratings == 2], [0, 1], 2).astype(np.int8)
        names = ("basic", "even", "exciting")
        return Rated(names, mean + rng.normal(0, 0.2, count), ratings / 4.0, states, np.arange(count))

    measured = ("penalty", "reward", "asymmetry", "importance")
    true = drivers(drawn(300_000), overall="csat", rng=rng, rounds=2)
    of = {one.name: {name: _value(getattr(one, name)) for name in measured} for one in true.touchpoints}
    for _ in range(runs):
        for one in drivers(drawn(400), overall="csat", rng=rng, rounds=200).touchpoints:
            _count(hits, {name: getattr(one, name) for name in measured}, of[one.name])
    return hits


def loyalty(runs: int) -> Hits:
    """Purchases of half a year ahead, of customers drawn from the model."""
    rng, hits = np.random.default_rng(5), dict[str, list[bool]]()
    for _ in range(runs):
        rate, leaves = rng.gamma(0.8, 1 / 6.0, 300), rng.beta(0.6, 2.5, 300)
        times = np.cumsum(rng.exponential(size=(300, 300)), axis=1) / rate[:, None]
        made = np.arange(1, 301) <= rng.geometric(leaves)[:, None]
        before = made & (times <= 52.0)
        known = histories_of_arrays(
            repeats=before.sum(axis=1),
            recency=np.where(before, times, 0.0).max(axis=1),
            age=np.full(300, 52.0),
        )
        fit = fit_purchases(known, model="bg-nbd")
        later = float((made & (times > 52.0) & (times <= 78.0)).sum())
        ahead = fit if isinstance(fit, NotEnough) else total_ahead(fit, histories=known, weeks=26.0)
        _count(hits, {"total of purchases": ahead}, {"total of purchases": later})
    return hits


def _count(hits: Hits, found: Mapping[str, Estimate | NotEnough], truth: Mapping[str, float]) -> None:
    for name, number in found.items():
        if isinstance(number, Estimate):
            hits.setdefault(name, []).append(number.low - 1e-9 <= truth[name] <= number.high + 1e-9)


def _value(number: Estimate | NotEnough) -> float:
    return number.value if isinstance(number, Estimate) else float("nan")

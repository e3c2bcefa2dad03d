"""Which expectations the ratings go together with: R² of the contrast, shared out among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.assess.contrast import Contrast
from forvent.assess.drivers.drivers import ANSWERS_EACH, LEAST_ANSWERS, LEAST_CUSTOMERS
from forvent.assess.drivers.fits import LEAST_RATED, widening
from forvent.assess.drivers.importance import Importance, rank_interval, shared_out
from forvent.assess.drivers.places import UNDECIDED, field_of
from forvent.assess.drivers.shapley import MOST_EXACT
from forvent.assess.importance.spoken import Spoken
from forvent.assess.judgements import Codes, Floats, Judgements
from forvent.records import Estimate, NotEnough
from forvent.records.importance import ExpectationImportance, Importances
from forvent.stats import percentile_interval

RATINGS, MENTIONS = "ratings", "mentions"
NO_RATINGS, FEW_RATINGS, NOTHING = "no_ratings", "too_few_ratings", "nothing_explained"
#: Expectations up to which bootstrap rounds go through all orders; drawn orders in each beyond.
EXACT_ROUNDS, ORDERS_A_ROUND = 10, 8
#: Bootstrap rounds where there are more than fifteen expectations.
ROUNDS_DRAWN = 500
#: Expectations with both numbers from which on there is a cross-hair.
LEAST_PLACED = 3


def importances(
    judged: Judgements, *, contrast: Contrast, rng: np.random.Generator, level: float = 0.95
) -> Importances:
    r"""What each expectation explains of the ratings, beside all others.

    The model is that of the contrast: for each expectation whether a voice finds it met, unmet, or does not
    mention it. Its adjusted R² is shared out among the expectations, each entering with both of its sides,
    over all orders of entering (Shapley, LMG); beyond fifteen expectations over drawn orders. Importance is
    the part of an expectation in what all explain together. It is association: who is disappointed rates
    lower and finds more to say.

    Where ratings are missing or too few, or may not go together with any expectation, importance is the
    share of voices that speak of it.

    Parameters
    ----------
    judged
        The judgements that the contrast was fitted on.
    contrast
        Its sums and drawn blocks.
    rng
        Source of randomness of drawn orders; not used up to fifteen expectations.
    level
        Level of every interval.

    Returns
    -------
    Importances
        One entry an expectation, the most important first. With fewer than ten rated voices that judge it
        an expectation is not in the model and has no importance by ratings.

    Source
    ------
    Grömping (2007), American Statistician 61(2), 139–147; docs/formulas/assess.md#importance.

    Examples
    --------
    Ratings go together with being on time, not with the shop window:

    >>> import pyarrow as pa
    >>> from forvent.assess import contrast, judgements
    >>> rng = np.random.default_rng(1)
    >>> names, late, seen = [f"v{i}" for i in range(400)], rng.random(400) < 0.4, rng.random(400) < 0.5
    >>> voices = pa.table(
    ...     {"voice_id": names, "customer": names, "rating": 0.7 - 0.4 * late + rng.normal(0, 0.1, 400)}
    ... )
    >>> rows = [(name, "on_time", "unmet" if no else "met") for name, no in zip(names, late)]
    >>> rows += [(name, "window", "met") for name, yes in zip(names, seen) if yes]
    >>> columns = dict(zip(("voice_id", "expectation", "polarity"), map(list, zip(*rows))))
    >>> mentions = pa.table({**columns, "stage": ["buy"] * len(rows), "touchpoint": ["buy"] * len(rows)})
    >>> judged = judgements(mentions, voices=voices)
    >>> found = importances(judged, contrast=contrast(judged, rng=rng, rounds=200), rng=rng)
    >>> [(one.expectation, round(one.importance.value, 2)) for one in found.expectations]
    [('on_time', 1.0), ('window', 0.0)]
    """
    fitted = _shared(judged, contrast, rng=rng)
    explained: Estimate | NotEnough
    if isinstance(fitted, str):
        n = round(float(contrast.sums.crosses[:, 0, 0].sum()))
        explained = NotEnough(n=n, needed=max(LEAST_ANSWERS, n + 1), why="too few rated voices")
        return _listed(judged, contrast, None, why=fitted, explained=explained, level=level)
    draws = fitted.parts.explained
    explained = percentile_interval(draws[1:], value=float(draws[0]), n=fitted.rated, level=level)
    shown, why = (None, NOTHING) if explained.low <= 0.0 else (fitted, "")
    return _listed(judged, contrast, shown, why=why, explained=explained, level=level)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """Parts of R² of the expectations ``used``, numbers of ``judged.expectations``."""

    used: Codes
    parts: Importance
    rated: int

    @property
    def shares(self) -> Floats:
        """Parts of the whole and their draws; in a draw that explains nothing all have the same."""
        shares, draws = self.parts.shares
        every: Floats = np.vstack([shares, np.where(np.isfinite(draws), draws, 1.0 / self.used.size)])
        return every


def _shared(judged: Judgements, contrast: Contrast, *, rng: np.random.Generator) -> _Shared | str:
    """R² shared out, or why it cannot be."""
    total = contrast.sums.crosses.sum(axis=0)
    rated = round(float(total[0, 0]))
    spread = total[-1, -1] - total[0, -1] ** 2 / max(rated, 1)
    if not rated:
        return NO_RATINGS
    used, columns, sizes = _groups(contrast)
    blocks = int((contrast.sums.crosses[:, 0, 0] > 0.0).sum())
    if (
        rated < max(LEAST_ANSWERS, ANSWERS_EACH * columns.size)
        or blocks < LEAST_CUSTOMERS
        or not used.size
        or spread <= 1e-9 * rated
    ):
        return FEW_RATINGS
    rounds = len(contrast.drawn) if used.size <= MOST_EXACT else ROUNDS_DRAWN
    drawn = np.vstack([np.ones(judged.blocks), contrast.drawn[:rounds]])
    parts = shared_out(
        _centred(contrast, drawn, columns=columns),
        free=rated - 1.0,
        wider=widening(float(rated), blocks=blocks, coefficients=columns.size + 1),
        rng=rng,
        sizes=sizes,
        orders_a_round=ORDERS_A_ROUND,
        exact_rounds=EXACT_ROUNDS,
    )
    return _Shared(used, parts, rated)


def _groups(contrast: Contrast) -> tuple[Codes, Codes, tuple[int, ...]]:
    """Expectations with enough rated voices, their columns of the sums, and how many each has."""
    fitted, kinds = contrast.sums.fitted, contrast.unmet.size
    enough = contrast.unmet + contrast.met >= LEAST_RATED
    of_each = [np.flatnonzero(fitted % kinds == code) for code in range(kinds)]
    used = np.array([code for code in range(kinds) if enough[code] and of_each[code].size], dtype=np.int64)
    columns = [1 + of_each[code] for code in used.tolist()]
    joined = np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
    return used, joined.astype(np.int64), tuple(part.size for part in columns)


def _centred(contrast: Contrast, drawn: Floats, *, columns: Codes) -> Floats:
    """Cross products of the columns and, last, of the rating about their means, for each row of ``drawn``."""
    crosses = contrast.sums.crosses
    kept = np.concatenate([[0], columns, [crosses.shape[1] - 1]])
    width = kept.size
    chosen = crosses[:, kept[:, None], kept[None, :]].reshape(len(crosses), width * width)
    summed = (drawn @ chosen).reshape(-1, width, width)
    voices = np.maximum(summed[:, 0, 0], 1.0)[:, None, None]
    centred: Floats = summed[:, 1:, 1:] - summed[:, 1:, :1] * summed[:, :1, 1:] / voices
    return centred


def _listed(
    judged: Judgements,
    contrast: Contrast,
    fitted: _Shared | None,
    *,
    why: str,
    explained: Estimate | NotEnough,
    level: float,
) -> Importances:
    """Every expectation with all that is said of it; by mentions where nothing was fitted."""
    said = Spoken(judged, contrast.drawn, level)
    codes = range(len(judged.expectations))
    spoken = [said.share(code, wished=False) for code in codes]
    performance = [said.performance(code) for code in codes]
    weights = _by_ratings(fitted, contrast, level=level) if fitted else _by_mentions(spoken, level=level)
    places, lines = _places(weights, performance, level=level)
    found = [
        ExpectationImportance(
            expectation=judged.expectations[code],
            importance=weights[code].importance,
            part=weights[code].part,
            rank=weights[code].rank,
            spoken=spoken[code][0],
            wished=said.share(code, wished=True)[0],
            performance=performance[code][0],
            place=places.get(code, UNDECIDED),
        )
        for code in codes
    ]
    return Importances(
        basis=RATINGS if fitted else MENTIONS,
        why=why,
        expectations=tuple(sorted(found, key=_by_importance)),
        explained=explained,
        rated=explained.n,
        sampled=bool(fitted and fitted.parts.sampled),
        error=fitted.parts.error if fitted else 0.0,
        importance_line=lines[0] if lines else None,
        performance_line=lines[1] if lines else None,
        level=level,
    )


def _by_importance(one: ExpectationImportance) -> tuple[float, str]:
    return (-one.importance.value if isinstance(one.importance, Estimate) else 1.0, one.expectation)


@dataclass(frozen=True, slots=True, eq=False)
class _Weight:
    """Importance of one expectation with its draws, the value in front; empty where there is none."""

    importance: Estimate | NotEnough
    part: Estimate | NotEnough
    rank: Estimate | NotEnough
    draws: Floats


def _by_ratings(fitted: _Shared, contrast: Contrast, *, level: float) -> list[_Weight]:
    rated = np.floor(contrast.unmet + contrast.met).astype(np.int64).tolist()
    found = []
    shares, parts = fitted.shares, np.vstack([fitted.parts.parts, fitted.parts.draws])
    places = np.vstack(fitted.parts.ranks)
    at = {code: place for place, code in enumerate(fitted.used.tolist())}
    for code, n in enumerate(rated):
        if code not in at:
            none = NotEnough(n=n, needed=LEAST_RATED, why="too few rated voices judge it")
            found.append(_Weight(none, none, none, np.empty(0)))
            continue
        important, part = (
            percentile_interval(drawn[1:, at[code]], value=float(drawn[0, at[code]]), n=n, level=level)
            for drawn in (shares, parts)
        )
        place = places[:, at[code]]
        rank = rank_interval(float(place[0]), place[1:], n=n, level=level)
        found.append(_Weight(important, part, rank, shares[:, at[code]]))
    return found


def _by_mentions(spoken: list[tuple[Estimate, Floats]], *, level: float) -> list[_Weight]:
    if not spoken:
        return []
    every = np.column_stack([draws for _, draws in spoken])
    places, drawn = Importance(every[0], every[1:], every[:, 0], sampled=False).ranks
    return [
        _Weight(
            importance=share,
            part=NotEnough(n=0, needed=1, why="the ratings do not say it"),
            rank=rank_interval(float(places[code]), drawn[:, code], n=share.n, level=level),
            draws=draws,
        )
        for code, (share, draws) in enumerate(spoken)
    ]


def _places(
    weights: list[_Weight], performance: list[tuple[Estimate | NotEnough, Floats]], *, level: float
) -> tuple[dict[int, str], tuple[float, float] | None]:
    """Field of each expectation that has both numbers, and where the cross-hair stands."""
    both = [code for code, one in enumerate(weights) if one.draws.size and performance[code][1].size]
    if len(both) < LEAST_PLACED:
        return {}, None
    rows = min(weights[code].draws.size for code in both)
    important = np.column_stack([weights[code].draws[:rows] for code in both])
    well = np.column_stack([performance[code][1][:rows] for code in both])
    lines = float(important[0].mean()), float(well[0].mean())
    important, well = (drawn - drawn.mean(axis=1, keepdims=True) for drawn in (important, well))
    fields = {
        code: field_of(important[:, at], performance=well[:, at], level=level) for at, code in enumerate(both)
    }
    return fields, lines

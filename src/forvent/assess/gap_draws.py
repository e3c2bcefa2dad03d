"""The bootstrap draws behind the gaps, for what is reckoned from several of their numbers at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forvent.assess.asymmetry import expected_share
from forvent.assess.contrast import Contrast
from forvent.assess.gap import MET_SHARE
from forvent.assess.judgements import WISHED, Floats, Judgements

#: Ratings (0–1) up to here are dissatisfied: two stars of five, as in the chain.
DISSATISFIED = 0.25 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class GapDraws:
    """Arrays of shape (rounds + 1, k) for k expectations; the first row is the data, the others are draws.

    ``got`` is the share met, ``judged`` the share of voices that judge it, ``expected`` the share at which
    penalty and reward balance, ``swing`` reward minus penalty.
    """

    expectations: tuple[str, ...]
    got: Floats
    judged: Floats
    expected: Floats
    swing: Floats


def gap_draws(judged: Judgements, *, contrast: Contrast) -> GapDraws:
    """Share met, share judging, expected share and swing of every expectation in every bootstrap round.

    The rounds are those of the contrast: what is reckoned from these draws and from the gaps rests on the
    same resampled customers.

    Parameters
    ----------
    judged
        The judgements that the contrast was fitted on.
    contrast
        Penalties and rewards with their draws.

    Returns
    -------
    GapDraws
        A round in which nobody judges an expectation takes its share met from the data.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#draws.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess import contrast, judgements
    >>> names = [f"v{i}" for i in range(40)]
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": names[:20],
    ...         "expectation": ["on_time"] * 20,
    ...         "stage": ["receive"] * 20,
    ...         "touchpoint": ["receive"] * 20,
    ...         "polarity": ["unmet"] * 15 + ["met"] * 5,
    ...     }
    ... )
    >>> voices = pa.table({"voice_id": names, "rating": [0.2] * 15 + [0.6] * 25, "customer": names})
    >>> said = judgements(mentions, voices=voices)
    >>> draws = gap_draws(said, contrast=contrast(said, rng=np.random.default_rng(1), rounds=9))
    >>> draws.got.shape, float(draws.got[0, 0]), float(draws.judged[0, 0])
    ((10, 1), 0.25, 0.5)
    """
    kinds, blocks = len(judged.expectations), contrast.drawn.shape[1]
    place = judged.block[judged.voice] * kinds + judged.expectation
    met, said = (
        np.bincount(place, weights=weights, minlength=blocks * kinds).reshape(blocks, kinds)
        for weights in (MET_SHARE[judged.polarity], (judged.polarity != WISHED).astype(np.float64))
    )
    spoken = np.bincount(judged.block, minlength=blocks).astype(np.float64)
    every = np.vstack([np.ones(blocks), contrast.drawn])
    total, voices = every @ said, (every @ spoken)[:, None]
    plain = np.divide(met.sum(axis=0), total[0], out=np.zeros(kinds), where=total[0] > 0.0)
    got = np.divide(every @ met, total, out=np.tile(plain, (total.shape[0], 1)), where=total > 0.0)
    penalty = np.vstack([contrast.penalty, contrast.penalty_draws])
    reward = np.vstack([contrast.reward, contrast.reward_draws])
    return GapDraws(
        expectations=judged.expectations,
        got=got,
        judged=np.divide(total, voices, out=np.zeros_like(total), where=voices > 0.0),
        expected=np.column_stack(
            [expected_share(penalty[:, code], reward=reward[:, code]) for code in range(kinds)]
        )
        if kinds
        else np.zeros_like(total),
        swing=reward - penalty,
    )


def dissatisfied_judgements(judged: Judgements, *, at: float = DISSATISFIED) -> Judgements:
    """The same judgements, with 1 for a dissatisfied rating and 0 for any other in place of the rating.

    A contrast fitted on them says by how much the share of dissatisfied voices differs.

    Parameters
    ----------
    judged
        Judgements with ratings of 0–1.
    at
        Ratings up to here are dissatisfied.

    Returns
    -------
    Judgements
        Ratings of 0 and 1, NaN where none was given.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-met.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess import judgements
    >>> nothing = pa.table(
    ...     {
    ...         name: pa.array([], pa.string())
    ...         for name in ("voice_id", "expectation", "stage", "touchpoint", "polarity")
    ...     }
    ... )
    >>> voices = pa.table({"voice_id": ["a", "b"], "rating": [0.25, 0.5], "customer": ["a", "b"]})
    >>> dissatisfied_judgements(judgements(nothing, voices=voices)).rating.tolist()
    [1.0, 0.0]
    """
    rated = np.isfinite(judged.rating)
    return replace(judged, rating=np.where(rated, (judged.rating <= at).astype(np.float64), np.nan))

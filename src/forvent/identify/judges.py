"""From texts to judgements: one tier alone, or the exact one where the fast one is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import Heads, Joint, Judged, Numbers, Thresholds, load_heads
from forvent.identify.learned_head import LearnedHead, in_place_of_parents
from forvent.identify.near_corrections import NearCorrections
from forvent.language import Encoder

#: The fast tier is unsure of a polarity between these.
UNSURE_POLARITY = (0.3, 0.7)
#: ... and of a mention between these, where no other expectation is surer.
UNSURE_MENTION = (0.33, 0.37)
#: Less than any probability that is told, more than 0.
_NEVER = 1e-9


class Judge(Protocol):
    """What every tier offers: a name, a version, the expectations it knows, and judgements of texts."""

    name: str
    version: str
    expectations: tuple[str, ...]
    #: From which probability each expectation counts as mentioned.
    mention_from: Numbers
    thresholds: Thresholds

    @property
    def narrower(self) -> Judge:
        """Who tells the smallest part of a clause that carries an expectation."""
        ...

    def judge(self, texts: Sequence[str]) -> Judged:
        """One row of probabilities a text."""
        ...


class TierJudge:
    """One encoder with its heads, and with what was learned from examples and corrections beside them.

    Parameters
    ----------
    encoder
        What turns texts into vectors.
    heads
        Those that ship for it, if not given.
    learned
        Expectations of packs; a child that is spoken of stands in the place of its parent.
    near
        Corrections by people, which move what the heads say of clauses like those that were corrected.
    """

    def __init__(
        self,
        encoder: Encoder,
        heads: Heads | None = None,
        *,
        learned: LearnedHead | None = None,
        near: NearCorrections | None = None,
    ) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._heads = heads or load_heads(encoder.name)
        self._learned = learned
        self._near = near
        self.version = self._heads.version
        self.thresholds = self._heads.thresholds
        more = learned.ids if learned else ()
        self.expectations = (*self._heads.expectations, *more)
        general = np.full(len(self._heads.expectations), self.thresholds.mention)
        # Those that were learned come with a threshold of their own, and are 0 below it.
        self.mention_from = np.concatenate([general, np.full(len(more), _NEVER)])

    @property
    def narrower(self) -> Judge:
        """Itself."""
        return self

    def judge(self, texts: Sequence[str]) -> Judged:
        """One row of probabilities a text."""
        vectors = self._encoder.encode(texts)
        judged = self._heads.judge(vectors)
        if self._near is not None:
            judged = replace(judged, mention=self._near.adjusted(judged.mention, vectors))
        return judged if self._learned is None else self._with_learned(self._learned, judged, vectors)

    def _with_learned(self, learned: LearnedHead, judged: Judged, vectors: NDArray[np.float32]) -> Judged:
        ids = self._heads.expectations
        spoken = learned.spoken(vectors, judged.mention, ids=ids)
        general = in_place_of_parents(judged.mention, spoken, learned, ids=ids)
        met = [
            judged.positive if parent is None else judged.met[:, ids.index(parent)]
            for parent in learned.parents
        ]
        return replace(
            judged,
            mention=np.concatenate([general, spoken], axis=1),
            met=np.concatenate([judged.met, np.stack(met, axis=1)], axis=1),
        )


class JointJudge:
    """The exact tier as it ships: the transformer's heads and the fast tier's, joined.

    The two err differently: one knows how sentences mean, the other has seen more words. Their log-odds are
    added with weights that were fitted, for each kind of output, on text that neither had learned from.
    """

    def __init__(self, exact: TierJudge, fast: TierJudge, joint: Joint) -> None:
        self.name = exact.name
        self._exact = exact
        self._fast = fast
        self._joint = joint
        self.version = f"{exact.version}, {fast.version}"
        self.expectations = exact.expectations
        self.thresholds = joint.thresholds
        self.mention_from = exact.mention_from.copy()
        self._general = len(fast.expectations)
        self.mention_from[: self._general] = joint.thresholds.mention

    @property
    def narrower(self) -> Judge:
        """The fast tier, unless packs taught expectations that it does not know."""
        return self._fast if len(self.expectations) == self._general else self

    def judge(self, texts: Sequence[str]) -> Judged:
        """One row of probabilities a text."""
        exact, fast = self._exact.judge(texts), self._fast.judge(texts)
        joined = {}
        for field in fields(exact):
            mine, other = getattr(exact, field.name), getattr(fast, field.name)
            if field.name in ("mention", "met"):
                known = mine.copy()
                known[:, : self._general] = self._joint.of(field.name, mine[:, : self._general], other)
                # A parent in whose place a child stands stays silent.
                joined[field.name] = np.where(mine == 0.0, 0.0, known)
            else:
                joined[field.name] = self._joint.of(field.name, mine, other)
        return Judged(**joined)


class AutoJudge:
    """The fast tier for all texts, the exact one for those that the fast one is unsure of."""

    name = "auto"

    def __init__(self, fast: TierJudge, exact: Judge) -> None:
        self._fast = fast
        self._exact = exact
        self.version = f"{fast.version}, {exact.version}"
        self.expectations = exact.expectations
        # Those of the exact tier: both are calibrated, so that they mean the same.
        self.thresholds = exact.thresholds
        self.mention_from = exact.mention_from
        self.asked = 0

    @property
    def narrower(self) -> Judge:
        """The fast tier."""
        return self._fast

    def judge(self, texts: Sequence[str]) -> Judged:
        """One row of probabilities a text."""
        quick = self._fast.judge(texts)
        doubtful = np.flatnonzero(unsure(quick))
        self.asked += len(doubtful)
        if not len(doubtful):
            return quick
        return quick.replaced(doubtful, self._exact.judge([texts[place] for place in doubtful.tolist()]))


def unsure(judged: Judged) -> NDArray[np.bool_]:
    """Which rows of the fast tier should be judged by the exact one.

    Parameters
    ----------
    judged
        What the fast tier says.

    Returns
    -------
    array of bool
        True where the polarity, or the likeliest expectation, is undecided.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """
    low, high = UNSURE_POLARITY
    torn = (judged.positive > low) & (judged.positive < high) & (judged.neutral < high)
    best = judged.mention.max(axis=1)
    vague = (best > UNSURE_MENTION[0]) & (best < UNSURE_MENTION[1])
    undecided: NDArray[np.bool_] = torn | vague
    return undecided

"""From texts to judgements: one tier alone, or the exact one where the fast one is unsure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import Heads, Joint, Judged, Numbers, Thresholds, load_heads, log_odds
from forvent.identify.learned_head import LearnedHead, in_place_of_parents
from forvent.identify.near_corrections import NearCorrections
from forvent.identify.neighbour_head import NeighbourHead
from forvent.identify.ngram_head import ngram_head
from forvent.identify.second_reading import SecondReading
from forvent.language import Encoder

#: The fast tier is unsure of a polarity whose log-odds are nearer to 0 than this, at so many bytes.
#: The longer a text the dearer it is to ask, so less is asked of it: by the square root of its length.
UNSURE_POLARITY = 1.75
UNSURE_LENGTH = 80
#: Texts of fewer bytes cost no less.
_SHORTEST = 40
#: From this probability of neutral on, the exact tier seldom decides otherwise.
SURELY_NEUTRAL = 0.8
#: Less than any probability that is told, more than 0.
_NEVER = 1e-9

#: What is said of the polarity of each voice beside the whole, by what was judged of its parts, as log-odds.
Beside: TypeAlias = Callable[[Judged], Numbers]


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
        return self.judge_vectors(self.vectors(texts))

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What its encoder makes of the texts, shape (texts, size)."""
        return self._encoder.encode(texts)

    def judge_vectors(self, vectors: NDArray[np.float32]) -> Judged:
        """One row of probabilities a text whose vector is at hand."""
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
    """The exact tier as it ships: heads of the transformer and of the fast tier, and who else is heard.

    They err differently: one knows how sentences mean, one has seen more words, one knows words by their
    parts, one remembers voices, one was never tuned on any. Their log-odds are added with weights for each
    kind of output. Letters only tell which expectations are mentioned, neighbours that, whether these were
    met and how familiar a voice is, the second reading only the polarity of whole voices, where it counts the
    more the less familiar the voice.
    """

    def __init__(
        self,
        exact: TierJudge,
        fast: TierJudge,
        joint: Joint,
        *,
        neighbours: NeighbourHead,
        second: SecondReading | None = None,
    ) -> None:
        self.name = exact.name
        self._exact = exact
        self._fast = fast
        self._joint = joint
        self._letters = ngram_head()
        self._neighbours = neighbours
        self._second = second
        versions = [exact.version, fast.version, self._letters.version, neighbours.version]
        self.version = ", ".join([*versions, *([second.version] if second else [])])
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
        """One row of probabilities a text, each a whole voice."""
        return self.judge_parts(texts, np.arange(len(texts)))

    def judge_parts(self, texts: Sequence[str], whole: NDArray[np.int64]) -> Judged:
        """The same for parts of voices; only whole ones are read a second time."""
        voices = np.flatnonzero(whole == np.arange(len(texts)))
        # First of all, for with the second reading comes the first.
        again = self._second.scores([texts[place] for place in voices.tolist()]) if self._second else None
        vectors = self._exact.vectors(texts)
        exact, fast = self._exact.judge_vectors(vectors), self._fast.judge(texts)
        near = self._neighbours.votes(vectors)
        more = {"mention": (self._letters.scores(texts), near.mention), "met": (near.met,)}
        joined = {}
        for field in fields(exact):
            mine, other = getattr(exact, field.name), getattr(fast, field.name)
            if field.name in ("mention", "met"):
                known = mine.copy()
                known[:, : self._general] = self._joint.of(
                    field.name, mine[:, : self._general], other, *more.get(field.name, ())
                )
                # A parent in whose place a child stands stays silent.
                joined[field.name] = np.where(mine == 0.0, 0.0, known)
            else:
                joined[field.name] = self._joint.of(field.name, mine, other)
        if again is not None:
            joined["positive"][voices] = self._joint.of_whole(
                exact.positive[voices], fast.positive[voices], again, familiar=near.familiar[voices]
            )
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
        return self.judge_parts(texts, np.arange(len(texts)))

    def judge_parts(
        self, texts: Sequence[str], whole: NDArray[np.int64], beside: Beside | None = None
    ) -> Judged:
        """The same for parts of voices; the exact tier is asked only for rows that are whole voices.

        The whole decides the polarity of a voice, with what is said beside it, and helps each of its clauses
        to its mentions.
        """
        quick = self._fast.judge(texts)
        voices = np.flatnonzero(whole == np.arange(len(texts)))
        more = beside(quick) if beside is not None else np.zeros(len(voices))
        said = [texts[place] for place in voices.tolist()]
        doubtful = voices[unsure(quick.rows(voices), said, beside=more)]
        self.asked += len(doubtful)
        if not len(doubtful):
            return quick
        return quick.replaced(doubtful, self._exact.judge([texts[place] for place in doubtful.tolist()]))


def judged_parts(
    judge: Judge, texts: Sequence[str], whole: NDArray[np.int64], *, beside: Beside | None = None
) -> Judged:
    """What a judge says of parts of voices.

    Parameters
    ----------
    judge
        Any tier.
    texts
        Clauses, and whole voices where they have several.
    whole
        For each the row of the whole voice it belongs to; -1 where no voice is judged.
    beside
        What is said of the polarity of each voice beside the whole, in the order of the voices; the auto tier
        is unsure only where all of it together is undecided.

    Returns
    -------
    Judged
        One row a text.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """
    if isinstance(judge, AutoJudge):
        return judge.judge_parts(texts, whole, beside)
    if isinstance(judge, JointJudge):
        return judge.judge_parts(texts, whole)
    return judge.judge(texts)


def unsure(judged: Judged, texts: Sequence[str], *, beside: Numbers | float = 0.0) -> NDArray[np.bool_]:
    """Which voices should be judged by the exact tier, by what the fast one says of the whole of each.

    Parameters
    ----------
    judged
        What the fast tier says.
    texts
        Of what, one a row.
    beside
        What clauses and words say of the polarity of each, as log-odds.

    Returns
    -------
    array of bool
        Shape (texts,), True where the polarity is undecided, the more so the shorter the text.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> said = np.array([0.5, 0.75, 0.75])
    >>> judged = Judged(*np.zeros((3, 3, 1)), positive=said, neutral=said * 0, wish=said, irony=said)
    >>> unsure(judged, ["Fine."] * 2 + ["Fine, " * 100]).tolist()
    [True, True, False]
    """
    length = [max(len(text.encode(errors="surrogatepass")), _SHORTEST) for text in texts]
    border = UNSURE_POLARITY * np.sqrt(UNSURE_LENGTH / np.array(length, dtype=np.float64))
    undecided: NDArray[np.bool_] = (np.abs(log_odds(judged.positive) + beside) < border) & (
        judged.neutral < SURELY_NEUTRAL
    )
    return undecided

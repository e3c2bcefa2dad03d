"""Heads for an encoder that one brings oneself, learned from the examples of the general catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.identify.catalogue import Example, catalogue, catalogue_examples
from forvent.identify.example_vectors import ExampleVectors, example_vectors
from forvent.identify.heads import SPOKEN_ACTS, Thresholds
from forvent.identify.learned import best_threshold
from forvent.identify.logistic import Numbers, calibrate, fit_logistic
from forvent.language import Encoder
from forvent.records import Estimate, NotEnough
from forvent.stats import wilson

FOLDS = 5
#: Directions that are learned from, those in which the examples differ most; a larger encoder has more.
DIRECTIONS = 384
#: How much weights are held back, for features with unit spread over the root of their number.
RIDGE = {"mention": 0.3, "side": 1.0}
#: A wish, and an act, are told from where so many of those told are right.
RIGHT = 0.8
#: A score that is never told: its probability is 0 to all digits.
NEVER = -40.0
#: With a judgement and irony the examples teach nothing: said from here on, which is never.
UNTAUGHT = 0.9
ACT_FROM = 0.5
_ACT_OF = {"complaint": "unmet", "praise": "met", "request": "wished"}


@dataclass(frozen=True, slots=True)
class FitQuality:
    """How well the heads do on examples that were held out, as shares with counts and intervals."""

    examples: int
    #: Of the examples whose expectation was to be found, how many were; of those found, how many rightly.
    mention_recall: Estimate | NotEnough
    mention_precision: Estimate | NotEnough
    #: The likeliest expectation is the right one.
    likeliest: Estimate | NotEnough
    #: Met told from unmet.
    side: Estimate | NotEnough
    wish_recall: Estimate | NotEnough
    wish_precision: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class FittedHeads:
    """Everything a file of heads holds; see :func:`forvent.identify.heads_files.save_heads`."""

    encoder: str
    version: str
    expectations: tuple[str, ...]
    weights: Numbers
    bias: Numbers
    center: Numbers
    spread: Numbers
    thresholds: Thresholds
    quality: FitQuality


@dataclass(frozen=True, slots=True)
class _Learned:
    """A logistic regression on all rows, and the scores of each row by a fit that had not seen it."""

    weights: Numbers
    bias: float
    held: Numbers

    def calibrated(self, slope: float, offset: float) -> _Learned:
        """The same with slope and offset folded in."""
        return _Learned(self.weights * slope, self.bias * slope + offset, self.held * slope + offset)

    @property
    def chances(self) -> Numbers:
        """Held-out probabilities."""
        return np.asarray(
            np.round(1.0 / (1.0 + np.exp(-np.clip(self.held, -40.0, 40.0))), 6), dtype=np.float64
        )


def fit_heads(
    encoder: Encoder,
    *,
    seed: int = 1,
    known: ExampleVectors | None = None,
    taught: Sequence[Example] | None = None,
) -> FittedHeads:
    """Heads for any encoder, calibrated on folds held out.

    The catalogue's examples teach which expectation is spoken of, whether it is met, and what is a wish;
    hence also complaint, praise and request. They teach nothing of questions, remarks, neutral words or
    irony: those are never told. Each example speaks of one expectation, so that heads learned from them
    alone say too much of clauses that speak of none. Held-out examples are of the same kind as those
    learned from: real voices are harder.

    Parameters
    ----------
    encoder
        What turns texts into vectors.
    seed
        Of the folds.
    known
        Vectors of examples from a file; only others are encoded.
    taught
        Examples to learn from; those of the general catalogue in six languages if not given.

    Returns
    -------
    FittedHeads
        The same for the same vectors and seed.

    Raises
    ------
    EncoderUnavailable
        If all texts have the same vector.

    Source
    ------
    Platt (1999) for the calibration; our own definition, ``docs/howto/encoders.md#fit``.
    """
    given = catalogue_examples() if taught is None else taught
    examples = sorted(given, key=lambda one: (one.text, one.expectation, one.polarity, one.language))
    vectors = example_vectors([example.text for example in examples], encoder, known=known)
    plain = vectors.of([example.text for example in examples])
    center, spread = plain.mean(axis=0), np.maximum(plain.std(axis=0), 1e-6)
    if float(plain.std(axis=0).max()) <= 1e-6:
        raise EncoderUnavailable(
            f"The encoder '{encoder.name}' gives every text the same vector.", hint="Take another model."
        )
    standard = (plain - center) / spread / np.sqrt(plain.shape[1])
    way = _directions(standard)
    fold = _folds(examples, seed=seed)
    ids = tuple(catalogue())
    mentions, side, wish, acts = _all_learned(standard @ way, examples, fold, ids)
    thresholds = _thresholds(mentions, wish, examples, ids)
    n = len(ids)
    weights, bias = np.zeros((len(way), 2 * n + len(SPOKEN_ACTS) + 4)), np.zeros(2 * n + len(SPOKEN_ACTS) + 4)
    bias[2 * n :] = NEVER
    rest = 2 * n + len(SPOKEN_ACTS)
    placed = dict(enumerate(mentions)) | {n + column: side for column in range(n)}
    placed |= {2 * n + SPOKEN_ACTS.index(act): one for act, one in acts.items()}
    placed |= {rest: side, rest + 2: wish}
    for column, one in placed.items():
        weights[:, column], bias[column] = way @ one.weights, one.bias
    scaled = weights / spread[:, None] / np.sqrt(plain.shape[1])
    return FittedHeads(
        encoder=encoder.name,
        version=f"{encoder.name} {len(examples)} examples, seed {seed}",
        expectations=ids,
        weights=scaled,
        bias=bias - center @ scaled,
        center=center,
        spread=spread,
        thresholds=thresholds,
        quality=_quality(mentions, side, wish, examples, thresholds),
    )


def _directions(standard: Numbers) -> Numbers:
    """The directions in which the examples differ most, shape (size, directions)."""
    size = standard.shape[1]
    if size <= DIRECTIONS:
        return np.eye(size)
    _, vectors = np.linalg.eigh(standard.T @ standard)
    return np.asarray(vectors[:, ::-1][:, :DIRECTIONS], dtype=np.float64)


def _folds(examples: Sequence[Example], *, seed: int) -> NDArray[np.int64]:
    """A fold a row: equal texts together, each expectation spread over all folds."""
    order = np.random.default_rng(seed).permutation(len(examples))
    counted: dict[tuple[str, str], int] = {}
    of_text: dict[str, int] = {}
    fold = np.empty(len(examples), dtype=np.int64)
    for row in order:
        one = examples[row]
        if one.text not in of_text:
            kind = (one.expectation, one.polarity)
            of_text[one.text] = counted.get(kind, 0) % FOLDS
            counted[kind] = counted.get(kind, 0) + 1
        fold[row] = of_text[one.text]
    return fold


def _all_learned(
    features: Numbers, examples: Sequence[Example], fold: NDArray[np.int64], ids: Sequence[str]
) -> tuple[list[_Learned], _Learned, _Learned, dict[str, _Learned]]:
    spoken = np.array([example.expectation for example in examples])
    polarity = np.array([example.polarity for example in examples])
    everywhere = np.ones(len(examples))
    mentions = [_learn(features, spoken == one, everywhere, fold, ridge=RIDGE["mention"]) for one in ids]
    # One calibration for all expectations: of one alone there are too few.
    truth = np.concatenate([spoken == one for one in ids]).astype(np.float64)
    slope, offset = calibrate(
        np.concatenate([one.held for one in mentions]), truth, weights=np.ones(len(truth))
    )
    mentions = [one.calibrated(slope, offset) for one in mentions]
    judged = (polarity != "wished").astype(np.float64)
    found: dict[str, _Learned] = {}
    for kind, weights in (
        ("met", everywhere),
        ("unmet", everywhere),
        ("wished", everywhere),
        ("side", judged),
    ):
        truth = (polarity == ("met" if kind == "side" else kind)).astype(np.float64)
        one = _learn(features, truth > 0, weights, fold, ridge=RIDGE["side"])
        found[kind] = one.calibrated(*calibrate(one.held, truth, weights=weights))
    acts = {act: found[kind] for act, kind in _ACT_OF.items()}
    return mentions, found["side"], found["wished"], acts


def _learn(
    features: Numbers,
    truth: NDArray[np.bool_],
    weights: Numbers,
    fold: NDArray[np.int64],
    *,
    ridge: float,
) -> _Learned:
    spoken = truth.astype(np.float64)
    fitted = fit_logistic(features, spoken, weights=weights, ridge=ridge)
    held = np.empty(len(spoken))
    for number in range(FOLDS):
        out = fold == number
        # Begun where the fit on all rows ended: fewer steps, the same end.
        seen = fit_logistic(features[~out], spoken[~out], weights=weights[~out], ridge=ridge, start=fitted)
        held[out] = features[out] @ seen[:-1] + seen[-1]
    return _Learned(fitted[:-1], float(fitted[-1]), np.asarray(np.round(held, 6), dtype=np.float64))


def _thresholds(
    mentions: Sequence[_Learned], wish: _Learned, examples: Sequence[Example], ids: Sequence[str]
) -> Thresholds:
    spoken = np.array([example.expectation for example in examples])
    truth = np.concatenate([spoken == one for one in ids]).astype(np.float64)
    chances = np.concatenate([one.chances for one in mentions])
    wished = np.array([example.polarity == "wished" for example in examples])
    return Thresholds(
        mention=best_threshold(chances, truth, weights=np.ones(len(truth))),
        neutral=UNTAUGHT,
        wish=_sure(wish.chances, wished),
        irony=UNTAUGHT,
        act=ACT_FROM,
    )


def _sure(chances: Numbers, truth: NDArray[np.bool_]) -> float:
    """The lowest threshold from which enough of what is said is right."""
    for step in np.arange(10, 96) / 100.0:
        said = chances >= step
        if said.sum() >= 10 and truth[said].mean() >= RIGHT:
            return float(step)
    return 0.95


def _quality(
    mentions: Sequence[_Learned],
    side: _Learned,
    wish: _Learned,
    examples: Sequence[Example],
    thresholds: Thresholds,
) -> FitQuality:
    ids = list(catalogue())
    chances = np.stack([one.chances for one in mentions], axis=1)
    right = np.array([ids.index(example.expectation) for example in examples])
    said = chances >= thresholds.mention
    hits = int(said[np.arange(len(right)), right].sum())
    polarity = np.array([example.polarity for example in examples])
    judged, wished = polarity != "wished", polarity == "wished"
    told = wish.chances >= thresholds.wish
    return FitQuality(
        examples=len(examples),
        mention_recall=_counted(hits, len(right)),
        mention_precision=_counted(hits, int(said.sum())),
        likeliest=_counted(int((chances.argmax(axis=1) == right).sum()), len(right)),
        side=_counted(int(((side.chances >= 0.5) == (polarity == "met"))[judged].sum()), int(judged.sum())),
        wish_recall=_counted(int((told & wished).sum()), int(wished.sum())),
        wish_precision=_counted(int((told & wished).sum()), int(told.sum())),
    )


def _counted(hits: int, of: int) -> Estimate | NotEnough:
    return wilson(hits, of) if of else NotEnough(0, 1, "examples")

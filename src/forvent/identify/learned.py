"""Expectations learned from examples: one against the rest, over the vectors of any encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.errors import NothingUsable
from forvent.identify.catalogue import Example
from forvent.identify.corrections import Taught
from forvent.identify.example_vectors import ExampleVectors
from forvent.identify.learned_head import LearnedHead, LearnedQuality, standardised
from forvent.identify.logistic import Numbers, calibrate, fit_logistic
from forvent.records import Expectation, NotEnough
from forvent.stats import wilson

#: Examples from which an expectation is learned at all, and from which its quality is told.
LEAST, TOLD_FROM = 2, 10
#: Up to so many examples each is held out by itself, beyond in five folds.
ONE_BY_ONE, FOLDS = 10, 5
#: Held back so much; positives weigh together so much of the rest.
RIDGE, POSITIVES = 0.1, 0.1
#: Examples of the parent may speak of the child as well: they weigh less against it.
PARENT = 0.1
#: Share of clauses that speak of one expectation, for the threshold; of the catalogue's own examples 1 in 32.
PREVALENCE = 0.03


def learn(
    examples: Sequence[Example],
    *,
    contrast: Sequence[Example],
    vectors: ExampleVectors,
    expectations: Mapping[str, Expectation],
    taught: Sequence[Taught] = (),
) -> LearnedHead:
    """What tells each expectation of the examples from all others, with its quality on held-out examples.

    Each is told from the contrast, from the examples of the others and from what people said it is not. It is
    judged on examples of the same kind as it was learned from; other words, other languages and real voices
    are harder, so the quality told is an upper limit. With fewer than ten examples no quality is told, with
    one nothing is learned.

    Parameters
    ----------
    examples
        Of the expectations to learn, wished ones too.
    contrast
        Examples of the general catalogue; those of an id that is learned are left out for it.
    vectors
        Of the texts of both, and of ``taught``.
    expectations
        Records of the ids, for their parents.
    taught
        What people corrected, from :func:`forvent.identify.corrections.as_examples`.

    Returns
    -------
    LearnedHead
        Ids in alphabetical order. The order of examples changes nothing.

    Raises
    ------
    NothingUsable
        If no expectation has two different examples, or there is no contrast.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.
    """
    rows = _Rows.of(examples, contrast, taught)
    ids = sorted(identifier for identifier, texts in rows.speaking.items() if len(texts) >= LEAST)
    if not ids or not contrast:
        raise NothingUsable(
            "No expectation can be learned: none has two different examples, or there is nothing to tell "
            "them from.",
            hint="Write at least two sentences for it in examples/<language>.tsv, better twenty.",
        )
    plain = vectors.of(rows.texts)
    center, spread = plain.mean(axis=0), np.maximum(plain.std(axis=0), 1e-6)
    features = standardised(plain, center, spread)
    parents = [expectations[i].parent if i in expectations else None for i in ids]
    learned = [_learn_one(i, rows, features, parent=p) for i, p in zip(ids, parents, strict=True)]
    return LearnedHead(
        ids=tuple(ids),
        parents=tuple(parents),
        center=center,
        spread=spread,
        weights=np.stack([one.weights[:-1] for one in learned], axis=1),
        bias=np.array([one.weights[-1] for one in learned]),
        slope=np.array([one.slope for one in learned]),
        offset=np.array([one.offset for one in learned]),
        threshold=np.array([one.threshold for one in learned]),
        gate=np.zeros(len(ids)),
        quality=tuple(one.quality for one in learned),
        encoder=vectors.encoder,
    )


@dataclass(frozen=True)
class _Rows:
    """Each different text once, sorted; of which ids it speaks, and what it surely does not speak of."""

    texts: tuple[str, ...]
    speaking: Mapping[str, Mapping[str, str]]
    labels: tuple[frozenset[str], ...]
    denied: Mapping[str, frozenset[str]]
    general: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, examples: Sequence[Example], contrast: Sequence[Example], taught: Sequence[Taught]) -> _Rows:
        denied: dict[str, set[str]] = {}
        speaking: dict[str, dict[str, str]] = {}
        general: dict[str, set[str]] = {}
        for example in sorted(examples, key=lambda e: (e.expectation, e.text, e.language)):
            speaking.setdefault(example.expectation, {}).setdefault(example.text, example.language)
        for one in sorted(taught, key=lambda t: (t.expectation, t.text)):
            # A person's word goes before that of a pack.
            if one.speaks and one.expectation in speaking:
                speaking[one.expectation].setdefault(one.text, one.language or "")
            elif one.expectation in speaking:
                denied.setdefault(one.expectation, set()).add(one.text)
                speaking[one.expectation].pop(one.text, None)
        for example in contrast:
            general.setdefault(example.expectation, set()).add(example.text)
        texts = set().union(*speaking.values(), *denied.values(), *general.values())
        ordered = tuple(sorted(texts))
        labels = tuple(
            frozenset(i for known in (speaking, general) for i, having in known.items() if text in having)
            for text in ordered
        )
        return cls(
            ordered,
            speaking,
            labels,
            {i: frozenset(texts) for i, texts in denied.items()},
            {i: frozenset(texts) for i, texts in general.items()},
        )


@dataclass(frozen=True)
class _Learned:
    weights: Numbers
    slope: float
    offset: float
    threshold: float
    quality: LearnedQuality


def _learn_one(identifier: str, rows: _Rows, features: Numbers, *, parent: str | None) -> _Learned:
    speaks = np.array([text in rows.speaking[identifier] for text in rows.texts], dtype=np.float64)
    own = rows.general.get(identifier, frozenset())
    weights = np.ones(len(speaks))
    for row, (text, labels) in enumerate(zip(rows.texts, rows.labels, strict=True)):
        if speaks[row]:
            continue
        if text in own:
            weights[row] = 0.0
        elif parent in labels and text not in rows.denied.get(identifier, ()):
            weights[row] = PARENT
    fitted = _fit(features, speaks, weights, None)
    held = _held_out(features, speaks, weights, fitted)
    counted = np.where(speaks > 0, _share(speaks, weights, PREVALENCE / (1 - PREVALENCE)), weights)
    slope, offset = calibrate(held, speaks, weights=counted)
    chances = np.round(1.0 / (1.0 + np.exp(-np.clip(slope * held + offset, -40.0, 40.0))), 6)
    threshold = best_threshold(chances, speaks, weights=counted)
    quality = _quality(identifier, rows, speaks, weights, chances >= threshold)
    return _Learned(fitted, slope, offset, threshold, quality)


def _share(speaks: Numbers, weights: Numbers, share: float) -> float:
    """Weight of each positive, so that all together are this share of the rest."""
    return share * float(weights[speaks == 0].sum()) / float(max(speaks.sum(), 1.0))


def _fit(features: Numbers, speaks: Numbers, weights: Numbers, start: Numbers | None) -> Numbers:
    weighed = np.where(speaks > 0, _share(speaks, weights, POSITIVES) * (weights > 0), weights)
    return fit_logistic(features, speaks, weights=weighed, ridge=RIDGE, start=start)


def _held_out(features: Numbers, speaks: Numbers, weights: Numbers, fitted: Numbers) -> Numbers:
    """Score of each row by a fit that had not seen it."""
    many = int(speaks.sum())
    folds = many if many <= ONE_BY_ONE else FOLDS
    fold = np.empty(len(speaks), dtype=np.int64)
    for kind in (0.0, 1.0):
        fold[speaks == kind] = np.arange(int((speaks == kind).sum())) % folds
    scores = np.empty(len(speaks))
    for number in range(folds):
        out = fold == number
        seen = np.flatnonzero(~out)
        found = _fit(features[seen], speaks[seen], weights[seen], fitted)
        scores[out] = features[out] @ found[:-1] + found[-1]
    return np.asarray(np.round(scores, 6), dtype=np.float64)


def best_threshold(chances: Numbers, speaks: Numbers, *, weights: Numbers) -> float:
    r"""Probability from which to say yes, so that the weighted :math:`F_1` on held-out rows is greatest.

    Parameters
    ----------
    chances, speaks, weights
        Of the same rows, shape (n,).

    Returns
    -------
    float
        Half-way between two probabilities that occur, 0.05 to 0.95; of equal ones the higher.

    Source
    ------
    Lipton, Elkan & Naryanaswamy (2014), "Optimal thresholding of classifiers to maximize F1 measure".

    Examples
    --------
    >>> best_threshold(np.array([0.1, 0.2, 0.8, 0.9]), np.array([0.0, 0, 1, 1]), weights=np.ones(4))
    0.5
    """
    order = np.argsort(-chances, kind="stable")
    sorted_chances, good = chances[order], (weights * speaks)[order]
    hits, said = np.cumsum(good), np.cumsum(weights[order])
    score = np.round(2.0 * hits / (said + good.sum()), 9)
    ends = np.flatnonzero(np.append(sorted_chances[:-1] != sorted_chances[1:], True))
    best = ends[int(np.argmax(score[ends]))]
    below = sorted_chances[best + 1] if best + 1 < len(sorted_chances) else 0.0
    return float(np.clip(round((float(sorted_chances[best]) + float(below)) / 2.0, 6), 0.05, 0.95))


def _quality(
    identifier: str,
    rows: _Rows,
    speaks: Numbers,
    weights: Numbers,
    said: NDArray[np.bool_],
) -> LearnedQuality:
    many, hits = int(speaks.sum()), int((said & (speaks > 0)).sum())
    wrong = said & (speaks == 0) & (weights > PARENT)
    languages: dict[str, int] = {}
    for language in sorted(rows.speaking[identifier].values()):
        languages[language] = languages.get(language, 0) + 1
    taken: dict[str, int] = {}
    for row in np.flatnonzero(said & (speaks == 0) & (weights > 0)):
        for label in rows.labels[row]:
            taken[label] = taken.get(label, 0) + 1
    all_of = {**rows.speaking, **rows.general}
    overlaps = sorted(((i, n, len(all_of[i])) for i, n in taken.items()), key=lambda o: (-o[1] / o[2], o[0]))
    few = NotEnough(many, TOLD_FROM, "examples; with fewer nothing can be said of how well it is found")
    told = many >= TOLD_FROM
    return LearnedQuality(
        expectation=identifier,
        examples=many,
        languages=languages,
        recall=wilson(hits, many) if told else few,
        precision=wilson(hits, hits + int(wrong.sum())) if told and hits + wrong.sum() else few,
        overlaps=tuple(overlaps[:3]),
    )

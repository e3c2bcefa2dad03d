"""Identify against the gold set, language by language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.quality.figures import (
    alpha,
    calibration_error,
    found_of,
    kappa,
    macro_f1,
    polar_f1,
    resampled,
    share,
)
from benchmarks.quality.gold_set import Labelled, amount_of, gold_texts, second_labels
from benchmarks.quality.tiers import Tier

from forvent.records import IdentifiedVoice, Mention

#: Confidences from which mentions are counted, to see what abstaining costs and earns; 0: as it ships.
ABSTAIN = (0.0, 0.6, 0.8)
_POLAR = {"positive": "p", "negative": "n"}
Pair = tuple[IdentifiedVoice, Labelled]


def measure(tier: Tier, language: str, most: int) -> dict[str, Any]:
    """The figures of one language."""
    texts = gold_texts(language)[:most]
    said = tier.answers([text for text, _ in texts])
    pairs = [(voice, true) for voice, (_, true) in zip(said, texts, strict=True)]
    return {
        "texts": len(pairs),
        "detected": sum(voice.language == language for voice in said),
        **{
            name: found_of([(of_voice(v), of_true(t)) for v, t in pairs]).row()
            for name, of_voice, of_true in COMPARED
        },
        **_levels(pairs),
        **_voices(pairs),
        "calibration": _calibration(pairs),
        "abstaining": [_abstaining(pairs, least) for least in ABSTAIN],
        "met": _met(pairs),
    }


def agreement(language: str) -> dict[str, Any] | None:
    """The second labelling judged as if it were identify: the ceiling. None where there is none."""
    from_second = second_labels(language)
    if not from_second:
        return None
    texts = gold_texts(language)
    both = [(from_second[place], texts[place][1]) for place in sorted(from_second) if place < len(texts)]
    return {"texts": len(both), **compared(both)}


def compared(both: Sequence[tuple[Labelled, Labelled]]) -> dict[str, Any]:
    """How far two labellings agree."""
    seen = sorted(frozenset().union(*(one.ids | other.ids for one, other in both)))
    kappas = [kappa([i in one.ids for one, _ in both], [i in other.ids for _, other in both]) for i in seen]
    known = [value for value in kappas if value is not None]
    return {
        "ids": found_of([(one.ids, other.ids) for one, other in both]).row(),
        "polar": found_of([(one.polar, other.polar) for one, other in both]).row(),
        "stated": found_of([(one.stated, other.stated) for one, other in both]).row(),
        "source": found_of([(one.sources, other.sources) for one, other in both]).row(),
        "levels": found_of([(one.levels, other.levels) for one, other in both]).row(),
        "act": share(sum(one.act == other.act for one, other in both), len(both)).row(),
        "kappa": round(sum(known) / max(len(known), 1), 3),
        "kappa_ids": len(known),
        "alpha": alpha([one.sentiment for one, _ in both], [other.sentiment for _, other in both]),
        "irony": kappa([one.ironic for one, _ in both], [other.ironic for _, other in both]),
    }


def said_levels(voice: IdentifiedVoice) -> frozenset[tuple[str, str, str, str]]:
    """Levels of all mentions, as the gold set writes them."""
    return frozenset(
        (mention.expectation, sign, *amount_of(level))
        for mention in voice.mentions
        for sign, level in (("=", mention.level), ("~", mention.experienced))
        if level is not None
    )


def _some(wanted: Callable[[Mention], bool]) -> Callable[[IdentifiedVoice], frozenset[Any]]:
    return lambda voice: frozenset(mention.expectation for mention in voice.mentions if wanted(mention))


def _polar(voice: IdentifiedVoice) -> frozenset[Any]:
    return frozenset((mention.expectation, mention.polarity) for mention in voice.mentions)


def _sources(voice: IdentifiedVoice) -> frozenset[Any]:
    return frozenset((m.expectation, m.source.kind) for m in voice.mentions if m.source is not None)


#: Name, what identify says, what is true: sets that are compared text by text.
COMPARED: tuple[
    tuple[str, Callable[[IdentifiedVoice], frozenset[Any]], Callable[[Labelled], frozenset[Any]]], ...
] = (
    ("ids", _some(lambda _: True), lambda true: true.ids),
    ("polar", _polar, lambda true: true.polar),
    ("stated", _some(lambda mention: mention.stated), lambda true: true.stated),
    ("source", _sources, lambda true: true.sources),
    (
        "irony",
        lambda voice: frozenset({"~"} if voice.doubtful else ()),
        lambda true: frozenset({"~"} if true.ironic else ()),
    ),
)


def _levels(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Precision and recall of levels: tied to their expectation, and their amounts alone."""
    row = {}
    for name, first in (("levels", 0), ("amounts", 1)):
        sets = [
            (
                frozenset(level[first:] for level in said_levels(v)),
                frozenset(level[first:] for level in true.levels),
            )
            for v, true in pairs
        ]
        right = sum(len(said & true) for said, true in sets)
        row[name] = {
            "precision": share(right, sum(len(said) for said, _ in sets)).row(),
            "recall": share(right, sum(len(true) for _, true in sets)).row(),
        }
    return row


def _voices(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Polarity and act of whole voices, and how many that speak have a mention."""
    polar = [(v, true) for v, true in pairs if true.sentiment in _POLAR]
    counted = polar_f1(
        [_POLAR[true.sentiment] for _, true in polar], [_POLAR.get(voice.polarity, "o") for voice, _ in polar]
    )
    speaking = [voice for voice, _ in pairs if not voice.content_free]
    return {
        "sentiment": share(sum(voice.polarity == true.sentiment for voice, true in pairs), len(pairs)).row(),
        "polarity": resampled(counted, macro_f1).row(),
        "act": share(sum(voice.act == true.act for voice, true in pairs), len(pairs)).row(),
        "covered": share(sum(bool(voice.mentions) for voice in speaking), len(speaking)).row(),
        "labelled": share(sum(bool(true.polarities) for _, true in pairs), len(pairs)).row(),
    }


def _calibration(pairs: Sequence[Pair]) -> float:
    found = [(m.confidence, m.expectation in true.ids) for voice, true in pairs for m in voice.mentions]
    if not found:
        return 0.0
    return round(calibration_error([sure for sure, _ in found], [right for _, right in found]), 4)


def _abstaining(pairs: Sequence[Pair], least: float) -> dict[str, Any]:
    """Precision, recall and coverage if only mentions of that confidence were reported."""
    sure = _some(lambda mention: mention.confidence >= least)
    said = [(sure(voice), true.ids) for voice, true in pairs]
    right, mentions = sum(len(one & true) for one, true in said), sum(len(one) for one, _ in said)
    return {
        "least": least,
        "precision": share(right, mentions).row(),
        "recall": share(right, sum(len(true) for _, true in said)).row(),
        "covered": share(sum(bool(one) for one, _ in said), len(said)).row(),
    }


def _met(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Whether the polarity of a mention is right, where the mention is."""
    both = [
        mention.polarity == true.polarities[mention.expectation]
        for voice, true in pairs
        for mention in voice.mentions
        if mention.expectation in true.polarities
    ]
    return share(sum(both), len(both)).row()

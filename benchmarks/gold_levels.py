"""Stated levels, sources and stated expectations against the gold set, with intervals."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.quality.gold_set import (  # noqa: E402
    GOLD,
    SOURCES,
    Labelled,
    SaidLevel,
    amount_of,
    gold_languages,
    gold_texts,
    second_labels,
)

from forvent.identify.levels import find_levels  # noqa: E402
from forvent.identify.levels_tied import levels_of  # noqa: E402
from forvent.identify.sources import source_of  # noqa: E402
from forvent.identify.stated import is_stated  # noqa: E402
from forvent.language import Span  # noqa: E402
from forvent.records import Estimate, NotEnough  # noqa: E402
from forvent.stats import wilson  # noqa: E402

SETS = {
    "gold": GOLD,
    "said": ROOT / "training/said",
    "fresh": ROOT / "tests/library/identify/fresh_levels",
}


@dataclass(frozen=True)
class Voice:
    """A labelled line."""

    text: str
    labels: Labelled

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of source that any of its labels names."""
        return frozenset(kind for _, kind in self.labels.sources)


@dataclass
class Score:
    """How many were found rightly, wrongly, and not."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(
        self, found: frozenset[object], true: frozenset[object], other: frozenset[object] | None = None
    ) -> None:
        """Counts one line.

        Where somebody else labelled it too, what either has is right, and missed is what both have.
        """
        either, both = (true, true) if other is None else (true | other, true & other)
        self.right += len(found & either)
        self.wrong += len(found - either)
        self.missed += len(both - found)

    @property
    def precision(self) -> Estimate | NotEnough:
        """Share of what was found that is right."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Estimate | NotEnough:
        """Share of what there is that was found."""
        return _share(self.right, self.right + self.missed)


def voices(which: str, language: str) -> list[Voice]:
    """The labelled lines of a language, from one of the sets."""
    return [Voice(text, labels) for text, labels in gold_texts(language, folder=SETS[which])]


def second(language: str, *, first: Iterable[Voice]) -> list[Voice]:
    """The second labelling of the gold set, line for line."""
    labels = second_labels(language)
    return [Voice(one.text, labels[place]) for place, one in enumerate(first)]


def level_scores(
    lines: Iterable[Voice], language: str, *, others: Iterable[Voice] | None = None
) -> Mapping[str, Score]:
    """Scores of levels found (role, value and unit) and of levels tied to the right expectation.

    The second gives every expectation the whole text as its clause: what the words alone allow.
    """
    scores = {"levels": Score(), "levels tied": Score()}
    for one, other in _beside(lines, others):
        found, tied = found_levels(one.text, language), tied_levels(one, language)
        scores["levels"].add(found, _bare(one), _bare(other) if other else None)
        scores["levels tied"].add(tied, one.labels.levels, other.labels.levels if other else None)
    return scores


def _bare(voice: Voice) -> frozenset[object]:
    return frozenset(level[1:] for level in voice.labels.levels)


def _beside(lines: Iterable[Voice], others: Iterable[Voice] | None) -> Iterator[tuple[Voice, Voice | None]]:
    if others is None:
        yield from ((one, None) for one in lines)
    else:
        yield from zip(lines, others, strict=True)


def tied_levels(voice: Voice, language: str) -> frozenset[SaidLevel]:
    """Expectation, role, value and unit of each level, with the whole text as every clause."""
    spoken = dict.fromkeys(sorted(voice.labels.ids), Span(0, len(voice.text)))
    return frozenset(
        (name, sign, *amount_of(level))
        for name, pair in levels_of(voice.text, language, spoken, wished=voice.labels.wished).items()
        for sign, level in zip("=~", pair, strict=True)
        if level is not None
    )


def found_levels(text: str, language: str) -> frozenset[tuple[str, str, str]]:
    """Role, value and unit of each level that is reported."""
    whole = dict.fromkeys(("on_time", "complete_order", "fair_price"), Span(0, len(text)))
    late = [
        ("~", *amount_of(pair[1]))
        for pair in levels_of(text, language, whole).values()
        if pair[1] is not None and any(one.role == "late" for one in find_levels(text, language))
    ]
    return frozenset(
        [
            *late,
            *(
                ("=" if one.role == "expected" else "~", *amount_of(one.level))
                for one in find_levels(text, language)
                if one.role in ("expected", "experienced")
            ),
        ]
    )


def source_scores(
    lines: Iterable[Voice], language: str, *, others: Iterable[Voice] | None = None
) -> Mapping[str, Score]:
    """Scores by kind of source; a line has a kind if any of its labels has."""
    scores = {f"source {label}": Score() for label in SOURCES}
    for one, other in _beside(lines, others):
        source = source_of(one.text, Span(0, len(one.text)), language)
        for label, kind in SOURCES.items():
            found = source is not None and source.kind == kind
            scores[f"source {label}"].add(
                frozenset({kind} if found else ()),
                one.kinds & {kind},
                other.kinds & {kind} if other else None,
            )
    return scores


def stated_score(lines: Iterable[Voice], language: str) -> Score:
    """Score of stated by line, over lines with any expectation; an expected level is stated."""
    score = Score()
    for one in lines:
        if one.labels.ids:
            found = is_stated(one.text, language) or any(
                level.role == "expected" for level in find_levels(one.text, language)
            )
            score.add(frozenset({"!"} if found else ()), frozenset({"!"} if one.labels.stated else ()))
    return score


def table(which: str, *, either: bool = False) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'':4}{'':18}{'right':>6}{'wrong':>6}{'missed':>7}  precision            recall"
    total: dict[str, Counter[str]] = {}
    for language in gold_languages(SETS[which]):
        for name, score in scores(which, language, either=either).items():
            total.setdefault(name, Counter()).update(vars(score))
            yield f"{language:4}{_row(name, score)}"
    for name, counts in total.items():
        yield f"{'all':4}{_row(name, Score(**counts))}"


def scores(which: str, language: str, *, either: bool = False) -> dict[str, Score]:
    """Every score of one language; ``either`` takes the gold set's second labelling along."""
    lines = voices(which, language)
    others = second(language, first=lines) if either else None
    found: dict[str, Score] = {}
    if any(one.labels.levels for one in lines):
        found.update(level_scores(lines, language, others=others))
    found.update(source_scores(lines, language, others=others))
    if not either:
        found["stated"] = stated_score(lines, language)
    return found


def misses(which: str, language: str) -> Iterator[str]:
    """What was found or missed wrongly, to look at."""
    for one in voices(which, language):
        found, true = tied_levels(one, language), one.labels.levels
        if found != true:
            yield f"{one.text}\n    wrong {sorted(found - true)} missed {sorted(true - found)}"
        source = source_of(one.text, Span(0, len(one.text)), language)
        kinds = set() if source is None else {source.kind}
        if not kinds <= one.kinds or (one.kinds and not kinds):
            words = one.text[source.start : source.end] if source else ""
            yield f"{one.text}\n    source {sorted(kinds)} {words!r} is {sorted(one.kinds)}"


def _share(part: int, whole: int) -> Estimate | NotEnough:
    return wilson(part, whole) if whole else NotEnough(0, 1, "no case")


def _row(name: str, score: Score) -> str:
    shares = "  ".join(_interval(one) for one in (score.precision, score.recall))
    return f"{name:18}{score.right:6}{score.wrong:6}{score.missed:7}  {shares}"


def _interval(share: Estimate | NotEnough) -> str:
    if isinstance(share, NotEnough):
        return f"{'–':19}"
    return f"{share.value:.3f} ({share.low:.2f}–{share.high:.2f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=["gold", "said", "fresh"], default="gold")
    parser.add_argument("--misses", metavar="LANGUAGE")
    parser.add_argument("--either", action="store_true", help="with the second labelling of the gold set")
    chosen = parser.parse_args()
    rows = misses(chosen.set, chosen.misses) if chosen.misses else table(chosen.set, either=chosen.either)
    for row in rows:
        print(row)

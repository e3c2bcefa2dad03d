"""Stated levels, sources and stated expectations against the gold set, with intervals."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forvent.identify.levels import find_levels
from forvent.identify.levels_tied import levels_of
from forvent.identify.levels_words import SECONDS
from forvent.identify.sources import source_of
from forvent.identify.stated import is_stated
from forvent.language import Span
from forvent.records import Estimate, Level, NotEnough
from forvent.stats import wilson

HERE = Path(__file__).parent
SETS = {
    "gold": HERE / "gold",
    "second": HERE / "gold/second",
    "said": HERE.parent / "training/said",
    "fresh": HERE.parent / "tests/library/identify/fresh_levels",
}
KINDS = {"own": "own_experience", "company": "company", "others": "word_of_mouth", "rival": "other_company"}
_LEVEL = re.compile(r"(\w+)([=~])([^_\s]+)_(\w+)")
Said = tuple[str, str, str, str]


@dataclass(frozen=True)
class Voice:
    """A labelled line: the ids that are stated, the kinds of source, and the levels."""

    text: str
    ids: frozenset[str]
    wished: frozenset[str]
    stated: frozenset[str]
    sources: frozenset[str]
    levels: frozenset[Said]


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
    """The labelled lines of a language, from the gold set or the training text ``said``."""
    lines = (SETS[which] / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [_voice(line.split("\t")) for line in lines[1:] if line.strip()]


def second(language: str, *, first: Iterable[Voice]) -> list[Voice]:
    """The second labelling of the gold set, line for line."""
    lines = (SETS["second"] / f"{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = {int(row[0]): row[1:] for row in (line.split("\t") for line in lines if line.strip())}
    return [_voice([one.text, *cells[place]]) for place, one in enumerate(first, start=1)]


def languages(which: str) -> list[str]:
    """Languages that the set has."""
    return sorted(path.stem for path in SETS[which].glob("*.tsv") if len(path.stem) == 2)


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
        scores["levels tied"].add(tied, one.levels, other.levels if other else None)
    return scores


def _bare(voice: Voice) -> frozenset[object]:
    return frozenset(level[1:] for level in voice.levels)


def _beside(lines: Iterable[Voice], others: Iterable[Voice] | None) -> Iterator[tuple[Voice, Voice | None]]:
    if others is None:
        yield from ((one, None) for one in lines)
    else:
        yield from zip(lines, others, strict=True)


def tied_levels(voice: Voice, language: str) -> frozenset[Said]:
    """Expectation, role, value and unit of each level, with the whole text as every clause."""
    spoken = dict.fromkeys(sorted(voice.ids), Span(0, len(voice.text)))
    return frozenset(
        (name, sign, *_written(level))
        for name, pair in levels_of(voice.text, language, spoken, wished=voice.wished).items()
        for sign, level in zip("=~", pair, strict=True)
        if level is not None
    )


def found_levels(text: str, language: str) -> frozenset[tuple[str, str, str]]:
    """Role, value and unit of each level that is reported."""
    whole = dict.fromkeys(("on_time", "complete_order", "fair_price"), Span(0, len(text)))
    late = [
        ("~", *_written(pair[1]))
        for pair in levels_of(text, language, whole).values()
        if pair[1] is not None and any(one.role == "late" for one in find_levels(text, language))
    ]
    return frozenset(
        [
            *late,
            *(
                ("=" if one.role == "expected" else "~", *_written(one.level))
                for one in find_levels(text, language)
                if one.role in ("expected", "experienced")
            ),
        ]
    )


def source_scores(
    lines: Iterable[Voice], language: str, *, others: Iterable[Voice] | None = None
) -> Mapping[str, Score]:
    """Scores by kind of source; a line has a kind if any of its labels has."""
    scores = {f"source {kind}": Score() for kind in KINDS}
    for one, other in _beside(lines, others):
        source = source_of(one.text, Span(0, len(one.text)), language)
        for kind, name in KINDS.items():
            found = source is not None and source.kind == name
            scores[f"source {kind}"].add(
                frozenset({kind} if found else ()),
                one.sources & {kind},
                other.sources & {kind} if other else None,
            )
    return scores


def stated_score(lines: Iterable[Voice], language: str) -> Score:
    """Score of stated by line, over lines with any expectation; an expected level is stated."""
    score = Score()
    for one in lines:
        if one.ids:
            found = is_stated(one.text, language) or any(
                level.role == "expected" for level in find_levels(one.text, language)
            )
            score.add(frozenset({"!"} if found else ()), frozenset({"!"} if one.stated else ()))
    return score


def table(which: str, *, either: bool = False) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'':4}{'':18}{'right':>6}{'wrong':>6}{'missed':>7}  precision            recall"
    total: dict[str, Counter[str]] = {}
    for language in languages(which):
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
    if any(one.levels for one in lines):
        found.update(level_scores(lines, language, others=others))
    found.update(source_scores(lines, language, others=others))
    if not either:
        found["stated"] = stated_score(lines, language)
    return found


def misses(which: str, language: str) -> Iterator[str]:
    """What was found or missed wrongly, to look at."""
    for one in voices(which, language):
        found, true = tied_levels(one, language), one.levels
        if found != true:
            yield f"{one.text}\n    wrong {sorted(found - true)} missed {sorted(true - found)}"
        source = source_of(one.text, Span(0, len(one.text)), language)
        kinds = {kind for kind, name in KINDS.items() if source is not None and source.kind == name}
        if (source is not None and not kinds <= one.sources) or (one.sources and not kinds):
            words = one.text[source.start : source.end] if source else ""
            yield f"{one.text}\n    source {sorted(kinds)} {words!r} is {sorted(one.sources)}"


def _voice(cells: list[str]) -> Voice:
    labels = [label for label in cells[3].split() if label != "-"]
    levels = _LEVEL.findall(cells[4]) if len(cells) > 4 else []
    return Voice(
        cells[0],
        frozenset(label.split(":")[0] for label in labels),
        frozenset(label.split(":")[0] for label in labels if ":wished" in label),
        frozenset(label.split(":")[0] for label in labels if "!" in label),
        frozenset(kind for kind in KINDS if any(f"@{kind}" in label for label in labels)),
        frozenset((name, sign, *_labelled(value, unit)) for name, sign, value, unit in levels),
    )


def _written(level: Level) -> tuple[str, str]:
    """As it is compared: a time in seconds, for 75 minutes are an hour and a quarter."""
    if level.date:
        return level.date, "date"
    if level.seconds is not None:
        return f"{level.seconds:.4g}", "second"
    return f"{level.value:.4g}", level.unit


def _labelled(value: str, unit: str) -> tuple[str, str]:
    if unit == "date":
        return value, unit
    seconds = float(value) * SECONDS[unit] if unit in SECONDS else None
    return _written(Level(float(value), unit, seconds))


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

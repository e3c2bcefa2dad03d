"""The gold set: texts of our own with their labels, and the second labelling of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.sets import BENCHMARKS

from forvent.identify.levels_words import SECONDS
from forvent.records import Level

GOLD = BENCHMARKS / "gold"
SOURCES = {
    "own": "own_experience",
    "company": "company",
    "others": "word_of_mouth",
    "rival": "other_company",
}
_LABEL = re.compile(r"(\w+):(met|unmet|mixed|wished)(!?)(?:@(own|company|others|rival))?(!?)")
_LEVEL = re.compile(r"(\w+)([=~])([^_\s]+)_(\w+)")

#: Expectation, = expected or ~ experienced, value, unit; times in seconds.
SaidLevel = tuple[str, str, str, str]


@dataclass(frozen=True)
class Labelled:
    """What a labeller says of one text."""

    sentiment: str
    ironic: bool
    act: str
    polarities: Mapping[str, str]
    stated: frozenset[str]
    sources: frozenset[tuple[str, str]]
    levels: frozenset[SaidLevel]

    @property
    def ids(self) -> frozenset[str]:
        """The expectations it speaks of."""
        return frozenset(self.polarities)

    @property
    def wished(self) -> frozenset[str]:
        """The expectations that are wished for."""
        return frozenset(name for name, polarity in self.polarities.items() if polarity == "wished")

    @property
    def polar(self) -> frozenset[tuple[str, str]]:
        """The expectations with how they are met."""
        return frozenset(self.polarities.items())


def gold_languages(folder: Path = GOLD) -> list[str]:
    """Languages that have a labelling."""
    return sorted(path.stem for path in folder.glob("*.tsv") if len(path.stem) == 2)


def gold_texts(language: str, *, folder: Path = GOLD) -> list[tuple[str, Labelled]]:
    """Texts of a language with their first labels."""
    return [(row["text"], labelled(row)) for row in _rows(folder / f"{language}.tsv")]


def second_labels(language: str) -> dict[int, Labelled]:
    """The second labelling by number of the text, from 0; empty where there is none."""
    path = GOLD / f"second/{language}.tsv"
    return {int(row["line"]) - 1: labelled(row) for row in _rows(path)} if path.exists() else {}


def labelled(row: Mapping[str, str]) -> Labelled:
    """Labels of a line, as ``benchmarks/gold`` writes them."""
    found = [_label(label) for label in row["labels"].split() if label != "-"]
    return Labelled(
        sentiment=row["sentiment"].rstrip("~"),
        ironic=row["sentiment"].endswith("~"),
        act=row["act"],
        polarities={identifier: polarity for identifier, polarity, _, _ in found},
        stated=frozenset(identifier for identifier, _, stated, _ in found if stated),
        sources=frozenset((identifier, SOURCES[source]) for identifier, _, _, source in found if source),
        levels=frozenset(
            (identifier, sign, *_amount(value, unit))
            for identifier, sign, value, unit in _LEVEL.findall(row.get("levels") or "")
        ),
    )


def amount_of(level: Level) -> tuple[str, str]:
    """Value and unit as they are compared: times in seconds, for 75 minutes are an hour and a quarter."""
    if level.date:
        return level.date, "date"
    if level.seconds is not None:
        return f"{level.seconds:.4g}", "second"
    return f"{level.value:.4g}", level.unit


def _amount(value: str, unit: str) -> tuple[str, str]:
    if unit == "date":
        return value, unit
    seconds = float(value) * SECONDS[unit] if unit in SECONDS else None
    return amount_of(Level(float(value), unit, seconds))


def _label(label: str) -> tuple[str, str, bool, str | None]:
    found = _LABEL.fullmatch(label)
    if found is None:
        raise ValueError(f"The gold set has a label that cannot be read: {label}")
    identifier, polarity, stated, source, late = found.groups()
    return identifier, polarity, bool(stated or late), source


def _rows(path: Path) -> Iterator[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)

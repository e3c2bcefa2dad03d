"""Reads the training text: one row a text, with what is known of it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forvent.identify import catalogue, examples
from forvent.tables import LANGUAGES

HERE = Path(__file__).resolve().parent
#: Outside sets, of which those are learned from whose licences allow it: CsRest-M (MIT) and XED (CC BY 4.0).
OUTSIDE = HERE.parent.parent / "shared/data/feedback"
#: Emotions in film subtitles (CC BY 4.0), and how many texts of each language are learned from: those of
#: other languages than English were labelled by projection.
SUBTITLES = {"en": 6000, "et": 1400, "nb": 1400, "cs": 1000, "zh": 1000}
GLAD, SORE = {"joy", "trust"}, {"anger", "disgust", "fear", "sadness"}
#: Sets of which the fast tier hears what the exact one says of their texts, without their labels (CC BY 4.0):
#: film subtitles in seven languages, and bank customers' questions.
UNLABELLED = ("xed_cs", "xed_nb", "xed_et", "xed_zh", "xed_en", "xed_pt", "en_banking77")
#: One text in so many is kept for calibration and thresholds.
FOLDS = 10
#: ... but none of these: subtitles are no voices, and what is told again was learned from in English.
NEVER_HELD = frozenset({"subtitles", "retold"})


@dataclass(frozen=True)
class Row:
    """A text with its labels; None where a label is unknown.

    ``mentions`` gives the polarity of each expectation that the text speaks of, ``stated`` those that are
    put in words.
    """

    text: str
    language: str
    source: str
    sentiment: str | None = None
    mentions: Mapping[str, str] | None = None
    stated: frozenset[str] = field(default_factory=frozenset)
    act: str | None = None
    ironic: bool | None = None

    @property
    def held_out(self) -> bool:
        """Whether calibration and thresholds are chosen on this text and nothing learns from it."""
        return (
            self.source not in NEVER_HELD
            and int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % FOLDS == 0
        )


def rows() -> list[Row]:
    """All training rows, in a fixed order."""
    return [
        *_catalogue(),
        *_voices(),
        *_mentions(),
        *_said(),
        *_levels(),
        *_polarity(),
        *_czech_restaurants(),
        *_subtitles(),
    ]


def _catalogue() -> Iterator[Row]:
    sentiment = {"met": "positive", "unmet": "negative", "wished": None}
    for language in LANGUAGES:
        for example in examples(language):
            yield Row(
                text=example.text,
                language=language,
                source="catalogue",
                sentiment=sentiment[example.polarity],
                mentions={example.expectation: example.polarity},
            )


def _voices() -> Iterator[Row]:
    for path, number, line in _numbered("voices"):
        labels = line["labels"].strip()
        mentions, stated = _labels(labels, where=f"{path.name}, row {number}")
        known = labels != "?"
        yield Row(
            text=line["text"],
            language=path.stem[:2],
            source="voices",
            sentiment=line["sentiment"],
            mentions=mentions if known else None,
            stated=stated,
        )


def _mentions() -> Iterator[Row]:
    sentiment = {"met": "positive", "unmet": "negative"}
    for path, number, line in _numbered("mentions"):
        mentions, stated = _labels(line["labels"].strip(), where=f"{path.name}, row {number}")
        said = set(mentions.values())
        yield Row(
            text=line["text"],
            language=path.stem[:2],
            source="mentions",
            sentiment=sentiment.get(said.pop()) if len(said) == 1 else None,
            mentions=mentions,
            stated=stated,
        )


def _said() -> Iterator[Row]:
    for path, number, line in _numbered("said"):
        mentions, stated = _labels(line["labels"].strip(), where=f"{path.name}, row {number}")
        yield Row(
            text=line["text"],
            language=path.stem[:2],
            source="retold" if path.stem.endswith("_as_en") else "said",
            sentiment=line["sentiment"].rstrip("~"),
            mentions=mentions,
            stated=stated,
            act=line["act"],
            ironic=line["sentiment"].endswith("~"),
        )


def _levels() -> Iterator[Row]:
    """Of the sentences with a stated level those that say all they speak of."""
    for path, number, line in _numbered("levels"):
        if "labels" in line:
            mentions, stated = _labels(line["labels"].strip(), where=f"{path.name}, row {number}")
            yield Row(line["text"], path.stem[:2], "levels", mentions=mentions, stated=stated)


def _labels(labels: str, *, where: str) -> tuple[dict[str, str], frozenset[str]]:
    """Polarities, and which are stated, of labels such as ``on_time:unmet!@company friendly_staff:met``."""
    if labels in {"?", "-"}:
        return {}, frozenset()
    found: dict[str, str] = {}
    stated = set()
    for label in labels.split():
        identifier, _, polarity = label.partition("@")[0].rstrip("!").partition(":")
        if identifier not in catalogue():
            raise SystemExit(f"{where}: the catalogue has no '{identifier}'. Mend the label.")
        found[identifier] = polarity if found.get(identifier, polarity) == polarity else "mixed"
        if "!" in label:
            stated.add(identifier)
    return found, frozenset(stated)


def _polarity() -> Iterator[Row]:
    for path, _, line in _numbered("polarity"):
        yield Row(line["text"], path.stem[:2], "polarity", sentiment=line["sentiment"])


def _czech_restaurants() -> Iterator[Row]:
    for entry in outside("cs_csrest"):
        if entry["split"] == "train" and entry["polarity"] in {"positive", "negative"}:
            yield Row(entry["text"], "cs", "csrest", sentiment=entry["polarity"])


def _subtitles() -> Iterator[Row]:
    """Lines whose emotions are all glad or all sore."""
    for language, most in SUBTITLES.items():
        found = []
        for entry in outside(f"xed_{language}"):
            felt = {aspect["category"] for aspect in entry["aspects"]}
            if bool(felt & GLAD) != bool(felt & SORE):
                sentiment = "positive" if felt & GLAD else "negative"
                found.append(Row(entry["text"], language, "subtitles", sentiment=sentiment))
        yield from sorted(found, key=lambda row: hashlib.sha256(row.text.encode()).digest())[:most]


def outside(name: str) -> Iterator[dict[str, Any]]:
    """Entries of a set of the shared test data."""
    path = OUTSIDE / f"{name}.jsonl.gz"
    if not path.is_file():
        raise SystemExit(f"{path.name} is missing: training needs the shared test data beside the project.")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)


def _numbered(folder: str) -> Iterator[tuple[Path, int, dict[str, str]]]:
    for path in sorted((HERE / folder).glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            yield from ((path, number, row) for number, row in enumerate(table, start=2))

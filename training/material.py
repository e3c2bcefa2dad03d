"""Reads the training text: one row a text, with what is known of it."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forvent.identify import catalogue, examples
from forvent.tables import LANGUAGES

HERE = Path(__file__).resolve().parent
#: The one outside set whose licence (MIT) lets the heads learn from it.
CZECH_RESTAURANTS = HERE.parent.parent / "shared/data/feedback/cs_csrest.jsonl.gz"


@dataclass(frozen=True)
class Row:
    """A text with its labels; None where a label is unknown."""

    text: str
    language: str
    sentiment: str | None
    mentions: frozenset[str] | None
    wish: bool | None
    source: str


def rows() -> list[Row]:
    """All training rows, in a fixed order."""
    return [*_catalogue(), *_voices(), *_mentions(), *_polarity(), *_czech_restaurants()]


def _catalogue() -> Iterator[Row]:
    sentiment = {"met": "positive", "unmet": "negative", "wished": None}
    for language in LANGUAGES:
        for example in examples(language):
            yield Row(
                text=example.text,
                language=language,
                sentiment=sentiment[example.polarity],
                mentions=frozenset({example.expectation}),
                wish=example.polarity == "wished",
                source="catalogue",
            )


def _voices() -> Iterator[Row]:
    for path in sorted((HERE / "voices").glob("*.tsv")):
        for number, line in enumerate(_lines(path), start=2):
            labels = line["labels"].strip()
            found = _labels(labels, where=f"{path.name}, row {number}")
            yield Row(
                text=line["text"],
                language=path.stem[:2],
                sentiment=line["sentiment"],
                mentions=None if labels == "?" else frozenset(found),
                wish=None if labels == "?" else bool(found) and set(found.values()) == {"wished"},
                source="voices",
            )


def _mentions() -> Iterator[Row]:
    sentiment = {"met": "positive", "unmet": "negative"}
    for path in sorted((HERE / "mentions").glob("*.tsv")):
        for number, line in enumerate(_lines(path), start=2):
            found = _labels(line["labels"].strip(), where=f"{path.name}, row {number}")
            said = set(found.values())
            yield Row(
                text=line["text"],
                language=path.stem[:2],
                sentiment=sentiment.get(said.pop()) if len(said) == 1 else None,
                mentions=frozenset(found),
                wish=bool(found) and set(found.values()) == {"wished"},
                source="mentions",
            )


def _labels(labels: str, *, where: str) -> dict[str, str]:
    if labels in {"?", "-"}:
        return {}
    found = dict(label.rstrip("!").split(":") for label in labels.split())
    unknown = set(found) - set(catalogue())
    if unknown:
        raise SystemExit(f"{where}: the catalogue has no {', '.join(sorted(unknown))}. Mend the label.")
    return found


def _polarity() -> Iterator[Row]:
    for path in sorted((HERE / "polarity").glob("*.tsv")):
        for line in _lines(path):
            yield Row(line["text"], path.stem[:2], line["sentiment"], None, None, "polarity")


def _czech_restaurants() -> Iterator[Row]:
    if not CZECH_RESTAURANTS.is_file():
        raise SystemExit(
            f"{CZECH_RESTAURANTS.name} is missing: training needs the shared test data beside the project."
        )
    with gzip.open(CZECH_RESTAURANTS, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["split"] == "train" and entry["polarity"] in {"positive", "negative"}:
                yield Row(entry["text"], "cs", entry["polarity"], None, None, "csrest")


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)

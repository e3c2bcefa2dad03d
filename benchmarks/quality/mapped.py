"""Mentions against the labels of outside sets, through the mapping tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from benchmarks.quality.figures import Found, share
from benchmarks.quality.sets import BENCHMARKS, Set, Text, texts_of
from benchmarks.quality.tiers import Tier

MAPPINGS = BENCHMARKS / "mappings"


@dataclass(frozen=True)
class Label:
    """What a label may be about: ids that satisfy it, and ids that are neither wanted nor wrong."""

    ids: frozenset[str]
    doubtful: frozenset[str]


@dataclass(frozen=True)
class Table:
    """The mapping of some sets: scheme → label → ids."""

    sets: tuple[str, ...]
    empty_is_none: frozenset[str]
    recall_only: bool
    schemes: Mapping[str, Mapping[str, Label]]

    def scheme_of(self, source: str) -> str:
        """The scheme of a text: the last part of its source, where the sets have several."""
        return source.rpartition("/")[2] if len(self.schemes) > 1 else next(iter(self.schemes))

    def judgeable(self, scheme: str) -> frozenset[str]:
        """Ids that the labels of a scheme can confirm."""
        return frozenset().union(*(label.ids for label in self.schemes[scheme].values()))


@dataclass(frozen=True)
class Wanted:
    """What the labels of one text ask for; a label whose opinion is neutral is doubtful as a whole."""

    text: str
    lists: frozenset[frozenset[str]]
    neutral: frozenset[frozenset[str]]
    doubtful: frozenset[str]
    judgeable: frozenset[str]


@cache
def tables() -> tuple[Table, ...]:
    """All mapping tables of the project."""
    found = []
    for path in sorted(MAPPINGS.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        schemes = {
            scheme: {label: _label(ids) for label, ids in labels.items()}
            for scheme, labels in content["schemes"].items()
        }
        found.append(
            Table(
                tuple(content["sets"]),
                frozenset(content["empty_is_none"]),
                content.get("recall_only", False),
                schemes,
            )
        )
    return tuple(found)


def table_of(name: str) -> Table:
    """The table that maps a set."""
    return next(table for table in tables() if name in table.sets)


def wanted_of(name: str, text: Text) -> Wanted | None:
    """What a text asks for; None where that cannot be told.

    That is so if a label is not mapped, if all are neutral (topics of news, mostly), or if nothing says
    that a text without labels has no opinion.
    """
    table = table_of(name)
    scheme = table.scheme_of(text.source)
    known = table.schemes[scheme]
    if not text.labels and name not in table.empty_is_none:
        return None
    if any(category not in known for category, _ in text.labels):
        return None
    if text.labels and all(polarity == "neutral" for _, polarity in text.labels):
        return None
    lists: set[frozenset[str]] = set()
    neutral: set[frozenset[str]] = set()
    doubtful: set[str] = set()
    for category, polarity in text.labels:
        label = known[category]
        doubtful |= label.doubtful
        if label.ids:
            (neutral if polarity == "neutral" else lists).add(label.ids)
    return Wanted(
        text.text, frozenset(lists), frozenset(neutral), frozenset(doubtful), table.judgeable(scheme)
    )


def counts_of(wanted: Wanted, said: frozenset[str], *, strict: bool = False) -> tuple[int, int, int, int]:
    """Mentions that are right and wrong, labels found and missed; strictly, nothing is doubtful."""
    lists = wanted.lists | wanted.neutral if strict else wanted.lists
    admitted: frozenset[str] = frozenset().union(*lists)
    allowed = frozenset() if strict else wanted.doubtful.union(*wanted.neutral)
    judged = said & wanted.judgeable
    found = sum(bool(ids & said) for ids in lists)
    return len(judged & admitted), len(judged - admitted - allowed), found, len(lists) - found


def measure(tier: Tier, one: Set, most: int) -> dict[str, Any]:
    """The figures of one set."""
    texts = list(texts_of(one))
    usable = [wanted for text in texts if (wanted := wanted_of(one.name, text)) is not None]
    if table_of(one.name).recall_only:
        usable = [wanted for wanted in usable if wanted.lists]
    chosen = usable[:most]
    said = [
        frozenset(mention.expectation for mention in voice.mentions)
        for voice in tier.answers([wanted.text for wanted in chosen])
    ]
    row: dict[str, Any] = {"texts": len(chosen), "usable": len(usable), "of": len(texts)}
    if table_of(one.name).recall_only:
        found = sum(
            bool(said_of & frozenset().union(*w.lists)) for w, said_of in zip(chosen, said, strict=True)
        )
        return {**row, "share": share(found, len(chosen)).row()}
    for name, strict in (("f1", False), ("strict", True)):
        counts = [counts_of(w, said_of, strict=strict) for w, said_of in zip(chosen, said, strict=True)]
        row[name] = Found(np.array(counts, dtype=np.float64).reshape(-1, 4)).row()
    row["counts"] = [list(counts_of(w, said_of)) for w, said_of in zip(chosen, said, strict=True)]
    return row


def _label(ids: list[str]) -> Label:
    return Label(
        frozenset(one for one in ids if not one.endswith("?")),
        frozenset(one.rstrip("?") for one in ids if one.endswith("?")),
    )

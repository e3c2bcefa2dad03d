"""The part of the quality card about the gold set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.quality import page_words as words
from benchmarks.quality.gold_set import gold_languages
from benchmarks.quality.kept import Kept
from benchmarks.quality.tables import NONE, cell, marked, of_row, table

GOLD_BAR, PRECISION_BAR, RECALL_BAR = 0.75, 0.95, 0.90


def gold_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """Identify against our own labels, and these against each other."""
    found = {tier: _by_language(kept, tier) for tier in tiers}
    if not any(found.values()):
        return
    yield words.GOLD
    for tier, rows in found.items():
        if rows:
            yield f"### Gold, {tier}"
            yield ""
            yield from table(_HEAD, [_cells(language, row) for language, row in rows.items()])
    yield words.LEVELS
    yield from table(
        ["tier", "language", "precision", "recall", "amounts: precision", "recall", "labelled"],
        [_level_cells(tier, language, row) for tier, rows in found.items() for language, row in rows.items()],
    )
    yield words.ABSTAINING
    yield from table(
        ["tier", "language", "labelled", "from", "precision", "recall", "covered"],
        [
            [tier, language, f"{row['labelled']['value']:.2f}", f"{one['least']:.1f}", *_shares(one)]
            for tier, rows in found.items()
            for language, row in rows.items()
            for one in row["abstaining"]
        ],
    )
    yield from _agreement(kept)


_FIGURES = ("ids", "polar", "stated", "source")
_HEAD = [
    "language",
    "n",
    "expectations",
    "precision",
    "recall",
    "and how met",
    "stated",
    "source",
    "how met, where found",
    "act",
    "sentiment",
    "polarity",
    "irony",
    "calibration",
]


def _by_language(kept: Kept, tier: str) -> dict[str, dict[str, Any]]:
    return {language: row for language in gold_languages() if (row := kept.row("gold", tier, language))}


def _cells(language: str, row: Mapping[str, Any]) -> list[str]:
    ids, *others = (of_row(row[name]) for name in _FIGURES)
    return [
        language,
        str(row["texts"]),
        marked(ids, GOLD_BAR),
        f"{row['ids']['precision']:.3f}",
        f"{row['ids']['recall']:.3f}",
        *map(cell, others),
        *(cell(of_row(row[name])) for name in ("met", "act", "sentiment", "polarity", "irony")),
        f"{row['calibration']:.3f}",
    ]


def _level_cells(tier: str, language: str, row: Mapping[str, Any]) -> list[str]:
    tied, amounts = row["levels"], row["amounts"]
    return [
        tier,
        language,
        marked(of_row(tied["precision"]), PRECISION_BAR),
        marked(of_row(tied["recall"]), RECALL_BAR),
        cell(of_row(amounts["precision"])),
        cell(of_row(amounts["recall"])),
        f"{tied['recall']['n']:.0f}",
    ]


def _shares(one: Mapping[str, Any]) -> list[str]:
    return [cell(of_row(one[name])) for name in ("precision", "recall", "covered")]


def _agreement(kept: Kept) -> Iterator[str]:
    rows = {language: row for language in gold_languages() if (row := kept.row("agreement", "", language))}
    if not rows:
        return
    yield words.AGREEMENT
    head = [
        "language",
        "n",
        "expectations",
        "and how met",
        "stated",
        "source",
        "levels",
        "act",
        "kappa",
        "alpha",
        "irony, kappa",
    ]
    cells = [
        [
            language,
            str(row["texts"]),
            *(cell(of_row(row[name])) for name in (*_FIGURES, "levels", "act")),
            f"{row['kappa']:.2f} of {row['kappa_ids']}",
            _number(row["alpha"]),
            _number(row["irony"]),
        ]
        for language, row in rows.items()
    ]
    yield from table(head, cells)


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"

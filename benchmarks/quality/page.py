"""The quality card, from kept rows."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.quality import page_words as words
from benchmarks.quality import polarity
from benchmarks.quality.figures import Figure, f1_of, resampled, share
from benchmarks.quality.kept import Kept
from benchmarks.quality.page_gold import gold_part
from benchmarks.quality.page_speed import speed_part
from benchmarks.quality.sets import DETECTED, FURTHER, MAPPED, PARALLEL, SETS, Set
from benchmarks.quality.tables import NONE, beside, cell, marked, of_row, table

MENTION_BAR, PARALLEL_BAR, LANGUAGE_BAR = 0.60, 0.65, 0.99
#: The fast tier: at most so much lower on average, and anywhere; the auto tier anywhere.
LOWER = {"fast": (0.07, 0.12), "auto": (0.02, 0.02)}


def page_of(kept: Kept) -> str:
    """The whole page."""
    tiers = kept.tiers()
    lines = [
        "# Quality of identify, per language",
        "",
        *_head(kept, tiers),
        *polarity_part(kept, tiers),
        *mapped_part(kept, tiers),
        *gold_part(kept, tiers),
        *parallel_part(kept, tiers),
        *language_part(kept),
        *coverage_part(kept, tiers),
        *speed_part(kept, tiers),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    most = " and ".join(str(count) for count in sorted(kept.counts()))
    yield f"Written by `python benchmarks/identify.py --most {most}`; do not edit by hand."
    yield f"Python {platform.python_version()} on {platform.machine()}. Heads:"
    yield ""
    yield from (f"- *{tier}*: {kept.version(tier)}" for tier in tiers)
    yield ""
    yield words.HEAD


def polarity_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """Polarity by language, then by set."""
    yield words.POLARITY
    lower = [tier for tier in tiers if tier != "exact" and "exact" in tiers]
    rows = []
    for language in sorted(polarity.BAR):
        names = [one.name for one in SETS if one.language == language and one.judged]
        found = {tier: _rows(kept, "quality", tier, names) for tier in tiers}
        bar = polarity.BAR[language]
        cells = [language, str(sum(len(row["true"]) for row in next(iter(found.values()), []))), f"{bar:.2f}"]
        for tier in tiers:
            figure = polarity.mean_figure_of(found[tier]) if found[tier] else None
            cells.append(marked(figure, bar if tier == "exact" else None))
        cells += [_lower(found[tier], found["exact"], -LOWER[tier][1]) for tier in lower]
        rows.append(cells)
    if lower:
        rows.append(_mean_lower(kept, tiers, lower))
    yield from table(["language", "n", "bar", *tiers, *(f"{tier} − exact" for tier in lower)], rows)
    head = ["language", "set", "what it is", "n", *(f"{tier}: {what}" for tier in tiers for what in _WHAT)]
    for title, sets in (("## Polarity by set\n", SETS), (words.FURTHER, FURTHER)):
        yield title
        yield from table(head, [_set_cells(kept, one, tiers) for one in sets])


_WHAT = ("macro-F1", "calibration error", "language right")


def _set_cells(kept: Kept, one: Set, tiers: Sequence[str]) -> list[str]:
    found = {tier: kept.row("quality", tier, one.name) for tier in tiers}
    n = max((len(row["true"]) for row in found.values() if row), default=0)
    cells = [one.language, f"`{one.name}`", one.what, str(n)]
    for row in found.values():
        if row is None:
            cells += [NONE] * len(_WHAT)
            continue
        right = row["language_right"] / max(len(row["true"]), 1)
        cells += [cell(polarity.figure_of(row)), f"{row['calibration']:.3f}", f"{right:.3f}"]
    return cells


def _lower(rows: list[dict[str, Any]], exact: list[dict[str, Any]], bar: float) -> str:
    if not rows or len(rows) != len(exact):
        return NONE
    return marked(polarity.difference(rows, exact), bar)


def _mean_lower(kept: Kept, tiers: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The line of means over the languages: of each tier, and of how much lower it is."""
    cells = ["mean", "", ""]
    figures: dict[str, list[Figure]] = {tier: [] for tier in (*tiers, *(f"-{tier}" for tier in lower))}
    for language in polarity.BAR:
        names = [one.name for one in SETS if one.language == language and one.judged]
        found = {tier: _rows(kept, "quality", tier, names) for tier in tiers}
        for tier in tiers:
            figures[tier] += [polarity.mean_figure_of(found[tier])] if found[tier] else []
        for tier in lower:
            if found[tier] and len(found[tier]) == len(found["exact"]):
                figures[f"-{tier}"].append(polarity.difference(found[tier], found["exact"]))
    cells += [cell(_mean(figures[tier])) for tier in tiers]
    return cells + [marked(_mean(figures[f"-{tier}"]), -LOWER[tier][0]) for tier in lower]


def _mean(figures: Sequence[Figure]) -> Figure | None:
    return _mean_of(figures) if figures else None


def _mean_of(figures: Sequence[Figure]) -> Figure:
    """Mean of independent figures; their half intervals add up as squares."""
    value = sum(one.value for one in figures) / len(figures)
    below = sum((one.value - one.low) ** 2 for one in figures) ** 0.5 / len(figures)
    above = sum((one.high - one.value) ** 2 for one in figures) ** 0.5 / len(figures)
    return Figure(value, value - below, value + above, sum(one.n for one in figures))


def mapped_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """Mentions on mapped outside labels."""
    yield words.MAPPED
    rows = []
    for language in sorted({one.language for one in MAPPED}):
        names = [one.name for one in MAPPED if one.language == language and one.name != "en_banking77"]
        counts = {
            tier: [c for row in _rows(kept, "mapped", tier, names) for c in row["counts"]] for tier in tiers
        }
        if not any(counts.values()):
            continue
        figures = [resampled(counts[tier], f1_of) if counts[tier] else None for tier in tiers]
        texts = max(len(found) for found in counts.values())
        rows.append([language, str(texts), *(marked(figure, MENTION_BAR) for figure in figures)])
    yield from table(["language", "texts", *(f"{tier}: micro-F1" for tier in tiers)], rows)
    for tier in tiers:
        rows = [cells for one in MAPPED if (cells := _mapped_cells(kept, one, tier))]
        if rows:
            yield f"### By set, {tier}"
            yield ""
            head = [
                "language",
                "set",
                "texts",
                "usable",
                "labels",
                "mentions",
                "micro-F1",
                "precision",
                "recall",
                "strict",
            ]
            yield from table(head, rows)
    yield from _banking(kept, tiers)


def _mapped_cells(kept: Kept, one: Set, tier: str) -> list[str] | None:
    row = kept.row("mapped", tier, one.name)
    if row is None or "f1" not in row:
        return None
    f1 = row["f1"]
    return [
        one.language,
        f"`{one.name}`",
        str(row["texts"]),
        f"{row['usable']} of {row['of']}",
        str(f1["labels"]),
        str(f1["mentions"]),
        cell(of_row(f1)),
        f"{f1['precision']:.3f}",
        f"{f1['recall']:.3f}",
        f"{row['strict']['value']:.3f}",
    ]


def _banking(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    shown = [(tier, row) for tier in tiers if (row := kept.row("mapped", tier, "en_banking77"))]
    if shown:
        shares = ", ".join(f"{tier} {cell(of_row(row['share']))} of {row['texts']}" for tier, row in shown)
        yield words.BANKING.format(shares=shares)


def parallel_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """The same review in six languages."""
    rows = {tier: row for tier in tiers if (row := kept.row("parallel", tier, "m_absa"))}
    if not rows:
        return
    yield words.PARALLEL.format(reviews=next(iter(rows.values()))["reviews"])
    pairs = [f"en-{other}" for other in PARALLEL if other != "en"]
    cells = [
        [
            tier,
            marked(of_row(row["all"]), PARALLEL_BAR),
            *(f"{cell(of_row(row[pair]))}, n {row[pair]['n']:.0f}" for pair in pairs),
        ]
        for tier, row in rows.items()
    ]
    yield from table(["tier", "all", *(pair.replace("-", "–") for pair in pairs)], cells)


def language_part(kept: Kept) -> Iterator[str]:
    """Detection of the language."""
    rows = [(one, row) for one in DETECTED if (row := kept.row("language", "", one.name))]
    if not rows:
        return
    yield words.LANGUAGE
    cells, long, short = [], [], []
    for language in sorted({one.language for one, _ in rows}):
        every = [(one, row) for one, row in rows if one.language == language]
        # Subtitles, often of one word or in another language, only serve as short texts.
        long.append(_pooled([row for one, row in every if not one.name.startswith("xed_")], "long"))
        short.append(_pooled([row for _, row in every], "short"))
        cells.append([language, *beside(long[-1], LANGUAGE_BAR), *beside(short[-1], None)])
    cells.append(["mean", *beside(_mean_of(long), LANGUAGE_BAR), *beside(_mean_of(short), None)])
    yield from table(["language", "20 characters or more", "n", "shorter", "n"], cells)


def _pooled(rows: Sequence[dict[str, Any]], name: str) -> Figure:
    return share(sum(row[name]["right"] for row in rows), int(sum(row[name]["n"] for row in rows)))


def coverage_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """How many voices that speak have a mention."""
    yield words.COVERAGE
    rows = []
    for language in sorted({one.language for one in (*SETS, *FURTHER)}):
        names = [one.name for one in (*SETS, *FURTHER) if one.language == language]
        cells = [language]
        for tier in tiers:
            found = _rows(kept, "quality", tier, names)
            speaking = sum(row["speaking"] for row in found)
            cells.append(cell(share(sum(row["covered"] for row in found), speaking)) + f", n {speaking}")
        rows.append(cells)
    yield from table(["language", *tiers], rows)


def _rows(kept: Kept, part: str, tier: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [row for name in names if (row := kept.row(part, tier, name))]

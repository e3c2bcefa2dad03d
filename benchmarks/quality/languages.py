"""Detection of the six first-class languages, on longer and on short texts."""

from __future__ import annotations

from typing import Any

from benchmarks.quality.figures import share
from benchmarks.quality.sets import Set, texts_of

from forvent.language import LanguageDetector

#: From so many characters on, the bar holds.
LONG = 20


def measure(one: Set, most: int) -> dict[str, Any]:
    """Share of the texts of a set whose language is right."""
    detector = LanguageDetector()
    texts = [text.text for text in texts_of(one)]
    row: dict[str, Any] = {"language": one.language}
    for name, chosen in (
        ("long", [text for text in texts if len(text.strip()) >= LONG][:most]),
        ("short", [text for text in texts if len(text.strip()) < LONG][:most]),
    ):
        right = sum(detector.detect(text).language == one.language for text in chosen)
        row[name] = {**share(right, len(chosen)).row(), "right": right}
    return row

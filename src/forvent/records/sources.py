"""Where an expectation comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """What a text names as the source of an expectation.

    ``kind`` is own_experience, company, word_of_mouth or other_company; ``name`` the other company where
    the text names one. ``start`` and ``end`` are character offsets of the words that say so.
    """

    kind: str
    name: str | None
    start: int
    end: int

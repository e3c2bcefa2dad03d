"""What to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next: the expectation on which one more answer tells most.

    ``gain`` is the expected narrowing of the interval of the share met times the
    importance, per answer; ``texts`` and ``answers`` are by language.
    """

    expectation: str
    gain: float
    texts: Mapping[str, str]
    answers: Mapping[str, tuple[str, ...]]

"""What customers are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a customer can be told, in one language, with the evidence sentence beside it.

    ``group`` is that of the promise: empty for all cases.
    """

    language: str
    text: str
    evidence: str
    group: Mapping[str, str] = field(default_factory=dict)

"""The parts that voices are judged by: their clauses, and each voice as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.identify.content import is_content_free
from forvent.language import Span, split_clauses
from forvent.records import Voice


@dataclass(frozen=True, slots=True)
class Clauses:
    """The parts of the texts of a batch: their clauses, and each whole text that has several."""

    texts: list[str]
    spans: list[Span]
    #: First row and number of clauses of each voice; the row of the whole is that behind its clauses.
    first: NDArray[np.int64]
    clauses: NDArray[np.int64]

    @property
    def voice_rows(self) -> NDArray[np.int64]:
        """Of each row that of the whole text it belongs to."""
        rows = np.arange(len(self.texts))
        return self.whole[np.searchsorted(self.first, rows, side="right") - 1]

    @property
    def whole(self) -> NDArray[np.int64]:
        """Row of the whole text of each voice; that of its only clause where there is one."""
        return self.first + np.where(self.clauses > 1, self.clauses, 0)


def clauses_of(voices: Sequence[Voice], languages: Sequence[str]) -> Clauses:
    """The parts of each voice of a batch.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.
    """
    texts: list[str] = []
    spans: list[Span] = []
    first, clauses = [], []
    for voice, language in zip(voices, languages, strict=True):
        first.append(len(texts))
        cut = () if is_content_free(voice.text) else split_clauses(voice.text, language)
        clauses.append(len(cut))
        for span in cut:
            texts.append(voice.text[span.start : span.end])
            spans.append(span)
        if len(cut) > 1:
            texts.append(voice.text.strip())
            spans.append(Span(0, len(voice.text)))
        elif not cut:
            # A row that nothing is read from, so that every voice has one.
            texts.append(" ")
            spans.append(Span(0, 0))
    return Clauses(texts, spans, np.array(first, dtype=np.int64), np.array(clauses, dtype=np.int64))

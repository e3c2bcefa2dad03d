"""The parts that voices are judged by: their clauses, and each voice as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.identify.content import is_content_free
from forvent.language import Span, split_clauses, split_sentences
from forvent.language.one_clause import one_clause
from forvent.language.words import Words, words_of
from forvent.records import Voice


@dataclass(frozen=True, slots=True)
class Clauses:
    """The parts of the texts of a batch: their clauses, and each whole text that has several."""

    texts: list[str]
    spans: list[Span]
    #: First row and number of clauses of each voice; the row of the whole is that behind its clauses.
    first: NDArray[np.int64]
    clauses: NDArray[np.int64]
    #: Whether each voice has several sentences.
    sentences: NDArray[np.bool_]

    @property
    def voice_rows(self) -> NDArray[np.int64]:
        """Of each row that of the whole text it belongs to."""
        rows = np.arange(len(self.texts))
        return self.whole[np.searchsorted(self.first, rows, side="right") - 1]

    @property
    def whole(self) -> NDArray[np.int64]:
        """Row of the whole text of each voice; that of its only clause where there is one."""
        return self.first + np.where(self.clauses > 1, self.clauses, 0)


def clauses_of(voices: Sequence[Voice], languages: Sequence[str], words: Words | None = None) -> Clauses:
    """The parts of each voice of a batch; ``words`` are those of their texts, if they are at hand.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.
    """
    said = [voice.text for voice in voices]
    sure, starts, ends = one_clause(said, words or words_of(said))
    texts: list[str] = []
    spans: list[Span] = []
    first, clauses, sentences = [], [], []
    for text, language, alone, start, end in zip(
        said, languages, sure.tolist(), starts.tolist(), ends.tolist(), strict=True
    ):
        first.append(len(texts))
        if is_content_free(text):
            cut: tuple[Span, ...] = ()
        else:
            cut = (Span(start, end),) if alone else split_clauses(text, language)
        clauses.append(len(cut))
        sentences.append(len(cut) > 1 and len(split_sentences(text, language)) > 1)
        for span in cut:
            texts.append(text[span.start : span.end])
            spans.append(span)
        if len(cut) > 1:
            texts.append(text.strip())
            spans.append(Span(0, len(text)))
        elif not cut:
            # A row that nothing is read from, so that every voice has one.
            texts.append(" ")
            spans.append(Span(0, 0))
    counts = (np.array(first, dtype=np.int64), np.array(clauses, dtype=np.int64))
    return Clauses(texts, spans, *counts, np.array(sentences, dtype=np.bool_))

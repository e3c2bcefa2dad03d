"""Words cut into pieces of the model's vocabulary, each distinct word once."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.language.model_image import ModelImage

#: Pieces longer than this do not occur in the vocabulary's useful part.
_LONGEST_PIECE = 16
_FLOOR = -1e30
#: What joins a word to the blank before it.
_BLANK = "\u2581"

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W_\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]")
#: Stands between the texts of a batch; white space, so that it changes nothing within one.
_BETWEEN = "\x1f"
_WORD_OR_END = re.compile(rf"{_BETWEEN}|{_WORD.pattern}")

Counts = NDArray[np.int64]


class Pieces:
    """Sequences of pieces for the fast tier: like the model's own, but word by word and in lower case.

    Each word is cut where the sum of its pieces' log probabilities is highest. In scripts
    without spaces every sign gives one piece: the pair it begins, where the vocabulary has the pair,
    else itself. What was cut once is remembered, up to ``capacity`` words.

    Source
    ------
    Kudo (2018), "Subword regularization", ACL, section 3.2; word by word it is our own.
    """

    def __init__(self, image: ModelImage, *, capacity: int = 500_000) -> None:
        self._known = {piece: number for number, piece in enumerate(image.pieces) if number != image.unknown}
        self._scores = image.scores
        self._unknown = image.unknown
        self._unknown_score = image.lowest - 10.0
        self._capacity = capacity
        self._words: dict[str, tuple[int, ...]] = {}
        self._pairs: dict[str, int] = {}
        self._model_words: dict[str, tuple[int, ...]] = {}
        self._book = _Book(self._pieces_of)

    def of(self, text: str, *, most: int) -> list[int]:
        """Numbers of the first ``most`` pieces of a text; the unknown piece for a text without any."""
        plain = unicodedata.normalize("NFKC", text).lower()
        words = self._words
        found: list[int] = []
        wide = _WIDE.search(plain) is not None
        for word in _WORD.findall(plain):
            pieces = words.get(word)
            if pieces is None:
                if wide and _WIDE.match(word):
                    found += self._signs(word)
                    continue
                pieces = self._remember(word)
            found += pieces
        return found[:most] or [self._unknown]

    def of_all(self, texts: Sequence[str], *, most: int) -> tuple[Counts, Counts]:
        """What :meth:`of` says of each text, one behind the other, and how many pieces each has."""
        if len(self._book) >= self._capacity:
            self._book = _Book(self._pieces_of)
        joined = "".join([text.replace(_BETWEEN, " ") + _BETWEEN for text in texts])
        words = _WORD_OR_END.findall(unicodedata.normalize("NFKC", joined).lower())
        entries = np.fromiter(map(self._book.__getitem__, words), dtype=np.int64, count=len(words))
        found, sizes = self._book.pieces(entries)
        ends = np.cumsum(sizes)[entries == _Book.END]
        lengths = np.diff(ends, prepend=0)
        if len(lengths) and int(lengths.max()) > most:
            within = np.arange(len(found)) - np.repeat(ends - lengths, lengths)
            found, lengths = found[within < most], np.minimum(lengths, most)
            ends = np.cumsum(lengths)
        empty = np.flatnonzero(lengths == 0)
        return np.insert(found, ends[empty], self._unknown), np.maximum(lengths, 1)

    def _pieces_of(self, word: str) -> Sequence[int]:
        if _WIDE.match(word):
            return self._signs(word)
        return self._words.get(word) or self._remember(word)

    def of_model(self, text: str) -> list[int]:
        """Numbers of all pieces as the exact model itself reads them: case and signs as they are."""
        plain = "".join(unicodedata.normalize("NFKC", sign) for sign in text)
        return [number for word in plain.split() for number in self._cut_once(_BLANK + word)]

    def _cut_once(self, word: str) -> tuple[int, ...]:
        pieces = self._model_words.get(word)
        if pieces is None:
            if len(self._model_words) >= self._capacity:
                self._model_words.clear()
            pieces = self._model_words[word] = self._cut(word)
        return pieces

    def _remember(self, word: str) -> tuple[int, ...]:
        if len(self._words) >= self._capacity:
            self._words.clear()
        pieces = self._cut(_BLANK + word if word[0].isalnum() else word)
        self._words[word] = pieces
        return pieces

    def _signs(self, run: str) -> list[int]:
        if len(self._pairs) >= self._capacity:
            self._pairs.clear()
        pairs = self._pairs
        found = []
        for start in range(len(run)):
            pair = run[start : start + 2]
            number = pairs.get(pair)
            if number is None:
                cut = self._cut(pair)
                number = cut[0] if len(cut) == 1 else self._cut(pair[0])[0]
                pairs[pair] = number
            found.append(number)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of a word (Viterbi)."""
        length = len(word)
        best = [0.0] + [_FLOOR] * length
        before = [(0, self._unknown)] * (length + 1)
        for start in range(length):
            score = best[start]
            for end in range(start + 1, min(length, start + _LONGEST_PIECE) + 1):
                number = self._known.get(word[start:end])
                if number is not None and score + self._scores[number] > best[end]:
                    best[end] = score + self._scores[number]
                    before[end] = (start, number)
            if score + self._unknown_score > best[start + 1]:
                best[start + 1] = score + self._unknown_score
                before[start + 1] = (start, self._unknown)
        pieces: list[int] = []
        end = length
        while end:
            end, number = before[end]
            pieces.append(number)
        return tuple(reversed(pieces))


class _Book(dict[str, int]):
    """The number of each word that was cut, with the pieces of all of them in one row."""

    END = 0

    def __init__(self, cut: Callable[[str], Sequence[int]]) -> None:
        super().__init__({_BETWEEN: self.END})
        self._cut = cut
        self._all = array("q")
        self._starts = array("q", [0])
        self._sizes = array("q", [0])

    def __missing__(self, word: str) -> int:
        pieces = self._cut(word)
        number = self[word] = len(self._starts)
        self._starts.append(len(self._all))
        self._sizes.append(len(pieces))
        self._all.extend(pieces)
        return number

    def pieces(self, entries: Counts) -> tuple[Counts, Counts]:
        """The pieces of words, one behind the other, and how many each has."""
        # Copies: an array that something looks into cannot grow.
        every, starts, sizes = (
            np.array(kept, dtype=np.int64) for kept in (self._all, self._starts, self._sizes)
        )
        counts = sizes[entries]
        before = np.cumsum(counts) - counts
        return every[np.arange(int(counts.sum())) + np.repeat(starts[entries] - before, counts)], counts

"""Words cut into pieces of the model's vocabulary, each distinct word once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Hashes, KeyTable
from forvent.language.model_image import ModelImage
from forvent.language.segmentation import FLOOR, LONGEST_PIECE, Segmentation, rows_of
from forvent.language.signs import BETWEEN, BLANK, DIGIT, LETTER, WIDE, Codes, kinds_of, plain_codes, text_of

#: What joins a word to the blank before it.
_BLANK = "\u2581"
#: Longer words are cut one by one: side by side they would need too much room.
_LONG = 1000

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
        self._image = image
        self._unknown = image.unknown
        self._capacity = capacity
        self._model_words: dict[str, tuple[int, ...]] = {}
        self._forget()

    def _forget(self) -> None:
        self._table = KeyTable()
        self._kept, self._starts, self._sizes = (np.zeros(0, dtype=np.int64) for _ in range(3))

    def of(self, text: str, *, most: int) -> list[int]:
        """Numbers of the first ``most`` pieces of a text; the unknown piece for a text without any."""
        found: list[int] = self.of_all([text], most=most)[0].tolist()
        return found

    def of_all(self, texts: Sequence[str], *, most: int) -> tuple[Counts, Counts]:
        """What :meth:`of` says of each text, one behind the other, and how many pieces each has."""
        codes = plain_codes(texts)
        starts, ends = _tokens(codes)
        entries = self._entries(codes, starts, ends)
        sizes = self._sizes[entries]
        found = self._kept[rows_of(self._starts[entries], sizes)]
        # Of each text the tokens before its end, and so their pieces.
        edges = np.searchsorted(starts, np.flatnonzero(codes == ord(BETWEEN)))
        behind = np.concatenate([[0], np.cumsum(sizes)])[edges]
        lengths = np.diff(behind, prepend=0)
        if int(lengths.max(initial=0)) > most:
            within = np.arange(len(found)) - np.repeat(behind - lengths, lengths)
            found, lengths = found[within < most], np.minimum(lengths, most)
            behind = np.cumsum(lengths)
        empty = np.flatnonzero(lengths == 0)
        return np.insert(found, behind[empty], self._unknown), np.maximum(lengths, 1)

    def _entries(self, codes: Codes, starts: Counts, ends: Counts) -> Counts:
        """The number of each token; those that are new are cut."""
        keys = Hashes(codes).of(starts, ends)
        entries = self._table.find(keys)
        new = np.flatnonzero(entries < 0)
        if not len(new):
            return entries
        if len(self._table) + len(new) > self._capacity:
            self._forget()
            new = np.arange(len(keys))
        fresh, first = np.unique(keys[new], return_index=True)
        chosen = new[first]
        found, sizes = self._cut_all(codes, starts[chosen], ends[chosen])
        self._starts = np.concatenate([self._starts, len(self._kept) + np.cumsum(sizes) - sizes])
        self._sizes = np.concatenate([self._sizes, sizes])
        self._kept = np.concatenate([self._kept, found])
        self._table.add(fresh)
        return self._table.find(keys)

    def _cut_all(self, codes: Codes, starts: Counts, ends: Counts) -> tuple[Counts, Counts]:
        """Pieces of new tokens, one behind the other, and how many each has."""
        kinds = kinds_of(codes[starts])
        wide = kinds & WIDE > 0
        # Words begin with what stands for the blank before them; Chinese and other signs do not.
        blanks = ((kinds & (LETTER | DIGIT) > 0) & ~wide).astype(np.int64)
        found, sizes = self._cut_with(codes, starts, np.minimum(ends, starts + _LONG), blanks)
        torn = np.flatnonzero(wide & (sizes > 1))
        if len(torn):
            # A pair that is no piece: its first sign stands for itself.
            behind = np.cumsum(sizes)
            keep = np.ones(len(found), dtype=np.bool_)
            keep[behind[torn] - 1] = False
            found[behind[torn] - 2] = self._cut_with(codes, starts[torn], starts[torn] + 1, blanks[torn])[0]
            found, sizes = found[keep], np.where(wide, 1, sizes)
        for place in np.flatnonzero(ends - starts > _LONG).tolist():
            told = self._cut(_BLANK + text_of(codes[starts[place] : ends[place]]))
            end = int(sizes[: place + 1].sum())
            found = np.concatenate([found[: end - sizes[place]], told, found[end:]])
            sizes[place] = len(told)
        return found, sizes

    def _cut_with(self, codes: Codes, starts: Counts, ends: Counts, blanks: Counts) -> tuple[Counts, Counts]:
        """Pieces of tokens with so many blanks before each."""
        sizes = ends - starts + blanks
        firsts = np.cumsum(sizes) - sizes
        written = codes[rows_of(starts - blanks, sizes)]
        written[firsts[blanks > 0]] = ord(_BLANK)
        return self._segmentation.cut(written, firsts, firsts + sizes)

    @cached_property
    def _segmentation(self) -> Segmentation:
        return Segmentation(self._image)

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

    @cached_property
    def _known(self) -> dict[str, int]:
        pieces = enumerate(self._image.pieces)
        return {piece: number for number, piece in pieces if number != self._unknown}

    @cached_property
    def _model_scores(self) -> list[float]:
        scores: list[float] = self._image.scores.tolist()
        return scores

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of a word (Viterbi)."""
        length = len(word)
        best = [0.0] + [FLOOR] * length
        before = [(0, self._unknown)] * (length + 1)
        scores, unknown_score = self._model_scores, self._image.lowest - 10.0
        for start in range(length):
            score = best[start]
            for end in range(start + 1, min(length, start + LONGEST_PIECE) + 1):
                number = self._known.get(word[start:end])
                if number is not None and score + scores[number] > best[end]:
                    best[end] = score + scores[number]
                    before[end] = (start, number)
            if score + unknown_score > best[start + 1]:
                best[start + 1] = score + unknown_score
                before[start + 1] = (start, self._unknown)
        pieces: list[int] = []
        end = length
        while end:
            end, number = before[end]
            pieces.append(number)
        return tuple(reversed(pieces))


def _tokens(codes: Codes) -> tuple[Counts, Counts]:
    """Where tokens stand: words, other signs, and each sign of a script without blanks with the next."""
    kinds = kinds_of(codes)
    wide = kinds & WIDE > 0
    word = (kinds & (LETTER | DIGIT) > 0) & ~wide
    sign = ~wide & ~word & (kinds & BLANK == 0) & (codes != ord("_"))
    # The last sign of all stands between texts, so that nothing follows the last token.
    next_word, next_wide = np.roll(word, -1), np.roll(wide, -1)
    starts = np.flatnonzero((word & ~np.roll(word, 1)) | wide | sign)
    ends = starts + 1
    ends[wide[starts] & next_wide[starts]] += 1
    ends[word[starts]] = np.flatnonzero(word & ~next_word) + 1
    return starts, ends

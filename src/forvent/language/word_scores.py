"""How much each word speaks for each language, worked out once for a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Hashes, KeyTable
from forvent.language.signs import Codes, text_of

Scores = NDArray[np.float64]
Places = NDArray[np.int64]

#: Words whose scores are kept; 200,000 rows of 36 numbers are 60 MB.
_REMEMBERED = 200_000
#: Words looked at together; bounds the memory, never changes a result.
_TOGETHER = 2000
#: Scores are rounded to this part, so that their sums do not hang on the order of the words.
_STEP = 1024


class WordScores:
    """Naive-Bayes log likelihoods of words, less that of the likeliest language.

    The features of a word are byte sequences that end at one of its bytes, told by a table of states; all new
    words of a batch are walked through together, byte by byte.

    Parameters
    ----------
    identifier
        That of py3langid, restricted to the languages in question.
    column
        For each of its labels, which score it counts for; of several the highest.

    Source
    ------
    Lui & Baldwin (2012), "langid.py", ACL system demonstrations, section 2.
    """

    def __init__(self, identifier: Any, column: Mapping[str, int]) -> None:
        self._next = np.asarray(identifier.tk_nextmove)
        self._row = np.asarray(identifier.tk_row).astype(np.int64) << 8
        self._feature = np.array(identifier.tk_output, dtype=np.int64)
        columns = np.array([column[label] for label in identifier.nb_classes])
        self._order = np.argsort(columns, kind="stable")
        self._firsts = np.searchsorted(columns[self._order], np.arange(len(set(column.values()))))
        self._table = identifier.nb_ptc[:, self._order]
        self._prior = identifier.nb_pc[self._order].astype(np.float64)
        self._numbers: dict[str, int] = {}
        self._seen, self._rows = KeyTable(), np.zeros(0, dtype=np.int64)
        self._kept: Scores = np.zeros((_TOGETHER, len(self._firsts)))

    def of(self, words: Sequence[str]) -> Scores:
        """One row a word; zeros for what says nothing of its language."""
        if len(self._numbers) + len(words) >= _REMEMBERED:
            self._numbers.clear()
            self._seen, self._rows = KeyTable(), self._rows[:0]
        new = list(set(words).difference(self._numbers))
        for start in range(0, len(new), _TOGETHER):
            self._remember(new[start : start + _TOGETHER])
        numbers = np.fromiter(map(self._numbers.__getitem__, words), dtype=np.int64, count=len(words))
        return self._kept[numbers]

    def of_codes(self, codes: Codes, starts: Places, ends: Places) -> Scores:
        """The same for words that are parts of a row of signs."""
        keys = Hashes(codes).of(starts, ends)
        numbers = self._seen.find(keys)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            if len(self._numbers) + len(new) >= _REMEMBERED:
                self._seen, self._rows = KeyTable(), self._rows[:0]
                new = np.arange(len(keys))
            fresh, first = np.unique(keys[new], return_index=True)
            chosen = new[first].tolist()
            written = [text_of(codes[starts[place] : ends[place]]) for place in chosen]
            self.of(written)
            rows = np.fromiter(map(self._numbers.__getitem__, written), dtype=np.int64, count=len(written))
            self._rows = np.concatenate([self._rows, rows])
            self._seen.add(fresh)
            numbers = self._seen.find(keys)
        return self._kept[self._rows[numbers]]

    def _remember(self, words: Sequence[str]) -> None:
        first = len(self._numbers)
        if first + len(words) > len(self._kept):
            self._kept = np.concatenate([self._kept, np.zeros_like(self._kept)])
        self._kept[first : first + len(words)] = self._worked_out(words)
        self._numbers.update(zip(words, range(first, first + len(words)), strict=True))

    def _worked_out(self, words: Sequence[str]) -> Scores:
        owners, features = self._features([_as_read(word) for word in words])
        keys, counts = np.unique(owners * len(self._table) + features, return_counts=True)
        owners, features = np.divmod(keys, len(self._table))
        rows = np.zeros((len(words), len(self._firsts)))
        if not len(keys):
            return rows
        likely = self._table[features].astype(np.float64) * np.log1p(counts)[:, None]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        sums = np.add.reduceat(likely, starts, axis=0) + self._prior
        scores = np.maximum.reduceat(sums, self._firsts, axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        rows[owners[starts]] = np.round(scores * _STEP) / _STEP
        return rows

    def _features(self, words: Sequence[bytes]) -> tuple[Places, Places]:
        """Which word has which feature, each as often as it has it."""
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        letters = np.frombuffer(b"".join(words), dtype=np.uint8)
        # The longest first: those that go on are always the first ones.
        order = np.argsort(-lengths, kind="stable")
        starts, lasting = (np.cumsum(lengths) - lengths)[order], -lengths[order]
        state = np.zeros(len(words), dtype=np.int64)
        owners, features = [], []
        for place in range(int(lengths.max(initial=0))):
            going = int(np.searchsorted(lasting, -place))
            state = self._next[self._row[state[:going]] + letters[starts[:going] + place]]
            found = self._feature[state]
            said = found >= 0
            owners.append(order[:going][said])
            features.append(found[said])
        return np.concatenate([order[:0], *owners]), np.concatenate([order[:0], *features])


def _as_read(word: str) -> bytes:
    """A word as the identifier reads it."""
    plain = unicodedata.normalize("NFC", word.lower() if word.isupper() else word)
    return f" {plain} ".encode("utf-8", "surrogatepass")

"""Many words cut into their likeliest pieces at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Hashes, KeyTable
from forvent.language.model_image import ModelImage
from forvent.language.signs import Codes

Counts = NDArray[np.int64]
Scores = NDArray[np.float64]
Steps = NDArray[np.int32]

#: Pieces longer than this do not occur in the vocabulary's useful part.
LONGEST_PIECE = 16
FLOOR = -1e30
#: Places looked at together, and rows times places kept together; bounds the memory, never changes a result.
_TOGETHER = 8192
_CELLS = 1 << 19


class Segmentation:
    """The pieces of words where the sum of their log probabilities is highest, for many words at once.

    Source
    ------
    Kudo (2018), "Subword regularization", ACL, section 3.2, by Viterbi's algorithm.
    """

    def __init__(self, image: ModelImage) -> None:
        codes, ends = image.letters
        starts = ends - np.diff(ends, prepend=0)
        useful = np.flatnonzero(ends > starts)
        # Of pieces that are written alike the last one counts.
        self._numbers = useful[useful != image.unknown]
        self._table = KeyTable()
        self._table.add(Hashes(codes).of(starts[self._numbers], ends[self._numbers]))
        self._scores = image.scores[self._numbers]
        self._unknown = image.unknown
        self._unknown_score = image.lowest - 10.0

    def cut(self, codes: Codes, starts: Counts, ends: Counts) -> tuple[Counts, Counts]:
        """Pieces of the words from ``starts`` to ``ends``, one behind the other, and how many each has."""
        order = np.argsort(starts - ends, kind="stable")
        firsts, sizes = starts[order], (ends - starts)[order]
        told = [_told(*self._best(codes, firsts[part], sizes[part]), sizes[part]) for part in _parts(sizes)]
        found, counts = (
            (np.concatenate([sizes[:0], *row]) for row in zip(*told, strict=True)) if told else (sizes, sizes)
        )
        # Back from the order of lengths to that of the words.
        behind = np.cumsum(counts) - counts
        back = np.argsort(order, kind="stable")
        return found[rows_of(behind[back], counts[back])], counts[back]

    def _best(self, codes: Codes, firsts: Counts, sizes: Counts) -> tuple[Steps, Steps]:
        """For each word, longest first, and each end in it: where the last piece begins, and its number."""
        longest = int(sizes.max(initial=0))
        rows = np.cumsum(sizes) - sizes
        scores, numbers = self._looked_up(codes, firsts, sizes)
        shape = len(sizes), longest + LONGEST_PIECE + 1
        best = np.full(shape, FLOOR)
        best[:, 0] = 0.0
        begins = np.zeros(shape, dtype=np.int32)
        pieces = np.full(shape, self._unknown, dtype=np.int32)
        for place in range(longest):
            going = int(np.searchsorted(-sizes, -place))
            at = rows[:going] + place
            here, ahead = best[:going, [place]], np.s_[:going, place + 1 : place + 1 + LONGEST_PIECE]
            reached = here + scores[at]
            better = reached > best[ahead]
            np.copyto(best[ahead], reached, where=better)
            np.copyto(begins[ahead], place, where=better)
            np.copyto(pieces[ahead], numbers[at], where=better)
            # One sign that no piece has is unknown.
            lost = np.flatnonzero(here[:, 0] + self._unknown_score > best[:going, place + 1])
            best[lost, place + 1] = here[lost, 0] + self._unknown_score
            begins[lost, place + 1] = place
            pieces[lost, place + 1] = self._unknown
        return begins, pieces

    def _looked_up(self, codes: Codes, firsts: Counts, sizes: Counts) -> tuple[Scores, Steps]:
        """Score and number of the piece from each place of each word, one column for each of its lengths."""
        places = rows_of(firsts, sizes)
        room = np.repeat(firsts + sizes, sizes) - places
        hashes = Hashes(codes)
        scores = np.full((len(places), LONGEST_PIECE), -np.inf)
        numbers = np.full(scores.shape, self._unknown, dtype=np.int32)
        for first in range(0, len(places), _TOGETHER):
            part = np.s_[first : first + _TOGETHER]
            rows, lengths = np.nonzero(np.arange(LONGEST_PIECE) < room[part, None])
            starts = places[part][rows]
            known = self._table.find(hashes.of(starts, starts + lengths + 1))
            there = np.flatnonzero(known >= 0)
            chosen = first + rows[there], lengths[there]
            scores[chosen] = self._scores[known[there]]
            numbers[chosen] = self._numbers[known[there]]
        return scores, numbers


def _told(begins: Steps, pieces: Steps, sizes: Counts) -> tuple[Counts, Counts]:
    """The pieces of each word, read from its end, in order one behind the other; how many each has."""
    found = np.zeros(pieces.shape, dtype=np.int32)
    counts = np.zeros(len(sizes), dtype=np.int64)
    ends = sizes.copy()
    going = np.flatnonzero(ends)
    while len(going):
        found[going, counts[going]] = pieces[going, ends[going]]
        counts[going] += 1
        ends[going] = begins[going, ends[going]]
        going = going[ends[going] > 0]
    words = np.repeat(np.arange(len(sizes)), counts)
    left = np.repeat(np.cumsum(counts), counts) - 1 - np.arange(len(words))
    return found[words, left].astype(np.int64), counts


def _parts(sizes: Counts) -> Iterator[slice]:
    """Words, longest first, in parts that fit into memory."""
    start = 0
    while start < len(sizes):
        end = start + max(1, _CELLS // (int(sizes[start]) + LONGEST_PIECE))
        yield slice(start, end)
        start = end


def rows_of(starts: Counts, sizes: Counts) -> Counts:
    """Places from each start on, as many as its size, one behind the other.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> rows_of(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    rows: Counts = np.arange(int(sizes.sum())) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return rows

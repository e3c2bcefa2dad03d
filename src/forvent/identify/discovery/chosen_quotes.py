"""A few quotes of a group that show its breadth: of several languages, typical, and unlike each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.identify.discovery.space import Vectors, rounded

QUOTES = 6
#: Characters; longer clauses are taken only where there is nothing else.
LONG = 160


def choose_quotes(
    placed: Vectors, centre: Vectors, *, words: Sequence[str], languages: Sequence[str], most: int = QUOTES
) -> tuple[int, ...]:
    """Positions of the clauses to quote, the most spoken language first, then in turn.

    In each language the next quote is the one nearest to the centre less half its likeness to those
    already chosen. Which are chosen does not hang on order.

    Parameters
    ----------
    placed
        Unit vectors of the clauses, shape (n, size), in a fixed order.
    centre
        Centre of the group, shape (size,).
    words, languages
        Of each clause.
    most
        Quotes wanted.

    Returns
    -------
    tuple of int
        Positions, at most ``most``.

    Source
    ------
    Carbonell & Goldstein (1998), SIGIR, 335–336 (maximal marginal relevance).
    """
    typical = rounded(placed @ centre) - 0.5 * np.array([len(text) > LONG for text in words])
    spoken = Counter(languages)
    turns = sorted(spoken, key=lambda code: (-spoken[code], code))
    left = {code: [index for index, of in enumerate(languages) if of == code] for code in turns}
    chosen: list[int] = []
    while len(chosen) < most and any(left.values()):
        for code in turns:
            if left[code] and len(chosen) < most:
                best = _next(left[code], typical, placed, chosen)
                chosen.append(best)
                left[code].remove(best)
    return tuple(chosen)


def _next(left: Sequence[int], typical: NDArray[np.float64], placed: Vectors, chosen: Sequence[int]) -> int:
    here = list(left)
    worth = typical[here]
    if chosen:
        worth = worth - 0.5 * rounded(placed[here] @ placed[list(chosen)].T).max(axis=1)
    return here[int(np.round(worth, 4).argmax())]

"""The smallest part of a clause that still carries an expectation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forvent.language import Span

# Commas and the words for "and" of the first-class languages, and both together.
_AND = r"(?:and|a|i|og|samt|ja|ning|և|ու|и|y|e|et|und)\s+"
_BORDER = re.compile(rf"\s*[,;，、；]\s*(?<=\s)(?:{_AND})?|\s*[,;，、；]|\s+{_AND}|\s+[-–—/+&]\s+", re.IGNORECASE)
# Three letters in a row, or two signs of a script that writes words with them: less is no part of its own.
_ENOUGH = re.compile(r"[^\W\d_]{3}|[\u3040-\u30ff\u3400-\u9fff]{2}")
#: A part carries an expectation if it is this likely beside the whole clause.
_KEEPS = 0.8


def parts_of(clause: str) -> tuple[Span, ...]:
    """Parts of a clause between its commas and its words for "and"; none where it is of one piece.

    Parameters
    ----------
    clause
        The words of a clause.

    Returns
    -------
    tuple of Span
        Offsets into the clause, in order.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#quote``.

    Examples
    --------
    >>> clause = "fast delivery, friendly driver and a fair price"
    >>> [part.of(clause) for part in parts_of(clause)]
    ['fast delivery', 'friendly driver', 'a fair price']
    """
    if _BORDER.search(clause) is None:
        return ()
    found: list[Span] = []
    start = 0
    for match in _BORDER.finditer(clause):
        if _is_enough(clause[start : match.start()]):
            found.append(Span(start, match.start()))
            start = match.end()
    if not found:
        return ()
    end = len(clause.rstrip())
    if _is_enough(clause[start:end]):
        found.append(Span(start, end))
    return tuple(found) if len(found) > 1 else ()


def smallest(clause: Span, parts: Sequence[tuple[Span, float]], *, whole: float, least: float) -> Span:
    """Where the shortest part stands that carries an expectation, else the whole clause.

    Parameters
    ----------
    clause
        Where the clause stands in the text.
    parts
        Parts of the clause with the probability of the expectation in each alone.
    whole
        That of the whole clause.
    least
        The threshold of a mention.

    Returns
    -------
    Span
        Offsets into the text.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#quote``.

    Examples
    --------
    >>> smallest(Span(10, 40), [(Span(0, 12), 0.1), (Span(14, 30), 0.8)], whole=0.9, least=0.4)
    Span(start=24, end=40)
    """
    border = max(least, _KEEPS * whole)
    carrying = [part for part, probability in parts if probability >= border]
    if not carrying:
        return clause
    best = min(carrying, key=lambda part: (part.end - part.start, part.start))
    return Span(clause.start + best.start, clause.start + best.end)


def _is_enough(part: str) -> bool:
    return _ENOUGH.search(part) is not None

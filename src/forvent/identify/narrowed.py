"""The smallest part of a clause that still carries an expectation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forvent.language import Span

# Commas and the words for "and" of the first-class languages, and both together.
# Of a run of blanks only the first few are looked at: a run of n would else cost n² steps.
_AND = r"(?:and|a|i|og|samt|ja|ning|և|ու|и|y|e|et|und)\s"
_BORDER = re.compile(
    rf"[,;，、；](?:\s{{1,4}}{_AND})?|(?<!\s)\s{{1,4}}{_AND}|(?<!\s)\s{{1,4}}[-–—/+&]\s", re.IGNORECASE
)
# Quicker looks: without a match of either there is no border.
_COMMA = re.compile(r"[,;，、；]")
_JOINT = re.compile(rf"\s(?:{_AND}|[-–—/+&]\s)", re.IGNORECASE)
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
    if _COMMA.search(clause) is None and _JOINT.search(clause) is None:
        return ()
    found: list[Span] = []
    start = last = 0
    enough = False
    for match in _BORDER.finditer(clause):
        # Only what is new since the last border: n borders without words would else cost n² steps.
        enough = enough or _is_enough(clause[last : match.start()])
        last = match.end()
        if enough:
            found.append(_trimmed(clause, start, match.start()))
            start, enough = last, False
    if not found:
        return ()
    if _is_enough(clause[start:]):
        found.append(_trimmed(clause, start, len(clause)))
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


def _trimmed(clause: str, start: int, end: int) -> Span:
    part = clause[start:end]
    first = start + len(part) - len(part.lstrip())
    return Span(first, first + len(part.strip()))


def _is_enough(part: str) -> bool:
    return _ENOUGH.search(part) is not None

"""Customers' words made safe to show: no control characters, nothing that turns the reading direction."""

from __future__ import annotations

import unicodedata

# Embeddings, overrides and isolates that would turn the text around them.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
CUT = "…"


def plain_text(text: str) -> str:
    """The text on one line without control characters and direction overrides.

    Only what is shown changes; ``findings.json`` holds the words as they came.

    Parameters
    ----------
    text
        Words of a customer, or a name from a file.

    Returns
    -------
    str
        The text with every run of white space as one space. Marks that Hebrew, Arabic or emoji
        need (joiners, direction marks) stay.

    Source
    ------
    Our own definition; the characters are those of Unicode Standard Annex 9, sections 2.1–2.5.

    Examples
    --------
    >>> plain_text("on\\u202e time\\x1b[31m")
    'on time[31m'
    """
    spaced = " ".join(text.split())
    return "".join(
        letter for letter in spaced if letter not in TURNING and unicodedata.category(letter) not in HIDDEN
    )


def shortened(text: str, *, most: int, keep: str = "start") -> str:
    """At most so many characters of the start or the end of a text, the rest as an ellipsis."""
    if len(text) <= most:
        return text
    return text[:most].rstrip() + CUT if keep == "start" else CUT + text[-most:].lstrip()

"""Cells that say yes or no, in words of many languages or as numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from forvent.reading.cells import Cell, value_of
from forvent.reading.quantities import number_style, read_number


def yes_or_no(cell: Cell) -> bool | None:
    """Whether a cell says yes; None where it is empty or says neither.

    Words count in any case. A number says yes unless it is 0; a date or a name says neither.

    Parameters
    ----------
    cell
        As the file holds it.

    Returns
    -------
    bool or None
        True for yes, False for no.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> [yes_or_no(cell) for cell in ("Ano", "not sent", "0.0", "2", "2024-05-01", "")]
    [True, False, False, True, None, None]
    """
    text = value_of(cell)
    if text is None:
        return None
    word = " ".join(text.split()).casefold()
    known = _words().get(word)
    if known is not None:
        return known
    number = read_number(word, style=number_style([word]))
    return None if number is None else number != 0.0


@cache
def _words() -> Mapping[str, bool]:
    table = tomllib.loads(files("forvent.reading").joinpath("yes_no.toml").read_text(encoding="utf-8"))
    return {word: says == "yes" for says in ("yes", "no") for word in table[says]}

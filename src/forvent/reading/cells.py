"""One cell of a table: what counts as empty, as text, as clean text; safe cells for exports."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

LONGEST_CELL = 1_000_000
"""Characters that one cell may hold; a longer one makes its row unusable."""

NOTHING = frozenset(
    (
        "",
        "na",
        "n/a",
        "n.a.",
        "n.a",
        "nan",
        "nat",
        "null",
        "none",
        "nil",
        "(null)",
        "(blank)",
        "-",
        "--",
        "—",
        "\\n",
    )
)
"""What exports write where a cell is empty, in lower case."""

ERROR_VALUES = frozenset(
    ("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!")
)
"""What a spreadsheet shows where a formula failed, in lower case."""

# Bidirectional overrides and isolates can make a text read as something it does not
# say; a byte order mark in the middle is the seam of two files.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_OTHER_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# Marks that are put over, under or through any letter, and those of scripts that need one or two a letter.
_MARK = "\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_MARK += "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_HEAP_OF_MARKS = re.compile(f"([{_MARK}]{{2}})[{_MARK}]+")
_SOME_MARKS = re.compile(f"[{_MARK}]{{3}}")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHOWN = 40
_PLAIN = (str, int, date, time, timedelta)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text without characters that nobody typed, and how many were taken out."""

    text: str
    removed: int


def as_text(cell: Cell) -> str:
    """The cell as a person would read it in the file, without blanks around it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # Spreadsheets keep every number as a float: order 1001 must not become "1001.0".
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def is_nothing(text: str) -> bool:
    """True where a cell means "no value"."""
    return len(text) <= 8 and text.lower() in NOTHING


def is_error_value(text: str) -> bool:
    """True for what a spreadsheet shows where a formula failed."""
    return text.startswith("#") and text.lower() in ERROR_VALUES


def value_of(cell: Cell) -> str | None:
    """The cell as text; None where it is empty or an error of the spreadsheet."""
    text = as_text(cell)
    return None if is_nothing(text) or is_error_value(text) else text


def clean_text(text: str) -> CleanText:
    """Text with plain newlines and without control, override and unpaired surrogate characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if plain.isprintable():
        return CleanText(plain.strip(), 0)
    cleaned, removed = _UNWANTED.subn("", _OTHER_BREAKS.sub("\n", plain))
    return CleanText(cleaned.strip(), removed)


def may_have_heaps(text: str) -> bool:
    """A quick look: False where no letter can carry more than two marks."""
    return not text.isascii() and _SOME_MARKS.search(text) is not None


def without_heaps(text: str) -> CleanText:
    """Text in which no letter carries more than two marks, as in "z̷͓̈a̵̛l̸g̶o"; no language needs more."""
    if text.isascii():
        return CleanText(text, 0)
    thinned = _HEAP_OF_MARKS.sub(r"\1", text)
    return CleanText(thinned, len(text) - len(thinned))


def plain_cell(value: Any) -> Cell:
    """A value of a JSON or Parquet record as a cell; lists and bytes become text."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, float | Decimal):
        return None if math.isnan(value) else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="surrogateescape")
    return json.dumps(value, ensure_ascii=False, default=str)


def shortened(value: object) -> str:
    """A value as it is shown in messages: one line, at most forty characters."""
    text = " ".join(clean_text(as_text(value) if isinstance(value, str | float) else str(value)).text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def neutralise_cell(value: str) -> str:
    r"""A cell that no spreadsheet runs as a formula: with ``'`` in front where it would be one.

    It covers cells that begin, after blanks, with ``=``, ``+``, ``-``, ``@`` (also in full
    width), tab, carriage return or newline. Numbers written as text, such as ``-5``, get the
    mark too; write numbers as numbers where they shall stay so.

    Parameters
    ----------
    value
        The text of one cell of an export, any length.

    Returns
    -------
    str
        The same text, or the text behind one ``'``; never missing.

    Source
    ------
    OWASP, "CSV Injection" (community page).

    Examples
    --------
    >>> neutralise_cell('=HYPERLINK("http://example.org","click")')
    '\'=HYPERLINK("http://example.org","click")'
    >>> neutralise_cell("The parcel came late.")
    'The parcel came late.'
    """
    return "'" + value if value.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) else value

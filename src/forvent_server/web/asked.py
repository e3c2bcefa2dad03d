"""What a request asks for, read so that nothing it may hold can break a page."""

from __future__ import annotations

#: The longest number of a row that a database holds, in digits.
LONGEST = 18


def whole(text: str) -> int | None:
    """The number of a row, as a form or an address names it; None where it is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None

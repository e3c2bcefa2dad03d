"""Texts as every encoder can read them."""

from __future__ import annotations

#: Characters of a text that are encoded; the models read 512 tokens.
LONGEST = 2000


def encodable(text: str) -> str:
    """At most ``LONGEST`` characters that UTF-8 can write, without NUL: engines read C strings.

    Source
    ------
    Our own definition, decision 0004.
    """
    return text[:LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8") or " "

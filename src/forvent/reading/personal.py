"""Personal data out of texts: what is surely an address, a number or a name of a person becomes a mark."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType

from forvent.reading.personal_names import cue_words, names
from forvent.reading.personal_numbers import Found, numbers

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "e-mail": "[e-mail]",
        "phone": "[phone]",
        "card": "[card]",
        "IBAN": "[IBAN]",
        "order": "[order]",
        "id": "[id]",
        "name": "[name]",
        "address": "[address]",
        "account": "[account]",
        "IP": "[IP]",
    }
)
"""Kind of personal data → what stands in its place."""

_MARK = re.compile("|".join(map(re.escape, MARKS.values())))
_WORTH = re.compile(r"[\d@\uff20]|://")
_HAN_TITLES = ("先生", "女士", "小姐", "太太")
# Marks in place may bring words together that were apart; more rounds were never needed.
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data, and how much was taken out by kind."""

    text: str
    counts: Mapping[str, int]


_NONE: Mapping[str, int] = MappingProxyType({})


def masked(text: str, language: str | None = None) -> Masked:
    """The text with a mark such as ``[e-mail]`` in place of all that surely is personal data.

    Addresses of mail and of the net, telephone numbers, payment cards, accounts, numbers of orders,
    parcels and customers, ids of states (by their check digits), streets with their number, and names behind
    a title, a greeting or a closing formula, in any script and with the digits of any. A name in the middle
    of a sentence stays: without a cue it cannot be told from a brand or a place. Masking twice changes
    nothing.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code, where it is known; some titles are words of other languages.

    Returns
    -------
    Masked
        The text, and kind → count for what was found; kinds are the keys of ``MARKS``.

    Source
    ------
    Our own definition, ``docs/howto/personal-data.md``; check digits by ISO 7812, ISO 13616, ISO 7064
    and the national rules.

    Examples
    --------
    >>> found = masked("Hi Martin, my order no. 20431 is late. Call +420 777 123 456!")
    >>> found.text
    'Hi [name], my order no. [order] is late. Call [phone]!'
    >>> dict(found.counts)
    {'name': 1, 'order': 1, 'phone': 1}
    >>> masked("It cost 1 299 Kč on 24.12.2024, 2 days late.").text
    'It cost 1 299 Kč on 24.12.2024, 2 days late.'
    """
    has_number, has_name = _WORTH.search(text) is not None, _may_name(text)
    if not has_number and not has_name:
        return Masked(text, _NONE)
    counts: dict[str, int] = {}
    for _ in range(_ROUNDS):
        found = _found(text, language, has_number=has_number, has_name=has_name)
        if not found:
            break
        text = _with_marks(text, found)
        for _, _, kind in found:
            counts[kind] = counts.get(kind, 0) + 1
    return Masked(text, dict(sorted(counts.items())) if counts else _NONE)


def _may_name(text: str) -> bool:
    """A quick look: False where no cue of a name stands in the text."""
    if not cue_words().isdisjoint(text.lower().split()):
        return True
    return not text.isascii() and any(title in text for title in _HAN_TITLES)


def _found(text: str, language: str | None, *, has_number: bool, has_name: bool) -> list[Found]:
    """What is to be masked, from left to right, without overlap; what is found first counts."""
    plain = _plain(text)
    taken = bytearray(len(plain))
    for mark in _MARK.finditer(plain):
        taken[mark.start() : mark.end()] = b"x" * len(mark[0])
    kept: list[Found] = []
    everything = chain(numbers(plain) if has_number else (), names(plain, language) if has_name else ())
    for start, end, kind in everything:
        if not any(taken[start:end]):
            taken[start:end] = b"x" * (end - start)
            kept.append((start, end, kind))
    return sorted(kept)


def _with_marks(text: str, found: list[Found]) -> str:
    parts, at = [], 0
    for start, end, kind in found:
        parts += [text[at:start], MARKS[kind]]
        at = end
    return "".join(parts) + text[at:]


def _plain(text: str) -> str:
    """The text, letter for letter, with plain digits, blanks, dashes and full-width signs."""
    return text if text.isascii() else text.translate(_plain_signs())


@cache
def _plain_signs() -> Mapping[int, str]:
    signs = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    signs |= dict.fromkeys((160, 8199, 8201, 8239, 12288), " ")
    signs |= dict.fromkeys(range(8208, 8214), "-") | {0x2212: "-"}
    for code in range(0x80, sys.maxunicode + 1):
        if chr(code).isdecimal():
            signs[code] = str(int(chr(code)))
    return signs

"""The signs of many texts at once: what each is, and how it is read in lower case and usual width."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]

#: What a sign is. A letter of a script without blanks is ``WIDE`` and, as it is one, a ``LETTER`` too.
LETTER, DIGIT, WIDE, BLANK, LINE = 1, 2, 4, 8, 16
#: Its plain form is not one sign, or hangs on its neighbours.
ODD = 32
_KNOWN = 128
#: Stands between texts; a blank.
BETWEEN = "\x1f"

_KINDS: Kinds = np.zeros(0x110000, dtype=np.uint8)
_PLAIN: Codes = np.zeros(0x110000, dtype=np.uint32)
_BARE: Codes = np.zeros(0x110000, dtype=np.uint32)
# Parts of Korean letters, which join with what stands before them.
_JOINING = range(0x1160, 0x1200)


def codes_of(texts: Sequence[str]) -> Codes:
    """The signs of all texts as numbers, each text with the sign between texts behind it."""
    joined = BETWEEN.join([*texts, ""])
    if joined.count(BETWEEN) != len(texts):
        joined = BETWEEN.join([*(text.replace(BETWEEN, " ") for text in texts), ""])
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(codes: Codes) -> str:
    """The text that numbers of signs stand for."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def kinds_of(codes: Codes) -> Kinds:
    """What each sign is, as a sum of the constants of this module."""
    kinds = _KINDS[codes]
    if kinds.min(initial=_KNOWN) < _KNOWN:
        _learn(np.unique(codes[kinds < _KNOWN]))
        kinds = _KINDS[codes]
    return kinds


def plain_codes(texts: Sequence[str]) -> Codes:
    """As :func:`codes_of`, of the texts in Unicode's form NFKC and in lower case."""
    codes = codes_of(texts)
    odd = np.flatnonzero(kinds_of(codes) & ODD)
    if len(odd):
        owners = np.searchsorted(np.flatnonzero(codes == ord(BETWEEN)), odd)
        written = list(texts)
        for place in np.unique(owners).tolist():
            written[place] = plain_text(texts[place])
        codes = codes_of(written)
        kinds_of(codes)
    return _PLAIN[codes]


def bare_codes(codes: Codes) -> Codes:
    """Signs in plain form without their accents."""
    kinds_of(codes)
    return _BARE[codes]


def plain_text(text: str) -> str:
    """One text in Unicode's form NFKC and in lower case."""
    return unicodedata.normalize("NFKC", text.replace(BETWEEN, " ")).lower()


def _learn(codes: Codes) -> None:
    for code in codes.tolist():
        sign = chr(code)
        plain = plain_text(sign) if code != ord(BETWEEN) else BETWEEN
        odd = len(plain) != 1 or unicodedata.category(sign)[0] == "M" or code in _JOINING or sign in "Σ"
        kind = _KNOWN | ODD * odd | BLANK * sign.isspace() | LINE * (sign == "\n")
        if sign.isalnum():
            kind |= DIGIT if sign.isdecimal() else LETTER
        if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF:
            kind |= WIDE
        # An odd sign is read as it stands where its text is in plain form already.
        _PLAIN[code] = code if odd else ord(plain)
        # Korean syllables are not taken apart.
        plain_sign = chr(_PLAIN[code])
        _BARE[code] = ord(
            plain_sign if "가" <= plain_sign <= "힣" else unicodedata.normalize("NFD", plain_sign)[0]
        )
        _KINDS[code] = kind

"""Texts that say nothing: "ok", "n/a", a dash, a lone emoji."""

from __future__ import annotations

import re
import unicodedata

from forvent.identify.catalogue import _toml

_NO_WORD = re.compile(r"[\W\d_]+")


def _phrases() -> frozenset[str]:
    words = _toml("content_free.toml")
    return frozenset(plain for phrases in words.values() for phrase in phrases if (plain := _plain(phrase)))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NO_WORD.sub(" ", folded).strip()


_SAYS_NOTHING = _phrases()
#: A text longer than any of the phrases is none of them, folded or not, if it has a word.
_LONGEST = 2 * max(map(len, _SAYS_NOTHING))
_SOME_WORDS = re.compile(r"[^\W\d_]{2}")
# Two letters that no folding changes but for their case, at the beginning of a text.
_PLAIN_START = re.compile(r"\s*([A-Za-zÀ-ÖØ-öø-ıŁ-ňŊ-žԱ-Ֆա-ֆ\u4e00-\u9fff]{2})(?![\u0300-\u036f])")
_STARTS = frozenset(phrase[:2] for phrase in _SAYS_NOTHING)


def is_content_free(text: str) -> bool:
    """True where a text has no words, or only words that answer without saying anything.

    Parameters
    ----------
    text
        Any text. Case, digits, punctuation and emoji are ignored.

    Returns
    -------
    bool
        Whether the text is blank, has no letters, one letter only, or is one of the listed phrases.

    Source
    ------
    Our own definition; the phrases stand in ``identify/content_free.toml``.

    Examples
    --------
    >>> [is_content_free(text) for text in ("ok", "N/A", "...", "👍", "ingen kommentar", "无")]
    [True, True, True, True, True, True]
    >>> is_content_free("ok but late")
    False
    """
    if len(text) > _LONGEST and _SOME_WORDS.search(text) is not None:
        return False
    start = _PLAIN_START.match(text)
    if start is not None and start[1].casefold() not in _STARTS:
        return False
    plain = _plain(text)
    if plain[:2].isalpha() and len(plain) > 1:
        return plain in _SAYS_NOTHING
    letters = sum(sign.isalpha() for sign in plain)
    has_wide_letter = any(ord(sign) >= 0x3000 for sign in plain)
    return letters < (1 if has_wide_letter else 2) or plain in _SAYS_NOTHING

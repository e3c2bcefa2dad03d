"""Which language a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.language.keys import Places
from forvent.language.language_model import language_model
from forvent.language.signs import BETWEEN, LETTER, WIDE, Codes, Kinds, codes_of, kinds_of
from forvent.language.word_scores import WordScores

FIRST_CLASS = ("en", "cs", "hy", "nb", "et", "zh")
# fmt: off
OTHERS: tuple[str, ...] = (
    "pt", "de", "es", "fr", "it", "nl", "pl", "ru", "uk", "tr", "ja", "ko", "ar", "he", "el", "hu",
    "ro", "bg", "lt", "lv", "vi", "th", "id", "hi", "fa", "ka",
)
# fmt: on
#: Languages close to a first-class one. On short texts the identifier takes Czech for Slovak and Norwegian
#: for Danish in 2–7 % of the cases, so they must be clearly ahead to be chosen.
SISTERS = ("sk", "da", "sv", "fi")

OTHERS_LEAD = 5.0
SISTERS_LEAD = 10.0

# The identifier's own codes that we name otherwise.
_OUR_CODE = {"no": "nb", "nn": "nb", "yue": "zh", "wuu": "zh"}
_THEIR_CODES = {"nb": ("no", "nn"), "zh": ("zh", "yue", "wuu")}
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ARMENIAN = re.compile(r"[\u0531-\u0587]")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_OWN_SCRIPT = re.compile(r"[\u0531-\u0587\u3040-\u30ff\u3400-\u9fff]")
#: So many signs of a text are read.
_READ = 1000

UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Detected:
    """A language and the probability the identifier gives it; ``und`` where there are no letters."""

    language: str
    confidence: float


class LanguageDetector:
    r"""Most likely language of a text, the six first-class languages first.

    The naive-Bayes log likelihoods of py3langid, word by word: each distinct word is looked
    up once and remembered, and the text's score is the sum over its words. A fixed lead is
    taken off: another language is chosen only if it is ahead by ``OTHERS_LEAD`` (5) or, if it is a sister
    of a first-class language, by ``SISTERS_LEAD`` (10) in log likelihood. The leads were
    set on the development texts; ``docs/quality.md`` has the accuracy. Chinese and Japanese signs
    are told by their script: Japanese has kana among them.

    Parameters
    ----------
    allowed
        ISO 639-1 codes to choose from; all known ones if not given.

    Source
    ------
    Lui & Baldwin (2012), "langid.py", ACL system demonstrations; word by word and the leads are our
    own, decision 0004.

    Examples
    --------
    >>> detector = LanguageDetector()
    >>> detector.detect("Zásilka přišla o dva dny později.").language
    'cs'
    >>> detector.detect("快递太慢了").language
    'zh'
    >>> detector.detect("👍 10/10").language
    'und'
    """

    def __init__(self, allowed: Iterable[str] | None = None) -> None:
        identifier = language_model(their_codes(allowed))
        theirs = identifier.labels
        self._codes = tuple(sorted({_OUR_CODE.get(their, their) for their in theirs}))
        self._index = {code: place for place, code in enumerate(self._codes)}
        self._start = np.array([-_lead(code) for code in self._codes])
        self._words = WordScores(
            identifier, {their: self._index[_OUR_CODE.get(their, their)] for their in theirs}
        )

    def detect(self, text: str) -> Detected:
        """Most likely language of ``text``.

        Parameters
        ----------
        text
            Any text; web and mail addresses, digits and signs are ignored.

        Returns
        -------
        Detected
            Code and probability (0–1); ``und`` with 0 for a text without letters.

        Source
        ------
        See the class.

        Examples
        --------
        >>> LanguageDetector().detect("Միջոցներ չկան").language
        'hy'
        """
        part = _read(text)
        words = _LETTERS.findall(part)
        if not words:
            return Detected(UNKNOWN, 0.0)
        by_script = self._by_script(part, words)
        if by_script is not None:
            return Detected(by_script, 1.0)
        scores = self._start + self._words.of(words).sum(axis=0)
        best = int(scores.argmax())
        return Detected(self._codes[best], float(1.0 / np.exp(scores - scores[best]).sum()))

    def languages(self, texts: Sequence[str]) -> list[str]:
        """Most likely language of each text of a batch, as :meth:`detect` tells it.

        Parameters
        ----------
        texts
            Any texts.

        Returns
        -------
        list of str
            Codes.

        Source
        ------
        See the class.

        Examples
        --------
        >>> LanguageDetector().languages(["It came late.", "快递太慢了", "10/10"])
        ['en', 'zh', 'und']
        """
        codes = codes_of([_read(text) for text in texts])
        kinds = kinds_of(codes)
        ends = np.flatnonzero(codes == ord(BETWEEN))
        letter = kinds & LETTER > 0
        starts = np.flatnonzero(letter & ~np.roll(letter, 1))
        stops = np.flatnonzero(letter & ~np.roll(letter, -1)) + 1
        found = self._by_scripts(codes, kinds, ends)
        owners = np.searchsorted(ends, starts)
        unsaid = np.array([code is None for code in found], dtype=np.bool_)[owners]
        owners, starts, stops = owners[unsaid], starts[unsaid], stops[unsaid]
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        if len(firsts):
            scores = np.add.reduceat(self._words.of_codes(codes, starts, stops), firsts, axis=0) + self._start
            for place, best in zip(owners[firsts].tolist(), scores.argmax(axis=1).tolist(), strict=True):
                found[place] = self._codes[best]
        return [UNKNOWN if code is None else code for code in found]

    def _by_scripts(self, codes: Codes, kinds: Kinds, ends: Places) -> list[str | None]:
        """The language of each text that is known by its script, as :meth:`_by_script` tells it."""

        def number(marked: NDArray[np.bool_]) -> Places:
            return np.diff(np.cumsum(marked)[ends], prepend=0)

        letters, wide = number(kinds & LETTER > 0), number(kinds & WIDE > 0)
        armenian = number((codes >= 0x531) & (codes <= 0x587))
        kana = number((codes >= 0x3040) & (codes <= 0x30FF))
        found: list[str | None] = [None] * len(ends)
        for place in np.flatnonzero((armenian + wide > 0) & (letters > 0)).tolist():
            found[place] = self._by_letters(
                int(letters[place]), int(armenian[place]), wide=int(wide[place]), kana=int(kana[place])
            )
        return found

    def _by_script(self, text: str, words: Sequence[str]) -> str | None:
        """Armenian, Chinese and Japanese are known by their letters alone."""
        if _OWN_SCRIPT.search(text) is None:
            return None
        letters = sum(map(len, words))
        wide, kana = len(_WIDE.findall(text)), len(_KANA.findall(text))
        return self._by_letters(letters, len(_ARMENIAN.findall(text)), wide=wide, kana=kana)

    def _by_letters(self, letters: int, armenian: int, *, wide: int, kana: int) -> str | None:
        """The same from the number of all letters, and of those of each script."""
        if "hy" in self._index and armenian * 2 > letters:
            return "hy"
        # A Chinese sign says as much as a short word of letters.
        if wide * 3 <= letters - wide:
            return None
        chosen = "ja" if kana * 8 > wide else "zh"
        return chosen if chosen in self._index else None


def their_codes(allowed: Iterable[str] | None = None) -> list[str]:
    """Codes of the identifier for some languages, or for all that are told.

    Source
    ------
    Our own definition, decision 0004.

    Examples
    --------
    >>> their_codes(["nb", "cs"])
    ['no', 'nn', 'cs']
    """
    codes = tuple(allowed) if allowed is not None else FIRST_CLASS + OTHERS + SISTERS
    return [their for code in codes for their in _THEIR_CODES.get(code, (code,))]


def _read(text: str) -> str:
    """What of a text its language is told by."""
    part = text[:_READ]
    return _ADDRESS.sub(" ", part) if "@" in part or "://" in part else part


def _lead(code: str) -> float:
    if code in FIRST_CLASS:
        return 0.0
    return SISTERS_LEAD if code in SISTERS else OTHERS_LEAD

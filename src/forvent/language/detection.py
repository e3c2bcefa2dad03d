"""Which language a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

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
_WITHOUT_WORDS = re.compile(r"https?://\S+|\S+@\S+|[\W\d_]+")
_ARMENIAN = re.compile(r"[\u0531-\u0587]")
_LETTER = re.compile(r"[^\W\d_]")

UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Detected:
    """A language and the probability the identifier gives it; ``und`` where there are no letters."""

    language: str
    confidence: float


class LanguageDetector:
    r"""Most likely language of a text, the six first-class languages first.

    The naive-Bayes log likelihood of py3langid plus a fixed lead: another language
    is chosen only if it is ahead by ``OTHERS_LEAD`` (5) or, if it is a sister of a
    first-class language, by ``SISTERS_LEAD`` (10) in log likelihood. The leads were
    set on the development texts; ``docs/quality.md`` has the accuracy.

    Parameters
    ----------
    allowed
        ISO 639-1 codes to choose from; all known ones if not given.

    Source
    ------
    Lui & Baldwin (2012), "langid.py", ACL system demonstrations; the leads are our own, decision 0004.

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
        codes = tuple(allowed) if allowed is not None else FIRST_CLASS + OTHERS + SISTERS
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
        known = set(self._identifier.labels)
        theirs = [their for code in codes for their in _THEIR_CODES.get(code, (code,)) if their in known]
        self._identifier.set_languages(theirs)
        self._lead = {code: _lead(code) for code in codes}

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
        words = _WITHOUT_WORDS.sub(" ", text[:1000]).strip()
        letters = len(_LETTER.findall(words))
        if not letters:
            return Detected(UNKNOWN, 0.0)
        if "hy" in self._lead and len(_ARMENIAN.findall(words)) * 2 > letters:
            return Detected("hy", 1.0)
        scores = self._scores(words)
        best = max(scores, key=lambda code: (scores[code], code))
        values = np.array(list(scores.values()))
        return Detected(best, float(1.0 / np.exp(values - scores[best]).sum()))

    def _scores(self, words: str) -> dict[str, float]:
        scores: dict[str, float] = {}
        for their, score in self._identifier.rank(words):
            code = _OUR_CODE.get(their, their)
            scores[code] = max(scores.get(code, -np.inf), float(score) - self._lead.get(code, 0.0))
        return scores


def _lead(code: str) -> float:
    if code in FIRST_CLASS:
        return 0.0
    return SISTERS_LEAD if code in SISTERS else OTHERS_LEAD

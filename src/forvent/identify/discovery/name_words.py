"""The few words that set a group of sentences apart from all others."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from forvent.identify.catalogue import examples
from forvent.tables import LANGUAGES

#: Words shown for a group and a language.
WORDS = 5
#: Sentences of a group that must hold a word, as a number and as a share.
HELD = (2, 0.08)
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_]+(?:['’][^\W\d_]+)?")
_LONGER = 0.8
#: Chinese signs that carry grammar; a fragment that begins or ends with one is no word.
_GRAMMAR = frozenset("的了是在也就都还么个这那我你他她它有把被给让和与吗呢吧啊得着过之其")


def words_of(sentence: str) -> set[str]:
    """Words of a sentence; of Chinese and Japanese runs, all groups of two to four signs.

    Parameters
    ----------
    sentence
        Any text; case and compatibility forms are folded. Words of one or two
        letters are left out, and so are fragments that begin or end with a sign of grammar.

    Returns
    -------
    set of str
        Each once.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#name-words``.

    Examples
    --------
    >>> sorted(words_of("No parking at ALL"))
    ['all', 'parking']
    >>> sorted(words_of("停车难"))
    ['停车', '停车难', '车难']
    """
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", sentence).casefold()):
        if _unspaced(run):
            pieces = (run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1))
            found.update(piece for piece in pieces if not _GRAMMAR & {piece[0], piece[-1]})
        elif len(run) > 2:
            found.add(run)
    return found


class Vocabulary:
    """In how many sentences of a language each word stands: all that was said, and the catalogue's examples.

    The examples tell which words are usual in a language even where little was said.
    """

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._sentences: Counter[str] = Counter()
        for language, sentence in sentences:
            self._add(language, sentence)
        for language in sorted(set(self._counts) & set(LANGUAGES)):
            for example in examples(language):
                self._add(language, example.text)

    def _add(self, language: str, sentence: str) -> None:
        self._counts.setdefault(language, Counter()).update(words_of(sentence))
        self._sentences[language] += 1

    def apart(self, sentences: Sequence[str], *, language: str, most: int = WORDS) -> tuple[str, ...]:
        r"""Words that stand in many of these sentences and in few others, best first.

        Each word is worth :math:`t\,\log(1 + A/f)` with :math:`t` the share of these sentences that hold it,
        :math:`f` the share of all, :math:`A` the mean of :math:`f` over words.

        Parameters
        ----------
        sentences
            The group, all of one language.
        language
            Its ISO code.
        most
            Words wanted.

        Returns
        -------
        tuple of str
            At most ``most``; of Chinese signs no fragment of, or overlap with, another.

        Source
        ------
        Grootendorst (2022), "BERTopic", arXiv 2203.05794, equation 2 (class-based TF-IDF).
        """
        within = Counter(word for sentence in sentences for word in words_of(sentence))
        everywhere, total = self._counts.get(language, Counter()), max(1, self._sentences[language])
        mean = sum(everywhere.values()) / (total * max(1, len(everywhere)))
        needed = max(HELD[0], HELD[1] * len(sentences))
        worth: dict[str, float] = {}
        for word in (word for word, count in within.items() if count >= needed):
            share, usual = within[word] / len(sentences), max(everywhere[word], within[word]) / total
            if share > 2 * usual or len(sentences) == total:
                worth[word] = round(share * math.log(1 + mean / usual), 9)
        # The longer of two fragments goes first where it stands in nearly as many sentences.
        ranked = sorted(worth, key=lambda word: (-worth[word], -len(word), word))
        return _distinct([_whole(word, within, worth) for word in ranked], most=most)


def _whole(word: str, within: Counter[str], worth: dict[str, float]) -> str:
    """The longest run of signs around a fragment that stands in nearly as many sentences."""
    if not _unspaced(word):
        return word
    around = [other for other in worth if word in other and within[other] >= _LONGER * within[word]]
    return max(around, key=lambda other: (len(other), within[other], other), default=word)


def _distinct(ranked: Sequence[str], *, most: int) -> tuple[str, ...]:
    chosen: list[str] = []
    for word in ranked:
        if len(chosen) < most and not any(_overlap(word, other) for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _overlap(word: str, other: str) -> bool:
    if word == other:
        return True
    if not (_unspaced(word) and _unspaced(other)):
        return False
    shorter = min(len(word), len(other))
    if any(word[-size:] == other[:size] or other[-size:] == word[:size] for size in range(1, shorter + 1)):
        return True
    return word in other or other in word


def _unspaced(run: str) -> bool:
    return "\u3040" <= run[0] <= "\u30ff" or "\u3400" <= run[0] <= "\u9fff"

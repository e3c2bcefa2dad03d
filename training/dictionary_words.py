"""Rows of words from dictionaries, for the fast tier to learn from what the exact one makes of them.

Most words of an inflected language are no single piece of the encoder's vocabulary, and the training text
says few of them. Dictionaries only tell which words there are: the forms of simplemma (MIT licence; from
Wiktionary, UniMorph and others, see there), and in Chinese the words of jieba (MIT licence). No word of them
ships.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from forvent.language.pieces import Pieces

#: Rows of each language.
ROWS = {"cs": 24_000, "nb": 26_000, "et": 30_000, "hy": 28_000, "en": 10_000, "zh": 16_000} | dict.fromkeys(
    ("de", "nl", "es", "pt", "fr", "it", "ru", "sk", "tr", "pl"), 6_000
)
#: Words of a row, each number as often as it stands here, and letters of a word.
WORDS, LETTERS = (1, 2, 2, 3, 3, 4, 5), range(3, 17)
#: So many lemmas are drawn from, common ones more often: the r-th by 1/(r + FLAT) to the power of STEEP.
LEMMAS, FLAT, STEEP = 40_000, 3_000, 0.7
#: Of a longer list of lemmas only so many are ranked.
MOST = 60_000
#: Chinese words: signs, and the sorts of them (adjectives, verbs, idioms, adverbs, nouns, states).
SIGNS, SORTS, NAMES = range(2, 5), frozenset("avidnz"), ("nr", "ns", "nt", "nz")


def dictionary_rows(cut: Pieces, rng: random.Random) -> list[str]:
    """Rows of words of each language, in a random order."""
    missing = [name for name in ("simplemma", "jieba") if find_spec(name) is None]
    if missing:
        sys.exit(f"Distilling asks dictionaries which words there are: install {' and '.join(missing)}.")
    found: list[str] = []
    for language, number in ROWS.items():
        if language == "zh":
            counts = chinese_words()
            words, forms = list(counts), {word: [word] for word in counts}
            weights = np.array([(count + 1) ** 0.5 for count in counts.values()])
        else:
            forms = forms_of(language)
            words = by_commonness(sorted(forms), cut, rng)
            weights = (np.arange(len(words)) + FLAT) ** -STEEP
        between = "" if language == "zh" else " "
        places = np.random.default_rng(rng.randrange(1 << 32)).choice(
            len(words), size=number * max(WORDS), p=weights / weights.sum()
        )
        drawn = iter(places.tolist())
        for _ in range(number):
            taken = [words[next(drawn)] for _ in range(rng.choice(WORDS))]
            found.append(between.join(rng.choice(forms[word]) for word in taken))
    rng.shuffle(found)
    return list(dict.fromkeys(found))


def forms_of(language: str) -> dict[str, list[str]]:
    """The forms of each lemma, those of letters in lower case alone."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    forms: dict[str, list[str]] = {}
    for form, lemma in DefaultDictionaryFactory().get_dictionary(language).items():
        if form.islower() and form.isalpha() and len(form) in LETTERS and lemma.islower():
            forms.setdefault(lemma, []).append(form)
    return forms


def by_commonness(lemmas: list[str], cut: Pieces, rng: random.Random) -> list[str]:
    """Lemmas with common pieces first: pieces stand in the vocabulary by how common they are."""
    some = sorted(rng.sample(lemmas, MOST)) if len(lemmas) > MOST else lemmas
    pieces, lengths = cut.of_all(some, most=max(LETTERS))
    parts = np.split(pieces, np.cumsum(lengths)[:-1])
    rare = [float(part.max()) * (1 + 0.6 * (len(part) - 1)) if len(part) else np.inf for part in parts]
    return [some[place] for place in np.argsort(rare, kind="stable")[:LEMMAS]]


def chinese_words() -> Mapping[str, int]:
    """Chinese words but names, with how often jieba saw them."""
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    words = (line.split(" ") for line in lines)
    return {
        word: int(count)
        for word, count, sort in words
        if len(word) in SIGNS and sort[0] in SORTS and not sort.startswith(NAMES)
    }

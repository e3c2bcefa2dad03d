"""Text that nobody wrote, for the fast tier to learn from what the exact tier makes of it.

A student of judgements needs no true sentences, only many in which words stand beside others than in
the training text: clauses of several texts behind one another, as long as a paragraph, and words of the
encoder's own vocabulary, most of which the training text has never said.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence

from forvent.language.model_image import ModelImage
from targets import joint_of

#: How many texts are put together, each number as often as it stands here.
CLAUSES = (2, 2, 2, 3, 3, 4, 5)
WORDS = (1, 2, 2, 3, 3, 4, 5, 6)
#: Only texts up to so many signs are put together, and only words of so many letters are.
LONGEST, SHORTEST = 120, 3
_WORD = "\u2581"
_SCRIPTS = ("LATIN", "ARMENIAN", "CYRILLIC")


def recombined(
    texts: Mapping[str, Sequence[str]], *, number: Mapping[str, int], rng: random.Random
) -> list[str]:
    """So many texts of each language, each put together of two to five short ones of it."""
    found: list[str] = []
    for language in sorted(texts):
        short = sorted({text for text in texts[language] if len(text) <= LONGEST})
        for _ in range(number[language]):
            taken = rng.sample(short, rng.choice(CLAUSES))
            found.append(joint_of(language, taken, rng))
    return found


def words_at_random(image: ModelImage, *, number: int, rng: random.Random) -> list[str]:
    """So many rows of one to six words of the vocabulary, each row of one script."""
    words: dict[str, list[str]] = {script: [] for script in _SCRIPTS}
    for piece in image.pieces:
        word = piece.removeprefix(_WORD)
        if not piece.startswith(_WORD) or len(word) < SHORTEST or not word.isalpha():
            continue
        name = unicodedata.name(word[0], "")
        for script in _SCRIPTS:
            if name.startswith(script):
                words[script].append(word.lower())
    # Of a script as much is said as it has words, but for the root.
    counts = [len(words[script]) ** 0.5 for script in _SCRIPTS]
    scripts = rng.choices(_SCRIPTS, counts, k=number)
    return [" ".join(rng.sample(words[script], rng.choice(WORDS))) for script in scripts]

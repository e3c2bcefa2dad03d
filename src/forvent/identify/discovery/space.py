"""Where clauses are compared: without the centre of their language, so that languages lie over each other."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.identify.catalogue import Example, examples
from forvent.language import Encoder
from forvent.tables import LANGUAGES

Vectors = NDArray[np.float32]

#: Example sentences of each expectation and polarity that the centre of a language is learned from.
EACH = 3
#: Unrelated sentences lie as near as this border only once in so many pairs.
UNRELATED = 5000
#: Sentences of a language that weigh as much as what is known of it beforehand.
PRIOR = 100.0
#: Sentences that weigh as much as the supposition that they are about what the catalogue is about. Where few
#: were said, or all about one thing, that thing must not be taken away as if it were the trade.
SHIFT_PRIOR = 500.0
#: The same for a language without examples: there the mean is all there is to go by.
STRANGE_PRIOR = 10.0


@dataclass(frozen=True)
class Reference:
    """Sentences whose meaning is known, in the same space: what the catalogue says, and what says nothing.

    ``near`` is the similarity from which two sentences count as near: two of different expectations reach it
    once in ``UNRELATED`` pairs. Learned per encoder, so it means the same for each.
    """

    centres: Mapping[str, Vectors]
    ids: tuple[str, ...]
    id_centres: Vectors
    sentences: Vectors
    general: Vectors
    near: float

    def centre(self, language: str) -> Vectors:
        """Centre of a language; of one without examples, that of all."""
        if language in self.centres:
            return self.centres[language]
        return _mean(np.stack([self.centres[known] for known in sorted(self.centres)]))

    def place(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Unit vectors without the language, by what is known of it beforehand."""
        return place(vectors, languages, {language: self.centre(language) for language in set(languages)})


def learn_reference(encoder: Encoder, *, languages: Iterable[str]) -> Reference:
    """What the encoder makes of known sentences in English and in those of the languages that have some.

    Parameters
    ----------
    encoder
        What turns sentences into vectors; some 220 are asked for each language.
    languages
        ISO codes of what was said.

    Returns
    -------
    Reference
        Similarities lie in -1 to 1.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#space``.
    """
    spoken = tuple(language for language in LANGUAGES if language == "en" or language in set(languages))
    known = [example for language in spoken for example in _few(examples(language))]
    phrases = [(language, text) for language in spoken for text in general_phrases(language)]
    encoded = encoder.encode([example.text for example in known] + [text for _, text in phrases])
    of = np.array([example.language for example in known])
    vectors = encoded[: len(known)]
    centres = {language: _mean(vectors[of == language]) for language in spoken}
    placed = place(vectors, of.tolist(), centres)
    ids = tuple(sorted({example.expectation for example in known}))
    about = np.array([ids.index(example.expectation) for example in known])
    return Reference(
        centres=centres,
        ids=ids,
        id_centres=unit(np.stack([_mean(placed[about == number]) for number in range(len(ids))])),
        sentences=placed,
        general=place(encoded[len(known) :], [language for language, _ in phrases], centres),
        near=_near(placed, about),
    )


def with_languages(reference: Reference, vectors: Vectors, languages: Sequence[str]) -> Reference:
    """The reference with a centre for languages that have no examples: the mean of what was said in them.

    Ten sentences weigh as much as the supposition that the language lies where all others do on average.

    Parameters
    ----------
    reference
        From :func:`learn_reference`.
    vectors
        Vectors of different sentences in a fixed order, shape (n, size).
    languages
        ISO code of each.

    Returns
    -------
    Reference
        With a centre for each language that occurs.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#space``.
    """
    of, centres = np.array(languages), dict(reference.centres)
    for language, n in sorted(Counter(languages).items()):
        if language not in reference.centres:
            trust = n / (n + STRANGE_PRIOR)
            beforehand = reference.centre(language)
            centres[language] = _five(beforehand + trust * (_mean(vectors[of == language]) - beforehand))
    return replace(reference, centres=centres)


def language_centres(
    vectors: Vectors, languages: Sequence[str], *, reference: Reference, known: Mapping[str, Vectors]
) -> dict[str, Vectors]:
    r"""Centre of each language among these sentences, shrunk to what is known where there are few.

    With :math:`r_l` the centre of the catalogue's examples, :math:`m_l` the mean of the :math:`n_l`
    sentences and :math:`d` the mean of all :math:`n` sentences minus their :math:`r_l`, times
    :math:`\frac{n}{n + 500}`, the centre is :math:`r_l + d + \frac{n_l}{n_l + 100}(m_l - r_l - d)` if there
    are several languages, and :math:`r_l + d` if there is one. A centre that an earlier run has fixed stays.

    Parameters
    ----------
    vectors
        Vectors of different sentences in a fixed order, shape (n, size).
    languages
        ISO code of each.
    reference
        What is known of the languages beforehand.
    known
        Centres that stay as they are.

    Returns
    -------
    dict of str to array
        Rounded to five decimals, as they are written to the file.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#space``.
    """
    counts, of = Counter(languages), np.array(languages)
    means = {language: _mean(vectors[of == language]) for language in sorted(counts)}
    total = sum(counts.values())
    shift = np.zeros(vectors.shape[1])
    for language, mean in means.items():
        shift += counts[language] / (total + SHIFT_PRIOR) * (mean - reference.centre(language))
    centres = dict(known)
    for language in means.keys() - known.keys():
        # With one language nothing tells what is the language and what the trade.
        trust = counts[language] / (counts[language] + PRIOR) if len(means) > 1 else 0.0
        beforehand = reference.centre(language) + shift
        centres[language] = _five(beforehand + trust * (means[language] - beforehand))
    return centres


def place(vectors: Vectors, languages: Sequence[str], centres: Mapping[str, Vectors]) -> Vectors:
    """Unit vectors without the centre of their language, shape (n, size)."""
    if not len(vectors):
        return vectors
    return unit(vectors - np.stack([centres[language] for language in languages]))


def unit(vectors: Vectors) -> Vectors:
    """Each row at length 1; a row of zeros stays one."""
    lengths = np.sqrt(np.square(vectors.astype(np.float64)).sum(axis=-1, keepdims=True))
    at_one: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return at_one


@cache
def general_phrases(language: str) -> tuple[str, ...]:
    """Phrases of a language that judge, thank or greet and do not say what for."""
    file = resources.files("forvent.identify.discovery").joinpath("general.toml")
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")).get(language, ()))


def says_what(placed: Vectors, *, reference: Reference, block: int = 2048) -> NDArray[np.bool_]:
    """Whether each sentence says more than that somebody is glad, annoyed or thankful.

    False where the nearest known sentence is one that says nothing in particular, and it is near.
    """
    told = np.ones(len(placed), dtype=bool)
    for first in range(0, len(placed), block):
        rows = placed[first : first + block]
        empty = rounded(rows @ reference.general.T).max(axis=1)
        full = rounded(rows @ reference.sentences.T).max(axis=1)
        told[first : first + block] = ~((empty >= reference.near) & (empty > full))
    return told


def rounded(similarity: Vectors) -> Vectors:
    """Similarities to four decimals: the last bits hang on the processor and must decide nothing."""
    return np.round(similarity, 4)


def _few(known: Iterable[Example]) -> list[Example]:
    taken: Counter[tuple[str, str]] = Counter()
    chosen = []
    for example in known:
        taken[example.expectation, example.polarity] += 1
        if example.polarity != "wished" and taken[example.expectation, example.polarity] <= EACH:
            chosen.append(example)
    return chosen


def _near(placed: Vectors, about: NDArray[np.int64]) -> float:
    similarity = rounded(placed @ placed.T)
    return round(float(np.quantile(similarity[about[:, None] != about[None, :]], 1 - 1 / UNRELATED)), 4)


def _mean(vectors: Vectors) -> Vectors:
    return np.asarray(vectors.astype(np.float64).mean(axis=0).astype(np.float32))


def _five(centre: NDArray[np.floating[Any]]) -> Vectors:
    """Five decimals, as they are written to the file: a later run then reckons with the very same numbers."""
    return np.asarray(np.round(centre, 5), dtype=np.float32)

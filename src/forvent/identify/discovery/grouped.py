"""The different uncovered clauses, each in its group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forvent.identify.discovery.grouping import Labels, group
from forvent.identify.discovery.heard import UNCOVERED, Heard
from forvent.identify.discovery.known import Known
from forvent.identify.discovery.space import (
    Reference,
    Vectors,
    language_centres,
    place,
    rounded,
    says_what,
    unit,
    with_languages,
)

#: Labels of clauses that are in no group: they lie near none, or say nothing in particular.
NOWHERE, SAYS_LITTLE = -1, -2


@dataclass(frozen=True)
class Grouped:
    """Clauses in the order of their fingerprints.

    ``labels`` is the number of the group, or one of the two labels above; ``by_reference`` the place without
    what these data say of the languages; ``voices`` the positions of the voices that say a clause.
    """

    heard: Heard
    reference: Reference
    space: dict[str, Vectors]
    placed: Vectors
    by_reference: Vectors
    labels: Labels
    centres: Vectors
    ids: tuple[str, ...]
    voices: dict[str, list[int]]

    @property
    def told(self) -> NDArray[np.bool_]:
        """Whether a clause says something in particular."""
        told: NDArray[np.bool_] = self.labels != SAYS_LITTLE
        return told

    @property
    def weights(self) -> NDArray[np.int64]:
        """Different voices that say each clause."""
        return np.array([len(self.voices[key]) for key in self.heard.keys], dtype=np.int64)


def grouped_clauses(heard: Heard, reference: Reference, *, least: int, known: Known) -> Grouped:
    """Groups of the uncovered clauses: earlier candidates first, then new ones."""
    reference = with_languages(reference, heard.vectors, heard.languages)
    by_reference = reference.place(heard.vectors, heard.languages)
    member = np.array([known.position(key) for key in heard.keys], dtype=np.int64)
    told = says_what(by_reference, reference=reference) | (member >= 0)
    spoken = [language for language, says in zip(heard.languages, told, strict=True) if says]
    space = language_centres(heard.vectors[told], spoken, reference=reference, known=known.space)
    space |= {code: reference.centre(code) for code in set(heard.languages) if code not in space}
    start = Grouped(
        heard=heard,
        reference=reference,
        space=space,
        placed=place(heard.vectors, heard.languages, space),
        by_reference=by_reference,
        labels=np.where(told, member, SAYS_LITTLE),
        centres=known.centres(heard.vectors.shape[1]),
        ids=known.ids,
        voices=_voices_by_clause(heard),
    )
    return _settled(_with_groups(start, least=least), least=least, old=len(known.ids))


def _with_groups(start: Grouped, *, least: int) -> Grouped:
    """An earlier member stays where it is; the other clauses are grouped."""
    free = start.labels == NOWHERE
    found = group(
        start.placed[free],
        weights=start.weights[free],
        near=start.reference.near,
        least=least,
        old=start.centres,
    )
    labels = start.labels.copy()
    labels[free] = found.labels
    return replace(start, labels=labels, centres=found.centres)


def _settled(grouped: Grouped, *, least: int, old: int) -> Grouped:
    """Without new groups of too few voices or that say little; each with its id."""
    kept, ids, moved = list(range(old)), list(grouped.ids), grouped.labels.copy()
    for number in range(old, len(grouped.centres)):
        members = np.flatnonzero(grouped.labels == number)
        speaking = {index for member in members for index in grouped.voices[grouped.heard.keys[member]]}
        middle = middle_of(grouped, members)
        if len(speaking) < least or not _holds(grouped, members, middle):
            moved[members] = NOWHERE
        elif not says_what(middle[None, :], reference=grouped.reference)[0]:
            moved[members] = SAYS_LITTLE
        else:
            moved[members] = len(kept)
            kept.append(number)
            typical = rounded(grouped.placed[members] @ grouped.centres[number])
            ids.append(_new_id(grouped.heard.keys[members[int(typical.argmax())]], taken=ids))
    return replace(grouped, labels=moved, centres=grouped.centres[kept], ids=tuple(ids))


def _holds(grouped: Grouped, members: Labels, middle: Vectors) -> bool:
    """Whether a group is one by the catalogue's measure too.

    Where few topics make up most of what is said, all else lies on the other side of the mean, and
    would pass for a topic of its own.
    """
    return float(rounded(grouped.by_reference[members] @ middle).mean()) >= grouped.reference.near


def middle_of(grouped: Grouped, members: Sequence[int] | Labels) -> Vectors:
    """Direction of the mean of some clauses, comparable with the catalogue's."""
    return unit(grouped.by_reference[members].astype(np.float64).sum(axis=0))


def _new_id(key: str, *, taken: Sequence[str]) -> str:
    """Named after its most typical clause; longer only where another begins alike."""
    return next(name for size in range(8, 33) if (name := f"cand-{key[:size]}") not in taken)


def _voices_by_clause(heard: Heard) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, voice in enumerate(heard.voices):
        for key in dict.fromkeys(said.key for said in voice.clauses if said.outcome == UNCOVERED):
            found[key].append(index)
    return found

"""Heads of learned expectations: what they say of clauses, and the file they are kept in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forvent.errors import UnreadableFile
from forvent.identify.example_vectors import read_arrays, save_arrays
from forvent.identify.logistic import Numbers
from forvent.records import Estimate, NotEnough

#: A parent is negligible below this share of what is usual (the 5 % quantile) in the child's own examples.
USUAL, OF_USUAL, NEVER_ABOVE = 0.05, 0.5, 0.2

_WHAT = "forvent learned head 1"
_ARRAYS = ("center", "spread", "weights", "bias", "slope", "offset", "threshold", "gate")


@dataclass(frozen=True, slots=True)
class LearnedQuality:
    """How well one expectation is found in examples that were held out.

    ``precision`` counts against all other examples but the parent's. ``overlaps`` are the ids whose examples
    were taken for it most often, with how many of how many.
    """

    expectation: str
    examples: int
    languages: Mapping[str, int]
    recall: Estimate | NotEnough
    precision: Estimate | NotEnough
    overlaps: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class LearnedHead:
    """Logistic regressions of learned expectations: plain arrays, one column an expectation.

    probability = 1 / (1 + exp(-(a·(x·w + b) + c))), where x is the standardised vector; spoken of from
    ``threshold`` on, if the parent's probability reaches ``gate`` (0 without parent).
    """

    ids: tuple[str, ...]
    parents: tuple[str | None, ...]
    center: Numbers
    spread: Numbers
    weights: Numbers
    bias: Numbers
    slope: Numbers
    offset: Numbers
    threshold: Numbers
    gate: Numbers
    quality: tuple[LearnedQuality, ...]
    encoder: str

    def probabilities(self, vectors: NDArray[np.floating]) -> Numbers:
        """Calibrated probability of each expectation in each row, shape (n, ids)."""
        found = np.zeros((len(vectors), len(self.ids)))
        # Row by row: the last bits of a product of whole matrices hang on the size of the batch.
        for row, vector in enumerate(standardised(vectors, self.center, self.spread)):
            score = self.slope * (vector @ self.weights + self.bias) + self.offset
            found[row] = 1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0)))
        return np.asarray(np.round(found, 6), dtype=np.float64)

    def spoken(self, vectors: NDArray[np.floating], general: Numbers, *, ids: Sequence[str]) -> Numbers:
        """Probabilities, 0 where the threshold is not reached or the parent is negligible.

        ``general`` are the probabilities of the general ids (``ids``, its columns) in the same clauses.
        """
        found = self.probabilities(vectors)
        for column, parent in enumerate(self.parents):
            keep = found[:, column] >= self.threshold[column]
            if parent is not None:
                keep &= general[:, list(ids).index(parent)] >= self.gate[column]
            found[~keep, column] = 0.0
        return found


def with_gates(head: LearnedHead, parent_probabilities: Mapping[str, Sequence[float]]) -> LearnedHead:
    """The head with the border below which a parent is negligible, found on the child's own examples.

    Parameters
    ----------
    head
        From :func:`learn`.
    parent_probabilities
        For each id with a parent: what the general heads say of the parent in the id's examples, which they
        never saw. An id that is left out keeps the gate 0, which lets all pass.

    Returns
    -------
    LearnedHead
        Gate of an id: half of the 5 % quantile, 0.2 at most; with fewer than ten examples half of the least.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#gate``.
    """
    gate = head.gate.copy()
    for column, identifier in enumerate(head.ids):
        usual = np.sort(np.asarray(parent_probabilities.get(identifier, ()), dtype=np.float64))
        if head.parents[column] is not None and len(usual):
            low = usual[int(USUAL * len(usual))]
            gate[column] = round(min(OF_USUAL * float(low), NEVER_ABOVE), 6)
    return replace(head, gate=gate)


def in_place_of_parents(
    general: Numbers, spoken: Numbers, head: LearnedHead, *, ids: Sequence[str]
) -> Numbers:
    """General probabilities with 0 for each parent in whose place a child is spoken of in the same clause.

    Parameters
    ----------
    general
        Probability of each general id (``ids``) in each clause, shape (clauses, ids).
    spoken
        From :meth:`LearnedHead.spoken`, of the same clauses.
    head
        The head that ``spoken`` is of.
    ids
        Columns of ``general``.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#gate``.
    """
    found = general.copy()
    for column, parent in enumerate(head.parents):
        if parent is not None:
            found[spoken[:, column] > 0.0, list(ids).index(parent)] = 0.0
    return found


def standardised(vectors: NDArray[np.floating], center: Numbers, spread: Numbers) -> Numbers:
    """Vectors with mean 0 and spread 1 in each column, over the root of the number of columns.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.
    """
    return np.asarray((vectors.astype(np.float64) - center) / spread / np.sqrt(len(center)), dtype=np.float64)


def save_head(head: LearnedHead, path: str | Path) -> None:
    """Write a head to a file, without what was told of its quality; the same head gives the same bytes.

    Raises
    ------
    CannotWrite
        If the file cannot be written; what stood there stays.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.
    """
    about: dict[str, object] = {
        "what": _WHAT,
        "encoder": head.encoder,
        "ids": head.ids,
        "parents": head.parents,
    }
    save_arrays(path, about=about, **{name: getattr(head, name) for name in _ARRAYS})


def read_head(path: str | Path | Traversable) -> LearnedHead:
    """A head from a file that :func:`save_head` wrote; it answers as the one that was written, bit for bit.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged or of another kind.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.
    """
    about, arrays = read_arrays(path, _WHAT)
    ids, parents = about.get("ids"), about.get("parents")
    if not isinstance(ids, list) or not isinstance(parents, list) or len(ids) != len(parents):
        raise UnreadableFile(f"'{path}' names no expectations.", hint="Write it again.")
    found = {name: arrays[name].astype(np.float64) for name in _ARRAYS if name in arrays}
    size, many = len(found.get("center", ())), len(ids)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(_ARRAYS, (many,))
    shapes |= {"center": (size,), "spread": (size,), "weights": (size, many)}
    for name, shape in shapes.items():
        if name not in found or found[name].shape != shape or not np.isfinite(found[name]).all():
            raise UnreadableFile(f"'{path}' is damaged: {name}.", hint="Write it again.")
    return LearnedHead(tuple(ids), tuple(parents), **found, quality=(), encoder=str(about["encoder"]))

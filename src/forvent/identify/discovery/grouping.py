"""Sentences → groups around the densest places; what belongs nowhere stays alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forvent.identify.discovery.space import Vectors, rounded, unit

Labels = NDArray[np.int64]

#: Sentences among which new centres are sought at once; 12,000 need 150 MB.
MOST = 12_000
#: Times that centres are sought among what is left.
PASSES = 5
#: Times that centres move to the mean of their group.
MOVES = 8
#: Centres nearer than ``near`` plus this are one group: means lie nearer together than sentences do.
CLOSER = 0.1
_BLOCK = 1024


@dataclass(frozen=True)
class Groups:
    """Group of each sentence, -1 where it belongs nowhere, and the centre of each group."""

    labels: Labels
    centres: Vectors


def group(
    placed: Vectors, *, weights: NDArray[np.int64], near: float, least: int, old: Vectors, most: int = MOST
) -> Groups:
    """Groups of sentences, the same whenever the same sentences come in the same order.

    The sentence with most others near it gathers them, then the next among those left; the centres then
    move to the mean of their group, and those that come close to one another become one. Each sentence
    goes to its nearest centre if it is near enough. Old centres never move, and are served first.

    Parameters
    ----------
    placed
        Unit vectors, shape (n, size), in an order that does not hang on chance (by fingerprint): where n
        exceeds ``most``, new centres are sought among the first ``most``, then among those left over.
    weights
        How often each sentence counts, shape (n,), at least 1.
    near
        Similarity from which a sentence belongs to a centre.
    least
        Smallest weight of a group.
    old
        Centres that stay, shape (m, size); they are groups 0 to m - 1.
    most
        Sentences compared with each other at once.

    Returns
    -------
    Groups
        The old centres first, then the new ones by falling weight.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#groups``; after Fukunaga & Hostetler
    (1975), IEEE Transactions on Information Theory 21(1), 32–40 (mean shift).

    Examples
    --------
    >>> import numpy as np
    >>> placed = np.eye(2, dtype=np.float32)[[0, 0, 0, 1]]
    >>> found = group(placed, weights=np.ones(4, dtype=np.int64), near=0.5, least=3, old=placed[:0])
    >>> found.labels.tolist(), found.centres.tolist()
    ([0, 0, 0, -1], [[1.0, 0.0]])
    """
    centres = old
    labels = assign(placed, centres, near=near)
    for _ in range(PASSES):
        left = np.flatnonzero(labels < 0)[:most]
        found = _gathered(placed[left], weights[left], near=near, least=least)
        found = _apart(found, centres, closer=near + CLOSER)
        if not len(found):
            break
        centres = np.concatenate([centres, found])
        labels = assign(placed, centres, near=near)
        if (labels < 0).sum() <= least or len(placed) <= most:
            break
    return _kept(labels, centres, weights, least=least, old=len(old))


def assign(placed: Vectors, centres: Vectors, *, near: float) -> Labels:
    """The nearest centre of each sentence, -1 where none is near."""
    labels = np.full(len(placed), -1, dtype=np.int64)
    if not len(centres):
        return labels
    for first in range(0, len(placed), _BLOCK):
        similarity = rounded(placed[first : first + _BLOCK] @ centres.T)
        best = similarity.argmax(axis=1)
        close = similarity[np.arange(len(best)), best] >= near
        labels[first : first + _BLOCK] = np.where(close, best, -1)
    return labels


def _gathered(placed: Vectors, weights: NDArray[np.int64], *, near: float, least: int) -> Vectors:
    enough = max(3, least // 2)
    centres = _densest(placed, weights, near=near, enough=min(enough, least))
    for _ in range(MOVES):
        if not len(centres):
            break
        labels = assign(placed, centres, near=near)
        joined = _joined(centres, closer=near + CLOSER)
        moved = _means(placed, np.where(labels < 0, -1, joined[labels]), weights, enough=min(enough, least))
        if moved.shape == centres.shape and np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def _densest(placed: Vectors, weights: NDArray[np.int64], *, near: float, enough: int) -> Vectors:
    """Mean of the densest neighbourhood, then of the densest among what is left, and so on."""
    close = _close(placed, near=near)
    free = np.ones(len(placed), dtype=bool)
    crowd = _weight_of(close, np.arange(len(placed)), weights)
    found = []
    while free.any():
        seed = int(np.where(free, crowd, -1).argmax())
        if crowd[seed] < enough:
            break
        taken = np.flatnonzero(close[seed] & free)
        found.append(_centre(placed[taken]))
        free[taken] = False
        crowd -= _weight_of(close, taken, weights)
    return np.stack(found) if found else placed[:0]


def _close(placed: Vectors, *, near: float) -> NDArray[np.bool_]:
    close = np.zeros((len(placed), len(placed)), dtype=bool)
    for first in range(0, len(placed), _BLOCK):
        close[first : first + _BLOCK] = rounded(placed[first : first + _BLOCK] @ placed.T) >= near
    # A product of whole matrices is not symmetric to the last bit, and a zero vector is not near itself.
    close |= close.T
    np.fill_diagonal(close, True)
    return close


def _weight_of(close: NDArray[np.bool_], rows: Labels, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.zeros(close.shape[1], dtype=np.int64)
    for first in range(0, len(rows), _BLOCK):
        part = rows[first : first + _BLOCK]
        # Weights are whole numbers far below 2^53: the sum in floating point is exact, and fast.
        total += (weights[part].astype(np.float64) @ close[part]).astype(np.int64)
    return total


def _joined(centres: Vectors, *, closer: float) -> Labels:
    """Number of the group each centre falls into; average linkage, so that no chain forms."""
    if len(centres) < 2:
        return np.zeros(len(centres), dtype=np.int64)
    similarity = rounded(centres @ centres.T).astype(np.float64)
    upper = similarity[np.triu_indices(len(centres), 1)]
    # Imported here: half a second that every other command would wait for.
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(np.maximum(1.0 - upper, 0.0), "average")
    return np.asarray(fcluster(tree, 1.0 - closer, "distance"), dtype=np.int64) - 1


def _means(placed: Vectors, labels: Labels, weights: NDArray[np.int64], *, enough: int) -> Vectors:
    found = []
    for number in range(int(labels.max(initial=-1)) + 1):
        members = np.flatnonzero(labels == number)
        if weights[members].sum() >= enough:
            found.append(_centre(placed[members]))
    return np.stack(found) if found else placed[:0]


def _centre(placed: Vectors) -> Vectors:
    # Rounded as it is written to the file, so that a later run assigns with the very same numbers.
    return np.asarray(np.round(unit(placed.astype(np.float64).sum(axis=0)), 5), dtype=np.float32)


def _apart(found: Vectors, centres: Vectors, *, closer: float) -> Vectors:
    """New centres without those that stand on the rim of another."""
    if not len(found) or not len(centres):
        return found
    standing: Vectors = found[rounded(found @ centres.T).max(axis=1) < closer]
    return standing


def _kept(labels: Labels, centres: Vectors, weights: NDArray[np.int64], *, least: int, old: int) -> Groups:
    """Old groups as they are, new ones that are large enough by falling weight, nothing else."""
    weight = np.bincount(labels[labels >= 0], weights[labels >= 0], minlength=len(centres))
    new = [number for number in range(old, len(centres)) if weight[number] >= least]
    order = [*range(old), *sorted(new, key=lambda number: (-weight[number], number))]
    place = np.full(len(centres) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    return Groups(place[labels], centres[order])

"""Boosted trees as plain arrays: grown by LightGBM, read without it, safe to load from a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats
from forvent.errors import UnreadableFile

LEAF = -1
_PLACES = ("roots", "feature", "left", "right", "members_at")
#: Rows read at once, so that memory stays small on large files.
_ROWS = 8192
# One thread and a fixed seed: the same cases give the same trees on every machine.
_ALWAYS = {
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
    "seed": 1,
    "feature_pre_filter": False,
}


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Sum of trees; node arrays of shape (nodes,), a tree's children always behind it.

    ``feature`` is the column that a node asks, or -1 for a leaf. A number goes left when it is
    at most ``limit``, or missing and ``missing_left``; a level (where ``members_at`` is 0 or
    more) goes left when that row of ``members`` (rows, levels) holds it. ``value`` counts at leaves.
    ``grown_by`` is the quicker library that grew them, while it is there; the sums are the same.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    limit: Floats
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    members_at: NDArray[np.int64]
    members: NDArray[np.bool_]
    grown_by: Callable[[Floats], Floats] | None = None

    def predict(self, matrix: Floats) -> Floats:
        """Sum over the trees for each row of the matrix, shape (n,)."""
        if self.grown_by is not None and matrix.shape[0]:
            return self.grown_by(matrix)
        return self.walk(matrix)

    def walk(self, matrix: Floats) -> Floats:
        """The same from the arrays alone, for trees that came from a file."""
        if self.roots.size == 0 or matrix.shape[0] == 0:
            return np.zeros(matrix.shape[0])
        chunks = range(0, matrix.shape[0], _ROWS)
        return np.concatenate([self._chunk(matrix[at : at + _ROWS]) for at in chunks])

    def _chunk(self, matrix: Floats) -> Floats:
        nodes = np.repeat(self.roots[None, :], matrix.shape[0], axis=0)
        rows = np.arange(matrix.shape[0])[:, None]
        while True:
            asked = self.feature[nodes]
            if bool(np.all(asked == LEAF)):
                summed: Floats = self.value[nodes].sum(axis=1)
                return summed
            given = matrix[rows, np.maximum(asked, 0)]
            nodes = np.where(
                asked == LEAF,
                nodes,
                np.where(self._goes_left(nodes, given), self.left[nodes], self.right[nodes]),
            )

    def _goes_left(self, nodes: NDArray[np.int64], given: Floats) -> NDArray[np.bool_]:
        missing = np.isnan(given)
        by_number = np.where(missing, self.missing_left[nodes], given <= self.limit[nodes])
        row = self.members_at[nodes]
        if self.members.shape[0] == 0:
            return by_number
        width = self.members.shape[1]
        # Only nodes that ask for a level look it up; a number of another column may be any size.
        level = np.where(missing | (row < 0), 0, np.clip(given, 0, width - 1)).astype(np.int64)
        by_level = self.members[np.maximum(row, 0), level] & ~missing & (given < width)
        return np.where(row >= 0, by_level, by_number)

    def one(self) -> Callable[[Sequence[float]], float]:
        """The same sum for one row, in plain Python: quicker than arrays where there is one case."""
        roots, feature, limit = self.roots.tolist(), self.feature.tolist(), self.limit.tolist()
        missing_left, left, right = self.missing_left.tolist(), self.left.tolist(), self.right.tolist()
        value, at = self.value.tolist(), self.members_at.tolist()
        members = [frozenset(np.flatnonzero(row).tolist()) for row in self.members]

        def summed(row: Sequence[float]) -> float:
            total = 0.0
            for node in roots:
                while (column := feature[node]) != LEAF:
                    given = row[column]
                    if at[node] >= 0:
                        # NaN is in no set, so a missing level goes right.
                        goes_left = given in members[at[node]]
                    elif math.isnan(given):
                        goes_left = missing_left[node]
                    else:
                        goes_left = given <= limit[node]
                    node = left[node] if goes_left else right[node]
                total += value[node]
            return total

        return summed

    def check(self, *, columns: int) -> None:
        """Refuse arrays that are no trees, so that a damaged or hostile file cannot hang or crash.

        Raises
        ------
        UnreadableFile
            If shapes differ, a child does not stand behind its parent, or a column is not there.
        """
        n = self.feature.size
        one_long = all(
            getattr(self, name).shape == (n,) for name in ARRAYS if name not in ("roots", "members")
        )
        places = np.arange(n)
        inner = self.feature != LEAF
        sound = (
            one_long
            and all(getattr(self, name).dtype.kind == "i" for name in _PLACES)
            and self.limit.dtype.kind == self.value.dtype.kind == "f"
            and self.missing_left.dtype.kind == self.members.dtype.kind == "b"
            and self.roots.ndim == 1
            and self.members.ndim == 2
            and self.members.shape[1] > 0
            and _inside(self.roots, 0, n)
            and _inside(self.feature, LEAF, columns)
            and _inside(self.left[inner], 0, n)
            and _inside(self.right[inner], 0, n)
            and bool(np.all(self.left[inner] > places[inner]))
            and bool(np.all(self.right[inner] > places[inner]))
            and _inside(self.members_at, -1, self.members.shape[0])
            and bool(np.all(np.isfinite(self.value)))
        )
        if not sound:
            raise UnreadableFile(
                "The trees in this model file do not fit together.",
                hint="Fit the model again: forvent promise fit.",
            )


#: Names of the arrays, which are all there is of the trees in a file.
ARRAYS = tuple(one.name for one in fields(Trees) if one.name != "grown_by")


def grow(
    matrix: Floats,
    target: Floats,
    *,
    weights: Floats,
    text_positions: Sequence[int],
    level: float | None,
) -> Trees:
    """Trees for the mean of a target (``level`` None), or for its quantile at a level.

    Small trees, fewer and shallower the fewer cases there are; half of what a case says is
    drawn from it by learning slowly. Text columns are split by sets of levels, smoothed.

    Source
    ------
    Ke et al. (2017), LightGBM, NeurIPS.

    Examples
    --------
    Cases with a flag take ten days, those without none:

    >>> flag = np.tile([0.0, 1.0], 100)
    >>> trees = grow(flag[:, None], 10 * flag, weights=np.ones(200), text_positions=[], level=None)
    >>> trees.predict(np.array([[0.0], [1.0]])).round()
    array([ 0., 10.])
    """
    n = target.size
    if matrix.shape[1] == 0 or n < 4 * _LEAST_OF_LEAF:
        return none()
    size = _size(n)
    goal = {"objective": "regression"} if level is None else {"objective": "quantile", "alpha": level}
    # Here and not above: it takes long to load, and a model that was learned promises without it.
    import lightgbm

    data = lightgbm.Dataset(
        matrix,
        label=target,
        weight=weights,
        categorical_feature=list(text_positions),
        params={"min_data_in_bin": 3, "verbose": -1, "feature_pre_filter": False},
        free_raw_data=True,
    )
    settings: dict[str, Any] = _ALWAYS | goal | size
    booster = lightgbm.train(settings, data, num_boost_round=settings.pop("rounds"))
    trees = _read(booster.dump_model()["tree_info"], levels=_levels(matrix, text_positions))
    return replace(trees, grown_by=lambda rows: np.asarray(booster.predict(rows, num_threads=1)))


_LEAST_OF_LEAF = 15


def _size(n: int) -> dict[str, Any]:
    common = {"feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "cat_smooth": 20.0}
    if n < 1_000:
        return common | {
            "num_leaves": 5,
            "rounds": 50,
            "learning_rate": 0.07,
            "min_data_in_leaf": _LEAST_OF_LEAF,
        }
    if n < 10_000:
        return common | {"num_leaves": 8, "rounds": 80, "learning_rate": 0.05, "min_data_in_leaf": 30}
    return common | {"num_leaves": 24, "rounds": 120, "learning_rate": 0.07, "min_data_in_leaf": 60}


def none() -> Trees:
    """No trees: their sum is 0."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    flags = np.zeros(0, dtype=np.bool_)
    return Trees(whole, whole, real, flags, whole, whole, real, whole, np.zeros((0, 1), dtype=np.bool_))


def _levels(matrix: Floats, positions: Sequence[int]) -> int:
    if not positions:
        return 1
    there = matrix[:, list(positions)]
    return 1 + int(np.nanmax(there, initial=0.0))


def _read(trees: list[dict[str, Any]], *, levels: int) -> Trees:
    """Nodes of all trees, numbered so that children stand behind their parents."""
    rows: list[tuple[int, float, bool, int, int, float, int]] = []
    members: list[NDArray[np.bool_]] = []
    roots = []
    for tree in trees:
        roots.append(len(rows))
        _append(tree["tree_structure"], rows=rows, members=members, levels=levels)
    columns = list(zip(*rows, strict=True))
    whole = [np.array(columns[at], dtype=np.int64) for at in (0, 3, 4, 6)]
    return Trees(
        roots=np.array(roots, dtype=np.int64),
        feature=whole[0],
        limit=np.array(columns[1], dtype=np.float64),
        missing_left=np.array(columns[2], dtype=np.bool_),
        left=whole[1],
        right=whole[2],
        value=np.array(columns[5], dtype=np.float64),
        members_at=whole[3],
        members=np.array(members, dtype=np.bool_) if members else np.zeros((0, 1), dtype=np.bool_),
    )


def _append(
    node: dict[str, Any],
    *,
    rows: list[tuple[int, float, bool, int, int, float, int]],
    members: list[NDArray[np.bool_]],
    levels: int,
) -> int:
    place = len(rows)
    if "leaf_value" in node:
        rows.append((LEAF, 0.0, False, 0, 0, float(node["leaf_value"]), -1))
        return place
    by_level = node["decision_type"] == "=="
    rows.append((0, 0.0, False, 0, 0, 0.0, -1))
    if by_level:
        chosen = np.zeros(levels, dtype=np.bool_)
        chosen[[int(level) for level in str(node["threshold"]).split("||")]] = True
        members.append(chosen)
    row = len(members) - 1 if by_level else -1
    limit = 0.0 if by_level else float(node["threshold"])
    left = _append(node["left_child"], rows=rows, members=members, levels=levels)
    right = _append(node["right_child"], rows=rows, members=members, levels=levels)
    rows[place] = (int(node["split_feature"]), limit, bool(node["default_left"]), left, right, 0.0, row)
    return place


def _inside(values: NDArray[np.int64], low: int, high: int) -> bool:
    return bool(np.all((values >= low) & (values < high)))

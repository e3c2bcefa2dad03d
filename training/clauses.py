"""Mentions of whole voices as the identifier finds them: clause by clause, each beside its voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.identify.in_context import in_context
from forvent.language import split_clauses
from material import Row

Numbers = NDArray[np.float64]


def likeliest(material: Sequence[Row], judge: Callable[[list[str]], Numbers]) -> Numbers:
    """Probability of each expectation in the clause of each voice that says it best.

    ``judge`` gives the probabilities of texts, one row each.
    """
    texts: list[str] = []
    first, whole = [], []
    for row in material:
        cut = [span.of(row.text) for span in split_clauses(row.text, row.language)]
        parts = [*cut, row.text] if len(cut) > 1 else [row.text]
        first.append(len(texts))
        texts += parts
        whole += [len(texts) - 1] * len(parts)
    likely = judge(texts)
    seen = in_context(likely, np.array(whole), general=likely.shape[1])
    ends = [*first[1:], len(texts)]
    return np.stack(
        [seen[start : max(start + 1, end - 1)].max(axis=0) for start, end in zip(first, ends, strict=True)]
    )

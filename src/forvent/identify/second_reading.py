"""The polarity of whole voices, read a second time by layers that nothing was tuned in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import Numbers, exact_sums, weight_parts
from forvent.language.encoder import ReadsTwice


class SecondReading:
    """A logistic regression of polarity on the vectors of untuned layers.

    Tuning teaches the layers what customers' voices speak of, and to judge voices like those they learned
    from; of other kinds of text, untuned ones tell the polarity better.

    Parameters
    ----------
    encoder
        What reads texts with its untuned layers.
    """

    def __init__(self, encoder: ReadsTwice) -> None:
        self._encoder = encoder
        self.version = _head()[2]

    def scores(self, texts: Sequence[str]) -> Numbers:
        """Log-odds that each text is positive, shape (texts,), the same in whatever batch it comes.

        Source
        ------
        Our own definition, ``docs/formulas/identify.md#tiers``.
        """
        return scores_of(self._encoder.encode_untuned(texts)) if len(texts) else np.empty(0)


def scores_of(vectors: NDArray[np.floating]) -> Numbers:
    """Log-odds that texts are positive, from the vectors of the untuned layers.

    Parameters
    ----------
    vectors
        Shape (texts, 384), length 1.

    Returns
    -------
    array
        Shape (texts,), rounded to six digits.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> scores_of(np.zeros((2, 384))).shape
    (2,)
    """
    weights, bias, _ = _head()
    return np.round(exact_sums(vectors.astype(np.float64), weights)[:, 0] + bias, 6)


@cache
def _head() -> tuple[Numbers, float, str]:
    """Weights, in the parts of :func:`exact_sums`, offset and version of the head that ships."""
    file = resources.files("forvent.identify").joinpath("heads/second.npz")
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        about = json.loads(str(kept["about"]))
        weights = weight_parts(kept["weights"])
        return weights, float(kept["bias"]), str(about["version"])

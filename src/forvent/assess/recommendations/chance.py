"""How many customers would buy two products by chance: given how popular they are and how much each buys."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

_TOLERANCE = 1e-7
_MOST_STEPS = 2_000


def expected_together(buyers: Codes, *, sizes: Codes, counts: Codes) -> Floats:
    r"""Customers who would buy each two products if products were bought independently.

    A customer of :math:`d` different products buys product :math:`i` with

    .. math:: p_{di} = \frac{x_i y_d}{1 + x_i y_d}, \qquad \sum_d n_d\,p_{di} = k_i, \quad \sum_i p_{di} = d,

    so that all products keep their buyers and all customers as much as they buy: two popular products, or
    customers who buy a lot, are no association. Baskets have a fixed size, so that two products crowd each
    other
    out: with :math:`D_d = \sum_i p_{di}(1-p_{di})` (Hájek's approximation)

    .. math:: E_{ij} = \sum_d n_d\,p_{di}\,p_{dj}\Bigl(1 - \frac{(1-p_{di})(1-p_{dj})}{D_d}\Bigr).

    Parameters
    ----------
    buyers
        Customers :math:`k_i` of each product, shape (p,), at least 1.
    sizes
        Numbers :math:`d` of different products that customers bought, shape (s,), each at least 2.
    counts
        Customers :math:`n_d` with each, shape (s,); the sum of ``sizes · counts`` is that of ``buyers``.

    Returns
    -------
    NDArray
        Expected customers of both, shape (p, p), symmetric; 0 on the diagonal.

    Source
    ------
    Saracco et al. (2017), New Journal of Physics 19, 053022, equations 2–5; Hájek (1964), Annals of
    Mathematical
    Statistics 35(4), 1491–1523.

    Examples
    --------
    Four customers of two products each: by hand 2, 1 and 1 of the pairs.

    >>> expected_together(np.array([3, 3, 2]), sizes=np.array([2]), counts=np.array([4])).round(2)
    array([[0.  , 2.02, 1.2 ],
           [2.02, 0.  , 1.2 ],
           [1.2 , 1.2 , 0.  ]])
    """
    chances = _chances(buyers.astype(np.float64), sizes.astype(np.float64), counts.astype(np.float64))
    open_chances = chances * (1.0 - chances)
    left = np.maximum(open_chances.sum(axis=1), 1e-12)
    crowded = (open_chances * (counts / left)[:, None]).T @ open_chances
    expected: Floats = np.maximum((chances * counts[:, None]).T @ chances - crowded, 0.0)
    np.fill_diagonal(expected, 0.0)
    return expected


def _chances(buyers: Floats, sizes: Floats, counts: Floats) -> Floats:
    """That a customer of each size buys each product, shape (s, p)."""
    total = float(buyers.sum())
    of_product, of_size = buyers / np.sqrt(total), sizes / np.sqrt(total)
    for _ in range(_MOST_STEPS):
        before = of_size
        free = 1.0 / (1.0 + np.outer(of_size, of_product))
        of_product = buyers / np.maximum((counts * of_size) @ free, 1e-300)
        free = 1.0 / (1.0 + np.outer(of_size, of_product))
        of_size = sizes / np.maximum(free @ of_product, 1e-300)
        # What everybody bought, or who bought everything, has no finite solution; its chance nears 1.
        of_product, of_size = np.minimum(of_product, 1e9), np.minimum(of_size, 1e9)
        if np.max(np.abs(of_size - before) / of_size) < _TOLERANCE:
            break
    product = np.outer(of_size, of_product)
    chances: Floats = product / (1.0 + product)
    return chances

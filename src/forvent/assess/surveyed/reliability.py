"""How reliable the difference of two answers is, and each of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.assess.surveyed.numbers import Mix
from forvent.assess.surveyed.sheets import Floats, Sheets
from forvent.records import Estimate, NotEnough, Reliability
from forvent.stats import block_of, bootstrap_counts, percentile_interval

#: A difference below it is not to be leant on for single customers (Peter, Churchill & Brown 1993).
ENOUGH = 0.7
#: Fewer sheets without a gap than this carry no reliability.
LEAST_WHOLE = 30
# Sheets taken at once: changes memory, never more than the last digits of the answer.
_AT_ONCE = 1 << 15
_FEW = "fewer than {needed} sheets answered all of its pairs"
_ONE = "one pair alone cannot say how reliable its answers are"
_FLAT = "all answers of a part are the same"


def reliabilities(
    sheets: Sheets,
    *,
    mixes: Sequence[Mix],
    rng: np.random.Generator,
    rounds: int = 2000,
    level: float = 0.95,
) -> tuple[Reliability, ...]:
    r"""Reliability of received minus expected, of both parts, and what they have in common.

    Over the sheets that answered all k pairs, with :math:`E=\sum E_i`, :math:`P=\sum P_i`, the correlation
    :math:`r_{EP}` and Cronbach's :math:`\alpha_X=\frac{k}{k-1}\bigl(1-\sum\sigma^2_{X_i}/\sigma^2_X\bigr)`:

    .. math:: r_D=\frac{\sigma_E^2\alpha_E+\sigma_P^2\alpha_P-2r_{EP}\sigma_E\sigma_P}
        {\sigma_E^2+\sigma_P^2-2r_{EP}\sigma_E\sigma_P}.

    The closer the parts go together, the less is left of their difference. :math:`r_D` holds errors of
    both parts to be independent; where the same question is asked twice they are not, :math:`r_D` is then too
    low and may fall below 0, and :math:`\alpha` of the differences :math:`P_i-E_i` (``items``) is the fairer.
    Means over many people can be sure where the difference of one of them is not.

    Parameters
    ----------
    sheets
        The answers.
    mixes
        Pairs that are one sum; one pair alone has a correlation only.
    rng
        Source of randomness, seeded by the caller.
    rounds
        Bootstrap rounds over at most 200 blocks of respondents, the same for all mixes.
    level
        Level of the intervals.

    Returns
    -------
    tuple of Reliability
        One a mix; NotEnough with fewer than 30 sheets that answered all its pairs. The verdict is
        "enough" or "low" where the whole interval of the difference lies on one side of 0.7, else "unclear".

    Source
    ------
    Peter, Churchill & Brown (1993), J. Consumer Research 19(4), 655–662; alpha: Cronbach (1951).

    Examples
    --------
    Two questions whose answers are all chance agree in nothing:

    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed import sheets_of
    >>> rng = np.random.default_rng(1)
    >>> names = ("expected_0", "expected_1", "received_0", "received_1")
    >>> rows = {name: rng.integers(1, 6, 400).astype(float) for name in names}
    >>> rows["customer"] = [str(number) for number in range(400)]
    >>> sheets = sheets_of(pa.table(rows), better=("more", "more"))
    >>> both = Mix("all", "all", (0, 1), (0.5, 0.5))
    >>> (found,) = reliabilities(sheets, mixes=[both], rng=rng, rounds=200)
    >>> found.verdict, found.difference.low < 0.0 < found.difference.high
    ('low', True)
    """
    if not mixes:
        return ()
    block = block_of(np.arange(max(1, sheets.persons)))[sheets.person].astype(np.int64)
    blocks = int(block.max(initial=0)) + 1
    found = _block_sums(sheets, mixes, block=block, blocks=blocks)
    drawn = bootstrap_counts(rng, blocks=blocks, rounds=rounds)
    return tuple(
        _reliability(sums, len(mix.pairs), drawn, level) for sums, mix in zip(found, mixes, strict=True)
    )


def _reliability(sums: Floats, pairs: int, drawn: Floats, level: float) -> Reliability:
    n = round(float(sums[:, 0].sum()))
    if min(n, int(np.count_nonzero(sums[:, 0]))) < LEAST_WHOLE:
        few = NotEnough(n=n, needed=LEAST_WHOLE, why=_FEW.format(needed=LEAST_WHOLE))
        return Reliability(few, few, few, few, few, "not enough data")
    measured, draws = _measures(sums.sum(axis=0)[None, :], pairs), _measures(drawn @ sums, pairs)
    expected, received, correlation, difference, items = (
        _estimate(float(value[0]), draw, n=n, level=level)
        if pairs > 1 or name == "correlation"
        else NotEnough(n=1, needed=2, why=_ONE)
        for name, value, draw in zip(_NAMES, measured, draws, strict=True)
    )
    return Reliability(expected, received, correlation, difference, items, _verdict(difference))


_NAMES = ("expected", "received", "correlation", "difference", "items")


def _verdict(difference: Estimate | NotEnough) -> str:
    if isinstance(difference, NotEnough):
        return "not enough data"
    if difference.low >= ENOUGH:
        return "enough"
    return "low" if difference.high < ENOUGH else "unclear"


def _block_sums(
    sheets: Sheets, mixes: Sequence[Mix], *, block: NDArray[np.int64], blocks: int
) -> list[Floats]:
    """Sums of each block for each mix, shape (blocks, 2k + 7): 1, E_i, P_i, and the squares of variances."""
    found = [np.zeros((blocks, 2 * len(mix.pairs) + 7)) for mix in mixes]
    for start in range(0, block.size, _AT_ONCE):
        held = slice(start, start + _AT_ONCE)
        answers, whole = sheets.parts[: 2 * sheets.pairs, held], sheets.whole[:, held]
        for sums, mix in zip(found, mixes, strict=True):
            pairs = np.array(mix.pairs, dtype=np.int64)
            kept = np.all(whole[pairs], axis=0)
            rows = _rows(answers[pairs] * kept, answers[sheets.pairs + pairs] * kept, kept=kept)
            for place, row in enumerate(rows):
                sums[:, place] += np.bincount(block[held], weights=row, minlength=blocks)
    return found


def _rows(expected: Floats, received: Floats, *, kept: NDArray[np.bool_]) -> Iterator[Floats]:
    """What is summed of each sheet."""
    yield kept.astype(np.float64)
    yield from expected
    yield from received
    for one, other in ((expected, expected), (received, received), (expected, received)):
        yield np.einsum("ij,ij->j", one, other)
    all_expected, all_received = expected.sum(axis=0), received.sum(axis=0)
    yield all_expected * all_expected
    yield all_received * all_received
    yield all_expected * all_received


def _measures(sums: Floats, pairs: int) -> Floats:
    """Alphas, correlation, r_D and alpha of the differences, shape (5, rows), NaN without spread."""
    # A round may draw no sheet without a gap; its numbers are NaN.
    n = np.where(sums[:, 0] > 0.0, sums[:, 0], np.nan)
    means = sums[:, 1 : 1 + 2 * pairs] / n[:, None]
    expected, received = means[:, :pairs], means[:, pairs:]
    raw = (sums[:, 1 + 2 * pairs :] / n[:, None]).T
    # Variances with n below them: the factor n/(n-1) cancels in every measure.
    items_e = raw[0] - (expected**2).sum(axis=1)
    items_p = raw[1] - (received**2).sum(axis=1)
    items_ep = raw[2] - (expected * received).sum(axis=1)
    total_e = raw[3] - expected.sum(axis=1) ** 2
    total_p = raw[4] - received.sum(axis=1) ** 2
    total_ep = raw[5] - expected.sum(axis=1) * received.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha_e = _alpha(items_e, total_e, pairs)
        alpha_p = _alpha(items_p, total_p, pairs)
        correlation = total_ep / np.sqrt(_spread(total_e) * _spread(total_p))
        difference = _spread(total_e + total_p - 2 * total_ep)
        reliable = (total_e * alpha_e + total_p * alpha_p - 2 * total_ep) / difference
        items = _alpha(items_e + items_p - 2 * items_ep, difference, pairs)
    return np.stack([alpha_e, alpha_p, correlation, reliable, items])


def _alpha(items: Floats, total: Floats, pairs: int) -> Floats:
    return pairs / (pairs - 1) * (1.0 - items / _spread(total)) if pairs > 1 else np.full_like(total, np.nan)


def _spread(variance: Floats) -> Floats:
    """The variance, NaN where it is nothing but rounding."""
    return np.where(variance > 1e-12, variance, np.nan)


def _estimate(value: float, draws: Floats, *, n: int, level: float) -> Estimate | NotEnough:
    known = draws[np.isfinite(draws)]
    if not np.isfinite(value) or known.size < draws.size / 2:
        return NotEnough(n=n, needed=n + 1, why=_FLAT)
    return percentile_interval(known, value=value, n=n, level=level)

"""The chain of each episode: its four values, the link that broke first, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa

from forvent.assess.joined import joined_arrays, owner_column
from forvent.tables import CHAIN, Table

DISSATISFIED = 0.25 + 1e-9
EXPECTED_PROMISED, PROMISED_DELIVERED, DELIVERED_PERCEIVED, ELSEWHERE, UNBROKEN = (
    "expected_promised", "promised_delivered", "delivered_perceived", "elsewhere", "none",
)  # fmt: skip
OVER_PROMISED, UNDER_DELIVERED, MISUNDERSTOOD = "over_promised", "under_delivered", "misunderstood"
FAULTS = (OVER_PROMISED, UNDER_DELIVERED, MISUNDERSTOOD)
RECORD, WORDS, LINE, SILENCE = "record", "words", "line", "silence"


@dataclass(frozen=True, slots=True)
class ChainLines:
    """Above ``slow_from_days`` a wait is slow; ``usual_promise_days`` is how long is promised usually."""

    slow_from_days: float
    usual_promise_days: float | None


def chain_lines(joined: pa.Table) -> ChainLines:
    """The lines that episodes are held against: median wait of the kept ones, and median promise.

    Parameters
    ----------
    joined
        Collected ``joined_episodes``.

    Returns
    -------
    ChainLines
        In days. Slow is above the median wait of kept episodes, of all settled ones where none was
        kept, NaN where none is settled; the usual promise is None where nothing was promised.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> names = ("wait_days", "promised_days", "days_late", "open", "late", "rating", "negative")
    >>> names += ("on_time_unmet", "slow_unmet", "stated_days")
    >>> columns = {name: pa.array([2.0, 4.0, 9.0]) for name in names} | {"late": pa.array([0.0] * 3)}
    >>> chain_lines(pa.table({"customer": ["a", "b", "c"]} | columns))
    ChainLines(slow_from_days=4.0, usual_promise_days=4.0)
    """
    episodes = joined_arrays(joined)
    waits = episodes.wait_days[episodes.kept]
    waits = waits if waits.size else episodes.wait_days[np.isfinite(episodes.late)]
    promised = episodes.promised_days[np.isfinite(episodes.promised_days)]
    return ChainLines(
        slow_from_days=float(np.median(waits)) if waits.size else float("nan"),
        usual_promise_days=float(np.median(promised)) if promised.size else None,
    )


def chain_episodes(joined: Table, *, lines: ChainLines, owners: Sequence[str] = ()) -> Table:
    """What was expected, promised, delivered and perceived in each episode, and which link broke first.

    The first of these that holds, for episodes with a promise that was kept or broken:

    - promised_delivered: it was late;
    - expected_promised: kept, but the customer had a shorter level in mind than was promised
      and waited longer than it; or, where no level is stated and nobody calls it late, the
      voice finds it slow and the wait was slow;
    - delivered_perceived: kept, yet the voice finds it late or slow all the same;
    - elsewhere: none of these, and yet the customer is dissatisfied; none: nor is that so.

    Whose turn it was (``fault``): a late episode is over_promised where the usual promise would have been
    kept all the same, so that the promise was shorter than usual; else under_delivered. The two links
    that broke although the promise was kept are misunderstood.

    Parameters
    ----------
    joined
        ``joined_episodes``, collected or not.
    lines
        Result of ``chain_lines``.
    owners
        Columns of the episodes that name owners, as given to ``joined_episodes``.

    Returns
    -------
    Table
        The columns of ``tables.CHAIN``, the other columns of ``joined`` and the owners.

    Source
    ------
    Our own definition after the inner gaps of Parasuraman, Zeithaml & Berry (1985),
    docs/formulas/assess.md#chain.

    Examples
    --------
    Kept within 5 promised days, but 2 were expected:

    >>> from forvent.assess.joined import TOPICS
    >>> told = {"episode": "o1", "customer": "c", "open": False, "late": False, "days_late": -1.0}
    >>> told |= {"wait_days": 4.0, "promised_days": 5.0, "stated_days": 2.0, "experienced_days": 4.0}
    >>> told |= {"rating": 0.0, "negative": 1.0, "on_time_unmet": 0.0, "slow_unmet": 1.0, "time_met": 0.0}
    >>> told |= {"time_sure": 0.8} | dict.fromkeys(TOPICS, 0.0)
    >>> joined = nw.from_native(pa.Table.from_pylist([told])).lazy()
    >>> row = chain_episodes(joined, lines=ChainLines(10.0, 5.0)).collect().to_native().to_pylist()[0]
    >>> row["broken"], row["fault"], row["basis"], row["sure"]
    ('expected_promised', 'misunderstood', 'words', 0.8)
    """
    rating, late, stated = nw.col("rating"), nw.col("late").cast(nw.Float64), nw.col("stated_days")
    settled = ~late.is_null()
    lasted = joined.with_columns(
        expected_days=stated,
        delivered_days=nw.when(nw.col("open").cast(nw.Float64) == 0.0).then(nw.col("wait_days")),
        perceived_days=nw.col("experienced_days"),
        perceived=_perceived(),
        dissatisfied=(
            (rating <= DISSATISFIED).fill_null(False) | (rating.is_null() & (nw.col("negative") == 1.0))
        ).fill_null(False),
        broken_by_words=_shorter(stated),
        slow_by_line=_slow(stated, lines),
    )
    judged = lasted.with_columns(broken=nw.when(settled).then(_broken(late)))
    broken = nw.col("broken")
    return (
        judged.with_columns(fault=_fault(broken, lines), basis=nw.when(settled).then(_basis(broken)))
        .with_columns(sure=_sure())
        .select(
            *(column.name for column in CHAIN),
            *(
                "wait_days",
                "days_late",
                "open",
                "late",
                "negative",
                "on_time_unmet",
                "slow_unmet",
                "stated_days",
            ),
            *(owner_column(name) for name in owners),
        )
    )


def _says_slow() -> nw.Expr:
    return nw.col("slow_unmet") == 1.0


def _says_late() -> nw.Expr:
    return nw.col("on_time_unmet") == 1.0


def _first(*rules: tuple[nw.Expr, str | nw.Expr], otherwise: nw.Expr | None = None) -> nw.Expr:
    """The word of the first rule that holds, else ``otherwise``, else null."""
    found = nw.lit(None) if otherwise is None else otherwise
    for holds, word in reversed(rules):
        found = nw.when(holds).then(nw.lit(word) if isinstance(word, str) else word).otherwise(found)
    return found


def _perceived() -> nw.Expr:
    """What the words call it, the worse first; null where they do not speak of time."""
    return _first((_says_late(), "late"), (_says_slow(), "slow"), (nw.col("time_met") == 1.0, "in_time"))


def _shorter(stated: nw.Expr) -> nw.Expr:
    """A level below the promise was in mind, and the wait was longer than it."""
    return ((stated < nw.col("promised_days")) & (nw.col("wait_days") > stated)).fill_null(False)


def _slow(stated: nw.Expr, lines: ChainLines) -> nw.Expr:
    """Called slow, with no level named and nobody calling it late, and slow by our line."""
    slow = (nw.col("wait_days") > lines.slow_from_days).fill_null(False)
    return _says_slow() & stated.is_null() & ~_says_late() & slow


def _broken(late: nw.Expr) -> nw.Expr:
    return _first(
        (late == 1.0, PROMISED_DELIVERED),
        (nw.col("broken_by_words") | nw.col("slow_by_line"), EXPECTED_PROMISED),
        (_says_slow() | _says_late(), DELIVERED_PERCEIVED),
        (nw.col("dissatisfied"), ELSEWHERE),
        otherwise=nw.lit(UNBROKEN),
    )


def _fault(broken: nw.Expr, lines: ChainLines) -> nw.Expr:
    late = broken == PROMISED_DELIVERED
    # How many days longer a usual promise would have been; none is known where nothing was promised.
    room = nw.lit(lines.usual_promise_days or 0.0) - nw.col("promised_days")
    return _first(
        (late & (nw.col("days_late") <= room).fill_null(False), OVER_PROMISED),
        (late, UNDER_DELIVERED),
        (broken.is_in([EXPECTED_PROMISED, DELIVERED_PERCEIVED]), MISUNDERSTOOD),
    )


def _basis(broken: nw.Expr) -> nw.Expr:
    """What says so: the record, the words, the words held against our line, or that nobody says anything."""
    return _first(
        (broken == PROMISED_DELIVERED, RECORD),
        (broken.is_in([ELSEWHERE, UNBROKEN]), SILENCE),
        (nw.col("broken_by_words") | (broken == DELIVERED_PERCEIVED), WORDS),
        otherwise=nw.lit(LINE),
    )


def _sure() -> nw.Expr:
    """1 by the record, the confidence of the words where they say so; null where nobody says anything."""
    basis = nw.col("basis")
    return _first((basis == RECORD, nw.lit(1.0)), (basis.is_in([WORDS, LINE]), nw.col("time_sure")))

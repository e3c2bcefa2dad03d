"""Voices and episodes joined: one row an episode that somebody spoke of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw
import numpy as np
import pyarrow as pa

from forvent.assess.judgements import Codes, Flags, Floats, as_floats, customer_codes
from forvent.stats import block_of
from forvent.tables import Table

DAY = 86_400.0
SHORT_OF = ("unmet", "mixed", "wished")
TIME = ("on_time", "fast_delivery")
# What else may be missed than time, by the ids of the general catalogue; "other" is all the rest.
TOPICS: Mapping[str, tuple[str, ...]] = {
    "information": ("clear_information", "proactive_updates", "consistent_answers", "as_described"),
    "quality": ("product_quality", "complete_order", "hygiene_safety", "comfort"),
    "price": ("fair_price", "transparent_price"),
    "people": ("friendly_staff", "competent_staff", "taken_seriously", "personal_attention"),
    "other": (),
}
_FLAGS = ("on_time_unmet", "slow_unmet", "time_met", *TOPICS)


def joined_episodes(
    voices: Table,
    *,
    episodes: Table,
    mentions: Table,
    as_of: datetime,
    parents: Mapping[str, str] | None = None,
    owners: Sequence[str] = (),
) -> Table:
    """Episodes with the rating and the words of the voices that speak of them.

    A promise by day is kept if the calendar date of the delivery is not after the promised
    date, any other if the moment is not after the promised moment. An open episode whose
    promise has passed is late; one that can still be kept has ``late`` null. Cancelled
    episodes are left out.

    Parameters
    ----------
    voices
        Table of identified voices; those without episode are left out.
    episodes
        Table of episodes, each once.
    mentions
        Table of mentions; those of on_time and fast_delivery are what is said of time.
    as_of
        Moment up to which the record of the episodes reaches, UTC without zone mark.
    parents
        Id of the general catalogue by id of a trade pack, where an expectation has one.
    owners
        Columns of the episodes that name an owner, kept as ``owner_column`` of it.

    Returns
    -------
    Table
        One row an episode: episode, customer; wait_days (until ``as_of`` while open),
        promised_days, days_late (calendar days for a promise by day; negative: early), open, late;
        rating (mean of its voices, 0–1), negative (some voice is), on_time_unmet,
        slow_unmet, time_met, stated_days (shortest level that some voice found missed or wishes for),
        experienced_days (longest wait that some voice says it had), time_sure (highest confidence of a
        mention that finds time missed or wishes for more); information, quality, price, people, other: 1
        where some voice finds an expectation of that topic unmet, else 0; then the owners.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> import narwhals as nw, pyarrow as pa
    >>> lazy = lambda rows: nw.from_native(pa.Table.from_pylist(rows)).lazy()
    >>> voices = lazy([{"voice_id": "a", "episode": "o1", "rating": 0.0, "polarity": "negative"}])
    >>> episodes = lazy(
    ...     [
    ...         {
    ...             "episode": "o1",
    ...             "customer": "c",
    ...             "by_day": True,
    ...             "cancelled": False,
    ...             "start": datetime(2024, 5, 1, 12),
    ...             "promised": datetime(2024, 5, 4),
    ...             "delivered": datetime(2024, 5, 4, 23, 50),
    ...         }
    ...     ]
    ... )
    >>> said = {"voice_id": "a", "expectation": "on_time", "polarity": "unmet", "level_seconds": 172800.0}
    >>> mentions = lazy([said | {"experienced_seconds": 259200.0, "confidence": 0.9}])
    >>> row = (
    ...     joined_episodes(voices, episodes=episodes, mentions=mentions, as_of=datetime(2024, 6, 1))
    ...     .collect()
    ...     .to_native()
    ...     .to_pylist()[0]
    ... )
    >>> row["late"], row["days_late"], row["promised_days"], row["stated_days"], row["experienced_days"]
    (False, 0.0, 2.5, 2.0, 3.0)
    """
    words = _words(mentions, parents or {})
    said = voices.filter(~nw.col("episode").is_null()).select("voice_id", "episode", "rating", "polarity")
    heard = said.join(words, on="voice_id", how="left").with_columns(
        (nw.col("polarity") == "negative").cast(nw.Float64).alias("negative"),
        *(nw.col(flag).fill_null(0.0) for flag in _FLAGS),
    )
    by_episode = heard.group_by("episode").agg(
        nw.col("rating").mean(),
        nw.col("negative", *_FLAGS, "experienced_days", "time_sure").max(),
        nw.col("stated_days").min(),
    )
    outcome = _outcome(episodes.filter(~nw.col("cancelled").fill_null(False)), as_of, owners)
    return outcome.join(by_episode, on="episode", how="inner").sort("episode")


def owner_column(name: str) -> str:
    """Name that a column of owners has beside ours, whatever it is called in the file.

    Parameters
    ----------
    name
        Name of the column in the file.

    Returns
    -------
    str
        The name in tables of the chain.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> owner_column("price")
    'owner_price'
    """
    return f"owner_{name}"


def _words(mentions: Table, parents: Mapping[str, str]) -> Table:
    """One row a voice: what it found missed, the level it had in mind, and what it says it got."""
    expectation, polarity = nw.col("expectation"), nw.col("polarity")
    on_time, fast = (expectation.is_in(_with_packs((name,), parents)) for name in TIME)
    about, missed = on_time | fast, polarity.is_in(["unmet", "mixed"])
    short_of = polarity.is_in(list(SHORT_OF))
    named = [name for names in TOPICS.values() for name in names]
    flags = {
        "on_time_unmet": on_time & missed,
        "slow_unmet": fast & missed,
        "time_met": about & (polarity == "met"),
        **{topic: missed & expectation.is_in(_with_packs(names, parents)) for topic, names in TOPICS.items()},
        "other": missed & ~about & ~expectation.is_in(_with_packs((*named, *TIME), parents)),
    }
    told = mentions.with_columns(
        **{name: flag.cast(nw.Float64) for name, flag in flags.items()},
        # A level that was met says what was promised or feared, not what was wanted in vain.
        stated_days=nw.when(about & short_of).then(nw.col("level_seconds") / DAY),
        experienced_days=nw.when(about).then(nw.col("experienced_seconds") / DAY),
        time_sure=nw.when(about & short_of).then(nw.col("confidence")),
    )
    return told.group_by("voice_id").agg(
        nw.col(*_FLAGS, "experienced_days", "time_sure").max(), nw.col("stated_days").min()
    )


def _with_packs(names: Sequence[str], parents: Mapping[str, str]) -> list[str]:
    """Ids of the general catalogue, and those that trade packs hang under them."""
    return [*names, *(own for own, parent in parents.items() if parent in names)]


def _outcome(episodes: Table, as_of: datetime, owners: Sequence[str]) -> Table:
    """Wait, promise and lateness of each episode, by its own kind of promise."""
    ended = nw.coalesce("delivered", nw.lit(as_of))
    timed = episodes.with_columns(ended=ended, open=nw.col("delivered").is_null())
    by_day = nw.col("by_day").fill_null(False)
    late_by_date = _days(nw.col("ended").dt.truncate("1d") - nw.col("promised").dt.truncate("1d"))
    late_by_time = _days(nw.col("ended") - nw.col("promised"))
    timed = timed.with_columns(
        wait_days=_days(nw.col("ended") - nw.col("start")),
        promised_days=_days(nw.col("promised") - nw.col("start")),
        days_late=nw.when(by_day).then(late_by_date).otherwise(late_by_time),
    )
    pending = nw.col("open") & (nw.col("days_late") <= 0.0)
    timed = timed.with_columns(late=nw.when(~pending).then(nw.col("days_late") > 0.0))
    known = ("episode", "customer", "wait_days", "promised_days", "days_late", "open", "late")
    return timed.select(*known, *(nw.col(name).alias(owner_column(name)) for name in owners))


def _days(duration: nw.Expr) -> nw.Expr:
    return duration.dt.total_seconds().cast(nw.Float64) / DAY


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The columns of ``joined_episodes`` as arrays of shape (n,), NaN where null; 1 true, 0 false."""

    wait_days: Floats
    promised_days: Floats
    days_late: Floats
    open: Floats
    late: Floats
    rating: Floats
    negative: Floats
    on_time_unmet: Floats
    slow_unmet: Floats
    stated_days: Floats
    block: Codes

    @property
    def kept(self) -> Flags:
        """Delivered as promised."""
        kept: Flags = self.late == 0.0
        return kept

    @property
    def compared(self) -> Flags:
        """Delivered, promised and rated: what lateness and slowness are compared on."""
        compared: Flags = (self.open == 0.0) & np.isfinite(self.late) & np.isfinite(self.rating)
        return compared


def joined_arrays(joined: pa.Table) -> Joined:
    """Collected ``joined_episodes`` as arrays, with the customers dealt into blocks.

    Parameters
    ----------
    joined
        Collected ``joined_episodes``.

    Returns
    -------
    Joined
        The columns as arrays.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> names = (
    ...     "wait_days",
    ...     "promised_days",
    ...     "days_late",
    ...     "open",
    ...     "late",
    ...     "rating",
    ...     "negative",
    ...     "on_time_unmet",
    ...     "slow_unmet",
    ...     "stated_days",
    ... )
    >>> table = pa.table({"customer": ["c"]} | {name: pa.nulls(1, pa.float64()) for name in names})
    >>> joined_arrays(table).late.tolist()
    [nan]
    """
    customers = customer_codes(joined["customer"].cast(pa.string()))
    return Joined(
        wait_days=as_floats(joined["wait_days"]),
        promised_days=as_floats(joined["promised_days"]),
        days_late=as_floats(joined["days_late"]),
        open=as_floats(joined["open"]),
        late=as_floats(joined["late"]),
        rating=as_floats(joined["rating"]),
        negative=as_floats(joined["negative"]),
        on_time_unmet=as_floats(joined["on_time_unmet"]),
        slow_unmet=as_floats(joined["slow_unmet"]),
        stated_days=as_floats(joined["stated_days"]),
        block=block_of(customers),
    )

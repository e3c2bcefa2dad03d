"""Episodes with what their customers said of them in the end: what disappointment is learned from."""

from __future__ import annotations

import narwhals as nw

from forvent.tables import Table


def episode_outcomes(voices: Table, *, episodes: Table) -> Table:
    """All episodes, open and cancelled ones too, with rating and polarity of the voices that speak of them.

    Parameters
    ----------
    voices
        Table of identified voices; those without episode, or with neither rating nor polarity, are left out.
    episodes
        Table of episodes, each once, with or without group columns.

    Returns
    -------
    Table
        The columns of the episodes, and: rating (mean of its voices, 0–1), negative (1.0 where some voice is,
        0.0 where none), voices (how many; null where none), first_said and last_said (null where no voice
        has a time). By start, then episode.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#outcome.

    Examples
    --------
    >>> from datetime import datetime
    >>> import pyarrow as pa
    >>> lazy = lambda rows: nw.from_native(pa.Table.from_pylist(rows)).lazy()
    >>> said = {"episode": "a", "rating": 0.25, "polarity": "neutral", "time": datetime(2024, 5, 9)}
    >>> starts = {"a": datetime(2024, 5, 1), "b": datetime(2024, 5, 2)}
    >>> episodes = lazy([{"episode": name, "start": start} for name, start in starts.items()])
    >>> rows = episode_outcomes(lazy([said]), episodes=episodes).collect().rows(named=True)
    >>> [(row["episode"], row["rating"], row["voices"]) for row in rows]
    [('a', 0.25, 1), ('b', None, None)]
    """
    speaking = ~(nw.col("rating").is_null() & nw.col("polarity").is_null())
    heard = (
        voices.filter(~nw.col("episode").is_null() & speaking)
        .with_columns(
            one=nw.lit(1), negative=(nw.col("polarity").fill_null("") == "negative").cast(nw.Float64)
        )
        .select("episode", "rating", "negative", "one", "time")
    )
    by_episode = heard.group_by("episode").agg(
        nw.col("rating").mean(),
        nw.col("negative").max(),
        nw.col("one").sum().alias("voices"),
        nw.col("time").min().alias("first_said"),
        nw.col("time").max().alias("last_said"),
    )
    return episodes.join(by_episode, on="episode", how="left").sort("start", "episode")

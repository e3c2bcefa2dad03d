"""Voices counted by what they do, wish for and refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw

from forvent.records import NotEnough, Said, VoiceShare
from forvent.stats import wilson
from forvent.tables import Table

#: Voices below which there is no share.
LEAST_VOICES = 5
ACT, DOUBTFUL, MENTIONING, TYPE = "act", "doubtful", "mentioning", "type"
SOURCED, SOURCE, RIVAL, WISH = "sourced", "source", "rival", "wish"


def said_counts(voices: Table, *, mentions: Table) -> Table:
    """How many voices do, wish for and refer to each thing.

    Only voices that say something count, each once however often it says a thing. Another company is the
    same one however its letters are cased.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).
    mentions
        Table of their mentions (``tables.MENTIONS``).

    Returns
    -------
    Table
        part, name and voices, sorted. The parts act, type, source, rival and wish have a name for each
        thing that is said; doubtful (meant ironically, perhaps), mentioning (naming an expectation) and
        sourced (telling where it came from) have none. What no voice says has no row.

    Source
    ------
    Our own definition, docs/formulas/assess.md#said.

    Examples
    --------
    >>> import pyarrow as pa
    >>> voices = pa.table(
    ...     {
    ...         "voice_id": ["a", "b"],
    ...         "act": ["request", "none"],
    ...         "content_free": [False, True],
    ...         "doubtful": [False, False],
    ...     }
    ... )
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": ["a", "a"],
    ...         "expectation": ["fast_response", "easy_contact"],
    ...         "polarity": ["wished", "unmet"],
    ...         "type": ["explicit", "explicit"],
    ...         "source": [None, "other_company"],
    ...         "source_name": [None, "Nordkiste"],
    ...     }
    ... )
    >>> counts = said_counts(nw.from_native(voices).lazy(), mentions=nw.from_native(mentions).lazy())
    >>> [row for row in counts.collect().rows() if row[0] in ("act", "rival", "type")]
    [('act', 'request', 1), ('rival', 'Nordkiste', 1), ('type', 'explicit', 1)]
    """
    speaking = voices.filter(~nw.col("content_free").fill_null(False))
    spoken = mentions.join(speaking.select("voice_id"), on="voice_id", how="inner")
    sourced = spoken.filter(~nw.col("source").is_null())
    parts = [
        _counted(speaking, part=ACT, name=nw.col("act")),
        _counted(speaking.filter(nw.col("doubtful").fill_null(False)), part=DOUBTFUL),
        _counted(spoken, part=MENTIONING),
        _counted(spoken, part=TYPE, name=nw.col("type")),
        _counted(sourced, part=SOURCED),
        _counted(sourced, part=SOURCE, name=nw.col("source")),
        _rivals(sourced.filter(~nw.col("source_name").is_null())),
        _counted(spoken.filter(nw.col("polarity") == "wished"), part=WISH, name=nw.col("expectation")),
    ]
    return nw.concat(parts).sort("part", "name")


def said(counts: Iterable[Mapping[str, Any]], *, level: float = 0.95) -> Said:
    """What people say, wish for and refer to, each with its share of the voices it is asked of.

    The shares are of those who write, not of all customers, and rest on what was understood of their
    words. Voices are taken as independent: where one customer writes often, the intervals are too narrow.

    Parameters
    ----------
    counts
        Collected rows of ``said_counts``.
    level
        Confidence level of the intervals.

    Returns
    -------
    Said
        Shares 0–1 with Wilson's interval; NotEnough where fewer than five voices are asked.

    Source
    ------
    Our own definition, docs/formulas/assess.md#said.

    Examples
    --------
    >>> rows = [
    ...     {"part": "act", "name": "complaint", "voices": 6},
    ...     {"part": "act", "name": "praise", "voices": 2},
    ...     {"part": "wish", "name": "fast_response", "voices": 2},
    ... ]
    >>> found = said(rows)
    >>> found.voices, [(one.name, one.share.value) for one in (*found.acts, *found.wishes)]
    (8, [('complaint', 0.75), ('praise', 0.25), ('fast_response', 0.25)])
    """
    by_part: dict[str, dict[str, int]] = defaultdict(dict)
    for row in counts:
        by_part[row["part"]][row["name"]] = row["voices"]
    voices = sum(by_part[ACT].values())
    mentioning, sourced = (sum(by_part[part].values()) for part in (MENTIONING, SOURCED))
    return Said(
        voices=voices,
        doubtful=sum(by_part[DOUBTFUL].values()),
        acts=_shares(by_part[ACT], of=voices, level=level),
        wishes=_shares(by_part[WISH], of=voices, level=level),
        mentioning=mentioning,
        types=_shares(by_part[TYPE], of=mentioning, level=level),
        sourced=_share(SOURCED, sourced, of=mentioning, level=level),
        sources=_shares(by_part[SOURCE], of=sourced, level=level),
        rivals=_shares(by_part[RIVAL], of=sourced, level=level),
    )


def intent_shares(counts: Mapping[str, int], *, of: int, level: float = 0.95) -> tuple[VoiceShare, ...]:
    """Shares of voices by what they say they will do; none where no voice was asked.

    Parameters
    ----------
    counts
        Voices by intent.
    of
        Voices that say something, in languages with words for intents.
    level
        Confidence level of the intervals.

    Returns
    -------
    tuple of VoiceShare
        In the order of ``counts``; shares 0–1 with Wilson's interval, NotEnough below five voices.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#intent.

    Examples
    --------
    >>> [(one.name, one.share.value) for one in intent_shares({"will_return": 2}, of=10)]
    [('will_return', 0.2)]
    """
    if not of:
        return ()
    return tuple(_share(name, voices, of=of, level=level) for name, voices in counts.items())


def _counted(rows: Table, *, part: str, name: nw.Expr | None = None) -> Table:
    named = rows.select("voice_id", name=nw.lit("") if name is None else name)
    return _parted(named.group_by("name").agg(voices=nw.col("voice_id").n_unique()), part)


def _rivals(rows: Table) -> Table:
    folded = rows.with_columns(folded=nw.col("source_name").str.to_lowercase())
    counted = folded.group_by("folded").agg(
        name=nw.col("source_name").min(), voices=nw.col("voice_id").n_unique()
    )
    return _parted(counted, RIVAL)


def _parted(counted: Table, part: str) -> Table:
    return counted.select(part=nw.lit(part), name=nw.col("name"), voices=nw.col("voices").cast(nw.Int64))


def _shares(counts: Mapping[str, int], *, of: int, level: float) -> tuple[VoiceShare, ...]:
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(_share(name, voices, of=of, level=level) for name, voices in ranked)


def _share(name: str, voices: int, *, of: int, level: float) -> VoiceShare:
    if of < LEAST_VOICES:
        return VoiceShare(name, voices, NotEnough(of, LEAST_VOICES, "too few voices to give a share"))
    return VoiceShare(name, voices, wilson(voices, of, level=level))

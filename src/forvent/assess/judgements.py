"""Mentions and voices as the arrays that gap and asymmetry are measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.errors import NothingUsable
from forvent.stats import block_of
from forvent.tables import POLARITIES, STAGES, Table

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

MET, UNMET, MIXED, WISHED = range(len(POLARITIES))


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What m mentions of n voices say, as codes.

    ``rating`` is 0–1 and NaN where none was given, ``block`` the bootstrap block of a
    voice; both have shape (n,). ``voice``, ``expectation``, ``touchpoint`` and ``polarity``
    have shape (m,) and index the voices and the three tuples (``tables.POLARITIES`` for
    the last). ``repeated`` says that some customer speaks in more than one voice.
    ``touchpoint_stages`` is the stage of each touchpoint that the business places on the journey.
    """

    rating: Floats
    block: Codes
    repeated: bool
    voice: Codes
    expectation: Codes
    touchpoint: Codes
    polarity: Codes
    expectations: tuple[str, ...]
    stages: tuple[str, ...]
    touchpoints: tuple[str, ...]
    touchpoint_stages: Mapping[str, str] = field(default_factory=dict)

    def stage_at(self, expectation: int, touchpoint: str | None) -> str:
        """The stage of an expectation at a touchpoint: where the touchpoint is placed, else its own."""
        return self.touchpoint_stages.get(touchpoint or "", self.stages[expectation])

    @property
    def voices(self) -> int:
        """Voices that say something."""
        return self.rating.size

    @property
    def blocks(self) -> int:
        """Blocks that the bootstrap draws from."""
        return int(self.block.max()) + 1 if self.block.size else 0


def judged_mentions(mentions: Table) -> Table:
    """Who says what of which expectation, and where: the columns that ``judgements`` reads.

    Parameters
    ----------
    mentions
        Table of mentions (``tables.MENTIONS``), one row a voice and expectation.

    Returns
    -------
    Table
        The columns voice_id, expectation, stage, touchpoint and polarity.

    Source
    ------
    Our own definition, decision 0005.

    Examples
    --------
    >>> import narwhals as nw, pyarrow as pa
    >>> row = {
    ...     "voice_id": "a",
    ...     "expectation": "on_time",
    ...     "stage": "receive",
    ...     "touchpoint": "receive",
    ...     "polarity": "met",
    ...     "quote": "on the dot",
    ... }
    >>> judged_mentions(nw.from_native(pa.Table.from_pylist([row])).lazy()).collect_schema().names()
    ['voice_id', 'expectation', 'stage', 'touchpoint', 'polarity']
    """
    return mentions.select("voice_id", "expectation", "stage", "touchpoint", "polarity")


def speaking_voices(voices: Table) -> Table:
    """Voices that say something: whom "does not mention it" is counted among.

    Voices without content are left out: people who only tick a box rate otherwise
    than people who write, so they are no reference for what is written.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``).

    Returns
    -------
    Table
        The columns voice_id, rating and customer of the voices with content.

    Source
    ------
    Our own definition, decision 0005.

    Examples
    --------
    >>> import narwhals as nw, pyarrow as pa
    >>> rows = [
    ...     {"voice_id": "a", "rating": 1.0, "customer": None, "content_free": True},
    ...     {"voice_id": "b", "rating": 0.5, "customer": None, "content_free": False},
    ... ]
    >>> speaking = speaking_voices(nw.from_native(pa.Table.from_pylist(rows)).lazy())
    >>> speaking.collect()["voice_id"].to_list()
    ['b']
    """
    silent = nw.col("content_free").fill_null(False)
    return voices.filter(~silent).select("voice_id", "rating", "customer")


def judgements(
    mentions: pa.Table,
    *,
    voices: pa.Table,
    blocks: int = 200,
    touchpoint_stages: Mapping[str, str] | None = None,
) -> Judgements:
    """Collected mentions and voices as codes, with the customers dealt into blocks.

    Mentions of voices that are not in ``voices`` are left out. A voice without customer
    is a customer of its own.

    Parameters
    ----------
    mentions
        Collected ``judged_mentions``.
    voices
        Collected ``speaking_voices``, each voice once; rating null where none was given.
    blocks
        Most blocks of customers that the bootstrap draws from.
    touchpoint_stages
        Stage by name of touchpoint, where the business places it on the journey; elsewhere a mention counts
        at the stage of its expectation. A name of a stage is no touchpoint: it stands where there is none.

    Returns
    -------
    Judgements
        The arrays that ``contrast`` and ``gaps`` read.

    Raises
    ------
    NothingUsable
        If a polarity is none of met, unmet, mixed, wished.

    Source
    ------
    Our own definition, decision 0005.

    Examples
    --------
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": ["a"],
    ...         "expectation": ["on_time"],
    ...         "stage": ["receive"],
    ...         "touchpoint": ["receive"],
    ...         "polarity": ["unmet"],
    ...     }
    ... )
    >>> voices = pa.table(
    ...     {"voice_id": ["a", "b"], "rating": [0.0, None], "customer": pa.array([None, None], pa.string())}
    ... )
    >>> judged = judgements(mentions, voices=voices)
    >>> judged.voices, judged.expectations, POLARITIES[judged.polarity[0]]
    (2, ('on_time',), 'unmet')
    """
    voice = pc.index_in(mentions["voice_id"], value_set=voices["voice_id"].combine_chunks())
    known = mentions.filter(pc.is_valid(voice))
    polarity = pc.index_in(known["polarity"], value_set=pa.array(POLARITIES))
    if polarity.null_count:
        raise NothingUsable(
            f"{polarity.null_count} mentions have a polarity that is none of {', '.join(POLARITIES)}.",
            hint="Write one of these four words in the column polarity.",
        )
    expectation, expectations = _codes(known["expectation"])
    touchpoint, touchpoints = _codes(known["touchpoint"])
    customers = customer_codes(voices["customer"])
    return Judgements(
        rating=as_floats(voices["rating"]),
        block=block_of(customers, blocks=blocks),
        repeated=np.unique(customers).size < customers.size,
        voice=_integers(voice.drop_null()),
        expectation=expectation,
        touchpoint=touchpoint,
        polarity=_integers(polarity),
        expectations=expectations,
        stages=_first(known["stage"], expectation, len(expectations)),
        touchpoints=touchpoints,
        touchpoint_stages=_placed(touchpoint_stages or {}),
    )


def _placed(stages: Mapping[str, str]) -> dict[str, str]:
    return {name: stage for name, stage in stages.items() if name not in STAGES and stage in STAGES}


def customer_codes(customers: pa.ChunkedArray) -> Codes:
    """One number a customer; whoever is unknown is a customer of their own.

    Parameters
    ----------
    customers
        Customer ids, length n, null where unknown.

    Returns
    -------
    NDArray
        Codes, shape (n,); equal exactly where the same customer speaks.

    Source
    ------
    Our own definition, decision 0005.

    Examples
    --------
    >>> customer_codes(pa.chunked_array([["x", None, "x", None]])).tolist()
    [0, 2, 0, 4]
    """
    encoded = customers.combine_chunks().dictionary_encode()
    codes = _integers(encoded.indices.fill_null(-1))
    own = len(encoded.dictionary) + np.arange(codes.size)
    return np.where(codes < 0, own, codes)


def as_floats(column: pa.ChunkedArray) -> Floats:
    """Numbers or truth values of a column, NaN where it is null.

    Parameters
    ----------
    column
        Numeric or boolean column, length n.

    Returns
    -------
    NDArray
        Shape (n,).

    Source
    ------
    Our own definition, decision 0005.

    Examples
    --------
    >>> as_floats(pa.chunked_array([[True, None]])).tolist()
    [1.0, nan]
    """
    numbers = pc.fill_null(pc.cast(column, pa.float64()), np.nan)
    return np.asarray(numbers.to_numpy(), dtype=np.float64)


def _integers(codes: pa.Array | pa.ChunkedArray) -> Codes:
    return np.asarray(
        codes.to_numpy(zero_copy_only=False) if isinstance(codes, pa.Array) else codes.to_numpy(),
        dtype=np.int64,
    )


def _codes(words: pa.ChunkedArray) -> tuple[Codes, tuple[str, ...]]:
    """Codes in alphabetical order, so that they do not hang on the order of the rows."""
    names = tuple(sorted(pc.unique(words).to_pylist()))
    return _integers(pc.index_in(words, value_set=pa.array(names, pa.string()))), names


def _first(words: pa.ChunkedArray, codes: Codes, count: int) -> tuple[str, ...]:
    _, position = np.unique(codes, return_index=True)
    return tuple(words[int(place)].as_py() for place in position[:count])

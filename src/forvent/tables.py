"""Name, type and meaning of every column the steps read or return.

A table is a narwhals lazy frame, so that the same expressions run on DuckDB and
on Spark. Times are UTC without time zone mark; shares and ratings lie in 0–1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    # Names of columns are needed by commands that need no frame.
    import narwhals as nw

Table: TypeAlias = "nw.LazyFrame[Any]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, Arrow type, meaning (with its unit)."""

    name: str
    type: pa.DataType
    meaning: str


TEXT = pa.string()
NUMBER = pa.float64()
TIME = pa.timestamp("us")

VOICES: tuple[Column, ...] = (
    Column("voice_id", TEXT, "stable id of the voice"),
    Column("language", TEXT, "ISO 639-1 code, detected or given"),
    Column("polarity", TEXT, "positive, negative, neutral or mixed"),
    Column("confidence", NUMBER, "calibrated probability of the polarity"),
    Column("content_free", pa.bool_(), "true where the text says nothing"),
    Column("act", TEXT, "complaint, praise, request, question or remark; none where the text says nothing"),
    Column("doubtful", pa.bool_(), "true where it may be meant ironically"),
    Column("time", TIME, "when it was said, UTC; null where unknown"),
    Column("rating", NUMBER, "rating brought to 0–1; null where none was given"),
    Column("rating_given", NUMBER, "rating as it was given, on its own scale"),
    Column("channel", TEXT, "where it came in; null where unknown"),
    Column("touchpoint", TEXT, "place on the journey as the file names it; null where unknown"),
    Column("customer", TEXT, "customer id; null where unknown"),
    Column("episode", TEXT, "order, visit or contact it speaks of; null where unknown"),
    Column("competitor", TEXT, "company it is about; null where it is one's own"),
    Column("row", pa.int64(), "row in the file; the header is row 1"),
)

MENTIONS: tuple[Column, ...] = (
    Column("voice_id", TEXT, "the voice it was found in"),
    Column("expectation", TEXT, "id of the catalogue"),
    Column("polarity", TEXT, "met, unmet, mixed or wished"),
    Column("stated", pa.bool_(), "true where the expectation itself is put in words"),
    Column("level_value", NUMBER, "stated level as said; null where none"),
    Column("level_unit", TEXT, "unit of the stated level"),
    Column("level_seconds", NUMBER, "stated level in seconds, where it is a duration"),
    Column("experienced_value", NUMBER, "what was got, as said; null where none"),
    Column("experienced_unit", TEXT, "unit of what was got"),
    Column("experienced_seconds", NUMBER, "what was got in seconds, where it is a duration"),
    Column("quote", TEXT, "the words it came from"),
    Column("start", pa.int64(), "first character of the quote in the text"),
    Column("end", pa.int64(), "character after the last of the quote"),
    Column("confidence", NUMBER, "calibrated probability that the expectation is there"),
    Column("language", TEXT, "language of the voice"),
    Column("touchpoint", TEXT, "touchpoint of the voice, else the stage of the expectation"),
    Column("stage", TEXT, "journey stage of the expectation"),
    Column("type", TEXT, "explicit, implicit, interpersonal, digital or dynamic"),
    Column("source", TEXT, "where the expectation came from, if the words say it; else null"),
    Column("source_name", TEXT, "the other company, where the words name it"),
    Column("doubtful", pa.bool_(), "true where it may be meant ironically"),
)

EPISODES: tuple[Column, ...] = (
    Column("episode", TEXT, "id of the order, visit or contact"),
    Column("start", TIME, "when it began, UTC"),
    Column("promised", TIME, "by when it was promised, UTC; null where nothing was"),
    Column("delivered", TIME, "when it was delivered, UTC; null while open"),
    Column("by_day", pa.bool_(), "true where the promise names a day, not a time"),
    Column("cancelled", pa.bool_(), "true where it ended without delivery"),
    Column("customer", TEXT, "customer id; null where unknown"),
    Column("row", pa.int64(), "row in the file; the header is row 1"),
)

CHAIN: tuple[Column, ...] = (
    Column("episode", TEXT, "id of the order, visit or contact"),
    Column("customer", TEXT, "customer id; null where unknown"),
    Column(
        "expected_days", NUMBER, "shortest time some voice missed or wishes for; null where none is named"
    ),
    Column("promised_days", NUMBER, "from start to promise; null where nothing was promised"),
    Column("delivered_days", NUMBER, "from start to delivery; null while open"),
    Column("perceived_days", NUMBER, "longest time a voice says it took; null where none is named"),
    Column("perceived", TEXT, "late, slow or in_time, as the words have it; null where they do not say"),
    Column("rating", NUMBER, "mean rating of its voices, 0–1; null where none was given"),
    Column("dissatisfied", pa.bool_(), "rating at most 0.25, or no rating and a negative voice"),
    Column("broken", TEXT, "link that broke first, elsewhere or none; null where no promise fell due"),
    Column("fault", TEXT, "over_promised, under_delivered or misunderstood; null where no link broke"),
    Column("basis", TEXT, "what says so: record, words, line (words against our line of slow) or silence"),
    Column("sure", NUMBER, "1 by the record, confidence of the words; null where nobody says anything"),
    Column("information", NUMBER, "1 where some voice finds what it was told unmet, else 0"),
    Column("quality", NUMBER, "1 where some voice finds the quality unmet, else 0"),
    Column("price", NUMBER, "1 where some voice finds the price unmet, else 0"),
    Column("people", NUMBER, "1 where some voice finds the people unmet, else 0"),
    Column("other", NUMBER, "1 where some voice finds anything else but time unmet, else 0"),
)

KANO_ANSWERS: tuple[Column, ...] = (
    Column("sheet", pa.int64(), "number of the filled-in questionnaire: one respondent, one wave"),
    Column("feature", TEXT, "the feature that is asked about; each sheet answers it once"),
    Column("functional", pa.int8(), "with it: 1 like, 2 must be, 3 neutral, 4 live with, 5 dislike"),
    Column("dysfunctional", pa.int8(), "without it, alike"),
    Column("wave", TEXT, "when it was asked; null where unknown"),
)

STAGES = ("discover", "choose", "buy", "receive", "use", "get_help", "stay")
POLARITIES = ("met", "unmet", "mixed", "wished")
ACTS = ("complaint", "praise", "request", "question", "remark", "none")
TYPES = ("explicit", "implicit", "interpersonal", "digital", "dynamic")
SOURCES = ("own_experience", "company", "word_of_mouth", "other_company")
KINDS = ("basic", "performance", "excitement", "indifferent", "reverse", "undecided")
LANGUAGES = ("en", "cs", "hy", "nb", "et", "zh")


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Arrow schema of a table; further columns (groups) come after it."""
    return pa.schema([(column.name, column.type) for column in columns])

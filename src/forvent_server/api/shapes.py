"""Shapes that many answers share: numbers with their interval, pages of a list, bounded texts and ids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Path, Query, Schema
from ninja.params import functions
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: The largest number a row can have.
LARGEST = 2**63 - 1
#: Times beyond these years are mistakes.
FIRST_YEAR, LAST_YEAR = 1900, 2200
#: No database holds the character zero.
NO_ZERO = r"^[^\x00]*$"

Item = TypeVar("Item")
Key = Annotated[int, Path(ge=1, le=LARGEST, description="Number of the row")]
Cursor = Annotated[
    int | None,
    Query(ge=1, le=LARGEST, description="`next` of the page before; leave it out for the first page"),
]
Limit = Annotated[int, Query(ge=1, le=500, description="Most rows of a page")]


def bounded(most: int, *, least: int = 0, default: Any = ..., describe: str | None = None) -> Any:
    """A bounded text without the character zero."""
    return Field(default, min_length=least, max_length=most, pattern=NO_ZERO, description=describe)


def asked(most: int, describe: str) -> Any:
    """A bounded text in the address; empty is as good as left out."""
    return functions.Query("", max_length=most, pattern=NO_ZERO, description=describe)


def optional(**bounds: Any) -> Any:
    """Something in the address that may be left out."""
    return functions.Query(None, **bounds)


def _in_utc(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class Given(BaseModel):
    """What a program sends: a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Figure(Schema):
    """A number with its interval, the count behind it, and the level of the interval."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    level: float


class Short(Schema):
    """How many cases there are and how many are needed."""

    n: int
    needed: int
    why: str


class NotEnough(Schema):
    """The honest answer where the data cannot carry a number."""

    not_enough: Short


Number = Figure | NotEnough


class Page(Schema, Generic[Item]):
    """A page of a list; `next` leads to the page after it and is null on the last."""

    items: list[Item]
    next: int | None = None


class Problem(Schema):
    """What went wrong (RFC 9457): what happened in `detail`, what to do in `hint`."""

    type: str
    title: str
    status: int
    detail: str
    hint: str
    code: str | None = None
    errors: list[dict[str, Any]] | None = None


def paged(
    rows: Any, *, cursor: int | None, limit: int, newest_first: bool = True
) -> tuple[list[Any], int | None]:
    """The rows of a page in the order of their numbers, and the cursor of the next page."""
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor) if newest_first else rows.filter(pk__gt=cursor)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    more = len(found) > limit
    return found[:limit], found[limit - 1].pk if more else None

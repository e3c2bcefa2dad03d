"""Records as JSON text with the name and version of its schema."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from forvent.records import NotEnough


def versioned(schema: str, record: Any) -> str:
    """A record as JSON text that programs can rely on, with the key ``schema`` first."""
    return json_text({"schema": schema, **jsonable(record)})


def json_text(document: Mapping[str, Any]) -> str:
    """Indented text of a document whose numbers are all finite, ending with a line feed."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def jsonable(value: Any) -> Any:
    """The value as dicts, lists, text, numbers and None.

    Examples
    --------
    >>> from forvent.records import Estimate
    >>> jsonable(Estimate(value=0.5, low=0.4, high=float("nan"), n=96))
    {'value': 0.5, 'low': 0.4, 'high': None, 'n': 96, 'level': 0.95}
    """
    if is_dataclass(value) and not isinstance(value, type):
        record = {part.name: jsonable(getattr(value, part.name)) for part in fields(value)}
        return {"not_enough": record} if isinstance(value, NotEnough) else record
    if isinstance(value, Mapping):
        return {str(key): jsonable(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, tuple | list):
        return [jsonable(part) for part in value]
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def _iso(moment: datetime) -> str:
    """ISO 8601 with Z; times without a zone are UTC already."""
    utc = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat() + "Z"

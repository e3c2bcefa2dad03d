"""Versioned JSON back into the records it was made from."""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from forvent.errors import UnreadableFile
from forvent.records import Findings, NotEnough
from forvent.report.findings_json import EARLIER, SCHEMA

T = TypeVar("T")


def findings_from(document: Any, *, file: str = "findings.json") -> Findings:
    """Findings as they were before :func:`forvent.report.findings_json` wrote them.

    Parameters
    ----------
    document
        What the JSON text holds.
    file
        Its name, for errors.

    Returns
    -------
    Findings
        Equal to those written, but for numbers that are not finite; a field that a later version added
        has its default.

    Raises
    ------
    UnreadableFile
        If the document is of another schema, or something in it is not what the schema says.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> from forvent.errors import UnreadableFile
    >>> try:
    ...     findings_from({"schema": "forvent/other/1"})
    ... except UnreadableFile as error:
    ...     print(error.message)
    'findings.json' is no file of forvent/findings/2: its schema is 'forvent/other/1'.
    """
    check_findings(document, file=file)
    try:
        return record_from(Findings, document)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(
            f"'{file}' is not whole: {error}.", hint="Make it anew with forvent report --out FOLDER."
        ) from error


def check_findings(document: Any, *, file: str) -> None:
    """Refuse what is no JSON of findings, or of a version in which numbers meant something else.

    A file of version 1 is read where each of its gaps says what its importance rests on: then it means what
    it means in version 2.

    Parameters
    ----------
    document
        What the JSON text holds.
    file
        Its name, for errors.

    Raises
    ------
    UnreadableFile
        If it is of another schema, or of the meaning that version 1 had at first.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> check_findings({"schema": "forvent/findings/1", "gaps": []}, file="findings.json")
    """
    schema = document.get("schema") if isinstance(document, Mapping) else None
    if schema not in (SCHEMA, EARLIER):
        raise UnreadableFile(
            f"'{file}' is no file of {SCHEMA}: its schema is {schema!r}.",
            hint="Make it anew with forvent report --out FOLDER.",
        )
    gaps = document.get("gaps") or ()
    if schema == EARLIER and not all("importance_basis" in gap for gap in gaps):
        raise UnreadableFile(
            f"'{file}' was written by an earlier version, in which the importance of a gap meant "
            "something else.",
            hint="Make it anew with forvent report --out FOLDER.",
        )


def record_from(kind: type[T], value: Any, *, at: str = "") -> T:
    """The record of a kind that JSON stands for.

    Raises
    ------
    ValueError
        If a field is missing or holds something else; the message names it.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> from forvent.records import Estimate
    >>> record_from(Estimate, {"value": 0.5, "low": 0.4, "high": 0.6, "n": 96})
    Estimate(value=0.5, low=0.4, high=0.6, n=96, level=0.95)
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"{at or kind.__name__} is no object")
    found, known = {}, _parts(_hashable(kind))
    for part, hint in known:
        where = f"{at}.{part.name}" if at else part.name
        if part.name in value:
            found[part.name] = _value(hint, value[part.name], at=where)
        elif part.default is MISSING and part.default_factory is MISSING:
            raise ValueError(f"{where} is missing")
    return kind(**found)


def _hashable(kind: Any) -> Hashable:
    return kind  # type: ignore[no-any-return]


@cache
def _parts(kind: Hashable) -> tuple[tuple[Any, Any], ...]:
    record: Any = kind
    hints = get_type_hints(record)
    return tuple((part, hints[part.name]) for part in fields(record))


def _value(hint: Any, value: Any, *, at: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(inner, value, at=at)
    if origin is tuple:
        return _row(inner, value, at=at)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _value(inner[1], each, at=f"{at}.{key}") for key, each in _object(value, at=at).items()}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint is NotEnough:
            value = value.get("not_enough") if isinstance(value, Mapping) else value
        return record_from(hint, value, at=at)
    return _plain(hint, value, at=at)


def _one_of(kinds: tuple[Any, ...], value: Any, *, at: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    unknown = isinstance(value, Mapping) and "not_enough" in value
    if unknown and NotEnough in kinds:
        return _value(NotEnough, value, at=at)
    rest = [kind for kind in kinds if kind not in (type(None), NotEnough)]
    trouble: Exception = ValueError(f"{at} is none of {', '.join(map(str, rest))}")
    # A record with more fields than another would be taken for it: the one that uses most of them is meant.
    for kind in sorted(rest, key=lambda kind: -_used(kind, value)):
        try:
            return _value(kind, value, at=at)
        except (TypeError, ValueError) as error:
            trouble = error
    raise trouble


def _used(kind: Any, value: Any) -> int:
    if not is_dataclass(kind) or not isinstance(value, Mapping):
        return 0
    return sum(part.name in value for part in fields(kind))


def _row(inner: tuple[Any, ...], value: Any, *, at: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{at} is no list")
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_value(inner[0], each, at=f"{at}[{place}]") for place, each in enumerate(value))
    if len(inner) != len(value):
        raise ValueError(f"{at} has {len(value)} values, not {len(inner)}")
    return tuple(
        _value(kind, each, at=f"{at}[{place}]")
        for place, (kind, each) in enumerate(zip(inner, value, strict=True))
    )


def _object(value: Any, *, at: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{at} is no object")
    return value


def _plain(hint: Any, value: Any, *, at: str) -> Any:
    if hint is Any or hint is object:
        return value
    if hint is float:
        if value is None:
            return float("nan")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    elif hint in (datetime, date) and isinstance(value, str):
        moment = datetime.fromisoformat(value.removesuffix("Z"))
        return moment if hint is datetime else moment.date()
    elif isinstance(hint, type) and isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    raise ValueError(f"{at} is {value!r:.60}, not {getattr(hint, '__name__', hint)}")

"""Kinds that an earlier run found from ratings: drivers.json or findings.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forvent.errors import UnreadableFile
from forvent.records import Asymmetry, Estimate, NotEnough

DRIVERS, FINDINGS = "forvent/drivers/1", "forvent/findings/2"
#: Asymmetries mean the same in the version before.
EARLIER_FINDINGS = "forvent/findings/1"


def read_kinds(path: Path | str) -> tuple[Asymmetry, ...]:
    """Penalty, reward and kind of each touchpoint or expectation in a result of an earlier run.

    Parameters
    ----------
    path
        What ``forvent drivers --json`` or ``forvent report`` wrote.

    Returns
    -------
    tuple of Asymmetry
        In the order of the file.

    Raises
    ------
    UnreadableFile
        If it is no such file.

    Source
    ------
    Our own definition, docs/kano.md#beside.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "findings.json"
    ...     _ = file.write_text('{"schema": "forvent/findings/2", "asymmetries": []}')
    ...     read_kinds(file)
    ()
    """
    file = Path(path)
    document = _document(file)
    schema = document.get("schema")
    try:
        if schema == DRIVERS:
            level = float(document["level"])
            return tuple(_touchpoint(one, level=level) for one in document["touchpoints"])
        if schema in (FINDINGS, EARLIER_FINDINGS):
            return tuple(_asymmetry(one) for one in document["asymmetries"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(
            f"{file.name} is no whole result of forvent: {error!r} is where a number should be.",
            hint="Make it anew, and leave it as it was written.",
        ) from None
    raise UnreadableFile(
        f"{file.name} has the schema {schema!r}, neither {DRIVERS!r} nor {FINDINGS!r}.",
        hint="Give what forvent drivers --json or forvent report wrote.",
    )


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableFile(
            f"{file.name} cannot be read: {error.strerror}.", hint="Check the name of the file."
        ) from None
    except ValueError:
        raise UnreadableFile(
            f"{file.name} is no JSON.", hint="Give what forvent drivers --json or forvent report wrote."
        ) from None
    if not isinstance(document, dict):
        raise UnreadableFile(
            f"{file.name} holds no result of forvent.",
            hint="Give what forvent drivers --json or forvent report wrote.",
        )
    return document


def _touchpoint(one: Mapping[str, Any], *, level: float) -> Asymmetry:
    missing = one["not_enough"]

    def number(name: str) -> Estimate | NotEnough:
        if one[name] is None:
            return _not_enough(missing[name])
        low, high = float(one[f"{name}_low"]), float(one[f"{name}_high"])
        return Estimate(float(one[name]), low, high, int(one["n"]), level)

    return Asymmetry(
        str(one["name"]), number("penalty"), number("reward"), number("asymmetry"), str(one["kind"])
    )


def _asymmetry(one: Mapping[str, Any]) -> Asymmetry:
    penalty, reward, asymmetry = (_number(one[name]) for name in ("penalty", "reward", "asymmetry"))
    return Asymmetry(str(one["expectation"]), penalty, reward, asymmetry, str(one["kind"]))


def _number(found: Mapping[str, Any]) -> Estimate | NotEnough:
    if "not_enough" in found:
        return _not_enough(found["not_enough"])
    value, low, high, level = (float(found[name]) for name in ("value", "low", "high", "level"))
    return Estimate(value, low, high, int(found["n"]), level)


def _not_enough(found: Mapping[str, Any]) -> NotEnough:
    return NotEnough(int(found["n"]), int(found["needed"]), str(found["why"]))

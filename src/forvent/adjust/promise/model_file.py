"""Promise models as files: plain numbers and JSON in one archive, without code, checked when read."""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from dataclasses import asdict
from datetime import date
from lzma import LZMAError
from pathlib import Path
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.lengths import SECONDS
from forvent.adjust.promise.calibration import HALF_LIVES, WAYS
from forvent.adjust.promise.columns import Columns, NumberColumn, TextColumn
from forvent.adjust.promise.model import PromiseModel
from forvent.adjust.promise.shapes import LOG, SHAPES, Learned, Part, Scale
from forvent.adjust.promise.trees import ARRAYS, Trees
from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.records import Estimate, NotEnough

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

FORMAT = "forvent/promise/1"
#: A model of a promise is small; a file beyond this is none.
MOST_BYTES = 64 * 1024 * 1024
_PLAIN: dict[str, type] = {
    "unit": str,
    "by_day": bool,
    "level": float,
    "target_level": float,
    "lowest": float,
    "n": int,
    "first": float,
    "as_of": float,
    "timed": bool,
}
#: What the offsets are for; a model of other shapes or half-lives would say something else.
_SHAPES = [shape.part + f"-{shape.share:g}" for shape in SHAPES]
_HALF_LIVES = [str(half) for half in HALF_LIVES]
#: All that reading an archive which someone tampered with was seen to raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    TokenError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    MemoryError,
)


def save_model(model: PromiseModel, path: Path | str) -> None:
    """Write a model to a file, all of it or nothing.

    Parameters
    ----------
    model
        A learned model.
    path
        The file; it is overwritten.

    Raises
    ------
    CannotWrite
        If the file cannot be written.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#model-file.

    Examples
    --------
    >>> from datetime import datetime
    >>> from tempfile import TemporaryDirectory
    >>> from forvent.adjust.history import History, elapsed
    >>> from forvent.adjust.promise.learn import learn
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> with TemporaryDirectory() as folder:
    ...     save_model(learn(record, level=0.8), Path(folder) / "hours.forvent")
    ...     (Path(folder) / "hours.forvent").stat().st_size < 20_000
    True
    """
    header = {
        "format": FORMAT,
        "shapes": _SHAPES,
        "half_lives": _HALF_LIVES,
        "columns": asdict(model.columns),
        "log_shift": model.learned.log.shift,
        "parts": {name: part.at_zero for name, part in model.learned.parts.items()},
        "groups": list(model.groups),
        "factors": [dict(factors) for factors in model.factors],
        "like": [[list(levels), count] for levels, count in model.like.items()],
        "usual": dict(model.usual),
        "kept": asdict(model.kept) | {"known": isinstance(model.kept, Estimate)},
        "calendar": None if model.calendar is None else _plain_calendar(model.calendar),
    } | {name: getattr(model, name) for name in _PLAIN}
    arrays: dict[str, NDArray[Any]] = {
        "header": np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), dtype=np.uint8),
        "offsets": model.offsets,
        "trust": model.trust,
    }
    for name, part in model.learned.parts.items():
        arrays[f"{name}.slopes"] = part.slopes
        arrays |= {f"{name}.{one}": getattr(part.trees, one) for one in ARRAYS}
    target = Path(path)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CannotWrite(
            f"The model cannot be written to {target}: {error.strerror}.", hint="Choose another place."
        ) from error


def load_model(path: Path | str) -> PromiseModel:
    """A model from a file. Nothing in the file is ever run, and all of it is checked.

    Parameters
    ----------
    path
        File that ``save_model`` wrote.

    Returns
    -------
    PromiseModel
        The same offers as the model that was saved.

    Raises
    ------
    UnreadableFile
        If the file is missing, damaged, no model, or of another version.

    Source
    ------
    Our own definition, docs/formulas/adjust-engine.md#model-file.

    Examples
    --------
    >>> from datetime import datetime
    >>> from tempfile import TemporaryDirectory
    >>> from forvent.adjust.history import History, elapsed
    >>> from forvent.adjust.promise.learn import learn
    >>> start, hours = np.arange(100) * 7 * 86400.0, np.tile(np.arange(1.0, 11.0), 10)
    >>> columns, known, none = {}, start + hours * 3600, np.full(100, np.nan)
    >>> record = History(start, known, hours, none, columns, "hour", as_of=7e7, clock=elapsed("hour"))
    >>> with TemporaryDirectory() as folder:
    ...     save_model(learn(record, level=0.8), Path(folder) / "hours.forvent")
    ...     load_model(Path(folder) / "hours.forvent").offer({}, at=datetime(1972, 1, 1)).upper
    9.0
    """
    arrays = _arrays(Path(path))
    try:
        header: dict[str, Any] = json.loads(arrays["header"].tobytes())
        if header["format"] != FORMAT:
            raise UnreadableFile(
                f"{path} is a model of the format “{header['format']}”; this version reads “{FORMAT}”.",
                hint="Fit it again: forvent promise fit.",
            )
        return _model(header, arrays)
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
        BadOption,
    ) as error:
        raise _damaged(path) from error


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MOST_BYTES:
            raise UnreadableFile(
                f"{path} unpacks to {size:,} bytes; a model of a promise is far smaller.",
                hint="Fit it again: forvent promise fit.",
            )
        with np.load(path, allow_pickle=False) as loaded:
            return {name: loaded[name] for name in loaded.files}
    except FileNotFoundError:
        raise UnreadableFile(
            f"There is no file {path}.", hint="Fit a model first: forvent promise fit."
        ) from None
    except _BROKEN as error:
        raise _damaged(path) from error


def _damaged(path: Path | str) -> UnreadableFile:
    return UnreadableFile(
        f"{path} is no model of a promise, or it is damaged.", hint="Fit it again: forvent promise fit."
    )


def _model(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> PromiseModel:
    columns = Columns(
        numbers=tuple(NumberColumn(**one) for one in header["columns"]["numbers"]),
        texts=tuple(
            TextColumn(one["name"], tuple(map(str, one["levels"]))) for one in header["columns"]["texts"]
        ),
    )
    parts = {name: _part(name, at_zero, arrays, columns) for name, at_zero in header["parts"].items()}
    if header["shapes"] != _SHAPES or header["half_lives"] != _HALF_LIVES:
        raise ValueError("shapes")
    model = PromiseModel(
        learned=Learned(columns, Scale(LOG, float(header["log_shift"])), parts),
        offsets=_floats(arrays["offsets"], (2, len(SHAPES), len(HALF_LIVES))),
        trust=_floats(arrays["trust"], (WAYS,)),
        groups=tuple(header["groups"]),
        factors=tuple({str(k): float(v) for k, v in one.items()} for one in header["factors"]),
        like={tuple(levels): int(count) for levels, count in header["like"]},
        kept=_kept(header["kept"]),
        usual={str(column): str(level) for column, level in header["usual"].items()},
        calendar=None if header["calendar"] is None else _calendar(header["calendar"]),
        **{name: _plain(header[name], kind) for name, kind in _PLAIN.items()},
    )
    _check(model)
    return model


def _plain(value: object, kind: type) -> Any:
    if type(value) is not kind and not (kind is float and type(value) is int):
        raise ValueError(f"{value} is no {kind.__name__}")
    return value


def _check(model: PromiseModel) -> None:
    """Refuse what is of the right type and yet no promise could be made of."""
    numbers = [
        model.level,
        model.target_level,
        model.lowest,
        model.first,
        model.as_of,
        model.learned.log.shift,
    ]
    numbers += [factor for factors in model.factors for factor in factors.values()]
    numbers += [one for column in model.columns.numbers for one in (column.low, column.high, column.middle)]
    numbers += [part.at_zero for part in model.learned.parts.values()]
    sound = (
        all(math.isfinite(one) for one in numbers)
        and 0 < model.target_level <= model.level < 1
        and model.lowest <= 0 <= model.n
        and model.learned.log.shift > 0
        and (not model.timed or model.unit in SECONDS)
        and len(model.groups) == len(model.factors)
        and set(model.usual) == {column.name for column in model.columns.texts}
        and not np.isneginf(model.offsets).any()
        and bool(np.all(np.isfinite(model.trust) & (model.trust >= 0)))
        and all(bool(np.isfinite(part.slopes).all()) for part in model.learned.parts.values())
    )
    if not sound:
        raise ValueError("header")


def _part(name: str, at_zero: float, arrays: dict[str, NDArray[Any]], columns: Columns) -> Part:
    nodes: dict[str, Any] = {one: arrays[f"{name}.{one}"] for one in ARRAYS}
    trees = Trees(**nodes)
    trees.check(columns=len(columns.names))
    slopes = _floats(arrays[f"{name}.slopes"], (len(columns.numbers),))
    return Part(slopes, float(at_zero), trees)


def _floats(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float64]:
    if array.dtype.kind != "f" or array.shape != shape:
        raise ValueError("array")
    return array.astype(np.float64)


def _kept(entry: dict[str, Any]) -> Estimate | NotEnough:
    known = entry.pop("known")
    return Estimate(**entry) if known else NotEnough(**entry)


def _plain_calendar(calendar: Calendar) -> dict[str, Any]:
    return {
        "hours": calendar.hours,
        "zone": calendar.zone,
        "holidays": calendar.holidays,
        "closed": sorted(day.isoformat() for day in calendar.closed),
        "special": [[day.isoformat(), windows] for day, windows in calendar.special],
    }


def _calendar(entry: dict[str, Any]) -> Calendar:
    # Here and not above: a promise around the clock needs no opening hours.
    from forvent.adjust.calendar.calendar import calendar_from

    return calendar_from(
        entry["hours"],
        zone=entry["zone"],
        holidays=entry["holidays"],
        closed=[date.fromisoformat(day) for day in entry["closed"]],
        special={date.fromisoformat(day): windows for day, windows in entry["special"]},
    )

"""Which columns of a survey say what was expected and what was received of one thing, by their names."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from forvent.errors import BadOption
from forvent.reading.columns import NOT_USED, find_column, missing
from forvent.reading.header_words import folded

PARTS = ("expected", "received", "adequate", "desired")
"""What can be asked of one thing."""

PLAIN, WEAK = 2, 1
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HINT = "Name them: --map expected.NAME=COLUMN --map received.NAME=COLUMN."

#: Questions of the published SERVQUAL by dimension (Parasuraman, Zeithaml & Berry 1988), counted from 1.
SERVQUAL = {
    "tangibles": range(1, 5),
    "reliability": range(5, 10),
    "responsiveness": range(10, 14),
    "assurance": range(14, 18),
    "empathy": range(18, 23),
}


@dataclass(frozen=True, slots=True)
class PairColumns:
    """The columns of one pair by part: received, and expected or the zone of tolerance."""

    name: str
    columns: Mapping[str, str]
    dimension: str = ""
    guessed: bool = True


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a header: the part it names, what is left of it, and how plainly it says so."""

    part: str
    stem: tuple[str, ...]
    strength: int
    letter: bool
    column: str


def find_pairs(
    names: Sequence[str],
    *,
    given: Mapping[str, str],
    dimensions: Mapping[str, Sequence[str]],
    numeric: Callable[[str], bool],
    file: str,
) -> tuple[PairColumns, ...]:
    """The pairs that are given or can be told from the names of columns, in the order of the file.

    ``given`` maps "expected.NAME", "received.NAME", "adequate.NAME", "desired.NAME" (or the part alone, for
    a single pair) to a column, or to "-" where a pair shall not be used. ``numeric`` says whether a column
    holds numbers.

    Raises
    ------
    MissingColumn
        If no pair is found, or a given column is not in the file.
    BadOption
        If a given pair has no received column, or nothing to hold it against.
    """
    mapped, off = _given(given, names=names, file=file)
    taken = set(chain.from_iterable(columns.values() for columns in mapped.values()))
    free = [name for name in names if name not in taken and numeric(name)]
    found = {pair.name: pair for pair in _guessed(free) if _key(pair.name) not in off}
    for name, columns in mapped.items():
        same = next((known for known in found if _key(known) == _key(name)), name)
        before = found.get(same, PairColumns(name, {}))
        found[same] = PairColumns(before.name, {**before.columns, **columns}, guessed=False)
    pairs = tuple(map(_whole, found.values()))
    if not pairs:
        what = "one with what was expected and one with what was received of the same thing"
        raise missing(file, what=what, names=names, hint=_HINT)
    ordered = sorted(pairs, key=lambda pair: names.index(pair.columns["received"]))
    return _in_dimensions(ordered, dimensions)


def named(given: str, *, pairs: Sequence[PairColumns], option: str) -> PairColumns:
    """The pair of a name, or of one of its columns.

    Raises
    ------
    BadOption
        If there is no such pair.
    """
    key = _key(given)
    for pair in pairs:
        if key in {_key(pair.name), *map(_key, pair.columns.values())}:
            return pair
    raise BadOption(
        f"“{given}” ({option}) is no pair of this file.",
        hint=f"Pairs: {', '.join(pair.name for pair in pairs)}.",
    )


def unit_in(name: str) -> str:
    """The unit of time in a header: minute, hour or day; "" where there is none."""
    pieces = set(_pieces(name))
    return next((unit for unit in ("minute", "hour", "day") if pieces & _level_words(unit)), "")


def is_better_less(name: str) -> bool:
    """Whether a header speaks of something of which less is better, such as a wait or a price."""
    return bool(set(_pieces(name)) & _level_words("less"))


def _pieces(name: str) -> tuple[str, ...]:
    return tuple(_PIECES.findall(" ".join(folded(name))))


def _key(name: str) -> str:
    return " ".join(_pieces(name)) or name


def _given(
    given: Mapping[str, str], *, names: Sequence[str], file: str
) -> tuple[dict[str, dict[str, str]], set[str]]:
    """Columns by pair and part as they were given, and the keys of pairs that are switched off."""
    mapped: dict[str, dict[str, str]] = {}
    off: set[str] = set()
    for field, column in given.items():
        part, _, name = field.partition(".")
        if column == NOT_USED:
            off.add(_key(name))
            continue
        found = find_column(column, names=names, what=field, file=file)
        mapped.setdefault(name, {})[part] = found
    return mapped, off


def _whole(pair: PairColumns) -> PairColumns:
    """The pair, named by its received column where it has no name of its own."""
    if "received" not in pair.columns or len(pair.columns) < 2:
        has = ", ".join(f"{part}={column}" for part, column in pair.columns.items())
        raise BadOption(
            f"The pair “{pair.name}” is not whole: {has}.",
            hint="A pair needs what was received, and what was expected (or adequate and desired).",
        )
    ordered = {part: pair.columns[part] for part in PARTS if part in pair.columns}
    if "expected" not in ordered and not {"adequate", "desired"} <= set(ordered):
        raise BadOption(
            f"The pair “{pair.name}” does not say what was expected.",
            hint="Name the expected column, or both the adequate and the desired one.",
        )
    return replace(pair, name=pair.name or ordered["received"], columns=ordered)


def _guessed(names: Sequence[str]) -> list[PairColumns]:
    by_stem: dict[tuple[str, ...], list[_Reading]] = {}
    for reading in chain.from_iterable(map(_readings, names)):
        by_stem.setdefault(reading.stem, []).append(reading)
    chosen = [columns for stem, readings in by_stem.items() if (columns := _pair_of(stem, readings))]
    # A letter alone says little: one such pair may be chance.
    letters = [columns for columns in chosen if columns["received"].letter]
    if len(letters) == 1:
        chosen.remove(letters[0])
    chosen.sort(key=lambda columns: -sum(reading.strength for reading in columns.values()))
    pairs: list[PairColumns] = []
    used: set[str] = set()
    for columns in chosen:
        here = {part: reading.column for part, reading in columns.items()}
        if not used & set(here.values()):
            used |= set(here.values())
            pairs.append(PairColumns(_name_of(columns["received"]), here))
    return pairs


def _readings(name: str) -> list[_Reading]:
    """Every way in which a header names a part."""
    pieces = _pieces(name)
    found = []
    for part in PARTS:
        for strength, words in ((PLAIN, _words(part, "plain")), (WEAK, _words(part, "weak"))):
            for place, piece in enumerate(pieces):
                left = _left_of(pieces, place=place, words=words)
                if left is not None:
                    found.append(_Reading(part, left, strength, len(piece) == 1, name))
    return found


def _left_of(pieces: tuple[str, ...], *, place: int, words: frozenset[str]) -> tuple[str, ...] | None:
    """What is left of a header without the word at a place; None where no word stands there."""
    piece = pieces[place]
    before, after = pieces[:place], pieces[place + 1 :]
    if piece in words:
        return None if len(piece) == 1 and before and after else before + after
    held = next((word for word in words if _HAN.search(word) and word in piece), None)
    if held is None:
        return None
    rest = piece.replace(held, "", 1)
    return (*before, *((rest,) if rest else ()), *after)


def _pair_of(stem: tuple[str, ...], readings: Sequence[_Reading]) -> dict[str, _Reading] | None:
    """The plainest column of each part, if together they make a pair."""
    best: dict[str, _Reading] = {}
    for reading in sorted(readings, key=lambda reading: -reading.strength):
        if reading.part not in best and all(reading.column != other.column for other in best.values()):
            best[reading.part] = reading
    if "expected" in best and "received" in best:
        expected, received = best["expected"], best["received"]
        # A letter stands against a letter, and without anything left only a plain word will do.
        if expected.letter != received.letter or (not stem and expected.strength == WEAK):
            return None
        return best
    return best if {"received", "adequate", "desired"} <= set(best) else None


def _name_of(received: _Reading) -> str:
    letters = any(not piece.isdigit() for piece in received.stem)
    return "_".join(received.stem) if letters else received.column


def _in_dimensions(
    pairs: Sequence[PairColumns], given: Mapping[str, Sequence[str]]
) -> tuple[PairColumns, ...]:
    if given:
        of = {
            named(name, pairs=pairs, option=f"--dimension {dimension}").name: dimension
            for dimension, members in given.items()
            for name in members
        }
    elif servqual := _servqual(pairs):
        of = servqual
    else:
        stems = {pair.name: _key(pair.name).rstrip("0123456789 ") for pair in pairs}
        # Numbers behind the name of the whole part, as in qual1 to qual5, tell no dimensions apart.
        lettered = {pair.name: stems[pair.name].replace(" ", "_") for pair in pairs if _numbered(pair)}
        many = Counter(lettered.values())
        of = {name: stem for name, stem in lettered.items() if many[stem] > 1}
        of = of if len(set(of.values())) > 1 else {}
    return tuple(replace(pair, dimension=of.get(pair.name, "")) for pair in pairs)


def _numbered(pair: PairColumns) -> bool:
    pieces = _pieces(pair.name)
    return len(pieces) > 1 and pieces[-1].isdigit()


def _servqual(pairs: Sequence[PairColumns]) -> dict[str, str]:
    """The dimensions of the published questions, where pairs are numbered 1 to 22 and have no other name."""
    numbers = {}
    for pair in pairs:
        last = _pieces(pair.name)[-1]
        if pair.name == pair.columns["received"] and last.isdigit():
            numbers[int(last)] = pair.name
    if len(pairs) != 22 or sorted(numbers) != list(range(1, 23)):
        return {}
    return {numbers[number]: dimension for dimension, which in SERVQUAL.items() for number in which}


@cache
def _words(part: str, how: str) -> frozenset[str]:
    return frozenset("".join(folded(word)) for word in _lists()[part][how])


@cache
def _level_words(which: str) -> frozenset[str]:
    return frozenset("".join(folded(word)) for word in _lists()["level"][which])


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files("forvent.reading").joinpath("pair_words.toml").read_text(encoding="utf-8"))

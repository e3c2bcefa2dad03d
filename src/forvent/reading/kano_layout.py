"""Where the answers of a Kano questionnaire stand: a row a pair, or two columns a feature."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forvent.errors import BadOption, MissingColumn
from forvent.reading.columns import NOT_USED, find_column
from forvent.reading.header_words import field_words, name_score

#: Fields of a file with a row a pair; of one with a row a respondent only the first.
FIELDS = ("respondent", "feature", "functional", "dysfunctional")
WITH, WITHOUT = "+", "-"

_PAIRED = re.compile(
    r"(?P<feature>.*?\w.*?)[\s_.:|/]*[(\[]?(?P<sign>[+＋]|[-−–－]|(?<![^\W_])(?:dys)?functional)[)\]]?", re.I
)


@dataclass(frozen=True, slots=True)
class KanoColumns:
    """What is to be read: fields → columns, the columns of segments and of waves, and the scale.

    ``every`` is the period of a wave where the waves are dates. ``scale`` is the number for "like" and the
    one for "dislike"; None is (1, 5), unsaid.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    wave: str | None = None
    every: str | None = None
    scale: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One feature and the columns of its two answers; in a file with a row a pair the feature has no name."""

    feature: str
    functional: int
    dysfunctional: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where what stands; ``feature`` is None in a file with a row a respondent."""

    respondent: int | None
    feature: int | None
    pairs: tuple[Pair, ...]
    mapping: Mapping[str, str]
    guessed: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns that hold answers."""
        return tuple(column for pair in self.pairs for column in (pair.functional, pair.dysfunctional))


def kano_layout(names: Sequence[str], *, given: Mapping[str, str], file: str) -> Layout:
    """Where the answers stand, as they were named or by the names of the columns.

    Raises
    ------
    BadOption
        If a field is none of a Kano questionnaire, or a feature has only one of its two columns.
    MissingColumn
        If a named column is not there, or no pair of columns is found.
    """
    signed = {name: column for name, column in given.items() if _sign(name)}
    wrong = [name for name in given if name not in FIELDS and name not in signed]
    if wrong:
        raise BadOption(
            f"“{wrong[0]}” is no field of a Kano questionnaire.",
            hint=f"Fields: {', '.join(FIELDS)}; or FEATURE+ and FEATURE- for two columns of one feature.",
        )
    named = {
        name: find_column(column, names=names, what=name, file=file)
        for name, column in given.items()
        if column != NOT_USED
    }
    off = {name for name, column in given.items() if column == NOT_USED}
    if signed:
        return _wide(names, named=named, off=off, columns=_named_pairs(named))
    long = _guess_long(names, named=named, off=off)
    if {"functional", "dysfunctional"} & named.keys() or {"functional", "dysfunctional"} <= long.keys():
        return _long(names, columns=long, named=named, file=file)
    found = _paired(names)
    if any(len(sides) == 2 for sides in found.values()):
        return _wide(names, named=named, off=off, columns=found)
    raise MissingColumn(
        f"{file} has no columns of a Kano questionnaire. Its columns: {', '.join(names)}.",
        hint="Name two columns a feature FEATURE+ and FEATURE-, or say where they are with "
        "--map FEATURE+=COLUMN --map FEATURE-=COLUMN; or have columns respondent, feature, functional and "
        "dysfunctional.",
    )


def _sign(name: str) -> str:
    """The side of a feature that a name ends on; empty for a plain field."""
    return {"+": WITH, "-": WITHOUT}.get(name[-1:], "") if len(name) > 1 else ""


def _named_pairs(named: Mapping[str, str]) -> dict[str, dict[str, str]]:
    pairs: dict[str, dict[str, str]] = {}
    for name, column in named.items():
        if sign := _sign(name):
            pairs.setdefault(name[:-1].strip(), {})[sign] = column
    for feature, sides in pairs.items():
        if len(sides) < 2:
            there, lacks = (WITH, WITHOUT) if WITH in sides else (WITHOUT, WITH)
            raise BadOption(
                f"“{feature}{there}” is mapped, “{feature}{lacks}” is not.",
                hint=f"Add --map “{feature}{lacks}=COLUMN”: a pair needs both answers.",
            )
    return pairs


def _paired(names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Features by the names of their columns: "chat+", "chat (-)", "chat functional"."""
    pairs: dict[str, dict[str, str]] = {}
    for name in names:
        match = _PAIRED.fullmatch(name)
        if match is None:
            continue
        sign = WITH if match["sign"].lower() in ("+", "＋", "functional") else WITHOUT
        pairs.setdefault(match["feature"].strip(), {}).setdefault(sign, name)
    return pairs


def _wide(
    names: Sequence[str],
    *,
    named: Mapping[str, str],
    off: set[str],
    columns: Mapping[str, Mapping[str, str]],
) -> Layout:
    whole = {feature: sides for feature, sides in columns.items() if len(sides) == 2}
    half = [next(iter(sides.values())) for sides in columns.values() if len(sides) < 2]
    taken = {column for sides in whole.values() for column in sides.values()}
    respondent = named.get("respondent") or _best(names, field="respondent", taken=taken, off=off)
    mapping = {} if respondent is None else {"respondent": respondent}
    mapping |= {
        f"{feature}{sign}": sides[sign] for feature, sides in whole.items() for sign in (WITH, WITHOUT)
    }
    notes = (f"No second answer to {_listed(half)}: not used.",) if half else ()
    return Layout(
        respondent=None if respondent is None else names.index(respondent),
        feature=None,
        pairs=tuple(
            Pair(feature, names.index(sides[WITH]), names.index(sides[WITHOUT]))
            for feature, sides in whole.items()
        ),
        mapping=mapping,
        guessed=tuple(name for name in mapping if name not in named),
        notes=notes,
    )


def _guess_long(names: Sequence[str], *, named: Mapping[str, str], off: set[str]) -> dict[str, str]:
    columns = {name: named[name] for name in FIELDS if name in named}
    for name in ("dysfunctional", "functional", "feature", "respondent"):
        if name not in columns:
            best = _best(names, field=name, taken=set(columns.values()), off=off)
            if best is not None:
                columns[name] = best
    return columns


def _long(names: Sequence[str], *, columns: Mapping[str, str], named: Mapping[str, str], file: str) -> Layout:
    lacking = [name for name in ("feature", "functional", "dysfunctional") if name not in columns]
    if lacking:
        raise MissingColumn(
            f"{file} has no column that looks like {lacking[0]}. Its columns: {', '.join(names)}.",
            hint=f"Name it with --map {lacking[0]}=COLUMN.",
        )
    at = {name: names.index(column) for name, column in columns.items()}
    mapping = {name: columns[name] for name in FIELDS if name in columns}
    return Layout(
        respondent=at.get("respondent"),
        feature=at["feature"],
        pairs=(Pair("", at["functional"], at["dysfunctional"]),),
        mapping=mapping,
        guessed=tuple(name for name in mapping if name not in named),
    )


def _best(names: Sequence[str], *, field: str, taken: set[str], off: set[str]) -> str | None:
    if field in off:
        return None
    words = field_words("kano")[field]
    scores = {name: name_score(name, words=words) for name in names if name not in taken}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] > 0 else None


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"“{column}”" for column in columns[:5]) + (", …" if len(columns) > 5 else "")

"""Which column holds what: a guess from the names of the columns and from what stands in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from forvent.errors import BadOption, MissingColumn
from forvent.reading.cells import Cell, value_of
from forvent.reading.header_words import HOLDS, field_words, folded, name_score
from forvent.reading.ratings import read_rating
from forvent.reading.sample import Sample
from forvent.reading.times import is_time_of

NOT_USED = "-"
"""Given as a column, it switches the guess of a field off."""

_LOOK_AT = 300
_LANGUAGE = re.compile(
    r"[a-z]{2,3}([-_][A-Za-z]{2,4})*|[A-Z][a-z]+|čeština|norsk|eesti|հայերեն|中文|português", re.I
)
_LINK = re.compile(r"(https?:|www\.)\S+|\S+@\S+\.\w+")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_WORDS = re.compile(r"[^\W\d_]\S*\s+\S|[\u0e00-\u0eff\u3040-\u9fff]{4}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → column, and which of them were guessed."""

    mapping: Mapping[str, str]
    guessed: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Profile:
    """What stands in a column: shares of its filled cells, each between 0 and 1."""

    name: str
    values: tuple[Cell, ...]
    filled: float
    distinct: float
    kinds: int
    length: float
    words: float
    numbers: float
    links: float

    def share(self, holds: Callable[[Cell], object]) -> float:
        """Share of the filled cells for which something holds."""
        return sum(1 for value in self.values if holds(value)) / len(self.values) if self.values else 0.0


def guess_columns(
    names: Sequence[str], *, sample: Sample, kind: str, given: Mapping[str, str], file: str
) -> Columns:
    """The column of every field that is given or can be guessed.

    Each column serves one field, except that the id of a voice may be its episode's.

    Raises
    ------
    BadOption
        If a given field is none of a voice or an episode.
    MissingColumn
        If a given column is not in the file.
    """
    fields = field_words(kind)
    named = _given(given, fields=tuple(fields), names=names, file=file)
    off = {field for field, column in given.items() if column == NOT_USED}
    profiles = [_profile(name, sample.column(index)) for index, name in enumerate(names)]
    free = [profile for profile in profiles if profile.name not in named.values()]
    scores = {
        (field, profile.name): score
        for field, words in fields.items()
        if field not in named and field not in off
        for profile in free
        if (score := _score(profile, field=field, by_name=name_score(profile.name, words=words))) > 0
    }
    mapping = dict(named)
    for field, column in sorted(scores, key=lambda pair: -scores[pair]):
        if field not in mapping and column not in mapping.values():
            mapping[field] = column
    if kind == "voices":
        _complete_voices(mapping, profiles=profiles, off=off)
        _drop_own_brand(mapping, profiles=profiles, named=named)
    ordered = {field: mapping[field] for field in fields if field in mapping}
    notes = _rivals(ordered, scores=scores, named=named)
    return Columns(ordered, tuple(field for field in ordered if field not in named), notes)


def missing(file: str, *, what: str, names: Sequence[str], hint: str) -> MissingColumn:
    """The error for a needed column that could not be guessed."""
    return MissingColumn(
        f"{file} has no column that looks like {what}. Its columns: {', '.join(names)}.", hint=hint
    )


def _given(
    given: Mapping[str, str], *, fields: Sequence[str], names: Sequence[str], file: str
) -> dict[str, str]:
    named: dict[str, str] = {}
    for field, column in given.items():
        if field not in fields:
            raise BadOption(
                f"“{field}” is no field that can be mapped.", hint=f"Fields: {', '.join(fields)}."
            )
        if column != NOT_USED:
            named[field] = find_column(column, names=names, what=field, file=file)
    return named


def find_column(column: str, *, names: Sequence[str], what: str, file: str) -> str:
    """The name of a column as the file writes it, which may differ in case and signs from the one given."""
    if column in names:
        return column
    alike = [name for name in names if folded(name) == folded(column)]
    if len(alike) == 1:
        return alike[0]
    close = difflib.get_close_matches(column.lower(), [name.lower() for name in names], n=3, cutoff=0.5)
    nearest = ", ".join(f"“{name}”" for name in names if name.lower() in close)
    raise MissingColumn(
        f"{file} has no column “{column}” for {what}. Its columns: {', '.join(names)}.",
        hint=f"Did you mean {nearest}?" if nearest else "Name one of these columns.",
    )


def _profile(name: str, cells: Sequence[Cell]) -> _Profile:
    filled = [cell for cell in cells if value_of(cell) is not None]
    # Evenly over the whole sample: the first rows of a file are often not like the others.
    values = tuple(islice(filled, 0, None, max(1, len(filled) // _LOOK_AT)))
    texts = [value_of(cell) or "" for cell in values]
    count = max(1, len(texts))
    return _Profile(
        name=name,
        values=values,
        filled=len(filled) / max(1, len(cells)),
        distinct=len(set(filled)) / max(1, len(filled)),
        kinds=len(set(filled)),
        length=sum(map(len, texts)) / count,
        words=sum(_WORDS.search(text) is not None for text in texts) / count,
        numbers=sum(_NUMBER.fullmatch(text) is not None for text in texts) / count,
        links=sum(_LINK.fullmatch(text) is not None for text in texts) / count,
    )


def _score(profile: _Profile, *, field: str, by_name: float) -> float:
    """Name and content together; 0 where the column cannot be the field."""
    if by_name < 0:
        return 0.0
    if not profile.values:
        # A column that is empty so far may be filled in the next export.
        return by_name if by_name >= 3 else 0.0
    fit = _FITS[field](profile)
    if by_name == 0:
        return fit if fit >= 1 and profile.numbers < 0.5 and field in _BY_CONTENT else 0.0
    return by_name + 2 * fit + 0.5 * profile.filled if fit > 0 else 0.0


def _fits_text(profile: _Profile) -> float:
    if profile.numbers > 0.5 or profile.links > 0.5 or profile.share(is_time_of) > 0.5:
        return 0.0
    if profile.words >= 0.5 and profile.length >= 15 and profile.distinct >= 0.3:
        # Among columns of sentences the longest is what the customer said.
        return 1.0 + min(profile.length, 400) / 1000
    return 0.3 + profile.words / 2


def _fits_time(profile: _Profile) -> float:
    dates = profile.share(is_time_of)
    return dates if dates >= 0.2 else 0.0


def _fits_only_time(profile: _Profile) -> float:
    return 0.0 if profile.numbers > 0.5 and not _like_epoch(profile) else _fits_time(profile)


def _like_epoch(profile: _Profile) -> bool:
    return profile.share(is_time_of) > 0.9


def _fits_rating(profile: _Profile) -> float:
    if profile.kinds > 201:
        return 0.0
    readings = [read_rating(value) for value in profile.values]
    usable = [given for given in readings if given is not None and -100 <= given.value <= 100]
    share = len(usable) / len(readings)
    drawn = sum(given.high is not None for given in usable) / len(readings)
    return share + (0.5 if drawn > 0.9 else 0.0) if share >= 0.5 else 0.0


def _fits_id(profile: _Profile) -> float:
    return min(1.0, profile.distinct + 0.1) if profile.distinct >= 0.1 and profile.words < 0.5 else 0.0


def _fits_label(profile: _Profile) -> float:
    short = profile.length <= 60 and profile.kinds <= 500
    return 0.8 if short and profile.share(is_time_of) < 0.5 else 0.0


def _fits_language(profile: _Profile) -> float:
    return profile.share(lambda value: isinstance(value, str) and _LANGUAGE.fullmatch(value.strip()))


def _fits_status(profile: _Profile) -> float:
    # Two kinds of numbers are a flag: cancelled or not.
    few = profile.kinds <= 2 or (profile.kinds <= 50 and profile.numbers < 0.5)
    return 0.8 if few and profile.length <= 40 else 0.0


_FITS: Mapping[str, Callable[[_Profile], float]] = {
    "text": _fits_text,
    "title": lambda profile: 0.0 if profile.numbers > 0.5 or profile.share(is_time_of) > 0.5 else 0.8,
    "id": _fits_id,
    "time": _fits_only_time,
    "rating": _fits_rating,
    "rating_max": lambda profile: profile.numbers if profile.kinds <= 5 else 0.0,
    "channel": _fits_label,
    "touchpoint": _fits_label,
    "customer": lambda profile: (0.8 if profile.kinds > 1 else 0.3) if profile.length <= 120 else 0.0,
    "language": _fits_language,
    "episode": _fits_id,
    "competitor": _fits_label,
    "start": _fits_time,
    "promised": _fits_time,
    "delivered": _fits_time,
    "status": _fits_status,
}
# Fields that may be guessed where no name says so: what stands in these columns is unmistakable.
_BY_CONTENT = frozenset(("text", "time"))


def _complete_voices(mapping: dict[str, str], *, profiles: Sequence[_Profile], off: set[str]) -> None:
    """Drop what makes no sense alone; let the order stand for the id where each order has one voice."""
    if "text" not in mapping or mapping.get("title") == mapping.get("text"):
        mapping.pop("title", None)
    if "rating" not in mapping:
        mapping.pop("rating_max", None)
    episode = next((profile for profile in profiles if profile.name == mapping.get("episode")), None)
    if "id" not in mapping and "id" not in off and episode is not None and episode.distinct >= 0.9:
        mapping["id"] = episode.name


def _drop_own_brand(
    mapping: dict[str, str], *, profiles: Sequence[_Profile], named: Mapping[str, str]
) -> None:
    """Forget a guessed "brand" or "company" that every row has: it may as well be one's own."""
    column = mapping.get("competitor")
    if column is None or "competitor" in named:
        return
    profile = next(profile for profile in profiles if profile.name == column)
    if profile.filled == 1 and name_score(column, words=field_words("voices")["competitor"]) < HOLDS:
        del mapping["competitor"]


def _rivals(
    mapping: Mapping[str, str], *, scores: Mapping[tuple[str, str], float], named: Mapping[str, str]
) -> tuple[str, ...]:
    """Columns that would have fitted nearly as well, so that a wrong guess is seen."""
    notes = []
    for field, column in mapping.items():
        chosen = scores.get((field, column))
        if chosen is None or field in named:
            continue
        others = [
            other
            for (which, other), score in scores.items()
            if which == field and other not in mapping.values() and score >= chosen - 0.75
        ]
        if others:
            listed = ", ".join(f"“{other}”" for other in others[:3])
            notes.append(f"“{column}” was taken for {field}; it might also be {listed}.")
    return tuple(notes)

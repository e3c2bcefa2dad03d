"""Cells → ratings between 0 and 1, whatever scale they were given on."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from forvent.reading.cells import Cell, as_text
from forvent.records import Scale

_NUMBER = re.compile(r"[-+−]?\d{1,9}(?:[.,]\d+)?")
_OF = re.compile(
    r"(?P<given>\d{1,4}(?:[.,]\d+)?)\s*(?:/|out of|of|z|ze|av|von|de|em|из)\s*"
    r"(?P<top>\d{1,4})\s*[^\W\d]{0,12}",
    re.I,
)
_STARS = re.compile(
    r"(?P<given>\d{1,2}(?:[.,]\d+)?)\s*[-]?\s*(?:★|⭐️?|\*|stars?|hvězd\w*|stjern\w*|tärn\w*|stern\w*|estrelas?|estrellas?|étoiles?|[顆颗]?星|աստղ\w*)",
    re.I,
)
_PERCENT = re.compile(r"(?P<given>\d{1,3}(?:[.,]\d+)?)\s*[%％]")
_POINTS = re.compile(
    r"(?P<given>\d{1,3}(?:[.,]\d+)?)\s*(?:分|points?|pts?|bod\w*|poeng|punkti?|Punkte?|pontos?|միավոր)", re.I
)
_DRAWN = re.compile(r"[★⭐️]*[☆✩]*")

# The smallest scale that holds the ratings is theirs; (−1, 1) and (0, 1) are told apart before.
_SCALES = ((1.0, 5.0), (0.0, 5.0), (1.0, 7.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0))
_TEN = re.compile(
    r"\b(nps|recommend\w*|promoter|doporuč\w*|anbefal\w*|soovita\w*|推荐|recomend\w*|empfehl\w*)", re.I
)
_SEVEN = re.compile(r"\b(ces|effort|likert ?7)\b", re.I)
_MARKS = re.compile(r"\b(známk\w*|znamk\w*|schulnoten?|schulnote)\b", re.I)
_STRAY = 0.05


@dataclass(frozen=True, slots=True)
class Given:
    """A rating as it was given; ``low`` and ``high`` where the cell says its own scale."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ScaleGuess:
    """The scale of a column and what a person should know about how it was found."""

    scale: Scale | None
    notes: tuple[str, ...] = ()


# Few kinds of answers come again and again; True is not 1.
@lru_cache(maxsize=8192, typed=True)
def read_rating(cell: Cell) -> Given | None:
    """The rating in a cell: a number, "4/5", "5 stars", "★★★★☆", "80 %", thumbs or a known word."""
    if isinstance(cell, bool):
        return Given(float(cell), 0.0, 1.0)
    if isinstance(cell, int | float):
        return Given(float(cell))
    text = as_text(cell)
    if not text or len(text) > 40:
        return None
    if _NUMBER.fullmatch(text):
        return Given(_number(text))
    return _with_scale(text) or _in_words(text)


def rating_on(given: Given, *, scale: Scale) -> float | None:
    """The rating between 0 and 1 on a scale; None where it lies outside."""
    if not min(scale.low, scale.high) <= given.value <= max(scale.low, scale.high):
        return None
    return (given.value - scale.low) / (scale.high - scale.low)


def own_scale(given: Given, *, top: float | None, zero_seen: bool) -> Scale | None:
    """The scale that a rating brings itself, in its cell or in a column with the highest rating."""
    if given.low is not None and given.high is not None:
        return Scale(given.low, given.high)
    high = given.high if given.high is not None else top
    if high is None or high <= 0:
        return None
    return Scale(0.0 if zero_seen or high > 10 or high <= 1 else 1.0, high)


def scale_name(scale: Scale) -> str:
    """A scale as a person says it: "1–5"."""
    return f"{scale.low:g}–{scale.high:g}" if scale.low >= 0 else f"{scale.low:g} to {scale.high:g}"


def guess_scale(values: Iterable[float], *, column: str) -> ScaleGuess:
    """The scale of plain numbers: the smallest usual one that holds them but for a few strays.

    Parameters
    ----------
    values
        Ratings as given, from the whole of the column or an even sample.
    column
        Name of the column; "nps" and the like say 0–10, "effort" 1–7, school marks 5–1.

    Returns
    -------
    ScaleGuess
        The scale, None where no usual scale fits, with a note where others fit as well.

    Source
    ------
    Our own definition, ``docs/howto/read-your-data.md``, section "Ratings".

    Examples
    --------
    >>> guess_scale([5, 4, 1, 5, 3], column="score").scale
    Scale(low=1.0, high=5.0, guessed=True)
    >>> guess_scale([5, 4, 1, 5, 3], column="nps").scale
    Scale(low=0.0, high=10.0, guessed=True)
    """
    counts = Counter(values)
    if not counts:
        return ScaleGuess(None)
    if min(counts) < 0 and min(counts) >= -1 and max(counts) <= 1:
        return ScaleGuess(Scale(-1.0, 1.0))
    if min(counts) >= 0 and max(counts) <= 1 and (len(counts) > 1 or 0 in counts):
        return ScaleGuess(Scale(0.0, 1.0))
    named = _scale_by_name(counts, column=column)
    if named is not None:
        return named
    for low, high in _SCALES:
        if _holds(counts, low=low, high=high):
            return ScaleGuess(Scale(low, high), _doubts(counts, low=low, high=high, column=column))
    return ScaleGuess(
        None, (f"The ratings in “{column}” fit no usual scale ({_seen(counts)}); name it to use them.",)
    )


def _scale_by_name(counts: Counter[float], *, column: str) -> ScaleGuess | None:
    words = column.replace("_", " ")
    for pattern, scale in ((_TEN, Scale(0, 10)), (_SEVEN, Scale(1, 7)), (_MARKS, Scale(5, 1))):
        low, high = sorted((scale.low, scale.high))
        if pattern.search(words) and _holds(counts, low=low, high=high):
            if max(counts) > (high + low) / 2 + 0.5 and pattern is not _MARKS:
                return ScaleGuess(Scale(float(scale.low), float(scale.high)))
            name = f"{scale.low:g}–{scale.high:g}"
            note = f"The scale of “{column}” was taken from its name as {name}; seen: {_seen(counts)}."
            return ScaleGuess(Scale(float(scale.low), float(scale.high)), (note,))
    return None


def _holds(counts: Counter[float], *, low: float, high: float) -> bool:
    """True where a scale holds all ratings but strays, which are typing errors and codes for "no answer"."""
    outside = {value: count for value, count in counts.items() if not low <= value <= high}
    if not outside:
        return True
    if (low, high) == (1.0, 10.0) and all(value == 0 for value in outside):
        # Few people give 0 of 10, yet it is an answer.
        return False
    n = counts.total()
    if high > 10 or len(outside) > 2:
        return n >= 20 and sum(outside.values()) <= 0.01 * n
    return sum(outside.values()) <= max(_STRAY * n, 1 if n >= 8 else 0)


def _doubts(counts: Counter[float], *, low: float, high: float, column: str) -> tuple[str, ...]:
    name = f"{low:g}–{high:g}"
    if len(counts) == 1:
        return (f"All ratings in “{column}” are {_seen(counts)}; the scale {name} is a guess.",)
    if (low, high) == (0.0, 5.0) and 0 in counts:
        return (
            f"“{column}” holds 0 as well as 1 to 5; 0 was read as the lowest rating, not as “no answer”.",
        )
    if (low, high) == (1.0, 10.0) and counts.total() < 50:
        return (f"The scale of “{column}” was read as 1–10; it may be 0–10, for no 0 was seen.",)
    if (low, high) == (1.0, 5.0) and max(counts) < 5:
        return (f"The scale of “{column}” was read as 1–5, though no 5 was seen.",)
    if (low, high) == (1.0, 7.0) and counts.total() < 20:
        return (f"The scale of “{column}” was read as 1–7 from {_seen(counts)}.",)
    return ()


def _seen(counts: Counter[float]) -> str:
    return f"{min(counts):g}" if len(counts) == 1 else f"{min(counts):g} to {max(counts):g}"


def _with_scale(text: str) -> Given | None:
    if match := _OF.fullmatch(text):
        top = float(match["top"])
        return Given(_number(match["given"]), None, top) if top > 0 else None
    if match := _STARS.fullmatch(text):
        return Given(_number(match["given"]), 1.0, 5.0)
    if match := _PERCENT.fullmatch(text):
        return Given(_number(match["given"]), 0.0, 100.0)
    if match := _POINTS.fullmatch(text):
        return Given(_number(match["given"]))
    drawn = text.replace("\ufe0f", "").replace(" ", "")
    if _DRAWN.fullmatch(drawn):
        full = sum(mark in "★⭐" for mark in drawn)
        return Given(float(full), 1.0, float(max(5, len(drawn)))) if full else None
    return None


def _in_words(text: str) -> Given | None:
    grade = _words().get(text.lower().strip(" .!"))
    return None if grade is None else Given(*grade)


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


@cache
def _words() -> Mapping[str, tuple[float, float, float]]:
    """Words → rating, lowest and highest of their scale."""
    lists = tomllib.loads(files("forvent.reading").joinpath("rating_words.toml").read_text(encoding="utf-8"))
    words: dict[str, tuple[float, float, float]] = {}
    for group in lists["group"]:
        for value, names in group["words"].items():
            words.update({name: (float(value), float(group["low"]), float(group["high"])) for name in names})
    return words

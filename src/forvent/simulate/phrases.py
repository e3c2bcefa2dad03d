"""Phrases in six languages, and how a customer's text is put together of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import numpy as np
from babel import Locale
from babel.units import format_unit

NOTHING_SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("ok", "OK.", "nothing", "no comment"),
        "cs": ("ok", "nic", "bez komentáře", "nevím"),
        "nb": ("ok", "ingenting", "vet ikke", "ingen kommentar"),
        "et": ("ok", "ei midagi", "ei oska öelda", "pole midagi lisada"),
        "hy": ("ok", "ոչինչ", "չգիտեմ", "առանց մեկնաբանության"),
        "zh": ("ok", "无", "没有", "不知道"),
    }
)
_STOP = MappingProxyType({"zh": "。", "hy": "։"})
_ENDINGS = ".!?…։。！？"
# Chinese is written without spaces, after a full stop too.
_SPACE = MappingProxyType({"zh": ""})
# CLDR gives Chinese durations in the short form only.
_LENGTH: Mapping[str, Literal["short", "long"]] = MappingProxyType({"zh": "short"})
# CLDR's day is that of 24 hours ("døgn", "ööpäev"); customers count days of the calendar.
_DAYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "nb": {"one": "{n} dag", "other": "{n} dager"},
        "et": {"one": "{n} päev", "other": "{n} päeva"},
    }
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Calendar days that a customer can quote; None where they are not known or would not be quoted."""

    promised: int | None = None
    actual: int | None = None


@cache
def phrases(language: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Phrases of one language by expectation and polarity; those without either under ("-", "none")."""
    file = files("forvent.simulate") / "phrases" / f"{language}.tsv"
    found: dict[tuple[str, str], list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        expectation, polarity, text = line.split("\t")
        found.setdefault((expectation, polarity), []).append(text)
    return MappingProxyType({key: tuple(texts) for key, texts in found.items()})


@cache
def days_in_words(days: int, *, language: str) -> str:
    """A number of calendar days as customers write it.

    Parameters
    ----------
    days
        How many, 0 or more.
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        Number and word with the right plural.

    Source
    ------
    Unicode CLDR, unit patterns and plural rules (through Babel).

    Examples
    --------
    >>> [days_in_words(5, language=language) for language in ("cs", "nb", "zh")]
    ['5 dnů', '5 dager', '5天']
    """
    if language in _DAYS:
        return _DAYS[language][Locale.parse(language).plural_form(days)].format(n=days)
    return format_unit(days, "duration-day", _LENGTH.get(language, "long"), locale=language)


def written(
    rng: np.random.Generator,
    *,
    labels: Sequence[tuple[str, str]],
    language: str,
    figures: Figures,
) -> str:
    """A customer's text: one phrase for each label, in their order, sometimes with words about nothing.

    Words about nothing never stand beside a complaint, since many of them are content.
    """
    said = [_phrase(rng, label, language=language, figures=figures, labels=labels) for label in labels]
    complains = any(polarity == "unmet" for _, polarity in labels)
    if not said or (not complains and rng.random() < 0.25):
        said.insert(int(rng.integers(0, len(said) + 1)), _one(rng, phrases(language)[("-", "none")]))
    if len(said) == 1 and rng.random() < 0.4:
        return said[0]
    return _SPACE.get(language, " ").join(_stopped(text, language=language) for text in said)


def nothing_said(rng: np.random.Generator, *, language: str) -> str:
    """A text without content."""
    return _one(rng, NOTHING_SAID[language])


def _phrase(
    rng: np.random.Generator,
    label: tuple[str, str],
    *,
    language: str,
    figures: Figures,
    labels: Sequence[tuple[str, str]],
) -> str:
    # Whoever quotes the promise complains that it was broken; that must be among the labels.
    promised = figures.promised if ("on_time", "unmet") in labels else None
    known = {"promised": promised, "actual": figures.actual}
    unknown = [f"{{{name}}}" for name, days in known.items() if days is None]
    fitting = [text for text in phrases(language)[label] if not any(mark in text for mark in unknown)]
    text = _one(rng, fitting)
    for name, days in known.items():
        if days is not None:
            text = text.replace(f"{{{name}}}", days_in_words(days, language=language))
    return text


def _stopped(text: str, *, language: str) -> str:
    return text if text[-1] in _ENDINGS else text + _STOP.get(language, ".")


def _one(rng: np.random.Generator, texts: Sequence[str]) -> str:
    return texts[int(rng.integers(0, len(texts)))]

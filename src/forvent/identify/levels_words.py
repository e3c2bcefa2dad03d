"""Words of stated levels by language: CLDR's names of units and currencies, and our word files."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_currency_symbol
from babel.units import format_unit

SECONDS: Mapping[str, float] = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86_400.0,
    "week": 604_800.0,
    "month": 30 * 86_400.0,
    "year": 365 * 86_400.0,
}
CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CZK",
    "NOK",
    "SEK",
    "DKK",
    "AMD",
    "CNY",
    "JPY",
    "BRL",
    "CHF",
    "PLN",
    "RUB",
)
SYMBOLS: Mapping[str, str] = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "֏": "AMD",
    "r$": "BRL",
    "us$": "USD",
    "₽": "RUB",
}
ALIASES = {"no": "nb", "nn": "nb"}
# One number for each plural form of CLDR: one, few, other, many.
_SAMPLES = (1, 2, 5, 1.5)
_LENGTHS: tuple[Literal["long", "short"], ...] = ("short", "long")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a unit word says: ``factor`` times the unit; ``short`` ones (h, min) count only behind digits."""

    unit: str
    factor: float = 1.0
    short: bool = False


def plain(text: str, *, table: Mapping[int, str]) -> str:
    """The text in lower case and with the letters of ``table`` replaced; offsets stay as they are."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return low.translate(table) if table and not low.isascii() else low


@lru_cache(maxsize=256)
def base_language(language: str) -> str:
    """The letters that word files are named by: ``zh-Hans`` is zh, ``nn`` is read as nb."""
    base = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return ALIASES.get(base, base)


@lru_cache(maxsize=64)
def word_file(base: str) -> Mapping[str, Any]:
    """The word file of a language; empty where there is none."""
    file = files("forvent.identify") / "level_words" / f"{base}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", base) or not file.is_file():
        return {}
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def letter_table(base: str) -> Mapping[int, str]:
    """Letters that are read as others: accents where people leave them out, traditional signs."""
    return fold_table(word_file(base))


def fold_table(words: Mapping[str, Any]) -> Mapping[int, str]:
    """The letters that a word file wants read as others."""
    old, new = words.get("letters", ("", ""))
    table = {ord(one): other for one, other in zip(old, new, strict=True)}
    if words.get("fold", False):
        for code in range(0xC0, 0x180):
            first = unicodedata.normalize("NFD", chr(code))[0]
            if first != chr(code):
                table[code] = first
    return table


def locale_of(base: str) -> Locale | None:
    """CLDR's locale of a language, None where there is none."""
    if base == "und":  # Babel would read it as English.
        return None
    try:
        return Locale.parse(base)
    except (UnknownLocaleError, ValueError):
        return None


def meanings(base: str) -> dict[str, Meaning]:
    """Every word that names a unit, a currency or percent, in plain letters."""
    words, table = word_file(base), letter_table(base)
    found = dict(_of_cldr(base, spaced=words.get("spaced", True)))
    found.update(_of_file(words))
    found.update({sign: Meaning(code) for sign, code in symbols(base).items()})
    return {plain(word, table=table): meaning for word, meaning in found.items()}


def symbols(base: str) -> dict[str, str]:
    """Currency signs and codes that may stand before the amount as well as behind it."""
    signs = {**SYMBOLS, **{code.lower(): code for code in CURRENCIES}, **word_file(base).get("symbols", {})}
    locale = locale_of(base)
    if locale is not None:
        signs.update({get_currency_symbol(code, locale).lower(): code for code in CURRENCIES})
    return {plain(sign, table=letter_table(base)): code for sign, code in signs.items()}


def scaled(words: Mapping[str, Any]) -> dict[str, Meaning]:
    """Names of several of a unit or part of one: listed ones ("fortnight"), and compounds ("kolmepäevane")."""
    table = words.get("compounds", {})
    found = {
        f"{number}{ending}": Meaning(unit, factor=float(value))
        for value, stems in table.get("numbers", {}).items()
        for unit, endings in table.get("units", {}).items()
        for number in stems
        for ending in endings
    }
    listed = words.get("scaled", {}).items()
    return {**found, **{name: Meaning(unit, factor=float(factor)) for name, (unit, factor) in listed}}


def _of_cldr(base: str, *, spaced: bool) -> Iterator[tuple[str, Meaning]]:
    locale = locale_of(base)
    if locale is None:
        return
    for unit in SECONDS:
        long_forms = _unit_names(locale, unit=unit, length="long")
        for length in _LENGTHS:
            for name in _unit_names(locale, unit=unit, length=length):
                # Abbreviations of one letter mean too much else; those that do not are in the word files.
                if len(name) > 1 or not spaced:
                    yield name, Meaning(unit, short=length == "short" and bool(long_forms) and spaced)
    for code in CURRENCIES:
        for count in _SAMPLES:
            yield get_currency_name(code, count, locale).lower(), Meaning(code)


def _unit_names(locale: Locale, *, unit: str, length: Literal["long", "short"]) -> set[str]:
    written = (format_unit(number, f"duration-{unit}", length, locale=locale) for number in _SAMPLES)
    names = {re.sub(r"[\d.,\s]+", " ", name).strip().lower() for name in written}
    # Where CLDR has an alias that Babel does not follow, it writes the key of the unit.
    return {name for name in names if "duration" not in name and name}


def _of_file(words: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for unit, names in words.get("short", {}).items():
        yield from ((name, Meaning(unit, short=True)) for name in names)
    for section in ("money", "units"):
        for unit, names in words.get(section, {}).items():
            yield from ((name, Meaning(unit)) for name in names)
    yield from scaled(words).items()
    yield from ((name, Meaning("percent")) for name in ("%", *words.get("percent", ())))

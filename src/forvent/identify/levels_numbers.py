"""Numbers as people write them: digits of a locale, number words, Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FRACTIONS: Mapping[str, float] = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75}
DIGITS = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)"
    r"|(?:\d{1,3} )?(?:1/2|1/4|3/4)(?!\d)|\d{1,9}(?:[.,]\d{1,9}){0,4}(?: ?[½¼¾])?|[½¼¾])"
)
CHINESE = r"(?:[零〇一二两俩三仨四五六七八九十百千万]{1,12}|半)"
_CHINESE_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一", "二两俩", "三仨", *"四五六七八九"))
    for sign in signs
}
_CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_WRITTEN = re.compile(r"[\d.,/½¼¾\s]+")
_NOTHING = "(?!)"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or the two ends of a range; ``weak`` where it is only an article or nothing at all."""

    low: float
    high: float
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """How one language writes numbers.

    ``atoms`` are the words that numbers are put together from, ``powers`` those that may
    stand behind digits ("12 thousand"), ``fixed`` whole expressions ("half an"), ``weak``
    articles that count as one only beside a cue.
    """

    decimal: str
    spaced: bool
    atoms: Mapping[str, float]
    powers: Mapping[str, float]
    fixed: Mapping[str, float]
    weak: frozenset[str]
    atom: re.Pattern[str]
    pattern: str

    def value(self, text: str) -> Amount | None:
        """The amount that a match of ``pattern`` says; None where it says none."""
        said = " ".join(text.split())
        if said in self.weak:
            return Amount(1.0, 1.0, weak=True)
        if said in self.fixed:
            return Amount(self.fixed[said], self.fixed[said])
        if not said[:1].isdigit() and said[:1] not in FRACTIONS:
            return self._of_words(said)
        return self._of_digits(said)

    def _of_words(self, said: str) -> Amount | None:
        if not self.spaced:
            return chinese(said)
        return in_words([self.atoms[" ".join(word.split())] for word in self.atom.findall(said)])

    def _of_digits(self, said: str) -> Amount | None:
        written = _WRITTEN.match(said)
        end = written.end() if written else 0
        number = digits(said[:end].rstrip(), decimal=self.decimal) * self.powers.get(said[end:], 1.0)
        return Amount(number, number)


def numbers(words: Mapping[str, Any], *, decimal: str, spaced: bool) -> Numbers:
    """How a language writes numbers, from its word file."""
    atoms = _by_word(words.get("numbers", {}))
    fixed = _by_word(words.get("amounts", {}))
    weak = frozenset(words.get("weak", ()))
    atom = word_trie(atoms)
    glue = "|".join(map(re.escape, words.get("glue", ()))) or _NOTHING
    powers = {word: value for word, value in atoms.items() if value >= 1000} | _by_word(
        words.get("powers", {})
    )
    if spaced:
        # Nothing that joins words stands before the first: no number word begins like one.
        sequence = rf"(?![\s-]|{glue})(?:(?:[\s-]+|{glue})?{atom}){{1,7}}"
        pattern = (
            rf"(?:{word_trie(fixed)}|{DIGITS}(?:\s?{word_trie(powers)})?|{sequence}|{word_trie(weak)}(?=\s))"
        )
    else:
        powers = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "w": 10_000.0, "k": 1000.0}
        pattern = rf"(?:{word_trie(fixed)}|{DIGITS}{word_trie(powers)}?|{CHINESE})"
    return Numbers(decimal, spaced, atoms, powers, fixed, weak, re.compile(atom), pattern)


def digits(said: str, *, decimal: str) -> float:
    """Value of a number in digits; the sign that is not the decimal sign groups thousands."""
    whole, fraction = said, 0.0
    for sign, value in FRACTIONS.items():
        if said.endswith(sign):
            whole, fraction = said[: -len(sign)], value
    whole = "".join(whole.split())
    if not whole:
        return fraction
    signs = re.findall(r"[.,]", whole)
    parts = re.split(r"[.,]", whole)
    grouped = len(signs) > 1 or (bool(signs) and signs[0] != decimal and len(parts[1]) == 3)
    if grouped and len(parts[-1]) != 3:
        return float("".join(parts[:-1]) + "." + parts[-1]) + fraction
    return float(("" if grouped else ".").join(parts)) + fraction


def in_words(values: list[float]) -> Amount | None:
    """Value of a row of number words; two words that do not add up are a range ("two three days")."""
    low: float | None = None
    total, current, last = 0.0, 0.0, 0.0
    for value in values:
        if value >= 1000:
            total, current = total + (current or 1) * value, 0.0
        elif value == 100:
            current = (current or 1) * 100
        elif last and not _adds_up(last, value):
            low, total, current = total + current, 0.0, value
        else:
            current += value
        last = value
    high = total + current
    if not values or (low is not None and low >= high):
        return None
    return Amount(high if low is None else low, high)


def chinese(said: str) -> Amount | None:
    """Value of a Chinese numeral: 三十五, 一百二, 两三 (a range), 半."""
    if said == "半":
        return Amount(0.5, 0.5)
    total, current, spread, power = 0.0, 0.0, 0.0, 0
    for before, sign in zip(" " + said, said, strict=False):
        if sign in _CHINESE_DIGITS:
            value = float(_CHINESE_DIGITS[sign])
            spread = value - current if before in _CHINESE_DIGITS and current else 0.0
            current = value
        else:
            power = _CHINESE_POWERS[sign]
            spread *= power
            total, current = (
                (total + current) * power if power == 10_000 else total + (current or 1) * power,
                0.0,
            )
    if power >= 100 and current and said[-2] in _CHINESE_POWERS:
        current *= power / 10  # 一百二 is 120
    high = total + current
    return Amount(high - spread, high) if 0 <= spread < high else None


def word_trie(words: Iterable[str]) -> str:
    r"""A pattern that matches any of the words, longest first; a trailing ``*`` stands for ``\w*``.

    A plain alternation is tried word by word at every place; this one letter by letter.
    """
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _branch(root) if root else _NOTHING


def _branch(node: dict[str, Any]) -> str:
    ends = "" in node
    arms = [_sign(sign) + _branch(rest) for sign, rest in sorted(node.items()) if sign]
    if not arms:
        return ""
    joined = arms[0] if len(arms) == 1 and not ends else f"(?:{'|'.join(arms)})"
    return joined + "?" if ends else joined


def _sign(sign: str) -> str:
    return {"*": r"\w*", " ": r"\s+"}.get(sign) or re.escape(sign)


def _adds_up(last: float, value: float) -> bool:
    """Tens and ones add up in either order ("twenty-five", "pětadvacet"); so does what follows a hundred."""
    high, low = max(last, value), min(last, value)
    return (high >= 20 and high % 10 == 0 and high < 100 and low < 10) or (last >= 100 and value < 100)


def _by_word(table: Mapping[str, Iterable[str]]) -> dict[str, float]:
    return {word: float(value) for value, forms in table.items() for word in forms}

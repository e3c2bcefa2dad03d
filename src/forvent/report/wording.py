"""Words, numbers and dates of a report in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from forvent.records import Estimate, NotEnough, Scale
from forvent.report.text_files import ENGLISH, languages, texts

Names: TypeAlias = Mapping[str, Mapping[str, str]]
Amount: TypeAlias = Estimate | NotEnough

# The language a text file is written in, where it is more than its code.
LOCALES = {"zh": "zh_Hans_CN"}
# Beyond these a whole percent would say 0 % or 100 % of what is neither.
NEAR_NONE, NEAR_ALL = 0.01, 0.99


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What a report says, in one language; ``texts`` are complete, with English where a translation lacks."""

    language: str
    locale: Locale
    texts: Mapping[str, Any]
    names: Names
    scale: Scale

    # ------------------------------------------------------------------ sentences

    def say(self, key: str, **fields: object) -> str:
        """The sentence under a dotted key, with its fields filled in."""
        return str(self._find(key)).format(**fields)

    def counted(self, noun: str, n: int) -> str:
        """A count with its noun in the right plural form: "172 voices"."""
        return self._plural(f"counts.{noun}", n)

    def looked_up(self, table: str, key: str) -> str:
        """The text for a key that other parts of the program give, else the key itself."""
        return str(self.texts[table].get(key, key))

    def list_of(self, parts: Iterable[str]) -> str:
        """Parts joined as the language joins them: "Czech, English and Armenian"."""
        return format_list(list(parts), locale=self.locale)

    def _find(self, key: str) -> Any:
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        return found

    def _plural(self, key: str, n: float, *, decimals: int = 0) -> str:
        shown = self.number(n, decimals=decimals)
        # Plural rules look at the number as it is written: "1.0 days", but "1 day".
        written = Decimal(f"{n:.{decimals}f}")
        forms = self._find(key)
        form = forms.get(self.locale.plural_form(written), forms["other"])
        return str(form).format(n=shown)

    # -------------------------------------------------------------------- numbers

    def number(self, value: float, *, decimals: int = 0) -> str:
        """A number as the language writes it, with so many decimals."""
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        shown = format_decimal(_unsigned_zero(value, decimals), format=pattern, locale=self.locale)
        # Some languages of CLDR write a hyphen; a minus sign is as wide as a digit.
        return shown.replace("-", "−")

    def percent(self, share: float, *, decimals: int = 0) -> str:
        """A share of 0–1 as percent."""
        pattern = self.locale.percent_formats[None].pattern
        if decimals:
            pattern = pattern.replace("#,##0", "#,##0." + "0" * decimals)
        return format_percent(
            _unsigned_zero(share, decimals + 2), format=pattern, locale=self.locale, decimal_quantization=True
        )

    def share(self, amount: Amount, *, noun: str = "voices", decimals: int = 0) -> str:
        """A share with interval, count and so many decimals: "38 %, between 31 and 45, 172 voices"."""
        if isinstance(amount, NotEnough):
            return self.unknown(amount, noun=noun)
        decimals = max(decimals, share_decimals(amount))
        return self.say(
            "numbers.estimate",
            value=self.percent(amount.value, decimals=decimals),
            low=self.number(100 * amount.low, decimals=decimals),
            high=self.number(100 * amount.high, decimals=decimals),
            count=self.counted(noun, amount.n),
        )

    def share_range(self, amount: Amount, *, noun: str = "voices", decimals: int = 0) -> str:
        """A share with its interval, where its count stands beside it: "38 % (31 to 45)"."""
        if isinstance(amount, NotEnough):
            return self.unknown(amount, noun=noun)
        decimals = max(decimals, share_decimals(amount))
        low, high = (self.number(100 * end, decimals=decimals) for end in (amount.low, amount.high))
        return self.say(
            "numbers.range", value=self.percent(amount.value, decimals=decimals), low=low, high=high
        )

    def share_value(self, amount: Estimate, *, decimals: int = 0) -> str:
        """The share alone, with at least so many decimals: "38 %"."""
        return self.percent(amount.value, decimals=max(decimals, share_decimals(amount)))

    def share_interval(self, amount: Estimate, *, noun: str) -> str:
        """Interval and count of a share that stands beside it: "between 31 and 45, 172 voices"."""
        decimals = share_decimals(amount)
        return self.say(
            "numbers.interval",
            low=self.number(100 * amount.low, decimals=decimals),
            high=self.number(100 * amount.high, decimals=decimals),
            count=self.counted(noun, amount.n),
        )

    def points(self, value: float, *, decimals: int = 0) -> str:
        """A difference of shares in percentage points, without its sign."""
        return self._plural("counts.points", abs(100 * value), decimals=decimals)

    def amount(self, amount: Amount, *, noun: str = "voices", factor: float = 1.0, decimals: int = 2) -> str:
        """A plain number with interval and count: "0.12, between 0.05 and 0.20, 172 voices"."""
        if isinstance(amount, NotEnough):
            return self.unknown(amount, noun=noun)
        value, low, high = (
            self.number(factor * part, decimals=decimals) for part in (amount.value, amount.low, amount.high)
        )
        return self.say(
            "numbers.estimate", value=value, low=low, high=high, count=self.counted(noun, amount.n)
        )

    def unknown(self, reason: NotEnough, *, noun: str = "voices") -> str:
        """What stands where the data cannot carry a number: "we do not know yet (9 voices)"."""
        return self.say("numbers.unknown", count=self.counted(noun, reason.n))

    # -------------------------------------------------------------------- ratings

    @property
    def span(self) -> float:
        """Length of the rating scale as it was given."""
        return self.scale.high - self.scale.low

    @property
    def rating_decimals(self) -> int:
        """Decimals that a difference on the rating scale needs."""
        return 2 if abs(self.span) <= 10 else 1

    def scale_name(self) -> str:
        """The rating scale: "1 to 5"."""
        low, high = (
            self.number(end, decimals=0 if end == round(end) else 1)
            for end in (self.scale.low, self.scale.high)
        )
        return self.say("numbers.scale", low=low, high=high)

    def rating_points(self, value: float) -> str:
        """A difference of ratings (0–1) in points of the scale they were given on, without its sign."""
        return self.number(abs(value * self.span), decimals=self.rating_decimals)

    def rating_difference(self, amount: Amount, *, noun: str = "voices") -> str:
        """A difference of ratings with interval and count, in points of the scale they were given on."""
        return self.amount(amount, noun=noun, factor=self.span, decimals=self.rating_decimals)

    def rating(self, amount: Amount, *, noun: str = "voices") -> str:
        """A mean rating with interval and count, on the scale they were given on."""
        if isinstance(amount, NotEnough):
            return self.unknown(amount, noun=noun)
        given = Estimate(
            value=self.on_scale(amount.value),
            low=self.on_scale(amount.low),
            high=self.on_scale(amount.high),
            n=amount.n,
        )
        return self.amount(given, noun=noun, decimals=self.rating_decimals)

    def rating_range(self, amount: Amount) -> str:
        """A mean rating with its interval, where its count stands beside it: "3.9 (3.7 to 4.1)"."""
        if isinstance(amount, NotEnough):
            return self.say("numbers.none")
        value, low, high = (
            self.number(self.on_scale(part), decimals=self.rating_decimals)
            for part in (amount.value, amount.low, amount.high)
        )
        return self.say("numbers.range", value=value, low=low, high=high)

    def on_scale(self, value: float) -> float:
        """A rating of 0–1 as it would have been given."""
        return self.scale.low + value * self.span

    # ----------------------------------------------------------- times and names

    def date(self, moment: datetime) -> str:
        """A day: "5 March 2024"."""
        # Some languages of CLDR write "05 March"; nobody does.
        pattern = re.sub(r"(?<!d)dd(?!d)", "d", self.locale.date_formats["long"].pattern)
        return format_date(moment, format=pattern, locale=self.locale)

    def month(self, moment: datetime) -> str:
        """A month with its year: "March 2024"."""
        return format_skeleton("yMMMM", moment, locale=self.locale)

    def short_month(self, moment: datetime) -> str:
        """A month alone, as short as an axis needs it: "Mar"."""
        return str(self.locale.months["stand-alone"]["abbreviated"][moment.month])

    def short_date(self, moment: datetime) -> str:
        """A day without its year: "Mar 5"."""
        return format_skeleton("MMMd", moment, locale=self.locale)

    def duration(self, value: float, *, unit: str = "day", decimals: int | None = None) -> str:
        """A length of time with its unit: "4 days"; tables of our own, because CLDR lacks some languages."""
        shown = (0 if value == round(value) else 1) if decimals is None else decimals
        return self._plural(f"units.{unit.rstrip('s')}", value, decimals=shown)

    def language_name(self, code: str) -> str:
        """The name of a language in this language."""
        return str(self.locale.languages.get(code, code))

    def name(self, expectation: str) -> str:
        """The short name of an expectation of the catalogue, else its id in words."""
        found = self.names.get(expectation, {})
        return found.get("name", expectation.replace("_", " ").capitalize())

    def expects(self, expectation: str) -> str:
        """What the customer expects, in a few words; empty where the catalogue has none."""
        return self.names.get(expectation, {}).get("expects", "")

    def label(self, table: str, key: str) -> str:
        """The name of a stage, polarity or kind."""
        return self.names.get(table, {}).get(key, key.replace("_", " ").capitalize())


def share_decimals(amount: Estimate) -> int:
    """One decimal where a whole percent would hide that something is rare or nearly always so."""
    ends = (amount.value, amount.low, amount.high)
    return int(any(0.0 < end < NEAR_NONE or NEAR_ALL < end < 1.0 for end in ends))


def wording(language: str, *, names: Names, scale: Scale | None) -> Wording:
    """The words of a report; English where there is no file for the language."""
    chosen = language if language in languages() else ENGLISH
    return Wording(
        language=chosen,
        locale=Locale.parse(LOCALES.get(chosen, chosen)),
        texts=texts(chosen),
        names=names,
        scale=scale or Scale(low=0.0, high=1.0),
    )


def _unsigned_zero(value: float, decimals: int) -> float:
    """The value rounded, so that no "-0" is shown."""
    return round(value, decimals) + 0.0

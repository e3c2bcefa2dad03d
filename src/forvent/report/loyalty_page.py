"""Who comes back as one self-contained page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import HeldOut, Loyalty, PurchaseFit, SpendFit
from forvent.report.frame import framed
from forvent.report.pictures.shares import share_bar
from forvent.report.plain_text import plain_text
from forvent.report.sections.loyalty import BarRow, CameRow, came_rows, noon, purchases
from forvent.report.sections.opening import Block
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.sections.recommendations import recommendations_section
from forvent.report.wording import Names, Wording, wording

SECTIONS = ("before", "back", "most", "recommend", "meaning")
CUSTOMERS_SHOWN = 10
#: Number and value of purchases that go together more than so much make the money doubtful.
RELATED = 0.3


@dataclass(frozen=True, slots=True)
class LoyaltyOpening:
    """All that the head of the page shows."""

    title: str
    made: str
    read: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """Forecasts of the past, and the one beside what came after."""

    finding: str
    rows: tuple[CameRow, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Back:
    """Shares of customers."""

    finding: str
    rows: tuple[BarRow, ...]
    unknown: str


@dataclass(frozen=True, slots=True)
class Most:
    """The customers of whom most is expected."""

    finding: str
    table: DataTable


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers mean, and which rows were left out."""

    finding: str
    definitions: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


def loyalty_page(loyalty: Loyalty, *, language: str = "en", names: Names | None = None) -> str:
    """What customers will buy as one HTML page that needs no network and no script.

    Parameters
    ----------
    loyalty
        What was found.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.
    names
        Names of expectations in that language; their ids where None.

    Returns
    -------
    str
        The whole HTML document; names of customers and files are escaped and freed of control characters.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> SECTIONS
    ('before', 'back', 'most', 'recommend', 'meaning')
    """
    words = wording(language, names=names or {}, scale=None)
    most, recommend = _most(loyalty, words), recommendations_section(loyalty.recommendations, wording=words)
    missing = {name for name, of in (("most", most), ("recommend", recommend)) if of is None}
    shown = tuple(name for name in SECTIONS if name not in missing)
    opening = loyalty_opening(loyalty, wording=words)
    return framed(
        "loyalty_page.html",
        wording=words,
        title=opening.title,
        contents=tuple((name, _question(name, words)) for name in shown),
        opening=opening,
        cares=tuple(_cares(loyalty, words)),
        before=_before(loyalty, words),
        back=_back(loyalty, words),
        most=most,
        recommend=recommend,
        meaning=_meaning(loyalty, words),
        footer=words.say("loyalty_page.footer", date=words.date(noon(loyalty.until))),
    )


def _question(section: str, wording: Wording) -> str:
    return wording.say("recommend.question" if section == "recommend" else f"loyalty_page.{section}.question")


def loyalty_opening(loyalty: Loyalty, *, wording: Wording) -> LoyaltyOpening:
    """Title, what was read, and three blocks: how much, who comes back, how sure."""
    days, until = wording.duration(loyalty.horizon), wording.date(noon(loyalty.until))
    if isinstance(loyalty.purchases, Estimate):
        number = wording.counted("loyalty_purchases", round(loyalty.purchases.value))
        title = wording.say("loyalty_page.title", purchases=number, days=days)
    else:
        title = wording.say("loyalty_page.title_none")
    return LoyaltyOpening(
        title=title,
        made=wording.say("loyalty_page.made", until=until, days=days),
        read=wording.say(
            "loyalty_page.read",
            customers=wording.counted("customers", len(loyalty.customers.names)),
            file=plain_text(loyalty.file.file),
            used=wording.number(loyalty.file.used),
            rows=wording.counted("rows", loyalty.file.rows),
        ),
        blocks=(
            _much(loyalty, wording),
            _who(loyalty, wording),
            _sure(loyalty, wording),
        ),
    )


def _much(loyalty: Loyalty, wording: Wording) -> Block:
    return Block(
        question=wording.say("loyalty_page.much_question"),
        answer=_purchases(loyalty.purchases, wording),
        details=tuple(_money_lines(loyalty, wording)),
        picture=None,
        anchor="most" if isinstance(loyalty.purchases, Estimate) else "meaning",
        link=wording.say("loyalty_page.much_link"),
    )


def _money_lines(loyalty: Loyalty, wording: Wording) -> Iterator[str]:
    if isinstance(loyalty.value, Estimate):
        yield wording.say("loyalty_page.value", value=_money(loyalty.value, wording))
    if isinstance(loyalty.spend, SpendFit) and isinstance(loyalty.spend.mean, Estimate):
        mean = _money(loyalty.spend.mean, wording, decimals=2)
        yield wording.say("loyalty_page.mean_value", value=mean)


def _money(found: Estimate, wording: Wording, *, decimals: int = 0) -> str:
    value, low, high = (
        wording.number(part, decimals=decimals) for part in (found.value, found.low, found.high)
    )
    return wording.say("numbers.range", value=value, low=low, high=high)


def _purchases(found: Estimate | NotEnough, wording: Wording) -> str:
    if isinstance(found, NotEnough):
        return wording.unknown(found, noun="loyalty_came_back")
    return wording.say("loyalty_page.much", purchases=purchases(found, wording=wording))


def _who(loyalty: Loyalty, wording: Wording) -> Block:
    within = loyalty.came_back
    found: Estimate | NotEnough = within if isinstance(within, Estimate) else loyalty.repeat_share
    key = "within" if isinstance(within, Estimate) else "again"
    days = wording.duration(loyalty.horizon)
    return Block(
        question=wording.say("loyalty_page.who_question"),
        answer=wording.say(f"loyalty_page.who_{key}", share=wording.share_range(found), days=days),
        details=(),
        picture=share_bar(found, says=wording.share(found, noun="customers"))
        if isinstance(found, Estimate)
        else None,
        anchor="back",
        link=wording.say("loyalty_page.who_link"),
    )


def _sure(loyalty: Loyalty, wording: Wording) -> Block:
    rows = _came(loyalty, wording)
    return Block(
        question=wording.say("loyalty_page.sure_question"),
        answer=_before_finding(rows, wording),
        details=(),
        picture=rows[0].picture if rows else None,
        anchor="before",
        link=wording.say("loyalty_page.sure_link"),
    )


def _came(loyalty: Loyalty, wording: Wording) -> tuple[CameRow, ...]:
    held = loyalty.held_out if isinstance(loyalty.held_out, HeldOut) else None
    return came_rows(
        loyalty.past,
        held=held,
        level=loyalty.level,
        wording=wording,
        until=wording.date(noon(loyalty.until)),
    )


def _before_finding(rows: tuple[CameRow, ...], wording: Wording) -> str:
    if not rows:
        return wording.say("loyalty_page.before.none")
    inside = wording.say("loyalty.came_inside")
    right = sum(row.verdict == inside for row in rows)
    return wording.say(
        "loyalty_page.before.finding",
        right=wording.number(right),
        windows=wording.counted("loyalty_windows", len(rows)),
    )


def _before(loyalty: Loyalty, wording: Wording) -> Before:
    rows = _came(loyalty, wording)
    lines = []
    held = loyalty.held_out
    if isinstance(held, HeldOut):
        lines.append(
            wording.say(
                "loyalty_page.before.errors",
                error=wording.number(held.error, decimals=2),
                same=wording.number(held.same_error, decimals=2),
                root=wording.number(held.squared_error, decimals=2),
                same_root=wording.number(held.same_squared_error, decimals=2),
            )
        )
    return Before(_before_finding(rows, wording), rows, tuple(lines))


def _back(loyalty: Loyalty, wording: Wording) -> Back:
    days = wording.duration(loyalty.horizon)
    shares = {
        "again": loyalty.repeat_share,
        "within": loyalty.came_back,
        "referred": loyalty.referral_share,
        "referred_value": loyalty.referral_value,
    }
    rows = []
    for key, share in shares.items():
        if isinstance(share, NotEnough):
            continue
        name = wording.say(f"loyalty_page.back.{key}", days=days)
        numbers = wording.share(share, noun="customers")
        says = wording.say("loyalty.alternative", name=name, numbers=numbers)
        rows.append(BarRow(name, numbers, share_bar(share, says=says)))
    unknown = isinstance(loyalty.referral_share, NotEnough)
    return Back(
        finding=wording.say("loyalty_page.back.finding", share=wording.share_value(loyalty.repeat_share)),
        rows=tuple(rows),
        unknown=wording.say("loyalty_page.back.no_referral") if unknown else "",
    )


def _most(loyalty: Loyalty, wording: Wording) -> Most | None:
    if isinstance(loyalty.purchases, NotEnough) or loyalty.purchases.value <= 0:
        return None
    customers, ahead = loyalty.customers, loyalty.customers.outlook
    order = np.argsort(-ahead.expected, kind="stable")
    first = order[:CUSTOMERS_SHOWN]
    tenth = order[: max(1, len(order) // 10)]
    share = float(ahead.expected[tenth].sum()) / loyalty.purchases.value

    def row(place: int) -> tuple[str, ...]:
        low, high = (wording.number(float(of[place])) for of in (ahead.low, ahead.high))
        expected = wording.number(float(ahead.expected[place]), decimals=1)
        money = float(customers.value[place])
        return (
            plain_text(customers.names[place]),
            wording.say("numbers.range", value=expected, low=low, high=high),
            wording.percent(float(ahead.active[place])),
            wording.number(float(customers.repeats[place])),
            wording.number(money) if np.isfinite(money) else wording.say("numbers.none"),
        )

    keys = ("customer", "expected", "active", "repeats", "value")
    return Most(
        finding=wording.say("loyalty_page.most.finding", share=wording.percent(share)),
        table=data_table(
            wording.say("loyalty_page.most.table"),
            head=[wording.say(f"loyalty_page.columns.{key}") for key in keys],
            rows=[row(int(place)) for place in first],
        ),
    )


def _meaning(loyalty: Loyalty, wording: Wording) -> Meaning:
    level = wording.percent(loyalty.level)
    keys = ("expected", "interval", "window", "active", "value", "customers")
    definitions = tuple(
        (
            wording.say(f"loyalty_page.definitions.{key}.name"),
            wording.say(f"loyalty_page.definitions.{key}.text", level=level),
        )
        for key in keys
    )
    left = tuple(
        f"{wording.looked_up('reasons', one.reason)}: {wording.counted('rows', one.count)}"
        for one in loyalty.file.unusable
    )
    pooled = wording.counted("loyalty_models", len(loyalty.candidates))
    key = "finding" if loyalty.candidates else "finding_none"
    return Meaning(wording.say(f"loyalty_page.meaning.{key}", models=pooled), definitions, left)


def _cares(loyalty: Loyalty, wording: Wording) -> Iterator[str]:
    """What makes the forecast doubtful, in the language of the page."""
    if isinstance(loyalty.fit, PurchaseFit) and not loyalty.fit.converged:
        yield wording.say("loyalty_page.care.not_converged")
    first, last = loyalty.file.first, loyalty.file.last
    if last is not None and (silent := (loyalty.until - last.date()).days) > max(14, loyalty.horizon // 4):
        yield wording.say("loyalty_page.care.silent", days=wording.duration(silent))
    if first is not None and loyalty.horizon > (loyalty.until - first.date()).days:
        yield wording.say("loyalty_page.care.long")
    spend = loyalty.spend
    if isinstance(spend, SpendFit) and spend.correlation is not None and abs(spend.correlation) > RELATED:
        yield wording.say("loyalty_page.care.related")

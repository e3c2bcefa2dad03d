"""What could be recommended: how it was tried, what is bought together, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forvent.records import Estimate, NotEnough
from forvent.records.recommendations import (
    BoughtTogether,
    Recommendations,
    RecommendationTrial,
    Recommended,
)
from forvent.report.pictures.shares import share_bar
from forvent.report.plain_text import plain_text
from forvent.report.sections.loyalty import BarRow, noon
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

PAIRS_SHOWN, CUSTOMERS_SHOWN = 10, 10
WAYS = ("recommended", "popular", "again")


@dataclass(frozen=True, slots=True)
class RecommendationsSection:
    """All that the section shows."""

    finding: str
    trial: str
    rows: tuple[BarRow, ...]
    difference: str
    to_whom: str
    customers: DataTable | None
    pairs: str
    pairs_table: DataTable | None
    notes: tuple[str, ...]


def recommendations_section(
    found: Recommendations | None, *, wording: Wording
) -> RecommendationsSection | None:
    """What could be recommended to whom; None where it was not asked for."""
    if found is None:
        return None
    trial = found.trial if isinstance(found.trial, RecommendationTrial) else None
    given = int(np.unique(found.recommended.customer).size)
    told = wording.say("recommend.to_whom", customers=wording.counted("customers", given))
    return RecommendationsSection(
        finding=_finding(found, wording),
        trial=_trial(trial, wording) if trial else "",
        rows=tuple(_rows(trial, wording)) if trial else (),
        difference=_difference(trial.better, wording) if trial else "",
        to_whom=told if given else "",
        customers=_customers(found.recommended, wording) if given else None,
        pairs=_pairs(found, wording),
        pairs_table=_pairs_table(found, wording) if found.pairs else None,
        notes=tuple(_notes(found, wording)) if given else (),
    )


def _finding(found: Recommendations, wording: Wording) -> str:
    if isinstance(found.trial, NotEnough):
        count = wording.counted("customers", found.trial.n)
        return wording.say(f"recommend.finding_{found.silent}", count=count)
    if found.silent:
        return wording.say(f"recommend.finding_{found.silent}")
    ours, popular = (wording.share_value(of) for of in (found.trial.recommended, found.trial.popular))
    return wording.say("recommend.finding", ours=ours, popular=popular)


def _trial(trial: RecommendationTrial, wording: Wording) -> str:
    return wording.say(
        "recommend.trial",
        customers=wording.counted("customers", trial.customers),
        days=wording.duration(trial.days),
        until=wording.date(noon(trial.until)),
        most=wording.counted("recommend_most", trial.most),
    )


def _rows(trial: RecommendationTrial, wording: Wording) -> Iterator[BarRow]:
    for way in WAYS:
        share: Estimate = getattr(trial, way)
        name, numbers = wording.say(f"recommend.rows.{way}"), wording.share(share, noun="customers")
        says = wording.say("loyalty.alternative", name=name, numbers=numbers)
        yield BarRow(name, numbers, share_bar(share, says=says))


def _difference(better: Estimate, wording: Wording) -> str:
    value, low, high = (
        wording.number(100 * part, decimals=1) for part in (better.value, better.low, better.high)
    )
    return wording.say(
        "recommend.difference", range=wording.say("numbers.range", value=value, low=low, high=high)
    )


def _pairs(found: Recommendations, wording: Wording) -> str:
    comparisons = wording.counted("recommend_pairs", found.comparisons)
    if not found.found:
        return wording.say("recommend.pairs_none", comparisons=comparisons) if found.comparisons else ""
    pairs = wording.counted("recommend_pairs", found.found)
    return wording.say("recommend.pairs", found=pairs, comparisons=comparisons)


def _pairs_table(found: Recommendations, wording: Wording) -> DataTable:
    keys = ("product", "other", "together", "lift")

    def row(pair: BoughtTogether) -> tuple[str, ...]:
        told = pair.shrunk
        lift, low, high = (wording.number(part, decimals=1) for part in (told.value, told.low, told.high))
        return (
            plain_text(pair.product),
            plain_text(pair.other),
            _of_buyers(pair.together, pair.share.n, wording),
            wording.say("numbers.range", value=lift, low=low, high=high),
        )

    return data_table(
        wording.say("recommend.pairs_table"),
        head=[wording.say(f"recommend.columns.{key}") for key in keys],
        rows=[row(pair) for pair in found.pairs[:PAIRS_SHOWN]],
    )


def _of_buyers(together: int, buyers: int, wording: Wording) -> str:
    return wording.say(
        "recommend.of_buyers", together=wording.number(together), buyers=wording.number(buyers)
    )


def _customers(given: Recommended, wording: Wording) -> DataTable:
    """One recommendation a customer, of those whose reason is strongest."""
    begins = np.flatnonzero(np.diff(given.customer, prepend=-1))
    strongest = begins[np.argsort(-given.lift[begins], kind="stable")][:CUSTOMERS_SHOWN]
    keys = ("customer", "recommended", "because")

    def row(place: int) -> tuple[str, ...]:
        reasons = [
            wording.say(
                "recommend.reason",
                because=plain_text(given.products[given.because[place]]),
                together=wording.number(int(given.together[place])),
                buyers=wording.number(int(given.buyers[place])),
                lift=wording.number(float(given.lift[place]), decimals=1),
            )
        ]
        for met in given.asked.get(place, ()):
            share = wording.share(met.share, noun="customers")
            reasons.append(wording.say("recommend.asked", name=wording.name(met.expectation), share=share))
        return (
            plain_text(given.customers[given.customer[place]]),
            plain_text(given.products[given.product[place]]),
            "; ".join(reasons),
        )

    return data_table(
        wording.say("recommend.customers_table"),
        head=[wording.say(f"recommend.columns.{key}") for key in keys],
        rows=[row(int(place)) for place in strongest],
    )


def _notes(found: Recommendations, wording: Wording) -> Iterator[str]:
    """What was left out for what customers said."""
    if "no_consent" not in found.withheld:
        yield wording.say("recommend.consent_unknown")
    for why in ("no_consent", "private"):
        if found.withheld.get(why):
            yield wording.say(f"recommend.{why}", customers=wording.counted("customers", found.withheld[why]))
    for why in ("blamed", "worse"):
        if found.withheld.get(why):
            count = wording.counted("recommend_ruled_out", found.withheld[why])
            yield wording.say(f"recommend.{why}", count=count)

"""One's own company beside others: share met and reach of every expectation, with their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import pyarrow as pa

from forvent.assess.market_counts import OWN
from forvent.errors import BadOption
from forvent.records import Estimate, MentionCounts, NotEnough
from forvent.records.market import Company, Comparison, Standing
from forvent.stats import benjamini_hochberg, check_level
from forvent.stats.clusters import (
    ClusteredShare,
    ClusterSums,
    clustered_share,
    share_difference,
    share_difference_p,
)

AHEAD, BEHIND, LEVEL, UNSURE = "ahead", "behind", "level", "not enough data"
MORE, LESS = "more", "less"
#: Customers who judge (or speak) below which there is no number.
LEAST_CUSTOMERS = 5
#: Shares that differ by less than this count as level.
ALIKE = 0.1
#: From this on, two distributions or shares of voices are told to differ.
APART = 0.2

Row: TypeAlias = Mapping[str, Any]
Share: TypeAlias = ClusteredShare | NotEnough


@dataclass(frozen=True, slots=True)
class _Side:
    """One company on one expectation, with what its shares are worth."""

    counts: MentionCounts
    voices: int
    customers: int
    met: Share
    reach: Share


def company_records(heard: pa.Table, *, channels: pa.Table, languages: pa.Table, own: str) -> list[Company]:
    """Who is spoken of, one's own company first, then the others by the voices that say something about them.

    Parameters
    ----------
    heard
        Collected ``companies_heard``.
    channels, languages
        Collected ``heard_by`` of these columns.
    own
        Name of one's own company.

    Returns
    -------
    list of Company
        Own first; it is missing where nobody speaks of it.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#sides.

    Examples
    --------
    >>> row = {name: 1 for name in ("voices", "speaking", "customers", "named", "rated", "dated")}
    >>> heard = pa.Table.from_pylist([{"company": "", "first": None, "last": None, **row}])
    >>> none = pa.table({"company": [], "value": [], "voices": []})
    >>> company_records(heard, channels=none, languages=none, own="We")[0].name
    'We'
    """
    return [
        Company(
            name=row["company"] or own,
            channels=_spread(channels, row["company"]),
            languages=_spread(languages, row["company"]),
            **{name: value for name, value in row.items() if name != "company"},
        )
        for row in sorted(
            heard.to_pylist(), key=lambda row: (row["company"] != OWN, -row["speaking"], row["company"])
        )
    ]


def compare_market(
    sums: pa.Table, *, speaking: pa.Table, other: str, level: float = 0.95, alike: float = ALIKE
) -> tuple[Comparison, ...]:
    r"""One's own company beside one other on every expectation that voices about either mention.

    Shares and intervals count customers (:func:`clustered_share`); differences are own minus other
    (:func:`share_difference`). Over the expectations, the p values of share met and those of reach are
    each held at a false discovery rate of :math:`1-\text{level}`. The verdict is *ahead* or *behind* where
    the difference is a discovery; *level* where its whole interval lies within ± ``alike``; else *not
    enough data*. It compares what people say who chose to speak, and says nothing of why they differ.

    Parameters
    ----------
    sums
        Collected ``mention_sums``.
    speaking
        Collected ``speaking_sums``.
    other
        The company to compare with, as the tables call it.
    level
        Confidence level of the intervals, inside (0, 1).
    alike
        Difference up to which two shares count as level, inside (0, 1).

    Returns
    -------
    tuple of Comparison
        Behind first, then ahead, undecided and level, each by the size of the difference; last what nobody
        can judge yet, by count.

    Raises
    ------
    BadOption
        If ``level`` or ``alike`` is outside (0, 1).

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#verdict.

    Examples
    --------
    Forty of fifty customers against twenty of fifty:

    >>> def row(company: str, met: int) -> dict[str, object]:
    ...     voices = {"voices": 50, "customers": 50, "met": met, "unmet": 50 - met, "mixed": 0, "wished": 0}
    ...     squares = {"judged_squared": 50, "met_squared": met, "met_judged": met, "judging": 50}
    ...     more = {"stage": "receive", "voices_squared": 50, "voices_spoken": 50}
    ...     return {"company": company, "expectation": "on_time", **voices, **squares, **more}
    >>> sums = pa.Table.from_pylist([row("", 40), row("Nordkiste", 20)])
    >>> spoken = {"customers": 90, "voices": 90, "voices_squared": 90}
    >>> speaking = pa.Table.from_pylist([{"company": name, **spoken} for name in ("", "Nordkiste")])
    >>> found = compare_market(sums, speaking=speaking, other="Nordkiste")[0]
    >>> found.verdict, found.reach_verdict, round(found.met.low, 2), round(found.met.high, 2)
    ('ahead', 'not enough data', 0.21, 0.55)
    """
    check_level(level)
    if not 0.0 < alike < 1.0:
        raise BadOption(
            f"{alike:g} is no difference of shares.", hint="Give one between 0 and 1, such as 0.1."
        )
    rows = {(row["company"], row["expectation"]): row for row in sums.to_pylist()}
    spoken = {row["company"]: row for row in speaking.to_pylist()}
    named = sorted({name for company, name in rows if company in (OWN, other)})
    pairs = [
        tuple(
            _side(rows.get((company, name)), spoken=spoken.get(company), level=level)
            for company in (OWN, other)
        )
        for name in named
    ]
    met_rates = _rates([(own.met, theirs.met) for own, theirs in pairs])
    reach_rates = _rates([(own.reach, theirs.reach) for own, theirs in pairs])
    found = []
    for place, (name, (own, theirs)) in enumerate(zip(named, pairs, strict=True)):
        met, reach = _difference(own.met, theirs.met), _difference(own.reach, theirs.reach)
        row = rows.get((OWN, name)) or rows[other, name]
        found.append(
            Comparison(
                expectation=name,
                stage=row["stage"],
                own=_standing(own),
                other=_standing(theirs),
                met=met,
                reach=reach,
                met_rate=met_rates[place],
                reach_rate=reach_rates[place],
                verdict=_verdict(met, rate=met_rates[place], alike=alike, words=(AHEAD, BEHIND)),
                reach_verdict=_verdict(reach, rate=reach_rates[place], alike=alike, words=(MORE, LESS)),
            )
        )
    return tuple(sorted(found, key=_rank))


def cautions(own: Company, other: Company, *, same_file: bool) -> tuple[str, ...]:
    """What makes voices about two companies hard to compare: other people may have spoken, or elsewhere.

    Parameters
    ----------
    own, other
        Who is compared.
    same_file
        Whether the voices about both came in one file.

    Returns
    -------
    tuple of str
        Of files, channels, languages, times, ratings, customers, and channels_unknown, times_unknown.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md#cautions.

    Examples
    --------
    >>> from datetime import datetime
    >>> numbers = dict(voices=9, speaking=9, customers=9, named=9, dated=9)
    >>> times = dict(first=datetime(2026, 1, 1), last=datetime(2026, 3, 1))
    >>> both = dict(**numbers, **times, languages={"en": 9})
    >>> own = Company("We", rated=9, channels={"survey": 9}, **both)
    >>> cautions(own, Company("They", rated=2, channels={"shop": 9}, **both), same_file=True)
    ('channels', 'ratings')
    """
    checks = {
        "files": not same_file,
        **_spread_cautions("channels", own.channels, other.channels),
        "languages": _apart(own.languages, other.languages) >= APART,
        **_time_cautions(own, other),
        "ratings": abs(own.rated / own.voices - other.rated / other.voices) >= APART,
        "customers": any(side.named < side.voices / 2 for side in (own, other)),
    }
    return tuple(name for name, true in checks.items() if true)


def _side(row: Row | None, *, spoken: Row | None, level: float) -> _Side:
    counts = MentionCounts(*(row[name] if row else 0 for name in ("met", "unmet", "mixed", "wished")))
    return _Side(
        counts=counts,
        voices=row["voices"] if row else 0,
        customers=row["customers"] if row else 0,
        met=_met(row, counts=counts, level=level),
        reach=_reach(row, spoken=spoken, level=level),
    )


def _met(row: Row | None, *, counts: MentionCounts, level: float) -> Share:
    judging = row["judging"] if row else 0
    if row is None or judging < LEAST_CUSTOMERS:
        return NotEnough(judging, LEAST_CUSTOMERS, "too few customers say whether it was met")
    sums = ClusterSums(
        clusters=judging,
        cases=counts.judged,
        successes=counts.met + counts.mixed / 2,
        cases_squared=row["judged_squared"],
        successes_squared=row["met_squared"],
        products=row["met_judged"],
    )
    return clustered_share(sums, level=level)


def _reach(row: Row | None, *, spoken: Row | None, level: float) -> Share:
    people = spoken["customers"] if spoken else 0
    if spoken is None or people < LEAST_CUSTOMERS:
        return NotEnough(people, LEAST_CUSTOMERS, "too few customers say something")
    sums = ClusterSums(
        clusters=people,
        cases=spoken["voices"],
        successes=row["voices"] if row else 0,
        cases_squared=spoken["voices_squared"],
        successes_squared=row["voices_squared"] if row else 0,
        products=row["voices_spoken"] if row else 0,
    )
    return clustered_share(sums, level=level)


def _standing(side: _Side) -> Standing:
    return Standing(side.counts, side.voices, side.customers, met=_shown(side.met), reach=_shown(side.reach))


def _shown(share: Share) -> Estimate | NotEnough:
    return share if isinstance(share, NotEnough) else share.estimate


def _difference(own: Share, other: Share) -> Estimate | NotEnough:
    if isinstance(own, NotEnough):
        return own
    return other if isinstance(other, NotEnough) else share_difference(own.estimate, other.estimate)


def _rates(pairs: Sequence[tuple[Share, Share]]) -> list[float | None]:
    """False discovery rate of each difference; None where a side has no number."""
    p_values = [
        share_difference_p(own, other)
        if isinstance(own, ClusteredShare) and isinstance(other, ClusteredShare)
        else None
        for own, other in pairs
    ]
    adjusted = iter(benjamini_hochberg([p for p in p_values if p is not None]).tolist())
    return [None if p is None else next(adjusted) for p in p_values]


def _verdict(
    difference: Estimate | NotEnough, *, rate: float | None, alike: float, words: tuple[str, str]
) -> str:
    if isinstance(difference, NotEnough) or rate is None:
        return UNSURE
    if rate <= 1.0 - difference.level:
        return words[0] if difference.value > 0.0 else words[1]
    return LEVEL if -alike < difference.low and difference.high < alike else UNSURE


def _rank(found: Comparison) -> tuple[int, float, str]:
    """Behind, ahead, undecided, level; the larger difference first; the unknown last, by count."""
    if isinstance(found.met, NotEnough):
        return 4, -(found.own.voices + found.other.voices), found.expectation
    place = (BEHIND, AHEAD, UNSURE, LEVEL).index(found.verdict)
    return place, -round(abs(found.met.value), 9), found.expectation


def _spread(table: pa.Table, company: str) -> dict[str, int]:
    return {row["value"]: row["voices"] for row in table.to_pylist() if row["company"] == company}


def _apart(own: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Share of voices that would have to be elsewhere for the two spreads to be the same, 0–1."""
    totals = sum(own.values()), sum(other.values())
    if not all(totals):
        return 0.0
    return (
        sum(abs(own.get(name, 0) / totals[0] - other.get(name, 0) / totals[1]) for name in {*own, *other}) / 2
    )


def _spread_cautions(name: str, own: Mapping[str, int], other: Mapping[str, int]) -> dict[str, bool]:
    return {name: _apart(own, other) >= APART, f"{name}_unknown": bool(own) != bool(other)}


def _time_cautions(own: Company, other: Company) -> dict[str, bool]:
    if own.first is None or own.last is None or other.first is None or other.last is None:
        return {"times_unknown": True}
    shared = min(own.last, other.last) - max(own.first, other.first)
    longest = max(own.last - own.first, other.last - other.first)
    return {"times": longest > timedelta(0) and shared < longest / 2}

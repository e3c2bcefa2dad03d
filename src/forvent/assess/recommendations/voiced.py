"""What customers said of products and asked for, as what recommendations must respect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import narwhals as nw
import pyarrow as pa

from forvent.records import Estimate
from forvent.stats import wilson
from forvent.tables import Table

Asked: TypeAlias = frozenset[str]

#: What a customer who finds it unmet says about being written to with what is known of them.
PRIVATE = "data_protection"
#: Customers who judge an expectation of a product, below which nothing is said of it.
LEAST_JUDGED = 5
_MET = {"met": 1.0, "mixed": 0.5, "unmet": 0.0}


@dataclass(frozen=True, slots=True)
class Voiced:
    """What recommendations must respect, by names of customers and products.

    ``blamed`` are products of which a customer found anything unmet, ``private`` customers who do not want
    their data used, ``asked`` what each customer found unmet or wished for. ``met`` is the share of customers
    who found an expectation of a product met, where enough judge it, and ``rest`` that share of all other
    products together.
    """

    blamed: frozenset[tuple[str, str]] = frozenset()
    private: frozenset[str] = frozenset()
    asked: Mapping[str, Asked] | None = None
    met: Mapping[tuple[str, str], Estimate] | None = None
    rest: Mapping[tuple[str, str], float] | None = None

    def worse(self, product: str, *, asked: Iterable[str]) -> bool:
        """Whether a product surely meets something that was asked for less often than the others."""
        met, rest = self.met or {}, self.rest or {}
        pairs = [(product, expectation) for expectation in asked]
        return any(pair in met and met[pair].high < rest[pair] for pair in pairs)

    def better(self, product: str, *, asked: Iterable[str]) -> tuple[tuple[str, Estimate], ...]:
        """What was asked for that a product surely meets more often than the others, with its share."""
        met, rest = self.met or {}, self.rest or {}
        pairs = [(product, expectation) for expectation in sorted(asked)]
        return tuple((pair[1], met[pair]) for pair in pairs if pair in met and met[pair].low > rest[pair])


def said_of_products(voices: Table, *, mentions: Table, product: str | None) -> Table:
    """What each customer said, by product.

    Parameters
    ----------
    voices
        Table of identified voices (``tables.VOICES``), with a column of the product.
    mentions
        Table of mentions (``tables.MENTIONS``).
    product
        Name of that column; None where the voices name no product.

    Returns
    -------
    Table
        customer, product (null where unknown), expectation and polarity, each once, sorted; voices without
        customer and those about another company are left out.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md#said.

    Examples
    --------
    >>> heard = pa.table({"voice_id": ["1"], "customer": ["a"], "competitor": pa.nulls(1), "what": ["tea"]})
    >>> said = pa.table({"voice_id": ["1"], "expectation": ["comfort"], "polarity": ["unmet"]})
    >>> heard, said = (nw.from_native(table).lazy() for table in (heard, said))
    >>> said_of_products(heard, mentions=said, product="what").collect().rows()
    [('a', 'tea', 'comfort', 'unmet')]
    """
    named = voices.filter(~nw.col("customer").is_null(), nw.col("competitor").is_null())
    what = nw.lit(None).cast(nw.String) if product is None else nw.col(product)
    named = named.select("voice_id", "customer", product=what)
    told = mentions.select("voice_id", "expectation", "polarity").join(named, on="voice_id", how="inner")
    columns = ("customer", "product", "expectation", "polarity")
    return told.select(*columns).unique(subset=list(columns)).sort(*columns)


def voiced(said: pa.Table, *, level: float = 0.95) -> Voiced:
    """What customers blame, ask for and do not want, and how often products meet it.

    A customer who finds something unmet of a product blames it. Whoever finds the protection of their data
    unmet is recommended nothing. Each customer counts once for an expectation of a product, with the mean of
    what they said; the share has Wilson's interval, from ``LEAST_JUDGED`` customers on.

    Parameters
    ----------
    said
        Result of ``said_of_products``.
    level
        Confidence level of the shares.

    Returns
    -------
    Voiced
        Empty where nothing was said.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md#said.

    Examples
    --------
    >>> row = {"customer": "a", "product": "tea", "expectation": "comfort", "polarity": "unmet"}
    >>> found = voiced(pa.Table.from_pylist([row, row | {"customer": "b", "expectation": "data_protection"}]))
    >>> sorted(found.blamed), sorted(found.private), found.asked["a"]
    ([('a', 'tea'), ('b', 'tea')], ['b'], frozenset({'comfort'}))
    """
    blamed, private = set(), set()
    asked: dict[str, set[str]] = defaultdict(set)
    judged: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    columns = (said[name].to_pylist() for name in ("customer", "product", "expectation", "polarity"))
    for customer, product, expectation, polarity in zip(*columns, strict=True):
        if polarity in ("unmet", "wished"):
            asked[customer].add(expectation)
        if polarity == "unmet" and product is not None:
            blamed.add((customer, product))
        if polarity == "unmet" and expectation == PRIVATE:
            private.add(customer)
        if polarity in _MET and product is not None:
            judged[product, expectation][customer].append(_MET[polarity])
    met, rest = _shares(judged, level=level)
    wishes = {customer: frozenset(found) for customer, found in asked.items()}
    return Voiced(frozenset(blamed), frozenset(private), wishes, met, rest)


def _shares(
    judged: Mapping[tuple[str, str], Mapping[str, list[float]]], *, level: float
) -> tuple[dict[tuple[str, str], Estimate], dict[tuple[str, str], float]]:
    """Share met of each product and expectation, and of all other products."""
    counts = {pair: (_sum(by), len(by)) for pair, by in judged.items()}
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (_, expectation), (met, n) in counts.items():
        totals[expectation][0] += met
        totals[expectation][1] += n
    shares, rest = {}, {}
    for pair, (met, n) in counts.items():
        all_met, all_n = totals[pair[1]]
        others = all_n - n
        if n >= LEAST_JUDGED and others >= LEAST_JUDGED:
            shares[pair] = wilson(met, n, level=level)
            rest[pair] = (all_met - met) / others
    return shares, rest


def _sum(by: Mapping[str, list[float]]) -> float:
    return sum(sum(found) / len(found) for found in by.values())

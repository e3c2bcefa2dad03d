"""Reading and assess joined: what could be recommended to whom, from what they bought and said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.recommendations import (
    FEW_TRIED,
    LEAST_TRIED,
    MOST_BOUGHT,
    Baskets,
    Hits,
    Together,
    Voiced,
    baskets,
    bought_together,
    hits,
    offers,
    said_of_products,
    shrunk_lift,
    voiced,
)
from forvent.engine import Engine
from forvent.errors import BadOption, MissingColumn
from forvent.reading.purchases import PurchaseColumns, Purchases, read_purchases
from forvent.records import Estimate, NotEnough
from forvent.records.recommendations import (
    BoughtTogether,
    Recommendations,
    RecommendationTrial,
    Recommended,
    WellMet,
)
from forvent.rows import SEGMENT
from forvent.runs.days import day_number, day_of
from forvent.runs.plan_files import MENTIONS, VOICES, there
from forvent.stats import check_level, poisson_limits, wilson

Codes: TypeAlias = NDArray[np.int64]

#: Products a customer that can be asked for; pairs that are named; customers on which it is tried, at most.
MOST_ASKED, MOST_PAIRS, MOST_TRIED = 20, 500, 20_000
FEW_BASKETS, NOT_TRIED, NO_BETTER = "few_baskets", "not_tried", "no_better"


@dataclass(frozen=True, slots=True)
class RecommendOptions:
    """How recommendations are made; the defaults are those of the command line.

    ``most`` products a customer; ``said`` the folder of a report whose voices are respected, ``said_product``
    their column (segment) of the product, that of the purchases where None.
    """

    most: int = 3
    said: Path | None = None
    said_product: str | None = None


def recommend(
    file: Path | str,
    *,
    columns: PurchaseColumns,
    until: date,
    horizon: int = 90,
    options: RecommendOptions | None = None,
    level: float = 0.95,
) -> Recommendations:
    """What could be recommended to the customers of a file, or why it should not.

    Parameters
    ----------
    file
        Purchases, one a row; those after ``until`` are not looked at.
    columns
        Names of the columns; ``product`` is needed.
    until
        Last day that is known.
    horizon
        Days at the end of what is known in which recommendations are tried, or a quarter of it where that is
        less.
    options
        See :class:`RecommendOptions`.
    level
        Level of the intervals.

    Returns
    -------
    Recommendations
        Empty of recommendations where they were not shown to beat the most popular products.

    Raises
    ------
    ForventError
        If the file cannot be read or an option cannot be.

    Source
    ------
    Our own definition, docs/formulas/assess-recommendations.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     path = Path(home) / "orders.csv"
    ...     _ = path.write_text("who,when,what\\n1,2024-01-01,tea\\n1,2024-01-02,cup\\n", encoding="utf-8")
    ...     columns = PurchaseColumns("who", "when", product="what")
    ...     found = recommend(path, columns=columns, until=date(2024, 1, 31))
    >>> found.silent, found.trial.n
    ('few_baskets', 0)
    """
    chosen = options or RecommendOptions()
    check_recommending(columns, chosen)
    check_level(level)
    return recommendations(
        read_purchases(file, columns=columns), until=until, horizon=horizon, options=chosen, level=level
    )


def check_recommending(columns: PurchaseColumns, options: RecommendOptions) -> None:
    """Refuse what cannot be asked for.

    Raises
    ------
    BadOption
        If no column says what was bought, or no or too many products are asked for.
    """
    if columns.product is None:
        raise BadOption(
            "Nothing can be recommended without the products.", hint="Name their column: --product COLUMN."
        )
    if not 1 <= options.most <= MOST_ASKED:
        raise BadOption(
            f"{options.most} products cannot be recommended.", hint=f"Give 1 to {MOST_ASKED} products."
        )


def recommendations(
    purchases: Purchases, *, until: date, horizon: int, options: RecommendOptions, level: float
) -> Recommendations:
    """What could be recommended to the customers of purchases that were read; see :func:`recommend`."""
    shelf = _Shelf(purchases, until=day_number(until), horizon=horizon)
    product = options.said_product or purchases.mapping["product"]
    heard = Voiced() if options.said is None else _heard(options.said, product=product, level=level)
    together = bought_together(shelf.known, sold=shelf.known.bought_since(shelf.until - 2 * shelf.window) > 0)
    if isinstance(together, NotEnough):
        return shelf.found(None, trial=together, silent=FEW_BASKETS, level=level)
    tried = _tried(shelf, most=options.most, level=level)
    if isinstance(tried, NotEnough):
        return shelf.found(together, trial=tried, silent=NOT_TRIED, level=level)
    if tried.better.low <= 0.0:
        return shelf.found(together, trial=tried, silent=NO_BETTER, level=level)
    return _offered(shelf, together, trial=tried, heard=heard, most=options.most, level=level)


class _Shelf:
    """The purchases as codes, in the order of names, and what is known of them at the end of a day."""

    def __init__(self, purchases: Purchases, *, until: int, horizon: int) -> None:
        table = purchases.table
        table = table.filter(pc.and_(pc.is_valid(table["product"]), pc.less_equal(table["day"], until)))
        self.customers, self._customer = _coded(table["customer"])
        self.products, self._product = _coded(table["product"])
        self._day = table["day"].to_numpy().astype(np.int64)
        self.until = until
        first = int(self._day.min()) if self._day.size else until
        self.window = min(horizon, (until - first) // 4)
        self.known = self.baskets(until=until)
        self.popularity = self.known.bought_since(until - self.window)
        asks_consent = "consent" in purchases.mapping
        self.no_consent = self._without_consent(table) if asks_consent else np.empty(0, dtype=np.int64)
        self.disagree = {"no_consent": len(self.no_consent)} if asks_consent else {}

    def baskets(self, *, until: int, since: int | None = None) -> Baskets:
        """What each customer bought up to a day, or after another one."""
        kept = np.ones(self._day.size, dtype=np.bool_) if since is None else self._day > since
        return baskets(
            self._customer[kept],
            product=self._product[kept],
            day=self._day[kept],
            until=until,
            customers=len(self.customers),
            products=len(self.products),
        )

    def _without_consent(self, table: pa.Table) -> Codes:
        """Customers who do not agree, by what they said last (of one day, a no); nothing said is no yes."""
        said = np.array([-1 if one is None else int(one) for one in table["consent"].to_pylist()])
        known = np.flatnonzero(said >= 0)
        order = known[np.lexsort((-said[known], self._day[known], self._customer[known]))]
        last = np.full(len(self.customers), 0)
        last[self._customer[order]] = said[order]  # in the order of days, so the last stays
        return np.flatnonzero(last == 0)

    def found(
        self,
        together: Together | None,
        *,
        trial: RecommendationTrial | NotEnough,
        silent: str,
        level: float,
    ) -> Recommendations:
        """All that is said where nobody is recommended anything."""
        no_code, no_number = np.empty(0, dtype=np.int64), np.empty(0)
        nobody = Recommended(
            customers=self.customers,
            products=self.products,
            customer=no_code,
            product=no_code,
            because=no_code,
            together=no_code,
            buyers=no_code,
            expected=no_number,
            lift=no_number,
            asked={},
        )
        return Recommendations(
            until=day_of(self.until),
            level=level,
            customers=int((self.known.sizes > 0).sum()),
            products=int((self.known.buyers > 0).sum()),
            comparisons=together.comparisons if together else 0,
            found=len(together.first) if together else 0,
            pairs=_pairs(together, self, level=level) if together else (),
            trial=trial,
            silent=silent,
            recommended=nobody,
            left_out=together.left_out if together else {},
        )


def _coded(column: pa.ChunkedArray) -> tuple[tuple[str, ...], Codes]:
    """Names in alphabetical order, and the place of each row's."""
    coded = column.combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return tuple(names[one] for one in order), place[
        coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    ]


def _tried(shelf: _Shelf, *, most: int, level: float) -> RecommendationTrial | NotEnough:
    """Recommendations of the last days that are known, from nothing but what was known before."""
    window, cut = shelf.window, shelf.until - shelf.window
    if window < 1:
        return NotEnough(n=0, needed=LEAST_TRIED, why=FEW_TRIED)
    before, after = shelf.baskets(until=cut), shelf.baskets(until=shelf.until, since=cut)
    popularity = before.bought_since(cut - window)
    together = bought_together(before, sold=before.bought_since(cut - 2 * window) > 0)
    if isinstance(together, NotEnough):
        return together
    new = np.unique(np.setdiff1d(after.keys, before.keys) // before.products)
    persons = new[(before.sizes[new] > 0) & (before.sizes[new] <= MOST_BOUGHT)]
    persons = persons[:: max(1, -(-persons.size // MOST_TRIED))]
    offered = offers(together, baskets=before, wanted=persons, popularity=popularity, most=most)
    found = hits(offered, before=before, after=after, popularity=popularity, level=level)
    return found if isinstance(found, NotEnough) else _trial(found, cut=cut, window=window, most=most)


def _trial(found: Hits, *, cut: int, window: int, most: int) -> RecommendationTrial:
    return RecommendationTrial(
        until=day_of(cut),
        days=window,
        most=most,
        customers=found.customers,
        recommended=found.recommended,
        popular=found.popular,
        again=found.again,
        better=found.better,
    )


def _offered(
    shelf: _Shelf, together: Together, *, trial: RecommendationTrial, heard: Voiced, most: int, level: float
) -> Recommendations:
    refused, withheld = _refused(shelf, together, heard)
    known, place = shelf.known, {name: code for code, name in enumerate(shelf.customers)}
    private = np.array(sorted(place[name] for name in heard.private if name in place), dtype=np.int64)
    wanted = np.flatnonzero((known.sizes > 0) & (known.sizes <= MOST_BOUGHT))
    wanted = np.setdiff1d(wanted, np.union1d(private, shelf.no_consent))
    found = offers(
        together, baskets=known, wanted=wanted, popularity=shelf.popularity, most=most, refused=refused
    )
    within = np.full(len(shelf.products), -1, dtype=np.int64)
    within[together.products] = np.arange(len(together.products))
    pair = within[found.because], within[found.product]
    quiet = shelf.found(together, trial=trial, silent="", level=level)
    return Recommendations(
        **{name: getattr(quiet, name) for name in quiet.__slots__ if name not in ("recommended", "withheld")},
        recommended=Recommended(
            customers=shelf.customers,
            products=shelf.products,
            customer=found.customer,
            product=found.product,
            because=found.because,
            together=together.count[pair].astype(np.int64),
            buyers=known.buyers[found.because],
            expected=together.expected[pair],
            lift=together.lifts[pair],
            asked=_well_met(found.customer, found.product, shelf=shelf, heard=heard),
        ),
        withheld={**shelf.disagree, "private": len(private), **withheld},
    )


def _refused(shelf: _Shelf, together: Together, heard: Voiced) -> tuple[Codes, dict[str, int]]:
    """Keys of what customers blame or of what is surely worse at what they ask for, and how many."""
    customers = {name: code for code, name in enumerate(shelf.customers)}
    products = {name: code for code, name in enumerate(shelf.products)}
    compared = [shelf.products[code] for code in together.products]
    keys: dict[int, str] = {}
    for customer, asked in (heard.asked or {}).items():
        if customer in customers:
            begin = customers[customer] * len(products)
            worse = (name for name in compared if heard.worse(name, asked=asked))
            keys |= {begin + products[name]: "worse" for name in worse}
    for customer, product in heard.blamed:
        if customer in customers and product in products:
            keys[customers[customer] * len(products) + products[product]] = "blamed"
    counts = Counter(keys.values())
    return np.array(sorted(keys), dtype=np.int64), {why: counts[why] for why in ("blamed", "worse")}


def _well_met(
    customer: Codes, product: Codes, *, shelf: _Shelf, heard: Voiced
) -> dict[int, tuple[WellMet, ...]]:
    found = {}
    asked = heard.asked or {}
    for place, (who, what) in enumerate(zip(customer.tolist(), product.tolist(), strict=True)):
        wishes = asked.get(shelf.customers[who])
        better = heard.better(shelf.products[what], asked=wishes) if wishes else ()
        if better:
            found[place] = tuple(WellMet(expectation, share) for expectation, share in better)
    return found


def _pairs(together: Together, shelf: _Shelf, *, level: float) -> tuple[BoughtTogether, ...]:
    rows = []
    for place in range(min(MOST_PAIRS, len(together.first))):
        pair = int(together.first[place]), int(together.second[place])
        count, expected = int(together.count[pair]), float(together.expected[pair])
        low, high = poisson_limits(count, level=level)
        buyers = int(shelf.known.buyers[together.products[pair[0]]])
        rows.append(
            BoughtTogether(
                product=shelf.products[together.products[pair[0]]],
                other=shelf.products[together.products[pair[1]]],
                together=count,
                share=wilson(count, buyers, level=level),
                expected=expected,
                lift=Estimate(count / expected, low / expected, high / expected, count, level),
                shrunk=shrunk_lift(count, expected=expected, strength=together.strength, level=level),
                false_rate=float(together.false_rate[place]),
            )
        )
    return tuple(rows)


def _heard(folder: Path, *, product: str, level: float) -> Voiced:
    """What the voices of a report say of products.

    Raises
    ------
    MissingColumn
        If they have no column of the product.
    """
    with Engine() as engine:
        voices, mentions = (engine.scan(there(folder, name)) for name in (VOICES, MENTIONS))
        names = voices.collect_schema().names()
        column = next((name for name in (SEGMENT + product, product) if name in names), None)
        if column is None:
            raise MissingColumn(
                f"The voices in '{folder}' have no column “{product}” of the product.",
                hint=f"Write the report with --segment {product}, or name their column with --said-product.",
            )
        return voiced(
            engine.collect(said_of_products(voices, mentions=mentions, product=column)), level=level
        )

"""Quality on real surveys and purchases: what is found, beside what is known."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv
from benchmarks.assessment.rows import SHARED, Row, absent

from forvent.assess.loyalty import fit_purchases, histories_of_arrays, outlooks
from forvent.assess.scores import Answers, asked_measures, column_scores, weighed
from forvent.reading.purchases import PurchaseColumns
from forvent.records import Estimate, NotEnough, Scale
from forvent.records.loyalty import HeldOut, Loyalty
from forvent.runs.drivers import DriverOptions, find_drivers
from forvent.runs.loyalty import AUTO, LoyaltyOptions, loyalty_of
from forvent.runs.surveyed import surveyed_gaps
from forvent.stats import wilson

NOW = datetime(2026, 11, 22)
#: Side on which the whole interval of the asymmetry should lie.
SIDES = {
    "cleanliness": -1,
    "check_in_service": -1,
    "in_flight_entertainment": -1,
    "online_boarding": 1,
    "in_flight_wifi_service": 1,
    "leg_room_service": 1,
}
#: Touchpoints with a sign that no penalty or reward explains.
UNFORCED = ("gate_location", "departure_and_arrival_time_convenience")
_SIDE = {-1: "penalty", 1: "reward"}
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def steps() -> Mapping[str, Callable[[], Iterator[Row]]]:
    """One data set after the other."""
    return {
        one.__name__: one for one in (airline, parts, bank, published, cdnow, whole, tenths, apparel, points)
    }


def airline() -> Iterator[Row]:
    """Fourteen touchpoints in one model."""
    on, path = "airline", SHARED / "surveys/airline_satisfaction_30.csv.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    found = find_drivers(path, overall="satisfaction", now=NOW, options=DriverOptions(not_applicable=("0",)))
    by_name = {one.name: one for one in found.drivers.touchpoints}
    yield Row(on, "touchpoints in the model", str(len(by_name)), "14", len(by_name) == 14)
    for name, side in SIDES.items():
        one = by_name[name].asymmetry
        held = isinstance(one, Estimate) and (one.high < 0.0 if side < 0 else one.low > 0.0)
        bar = "whole interval below 0" if side < 0 else "whole interval above 0"
        yield Row(on, f"asymmetry of {name}", said(one), bar, held)
    for name in UNFORCED:
        kind = by_name[name].kind
        yield Row(on, f"kind of {name}", kind, "undecided or reverse", kind in ("undecided", "reverse"))


def parts() -> Iterator[Row]:
    """How often each side still holds on random halves and thirds of the same survey."""
    on, path = "airline", SHARED / "surveys/airline_satisfaction_30.csv.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    table = pyarrow.csv.read_csv(path)
    rng, options = np.random.default_rng(12), DriverOptions(not_applicable=("0",), rounds=500)
    for name, many, times in (("halves", 2, 5), ("thirds", 3, 4)):
        held: dict[str, list[bool]] = {}
        with TemporaryDirectory() as home:
            file = Path(home) / "part.csv"
            for _ in range(times):
                which = rng.permutation(np.arange(table.num_rows) % many)
                for part in range(many):
                    pyarrow.csv.write_csv(table.filter(pa.array(which == part)), file)
                    found = find_drivers(file, overall="satisfaction", now=NOW, options=options)
                    for one in found.drivers.touchpoints:
                        if one.name in SIDES:
                            held.setdefault(one.name, []).append(one.side == _SIDE[SIDES[one.name]])
                        elif one.name in UNFORCED:
                            kind = one.kind in ("undecided", "reverse")
                            held.setdefault(f"{one.name} undecided or reverse", []).append(kind)
        for what, holds in held.items():
            yield Row(on, f"random {name}: {what}", f"{sum(holds)} of {len(holds)} hold")


def bank() -> Iterator[Row]:
    """Expectation and quality items of one bank."""
    on, path = "bank", SHARED / "surveys/bank_ecsi.csv"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    (whole,) = (gap for gap in surveyed_gaps(path, now=NOW).gaps if gap.part == "all")
    held = isinstance(whole.gap, Estimate) and abs(whole.gap.value + 0.53) < 0.01
    yield Row(on, "quality − expectation", said(whole.gap), "−0.53 ± 0.01", held)
    found = None if whole.reliability is None else whole.reliability.difference
    reported = found is not None
    yield Row(on, "reliability of the difference", said(found) if found else "none", "reported", reported)


def published() -> Iterator[Row]:
    """The calibration sample of Fader, Hardie and Lee (2005)."""
    on, path = "CDNOW, published sample", SHARED / "loyalty/cdnow_summary.csv.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    table = pyarrow.csv.read_csv(path)
    x, recency, age = (table[name].to_numpy() for name in ("repeat_purchases", "recency_weeks", "age_weeks"))
    fit = fit_purchases(histories_of_arrays(repeats=x, recency=recency, age=age), model="bg-nbd")
    if isinstance(fit, NotEnough):
        yield Row(on, "BG/NBD", said(fit), "a fit", held=False)
        return
    for name, bar in PUBLISHED.items():
        value = fit.parameters[name]
        yield Row(on, f"BG/NBD {name}", f"{value:.4f}", f"{bar} ± 1 %", abs(value / bar - 1) <= 0.01)
    one = histories_of_arrays(repeats=np.array([2.0]), recency=np.array([30.43]), age=np.array([38.86]))
    ahead = float(outlooks(fit, histories=one, weeks=39.0).expected[0])
    yield Row(on, "E[Y] for x 2, t_x 30.43, T 38.86, t 39", f"{ahead:.3f}", "1.226", round(ahead, 3) == 1.226)


def cdnow() -> Iterator[Row]:
    """Purchases of the second 39 weeks, from the first, of the usual tenth of the customers."""
    on, path = "CDNOW, a tenth", SHARED / "loyalty/cdnow_master.txt.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    found, plain = (_cdnow_of(path, ends="4", model=model) for model in (AUTO, "bg-nbd"))
    yield from held_out(on, found.held_out, plain.held_out)


def _cdnow_of(path: Path, *, ends: str, model: str = AUTO) -> Loyalty:
    """The customers whose number ends so."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        parts = [line.split() for line in lines]
    tenth = [row for row in parts if len(row) == 4 and (row[0].endswith(ends) or row[0] == "customer_id")]
    with TemporaryDirectory() as home:
        file = Path(home) / "cdnow.csv"
        file.write_text("\n".join(",".join(row) for row in tenth), encoding="utf-8")
        columns = PurchaseColumns("customer_id", "date", amount="dollar_value")
        options = LoyaltyOptions(model=model)
        return loyalty_of(file, columns=columns, until=date(1997, 9, 30), horizon=273, options=options)


def whole() -> Iterator[Row]:
    """The same of all customers at once."""
    on, path = "CDNOW, all customers", SHARED / "loyalty/cdnow_master.txt.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    found, plain = (_cdnow_of(path, ends="", model=model) for model in (AUTO, "bg-nbd"))
    yield from held_out(on, found.held_out, plain.held_out)


def tenths() -> Iterator[Row]:
    """The same of each tenth of the customers: how far the total misses where it is one draw of ten."""
    on, path = "CDNOW, all customers", SHARED / "loyalty/cdnow_master.txt.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    found = [_cdnow_of(path, ends=str(digit)).held_out for digit in range(10)]
    held = [one for one in found if not isinstance(one, NotEnough)]
    off = np.array([one.expected.value / one.bought - 1 for one in held])
    # Student's factor for ten of them.
    doubt = 2.262 * float(off.std(ddof=1)) / np.sqrt(off.size)
    inside = sum(one.expected.low <= one.bought <= one.expected.high for one in held)
    spread = f"{off.min():+.1%} … {off.max():+.1%}, mean {off.mean():+.1%} ± {doubt:.1%}"
    yield Row(on, "miss of the total, a tenth at a time", spread)
    yield Row(on, "tenths whose total lies in its interval", f"{inside} of 10", "at least 8", inside >= 8)


def apparel() -> Iterator[Row]:
    """Another shop."""
    on, path = "apparel shop", SHARED / "loyalty/clvtools_apparel.csv.gz"
    if (gone := absent(on, path)) is not None:
        yield gone
        return
    columns = PurchaseColumns("customer_id", "date", amount="price")
    asked = partial(loyalty_of, path, columns=columns, until=date(2007, 6, 30), horizon=365)
    found, plain = asked(), asked(options=LoyaltyOptions(model="bg-nbd"))
    yield from held_out(on, found.held_out, plain.held_out)


def held_out(on: str, found: HeldOut | NotEnough, plain: HeldOut | NotEnough) -> Iterator[Row]:
    """The forecast beside what came, beside the last period and beside plain BG/NBD."""
    if isinstance(found, NotEnough) or isinstance(plain, NotEnough):
        few = found if isinstance(found, NotEnough) else plain
        yield Row(
            on,
            "held-out purchases",
            said(few) if isinstance(few, NotEnough) else "",
            "a forecast",
            held=False,
        )
        return
    off, off_plain = (one.expected.value / one.bought - 1 for one in (found, plain))
    inside = found.expected.low <= found.bought <= found.expected.high
    total = f"{said(found.expected, digits=0)} against {found.bought:,}"
    what = f"purchases of {found.days} days held out"
    yield Row(
        on, what, f"{total} ({off:+.1%}; plain BG/NBD {off_plain:+.1%})", "within 5 %", abs(off) <= 0.05
    )
    yield Row(on, f"{what}, what came", "inside" if inside else "outside", "inside the interval", inside)
    for name, ours, same, theirs in (
        ("root mean squared error", found.squared_error, found.same_squared_error, plain.squared_error),
        ("mean error a customer of the median", found.median_error, found.same_error, plain.error),
        ("mean error a customer of the mean", found.error, found.same_error, None),
    ):
        beside = f"below {same:.3f}, same as last period"
        if theirs is None:
            beside += f" (plain BG/NBD: {plain.error:.3f})"
        else:
            beside += f", and {theirs:.3f}, plain BG/NBD"
        yield Row(on, name, f"{ours:.3f}", beside, ours < same and (theirs is None or ours < theirs))


def points() -> Iterator[Row]:
    """Published examples of the plain scores."""
    ten = Scale(0, 10)
    rating = np.repeat([1.0, 0.75, 0.3], [25, 15, 10])
    whole = column_scores(asked_measures(["nps"], scale=ten), [weighed(Answers.of(rating))])[0][0]
    one = whole.scores[0].estimate
    told = isinstance(one, Estimate) and [round(part) for part in (one.value, one.low, one.high)]
    yield Row("50 answers", "NPS of 25, 15 and 10", said(one, digits=0), "30 (7 … 49)", told == [30, 7, 49])
    kept = wilson(3, 3)
    percent = [round(100 * part) for part in (kept.low, kept.high)]
    yield Row(
        "3 promises",
        "kept rate of 3 of 3",
        f"{percent[0]} … {percent[1]} %",
        "44 … 100 %",
        percent == [44, 100],
    )


def said(number: Estimate | NotEnough, *, digits: int = 2) -> str:
    """A number with its interval."""
    if isinstance(number, NotEnough):
        return f"not enough data ({number.why})"
    value, low, high = (
        f"{part:,.{digits}f}".replace("-", "−") for part in (number.value, number.low, number.high)
    )
    return f"{value} ({low} … {high})"

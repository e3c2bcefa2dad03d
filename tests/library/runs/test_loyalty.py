import gzip
import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from forvent.errors import BadOption, NothingUsable
from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import HeldOut, PurchaseFit
from forvent.runs.loyalty import LoyaltyOptions, PurchaseColumns, loyalty_of

SHARED = Path(__file__).parents[4] / "shared/data"
COLUMNS = PurchaseColumns("who", "when", amount="paid")
START = date(2023, 1, 1)
UNTIL = date(2023, 12, 31)


def orders(customers=150, *, days=545, seed=1, mean_gap=40.0):
    """Rows of a shop whose customers come at rates of their own and may leave."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        day, gap = float(rng.integers(0, 90)), mean_gap / rng.gamma(2.0, 0.5)
        while day < days:
            rows.append(f"c{who},{START + timedelta(days=int(day))},{rng.gamma(4.0, 5.0):.2f}")
            if rng.random() < 0.1:
                break
            day += rng.exponential(gap)
    return rows


@pytest.fixture
def look(tmp_path):
    def at(
        rows,
        *,
        header="who,when,paid",
        until=UNTIL,
        horizon=180,
        columns=COLUMNS,
        model="mbg-nbd",
        level=0.95,
    ):
        path = tmp_path / "orders.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return loyalty_of(
            path,
            columns=columns,
            until=until,
            horizon=horizon,
            options=LoyaltyOptions(model=model, level=level),
        )

    return at


def test_looks_ahead_and_beside_what_came(look):
    found = look(orders(), model="auto")
    assert [fit.aic for fit in found.candidates] == sorted(fit.aic for fit in found.candidates)
    assert isinstance(found.fit, PurchaseFit)
    assert found.fit.converged
    assert isinstance(found.held_out, HeldOut)
    assert found.held_out.days > 170
    assert found.held_out.expected.low < found.held_out.bought < found.held_out.expected.high
    assert found.held_out.squared_error < found.held_out.same_squared_error
    assert found.purchases.value == pytest.approx(found.customers.outlook.expected.sum())
    assert found.value.low < found.value.value < found.value.high
    assert found.value.value == pytest.approx(found.customers.value.sum())
    assert len(found.customers.names) == 150
    assert [one.days for one in found.past] == [91, 91, 91]


def test_what_came_after_changes_no_forecast(look):
    rows = orders(60)
    known = [row for row in rows if date.fromisoformat(row.split(",")[1]) <= UNTIL]
    with_later, without = look(rows), look(known)
    assert with_later.purchases == without.purchases
    assert with_later.fit.parameters == without.fit.parameters
    assert isinstance(without.held_out, NotEnough)
    assert sum(with_later.left_out.values()) == len(rows) - len(known)


def test_order_of_rows_and_a_repeated_row_change_nothing(look):
    rows = orders(60)
    plain, turned = look(rows), look([*rows[::-1], rows[0]])
    assert turned.file.repeated == 1
    assert plain.purchases == turned.purchases
    assert plain.customers.names == turned.customers.names


def test_money_given_back_is_counted_and_not_bought(look):
    rows = orders(60)
    plain, returned = look(rows), look([*rows, "c1,2023-06-01,-500.00"])
    assert returned.purchases == plain.purchases
    assert [(one.count, one.rows) for one in returned.file.unusable] == [(1, (len(rows) + 2,))]


def test_a_customer_with_ten_thousand_orders_is_one_customer(look):
    day = timedelta(days=1)
    heavy = [f"robot,{START + (number % 365) * day},{1 + number}.00" for number in range(10_000)]
    found = look([*orders(60), *heavy])
    place = found.customers.names.index("robot")
    assert found.customers.repeats[place] == 364
    assert np.isfinite(found.purchases.high)
    # A purchase every day: about as many as the horizon has days.
    assert 120 < found.customers.outlook.expected[place] <= 190


def test_customers_with_one_purchase_only_get_no_forecast(look):
    found = look([f"c{number},2023-05-{1 + number % 28:02},9.00" for number in range(300)])
    why = NotEnough(0, 10, "too few customers have bought again")
    assert (found.fit, found.purchases, found.value, found.held_out) == (why, why, why, why)
    assert found.candidates == found.past == ()
    assert np.isnan(found.customers.outlook.expected).all()
    assert found.repeat_share.value == 0.0
    assert isinstance(found.came_back, Estimate)


def test_one_customer_is_not_enough(look):
    assert look(["a,2023-05-01,3.00"]).purchases.needed == 10


def test_all_amounts_zero_leave_the_purchases(look):
    found = look([",".join([*row.split(",")[:2], "0.00"]) for row in orders(60)])
    assert isinstance(found.purchases, Estimate)
    assert isinstance(found.spend, NotEnough)
    assert found.value == found.spend
    assert np.isnan(found.customers.value).all()


def test_without_amounts_only_purchases_are_told(look):
    found = look(orders(60), columns=PurchaseColumns("who", "when"))
    assert found.value == NotEnough(0, 1, "no column says what was paid")
    assert isinstance(found.purchases, Estimate)


def test_who_was_sent_by_another_is_counted(look):
    rows = [f"{row},{'Eva' if int(row[1 : row.index(',')]) % 4 == 0 else ''}" for row in orders(80)]
    columns = PurchaseColumns("who", "when", amount="paid", referred="by")
    found = look(rows, header="who,when,paid,by", columns=columns)
    assert found.referral_share.value == pytest.approx(0.25)
    assert found.referral_value.low < 0.25 < found.referral_value.high


def test_says_that_everyone_looks_gone_where_the_file_ends_early(look):
    found = look(orders(60, days=200))
    assert any("give --until 2023-07-" in note for note in found.notes)


def test_the_asked_model_is_taken(look):
    found = look(orders(60), model="bg-nbd", level=0.8)
    assert [fit.model for fit in found.candidates] == ["bg-nbd"]
    assert found.purchases.level == 0.8


def test_refuses_a_day_before_all_purchases(look):
    with pytest.raises(NothingUsable) as caught:
        look(["a,2023-05-01,3.00"], until=date(2022, 1, 1))
    assert str(caught.value) == (
        "Nothing in orders.csv was bought by 2022-01-01; the first purchase is of 2023-05-01. "
        "Give a later --until."
    )


@pytest.mark.parametrize("horizon", [0, -3, 7306])
def test_refuses_a_horizon_that_is_none(look, horizon):
    with pytest.raises(BadOption) as caught:
        look(["a,2023-05-01,3.00"], horizon=horizon)
    assert str(caught.value) == f"{horizon} days cannot be looked ahead. Give 1 to 7305 days."


def test_refuses_an_unknown_model(look):
    with pytest.raises(BadOption) as caught:
        look(["a,2023-05-01,3.00"], model="guess")
    assert str(caught.value) == (
        "'guess' is no model of purchases. Choose one of auto, bg-nbd, mbg-nbd, bg-nbd-early, mbg-nbd-early, "
        "bg-nbd-months, mbg-nbd-months, bg-nbd-early-months, mbg-nbd-early-months."
    )


# -------------------------------------------------------------------------- shared data


def shared(name):
    path = SHARED / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The shared test data are missing.")
        pytest.skip("needs the shared test data beside the project")
    return path


@pytest.mark.data
def test_apparel_is_forecast_within_five_percent_and_beats_the_last_period():
    columns = PurchaseColumns("customer_id", "date", amount="price")
    found = loyalty_of(
        shared("loyalty/clvtools_apparel.csv.gz"), columns=columns, until=date(2007, 6, 30), horizon=365
    )
    held = found.held_out
    assert (found.fit.model, found.fit.converged) == ("mbg-nbd-months", True)
    assert [fit.model for fit in found.candidates].count("mbg-nbd-months") == 1
    assert len(found.candidates) == 4
    assert held.expected.value == pytest.approx(held.bought, rel=0.05)
    assert held.error < held.same_error
    assert held.squared_error < 0.8 * held.same_squared_error


def cdnow(tmp_path, *, customers):
    """The purchases of CDNOW whose customer is among those asked for, as a table."""
    path = tmp_path / "cdnow.csv"
    with gzip.open(shared("loyalty/cdnow_master.txt.gz"), "rt", encoding="utf-8") as lines:
        rows = [line.split() for line in lines]
    kept = [row for row in rows if len(row) == 4 and (row[0] == "customer_id" or customers(row[0]))]
    path.write_text("\n".join(",".join(row) for row in kept), encoding="utf-8")
    return path


CDNOW = PurchaseColumns("customer_id", "date", amount="dollar_value")


@pytest.mark.data
def test_cdnow_is_forecast_within_five_percent_and_beats_the_plain_model(tmp_path):
    path = cdnow(tmp_path, customers=lambda _: True)
    found, plain = (
        loyalty_of(
            path, columns=CDNOW, until=date(1997, 9, 30), horizon=273, options=LoyaltyOptions(model=model)
        )
        for model in ("auto", "bg-nbd")
    )
    held = found.held_out
    assert held.bought == 19_684
    assert held.expected.value == pytest.approx(held.bought, rel=0.05)
    assert held.expected.low < held.bought < held.expected.high
    assert held.squared_error < plain.held_out.squared_error
    # Plain BG/NBD falls 14 % short here: this test can fail.
    assert plain.held_out.expected.value < 0.88 * held.bought


@pytest.mark.data
def test_a_tenth_of_cdnow_lies_in_the_interval_and_beats_the_last_period(tmp_path):
    path = cdnow(tmp_path, customers=lambda customer: customer.endswith("4"))
    found = loyalty_of(path, columns=CDNOW, until=date(1997, 9, 30), horizon=273)
    held = found.held_out
    assert held.expected.low < held.bought < held.expected.high
    assert held.expected.value == pytest.approx(held.bought, rel=0.08)
    assert held.error < held.same_error
    assert held.squared_error < held.same_squared_error


@pytest.mark.data
@pytest.mark.parametrize("until", [date(2006, 6, 30), date(2006, 12, 31), date(2008, 1, 1)])
def test_apparel_beats_the_plain_model_from_other_days_as_well(until):
    columns = PurchaseColumns("customer_id", "date", amount="price")
    path = shared("loyalty/clvtools_apparel.csv.gz")
    pooled, plain = (
        loyalty_of(
            path, columns=columns, until=until, horizon=365, options=LoyaltyOptions(model=model)
        ).held_out
        for model in ("auto", "bg-nbd")
    )
    assert pooled.squared_error < plain.squared_error
    assert pooled.error < plain.error
    assert pooled.expected.low < pooled.bought < pooled.expected.high


@pytest.mark.data
def test_olist_whose_customers_hardly_come_back_runs():
    columns = PurchaseColumns("customer_id", "order_purchase_timestamp")
    found = loyalty_of(
        shared("promises/olist/olist_orders_dataset.csv.gz"),
        columns=columns,
        until=date(2018, 6, 30),
        horizon=60,
    )
    # Of this file every order has a customer id of its own.
    assert found.purchases.why == "too few customers have bought again"
    assert found.repeat_share.value == 0.0

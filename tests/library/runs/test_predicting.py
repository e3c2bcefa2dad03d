"""From files to what is foretold: joined, honest about leaks, silent where blind."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.identify import Identifier
from forvent.records import Estimate
from forvent.runs.predicting import PredictOptions, PurchaseColumns, disappointment_of, leaving_of

COLUMNS = {"text": "-", "rating": "stars", "episode": "order", "time": "said"}


def moment(days):
    return (datetime(2024, 1, 1) + timedelta(days=float(days))).isoformat(sep=" ", timespec="seconds")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Late orders are rated badly; orders of the West are late more often; the last ones are open."""
    rng, home = np.random.default_rng(1), tmp_path_factory.mktemp("shop")
    orders = ["order,ordered,due,arrived,state,shop,price,sent"]
    reviews = ["order,said,stars"]
    starts = np.sort(rng.uniform(0, 300, 2_500))
    for number, start in enumerate(starts):
        west = rng.random() < 0.4
        late = rng.random() < (0.5 if west else 0.1)
        arrived = start + (4 + rng.uniform(0.5, 5) if late else rng.uniform(0.5, 3.9))
        told = arrived + rng.uniform(0.1, 2)
        stars = 1 if rng.random() < (0.7 if late else 0.1) else 5
        shop, price = "West" if west else "East", f"{rng.gamma(2, 10):.2f}"
        done = arrived < 300
        orders.append(
            f"o{number},{moment(start)},{moment(start + 4)},{moment(arrived) if done else ''},"
            f"{'delivered' if done else 'sent'},{shop},{price},{moment(start + 1)}"
        )
        if told < 300:
            reviews.append(f"o{number},{moment(told)},{stars}")
    (home / "orders.csv").write_text("\n".join(orders), encoding="utf-8")
    (home / "reviews.csv").write_text("\n".join(reviews), encoding="utf-8")
    return home


def never():
    raise AssertionError("no voice without a rating has to be understood")


def test_open_orders_are_foretold_from_files_without_understanding_a_word(files):
    options = PredictOptions(identifier=never, columns=COLUMNS, by=("shop", "price", "sent"))
    found = disappointment_of(files / "reviews.csv", episodes=files / "orders.csv", options=options)
    assert [one.moment for one in found.accuracies] == ["start", "waiting", "delivered"]
    assert all(one.silent is None for one in found.accuracies)
    assert [one.column for one in found.left_out] == ["sent"]
    start = {one.knowledge for one in found.accuracies[0].rests_on if one.loss.low > 0}
    assert start == {"shop"}
    assert found.open_cases == len(found.cases) > 20
    known = [case for case in found.cases if isinstance(case.probability, Estimate)]
    assert len(known) == len(found.cases)
    assert known[0].probability.value > 2 * known[-1].probability.value


@pytest.mark.parametrize("column", ["arrived", "state"])
def test_a_column_that_says_how_it_ended_is_refused(files, column):
    options = PredictOptions(identifier=never, columns=COLUMNS, by=(column,))
    message = f"“{column}” is known only when an episode is over, so it cannot foretell how it ends."
    with pytest.raises(BadOption) as caught:
        disappointment_of(files / "reviews.csv", episodes=files / "orders.csv", options=options)
    assert caught.value.message == message
    assert caught.value.hint == "Leave it out of --by; name columns that are known at the start."


def test_voices_that_name_no_episode_are_said(files, tmp_path):
    file = tmp_path / "reviews.csv"
    file.write_text("comment,stars\nLate again.,1\n", encoding="utf-8")
    options = PredictOptions(identifier=never)
    found = disappointment_of(file, episodes=files / "orders.csv", options=options)
    assert found.accuracies == ()
    assert found.notes == (
        "No voice says which episode it speaks of, so no outcome is known. "
        "Name the column that holds the episode's id: --map episode=COLUMN.",
    )


def test_a_voice_without_rating_is_understood(files, tmp_path, pretend):
    file = tmp_path / "reviews.csv"
    file.write_text("order,comment,stars\no1,The parcel came late.,\no2,Fine,5\n", encoding="utf-8")
    made = []

    def identifier():
        made.append(True)
        return Identifier(pretend)

    options = PredictOptions(identifier=identifier, columns={"episode": "order"})
    found = disappointment_of(file, episodes=files / "orders.csv", options=options)
    assert made == [True]
    assert found.accuracies[0].silent.why == "too few outcomes of either kind to learn from"


@pytest.fixture(scope="module")
def purchases(tmp_path_factory):
    rng, rows = np.random.default_rng(3), ["who,when,paid"]
    for who in range(500):
        day, rate, leaves = float(rng.integers(0, 90)), rng.gamma(0.8, 0.05) + 0.002, rng.beta(0.6, 4.0)
        while day < 700:
            rows.append(f"c{who},{date(2023, 1, 1) + timedelta(days=int(day))},{rng.gamma(4.0, 5.0):.2f}")
            if rng.random() < leaves:
                break
            day += rng.exponential(1 / rate)
    path = tmp_path_factory.mktemp("shop") / "purchases.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_who_leaves_is_foretold_from_purchases(purchases):
    found = leaving_of(purchases, columns=PurchaseColumns("who", "when", amount="paid"), horizon=60)
    assert found.accuracies[0].silent is None
    assert found.accuracies[0].skill.low > 0.0
    assert found.horizon_days == 60
    assert found.open_cases == 500
    assert found.order == "value_at_risk"
    risks = [case.at_risk.value for case in found.cases if case.at_risk is not None]
    assert len(risks) == 500
    assert risks == sorted(risks, reverse=True)
    last = date(2024, 11, 30)
    assert abs(found.as_of.replace(tzinfo=UTC).date() - last) < timedelta(days=3)


def test_what_comes_after_the_day_changes_nothing(purchases, tmp_path):
    until = date(2024, 6, 30)
    shorter = tmp_path / "purchases.csv"
    rows = purchases.read_text(encoding="utf-8").splitlines()
    kept = [rows[0], *(row for row in rows[1:] if row.split(",")[1] <= until.isoformat())]
    shorter.write_text("\n".join(kept), encoding="utf-8")
    columns = PurchaseColumns("who", "when")
    assert leaving_of(purchases, columns=columns, horizon=60, until=until) == leaving_of(
        shorter, columns=columns, horizon=60, until=until
    )


def test_a_horizon_that_cannot_be_is_refused(purchases):
    with pytest.raises(BadOption, match=r"^0 days cannot be looked ahead\. Give 1 to 7305 days\.$"):
        leaving_of(purchases, columns=PurchaseColumns("who", "when"), horizon=0)

"""What could be recommended to whom, from files of purchases and the voices of a report."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.purchases import PurchaseColumns
from forvent.records import NotEnough
from forvent.records.recommendations import RecommendationTrial
from forvent.rows import mentions_schema, voices_schema
from forvent.runs.recommending import RecommendOptions, recommend

START = date(2023, 1, 1)
UNTIL = date(2024, 1, 31)
COLUMNS = PurchaseColumns("who", "when", product="what")
PRODUCTS = 60


def orders(*, customers=1200, groups=6, strength=8.0, seed=1):
    """Rows of a shop where each customer likes one group of products better than the others."""
    rng = np.random.default_rng(seed)
    popular = 1 / np.arange(1, PRODUCTS + 1) ** 0.7
    group = np.arange(PRODUCTS) % groups
    rows = []
    for who in range(customers):
        liked = popular * np.where(group == who % groups, strength, 1.0)
        many = 1 + rng.poisson(rng.gamma(1.0, 5.0))
        days, what = rng.integers(0, 395, many), rng.choice(PRODUCTS, many, p=liked / liked.sum())
        rows += [
            f"c{who},{START + timedelta(days=int(day))},p{one}" for day, one in zip(days, what, strict=True)
        ]
    return rows


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shops")

    def written(name, rows, header="who,when,what"):
        path = folder / f"{name}.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture(scope="module")
def liked(shops):
    path = shops("liked", orders())
    return path, recommend(path, columns=COLUMNS, until=UNTIL, horizon=90)


def triples(found):
    """Customer, product and reason of each recommendation, by name."""
    given = found.recommended
    return [
        (given.customers[who], given.products[what], given.products[why])
        for who, what, why in zip(given.customer, given.product, given.because, strict=True)
    ]


def test_recommends_where_it_beat_the_most_popular(liked):
    found = liked[1]
    assert isinstance(found.trial, RecommendationTrial)
    assert found.silent == ""
    assert found.trial.better.low > 0.0
    assert found.trial.recommended.value > found.trial.popular.value
    assert found.trial.days == 90
    assert found.trial.until == UNTIL - timedelta(days=90)
    assert len(triples(found)) > 1000


def test_pairs_that_are_findings_are_those_that_were_put_in(liked):
    same = [int(pair.product[1:]) % 6 == int(pair.other[1:]) % 6 for pair in liked[1].pairs]
    assert len(same) > 20
    assert np.mean(same) > 0.95
    for pair in liked[1].pairs:
        assert pair.together >= 5
        assert pair.lift.low <= pair.lift.value <= pair.lift.high
        assert 1.0 < pair.shrunk.value < pair.lift.value
        assert pair.shrunk.low < pair.shrunk.value < pair.shrunk.high
        assert pair.share.value == pytest.approx(pair.together / pair.share.n)


def test_recommends_nothing_that_was_bought_and_names_a_reason_that_was(liked):
    path, found = liked
    bought = {tuple(row.split(",")[::2]) for row in path.read_text(encoding="utf-8").splitlines()[1:]}
    given = triples(found)
    assert all((who, what) not in bought and (who, why) in bought for who, what, why in given)
    assert (found.recommended.together <= found.recommended.buyers).all()
    assert (found.recommended.together >= 5).all()
    assert max(np.unique(found.recommended.customer, return_counts=True)[1]) <= 3


def test_is_silent_where_customers_like_nothing_in_particular(shops):
    path = shops("alike", orders(groups=1))
    found = recommend(path, columns=COLUMNS, until=UNTIL)
    assert found.silent == "no_better"
    assert isinstance(found.trial, RecommendationTrial)
    assert found.trial.better.low <= 0.0
    assert found.pairs == ()
    assert triples(found) == []


def test_too_few_baskets_are_not_enough(shops):
    path = shops("few", orders(customers=20))
    found = recommend(path, columns=COLUMNS, until=UNTIL)
    assert found.silent == "few_baskets"
    assert isinstance(found.trial, NotEnough)
    assert found.trial.needed == 50


def test_what_was_never_tried_is_not_recommended(shops):
    # Whoever bought two products never came back; the products are still sold, to others.
    rows = [f"c{who},2023-01-0{1 + who % 7},p{who % 3 + step}" for who in range(200) for step in (0, 3)]
    rows += [f"n{who},2023-{month:02}-20,p{who % 6}" for who in range(30) for month in range(3, 13)]
    found = recommend(shops("early", rows), columns=COLUMNS, until=date(2023, 12, 31))
    assert found.silent == "not_tried"
    assert triples(found) == []


def test_what_came_after_the_day_changes_nothing(shops, liked):
    later = [f"c{who},2024-03-01,p{who % 7}" for who in range(600)]
    found = recommend(shops("later", [*orders(), *later]), columns=COLUMNS, until=UNTIL, horizon=90)
    assert found.trial == liked[1].trial
    assert triples(found) == triples(liked[1])


def test_whoever_did_not_agree_is_recommended_nothing(shops, liked):
    rows = []
    for row in orders():
        who = int(row[1 : row.index(",")])
        late = row.split(",")[1] > "2023-07-01"
        says = {0: "yes", 1: "no", 2: "no" if late else "yes"}.get(who % 4, "")
        rows.append(f"{row},{says}")
    path = shops("consent", rows, header="who,when,what,agreed")
    columns = PurchaseColumns("who", "when", product="what", consent="agreed")
    found = recommend(path, columns=columns, until=UNTIL, horizon=90)
    kinds = {int(who[1:]) % 4 for who, _, _ in triples(found)}
    # Of those who said no later on, whoever bought nothing since is still one who agreed.
    assert kinds == {0, 2}
    late = {row.split(",")[0] for row in rows if row.endswith(",no")}
    assert not late & {who for who, _, _ in triples(found)}
    assert found.withheld["no_consent"] >= 600
    assert found.trial == liked[1].trial


def said(folder, rows):
    """A folder as forvent report leaves it; each row is a customer, product, expectation and polarity."""
    folder.mkdir()
    schema = voices_schema(("what",))
    voices = [
        {"voice_id": str(number), "customer": row[0], "segment_what": row[1], "content_free": False}
        for number, row in enumerate(rows)
    ]
    mentions = [
        {"voice_id": str(number), "expectation": row[2], "polarity": row[3]}
        for number, row in enumerate(rows)
    ]
    pq.write_table(pa.Table.from_pylist(voices, schema=schema), folder / "voices.parquet")
    pq.write_table(pa.Table.from_pylist(mentions, schema=mentions_schema()), folder / "mentions.parquet")
    return folder


def test_what_a_customer_blames_is_neither_recommended_nor_a_reason(liked, tmp_path):
    path, before = liked
    first = triples(before)[0]
    folder = said(
        tmp_path / "report",
        [(first[0], first[1], "comfort", "unmet"), ("c5", "p1", "data_protection", "unmet")],
    )
    found = recommend(path, columns=COLUMNS, until=UNTIL, horizon=90, options=RecommendOptions(said=folder))
    assert first[:2] not in [one[:2] for one in triples(found)]
    assert "c5" in {who for who, _, _ in triples(before)}
    assert "c5" not in {who for who, _, _ in triples(found)}
    assert found.withheld["private"] == 1
    assert found.withheld["blamed"] == 2
    reasons = said(tmp_path / "reasons", [(first[0], first[2], "comfort", "unmet")])
    again = recommend(path, columns=COLUMNS, until=UNTIL, horizon=90, options=RecommendOptions(said=reasons))
    assert (first[0], first[2]) not in {(who, why) for who, _, why in triples(again)}


def test_what_a_customer_asked_for_keeps_away_what_is_worse_at_it_and_speaks_for_what_is_better(
    liked, tmp_path
):
    path, before = liked
    who, good = triples(before)[0][:2]
    bad = next(what for name, what, _ in triples(before) if name == who and what != good)
    rows = [(f"x{number}", good, "comfort", "met") for number in range(30)]
    rows += [(f"y{number}", bad, "comfort", "unmet") for number in range(30)]
    folder = said(tmp_path / "report", [*rows, (who, None, "comfort", "wished")])
    found = recommend(path, columns=COLUMNS, until=UNTIL, horizon=90, options=RecommendOptions(said=folder))
    mine = {what: place for place, (name, what, _) in enumerate(triples(found)) if name == who}
    assert good in mine
    assert bad not in mine
    assert found.withheld["worse"] == 1
    reasons = found.recommended.asked[mine[good]]
    assert [(one.expectation, one.share.n) for one in reasons] == [("comfort", 30)]


def test_voices_without_the_product_are_refused(liked, tmp_path):
    folder = said(tmp_path / "report", [("c1", "p1", "comfort", "unmet")])
    options = RecommendOptions(said=folder, said_product="sku")
    with pytest.raises(MissingColumn) as caught:
        recommend(liked[0], columns=COLUMNS, until=UNTIL, options=options)
    assert str(caught.value) == (
        f"The voices in '{folder}' have no column “sku” of the product. "
        "Write the report with --segment sku, or name their column with --said-product."
    )


def test_refuses_what_cannot_be_asked_for(liked):
    with pytest.raises(BadOption) as caught:
        recommend(liked[0], columns=PurchaseColumns("who", "when"), until=UNTIL)
    assert str(caught.value) == (
        "Nothing can be recommended without the products. Name their column: --product COLUMN."
    )
    with pytest.raises(BadOption) as caught:
        recommend(liked[0], columns=COLUMNS, until=UNTIL, options=RecommendOptions(most=0))
    assert str(caught.value) == "0 products cannot be recommended. Give 1 to 20 products."

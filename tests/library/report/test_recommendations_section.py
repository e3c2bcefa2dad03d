"""What the page and the terminal say of recommendations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forvent.records import Estimate, NotEnough
from forvent.records.recommendations import (
    BoughtTogether,
    Recommendations,
    RecommendationTrial,
    Recommended,
    WellMet,
)
from forvent.report.recommendations_json import recommendations_document
from forvent.report.sections.recommendations import recommendations_section
from forvent.report.wording import wording
from forvent.tables import LANGUAGES

TRIAL = RecommendationTrial(
    until=date(2024, 4, 1),
    days=90,
    most=3,
    customers=400,
    recommended=Estimate(0.3, 0.26, 0.35, 400),
    popular=Estimate(0.2, 0.16, 0.24, 400),
    again=Estimate(0.15, 0.12, 0.19, 400),
    better=Estimate(0.1, 0.05, 0.15, 400),
)
PAIR = BoughtTogether(
    "tea <b>",
    "cup",
    41,
    Estimate(41 / 230, 0.13, 0.23, 230),
    20.0,
    Estimate(2.05, 1.5, 2.8, 41),
    Estimate(1.9, 1.4, 2.5, 41),
    0.001,
)


def given(count):
    codes = np.arange(count)
    return Recommended(
        customers=("eva", "jan"),
        products=("tea <b>", "cup"),
        customer=codes,
        product=np.ones(count, dtype=np.int64),
        because=np.zeros(count, dtype=np.int64),
        together=np.full(count, 41),
        buyers=np.full(count, 230),
        expected=np.full(count, 20.0),
        lift=np.linspace(1.9, 1.5, count),
        asked={0: (WellMet("comfort", Estimate(0.9, 0.8, 0.95, 60)),)} if count else {},
    )


@pytest.fixture
def found():
    return Recommendations(
        until=date(2024, 6, 30),
        level=0.95,
        customers=900,
        products=30,
        comparisons=435,
        found=1,
        pairs=(PAIR,),
        trial=TRIAL,
        silent="",
        recommended=given(2),
        withheld={"private": 1, "blamed": 2, "worse": 0},
    )


def section(found, language="en"):
    return recommendations_section(found, wording=wording(language, names={}, scale=None))


def test_says_by_how_much_recommendations_beat_the_most_popular(found):
    told = section(found)
    assert told.finding == (
        "Recommendations beat the most popular products: 30% of customers bought one of them, against 20%"
    )
    assert told.difference == "Recommended less most popular, in percentage points: 10.0 (5.0 to 15.0)."
    assert told.rows[0].name == "Recommended"
    assert "400 customers" in told.trial


def test_gives_the_reason_in_words_and_what_the_customer_asked_for(found):
    rows = section(found).customers.rows
    assert rows[0] == (
        "eva",
        "cup",
        "tea <b>: of 230 who bought it, 41 also bought this, 1.9 times as many as by chance; "
        "“Comfort”, which this customer asked for or missed, is met more often than elsewhere: "
        "90%, between 80 and 95, 60 customers",
    )
    assert len(rows) == 2


def test_says_whom_nothing_is_recommended_and_that_consent_is_not_known(found):
    notes = section(found).notes
    assert notes[0].startswith("No column says who agreed")
    assert (
        notes[1] == "Find the protection of their data unmet, so nothing is recommended to them: 1 customer."
    )
    assert notes[2].endswith("2 products for single customers.")
    assert len(notes) == 3
    asked = section(replace(found, withheld={"no_consent": 12})).notes
    assert asked == ("Did not agree to be recommended anything, so nothing is: 12 customers.",)


@pytest.mark.parametrize(
    ("silent", "says"),
    [
        ("few_baskets", "Nothing is recommended: too few customers bought two products (7 customers)"),
        ("not_tried", "Nothing is recommended: it could not be tried yet (7 customers)"),
    ],
)
def test_says_why_nothing_is_recommended(found, silent, says):
    quiet = replace(
        found, silent=silent, trial=NotEnough(7, 30, "few"), recommended=given(0), pairs=(), found=0
    )
    told = section(quiet)
    assert told.finding == says
    assert told.rows == told.notes == ()
    assert told.customers is None


def test_shows_the_trial_that_was_lost(found):
    told = section(replace(found, silent="no_better", recommended=given(0)))
    assert told.finding.startswith("Nothing is recommended: lists from what customers bought")
    assert len(told.rows) == 3
    assert told.pairs_table.rows[0][2:] == ("41 of 230", "1.9 (1.4 to 2.5)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_is_whole_in_every_language(found, language):
    told = section(found, language)
    texts = [told.finding, told.trial, told.difference, told.to_whom, told.pairs, *told.notes]
    texts += [cell for table in (told.customers, told.pairs_table) for row in table.rows for cell in row]
    assert not any("{" in text or not text for text in texts)
    if language != "en":
        assert told.finding != section(found).finding


def test_json_holds_an_object_a_customer(found):
    document = recommendations_document(found)
    assert [one["customer"] for one in document["customers"]] == ["eva", "jan"]
    first = document["customers"][0]["products"][0]
    assert (first["product"], first["because"], first["together"], first["buyers"]) == (
        "cup",
        "tea <b>",
        41,
        230,
    )
    assert first["asked"][0]["expectation"] == "comfort"
    assert document["pairs"][0]["false_rate"] == 0.001


def test_nothing_asked_is_nothing_shown():
    assert section(None) is None

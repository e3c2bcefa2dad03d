from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from forvent.assess.loyalty import fit_from_parameters
from forvent.records import Estimate, NotEnough, ReadingReport
from forvent.records.loyalty import CustomerOutlooks, HeldOut, Loyalty, Outlook, PastForecast, SpendFit
from forvent.report.loyalty_page import loyalty_page
from forvent.tables import LANGUAGES

FEW = NotEnough(3, 10, "too few customers have bought again")
NO_REFERRAL = NotEnough(0, 1, "no column says who was sent by another")


def customers(names):
    n = len(names)
    expected = np.linspace(5.0, 0.1, n)
    ahead = Outlook(
        expected, np.zeros(n), np.ceil(expected * 3), expected, np.full(n, 0.8), 0.95, np.floor(expected)
    )
    return CustomerOutlooks(
        names,
        np.arange(n)[::-1] * 1.0,
        np.ones(n),
        np.ones(n) * 9,
        ahead,
        np.full(n, 20.0),
        expected * 20,
        np.ones(n),
    )


@pytest.fixture
def loyalty():
    fit = fit_from_parameters("bg-nbd", r=0.24, alpha=4.4, a=0.8, b=2.4)
    report = ReadingReport(
        file="orders.csv",
        format="CSV",
        encoding="utf-8",
        rows=3000,
        used=2990,
        repeated=0,
        mapping={"customer": "who"},
        guessed=(),
        unusable=(),
        notes=(),
        scale=None,
        first=datetime(2023, 1, 1),
        last=datetime(2024, 6, 20),
    )
    return Loyalty(
        until=date(2024, 6, 30),
        horizon=180,
        level=0.95,
        fit=fit,
        candidates=(fit, fit),
        purchases=Estimate(1234.0, 1000.0, 1500.0, 40),
        spend=SpendFit({}, {}, 0.95, True, 1, 1, 0.0, 20, Estimate(24.5, 20.0, 30.0, 20), 0.1),
        value=Estimate(30_000.0, 25_000.0, 36_000.0, 40),
        repeat_share=Estimate(0.5, 0.4, 0.6, 40),
        came_back=Estimate(0.45, 0.35, 0.55, 30),
        referral_share=NO_REFERRAL,
        referral_value=NO_REFERRAL,
        past=(PastForecast(date(2024, 1, 1), 90, 30, 500.0, 20.0, 700),),
        model_spread=0.1,
        held_out=HeldOut(180, 1190, Estimate(1234.0, 1000.0, 1500.0, 40), 900, 0.5, 0.9, 0.7, 1.2, 0.97, 0.4),
        customers=customers(("Eva & Co <b>", *(f"c{who}" for who in range(39)))),
        left_out={},
        notes=(),
        file=report,
    )


def test_the_page_says_how_much_who_and_how_sure(loyalty):
    page = loyalty_page(loyalty)
    assert "<h1>1,234 purchases expected in 180 days</h1>" in page
    assert "Purchases: 1,234 (1,000 to 1,500)" in page
    assert "Their value: 30,000 (25,000 to 36,000)." in page
    assert "Within 180 days, again: 45% (35 to 55)" in page
    assert "In 1 of 2 forecasts that could be tried, what came lay inside the interval" in page


def test_what_was_held_out_stands_first(loyalty):
    page = loyalty_page(loyalty)
    first, second = page.index("180 days after June 30, 2024"), page.index("90 days after January 1, 2024")
    assert first < second
    assert "0.50 purchases; “as many as in as many days before” would have missed by 0.70" in page


def test_names_of_customers_are_text(loyalty):
    page = loyalty_page(loyalty)
    assert "Eva &amp; Co &lt;b&gt;" in page
    assert "Eva & Co <b>" not in page


def test_without_a_forecast_only_shares_are_shown(loyalty):
    bare = replace(
        loyalty,
        fit=FEW,
        candidates=(),
        purchases=FEW,
        value=FEW,
        spend=FEW,
        past=(),
        held_out=FEW,
        model_spread=None,
    )
    page = loyalty_page(bare)
    assert "<h1>We do not know yet what customers will buy</h1>" in page
    assert "we do not know yet (3 customers came back)" in page
    assert "No forecast of the past could be tried yet" in page
    assert 'id="most"' not in page
    assert "50% of customers bought again on a later day" in page


def test_what_makes_it_doubtful_is_said(loyalty):
    fit = replace(loyalty.fit, converged=False, trouble="a ran to a bound")
    doubtful = replace(
        loyalty,
        fit=fit,
        horizon=700,
        spend=replace(loyalty.spend, correlation=-0.5),
        file=replace(loyalty.file, last=datetime(2023, 12, 1)),
    )
    page = loyalty_page(doubtful)
    assert "The purchases do not say how large every parameter" in page
    assert "The last purchase lies 212 days before the end of what is known." in page
    assert "It looks further ahead than anything is known back" in page
    assert "Number and value of purchases go together" in page
    assert "Mind this" not in loyalty_page(loyalty)


def test_a_file_that_says_who_was_sent_shows_their_share(loyalty):
    page = loyalty_page(replace(loyalty, referral_share=Estimate(0.2, 0.1, 0.35, 40)))
    assert "Sent by another customer" in page
    assert "no column says so" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_every_language(loyalty, language):
    page = loyalty_page(loyalty, language=language)
    body = page[page.index("<body>") :]
    assert "{" not in body
    if language != "en":
        assert "How much will they buy?" not in body

from dataclasses import replace
from datetime import date

import pytest

from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import PastForecast, Returning, ValueAtRisk
from forvent.report import page
from forvent.report.sections.loyalty import loyalty_section
from forvent.report.wording import wording
from forvent.tables import LANGUAGES

PAST = (
    PastForecast(date(2024, 9, 30), 90, 800, 120.0, 10.0, 118),
    PastForecast(date(2024, 7, 2), 90, 700, 100.0, 10.0, 60),
    PastForecast(date(2024, 4, 3), 90, 600, 80.0, 10.0, 120),
)
RETURNING = Returning(
    until=date(2024, 12, 31),
    horizon=365,
    level=0.95,
    customers=900,
    purchases=Estimate(410.0, 330.0, 500.0, 900),
    repeat_share=Estimate(0.42, 0.39, 0.45, 900),
    came_back=Estimate(0.38, 0.35, 0.42, 500),
    past=PAST,
)
FEW = NotEnough(3, 10, "too few customers have bought again")


def risk(name, share, *, n=80):
    return ValueAtRisk(
        expectation=name,
        customers=30,
        judged=n,
        exposed=60.0 * share,
        share=Estimate(share, share - 0.1, share + 0.1, n),
        behind=Estimate(410 * share, 410 * (share - 0.1), 410 * (share + 0.1), n),
        unit="purchases",
    )


RISKS = (risk("on_time", 0.34), risk("friendliness", 0.2))


@pytest.fixture
def section(findings, names):
    def at(language="en", *, loyalty=RETURNING, at_risk=RISKS):
        words = wording(language, names=names, scale=findings.voices.scale)
        return loyalty_section(replace(findings, loyalty=loyalty, at_risk=at_risk), wording=words)

    return at


def test_the_heading_says_whose_purchases_are_ahead(section):
    found = section()
    assert found.finding == (
        "“On time”: those who find it unmet are expected to make 34% of the purchases of all who judge it"
    )
    assert found.rows[0].numbers == "34%, between 24 and 44, 80 customers"
    assert found.rows[0].aside == (
        "30 customers find it unmet at least in part, of 80 who judge it. If the others are like them, "
        "so many purchases belong to such customers: 139 (98 to 180)."
    )
    assert found.lede[2] == (
        "In the 365 days after it they are expected to make so many purchases: 410 (330 to 500)."
    )


def test_association_is_never_worded_as_cause(section):
    found = section()
    assert "not that the gap will lose them" in found.how
    said = " ".join([found.finding, *found.lede, *(row.aside for row in found.rows)])
    assert not {"because", "causes", "leads", "loses", "costs"} & set(said.split())


def test_forecasts_of_the_past_stand_beside_what_came(section):
    rows = section().past
    assert [row.verdict for row in rows] == ["came as expected", "fewer came", "more came"]
    assert (rows[0].expected, rows[0].came) == ("Expected: 120 (100 to 140)", "Came: 118")
    assert "120 (100 to 140) expected, 118 came" in rows[0].picture


def test_without_judges_the_heading_says_what_is_ahead(section):
    found = section(at_risk=())
    assert found.finding == "410 purchases are expected in 365 days from the customers known now"
    assert (found.rows, found.how, found.table) == ((), "", None)


def test_too_few_who_came_back_are_said_and_nothing_more(section):
    few = replace(RETURNING, purchases=FEW, came_back=FEW, past=(), horizon=0)
    found = section(loyalty=few, at_risk=())
    assert found.finding == "We do not know yet what is ahead: too few customers came back (3 customers)"
    assert len(found.lede) == 2
    assert (found.rows, found.past) == ((), ())


def test_without_customers_there_is_no_section(section):
    assert section(loyalty=None, at_risk=()) is None


def test_many_expectations_stand_in_the_table(section):
    found = section(at_risk=tuple(risk(f"expectation_{number}", 0.3) for number in range(11)))
    assert len(found.rows) == 8
    assert found.more == "3 more expectations stand in the table."
    assert len(found.table.rows) == 11


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_it_in_every_language(findings, names, language):
    shown = page(replace(findings, loyalty=RETURNING, at_risk=RISKS), language=language, names=names)
    assert 'id="loyalty"' in shown
    assert "{" not in shown[shown.index('id="loyalty"') :].split("</section>")[0]

"""What changed is shown with its date and size, and nothing is claimed where nothing is found."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from forvent.records import Estimate, Findings, NotEnough
from forvent.records.change import (
    Alert,
    Change,
    ChangePoint,
    GapChange,
    Period,
    Series,
    SeriesPoint,
    Trend,
)
from forvent.report import Names, page, summary
from forvent.report.findings_json import findings_json
from forvent.report.sections.change import ALERTS_SHOWN, FIRST, STEADY, change_section
from forvent.report.sections.change_words import value_pair
from forvent.report.text_files import own_texts
from forvent.report.wording import Wording, wording
from forvent.tables import LANGUAGES

MONDAY, WEEKS = datetime(2026, 1, 5), 20
PERIODS = tuple(
    Period(MONDAY + timedelta(weeks=week), MONDAY + timedelta(weeks=week + 1)) for week in range(WEEKS)
)
NONE = Trend("year", NotEnough(3, 6, "too few periods have voices"), None, "undecided")


def number(value: float, *, half: float = 0.05, n: int = 100) -> Estimate:
    return Estimate(value, value - half, value + half, n=n)


def change_point(before: float, after: float, *, at: int = 10, half: float = 0.05) -> ChangePoint:
    return ChangePoint(
        at=PERIODS[at].start,
        earliest=PERIODS[at - 1].start,
        latest=PERIODS[at].end,
        before=number(before, half=half, n=200),
        after=number(after, half=half, n=180),
        difference=number(after - before, half=1.5 * half, n=380),
    )


def series(measure: str = "met", expectation: str = "on_time", **more: Any) -> Series:
    value = {"level": 172800.0}.get(measure, 0.7)
    half = 0.1 * value
    made = Series(
        id=f"{expectation or 'all'}:{measure}",
        measure=measure,
        expectation=expectation,
        points=tuple(
            SeriesPoint(period, number(value, half=half, n=20) if place != 3 else NotEnough(1, 5, "too few"))
            for place, period in enumerate(PERIODS)
        ),
        overall=number(value, half=half, n=380),
        changes=(),
        chance=0.5,
        trend=NONE,
    )
    return replace(made, **more)


def change(*found: Series, **more: Any) -> Change:
    made = Change(
        unit="week",
        periods=PERIODS,
        dated=900,
        undated=0,
        false_alarms=0.04,
        gap_false_alarms=0.01,
        alert_every=50.0,
        cooldown=4,
        series=found,
        halves_at=PERIODS[10].start,
        gaps=(),
        alerts=(),
    )
    return replace(made, **more)


def alert(side: str = "lower", *, week: int = 10) -> Alert:
    since = PERIODS[week].start
    return Alert(
        f"on_time:met:{side}:{since:%Y-%m-%d}", "met", "on_time", side, since, PERIODS[week + 2].end,
        before=number(0.8), lately=number(0.4, n=40),
    )  # fmt: skip


FELL = series(changes=(change_point(0.81, 0.54),), chance=0.003)


@pytest.fixture(scope="module")
def words(names: Names, findings: Findings) -> Wording:
    return wording("en", names=names, scale=findings.voices.scale)


def section(findings: Findings, found: Change | NotEnough | None, words: Wording) -> Any:
    return change_section(replace(findings, change=found), wording=words)


# ----------------------------------------------------------------------- claims


def test_the_heading_says_what_fell_from_where_to_where_and_when(findings: Findings, words: Wording) -> None:
    found = section(findings, change(FELL, series(expectation="fair_price")), words)
    assert found.finding == "On time: share met fell from 81% to 54% (about March 16, 2026)"
    assert found.rest == "1 other series shows no change that the data can tell."


@pytest.mark.parametrize(
    ("made", "claim"),
    [
        (
            series("reach", changes=(change_point(0.03, 0.075),)),
            "On time: share that speaks of it rose from 3.0% to 7.5% (about March 16, 2026)",
        ),
        (
            series("level", changes=(change_point(432000.0, 172800.0, half=8000.0),)),
            "On time: time expected, median fell from 5 days to 2 days (about March 16, 2026)",
        ),
        (
            series("rating", "", changes=(change_point(0.75, 0.5),)),
            "Mean rating fell from 4.00 to 3.00 (about March 16, 2026)",
        ),
        (
            series("kept", "", changes=(change_point(0.7, 0.95),)),
            "Share of promises kept rose from 70% to 95% (about March 16, 2026)",
        ),
    ],
)
def test_every_measure_is_told_in_its_own_unit(
    findings: Findings, words: Wording, made: Series, claim: str
) -> None:
    assert section(findings, change(made), words).finding == claim


def test_the_numbers_have_date_interval_and_count(findings: Findings, words: Wording) -> None:
    card = section(findings, change(FELL), words).cards[0]
    assert card.claim == "fell: 81% → 54%"
    assert card.numbers == (
        "about March 16, 2026, between March 9, 2026 and March 23, 2026; "
        "difference −27 (−34 to −20) percentage points",
        "380 voices",
    )


def test_a_trend_without_a_step_is_told_as_a_trend(findings: Findings, words: Wording) -> None:
    rising = series(trend=Trend("year", number(0.12, half=0.04), 0.01, "rising"))
    found = section(findings, change(rising), words)
    assert found.finding == "On time: share met is rising, by 12 points a year"
    assert found.cards[0].numbers[0] == "12 (8 to 16) percentage points a year"


def test_where_nothing_changed_that_is_the_finding(findings: Findings, words: Wording) -> None:
    many = [series(expectation=str(place)) for place in range(9)]
    found = section(findings, change(*many), words)
    assert found.finding == "Nothing changed that the data can tell"
    assert len(found.cards) == STEADY
    assert {card.claim for card in found.cards} == {"no change that the data can tell"}
    assert found.rest == ""
    # Nothing is marked, so nothing looks larger than it is.
    assert len(found.lede) == 2


def test_a_slope_that_is_not_sure_is_told_to_be_undecided(findings: Findings, words: Wording) -> None:
    slope = series(trend=Trend("year", number(0.02), 0.4, "undecided"))
    assert section(findings, change(slope), words).cards[0].numbers[0] == (
        "undecided: 2 (−3 to 7) percentage points a year"
    )


def test_a_record_too_short_is_one_honest_sentence(findings: Findings, words: Wording) -> None:
    found = section(findings, NotEnough(3, 8, "the voices reach over too few weeks"), words)
    assert found.finding.startswith("We do not know yet whether anything changed")
    assert (found.cards, found.table) == ((), None)


def test_without_times_there_is_no_section(findings: Findings, names: Names, words: Wording) -> None:
    assert section(findings, None, words) is None
    assert 'id="change"' not in page(replace(findings, change=None), names=names)


def test_what_was_looked_at_and_how_seldom_it_errs_is_stated(findings: Findings, words: Wording) -> None:
    found = section(findings, change(FELL, undated=12), words)
    assert found.lede == (
        "Looked at: 1 series over 20 weeks, January 5, 2026 to May 24, 2026, 900 voices with a time.",
        "If nothing changed, a mark would stand anywhere with a chance of 4%.",
        "Marked is what was largest, so it looks larger than it is.",
        "Left out, without a time or in an unfinished period: 12 voices.",
    )
    assert "once in 50 weeks" in found.alerts_how


def test_alerts_say_since_when_and_when_known(findings: Findings, words: Wording) -> None:
    found = section(findings, change(FELL, alerts=(alert(), alert("higher"))), words)
    assert found.alerts_finding == "The watch on all series would have sounded 2 times"
    assert found.alerts == (
        "On time: share met: lower since March 16, 2026, known on April 6, 2026: 80% → 40%, 40 voices",
        "On time: share met: higher since March 16, 2026, known on April 6, 2026: 80% → 40%, 40 voices",
    )


def test_many_alerts_and_many_changes_are_folded(findings: Findings, words: Wording) -> None:
    many = tuple(replace(FELL, expectation=str(place)) for place in range(FIRST + 2))
    found = section(findings, change(*many, alerts=(alert(),) * (ALERTS_SHOWN + 3)), words)
    assert (len(found.cards), len(found.more)) == (FIRST, 2)
    assert found.more_label == "2 more that changed"
    assert found.alerts[ALERTS_SHOWN] == "and 3 more"


def test_a_gap_that_got_wider_is_told_and_an_undecided_one_is_not(findings: Findings, words: Wording) -> None:
    wider = GapChange("on_time", number(-0.1), number(-0.4), number(-0.3), "wider")
    found = section(findings, change(FELL, gaps=(wider, replace(wider, verdict="undecided"))), words)
    assert found.gaps == (
        "On time: the gap is wider from March 16, 2026 on than before, in percentage points: "
        "−10 (−15 to −5) → −40 (−45 to −35)",
    )


def test_two_lengths_are_told_in_one_unit(words: Wording) -> None:
    pair = value_pair("level", number(7200.0), number(432000.0), wording=words)
    assert pair == ("2 hours", "120 hours")


# ---------------------------------------------------------------------- pictures


def test_the_picture_says_what_it_shows_and_marks_the_change(findings: Findings, words: Wording) -> None:
    drawn = str(section(findings, change(FELL), words).cards[0].picture)
    assert 'aria-label="On time: share met over time: fell: 81% → 54%."' in drawn
    assert drawn.count('class="rule"') == drawn.count('class="when"') == 1
    assert "level short" in drawn
    # The missing fourth week breaks the line and the band.
    assert drawn.count('class="line"') == drawn.count('class="band"') == 2


def test_a_rise_of_what_is_spoken_of_is_neither_good_nor_bad(findings: Findings, words: Wording) -> None:
    drawn = str(
        section(findings, change(series("reach", changes=(change_point(0.6, 0.8),))), words).cards[0].picture
    )
    assert "level plain" in drawn
    assert "above" not in drawn


def test_two_changes_have_three_levels_and_dates_that_do_not_overlap(
    findings: Findings, words: Wording
) -> None:
    twice = series(changes=(change_point(0.9, 0.6, at=5), change_point(0.6, 0.9, at=7)))
    drawn = str(section(findings, change(twice), words).cards[0].picture)
    assert re.findall(r'class="level (\w+)"', drawn) == ["plain", "short", "above"]
    assert drawn.count('class="note"') == 1


def test_every_point_lies_inside_the_picture(findings: Findings, words: Wording) -> None:
    for measure in ("met", "reach", "level", "rating", "kept"):
        drawn = str(section(findings, change(series(measure)), words).cards[0].picture)
        ys = [float(y) for y in re.findall(r'c?y[12]?="([\d.]+)"', drawn)]
        assert min(ys) >= 0.0
        assert max(ys) <= 168.0


def test_a_series_without_a_number_has_no_empty_picture(findings: Findings, words: Wording) -> None:
    empty = tuple(SeriesPoint(period, NotEnough(0, 5, "none")) for period in PERIODS)
    card = section(findings, change(series(points=empty)), words).cards[0]
    assert card.picture == ""
    assert card.numbers


# ------------------------------------------------------------- page, terminal, JSON


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_section_in_every_language(findings: Findings, language: str) -> None:
    rising = series(expectation="fair_price", trend=Trend("month", number(0.05), 0.01, "rising"))
    wider = GapChange("on_time", number(-0.1), number(-0.4), number(-0.3), "narrower")
    told = change(FELL, rising, series("kept", ""), undated=3, gaps=(wider,), alerts=(alert(),))
    html = page(replace(findings, change=told), language=language, names={})
    part = re.search(r'<section class="finding" id="change".*?</section>', html, re.DOTALL)
    assert part is not None
    assert own_texts(language)["change"]["question"] in part[0]
    assert "{" not in re.sub(r"<[^>]*>", "", part[0])


def test_the_terminal_tells_it_in_a_few_lines(findings: Findings, names: Names) -> None:
    told = replace(findings, change=change(FELL, replace(FELL, expectation="fair_price"), alerts=(alert(),)))
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(summary(told, names=names))
    text = console.export_text()
    assert "What changed?" in text
    assert "On time: share met fell from 81% to 54% (about March 16, 2026)" in text
    assert "fell: 81% → 54%" in text
    assert "The watch on all series would have sounded 1 time" in text


def test_the_json_holds_it_all(findings: Findings) -> None:
    told = findings_json(replace(findings, change=change(FELL, alerts=(alert(),))))
    assert '"earliest": "2026-03-09T00:00:00Z"' in told
    assert '"change": null' in findings_json(replace(findings, change=None))

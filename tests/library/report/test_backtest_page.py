"""The page of a backtest: what it says, and that files cannot speak through it.

That it is well formed, fetches nothing and has a text alternative for every picture is checked in
``test_page.py``, for all pages alike.
"""

from __future__ import annotations

import html as markup
import re
from dataclasses import replace

import pytest

from forvent.records import Alarm, Backtest, NotEnough
from forvent.report import backtest_page
from forvent.report.backtest_page import SECTIONS

LANGUAGES = ("en", "cs", "hy", "nb", "et", "zh")
HOSTILE = "</title><svg onload=alert(1)>\u202e"


def headings(page: str, level: str = "[12]") -> list[str]:
    """Texts of the headings, in order."""
    found = re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", page)
    return [markup.unescape(text) for text in found]


def test_every_heading_says_its_finding(backtest_html: str) -> None:
    assert headings(backtest_html) == [
        "forvent would have kept 93.1% at 23.4 days on average, the company kept 92.8% at 24.0 days: "
        "no visible difference in what is kept",
        "Yes: 93.1% kept, 93% aimed at",
        "1.0 days shorter than “The company’s own promise”, keeping as many",
        "February 2018: 85.2% kept",
        "Keeping as many, no other way promises shorter: forvent 23.4 days, "
        "next “The company’s own promise” with 24.4 days",
        "In 3 of 14 months the promise was surely kept less often than aimed; "
        "the worst was February 2018 with 85.2%",
        "forvent’s mean promise fell from 29.1 days (July 2017) to 15.8 days (August 2018)",
        "One promise for all would have to be 27.0 days to keep as many; forvent’s mean is 23.4 days",
        "In 3 of 20 groups the promise was surely kept less often than aimed; "
        "furthest short is “MA”: 80.0% instead of 93%",
        "5,022 cases were judged; 1,199 were left out",
    ]  # fmt: skip


def test_nine_cases_are_said_not_to_be_enough(bare_backtest_html: str) -> None:
    assert headings(bare_backtest_html) == [
        "We do not know yet what would have been kept: 9 cases are not enough",
        "We do not know yet: too few cases",
        "We do not know yet: nothing can be compared",
        "We do not know yet: too few cases in every month",
        "There is no other way of promising to compare with",
        "We do not know yet how single months did: too few cases in each",
        "forvent’s mean promise ends where it began, at 1,250 EUR",
        "We do not know yet what other lengths would have kept",
        "No groups were asked for",
        "9 cases were judged; 40 were left out",
    ]


def test_every_section_stands_in_the_page_in_order(backtest_html: str) -> None:
    assert re.findall(r'<section class="finding" id="(\w+)"', backtest_html) == list(SECTIONS)


def test_there_is_a_table_behind_every_picture(backtest_html: str) -> None:
    assert backtest_html.count('<details class="behind">') == 4


def test_each_picture_is_there_in_both_widths(backtest_html: str) -> None:
    for name, count in (("months", 2), ("frontier", 1)):
        assert backtest_html.count(f'<svg class="{name} wide"') == count
        assert backtest_html.count(f'<svg class="{name} narrow"') == count


def test_cases_left_out_are_counted_in_plain_words(backtest_html: str) -> None:
    for line in (
        "Learned anew 30 times along the way, each time from nothing but what was known by then.",
        "1,187 cases began before there was enough to learn from, so they were not judged.",
        "11 cases are still open and not yet due: nobody knows whether their promises will be kept.",
        "1 case had no promise of the company to be held against.",
        "Months are judged by the day the case began.",
    ):
        assert line in backtest_html


def test_what_is_not_left_out_is_not_spoken_of(backtest: Backtest) -> None:
    whole = replace(backtest, warming_up=0, undecided=0, unpromised=0)
    page = backtest_page(whole, language="en")
    assert headings(page)[-1] == "5,022 cases were judged; none was left out"
    assert "not yet due" not in page


def test_alarms_are_told_with_their_date_and_side(backtest_html: str) -> None:
    assert '<h3 class="alarmed">4 alarms</h3>' in backtest_html
    assert (
        "November 29, 2017: kept less often than the band allows, 87% of the last 200 cases" in backtest_html
    )
    assert "May 8, 2018: kept more often than the band allows, 98% of the last" in backtest_html


def test_of_many_alarms_the_first_are_told(backtest: Backtest) -> None:
    many = tuple(Alarm(backtest.first, "below", 0.8, 50) for _ in range(40))
    page = backtest_page(replace(backtest, alarms=many), language="en")
    assert "40 alarms, the first 12 of them:" in page
    assert page.count("kept less often than the band allows") == 12


def test_without_alarms_the_page_says_so(backtest: Backtest) -> None:
    page = backtest_page(replace(backtest, alarms=()), language="en")
    assert "No alarm: the kept share stayed in its band." in page
    assert 'class="alarm"' not in page


def test_ways_that_were_not_run_are_named(backtest: Backtest) -> None:
    page = backtest_page(replace(backtest, tracks=backtest.tracks[:1]), language="en")
    assert (
        "Not in this backtest: The company’s own promise, Rolling quantile, Quantile by group, and Plain "
        "conformal regression (CQR)." in markup.unescape(page)
    )


def test_a_matched_level_is_told_apart_from_a_chosen_one(backtest: Backtest, backtest_html: str) -> None:
    assert (
        "The aim was what the company itself had kept in the months before, 93% on average." in backtest_html
    )
    chosen = backtest_page(replace(backtest, matched=False, level=0.925, by_day=False), language="en")
    assert "The aim was to keep 92.5%." in chosen
    assert "calendar days" not in chosen


def test_a_title_stands_over_the_page_and_in_the_window(backtest: Backtest, backtest_html: str) -> None:
    page = backtest_page(backtest, language="en", title="Olist")
    assert "<title>Olist</title>" in page
    assert '<p class="kicker">Olist · backtest, July 1, 2017 to September 3, 2018</p>' in page
    assert "<title>Would the promises have been kept?</title>" in backtest_html


def test_hostile_names_from_files_are_escaped(backtest: Backtest) -> None:
    ours = backtest.tracks[0]
    groups = tuple(replace(part, name=HOSTILE) for part in ours.groups[:1])
    months = tuple(replace(part, name=HOSTILE) for part in ours.months[:1])
    track = replace(ours, groups=groups, months=months, worst_month=months[0])
    hostile = replace(backtest, tracks=(track,), unit=HOSTILE, group_column=HOSTILE, notes=(HOSTILE,))
    page = backtest_page(hostile, language="en", title=HOSTILE)
    assert "<svg onload" not in page
    assert page.count("&lt;svg onload=alert(1)&gt;") >= 8
    assert "\u202e" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_all_without_a_field_left_open(backtest: Backtest, language: str) -> None:
    page = backtest_page(backtest, language=language)
    said = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert f'<html lang="{"zh-Hans" if language == "zh" else language}"' in page
    assert not re.search(r"\{\w*\}", said)
    assert len(headings(page, "2")) == len(SECTIONS) + 3


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_heading_of_a_translation_is_english(
    backtest: Backtest, bare_backtest: Backtest, language: str
) -> None:
    for test in (backtest, bare_backtest):
        english = set(headings(backtest_page(test, language="en")))
        assert english.isdisjoint(headings(backtest_page(test, language=language)))


def test_a_language_without_texts_gives_the_english_page(backtest: Backtest, backtest_html: str) -> None:
    assert backtest_page(backtest, language="tlh") == backtest_html


def test_equal_backtests_give_the_same_page(backtest: Backtest, backtest_html: str) -> None:
    assert backtest_page(backtest, language="en") == backtest_html


def test_the_page_is_small(backtest_html: str) -> None:
    assert len(backtest_html.encode()) < 200_000


def test_a_page_can_be_made_without_any_track(backtest: Backtest) -> None:
    page = backtest_page(replace(backtest, tracks=(), n=0, alarms=()), language="en")
    assert headings(page)[0] == "We do not know yet what would have been kept: 0 cases are not enough"


def test_promises_without_end_are_shown_as_unknown(backtest: Backtest) -> None:
    few = NotEnough(0, 20, "none")
    endless = replace(backtest.tracks[0], mean_promise=float("inf"), median_promise=float("inf"), padded=few)
    page = backtest_page(replace(backtest, tracks=(endless, *backtest.tracks[1:])), language="en")
    assert not re.search(r"\b(inf|nan)\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))

"""Who expects what: names, bars, gaps and segments say no more than was found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from forvent.identify import names as names_of
from forvent.records import Estimate, Findings, NamedBy, NotEnough, Personas, Segments
from forvent.report import Names, page, summary
from forvent.report.pictures.beside import beside_bar
from forvent.report.sections.personas import (
    PersonasSection,
    feature_name,
    persona_name,
    personas_finding,
    personas_section,
    worst_gap,
)
from forvent.report.text_files import own_texts
from forvent.report.wording import Wording, wording
from forvent.tables import LANGUAGES


@pytest.fixture(scope="module")
def words(names: Names, findings: Findings) -> Wording:
    return wording("en", names=names, scale=findings.voices.scale)


@pytest.fixture(scope="module")
def section(expecting: Findings, words: Wording) -> PersonasSection:
    made = personas_section(expecting, wording=words)
    assert made is not None
    return made


def one_group(found: Personas, *, dropped: int = 0) -> Personas:
    return replace(found, verdict="one group", personas=(), dropped=dropped)


# ----------------------------------------------------------------------- claims


def test_the_heading_counts_the_groups_and_names_the_largest(section: PersonasSection) -> None:
    assert section.finding == (
        "3 groups of customers by what they expect: the largest (55%) stands out by "
        "“Fast delivery (within 2 days)”"
    )


def test_one_group_is_told_as_such(personas: Personas, words: Wording) -> None:
    assert personas_finding(one_group(personas), wording=words) == (
        "No groups that hold: customers differ in what they expect, but not in kinds"
    )
    assert personas_finding(one_group(personas, dropped=2), wording=words) == (
        "No groups that hold: those seen once are not found again in half of the customers"
    )


def test_without_groups_there_are_neither_cards_nor_a_table(expecting: Findings, words: Wording) -> None:
    assert expecting.personas is not None
    made = personas_section(
        replace(expecting, personas=one_group(expecting.personas), segments=()), wording=words
    )
    assert made is not None
    assert (made.cards, made.table, made.segments) == ((), None, ())


def test_too_few_customers_make_no_section_unless_segments_were_asked_for(
    expecting: Findings, words: Wording
) -> None:
    assert expecting.personas is not None
    few = replace(
        expecting.personas, verdict="not enough data", personas=(), agreement=NotEnough(3, 50, "few")
    )
    assert personas_section(replace(expecting, personas=few, segments=()), wording=words) is None
    made = personas_section(replace(expecting, personas=few), wording=words)
    assert made is not None
    assert made.finding == (
        "We do not know yet whether there are groups: too few customers mention two expectations"
    )


@pytest.mark.parametrize(
    ("feature", "within", "said"),
    [
        ("mentioned", None, "Fast delivery"),
        ("wished", None, "Fast delivery (wished for)"),
        ("sooner", 7200.0, "Fast delivery (within 2 hours)"),
        ("later", 172800.0, "Fast delivery (more than 2 days is fine)"),
    ],
)
def test_how_it_is_mentioned_is_part_of_the_name(
    feature: str, within: float | None, said: str, words: Wording
) -> None:
    assert feature_name(NamedBy("fast_delivery", feature, within), wording=words) == said


def test_a_group_that_nothing_sets_apart_says_so(personas: Personas, words: Wording) -> None:
    assert persona_name(personas.personas[2], wording=words) == "Nothing sets them surely apart"


def test_a_group_that_halves_hardly_show_is_called_unstable(section: PersonasSection) -> None:
    assert [card.stable for card in section.cards] == [True, True, False]
    assert section.cards[2].sure == (
        "Not stable: halves of the customers show it only with an overlap of 61%. "
        "Who is counted here belongs here with 60% probability on average."
    )
    assert section.cards[0].sure.startswith("Found again in halves of the customers: overlap 91%.")


# ------------------------------------------------------------------------ cards


def test_bars_are_what_the_group_mentions_more_with_the_others_beside(section: PersonasSection) -> None:
    late = section.cards[1]
    assert [row.name for row in late.bars] == ["On time", "Proactive updates"]
    assert late.bars[0].numbers == "62% (58 to 66), others 11%"
    assert 'aria-label="On time: 62% (58 to 66), others 11%."' in late.bars[0].picture


def test_a_group_without_sure_differences_shows_its_most_frequent_ones_hatched(
    section: PersonasSection,
) -> None:
    assert [row.name for row in section.cards[2].bars] == ["Choice", "Fair price"]
    assert "url(#hatch)" in section.cards[2].bars[0].picture
    assert 'class="hatched"' in section.cards[2].bars[0].picture
    assert "url(#hatch)" not in section.cards[1].bars[0].picture


def test_the_lines_tell_the_worst_gap_the_differences_the_rating_and_the_traits(
    section: PersonasSection,
) -> None:
    assert list(section.cards[1].lines) == [
        "Falls short most at “On time”: met for 31% (27 to 35), 55 points below what is expected.",
        "Met less often than among the others: On time 31% (27 to 35), others 58%.",
        "They rate lower: 2.64 (2.48 to 2.80), others 3.72 (3.56 to 3.88).",
        "More frequent here: Czech (60%, others 30%); <script>alert('x')</script> (50%, others 20%); "
        "plan: family (50%, others 20%).",
    ]
    assert section.cards[2].lines == (
        "They rate 3.40 (3.24 to 3.56), others 3.48 (3.32 to 3.64); the difference is undecided.",
    )


def test_the_worst_gap_is_weighed_by_how_many_mention_it_and_must_be_sure(personas: Personas) -> None:
    late = personas.personas[1].group
    worst = worst_gap(late)
    assert worst is not None
    assert worst.expectation == "on_time"
    first, *rest = late.expectations
    seldom = replace(first, mentioned=replace(first.mentioned, share=Estimate(0.04, 0.02, 0.06, 400)))
    other = worst_gap(replace(late, expectations=(seldom, *rest)))
    assert other is not None
    assert other.expectation == "proactive_updates"
    unsure = replace(first, gap=Estimate(-0.3, -0.7, 0.1, 40))
    assert worst_gap(replace(late, expectations=(unsure,))) is None
    assert worst_gap(personas.personas[0].group) is None


def test_a_bar_ends_where_its_share_is_and_marks_the_others() -> None:
    drawn = beside_bar(
        Estimate(0.5, 0.4, 0.6, 9), rest=Estimate(0.25, 0.2, 0.3, 9), reach=1.0, sure=True, says="x"
    )
    assert 'width="50%"' in drawn
    assert 'x1="25%"' in drawn


# --------------------------------------------------------------------- segments


def test_segments_are_told_by_what_differs_most(section: PersonasSection) -> None:
    first, second = section.segments
    assert first.finding == (
        "By “plan”: “<script>alert('x')</script>” stands out by “On time”, 62% against 11% of the others"
    )
    assert first.lede == (
        "Shares are of 1,200 customers that mention an expectation. 40 of them have no value here. "
        "2 smaller segments are not shown."
    )
    assert first.table is not None
    assert [row[0] for row in first.table.rows] == ["family", "<script>alert('x')</script>"]
    assert first.table.rows[0][2].startswith("Fast delivery 48% (44 to 52), others 12%")
    assert first.table.rows[1][3] == "Fair price 8% (4 to 12), others 22%"
    assert second.finding == "By “shop”: no segment has enough customers"
    assert second.table is None


def test_segments_that_do_not_differ_are_told_alike(expecting: Findings, words: Wording) -> None:
    assert expecting.personas is not None
    mixed = expecting.personas.personas[2].group
    alike = Segments("plan", 100, 0, 0, (replace(expecting.segments[0].segments[0], group=mixed),))
    made = personas_section(replace(expecting, segments=(alike,)), wording=words)
    assert made is not None
    assert made.segments[0].finding == "By “plan”: no segment surely mentions anything more than the others"


# ----------------------------------------------------------------- page, terminal


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_section_stands_in_the_page_of_every_language_in_its_own_words(
    expecting: Findings, language: str
) -> None:
    html = page(expecting, language=language, names=names_of(language))
    assert 'id="personas"' in html
    own = own_texts(language)["personas"]
    assert own["question"] in html
    assert "<script>" not in html
    assert own["legend_others"] in html


def test_a_run_in_which_nobody_was_grouped_has_no_section(bare: Findings, names: Names) -> None:
    assert 'id="personas"' not in page(bare, names=names)


def test_the_terminal_has_a_line_for_each_group(expecting: Findings, names: Names) -> None:
    console = Console(width=200, record=True, file=None)
    with console.capture() as captured:
        console.print(summary(expecting, names=names))
    text = captured.get()
    assert "Who expects what?" in text
    assert "On time and Proactive updates (wished for): 30% (26 to 34). Falls short most at “On time”" in text

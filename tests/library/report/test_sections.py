"""Headings and lines say what the data carry, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forvent.records import (
    Asymmetry,
    Coverage,
    Estimate,
    Findings,
    Link,
    NoPromise,
    NotEnough,
    Promise,
    Score,
)
from forvent.report import Names
from forvent.report.sections.chain import broken_link, chain_finding
from forvent.report.sections.gaps import QUOTES_SHOWN, direction, gap_row, gaps_finding, gaps_section, tally
from forvent.report.sections.journey import journey_finding, journey_section
from forvent.report.sections.kinds import kinds_finding, kinds_section
from forvent.report.sections.levels import levels_finding, levels_section, unit_for
from forvent.report.sections.matters import matters_section
from forvent.report.sections.opening import biggest_gap, main_languages, opening, read_said
from forvent.report.sections.promise import promise_finding, promise_section
from forvent.report.sections.questions import first_text, questions_section
from forvent.report.sections.sources import reason_said, score_definition, score_value, sources_section
from forvent.report.verdicts import Placed
from forvent.report.wording import Wording, wording

FEW = NotEnough(4, 5, "few")
DAY = 86400.0


@pytest.fixture(scope="module")
def words(names: Names, findings: Findings) -> Wording:
    return wording("en", names=names, scale=findings.voices.scale)


# ------------------------------------------------------------------------- gaps


def test_an_assumed_expectation_is_called_assumed(findings: Findings, words: Wording) -> None:
    (gap,) = [gap for gap in findings.gaps if gap.expectation == "easy_contact"]
    row = gap_row(gap, quotes=(), wording=words)
    assert row.assumed
    assert row.expected == "80% assumed from its usual kind, between 60 and 100"
    assert gaps_finding([gap], wording=words) == (
        "“Easy contact” falls furthest short: 80% is usually expected, got 41%"
    )


def test_nothing_sure_is_not_sold_as_a_finding(findings: Findings, words: Wording) -> None:
    undecided = [gap for gap in findings.gaps if gap.expectation in ("complete_order", "fair_price")]
    assert gaps_finding(undecided, wording=words) == (
        "No expectation surely falls short: what we see could be chance"
    )


def test_the_tally_counts_every_expectation_once(findings: Findings, words: Wording) -> None:
    assert tally(findings.gaps, wording=words) == (
        "Of 14 expectations, 5 fall short, 5 are undecided, 3 are above, and 1 has too few voices."
    )
    assert tally([], wording=words) == "No expectation was found in the voices."


def test_what_is_at_stake_is_said_by_its_sign_and_sureness(findings: Findings, words: Wording) -> None:
    rows = {row.anchor: row for row in gaps_section(findings, wording=words).rows}
    assert rows["gap-on_time"].stake == "At stake: 0.42 rating points (0.34 to 0.50)"
    assert rows["gap-complete_order"].stake == "At stake: undecided (−0.02 to 0.09)"
    assert rows["gap-friendly_staff"].stake == "0.19 rating points more (0.13 to 0.24)"


def test_verdicts_are_said_in_words(findings: Findings, words: Wording) -> None:
    section = gaps_section(findings, wording=words)
    said = {row.anchor: row.verdict_text for row in (*section.rows, *section.more)}
    assert said["gap-on_time"] == "48 points short"
    assert said["gap-pleasant_surprise"] == "75 points above"
    assert said["gap-fair_price"] == "undecided"
    assert said["gap-loyalty_reward"] == "not enough voices"


def test_quotes_are_few_and_their_number_is_announced(findings: Findings, words: Wording) -> None:
    quotes = findings.quotes["on_time"] * 3
    row = gap_row(findings.gaps[0], quotes=quotes, wording=words)
    assert len(row.quotes) == QUOTES_SHOWN
    assert row.quotes_label == "Why we say so: 6 quotes, counts, definition"
    assert gap_row(findings.gaps[0], quotes=(), wording=words).quotes_label == (
        "Why we say so: counts, definition"
    )


def test_words_around_a_quote_keep_their_space(findings: Findings, words: Wording) -> None:
    row = gap_row(findings.gaps[0], quotes=findings.quotes["proactive_updates"], wording=words)
    assert row.quotes[0].after.startswith(" <script>")
    assert row.quotes[1].before == "gnorw "


@pytest.mark.parametrize(("language", "said"), [("he", "rtl"), ("zh", "ltr"), ("?", "auto"), ("", "auto")])
def test_writing_direction_is_that_of_the_language(language: str, said: str) -> None:
    assert direction(language) == said


# ---------------------------------------------------------------------- journey


def test_the_journey_marks_worst_and_last(findings: Findings, words: Wording) -> None:
    marks = {stage.id: stage.marks for stage in journey_section(findings, wording=words).stages}
    assert marks.pop("receive") == ("worst stage",)
    assert marks.pop("stay") == ("last stage",)
    assert set(marks.values()) == {()}


def test_a_stage_shows_three_rows_and_counts_the_rest(findings: Findings, words: Wording) -> None:
    stages = {stage.id: stage for stage in journey_section(findings, wording=words).stages}
    assert [row.name for row in stages["get_help"].rows] == ["Problem solved", "Easy returns", "Easy contact"]
    assert stages["get_help"].rest == "and 1 more"
    assert stages["receive"].rows[0].numbers == "86% → 38%"


def test_touchpoints_are_named_as_the_file_names_them(findings: Findings, words: Wording) -> None:
    table = journey_section(findings, wording=words).table
    assert table is not None
    assert [row[0] for row in table.rows] == ["Parcel locker <b>7</b>", "phone", "Buy"]


def test_a_journey_without_a_sure_gap_has_no_worst_stage(findings: Findings, words: Wording) -> None:
    above = [gap for gap in findings.gaps if gap.expectation == "friendly_staff"]
    assert journey_finding(above, wording=words) == "No stage of the journey surely falls short"


# ------------------------------------------------------------- matters and kinds


def test_fields_are_listed_beside_the_picture(findings: Findings, words: Wording) -> None:
    fields = dict(matters_section(findings, wording=words).fields)
    assert fields["work on these"] == "On time"
    assert fields["can wait"] == "Easy returns and Easy contact"


def test_several_important_ones_are_counted(findings: Findings, words: Wording) -> None:
    assert findings.importance is not None
    far = Estimate(0.4, 0.39, 0.41, 90)
    sure = [
        replace(one, importance=far, performance=Estimate(0.1, 0.08, 0.12, 90), place="concentrate_here")
        if one.expectation in ("on_time", "problem_solved")
        else one
        for one in findings.importance.expectations
    ]
    importance = replace(findings.importance, expectations=tuple(sure))
    said = matters_section(replace(findings, importance=importance), wording=words).finding
    assert said == "“On time” and 1 other are important and surely below the rest"


def test_what_importance_is_and_where_the_lines_stand_is_said(findings: Findings, words: Wording) -> None:
    section = matters_section(findings, wording=words)
    assert section.basis.startswith("All expectations together go together with 31% (27 to 35)")
    assert "1,402 voices" in section.basis
    assert section.crosshair.startswith("The cross-hair stands at the means: got 58%, importance 7.7%.")
    table = section.table
    assert table is not None
    assert table.head[:5] == ("Expectation", "Importance", "Place", "Spoken of", "Wished for")
    assert table.rows[0][:3] == ("Product quality", "24.4% (17.7 to 31.1)", "1–2")
    assert table.rows[-1][1] == "we do not know yet (4 voices)"


def test_importance_by_mentions_says_why(findings: Findings, words: Wording) -> None:
    assert findings.importance is not None
    importance = replace(findings.importance, basis="mentions", why="no_ratings", sampled=True, error=0.002)
    section = matters_section(replace(findings, importance=importance), wording=words)
    assert section.basis.startswith("The voices have no ratings. So importance is here the share of voices")
    assert section.pictures is not None
    assert "importance, share of voices that speak of it" in section.pictures.wide
    drawn = replace(importance, basis="ratings", why="")
    assert (
        "an error of at most 0.20%"
        in matters_section(replace(findings, importance=drawn), wording=words).basis
    )
    hardly = replace(drawn, error=1e-9)
    assert (
        "an error of at most 0.01%"
        in matters_section(replace(findings, importance=hardly), wording=words).basis
    )


def test_without_importance_there_is_one_honest_sentence(bare: Findings, words: Wording) -> None:
    section = matters_section(bare, wording=words)
    assert section.finding.startswith("We do not know yet what matters")
    assert section.pictures is None


def test_a_kind_that_surely_changed_is_said_with_its_date(findings: Findings, words: Wording) -> None:
    said = kinds_section(findings, wording=words).drift
    assert said[0] == "“Fair price”: Performance up to April 2, 2024, Basic since."
    assert said[1].startswith(
        "Compared: 701 voices with a rating up to April 2, 2024 and 701 voices after it."
    )
    assert findings.kind_drift is not None
    calm = replace(
        findings.kind_drift, changes=tuple(replace(one, became="") for one in findings.kind_drift.changes)
    )
    said = kinds_section(replace(findings, kind_drift=calm), wording=words).drift
    assert said[0].startswith("None has surely changed")
    assert "2 expectations" in said[0]
    nothing = replace(calm, changes=calm.changes[2:])
    assert kinds_section(replace(findings, kind_drift=nothing), wording=words).drift == ()
    assert kinds_section(replace(findings, kind_drift=None), wording=words).drift == ()


@pytest.mark.parametrize("kind", ["basic", "performance", "excitement", "indifferent", "reverse"])
def test_every_kind_has_its_sentence_and_only_looks_so(words: Wording, kind: str) -> None:
    side = Estimate(0.1, 0.05, 0.15, 40)
    said = kinds_finding([Asymmetry("on_time", side, side, side, kind)], wording=words)
    assert said.startswith("“On time” looks ")


def test_a_side_against_its_usual_sign_keeps_its_minus_in_the_heading(words: Wording) -> None:
    lower, odd = Estimate(-0.3, -0.4, -0.2, 40), Estimate(-0.05, -0.1, 0.01, 40)
    said = kinds_finding([Asymmetry("on_time", lower, odd, lower, "basic")], wording=words)
    assert said.endswith("points less, met with −0.20 more")


def test_undecided_kinds_are_not_named(words: Wording) -> None:
    side = Estimate(0.1, -0.05, 0.15, 40)
    said = kinds_finding([Asymmetry("on_time", side, side, side, "undecided")], wording=words)
    assert said == "We cannot tell yet what kind any expectation is: all are undecided"


def test_kinds_without_any_side_are_counted_not_drawn(findings: Findings, words: Wording) -> None:
    section = kinds_section(findings, wording=words)
    assert len(section.rows) == 11
    assert section.rest.startswith("3 more expectations have too few rated voices")
    assert section.ticks == ("−2.2", "−1.1", "0", "+1.1", "+2.2")


# ------------------------------------------------------------------------ chain


def test_lateness_and_slowness_are_said_as_far_as_they_are_sure(findings: Findings, words: Wording) -> None:
    chain = findings.chain
    assert chain is not None
    unsure = Estimate(-0.02, -0.08, 0.03, 630)
    assert chain_finding(replace(chain, slow_difference=unsure), wording=words) == (
        "Lateness goes together with a loss of 1.80 points on the scale 1 to 5; "
        "slowness alone with no sure loss"
    )
    assert chain_finding(replace(chain, slow_difference=FEW), wording=words).endswith(
        "of slowness alone we do not know yet"
    )
    assert chain_finding(replace(chain, late_difference=unsure), wording=words) == (
        "Lateness does not surely go together with lower ratings"
    )
    assert chain_finding(replace(chain, late_difference=FEW), wording=words) == (
        "We do not know yet what lateness goes together with"
    )


def test_the_broken_link_is_the_largest_share_if_there_is_one() -> None:
    small, large = Estimate(0.1, 0.05, 0.2, 50), Estimate(0.6, 0.5, 0.7, 50)
    assert (
        broken_link([Link("elsewhere", small, 5), Link("promised_delivered", large, 30)])
        == "promised_delivered"
    )
    assert broken_link([Link("elsewhere", small, 5), Link("promised_delivered", small, 5)]) is None
    assert broken_link([Link("elsewhere", FEW, 0)]) is None


# ---------------------------------------------------------------------- promise


def _promised(findings: Findings, **changes: object) -> Findings:
    promise = findings.promises[0]
    assert isinstance(promise, Promise)
    return replace(findings, promises=(replace(promise, **changes),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"own_promise": None}, "The record supports a promise of 9 days at 95%"),
        ({"own_promise": 7.0}, "Our usual promise of 7 days is too short: the record supports 9 days at 95%"),
        ({"own_promise": 9.0}, "Our usual promise of 9 days is what the record supports at 95%"),
        (
            {"kept_later": Estimate(0.8, 0.75, 0.85, 412)},
            "We cannot promise 9 days at 95%: the later cases kept it less often",
        ),
    ],
)
def test_the_promise_is_worded_by_what_the_record_says(
    findings: Findings, words: Wording, changes: dict[str, object], said: str
) -> None:
    assert promise_finding(_promised(findings, **changes), wording=words) == said


def test_too_few_cases_promise_nothing(findings: Findings, words: Wording) -> None:
    none = replace(findings, promises=(NoPromise({}, 0.95, NotEnough(11, 19, "few")),))
    assert promise_finding(none, wording=words) == "We cannot promise a time yet: 11 cases are not enough"


def test_groups_say_padded_and_not_enough(findings: Findings, words: Wording) -> None:
    table = promise_section(findings, wording=words).groups
    assert table is not None
    remarks = {row[0]: row[-1] for row in table.rows}
    assert remarks["All cases"] == "18 cases are still open and can be kept"
    assert remarks["carrier: Northpost"] == "padded: could be promised sooner"
    assert remarks["carrier: Bike <script>alert('x')</script>"] == "not enough data: needs 19 cases"


# ------------------------------------------------------- levels and questions


def test_levels_are_called_different_only_where_their_intervals_are_apart(
    findings: Findings, words: Wording
) -> None:
    first = findings.levels[0]
    near = replace(first, delivered_median=Estimate(4.0 * DAY, 3.5 * DAY, 4.5 * DAY, 90))
    said = levels_finding(replace(findings, levels=(near,)), wording=words)
    assert said == "“Fast delivery”: people speak of 3 days and get 4 days, which may be the same"
    sooner = replace(first, delivered_median=Estimate(2.0 * DAY, 1.8 * DAY, 2.2 * DAY, 90))
    assert "get it sooner" in levels_finding(replace(findings, levels=(sooner,)), wording=words)


def test_levels_without_any_median_are_only_in_the_table(findings: Findings, words: Wording) -> None:
    section = levels_section(findings, wording=words)
    assert [shown.name for shown in section.shown] == ["Fast delivery", "Fast response"]
    assert section.table is not None
    assert len(section.table.rows) == 3


@pytest.mark.parametrize(
    ("seconds", "unit"), [(300.0, "minute"), (7200.0, "hour"), (3 * DAY, "day"), (DAY, "hour")]
)
def test_durations_are_said_in_the_largest_unit_of_which_there_are_two(seconds: float, unit: str) -> None:
    assert unit_for(seconds) == unit


def test_questions_come_first_in_the_language_of_the_report(findings: Findings, words: Wording) -> None:
    section = questions_section(findings, wording=words)
    assert section.questions[0].first.lang == "en"
    assert section.questions[0].others_label == "In 5 other languages"
    chinese = replace(words, language="zh")
    assert first_text(findings.questions[0], wording=chinese).text == "上次您想联系我们时，方便吗？"
    assert first_text(findings.questions[2], wording=chinese).lang == "en"


# ---------------------------------------------------------- opening and sources


def test_the_opening_says_what_was_read(findings: Findings, bare: Findings, words: Wording) -> None:
    assert read_said(findings, wording=words) == (
        "1,486 voices in 6 languages, from January 3, 2024 to June 28, 2024, and 1,032 episodes."
    )
    assert read_said(bare, wording=words) == "9 voices in 1 language."
    without_times = replace(findings, voices=replace(findings.voices, first=None))
    assert read_said(without_times, wording=words) == "1,486 voices in 6 languages, and 1,032 episodes."


def test_the_opening_has_three_blocks(findings: Findings, words: Wording) -> None:
    assert [block.anchor for block in opening(findings, wording=words).blocks] == [
        "gaps",
        "promise",
        "questions",
    ]


def test_the_biggest_gap_is_the_first_sure_one_else_the_first_known(
    findings: Findings, bare: Findings
) -> None:
    found = biggest_gap(replace(findings, gaps=tuple(reversed(findings.gaps))))
    assert found is not None
    assert found.expectation == "easy_contact"
    undecided = tuple(gap for gap in findings.gaps if gap.expectation == "fair_price")
    known = biggest_gap(replace(findings, gaps=undecided))
    assert known is not None
    assert known.expectation == "fair_price"
    assert biggest_gap(bare) is None


def test_scores_have_interval_count_and_versioned_definition(words: Wording) -> None:
    definition = "csat/1: share of ratings; answers of one customer kept together in the interval"
    score = Score("csat", Estimate(0.684, 0.66, 0.71, 1440), "share", definition)
    assert score_value(score, wording=words) == "68%, between 66 and 71, 1,440 ratings"
    assert score_definition(score, wording=words) == (
        "share of ratings in the top quarter of the scale (four and five of five) (csat/1); "
        "answers of one customer kept together in the interval"
    )
    newer = replace(score, definition="csat/2: something new")
    assert score_definition(newer, wording=words) == "csat/2: something new"
    points = Score("net_satisfaction", Estimate(21.4, 17.2, 25.1, 1440), "points", "x/1: y")
    assert score_value(points, wording=words) == "21, between 17 and 25, 1,440 ratings"
    assert score_value(replace(points, estimate=FEW), wording=words) == "we do not know yet (4 ratings)"


def test_reasons_say_whether_the_rows_were_used_all_the_same(words: Wording) -> None:
    assert reason_said("no start", wording=words) == "no start"
    assert reason_said("kept, but: rating outside its scale 1–5", wording=words) == (
        "used, but: rating outside its scale 1–5"
    )
    assert reason_said("a reason nobody foresaw", wording=words) == "a reason nobody foresaw"


def test_rows_that_could_not_be_used_are_listed_by_number(findings: Findings, words: Wording) -> None:
    table = sources_section(findings, wording=words).files[0].unusable
    assert table is not None
    assert table.rows[0][1] == "31"
    assert table.rows[0][2].startswith("14, 15, 16")
    assert table.rows[0][2].endswith("33 and more")
    assert table.rows[2] == ("date that does not exist", "2", "77, 912", "Datum", "31.02.2024")


def test_guessed_columns_are_called_guessed(findings: Findings, words: Wording) -> None:
    mapping = sources_section(findings, wording=words).files[0].mapping
    assert ("rating", "Sterne", "guessed") in mapping.rows
    assert ("customer", "Kunde", "as told") in mapping.rows


def test_every_definition_has_a_version(findings: Findings, words: Wording) -> None:
    definitions = sources_section(findings, wording=words).definitions
    assert len(definitions) == 16
    assert all("(version " in name for name, _ in definitions)


def test_a_language_of_less_than_one_in_a_hundred_voices_is_not_counted_in_the_head():
    counts = {"pt": 990, "es": 10, "gl": 9}
    coverage = Coverage(1009, 0, 0, NotEnough(0, 1, "not counted here"), counts)
    assert main_languages(coverage) == ("pt",)
    assert main_languages(Coverage(1000, 0, 0, coverage.covered, {"pt": 990, "es": 10})) == ("pt", "es")


def test_what_is_named_unasked_is_a_second_mark_that_is_filled_where_it_is_sure(findings, words):
    importance = findings.importance
    named = [
        replace(one, spoken=Estimate(share, share - 0.01, share + 0.01, 400))
        for one, share in zip(importance.expectations, (0.9, *[0.05] * 40), strict=False)
    ]
    told = replace(importance, expectations=(*named, *importance.expectations[len(named) :]))
    section = matters_section(replace(findings, importance=told), wording=words)
    first = words.name(importance.expectations[0].expectation)
    assert any(line.startswith("Spoken of more") and first in line for line in section.named)
    wide = str(section.pictures.wide)
    drawn = sum(isinstance(one.performance, Estimate) for one in told.expectations)
    assert 3 <= wide.count('class="named') <= drawn
    assert 'class="named sure"' in wide
    quiet = matters_section(
        replace(findings, importance=replace(told, basis="mentions", why="no_ratings")), wording=words
    )
    assert quiet.named == ()
    assert 'class="named' not in str(quiet.pictures.wide)


def test_a_mark_that_cannot_be_told_from_its_point_is_hollow():
    point = Placed("a", Estimate(0.5, 0.4, 0.6, 90), Estimate(0.3, 0.2, 0.4, 90), "work")
    for named, heard in ((0.3, "undecided"), (0.6, "more"), (0.1, "less")):
        found = replace(point, named=Estimate(named, named - 0.05, named + 0.05, 90))
        assert found.heard == heard
    assert point.heard == "unknown"

"""Chain, journey and levels: what is shown of owners, topics, peaks and pairs, and what is not."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from forvent.records import (
    ChainFault,
    ChainOwner,
    ChainTopic,
    Estimate,
    Findings,
    Journey,
    JourneyStop,
    LevelGap,
    NotEnough,
    Peak,
)
from forvent.report import Names, page
from forvent.report.sections.chain import chain_lines, chain_section
from forvent.report.sections.journey import journey_section, peak_finding
from forvent.report.sections.levels import levels_section
from forvent.report.verdicts import gap_verdict
from forvent.report.wording import Wording, wording
from forvent.tables import LANGUAGES, STAGES

FEW = NotEnough(3, 5, "too few voices say how it was there")
HOSTILE = "<b>Swift\u202e</b>"


def estimate(value: float, half: float = 0.05, n: int = 200) -> Estimate:
    return Estimate(value, value - half, value + half, n)


def journey(*, sure: bool = True) -> Journey:
    got = {"choose": 0.82, "receive": 0.41, "get_help": 0.46}
    stops = tuple(
        JourneyStop(name, 200, estimate(got[name]), estimate(0.7), estimate(got[name] - 0.7), 0.001)
        if name in got
        else JourneyStop(name, 3, FEW, FEW, FEW)
        for name in STAGES
    )
    perhaps = () if sure else ("get_help",)
    return Journey(
        stops,
        worst=Peak("receive", sure, "get_help", estimate(-0.05, 0.02 if sure else 0.09), perhaps),
        best=Peak("choose", True, "get_help", estimate(0.36)),
        last="get_help",
        mean=estimate(0.56),
        remembered=estimate(0.44),
        bad_end=estimate(-0.2, 0.1, 60),
    )


@pytest.fixture
def words(names: Names) -> Wording:
    return wording("en", names=names, scale=None)


@pytest.fixture
def broken(findings: Findings) -> Findings:
    """The shop whose chain tells owners and topics."""
    assert findings.chain is not None
    owner = ChainOwner(HOSTILE, 120, 30, estimate(0.25), estimate(0.17), 0.001, "more often")
    other = ChainOwner("Crawl", 80, 4, estimate(0.05, 0.04), estimate(-0.1), 0.3, "undecided")
    faults = (
        ChainFault("over_promised", 4, estimate(0.04, 0.03)),
        ChainFault("under_delivered", 34, estimate(0.34), "carrier", (owner, other), too_few=3),
        ChainFault("misunderstood", 9, estimate(0.09, 0.04), "page", (other,), unknown=2),
    )
    links = tuple(
        replace(link, attributable=None if link.name == "elsewhere" else estimate(0.28, 0.04), episodes=400)
        for link in findings.chain.links
    )
    topics = (
        ChainTopic("price", estimate(0.05, 0.03), 5, 20, NotEnough(4, 5, "it broke in too few episodes")),
        ChainTopic("quality", estimate(0.3), 30, 60, estimate(0.22)),
        ChainTopic("people", estimate(0.0, 0.0), 0, 0, NotEnough(0, 5, "it broke in too few episodes")),
    )
    chain = replace(
        findings.chain, links=links, faults=faults, topics=topics, expected_anyway=estimate(0.6),
        usual_promise_days=4.0,
    )  # fmt: skip
    return replace(findings, chain=chain, journey=journey())


def test_a_link_says_what_goes_beyond_what_is_expected_anyway(broken: Findings, words: Wording) -> None:
    section = chain_section(broken, wording=words)
    assert {link.beyond for link in section.links} == {"28% (24 to 32) beyond what is to be expected anyway"}
    assert section.elsewhere is not None
    assert section.elsewhere.beyond == ""
    assert section.anyway.startswith(
        "Had all episodes gone like those in which no link broke, 60% (55 to 65) of the dissatisfied would"
    )


def test_every_fault_has_its_owner_and_those_who_surely_differ_are_named(
    broken: Findings, words: Wording
) -> None:
    faults = chain_section(broken, wording=words).faults
    assert faults is not None
    over, under, told = faults.rows
    assert over.lines == ("Belongs to whoever sets the promise.",)
    assert under.lines == (
        "Belongs to whoever delivers.",
        "By “carrier”, surely more often than elsewhere: <b>Swift</b>, 25%, between 20 and 30, 200 episodes.",
        "3 have too few episodes to be told.",
    )
    assert told.lines[1] == "By “page” nobody surely differs from all others."
    assert "usual promise of 4 days" in faults.how
    assert [row[0] for row in faults.tables[0].rows] == ["<b>Swift</b>", "Crawl"]
    assert faults.tables[0].rows[0][-1] == "more often"


def test_owners_nobody_asked_for_are_not_spoken_of(findings: Findings, words: Wording) -> None:
    section = chain_section(findings, wording=words)
    assert section.faults is None
    assert section.topics is None
    assert section.anyway == ""


def test_topics_stand_by_their_count_and_what_nobody_misses_is_left_out(
    broken: Findings, words: Wording
) -> None:
    topics = chain_section(broken, wording=words).topics
    assert topics is not None
    assert [row.name for row in topics.rows] == ["Quality", "Price"]
    assert topics.rows[0].lines == ("22% (17 to 27) beyond what is to be expected anyway",)
    assert topics.rows[1].lines == ()


def test_the_terminal_names_links_and_owners(broken: Findings, words: Wording) -> None:
    assert broken.chain is not None
    lines = chain_lines(broken.chain, wording=words)
    assert lines[-1].startswith(
        "Under-delivered. By “carrier”, surely more often than elsewhere: <b>Swift</b>"
    )
    assert all("Elsewhere" not in line for line in lines)


def test_the_worst_stage_is_the_heading_where_it_is_sure(broken: Findings, words: Wording) -> None:
    section = journey_section(broken, wording=words)
    assert section.finding == "The journey is worst at “Receive”: 41% of what is judged there is met"
    marks = {stage.id: (stage.marks, stage.is_worst) for stage in section.stages}
    assert marks["receive"] == (("worst stage",), True)
    assert marks["choose"] == (("best stage",), False)
    assert marks["get_help"] == (("last stage",), False)
    assert marks["use"] == ((), False)


def test_where_it_is_undecided_the_candidates_are_marked_and_none_is_the_worst(
    broken: Findings, words: Wording
) -> None:
    section = journey_section(replace(broken, journey=journey(sure=False)), wording=words)
    assert section.finding == (
        "It is undecided which stage of the journey is worst: “Receive” and “Get help”"
    )
    assert [stage.id for stage in section.stages if "perhaps the worst" in stage.marks] == [
        "receive", "get_help",
    ]  # fmt: skip
    assert not any(stage.is_worst for stage in section.stages)


def test_where_every_stage_may_be_the_worst_no_list_is_read_out(words: Wording) -> None:
    found = journey(sure=False)
    assert found.worst is not None
    every = replace(found, worst=replace(found.worst, perhaps=("choose", "get_help")))
    assert peak_finding(every, wording=words) == (
        "It is undecided which stage of the journey is worst: their intervals overlap"
    )
    assert peak_finding(replace(found, worst=None), wording=words) == (
        "We do not know yet where on the journey we fall short"
    )


def test_a_stage_shows_expected_and_got_of_all_that_is_judged_there(broken: Findings, words: Wording) -> None:
    stages = {stage.id: stage for stage in journey_section(broken, wording=words).stages}
    whole = stages["receive"].whole
    assert whole is not None
    assert (whole.numbers, whole.verdict, whole.verdict_text) == ("70% → 41%", "short", "29 points short")
    assert 'role="img"' in whole.picture
    assert stages["use"].whole is None


def test_a_stage_names_what_is_judged_at_touchpoints_placed_there(broken: Findings, words: Wording) -> None:
    gap = next(gap for gap in broken.gaps if gap.expectation == "on_time")
    counter = replace(gap, touchpoint="Pickup counter", stage="get_help")
    section = journey_section(replace(broken, gaps=(gap,), touchpoints=(counter,)), wording=words)
    rows = {stage.id: [row.name for row in stage.rows] for stage in section.stages}
    assert rows["get_help"] == ["On time · Pickup counter"]
    assert rows[gap.stage] == ["On time"]
    usual = replace(counter, stage=gap.stage)
    section = journey_section(replace(broken, gaps=(gap,), touchpoints=(usual,)), wording=words)
    assert [row.name for stage in section.stages for row in stage.rows] == ["On time"]


def test_memory_is_the_worst_and_the_last_beside_the_mean(broken: Findings, words: Wording) -> None:
    memory = journey_section(broken, wording=words).memory
    assert memory[0] == (
        "On average over the stages 56% (51 to 61) is met. The worst and the last stage together, as people "
        "remember, 44% (39 to 49)."
    )
    assert "−0.20, between −0.30 and −0.10, 60 voices" in memory[1]


def test_a_gap_that_is_no_finding_among_all_is_undecided(findings: Findings) -> None:
    gap = next(gap for gap in findings.gaps if gap_verdict(gap) == "short")
    assert gap_verdict(replace(gap, rate=0.049)) == "short"
    assert gap_verdict(replace(gap, rate=0.051)) == "undecided"
    assert gap_verdict(replace(gap, gap=FEW, rate=None)) == "unknown"


def test_what_the_same_people_stated_and_got_stands_beside_the_medians(
    findings: Findings, words: Wording
) -> None:
    day = 86_400.0
    pairs = (
        LevelGap("said", 40, Estimate(3 * day, 2 * day, 4 * day, 40), estimate(0.7, n=40)),
        LevelGap("record", 4, FEW, FEW),
    )
    levels = tuple(replace(one, paired=pairs) for one in findings.levels)
    shown = levels_section(replace(findings, levels=levels), wording=words).shown
    assert shown[0].paired == (
        "Of those who name both, as they say it took longer than they expected or were promised: 70%, "
        "between 65 and 75, 40 voices. Got minus stated: median 3 days, between 2 and 4.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_it_all_in_every_language_and_lets_no_name_in(
    broken: Findings, names: Names, language: str
) -> None:
    html = page(replace(broken, places=broken.journey), language=language, names=names)
    assert "<b>Swift" not in html
    assert "&lt;b&gt;Swift&lt;/b&gt;" in html
    assert "\u202e" not in unescape(html).replace("\u202egnorw", "")
    if language != "en":
        assert "beyond what is to be expected" not in html
        assert "perhaps the worst" not in html
        assert "Belongs to whoever" not in html

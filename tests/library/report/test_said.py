"""What people say and want: no more is claimed than the counts carry."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from forvent.records import Estimate, Findings, NotEnough, Quote, Said, VoiceShare
from forvent.report import Names, page
from forvent.report.pictures.shares import share_bar
from forvent.report.sections.said import (
    QUOTES_SHOWN,
    RIVALS_SHOWN,
    WISHES_FIRST,
    SaidSection,
    leading,
    numbers_said,
    rivals_said,
    said_finding,
    said_lines,
    said_section,
    wishes_finding,
)
from forvent.report.text_files import own_texts
from forvent.report.wording import Wording, wording
from forvent.stats import wilson
from forvent.tables import ACTS, LANGUAGES, SOURCES, TYPES

FEW = NotEnough(4, 5, "too few voices to give a share")


def shares(of: int, **counts: int) -> tuple[VoiceShare, ...]:
    return tuple(VoiceShare(name, voices, wilson(voices, of)) for name, voices in counts.items())


@pytest.fixture(scope="module")
def words(names: Names, findings: Findings) -> Wording:
    return wording("en", names=names, scale=findings.voices.scale)


@pytest.fixture(scope="module")
def said(findings: Findings) -> Said:
    assert findings.said is not None
    return findings.said


@pytest.fixture(scope="module")
def section(findings: Findings, words: Wording) -> SaidSection:
    made = said_section(findings, wording=words)
    assert made is not None
    return made


# ----------------------------------------------------------------------- claims


def test_the_heading_names_what_surely_leads(said: Said, words: Wording) -> None:
    assert said_finding(said, wording=words) == "Complaints lead: 49% of the voices"


@pytest.mark.parametrize(
    ("act", "claim"),
    [
        ("complaint", "Complaints lead: 70% of the voices"),
        ("praise", "Praise leads: 70% of the voices"),
        ("request", "Requests lead: 70% of the voices"),
        ("question", "Questions lead: 70% of the voices"),
        ("remark", "Mere remarks lead: 70% of the voices"),
    ],
)
def test_every_act_has_its_heading(said: Said, words: Wording, act: str, claim: str) -> None:
    other = "praise" if act != "praise" else "remark"
    assert said_finding(replace(said, acts=shares(100, **{act: 70, other: 30})), wording=words) == claim


def test_a_heading_does_not_choose_between_two_that_are_about_as_frequent(said: Said, words: Wording) -> None:
    close = replace(said, acts=shares(100, praise=42, complaint=38, remark=20))
    assert said_finding(close, wording=words) == (
        "It is undecided what leads: “praise” (42%) or “complaint” (38%)"
    )


def test_four_voices_have_no_leading_act(said: Said, words: Wording) -> None:
    few = replace(said, voices=4, acts=(VoiceShare("complaint", 3, FEW), VoiceShare("praise", 1, FEW)))
    assert said_finding(few, wording=words) == (
        "We do not know yet what people mostly say: 4 voices are too few"
    )


def test_the_first_leads_only_if_it_is_surely_more_than_the_second() -> None:
    first, second = shares(200, complaint=90, praise=60)
    assert leading((first, second)) == (first, None)
    first, second = shares(200, complaint=90, praise=80)
    assert leading((first, second)) == (first, second)
    assert leading((first,)) == (first, None)
    assert leading(()) == (None, None)


def test_a_wish_stands_out_only_if_surely_more_voice_it(said: Said, words: Wording) -> None:
    assert wishes_finding(said, wording=words) == (
        "No wish surely stands out; among the most frequent is “Proactive updates”: 14 voices"
    )
    clear = replace(said, wishes=shares(1399, choice=40, on_time=9))
    assert wishes_finding(clear, wording=words) == "“Choice” stands out among the wishes: 40 voices"
    assert wishes_finding(replace(said, wishes=()), wording=words) == "No wish was found in the voices"


def test_a_single_wish_of_four_voices_does_not_stand_out(said: Said, words: Wording) -> None:
    alone = replace(said, wishes=shares(1399, choice=4))
    assert wishes_finding(alone, wording=words).startswith("No wish surely stands out")


def test_claims_of_sources_and_types_follow_the_same_rule(section: SaidSection) -> None:
    assert section.sources is not None
    assert section.sources.finding == (
        "Where the words tell what an expectation rests on, it is most often “what we said or showed”: 52%"
    )
    assert section.types is not None
    assert section.types.finding == (
        "Most often expectations are “Implicit”: 58% of the voices that name one"
    )


def test_too_few_sources_are_counted_and_claim_nothing(
    findings: Findings, said: Said, words: Wording
) -> None:
    few = replace(
        said,
        sourced=VoiceShare("sourced", 3, NotEnough(4, 5, "few")),
        sources=(VoiceShare("company", 3, NotEnough(3, 5, "few")),),
        types=(VoiceShare("explicit", 4, FEW),),
    )
    made = said_section(replace(findings, said=few), wording=words)
    assert made is not None
    assert made.sources is not None
    assert made.sources.finding == "We do not know yet what expectations rest on: too few voices tell"
    assert made.sources.lede == "Only 3 voices tell where an expectation comes from."
    assert made.sources.rows[0].numbers == "3 voices"
    assert made.sources.rows[0].picture is None
    assert made.types is not None
    assert made.types.finding.startswith("We do not know yet which types are frequent")


# ------------------------------------------------------------------------- rows


def test_numbers_say_count_share_and_interval(said: Said, words: Wording) -> None:
    assert numbers_said(said.acts[0], wording=words) == "688 voices · 49% (47 to 52)"
    assert numbers_said(VoiceShare("praise", 1, FEW), wording=words) == "1 voice"


def test_irony_is_told_once_and_only_where_there_is_some(said: Said, words: Wording) -> None:
    assert list(said_lines(said, wording=words)) == [
        "Shares are of 1,399 voices that say something, unless another base is named.",
        "Of these, 21 voices may be meant ironically; they are counted as their words stand.",
    ]
    assert len(list(said_lines(replace(said, doubtful=0), wording=words))) == 1


def test_wishes_carry_only_the_quotes_that_wish(section: SaidSection) -> None:
    wishes = {row.name: row for row in section.wishes}
    assert [quote.words for quote in wishes["Easy site and app"].quotes] == [
        "lage en app der jeg ser bestillingen",
        "希望能在手机上改地址",
    ]
    assert wishes["Easy site and app"].more_label == "1 more quote"
    assert wishes["Proactive updates"].quotes == ()
    assert wishes["Proactive updates"].more_label == ""


def test_a_wish_has_at_most_three_quotes(findings: Findings, words: Wording) -> None:
    many = findings.quotes["easy_digital"] * 4
    made = said_section(replace(findings, quotes={"easy_digital": many}), wording=words)
    assert made is not None
    assert [len(row.quotes) for row in made.wishes if row.name == "Easy site and app"] == [QUOTES_SHOWN]


def test_further_wishes_are_one_click_away(section: SaidSection) -> None:
    assert len(section.wishes) == WISHES_FIRST
    assert [row.name for row in section.more] == ["Fair price"]
    assert section.more_label == "Show more: 1 expectation"


def test_rivals_are_named_with_their_counts_and_the_rest_is_counted(said: Said, words: Wording) -> None:
    assert rivals_said(said, wording=words) == (
        "Other companies named: Nordkiste (9 voices); Post <script>alert('x')</script> (2 voices)."
    )
    many = replace(said, rivals=shares(118, **{f"Shop{place}": 2 for place in range(RIVALS_SHOWN + 3)}))
    assert rivals_said(many, wording=words).endswith("; Shop7 (2 voices); 3 more.")
    assert rivals_said(replace(said, rivals=()), wording=words) == ""


def test_the_table_holds_every_number_with_its_base(section: SaidSection, said: Said) -> None:
    parts = (said.acts, said.wishes, said.sources, said.rivals, said.types)
    assert len(section.table.rows) == sum(map(len, parts))
    assert section.table.rows[0] == (
        "What they do: complaint", "688", "49%, between 47 and 52, 1,399 voices",
    )  # fmt: skip


def test_nobody_says_anything_and_there_is_no_section(findings: Findings, said: Said, words: Wording) -> None:
    for nothing in (None, replace(said, voices=0, acts=())):
        assert said_section(replace(findings, said=nothing), wording=words) is None


def test_without_wishes_sources_and_types_the_acts_stand_alone(
    findings: Findings, said: Said, names: Names
) -> None:
    alone = replace(said, wishes=(), types=(), sources=(), rivals=())
    made = page(replace(findings, said=alone), names=names)
    assert "No wish was found in the voices" in made
    assert "what expectations rest on" not in made
    assert '<ol class="wishes">' not in made


# --------------------------------------------------------------------- pictures


def test_a_bar_is_as_long_as_its_share_with_whiskers_at_its_interval() -> None:
    svg = share_bar(Estimate(0.49, 0.47, 0.52, 1399), says="Complaint: 49%")
    assert 'width="49%"' in svg
    assert 'x1="47%" x2="52%"' in svg
    assert 'role="img" aria-label="Complaint: 49%"' in svg


def test_every_bar_says_its_name_and_numbers(html: str) -> None:
    assert 'aria-label="complaint: 688 voices · 49% (47 to 52)."' in html


# -------------------------------------------------------------------- languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_type_and_source_has_words_in_every_language(language: str) -> None:
    texts = own_texts(language)
    assert set(texts["said_acts"]) == set(ACTS) - {"none"}
    assert set(texts["said_sources"]) == set(SOURCES)
    assert set(texts["said_types"]) == set(TYPES)
    assert {f"finding_{act}" for act in texts["said_acts"]} <= set(texts["said"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_texts_of_the_section(language: str) -> None:
    def texts(code: str) -> dict[str, str]:
        return dict(own_texts(code)["said"])

    def fields(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    own, english = texts(language), texts("en")
    assert {key: fields(text) for key, text in own.items()} == {
        key: fields(text) for key, text in english.items()
    }


# ------------------------------------------------------------------- what they will do


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_will_come_again_is_counted_with_quotes_and_no_made_up_certainty(
    findings: Findings, said: Said, language: str
) -> None:
    shares = (
        VoiceShare("will_not_return", 40, Estimate(0.04, 0.03, 0.06, 1000)),
        VoiceShare("will_return", 0, Estimate(0.0, 0.0, 0.01, 1000)),
    )
    quote = Quote("v1", "intent.will_not_return", "said", "en", "Cold soup. ", "Never again", ".", 1.0)
    told = replace(
        findings,
        said=replace(said, intents=shares),
        quotes={**findings.quotes, "intent.will_not_return": (quote,)},
    )
    shown = said_section(told, wording=wording(language, names={}, scale=findings.voices.scale))
    assert shown is not None
    (row,) = shown.intents
    assert row.quotes[0].words == "Never again"
    assert "100" not in row.quotes[0].confidence
    assert row.name != "will_not_return"
    if language == "en":
        assert row.name == "will not come again"
        assert row.numbers == "40 voices · 4% (3 to 6)"
        assert "1,000 voices" in shown.intents_lede
        assert ("What they will do: will come again", "0") in [cells[:2] for cells in shown.table.rows]


def test_without_languages_that_have_words_for_it_nothing_is_said(
    findings: Findings, said: Said, words: Wording
) -> None:
    shown = said_section(replace(findings, said=replace(said, intents=())), wording=words)
    assert shown is not None
    assert shown.intents == ()
    assert shown.intents_lede == ""

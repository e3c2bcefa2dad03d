"""The sections that say what to do on Monday, and what goes together with doing it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from forvent.adjust.effect import closed as effects_of
from forvent.records import (
    Action,
    Baseline,
    Effect,
    Estimate,
    Findings,
    IfMet,
    IfPromised,
    NotEnough,
    Plan,
    Priority,
    TrainingTopic,
    WhatIfs,
)
from forvent.report import Names, findings_json, page, summary
from forvent.report.sections.plan import plan_section
from forvent.report.sections.what_if import what_if_section
from forvent.report.wording import Wording, wording
from forvent.tables import LANGUAGES

HOSTILE = "<script>alert('x')</script>"
SHARE = Estimate(0.5, 0.4, 0.6, 90)
FEW = NotEnough(3, 10, "too few")


def priority(name: str, place: int, **changed: object) -> Priority:
    """A gap of 40 points, clearly in its place."""
    found = Priority(
        expectation=name,
        stage="receive",
        kind="basic",
        usual_kind="basic",
        usual_type="explicit",
        got=SHARE,
        expected=SHARE,
        gap=Estimate(-0.4, -0.5, -0.3, 90),
        customers=80,
        value=80.0,
        value_basis="customers",
        shortfall=0.4,
        weight=1.5,
        real=0.999,
        shrunk=-0.39,
        effort_days=10.0,
        effort_given=False,
        score=Estimate(4.8 / place, 4.0 / place, 5.5 / place, 90),
        rank=Estimate(float(place), float(place), float(place), 90),
        first=float(place == 1),
        among_first=1.0,
        step="promise",
    )
    return replace(found, **changed)  # type: ignore[arg-type]


def plan(*rows: Priority, **changed: object) -> Plan:
    """A plan of these rows with one topic to practise."""
    topic = TrainingTopic("friendly_staff", SHARE, Estimate(-0.1, -0.2, 0.0, 90), 30, FEW)
    found = Plan("plan/1", {"basic": 1.5}, {"S": 2.0, "M": 10.0, "L": 40.0}, "customers", 0.2, rows, (topic,))
    return replace(found, **changed)  # type: ignore[arg-type]


TWO = plan(priority("on_time", 1), priority("fair_price", 2, real=0.7, step="ask"))


def action(name: str = "A1", **changed: object) -> Action:
    """An open action about on_time."""
    base = Baseline(SHARE, date(2024, 1, 1), date(2024, 6, 1), "share_met/1", 0.0, ())
    found = Action(
        name, "on_time", f"Courier {HOSTILE}", "Ana", "h", "share_met", "", SHARE, base, date(2024, 6, 1)
    )
    return replace(found, **changed)  # type: ignore[arg-type]


def effect(verdict: str, design: str) -> Effect:
    """An effect of twenty points."""
    change = Estimate(0.2, 0.1, 0.3, 210)
    return Effect(verdict, "effect/1", design, change, SHARE, SHARE, SHARE, 0.0, 0.1, 1.0, 9, 9, 1)


@pytest.fixture
def words(findings: Findings, names: Names) -> Wording:
    """English, on the scale of the shop."""
    return wording("en", names=names, scale=findings.voices.scale)


def test_without_a_plan_there_is_no_section(findings: Findings, words: Wording) -> None:
    assert plan_section(replace(findings, plan=None), wording=words) is None
    assert what_if_section(replace(findings, what_if=None), wording=words) is None


def test_the_heading_says_what_to_begin_with(findings: Findings, words: Wording) -> None:
    found = plan_section(replace(findings, plan=TWO), wording=words)
    assert found is not None
    assert found.finding == "Start with “On time”: it stays first in 99% of the redrawn samples"
    assert [row.name for row in found.rows] == ["On time", "Fair price"]
    first, second = found.rows
    assert first.factors == "80 customers × 40 points × 1.5 (Basic) × 99% ÷ 10 days"
    assert first.place == "Place 1; first in 99% of the redrawn samples"
    assert first.actions == ("Owner: nobody yet",)
    assert second.step == "Ask more customers first: it may be chance."
    assert second.place == "Place 2 (between 2 and 2)"
    assert "hatched" in second.picture
    assert "hatched" not in first.picture


def test_two_that_the_data_do_not_part_are_both_named(findings: Findings, words: Wording) -> None:
    near = plan(priority("on_time", 1, first=0.55), priority("fair_price", 2, first=0.45))
    found = plan_section(replace(findings, plan=near), wording=words)
    assert found is not None
    assert found.finding == "“On time” or “Fair price” first: the data do not decide between them"


def test_nothing_to_do_and_nothing_known_are_told_apart(findings: Findings, words: Wording) -> None:
    above = priority("on_time", 1, shortfall=0.0, score=Estimate(0.0, 0.0, 0.1, 90))
    found = plan_section(replace(findings, plan=plan(above)), wording=words)
    assert found is not None
    assert found.finding == "Nothing surely falls short, so nothing has to be done first"
    unknown = priority("on_time", 1, real=None, score=FEW, rank=FEW, gap=FEW)
    found = plan_section(replace(findings, plan=plan(unknown)), wording=words)
    assert found is not None
    assert found.finding == "We do not know yet what to do first: too few voices say so"
    assert found.table is None


def test_at_most_seven_are_shown_and_all_stand_in_the_table(findings: Findings, words: Wording) -> None:
    many = plan(*(priority(f"thing_{place}", place) for place in range(1, 12)))
    found = plan_section(replace(findings, plan=many), wording=words)
    assert found is not None
    assert found.table is not None
    assert (len(found.rows), len(found.table.rows)) == (7, 11)


def test_actions_stand_with_owner_and_day_and_late_ones_say_so(findings: Findings, words: Wording) -> None:
    made = findings.made_at.date()
    acts = (
        action("A1", due=date(made.year - 1, 1, 2)),
        action("A2", due=date(made.year + 1, 1, 2)),
        action("A3", status="dropped", why="x"),
        action("A4", status="done", done=date(2024, 6, 5)),
        action("A5"),
    )
    found = plan_section(replace(findings, plan=TWO, actions=acts), wording=words)
    assert found is not None
    said = found.rows[0].actions
    assert len(said) == 4
    assert "late, was due on January 2" in said[0]
    assert "by January 2" in said[1]
    assert "done on June 5, 2024" in said[2]
    assert said[3].endswith("· Ana")


def test_an_effect_is_worded_by_what_carries_it(findings: Findings, words: Wording) -> None:
    acts = (action("A1"), action("A2", comparison="product_quality@shop"))
    effects = {
        "A1": effect("narrower", "before and after"),
        "A2": effect("closed", "difference in differences"),
    }
    found = plan_section(replace(findings, plan=TWO, actions=acts, effects=effects), wording=words)
    assert found is not None
    (_, alone, _), (verdict, beside, _) = found.effects
    assert alone.startswith("It went together with this change in percentage points: 20, between 10 and 30")
    assert verdict.endswith("the gap is closed")
    assert beside.startswith("Change against “Product quality (shop)”, in percentage points: 20")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_minded_in_an_effect_is_said_in_every_language(
    findings: Findings, language: str
) -> None:
    told = replace(effect("narrower", "before and after"), cautions=("neighbouring weeks are alike",))
    words = wording(language, names={}, scale=findings.voices.scale)
    found = plan_section(
        replace(findings, plan=TWO, actions=(action("A1"),), effects={"A1": told}), wording=words
    )
    assert found is not None
    said = found.effects[0][2][0]
    assert said[0] == said[0].upper()
    assert (said == "Neighbouring weeks are alike.") is (language == "en")
    assert "neighbouring weeks are alike" not in said


def test_every_caution_of_an_effect_is_worded() -> None:
    source = (Path(effects_of.__file__)).read_text(encoding="utf-8")
    cautions = re.findall(r'cautions\.append\("([^"]+)"\)', source)
    assert len(cautions) == 4
    for language in LANGUAGES:
        words = wording(language, names={}, scale=None)
        assert [one for one in cautions if words.looked_up("plan_cautions", one) == one] == []


def test_a_topic_has_its_standard_where_enough_name_a_time(findings: Findings, words: Wording) -> None:
    for seconds, said in ((7200.0, "2 hours"), (300.0, "5 minutes"), (172800.0, "2 days")):
        topic = replace(TWO.training[0], within=Estimate(seconds, 60.0, 2e5, 12))
        found = plan_section(replace(findings, plan=replace(TWO, training=(topic,))), wording=words)
        assert found is not None
        assert f"want it within {said} (12 voices)" in found.topics[0].standard


def test_money_is_said_to_be_money(findings: Findings, words: Wording) -> None:
    rich = plan(priority("on_time", 1, value=12345.6, value_basis="value ahead"), value_unit="money")
    found = plan_section(replace(findings, plan=rich), wording=words)
    assert found is not None
    assert found.rows[0].factors.startswith("12,346 of money ahead × 40 points")
    assert found.how[0].startswith("Ranked by the money expected")
    found = plan_section(replace(findings, plan=replace(rich, value_unit="purchases")), wording=words)
    assert found is not None
    assert found.rows[0].factors.startswith("12,346 purchases ahead × 40 points")


def test_what_if_is_worded_as_going_together(findings: Findings, words: Wording) -> None:
    rows = (
        IfMet("on_time", SHARE, 0.9, Estimate(0.05, 0.02, 0.08, 90), Estimate(-0.04, -0.06, -0.01, 90)),
        IfMet("fair_price", SHARE, 0.9, Estimate(0.2, -0.1, 0.4, 90), Estimate(-0.1, -0.2, 0.1, 90)),
        IfMet("choice", SHARE, 0.9, FEW, FEW),
    )
    promises = (
        IfPromised(3.0, "day", SHARE, True, Estimate(0.0, 0.0, 0.0, 9)),
        IfPromised(5.0, "day", SHARE, False, FEW),
    )
    tried = WhatIfs("what_if/1", 0.25, rows, promises)
    found = what_if_section(replace(findings, what_if=tried), wording=words)
    assert found is not None
    assert found.finding == (
        "“On time” met in 90% of cases instead of 50% goes together with a mean rating 0.20 points higher"
    )
    assert found.met is not None
    assert [row[0] for row in found.met.rows] == ["On time", "Fair price"]
    assert found.met.rows[0][3] == "+0.20 (+0.08 to +0.32)"
    assert found.met.rows[0][4] == "−4.0 (−6.0 to −1.0)"
    assert found.promises is not None
    assert [row[0] for row in found.promises.rows] == ["3 days (today)", "5 days"]
    unsure = what_if_section(
        replace(findings, what_if=replace(tried, met=rows[1:], promises=())), wording=words
    )
    assert unsure is not None
    assert unsure.finding == "No expectation, met more often, surely goes together with better ratings"
    assert what_if_section(replace(findings, what_if=WhatIfs("x", 0.25, rows[2:])), wording=words) is None


@pytest.mark.parametrize("language", ["en", "cs", "hy", "nb", "et", "zh"])
def test_the_page_holds_both_sections_and_escapes_words_of_people(
    findings: Findings, names: Names, language: str
) -> None:
    tried = WhatIfs("x", 0.25, (IfMet("on_time", SHARE, 0.9, SHARE, SHARE),))
    full = replace(
        findings, plan=TWO, what_if=tried, actions=(action(),), effects={"A1": effect("closed", "x")}
    )
    html = page(full, language=language, names=names)
    assert 'id="plan-finding"' in html
    assert 'id="what_if-finding"' in html
    assert HOSTILE not in html
    assert html.index('id="gaps"') < html.index('id="plan"') < html.index('id="what_if"')


def test_the_summary_names_the_first_three(findings: Findings, names: Names) -> None:
    many = plan(*(priority(f"thing_{place}", place) for place in range(1, 6)))
    console = Console(width=100, record=True)
    with console.capture() as caught:
        console.print(summary(replace(findings, plan=many, actions=(action(),)), names=names))
    said = caught.get()
    assert "What to do on Monday?" in said
    assert "3. Thing 3: Keep the promise" in said
    assert "4. Thing 4" not in said


def test_the_findings_hold_plan_actions_and_effects(findings: Findings) -> None:
    full = replace(
        findings, plan=TWO, actions=(action(due=date(2024, 7, 1)),), effects={"A1": effect("closed", "x")}
    )
    found = json.loads(findings_json(full))
    assert found["plan"]["priorities"][0]["real"] == 0.999
    assert found["actions"][0]["due"] == "2024-07-01"
    assert found["effects"]["A1"]["verdict"] == "closed"


def test_no_text_words_an_association_as_a_cause(names: Names) -> None:
    say = partial(wording("en", names=names, scale=None).say)
    for key in ("plan.change_alone", "what_if.finding", "what_if.how"):
        text = say(key, change="", name="", target="", got="", points="")
        assert not any(
            word in text.lower() for word in ("cause", "leads to", "because of", "raises", "effect of")
        )

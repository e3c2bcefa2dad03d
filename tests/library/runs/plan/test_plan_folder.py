"""What a plan is made from and kept in: the folder of a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forvent.errors import BadOption, NothingUsable, UnreadableFile
from forvent.records import Estimate, NotEnough
from forvent.runs.action_book import FILE, read_book
from forvent.runs.plan_folder import NewAction, PlanFolder

TODAY = date(2026, 4, 27)
NEW = NewAction("on_time", "A second courier", "Ana", "Fridays are late", due=date(2026, 6, 1))
Later = Callable[..., Path]


def added(folder: Path, **changed: object) -> str:
    """Id of an action that was added."""
    with PlanFolder(folder) as opened:
        return opened.add(replace(NEW, **changed), today=TODAY).id  # type: ignore[arg-type]


def effect(folder: Path, action: str, **given: date) -> str:
    """Verdict on an action by the tables of a folder."""
    with PlanFolder(folder) as opened:
        return opened.effect(opened.book.find(action), **given).verdict


def test_the_plan_ranks_what_falls_short(written: Path) -> None:
    with PlanFolder(written) as opened:
        plan = opened.plan()
    first = plan.priorities[0]
    assert first.expectation == "on_time"
    assert first.first > 0.9
    assert first.gap.high < 0.0
    # Customers who come twice count once.
    assert first.customers < first.gap.n
    assert [topic.expectation for topic in plan.training] == ["friendly_staff"]


def test_the_same_folder_gives_the_same_plan(written: Path) -> None:
    found = []
    for _ in range(2):
        with PlanFolder(written) as opened:
            found.append(opened.plan())
    assert found[0] == found[1]


def test_an_action_keeps_its_baseline_with_the_weeks_behind_it(folder: Path) -> None:
    assert added(folder, comparison="product_quality", effort_days=2.0) == "A1"
    action = read_book(folder).actions[0]
    base = action.baseline
    assert base.estimate.value == pytest.approx(0.45, abs=0.06)
    assert base.estimate.n == sum(week.n for week in base.weeks)
    assert (base.first, len(base.weeks), len(base.comparison_weeks)) == (date(2026, 1, 5), 16, 16)
    assert action.target.value > base.estimate.value
    assert base.rebound >= 0.0
    assert base.definition == "share_met/1, effect/1"


def test_an_effort_changes_the_order_and_stays(folder: Path) -> None:
    added(folder, effort_days=400.0)
    with PlanFolder(folder) as opened:
        assert opened.plan().priorities[0].expectation != "on_time"
        opened.set_efforts({"on_time": 1.0})
    with PlanFolder(folder) as opened:
        assert opened.plan().priorities[0].expectation == "on_time"


def test_an_effect_is_seen_in_the_next_run(folder: Path, later: Later) -> None:
    added(folder, comparison="product_quality")
    kept = (folder / FILE).read_bytes()
    later(folder, better=0.5)
    assert (folder / FILE).read_bytes() == kept
    with PlanFolder(folder) as opened:
        opened.done("A1", on=TODAY)
    assert effect(folder, "A1") == "closed"


def test_no_effect_is_not_called_one_in_the_next_run(folder: Path, later: Later) -> None:
    added(folder)
    later(folder, better=0.0)
    assert effect(folder, "A1", since=TODAY) in ("no visible change", "cannot tell")


def test_before_the_next_run_nothing_can_be_told(folder: Path) -> None:
    added(folder)
    with PlanFolder(folder) as opened:
        found = opened.effect(opened.book.find("A1"), since=date(2026, 5, 4))
    assert found.verdict == "cannot tell"
    assert isinstance(found.change, NotEnough)
    assert found.change.why == "too few judge it after the action"


def test_the_share_kept_of_one_region_is_held_against_another(folder: Path, later: Later) -> None:
    added(
        folder,
        subject="on_time@region=Coast",
        measure="kept",
        comparison="on_time@region=City",
        target=0.95,
    )
    later(folder, better=0.28)
    with PlanFolder(folder) as opened:
        found = opened.effect(opened.book.find("A1"), since=TODAY)
    assert found.design == "difference in differences"
    assert isinstance(found.change, Estimate)
    assert found.change.low < 0.28 < found.change.high
    assert found.verdict == "closed"


def test_one_touchpoint_has_a_target_of_its_own(folder: Path) -> None:
    added(folder, subject="on_time@shop", measure="gap")
    action = read_book(folder).actions[0]
    assert action.expectation == "on_time"
    assert action.target.low < action.target.high
    with PlanFolder(folder) as opened:
        whole = opened.plan().priorities[0].gap.n
    assert action.baseline.estimate.n < 0.7 * whole


def test_ratings_are_a_measure_with_a_target(folder: Path) -> None:
    added(folder, measure="rating", target=0.9)
    assert read_book(folder).actions[0].baseline.estimate.value == pytest.approx(0.68, abs=0.1)


def test_what_if_speaks_of_the_share_that_was_tried(written: Path) -> None:
    with PlanFolder(written) as opened:
        rows = opened.what_if(["on_time"], targets={"on_time": 0.9}).met
    assert [row.target for row in rows] == [0.9]
    assert isinstance(rows[0].rating, Estimate)
    assert isinstance(rows[0].dissatisfied, Estimate)
    # Half judge it, 0.45 more would be met, and each unmet one costs 0.3.
    assert rows[0].rating.low < 0.5 * 0.45 * 0.3 < rows[0].rating.high
    assert rows[0].dissatisfied.high < 0.0


def test_a_promise_is_tried_on_the_frontier(written: Path) -> None:
    with PlanFolder(written) as opened:
        row = opened.what_if_promised(5)[0]
    assert row.kept.value == 0.98
    assert isinstance(row.rating, Estimate)
    assert row.rating.value == pytest.approx(0.28 * 0.4)


def test_a_dropped_action_stays_with_its_reason(folder: Path) -> None:
    added(folder)
    with PlanFolder(folder) as opened:
        opened.drop("A1", why="too dear")
    assert added(folder) == "A2"
    first = read_book(folder).actions[0]
    assert (first.status, first.why) == ("dropped", "too dear")


REFUSED = [
    (
        {"action": " ", "owner": ""},
        BadOption,
        "An action needs --action, --owner. Say what, who, and why it should help.",
    ),
    ({"subject": "moon"}, NothingUsable, "0 dated judgements of 'moon' are too few for a baseline."),
    ({"comparison": "moon"}, NothingUsable, "Too few judge the comparison 'moon'."),
    (
        {"comparison": "on_time"},
        BadOption,
        "'on_time' is what the action is about, so it is no comparison.",
    ),
    ({"measure": "rating"}, BadOption, "A rating needs a target."),
    ({"measure": "mood"}, BadOption, "'mood' is no measure. Measures are share_met, gap, kept, rating."),
    ({"target": 90.0}, BadOption, "A target of 90 is no share."),
    ({"subject": "on_time@"}, BadOption, "'on_time@' names no expectation or no place."),
    (
        {"subject": "on_time@Coast", "measure": "kept"},
        BadOption,
        "'on_time@Coast' names no group of episodes.",
    ),
    (
        {"subject": "on_time@depot=Coast", "measure": "kept"},
        BadOption,
        "The episodes have no column 'depot'.",
    ),
]


@pytest.mark.parametrize(("changed", "kind", "message"), REFUSED)
def test_an_action_that_cannot_be_is_refused_and_not_kept(
    folder: Path, changed: dict[str, object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        added(folder, **changed)
    assert str(caught.value).startswith(message)
    assert not (folder / FILE).exists()


def test_without_episodes_the_share_kept_is_refused(folder: Path) -> None:
    (folder / "episodes.parquet").unlink()
    with pytest.raises(BadOption) as caught:
        added(folder, subject="on_time", measure="kept")
    assert str(caught.value) == (
        "The share kept needs episodes, and the report was made without. "
        "Run forvent report with --episodes, or take --measure share_met."
    )


def test_an_open_action_has_no_effect_without_a_day(folder: Path) -> None:
    added(folder)
    with pytest.raises(BadOption) as caught:
        effect(folder, "A1")
    assert str(caught.value) == (
        "Action A1 is not done yet. "
        "Say when it was: --done A1 --on DATE, or look from a day on with --since DATE."
    )


def test_what_nobody_speaks_of_is_refused(folder: Path) -> None:
    with PlanFolder(folder) as opened:
        for ask in (
            lambda: opened.what_if(["moon"], targets={"moon": 0.5}),
            lambda: opened.set_efforts({"moon": 2.0}),
        ):
            with pytest.raises(BadOption) as caught:
                ask()
            said = "Nobody speaks of 'moon' in these voices. Take an expectation of the plan."
            assert str(caught.value) == said
        with pytest.raises(BadOption) as caught:
            opened.what_if_promised(9)
        assert str(caught.value) == "A promise of 9 days lies beyond the record. Take a length from 0 to 5."
        with pytest.raises(BadOption) as caught:
            opened.drop("A1", why=" ")
        assert str(caught.value) == 'A dropped action needs a reason. Say --why "…".'


@pytest.mark.parametrize("name", ["findings.json", "voices.parquet", "mentions.parquet"])
def test_a_folder_without_a_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UnreadableFile) as caught:
        PlanFolder(folder)
    assert str(caught.value) == (
        f"There is no '{name}' in '{folder}'. Give the folder that forvent report wrote; "
        "if it is older than forvent plan, run it again."
    )


def test_findings_that_are_none_are_told(folder: Path) -> None:
    (folder / "findings.json").write_text("[1, 2", encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        PlanFolder(folder)
    assert (
        str(caught.value) == f"'{folder / 'findings.json'}' is no JSON of findings. Run forvent report again."
    )
    (folder / "findings.json").write_text('{"schema": "forvent/market/1"}', encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        PlanFolder(folder)
    assert str(caught.value) == (
        f"'{folder / 'findings.json'}' is no file of forvent/findings/2: its schema is 'forvent/market/1'. "
        "Make it anew with forvent report --out FOLDER."
    )

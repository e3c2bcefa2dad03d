"""Actions are kept: whole, never overwritten, by one hand at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.records import Action, Baseline, Estimate, Tally
from forvent.runs import action_book
from forvent.runs.action_book import FILE, LOCK, ActionBook, read_book, write_book, writing

SHARE = Estimate(0.5, 0.4, 0.6, 90)


def action(name: str = "A1", **changed: object) -> Action:
    """An open action with a baseline of two weeks."""
    base = Baseline(
        estimate=SHARE,
        first=date(2026, 1, 5),
        last=date(2026, 1, 18),
        definition="share_met/1, effect/1",
        rebound=0.01,
        weeks=(Tally(date(2026, 1, 5), 40, 20.5, 44.0), Tally(date(2026, 1, 12), 50, 24.0, 50.0)),
        comparison_weeks=(Tally(date(2026, 1, 5), 30, 28.0, 30.0),),
    )
    found = Action(
        id=name,
        subject="on_time@shop",
        action="A second courier, «Պահեստ»",
        owner="Ana",
        hypothesis="Fridays are late",
        measure="share_met",
        comparison="fair_price",
        target=SHARE,
        baseline=base,
        added=date(2026, 2, 1),
        due=date(2026, 3, 1),
        effort_days=10.0,
    )
    return replace(found, **changed)  # type: ignore[arg-type]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    book = ActionBook(
        (action(), action("A2", status="done", done=date(2026, 2, 9), due=None)), {"on_time": 2.0}
    )
    write_book(book, tmp_path)
    assert read_book(tmp_path) == book


def test_the_expectation_stands_before_the_touchpoint() -> None:
    assert action().expectation == "on_time"


def test_ids_are_never_given_twice() -> None:
    book = ActionBook((action("A1"), action("A7", status="dropped", why="too dear")))
    assert book.next_id() == "A8"
    assert ActionBook().next_id() == "A1"


def test_closing_an_action_leaves_its_baseline_and_the_others() -> None:
    book = ActionBook((action("A1"), action("A2")))
    closed = book.closed("a2", status="done", on=date(2026, 2, 20))
    assert closed.actions[0] == book.actions[0]
    assert closed.find("A2") == replace(action("A2"), status="done", done=date(2026, 2, 20))


def test_an_effort_given_with_an_action_is_kept_for_its_expectation() -> None:
    assert ActionBook().with_action(action()).efforts == {"on_time": 10.0}
    assert ActionBook((), {"on_time": 3.0}).with_action(action(effort_days=None)).efforts == {"on_time": 3.0}


def test_only_an_open_action_can_be_closed() -> None:
    book = ActionBook((action(status="dropped", why="too dear"),))
    with pytest.raises(BadOption) as caught:
        book.closed("A1", status="done")
    assert str(caught.value) == "Action A1 is dropped already. Add another action instead."


def test_an_unknown_action_is_told_with_those_there_are() -> None:
    with pytest.raises(BadOption) as caught:
        ActionBook((action(),)).find("B3")
    assert str(caught.value) == "There is no action 'B3'. There are: A1."
    with pytest.raises(BadOption) as caught:
        ActionBook().find("A1")
    assert str(caught.value) == "There is no action 'A1'. There are: none yet."


@pytest.mark.parametrize("text", ["", "{", "[]", '{"actions": []}', "\x00\x01"])
def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_book(tmp_path)
    assert str(caught.value) == (
        f"'{tmp_path / FILE}' cannot be read: it is no JSON of actions. "
        "Put back a whole copy of it, or move it away to begin anew."
    )
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("key", "value"),
    [("id", "7"), ("status", "maybe"), ("added", "soon"), ("target", {"value": "nan"}), ("baseline", None)],
)
def test_an_action_that_cannot_be_is_told(tmp_path: Path, key: str, value: object) -> None:
    write_book(ActionBook((action(),)), tmp_path)
    document = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    document["actions"][0][key] = value
    (tmp_path / FILE).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_book(tmp_path)


def test_a_file_of_a_later_version_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"schema": "forvent/actions/2"}', encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_book(tmp_path)
    said = f"'{tmp_path / FILE}' has the schema 'forvent/actions/2', and forvent/actions/1 is known here."
    assert str(caught.value) == f"{said} Update forvent."


def test_one_hand_writes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_book, "TRIES", 2)
    monkeypatch.setattr(action_book, "PAUSE", 0.0)
    with writing(tmp_path):
        with pytest.raises(CannotWrite) as caught, writing(tmp_path):
            pass
        assert str(caught.value) == (
            f"Another forvent plan is writing to '{tmp_path}'. "
            f"Try again; if none runs, delete '{tmp_path / LOCK}'."
        )
    assert not (tmp_path / LOCK).exists()


def test_the_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), writing(tmp_path):
        raise ZeroDivisionError
    assert not (tmp_path / LOCK).exists()


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_book(ActionBook((action(),)), tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(action_book.os, "replace", full)
    with pytest.raises(CannotWrite) as caught:
        write_book(ActionBook(), tmp_path)
    assert str(caught.value) == (
        f"Could not write to '{tmp_path}': No space left on device. "
        "Look at the rights of the folder, or free some space."
    )
    assert read_book(tmp_path).actions == (action(),)
    assert [file.name for file in tmp_path.iterdir()] == [FILE]

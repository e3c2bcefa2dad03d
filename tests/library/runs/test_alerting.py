"""Alerts are kept from report to report, notes included, and a damaged file is never written over."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from forvent.assess.change import remembered
from forvent.errors import BadOption, UnreadableFile
from forvent.records import Estimate, NotEnough
from forvent.records.change import Alert, Change, KeptAlerts
from forvent.report.alerts_json import alerts_json
from forvent.runs.alerting import acknowledge, keep_alerts, read_alerts, there

MARCH = datetime(2026, 3, 2)
ALERT = Alert(
    id="on_time:met:lower:2026-03-02",
    measure="met",
    expectation="on_time",
    side="lower",
    since=MARCH,
    at=datetime(2026, 3, 30),
    before=Estimate(0.8, 0.7, 0.9, n=100),
    lately=Estimate(0.4, 0.3, 0.5, n=40),
)
KEPT = remembered(KeptAlerts(()), found=[ALERT], now=datetime(2026, 4, 1))


class _Found:
    """The two fields of findings that matter here."""

    def __init__(self, change: Change | NotEnough | None, made_at: datetime) -> None:
        self.change, self.made_at = change, made_at


def found(*alerts: Alert, at: datetime = datetime(2026, 5, 1)) -> _Found:
    """Findings of a run that found these alerts."""
    return _Found(Change("week", (), 9, 0, 0.04, 0.01, 50.0, 4, (), None, (), alerts), at)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "alerts.json").write_text(alerts_json(KEPT), encoding="utf-8")
    return tmp_path


def noted(folder: Path, by: str = "Ani") -> KeptAlerts:
    return acknowledge(folder, ids=[ALERT.id], by=by, note="new courier", now=datetime(2026, 4, 2, 9))


def test_what_is_written_is_read_back(folder: Path) -> None:
    assert read_alerts(folder) == KEPT
    told = noted(folder)
    assert read_alerts(folder) == told
    assert told.alerts[0].acknowledged is not None
    assert told.alerts[0].acknowledged.note == "new courier"


def test_a_second_report_keeps_the_note(folder: Path) -> None:
    noted(folder)
    keep_alerts(found(ALERT), folder=folder, before=folder)  # type: ignore[arg-type]
    one = read_alerts(folder).alerts[0]
    assert one.acknowledged is not None
    assert (one.acknowledged.by, one.last_seen) == ("Ani", datetime(2026, 5, 1))


def test_a_report_that_finds_nothing_keeps_the_old_alerts(folder: Path) -> None:
    keep_alerts(found(), folder=folder, before=folder)  # type: ignore[arg-type]
    assert read_alerts(folder) == KEPT


def test_a_run_without_times_writes_no_alerts_but_keeps_what_is_there(tmp_path: Path, folder: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    keep_alerts(_Found(None, MARCH), folder=empty, before=empty)  # type: ignore[arg-type]
    assert list(empty.iterdir()) == []
    keep_alerts(_Found(NotEnough(3, 8, "too short"), MARCH), folder=folder, before=folder)  # type: ignore[arg-type]
    assert read_alerts(folder) == KEPT


def test_an_id_that_is_not_there_changes_nothing(folder: Path) -> None:
    before = (folder / "alerts.json").read_bytes()
    with pytest.raises(BadOption):
        acknowledge(folder, ids=[ALERT.id, "x"], by="Ani", note="", now=MARCH)
    assert (folder / "alerts.json").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is damaged or not a file of kept alerts"),
        ("[]", "it is damaged or not a file of kept alerts"),
        ('{"alerts": []}', "it is damaged or not a file of kept alerts"),
        (
            '{"schema": "forvent/alerts/9", "alerts": []}',
            "its schema is 'forvent/alerts/9', not 'forvent/alerts/1'",
        ),
        ('{"schema": "forvent/alerts/1", "alerts": [{}]}', "it is damaged or not a file of kept alerts"),
        ('{"schema": "forvent/alerts/1", "alerts": 3}', "it is damaged or not a file of kept alerts"),
    ],
)
def test_a_damaged_or_foreign_file_is_told_and_left_as_it_is(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "alerts.json"
    file.write_text(text, encoding="utf-8")
    for doing in (
        lambda: read_alerts(tmp_path),
        lambda: keep_alerts(found(ALERT), folder=tmp_path, before=tmp_path),  # type: ignore[arg-type]
        lambda: noted(tmp_path),
    ):
        with pytest.raises(UnreadableFile) as error:
            doing()
        assert str(error.value) == (
            f"The alerts kept in '{file}' cannot be read: {why}. "
            "Nothing in it was changed; mend it or move it away."
        )
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("alert", "since"), "tomorrow"),
        (("alert", "before"), None),
        (("acknowledged",), {"by": 3}),
        (("alert", "id"), 7),
    ],
)
def test_one_damaged_alert_is_never_read_halfway(folder: Path, where: tuple[str, ...], what: object) -> None:
    document = json.loads((folder / "alerts.json").read_text(encoding="utf-8"))
    *path, last = where
    part = document["alerts"][0]
    for key in path:
        part = part[key]
    part[last] = what
    (folder / "alerts.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="damaged"):
        read_alerts(folder)


def test_bytes_that_are_no_text_and_ids_said_twice_are_told(folder: Path) -> None:
    document = json.loads((folder / "alerts.json").read_text(encoding="utf-8"))
    document["alerts"] *= 2
    (folder / "alerts.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UnreadableFile, match="two of its alerts have the same id"):
        read_alerts(folder)
    (folder / "alerts.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="damaged"):
        read_alerts(folder)


def test_a_folder_without_alerts_says_who_writes_them(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as error:
        there(tmp_path)
    assert str(error.value) == (
        f"There is no alerts.json in '{tmp_path}'. "
        "`forvent report … --out DIR` writes it, where voices have a time."
    )

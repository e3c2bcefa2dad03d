"""forvent alerts: what it shows, keeps and refuses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from forvent.assess.change import remembered
from forvent.cli import main
from forvent.records import Estimate
from forvent.records.change import Alert, KeptAlerts
from forvent.report.alerts_json import alerts_json

ID = "on_time:met:lower:2026-03-02"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    alert = Alert(
        ID, "met", "on_time", "lower", datetime(2026, 3, 2), datetime(2026, 3, 30),
        before=Estimate(0.8, 0.7, 0.9, n=100), lately=Estimate(0.4, 0.3, 0.5, n=40),
    )  # fmt: skip
    kept = remembered(KeptAlerts(()), found=[alert], now=datetime(2026, 4, 1))
    (tmp_path / "alerts.json").write_text(alerts_json(kept), encoding="utf-8")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_open_alerts_are_shown_with_their_ids(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", str(folder)]) == 0
    assert said(capsys) == (
        f"1 alert is open {ID} On time: share met: lower since March 2, 2026, "
        "known on March 30, 2026: 80% → 40%, 40 voices"
    )


def test_who_took_note_and_what_they_wrote_is_kept_and_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = main(["alerts", str(folder), "--acknowledge", ID, "--by", "Ani", "--note", "[bold]new courier"])
    assert done == 0
    capsys.readouterr()
    assert main(["alerts", str(folder)]) == 0
    shown = said(capsys)
    assert shown.startswith(f"0 alerts are open Acknowledged {ID}")
    # What people write is text, never markup.
    assert shown.endswith(": [bold]new courier")
    assert "Ani, " in shown


def test_the_json_holds_all_alerts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "alerts-out.json"
    assert main(["alerts", str(folder), "--json", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["alerts"][0]["alert"]["id"] == ID
    assert out.read_text(encoding="utf-8") == (folder / "alerts.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--acknowledge", ID], "--acknowledge does not say who takes note. Add --by NAME."),
        (["--acknowledge", ID, "--by", "  "], "--acknowledge does not say who takes note. Add --by NAME."),
        (["--by", "Ani"], "--by and --note speak of no alert. Add --acknowledge ID."),
        (["--note", "x"], "--by and --note speak of no alert. Add --acknowledge ID."),
        (
            ["--acknowledge", "x", "--by", "Ani"],
            "There is no alert 'x'. Give an id as `forvent alerts DIR` shows it.",
        ),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_written(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "alerts.json").read_bytes()
    assert main(["alerts", str(folder), *arguments]) == 2
    assert capsys.readouterr().err == f"forvent: {message}\n"
    assert (folder / "alerts.json").read_bytes() == before


def test_a_folder_as_json_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", str(folder), "--json", str(folder)]) == 2
    assert capsys.readouterr().err == f"forvent: '{folder}' is a folder. Name a file in it.\n"


def test_a_damaged_file_stops_a_report_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "alerts.json").write_text("{", encoding="utf-8")
    assert main(["report", str(tmp_path / "no-such.csv"), "--out", str(tmp_path)]) == 2
    assert "cannot be read: it is damaged or not a file of kept alerts." in capsys.readouterr().err
    assert (tmp_path / "alerts.json").read_text(encoding="utf-8") == "{"

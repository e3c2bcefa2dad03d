"""An invented shop, as one value of findings and one backtest, for every test of the report."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest

from forvent.records import Backtest, Findings, Personas
from forvent.report import Names, backtest_page, page


def _load(name: str) -> ModuleType:
    """A module beside this file; with importlib mode tests cannot import each other by name."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"report_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EXAMPLE = _load("example_findings")
BACKTESTS = _load("example_backtest")
IMPORTANCE = _load("example_importance")
PERSONAS = _load("example_personas")


@pytest.fixture(scope="session")
def findings() -> Findings:
    """A shop with plenty of data, and a few hostile customers."""
    found: Findings = EXAMPLE.example_findings()
    importance = IMPORTANCE.shop_importance(found.gaps)
    return replace(found, importance=importance, kind_drift=IMPORTANCE.shop_kind_drift())


@pytest.fixture(scope="session")
def bare() -> Findings:
    """Nine voices, no ratings, no episodes: nothing can be said yet."""
    found: Findings = EXAMPLE.bare_findings()
    return found


@pytest.fixture(scope="session")
def personas() -> Personas:
    """Three groups of the shop's customers."""
    found: Personas = PERSONAS.example_personas()
    return found


@pytest.fixture(scope="session")
def expecting(findings: Findings, personas: Personas) -> Findings:
    """The shop with groups of its customers and segments that it named."""
    return replace(findings, personas=personas, segments=PERSONAS.example_segments())


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


@pytest.fixture(scope="session")
def backtest() -> Backtest:
    """A shop whose own promise fails in two crises, beside all other ways of promising."""
    found: Backtest = BACKTESTS.example_backtest()
    return found


@pytest.fixture(scope="session")
def bare_backtest() -> Backtest:
    """Nine cases of a cost, nothing to compare with: nothing can be said yet."""
    found: Backtest = BACKTESTS.bare_backtest()
    return found


@pytest.fixture(scope="session")
def backtest_html(backtest: Backtest) -> str:
    """The page of the backtest."""
    return backtest_page(backtest, language="en")


@pytest.fixture(scope="session")
def bare_backtest_html(bare_backtest: Backtest) -> str:
    """The page of the nine cases."""
    return backtest_page(bare_backtest, language="en")

"""Episodes whose truth is known, and what is foretold of some of them, for the tests of this room."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from forvent.assess.prediction import disappointment


def _load(name: str) -> ModuleType:
    """A module beside this file; with importlib mode tests cannot import each other by name."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"prediction_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


HISTORIES = _load("example_histories")


@pytest.fixture(scope="session")
def histories() -> ModuleType:
    """The module that invents episodes."""
    return HISTORIES


@pytest.fixture(scope="session")
def foretold():
    """A shop where one branch and short promises are late, with open episodes."""
    truth = HISTORIES.truth(np.random.default_rng(1), n=4_000, open_cases=60)
    return disappointment(truth.history, rng=np.random.default_rng(1), rounds=300)

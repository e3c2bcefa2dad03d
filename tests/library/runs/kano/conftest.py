"""A questionnaire whose kinds are known: what was put in, and the file of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

#: Pairs that say each kind, as people give them.
SAYS = {
    "basic": ((2, 5), (3, 5), (4, 5)),
    "performance": ((1, 5),),
    "excitement": ((1, 2), (1, 3), (1, 4)),
    "indifferent": ((3, 3), (2, 3), (3, 4)),
    "reverse": ((5, 1), (5, 2), (4, 1)),
}
KINDS: Mapping[str, str] = {
    "on time": "basic",
    "quick delivery": "performance",
    "live chat": "excitement",
    "gift wrap": "indifferent",
    "phone calls": "reverse",
}
CLEAR = 0.7
SHEETS = 240


class Sample:
    """Answers of respondents, seven in ten of whom give the kind that was put in."""

    def __init__(self, seed: int = 3) -> None:
        self._rng = np.random.default_rng(seed)

    def pair(self, kind: str) -> tuple[int, int]:
        """A pair of answers, mostly of this kind."""
        if self._rng.random() < CLEAR:
            said = SAYS[kind]
            return said[int(self._rng.integers(len(said)))]
        first, second = self._rng.integers(1, 6, size=2).tolist()
        return first, second

    def rows(self, *, turned: bool = False, moving: bool = True) -> list[str]:
        """A file with a row a respondent: live chat turns basic at last, gift wrap pleases the coast."""
        head = ",".join(f"{name}+,{name}-" for name in KINDS)
        lines = [f"id,region,asked,{head}"]
        for number in range(SHEETS):
            wave, region = number % 4, ("Coast", "City", "Hills")[number % 3]
            kinds = dict(KINDS)
            if moving and wave == 3:
                kinds["live chat"] = "basic"
            if moving and region == "Coast":
                kinds["gift wrap"] = "excitement"
            answers = [answer for kind in kinds.values() for answer in self.pair(kind)]
            shown = [6 - answer for answer in answers] if turned else answers
            lines.append(f"r{number},{region},2025-{3 * wave + 1:02d}-05," + ",".join(map(str, shown)))
        return lines


@pytest.fixture
def questionnaire(tmp_path: Path) -> Path:
    path = tmp_path / "kano.csv"
    path.write_text("\n".join(Sample().rows()) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def steady(tmp_path: Path) -> Path:
    path = tmp_path / "steady.csv"
    path.write_text("\n".join(Sample().rows(moving=False)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def turned(tmp_path: Path) -> Path:
    path = tmp_path / "turned.csv"
    path.write_text("\n".join(Sample().rows(turned=True, moving=False)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def kinds() -> Mapping[str, str]:
    return KINDS

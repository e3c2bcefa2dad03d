"""Small files written for one test, and what a reading of them gave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

type_of_file = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> type_of_file:
    """Write a file of text (UTF-8 unless said) or bytes, and give its path."""

    def written(content: str | bytes, *, name: str = "voices.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written

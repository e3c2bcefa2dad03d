"""The sample business as files, written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from forvent.errors import CannotWrite
from forvent.simulate.business import SampleBusiness
from forvent.simulate.rows import EPISODE_COLUMNS, VOICE_COLUMNS, Row

VOICES, EPISODES, TRUTH = "voices.csv", "episodes.csv", "truth.json"


def write_sample(business: SampleBusiness, folder: Path | str) -> tuple[Path, Path]:
    """The sample business as ``voices.csv``, ``episodes.csv`` and ``truth.json`` in a folder.

    Each file is written beside its place and then moved there, so that none is ever half
    written. Files of these names are replaced.

    Parameters
    ----------
    business
        Result of ``sample_business``.
    folder
        Folder to write to; made if it is not there.

    Returns
    -------
    tuple of Path and Path
        Where the voices and where the episodes are. UTF-8 with a header, comma between cells.

    Raises
    ------
    CannotWrite
        If the folder cannot be made or written to.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from forvent.simulate import sample_business
    >>> with TemporaryDirectory() as folder:
    ...     voices, episodes = write_sample(sample_business(customers=20), folder)
    ...     print(voices.name, episodes.read_text(encoding="utf-8").partition(",")[0])
    voices.csv order_id
    """
    place = Path(folder)
    contents = {
        VOICES: _csv(VOICE_COLUMNS, business.voice_rows),
        EPISODES: _csv(EPISODE_COLUMNS, business.episode_rows),
        TRUTH: truth_json(business),
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _write(place / name, content)
    except OSError as error:
        raise CannotWrite(
            f"The sample business cannot be written to {place}: {error.strerror}.",
            hint="Choose a folder that you may write to.",
        ) from error
    return place / VOICES, place / EPISODES


def truth_json(business: SampleBusiness) -> str:
    """The truth and the labels of every voice, as JSON with a version.

    Parameters
    ----------
    business
        Result of ``sample_business``.

    Returns
    -------
    str
        An object with ``version``, ``truth`` (the fields of ``Truth``) and ``labels``: by id
        of the voice its language and its (expectation, polarity) pairs.

    Source
    ------
    Our own definition, docs/howto/sample-business.md.

    Examples
    --------
    >>> from forvent.simulate import sample_business
    >>> json.loads(truth_json(sample_business(customers=20)))["truth"]["promise_days"]["home delivery"]
    4
    """
    labels = {
        voice.id: {"language": voice.language, "labels": [list(label) for label in voice.labels]}
        for voice in business.voices
    }
    document = {"version": 1, "truth": _plain(asdict(business.truth)), "labels": labels}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return round(value, 6) if isinstance(value, float) else value


def _csv(columns: Row, rows: Iterable[Row]) -> str:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return held.getvalue()


def _write(path: Path, content: str) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_text(content, encoding="utf-8", newline="")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)

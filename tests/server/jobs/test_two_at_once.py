"""Files that come twice at once, and files that change while they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forvent_server.actions.imports import start_import, upload
from forvent_server.jobs import read as reading
from forvent_server.jobs.work import Work
from forvent_server.store.models import Customer, Import, Job, Person, Voice

pytestmark = pytest.mark.django_db(transaction=True)
Started = Callable[[str], Import]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [f"{number},Late again number {number}.,c{number % 7}" for number in range(60)]
    made = tmp_path / "voices.csv"
    made.write_text("\n".join(["id,comment,customer", *rows, ""]), encoding="utf-8")
    return made


@pytest.fixture
def started(
    owner: Person, now: datetime, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Started:
    """An import of the file, uploaded under a name of its own; it is read in steps of ten rows."""
    monkeypatch.setattr(reading, "ROWS", 10)

    def start(name: str) -> Import:
        kept = tmp_path / name
        kept.write_bytes(file.read_bytes())
        size = kept.stat().st_size
        made = upload(
            name="voices.csv", holds="voices", path=str(kept), size=size, sha256="0", who=owner, now=now
        )
        return start_import(made, mapping={}, options={}, who=owner, now=now)

    return start


def read(made: Import) -> Import:
    job = Job.objects.get(kind="read", key=f"import-{made.pk}", state="waiting")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="test", attempts=1)
    job.refresh_from_db()
    reading.read(Work(job, stopping=lambda: False))
    made.refresh_from_db()
    return made


def between(monkeypatch: pytest.MonkeyPatch, *, step: int, happens: Callable[[], object]) -> None:
    """Something happens before a step of reading."""
    take_in, steps = reading._take_in, list[int]()

    def taken_in(batch: list[Any], **given: Any) -> Any:
        steps.append(len(batch))
        if len(steps) == step:
            happens()
        return take_in(batch, **given)

    monkeypatch.setattr(reading, "_take_in", taken_in)


@pytest.mark.parametrize("step", [1, 3, 6])
def test_one_file_uploaded_twice_at_once_brings_each_voice_once(
    step: int, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = started("a"), started("b")
    between(monkeypatch, step=step, happens=lambda: read(second))
    read(first)
    second.refresh_from_db()
    assert [first.state, second.state] == ["done", "done"]
    assert Voice.objects.count() == 60
    assert Customer.objects.count() == 7
    # Each says truly what it brought, and what was there already.
    assert first.brought + second.brought == 60
    assert first.known + second.known == 60


def test_a_file_that_grows_while_it_is_read_is_told_and_nothing_of_it_is_half(
    started: Started, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = started("a")

    def grow() -> None:
        with (tmp_path / "a").open("a", encoding="utf-8") as kept:
            kept.write("60,Late again number 60.,c1\n61,Late ag")

    between(monkeypatch, step=2, happens=grow)
    read(made)
    assert made.state == "failed"
    assert made.trouble == (
        "The file is not as long as it was when it was uploaded; what came so far is kept. "
        "Upload it again, whole: nothing comes twice."
    )
    assert (made.brought, Voice.objects.count()) == (20, 20)
    # Uploaded again, whole, it brings what lacks.
    again = started("b")
    read(again)
    assert (again.state, again.brought, again.known) == ("done", 40, 20)


def test_a_file_that_was_cut_after_its_upload_is_not_begun(started: Started, tmp_path: Path) -> None:
    made = started("a")
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-100])
    read(made)
    assert (made.state, Voice.objects.count()) == ("failed", 0)

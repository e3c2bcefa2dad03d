"""Many rows changed by one statement: each to values of its own, and no other row."""

from __future__ import annotations

from datetime import datetime

import pytest

from forvent_server.store import many
from forvent_server.store.models import Source, Voice


@pytest.fixture
def said(db: None, now: datetime) -> list[Voice]:
    source = Source.objects.create(kind="file", name="files", made_at=now)
    return [
        Voice.objects.create(source=source, key=f"{source.pk}/{n}", content=n, text=f"{n}", came_at=now)
        for n in range(7)
    ]


def test_each_row_gets_its_own_values_and_no_other_is_touched(
    said: list[Voice], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More rows than one statement takes.
    monkeypatch.setattr(many, "AT_ONCE", 2)
    rows = [(voice.pk, "Մեկը՝ “a” 'b'", n / 10, n % 2 == 0) for n, voice in enumerate(said[:5])]
    rows[3] = (said[3].pk, "", None, False)
    columns = ("act", "confidence", "content_free")
    many.change_many(Voice, rows, columns=columns, alike={"identified_at": now, "identified_by": "test"})
    kept = [tuple(row) for row in Voice.objects.order_by("pk").values_list("pk", *columns)]
    assert kept[:5] == rows
    untouched = Voice.objects.order_by("pk").values_list("act", "confidence", "identified_at")[5:]
    assert list(untouched) == [("", None, None)] * 2
    assert set(Voice.objects.filter(act__gt="").values_list("identified_at", "identified_by")) == {
        (now, "test")
    }


def test_without_rows_nothing_happens(said: list[Voice], now: datetime) -> None:
    many.change_many(Voice, [], columns=("act",), alike={"identified_at": now})
    assert not Voice.objects.exclude(identified_at=None).exists()

"""What an assessment is made from: all that the command line gives, from what people chose on the pages."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from server_people import signed_in

from forvent import records
from forvent.records import Estimate
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.queue import enqueue
from forvent_server.actions.voices import keep_identified
from forvent_server.assessed import latest_findings
from forvent_server.jobs.assess import assess, fingerprint
from forvent_server.jobs.read import read
from forvent_server.jobs.work import Work
from forvent_server.store.models import (
    Assessment,
    Business,
    Import,
    Job,
    Mention,
    Person,
    Source,
    Touchpoint,
    Voice,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VOICES = "id,text,rating,date,customer,country\n" + "".join(
    f"v{n},It came {'late' if n % 3 else 'on time'}.,{1 + n % 5},2026-01-{1 + n % 28:02d},c{n},"
    f"{'NO' if n % 2 else 'CZ'}\n"
    for n in range(80)
)
EPISODES = "order,start,promised,delivered,region\n" + "".join(
    f"o{n},2026-01-{1 + n % 20:02d},2026-01-{4 + n % 20:02d},2026-01-{2 + n % 20 + n % 3:02d},"
    f"{'Coast' if n % 2 else 'Hills'}\n"
    for n in range(120)
)


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path) -> None:
    with override_settings(UPLOADS=tmp_path):
        yield


#: Every third one day late.
ORDERS = "order,start,promised,delivered,region\n" + "".join(
    f"o{n},2026-01-{1 + n % 20:02d},2026-01-{4 + n % 20:02d},2026-01-{3 + n % 20 + n % 3:02d},Coast\n"
    for n in range(120)
)
PAGES = (
    ("/", "Promises kept: 100%"),
    ("/", "Upload a file with what customers said"),
    ("/changes/", "What got better or worse over the months will stand here."),
    ("/journey/", "The seven stages"),
    ("/expectations/", "Every expectation your customers mention will stand here"),
    ("/personas/", "Groups of customers who expect different things will stand here."),
    ("/promises/", "from 30 episodes"),
    ("/plan/", "What to do first"),
    ("/market/", "Nobody has spoken of another company yet"),
    ("/voices/", "Nothing was said yet"),
)


def _order(number: int) -> records.Episode:
    start = datetime(2026, 1, 1) + timedelta(days=number)
    return records.Episode(
        episode=f"o{number}",
        start=start,
        row=number,
        promised=start + timedelta(days=3),
        delivered=start + timedelta(days=2),
    )


def brought(owner: Person, *, content: str, holds: str, apart: str) -> Import:
    """A file that was uploaded and read, with a column by which it is told apart."""
    client = signed_in(owner)
    file = SimpleUploadedFile(f"{holds}.csv", content.encode())
    address = client.post("/imports/upload/", {"file": file, "holds": holds}).headers["Location"]
    shown = client.get(address).content.decode()
    assert f'name="apart" value="{apart}"' in shown
    given = {
        f"column-{name}": column
        for name, column in (
            {"text": "text", "id": "id", "rating": "rating", "time": "date", "customer": "customer"}
            if holds == "voices"
            else {"episode": "order", "start": "start", "promised": "promised", "delivered": "delivered"}
        ).items()
    }
    client.post(address, given | {"apart": [apart, "no such column"]})
    read(working("read"))
    made = Import.objects.get(pk=int(address.strip("/").rpartition("/")[2]))
    assert made.state == "done", made.trouble
    return made


def working(kind: str) -> Work:
    job = Job.objects.filter(kind=kind, state="waiting").latest("pk")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="t")
    job.refresh_from_db()
    return Work(job, stopping=lambda: False)


def understand(now: datetime) -> None:
    """Every voice judges one thing; in one country it is mostly not met."""
    rows = list(Voice.objects.order_by("pk"))
    found = [
        records.IdentifiedVoice(
            voice_id=str(row.pk),
            language="en",
            polarity="unmet",
            confidence=0.9,
            content_free=False,
            mentions=(
                records.Mention(
                    voice_id=str(row.pk),
                    expectation="on_time",
                    polarity="unmet" if "late" in row.text else "met",
                    stated=False,
                    quote=row.text,
                    start=0,
                    end=len(row.text),
                    confidence=0.9,
                    language="en",
                    touchpoint="",
                    stage="receive",
                ),
            ),
        )
        for row in rows
    ]
    keep_identified(rows, identified=found, by="test", now=now)


def test_columns_that_were_chosen_tell_customers_and_promises_apart(owner: Person, now: datetime) -> None:
    made = brought(owner, content=VOICES, holds="voices", apart="country")
    assert made.options == {"segments": ["country"]}
    assert sorted(Voice.objects.values_list("segments__country", flat=True).distinct()) == ["CZ", "NO"]
    brought(owner, content=EPISODES, holds="episodes", apart="region")
    understand(now)
    assess(working("assess"))
    findings = latest_findings()
    assert findings is not None
    assert [one.column for one in findings.segments] == ["country"]
    assert {one.value for one in findings.segments[0].segments} == {"CZ", "NO"}
    assert [one.group for one in findings.kept if one.group] == [{"region": "Coast"}, {"region": "Hills"}]
    assert findings.plan is not None
    assert findings.plan.priorities[0].usual_type != ""
    shown = signed_in(owner).get("/personas/").content.decode()
    assert "country" in shown


def test_orders_alone_show_what_was_promised_and_kept(owner: Person) -> None:
    brought(owner, content=ORDERS, holds="episodes", apart="region")
    assess(working("assess"))
    findings = latest_findings()
    assert findings is not None
    assert findings.voices.used == 0
    assert findings.episodes is not None
    assert findings.episodes.used == 120
    assert isinstance(findings.kept[0].kept, Estimate)
    assert findings.kept[0].kept.value == pytest.approx(2 / 3)
    assert findings.frontier
    assert findings.promises
    assert findings.gaps == ()
    shown = signed_in(owner).get("/promises/").content.decode()
    assert "from 120 episodes" in shown
    assert "too short: the record supports 4 days at 95%" in shown


def test_every_page_says_what_is_missing_where_only_orders_came(owner: Person) -> None:
    take_in_episodes([_order(number) for number in range(30)], now=NOW)
    enqueue("assess", key="all", now=NOW)
    assess(working("assess"))
    client = signed_in(owner)
    for address, told in PAGES:
        answer = client.get(address)
        shown = html.unescape(answer.content.decode())
        assert (answer.status_code, told in shown, "from 0 voices" in shown) == (200, True, False), address


def test_without_voices_and_orders_nothing_is_assessed(owner: Person) -> None:
    enqueue("assess", key="all", now=NOW)
    assess(working("assess"))
    assert not Assessment.objects.exists()


def test_a_column_that_is_chosen_later_tells_known_voices_apart(owner: Person, now: datetime) -> None:
    plain = brought(owner, content=VOICES.replace("country", "land"), holds="voices", apart="land")
    Voice.objects.update(segments=None)
    Import.objects.filter(pk=plain.pk).update(options={})
    before = fingerprint()
    again = brought(owner, content=VOICES, holds="voices", apart="country")
    assert (again.brought, again.known) == (0, 80)
    assert Voice.objects.filter(segments__country="NO").count() == 40
    assert fingerprint() != before


def test_a_column_of_a_file_and_one_of_a_program_are_one_however_written(
    owner: Person, now: datetime
) -> None:
    brought(owner, content=VOICES, holds="voices", apart="country")
    Source.objects.create(name="api: shop", kind="rest", made_at=now, settings={"segments": ["Country"]})
    Voice.objects.filter(segments__country="NO").update(segments={"Country": "NO"})
    understand(now)
    enqueue("assess", key="all", now=NOW)
    assess(working("assess"))
    findings = latest_findings()
    assert findings is not None
    assert [(one.column, {of.value for of in one.segments}) for one in findings.segments] == [
        ("Country", {"CZ", "NO"})
    ]


def test_another_level_is_assessed_anew(owner: Person) -> None:
    before = fingerprint()
    Business.objects.update(level=0.9)
    assert fingerprint() != before


def test_a_touchpoint_counts_at_the_stage_that_was_chosen_for_it(owner: Person, now: datetime) -> None:
    brought(owner, content=VOICES, holds="voices", apart="country")
    understand(now)
    Mention.objects.filter(voice__segments__country="NO").update(touchpoint="Pickup counter")
    enqueue("assess", key="all", now=NOW)
    assess(working("assess"))
    assert judging() == {"receive": 80}
    client = signed_in(owner)
    client.post("/settings/touchpoints/", {"name": "Pickup counter", "stage": "get_help"})
    assess(working("assess"))
    assert judging() == {"receive": 40, "get_help": 40}
    assert "On time · Pickup counter" in client.get("/journey/").content.decode()
    client.post("/settings/touchpoints/", {"action": "drop", "touchpoint": Touchpoint.objects.get().pk})
    assess(working("assess"))
    assert judging() == {"receive": 80}


def judging() -> dict[str, int]:
    """Voices that judge something at each stage, by the last assessment."""
    findings = latest_findings()
    assert findings is not None
    assert findings.journey is not None
    return {stop.name: stop.voices for stop in findings.journey.stops if stop.voices}

"""The demo's workspace: filled whole or not at all, opened by a link that works once."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from server_people import signed_in

from forvent.cli import _parser
from forvent.loop import Options, run_loop
from forvent.report import findings_json
from forvent_server import demo
from forvent_server.actions.links import OPENS_FOR, make_link
from forvent_server.actions.people import let_go
from forvent_server.jobs.worker import Worker
from forvent_server.sample import GROUPS, fill_with_sample
from forvent_server.store.models import Assessment, Business, Event, Import, Mention, Person, Voice

VOICES = [
    ("Delivery took 5 days instead of the promised 2.", 1, "Ada Lovelace"),
    ("Delivered on the promised day. Thank you, mail me at ada@example.net.", 5, ""),
    ("The box was broken when it arrived.", 2, ""),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a demo leaves, of a business of eighteen voices."""
    out = tmp_path_factory.mktemp("demo")
    said = [f'R-{n},"{text}",{stars},O-{n}' for n, (text, stars, _) in enumerate(VOICES * 6)]
    (out / "voices.csv").write_text("\n".join(["id,comment,stars,order", *said]), encoding="utf-8")
    orders = [
        f"O-{n},2026-01-{n + 1:02d},2026-01-{n + 3:02d},2026-01-{n + 4:02d},north,fast" for n in range(18)
    ]
    head = "order_id,ordered,promised,delivered,region,shipping"
    (out / "episodes.csv").write_text("\n".join([head, *orders]), encoding="utf-8")
    findings = run_loop(
        out / "voices.csv",
        now=datetime(2026, 3, 1),
        episodes=out / "episodes.csv",
        options=Options(by=GROUPS, encoder="fast", tables_to=out),
        mentions_to=out / "mentions.parquet",
    )
    text = findings_json(replace(findings, title="Fern & Oak"))
    (out / "findings.json").write_text(text, encoding="utf-8")
    return out


@pytest.mark.django_db(transaction=True)
def test_what_the_report_understood_is_in_the_workspace_at_once(folder: Path, now: datetime) -> None:
    owner = fill_with_sample(folder, language="nb", now=now)
    assert (Business.objects.get().name, Business.objects.get().sample, owner.language) == (
        "Fern & Oak",
        True,
        "nb",
    )
    assert not Voice.objects.filter(identified_at=None).exists()
    mention = Mention.objects.filter(level__isnull=False).select_related("voice").first()
    assert mention is not None
    assert mention.voice.text[mention.start : mention.end] == mention.quote
    assert sorted(Import.objects.values_list("holds", "state", "brought")) == [
        ("episodes", "done", 18),
        ("voices", "done", 18),
    ]
    # The report's own numbers: the job that is due has nothing to compute.
    worker = Worker(name="test")
    while worker.work_once():
        pass
    made = Assessment.objects.get()
    assert (made.voices, made.episodes) == (18, 18)
    quoted = {quote["voice_id"] for said in made.findings["quotes"].values() for quote in said}
    assert quoted <= {str(pk) for pk in Voice.objects.values_list("pk", flat=True)}
    assert signed_in(owner).get("/").status_code == 200


@pytest.mark.django_db
def test_a_second_demo_finds_the_first(folder: Path, now: datetime) -> None:
    first = fill_with_sample(folder, language="en", now=now)
    assert fill_with_sample(folder, language="en", now=now) == first
    assert Voice.objects.count() == 18


@pytest.mark.django_db
def test_personal_data_of_the_sample_is_masked(folder: Path, now: datetime) -> None:
    fill_with_sample(folder, language="en", now=now)
    assert not Voice.objects.filter(text__contains="ada@example.net").exists()


@pytest.mark.django_db
def test_a_sample_that_cannot_be_read_leaves_nothing(folder: Path, now: datetime, tmp_path: Path) -> None:
    for name in ("voices.csv", "findings.json", "mentions.parquet", "voices.parquet"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with pytest.raises(Exception, match=r"episodes\.csv"):
        fill_with_sample(tmp_path, language="en", now=now)
    assert not Person.objects.exists()
    assert not Voice.objects.exists()


def test_a_link_signs_in_once(owner: Person, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forvent_server.web.links.now", lambda: now)
    address = f"/link/{make_link(owner, now=now)}/"
    # What looks ahead does not use it up.
    assert Client().head(address).status_code == 405
    browser = Client()
    assert browser.get(address).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    again = Client().get(address)
    assert again.status_code == 404
    assert "This link opens nothing" in again.content.decode()
    assert list(Event.objects.filter(what__contains="sign").values_list("what", flat=True)[:2]) == [
        "sign in",
        "make sign-in link",
    ]


@pytest.mark.parametrize("broken", ["late", "changed", "gone", "signed in since"])
def test_a_link_opens_nothing(
    broken: str, owner: Person, manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, later = make_link(manager, now=now), now
    if broken == "late":
        later = now + OPENS_FOR + timedelta(seconds=1)
    elif broken == "changed":
        token = token.replace(":", "x:", 1)
    elif broken == "gone":
        let_go(manager, who=owner, now=now)
    else:
        signed_in(manager)
    monkeypatch.setattr("forvent_server.web.links.now", lambda: later)
    assert Client().get(f"/link/{token}/").status_code == 404


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """What a demo does when it is asked with options, at a terminal or not; nothing is computed."""
    kept = dict(os.environ)

    def ask(*options: str, terminal: bool, **environment: str) -> list[str]:
        done: list[str] = []
        monkeypatch.delenv("CI", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
        monkeypatch.setattr(demo, "_open", lambda *_, **__: done.append("workspace"))
        demo._demo(lambda _: done.append("report"), _parser("demo").parse_args(["demo", *options]))
        return done

    yield ask
    assert dict(os.environ).keys() - {"CI"} == kept.keys() - {"CI"}


def test_a_demo_opens_the_workspace_only_where_somebody_sits(asked: Callable[..., list[str]]) -> None:
    assert asked(terminal=True) == ["report", "workspace"]
    assert asked(terminal=False) == ["report"]
    assert asked("--workspace", terminal=False) == ["report", "workspace"]
    assert asked("--no-workspace", terminal=True) == ["report"]
    assert asked(terminal=True, CI="true") == ["report"]


def test_the_parser_of_the_demo_alone_is_that_of_all_commands() -> None:
    alone, among_all = (parser.parse_args(["demo"]) for parser in (_parser("demo"), _parser()))
    assert vars(alone).keys() == vars(among_all).keys()
    assert alone.run.func is among_all.run.func is demo._demo


def test_the_demo_never_touches_a_workspace_in_real_use(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORVENT_DATA", "real")
    monkeypatch.setenv("FORVENT_DATABASE_URL", "postgresql://real/real")
    seen: dict[str, str] = {}

    def ready() -> None:
        seen.update(os.environ)
        raise demo.NotInstalled("stop here")

    monkeypatch.setattr(demo, "ready", ready)
    with pytest.raises(demo.NotInstalled):
        demo._open(tmp_path, seed=7, language="en")
    assert seen["FORVENT_DATA"] == str(tmp_path / "workspace-7")
    assert "FORVENT_DATABASE_URL" not in seen


def test_without_the_packages_of_the_workspace_the_demo_says_so(
    asked: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise demo.NotInstalled("The workspace is not installed.")

    options = argparse.Namespace(workspace=None, out="x", seed=7, language="en")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(demo, "_open", missing)
    demo._demo(lambda _: None, options)
    assert capsys.readouterr().err == "forvent: The workspace is not installed.\n"
    options.workspace = True
    with pytest.raises(demo.NotInstalled):
        demo._demo(lambda _: None, options)

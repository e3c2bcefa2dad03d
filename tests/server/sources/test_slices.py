"""Every kind of source keeps to the contract; those of plugins come through the same door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from forvent.errors import BadOption
from forvent_server.sources import slices as door
from forvent_server.sources.checked import check_source
from forvent_server.sources.contract import Ask, Brought, Field, Slice


def look(ask: Ask) -> Iterator[Brought]:
    yield Brought(())


GOOD = Slice("calls", fields=(Field("host", required=True),), look=look)
OTHER = replace(GOOD, name="feed")


@pytest.mark.parametrize("name", [one.name for one in door.BUILT_IN])
def test_every_kind_that_ships_keeps_to_the_contract(name: str) -> None:
    check_source(door.slices()[name])


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, name="Two Words"),
        replace(GOOD, look=None),
        replace(GOOD, read=lambda path: iter(())),
        replace(GOOD, look=lambda ask: iter(())),
        replace(GOOD, fields=(Field("a"), Field("a"))),
        replace(GOOD, fields=(Field("a", "colour"),)),
        replace(GOOD, fields=(Field("a", "secret"), Field("b", "secret"))),
        replace(GOOD, look=None, receive=lambda ask, message: Brought(())),
    ],
)
def test_what_breaks_it_is_told(bad: Slice) -> None:
    check_source(GOOD)
    with pytest.raises(AssertionError):
        check_source(bad)


def found(monkeypatch: pytest.MonkeyPatch, *doors: EntryPoint) -> dict[str, Slice]:
    monkeypatch.setattr(door, "entry_points", lambda group: EntryPoints(doors))
    try:
        door.slices.cache_clear()
        return dict(door.slices())
    finally:
        door.slices.cache_clear()


def test_a_plugin_comes_in_and_takes_no_place_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = EntryPoint("feed", f"{__name__}:OTHER", door.GROUP)
    theirs = EntryPoint("calls", f"{__name__}:GOOD", door.GROUP)
    monkeypatch.setattr(EntryPoint, "load", loaded(EntryPoint.load))
    kinds = found(monkeypatch, ours, theirs)
    assert kinds["calls"] is GOOD
    assert kinds["feed"] is not OTHER


def test_a_plugin_that_holds_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EntryPoint, "load", loaded(EntryPoint.load))
    with pytest.raises(BadOption, match="is no source of the name 'texts'"):
        found(monkeypatch, EntryPoint("texts", f"{__name__}:GOOD", door.GROUP))


def loaded(real: object) -> object:
    def load(self: EntryPoint) -> object:
        return globals()[self.attr] if self.module == __name__ else real(self)  # type: ignore[operator]

    return load

"""All kinds of sources there are: those that ship and those of plugins, through one door."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from forvent.errors import BadOption
from forvent_server.sources.contract import Slice

GROUP = "forvent.sources"
_HERE = "forvent_server.sources"
#: Those that ship, as entry points, so that they are there wherever the code is.
BUILT_IN = tuple(
    EntryPoint(name, f"{_HERE}.{module}:SLICE", GROUP)
    for name, module in (
        ("webhook", "webhook"),
        ("mailbox", "mailbox"),
        ("feed", "feed"),
        ("zammad", "exports.zammad"),
        ("osticket", "exports.osticket"),
        ("chatwoot", "exports.chatwoot"),
        ("freescout", "exports.freescout"),
    )
)


@cache
def slices() -> Mapping[str, Slice]:
    """Every kind by its name; a plugin does not take the place of one that ships.

    Raises
    ------
    BadOption
        If an entry point of a plugin holds no slice.
    """
    found: dict[str, Slice] = {}
    for door in (*BUILT_IN, *sorted(entry_points(group=GROUP), key=lambda one: one.name)):
        if door.name in found:
            continue
        loaded = door.load()
        if not isinstance(loaded, Slice) or loaded.name != door.name:
            raise BadOption(
                f"'{door.value}' is no source of the name '{door.name}'.",
                hint="Have the plugin mended, or uninstall it.",
            )
        found[door.name] = loaded
    return found


def slice_of(kind: str) -> Slice | None:
    """The slice of a kind; None where its plugin is not installed any more."""
    return slices().get(kind)

"""What every kind of source has to be; authors of plugins call it in their tests."""

from __future__ import annotations

import inspect
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from forvent.errors import BadOption, ForventError
from forvent_server.sources.contract import KINDS, Ask, Message, Refused, Slice

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def check_source(made: Slice) -> None:
    """Nothing where the source keeps to the contract.

    Looks at its fields and at what it does with nothing: messages without a signature are refused, files of
    something else are told, and no other error leaves it.

    Raises
    ------
    AssertionError
        With what is wrong, where it does not.
    """
    _say(made.name.isidentifier() and made.name.islower(), "its name is one word in small letters")
    ways = sum(one is not None for one in (made.look, made.receive, made.read))
    _say(ways == 1, "it looks, receives or reads: exactly one of the three")
    _fields(made)
    if made.look:
        _say(inspect.isgeneratorfunction(made.look), "look yields: what it brought is stored bit by bit")
    if made.receive:
        _refuses(made)
    if made.read:
        _tells(made)


def _fields(made: Slice) -> None:
    names = [one.name for one in made.fields]
    _say(len(names) == len(set(names)), "each field has its own name")
    for one in made.fields:
        _say(one.kind in KINDS, f"the kind of '{one.name}' is one of {', '.join(KINDS)}")
        _say(one.kind != "choice" or bool(one.choices), f"'{one.name}' has something to choose from")
        _say(
            one.kind != "choice" or one.required or one.default in one.choices, f"'{one.name}' has a default"
        )
    _say(sum(one.kind == "secret" for one in made.fields) <= 1, "it has one secret at most")
    if any(one.required and not one.default for one in made.fields if one.kind != "secret"):
        try:
            made.settings({})
        except BadOption:
            return
        raise AssertionError(f"{made.name}: it refuses settings in which a required field is empty")


def _refuses(made: Slice) -> None:
    ask = Ask({one.name: one.default for one in made.fields}, now=_NOW, secret="whsec_" + "A" * 44)
    try:
        if made.receive:
            made.receive(ask, Message({}, b"{}"))
    except Refused as refused:
        _say(400 <= refused.status < 500, "it refuses with a status of 4xx")
        return
    raise AssertionError(f"{made.name}: it refuses a message that is not signed")


def _tells(made: Slice) -> None:
    for content in (b"\x00\xff\x00", b"", b"[]", b"{}", b"[[[", b"a,b\n1,2\n", b"<html></html>", b"null"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(content)
            try:
                found = [voice for part in made.read(path) for voice in part.voices] if made.read else []
            except ForventError:
                continue
        _say(not found, f"it finds no voice in {content!r}")


def _say(fine: bool, what: str) -> None:
    if not fine:
        raise AssertionError(f"It does not hold that {what}.")

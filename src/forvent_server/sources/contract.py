"""What a source is given and what it hands back; a plugin needs this module and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from forvent.errors import BadOption, ForventError
from forvent.records import Voice

#: Kinds of fields; a secret is kept apart from the settings and never shown again.
KINDS = ("text", "number", "switch", "choice", "secret", "long")


class Trouble(ForventError):
    """A source could not be looked at, or not to its end; what came before stays.

    ``kind`` and ``fields`` let a page say it in the reader's language.
    """

    code = "source-trouble"

    def __init__(self, kind: str, message: str, *, hint: str = "", **fields: str | int) -> None:
        super().__init__(message, hint=hint)
        self.kind, self.fields = kind, fields


class Refused(ForventError):
    """A message is not taken in; ``status`` is the answer of HTTP, ``kind`` says why to a page."""

    code = "message-refused"

    def __init__(self, status: int, message: str, *, hint: str = "", kind: str = "message") -> None:
        super().__init__(message, hint=hint)
        self.status, self.kind = status, kind


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a person sets of a source; ``low`` and ``high`` bound a number."""

    name: str
    kind: str = "text"
    default: str | int | bool = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 1_000_000

    def read(self, given: str) -> str | int | bool:
        """What a form or a program gave, as the slice takes it.

        Raises
        ------
        BadOption
            If the value cannot be.
        """
        text = given.strip()
        if self.kind == "switch":
            return text.lower() in ("1", "on", "yes", "true")
        if not text:
            if self.required:
                raise BadOption(f"'{self.name}' is empty.", hint="Fill it in.")
            return self.default
        if self.kind == "number":
            return self._number(text)
        if self.kind == "choice" and text not in self.choices:
            raise BadOption(f"'{self.name}' cannot be '{text}'.", hint=f"It is {' or '.join(self.choices)}.")
        limit = 20_000 if self.kind == "long" else 500
        if len(text) > limit:
            raise BadOption(f"'{self.name}' is too long.", hint=f"Give at most {limit} characters.")
        # Line ends in what goes into a command or a header would begin another one.
        if self.kind != "long" and not text.isprintable():
            raise BadOption(f"'{self.name}' holds characters that nobody types.", hint="Type it anew.")
        return text

    def _number(self, text: str) -> int:
        fine = text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 12
        if not fine or not self.low <= int(text) <= self.high:
            raise BadOption(
                f"'{self.name}' is no number between {self.low} and {self.high}.",
                hint=f"It is '{text[:20]}'.",
            )
        return int(text)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a slice is given: what was set, its secret, where it stopped last time, and the moment it is.

    ``inside`` says whether addresses of one's own network may be reached.
    """

    settings: Mapping[str, Any]
    now: datetime
    secret: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """Voices, the place to go on from once they are stored, and how many pieces could not be used."""

    voices: tuple[Voice, ...]
    place: Mapping[str, Any] = field(default_factory=dict)
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was sent to us: its headers by names in small letters, its body as it came."""

    headers: Mapping[str, str]
    body: bytes


Look: TypeAlias = Callable[[Ask], Iterator[Brought]]
Receive: TypeAlias = Callable[[Ask, Message], Brought]
Read: TypeAlias = Callable[[Path], Iterator[Brought]]


@dataclass(frozen=True, slots=True)
class Slice:
    """A kind of source. It looks by itself, receives messages, or reads files: exactly one of the three.

    ``look`` yields again and again; what it yielded is stored, with its place, before it is asked for more.
    """

    name: str
    fields: tuple[Field, ...] = ()
    look: Look | None = None
    receive: Receive | None = None
    read: Read | None = None
    #: Looks at settings as a whole, where one bears on another.
    check: Callable[[Mapping[str, Any]], None] | None = None

    @property
    def way(self) -> str:
        """How voices come: look, receive or read."""
        return "look" if self.look else "receive" if self.receive else "read"

    def settings(self, given: Mapping[str, str]) -> dict[str, Any]:
        """All settings but the secret, from what a form or a program gave.

        Raises
        ------
        BadOption
            If a value cannot be.
        """
        own = {one.name: one.read(given.get(one.name, "")) for one in self.fields if one.kind != "secret"}
        if self.check:
            self.check(own)
        return own

    @property
    def secret_field(self) -> Field | None:
        """The field that holds the secret, where a person gives it."""
        return next((one for one in self.fields if one.kind == "secret"), None)

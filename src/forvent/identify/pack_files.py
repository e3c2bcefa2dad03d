"""A trade pack on the disk: ``pack.toml`` and ``examples/<language>.tsv``, read with every fault told."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from forvent.errors import UnreadableFile
from forvent.identify.catalogue import Example, catalogue
from forvent.records import Expectation
from forvent.tables import KINDS, STAGES

TYPES = ("explicit", "implicit", "interpersonal", "digital", "dynamic")
TAUGHT = ("met", "unmet", "wished")
HEADER = ("expectation", "polarity", "text")
#: Characters of an example; the encoder reads no more of any text.
LONGEST = 2000
#: Faults that one message lists.
LISTED = 20

_ID = re.compile(r"[a-z][a-z0-9_]{1,47}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PACK_KEYS = frozenset({"id", "version", "name"})
_KEYS = frozenset({"parent", "expects", "stage", "usual_type", "usual_kind", "name", "expects_in"})
_CHOICES = {"stage": STAGES, "usual_type": TYPES, "usual_kind": KINDS}


@dataclass(frozen=True, slots=True)
class Pack:
    """Expectations of one trade, their names by language and id, and the examples they are learned from.

    ``title`` is the pack's own name by language; every pack has an English one.
    """

    id: str
    version: str
    title: Mapping[str, str]
    expectations: Mapping[str, Expectation]
    names: Mapping[str, Mapping[str, Mapping[str, str]]]
    examples: tuple[Example, ...]
    folder: str = ""


@dataclass
class _Faults:
    """What is wrong with a pack: file, row, column and value of each."""

    found: list[str] = field(default_factory=list)

    def add(self, file: str, where: str, column: str, value: object, why: str) -> None:
        shown = (
            repr(value) if not isinstance(value, str) else f"'{value[:60]}{'…' if len(value) > 60 else ''}'"
        )
        self.found.append(f"{file}, {where}, {column}: {shown} {why}")


def shipped_packs() -> tuple[str, ...]:
    """Names of the packs that forvent ships, in alphabetical order.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.

    Examples
    --------
    >>> shipped_packs()
    ('it_service', 'restaurant', 'retail')
    """
    home = _shipped()
    return (
        tuple(sorted(f.name for f in home.iterdir() if f.joinpath("pack.toml").is_file()))
        if home.is_dir()
        else ()
    )


def load_pack(name_or_path: str | Path) -> Pack:
    """A trade pack, checked line by line.

    Parameters
    ----------
    name_or_path
        One of :func:`shipped_packs`, or a folder with ``pack.toml`` and ``examples/<language>.tsv``.
        Write ``./retail`` for a folder that is called like a shipped one.

    Returns
    -------
    Pack
        Examples sorted by language, expectation, polarity and text, in NFC: the order of lines and files
        changes nothing. An expectation without examples is allowed; it is never found.

    Raises
    ------
    UnreadableFile
        If there is no such pack, or anything in it is wrong: every fault with file, row, column and value.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.

    Examples
    --------
    >>> load_pack("restaurant").names["en"]["hot_food"]["name"]
    'Right temperature'
    """
    folder = _folder_of(name_or_path)
    faults = _Faults()
    document = _document(folder)
    pack = _understood(document, folder, faults)
    if faults.found:
        many = len(faults.found)
        listed = "\n  ".join(
            faults.found[:LISTED] + ([f"… and {many - LISTED} more"] if many > LISTED else [])
        )
        raise UnreadableFile(
            f"The pack '{name_or_path}' has {many} {'fault' if many == 1 else 'faults'}:\n  {listed}\n",
            hint="docs/howto/write-a-pack.md gives the format.",
        )
    return pack


def plain_text(text: str) -> str:
    """A text in NFC, as UTF-8 can write it, without space around it and with single spaces in it.

    Source
    ------
    Unicode Standard Annex 15, normalisation form C.

    Examples
    --------
    >>> plain_text("  cold\\u00a0 soup ")
    'cold soup'
    """
    return " ".join(unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode().split())


def sorted_examples(examples: Iterable[Example]) -> tuple[Example, ...]:
    """Examples by language, expectation, polarity and text.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.
    """
    return tuple(sorted(examples, key=lambda e: (e.language, e.expectation, e.polarity, e.text)))


def _shipped() -> Traversable:
    return resources.files("forvent.identify").joinpath("packs")


def _folder_of(name_or_path: str | Path) -> Traversable:
    if str(name_or_path) in shipped_packs():
        return _shipped().joinpath(str(name_or_path))
    folder = Path(name_or_path)
    if not folder.joinpath("pack.toml").is_file():
        have = ", ".join(shipped_packs())
        raise UnreadableFile(
            f"There is no pack '{name_or_path}': neither a shipped one nor a folder with a pack.toml.",
            hint=f"Shipped: {have}." if have else "Give the folder in which the pack.toml lies.",
        )
    return folder


def _text(file: Traversable, name: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name} is not UTF-8: byte {error.start} cannot be read.", hint="Save it as UTF-8."
        ) from error
    except OSError as error:
        raise UnreadableFile(f"{name} cannot be read: {error.strerror or error}.") from error


def _document(folder: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(folder.joinpath("pack.toml"), "pack.toml"))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(f"pack.toml is no TOML: {error}.", hint="Mend the place it names.") from error


def _understood(document: dict[str, Any], folder: Traversable, faults: _Faults) -> Pack:
    about, entries = _table(document, "pack", faults), _table(document, "expectations", faults)
    for key in sorted(document.keys() - {"pack", "expectations"}):
        faults.add("pack.toml", "top", key, document[key], "is no part of a pack")
    identifier = _identifier(about.get("id"), "[pack]", "id", faults)
    if identifier == "general":
        faults.add("pack.toml", "[pack]", "id", identifier, "is the name of the general catalogue")
    for key in sorted(about.keys() - _PACK_KEYS):
        faults.add("pack.toml", "[pack]", key, about[key], "is no key of it (id, version, name)")
    version = _words(about.get("version"), "[pack]", "version", faults)
    title = _by_language(about.get("name"), "[pack]", "name", faults)
    expectations: dict[str, Expectation] = {}
    names: dict[str, dict[str, dict[str, str]]] = {}
    for name, entry in entries.items():
        where = f"[expectations.{name}]"
        _identifier(name, where, "id", faults)
        if not isinstance(entry, dict):
            faults.add("pack.toml", where, "id", entry, "is no table")
            continue
        expectations[name] = _expectation(name, entry, pack=identifier, faults=faults)
        for language, fields in _names(entry, where, expectations[name].expects, faults).items():
            names.setdefault(language, {})[name] = fields
    examples = sorted_examples(_examples(folder.joinpath("examples"), expectations, faults))
    return Pack(identifier, version, title, expectations, names, examples, str(folder))


def _table(document: dict[str, Any], key: str, faults: _Faults) -> dict[str, Any]:
    value = document.get(key)
    if isinstance(value, dict) and value:
        return value
    faults.add("pack.toml", "top", key, value, f"must be a table [{key}] with something in it")
    return {}


def _expectation(name: str, entry: dict[str, Any], *, pack: str, faults: _Faults) -> Expectation:
    where = f"[expectations.{name}]"
    for key in sorted(entry.keys() - _KEYS):
        faults.add("pack.toml", where, key, entry[key], f"is no key of it ({', '.join(sorted(_KEYS))})")
    parent = entry.get("parent")
    if parent is not None and parent not in catalogue():
        faults.add("pack.toml", where, "parent", parent, "is no id of the general catalogue")
    general = catalogue().get(str(parent))
    chosen = {}
    for key, choices in _CHOICES.items():
        # What a pack leaves out is as with the parent.
        chosen[key] = str(entry.get(key, getattr(general, key, None)))
        if chosen[key] not in choices:
            faults.add("pack.toml", where, key, entry.get(key), f"must be one of {', '.join(choices)}")
    expects = _words(entry.get("expects"), where, "expects", faults)
    return Expectation(id=name, expects=expects, parent=str(parent) if general else None, pack=pack, **chosen)


def _names(entry: dict[str, Any], where: str, expects: str, faults: _Faults) -> dict[str, dict[str, str]]:
    said = _by_language(entry.get("name"), where, "name", faults)
    explained = _by_language(entry.get("expects_in", {}), where, "expects_in", faults, english=False)
    for language in sorted(explained.keys() - said.keys()):
        faults.add("pack.toml", where, f"expects_in.{language}", explained[language], "has no name beside it")
    return {
        language: {"name": name, "expects": explained.get(language, expects)}
        for language, name in said.items()
    }


def _by_language(
    value: object, where: str, column: str, faults: _Faults, *, english: bool = True
) -> dict[str, str]:
    if not isinstance(value, dict) or (english and "en" not in value):
        faults.add("pack.toml", where, column, value, f"must give one text a language: {column}.en = …")
        return {}
    found = {}
    for language, text in value.items():
        if not _LANGUAGE.fullmatch(language):
            faults.add(
                "pack.toml", where, f"{column}.{language}", language, "is no ISO 639 code in lower case"
            )
        found[language] = _words(text, where, f"{column}.{language}", faults)
    return found


def _identifier(value: object, where: str, column: str, faults: _Faults) -> str:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    faults.add("pack.toml", where, column, value, "is no id: 2 to 48 of a–z, 0–9 and _, a letter first")
    return str(value)


def _words(value: object, where: str, column: str, faults: _Faults) -> str:
    if isinstance(value, str) and value.strip():
        return plain_text(value)
    faults.add("pack.toml", where, column, value, "must be a text in quotation marks")
    return ""


def _examples(
    folder: Traversable, expectations: Mapping[str, Expectation], faults: _Faults
) -> Iterator[Example]:
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        language, _dot, ending = file.name.rpartition(".")
        if ending != "tsv":
            continue
        if not _LANGUAGE.fullmatch(language):
            faults.add(
                f"examples/{file.name}", "the name", "language", language, "is no ISO 639 code in lower case"
            )
            continue
        yield from _lines(_text(file, f"examples/{file.name}"), language, expectations, faults)


def _lines(
    text: str, language: str, expectations: Mapping[str, Expectation], faults: _Faults
) -> Iterator[Example]:
    file, seen = f"examples/{language}.tsv", dict[tuple[str, str], int]()
    # Not splitlines: a text may hold any of the signs that it takes for the end of a line.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if tuple(lines[0].split("\t")) != HEADER:
        faults.add(file, "row 1", "header", lines[0], f"must be {', '.join(HEADER)}, with tabs between")
        return
    for row, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) != len(HEADER):
            faults.add(
                file, f"row {row}", "fields", len(fields), "fields; there must be 3, with tabs between"
            )
            continue
        example = Example(fields[0].strip(), fields[1].strip(), plain_text(fields[2]), language)
        before = seen.setdefault((example.expectation, example.text.casefold()), row)
        if not _faulty(example, expectations, before, row, faults):
            yield example


def _faulty(
    example: Example, expectations: Mapping[str, Expectation], before: int, row: int, faults: _Faults
) -> bool:
    file, where, known = f"examples/{example.language}.tsv", f"row {row}", len(faults.found)
    if example.expectation not in expectations:
        faults.add(file, where, "expectation", example.expectation, "is no expectation of this pack")
    if example.polarity not in TAUGHT:
        faults.add(file, where, "polarity", example.polarity, f"must be one of {', '.join(TAUGHT)}")
    if not example.text:
        faults.add(file, where, "text", example.text, "is empty")
    elif len(example.text) > LONGEST:
        faults.add(
            file, where, "text", example.text, f"has {len(example.text)} characters, {LONGEST} at most"
        )
    if before != row:
        faults.add(file, where, "text", example.text, f"stands in row {before} already")
    return len(faults.found) > known

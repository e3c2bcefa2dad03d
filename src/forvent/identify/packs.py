"""Trade packs: the general catalogue with the expectations of a trade, or of one business, laid beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from forvent.errors import BadOption, CannotWrite
from forvent.identify.catalogue import Example, catalogue
from forvent.identify.catalogue import names as general_names
from forvent.identify.pack_files import (
    HEADER,
    Pack,
    load_pack,
    plain_text,
    shipped_packs,
    sorted_examples,
)
from forvent.records import Expectation

__all__ = ["Pack", "add_expectation", "catalogue_with", "load_pack", "names_with", "shipped_packs"]


def catalogue_with(packs: Iterable[Pack]) -> Mapping[str, Expectation]:
    """All expectations by id: the general catalogue first, then the packs in their order.

    Parameters
    ----------
    packs
        Packs from :func:`load_pack`; none is allowed.

    Returns
    -------
    Mapping of str to Expectation
        ``pack`` of each says where it comes from, ``parent`` which general id it makes more exact.

    Raises
    ------
    BadOption
        If two of them have the same id, or a parent is no id of the general catalogue.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.

    Examples
    --------
    >>> len(catalogue_with([]))
    32
    """
    together = dict(catalogue())
    for pack in packs:
        for identifier, record in pack.expectations.items():
            if identifier in together:
                raise BadOption(
                    f"The expectation '{identifier}' of the pack '{pack.id}' is in "
                    f"'{together[identifier].pack}' already.",
                    hint="Give it another id, or leave one of the packs out.",
                )
            if record.parent is not None and record.parent not in catalogue():
                raise BadOption(
                    f"The parent '{record.parent}' of '{identifier}' is no id of the general catalogue.",
                    hint=f"It has: {', '.join(catalogue())}.",
                )
            together[identifier] = record
    return together


def names_with(packs: Iterable[Pack], language: str) -> Mapping[str, Any]:
    """Names in one language, of the general catalogue and of packs, in English where a pack has no other.

    Parameters
    ----------
    packs
        Packs from :func:`load_pack`.
    language
        ISO 639-1 code.

    Returns
    -------
    Mapping
        As :func:`forvent.identify.names` gives it, with a table ``name`` and ``expects`` for each id of
        the packs.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.

    Examples
    --------
    >>> names_with([], "en")["on_time"]["name"]
    'On time'
    """
    together = dict(general_names(language))
    for pack in packs:
        together |= {**pack.names.get("en", {}), **pack.names.get(language, {})}
    return together


def add_expectation(
    pack_folder: str | Path,
    expectation: Expectation,
    *,
    names: Mapping[str, str],
    examples: Sequence[Example],
    expects_in: Mapping[str, str] | None = None,
) -> Pack:
    """The pack in a folder with one expectation more, or more examples of one it has; all of it or nothing.

    The folder is made if it is not there; its last part then names the pack. What stands in ``pack.toml``
    stays as it is, comments too.

    Parameters
    ----------
    pack_folder
        The user's own pack.
    expectation
        Its id, words, stage, types and parent; ``pack`` is set to the folder's pack. One that the pack has
        already keeps its record and gets the examples.
    names
        Its name by language; English must be among them.
    examples
        Sentences that speak of it, by language; their ``expectation`` is set to the id. Those the pack has
        are skipped.
    expects_in
        What the customer expects, in words of other languages.

    Returns
    -------
    Pack
        The pack as it now stands on the disk.

    Raises
    ------
    UnreadableFile
        If the pack would have faults with it, or has them already.
    BadOption
        If the id is one of the general catalogue, or the pack has it under another parent.
    CannotWrite
        If a file cannot be written.

    Source
    ------
    Our own definition, ``docs/howto/write-a-pack.md``.
    """
    folder = Path(pack_folder)
    if expectation.id in catalogue():
        raise BadOption(
            f"'{expectation.id}' is an id of the general catalogue.", hint="Give it an id of its own."
        )
    files = _grown(folder, expectation, names=names, expects_in=expects_in or {}, examples=examples)
    with TemporaryDirectory(prefix="forvent-pack-") as trial:
        # Read as it would be, before anything of the user's is touched.
        _write_files(Path(trial) / folder.name, _all_files(folder) | files)
        load_pack(Path(trial) / folder.name)
    _replace_files(folder, files)
    return load_pack(folder.resolve())


def _grown(
    folder: Path,
    expectation: Expectation,
    *,
    names: Mapping[str, str],
    expects_in: Mapping[str, str],
    examples: Sequence[Example],
) -> dict[str, bytes]:
    """The files that change, by their path in the folder, with what they will hold."""
    exists = folder.joinpath("pack.toml").is_file()
    pack = load_pack(folder.resolve()) if exists else None
    about = folder.joinpath("pack.toml").read_text(encoding="utf-8-sig") if exists else _new_pack(folder)
    known = pack.expectations.get(expectation.id) if pack else None
    if known is not None and known.parent != expectation.parent:
        raise BadOption(
            f"The pack has '{expectation.id}' already, with the parent '{known.parent or '-'}' and not "
            f"'{expectation.parent or '-'}'.",
            hint="Give it another id, or the same parent.",
        )
    files = {}
    if known is None:
        entry = _entry(expectation, names=names, expects_in=expects_in)
        files["pack.toml"] = (about.rstrip("\n") + "\n\n" + entry).encode("utf-8")
    here = pack.examples if pack else ()
    have = {(e.expectation, e.language, e.text.casefold()) for e in here}
    mine = [replace(e, expectation=expectation.id, text=plain_text(e.text)) for e in examples]
    new: dict[tuple[str, str, str], Example] = {}
    for example in sorted_examples(mine):
        key = (example.expectation, example.language, example.text.casefold())
        if key not in have:
            new.setdefault(key, example)
    for language in sorted({example.language for example in new.values()}):
        added = [example for example in new.values() if example.language == language]
        files[f"examples/{language}.tsv"] = _with_lines(folder / f"examples/{language}.tsv", added)
    return files


def _new_pack(folder: Path) -> str:
    letters = "".join(
        sign if sign.isascii() and sign.isalnum() else "_" for sign in folder.resolve().name.lower()
    )
    identifier = letters if letters[:1].isalpha() and len(letters) > 1 else f"pack_{letters}"
    title = _quoted(folder.resolve().name)
    return f'[pack]\nid = {_quoted(identifier[:48])}\nversion = "1"\nname.en = {title}\n'


def _entry(expectation: Expectation, *, names: Mapping[str, str], expects_in: Mapping[str, str]) -> str:
    lines = [f"[expectations.{expectation.id}]"]
    if expectation.parent is not None:
        lines.append(f"parent = {_quoted(expectation.parent)}")
    lines += [
        f"{key} = {_quoted(getattr(expectation, key))}"
        for key in ("expects", "stage", "usual_type", "usual_kind")
    ]
    for key, texts in (("name", names), ("expects_in", expects_in)):
        lines += [f"{key}.{language} = {_quoted(text)}" for language, text in sorted(texts.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML; its escapes are those of JSON, and DEL beside."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _with_lines(file: Path, examples: Sequence[Example]) -> bytes:
    before = file.read_text(encoding="utf-8-sig") if file.is_file() else "\t".join(HEADER) + "\n"
    lines = [f"{example.expectation}\t{example.polarity}\t{example.text}\n" for example in examples]
    return (before.removesuffix("\n") + "\n" + "".join(lines)).encode("utf-8")


def _all_files(folder: Path) -> dict[str, bytes]:
    files = [folder / "pack.toml", *folder.glob("examples/*.tsv")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files if file.is_file()}


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put all files in their places; after an error none has changed."""
    before = {name: (folder / name).read_bytes() if (folder / name).is_file() else None for name in files}
    unfinished = {name: (folder / name).with_name(f".unfinished-{Path(name).name}") for name in files}
    made = [place for place in (folder / "examples", folder, *folder.parents) if not place.exists()]
    try:
        for name, place in unfinished.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(files[name])
        # The ids first: examples of an id that is not there would be a fault, an id without examples is none.
        for name in sorted(files, key=lambda name: name != "pack.toml"):
            os.replace(unfinished[name], folder / name)
    except BaseException as error:
        with suppress(OSError):
            _as_before(folder, before)
        if isinstance(error, OSError):
            raise CannotWrite(
                f"Could not write to '{folder}': {error.strerror or error}.",
                hint="Choose another folder with --pack, or free some space.",
            ) from error
        raise
    finally:
        for place in unfinished.values():
            with suppress(OSError):
                place.unlink()
        for place in made:
            with suppress(OSError):
                place.rmdir()


def _as_before(folder: Path, before: Mapping[str, bytes | None]) -> None:
    for name, content in before.items():
        if content is not None:
            (folder / name).write_bytes(content)
        else:
            (folder / name).unlink(missing_ok=True)

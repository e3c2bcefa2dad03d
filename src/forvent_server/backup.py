"""Backups: everything the workspace holds in one file, made while people work.

A backup is a zip archive: ``backup.json`` says what is in it and how many rows each table has,
``rows/<table>.jsonl`` holds them, ``uploads/…`` the files that were sent, and ``secret-key`` the key. Tables
are written the same from SQLite and from PostgreSQL: a backup of the one can be put back into the other.
Sessions are left out: people sign in anew.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from forvent import __version__
from forvent.errors import BadOption, CannotWrite

SCHEMA = "forvent/backup/1"
ABOUT, KEY, ROWS, UPLOADS = "backup.json", "secret-key", "rows/", "uploads/"
#: Names that the workspace gives to uploads; nothing else of an archive becomes a file.
UPLOAD_NAME = re.compile(r"[0-9a-f]{32}")
NOT_KEPT = frozenset({"store_signin"})
CHUNK = 1 << 20
FETCHED = 2000


class NoBackup(BadOption):
    """The file is no backup, is damaged, or is of a newer version."""

    code = "no-backup"


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself: when and of which version, its last migration, rows by table."""

    made_at: str
    version: str
    migration: str
    rows: dict[str, int]
    uploads: int
    key: bool

    @property
    def voices(self) -> int:
        """How many voices are in it."""
        return self.rows.get("store_voice", 0)


def make_backup(file: Path, *, now: datetime, uploads: bool = True, key: bool = True) -> About:
    """Write a backup and read it back; people go on working meanwhile.

    Raises
    ------
    BadOption
        If the file is there already.
    CannotWrite
        If it cannot be written; nothing is left of it then.
    """
    if file.exists():
        raise BadOption(f"'{file}' is there already.", hint="Name a new file: a backup replaces no other.")
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        # Hashes of passwords, sealed secrets and the key to them are in it: nobody else may read it.
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                about = _write(archive, now=now, uploads=uploads, key=key)
            raw.flush()
            os.fsync(raw.fileno())
        with opened(unfinished) as (archive, told):
            verify(archive, told)
        os.replace(unfinished, file)
    except OSError as error:
        raise CannotWrite(
            f"Could not write '{file}': {error.strerror or error}.",
            hint="Free some space, or name another place.",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return about


def _write(archive: zipfile.ZipFile, *, now: datetime, uploads: bool, key: bool) -> About:
    with one_moment():
        rows = {model._meta.db_table: _write_rows(archive, model) for model in kept_models()}
        migration = last_migration()
    # Uploads after the rows: one that came in between is there and not named, never named and not there.
    sent = _write_uploads(archive) if uploads else 0
    secret = settings.DATA / KEY
    with_key = key and not settings.FORVENT["FORVENT_SECRET_KEY"] and secret.exists()
    if with_key:
        archive.write(secret, KEY)
    about = About(now.isoformat(), __version__, migration, rows, sent, with_key)
    told = {"schema": SCHEMA} | {name: getattr(about, name) for name in About.__dataclass_fields__}
    archive.writestr(ABOUT, json.dumps(told, indent=1))
    return about


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads of the block see the store as it was at one moment, and keep nobody from writing."""
    if connection.vendor == "sqlite":
        # SQLite's own attribute, which the stubs of all databases do not know.
        wrapper: Any = connection
        before, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            wrapper.transaction_mode = before
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def kept_models() -> list[type[models.Model]]:
    """The models whose rows are kept."""
    found = apps.get_app_config("store").get_models(include_auto_created=True)
    return [model for model in found if model._meta.db_table not in NOT_KEPT]


def last_migration() -> str:
    """The name of the last migration of the store that the database has."""
    applied = MigrationRecorder(connection).applied_migrations()
    return max((name for app, name in applied if app == "store"), default="")


def _write_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> int:
    fields, count = model._meta.concrete_fields, 0
    with archive.open(f"{ROWS}{model._meta.db_table}.jsonl", "w", force_zip64=True) as member:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=FETCHED):
            line = {field.attname: _value(field, row) for field in fields}
            member.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
            count += 1
    return count


def _value(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = field.value_from_object(row)
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return field.value_to_string(row)


def _write_uploads(archive: zipfile.ZipFile) -> int:
    if not settings.UPLOADS.is_dir():
        return 0
    sent = sorted(path for path in settings.UPLOADS.iterdir() if UPLOAD_NAME.fullmatch(path.name))
    for path in sent:
        archive.write(path, UPLOADS + path.name)
    return len(sent)


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, About]]:
    """A backup, opened, with what it says of itself.

    Raises
    ------
    NoBackup
        If it is none, is damaged, or is of a newer version.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _about(archive, file)
    except FileNotFoundError as error:
        raise NoBackup(f"There is no file '{file}'.", hint="Check the path.") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError) as error:
        raise NoBackup(
            f"'{file}' is no backup, or is damaged: {error}.", hint="Use one that forvent backup made, whole."
        ) from error


def _about(archive: zipfile.ZipFile, file: Path) -> About:
    try:
        told = json.loads(archive.read(ABOUT))
        schema = told.pop("schema")
        if schema != SCHEMA:
            raise NoBackup(f"'{file}' is of another version ({schema}).", hint="Use a newer forvent.")
        return About(**told)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise NoBackup(
            f"'{file}' is no backup of forvent.", hint="Use one that forvent backup made."
        ) from error


def verify(archive: zipfile.ZipFile, about: About) -> None:
    """Read all of a backup: each part is whole, and each table has as many rows as it says.

    Raises
    ------
    NoBackup
        If a part is damaged or missing, or rows are.
    """
    damaged = archive.testzip()
    if damaged is not None:
        raise NoBackup(f"The part {damaged} of the backup is damaged.", hint="Use another backup.")
    sent = sum(name.startswith(UPLOADS) for name in archive.namelist())
    if sent != about.uploads:
        raise NoBackup(f"The backup has {sent} of {about.uploads} uploads.", hint="Use another backup.")
    for table, rows in about.rows.items():
        name = f"{ROWS}{table}.jsonl"
        found = _lines(archive, name) if name in archive.namelist() else 0
        if found != rows:
            raise NoBackup(f"{found} of {rows} rows of {table} are in it.", hint="Use another backup.")


def _lines(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as member:
        return sum(part.count(b"\n") for part in iter(lambda: member.read(CHUNK), b""))


def rows_of(archive: zipfile.ZipFile, model: type[models.Model]) -> Iterator[models.Model]:
    """The rows of a model in a backup that was made at the same migration."""
    name = f"{ROWS}{model._meta.db_table}.jsonl"
    if name not in archive.namelist():
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    with archive.open(name) as member:
        for line in member:
            yield model(**{key: _parsed(fields[key], value) for key, value in json.loads(line).items()})


def _parsed(field: models.Field[Any, Any], value: Any) -> Any:
    is_moment = isinstance(field, (models.DateField, models.TimeField, models.DecimalField))
    return field.to_python(value) if is_moment and value is not None else value

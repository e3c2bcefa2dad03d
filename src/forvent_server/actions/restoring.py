"""Put a backup back: all of it in one transaction, or nothing."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.migrations.loader import MigrationLoader

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.actions.sealed import hold, keys_of_now, write_keys
from forvent_server.backup import (
    KEY,
    UPLOAD_NAME,
    UPLOADS,
    About,
    NoBackup,
    kept_models,
    opened,
    rows_of,
    verify,
)
from forvent_server.bridge import batched
from forvent_server.configuration import SecretKeys, database, keys_in
from forvent_server.store.models import Import, Person, SignIn

Rows = Callable[[type[models.Model]], Iterable[models.Model]]
#: Rows written at once, and the name of the database in which an older backup is brought up to date.
WRITTEN, SCRATCH = 500, "scratch"


def restore(file: Path, *, now: datetime, replace: bool = False) -> About:
    """What a backup holds becomes what the workspace holds; who is signed in has to sign in anew.

    Raises
    ------
    NoBackup
        If the file is none, is damaged, or is of a newer version; nothing is changed then.
    BadOption
        If the workspace is in use, and replacing was not asked for.
    """
    with opened(file) as (archive, about):
        verify(archive, about)
        known = [name for app, name in MigrationLoader(None).disk_migrations if app == "store"]
        if about.migration not in known:
            raise NoBackup(
                f"'{file}' was made by a newer version ({about.version}).",
                hint="Update forvent, then restore it.",
            )
        if Person.objects.exists() and not replace:
            raise BadOption(
                "The workspace is in use: what it holds would be lost.",
                hint="Make a backup of it, then restore with --replace.",
            )
        _take_out(archive)
        with _its_keys(archive):
            if about.migration == max(known):
                _put_in(lambda model: rows_of(archive, model), about=about, now=now)
            else:
                with _up_to_date(archive, about) as rows:
                    _put_in(rows, about=about, now=now)
    return about


@contextmanager
def _its_keys(archive: zipfile.ZipFile) -> Iterator[None]:
    """While it is put back, the keys of now and of the backup open both; then those that belong to it."""
    if KEY not in archive.namelist() or settings.FORVENT["FORVENT_SECRET_KEY"]:
        yield
        return
    file, own = settings.DATA / KEY, keys_of_now()
    theirs = keys_in(archive.read(KEY).decode("ascii"), where="the backup")
    write_keys(SecretKeys(own.now, (*own.before, theirs.now, *theirs.before), own.erased), to=file)
    try:
        yield
    except BaseException:
        write_keys(own, to=file)
        raise
    _copy(archive, KEY, file)
    hold(theirs)


@transaction.atomic
def _put_in(rows: Rows, *, about: About, now: datetime) -> None:
    kept: Any = kept_models()
    for model in [Session, SignIn, *kept]:
        # As they are, without looking for what hangs on them: that goes as well.
        model._base_manager.all()._raw_delete(connection.alias)
    for model in kept:
        for batch in batched(rows(model), size=WRITTEN):
            model._base_manager.using(connection.alias).bulk_create(batch)
    for line in connection.ops.sequence_reset_sql(no_style(), kept):
        with connection.cursor() as cursor:
            cursor.execute(line)
    for made in Import.objects.all():
        # The folder may be another one here.
        Import.objects.filter(pk=made.pk).update(path=str(settings.UPLOADS / Path(made.path).name))
    record("restore backup", who=None, now=now, made_at=about.made_at, voices=about.voices)


@contextmanager
def _up_to_date(archive: zipfile.ZipFile, about: About) -> Iterator[Rows]:
    """The rows of a backup of an older version, after all migrations since, in a database made for that."""
    with TemporaryDirectory(prefix="forvent-") as folder:
        connections.databases[SCRATCH] = connections[connection.alias].settings_dict | database(
            "", folder=Path(folder)
        )
        try:
            _migrate(about.migration)
            old = MigrationLoader(connections[SCRATCH]).project_state(("store", about.migration)).apps
            with transaction.atomic(using=SCRATCH):
                for table in old.get_app_config("store").get_models(include_auto_created=True):
                    for batch in batched(rows_of(archive, table), size=WRITTEN):
                        table._base_manager.using(SCRATCH).bulk_create(batch)
            _migrate()
            yield lambda model: model._base_manager.using(SCRATCH).order_by("pk").iterator(chunk_size=WRITTEN)
        finally:
            connections[SCRATCH].close()
            del connections[SCRATCH]
            del connections.databases[SCRATCH]


def _migrate(*name: str) -> None:
    call_command(
        "migrate", "store", *name, database=SCRATCH, interactive=False, verbosity=0, skip_checks=True
    )


def _take_out(archive: zipfile.ZipFile) -> None:
    """Uploads, to where they belong."""
    settings.UPLOADS.mkdir(parents=True, exist_ok=True)
    for name in archive.namelist():
        bare = name.removeprefix(UPLOADS)
        if name.startswith(UPLOADS) and UPLOAD_NAME.fullmatch(bare):
            _copy(archive, name, settings.UPLOADS / bare)


def _copy(archive: zipfile.ZipFile, name: str, to: Path) -> None:
    unfinished = to.with_name(f".{to.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with archive.open(name) as member, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(member, file)
    os.replace(unfinished, to)

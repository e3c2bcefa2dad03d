"""Secrets sealed anew, when the workspace gets another secret key."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from forvent_server.actions.erased import erased_key
from forvent_server.actions.events import record
from forvent_server.configuration import KEY_FILE, SecretKeys
from forvent_server.store.models import Person, Sent, Source, Webhook
from forvent_server.store.sealing import SealedAway

#: Every secret that is kept sealed: its model, its name and the field that holds it.
SEALED: tuple[tuple[type[models.Model], str, str], ...] = (
    (Source, "secret", "sealed_secret"),
    (Webhook, "secret", "sealed_secret"),
    (Person, "totp_secret", "sealed_totp_secret"),
)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many secrets are sealed with the key of now, and how many no key opens."""

    sealed: int
    lost: int


@transaction.atomic
def reseal(*, now: datetime) -> Resealed:
    """Every secret sealed with the key of now; those that none of the keys opens stay as they are."""
    sealed = lost = 0
    for model, name, field in SEALED:
        for row in model._base_manager.select_for_update().exclude(**{field: ""}).order_by("pk"):
            try:
                setattr(row, name, getattr(row, name))
            except SealedAway:
                lost += 1
                continue
            row.save(update_fields=[field])
            sealed += 1
    # What was answered to programs may hold a secret that was shown once.
    Sent.objects.all().delete()
    record("reseal", who=None, now=now, sealed=sealed, lost=lost)
    return Resealed(sealed, lost)


def renewed() -> SecretKeys:
    """Another key for the workspace; the one before still opens."""
    before = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return SecretKeys(secrets.token_urlsafe(50), before, erased_key().hex())


def without_old() -> SecretKeys:
    """The key of now alone, and the one by which what was erased is known."""
    return SecretKeys(settings.SECRET_KEY, (), erased_key().hex())


def use_keys(keys: SecretKeys) -> bool:
    """From now on these keys hold; False where keys are set from outside, by whoever can change them."""
    if settings.FORVENT["FORVENT_SECRET_KEY"]:
        return False
    write_keys(keys, to=settings.DATA / KEY_FILE)
    hold(keys)
    return True


def keys_of_now() -> SecretKeys:
    """The keys that hold in this process."""
    return SecretKeys(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS), settings.ERASED_KEY)


def hold(keys: SecretKeys) -> None:
    """These keys hold in this process; others that run have to be started anew."""
    held: Any = settings
    held.SECRET_KEY, held.SECRET_KEY_FALLBACKS = keys.now, list(keys.before)
    held.ERASED_KEY = keys.erased


def locked_away() -> int:
    """How many secrets no key opens that the workspace has."""
    lost = 0
    for model, name, field in SEALED:
        for row in model._base_manager.exclude(**{field: ""}).only("pk", field):
            try:
                getattr(row, name)
            except SealedAway:
                lost += 1
    return lost


def write_keys(keys: SecretKeys, *, to: Path) -> None:
    """The keys in a file that only its owner reads, whole or as it was."""
    unfinished = to.with_name(f".{to.name}.unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(keys.written())
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, to)

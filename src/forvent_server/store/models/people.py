"""Who may do what: people, their invitations, their second factor, the keys of programs."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from forvent_server.store.sealing import sealed_property

#: Each role may do all that those before it may.
ROLES = ("reader", "agent", "manager", "owner")
#: What a key may do.
SCOPES = ("read", "write")


class PersonManager(BaseUserManager["Person"]):
    """People by their e-mail address, however it is capitalised."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=(username or "").strip())


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    sealed_totp_secret = models.TextField(blank=True, default="")
    totp_confirmed = models.BooleanField(default=False)
    #: The last time step of which a code was taken, so that none is taken twice.
    totp_step = models.BigIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()
    #: In the open; it is kept sealed.
    totp_secret = sealed_property("sealed_totp_secret", of="second factor")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def may(self, role: str) -> bool:
        """Whether this person has the role or one above it."""
        return self.is_active and ROLES.index(self.role) >= ROLES.index(role)


class RecoveryCode(models.Model):
    """A code that stands in once for the second factor; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code {self.pk}"


class SignIn(models.Model):
    """A session of a person, so that it can be seen and ended."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    agent = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class Attempt(models.Model):
    """A failed sign-in, counted so that guessing takes too long."""

    key = models.CharField(max_length=128, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class Invitation(models.Model):
    """A link that lets one person join in a role; only the hash of its secret is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


class ResetLinkSet(models.QuerySet["ResetLink"]):
    """Reset links by what they still open."""

    def open(self, now: datetime) -> ResetLinkSet:
        """Those that can be used: not yet used, not over, of somebody who is here."""
        return self.filter(used_at=None, ends_at__gte=now, person__is_active=True)


class ResetLink(models.Model):
    """A link by which a person sets a new password, once; only the hash of its secret is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reset_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ResetLinkSet.as_manager()

    def __str__(self) -> str:
        return f"reset link {self.pk}"


class ApiKey(models.Model):
    """A key with which a program speaks to the API; only its hash is kept."""

    name = models.CharField(max_length=200)
    start = models.CharField(max_length=16, unique=True)
    key_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

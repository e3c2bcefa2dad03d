"""Whether a password is hard enough to guess."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from forvent.errors import BadOption
from forvent_server.store.models import Person


class WeakPassword(BadOption):
    """The password is too easy to guess."""

    code = "weak-password"


def refuse_weak(password: str, *, person: Person) -> None:
    """Make sure that a new password is not too easy to guess.

    Raises
    ------
    WeakPassword
        If it is short, common, all digits, or like the person's name or address.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword("The password is too easy to guess.", hint=" ".join(error.messages)) from error

"""Errors that a person can act on: what happened, where, and what to do.

Every error has a stable ``code`` (documented in ``docs/errors.md``), a message
with the value that was wrong, and a ``hint`` that says what to do next.
"""


class ForventError(Exception):
    """Something a person can mend; never a bug of ours."""

    code = "forvent"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnreadableFile(ForventError):
    """The file is missing, empty, binary or damaged."""

    code = "unreadable-file"


class MissingColumn(ForventError):
    """A column that is needed, or was named, is not there."""

    code = "missing-column"


class BadOption(ForventError):
    """An option or argument has a value that cannot be used."""

    code = "bad-option"


class NothingUsable(ForventError):
    """The file was read, but no row of it can be used."""

    code = "nothing-usable"


class TooFewObservations(ForventError):
    """There are not enough cases for what was asked."""

    code = "too-few-observations"


class UnknownExpectation(ForventError):
    """An expectation id that the catalogue does not have."""

    code = "unknown-expectation"


class EncoderUnavailable(ForventError):
    """The encoder that was asked for is unknown or not installed."""

    code = "encoder-unavailable"


class CannotWrite(ForventError):
    """The result could not be written where it should go."""

    code = "cannot-write"

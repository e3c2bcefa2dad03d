"""Files that people send: received within the limit, from those who may, and kept whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from forvent.errors import BadOption, CannotWrite

MIB = 1024 * 1024


class Received(TemporaryFileUploadHandler):
    """Writes a file to the disk while it comes in, unless it is too large or nobody may send one here.

    A form is read before its page is asked who may see it: without this, strangers could fill the disk.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._sent = 0

    def handle_raw_input(self, *given: Any, **_: Any) -> None:
        """How long the whole form says it is: what comes third."""
        self._sent = int(given[2])

    def new_file(self, *given: Any, **named: Any) -> None:
        """A file begins: it is passed over where it may not come."""
        person = getattr(self.request, "user", None)
        if person is None or not person.is_authenticated or not person.may("agent"):
            raise SkipFile
        if self._sent - MIB > largest():
            self._pass_over(self._sent)
        super().new_file(*given, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """More of it; what did not say how long it is ends at the limit."""
        if start + len(raw_data) > largest():
            self.upload_interrupted()
            self._pass_over(start + len(raw_data))
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self.upload_interrupted()
            self.request.upload_trouble = not_kept(error)  # type: ignore[union-attr]
            raise SkipFile from error

    def _pass_over(self, size: int) -> None:
        self.request.upload_trouble = _too_large(size)  # type: ignore[union-attr]
        raise SkipFile


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of ours: where it lies, how many bytes came, and what they are known by."""

    path: Path
    size: int
    sha256: str


def sent_file(request: HttpRequest) -> UploadedFile[Any]:
    """The file that came with the form.

    Raises
    ------
    BadOption
        If none was chosen, or it is too large.
    CannotWrite
        If it could not be received.
    """
    trouble = getattr(request, "upload_trouble", None)
    if trouble is not None:
        raise trouble
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadOption("No file was chosen.", hint="Choose one and send it again.")
    if (file.size or 0) > largest():
        raise _too_large(file.size or 0)
    return file


def keep(file: UploadedFile[Any]) -> Kept:
    """The file among the uploads, on the disk before this returns.

    Raises
    ------
    CannotWrite
        If it cannot be kept; nothing is left of it then.
    """
    # The name of the file is the sender's and names no place of ours; its ending tells nothing we rely on.
    path = settings.UPLOADS / secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    try:
        settings.UPLOADS.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as kept:
            for chunk in file.chunks():
                digest.update(chunk)
                size += kept.write(chunk)
            kept.flush()
            os.fsync(kept.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise not_kept(error) from error
    return Kept(path, size, digest.hexdigest())


def not_kept(error: OSError) -> CannotWrite:
    """What is said where the disk takes no more."""
    return CannotWrite(
        f"The file could not be kept: {error.strerror}.", hint="Free some space there, then send it again."
    )


def largest() -> int:
    """Bytes that a file may have."""
    return int(settings.FORVENT["FORVENT_UPLOAD_MB"]) * MIB


def _too_large(size: int) -> BadOption:
    return BadOption(
        f"The file has {size // MIB} MiB; the limit is {largest() // MIB}.",
        hint="Split it, or have FORVENT_UPLOAD_MB raised.",
    )

"""Messages signed by the rules of Standard Webhooks, in and out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent_server.sources.contract import Refused

PREFIX = "whsec_"
#: How far the sender's clock may be from ours.
TOLERANCE = timedelta(minutes=5)
_VERSION = "v1,"
#: More than one where the sender changes its secret; a list without end would cost without end.
_MOST_SIGNATURES = 10


@dataclass(frozen=True, slots=True)
class Signed:
    """What the headers of a message that holds say of it."""

    id: str
    sent_at: int


def new_secret() -> str:
    """A secret of 32 bytes, as senders take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def signature(body: bytes, *, id: str, sent_at: int, secret: str) -> str:  # noqa: A002 - the standard's word
    """The signature of a message, as it stands in the header.

    Raises
    ------
    ValueError
        If the secret is none.
    """
    signed = f"{id}.{sent_at}.".encode() + body
    return _VERSION + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode(
        "ascii"
    )


def headers_of(body: bytes, *, id: str, now: datetime, secret: str) -> dict[str, str]:  # noqa: A002
    """The three headers to send with a message."""
    sent_at = int(now.timestamp())
    return {
        "webhook-id": id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signature(body, id=id, sent_at=sent_at, secret=secret),
    }


def opened(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> Signed:
    """What a message says of itself, once its signature holds. Headers by names in small letters.

    Raises
    ------
    Refused
        With 400 where a header lacks, with 401 where the signature is wrong or its time is too far off.
    """
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not name or not moment or not given or len(name) > 200:
        raise Refused(
            400,
            "The message is not signed.",
            hint="Send webhook-id, webhook-timestamp and webhook-signature, as Standard Webhooks says.",
        )
    if not moment.isascii() or not moment.isdecimal() or len(moment) > 12:
        raise Refused(400, "webhook-timestamp is no number of seconds.", hint="Send seconds since 1970.")
    right = signature(body, id=name, sent_at=int(moment), secret=secret)
    if not any(_same(one, right) for one in given.split(" ")[:_MOST_SIGNATURES]):
        raise Refused(
            401, "The signature is wrong.", hint="Sign with the secret of this source.", kind="signature"
        )
    # Told only to who holds the secret: it says what time it is here.
    off = int(now.timestamp()) - int(moment)
    if abs(off) > TOLERANCE.total_seconds():
        raise Refused(
            401,
            f"The message was signed {abs(off)} s {'ago' if off > 0 else 'ahead'}; 300 s are the most.",
            hint="Set the clocks, and sign each attempt anew.",
            kind="clock",
        )
    return Signed(name, int(moment))


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("The secret of a source is no base64.") from error

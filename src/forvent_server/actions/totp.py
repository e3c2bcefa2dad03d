"""One-time codes by the clock (RFC 6238), as authenticator apps show them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

#: Seconds that a code is shown; digits that it has.
PERIOD, DIGITS = 30, 6
#: Steps before and after the present one that are taken too: clocks differ, and typing takes time.
DRIFT = 1


def new_secret() -> str:
    """A secret of 160 bits, as the RFC asks, in the letters that apps take."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def step_at(now: datetime) -> int:
    """The number of the time step that a moment lies in."""
    return int(now.timestamp()) // PERIOD


def code_at(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226, section 5.3)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def right_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step near now whose code it is, else None; as slow for a wrong code as for a right one."""
    found = None
    for step in range(step_at(now) - DRIFT, step_at(now) + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode("ascii"), code.encode("utf-8")):
            found = step
    return found


def address(secret: str, *, issuer: str, account: str) -> str:
    """The address that an app reads from a QR code."""
    name = quote(f"{issuer}:{account}", safe="@:")
    asked = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{name}?{urlencode(asked, quote_via=quote)}"

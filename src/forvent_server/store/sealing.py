"""Secrets as the store holds them: sealed with a key that does not lie in the database.

AES-256-GCM hides and seals a secret, bound to what it belongs to. Its key comes from the secret key of the
workspace by HKDF-SHA256 (RFC 5869). docs/howto/keys.md says what that keeps from whom.
"""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from forvent.errors import ForventError

#: What sealed texts begin with; another way of sealing gets another one.
MARK = "s1."
_INFO = b"forvent sealed secrets 1"
#: Bytes of the nonce, of the tag at the end, and of the key.
_NONCE, _TAG, _KEY = 12, 16, 32


class SealedAway(ForventError):
    """A secret was sealed with a key that the workspace does not have, or was changed since."""

    code = "sealed-away"


def seal(secret: str, *, of: str) -> str:
    """The secret, sealed with the key of now for what it is ``of``; what is empty stays so."""
    if not secret:
        return ""
    nonce = secrets.token_bytes(_NONCE)
    return _text(
        nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, secret.encode("utf-8"), of.encode("utf-8"))
    )


def unseal(sealed: str, *, of: str) -> str:
    """The secret, opened with the key of now or an older one that the workspace still has.

    Raises
    ------
    SealedAway
        If none of them sealed it for this, or it was changed.
    """
    if not sealed:
        return ""
    whole = _bytes(sealed)
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            opened = _cipher(secret_key).decrypt(whole[:_NONCE], whole[_NONCE:], of.encode("utf-8"))
        except InvalidTag:
            continue
        return opened.decode("utf-8")
    raise SealedAway(
        "A secret was sealed with a key that is not here.",
        hint="Put the secret key of then back (docs/howto/keys.md), or enter the secret anew.",
    )


def sealed_property(field: str, *, of: str) -> property:
    """A secret of a model in the open, kept sealed in a field of it."""

    def opened(row: object) -> str:
        return unseal(getattr(row, field), of=of)

    def kept(row: object, secret: str) -> None:
        setattr(row, field, seal(secret, of=of))

    return property(opened, kept)


@lru_cache(maxsize=8)
def _cipher(secret_key: str) -> AESGCM:
    made = HKDF(SHA256(), length=_KEY, salt=None, info=_INFO)
    return AESGCM(made.derive(secret_key.encode("utf-8")))


def _text(whole: bytes) -> str:
    return MARK + base64.urlsafe_b64encode(whole).decode("ascii")


def _bytes(sealed: str) -> bytes:
    try:
        whole = base64.b64decode(sealed.removeprefix(MARK), altchars=b"-_", validate=True)
    except ValueError:
        whole = b""
    # The last letter has bits that mean nothing: only one way of writing it is ours.
    if len(whole) < _NONCE + _TAG or _text(whole) != sealed:
        raise SealedAway("A secret was not sealed by forvent.", hint="Enter the secret anew.")
    return whole

"""One-time codes: those of the RFC, near moments, and the address for an app."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from forvent_server.actions.totp import PERIOD, address, code_at, new_secret, right_step, step_at

#: The secret of appendix B of RFC 6238, for SHA-1.
SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_gives_the_codes_of_rfc_6238(seconds: int, code: str) -> None:
    step = step_at(datetime.fromtimestamp(seconds, UTC))
    assert code_at(SECRET, step, digits=8) == code
    assert code_at(SECRET, step) == code[-6:]


@pytest.mark.parametrize(
    ("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (59, True), (60, False)]
)
def test_takes_the_code_of_the_step_before_and_after_and_no_other(late: int, taken: bool) -> None:
    shown = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    code = code_at(SECRET, step_at(shown))
    found = right_step(SECRET, code, now=shown + timedelta(seconds=late))
    assert found == (step_at(shown) if taken else None)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "١٢٣٤٥٦", "\ud800"[:0] + "é" * 6, "0" * 64])
def test_what_is_no_code_is_not_taken(code: str) -> None:
    assert right_step(SECRET, code, now=datetime(2026, 3, 2, tzinfo=UTC)) is None


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_address_carries_names_in_any_letters() -> None:
    made = address(SECRET, issuer="Լինդեն & Co", account="ada@example.org")
    assert made.startswith("otpauth://totp/%D4%BC%D5%AB")
    assert ":ada@example.org?secret=" in made
    assert "%26%20Co" in made
    assert made.endswith(f"&digits=6&period={PERIOD}")

"""The character zero, which no database holds, comes in by no address and no form."""

from __future__ import annotations

import pytest
from server_people import signed_in

from forvent_server.store.models import Person


@pytest.mark.parametrize("address", ["/voices/?q=%00late", "/voices/?expectation=%00", "/audit/?about=%00"])
def test_an_address_loses_it(owner: Person, address: str) -> None:
    assert signed_in(owner).get(address).status_code == 200


def test_a_form_with_it_is_refused(owner: Person) -> None:
    answer = signed_in(owner).post(
        "/settings/touchpoints/",
        "name=a%00b&stage=receive",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400

"""Settings: known names, readable values, a secret made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from forvent.errors import BadOption
from forvent_server.configuration import SETTINGS, database, read_settings, secret_keys


def test_every_setting_has_a_default_that_can_be_read() -> None:
    assert set(read_settings({})) == {setting.name for setting in SETTINGS}


def test_an_unknown_setting_is_an_error_that_says_what_was_meant() -> None:
    with pytest.raises(BadOption) as caught:
        read_settings({"FORVENT_DATABSE_URL": "x"})
    assert str(caught.value) == "There is no setting FORVENT_DATABSE_URL. Did you mean FORVENT_DATABASE_URL?"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FORVENT_HTTPS", "maybe", "FORVENT_HTTPS=maybe is neither yes nor no."),
        ("FORVENT_UPLOAD_MB", "0", "FORVENT_UPLOAD_MB=0 is not above 0."),
    ],
)
def test_a_value_that_cannot_be_is_told(name: str, value: str, message: str) -> None:
    with pytest.raises(BadOption) as caught:
        read_settings({name: value})
    assert caught.value.message == message


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret\n", encoding="utf-8")
    assert read_settings({"FORVENT_SECRET_KEY_FILE": str(tmp_path / "key")})["FORVENT_SECRET_KEY"] == "secret"
    with pytest.raises(BadOption, match="which cannot be read"):
        read_settings({"FORVENT_SECRET_KEY_FILE": str(tmp_path / "gone")})


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = secret_keys("", folder=tmp_path / "data")
    assert secret_keys("", folder=tmp_path / "data") == first
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o077 == 0
    (tmp_path / "data" / "secret-key").write_text("short", encoding="ascii")
    with pytest.raises(BadOption, match="is too short"):
        secret_keys("", folder=tmp_path / "data")


def test_a_url_names_a_postgresql_database(tmp_path: Path) -> None:
    found = database("postgresql://ada:p%40ss@db.example:5433/forvent?sslmode=require", folder=tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"], found["PASSWORD"]) == (
        "db.example",
        "5433",
        "forvent",
        "p@ss",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "postgres"])
def test_another_database_is_refused_without_showing_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="names no PostgreSQL database"):
        database(url, folder=tmp_path)


def test_every_setting_is_explained_and_nothing_else() -> None:
    page = (Path(__file__).parents[2] / "docs/howto/settings.md").read_text(encoding="utf-8")
    headed = [line.split()[1] for line in page.splitlines() if line.startswith("## ")]
    assert headed == [setting.name for setting in SETTINGS]
    for setting in SETTINGS:
        assert setting.meaning[1:] in page, f"{setting.name} is explained otherwise than in the settings"

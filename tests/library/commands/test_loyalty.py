import argparse
import json
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from forvent.commands.loyalty import add_loyalty_commands
from forvent.errors import BadOption


@pytest.fixture
def run():
    parser = argparse.ArgumentParser()
    add_loyalty_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 1, 1))

    def command(*arguments):
        options = parser.parse_args(["loyalty", *map(str, arguments)])
        options.run(options)

    return command


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rng = np.random.default_rng(3)
    rows = ["who,when,paid"]
    for who in range(60):
        day = float(rng.integers(0, 60))
        while day < 400 and (day < 60 or rng.random() > 0.1):
            rows.append(f"c{who},{date(2023, 1, 1) + timedelta(days=int(day))},{rng.gamma(4.0, 5.0):.2f}")
            day += rng.exponential(30)
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    path.write_text("\n".join(rows) + "\nc1,2023-03-01,-4\n", encoding="utf-8")
    return path


ASKED = ("--customer", "who", "--time", "when", "--until", "2023-12-31", "--horizon", "30")


def test_writes_the_keys_that_others_script_against(run, file, tmp_path, capsys):
    run(file, *ASKED, "--amount", "paid", "--json", tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    keys = {"model", "parameters", "converged", "expected_purchases", "low", "high", "customers"}
    assert keys <= document.keys()
    assert document["schema"] == "forvent/loyalty/1"
    assert document["low"] < document["expected_purchases"] < document["high"]
    assert document["parameters"].keys() >= {"r", "alpha", "a", "b"}
    assert len(document["customers"]) == 60
    of_customers = sum(customer["expected_purchases"] for customer in document["customers"])
    assert of_customers == pytest.approx(document["expected_purchases"], abs=0.001)
    told = capsys.readouterr()
    assert "left out: negative amount, so money given back and no purchase" in told.err
    assert "The 60 customers known by then are expected to make" in told.out
    assert str(tmp_path / "out.json") in told.out


def test_the_same_file_gives_the_same_text(run, file, tmp_path):
    for name in ("first.json", "second.json"):
        run(file, *ASKED, "--model", "bg-nbd", "--json", tmp_path / name)
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


def test_the_output_stream_carries_json_alone(run, file, capsys):
    run(file, *ASKED, "--model", "mbg-nbd", "--json", "-")
    told = capsys.readouterr()
    assert json.loads(told.out)["model"] == "mbg-nbd"
    assert "How sure" in told.err


def test_writes_a_page_in_the_language_that_was_asked_for(run, file, tmp_path, capsys):
    page = tmp_path / "loyalty.html"
    asked = (*ASKED, "--model", "mbg-nbd", "--json", tmp_path / "out.json")
    run(file, *asked, "--page", page, "--language", "cs")
    assert '<html lang="cs"' in page.read_text(encoding="utf-8")
    assert str(page) in capsys.readouterr().out


def test_refuses_a_folder_as_page(run, file, tmp_path):
    with pytest.raises(BadOption) as caught:
        run(file, *ASKED, "--json", tmp_path / "out.json", "--page", tmp_path)
    assert str(caught.value) == f"'{tmp_path}' is a folder. Name a file in it."


def test_says_which_models_were_pooled(run, file, tmp_path, capsys):
    run(file, *ASKED, "--json", tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert document["model"] == document["pooled"][0]
    assert sorted(document["pooled"]) == sorted(one["model"] for one in document["candidates"])
    assert "pooled with" in capsys.readouterr().out


def test_a_forecast_that_cannot_be_is_null_and_says_why(run, tmp_path, capsys):
    path = tmp_path / "once.csv"
    path.write_text("who,when\na,2023-05-01\nb,2023-05-02\n", encoding="utf-8")
    run(path, *ASKED, "--json", tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [document[key] for key in ("model", "expected_purchases", "low", "high")] == [None] * 4
    assert document["converged"] is False
    assert document["not_enough"]["why"] == "too few customers have bought again"
    assert document["customers"][0]["expected_purchases"] is None
    told = " ".join(capsys.readouterr().out.split())
    why = "not enough data: too few customers have bought again (0 of 10)."
    assert f"Customers known by then: 2. What they will buy: {why}" in told


def test_refuses_a_day_that_is_none(run, file, tmp_path):
    asked = [*ASKED[:4], "--until", "someday", "--horizon", "30"]
    with pytest.raises(BadOption) as caught:
        run(file, *asked, "--json", tmp_path / "out.json")
    assert str(caught.value) == "'--until someday' is no date. Write it as --until 2024-06-30."


def test_refuses_a_folder_as_file(run, file, tmp_path):
    with pytest.raises(BadOption) as caught:
        run(file, *ASKED, "--json", tmp_path)
    assert caught.value.message == f"'{tmp_path}' is a folder."


def test_names_of_customers_are_no_markup(run, tmp_path, capsys):
    rows = ["who,when"] + [
        f"[red]c{who},2023-{month:02}-{1 + who:02}" for who in range(20) for month in (1, 4, 9)
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    run(path, *ASKED, "--model", "bg-nbd", "--json", tmp_path / "out.json")
    assert "[red]c" in capsys.readouterr().out


def test_without_being_asked_nothing_is_recommended(run, file, tmp_path):
    run(file, *ASKED, "--model", "mbg-nbd", "--json", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["recommendations"] is None


def test_recommending_needs_the_column_of_products(run, file, tmp_path):
    with pytest.raises(BadOption) as caught:
        run(file, *ASKED, "--model", "mbg-nbd", "--recommend", "--json", tmp_path / "out.json")
    assert str(caught.value) == (
        "Nothing can be recommended without the products. Name their column: --product COLUMN."
    )


def test_says_why_nothing_is_recommended(run, tmp_path, capsys):
    path = tmp_path / "orders.csv"
    rows = [f"c{who},2023-{month:02}-{1 + who:02},tea {who % 3}" for who in range(20) for month in (1, 4, 9)]
    path.write_text("\n".join(["who,when,what", *rows]) + "\n", encoding="utf-8")
    page = tmp_path / "out.html"
    asked = (*ASKED, "--product", "what", "--recommend", "--model", "mbg-nbd", "--page", page)
    run(path, *asked, "--json", tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["recommendations"]
    assert found["silent"] == "few_baskets"
    assert found["trial"]["not_enough"]["needed"] == 50
    assert found["customers"] == []
    assert "Nothing is recommended: too few customers bought two products" in capsys.readouterr().out
    assert 'id="recommend"' in page.read_text(encoding="utf-8")

"""The command forvent predict: what it writes, says and refuses."""

import argparse
import csv
import json
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from forvent.commands.predict import add_predict_commands
from forvent.errors import BadOption


@pytest.fixture
def run():
    parser = argparse.ArgumentParser()
    add_predict_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 1, 1))

    def command(*arguments):
        options = parser.parse_args(["predict", *map(str, arguments)])
        options.run(options)

    return command


@pytest.fixture
def shop(tmp_path):
    rng = np.random.default_rng(1)
    orders, reviews = ["order,ordered,due,arrived"], ["order,said,stars"]
    for number in range(60):
        start = datetime(2024, 1, 1) + timedelta(days=number)
        orders.append(f"{number},{start},{start + timedelta(days=3)},{start + timedelta(days=2)}")
        reviews.append(f"{number},{start + timedelta(days=3)},{rng.integers(1, 6)}")
    (tmp_path / "orders.csv").write_text("\n".join(orders), encoding="utf-8")
    (tmp_path / "reviews.csv").write_text("\n".join(reviews), encoding="utf-8")
    return tmp_path


MAPPED = ("--map", "rating=stars", "--map", "episode=order", "--map", "text=-")


def test_a_small_shop_is_silent_and_says_why(run, shop, capsys):
    out = shop / "out"
    files = (shop / "reviews.csv", "--episodes", shop / "orders.csv")
    run(*files, *MAPPED, "--json", out / "p.json", "--csv", out / "p.csv")
    said = " ".join(capsys.readouterr().out.split())
    assert "Silent: too few outcomes of either kind to learn from" in said
    assert "No case is without an outcome." in said
    document = json.loads((out / "p.json").read_text(encoding="utf-8"))
    assert document["schema"] == "forvent/prediction/1"
    assert document["disappointment"]["accuracies"][0]["silent"]["not_enough"]["needed"] == 40
    assert document["leaving"] is None
    with (out / "p.csv").open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines))[:2] == ["case", "customer"]


def test_purchases_alone_tell_who_leaves(run, tmp_path, capsys):
    rng, rows = np.random.default_rng(2), ["who,when"]
    for who in range(300):
        day, leaves = float(rng.integers(0, 60)), rng.beta(0.6, 3.0)
        while day < 500:
            rows.append(f"c{who},{date(2023, 1, 1) + timedelta(days=int(day))}")
            if rng.random() < leaves:
                break
            day += rng.exponential(20)
    (tmp_path / "purchases.csv").write_text("\n".join(rows), encoding="utf-8")
    asked = ("--customer", "who", "--time", "when", "--horizon", 60)
    run("--purchases", tmp_path / "purchases.csv", *asked, "--json", tmp_path / "p.json")
    assert "leaves/1: no purchase in the 60 days after" in capsys.readouterr().out
    leaving = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["leaving"]
    assert leaving["accuracies"][0]["skill"]["low"] > 0
    assert len(leaving["cases"]) == 300


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Nothing to learn from was named. Give VOICES with --episodes FILE, or --purchases FILE."),
        (
            ("reviews.csv",),
            "Disappointment needs both VOICES and --episodes. "
            "Give what customers said and what was promised and delivered.",
        ),
        (
            ("--purchases", "p.csv", "--customer", "who"),
            "--purchases needs --customer, --time and --horizon. "
            "Name the two columns, and how many days to look ahead.",
        ),
        (
            ("a.csv", "--episodes", "b.csv", "--json", "x/a.json", "--csv", "y/a.csv"),
            "--json and --csv name two folders. Name one, so that both are written or none.",
        ),
        (
            ("--purchases", "p.csv", "--level", "95"),
            "The level 95.0 is not between 0 and 1. Give a share such as 0.95, not a percentage.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(run, arguments, message):
    with pytest.raises(BadOption) as caught:
        run(*arguments)
    assert str(caught.value) == message


def test_a_date_that_is_none_is_refused(run, tmp_path):
    asked = ("--customer", "who", "--time", "when", "--horizon", 60, "--until", "soon")
    with pytest.raises(BadOption, match=r"^'--until soon' is no date\. Write it as --until 2024-06-30\.$"):
        run("--purchases", tmp_path / "purchases.csv", *asked)


def test_money_given_back_is_told_and_silence_is_one_line(run, tmp_path, capsys):
    path = tmp_path / "orders.csv"
    path.write_text("who,when,paid\na,2023-05-01,4\nb,2023-05-02,-4\nc,2023-07-02,9\n", encoding="utf-8")
    asked = (
        "--purchases",
        path,
        "--customer",
        "who",
        "--time",
        "when",
        "--amount",
        "paid",
        "--horizon",
        "30",
    )
    run(*asked, "--json", tmp_path / "p.json")
    told = " ".join(capsys.readouterr().out.split())
    why = "negative amount, so money given back and no purchase (1)."
    assert f"Rows of orders.csv that were left out: {why}" in told
    assert told.count("Nobody gets a probability: ") == 1

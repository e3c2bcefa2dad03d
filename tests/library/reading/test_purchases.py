import pytest

from forvent.errors import BadOption, MissingColumn, NothingUsable
from forvent.reading.purchases import PurchaseColumns, read_purchases

PLAIN = PurchaseColumns("who", "when", amount="paid")


@pytest.fixture
def file(tmp_path):
    def write(text, name="orders.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def rows_of(found):
    return found.table.to_pylist()


def reasons(reader):
    return {one.reason: (one.count, one.rows) for one in reader.report.unusable}


def test_reads_who_when_and_how_much(file):
    path = file("who,when,paid\n007,2024-05-02 23:59,12.50\n Ann  B ,3.5.2024,0\n")
    found = rows_of(read_purchases(path, columns=PLAIN))
    assert [(one["customer"], one["day"], one["amount"], one["row"]) for one in found] == [
        ("007", 19845, 12.5, 2),
        ("Ann B", 19846, 0.0, 3),
    ]


def test_money_given_back_is_no_purchase(file):
    reader = read_purchases(file("who,when,paid\na,2024-05-02,5\na,2024-05-09,-5\n"), columns=PLAIN)
    assert reader.table.num_rows == 1
    assert reasons(reader) == {"negative amount, so money given back and no purchase": (1, (3,))}
    assert reader.report.unusable[0].example == "-5"


def test_rows_without_customer_or_day_are_counted_with_their_numbers(file):
    rows = "who,when,paid\n,2024-05-02,1\na,,2\nb,soon,3\nb,2024-05-02,4\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert [one["row"] for one in rows_of(reader)] == [5]
    assert reasons(reader) == {
        "no customer": (1, (2,)),
        "no time": (1, (3,)),
        "no possible date or time": (1, (4,)),
    }


def test_a_purchase_without_a_known_amount_stays_a_purchase(file):
    rows = "who,when,paid\na,2024-05-02,\na,2024-05-03,much\na,2024-05-04,inf\na,2024-05-05,4\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert [one["amount"] for one in rows_of(reader)] == [None, None, None, 4.0]
    assert reasons(reader) == {
        "kept, but: amount is no number": (2, (3, 4)),
        "kept, but: no amount": (1, (2,)),
    }


def test_a_row_that_repeats_another_in_every_cell_is_one(file):
    rows = "who,when,paid,order\na,2024-05-02,4,1\na,2024-05-02,4,1\na,2024-05-02,4,2\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert reader.table.num_rows == 2
    report = reader.report
    assert (report.rows, report.used, report.repeated) == (3, 2, 1)


def test_commas_and_currencies_are_understood(file):
    rows = "who;when;paid\na;2024-05-02;€ 1.234,50\na;2024-05-03;7,25\n"
    found = read_purchases(file(rows), columns=PLAIN)
    assert found.table["amount"].to_pylist() == [1234.5, 7.25]


def test_who_was_sent_is_read_where_a_column_says_so(file):
    rows = "who,when,by\na,2024-05-02,Eva\nb,2024-05-02,\nc,2024-05-02,no\nd,2024-05-02,1\n"
    columns = PurchaseColumns("who", "when", referred="by")
    assert read_purchases(file(rows), columns=columns).table["referred"].to_pylist() == [
        True,
        False,
        False,
        True,
    ]


def test_refuses_a_column_that_is_not_there(file):
    with pytest.raises(MissingColumn) as caught:
        read_purchases(file("who,when\na,2024-05-02\n"), columns=PLAIN)
    assert str(caught.value) == (
        "orders.csv has no column “paid” for amount. Its columns: who, when. Name one of these columns."
    )


def test_refuses_times_that_are_none(file):
    with pytest.raises(BadOption) as caught:
        read_purchases(file("who,when,paid\na,soon,1\n"), columns=PLAIN)
    assert str(caught.value) == (
        "orders.csv: column “when” for the time holds no dates or times, but for example “soon”. "
        "Name the column that says when a customer bought: --time COLUMN."
    )


def test_only_money_given_back_is_nothing_usable(file):
    with pytest.raises(NothingUsable, match="None of the 1 rows"):
        read_purchases(file("who,when,paid\na,2024-05-02,-1\n"), columns=PLAIN)


def test_days_and_times_of_day_may_stand_in_two_columns(file):
    rows = "who,day,clock,paid\na,2024-05-02,23:59,1\na,2024-05-03,,2\n,2024-05-03,10:00,3\n"
    found = read_purchases(file(rows), columns=PurchaseColumns("who", "day+clock", amount="paid"))
    assert found.table["day"].to_pylist() == [19845]
    assert reasons(found) == {"no customer": (1, (4,)), "no time": (1, (3,))}


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("1970-01-03 23:59:59.5", 2),
        ("1970-01-03T24:01", None),
        ("1970-01-03T23:30:00-02:00", 3),
        ("1970-02-30 10:00", None),
        ("3 Jan 1970, 10:00", 2),
    ],
)
def test_a_time_lies_on_its_day_in_utc(file, time, day):
    found = read_purchases(
        file(f"who;when\na;1970-01-01\na;{time}\n"), columns=PurchaseColumns("who", "when")
    )
    assert found.table["day"].to_pylist() == [0, *([] if day is None else [day])]

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


def reasons(reader):
    return {one.reason: (one.count, one.rows) for one in reader.report.unusable}


def test_reads_who_when_and_how_much(file):
    path = file("who,when,paid\n007,2024-05-02 23:59,12.50\n Ann  B ,3.5.2024,0\n")
    found = list(read_purchases(path, columns=PLAIN))
    assert [(one.customer, one.day, one.amount, one.row) for one in found] == [
        ("007", 19845, 12.5, 2),
        ("Ann B", 19846, 0.0, 3),
    ]


def test_money_given_back_is_no_purchase(file):
    reader = read_purchases(file("who,when,paid\na,2024-05-02,5\na,2024-05-09,-5\n"), columns=PLAIN)
    assert len(list(reader)) == 1
    assert reasons(reader) == {"negative amount, so money given back and no purchase": (1, (3,))}
    assert reader.report.unusable[0].example == "-5"


def test_rows_without_customer_or_day_are_counted_with_their_numbers(file):
    rows = "who,when,paid\n,2024-05-02,1\na,,2\nb,soon,3\nb,2024-05-02,4\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert [one.row for one in reader] == [5]
    assert reasons(reader) == {
        "no customer": (1, (2,)),
        "no time": (1, (3,)),
        "no possible date or time": (1, (4,)),
    }


def test_a_purchase_without_a_known_amount_stays_a_purchase(file):
    rows = "who,when,paid\na,2024-05-02,\na,2024-05-03,much\na,2024-05-04,inf\na,2024-05-05,4\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert [one.amount for one in reader] == [None, None, None, 4.0]
    assert reasons(reader) == {
        "kept, but: amount is no number": (2, (3, 4)),
        "kept, but: no amount": (1, (2,)),
    }


def test_a_row_that_repeats_another_in_every_cell_is_one(file):
    rows = "who,when,paid,order\na,2024-05-02,4,1\na,2024-05-02,4,1\na,2024-05-02,4,2\n"
    reader = read_purchases(file(rows), columns=PLAIN)
    assert len(list(reader)) == 2
    report = reader.report
    assert (report.rows, report.used, report.repeated) == (3, 2, 1)


def test_commas_and_currencies_are_understood(file):
    rows = "who;when;paid\na;2024-05-02;€ 1.234,50\na;2024-05-03;7,25\n"
    found = list(read_purchases(file(rows), columns=PLAIN))
    assert [one.amount for one in found] == [1234.5, 7.25]


def test_who_was_sent_is_read_where_a_column_says_so(file):
    rows = "who,when,by\na,2024-05-02,Eva\nb,2024-05-02,\nc,2024-05-02,no\nd,2024-05-02,1\n"
    columns = PurchaseColumns("who", "when", referred="by")
    assert [one.referred for one in read_purchases(file(rows), columns=columns)] == [True, False, False, True]


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
    reader = read_purchases(file("who,when,paid\na,2024-05-02,-1\n"), columns=PLAIN)
    with pytest.raises(NothingUsable, match="None of the 1 rows"):
        list(reader)


def test_the_report_is_there_at_the_end_only(file):
    with pytest.raises(BadOption) as caught:
        _ = read_purchases(file("who,when,paid\na,2024-05-02,1\n"), columns=PLAIN).report
    assert caught.value.message == "The report is there once all purchases were read."

"""Trade packs: what is read, what is refused and where, and what adding an expectation changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.identify.catalogue import Example, catalogue
from forvent.identify.packs import add_expectation, catalogue_with, load_pack, names_with, shipped_packs
from forvent.records import Expectation

TOML = """# A bakery's own words.
[pack]
id = "bakery"
version = "1"
name.en = "Bakery"
name.cs = "Pekárna"

[expectations.crisp_crust]  # the first thing people write about
parent = "product_quality"
expects = "a crust that cracks"
name.en = "Crisp crust"
name.cs = "Křupavá kůrka"
expects_in.cs = "kůrku, která praská"

[expectations.early_bread]
parent = "availability"
expects = "fresh bread before work"
stage = "receive"
usual_kind = "excitement"
name.en = "Early bread"
"""
ENGLISH = """expectation\tpolarity\ttext
crisp_crust\tmet\tthe crust sang when I cut it
early_bread\twished\topen at five please
"""
CZECH = "expectation\tpolarity\ttext\ncrisp_crust\tunmet\tkůrka jako guma\n"


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    return write(tmp_path / "bakery", TOML, en=ENGLISH, cs=CZECH)


def write(folder: Path, toml: str, **examples: str) -> Path:
    (folder / "examples").mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(toml, encoding="utf-8")
    for language, text in examples.items():
        (folder / f"examples/{language}.tsv").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(UnreadableFile) as caught:
        load_pack(folder)
    return [line.strip() for line in caught.value.message.splitlines()[1:]]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def own(identifier: str = "warm_roll", *, parent: str | None = "product_quality") -> Expectation:
    return Expectation(identifier, "a roll still warm", "use", "implicit", "excitement", parent=parent)


ROLLS = (
    Example("", "met", "the rolls were still warm", "en"),
    Example("", "unmet", "ice-cold rolls at eight in the morning", "en"),
    Example("", "met", "rohlíky ještě teplé", "cs"),
)


# -------------------------------------------------------------------------------- reading


def test_reads_ids_with_parents_and_takes_from_the_parent_what_is_left_out(bakery: Path) -> None:
    pack = load_pack(bakery)
    assert (pack.id, pack.version, pack.title["cs"]) == ("bakery", "1", "Pekárna")
    assert pack.expectations["crisp_crust"] == Expectation(
        "crisp_crust",
        "a crust that cracks",
        stage="use",
        usual_type="implicit",
        usual_kind="basic",
        parent="product_quality",
        pack="bakery",
    )
    assert pack.expectations["early_bread"].stage == "receive"
    assert pack.expectations["early_bread"].usual_kind == "excitement"
    assert [e.text for e in pack.examples] == [
        "kůrka jako guma",
        "the crust sang when I cut it",
        "open at five please",
    ]


def test_the_order_of_lines_and_files_changes_nothing(bakery: Path, tmp_path: Path) -> None:
    header, *rows = ENGLISH.splitlines()
    other = write(tmp_path / "b2", TOML, cs=CZECH, en="\r\n".join([header, *reversed(rows), "", ""]))
    assert load_pack(other).examples == load_pack(bakery).examples


def test_names_fall_back_to_english_and_what_is_expected_to_the_record(bakery: Path) -> None:
    packs = [load_pack(bakery)]
    assert names_with(packs, "cs")["crisp_crust"] == {
        "name": "Křupavá kůrka",
        "expects": "kůrku, která praská",
    }
    assert names_with(packs, "cs")["early_bread"]["name"] == "Early bread"
    assert names_with(packs, "xx")["crisp_crust"]["expects"] == "a crust that cracks"
    assert names_with(packs, "cs")["stages"] == names_with([], "cs")["stages"]


def test_the_catalogue_comes_first_then_the_packs(bakery: Path) -> None:
    together = catalogue_with([load_pack(bakery)])
    assert list(together) == [*catalogue(), "crisp_crust", "early_bread"]
    assert {record.pack for record in together.values()} == {"general", "bakery"}
    assert together["on_time"].parent is None


def test_an_id_that_is_there_already_is_refused(bakery: Path, tmp_path: Path) -> None:
    pack = load_pack(bakery)
    with pytest.raises(BadOption) as caught:
        catalogue_with([pack, pack])
    assert str(caught.value) == (
        "The expectation 'crisp_crust' of the pack 'bakery' is in 'bakery' already. "
        "Give it another id, or leave one of the packs out."
    )
    clash = write(tmp_path / "c", TOML.replace("early_bread", "on_time"))
    with pytest.raises(
        BadOption, match="The expectation 'on_time' of the pack 'bakery' is in 'general' already"
    ):
        catalogue_with([load_pack(clash)])


def test_every_shipped_pack_can_be_read_together_with_all_others() -> None:
    packs = [load_pack(name) for name in shipped_packs()]
    assert len(catalogue_with(packs)) == 32 + sum(len(pack.expectations) for pack in packs)


def test_a_pack_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"There is no pack 'no_such': neither a shipped one nor a folder"
    ):
        load_pack("no_such")
    with pytest.raises(UnreadableFile, match="neither a shipped one"):
        load_pack(tmp_path)


# --------------------------------------------------------------------------------- faults


def test_every_fault_is_told_with_file_row_column_and_value(tmp_path: Path) -> None:
    toml = TOML.replace('"availability"', '"avaliability"').replace('"receive"', '"recieve"')
    toml = toml.replace('expects = "fresh', 'expect = "fresh').replace('version = "1"', "version = 1")
    english = ENGLISH + (
        "crust\tmet\tgood\ncrisp_crust\tok\tgood\ncrisp_crust\tmet\n"
        "early_bread\twished\tOpen at  five PLEASE\ncrisp_crust\tmet\t \n"
    )
    assert faults(write(tmp_path / "f", toml, en=english)) == [
        "pack.toml, [pack], version: 1 must be a text in quotation marks",
        "pack.toml, [expectations.early_bread], expect: 'fresh bread before work' is no key of it "
        "(expects, expects_in, name, parent, stage, usual_kind, usual_type)",
        "pack.toml, [expectations.early_bread], parent: 'avaliability' is no id of the general catalogue",
        "pack.toml, [expectations.early_bread], stage: 'recieve' must be one of "
        "discover, choose, buy, receive, use, get_help, stay",
        "pack.toml, [expectations.early_bread], usual_type: None must be one of "
        "explicit, implicit, interpersonal, digital, dynamic",
        "pack.toml, [expectations.early_bread], expects: None must be a text in quotation marks",
        "examples/en.tsv, row 4, expectation: 'crust' is no expectation of this pack",
        "examples/en.tsv, row 5, polarity: 'ok' must be one of met, unmet, wished",
        "examples/en.tsv, row 6, fields: 2 fields; there must be 3, with tabs between",
        "examples/en.tsv, row 7, text: 'Open at five PLEASE' stands in row 3 already",
        "examples/en.tsv, row 8, text: '' is empty",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('id = "bakery"', 'id = "Bäckerei"'), "pack.toml, [pack], id: 'Bäckerei' is no id"),
        (('id = "bakery"', 'id = "general"'), "pack.toml, [pack], id: 'general' is the name of the general"),
        (('name.en = "Bakery"\n', ""), "pack.toml, [pack], name: {'cs': 'Pekárna'} must give one text"),
        (("name.cs", "name.CZ"), "pack.toml, [pack], name.CZ: 'CZ' is no ISO 639 code in lower case"),
        (
            ("[expectations.crisp_crust]", "[expectations.Crust]"),
            "[expectations.Crust], id: 'Crust' is no id",
        ),
        (("[pack]\n", "colour = 1\n[pack]\n"), "pack.toml, top, colour: 1 is no part of a pack"),
        (('name.cs = "Křupavá kůrka"\n', ""), "expects_in.cs: 'kůrku, která praská' has no name beside it"),
    ],
)
def test_a_wrong_value_of_the_toml_is_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert any(told in fault for fault in faults(write(tmp_path / "f", TOML.replace(*change))))


def test_a_wrong_header_or_file_name_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", TOML, en="expectation,polarity,text\n", English=ENGLISH)
    assert faults(folder) == [
        "examples/English.tsv, the name, language: 'English' is no ISO 639 code in lower case",
        "examples/en.tsv, row 1, header: 'expectation,polarity,text' must be expectation, polarity, text, "
        "with tabs between",
    ]


def test_at_most_twenty_faults_are_listed(tmp_path: Path) -> None:
    rows = "".join(f"crust\tmet\tgood {row}\n" for row in range(30))
    listed = faults(write(tmp_path / "f", TOML, en="expectation\tpolarity\ttext\n" + rows))
    assert len(listed) == 21
    assert listed[-1] == "… and 10 more"


def test_broken_toml_and_other_encodings_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "f", "[pack\n")
    with pytest.raises(UnreadableFile, match=r"pack\.toml is no TOML: .*line 1"):
        load_pack(folder)
    (folder / "pack.toml").write_text(TOML, encoding="utf-8")
    (folder / "examples/cs.tsv").write_bytes("expectation\tpolarity\ttext\nkůrka".encode("cp1250"))
    with pytest.raises(UnreadableFile, match=r"examples/cs\.tsv is not UTF-8: byte 27 cannot be read"):
        load_pack(folder)


# ---------------------------------------------------------------------------------- adding


def test_an_added_expectation_makes_a_new_folder_that_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "My Own Pack"
    pack = add_expectation(folder, own(), names={"en": "Warm roll"}, examples=ROLLS, expects_in={})
    assert pack == load_pack(folder)
    assert (pack.id, pack.title["en"]) == ("my_own_pack", "My Own Pack")
    assert pack.expectations["warm_roll"].parent == "product_quality"
    assert [(e.expectation, e.language) for e in pack.examples] == [
        ("warm_roll", "cs"),
        ("warm_roll", "en"),
        ("warm_roll", "en"),
    ]


def test_what_stands_in_a_pack_stays_as_it_is(bakery: Path) -> None:
    before = contents(bakery)
    add_expectation(
        bakery, own(parent=None), names={"en": 'Warm "roll"', "cs": "Teplý\trohlík"}, examples=ROLLS
    )
    after = contents(bakery)
    assert all(after[name].startswith(content) for name, content in before.items())
    pack = load_pack(bakery)
    assert pack.names["en"]["warm_roll"]["name"] == 'Warm "roll"'
    assert pack.expectations["warm_roll"].parent is None
    assert len(pack.examples) == 6


def test_adding_twice_is_adding_once(bakery: Path) -> None:
    add_expectation(bakery, own(), names={"en": "Warm roll"}, examples=ROLLS)
    once = contents(bakery)
    add_expectation(bakery, own(), names={"en": "Warm roll"}, examples=tuple(reversed(ROLLS)))
    assert contents(bakery) == once


def test_a_known_expectation_gets_more_examples(bakery: Path) -> None:
    crust = load_pack(bakery).expectations["crisp_crust"]
    more = [Example("", "met", "what  a crust", "en"), Example("", "met", "sprø skorpe", "nb")]
    pack = add_expectation(bakery, crust, names={"en": "ignored"}, examples=more)
    assert pack.names["en"]["crisp_crust"]["name"] == "Crisp crust"
    assert {e.text for e in pack.examples} >= {"what a crust", "sprø skorpe"}


def test_an_example_with_tab_and_line_break_becomes_one_line(bakery: Path) -> None:
    odd = [Example("", "met", "warm\tand\r\nsoft\x85rolls", "en")]
    pack = add_expectation(bakery, own(), names={"en": "Warm roll"}, examples=odd)
    assert "warm and soft rolls" in {e.text for e in pack.examples}


def test_half_a_surrogate_in_an_example_becomes_a_question_mark(bakery: Path) -> None:
    odd = [Example("", "met", "warm \ud83d rolls", "en")]
    pack = add_expectation(bakery, own(), names={"en": "Warm roll"}, examples=odd)
    assert "warm ? rolls" in {e.text for e in pack.examples}


@pytest.mark.parametrize(
    ("record", "names", "examples", "error", "told"),
    [
        (own("on_time"), {"en": "x"}, ROLLS, BadOption, "'on_time' is an id of the general catalogue"),
        (
            own("crisp_crust", parent=None),
            {"en": "x"},
            ROLLS,
            BadOption,
            "with the parent 'product_quality' and",
        ),
        (own("Warm"), {"en": "x"}, ROLLS, UnreadableFile, "'Warm' is no id"),
        (own(), {"cs": "x"}, ROLLS, UnreadableFile, r"must give one text a language: name\.en"),
        (own(), {"en": "x"}, [Example("", "nice", "x", "en")], UnreadableFile, "'nice' must be one of"),
        (own(), {"en": "x"}, [Example("", "met", "x", "EN")], UnreadableFile, "'EN' is no ISO 639 code"),
        (own(parent="nothing"), {"en": "x"}, ROLLS, UnreadableFile, "'nothing' is no id of the general"),
    ],
)
def test_what_cannot_be_added_changes_nothing(
    bakery: Path,
    tmp_path: Path,
    record: Expectation,
    names: dict[str, str],
    examples: list[Example],
    error: type[Exception],
    told: str,
) -> None:
    before = contents(bakery)
    with pytest.raises(error, match=told):
        add_expectation(bakery, record, names=names, examples=examples)
    assert contents(bakery) == before
    if record.id != "crisp_crust":
        with pytest.raises(error, match=told):
            add_expectation(tmp_path / "new", record, names=names, examples=examples)
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_disk_that_fails_half_way_leaves_all_as_it_was(
    bakery: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    before, real, calls = contents(bakery), os.replace, iter(range(9))

    def failing(source: Path, target: Path) -> None:
        if next(calls) == nth:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(CannotWrite, match=r"Could not write to '.*': No space left on device"):
        add_expectation(bakery, own(), names={"en": "Warm roll"}, examples=ROLLS)
    assert contents(bakery) == before


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite):
        add_expectation(tmp_path / "file", own(), names={"en": "Warm roll"}, examples=ROLLS)
    assert (tmp_path / "file").read_text() == "x"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=40), name=st.text(min_size=1, max_size=20))
def test_any_words_come_back_as_they_were_written_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    folder = tmp_path_factory.mktemp("any") / "pack"
    try:
        added = add_expectation(folder, own(), names={"en": name}, examples=[Example("", "met", text, "en")])
    except UnreadableFile:
        assert not folder.exists()
        return
    assert [e.text for e in added.examples] == [e.text for e in load_pack(folder).examples]
    assert added.examples[0].text.split() == added.examples[0].text.split(" ")
    assert len(added.examples) == 1

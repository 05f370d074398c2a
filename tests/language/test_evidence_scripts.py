"""The scripts that fit `evidence.json`: made texts, tables, trees and the whole, on small sources."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import role_engine
from role_engine.language.latin import evidence, observations, usage, word_kinds
from role_engine.language.latin.observations import OF_WORD, TOLD_BY_TABLE
from tests.language.scripts import TOOLS, imported, need

WORDS = ("река", "Гора", "погода", "Хорошая", "и", "облака", "дом", "Деревья", "ёлка", "над", "утром")
DICTIONARY = {
    "river": ["река"],
    "weather": ["погода"],
    "house": ["дом", "жилище"],
    "clouds": ["облако"],
    "xy": ["гора"],
}
ENGLISH = ["The river runs through the old town.", "We left before sunrise, and nobody saw us.", "No, thanks."]
TERMS = "animus\tl\nbona\tl\ncanis\ts\nconst\tk\nfide\tl\nlet\tk\nlupus\ts\nsave\tu\nsettings\tku\nsql2\tk\n"
KINDS = ("word", "phrase", "pair", "subject", "label", "shout", "foreign", "translit", "lead_in", "sentence")
# These put something in place of Russian words, the others before the text.
REPLACING = {"word", "phrase", "pair", "subject", "foreign", "translit"}
LATIN = re.compile("[a-zà-ÿ]", re.IGNORECASE)

russian = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", " ", " ", ", ", " — ", "\n"]), min_size=len(words), max_size=len(words)
    ).map(lambda marks: "".join(word + mark for word, mark in zip(words, marks, strict=True)).strip() + ".")
)


@pytest.fixture(scope="module")
def slips() -> Iterator[ModuleType]:
    need("wordfreq")
    with imported("made_slips") as modules:
        yield modules["made_slips"]


@pytest.fixture(scope="module")
def authors() -> Iterator[ModuleType]:
    with imported("made_authors") as modules:
        yield modules["made_authors"]


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terms") / "terms.txt"
    path.write_text(TERMS, "utf-8")
    return path


@pytest.fixture(scope="module")
def tables() -> Iterator[ModuleType]:
    with imported("evidence_tables") as modules:
        yield modules["evidence_tables"]


@pytest.fixture
def rows() -> Iterator[ModuleType]:
    """`evidence_rows`, which has the check read another table of usage; afterwards it reads its own again."""
    need("pymorphy3", "wordfreq", "tqdm")
    own = usage._TABLE
    with imported("evidence_rows") as modules:
        yield modules["evidence_rows"]
    usage._TABLE = own
    for cached in (usage.usage_of, usage.is_used_pair, observations.observe_word, word_kinds.count_keeping_sources,
                   word_kinds.class_of, word_kinds.is_stranger):  # fmt: skip
        cached.cache_clear()


# ---- slips


def make_slip(slips: ModuleType, kind: str, text: str, seed: int) -> Any:
    def lemma(word: str) -> str:
        return {"облака": "облако"}.get(word, word)

    return getattr(slips.Slips(DICTIONARY, ENGLISH, lemma, seed), kind)(text)


@pytest.mark.parametrize("kind", KINDS)
@given(text=russian, seed=st.integers(0, 10**6))
def test_a_slip_stands_where_it_is_said_to(slips: ModuleType, kind: str, text: str, seed: int) -> None:
    made = make_slip(slips, kind, text, seed)
    if made is None:
        assert kind in REPLACING
        return
    before, slip, after = made.text[: made.start], made.text[made.start : made.end], made.text[made.end :]
    assert LATIN.search(slip)
    assert slip == slip.strip()
    assert not LATIN.search(before + after)
    if kind in REPLACING:
        assert text.startswith(before)
        assert text.endswith(after)
        assert len(before) + len(after) < len(text)
    elif not before.startswith("| "):
        assert after.lower().endswith(text.lower())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_finds_a_place_in_an_ordinary_text(slips: ModuleType, kind: str) -> None:
    text = (
        "Погода над рекой: река, дом и облака. Утром погода хорошая, и облака над деревьями белые, а дом река обходит."
    )
    assert any(make_slip(slips, kind, text, seed) for seed in range(20))


def test_the_english_word_translates_the_one_that_it_replaces(slips: ModuleType) -> None:
    made = {make_slip(slips, "word", "Тихая река течёт.", seed).text.lower() for seed in range(30)}
    assert made <= {"тихая river течёт.", "тихая rivers течёт."}


def test_a_text_of_unknown_words_has_no_place_for_a_translation(slips: ModuleType) -> None:
    assert make_slip(slips, "word", "Тихая гора.", 1) is None


def test_the_same_seed_makes_the_same_slip(slips: ModuleType) -> None:
    text = "Погода хорошая, река и дом, облака над деревьями."
    for kind in KINDS:
        assert make_slip(slips, kind, text, 7) == make_slip(slips, kind, text, 7)


# ---- what authors leave


@given(
    pieces=st.lists(st.sampled_from([*WORDS, "`const`", "`let`", "`two words`", "`x1`"]), min_size=1), data=st.data()
)
def test_each_code_word_comes_out_of_its_marks(
    authors: ModuleType, terms: Path, pieces: list[str], data: st.DataObject
) -> None:
    text = " ".join(pieces)
    made = authors.Authors(terms, 1).unwrap(text)
    assert len(made) == pieces.count("`const`") + pieces.count("`let`")
    for one in made:
        word = one.text[one.start : one.end]
        assert word in ("const", "let")
        assert f"{one.text[: one.start]}`{word}`{one.text[one.end :]}" == text


@given(seed=st.integers(0, 10**6))
def test_every_label_is_said_to_be_one(authors: ModuleType, terms: Path, seed: int) -> None:
    made = authors.Authors(terms, seed).label()
    assert made
    assert len({one.text for one in made}) == 1
    rest = made[0].text
    for one in sorted(made, key=lambda one: -one.start):
        label = one.text[one.start : one.end]
        assert label[0].isupper()
        assert set(label.lower().split()) <= {"save", "settings"}
        rest = rest[: one.start] + rest[one.end :]
    assert not LATIN.search(rest)


# ---- stems and tables


class Told(NamedTuple):
    """What the tables read of a row."""

    told: tuple[str, ...]
    kept: bool
    source: str
    origin: str = "authors"


def told(entry: str, kept: bool, source: str) -> Told:
    """A row whose first table says `entry`, and the others nothing."""
    return Told((entry, *(entry[0] for _ in TOLD_BY_TABLE[1:])), kept, source)


def test_stems_of_documentation_are_technical(tables: ModuleType) -> None:
    counts = {
        "docs": Counter({"файлы": 50, "время": 50}),
        "novel": Counter({"сердц": 500, "время": 500}),
    }
    assert tables.fit_stems(counts, {"novel"}) == {"файлы": 2.0, "сердц": -2.0}


@given(times=st.integers(1, 50))
def test_a_source_counts_the_same_whatever_its_size(tables: ModuleType, times: int) -> None:
    small = {"docs": Counter({"файлы": 3, "время": 1}), "novel": Counter({"файлы": 1, "время": 5})}
    large = small | {"docs": Counter({stem: count * times for stem, count in small["docs"].items()})}
    assert tables.fit_stems(large, {"novel"}) == tables.fit_stems(small, {"novel"})


def test_stems_are_counted_outside_of_code(tables: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Файлами файлов `файлы` дом деревья.\nДеревьям всё ещё хорошо.\n", "utf-8")
    with imported("russian_prose") as modules:
        source = modules["russian_prose"].Source("one", tmp_path, "")
    assert tables.count_stems([source], 10) == {"one": {"файла": 1, "файло": 1, "дерев": 2, "хорош": 1}}
    assert tables.count_stems([source], 1) == {"one": {"файла": 1, "файло": 1, "дерев": 1}}


def test_a_table_says_what_other_sources_say(tables: ModuleType) -> None:
    rows = [told("0файл", True, "one") for _ in range(50)]
    rows += [told("0", kept, source) for kept in (True, False) for source in ("one", "two") for _ in range(100)]
    table = tables.Tables(rows)
    assert table.values(told("0файл", True, "two"))[0] > 1
    assert table.values(told("0файл", True, "none of them"))[0] > 1
    # Of its own source nothing is left that would speak for it.
    assert table.values(told("0файл", True, "one"))[0] == pytest.approx(0)


def test_an_entry_tells_what_its_case_does_not(tables: ModuleType) -> None:
    rows = [told("1-ом", kept, "one") for kept in (True, True, True, False) for _ in range(100)]
    rows += [told("1-ое", kept, "one") for kept in (True, True, True, False) for _ in range(100)]
    rows += [told("0-ом", kept, "one") for kept in (True, False, False, False) for _ in range(100)]
    values = tables.Tables(rows).values
    assert values(told("1-ом", True, "none of them"))[0] == pytest.approx(0, abs=0.02)
    assert values(told("0-ом", True, "none of them"))[0] == pytest.approx(0, abs=0.02)


def test_the_file_has_no_entries_that_are_rare_or_say_nothing(tables: ModuleType) -> None:
    rows = [told("0да", True, "one") for _ in range(40)] + [told("0нет", False, "two") for _ in range(40)]
    rows += [told("0редко", True, "one") for _ in range(7)]
    rows += [told("0всё", kept, "one") for kept in (True, False) for _ in range(40)]
    finished = tables.Tables(rows).finished()
    assert list(finished) == list(TOLD_BY_TABLE)
    first = finished[TOLD_BY_TABLE[0]]
    assert set(first) <= {"0да", "0нет", "0всё"}
    assert first["0да"] > 0.5
    assert first["0нет"] < -0.5
    assert abs(first.get("0всё", 0.0)) < 0.2


# ---- trees


@pytest.mark.parametrize("seed", range(3))
def test_the_trees_that_are_written_sum_up_to_what_the_booster_says(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    need("pymorphy3", "wordfreq", "tqdm", "sklearn")
    lightgbm = pytest.importorskip("lightgbm", reason="lightgbm is installed by who makes the language data")
    import numpy as np

    chance = np.random.default_rng(seed)
    seen = chance.integers(-3, 6, size=(3000, 7)).astype(float)
    labels = (seen[:, 0] + seen[:, 1] * seen[:, 2] + chance.normal(0, 2, 3000)) > 1
    booster = lightgbm.train(
        {"objective": "binary", "num_leaves": 12, "verbose": -1, "seed": seed}, lightgbm.Dataset(seen, labels), 30
    )
    with imported("evidence_trees") as modules:
        trees = [evidence.Tree(*tree) for tree in modules["evidence_trees"].trees_of(booster)]
    assert len(trees) == 30
    model = evidence.EvidenceModel(trees, 0.0, [], {})
    monkeypatch.setattr(evidence, "load_model", lambda: model)
    monkeypatch.setattr(evidence, "observe", lambda word, around, model: word)
    sums = [evidence.weigh(row, None) for row in seen]  # type: ignore[arg-type]
    # A leaf is rounded to three digits.
    assert sums == pytest.approx(booster.predict(seen, raw_score=True), abs=30 * 0.0005 + 1e-6)
    explained = [sum(one.weight for one in evidence.explain(row, None)) for row in seen[:50]]  # type: ignore[arg-type]
    base = sum(tree.inner[0] for tree in trees)
    assert [base + value for value in explained] == pytest.approx(sums[:50])


# ---- rows


def test_what_an_author_left_is_observed_outside_of_code(rows: ModuleType) -> None:
    text = "Это frobber и `wobbler`, а ещё grommet в конце."
    found = rows.observe_text(text, {}, authors=True)
    assert [one.place for one in found] == [
        "Это ⟦frobber⟧ и `wobbler`, а ещё grommet в конце.",
        "Это frobber и `wobbler`, а ещё ⟦grommet⟧ в конце.",
    ]
    for one in found:
        assert len(one.told) == len(TOLD_BY_TABLE)
        assert len(one.numbers) + len(one.told) == len(observations.FEATURES)


def test_of_a_slip_its_span_is_observed(rows: ModuleType) -> None:
    text = "Это frobber и grommet в конце."
    start = text.index("grommet")
    (one,) = rows.observe_text(text, {}, start, start + len("grommet"))
    assert "⟦grommet⟧" in one.place


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("Сделайте commit и push в main, потом ждите проверки.", True),
        ("Слово и a long row of seven English words here.", False),
        ("Да: this is the house of the rising sun.", False),
        ("Если x = {a: 1}; y = [b]; то всё это уже код.", False),
    ],
)
def test_russian_prose_is_told_from_quotations_and_code(rows: ModuleType, text: str, russian: bool) -> None:
    assert rows.is_russian(text) is russian


def test_a_clean_block_has_no_latin_but_in_code(rows: ModuleType) -> None:
    text = "Обычный абзац русского текста, который длиннее сорока знаков"
    assert rows.is_clean(f"{text}.")
    assert rows.is_clean(f"{text} и держит `git log`.")
    assert not rows.is_clean(f"{text} и держит git.")
    assert not rows.is_clean("Короткий абзац.")


def test_english_is_read_by_sentences(rows: ModuleType, tmp_path: Path) -> None:
    squad = {"data": [{"paragraphs": [{"context": "One two three. Four five six!"}]}]}
    (tmp_path / "a.json").write_text(json.dumps(squad), "utf-8")
    (tmp_path / "docs").mkdir()
    markdown = "# A heading that is long enough to be one.\n\nA line that is a sentence and nothing else.\nShort.\n"
    (tmp_path / "docs" / "a.md").write_text(markdown, "utf-8")
    assert list(rows.read_english([tmp_path / "a.json", tmp_path / "docs"])) == [
        "One two three.",
        "Four five six!",
        "A line that is a sentence and nothing else.",
    ]


def test_a_word_is_judged_by_what_other_sources_have(rows: ModuleType, terms: Path, tmp_path: Path) -> None:
    sources, counts = [], {}
    for name, word in (("one", "frobber"), ("two", "grommet"), ("three", "grommet")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"Это обычный русский текст, и в нём стоит {word} без кавычек.", "utf-8")
        sources.append(rows.Source(name, tmp_path / name, ""))
        counts[name] = {"small": {word: 40}, "capital": {}, "code": {}, "pairs": {}, "russian": {}}
    gatherer = rows.Gatherer(
        {"dictionary": DICTIONARY, "sources": counts}, {}, ENGLISH, terms, prose=[], only_clean=[], blocks=10, seed=1
    )
    found = gatherer.gather(sources)
    assert all(row.kept and row.origin == "authors" for row in found)
    left = OF_WORD.index("authors leave it")
    assert [(row.source, row.numbers[left] > 0) for row in found] == [("one", False), ("two", True), ("three", True)]


# ---- the whole


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of documentation and one of prose, with what else the scripts ask for."""
    need("pymorphy3", "wordfreq", "tqdm", "lightgbm", "sklearn")
    place = tmp_path_factory.mktemp("workplace")
    chance = random.Random(1)
    for name, latin in (("docs", "commit branch Docker"), ("guide", "commit merge Python"), ("news", "Reuters BBC")):
        blocks = []
        for _ in range(120):
            words = [chance.choice(WORDS).lower() for _ in range(12)]
            if chance.random() < 0.6:
                words[chance.randrange(2, 10)] = chance.choice(latin.split())
            blocks.append(" ".join(words).capitalize() + ".")
        (place / name).mkdir()
        (place / name / "a.txt").write_text("\n".join(blocks), "utf-8")
    (place / "english.md").write_text("\n".join(ENGLISH[:2]) + "\n", "utf-8")
    lines = [f"{word}\n     {', '.join(words)}\n" for word, words in DICTIONARY.items()]
    (place / "mueller7.dict").write_text("".join(lines), "utf-8")
    return place


def run(place: Path, script: str, *options: str) -> str:
    path = os.pathsep.join([str(Path(role_engine.__file__).parents[1]), *sys.path])
    done = subprocess.run(
        [sys.executable, str(TOOLS / script), *options],
        cwd=place, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_scripts_fit_a_model_from_texts(workplace: Path) -> None:
    sources = [option for name in ("docs", "guide", "news") for option in ("--source", f"{name}={name}")]
    run(workplace, "count_usage.py", *sources, "--dictionary", "mueller7.dict", "--out", "counts.json")
    fit = ["counts.json", *sources, "--prose", "news", "--english", "english.md", "--trees", "8", "--keep", "kept"]
    report = run(workplace, "fit_evidence.py", *fit, "--folds", "2", "--out", "none.json")
    assert len(re.findall(r"^0\.\d+: threshold .*authors in docs", report, re.MULTILINE)) == 4
    assert not (workplace / "none.json").exists()
    run(workplace, "fit_evidence.py", *fit, "--out", "one.json")
    run(workplace, "fit_evidence.py", *fit, "--out", "two.json")
    made = (workplace / "one.json").read_bytes()
    assert made == (workplace / "two.json").read_bytes()
    read = json.loads(made)
    assert set(read) == {"threshold", "tables", "stems", "trees"}
    assert list(read["tables"]) == list(TOLD_BY_TABLE)
    assert read["trees"]
    assert all(len(tree) == len(evidence.Tree._fields) for tree in read["trees"])

"""`tools/language_data/build_terms.py` on small sources of every form."""

from __future__ import annotations

import json
import re
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.scripts import imported

MODULES = ("build_terms", "terms_taxa", "terms_labels", "terms_latin", "terms_names", "terms_code", "terms_english")

# Four stems in columns of 19, then the codes.
DICTLINE = [
    ("nephr nephr", "N 2 1 M T", "X B X C X"),
    ("stipulatio stipulation", "N 3 1 F T", "X L X C X"),
    ("garum gar", "N 2 2 N T", "X X X E X"),
    ("tabl tabl", "N 1 1 F T", "X L X A X"),
    ("jud jud judav judat", "V 1 1 TRANS", "X X X A X"),
]
INFLECTS = """
--  a comment
N     2 1 NOM S M  1 2 us        X A
N     2 1 GEN S X  2 1 i         X A
N     2 0 GEN P X  2 2 um        X C   --  rare
N     3 1 NOM S C  1 0           X A
N     3 1 GEN S X  2 2 is        X A
N     1 1 NOM S C  1 1 e         X A
V     1 1 PRES  ACTIVE  IND  3 S  1 2 at            X A
V     1 1 PRES  ACTIVE  IMP  2 S  2 0               X A
V     1 1 FUT   ACTIVE  IND  3 S  1 4 abit          X A
VPAR  1 0 NOM S M PERF PASSIVE PPL 4 2 us      X A
"""


@pytest.fixture(scope="module")
def tools() -> Iterator[dict[str, ModuleType]]:
    with imported(*MODULES) as modules:
        yield modules


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """The options that name small sources."""
    write(tmp_path / "scowl/english-words.10", "table house more top group name")
    write(tmp_path / "scowl/english-words.50", "sickle")
    write(tmp_path / "scowl/english-words.70", "quagmire")
    write(tmp_path / "scowl/english-upper.10", "Paulina")
    lines = []
    for stems, part, record in DICTLINE:
        columns = "".join(stem.ljust(19) for stem in [*stems.split(), "", "", "", ""][:4])
        lines.append(f"{columns}{part:<24} {record} a meaning;")
    write(tmp_path / "latin/DICTLINE.GEN", "\n".join(lines))
    write(tmp_path / "latin/INFLECTS.LAT", INFLECTS)
    write(
        tmp_path / "keywords.json",
        json.dumps({"rust": ["fnord", "Vec"], "ada": ["house"], "gml": ["gmlword"]}),
    )
    write(tmp_path / "kwlist.h", 'PG_KEYWORD("house", X)\nPG_KEYWORD("unsqlish", Y)\n/* PG_KEYWORD */')
    properties = {"-webkit-border-frob": {"syntax": "none-frob | <length> | frobbed"}, "house": {"syntax": "<color>"}}
    write(tmp_path / "mdn/css/properties.json", json.dumps(properties))
    write(tmp_path / "mdn/css/units.json", json.dumps({"qem": {}}))
    write(tmp_path / "mdn/css/selectors.json", json.dumps({":frobbing": {}, ":more": {}}))
    environments = {"browser": {"frobWindow": False, "name": False}, "nodeBuiltin": {"frob_fs": False}}
    write(tmp_path / "globals/globals.json", json.dumps(environments))
    for package, name in (("tags", "fig-frob"), ("svg", "feFrob"), ("attributes", "frobkey")):
        write(tmp_path / package / "index.js", f"/** a 'b */\nexport const it = [\n  '{name}'\n]")
    write(tmp_path / "pypi.txt", "numfrob\nhouse\nquagmire\npaulina\nPy-Frob\nprivet\n")
    write(tmp_path / "npm.txt", "@scope/scopefrob\nleftfrob\ntable-house\n")
    write(
        tmp_path / "debian.txt",
        "Package: frobd\nSection: net\nDepends: libc6, obscurant\n\nPackage: obscurant\nSection: science\n\n"
        "Package: libfrob3\nSection: libs\n\nPackage: housetable\nSection: admin\n",
    )
    write(tmp_path / "fig/build/frobctl.js", "")
    write(tmp_path / "icons/_data/simple-icons.json", json.dumps([{"title": "Frobify"}, {"title": "House"}]))
    write(tmp_path / "linguist/data/F.js", "export default {\n  name: 'Frobol',\n  aliases: ['frb'],\n}")
    write(tmp_path / "lobehub/es/FrobLM/index.js", "")
    wheel(tmp_path / "transformers.whl", {"transformers/models/frobert/__init__.py": ""})
    (tmp_path / "en-US.pak").write_bytes(pack(["Frobnicate", "Frobnicate &all", "Frobnicate $1", "A b c d frob"]))
    labels = "\n".join(f'msgid "Frobnicate {word}"' for word in ("now", "later", "again"))
    wheel(tmp_path / "catalogue.whl", {"x/locale/ru/LC_MESSAGES/django.po": labels})
    values = {
        "scowl": "scowl", "latin": "latin", "keywords": "keywords.json", "kwlist": "kwlist.h", "mdn": "mdn",
        "globals": "globals", "html": "tags svg attributes", "pypi": "pypi.txt", "npm": "npm.txt",
        "debian": "debian.txt", "fig": "fig", "simple-icons": "icons", "linguist": "linguist", "lobehub": "lobehub",
        "transformers": "transformers.whl", "chromium": "en-US.pak", "catalogues": "catalogue.whl", "out": "terms.txt",
    }  # fmt: skip
    return [
        text
        for option, paths in values.items()
        for text in (f"--{option}", *(str(tmp_path / path) for path in paths.split()))
    ]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(text.split(" ")) if path.parent.name == "scowl" else text, "utf-8")


def wheel(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def pack(texts: list[str]) -> bytes:
    """A `.pak` of version 5."""
    head = struct.pack("<IB3xHH", 5, 1, len(texts), 0)
    parts = [text.encode() for text in texts]
    offset = len(head) + 6 * (len(parts) + 1)
    table = b""
    for number, part in enumerate([*parts, b""]):
        table += struct.pack("<HI", number + 1, offset)
        offset += len(part)
    return head + table + b"".join(parts)


def built(tools: dict[str, ModuleType], options: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(sys, "argv", ["build_terms.py", *options])
    tools["build_terms"].main()
    lines = Path(options[-1]).read_bytes().splitlines()
    assert lines == sorted(lines)
    return dict(line.decode().split("\t") for line in lines)


def test_words_of_every_source_get_their_marks(
    tools: dict[str, ModuleType], sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = built(tools, sources, monkeypatch)
    expected = {
        "nephrus": "s", "nephri": "s", "stipulatio": "l", "stipulationis": "l", "iudat": "l", "judat": "l",
        "judatus": "l", "fnord": "k", "vec": "k", "unsqlish": "k", "border-frob": "k", "none-frob": "k",
        "frobbed": "k", "qem": "k", "frobbing": "k", "frobwindow": "k", "frob_fs": "c", "fig-frob": "k",
        "fefrob": "k", "frobkey": "k", "numfrob": "c", "py-frob": "c", "leftfrob": "c", "frobd": "c",
        "frobctl": "c", "frobify": "m", "frobol": "m", "frb": "m", "froblm": "m", "frobert": "m",
        "frobnicate": "u", "musculus": "s", "allegro": "n", "esc": "u", "c#m7": "n", ".env": "k",
    }  # fmt: skip
    assert {word: marks.get(word, "") for word in expected} == expected
    # Too rare, a future tense, an imperative without an ending, a language or a library that is not asked for.
    for word in ("garum", "judabit", "jud", "nephrum", "gmlword", "obscurant", "libfrob3", "scopefrob", "table-house"):
        assert word not in marks, word
    # English, two English words in one, somebody's name, Russian in Latin letters: no package, and no Latin.
    for word in ("quagmire", "paulina", "privet", "housetable"):
        assert word not in marks, word
    assert not set("cl") & set(marks["table"])
    assert not set("clm") & set(marks["house"])
    # A property whatever it is called, a selector only if it is no English word.
    assert marks["house"] == "k"
    assert "k" not in marks["more"]


def test_a_source_may_be_left_out(
    tools: dict[str, ModuleType], sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = built(tools, [*sources[:2], *sources[-2:]], monkeypatch)
    assert marks["brachii"] == "s"
    assert "numfrob" not in marks


def test_an_english_word_of_sql_alone_is_said_to_be_one(
    tools: dict[str, ModuleType], sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    only_sql = [*sources[:2], "--kwlist", sources[sources.index("--kwlist") + 1], *sources[-2:]]
    marks = built(tools, only_sql, monkeypatch)
    assert marks["house"] == "kq"
    assert marks["unsqlish"] == "k"


def test_organisms_that_are_better_known_come_first(tools: dict[str, ModuleType]) -> None:
    taxa = tools["terms_taxa"]
    scores = taxa.scores(
        [
            taxa.Taxon("Frobia vulgaris", article=True, common_name=True),
            taxa.Taxon("Frobia obscura"),
            taxa.Taxon("Frobia", article=True),
            taxa.Taxon("Microbium studiosum", children=100),
            taxa.Taxon("Frobia sp. strain 12", article=True),
            taxa.Taxon("frob virus", article=True),
            taxa.Taxon("Frobia vulgaris minor", common_name=True),
        ]
    )
    assert set(scores) == {"frobia", "vulgaris", "obscura", "microbium", "studiosum", "minor"}
    assert list(taxa.best(scores, 3)) == ["frobia", "vulgaris", "microbium"]


@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=12))
def test_a_pack_is_read_as_it_was_written(tools: dict[str, ModuleType], texts: list[str]) -> None:
    assert list(tools["terms_labels"].chromium(pack(texts))) == texts


def test_a_pack_of_another_version_is_refused(tools: dict[str, ModuleType]) -> None:
    with pytest.raises(ValueError, match="version 4"):
        list(tools["terms_labels"].chromium(b"\x04" + pack([])[1:]))


@given(texts=st.lists(st.text(max_size=30), max_size=40))
def test_labels_are_words_in_small_letters(tools: dict[str, ModuleType], texts: list[str]) -> None:
    for word in tools["terms_labels"].label_words(texts):
        assert re.fullmatch(r"[a-z-]{2,}", word)


@given(words=st.lists(st.text(min_size=1, max_size=40), max_size=20), mark=st.sampled_from("sklcmnu"))
def test_whatever_is_gathered_the_lines_are_of_one_form(
    tools: dict[str, ModuleType], words: list[str], mark: str
) -> None:
    terms = tools["build_terms"].Terms(tools["terms_english"].English(Path("nowhere")))
    terms.add(mark, words)
    lines = terms.lines()
    assert lines == sorted(lines)
    for line in lines:
        word, marks = line.decode().removesuffix("\n").split("\t")
        assert word in words
        assert marks == mark

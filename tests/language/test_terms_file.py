"""`terms.txt`: its form, and what it says of words that a Russian author leaves in Latin letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import role_engine.language

DATA = Path(role_engine.language.__file__).parent / "data"
LINES = (DATA / "terms.txt").read_bytes().splitlines()
MARKS = dict(line.decode().split("\t") for line in LINES)
KNOWN = "slkqcmnu"


def test_the_file_is_in_order_and_of_one_form() -> None:
    assert sorted(LINES) == LINES
    assert len(MARKS) == len(LINES) > 100_000
    for word, marks in MARKS.items():
        assert word == word.casefold()
        assert re.fullmatch(r"\.?[^\W_][\w.+#-]{0,31}", word), word
        assert marks == "".join(mark for mark in KNOWN if mark in marks), word
        assert "q" not in marks or "k" in marks, word


def test_the_data_stays_small() -> None:
    assert (DATA / "terms.txt").stat().st_size < 1_600_000
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 5 * 1024 * 1024


def test_every_licence_that_the_readme_names_lies_beside_it() -> None:
    section = (DATA / "README.md").read_text("utf-8").partition("## terms.txt")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(LICENSE[\w.-]+)`", section))
    assert named >= {"LICENSE.terms.txt", "LICENSE.linguist.txt", "LICENSE.scowl.txt"}
    for name in named:
        assert (DATA / name).stat().st_size > 500
    notices = (DATA / "LICENSE.terms.txt").read_text("utf-8")
    for source in re.findall(r"MIT|BSD-3-Clause|PostgreSQL|Whitaker|NCBI|Apache|CC0", section):
        assert source in notices


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("s", "helicobacter pylori staphylococcus aureus rosa canina canis lupus familiaris carotis interna musculus"),
        (
            "s",
            "biceps brachii ulcus duodeni morbus angina pectoris escherichia coli betula pendula sphenoideus",
        ),
        ("l", "pacta sunt servanda culpa in contrahendo bona fide ultra vires per rp amoxicillini d.t.d caps signa"),
        ("l", "habeas corpus cogito ergo sum dura lex sed lex ius cogens kyrie eleison iure jure"),
        ("k", "root const let true typeof null public private protected for while int float composables tree-shaking"),
        ("k", "kebab-case flexbox iframe todo reflog tarball px rem em vw .env .webp tcp elif nullptr varchar"),
        ("kq", "replace rebuild replication aggregate identity procedure"),
        ("c", "bcrypt iptables zlib sshd koboldcpp numpy pytest kubectl nginx lodash systemctl ffmpeg"),
        ("m", "llama mistral copilot teams oracle swagger node gulp cargo gemma claude cursor git qwen"),
        ("n", "allegro legato am sus aug dim c#m7 bbmaj7 en passant zugzwang julienne pays oc"),
        ("u", "esc enter shift tab ok cancel sign in settings remove privacy security screen time from save file view"),
    ],
)
def test_words_of_each_sort_are_known(mark: str, words: str) -> None:
    without = [word for word in words.split() if not set(mark) <= set(MARKS.get(word, ""))]
    assert not without


def test_ordinary_words_are_no_organisms_packages_or_products() -> None:
    ordinary = """
    house table process important people water think because another children country question company problem
    example different government information development experience community education language history business
    research result health service family morning evening friend mother window garden kitchen dinner weather
    onboarding healthcare mindset chatbot deliverables recycling storytelling workflow lifestyle teamwork
    """
    marked = {word: MARKS[word] for word in ordinary.split() if set("slcmn") & set(MARKS.get(word, ""))}
    assert not marked


def test_frequent_russian_in_latin_letters_is_nothing_of_this() -> None:
    russian = "eto chto kogda privet spasibo pozhaluysta konechno segodnya zavtra potomu tolko mozhno nuzhno"
    assert not {word: MARKS[word] for word in russian.split() if word in MARKS}

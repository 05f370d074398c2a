"""Three ways to say it, one order of precedence, and errors that say what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from role_engine.app.resolution import Choice
from role_engine.errors import RoleError, UnknownRole
from role_engine.hosts.http.parsing import ChoiceError, KnownValues, parse_choice

KNOWN = KnownValues(("logician", "philosopher", "poet"), ("none", "think"))


def asked(body: dict[str, Any], header: str | None = None) -> Choice:
    return parse_choice(body, Headers({"x-role-engine": header} if header is not None else {}), KNOWN)[0]


def refused(body: dict[str, Any], header: str | None = None) -> ChoiceError:
    with pytest.raises(ChoiceError) as caught:
        asked(body, header)
    return caught.value


@pytest.mark.parametrize(
    ("body", "header", "choice"),
    [
        ({}, None, Choice()),
        ({"role_engine": None, "model": None}, "", Choice()),
        ({"role_engine": {}}, None, Choice()),
        ({"role_engine": "poet"}, None, Choice("poet")),
        ({"role_engine": "poet:strict"}, None, Choice("poet", "strict")),
        ({"role_engine": {"role": "poet"}}, None, Choice("poet")),
        ({"role_engine": {"role": "none", "mode": "off"}}, None, Choice("none", "off")),
        (
            {"role_engine": {"role": "poet", "mode": "balanced", "thinking": "think"}},
            None,
            Choice("poet", "balanced", "think"),
        ),
        ({"role_engine": {"role": None, "mode": "strict"}}, None, Choice(None, "strict")),
        ({}, "poet", Choice("poet")),
        ({}, " poet : strict ", Choice("poet", "strict")),
        ({}, "poet%3Astrict", Choice("poet", "strict")),
        ({}, ":strict", Choice(None, "strict")),
        ({"model": "role:poet"}, None, Choice("poet")),
        ({"model": "role:poet:strict"}, None, Choice("poet", "strict")),
        ({"model": "role:none"}, None, Choice("none")),
        ({"model": "qwen3:30b"}, None, Choice()),
        ({"model": 5}, None, Choice()),
    ],
)
def test_each_way_of_asking(body: dict[str, Any], header: str | None, choice: Choice) -> None:
    assert asked(body, header) == choice


def test_the_first_voice_wins_key_by_key() -> None:
    body = {"role_engine": {"thinking": "think"}, "model": "role:logician:strict"}
    assert asked(body, "poet") == Choice("poet", "strict", "think")
    assert asked({**body, "role_engine": {"role": "philosopher"}}, "poet") == Choice("philosopher", "strict")
    assert asked(body, "poet:off").mode == "off"


def test_detail_of_the_report() -> None:
    assert parse_choice({"role_engine": {"report": "full"}}, {}, KNOWN)[1] == "full"
    assert parse_choice({"role_engine": {"report": None}}, {}, KNOWN)[1] == "counts"


@pytest.mark.parametrize(
    ("body", "header", "param", "says"),
    [
        ({"role_engine": {"role": "poett"}}, None, "role_engine.role", ["'poett'", "Did you mean 'poet'?", "logician"]),
        ({"role_engine": "filosof"}, None, "role_engine", ["philosopher", "none"]),
        ({}, "poett", "X-Role-Engine", ["'poet'"]),
        ({"model": "role:poett"}, None, "model", ["'poet'"]),
        ({"model": "role:poet:strickt"}, None, "model", ["'strickt'", "'strict'", "balanced"]),
        ({"model": "role:"}, None, "model", ["philosopher:strict"]),
        ({"model": "role:poet:strict:think"}, None, "model", ["philosopher:strict"]),
        ({"role_engine": {"rol": "poet"}}, None, "role_engine", ["'rol'", "'role'", "report"]),
        ({"role_engine": {"mode": "hard"}}, None, "role_engine.mode", ["off", "strict", "balanced"]),
        ({"role_engine": {"thinking": "thinks"}}, None, "role_engine.thinking", ["'think'", "none"]),
        ({"role_engine": {"report": "all"}}, None, "role_engine.report", ["counts", "full"]),
        ({"role_engine": {"role": 5}}, None, "role_engine.role", ["a number"]),
        ({"role_engine": {"mode": True}}, None, "role_engine.mode", ["a boolean"]),
        ({"role_engine": ["poet"]}, None, "role_engine", ["a list", "role, mode"]),
        ({"role_engine": ""}, None, "role_engine", ["not a role"]),
        ({"role_engine": {"role": ""}}, None, "role_engine.role", ["known", "poet"]),
    ],
)
def test_an_error_names_the_place_and_what_there_is(
    body: dict[str, Any], header: str | None, param: str, says: list[str]
) -> None:
    error = refused(body, header)
    assert error.param == param
    for words in says:
        assert words.lower() in str(error).lower()


def test_an_unknown_role_can_be_told_apart() -> None:
    assert isinstance(refused({"role_engine": "x"}).__cause__, UnknownRole)
    assert not isinstance(refused({"role_engine": {"mode": "x"}}).__cause__, UnknownRole)


def test_a_wrong_value_is_an_error_even_where_another_voice_overrules_it() -> None:
    assert refused({"role_engine": "poet"}, "nobody").param == "X-Role-Engine"


def test_a_broken_role_says_what_is_wrong_with_its_file_and_not_where_it_lies() -> None:
    broken = RoleError("Unknown key 'sistem'.", path=Path("/home/me/roles/sage.yaml"), line=3)
    known = KnownValues(("poet",), ("none",), lambda: {"sage": broken})
    with pytest.raises(ChoiceError, match=r"sage\.yaml:3: Unknown key 'sistem'") as caught:
        parse_choice({"role_engine": "sage"}, {}, known)
    assert "/home/me" not in str(caught.value)


def test_an_error_does_not_repeat_megabytes() -> None:
    assert len(str(refused({"role_engine": {"role": "x" * 10**6}}))) < 500
    assert len(str(refused({"role_engine": {"x" * 10**6: "poet"}}))) < 500


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["poet", "strict", "none", "full"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from(["role", "mode", "thinking", "report"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(field=json_values, model=json_values, header=st.text())
def test_anything_is_understood_or_refused(field: object, model: object, header: str) -> None:
    try:
        choice, detail = parse_choice({"role_engine": field, "model": model}, {"X-Role-Engine": header}, KNOWN)
    except ChoiceError as error:
        assert error.param
    else:
        assert choice.role in (None, "none", *KNOWN.roles)
        assert choice.mode in (None, "off", "strict", "balanced")
        assert choice.thinking in (None, *KNOWN.thinking)
        assert detail in ("counts", "full")

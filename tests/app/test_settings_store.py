"""`settings.yaml` as it is read: by the rules of role files, and with one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.app.settings_store import read_settings, write_settings
from role_engine.errors import SettingsError


def test_off_is_a_word(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("mode: off\nrole: no\nkeep_log: true\n", encoding="utf-8")
    assert read_settings(path) == {"mode": "off", "role": "no", "keep_log": True}
    write_settings(path, {"mode": "off", "keep_log": False})
    assert read_settings(path) == {"mode": "off", "keep_log": False}


def test_nothing_is_said_by_no_file_and_by_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    assert read_settings(path) == {}
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert read_settings(path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {" * 20_000, "nested more than"),
        ("".join(f"k{number}: 1\n" for number in range(20_000)), "more than 10,000 keys"),
        ("a: &a [1]\nb: *a\n", "alias"),
        ("- a\n", "mapping"),
        ("mode: [\n", "not valid YAML"),
        ("mode: \x07\n", "U\\+0007"),
    ],
)
def test_what_cannot_be_used_is_one_error_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=f"settings.yaml.*{said}"):
        read_settings(path)

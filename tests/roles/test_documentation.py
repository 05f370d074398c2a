"""The role files in docs/roles.md are role files, and what it lists is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from role_engine.prompts import role_text
from role_engine.roles import RoleLibrary
from role_engine.roles.role_file import RoleFileKeys

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", DOCUMENT, re.DOTALL)


def test_every_example_works(tmp_path: Path) -> None:
    for name, text in EXAMPLES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    library = RoleLibrary([tmp_path, ROOT / "roles"])
    assert library.errors() == {}
    shown = {Path(name).stem for name, _ in EXAMPLES}
    assert len(shown) == 4
    for role_id in shown:
        words = role_text(library.get(role_id), user="Анна")
        assert words.system.startswith("Отвечай только по-русски")
        assert "{" not in words.system


def test_the_roles_and_keys_that_it_lists_are_all() -> None:
    library = RoleLibrary([ROOT / "roles"])
    listed = dict(re.findall(r"^\| `([\w-]+)` \| (.+?) \| ", DOCUMENT, re.MULTILINE))
    assert {role_id: listed.get(role_id) for role_id in library.ids()} == {role.id: role.name for role in library}
    keys = set(re.findall(r"^\| `(\w+)` \| ", DOCUMENT, re.MULTILINE))
    assert set(RoleFileKeys.model_fields) - {"override"} <= keys

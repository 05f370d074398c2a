"""A role file to start from."""

from __future__ import annotations

import json
from pathlib import Path

from role_engine.errors import SettingsError
from role_engine.files import create_file
from role_engine.roles import Role
from role_engine.roles.role import is_role_id

TEMPLATE = """\
# Роль {id}. Проверить: role-engine roles validate; посмотреть промпт: role-engine render --role {id} "Вопрос"
name: {title}
description: ""        # одна строка для списка ролей
{extends}

# Кто это, как думает, как отвечает, чего избегает.
system: |
  Ты — {plain_title}.

# Две-три реплики, по которым слышен голос.
examples:
  - user: Кто ты?
    assistant: {introduction}

negative: []           # чего роль не делает, по строке
# reminder: Отвечай по-русски.   # последние слова перед ответом; без этой строки — как у родителя
greeting: ""

language:
  mode: {mode}       # off, strict (только кириллица) или balanced
  allow: []            # слова, которым можно остаться латиницей: [Python, Linux]
"""


def write_new_role(folder: Path, role_id: str, *, title: str, parent: Role | None) -> Path:
    """Write `folder/role_id.yaml`; an existing file is never touched.

    Raises:
        SettingsError: the id is none, such a role is there, or it cannot be written.
    """
    if not is_role_id(role_id):
        raise SettingsError(
            f"{role_id!r} cannot be a role's id.", hint="Use 1 to 64 of a-z, 0-9, _ and -, and not `none`."
        )
    path = folder / f"{role_id}.yaml"
    plain = " ".join(title.split())
    text = TEMPLATE.format(
        id=role_id,
        title=json.dumps(plain, ensure_ascii=False),  # a JSON string is a YAML string, whatever is in it
        plain_title=plain,
        introduction=json.dumps(f"Я — {plain}.", ensure_ascii=False),
        extends=f"extends: {parent.id}" if parent else "# extends: russian",
        mode=parent.language.mode if parent else "balanced",
    )
    try:
        create_file(path, text.encode())
    except FileExistsError:
        raise SettingsError("There is such a role already.", path=path, hint="Choose another name.") from None
    except OSError as error:
        raise SettingsError(f"Cannot be written: {error.strerror}.", path=path) from None
    return path

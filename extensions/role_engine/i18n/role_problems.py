"""What is wrong, in Russian. The engine's errors speak English and say their kind: that is what is looked up here.

A kind that is not here is said as the engine says it. Kinds of what a role file holds are pydantic's own names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from role_engine.errors import RoleEngineError, nearest
from role_engine.i18n.catalogue import Language
from role_engine.roles.sampling import NumberParameter

_TEXT = "`{key}`: нужен текст, а не {input}."
_WHOLE = "`{key}`: нужно целое число, а не {input}."
_NUMBER = "`{key}`: нужно число, а не {input}."
_FLAG = "`{key}`: нужно true или false, а не {input}."
_LIST = "`{key}`: нужен список, а не {input}."
_KEYS = "`{key}`: нужны ключи со значениями, а не {input}."
_COPY = "Его текст скопируйте в `system`, а то, что идёт последним, — в `reminder` роли."
_NUMBERS = "Его числа впишите в `sampling` роли."
_FRAME = "Шаблон чата приносит сама модель; где его нет, шаблон называет `template` роли."
_CHARACTER = "Выгрузите самого персонажа как карточку."
_ID = "от 1 до 64 знаков a–z, 0–9, «_» и «-»"

MOST_NAMED = 40  # known words; of a thousand roles nobody reads the names

RUSSIAN: Mapping[str, str] = {
    # --- the YAML
    "empty": "Файл пуст: роли нужны хотя бы `name` и `system`.",
    "no mapping": "Файл должен состоять из ключей со значениями: «name: Поэт».",
    "not yaml": "Это не YAML: {yaml}.",
    "character": "Знака {said} в YAML быть не может: удалите его.",
    "documents": "В файле больше одного документа YAML: один файл — одна роль.",
    "alias": "Ссылка YAML *{said}: впишите само значение или возьмите `extends`.",
    "tag": "Тег YAML {said}: в ролях только простые данные, уберите его.",
    "nesting": "Вложенность больше {said}.",
    "nodes": "Ключей и значений больше {said}: длинные тексты кладут в файлы (`knowledge`).",
    "key no word": "Ключ должен быть словом.",
    "twice": "Ключ `{key}` стоит дважды: оставьте один.",
    "long number": "Число {said}… слишком длинное.",
    # --- what it says
    "extra_forbidden": "Неизвестный ключ `{word}`{inside}. {guess}",
    "missing": "Нет ключа `{key}`: добавьте его.",
    "string_type": f"{_TEXT} Возьмите его в кавычки.",
    "string_too_short": "`{key}`: не может быть пустым.",
    "literal_error": "`{key}`: не может быть {input}. {guess}",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "greater_than": "`{key}`: должно быть больше {gt}.",
    "greater_than_equal": "`{key}`: должно быть не меньше {ge}.",
    "less_than_equal": "`{key}`: должно быть не больше {le}.",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _KEYS,
    "dict_type": _KEYS,
    "path_type": "`{key}`: нужно имя файла, а не {input}.",
    "no_role_id": f"«{{name}}» не годится в id роли: нужно {_ID}, и не `none`.",
    "no_template_name": f"«{{name}}» не годится в имя шаблона: нужно {_ID}.",
    "no_mode_id": f"«{{name}}» не годится в имя размышления: нужно {_ID}.",
    "sampling mapping": "`sampling`: нужны параметры со значениями.",
    "sampling name": "`sampling`: нет параметра `{word}`. {guess}",
    "sampling number": "`sampling.{name}`: нужно {number}, а не {input}.",
    "sampling flag": "`sampling.{name}`: нужно true или false, а не {input}.",
    "sampling text": "`sampling.{name}`: нужен текст, а не {input}.",
    # --- what it names
    "two systems": "Есть и `system`, и `system_file`: оставьте что-то одно.",
    "no system file": "`system_file`: нет файла «{name}».",
    "empty system file": "`system_file`: файл «{name}» пуст.",
    "jinja in a card": "`jinja`: в роли из карточки и в тех, что её продолжают, Jinja нельзя. Уберите этот ключ.",
    "jinja": "Jinja в текстах роли: ошибка, запрещённое или слишком дорогое ({said}).",
    "outside": "«{name}» лежит вне папки роли. Пути считаются от неё, и снаружи ничего не читается.",
    "circle": "`extends` идёт по кругу: {chain}.",
    "broken parent": "Роль `{name}`, которую эта продолжает, сама с ошибкой ({chain}): сначала исправьте её.",
    "no parent": "`extends`: нет роли `{word}` ({chain}). {guess}",
    "no role": "Нет роли `{word}`. {guess}",
    "no file": "`{key}`: нет файла «{name}».",
    "no template": "`template`: нет шаблона `{word}`. {guess}",
    "no mode": "Нет размышления `{word}`. {guess}",
    "mode not offered": "`thinking.default` — `{name}`, а `thinking.modes` его не предлагает.",
    # --- what the page is asked to do
    "role gone": "Файла роли `{name}` больше нет.",
    "not own": "Эта роль входит в поставку, удалить её нельзя.",
    "taken": "Роль `{name}` уже есть. Впишите другой id.",
    "card no json": "Карточка — не JSON: ошибка в строке {line}.",
    "no card": "В этом файле нет карточки: это не PNG, не архив и не текст.",
    "no card in png": "В этой картинке нет карточки. Мессенджеры и редакторы её стирают: нужен исходный файл.",
    "png cut": "Картинка повреждена или обрезана: скачайте файл ещё раз.",
    # --- files that are no cards
    "is lorebook": "Это лорбук, а не карточка. В роль его берёт команда role-engine roles import ФАЙЛ --into РОЛЬ.",
    "is chat completion preset": f"Это пресет SillyTavern для chat completion, а не карточка. {_COPY}",
    "is preset collection": f"Это набор пресетов SillyTavern, а не карточка. {_COPY}",
    "is system prompt preset": f"Это пресет системного промпта SillyTavern, а не карточка. {_COPY}",
    "is instruct preset": f"Это пресет instruct из SillyTavern, а не карточка. {_FRAME}",
    "is context preset": f"Это пресет контекста из SillyTavern, а не карточка. {_FRAME}",
    "is instruction template": f"Это шаблон инструкций text-generation-webui, а не карточка. {_FRAME}",
    "is reasoning preset": f"Это пресет размышлений SillyTavern, а не карточка. {_FRAME}",
    "is regex script": "Это скрипт regex из SillyTavern, а не карточка. Такие скрипты здесь не выполняются.",
    "is theme": "Это тема оформления SillyTavern, а не карточка.",
    "is persona backup": "Это копия персон SillyTavern, а не карточка. Кто собеседник, впишите в `system` роли.",
    "is quick replies": f"Это быстрые ответы SillyTavern, а не карточка. {_CHARACTER}",
    "is settings": f"Это настройки или сохранение программы, а не карточка. {_CHARACTER}",
    "is chat": f"Это чат, а не его персонаж. {_CHARACTER}",
    "is group": "Это группа SillyTavern, а не карточка. Выгрузите её персонажей по одному.",
    "is novelai preset": f"Это пресет NovelAI, а не карточка. {_NUMBERS}",
    "is kobold settings": f"Это пресет KoboldAI, а не карточка. {_NUMBERS}",
    "is sampler preset": f"Это пресет сэмплирования, а не карточка. {_NUMBERS}",
    "is role file": "Это уже роль role_engine: положите файл в папку ролей вместе с теми, что он называет.",
}  # fmt: skip

YAML: Mapping[str, str] = {
    r"mapping values are not allowed": "лишнее двоеточие; текст с «: » внутри берут в кавычки",
    r"could not find expected ':'|expected ':'": "после ключа нет двоеточия",
    r"expected <block end>": "сбит отступ или строка стоит не на своём месте",
    r"expected ',' or '\]'": "не закрыта скобка «[»",
    r"expected ',' or '}'": "не закрыта скобка «{{»",
    r"character '\\t'|tab": "отступ сделан табуляцией, а нужны пробелы",
    r"character '(.)' that cannot start": "со знака «{0}» значение начинать нельзя: возьмите его в кавычки",
    r"unexpected end of stream": "не закрыта кавычка",
    r"unexpected document separator": "кавычка не закрыта до «---»",
    r"unknown escape character '(.)'": "в двойных кавычках нет знака «\\{0}»: возьмите одинарные",
    r"expected the node content|did not find expected": "здесь должно стоять значение",
    r"block sequence entries are not allowed": "элемент списка «-» начинают с новой строки",
    r"chomping or indentation|a comment or a line break": "после «|» или «>» на той же строке текста быть не может",
    r"expected alphabetic or numeric": "после «&» или «*» нужно имя; текст с них начинают в кавычках",
}
"""What PyYAML's scanner and parser say (`MarkedYAMLError.problem`), as patterns; the rest is said as it stands."""


def describe_error(error: RoleEngineError, language: Language) -> str:
    """An error in one line, without its file and line."""
    pattern = RUSSIAN.get(error.kind) if language == "ru" else None
    if pattern is not None:
        return " ".join(pattern.format(**_spoken(error)).split())
    hint = error.hint if len(error.values.get("known", ())) <= MOST_NAMED else ""
    return f"{error.message} {hint}".strip()


def in_file(error: RoleEngineError, language: Language, role_id: str) -> str:
    """The same for a role's file, with the place."""
    line = f":{error.line}" if error.line else ""
    return f"{role_id}.yaml{line}: {describe_error(error, language)}"


def is_told(error: RoleEngineError, language: Language) -> bool:
    """Whether an error is said in that language."""
    return language == "en" or error.kind in RUSSIAN


def _spoken(error: RoleEngineError) -> dict[str, Any]:
    """The values of an error, ready for their places."""
    values = dict(error.values)
    known = [str(word) for word in values.get("known", ())]
    guess = nearest(str(values.get("word", "")), known)
    listed = f"Есть: {', '.join(known)}." if 0 < len(known) <= MOST_NAMED else ""
    inside = f" в `{values['inside']}`" if values.get("inside") else ""
    return {
        **values,
        "input": _shown(values.get("input")),
        "guess": (f"Может быть, `{guess}`? " if guess else "") + listed,
        "inside": inside,
        "number": _asked(values.get("expected")),
        "yaml": _of_yaml(str(values.get("problem", ""))),
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "ключи со значениями"
    if isinstance(value, (list, tuple)):
        return "список"
    return f"«{str(value)[:60]}»"


def _asked(expected: Any) -> str:
    if not isinstance(expected, NumberParameter):
        return ""
    low, high = (
        f"{int(bound):,}".replace(",", " ") if bound == int(bound) else f"{bound:g}"
        for bound in (expected.low, expected.high)
    )
    return f"{'целое ' if expected.whole else ''}число от {low} до {high}"


def _of_yaml(problem: str) -> str:
    for pattern, text in YAML.items():
        if found := re.search(pattern, problem):
            return text.format(*found.groups())
    return problem

"""All that the panel says, in Russian and in English."""

from __future__ import annotations

from typing import Any

from role_engine.i18n.jobs import OF_LONG_WORK
from role_engine.i18n.role_form import FORM_TEXTS
from role_engine.i18n.violation_kinds import Language

RUSSIAN, ENGLISH = 0, 1

TEXTS: dict[str, tuple[str, str]] = {
    # --- under the chat
    "role": ("Роль", "Role"),
    "mode": ("Язык ответа", "Reply language"),
    "thinking": ("Размышление", "Thinking"),
    "as role": ("как у роли", "as the role says"),
    "as server": ("как в настройках", "as in the settings"),
    "no role": ("без роли", "no role"),
    "no thinking": ("без размышлений", "no thinking"),
    "more roles": ("Показаны первые {shown} ролей из {all}; остальные — на вкладке Role Engine.",
                   "The first {shown} roles of {all} are listed; the others are on the Role Engine tab."),
    "strict": ("строго: только кириллица", "strict: Cyrillic only"),
    "balanced": ("как русский редактор", "balanced: as a Russian editor"),
    "off": ("без проверки", "off: no check"),
    "reload": ("Перечитать роли", "Read roles again"),
    "unfiltered": ("Показать без фильтра", "Show without the filter"),
    # --- the status of a reply
    "clean": ("чисто", "clean"),
    "unchecked": ("без проверки", "not checked"),
    "rejected": ("отклонено {count} {fragments}, потеряно {seconds} с",
                 "{count} {fragments} rejected, {seconds} s lost"),
    "stripped": ("вырезано {count}", "{count} left out"),
    "tokens": ("{count} ток.", "{count} tok."),
    "ended length": ("достигнут предел длины", "the length limit was reached"),
    "ended content_filter": ("прерван: не удалось написать чисто", "ended: it could not be written cleanly"),
    "ended cancelled": ("остановлен", "stopped"),
    # --- the chat page of `serve`
    "chat": ("Чат", "Chat"),
    "chats": ("Разговоры", "Chats"),
    "new chat": ("Новый чат", "New chat"),
    "chat number": ("Чат {number}", "Chat {number}"),
    "message": (
        "Напишите сообщение и нажмите Enter (новая строка — Shift+Enter)",
        "Write a message and press Enter (a new line: Shift+Enter)",
    ),
    "send": ("Отправить", "Send"),
    "stop": ("Стоп", "Stop"),
    "empty": ("Очистить", "Clear"),
    "regenerate": ("Ещё раз", "Regenerate"),
    "edit last": ("Изменить вопрос", "Edit the question"),
    "waiting": ("Ждём своей очереди…", "Waiting in the queue…"),
    "writing": ("Пишет…", "Writing…"),
    "stopped": ("Остановлено.", "Stopped."),
    "busy": (
        "Ответ ещё пишется: дождитесь его или нажмите «Стоп».",
        "A reply is still being written: wait for it or press “Stop”.",
    ),
    "bug": ("Ошибка сервера; подробности в его журнале.", "An error of the server; its log says more."),
    "shutting down": ("Сервер завершает работу.", "The server is shutting down."),
    # --- the tab
    "language": ("Язык страницы", "Page language"),
    "roles": ("Роли", "Roles"),
    "guard": ("Проверка", "Guard"),
    "model": ("Модель", "Model"),
    "settings": ("Настройки", "Settings"),
    # --- roles
    "search": ("Найти роль", "Find a role"),
    "search hint": ("имя, описание или id", "name, description or id"),
    "no matches": ("Ничего не найдено.", "Nothing found."),
    "and more": ("и ещё {count}: уточните поиск", "and {count} more: search for them"),
    "broken": ("не читается", "broken"),
    "pick a role": ("Выберите роль слева.", "Pick a role on the left."),
    "use": ("Говорить в этой роли", "Talk in this role"),
    "used": ("Роль «{name}» выбрана под чатом.", "The role “{name}” is chosen under the chat."),
    "view": ("Как это видит модель", "What the model sees"),
    "edit": ("Правка", "Edit"),
    "more": ("Новая, копия, карточки", "New, copy, cards"),
    "yaml": ("Файл роли (YAML)", "Role file (YAML)"),
    "save": ("Сохранить", "Save"),
    "revert": ("Открыть заново", "Open again"),
    "delete": ("Удалить", "Delete"),
    "delete sure": ("Удалить в корзину", "Delete into the bin"),
    "saved": ("Сохранено: {path}", "Saved: {path}"),
    "valid": ("Ошибок нет.", "No errors."),
    "line": ("строка {line}", "line {line}"),
    "changed meanwhile": (
        "Файл изменил кто-то другой, пока он был открыт здесь. Ничего не записано, ваш текст цел: скопируйте его и "
        "нажмите «Открыть заново».",
        "Somebody else has changed the file while it was open here. Nothing was written, your text is still here: copy "
        "it and press “Open again”.",
    ),
    "copied from project": (
        "Эта роль входит в поставку: сохранённое станет вашей копией.",
        "This role comes with the project: what you save becomes a copy of your own.",
    ),
    "deleted": ("Удалено в корзину: {path}", "Deleted into the bin: {path}"),
    "new id": ("id новой роли, копии или карточки (латиницей)", "id of the new role, copy or card"),
    "new name": ("Имя", "Name"),
    "new": ("Создать", "Create"),
    "duplicate": ("Скопировать открытую", "Copy the open one"),
    "import": ("Загрузить карточку (PNG, JSON, charx, YAML)", "Import a card (PNG, JSON, charx, YAML)"),
    "card refused": ("Карточка не принята: {why}", "The card was not taken: {why}"),
    "imported": ("Роль «{id}» создана из карточки.", "The role “{id}” was made of the card."),
    "export": ("Выгрузить открытую", "Export the open one"),
    "format": ("Формат", "Format"),
    "file": ("Файл", "File"),
    "fixed multi_user": (
        "Сервер запущен с --multi-user: файлы общие, и менять их со страницы нельзя.",
        "The server runs with --multi-user: the files are everybody's, and cannot be changed from the page.",
    ),
    "fixed no login": (
        "Страница открыта другим (--listen или --share) без пароля, поэтому менять файлы с неё нельзя. Задайте "
        "--gradio-auth.",
        "The page is open to others (--listen or --share) without a login, so files cannot be changed from it. Set "
        "--gradio-auth.",
    ),
    "fixed admin": (
        "У сервера есть ключ администратора: файлы со страницы не меняются, настройки — через API с этим ключом.",
        "The server has an admin key: files are not changed from the page, and settings through the API with that key.",
    ),
    "fixed address": (
        "Сервер открыт другим без ключа, поэтому менять файлы со страницы нельзя.",
        "The server is open to others without a key, so files cannot be changed from the page.",
    ),
    "budget": (
        "{total} ток. из {context} — {share} % контекста",
        "{total} tokens of {context}: {share} % of the context",
    ),
    "budget unknown": ("{total} ток.", "{total} tokens"),
    "estimated": ("по оценке: модель не загружена", "an estimate: no model is loaded"),
    "free": ("свободно", "free"),
    "part frame": ("обёртка", "frame"),
    "part system": ("роль", "role"),
    "part examples": ("примеры", "examples"),
    "part history": ("история", "history"),
    "part knowledge": ("знания", "knowledge"),
    "part reminder": ("напоминание", "reminder"),
    "part user": ("вопрос", "question"),
    "no template": ("Для этой модели нет шаблона.", "There is no template for this model."),
    "sample question": ("Кто ты?", "Who are you?"),
    # --- guard
    "guard empty": (
        "В этой вкладке браузера ответов ещё не было. Здесь появится, что проверка отклонила и чем заменила.",
        "No replies in this browser tab yet. What the check rejects, and what came instead, will show here.",
    ),
    "replies": ("ответов", "replies"),
    "spans": ("отклонено", "rejected"),
    "attempts": ("попыток", "attempts"),
    "lost": ("токенов потеряно", "tokens lost"),
    "clean share": ("чистых сразу", "clean at once"),
    "lost plot": ("Потеряно токенов, по ответам", "Tokens lost, reply by reply"),
    "kinds plot": ("Отклонено, по видам", "Rejected, by kind"),
    "wanted": ("Модель хотела", "The model wanted"),
    "delivered": ("Получилось", "Delivered"),
    "newer": ("← Новее", "← Newer"),
    "older": ("Старше →", "Older →"),
    "refresh": ("Обновить", "Refresh"),
    "clear": ("Очистить", "Clear"),
    "page of": ("{first}–{last} из {all}", "{first}–{last} of {all}"),
    "try": ("Проверить текст", "Check a text"),
    "try hint": ("Вставьте любой текст", "Paste any text"),
    "check": ("Проверить", "Check"),
    "check clean": ("Чисто.", "Clean."),
    "check found": ("Найдено: {count}", "Found: {count}"),
    "kept in memory": (
        "Хранится только в памяти сервера и только для этой вкладки браузера.",
        "Kept in the server's memory only, for this browser tab only.",
    ),
    "kept on disk": ("По настройке пишется и в файл {path}.", "By the settings also written to {path}."),
    # --- model
    "no model": ("Модель не загружена.", "No model is loaded."),
    "inspect model": ("Осмотреть модель", "Inspect the model"),
    "loader": ("Загрузчик", "Loader"),
    "constraint": ("Запрет чужих букв", "Foreign letters are kept out"),
    "constraint mask": (
        "маской токенов: в strict с первого токена, в balanced при последней попытке",
        "by a token mask: in strict from the first token on, in balanced at the last try",
    ),
    "constraint bias": (
        "запретом токенов (logit_bias): в strict с первого токена, в balanced при последней попытке",
        "by banned tokens (logit_bias): in strict from the first token on, in balanced at the last try",
    ),
    "constraint grammar": (
        "грамматикой, если роль говорит decoder: always: она замедляет llama.cpp в несколько раз",
        "by a grammar where a role says decoder: always: it makes llama.cpp several times slower",
    ),
    "constraint none": (
        "нечем: этот загрузчик не умеет. Отклонённое генерируется заново",
        "by nothing, this loader has no way. What is rejected is generated again",
    ),
    "last constraint": ("В последнем ответе", "In the last reply"),
    "held by mask": ("маска токенов", "a token mask"),
    "held by bias": ("запрет списком", "a list of banned tokens"),
    "held by grammar": ("грамматика", "a grammar"),
    "held by none": ("ничего: следила только проверка", "nothing: the check alone watched"),
    "problems": ("Что не так", "Problems"),
    "no problems": ("Ничего не мешает.", "Nothing is in the way."),
    "cannot inspect": ("Осмотреть не удалось: {error}", "It could not be inspected: {error}"),
    "base problem": (
        "Это базовая модель: ролям её не учили. Возьмите роль с template: qwen3-chatml или модель Instruct.",
        "This is a base model, not trained on roles. Take a role with template: qwen3-chatml, or an instruct model.",
    ),
    "context problem": (
        "Контекст загружен меньше, чем держит модель: {loaded} из {length}. Увеличьте ctx-size, если хватит памяти.",
        "Less context is loaded than the model holds: {loaded} of {length}. Raise ctx-size if memory allows.",
    ),
    "no system problem": (
        "В шаблоне модели нет системного сообщения: роль встанет в начало первого вопроса.",
        "The model's template has no system message: the role goes before the first question.",
    ),
    # --- settings
    "default role": ("Роль по умолчанию", "Default role"),
    "default mode": ("Язык ответа по умолчанию", "Default reply language"),
    "default thinking": ("Размышление по умолчанию", "Default thinking"),
    "decoder": ("Запрет токенов (decoder)", "Token constraint (decoder)"),
    "decoder hint": ("где роль не говорит своего", "where the role says nothing"),
    "template": ("Общий шаблон", "Global template"),
    "template hint": ("где у роли и модели нет своего", "where role and model have none"),
    "surface page": ("Чат страницы", "The page's chat"),
    "surface chat_api": ("API чата", "Chat API"),
    "surface completions_api": ("API дополнения", "Completions API"),
    "surface notebook": ("Блокнот", "Notebook"),
    "surface impersonate": ("Ответ за пользователя", "Impersonate"),
    "reach on": ("роль и проверка", "role and check"),
    "reach guard": ("только проверка", "check only"),
    "reach off": ("не трогать", "untouched"),
    "clean_history": (
        "Прятать от модели её прежние фразы на чужом языке",
        "Hide the model's earlier foreign sentences from it",
    ),
    "keep_log": (
        "Записывать ответы и отклонённое в файл guard-log.jsonl",
        "Write replies and what was rejected to guard-log.jsonl",
    ),
    "everybodys language": ("Язык страницы для всех", "Page language for everybody"),
    "everybodys hint": ("не задано — как в браузере", "not set: as each browser says"),
    "by itself": ("не задано", "not set"),
    "set elsewhere": (
        "Задано в settings.yaml веб-интерфейса, и это сильнее: {keys}",
        "Set in the webui's own settings.yaml, which wins: {keys}",
    ),
    "settings of serve": (
        "Здесь — настройки страницы. Роль и режим сервера по умолчанию задаёт командная строка: {keys}",
        "These are the page's settings. The server's default role and mode come from the command line: {keys}",
    ),
    **FORM_TEXTS,
    **OF_LONG_WORK,
}  # fmt: skip


def language_of(accepted: str | None) -> Language:
    """The page's language by a browser's `Accept-Language`: the first of its languages that we speak.

    A browser that names other languages only gets English, one that names none Russian.
    """
    wanted: list[tuple[float, str]] = []
    for part in (accepted or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.strip().lower().split("-")[0]))
        except ValueError:
            continue
    names = [name for _, name in sorted(wanted, key=lambda pair: pair[0]) if name]
    found = next((name for name in names if name in ("ru", "en")), None)
    return "ru" if found == "ru" or not names else "en"


def say(language: Language, key: str, **values: Any) -> str:
    text = TEXTS[key][RUSSIAN if language == "ru" else ENGLISH]
    return text.format(**values) if values else text


def pluralize(language: Language, count: int, russian: tuple[str, str, str], english: tuple[str, str]) -> str:
    """The word for `count` things: («фрагмент», «фрагмента», «фрагментов»), ("fragment", "fragments")."""
    if language == "en":
        return english[count != 1]
    if count % 10 == 1 and count % 100 != 11:
        return russian[0]
    return russian[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else russian[2]


def number(language: Language, value: float, digits: int = 1) -> str:
    """A decimal as the language writes it."""
    written = f"{value:.{digits}f}"
    return written.replace(".", ",") if language == "ru" else written

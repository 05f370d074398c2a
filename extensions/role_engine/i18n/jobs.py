"""What is said of long work."""

from __future__ import annotations

JOB_TEXTS: dict[str, tuple[str, str]] = {
    # --- every work
    "progress": ("Ход работы", "Progress"),
    "cancel": ("Отменить", "Cancel"),
    "work begins": ("начинается…", "beginning…"),
    "work cancelling": ("отменяется…", "being cancelled…"),
    "work failed": ("Не удалось: {error}", "It failed: {error}"),
    # --- knowledge
    "knowledge": ("Знания", "Knowledge"),
    "no knowledge": (
        "У этой роли нет файлов знаний (knowledge: files).",
        "This role has no files of knowledge (knowledge: files).",
    ),
    "file missing": ("файла нет", "no such file"),
    "size kb": ("{size} кБ", "{size} kB"),
    "size mb": ("{size} МБ", "{size} MB"),
    "size gb": ("{size} ГБ", "{size} GB"),
    "index kind": ("Поиск", "Search"),
    "index by words": ("по словам (BM25 по русским основам)", "by words (BM25 over Russian stems)"),
    "index by meaning": ("по смыслу ({model})", "by meaning ({model})"),
    "index current": ("Указатель построен, фрагментов: {size}.", "The index is built, {size} fragments."),
    "index absent": (
        "Указателя ещё нет, или файлы с тех пор изменились. Его построит первый вопрос к роли — или кнопка.",
        "There is no index yet, or the files have changed since. The first question builds it, or the button.",
    ),
    "index busy": ("Указатель строится.", "The index is being built."),
    "index given up": (
        "Построение отменено: роль отвечает без своих файлов, пока указатель не построен.",
        "The building was cancelled: the role answers without its files until the index is built.",
    ),
    "build index": ("Построить указатель", "Build the index"),
    "build index anew": ("Построить заново", "Build it anew"),
    "index reading": ("читается {name} ({number} из {of})", "reading {name} ({number} of {of})"),
    "index progress": (
        "{names}: проиндексировано {done} из {of} фрагментов",
        "{names}: {done} of {of} fragments indexed",
    ),
    "index done": ("Указатель готов: {names}, фрагментов: {size}.", "The index is ready: {names}, {size} fragments."),
    "index cancelled": (
        "Построение отменено, недостроенное стёрто. Пока указателя нет, роль отвечает без своих файлов.",
        "Cancelled, and nothing half-built is left. Until there is an index the role answers without its files.",
    ),
    "index cancelled in chat": (
        "Построение указателя отменено: роль отвечает без своих файлов. Начать снова: выбрать роль ещё раз или "
        "вкладка Role Engine → Роли → Знания.",
        "The building of the index was cancelled: the role answers without its files. To begin again pick the role "
        "once more, or Role Engine → Roles → Knowledge.",
    ),
    "without files": ("без файлов роли: указатель не построен", "without the role's files: no index"),
    # --- masks
    "masks of mask": ("Маски токенов для этой модели:", "Token masks for this model:"),
    "masks of bias": ("Списки запретов для этой модели:", "Lists of bans for this model:"),
    "masks made": ("готово за {seconds} с", "made in {seconds} s"),
    "masks not made": (
        "ещё не сделано; сделает первый ответ, которому понадобится",
        "not made yet; the first reply that needs it makes it",
    ),
    "masks impossible": ("Сделать нельзя: {error}", "They cannot be made: {error}"),
    "make masks": ("Сделать сейчас", "Make them now"),
    "masks stage": ("{mode}: {stage}", "{mode}: {stage}"),
    "masks vocabulary": ("читается словарь модели", "reading the model's vocabulary"),
    "masks characters": ("знаки делятся на классы", "sorting characters into classes"),
    "masks trie": ("токены складываются в дерево", "laying the tokens out as a tree"),
    "masks masks": ("делаются маски", "making the masks"),
    "masks bans": ("составляется список запретов", "listing the bans"),
    "masks done": ("Готово: ответы больше не ждут.", "Done: no reply waits for them."),
    "masks none": ("Этому загрузчику маски не нужны.", "This loader takes none."),
    "masks cancelled": (
        "Отменено. Недоделанное сделает первый ответ, которому оно понадобится.",
        "Cancelled. What is left is made by the first reply that needs it.",
    ),
    # --- tokens
    "add tokens": ("Добавить токены", "Add tokens"),
    "tokens what": (
        "Пишет копию модели с новыми токенами; сама модель не меняется. Токен ничего не значит, пока модель не "
        "дообучена с ним; до тех пор он не генерируется.",
        "Writes a copy of the model with new tokens; the model itself stays as it is. A token means nothing until the "
        "model is trained with it, and is not generated until then.",
    ),
    "tokens modes": ("Режимы размышления", "Thinking modes"),
    "tokens roles": ("Роли: <|role:id|>", "Roles: <|role:id|>"),
    "tokens roles hint": ("остальные — вписать id", "others: write the id"),
    "tokens tool": ("пара для инструментов: <tool_start> </tool_end>", "a pair for tools: <tool_start> </tool_end>"),
    "tokens pad": ("<|pad|> для заполнения", "<|pad|> for padding"),
    "tokens copy": (
        "копировать все файлы (если копию будут обучать на месте)",
        "copy every file (if the copy is to be trained in place)",
    ),
    "tokens name": ("Имя новой папки", "Name of the new folder"),
    "tokens name hint": ("рядом с моделью; ничего не перезаписывается", "beside the model; nothing is overwritten"),
    "tokens go": ("Записать копию с токенами", "Write the copy with tokens"),
    "tokens busy": ("Копия уже пишется: дождитесь её или отмените.", "A copy is being written: wait for it or cancel."),
    "tokens nothing": ("Нечего добавлять: отметьте режим, роль или токен.", "Nothing to add: tick something."),
    "tokens bad name": (
        "«{name}» — не имя папки: буквы, цифры, точка, плюс, дефис и подчёркивание, до 100 знаков, без пути.",
        "“{name}” is no folder's name: letters, digits, full stop, plus, hyphen and underscore, up to 100, no path.",
    ),
    "tokens taken": ("«{name}» уже есть рядом с моделью.", "There is “{name}” beside the model already."),
    "tokens reading": ("читаются файлы модели", "reading the model's files"),
    "tokens progress": ("записано {done} из {total}", "{done} of {total} written"),
    "tokens closing": ("всё записано, проверяется", "all is written, being checked"),
    "tokens done": (
        "Готово: папка «{name}» рядом с моделью. Новые токены: {tokens}. {linked}{next}{notes}",
        "Done: the folder “{name}” beside the model. New tokens: {tokens}. {linked}{next}{notes}",
    ),
    "tokens linked": (
        "Крупные файлы — ссылки на файлы модели: не обучайте в этой папке. ",
        "Large files are links to the model's own: do not train in this folder. ",
    ),
    "tokens next webui": (
        "Дальше: обучить и загрузить её на вкладке Model.",
        "Next: train it, and load it on the Model tab.",
    ),
    "tokens next serve": (
        "Дальше: обучить и запустить role-engine serve --model с этой папкой.",
        "Next: train it, and start role-engine serve --model with that folder.",
    ),
    "tokens cancelled": ("Отменено: записанное стёрто.", "Cancelled: what was written is gone."),
}  # fmt: skip

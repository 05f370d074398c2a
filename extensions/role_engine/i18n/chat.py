"""What a conversation on a terminal says besides the replies."""

from __future__ import annotations

CHAT_TEXTS: dict[str, tuple[str, str]] = {
    "chat hello": (
        "/help — команды, Ctrl-C прерывает ответ, Ctrl-D — выход.",
        "/help for commands, Ctrl-C ends a reply, Ctrl-D leaves.",
    ),
    "chat loading": ("Загружается модель…", "Loading the model…"),
    "chat you": ("вы: ", "you: "),
    "chat nobody": ("модель", "model"),
    "chat thinks": ("[размышляет] ", "[thinks] "),
    "chat stopped": ("[прервано]", "[stopped]"),
    "chat rejected": (
        "[попыток: {attempts}, отклонено: {rejected}{left_out}]",
        "[{attempts} attempts, rejected: {rejected}{left_out}]",
    ),
    "chat left out": (", вырезано: {n}", ", {n} left out"),
    "chat leave": ("Ещё раз Ctrl-C или Ctrl-D — выход.", "Ctrl-C again, or Ctrl-D, leaves."),
    "chat help": (
        (
            "/role ИМЯ   другая роль (none — без роли); без имени — список ролей\n"
            "/mode РЕЖИМ strict, balanced или off\n"
            "/new        забыть разговор и начать новый\n"
            "/help       эта справка\n"
            "/quit       выход"
        ),
        (
            "/role NAME  another role (none: no persona); without a name: the roles there are\n"
            "/mode MODE  strict, balanced or off\n"
            "/new        forget the conversation and begin anew\n"
            "/help       this help\n"
            "/quit       leave"
        ),
    ),
    "chat unknown": (
        "Нет команды {name}. Есть /role, /mode, /new, /help и /quit.",
        "There is no command {name}. There are /role, /mode, /new, /help and /quit.",
    ),
    "chat role": (
        "Роль: {role}. Разговор продолжается; /new начнёт новый.",
        "Role: {role}. The conversation goes on; /new begins another.",
    ),
    "chat roles": ("Роли: {roles}.", "Roles: {roles}."),
    "chat mode": ("Режим: {mode}.", "Mode: {mode}."),
    "chat modes": (
        "Нет режима {mode!r}. Есть strict, balanced и off.",
        "There is no mode {mode!r}. There are strict, balanced and off.",
    ),
    "chat new": ("Новый разговор.", "A new conversation."),
    "chat as file says": ("как у роли", "the role's own"),
}  # fmt: skip

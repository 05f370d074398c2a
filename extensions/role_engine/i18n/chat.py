"""What a conversation on a terminal says besides the replies, in Russian or in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from role_engine.i18n.violation_kinds import Language


@dataclass(frozen=True, slots=True)
class ChatTexts:
    """The words of the conversation; `{…}` are filled in."""

    language: Language
    hello: str
    loading: str
    you: str
    nobody: str
    thinks: str
    stopped: str
    rejected: str
    left_out: str
    leave: str
    help: str
    unknown: str
    role: str
    roles: str
    mode: str
    modes: str
    new: str
    as_file_says: str


RUSSIAN = ChatTexts(
    language="ru",
    hello="/help — команды, Ctrl-C прерывает ответ, Ctrl-D — выход.",
    loading="Загружается модель…",
    you="вы: ",
    nobody="модель",
    thinks="[размышляет] ",
    stopped="[прервано]",
    rejected="[попыток: {attempts}, отклонено: {rejected}{left_out}]",
    left_out=", вырезано: {n}",
    leave="Ещё раз Ctrl-C или Ctrl-D — выход.",
    help="""\
/role ИМЯ   другая роль (none — без роли); без имени — список ролей
/mode РЕЖИМ strict, balanced или off
/new        забыть разговор и начать новый
/help       эта справка
/quit       выход""",
    unknown="Нет команды {name}. Есть /role, /mode, /new, /help и /quit.",
    role="Роль: {role}. Разговор продолжается; /new начнёт новый.",
    roles="Роли: {roles}.",
    mode="Режим: {mode}.",
    modes="Нет режима {mode!r}. Есть strict, balanced и off.",
    new="Новый разговор.",
    as_file_says="как у роли",
)

ENGLISH = ChatTexts(
    language="en",
    hello="/help for commands, Ctrl-C ends a reply, Ctrl-D leaves.",
    loading="Loading the model…",
    you="you: ",
    nobody="model",
    thinks="[thinks] ",
    stopped="[stopped]",
    rejected="[{attempts} attempts, rejected: {rejected}{left_out}]",
    left_out=", {n} left out",
    leave="Ctrl-C again, or Ctrl-D, leaves.",
    help="""\
/role NAME  another role (none: no persona); without a name: the roles there are
/mode MODE  strict, balanced or off
/new        forget the conversation and begin anew
/help       this help
/quit       leave""",
    unknown="There is no command {name}. There are /role, /mode, /new, /help and /quit.",
    role="Role: {role}. The conversation goes on; /new begins another.",
    roles="Roles: {roles}.",
    mode="Mode: {mode}.",
    modes="There is no mode {mode!r}. There are strict, balanced and off.",
    new="A new conversation.",
    as_file_says="the role's own",
)

TEXTS: Mapping[Language, ChatTexts] = {"ru": RUSSIAN, "en": ENGLISH}

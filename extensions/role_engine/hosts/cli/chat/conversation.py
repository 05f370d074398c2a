"""A conversation, line after line: commands are obeyed, everything else is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from role_engine.errors import RoleEngineError
from role_engine.hosts.cli.chat.lines import LineSource
from role_engine.hosts.cli.chat.reply_printer import ReplyPrinter
from role_engine.hosts.cli.chat.session import ChatSession, FinishedReply
from role_engine.hosts.cli.policy_options import PolicyMode
from role_engine.hosts.cli.writing import note, put, put_json
from role_engine.i18n.catalogue import Texts, name_violation_kind


@dataclass
class Conversation:
    """Lines in, replies out.

    Attributes:
        on_terminal: a person reads along: replies stand under a name, and an error ends nothing.
        as_json: one JSON object a reply, instead of its text.
        failed: some spot of some reply could not be made clean.
    """

    session: ChatSession
    lines: LineSource
    texts: Texts
    on_terminal: bool
    as_json: bool = False
    failed: bool = False

    def run(self, first: str | None = None) -> None:
        """Until there are no more lines, or one says /quit.

        Raises:
            RoleEngineError: there is no reply, and no person who could say something else.
        """
        line = first if first is not None else self.lines.next()
        while line is not None:
            if line.startswith("/") and not line.startswith("//"):
                if not self._obey(*line.split(maxsplit=1)):
                    return
            elif line:
                self._answer(line[1:] if line.startswith("//") else line)
            line = self.lines.next()

    def _answer(self, text: str) -> None:
        try:
            said = self._said(text)
        except RoleEngineError as error:
            if not self.on_terminal:
                raise
            put()
            note(f"role-engine: {error}")
            return
        if said.stopped and not self.on_terminal:
            raise KeyboardInterrupt  # whoever pressed it at a pipe wants all of it to end
        self.failed = self.failed or said.failed
        if self.as_json:
            put_json(said.as_dict())
            return
        put()
        if said.stopped:
            note(self.texts("stopped"))
        if summary := summary_of(said.report, self.texts):
            note(summary)

    def _said(self, text: str) -> FinishedReply:
        if self.as_json:
            return self.session.say(text, lambda part: None)
        if self.on_terminal:
            put(f"{self.session.speaker or self.texts('nobody')}: ", end="")
        voice = ReplyPrinter(self.texts("thinks"))
        try:
            return self.session.say(text, voice)
        finally:
            voice.stop()

    def _obey(self, command: str, argument: str = "") -> bool:
        """Do what the command says; False: leave."""
        texts, session, argument = self.texts, self.session, argument.strip()
        match command:
            case "/quit" | "/exit":
                return False
            case "/help":
                note(texts("help"))
            case "/new":
                session.forget()
                note(texts("new"))
            case "/role" if argument:
                self._change_role(argument)
            case "/role":
                note(texts("roles", roles=", ".join((*sorted(session.partner.roles()), "none"))))
            case "/mode" if argument and argument not in PolicyMode.__members__:
                self._refuse(texts("modes", mode=argument))
            case "/mode":
                session.change(mode=argument)
                note(texts("mode", mode=session.choice.mode or texts("as file says")))
            case _:
                self._refuse(texts("unknown", name=command))
        return True

    def _change_role(self, name: str) -> None:
        try:
            self.session.change(role=name)
        except RoleEngineError as error:
            self._refuse(str(error))
            return
        note(self.texts("role", role=self.session.speaker or name))

    def _refuse(self, said: str) -> None:
        """An error of use: a person can do better, a script must hear of it."""
        if not self.on_terminal:
            from role_engine.errors import InputError

            raise InputError(said)
        note(said)


def summary_of(report: dict[str, Any], texts: Texts) -> str:
    """What the guard did, in one line; empty where it did nothing."""
    in_english = texts.language == "en"  # which has the kinds' own names here
    rejected = ", ".join(
        f"{item['kind'] if in_english else name_violation_kind(texts.language, item['kind'])} {item['count']}"
        for item in report.get("rejected", ())
    )
    if not rejected:
        return ""
    left_out = texts("left out", n=report["stripped"]) if report.get("stripped") else ""
    return texts("rejected", attempts=report["attempts"], rejected=rejected, left_out=left_out)

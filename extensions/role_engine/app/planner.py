"""From what a request asks to what the engine is to make, one `ReplyPlan` a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event, Semaphore
from typing import Any

from role_engine.app.chat_prompt import ChatPrompt, ControlTokenUse, build_chat_prompt, last_question
from role_engine.app.engine import Engine
from role_engine.app.history import Message
from role_engine.app.mode_chat import ModeChat, Write
from role_engine.app.raw_prompt import RAW_FALLBACK, render_raw_prompt
from role_engine.app.refusal import ClientLeft, RequestRefusal
from role_engine.app.reply_plan import ReplyPlan
from role_engine.app.resolution import Choice, EffectiveSettings, Fallback, drop_lost_role, resolve
from role_engine.backends.base import Backend, GenerationRequest
from role_engine.budget import ContextWindow, RolePromptBuilder
from role_engine.budget.bounded_count import PIECE, BoundedCount
from role_engine.guard.report import ReplyReport
from role_engine.knowledge import KnowledgeLibrary
from role_engine.language.markup.reasoning_formats import reasoning_tail
from role_engine.language.policy import Decoder
from role_engine.modes.asking import Ask
from role_engine.modes.handover import Handover
from role_engine.modes.library import ModeLibrary
from role_engine.modes.mode import Mode
from role_engine.modes.reply import ReplyStream
from role_engine.modes.reply_run import ReplyOptions
from role_engine.modes.switch import find_mode_token
from role_engine.prompts import Template, TemplateLibrary
from role_engine.roles import Role, RoleLibrary, Thinking

LONGEST_CHAT_REPLY = 4096
LONGEST_COMPLETION = 512
"""Tokens of a reply for which nobody says how long it may be."""

COUNTED_AT_A_TIME = 2
"""Long texts."""
_KEPT_FOR_THE_REPLY = 4  # a chat's history leaves at least a quarter of the context free, if the reply may be so long
_NOT_FOR_THE_ENGINE = frozenset({"max_new_tokens", "seed", "enable_thinking"})


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """What a request says about how to generate; None: it says nothing."""

    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    sampling: Mapping[str, Any] | None = None
    thinks: bool | None = None
    replies: int = 1


class Planner:
    """Plans replies on one engine.

    Args:
        default: the server's default role, mode and thinking, asked for anew each time.
        modes: the thinking modes; None: those that the project brings.
        knowledge: what the roles' files are looked up in; None: one whose indexes are not kept.

    Attributes:
        fallback: what the settings say where a role does not.
        control_tokens: what becomes of the model's control tokens in messages.
    """

    def __init__(
        self,
        engine: Engine,
        library: RoleLibrary,
        templates: TemplateLibrary,
        default: Callable[[], Choice] = Choice,
        *,
        modes: ModeLibrary | None = None,
        knowledge: KnowledgeLibrary | None = None,
    ) -> None:
        self.engine, self.library, self.templates, self.default = engine, library, templates, default
        self.modes, self.teller = modes or ModeLibrary(), RolePromptBuilder(knowledge or KnowledgeLibrary())
        self.fallback = Fallback()
        self._counting = Semaphore(COUNTED_AT_A_TIME)
        self.control_tokens: ControlTokenUse = "neutralise"

    def in_force(
        self, request: Choice | None = None, panel: Choice | None = None, message: str | None = None
    ) -> EffectiveSettings:
        """What counts, as `resolve` has it; a default role whose file is gone is left out.

        Raises:
            UnknownRole: request or panel name a role that is not there.
        """
        default = drop_lost_role(self.default(), self.library, "default")
        decoder = self.fallback.decoder
        return resolve(self.library, request=request, panel=panel, server=default, message=message, decoder=decoder)

    def chat(
        self,
        messages: Sequence[Message],
        asked: GenerationOptions,
        *,
        request: Choice | None = None,
        panel: Choice | None = None,
        decoder: Decoder | None = None,
        cancel: Event | None = None,
    ) -> list[ReplyPlan]:
        """The replies to a chat.

        Args:
            decoder: in place of the role's.
            cancel: set when nobody waits any more; the planning ends then.

        Raises:
            UnknownRole, TemplateError, Refusal: it cannot be answered, and why.
        """
        engine = self._bounded(cancel)
        at = max((i for i, message in enumerate(messages) if message["role"] == "user"), default=None)
        if at is not None and messages[-1]["role"] != "assistant":
            named, text = find_mode_token(messages[at]["content"], self.modes.all())
            messages = [*messages[:at], {**messages[at], "content": text}, *messages[at + 1 :]]
        else:
            at = named = None  # a reply that is continued goes on as it was begun
        in_force = self.in_force(request, panel, named)
        policy = in_force.policy if decoder is None else in_force.policy.model_copy(update={"decoder": decoder})
        role, limit = in_force.role, self._limit(asked, in_force.role, LONGEST_CHAT_REPLY)
        template = self.fallback.template

        question = last_question(messages)
        self._refuse_hopeless(engine, question, "messages")

        def write(shown: Sequence[Message], ask: Ask) -> ChatPrompt:
            own = self.engine.chat_template is not None  # a base model has no switch, though our templates do
            thinks = ask.thinks if ask.thinks is not None and own else self._thinks(asked, role)
            return build_chat_prompt(
                engine,
                self.templates,
                ask.role,
                shown,
                policy,
                room=self._room(limit if ask.room is None else ask.room),
                values={"enable_thinking": thinks},
                note=ask.note,
                reminder=ask.reminder,
                teller=self.teller,
                question=question,
                fallback=template,
                marks=self.control_tokens,
            )

        written = write(messages, Ask(role=role))
        whole = GenerationRequest(
            prompt=written.prompt,
            messages=written.messages,
            prefix=written.prefix,
            max_tokens=self._fitting(limit, written.tokens),
            stop=(*asked.stop, *written.stop),
            policy=policy,
            context=written.context,
            prompt_suffix=written.prompt_suffix,
            options=self._options(asked, role),
        )
        planned = self._replies(whole, asked, role, in_force, written.tokens, left_out=written.left_out)
        planned = [replace(one, tokens=self.modes.tokens()) for one in planned]
        mode = self.modes.find(in_force.thinking) if at is not None else None
        if at is None or (mode is None and not (role is not None and role.handoff and self.engine.hands_over)):
            return planned
        return [self._in_steps(one, mode, messages, at, role, write) for one in planned]

    def _in_steps(
        self,
        planned: ReplyPlan,
        mode: Mode | None,
        messages: Sequence[Message],
        at: int,
        role: Role | None,
        write: Write,
    ) -> ReplyPlan:
        """A reply that takes several questions, or may."""
        thinking, whole = role.thinking if role is not None else Thinking(), planned.request
        if mode is not None:
            planned.report.thinking = mode.id

        def procedure(backend: Backend, cancel: Event) -> ReplyStream:
            chat = ModeChat(backend, messages, at, role, write, whole, self.engine.context)
            handover = Handover(self.library.find, whole.policy) if self.engine.hands_over else None
            way = ReplyOptions(mode, self.library.find, thinking.depth, thinking.rounds, handover, self.modes.tokens())
            return ReplyStream(chat, way, cancel=cancel, report=planned.report)

        shown = (
            whole if mode is None else whole.derive(prompt_suffix="")
        )  # then it is the procedure that opens the block
        return replace(planned, request=shown, procedure=procedure)

    def completion(
        self,
        prompts: Sequence[str],
        asked: GenerationOptions,
        *,
        request: Choice | None = None,
        echo: bool = False,
        cancel: Event | None = None,
    ) -> list[ReplyPlan]:
        """What follows each prompt. A role applies only where the request names one; the language check always.

        Args:
            cancel: set when nobody waits any more; the planning ends then.

        Raises:
            UnknownRole, TemplateError, Refusal: it cannot be answered, and why.
        """
        if not self.engine.takes_text:
            raise RequestRefusal(f"{self.engine.name} takes chats only.", hint="Use /v1/chat/completions.")
        engine = self._bounded(cancel)
        in_force = self.in_force(request)
        role = in_force.role if request is not None and request.role is not None else None
        planned: list[ReplyPlan] = []
        for prompt in prompts:
            self._refuse_hopeless(engine, prompt, "prompt")
            text, stop, suffix, left_out = self._raw(engine, role, prompt)
            tokens = engine.count(text)
            if not text and tokens == 0:
                raise RequestRefusal("The prompt is empty, and the model has no token to begin with.", param="prompt")
            limit = self._limit(asked, role, LONGEST_COMPLETION)
            whole = GenerationRequest(
                prompt=text,
                max_tokens=self._fitting(limit, tokens),
                stop=(*asked.stop, *stop),
                policy=in_force.policy,
                context=(prompt,),
                prompt_suffix=suffix,
                options=self._options(asked, role),
            )
            first = len(planned)
            planned += self._replies(
                whole, asked, role, in_force, tokens, echo=prompt if echo else "", first=first, left_out=left_out
            )
        return planned

    def _bounded(self, cancel: Event | None) -> Engine:
        """The engine, which counts no further than its context, and no longer than somebody waits."""

        def check() -> None:
            if cancel is not None and cancel.is_set():
                raise ClientLeft

        engine = self.engine
        count = BoundedCount(engine.count, engine.context, engine.longest_token, check, self._counting)
        return replace(engine, count=count)

    def _refuse_hopeless(self, engine: Engine, text: str, param: str) -> None:
        """
        Raises:
            Refusal: a long text is more than the context by itself; then nothing is looked up for it.
        """
        if engine.context is not None and len(text) > PIECE and (tokens := engine.count(text)) >= engine.context:
            raise RequestRefusal(
                f"The text takes about {tokens} tokens, and the model holds {engine.context}.",
                param=param,
                hint="Shorten it.",
            )

    def _raw(self, engine: Engine, role: Role | None, prompt: str) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
        """Prompt, stop strings and suffix of a raw completion, with the role round it if there is one, and what of the
        role had no room."""
        if role is None:
            return prompt, (), reasoning_tail(prompt) or prompt, ()
        template = self._raw_template(role)
        rendered, left_out = render_raw_prompt(
            self.teller,
            role,
            prompt,
            template,
            ContextWindow(engine.context, engine.count, engine.name),
            most=None if engine.context is None else engine.context - 1,
            values=engine.template_values,
        )
        return rendered.prompt, rendered.stop, reasoning_tail(rendered.prompt), left_out

    def _raw_template(self, role: Role) -> Template:
        """What goes round a prompt that is not a chat: the template of the role, the model or the settings, or a plain
        frame.

        Raises:
            TemplateError: there is none.
        """
        if role.template is not None and role.template in self.templates:
            return self.templates.get(role.template)
        if self.engine.chat_template is not None:
            return Template("model", chat=self.engine.chat_template)
        named = self.fallback.template
        return self.templates.get(named if named is not None and named in self.templates else RAW_FALLBACK)

    def _replies(
        self,
        whole: GenerationRequest,
        asked: GenerationOptions,
        role: Role | None,
        in_force: EffectiveSettings,
        tokens: int | None,
        *,
        echo: str = "",
        first: int = 0,
        left_out: tuple[str, ...] = (),
    ) -> list[ReplyPlan]:
        seed = asked.seed if asked.seed is not None else (role.sampling.get("seed") if role is not None else None)
        replies = []
        for number in range(first, first + asked.replies):
            report = ReplyReport(
                role=role.id if role is not None else None,
                mode=in_force.policy.mode,
                thinking="none",
                tokens_prompt=tokens,
                left_out=left_out,
            )
            own_seed = seed if seed is None or seed < 0 else seed + number
            replies.append(ReplyPlan(whole.derive(seed=own_seed), report, asked.stop, echo))
        return replies

    def _thinks(self, asked: GenerationOptions, role: Role | None) -> bool:
        """Whether a model that can think aloud shall. Where nobody says: it shall answer; one without a template of its
        own knows nothing of thinking, and gets no empty thought either."""
        of_role = role.sampling.get("enable_thinking") if role is not None else None
        said = asked.thinks if asked.thinks is not None else of_role
        return bool(said) if said is not None else self.engine.chat_template is None

    def _limit(self, asked: GenerationOptions, role: Role | None, longest: int) -> int | None:
        """None: nobody says, and it is another server that knows what its model can hold."""
        if asked.max_tokens is not None:
            return asked.max_tokens
        of_role = role.sampling.get("max_new_tokens") if role is not None else None
        if of_role is not None:
            return int(of_role)
        return longest if self.engine.takes_text else None

    def _room(self, limit: int | None) -> int:
        """Tokens that a chat's history leaves free for the reply."""
        if self.engine.context is None:
            return limit or 0
        share = self.engine.context // _KEPT_FOR_THE_REPLY
        return share if limit is None else min(limit, share)

    def _fitting(self, limit: int | None, tokens: int | None) -> int | None:
        """The reply's limit beside a prompt of so many tokens.

        Raises:
            Refusal: there is no room for a reply.
        """
        if self.engine.context is None or tokens is None:
            return limit
        if tokens >= self.engine.context:
            raise RequestRefusal(
                f"The prompt takes {tokens} tokens, and the model holds {self.engine.context}.", hint="Shorten it."
            )
        room = self.engine.context - tokens
        return room if limit is None else min(limit, room)

    def _options(self, asked: GenerationOptions, role: Role | None) -> dict[str, Any]:
        """The role's sampling parameters, and over them the request's, as far as the engine knows them."""
        merged = {**(role.sampling if role is not None else {}), **(asked.sampling or {})}
        known = self.engine.options
        return {
            name: value
            for name, value in merged.items()
            if name not in _NOT_FOR_THE_ENGINE and (known is None or name in known)
        }

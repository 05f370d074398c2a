"""A role, complete: what every other part of the engine reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from role_engine.language.policy import LanguagePolicy
from role_engine.roles.sampling import check_sampling

ROLE_ID = re.compile(r"[a-z0-9_-]{1,64}")
RESERVED_IDS = frozenset({"none"})
JINJA_IN_A_CARD = "a role that comes from a card, or extends one, cannot have `jinja: true`"

NO_THINKING = "none"
BUILTIN_MODES = ("think", "recursion", "conflict")


def is_role_id(name: object) -> bool:
    """Whether `name` may be a role's id: `[a-z0-9_-]{1,64}`, and not `none`, which means no role."""
    return isinstance(name, str) and ROLE_ID.fullmatch(name) is not None and name not in RESERVED_IDS


def _role_id(name: str) -> str:
    if not is_role_id(name):
        raise PydanticCustomError(
            "no_role_id", "'{name}' is not a role id: 1 to 64 of a-z, 0-9, _ and -, and not `none`", {"name": name}
        )
    return name


def _template_name(name: str) -> str:
    if ROLE_ID.fullmatch(name) is None:
        raise PydanticCustomError(
            "no_template_name", "'{name}' is not a template name: 1 to 64 of a-z, 0-9, _ and -", {"name": name}
        )
    return name


def _mode_id(name: str) -> str:
    if ROLE_ID.fullmatch(name) is None:
        raise PydanticCustomError(
            "no_mode_id", "'{name}' is not a thinking mode: 1 to 64 of a-z, 0-9, _ and -", {"name": name}
        )
    return name


RoleId = Annotated[str, AfterValidator(_role_id)]
ModeId = Annotated[str, AfterValidator(_mode_id)]
TemplateName = Annotated[str, AfterValidator(_template_name)]
Filled = Annotated[str, Field(min_length=1)]
Sampling = Annotated[dict[str, Any], BeforeValidator(check_sampling)]


class RoleSection(BaseModel):
    """A frozen piece of a role; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(RoleSection):
    """A turn that shows the voice: what a user says, and how the role answers."""

    user: Filled
    assistant: Filled


class Thinking(RoleSection):
    """How the role thinks. `depth` is the number of nested thoughts, `rounds` the number of exchanges in a conflict.

    `modes`: those that may be chosen for the role; a role that does not say it offers all there are.
    """

    default: ModeId = NO_THINKING
    modes: tuple[ModeId, ...] = (NO_THINKING, *BUILTIN_MODES)
    depth: int = Field(default=2, ge=1, le=8)
    rounds: int = Field(default=2, ge=1, le=8)

    def offers(self, mode: str) -> bool:
        return mode == NO_THINKING or "modes" not in self.model_fields_set or mode in self.modes


class Knowledge(RoleSection):
    """Files that the role knows; in a `Role` their paths are absolute. `max_tokens`: what one prompt gets of them."""

    files: tuple[Path, ...] = ()
    top_k: int = Field(default=3, ge=1, le=50)
    max_tokens: int = Field(default=600, ge=16, le=1_000_000)
    place: Literal["tail", "system"] = "tail"


class Lora(RoleSection):
    """An adapter that belongs to the role. Accepted and not used yet."""

    path: Filled
    weight: float = Field(default=1.0, ge=0, le=2)


class Budget(RoleSection):
    """How much of the context the role may take, as a share; None: the engine's own bounds."""

    max_share: float | None = Field(default=None, gt=0, le=1)


class Role(RoleSection):
    """A role with everything that it extends already in it.

    Attributes:
        id: the file's stem.
        name: what a user sees.
        system: who the role is; may hold {{user}}, {{char}} and {{date}}.
        own: where in `system` the role's own text begins, after that of what it extends.
        system_file: the file that it was read from, absolute; None where it stands in the role's own file.
        examples: turns that follow the system message.
        reminder: the last words before the reply.
        negative: what the role must not do, one line each.
        template: prompt template for base models and raw completions.
        sampling: the webui's own parameter names; what a request sets itself wins.
        jinja: the texts are Jinja, in the small subset of `role_engine.prompts.role_jinja`; never with `card`.
        card: the card that the role was imported from, absolute. Its texts are a stranger's: control tokens and
            template marks in them are broken when they go into a prompt.
        path: the file that the role was read from, None for a role made in a program.
    """

    id: RoleId
    name: Filled
    system: Filled
    description: str = ""
    greeting: str = ""
    examples: tuple[Example, ...] = ()
    reminder: str = ""
    negative: tuple[str, ...] = ()
    template: TemplateName | None = None
    language: LanguagePolicy = LanguagePolicy()
    thinking: Thinking = Thinking()
    handoff: tuple[RoleId, ...] = ()
    knowledge: Knowledge = Knowledge()
    lora: Lora | None = None
    sampling: Sampling = Field(default_factory=dict)
    budget: Budget = Budget()
    jinja: bool = False
    card: Path | None = None
    own: int = Field(default=0, ge=0, exclude=True)
    system_file: Path | None = Field(default=None, exclude=True)
    path: Path | None = None

    @model_validator(mode="after")
    def _no_jinja_from_a_card(self) -> Role:
        if self.jinja and self.card is not None:
            raise ValueError(JINJA_IN_A_CARD)
        return self

    def summary(self) -> Mapping[str, Any]:
        """What a list of roles shows."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "mode": self.language.mode,
            "thinking": self.thinking.default,
            "template": self.template,
            "handoff": list(self.handoff),
        }

"""`role-engine demo`: what the guard does, seen side by side."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from role_engine.hosts.cli.exit_codes import NO
from role_engine.hosts.cli.policy_options import PolicyMode
from role_engine.hosts.cli.writing import note, put, put_json

if TYPE_CHECKING:
    from role_engine.hosts.cli.demo.comparison import Comparison
    from role_engine.i18n.catalogue import Texts

ROLE = "operator"
DemoMode = Annotated[
    PolicyMode, typer.Option("--mode", help="What the guard holds the replies to: strict or balanced.")
]
SEED = 18
EMBEDDED_SAMPLING = {"temperature": 1.0, "top_p": 0.95}
"""The embedded model slips as it was taught to; a model of the user's samples as it or the role says."""

PLAIN_WIDTH = 100


def demo(
    context: typer.Context,
    role: Annotated[str, typer.Option(metavar="NAME", help="Role of the replies; none: no persona.")] = ROLE,
    mode: DemoMode = PolicyMode.strict,
    thinking: Annotated[
        str, typer.Option(metavar="MODE", help="Thinking mode of both replies: think, recursion, conflict.")
    ] = "none",
    seed: Annotated[int, typer.Option(min=0, help="Other seeds, other replies.")] = SEED,
    questions: Annotated[int, typer.Option(min=1, max=10, help="How many of the ten questions to ask.")] = 10,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", metavar="DIR|FILE", help="Folder of a Hugging Face model, or a GGUF file. Default: the embedded."
        ),
    ] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what is shown as a picture, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Ask a small model ten questions without and with the guard. Both replies are shown side by side.

    The model comes along and slips the way large ones do; what is wrong in its replies is red on the left. Needs torch
    and transformers, no network. Exit code 1 when a guarded reply is not clean.

    \b
    Example: role-engine demo --role poet --seed 7
    """
    from role_engine.app.planner import Planner
    from role_engine.app.resolution import Choice
    from role_engine.embedded import DEMO_QUESTIONS
    from role_engine.hosts.cli.demo.comparison import compare
    from role_engine.hosts.cli.demo.picture import write_picture
    from role_engine.hosts.cli.interface_language import interface_language
    from role_engine.hosts.cli.knowledge_bar import open_knowledge
    from role_engine.hosts.cli.local_model import is_address, load_engine
    from role_engine.i18n.catalogue import Texts
    from role_engine.modes.library import ModeLibrary
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import RoleLibrary

    if mode is PolicyMode.off:
        raise typer.BadParameter("the right-hand side needs a guard: strict or balanced.", param_hint="--mode")
    if is_address(model):
        raise typer.BadParameter("the demo runs on a model of this machine: name its folder.", param_hint="--model")
    if svg is not None and not svg.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(svg.parent)!r}.", param_hint="--svg")
    texts = Texts(interface_language(), "demo")
    library = RoleLibrary(context.obj.roles)
    modes = ModeLibrary(context.obj.modes)
    choice = Choice(role, mode.value, thinking)
    if role != "none":
        library.get(role)  # an unknown one is an error before anything is loaded
    modes.check_known(thinking)
    with _working(texts, total=2 * questions) as (loaded, one_more), _quiet_budget():
        engine = load_engine(model)
        loaded(questions)
        result = compare(
            Planner(engine, library, TemplateLibrary(context.obj.templates), modes=modes, knowledge=open_knowledge()),
            DEMO_QUESTIONS[:questions],
            choice,
            seed=seed,
            sampling=EMBEDDED_SAMPLING if model is None else None,
            on_reply=one_more,
        )
    if svg is not None:
        write_picture(result, texts, svg)
    if as_json:
        put_json(result.as_dict())
    else:
        _show(result, texts)
    if result.guarded.broken:
        raise typer.Exit(NO)


@contextmanager
def _quiet_budget() -> Iterator[None]:
    """What the role leaves out in the model's small context is not what the demo is about."""
    budget = logging.getLogger("role_engine.budget")
    before = budget.level
    budget.setLevel(logging.ERROR)
    try:
        yield
    finally:
        budget.setLevel(before)


@contextmanager
def _working(texts: Texts, total: int) -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """Says on stderr what goes on: a bar on a terminal, two lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        note(texts("loading"))
        yield (lambda n: note(texts("asking", n=n))), (lambda: None)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(texts("loading"), total=None)
        yield (
            lambda n: bar.update(task, description=texts("asking", n=n), total=total),
            lambda: bar.advance(task),
        )


def _show(result: Comparison, texts: Texts) -> None:
    from rich.console import Console

    from role_engine.hosts.cli.demo.view import view
    from role_engine.hosts.cli.program_name import program_name

    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        console.print(view(result, texts, console, program_name()))
    put(drawn.get(), end="")

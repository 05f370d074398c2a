"""`role-engine bench [NAME…]`: the benchmarks, one, several, or all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from role_engine.hosts.cli.progress import Progress
from role_engine.hosts.cli.writing import note, put, put_json


class Benchmark(str, Enum):
    """What can be measured. `guard` holds `resume`, too, where torch and transformers are installed."""

    GUARD = "guard"
    RESUME = "resume"
    CHECK = "check"
    DECODER = "decoder"
    KNOWLEDGE = "knowledge"
    REPLIES = "replies"


class Device(str, Enum):
    """Where a model runs."""

    CPU = "cpu"
    CUDA = "cuda"


ALL = (Benchmark.GUARD, Benchmark.CHECK)
"""What is measured where none is named."""


@dataclass(frozen=True)
class BenchmarkOutcome:
    """A benchmark's outcome: for programs, and for people."""

    document: dict[str, Any]
    text: str


@dataclass(frozen=True)
class SampleOptions:
    """How much of texts is measured and shown, by which seed that is chosen, and which refusals are left out."""

    limit: int | None
    samples: int
    seed: int
    slips: Path | None = None


@dataclass(frozen=True)
class RepliesOptions:
    """What `replies` asks, and where it keeps the answers; `limit` and `seed` as above."""

    questions: Path | None
    modes: list[str]
    temperatures: list[float]
    seeds: int
    max_tokens: int
    role: str
    out: Path


def bench(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME…",
            help="guard, resume, check, decoder, knowledge, replies. Default: guard, check. Behind `check --defects`: "
            "files and folders with sentences.",
            show_default=False,
        ),
    ] = None,
    replies: Annotated[int, typer.Option(min=1, help="guard: replies to play.")] = 40,
    prompt_tokens: Annotated[int, typer.Option(min=16, help="resume: tokens of the prompt.")] = 2000,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="DIR|FILE|URL",
            help="resume: a Hugging Face model. replies: one, a GGUF file, or a server. Default: the embedded one.",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="ROLE_ENGINE_TEST_DATA",
            help="check: a folder with sentences/XX.txt by language code. Default: a small sample. decoder: one with "
            "qwen2-tokenizer/tokenizer.json.",
        ),
    ] = None,
    prose: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="check: what is refused of the documentation in it; repeatable."),
    ] = None,
    slips: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="check --prose: refusals that are right, listed with the reason; left out."),
    ] = None,
    defects: Annotated[
        bool,
        typer.Option(
            "--defects", help="check: which defects are found, put into the sentences of FILE…, else of a sample."
        ),
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="check: at most so many blocks of each DIR, or sentences.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="check: refusals shown of each DIR, misses of each class.")] = 10,
    seed: Annotated[int, typer.Option(help="check: decides what is chosen by chance.")] = 0,
    texts: Annotated[int, typer.Option(min=10, help="knowledge: texts to look things up in.")] = 100_000,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="replies: questions in YAML. Default: the 200 that come along."),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option(metavar="MODE", help="replies: a mode to ask in; repeatable. Default: off, balanced, strict."),
    ] = None,
    temperature: Annotated[list[float] | None, typer.Option(min=0, help="replies: repeatable. Default: 0.8.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="replies: how often each question is asked.")] = 1,
    max_tokens: Annotated[int, typer.Option(min=1, help="replies: of a reply.")] = 160,
    role: Annotated[str, typer.Option(metavar="ROLE", help="replies: who answers; none: nobody.")] = "none",
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="replies: where they are kept, with report.html; a run goes on there.")
    ] = Path("replies"),
    device: Annotated[Device, typer.Option(help="decoder: where it is measured.")] = Device.CPU,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Benchmarks, each as a ratio against a peer in the same run.

    \b
    guard   what guarding a stream costs and what it catches: against the bare stream, and against a language detector;
            with resume, where torch and transformers are installed
    resume  what going back a few words costs on Transformers: with what was read kept, and without
    check   the language check against language detectors: speed, start, memory, and who is right; with --prose what it
            refuses of documentation that people wrote, with --defects what it finds of defects put into clean sentences
    replies  a model's replies to questions in Russian, unguarded and guarded: what was broken and what was rejected,
            what it cost, and a page with all of it
    knowledge  looking things up in a role's files against other packages: a question, the index, memory
    decoder  token masks against xgrammar and llguidance: set-up, a step, memory, and whether the masks are the same;
            whole generations with the decoder and without, on Transformers and on llama.cpp

    \b
    Examples: role-engine bench
              role-engine bench guard --replies 100 --json
              role-engine bench resume --prompt-tokens 1000
              role-engine bench check --data DIR
              role-engine bench check --prose docs/ --prose ../handbook --limit 500
              role-engine bench check --defects stories.txt --samples 5
              role-engine bench replies --model MODEL.gguf --limit 20 --out /tmp/replies
    """
    from role_engine.embedded import MODEL

    wanted, others = _names(names or [], sources_follow=bool(prose) or defects)
    measure = {
        Benchmark.GUARD: lambda: [_guard(replies, prompt_tokens, Path(model) if model else MODEL)],
        Benchmark.RESUME: lambda: [_resume(prompt_tokens, Path(model) if model else MODEL)],
        Benchmark.CHECK: lambda: [_check(data)],
        Benchmark.DECODER: lambda: [_decoder(data, device.value)],
        Benchmark.KNOWLEDGE: lambda: [_knowledge(texts)],
        Benchmark.REPLIES: lambda: [
            _replies(
                context.obj,
                model,
                RepliesOptions(questions, mode or [], temperature or [], seeds, max_tokens, role, out),
                SampleOptions(limit, samples, seed),
            )
        ],
    }
    if prose or defects:
        chosen = SampleOptions(limit, samples, seed, slips)
        folders = [*(prose or []), *([] if defects else others)]
        measure[Benchmark.CHECK] = lambda: [
            *([_prose(folders, chosen)] if folders else []),
            *([_defects(others, chosen)] if defects else []),
        ]
    results = [result for name in wanted for result in measure[name]()]
    if not as_json:
        put("\n".join(result.text for result in results), end="")
    elif names and len(results) == 1:
        put_json(results[0].document)
    else:
        put_json({"benchmarks": [result.document for result in results]})


def _names(given: list[str], *, sources_follow: bool) -> tuple[list[Benchmark], list[Path]]:
    """The benchmarks that are named, each once, and the files and folders among them, where these may follow."""
    known = {name.value: name for name in Benchmark}
    others = [name for name in given if name not in known]
    if others and not sources_follow:
        raise typer.BadParameter(f"'{others[0]}' is none of {', '.join(known)}.", param_hint="NAME…")
    wanted = list(dict.fromkeys(known[name] for name in given if name in known))
    if sources_follow and Benchmark.CHECK not in wanted:
        wanted.append(Benchmark.CHECK)
    return wanted or list(ALL), list(map(Path, others))


def _guard(replies: int, prompt_tokens: int, model: Path) -> BenchmarkOutcome:
    from role_engine.bench.guard import measure
    from role_engine.bench.guard_table import table

    result = measure(replies=replies, model=model, prompt_tokens=prompt_tokens, progress=note)
    return BenchmarkOutcome(result.as_dict(), table(result))


def _resume(prompt_tokens: int, model: Path) -> BenchmarkOutcome:
    from role_engine.bench.guard_table import resume_lines
    from role_engine.bench.resume import measure

    result = measure(model=model, prompt_tokens=prompt_tokens, progress=note)
    return BenchmarkOutcome(result.as_dict(), f"{resume_lines(result)}\n")


def _check(data: Path | None) -> BenchmarkOutcome:
    from role_engine.bench.check import measure
    from role_engine.bench.check_table import table

    result = measure(data=data, progress=note)
    return BenchmarkOutcome(result.as_dict(), table(result))


def _prose(folders: list[Path], chosen: SampleOptions) -> BenchmarkOutcome:
    from role_engine.bench.prose.measure import measure, read_sets
    from role_engine.bench.prose.slips import read_slips
    from role_engine.bench.prose.table import table

    slips = read_slips(chosen.slips) if chosen.slips else []
    sets = read_sets(folders, limit=chosen.limit, seed=chosen.seed)
    with Progress(sum(len(one.blocks) for one in sets), unit="texts") as progress:
        result = measure(sets, seed=chosen.seed, limit=chosen.limit, slips=slips, advance=progress.advance)
    return BenchmarkOutcome(result.as_dict(), table(result, chosen.samples))


def _defects(sources: list[Path], chosen: SampleOptions) -> BenchmarkOutcome:
    from role_engine.bench.chance import some
    from role_engine.bench.defects.measure import measure, work
    from role_engine.bench.defects.sentences import read_sentences, sample
    from role_engine.bench.defects.table import table

    sentences = read_sentences(sources) if sources else sample()
    if chosen.limit is not None:
        sentences = some(sentences, chosen.limit, chosen.seed)
    with Progress(work(sentences), unit="texts") as progress:
        result = measure(sentences, seed=chosen.seed, advance=progress.advance)
    return BenchmarkOutcome(result.as_dict(), table(result, chosen.samples))


def _decoder(data: Path | None, device: str) -> BenchmarkOutcome:
    from role_engine.bench.decoder import measure, table

    result = measure(data=data, device=device, progress=note)
    return BenchmarkOutcome(result.as_dict(), table(result))


def _knowledge(texts: int) -> BenchmarkOutcome:
    from role_engine.bench.knowledge import measure, table

    result = measure(texts=texts, progress=note)
    return BenchmarkOutcome(result.as_dict(), table(result))


def _replies(home: Any, model: str | None, options: RepliesOptions, chosen: SampleOptions) -> BenchmarkOutcome:
    from role_engine.app.planner import Planner
    from role_engine.bench.chance import some
    from role_engine.bench.replies.measure import measure
    from role_engine.bench.replies.play import MODES, PlaySetup
    from role_engine.bench.replies.questions import read_questions
    from role_engine.bench.replies.table import table
    from role_engine.hosts.cli.local_model import load_engine
    from role_engine.prompts import TemplateLibrary
    from role_engine.roles import RoleLibrary

    if unknown := [one for one in options.modes if one not in MODES]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(MODES)}.", param_hint="--mode")
    questions = read_questions(options.questions)
    if chosen.limit is not None:
        questions = some(questions, chosen.limit, chosen.seed)
    wanted = PlaySetup(
        questions,
        options.modes or MODES,
        options.temperatures or (0.8,),
        options.seeds,
        chosen.seed,
        options.max_tokens,
        options.role,
    )
    planner = Planner(load_engine(model), RoleLibrary(home.roles), TemplateLibrary(home.templates))
    with Progress(wanted.total, unit="texts") as progress:
        result = measure(planner, wanted, options.out, advance=progress.advance)
    return BenchmarkOutcome(result.as_dict(), table(result.modes, str(result.page)))

"""`role-engine bench [NAME…]`: the benchmarks, one, several, or all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from role_engine.hosts.cli.writing import note, put, put_json


class Benchmark(str, Enum):
    """What can be measured. `guard` holds `resume`, too, where torch and transformers are installed."""

    GUARD = "guard"
    RESUME = "resume"
    CHECK = "check"
    DECODER = "decoder"
    KNOWLEDGE = "knowledge"


class Device(str, Enum):
    """Where a model runs."""

    CPU = "cpu"
    CUDA = "cuda"


ALL = (Benchmark.GUARD, Benchmark.CHECK)
"""What is measured where none is named."""


@dataclass(frozen=True)
class Measured:
    """A benchmark's outcome: for programs, and for people."""

    document: dict[str, Any]
    text: str


def bench(
    names: Annotated[
        list[Benchmark] | None,
        typer.Argument(
            metavar="NAME…",
            help="guard, resume, check, decoder, knowledge. Default: guard, check.",
            show_default=False,
        ),
    ] = None,
    replies: Annotated[int, typer.Option(min=1, help="guard: replies to play.")] = 40,
    prompt_tokens: Annotated[int, typer.Option(min=16, help="resume: tokens of the prompt.")] = 2000,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="resume: a Hugging Face model. Default: the embedded one.")
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
    texts: Annotated[int, typer.Option(min=10, help="knowledge: texts to look things up in.")] = 100_000,
    device: Annotated[Device, typer.Option(help="decoder: where it is measured.")] = Device.CPU,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Benchmarks, each as a ratio against a peer in the same run.

    \b
    guard   what guarding a stream costs and what it catches: against the bare stream, and against a language detector;
            with resume, where torch and transformers are installed
    resume  what going back a few words costs on Transformers: with what was read kept, and without
    check   the language check against language detectors: speed, start, memory, and who is right
    knowledge  looking things up in a role's files against other packages: a question, the index, memory
    decoder  token masks against xgrammar and llguidance: set-up, a step, memory, and whether the masks are the same;
            whole generations with the decoder and without, on Transformers and on llama.cpp

    \b
    Examples: role-engine bench
              role-engine bench guard --replies 100 --json
              role-engine bench resume --prompt-tokens 1000
              role-engine bench check --data DIR
    """
    from role_engine.embedded import MODEL

    wanted = tuple(dict.fromkeys(names or ALL))
    measure = {
        Benchmark.GUARD: lambda: _guard(replies, prompt_tokens, model or MODEL),
        Benchmark.RESUME: lambda: _resume(prompt_tokens, model or MODEL),
        Benchmark.CHECK: lambda: _check(data),
        Benchmark.DECODER: lambda: _decoder(data, device.value),
        Benchmark.KNOWLEDGE: lambda: _knowledge(texts),
    }
    results = [measure[name]() for name in wanted]
    if not as_json:
        put("\n".join(result.text for result in results), end="")
    elif names and len(results) == 1:
        put_json(results[0].document)
    else:
        put_json({"benchmarks": [result.document for result in results]})


def _guard(replies: int, prompt_tokens: int, model: Path) -> Measured:
    from role_engine.bench.guard import measure
    from role_engine.bench.guard_table import table

    result = measure(replies=replies, model=model, prompt_tokens=prompt_tokens, progress=note)
    return Measured(result.as_dict(), table(result))


def _resume(prompt_tokens: int, model: Path) -> Measured:
    from role_engine.bench.guard_table import resume_lines
    from role_engine.bench.resume import measure

    result = measure(model=model, prompt_tokens=prompt_tokens, progress=note)
    return Measured(result.as_dict(), f"{resume_lines(result)}\n")


def _check(data: Path | None) -> Measured:
    from role_engine.bench.check import measure
    from role_engine.bench.check_table import table

    result = measure(data=data, progress=note)
    return Measured(result.as_dict(), table(result))


def _decoder(data: Path | None, device: str) -> Measured:
    from role_engine.bench.decoder import measure, table

    result = measure(data=data, device=device, progress=note)
    return Measured(result.as_dict(), table(result))


def _knowledge(texts: int) -> Measured:
    from role_engine.bench.knowledge import measure, table

    result = measure(texts=texts, progress=note)
    return Measured(result.as_dict(), table(result))

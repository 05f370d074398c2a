"""`role-engine bench decoder`: the token masks against xgrammar and llguidance, in one run.

Every engine has its set-up measured, then masks one Russian text token by token. The peers get one class of characters
as a regular expression, which is their best case; ours is the whole policy. What is timed of a step is all that comes
between the model's logits and the sampler: the mask made, applied to [1, V] float32, and the token taken.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from role_engine.bench.disk_cache import StartRow, start_lines, starts
from role_engine.bench.generation import GenerationRow, lines, on_llama_cpp, on_transformers
from role_engine.bench.peers.masks import MaskEngine
from role_engine.decoder.gbnf import gbnf
from role_engine.errors import InputError
from role_engine.language.policy import LanguagePolicy

SIZE = 151_936
"""Rows of Qwen's embedding, which is padded beyond the tokenizer."""

_PATTERN = r"[А-яЁё0-9\s!-/:-@\[-`{-~ «»—–…№„“”’•°§₽\u00a0]*"
_TEXT = (
    "Память — это не склад, а мастерская: всякий раз, когда мы вспоминаем, мы собираем прошлое заново.\n\n"
    "1. Сначала — впечатление: запах, звук, «цвет» дня.\n2. Потом — рассказ; он короче и проще, чем было.\n"
    "Щука, ёлка, Эверест, 1 200 ₽ и 3,5 % — всё это тоже слова… Не так ли?\n"
)
# Allowed words are written where a reply has them: one in every twenty-five words.
_EVERY = 25
_FOREIGN = 100_000  # the id of a Chinese word


@dataclass(frozen=True)
class DecoderRow:
    """One engine. Times are per step, in microseconds, after one pass over the text to warm up.

    Attributes:
        setup_s: from the tokenizer to the first mask, in seconds.
        added_mb: what the process's memory grew by, in all passes.
        same: masks equal to ours over the same grammar, of `compared`.
    """

    name: str
    setup_s: float | None = None
    p50_us: float | None = None
    p99_us: float | None = None
    added_mb: float | None = None
    same: int | None = None
    compared: int | None = None
    note: str = ""


@dataclass(frozen=True)
class DecoderResult:
    """All engines, ours first."""

    vocabulary: int
    steps: int
    rows: list[DecoderRow] = field(default_factory=list)
    generations: list[GenerationRow] = field(default_factory=list)
    starts: list[StartRow] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {"benchmark": "decoder", **asdict(self)}


class _Ours:
    """As the logits processor does it: a `ReplyMask` a reply, its tensors kept with the masks."""

    def __init__(self, tokenizer: Any, size: int, policy: LanguagePolicy) -> None:
        from role_engine.backends.token_mask import PolicyMasks
        from role_engine.decoder.masks import TokenMasks
        from role_engine.decoder.vocabulary import Vocabulary

        self.masks = TokenMasks(Vocabulary.of_tokenizer(tokenizer), policy, size=size)
        self.masks.list_allowed_ids(self.masks.start)
        self._tensors = PolicyMasks(self.masks)

    def start(self) -> _OurReply:
        return _OurReply(self._tensors)


class _OurReply:
    def __init__(self, masks: Any) -> None:
        from role_engine.backends.token_mask import ReplyMask

        self._mask, self._ids = ReplyMask(masks, ""), list[int]()

    def fill_and_apply(self, logits: Any) -> None:
        self._mask.apply(logits, self._ids)

    def advance(self, token_id: int) -> None:
        self._ids.append(token_id)


def measure(
    *, data: Path | None, device: str = "cpu", progress: Callable[[str], None] = lambda _: None
) -> DecoderResult:
    """Measure all engines that are installed, and whole generations, on `device`, `cpu` or `cuda`.

    Raises:
        InputError: no tokenizer, or neither torch nor transformers is installed.
    """
    path = data / "qwen2-tokenizer" if data else None
    if path is None or not (path / "tokenizer.json").is_file():
        raise InputError("There is no qwen2-tokenizer/tokenizer.json.", path=data, hint="Name its folder with --data.")
    try:
        import torch
        from transformers import PreTrainedTokenizerFast
    except ImportError as error:
        raise InputError(f"{error.name} is not installed.", hint="pip install 'role_engine[models]'") from error
    torch.set_num_threads(1)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path / "tokenizer.json"), eos_token="<|im_end|>")
    ids = tokenizer.encode(_TEXT * 8)
    strict = LanguagePolicy(mode="strict", in_thinking="same")
    words = _allowed_words(200)
    with_words = _with_words(words)
    rows = []
    engines: list[tuple[str, Callable[[], MaskEngine], list[int]]] = [
        ("role_engine", lambda: _Ours(tokenizer, SIZE, strict), ids),
        (
            "role_engine, 200 words",
            lambda: _Ours(tokenizer, SIZE, strict.model_copy(update={"allow": words})),
            tokenizer.encode(with_words),
        ),
        ("xgrammar", lambda: _xgrammar(tokenizer), ids),
        ("llguidance", lambda: _llguidance(tokenizer), ids),
    ]
    for name, make, text in engines:
        progress(f"decoder: {name}")
        rows.append(_row(name, make, text, device))
    for place, engine in ((2, _xgrammar), (3, _llguidance)):
        if rows[place].setup_s is not None:
            progress(f"decoder: {rows[place].name} over the policy's own grammar")
            rows[place] = _with_comparison(rows[place], tokenizer, engine)
    progress("decoder: from the disk")
    gguf = next(iter(sorted((path.parent / "tiny-qwen3").glob("*.gguf"))), None)
    from_disk = list(starts(path / "tokenizer.json", gguf))
    generations = list(_generations(tokenizer, path.parent, device, progress))
    return DecoderResult(len(tokenizer), len(ids), rows, generations, from_disk)


def _generations(tokenizer: Any, data: Path, device: str, progress: Callable[[str], None]) -> Iterator[GenerationRow]:
    for batch in (1, 16) if device == "cuda" else (1,):
        progress(f"decoder: generations on Transformers, {batch} at once")
        yield on_transformers(tokenizer, SIZE, device, batch)
    for file in sorted((data / "tiny-qwen3").glob("*.gguf")):
        progress(f"decoder: generations on llama.cpp, {file.stem}")
        try:
            yield on_llama_cpp(file)
        except ImportError:
            return


def _xgrammar(tokenizer: Any, size: int = SIZE, grammar: str = "") -> MaskEngine:
    from role_engine.bench.peers.xgrammar import XGrammar

    return XGrammar(tokenizer, size, _PATTERN, grammar)


def _llguidance(tokenizer: Any, size: int = SIZE, grammar: str = "") -> MaskEngine:
    from role_engine.bench.peers.llguidance import LLGuidance

    return LLGuidance(tokenizer, size, _PATTERN, grammar)


def _with_comparison(row: DecoderRow, tokenizer: Any, make: Callable[..., MaskEngine]) -> DecoderRow:
    try:
        same, compared = _compared(tokenizer, make)
    except ValueError as error:  # the engine gives up on a grammar of single characters
        return replace(row, note=str(error))
    return replace(row, same=same, compared=compared)


def _row(name: str, make: Callable[[], MaskEngine], ids: list[int], device: str) -> DecoderRow:
    import torch

    before = _memory_mb()
    logits = torch.zeros(1, SIZE, device=device)
    begun = time.perf_counter()
    try:
        engine = make()
        first = engine.start()
        first.fill_and_apply(logits)
    except ImportError as error:
        return DecoderRow(name, note=f"{error.name} is not installed")
    setup = time.perf_counter() - begun
    _pass(engine, ids, logits)
    times = sorted(_pass(engine, ids, logits))
    return DecoderRow(
        name,
        setup,
        statistics.median(times) * 1e6,
        times[min(len(times) - 1, int(len(times) * 0.99))] * 1e6,
        _memory_mb() - before,
    )


def _pass(engine: MaskEngine, ids: list[int], logits: Any) -> list[float]:
    """The seconds of each step; the text's own token is the likeliest, but for one in eight, where a foreign one is."""
    import torch

    reply, times = engine.start(), []
    drawn = torch.randn(logits.shape, generator=torch.Generator().manual_seed(0)).to(logits.device)
    wait = torch.cuda.synchronize if logits.device.type == "cuda" else lambda: None
    for place, number in enumerate(ids):
        logits.copy_(drawn)
        logits[0, _FOREIGN if place % 8 == 7 else number] = 12.0
        wait()
        begun = time.perf_counter()
        reply.fill_and_apply(logits)
        reply.advance(number)
        wait()
        times.append(time.perf_counter() - begun)
    return times


def _memory_mb() -> float:
    """Resident memory; 0 where the system does not say it in this way."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 2**20


def _allowed_words(count: int) -> tuple[str, ...]:
    chance = random.Random(0)
    syllables = [a + b for a in "bcdfgklmnprstvwz" for b in "aeiou"]
    words = {"".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize() for _ in range(count * 2)}
    return tuple(sorted(words)[:count])


def _with_words(words: tuple[str, ...]) -> str:
    text = (_TEXT * 8).split(" ")
    for number, at in enumerate(range(_EVERY, len(text), _EVERY)):
        text[at] = words[number % len(words)]
    return " ".join(text)


def _compared(tokenizer: Any, make: Callable[..., MaskEngine]) -> tuple[int, int]:
    """Masks of a peer over the policy's own grammar that equal ours, and how many were compared."""
    import numpy as np
    import torch

    policy = LanguagePolicy(mode="strict", in_thinking="same")
    ours = _Ours(tokenizer, SIZE, policy).masks
    reply, state, same, ids = make(tokenizer, SIZE, grammar=gbnf(policy)).start(), ours.body, 0, tokenizer.encode(_TEXT)
    for number in ids:
        logits = torch.zeros(1, SIZE)
        reply.fill_and_apply(logits)
        text = ours.mask(state)
        text[sorted(ours.vocabulary.ends)] = False
        theirs = torch.isfinite(logits[0]).numpy()
        theirs[sorted(ours.vocabulary.ends)] = False
        same += bool(np.array_equal(theirs, text))
        reply.advance(number)
        state = ours.advance(state, number)
    return same, len(ids)


def table(result: DecoderResult) -> str:
    """The result for people."""
    found = [f"Token masks, {result.vocabulary:,} tokens, {result.steps} steps; a step: mask, apply, advance", ""]
    found.append(f"{'engine':24}{'set-up':>9}{'p50':>10}{'p99':>10}{'memory':>9}  masks as ours")
    for row in result.rows:
        if row.setup_s is None or row.p50_us is None or row.p99_us is None:
            found.append(f"{row.name:24}{row.note}")
            continue
        masks = f"{row.same} of {row.compared}" if row.compared else row.note
        figures = f"{row.setup_s:7.2f} s{row.p50_us:7.0f} us{row.p99_us:7.0f} us{row.added_mb or 0:6.0f} MB"
        found.append(f"{row.name:24}{figures}  {masks}")
    ours = result.rows[0] if result.rows else DecoderRow("")
    for row in result.rows[1:]:
        if row.setup_s and row.p50_us and ours.setup_s and ours.p50_us:
            found.append(
                f"ours / {row.name}: set-up {ours.setup_s / row.setup_s:.2f}, step {ours.p50_us / row.p50_us:.2f}"
            )
    return "\n".join([*found, "", *start_lines(result.starts), "", *lines(result.generations)]) + "\n"

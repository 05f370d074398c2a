"""Trains the embedded model, from nothing to a Hugging Face model directory.

The same machine type gives the same model: the corpus, the order of the batches and the first weights come from one
seed, and the number of threads is fixed.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from role_engine.errors import BackendError
from role_engine.files import fill_folder
from tools.embedded_model import systems
from tools.embedded_model.corpus import CorpusStatistics, TrainingConversation, compose
from tools.embedded_model.network import make_untrained
from tools.embedded_model.tokenizer import (
    CONTROL_TOKENS,
    END_OF_TEXT,
    NO_LABEL,
    TURN_END,
    VOCABULARY,
    TokenizedConversation,
    encode_all,
    save_tokenizer,
    train_tokenizer,
)
from tools.embedded_model.topics import TOPICS

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

SEED = 20_480
CONTEXT = 4_096
"""Positions that the model can take, in tokens: a complete role with examples takes up to about 2,000."""

BATCH_TOKENS = 1_792
TOPIC_WEIGHT = 4.0
"""How much more than others the words for topics count in the loss: what a reply is about is learned last."""

MATRIX_RATE = 4e-3
"""Peak learning rate of the layers' matrices, which Muon updates."""

OTHER_RATE = 6e-3
"""Peak learning rate of the embedding and the norms, which AdamW updates."""

WARM_UP_STEPS = 30
THREADS = 1
"""One: at this size a second thread gains little, and a shared machine makes it wait."""

FINAL_LOSS_STEPS = 50
MANIFEST = "manifest.json"

Progress = Callable[[int, int, float], None]
"""Told after every step: steps done, steps in all, the step's loss."""


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training came to.

    Attributes:
        final_loss: weighted mean cross-entropy over the learned tokens of the last steps, in nats.
        tokens: tokens read; learned_tokens: those among them that were predicted.
        seconds: of the training itself, without corpus and tokenizer.
    """

    seed: int
    steps: int
    tokens: int
    learned_tokens: int
    parameters: int
    final_loss: float
    seconds: float
    corpus: dict[str, object]


def train(
    out: Path, *, progress: Progress | None = None, seed: int = SEED, max_steps: int | None = None
) -> TrainReport:
    """Compose the corpus, learn the tokenizer and the model, and write the model directory.

    Args:
        out: the folder to write; made if missing, its model files replaced.
        progress: told after every step.
        seed: of corpus, first weights and order.
        max_steps: stop early, for tests.

    Raises:
        BackendError: torch, transformers or safetensors is missing, or `out` cannot be written.
    """
    try:
        import safetensors  # noqa: F401
        import tokenizers  # noqa: F401
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        raise BackendError(
            f"Training needs the package {error.name!r}.", hint="pip install torch transformers tokenizers safetensors"
        ) from error

    statistics = CorpusStatistics()
    conversations = list(compose(seed, statistics))
    tokenizer = train_tokenizer(_tokenizer_texts(conversations))
    tokens = encode_all(tokenizer, conversations, CONTEXT)
    batches = list(_batches(tokens, seed))[:max_steps]

    threads = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        torch.manual_seed(seed)
        model = make_untrained(
            vocabulary=VOCABULARY,
            context=CONTEXT,
            end=CONTROL_TOKENS.index(TURN_END),
            pad=CONTROL_TOKENS.index(END_OF_TEXT),
        )
        began = time.monotonic()
        losses = _run(model, batches, _topic_weights(tokenizer), progress)
        seconds = time.monotonic() - began
    finally:
        torch.set_num_threads(threads)

    last = losses[-FINAL_LOSS_STEPS:]
    report = TrainReport(
        seed=seed,
        steps=len(losses),
        tokens=sum(len(item.ids) for batch in batches for item in batch),
        learned_tokens=sum(label != NO_LABEL for batch in batches for item in batch for label in item.labels),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        final_loss=sum(last) / len(last),
        seconds=seconds,
        corpus=statistics.as_dict(),
    )
    try:
        _save(model, tokenizer, report, Path(out))
    except OSError as error:
        raise BackendError(f"The model cannot be written: {error.strerror or error}.", path=out) from error
    return report


def _tokenizer_texts(conversations: Sequence[TrainingConversation]) -> Iterator[str]:
    yield from systems.texts()
    for conversation in conversations:
        for turn in conversation.turns:
            if turn.learned:
                yield turn.user
                yield turn.assistant


def _batches(tokens: Sequence[TokenizedConversation], seed: int) -> Iterator[list[TokenizedConversation]]:
    """Batches of `BATCH_TOKENS` tokens at most, padding counted, of conversations of like lengths.

    Short ones tend to come first: whom to look at for the topic is easier to learn where there is less to look at.
    """
    by_length = sorted(tokens, key=lambda item: len(item.ids))
    batches: list[list[TokenizedConversation]] = [[]]
    for item in by_length:
        if batches[-1] and (len(batches[-1]) + 1) * len(item.ids) > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(item)
    chance = random.Random(seed)
    place = {number: number + chance.uniform(0, 1.5 * len(batches)) for number in range(len(batches))}
    for number in sorted(place, key=lambda number: place[number]):
        yield batches[number]


def _topic_weights(tokenizer: Tokenizer) -> torch.Tensor:
    """The weight of every entry of the vocabulary in the loss."""
    import torch

    weights = torch.ones(VOCABULARY)
    for topic in TOPICS:
        for word in topic.cases:
            for spelled in (f" {word}", word.capitalize(), f" {word.capitalize()}"):
                weights[tokenizer.encode(spelled).ids[0]] = TOPIC_WEIGHT
    return weights


def _run(
    model: Any, batches: Sequence[list[TokenizedConversation]], weights: torch.Tensor, progress: Progress | None
) -> list[float]:
    """One pass over the batches; returns the loss of every step.

    Muon (K. Jordan et al., 2024: orthogonalised momentum) takes the matrices: with AdamW alone the same loss needs
    about twice as many steps.
    """
    import torch

    inner = [parameter for name, parameter in model.model.layers.named_parameters() if parameter.dim() == 2]
    outer = [parameter for parameter in model.parameters() if all(parameter is not other for other in inner)]
    optimizers = [
        torch.optim.Muon(inner, lr=MATRIX_RATE, momentum=0.9, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, len(batches))) for optimizer in optimizers
    ]
    model.train()
    losses: list[float] = []
    for batch in batches:
        ids, labels = _padded(batch)
        loss = _loss(model, ids, labels, weights)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, schedule in zip(optimizers, schedules, strict=True):
            optimizer.step()
            schedule.step()
        losses.append(loss.item())
        if progress is not None:
            progress(len(losses), len(batches), losses[-1])
    return losses


def _rate(step: int, steps: int) -> float:
    """Learning rate as a share of its peak: a short warm-up, then half a cosine down to 2 %."""
    if step < WARM_UP_STEPS:
        return (step + 1) / WARM_UP_STEPS
    done = (step - WARM_UP_STEPS) / max(1, steps - WARM_UP_STEPS)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def _padded(batch: Sequence[TokenizedConversation]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and labels, (conversations, tokens of the longest), filled on the right."""
    import torch

    longest = max(len(item.ids) for item in batch)
    pad = CONTROL_TOKENS.index(END_OF_TEXT)
    ids = torch.tensor([item.ids + (pad,) * (longest - len(item.ids)) for item in batch])
    labels = torch.tensor([item.labels + (NO_LABEL,) * (longest - len(item.labels)) for item in batch])
    return ids, labels


def _loss(model: Any, ids: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy over the learned tokens. Padding lies to the right, where none of them looks."""
    import torch

    states = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    wanted = labels[:, 1:]
    learned = wanted != NO_LABEL
    return torch.nn.functional.cross_entropy(model.lm_head(states[learned]), wanted[learned], weight=weights)


def _save(model: Any, tokenizer: Tokenizer, report: TrainReport, out: Path) -> None:
    import torch
    from transformers import GenerationConfig

    model.to(torch.bfloat16)
    model.generation_config = GenerationConfig(
        do_sample=True,
        temperature=1.0,
        eos_token_id=CONTROL_TOKENS.index(TURN_END),
        pad_token_id=CONTROL_TOKENS.index(END_OF_TEXT),
    )
    with fill_folder(out, last=MANIFEST) as part:
        model.save_pretrained(part)
        save_tokenizer(tokenizer, part, CONTEXT)
        _write_manifest(report, part)


def _write_manifest(report: TrainReport, out: Path) -> None:
    """What the weights came from, and what they are, so that a copy can be checked."""
    import safetensors
    import tokenizers
    import torch
    import transformers

    document = {
        "seed": report.seed,
        "steps": report.steps,
        "tokens": report.tokens,
        "learned_tokens": report.learned_tokens,
        "parameters": report.parameters,
        "final_loss": round(report.final_loss, 4),
        "corpus": report.corpus,
        "versions": {module.__name__: module.__version__ for module in (torch, transformers, tokenizers, safetensors)},
        "sha256": {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(out.iterdir())
            if file.is_file() and file.name != MANIFEST
        },
    }
    (out / MANIFEST).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")

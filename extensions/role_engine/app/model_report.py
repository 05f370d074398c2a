"""A model's report for people, in Russian or English."""

from __future__ import annotations

from collections.abc import Iterator

from role_engine.i18n.catalogue import Language, Texts
from role_engine.models.report import KindEvidence, ModelReport

_LISTED_TOKENS = 12


def lines_of(report: ModelReport, language: Language) -> Iterator[str]:
    """The report, line by line, in two columns."""
    rows = rows_of(report, language)
    width = max(len(label) for label, _ in rows)
    for label, text in rows:
        yield f"{label:<{width}}  {text}".rstrip()


def rows_of(report: ModelReport, language: Language) -> list[tuple[str, str]]:
    """The report as (label, text), "" for the label of the row before; the first two say what most people ask."""
    say = Texts(language, "report")
    rows = [
        ("model", _model(report, say)),
        ("roles", roles_line(report, language)),
        ("kind", say(f"kind {report.kind}")),
        *(("", f"{say(item.points_to):<12} {_evidence(item, say)}") for item in report.evidence),
        ("thinking", _with_tokens(say(f"thinking {report.thinking.verdict}"), report.thinking.tokens)),
        ("vocabulary", _vocabulary(report, say)),
        *((("added" if n == 0 else ""), line) for n, line in enumerate(_own(report, say))),
        ("named", _named(report)),
        ("special", _special(report, say)),
        ("context", _context(report, say)),
        ("head", say({True: "tied", False: "untied", None: "unknown"}[report.tied_head])),
        *((("lora" if n == 0 else ""), line) for n, line in enumerate(_targets(report))),
        *((("notes" if n == 0 else ""), note) for n, note in enumerate(report.notes)),
    ]
    return [(say(label) if label else "", text) for label, text in rows]


def roles_line(report: ModelReport, language: Language) -> str:
    """The answer to «есть ли роли в модели», in one line."""
    say, roles = Texts(language, "report"), report.roles
    line = _with_tokens(say(f"roles {roles.verdict}"), roles.tokens)
    if roles.problem is not None:
        line += f"; {say('template problem', why=roles.problem)}"
    elif roles.template and roles.system is not None:
        line += f"; {say('system yes' if roles.system else 'system no')}"
    elif not roles.template:
        line += f"; {say('no template')}"
    return line


def _model(report: ModelReport, say: Texts) -> str:
    size, parts = report.size, [report.name, report.architecture or "?"]
    if size.parameters:
        parts.append(_parameters(size.parameters))
    if report.quantization:
        parts.append(report.quantization)
    parts.append(say("shape", hidden=size.hidden or "?", layers=size.layers or "?"))
    if report.experts:
        parts.append(say("experts", count=report.experts.count, used=report.experts.per_token or "?"))
    else:
        parts.append(say("dense"))
    return ", ".join(parts)


def _parameters(count: int) -> str:
    return f"{count / 1e9:.1f}B" if count >= 1e9 else f"{count / 1e6:.1f}M" if count >= 1e5 else str(count)


def _evidence(item: KindEvidence, say: Texts) -> str:
    key = f"{item.about} {item.points_to}" if item.about in ("eos", "template") else item.about
    if item.about == "template" and not item.found:
        key = "template none"
    return f"{say(key, found=item.found)} ({item.source}; {say(f'weight {item.weight}')})"


def _vocabulary(report: ModelReport, say: Texts) -> str:
    words = report.vocabulary
    tokens = "?" if words.tokens is None else words.tokens
    rows = "?" if words.rows is None else words.rows
    line = say("rows", tokens=tokens, rows=rows, spare="?" if words.spare is None else words.spare)
    return line + (say("reserved", count=words.reserved) if words.reserved else "")


def _own(report: ModelReport, say: Texts) -> Iterator[str]:
    for token in report.roles.added:
        yield f"{token.text} ({token.kind}, {say('trained' if token.trained else 'untrained')})"


def _named(report: ModelReport) -> str:
    words = report.vocabulary
    named = {"bos": words.bos, "eos": words.eos, "pad": words.pad, "unk": words.unk}
    return ", ".join(f"{name} {token or '–'}" for name, token in named.items())


def _special(report: ModelReport, say: Texts) -> str:
    tokens = report.vocabulary.special
    more = say("more", count=len(tokens) - _LISTED_TOKENS) if len(tokens) > _LISTED_TOKENS else ""
    return (" ".join(token.text for token in tokens[:_LISTED_TOKENS]) + more) or "–"


def _context(report: ModelReport, say: Texts) -> str:
    context, rope = report.context, report.context.rope
    parts = [str(context.length or "?")]
    parts.append(f"RoPE θ {rope.theta:.0f}" if rope.theta else "RoPE ?")
    if rope.scaling:
        over = f" × {rope.original}" if rope.original else ""
        parts.append(f"{rope.scaling}{f' {rope.factor:g}' if rope.factor else ''}{over}")
    else:
        parts.append(say("no scaling"))
    if context.sliding_window:
        parts.append(say("window", tokens=context.sliding_window))
    if context.tokenizer_limit and context.tokenizer_limit != context.length:
        parts.append(say("limit", tokens=context.tokenizer_limit))
    return ", ".join(parts)


def _targets(report: ModelReport) -> Iterator[str]:
    width = max((len(target.module) for target in report.adapter_targets), default=0)
    for target in report.adapter_targets:
        yield f"{target.module:<{width}}  {'×'.join(map(str, target.shape)):<14} {target.count}"
    if not report.adapter_targets:
        yield "–"


def _with_tokens(text: str, tokens: tuple[str, ...]) -> str:
    return f"{text} ({' '.join(tokens[:_LISTED_TOKENS])})" if tokens else text

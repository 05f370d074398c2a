"""The panel's pieces of HTML. All that comes from files and models is escaped here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from role_engine.guard.rejections import AROUND, LEAST_INSTEAD
from role_engine.hosts.panel.sessions import RejectionRecord, ReplyRecord
from role_engine.i18n.catalogue import Language, name_violation_kind, say
from role_engine.language.verdict import Violation

_COLUMNS = re.compile(r" {2,}")
_CODE = re.compile(r"`([^`\n]+)`")
_SHOWN_SPANS = 6  # of a reply
_SHOWN_TURNS, _SHOWN_KEYS = 3, 30  # of a role


def role_list(language: Language, rows: Sequence[tuple[str, str, str, bool]], more: int, chosen: str) -> str:
    """Buttons, one a role: (id, name, description, broken)."""
    if not rows:
        return f"<p class='re-note'>{say(language, 'no matches')}</p>"
    items = "".join(
        f"<li><button type='button' class='re-card' data-role='{escape(role_id)}' "
        f"aria-pressed='{str(role_id == chosen).lower()}'><b>{escape(name)}</b> <code>{escape(role_id)}</code>"
        + (f" <span class='re-warn'>{say(language, 'broken')}</span>" if broken else "")
        + (f"<small>{escape(description[:160])}</small>" if description else "")
        + "</button></li>"
        for role_id, name, description, broken in rows
    )
    rest = f"<p class='re-note'>{say(language, 'and more', count=more)}</p>" if more else ""
    return f"<ul class='re-list' onclick=\"{_PICK}\">{items}</ul>{rest}"


_PICK = (
    "const c=event.target.closest('button');if(!c)return;"
    "const b=document.querySelector('#role-engine-picked textarea, #role-engine-picked input');"
    "b.value=c.dataset.role+' '+Date.now();b.dispatchEvent(new Event('input',{bubbles:true}));"
    "this.querySelectorAll('button').forEach(x=>x.setAttribute('aria-pressed',x===c))"
)
"""Tell the server which role was picked, through a box that nobody sees."""


def budget_bar(language: Language, bill: Mapping[str, Any], *, exact: bool) -> str:
    """A prompt's parts against the context."""
    total, context = int(bill["total"]), bill["context"]
    parts = {name: tokens for name, tokens in bill["parts"].items() if tokens}
    whole = max(context or total, total, 1)
    cells = "".join(f"<span class='re-p-{name}' style='flex-grow:{tokens}'></span>" for name, tokens in parts.items())
    free = f"<span style='flex-grow:{whole - total}'></span>" if whole > total else ""
    legend = " ".join(
        f"<span class='re-key'><i class='re-p-{name}'></i>{say(language, f'part {name}')} {tokens}</span>"
        for name, tokens in parts.items()
    )
    if whole > total:
        legend += f" <span class='re-key'><i></i>{say(language, 'free')} {whole - total}</span>"
    if context:
        line = say(language, "budget", total=total, context=context, share=round(100 * total / context))
    else:
        line = say(language, "budget unknown", total=total)
    line += "" if exact else f" ({say(language, 'estimated')})"
    return f"<p>{line}</p><div class='re-bar' role='img' aria-label='{line}'>{cells}{free}</div><p>{legend}</p>"


def prompt_view(prompt: str, parts: Sequence[Any]) -> str:
    """The prompt as the model gets it, its parts told apart by the colours of the bar."""
    spans = "".join(f"<span class='re-in re-p-{p.name}'>{escape(prompt[p.start : p.end])}</span>" for p in parts)
    return f"<pre class='re-pre' tabindex='0'>{spans}</pre>"


def problems(language: Language, found: Sequence[tuple[int | None, str]], text: str = "") -> str:
    """What is wrong with a role's text, with the lines themselves."""
    if not found:
        return f"<p class='re-ok' role='status'>✓ {say(language, 'valid')}</p>"
    lines = text.split("\n")
    items = []
    for line, message in found:
        where = f"<b>{say(language, 'line', line=line)}:</b> " if line else ""
        shown = f"<pre>{escape(lines[line - 1][:120])}</pre>" if line and line <= len(lines) else ""
        items.append(f"<li>{where}{_with_code(message)}{shown}</li>")
    return f"<ul class='re-errors' role='alert'>{''.join(items)}</ul>"


def besides_form(language: Language, turns: Sequence[Mapping[str, Any]], others: Sequence[str]) -> str:
    """What a role's form has no box for."""
    there = f"<p class='re-note'>{say(language, 'in yaml only')}</p>"
    shown = "".join(
        f"<dt>{escape(_short(str(turn.get('user', ''))))}</dt><dd>{escape(_short(str(turn.get('assistant', ''))))}</dd>"
        for turn in turns[:_SHOWN_TURNS]
    )
    more = len(turns) - _SHOWN_TURNS
    rest = f"<p class='re-note'>{say(language, 'and turns more', count=more)}</p>" if more > 0 else ""
    examples = f"<h4>{say(language, 'examples of talk')}</h4><dl>{shown}</dl>{rest}" if turns else ""
    keys = ", ".join(f"<code>{escape(key)}</code>" for key in others[:_SHOWN_KEYS])
    listed = f"<h4>{say(language, 'other keys')}</h4><p>{keys}</p>" if others else ""
    return f"<div class='re-besides'>{examples}{listed}{there}</div>" if turns or others else ""


def note(text: str, kind: str = "note") -> str:
    return f"<p class='re-{kind}' role='status'>{_with_code(text)}</p>" if text else ""


def totals(language: Language, replies: Sequence[ReplyRecord]) -> str:
    """All that a session's replies cost, and two plots."""
    spans = Counter(span.kind for reply in replies for span in reply.rejected)
    clean = sum(not reply.rejected for reply in replies)
    figures = (
        (len(replies), say(language, "replies")),
        (f"{round(100 * clean / len(replies))} %", say(language, "clean share")),
        (sum(spans.values()), say(language, "spans")),
        (sum(reply.attempts for reply in replies), say(language, "attempts")),
        (sum(reply.tokens_rejected for reply in replies), say(language, "lost")),
    )
    tiles = "".join(f"<div><b>{figure}</b><span>{label}</span></div>" for figure, label in figures)
    plots = _lost(language, replies) + _kinds(language, spans)
    return f"<div class='re-tiles'>{tiles}</div><div class='re-plots'>{plots}</div>"


def _lost(language: Language, replies: Sequence[ReplyRecord]) -> str:
    """Tokens lost, a bar a reply, the last sixty."""
    shown = list(replies)[-60:]
    most = max((reply.tokens_rejected for reply in shown), default=0) or 1
    step = 300 / max(len(shown), 12)
    bars = "".join(
        f"<rect x='{i * step:.1f}' y='{70 - 66 * reply.tokens_rejected / most:.1f}' width='{step * 0.8:.1f}' "
        f"height='{66 * reply.tokens_rejected / most:.1f}'/>"
        for i, reply in enumerate(shown)
        if reply.tokens_rejected
    )
    title = say(language, "lost plot")
    return (
        f"<figure><figcaption>{title} (max {most if bars else 0})</figcaption><svg viewBox='0 0 300 72' role='img' "
        f"aria-label='{title}' preserveAspectRatio='none'>{bars}<line x1='0' y1='71' x2='300' y2='71'/></svg></figure>"
    )


def _kinds(language: Language, spans: Counter[str]) -> str:
    if not spans:
        return ""
    most = max(spans.values())
    rows = "".join(
        f"<li><span>{name_violation_kind(language, kind)}</span>"
        f"<i style='width:{100 * count / most:.0f}%'></i><b>{count}</b></li>"
        for kind, count in spans.most_common()
    )
    return f"<figure><figcaption>{say(language, 'kinds plot')}</figcaption><ul class='re-kinds'>{rows}</ul></figure>"


def reply_view(language: Language, reply: ReplyRecord, status: str) -> str:
    """One reply: what the model wanted in its place, against what was delivered."""
    head = f"<header><b>{escape(reply.question or '—')}</b><span>{escape(status)}</span></header>"
    spans = reply.rejected[:_SHOWN_SPANS]
    if not spans:
        return f"<article>{head}<p class='re-said'>{escape(_short(reply.delivered))}</p></article>"
    rows = "".join(_against(language, span) for span in spans)
    more = len(reply.rejected) - len(spans)
    rest = f"<p class='re-note'>+{more}</p>" if more > 0 else ""
    titles = f"<tr><th scope='col'>{say(language, 'wanted')}</th><th scope='col'>{say(language, 'delivered')}</th></tr>"
    return f"<article>{head}<table><thead>{titles}</thead><tbody>{rows}</tbody></table>{rest}</article>"


def _against(language: Language, span: RejectionRecord) -> str:
    before = ("…" if len(span.before) >= AROUND else "") + escape(span.before)
    dots = "…" if len(span.instead) >= LEAST_INSTEAD else ""
    return (
        f"<tr><td>{before}{escape(span.lead)}<del>{escape(span.text)}</del> "
        f"<small>{name_violation_kind(language, span.kind)}</small></td>"
        f"<td>{before}<ins>{escape(span.instead)}</ins>{dots}</td></tr>"
    )


def highlight_violations(language: Language, text: str, found: Sequence[Violation]) -> str:
    """A text with what the policy refuses in it."""
    if not found:
        return f"<p class='re-ok' role='status'>✓ {say(language, 'check clean')}</p>"
    out, at = [], 0
    for violation in found:
        out.append(escape(text[at : violation.start]))
        name = name_violation_kind(language, violation.kind)
        out.append(f"<del title='{name}'>{escape(text[violation.start : violation.end])}</del><small> {name}</small>")
        at = violation.end
    out.append(escape(text[at:]))
    head = say(language, "check found", count=len(found))
    return f"<p class='re-warn' role='status'>{head}</p><p class='re-said'>{''.join(out)}</p>"


def facts(rows: Sequence[tuple[str, str]]) -> str:
    """A list of (label, text); "" goes on with the label before."""
    listed = "".join(
        (f"<dt>{escape(label)}</dt>" if label else "") + f"<dd>{escape(_COLUMNS.sub(' · ', text))}</dd>"
        for label, text in rows
    )
    return f"<dl class='re-facts'>{listed}</dl>"


def _with_code(text: str) -> str:
    """Keys and ids stand between backticks in messages."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _short(text: str) -> str:
    return text if len(text) <= 4 * AROUND else text[: 4 * AROUND] + "…"

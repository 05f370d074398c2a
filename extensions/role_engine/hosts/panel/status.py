"""What the guard did to a reply, in one line."""

from __future__ import annotations

from role_engine.budget.role_prompt import NOT_BUILT
from role_engine.guard.report import ReplyReport
from role_engine.hosts.panel.sessions import ReplyRecord
from role_engine.i18n.catalogue import Language, number, pluralize, say

FRAGMENTS = (("фрагмент", "фрагмента", "фрагментов"), ("fragment", "fragments"))


def status_line(report: ReplyReport, language: Language = "ru") -> str:
    """«чисто · 40 ток.», «отклонено 3 фрагмента, потеряно 0,4 с · 40 ток.»."""
    parts = [_verdict(language, report.mode, len(report.rejected), report.seconds_wasted, report.stripped)]
    if report.tokens_delivered:
        parts.append(say(language, "tokens", count=report.tokens_delivered))
    if NOT_BUILT in report.left_out:
        parts.append(say(language, "without files"))
    if report.finish not in (None, "stop"):
        parts.append(say(language, f"ended {report.finish}"))
    return " · ".join(parts)


def reply_line(reply: ReplyRecord, language: Language = "ru") -> str:
    """The same for a reply that was noted."""
    done = _verdict(language, reply.mode, len(reply.rejected), reply.seconds_wasted, reply.stripped)
    if reply.tokens_delivered:
        done += " · " + say(language, "tokens", count=reply.tokens_delivered)
    return done


def _verdict(language: Language, mode: str, count: int, seconds: float, stripped: int) -> str:
    if mode == "off":
        return say(language, "unchecked")
    if not count:
        return say(language, "clean")
    fragments = pluralize(language, count, *FRAGMENTS)
    lost = number(language, seconds, 1 if seconds >= 0.05 or not seconds else 2)
    line = say(language, "rejected", count=count, fragments=fragments, seconds=lost)
    return line + (f", {say(language, 'stripped', count=stripped)}" if stripped else "")

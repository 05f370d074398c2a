"""What the guard did to a reply, in one line."""

from __future__ import annotations

from role_engine.guard.report import ReplyReport
from role_engine.hosts.kind_names import Language
from role_engine.hosts.panel.texts import counted, number, say

FRAGMENTS = (("фрагмент", "фрагмента", "фрагментов"), ("fragment", "fragments"))


def status_line(report: ReplyReport, language: Language = "ru") -> str:
    """«чисто · 40 ток.», «отклонено 3 фрагмента, потеряно 0,4 с · 40 ток.»."""
    parts = [_verdict(report, language)]
    if report.tokens_delivered:
        parts.append(say(language, "tokens", count=report.tokens_delivered))
    if report.finish not in (None, "stop"):
        parts.append(say(language, f"ended {report.finish}"))
    return " · ".join(parts)


def _verdict(report: ReplyReport, language: Language) -> str:
    if report.mode == "off":
        return say(language, "unchecked")
    if not report.rejected:
        return say(language, "clean")
    count = len(report.rejected)
    line = say(
        language,
        "rejected",
        count=count,
        fragments=counted(language, count, *FRAGMENTS),
        seconds=number(language, report.seconds_wasted),
    )
    return line + (f", {say(language, 'stripped', count=report.stripped)}" if report.stripped else "")

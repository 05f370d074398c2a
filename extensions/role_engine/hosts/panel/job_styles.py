"""What a page shows of a piece of long work, one look after the other: a few a second, and only what has changed."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from role_engine.app.jobs import Job
from role_engine.i18n.catalogue import Language, say

LOOKS_A_SECOND = 4
PATIENCE = 3  # looks before a bar appears that nobody has asked for: most work is over by then


@dataclass(frozen=True, slots=True)
class JobView:
    """What is shown: HTML, and whether the work can be cancelled, or is being so."""

    shown: str
    running: bool
    cancelling: bool = False


async def looks(
    work: Job,
    language: Callable[[], Language],
    wanted: Callable[[], bool],
    *,
    eager: bool,
    cancelled: str,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[JobView]:
    """Looks at a work until it is over, or is not wanted any more.

    Args:
        eager: begin at once; else only when the work takes longer than a moment, or comes to no good end.
        cancelled: the key of the text that says what a cancelled work leads to.
        pause: waits so many seconds.
    """
    before, patience = None, 0 if eager else PATIENCE
    while True:
        running = work.state == "running"  # asked first: what is told after that may be the last word already
        look = JobView(work_view(work, language(), cancelled), running, work.cancelling)
        worth_telling = eager or before is not None or work.state in ("cancelled", "failed")
        if look != before and (patience <= 0 if running else worth_telling):
            before = look
            yield look
        if not running:
            return
        await pause(1 / LOOKS_A_SECOND)
        patience -= 1
        if not wanted():
            return


def work_view(work: Job, language: Language, cancelled: str) -> str:
    """A work as HTML: how far it is, or what came of it."""
    if work.state == "running":
        text = say(language, "work cancelling") if work.cancelling else work.told.text(language)
        share = work.told.share
        now = "" if share is None else f" aria-valuenow='{round(100 * share)}'"
        width = "" if share is None else f" style='width:{100 * share:.1f}%'"
        percent = "" if share is None else f" · {round(100 * share)}\u00a0%"
        said = html.escape(text)
        return (
            f"<div class='re-work'><div class='re-track' role='progressbar' aria-valuemin='0' aria-valuemax='100'{now} "
            f"aria-label='{say(language, 'progress')}' aria-valuetext='{said}'><i{width}></i></div>"
            f"<p>{said}{percent}</p></div>"
        )
    if work.state == "done":
        text, look = f"✓ {work.told.text(language)}", "good"
    elif work.state == "cancelled":
        text, look = say(language, cancelled), "note"
    else:
        text, look = say(language, "work failed", error=work.error or say(language, "bug")), "bad"
    return f"<div class='re-work'><p class='re-{look}' role='status'>{html.escape(text)}</p></div>"

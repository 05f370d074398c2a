# No `from __future__ import annotations` here: gradio reads the handlers' annotations as they are.
"""Whether the masks or bans of the loaded model are made, how long that took, and a button that makes them."""

from typing import Any

from role_engine.app.mask_warm_up import KEY, list_policies, start_mask_job
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.job_bar import JobBar
from role_engine.i18n.catalogue import Language, number, say

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_name": False}


def masks_facts(host: PanelHost, language: Language) -> tuple[str, bool]:
    """What is made, as HTML, and whether something is left to make."""
    supply = host.constraints() if host.model() is not None else None
    if supply is None:
        return "", False
    if supply.problem:
        return markup.note(f"⚠ {say(language, 'masks impossible', error=supply.problem)}", "warn"), False
    what, left = say(language, "masks of mask" if host.constraint() == "mask" else "masks of bias"), False
    lines = []
    for policy in list_policies(host.policy()):
        seconds = supply.seconds(policy)
        left = left or seconds is None
        mode = say(language, policy.mode) + (f" ({', '.join(policy.allow)})" if policy.allow else "")
        state = say(language, "masks not made")
        if seconds is not None:
            state = say(language, "masks made", seconds=number(language, max(seconds, 0.1)))
        lines.append(markup.note(f"{'✓' if seconds is not None else '○'} {mode} — {state}"))
    return markup.note(what) + "".join(lines), left


def masks_view(tab: Any, host: PanelHost, language: Language) -> None:
    """Lay the view out, inside of a gradio render."""
    import gradio as gr

    facts = gr.HTML("", elem_id="role-engine-masks-facts", visible=False)
    bar = JobBar(host, "masks", language, eager=True, cancelled="masks cancelled")
    make = gr.Button(
        say(language, "make masks"), visible=False, size="sm", elem_id="role-engine-make-masks", elem_classes="re-small"
    )

    def show_state() -> tuple[Any, Any]:
        shown, left = masks_facts(host, language)
        return gr.update(value=shown, visible=bool(shown)), gr.update(visible=left and host.works.running(KEY) is None)

    def show() -> tuple[Any, ...]:
        return (*show_state(), *bar.showing(host.works.running(KEY)))

    def start() -> list[Any]:
        work = start_mask_job(host.works, host.constraints, list_policies(host.policy()))
        return [*bar.showing(work), gr.update(visible=False)]

    tab.select(show, None, [facts, make, *bar.boxes], **QUICK)
    make.click(start, None, [*bar.boxes, make], **QUICK)
    bar.over.then(show_state, None, [facts, make], **QUICK)

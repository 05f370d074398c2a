"""The page in a headless Chromium: enabled from the Session tab, a role picked, the user's settings untouched."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from role_engine.bench.replies.oracle import name_foreign

from .browsing import MODE, ROLE, STATUS, Tab, new_tab
from .host import Host, LaunchHost
from .roles_for_tests import ALPHA_REMINDER, ALPHA_SYSTEM, BETA_REMINDER, BETA_SYSTEM


@pytest.fixture(scope="module")
def host(hosts: LaunchHost, browser: Any) -> Host:
    """A webui with its page; the extension is installed, and was enabled by a click in the Session tab."""
    host = hosts("llama.cpp", "tiny-qwen3", nowebui=False, extensions=("recorder",))
    tab = new_tab(browser, host)
    assert tab.page.locator(f"#{ROLE}").count() == 0
    tab.apply_and_restart("role_engine")
    assert tab.page.locator(f"#{ROLE}").count() == 1, f"no panel after the restart\n{host.log_tail(80)}"
    tab.page.context.close()
    host.guarded = True
    return host


@pytest.fixture
def tab(browser: Any, host: Host) -> Iterator[Tab]:
    opened = new_tab(browser, host)
    yield opened
    opened.page.context.close()


def saved(host: Host) -> dict[str, Any]:
    time.sleep(1.5)  # the page saves by itself, a second after the last change
    file = host.user_data / "settings.yaml"
    return (yaml.safe_load(file.read_text("utf-8")) or {}) if file.exists() else {}


def test_the_panel_stands_under_the_chat(tab: Tab) -> None:
    for element in (ROLE, MODE, "role-engine-thinking"):
        assert tab.page.locator(f"#{element}").is_visible(), element
    assert tab.page.locator(f"#{STATUS}").count() == 1


def test_a_role_is_picked_and_answers(tab: Tab) -> None:
    tab.choose(ROLE, "Альфа")
    shown, prompts = tab.send("Расскажи о море.")
    assert shown.strip()
    assert name_foreign(shown) == []
    assert prompts[0].count(ALPHA_SYSTEM) == 1 and prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]


def test_nothing_of_the_users_is_written_over(tab: Tab, host: Host) -> None:
    boxes, settings = tab.text_boxes(), saved(host)
    tab.choose(ROLE, "Альфа")
    tab.choose(MODE, "строго: только кириллица")
    tab.send("Расскажи о море.")
    tab.page.reload()
    tab.open()
    after = tab.text_boxes()
    assert {key: value for key, value in after.items() if boxes.get(key) != value} == {}
    assert not [key for key, value in after.items() if ALPHA_SYSTEM in value or ALPHA_REMINDER in value]
    assert saved(host) == settings

    tab.choose(ROLE, "Альфа")
    _, prompts = tab.send("А теперь о горах.")
    assert prompts[0].count(ALPHA_SYSTEM) == 1, prompts[0]
    assert prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]


def test_a_reload_does_not_keep_the_last_sessions_role_for_everyone(browser: Any, tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    other = new_tab(browser, host)
    _, prompts = other.send("Кто ты?")
    other.page.context.close()
    assert ALPHA_SYSTEM not in prompts[0], "another session got the role that the first one picked"


def test_two_sessions_with_two_roles_do_not_mix(browser: Any, tab: Tab, host: Host) -> None:
    other = new_tab(browser, host)
    tab.choose(ROLE, "Альфа")
    other.choose(ROLE, "Бета")
    for round_ in range(2):
        _, of_alpha = tab.send(f"Вопрос альфе, {round_}.")
        _, of_beta = other.send(f"Вопрос бете, {round_}.")
        for prompt in of_alpha:
            assert ALPHA_SYSTEM in prompt and BETA_SYSTEM not in prompt and BETA_REMINDER not in prompt
        for prompt in of_beta:
            assert BETA_SYSTEM in prompt and ALPHA_SYSTEM not in prompt and ALPHA_REMINDER not in prompt
    other.page.context.close()


def test_mode_of_the_panel_goes_before_the_roles(tab: Tab) -> None:
    tab.choose(ROLE, "Бета")  # off by itself
    tab.choose(MODE, "строго: только кириллица")
    for question in ("Раз.", "Два.", "Три.", "Четыре."):
        assert name_foreign(tab.send(question)[0]) == []


def test_regenerate_and_continue(tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    for action in ("Regenerate", "Continue"):
        mark = host.recording.mark()
        tab.page.evaluate("id => document.querySelector('#' + id).click()", action)
        assert host.recording.wait_for_reply(mark, 60) is not None, action
        tab.page.wait_for_timeout(1000)
        prompt = host.recording.prompts(mark)[0]
        assert prompt.count(ALPHA_SYSTEM) == 1 and prompt.count(ALPHA_REMINDER) == 1, (action, prompt)
        assert name_foreign(tab.page.locator("#chat .assistant-message .message-body").last.inner_text()) == []


def test_the_stop_button(tab: Tab, host: Host) -> None:
    tab.choose(ROLE, "Упрямая")
    mark = host.recording.mark()
    tab.page.fill("#chat-input textarea", "Расскажи о море.")
    tab.page.locator("#chat-input textarea").press("Enter")
    limit = time.monotonic() + 30
    while not host.recording.runs(mark) and time.monotonic() < limit:
        time.sleep(0.02)
    tab.page.evaluate("() => document.querySelector('#stop').click()")
    assert host.recording.wait_for_reply(mark, 10) is not None, "still at work 10 s after the stop button"


def test_a_model_loaded_from_the_page_is_constrained_at_once(tab: Tab, host: Host) -> None:
    kept = host.user_data / "role_engine" / "cache" / "decoder"
    shutil.rmtree(kept)
    tab.tab("Model")
    tab.page.get_by_role("button", name="Load", exact=True).click()
    limit = time.monotonic() + 60
    while not [*kept.glob("*.kept")]:
        assert time.monotonic() < limit, f"nothing in {kept} after 60 s\n{host.log_tail()}"
        time.sleep(0.1)


def test_it_survives_a_second_restart(tab: Tab, host: Host) -> None:
    tab.apply_and_restart()
    assert tab.page.locator(f"#{ROLE}").count() == 1
    tab.choose(ROLE, "Альфа")
    shown, prompts = tab.send("Расскажи о море.")
    assert name_foreign(shown) == []
    assert prompts[0].count(ALPHA_SYSTEM) == 1 and prompts[0].count(ALPHA_REMINDER) == 1, prompts[0]
    answer = host.client.post(
        "/v1/chat/completions",
        json={
            "messages": [{"role": "user", "content": "Кто ты?"}],
            "max_tokens": 20,
            "role_engine": {"role": "test-alpha"},
        },
    ).json()
    assert answer["role_engine"]["role"] == "test-alpha", "the API lost the extension on the restart"
    assert "Traceback" not in host.log.read_text("utf-8", "replace")


def test_unticked_it_leaves_the_host_alone(tab: Tab, host: Host) -> None:
    tab.tab("Session")
    tab.page.locator("#session-tab").get_by_label("role_engine", exact=True).uncheck()
    tab.apply_and_restart()
    assert tab.page.locator(f"#{ROLE}").count() == 0
    answer = host.client.post(
        "/v1/chat/completions",
        json={
            "messages": [{"role": "user", "content": "Кто ты?"}],
            "max_tokens": 20,
            "role_engine": {"role": "no-such-role"},
        },
    )
    assert answer.status_code == 200 and "role_engine" not in answer.json()
    assert host.client.get("/v1/role-engine/roles").status_code == 404
    shown, _ = tab.send("Расскажи о море.")
    assert shown.strip()
    tab.apply_and_restart("role_engine")
    assert tab.page.locator(f"#{ROLE}").count() == 1


def test_the_console_shows_no_error_of_ours(tab: Tab) -> None:
    tab.choose(ROLE, "Альфа")
    tab.send("Расскажи о море.")
    tab.choose(ROLE, "Бета")
    ours = [error for error in tab.complaints if "role-engine" in error or "role_engine" in error or "rror at" in error]
    assert not ours, ours

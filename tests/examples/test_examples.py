"""Every example does what its page says."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.knowledge import KnowledgeLibrary
from role_engine.paths import builtin_roles, builtin_templates
from role_engine.roles import validate_role_file
from tests.app.conftest import engine_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SERVER = "http://127.0.0.1:7861"
FOLDERS = ("roles", "backend", "n8n", "open-webui", "sillytavern")


@pytest.fixture
def server(leaky: ReplayBackend) -> Iterator[str]:
    """`serve` with the shipped roles, on a model that says an English word first; its address."""
    from role_engine.hosts.serve.app import make_app
    from tests.hosts.serve.serving import served

    roles, templates = RoleLibrary([builtin_roles()]), TemplateLibrary([builtin_templates()])
    with served(make_app(engine_of(leaky), roles, templates, page=False)) as base:
        yield base


@pytest.fixture
def leaky() -> ReplayBackend:
    return ReplayBackend(lambda request: [" мир", "."] if request.prefix else ["Привет", ",", " hello", " мир", "."])


def loaded(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text("utf-8"))


def test_every_example_is_listed_and_explained_in_both_languages() -> None:
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    assert {one.name for one in EXAMPLES.iterdir() if one.is_dir()} == set(FOLDERS)
    for folder in FOLDERS:
        assert f"[{folder}]({folder})" in listed
        text = (EXAMPLES / folder / "README.md").read_text("utf-8")
        assert re.search("[а-я]{4}", text) and re.search("[a-z]{4} [a-z]{2}", text)


@pytest.mark.parametrize("page", sorted(EXAMPLES.rglob("README.md")), ids=lambda page: page.parent.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("roles/*.yaml")), ids=lambda file: file.name)
def test_a_role_is_valid_where_it_is_copied_to(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "roles"
    shutil.copytree(EXAMPLES / "roles", home)
    library = RoleLibrary([home, builtin_roles()])
    names = TemplateLibrary([builtin_templates()]).names()
    assert validate_role_file(home / file.name, library, templates=names).problems == ()


def test_the_gardener_knows_the_notes(tmp_path: Path) -> None:
    role = RoleLibrary([EXAMPLES / "roles", builtin_roles()]).get("gardener")
    library = KnowledgeLibrary(tmp_path / "cache")
    assert "кладовой" in library.information(role.knowledge, "Где хранят тыкву?", lambda text: len(text.split()))


def test_the_backend_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "backend/phrases.py"), run_name="__main__")
    text, attempts, rejected = capsys.readouterr().out.splitlines()
    assert text == "Снег падает с неба."
    assert attempts == "attempts: 2" and "latin" in rejected


def test_the_workflow_of_n8n(server: str) -> None:
    workflow = loaded("n8n/role-engine.json")
    nodes = {node["name"]: node for node in workflow["nodes"]}
    assert len({node["id"] for node in nodes.values()}) == len(nodes)
    for source, outputs in workflow["connections"].items():
        assert source in nodes and all(link["node"] in nodes for link in outputs["main"][0])
    given = {one["name"]: one["value"] for one in nodes["Question"]["parameters"]["assignments"]["assignments"]}
    request = nodes["Ask a role"]["parameters"]
    answer = httpx.request(
        request["method"], at(request["url"], server), json=evaluated(request["jsonBody"], given), timeout=30
    )
    assert answer.status_code == 200, answer.text
    read = {one["name"]: one["value"] for one in nodes["Reply"]["parameters"]["assignments"]["assignments"]}
    assert looked_up(read["reply"], answer.json()) == "Привет, мир."
    assert looked_up(read["rejected"], answer.json()) == [{"kind": "latin", "count": 1}]
    assert answer.json()["role_engine"]["role"] == "philosopher"


def test_open_webui_finds_roles_as_models(server: str) -> None:
    service = yaml.safe_load((EXAMPLES / "open-webui/compose.yaml").read_text("utf-8"))["services"]["open-webui"]
    assert service["network_mode"] == "host" and "ports" not in service
    base = at(service["environment"]["OPENAI_API_BASE_URL"], server)
    key = {"Authorization": f"Bearer {service['environment']['OPENAI_API_KEY']}"}
    models = [one["id"] for one in httpx.get(f"{base}/models", headers=key).json()["data"]]
    assert "role:philosopher" in models
    body = {"model": "role:philosopher", "stream": True, "messages": [{"role": "user", "content": "Кто ты?"}]}
    answer = httpx.post(f"{base}/chat/completions", json=body, headers=key, timeout=30)
    assert answer.status_code == 200 and streamed(answer.text) == "Привет, мир."


def test_sillytavern_asks_what_the_preset_says(server: str) -> None:
    preset = loaded("sillytavern/role-engine.json")
    assert preset["chat_completion_source"] == "custom"
    body = {
        "model": preset["custom_model"],
        "messages": [{"role": "system", "content": "[Start a new Chat]"}, {"role": "user", "content": "Кто ты?"}],
        "max_tokens": preset["openai_max_tokens"],
        "temperature": preset["temperature"],
        "top_p": preset["top_p"],
        "stream": preset["stream_openai"],
        **yaml.safe_load(preset["custom_include_body"]),
    }
    base = at(preset["custom_url"], server)
    assert preset["custom_model"] in [one["id"] for one in httpx.get(f"{base}/models").json()["data"]]
    answer = httpx.post(f"{base}/chat/completions", json=body, timeout=30)
    assert answer.status_code == 200 and streamed(answer.text) == "Привет, мир."


def at(url: str, server: str) -> str:
    """The example's address, on the test's server."""
    assert url.startswith(f"{SERVER}/v1")
    return url.replace(SERVER, server)


def evaluated(expression: str, given: dict[str, str]) -> Any:
    """What n8n makes of `={{ JSON.stringify({ key: 'text', other: $json.name }) }}`: it nearly is YAML."""
    inside = re.fullmatch(r"=\{\{ JSON\.stringify\((.*)\) \}\}", expression)
    assert inside, expression
    return yaml.safe_load(re.sub(r"\$json\.(\w+)", lambda name: json.dumps(given[name[1]]), inside[1]))


def looked_up(expression: str, answer: Any) -> Any:
    """What n8n makes of `={{ $json.choices[0].message.content }}`."""
    inside = re.fullmatch(r"=\{\{ \$json((?:\.\w+|\[\d+\])+) \}\}", expression)
    assert inside, expression
    for key, number in re.findall(r"\.(\w+)|\[(\d+)\]", inside[1]):
        answer = answer[key] if key else answer[int(number)]
    return answer


def streamed(events: str) -> str:
    lines = [line.removeprefix("data: ") for line in events.splitlines() if line.startswith("data: {")]
    choices = [choice for line in lines for choice in json.loads(line)["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)

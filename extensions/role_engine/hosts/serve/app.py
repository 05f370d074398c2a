"""The ASGI app: three endpoints that generate, the list of models, the routes of role_engine, the page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import PlainTextResponse

from role_engine.app.engine import Engine
from role_engine.app.planner import Planner
from role_engine.app.refusal import RequestRefusal
from role_engine.app.reply_plan import ReplyPlan
from role_engine.app.resolution import Choice
from role_engine.errors import RoleEngineError
from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import RequestContext, get_current
from role_engine.hosts.http.error_forms import error_response, without_folder
from role_engine.hosts.http.middleware import ENDPOINTS, RoleEngineMiddleware
from role_engine.hosts.http.model_list import add_roles
from role_engine.hosts.http.request_body import BodyMemory
from role_engine.hosts.http.route_errors import first_problem
from role_engine.hosts.http.routes import make_router
from role_engine.hosts.serve import endpoint_docs as docs
from role_engine.hosts.serve.answers import StreamedAnswer, whole_answer
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.hosts.serve.dialects import ChatDialect, CompletionDialect, Dialect, MessagesDialect
from role_engine.hosts.serve.docs_page import add_docs
from role_engine.hosts.serve.failures import message_of, status_of
from role_engine.hosts.serve.fields import ChatBody, CompletionBody, MessagesBody, read_options, text_of
from role_engine.hosts.serve.memory import trim_memory
from role_engine.hosts.serve.parsed_body import ParsedBodyRoute
from role_engine.hosts.serve.reply_job import ReplyJob
from role_engine.hosts.serve.request_queue import RequestQueue
from role_engine.hosts.serve.security.gate import Gate
from role_engine.hosts.serve.security.keys import Keys
from role_engine.hosts.serve.security.page_files import UploadsOnly
from role_engine.hosts.serve.security.page_routes import open_routes
from role_engine.hosts.serve.security.request_limits import RequestLimits
from role_engine.hosts.serve.service import ServeService
from role_engine.hosts.serve.settings import ServeSettingsStore
from role_engine.knowledge import KnowledgeLibrary
from role_engine.modes.library import ModeLibrary
from role_engine.prompts import TemplateLibrary
from role_engine.roles import RoleLibrary

log = logging.getLogger(__name__)

NO_PAGE = (
    "role_engine отвечает по адресам /v1/chat/completions, /v1/completions, /v1/messages и /v1/role-engine/roles.\n"
    "Описание API — /docs.\n"
    "Страницы чата нет: для неё нужен gradio 4 и то, что нужно ему (pip install 'role-engine[serve]').\n"
)


def make_app(
    engine: Engine,
    library: RoleLibrary,
    templates: TemplateLibrary,
    *,
    keys: Keys | None = None,
    default: Choice | None = None,
    modes: ModeLibrary | None = None,
    line: RequestQueue | None = None,
    local_only: bool = True,
    page: bool = True,
    knowledge: KnowledgeLibrary | None = None,
    model_path: str | None = None,
) -> FastAPI:
    """The server's app; `app.state.service` is its `ServeService`, `app.state.settings` its `ServeSettingsStore`.

    Args:
        default: the server's default role, mode and thinking.
        modes: the thinking modes; None: those that the project brings.
        local_only: answer to this machine's names only.
        page: the chat page at `/`, where gradio is installed.
        knowledge: what the roles' files are looked up in; None: one whose indexes are not kept.
        model_path: where the model lies, for the page that tells about it.
    """
    planner = Planner(engine, library, templates, modes=modes, knowledge=knowledge)
    service = ServeService(planner, line or RequestQueue(), keys or Keys(), default or Choice())
    service.model_path = model_path
    settings = ServeSettingsStore(service)
    app = FastAPI(title="role_engine", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service, app.state.settings = service, settings
    _handle_errors(app)
    _add_endpoints(app, service)
    app.include_router(make_router(service))
    _add_unknown(app)
    add_docs(app, with_key=service.keys.api is not None)
    memory = BodyMemory(after_large=trim_memory)
    app.add_middleware(RoleEngineMiddleware, service=service, memory=memory, parsed=True)
    page = page and _mount_page(app, service, settings, local_only)
    if not page:
        app.get("/", include_in_schema=False)(_no_page)
    upload = page and not app.state.panel.why_fixed()
    routes = open_routes(page=page, login=service.keys.api is not None, upload=upload)
    app.add_middleware(RequestLimits, keys=service.keys)
    app.add_middleware(Gate, routes=routes, keys=service.keys, local_only=local_only)  # outermost: it comes last
    return app


def _add_endpoints(app: FastAPI, service: ServeService) -> None:  # noqa: C901 - a function within it for each endpoint
    planner, with_key = service.planner, service.key_dependencies()

    async def chat(request: Request, body: Annotated[ChatBody, Body(openapi_examples=docs.CHAT_EXAMPLES)]) -> Response:
        context = _context(request)
        wanted = read_options(body)
        context.replies_per_prompt = wanted.replies

        def plan() -> list[ReplyPlan]:
            return planner.chat(_messages(body), wanted, request=context.choice, cancel=context.cancel)

        planned = await service.plan(plan)
        form = ChatDialect(planner.engine.name, planned, with_usage=_with_usage(body))
        return await _answer(service, request, context, planned, form, bool(body.stream))

    async def completions(
        request: Request, body: Annotated[CompletionBody, Body(openapi_examples=docs.COMPLETION_EXAMPLES)]
    ) -> Response:
        context = _context(request)
        wanted, echo = read_options(body), bool(body.echo)

        def plan() -> list[ReplyPlan]:
            prompts = [text_of(prompt, f"prompt.{i}") for i, prompt in enumerate(body.prompt)]
            return planner.completion(prompts, wanted, request=context.choice, echo=echo, cancel=context.cancel)

        planned = await service.plan(plan)
        with_usage = _with_usage(body)
        form = CompletionDialect(planner.engine.name, planned, replies_per_prompt=wanted.replies, with_usage=with_usage)
        return await _answer(service, request, context, planned, form, bool(body.stream))

    async def messages(
        request: Request, body: Annotated[MessagesBody, Body(openapi_examples=docs.MESSAGES_EXAMPLES)]
    ) -> Response:
        context = _context(request)
        wanted = read_options(body)

        def plan() -> list[ReplyPlan]:
            chat = [_message("system", text_of(body.system, "system"))] if body.system else []
            chat += _messages(body)
            return planner.chat(chat, wanted, request=context.choice, cancel=context.cancel)

        planned = await service.plan(plan)
        form = MessagesDialect(planner.engine.name, planned)
        return await _answer(service, request, context, planned, form, bool(body.stream))

    async def models() -> dict[str, Any]:
        own = {"id": planner.engine.name, "object": "model", "created": 0, "owned_by": "role_engine"}
        return await run_in_threadpool(lambda: add_roles({"object": "list", "data": [own]}, service.roles_for_models()))

    async def model(name: str) -> dict[str, Any]:
        for entry in (await models())["data"]:
            if entry["id"] == name:
                return dict(entry)
        raise HTTPException(404, f"There is no model {name[:100]!r}.")

    generation = APIRouter(dependencies=with_key, route_class=ParsedBodyRoute)
    generation.post("/v1/chat/completions", **docs.CHAT)(chat)
    generation.post("/v1/completions", **docs.COMPLETION)(completions)
    generation.post("/v1/messages", **docs.MESSAGES)(messages)
    app.include_router(generation)
    app.get("/v1/models", dependencies=with_key, **docs.MODELS)(models)
    app.get("/v1/models/{name:path}", dependencies=with_key, **docs.MODEL)(model)


def _add_unknown(app: FastAPI) -> None:
    """What else a client asks for under /v1 gets an error in its own form, and not the page's."""

    async def unknown(request: Request) -> Response:
        raise HTTPException(404, f"There is no {request.method} {request.url.path} here.")

    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    app.api_route("/v1/{rest:path}", methods=methods, include_in_schema=False)(unknown)


async def _answer(
    service: ServeService,
    request: Request,
    context: RequestContext,
    planned: Sequence[ReplyPlan],
    form: Dialect,
    streamed: bool,
) -> Response:
    ticket = service.line.enter(context.cancel)

    def start_reply(report: ReplyReport) -> None:
        context.reports.append(report)

    backend = service.planner.engine.backend
    job = ReplyJob(backend, planned, ticket, on_start=start_reply, on_end=service.count_reply)
    if streamed:
        return StreamedAnswer(job, form)
    return await whole_answer(job, form, request.receive)


def _context(request: Request) -> RequestContext:
    context = get_current()
    return context if context is not None else RequestContext(ENDPOINTS[request.url.path])


def _messages(body: ChatBody | MessagesBody) -> list[dict[str, str]]:
    return [_message(one.role, text_of(one.content, f"messages.{i}")) for i, one in enumerate(body.messages)]


def _message(role: str, text: str) -> dict[str, str]:
    return {"role": "system" if role == "developer" else role, "content": text}


def _with_usage(body: ChatBody | CompletionBody) -> bool:
    return bool(body.stream and body.stream_options is not None and body.stream_options.include_usage)


def _handle_errors(app: FastAPI) -> None:
    def refuse(request: Request, status: int, message: str, param: str | None = None, headers: Any = None) -> Response:
        response = error_response(ENDPOINTS.get(request.url.path, "chat"), status, message, param)
        response.headers.update(headers or {})
        return response

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        message, param = first_problem(error.errors())
        return refuse(request, 400, message.replace("Value error, ", ""), param or None)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        return refuse(request, error.status_code, str(error.detail), headers=error.headers)

    async def on_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, RoleEngineError)
        param, headers = (error.param, error.headers) if isinstance(error, RequestRefusal) else (None, None)
        return refuse(request, status_of(error), without_folder(error), param, headers)

    async def on_bug(request: Request, error: Exception) -> Response:
        return refuse(request, 500, message_of(error))

    app.exception_handler(RequestValidationError)(on_validation)
    app.exception_handler(StarletteHTTPException)(on_http)
    app.exception_handler(RoleEngineError)(on_ours)
    app.exception_handler(Exception)(on_bug)


def _mount_page(app: FastAPI, service: ServeService, settings: ServeSettingsStore, local_only: bool) -> bool:
    """Whether there is a page now."""
    try:
        import_gradio()
    except ImportError as error:
        log.warning("No chat page: %s. Install what it needs: pip install 'role-engine[serve]'", error)
        return False
    from role_engine.hosts.serve.chat_page.page import mount_page, upload_folder

    mount_page(app, service, settings, local_only=local_only)
    app.add_middleware(UploadsOnly, folder=upload_folder)
    return True


async def _no_page() -> PlainTextResponse:
    return PlainTextResponse(NO_PAGE)

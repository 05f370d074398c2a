from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.middleware.cors import CORSMiddleware

import modules.api.models as OAImodels
from modules import shared


def _verify(expected, authorization):
    if expected and authorization != f"Bearer {expected}":
        raise HTTPException(status_code=401, detail="Unauthorized")


def verify_api_key(authorization: str = Header(None)):
    _verify(shared.args.api_key, authorization)


def verify_admin_key(authorization: str = Header(None)):
    _verify(shared.args.admin_key, authorization)


app = FastAPI()
check_key = [Depends(verify_api_key)]
check_admin_key = [Depends(verify_admin_key)]
app.add_middleware(CORSMiddleware, allow_origins=["*"])


@app.get("/v1/models", dependencies=check_key)
async def handle_models():
    return OAImodels.list_models_openai_format()


@app.post("/v1/chat/completions", dependencies=check_key)
async def chat(body: dict):
    from role_engine.hosts.http.context import get_current

    request = get_current()
    return {
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "да"}}],
        "seen": None if request is None else {"role": request.choice.role, "body": sorted(body)},
    }

def list_models_openai_format():
    return {"object": "list", "data": [{"id": "tiny", "object": "model", "created": 0, "owned_by": "user"}]}

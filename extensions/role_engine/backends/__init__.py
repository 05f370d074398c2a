"""Who generates: one file an engine, all behind `Backend`."""

from role_engine.backends.base import Backend, Capabilities, Chunk, GenerationRequest, TokenBan

__all__ = ["Backend", "Capabilities", "Chunk", "GenerationRequest", "TokenBan"]

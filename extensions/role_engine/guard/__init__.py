"""The guard: text is checked while it streams, thrown away where the policy refuses it, and generated again."""

from role_engine.guard.attempts import GuardedStream, derive_seed, guarded_stream
from role_engine.guard.report import ReplyReport
from role_engine.guard.stream import StreamGuard

__all__ = ["GuardedStream", "ReplyReport", "StreamGuard", "derive_seed", "guarded_stream"]

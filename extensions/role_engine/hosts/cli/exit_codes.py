"""The exit codes of `role-engine`."""

from __future__ import annotations

EXIT_OK = 0
EXIT_NEGATIVE = 1
"""The command did its work, and the answer is no: a text is refused, a role is wrong."""
EXIT_USAGE = 2
EXIT_BUG = 70
"""EX_SOFTWARE of sysexits.h: never to be taken for an answer."""
EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells count it; a closed pipe is 128 + SIGPIPE."""
EXIT_PIPE_CLOSED = 141

"""When an attempt is decoded under a constraint, so that what the policy forbids is not even sampled."""

from __future__ import annotations

from role_engine.backends.base import Backend, ConstrainedBackend, Constraint, GenerationRequest
from role_engine.language.requests import find_requested_languages


class Constraints:
    """Chooses for each attempt at one reply.

    By the policy's `decoder`: `always` from the first token on; `after_reject` from the first rejection on; `off`
    never. `auto` takes masks and biases, which cost next to nothing: always in `strict`, where they leave the guard
    nothing or hardly anything to do; in `balanced` at the last try. (A grammar makes llama.cpp several times slower to
    the reply's end.) But for `off`, the last try at a spot is under the constraint.

    Args:
        backend: the engine; one that is no `ConstrainedBackend` is never asked.
        request: the reply.
    """

    def __init__(self, backend: Backend, request: GenerationRequest) -> None:
        policy = request.policy
        self._backend = backend if isinstance(backend, ConstrainedBackend) else None
        self._attempts, self._decoder = policy.attempts, policy.decoder
        self._strict = policy.mode == "strict"
        if policy.mode == "off" or policy.decoder == "off" or _asks_for_another_language(request):
            self._backend = None

    def of(self, request: GenerationRequest, *, attempt: int, tries: int) -> Constraint:
        """The constraint of an attempt.

        Args:
            request: the attempt.
            attempt: how many came before it in this reply.
            tries: how many of those failed at the present spot.
        """
        wanted = {
            "always": True,
            "after_reject": attempt > 0,
            "auto": self._strict,
        }.get(self._decoder, False)
        if self._backend is None or not (wanted or tries + 1 >= self._attempts):
            return "none"
        found = self._backend.constraint_on(request)
        return "none" if found == "grammar" and self._decoder == "auto" else found


def _asks_for_another_language(request: GenerationRequest) -> bool:
    """The guard knows where text that the user asked for may stand, a constraint does not."""
    asked = request.context[-1] if request.policy.mode == "balanced" and request.context else ""
    return bool(asked and find_requested_languages(asked))

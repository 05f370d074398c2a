"""A backend of one's own: put your engine's loop in place of the two phrases."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from role_engine import Capabilities, Chunk, GenerationRequest, LanguagePolicy, guarded_stream


class Phrases:
    """«Engine» that slips into English at first, and goes on in Russian when it is asked again."""

    capabilities = Capabilities(resume="prefix")

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """Write on after `request.prompt + request.prefix`; stop when `cancel` is set.

        Raise `role_engine.BackendError` when the engine fails.
        """
        words = [" с", " неба", "."] if request.prefix else ["Снег", " падает", " from", " the", " sky."]
        for word in words:
            if cancel.is_set():
                return
            yield Chunk(word)


def main() -> None:
    request = GenerationRequest(prompt="Откуда снег?", policy=LanguagePolicy(mode="strict"))
    stream = guarded_stream(Phrases(), request)
    for piece in stream:
        print(piece, end="", flush=True)
    print()
    print("attempts:", stream.report.attempts)
    print("rejected:", [one.kind for one in stream.report.rejected])


if __name__ == "__main__":
    main()

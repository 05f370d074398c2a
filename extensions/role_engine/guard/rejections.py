"""What stands around the places where something was rejected, so that people can see what the model wanted there."""

from __future__ import annotations

from dataclasses import dataclass, field

from role_engine.guard.report import RejectedSpan

AROUND = 70  # characters kept in front of a span
LEAST_INSTEAD, MOST_INSTEAD = 24, 300


@dataclass
class RejectedSpans:
    """The places of one text that is being made."""

    _found: list[tuple[int, str, int]] = field(default_factory=list)

    def add(self, place: int, held: str, size: int) -> None:
        """Something was rejected.

        Args:
            place: characters that were delivered by then.
            held: clean text behind those, in front of the span.
            size: the span's length.
        """
        self._found.append((place, held, size))

    def in_text(self, delivered: str) -> list[RejectedSpan]:
        """All of them, in the text as it was delivered in the end."""
        return [_spot(delivered, *found) for found in self._found]


def _spot(delivered: str, place: int, held: str, size: int) -> RejectedSpan:
    if delivered.startswith(held, place):
        place, held = place + len(held), ""
    instead = delivered[place : place + min(max(size, LEAST_INSTEAD), MOST_INSTEAD)]
    return RejectedSpan(delivered[max(0, place - AROUND) : place], held[-AROUND:], instead)

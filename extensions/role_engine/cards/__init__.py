"""Character cards, in and out: SillyTavern's (V1 to V3; PNG, JSON, `.charx`) and text-generation-webui's characters.

card, card_file         a card, and the files that it comes in (png, charx, json_reading; limits: what it may cost)
to_role, own_fields     a card's fields as a role (placeholders, lorebook)
importing, sidecar      the role file, and the card kept beside it
from_role, exporting    a role as a card again
"""

from role_engine.cards.card import Card
from role_engine.cards.card_file import read_card
from role_engine.cards.exporting import file_of, gathered
from role_engine.cards.from_role import Format, document_of
from role_engine.cards.importing import Imported, companions, import_card

__all__ = [
    "Card",
    "Format",
    "Imported",
    "companions",
    "document_of",
    "file_of",
    "gathered",
    "import_card",
    "read_card",
]

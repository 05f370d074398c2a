"""Character cards, in and out: SillyTavern's (V1 to V3; PNG, JSON, `.charx`) and text-generation-webui's characters.

card, card_file         a card, and the files that it comes in (png, charx, json_reading; limits: what it may cost)
book, importing_book    a lorebook by itself, and how a role comes to know it
other_files             what is no card, named
to_role, own_fields     a card's fields as a role (placeholders, lorebook, key_patterns)
importing, sidecar      the role file, and the card kept beside it
from_role, exporting    a role as a card again
"""

from role_engine.cards.book import Book
from role_engine.cards.card import Card
from role_engine.cards.card_file import read_card, read_card_or_book
from role_engine.cards.exporting import file_of, gather_export
from role_engine.cards.from_role import Format, document_of
from role_engine.cards.importing import ImportedRole, companions, import_card
from role_engine.cards.importing_book import ImportedBook, import_book

__all__ = [
    "Book",
    "Card",
    "Format",
    "ImportedBook",
    "ImportedRole",
    "companions",
    "document_of",
    "file_of",
    "gather_export",
    "import_book",
    "import_card",
    "read_card",
    "read_card_or_book",
]

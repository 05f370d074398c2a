"""Roles: the file, how one role extends another, and the library that keeps them fresh.

from role_engine.roles import RoleLibrary
library = RoleLibrary([Path("my-roles"), Path("roles")])
library.get("philosopher").system
"""

from role_engine.roles.library import RoleLibrary
from role_engine.roles.role import ROLE_ID, Budget, Example, Knowledge, Lora, Role, Thinking
from role_engine.roles.role_file import MAX_ROLE_FILE_BYTES, RoleSource, load_role_file
from role_engine.roles.validation import RoleReport, validate_role_file

__all__ = [
    "MAX_ROLE_FILE_BYTES",
    "ROLE_ID",
    "Budget",
    "Example",
    "Knowledge",
    "Lora",
    "Role",
    "RoleLibrary",
    "RoleReport",
    "RoleSource",
    "Thinking",
    "load_role_file",
    "validate_role_file",
]

"""Files on the disk: read with a bound, written whole or not at all. Everything of ours that writes goes through here.

| module | what it knows |
| --- | --- |
| `writing` | one file: new, never over another; or in another's place, where that is still the one that was read |
| `together` | several files that belong together: all of them or none, also after a kill |
| `folders` | a folder that appears with all its files, or takes another folder's place |
| `temporary` | names of unfinished work, who is still at it, and clearing away what a dead program left |
| `locks` | one writer at a time in a folder, among threads and among programs |
| `reading` | a file's bytes up to a limit, and never through a link that was put into the way |

Errors are `OSError`s (`FileChanged`, `FolderBusy` among them): whoever calls says which role or setting it was about.
"""

from role_engine.files.folders import fill_folder, new_folder
from role_engine.files.locks import FolderBusy, folder_lock
from role_engine.files.reading import UnreadableFile, is_file, read_bounded, read_unlinked
from role_engine.files.temporary import clear_leftovers, is_unfinished, passing_folder
from role_engine.files.together import write_together
from role_engine.files.writing import (
    FileChanged,
    append_line,
    create_file,
    file_being_made,
    move_file,
    replace_file,
    version_of,
)

__all__ = [
    "FileChanged",
    "FolderBusy",
    "UnreadableFile",
    "append_line",
    "clear_leftovers",
    "create_file",
    "file_being_made",
    "fill_folder",
    "folder_lock",
    "is_file",
    "is_unfinished",
    "move_file",
    "new_folder",
    "passing_folder",
    "read_bounded",
    "read_unlinked",
    "replace_file",
    "version_of",
    "write_together",
]

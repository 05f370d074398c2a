"""The modes of one or more folders: those that the project brings, and the user's own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from role_engine.errors import ModeError, RoleError, suggest_known
from role_engine.modes.mode import Mode
from role_engine.roles.role import BUILTIN_MODES, NO_THINKING, ROLE_ID
from role_engine.roles.role_file import read_text
from role_engine.roles.yaml_errors import explain, without_nulls
from role_engine.roles.yaml_reading import read_marked

log = logging.getLogger(__name__)

MAX_MODE_FILE_BYTES = 100_000
BUILTIN = Path(__file__).resolve().parent / "builtin"


def load_mode_file(path: Path) -> Mode:
    """Read and check one file.

    Raises:
        ModeError: with file and line: not a mode's name, unreadable, not YAML, an unknown key, a wrong value.
    """
    if ROLE_ID.fullmatch(path.stem) is None or path.stem == NO_THINKING:
        raise ModeError(
            f"{path.stem!r} cannot be a mode's id: 1 to 64 of a-z, 0-9, _ and -, and not `none`.", path=path
        )
    try:
        marked = read_marked(read_text(path, MAX_MODE_FILE_BYTES), path)
        data = without_nulls(marked.data)
        if own := {"id", "path"} & data.keys():
            key = own.pop()
            raise ModeError(
                f"Unknown key {key!r}.", path=path, line=marked.line((key,)), hint="The id is the file's name."
            )
        try:
            return Mode.model_validate({"token": f"<|{path.stem}|>", **data, "id": path.stem, "path": path})
        except ValidationError as error:
            # A key with a slip in it is missing, too.
            first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
            raise explain(first, marked, path, Mode) from None
    except RoleError as error:  # the reading is that of role files
        hint = "A mode needs `name`, `passes` and `answer`." if error.message == "Is empty." else error.hint
        raise ModeError(error.message, path=error.path, line=error.line, hint=hint) from None


class ModeLibrary:
    """Modes by id. Of two files with the same id the one in the earlier folder counts; the project's own come last.

    The folders are looked at anew each time; a file is read again once it has changed. All methods may be called from
    any thread.
    """

    def __init__(self, folders: Sequence[Path | str] = ()) -> None:
        self.folders = (*(Path(folder) for folder in folders), BUILTIN)
        self._lock = threading.Lock()
        self._read: dict[Path, tuple[tuple[int, int], Mode | ModeError]] = {}

    def get(self, mode_id: str) -> Mode:
        """The mode of that id.

        Raises:
            ModeError: there is none, or its file is wrong.
        """
        found = self._all().get(mode_id)
        if isinstance(found, ModeError):
            raise found
        if found is None:
            hint = suggest_known(mode_id, self.names(), "thinking modes")
            raise ModeError(f"There is no thinking mode {mode_id!r}.", hint=hint)
        return found

    def find(self, name: str) -> Mode | None:
        """The mode of that name; None for `none`, and for one that cannot be had, which the log tells."""
        if name == NO_THINKING:
            return None
        try:
            return self.get(name)
        except ModeError as error:
            log.warning("going on without the thinking mode: %s", error)
            return None

    def check_known(self, name: str | None) -> None:
        """Nothing, for a name that may be asked for (None: nobody asks).

        Raises:
            ModeError: as `get`.
        """
        if name not in (None, NO_THINKING):
            self.get(str(name))

    def all(self) -> tuple[Mode, ...]:
        """The modes that can be had: the project's own first, the user's by id."""
        modes = {name: mode for name, mode in self._all().items() if isinstance(mode, Mode)}
        own = [name for name in BUILTIN_MODES if name in modes]
        return tuple(modes[name] for name in (*own, *sorted(modes.keys() - set(own))))

    def names(self) -> tuple[str, ...]:
        """What may be asked for: `none`, and the ids."""
        return (NO_THINKING, *(mode.id for mode in self.all()))

    def tokens(self) -> tuple[str, ...]:
        return tuple(mode.token for mode in self.all())

    def errors(self) -> dict[str, ModeError]:
        """What is wrong, by id."""
        return {name: error for name, error in self._all().items() if isinstance(error, ModeError)}

    def __contains__(self, mode_id: object) -> bool:
        return isinstance(self._all().get(str(mode_id)), Mode)

    def _all(self) -> dict[str, Mode | ModeError]:
        with self._lock:
            found: dict[str, Mode | ModeError] = {}
            for folder in self.folders:
                for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
                    if not path.name.startswith("."):
                        found.setdefault(path.stem, self._fresh(path))
            return found

    def _fresh(self, path: Path) -> Mode | ModeError:
        try:
            stat = path.stat()
            signature = (stat.st_mtime_ns, stat.st_size)
        except OSError as error:
            return ModeError(f"Cannot be read: {error.strerror or error}.", path=path)
        known = self._read.get(path)
        if known is None or known[0] != signature:
            try:
                known = (signature, load_mode_file(path))
            except ModeError as error:
                log.warning("mode %s: %s", path.stem, error)
                known = (signature, error)
            self._read[path] = known
        return known[1]

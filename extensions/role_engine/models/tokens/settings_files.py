"""The JSON and text files of a model directory while they are being changed; what was changed is remembered."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from role_engine.models.json_files import read_json, to_text
from role_engine.models.token_manifest import Edit


class SettingsFiles:
    """Files of `model`, read when first asked for; nothing is written before `write`, and then only what changed."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._json: dict[str, dict[str, Any]] = {}
        self._text: dict[str, str] = {}
        self._changed: set[str] = set()
        self._gone: set[str] = set()
        self.edits: list[Edit] = []

    @property
    def rewritten(self) -> set[str]:
        """Names of the files that `write` makes or leaves out."""
        return self._changed | self._gone

    def exists(self, file: str) -> bool:
        return file in self._changed or (self._model / file).is_file()

    def json(self, file: str) -> dict[str, Any]:
        """The object in a file, to be changed only with `touch`; an empty one where there is no file."""
        if file not in self._json:
            self._json[file] = read_json(self._model / file) if (self._model / file).is_file() else {}
        return self._json[file]

    def touch(self, file: str) -> dict[str, Any]:
        """The same, to be changed in place."""
        self._changed.add(file)
        return self.json(file)

    def set(self, file: str, key: tuple[str, ...], value: Any, reason: Any) -> None:
        """Change one setting, and remember what it was."""
        holder, last = self._holder(file, key)
        existed = last in holder
        before = copy.deepcopy(holder.get(last))
        if existed and before == value:
            return
        holder[last] = value
        self._changed.add(file)
        self.edits.append(Edit(reason=reason, file=file, key=key, existed=existed, before=before, after=value))

    def set_text(self, file: str, value: str, reason: Any) -> None:
        """Change a whole text file, and remember what it was."""
        before = (self._model / file).read_text("utf-8")
        if before != value:
            self._text[file] = value
            self._changed.add(file)
            self.edits.append(Edit(reason=reason, file=file, existed=True, before=before, after=value))

    def undo(self, edit: Edit) -> bool:
        """Give a setting its former value; false: it was changed since, and is left as it is."""
        if not edit.key:
            path = self._model / edit.file
            if not path.is_file() or path.read_text("utf-8") != edit.after:
                return False
            self._text[edit.file] = edit.before
            self._changed.add(edit.file)
            return True
        holder, last = self._holder(edit.file, edit.key)
        if holder.get(last) != edit.after:
            return False
        if edit.existed:
            holder[last] = edit.before
        else:
            del holder[last]
        self._changed.add(edit.file)
        if not self.json(edit.file):
            self._gone.add(edit.file)
        return True

    def write(self, folder: Path) -> None:
        """The changed files, into `folder`."""
        for file in sorted(self._changed - self._gone):
            content = self._text[file] if file in self._text else self._as_it_was(file)
            (folder / file).write_text(content, encoding="utf-8")

    def _as_it_was(self, file: str) -> str:
        """The JSON with a line end only where there was one: what is added and removed again leaves the same bytes."""
        content, former = to_text(self._json[file]), self._model / file
        if former.is_file() and not former.read_bytes().endswith(b"\n"):
            content = content.removesuffix("\n")
        return content

    def _holder(self, file: str, key: tuple[str, ...]) -> tuple[dict[str, Any], str]:
        holder = self.json(file)
        for part in key[:-1]:
            inner = holder.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = holder[part] = {}
            holder = inner
        return holder, key[-1]

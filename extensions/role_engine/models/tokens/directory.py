"""A Hugging Face directory with the tensors that have one row a token, and a changed copy of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from role_engine.errors import InputError, ModelError
from role_engine.models.embedding_names import head_of, input_of
from role_engine.models.json_files import mapping, read_json
from role_engine.models.place import CONFIG
from role_engine.models.safetensors_file import (
    INDEX,
    SafetensorsHeader,
    TensorEntry,
    read_header,
    tensors_of,
    weight_files,
)
from role_engine.models.token_manifest import MANIFEST
from role_engine.models.tokens.result import Progress
from role_engine.models.tokens.rows import SIZES
from role_engine.models.tokens.settings_files import SettingsFiles
from role_engine.models.tokens.shards import RowChanges, read_rows, rewrite
from role_engine.models.tokens.staging import bring, check_space, links

SMALL = 64 << 20
"""Files below this size are copied rather than linked: it saves next to nothing, and people edit them."""


@dataclass
class DirectoryCopy:
    """What was done to make the copy."""

    rewritten: list[str] = field(default_factory=list)
    linked: int = 0
    left: list[str] = field(default_factory=list)


class ModelDirectory:
    """The tensors of a directory, by name; their bytes stay on disk.

    Raises:
        InputError: no config, no safetensors files, or files that are not all there.
        ModelError: the embedding is in a form that cannot be changed here.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings = SettingsFiles(path)
        self.config = read_json(path / CONFIG)
        self.files = weight_files(path)
        if not self.files:
            raise InputError(
                "Has no safetensors files.",
                path=path,
                hint="Load it with transformers and save it with save_pretrained.",
            )
        self.headers = [read_header(file) for file in self.files]
        for header in self.headers:
            if not header.complete:
                raise InputError("Is not all there: its header names more than it holds.", path=header.path)
        self.tensors = tensors_of(self.headers)
        found = input_of(self.tensors)
        if found is None:
            raise ModelError("Its input embedding is not found under any name that is known here.", path=path)
        self.input_name, self.input = found
        head = head_of(self.tensors)
        self.head_name = head[0] if head else None
        for name in (self.input_name, self.head_name):
            if name and self.tensors[name].dtype not in SIZES:
                raise ModelError(
                    f"{name} is kept as {self.tensors[name].dtype}.",
                    path=path,
                    hint=f"Rows can be made in {', '.join(SIZES)}: take the model before it was quantised.",
                )

    @property
    def rows(self) -> int:
        return self.input.shape[0]

    @cached_property
    def tied(self) -> bool:
        """Whether input and output share their rows: there is no head, or the config says that it is not used."""
        if self.head_name is None:
            return True
        said = mapping(self.config, "text_config").get("tie_word_embeddings", self.config.get("tie_word_embeddings"))
        return said is True

    @property
    def shared(self) -> tuple[str, ...]:
        """Tensors whose rows are the embedding's: itself, and a head that is stored although it is tied."""
        return (self.input_name, self.head_name) if self.tied and self.head_name else (self.input_name,)

    def header_of(self, tensor: str) -> SafetensorsHeader:
        return next(header for header in self.headers if tensor in header.tensors)

    def read(self, tensor: str, rows: list[int]) -> list[bytes]:
        return read_rows(self.header_of(tensor), self.tensors[tensor], rows)

    def grows(self) -> tuple[str, ...]:
        """Every tensor that gets a row for each new token.

        Raises:
            ModelError: there is one besides that is not known.
        """
        known = tuple(name for name in (self.input_name, self.head_name) if name)
        if others := [n for n, t in self.tensors.items() if n not in known and _by_token(n, t, self.rows)]:
            raise ModelError(
                f"No row is spare, and {others[0]!r} has one for each token too: such models are not grown here.",
                path=self.path,
            )
        return known

    def write(
        self, part: Path, out: Path, changes: Mapping[str, RowChanges], *, copy: bool, progress: Progress | None
    ) -> DirectoryCopy:
        """The changed copy, into `part`: files with changed rows anew, settings anew, the others linked or copied."""
        taken, left = split_carried(self.path, self.files)
        rewritten = {self.header_of(name).path.name for name in changes}
        skipped = {*self.settings.rewritten, MANIFEST}
        rest = [path for path in taken if str(path) not in skipped and path.name not in rewritten]
        can_link = not copy and links(self.path, out)
        linked = {path for path in rest if can_link and self._size(path) >= SMALL}
        total = sum(map(self._size, [*(path for path in rest if path not in linked), *map(Path, rewritten)]))
        check_space(out.parent, total)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if progress is not None:
                progress(done, total)

        copied = DirectoryCopy(sorted(rewritten), 0, [str(path) for path in left])
        for name in sorted(rewritten):
            header = next(header for header in self.headers if header.path.name == name)
            rewrite(header, part / name, {n: c for n, c in changes.items() if n in header.tensors}, advance)
        for path in rest:
            (part / path).parent.mkdir(parents=True, exist_ok=True)
            copied.linked += bring(self.path / path, part / path, link=path in linked, advance=advance)
        self._grow_index(changes)
        self.settings.write(part)
        return copied

    def _size(self, path: Path) -> int:
        return (self.path / path).stat().st_size

    def _grow_index(self, changes: Mapping[str, RowChanges]) -> None:
        grown = {name: change.appended for name, change in changes.items() if change.appended}
        if grown and self.settings.exists(INDEX):
            self.settings.touch(INDEX)
            metadata = mapping(self.settings.json(INDEX), "metadata")
            if isinstance(metadata.get("total_size"), int):
                metadata["total_size"] += sum(len(row) for rows in grown.values() for row in rows)
            if isinstance(metadata.get("total_parameters"), int):
                counted = grown.items() if not self.tied else [(self.input_name, grown[self.input_name])]
                metadata["total_parameters"] += sum(len(rows) * self.tensors[name].shape[1] for name, rows in counted)


def _by_token(name: str, tensor: TensorEntry, rows: int) -> bool:
    """Whether a tensor outside of the layers has as many rows as the embedding."""
    return bool(tensor.shape) and tensor.shape[0] == rows and not re.search(r"\.\d+\.", name)


_OTHER_WEIGHTS = (".safetensors", ".bin", ".pth", ".pt", ".gguf", ".onnx", ".msgpack", ".h5", ".ckpt", ".nemo")
_NO_WEIGHTS = ("training_args.bin",)


def split_carried(model: Path, weights: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """Files to take along, and those to leave behind, relative to `model`.

    Weights in other forms (`pytorch_model.bin`, `consolidated.safetensors`) would not have the new rows, and hidden
    folders (`.git`, `.cache`) speak of another directory.
    """
    taken, left = [], []
    own = {path.name for path in weights}
    for path in _files(model):
        relative = path.relative_to(model)
        is_weight = path.suffix.lower() in _OTHER_WEIGHTS and path.name not in _NO_WEIGHTS
        if is_weight and not (len(relative.parts) == 1 and path.name in own):
            left.append(relative)
        else:
            taken.append(relative)
    return taken, left


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file():
            yield path

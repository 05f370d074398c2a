"""The directory that a changed model is written to: complete under its name, or not there at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from role_engine.errors import ModelError
from role_engine.files import clear_leftovers, new_folder
from role_engine.models.place import CONFIG
from role_engine.models.token_manifest import MANIFEST
from role_engine.models.tokens.shards import Advance, copy_bytes

_FICLONE = 0x40049409  # ioctl of Linux: share the blocks until one side writes (btrfs, XFS, bcachefs)
_RESERVE = 16 << 20


@contextmanager
def stage_directory(out: Path, model: Path, *, force: bool) -> Iterator[Path]:
    """An empty directory beside `out`, which becomes `out` when the block ends well, and vanishes when it does not.

    Raises:
        ModelError: `out` is there and `force` is not given, or it is the model itself, or holds no model that could be
            replaced; or nothing can be written there.
    """
    place = out.absolute()
    clear_leftovers([place.parent])  # of a run that was killed: the model that it was about to replace comes back
    _check(out, model, force)
    try:
        with new_folder(place, replace=force, accept=lambda: _check(out, model, force)) as part:
            yield part
    except FileExistsError as error:
        raise (_there(out) if error.filename == str(place) else _unwritable(error, out)) from None
    except OSError as error:
        raise _unwritable(error, out) from None


def _there(out: Path) -> ModelError:
    return ModelError("Is there already.", path=out, hint="Name another --out, or replace it with --force.")


def _unwritable(error: OSError, out: Path) -> ModelError:
    return ModelError(f"Cannot be written: {error.strerror or error}.", path=error.filename or out)


def _check(out: Path, model: Path, force: bool) -> None:
    folder = (model if model.is_dir() else model.parent).resolve()
    place = out.resolve()
    inside = model.is_dir() and folder in place.parents  # beside a GGUF file is where models lie
    if place == folder or inside or place in folder.parents:
        raise ModelError("--out must be neither the model's own directory nor inside or around it.", path=out)
    if not out.exists():
        return
    if not force:
        raise _there(out)
    if not out.is_dir() or out.is_symlink():
        raise ModelError("Is no directory: --force replaces models only.", path=out)
    if any(out.iterdir()) and not any((out / name).is_file() for name in (CONFIG, MANIFEST)):
        raise ModelError("Holds no model: --force replaces models only.", path=out)


def check_space(folder: Path, needed: int) -> None:
    """Refuse before the work begins rather than in its midst.

    Raises:
        ModelError: fewer bytes are free.
    """
    place = folder.expanduser().absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed + _RESERVE:
        raise ModelError(
            f"The disk has {free / 1e9:.1f} GB left, and {needed / 1e9:.1f} GB are needed.",
            path=place,
            hint="Free some space, or name a directory on another disk.",
        )


def links(model: Path, out: Path) -> bool:
    """Whether files of `model` can be linked into `out`: both on one file system."""
    place = out.expanduser().absolute()
    while not place.exists():
        place = place.parent
    return model.stat().st_dev == place.stat().st_dev


def bring(source: Path, target: Path, *, link: bool, advance: Advance) -> bool:
    """The file as it is: blocks shared where the file system can, else linked, else copied. True: linked.

    A link is the same file under a second name: a program that writes *into* it changes the model that it came from.
    """
    source = source.resolve()  # Hugging Face's cache holds links
    if link and not _shared(source, target):
        try:
            os.link(source, target)
            return True
        except OSError:
            link = False
    if not link:
        with source.open("rb") as stream, target.open("xb") as out:
            copy_bytes(stream, out, source.stat().st_size, advance)
    shutil.copymode(source, target)
    os.chmod(target, target.stat().st_mode | 0o200)
    return False


def _shared(source: Path, target: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    try:
        with source.open("rb") as stream, target.open("xb") as out:
            fcntl.ioctl(out.fileno(), _FICLONE, stream.fileno())
        return True
    except OSError:
        target.unlink(missing_ok=True)
        return False

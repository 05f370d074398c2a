"""Where roles and prompt templates lie.

Three places can hold the files that the project brings, by how it was installed:

| installed as | roles | templates |
| --- | --- | --- |
| a wheel | `role_engine/builtin_roles/` | `role_engine/builtin_templates/` |
| a checkout, an editable install | `roles/` beside `extensions/` | `prompt-templates/` beside `extensions/` |
| a copy in a webui (`install.sh`) | `user_data/role_engine/roles/` | `user_data/role_engine/prompt-templates/` |

The user's own lie in a *home*, in the same two folders: `--home DIR`, else `$ROLE_ENGINE_HOME`, else the current
folder; beside them, in `modes/`, the user's own thinking modes (the project's are inside of the package). What lies in
the home wins over what the project brings. The webui's host names its folders itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "ROLE_ENGINE_HOME"
CACHE_VARIABLE = "ROLE_ENGINE_CACHE"
ROLES = "roles"
TEMPLATES = "prompt-templates"
MODES = "modes"
CACHE = "cache"
DECODER_CACHE, KNOWLEDGE_CACHE = "decoder", "knowledge"
"""In the folder of the cache."""

_PACKAGE = Path(__file__).resolve().parent


def builtin_roles(package: Path = _PACKAGE) -> Path:
    """The folder of the roles that the project brings (it may be missing when somebody copied the package alone)."""
    return _builtin(package, "builtin_roles", ROLES)


def builtin_templates(package: Path = _PACKAGE) -> Path:
    """The folder of the prompt templates that the project brings."""
    return _builtin(package, "builtin_templates", TEMPLATES)


def _builtin(package: Path, packaged: str, name: str) -> Path:
    in_wheel = package / packaged
    places = (
        in_wheel,
        package.parents[1] / name,  # checkout/extensions/role_engine
        package.parents[1] / "role_engine" / name,  # user_data/extensions/role_engine
    )
    return next((place for place in places if place.is_dir()), in_wheel)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders that one run reads, first wins; `home` is where a new file is written."""

    home: Path
    roles: tuple[Path, ...]
    templates: tuple[Path, ...]
    modes: tuple[Path, ...] = ()

    @property
    def own_roles(self) -> Path:
        return self.home / ROLES


def folders(home: Path | str | None = None, environ: Mapping[str, str] = os.environ) -> Folders:
    """The user's folders, then the project's. See the module's docstring for what `home` falls back to."""
    chosen = Path(home or environ.get(HOME_VARIABLE) or ".").expanduser()
    return Folders(
        home=chosen,
        roles=_without_repeats(chosen / ROLES, builtin_roles()),
        templates=_without_repeats(chosen / TEMPLATES, builtin_templates()),
        modes=(chosen / MODES,),
    )


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Where what can be made again is kept: `$ROLE_ENGINE_CACHE`, else the system's own place for such things."""
    if own := environ.get(CACHE_VARIABLE):
        return Path(own).expanduser()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "role-engine" / "Cache"
    if platform == "darwin":
        return Path("~/Library/Caches/role-engine").expanduser()
    return Path(environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "role-engine"


def _without_repeats(first: Path, second: Path) -> tuple[Path, ...]:
    return (first,) if first.resolve() == second.resolve() else (first, second)

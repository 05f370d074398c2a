"""Role files as people write them: blocks for texts of several lines, keys in the order given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from role_engine.roles.yaml_reading import CORE_TYPES, is_plain_text

# What a block would not give back as it was: another line end, a control character, blanks at a line's or text's ends.
_NO_BLOCK = re.compile(r"[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\A\s| \n")


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None
    if _NO_BLOCK.search(value) or not is_plain_text(value):
        style = '"'
    elif "\n" in value:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


class _CoreDumper(_Dumper):
    """For `read_marked` alone: `off` and `yes` are words there, and need no quotes."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own name for it


for _name, _pattern in CORE_TYPES.items():
    _CoreDumper.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(f"(?:{_pattern.pattern})\\Z"), None)


class _LineDumper(_CoreDumper):
    pass


def _text_on_a_line(dumper: _LineDumper, value: str) -> yaml.ScalarNode:
    style = '"' if "\n" in value or _NO_BLOCK.search(value) or not is_plain_text(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_LineDumper.add_representer(str, _text_on_a_line)


def to_yaml(values: Mapping[str, Any], *, width: float = 110, core: bool = False) -> str:
    """`values` as YAML that `read_marked` reads back as it was.

    Args:
        core: by YAML 1.2 alone, without quotes round words that older readers take for true or false.
    """
    dumper = _CoreDumper if core else _Dumper
    return yaml.dump(dict(values), Dumper=dumper, allow_unicode=True, sort_keys=False, width=width)


def on_one_line(value: Any) -> str:
    """A value as YAML for `read_marked`, to stand behind a colon."""
    listed: str = yaml.dump(
        [value], Dumper=_LineDumper, allow_unicode=True, sort_keys=False, width=10**9, default_flow_style=True
    )
    return listed.strip()[1:-1]

"""Role files as people write them: blocks for texts of several lines, keys in the order given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from role_engine.roles.yaml_reading import is_plain_text

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


def to_yaml(values: Mapping[str, Any], *, width: float = 110) -> str:
    """`values` as YAML that `read_marked` reads back as it was."""
    return yaml.dump(dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width)

"""A tokenizer's entries and special tokens, from the files of a Hugging Face directory, without loading it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.models.json_files import integer, mapping, read_json_if_there
from role_engine.models.report import Token

TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
SPECIAL_TOKENS_MAP = "special_tokens_map.json"
TEMPLATE_JINJA = "chat_template.jinja"
TEMPLATE_JSON = "chat_template.json"
_NAMED = ("bos_token", "eos_token", "pad_token", "unk_token")


@dataclass(frozen=True)
class TokenizerFacts:
    """`length`: the greatest id and one, since each needs a row; `named`: the text of `eos_token` …"""

    length: int | None = None
    added: tuple[Token, ...] = ()
    marks: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    template: str | None = None
    template_source: str = TOKENIZER_CONFIG
    limit: int | None = None
    _ids: dict[int, str] = field(default_factory=dict, repr=False)

    def text_of(self, token: int) -> str:
        """The token of an id; «#151645» where only the number is known."""
        return self._ids.get(token, f"#{token}")


def tokenizer_facts(model: Path) -> TokenizerFacts:
    """What the directory's tokenizer files say; empty where there are none.

    Raises:
        InputError: one of the files is malformed.
    """
    config = read_json_if_there(model / TOKENIZER_CONFIG)
    whole = read_json_if_there(model / TOKENIZER)
    vocabulary = vocabulary_of(whole, model / TOKENIZER) if whole else _plain_vocabulary(model)
    ids = {token: text for text, token in vocabulary.items() if _looks_like_a_mark(text)}
    added = _added_tokens(whole, config)
    ids.update((token.id, token.text) for token in added)
    top = max([*vocabulary.values(), *(token.id for token in added)], default=-1)
    limit = integer(config, "model_max_length")
    template, source = _template(model, config)
    named = {name: text for name in _NAMED if (text := _token_text(config.get(name)))}
    specials = read_json_if_there(model / SPECIAL_TOKENS_MAP)
    for name in _NAMED:
        if name not in named and (text := _token_text(specials.get(name))):
            named[name] = text
    return TokenizerFacts(
        # Without the vocabulary itself, added tokens alone still tell the length: they come last.
        length=top + 1 if top >= 0 else None,
        added=added,
        marks=tuple(ids[token] for token in sorted(ids)),
        named=named,
        template=template,
        template_source=source,
        limit=limit if limit is not None and limit < 1 << 40 else None,  # transformers writes 1e30 for «no limit»
        _ids=ids,
    )


def vocabulary_of(tokenizer: dict[str, Any], path: Path) -> dict[str, int]:
    """Text → id of `tokenizer.json`, without the added tokens.

    Raises:
        InputError: it is in no form that is known.
    """
    vocabulary = mapping(tokenizer, "model").get("vocab")
    if isinstance(vocabulary, dict) and all(type(token) is int and token >= 0 for token in vocabulary.values()):
        return vocabulary
    if isinstance(vocabulary, list) and all(_is_scored(entry) for entry in vocabulary):
        return {entry[0]: token for token, entry in enumerate(vocabulary)}
    raise InputError("Its vocabulary is in no form that is known here.", path=path)


def _is_scored(entry: object) -> bool:
    """An entry of a Unigram vocabulary, `[text, score]`."""
    return isinstance(entry, list) and bool(entry) and isinstance(entry[0], str)


def _plain_vocabulary(model: Path) -> dict[str, int]:
    given = read_json_if_there(model / "vocab.json")
    return {text: token for text, token in given.items() if type(token) is int and token >= 0}


def _looks_like_a_mark(text: str) -> bool:
    return text[:1] in ("<", "[") and text[-1:] in (">", "]") and len(text) > 2


def _added_tokens(tokenizer: dict[str, Any], config: dict[str, Any]) -> tuple[Token, ...]:
    """From both files: of two for one id that of `tokenizer.json`, which is what counts when it is loaded."""
    found: dict[int, Token] = {}
    for key, value in mapping(config, "added_tokens_decoder").items():
        if isinstance(value, dict) and key.isdecimal() and isinstance(value.get("content"), str):
            found[int(key)] = Token(id=int(key), text=value["content"], special=value.get("special") is True)
    listed = tokenizer.get("added_tokens")
    for value in listed if isinstance(listed, list) else ():
        token = integer(value, "id") if isinstance(value, dict) else None
        if token is not None and isinstance(value.get("content"), str):
            found[token] = Token(id=token, text=value["content"], special=value.get("special") is True)
    return tuple(found[token] for token in sorted(found))


def _token_text(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("content")
    return value if isinstance(value, str) and value else None


def _template(model: Path, config: dict[str, Any]) -> tuple[str | None, str]:
    """The chat template, in the order in which transformers looks for it, and where it stands."""
    path = model / TEMPLATE_JINJA
    if path.is_file():
        try:
            return path.read_text("utf-8"), TEMPLATE_JINJA
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"Cannot be read: {error}.", path=path) from None
    given, source = read_json_if_there(model / TEMPLATE_JSON).get("chat_template"), TEMPLATE_JSON
    if given is None:
        given, source = config.get("chat_template"), TOKENIZER_CONFIG
    if isinstance(given, list):  # several, by name
        named = {item.get("name"): item.get("template") for item in given if isinstance(item, dict)}
        given = named.get("default") or next(iter(named.values()), None)
    return (given if isinstance(given, str) and given.strip() else None), source

"""Language identifiers: who is asked about a sentence that its words do not settle.

The first one that works is loaded when it is first needed. `ROLE_ENGINE_IDENTIFIER` names another; `words` for the
list of words alone; or `none`, and no sentence is judged.
"""

from __future__ import annotations

import logging
import math
import os
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Protocol

_log = logging.getLogger(__name__)

CHOICE = "ROLE_ENGINE_IDENTIFIER"
# How far an identifier is trusted, in natural log-odds. `langdetect` is always sure, and does not know Belarusian,
# Kazakh and Mongolian at all.
SUREST, SUREST_OF_LANGDETECT = 6.0, 3.0
_PROBE = "Это предложение написано на русском языке, и спутать его с другим нельзя."


class Identifier(Protocol):
    """Tells Russian from other languages."""

    name: str

    def odds(self, sentence: str) -> float:
        """Natural log-odds that `sentence` is Russian and not the likeliest other language."""
        ...


def _odds(shares: dict[str, float], surest: float) -> float:
    least = math.exp(-surest)  # a smaller share is as good as none
    other = max((share for code, share in shares.items() if code != "ru"), default=0.0)
    odds = math.log(max(shares.get("ru", 0.0), least) / max(other, least))
    return max(-surest, min(surest, odds))


class FastText:
    """fastText's `lid.176.ftz`, which comes with the package, through `fasttext-predict` (or `fasttext`)."""

    name = "fasttext"
    _LABEL = "__label__"

    def __init__(self) -> None:
        fasttext = import_module("fasttext")  # as whichever of the two packages that bring it
        with as_file(files("role_engine.language") / "data" / "lid.176.ftz") as path:
            self._model = _load(fasttext.load_model, path)

    def odds(self, sentence: str) -> float:
        labels, shares = self._model.predict(sentence.replace("\n", " "), k=4)
        found = {label.removeprefix(self._LABEL): share for label, share in zip(labels, shares, strict=True)}
        return _odds(found, SUREST)


def _load(load_model: Callable[[str], Any], path: Path) -> Any:
    """The model at `path`; fastText's own reader cannot open a path with letters beyond ASCII on Windows."""
    if str(path).isascii() or os.name != "nt":
        return load_model(str(path))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        return load_model(os.path.relpath(copy) if not str(copy).isascii() else str(copy))


class LangDetect:
    """`langdetect`, seeded for every sentence, so that the same one always gets the same answer."""

    name = "langdetect"
    _SEED = 0

    def __init__(self) -> None:
        from langdetect import detector_factory
        from langdetect.lang_detect_exception import LangDetectException

        detector_factory.init_factory()
        self._factory, self._nothing_found = detector_factory._factory, LangDetectException

    def odds(self, sentence: str) -> float:
        detector = self._factory.create()
        detector.seed = self._SEED
        detector.append(sentence)
        try:
            found = detector.get_probabilities()
        except self._nothing_found:
            return 0.0
        return _odds({language.lang: language.prob for language in found}, SUREST_OF_LANGDETECT)


IDENTIFIERS: tuple[Callable[[], Identifier], ...] = (FastText, LangDetect)

NAMES = ("fasttext", "langdetect", "words", "none")

_lock = threading.Lock()
_loaded: list[Identifier | None] = []
_choice: list[str] = []


def judges_sentences() -> bool:
    """Whether sentences are judged at all."""
    return (_choice[0] if _choice else _chosen()) != "none"


def identifier() -> Identifier | None:
    """The identifier in use, loaded now if it was not yet; None where none can be. Thread-safe."""
    for loaded in _loaded:
        return loaded
    with _lock:
        if not _loaded:
            _loaded.append(_first_that_works(_chosen()))
        return _loaded[0]


def use_identifier(name: str = "") -> None:
    """Judge sentences by `name`, one of `NAMES`, from now on, in this process; "": by the environment's choice.

    Raises:
        ValueError: there is no such identifier.
    """
    if name and name not in NAMES:
        raise ValueError(f"There is no language identifier {name!r}; there are {', '.join(NAMES)}.")
    with _lock:
        _loaded.clear()
        _choice[:] = [name] if name else []


def _chosen() -> str:
    for chosen in _choice:
        return chosen
    name = os.environ.get(CHOICE, "")
    if name and name not in NAMES:
        _log.warning("%s=%s is none of %s; the default is used.", CHOICE, name, ", ".join(NAMES))
        name = ""
    _choice.append(name)
    return name


def _first_that_works(choice: str) -> Identifier | None:
    for name, maker in zip(NAMES, IDENTIFIERS, strict=False):
        if choice and choice != name:
            continue
        try:
            made = maker()
            if made.odds(_PROBE) > 0:
                return made
            _log.warning("The language identifier %s takes plain Russian for another language; it is not used.", name)
        except ImportError:
            _log.debug("The language identifier %s is not installed.", name)
        except Exception as error:  # of native code in other hands: anything
            _log.warning("The language identifier %s does not work (%s); the next one is tried.", name, error)
    _log.info("No language identifier: sentences are judged by their letters and words alone.")
    return None

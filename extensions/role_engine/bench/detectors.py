"""Whoever can be asked «is this sentence Russian?»: our check, and the peers as their own pages recommend them.

Each loader returns a function from a sentence to yes or no, and raises `ImportError` where a package is missing.
`python -m role_engine.bench.detectors NAME` measures one of them in a process of its own; `check.py` calls it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from role_engine.language import Mode

IsRussian = Callable[[str], bool]

FIRST = "Это первая проверка рyчкой и Docker."
"""Loads whatever is loaded on first need: it holds Latin letters, and a word out of two alphabets."""
FOREIGN = "Той дълго мълча, а после каза, че никога повече няма да се върне там."
"""Makes the whole check load its identifier."""
ROUND = 0.3
"""Seconds that one round of timing lasts at least."""
ROUNDS = 3


def rules(mode: Mode) -> IsRussian:
    """Letters and words alone."""
    from role_engine.language import LanguagePolicy, check
    from role_engine.language.sentences.identifiers import use_identifier

    use_identifier("none")
    policy = LanguagePolicy(mode=mode)
    return lambda sentence: check(sentence, policy).ok


def with_language() -> IsRussian:
    """`balanced` with the judgement of whole sentences, by the identifier that is installed."""
    from role_engine.language import LanguagePolicy, check

    policy = LanguagePolicy(mode="balanced", hold="sentence")
    check(FOREIGN, policy)
    return lambda sentence: check(sentence, policy).ok


def fasttext() -> IsRussian:
    """Meta's small model, `lid.176.ftz`, which comes with the language check."""
    from importlib.resources import as_file, files

    from fasttext import load_model

    with as_file(files("role_engine.language") / "data/lid.176.ftz") as path:
        model = load_model(str(path))
    return lambda sentence: bool(model.predict(sentence)[0][0] == "__label__ru")


def lingua() -> IsRussian:
    """Ten languages, as its authors advise where they are known beforehand: those that could be taken for Russian."""
    from lingua import Language, LanguageDetectorBuilder

    names = "RUSSIAN UKRAINIAN BELARUSIAN BULGARIAN SERBIAN MACEDONIAN KAZAKH MONGOLIAN ENGLISH GERMAN"
    detector = LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in names.split())).build()
    return lambda sentence: detector.detect_language_of(sentence) == Language.RUSSIAN


def py3langid() -> IsRussian:
    import py3langid as langid

    return lambda sentence: bool(langid.classify(sentence)[0] == "ru")


def langdetect() -> IsRussian:
    from role_engine.bench.peers import langdetect_says_russian

    found = langdetect_says_russian()
    if found is None:
        raise ImportError("langdetect")
    return found


OURS = {
    "strict: rules": lambda: rules("strict"),
    "balanced: rules": lambda: rules("balanced"),
    "whole check": with_language,
}
PEERS = {"fastText": fasttext, "lingua": lingua, "py3langid": py3langid, "langdetect": langdetect}
PACKAGES = {
    "fastText": "fasttext-predict",
    "lingua": "lingua-language-detector",
    "py3langid": "py3langid",
    "langdetect": "langdetect",
}


def measure_detector(load: Callable[[], IsRussian], timed: Sequence[str], judged: Sequence[str]) -> dict[str, Any]:
    """Start in seconds, the process's memory in MB after it, sentences a second over `timed`, answers on `judged`."""
    start = time.perf_counter()
    is_russian = load()
    is_russian(FIRST)
    started = time.perf_counter() - start
    memory = resident_megabytes()
    for sentence in timed:  # once unmeasured, as every program that goes on would have it
        is_russian(sentence)
    rates = []
    for _ in range(ROUNDS):
        count, begun, spent = 0, time.perf_counter(), 0.0
        while spent < ROUND:
            for sentence in timed:
                is_russian(sentence)
            count += len(timed)
            spent = time.perf_counter() - begun
        rates.append(count / spent)
    answers = "".join("01"[is_russian(sentence)] for sentence in judged)
    return {"start": started, "memory": memory, "rate": max(rates), "answers": answers}


def resident_megabytes() -> float | None:
    """What the process holds in memory; None where the system does not say."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def main() -> None:
    name, given = sys.argv[1], json.load(sys.stdin)
    try:
        found: dict[str, Any] | None = measure_detector({**OURS, **PEERS}[name], given["timed"], given["judged"])
    except ImportError:
        found = None
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

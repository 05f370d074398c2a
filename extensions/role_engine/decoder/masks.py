"""Which tokens may come next: the automaton of a policy over the vocabulary of a model."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from role_engine.decoder.automaton import automaton
from role_engine.decoder.classes import Partition
from role_engine.decoder.disk_cache import Arrays, DiskCache
from role_engine.decoder.reply import ReplyAutomaton, State
from role_engine.decoder.trie import Ints, Symbols, Trie, build, spread, walk
from role_engine.decoder.utf8 import INVALID, Utf8, utf8
from role_engine.decoder.vocabulary import Vocabulary
from role_engine.language.policy import LanguagePolicy

DEAD = -1
"""The state behind a token that was forbidden: the policy says nothing any more, and every token is allowed."""

_NOT_KNOWN, _WITHIN = -2, 1 << 30


class TokenTries:
    """A vocabulary as tries, for all policies that tell the same characters apart. Thread-safe.

    Args:
        cache: keeps the tries.
    """

    def __init__(self, vocabulary: Vocabulary, classes: Partition, cache: DiskCache | None = None) -> None:
        self.vocabulary, self.classes, self._cache = vocabulary, classes, cache
        self.reader: Utf8 = utf8(classes)
        self.symbols = Symbols(len(classes), len(self.reader.steps))
        self._steps = self.reader.steps.tolist()
        self._tries: dict[tuple[int, frozenset[int] | None], Trie] = {}
        self._read: dict[tuple[int, int], tuple[int, ...]] = {}

    def trie(self, node: int, groups: frozenset[int] | None) -> Trie:
        """The tokens read from within a character (`node` of the reader), or from its start (0).

        `groups`: only those that hold these classes alone, or a «<».
        """
        found = self._tries.get((node, groups))
        if found is None:
            found = self._tries[node, groups] = self._trie(node, groups)
        return found

    def _trie(self, node: int, groups: frozenset[int] | None) -> Trie:
        def make() -> Arrays:
            return vars(build(self.vocabulary, self.reader, node, groups, ord("<")))

        if self._cache is None or node:  # within a character few tokens go on
            return Trie(**make())
        made_of = self.vocabulary.digest, self.classes.digest, "" if groups is None else f"{sorted(groups)}"
        return Trie(**self._cache.arrays("tokens", made_of, make))

    def read(self, token_id: int, node: int) -> tuple[int, ...]:
        """The symbols of one token, read from `node` on."""
        key = token_id, node
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self.symbols_of(self.vocabulary.token(token_id), node)
        return found

    def symbols_of(self, data: bytes, node: int) -> tuple[int, ...]:
        """The symbols of some bytes, read from `node` on."""
        found = []
        for byte in data:
            behind = self._steps[node][byte]
            if behind == INVALID:
                return (self.symbols.bad,)
            node = max(behind, 0)
            if behind < 0:
                found.append(-1 - behind)
        if node:
            found.append(self.symbols.classes + node)
        return tuple(found)


class TokenMasks:
    """The masks of one policy over one vocabulary.

    A state is a number, and the state of a reply a function of its token ids alone: `state = masks.advance(state, id)`.
    What is known of a state is made when it is first asked for, and kept. Thread-safe.

    Args:
        vocabulary: what the model's tokens stand for.
        policy: what a reply may hold; not `off`.
        size: the length of the model's logits, where that is more than the vocabulary's.
        tokens: the tries of an earlier `TokenMasks` over this vocabulary; taken over where they fit.
        reply: another automaton than the policy's.
        kept: how many masks are kept.
        cache: keeps the tries.

    Raises:
        SettingsError: the policy's mode is `off`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        policy: LanguagePolicy,
        *,
        size: int | None = None,
        tokens: TokenTries | None = None,
        reply: ReplyAutomaton | None = None,
        kept: int = 256,
        cache: DiskCache | None = None,
    ) -> None:
        self.reply = automaton(policy) if reply is None else reply
        self.policy, self.vocabulary = policy, vocabulary
        self.size = max(size or 0, len(vocabulary))
        fits = tokens is not None and tokens.classes is self.reply.classes and tokens.vocabulary is vocabulary
        self.tokens = tokens if tokens is not None and fits else TokenTries(vocabulary, self.reply.classes, cache)
        self._lock = threading.RLock()
        self._kept = kept
        self._numbers: dict[tuple[State, int], int] = {}
        self._states: list[tuple[State, int]] = []
        self._table: Ints = np.full((64, len(self.tokens.symbols)), _NOT_KNOWN, np.int32)
        self._rows: list[dict[int, int]] = []
        self._allowed: OrderedDict[int, Ints] = OrderedDict()
        self._ends = np.array(sorted(vocabulary.ends), np.int32)
        self.start = self._number(self.reply.start, 0)
        self.body = self._number(self.reply.body, 0)

    # -- states ---------------------------------------------------------------------------------------------------

    def after_text(self, text: str, state: int | None = None) -> int:
        """The state behind `text`, such as the end of a prompt that belongs to the reply."""
        return self.after_bytes(text.encode("utf-8", "replace"), state)

    def after_bytes(self, data: bytes, state: int | None = None) -> int:
        """The state behind some bytes; they may end within a character."""
        state = self.start if state is None else state
        return state if state < 0 else self._behind(state, self.tokens.symbols_of(data, self._states[state][1]))

    def advance(self, state: int, token_id: int) -> int:
        """The state behind one more token; `DEAD` where that token was not allowed."""
        if state < 0:
            return DEAD
        if token_id in self.vocabulary.ends or token_id >= len(self.vocabulary):
            return state
        node = self._states[state][1]
        symbols = self.tokens.read(token_id, node)
        return self._behind(state, symbols) if symbols else state

    def after(self, token_ids: Iterable[int], state: int | None = None) -> int:
        """The state behind several tokens."""
        state = self.start if state is None else state
        for token_id in token_ids:
            state = self.advance(state, token_id)
        return state

    def within_character(self, state: int) -> bool:
        """Whether the bytes so far end within a character."""
        return state >= 0 and self._states[state][1] != 0

    def may_end(self, state: int) -> bool:
        """Whether the reply may end here."""
        if state < 0:
            return True
        reply, node = self._states[state]
        return not node and self.reply.accepts(reply)

    # -- masks ----------------------------------------------------------------------------------------------------

    def list_allowed_ids(self, state: int) -> Ints:
        """The ids that may come next, in order; never empty. Not to be written to."""
        with self._lock:
            found = self._allowed.get(state)
            if found is None:
                found = self._allowed[state] = self._allowed_ids(state)
                if len(self._allowed) > self._kept:
                    self._allowed.popitem(last=False)
            else:
                self._allowed.move_to_end(state)
        return found

    def mask(self, state: int) -> NDArray[np.bool_]:
        """[size]: True for what may come next."""
        mask = np.zeros(self.size, bool)
        mask[self.list_allowed_ids(state)] = True
        return mask

    def bits(self, state: int) -> NDArray[np.uint8]:
        """The mask, eight tokens a byte, the first one in the lowest bit."""
        return np.packbits(self.mask(state), bitorder="little")

    def bias(self, state: int) -> NDArray[np.float32]:
        """[size]: 0 for what may come next, else -inf: to be added to logits."""
        bias = np.full(self.size, -np.inf, np.float32)
        bias[self.list_allowed_ids(state)] = 0
        return bias

    def warm(self, texts: Iterable[str] = ("Слово, слово.\n",)) -> None:
        """Make the masks that nearly every reply needs, so that no reply waits for them."""
        for state in {self.start, self.body}:
            self.list_allowed_ids(state)
        for text in texts:
            state = self.start
            for char in text:
                state = self.after_text(char, state)
                self.list_allowed_ids(state)

    def _allowed_ids(self, state: int) -> Ints:
        if state < 0:
            return np.arange(self.size, dtype=np.int32)
        reply, node = self._states[state]
        trie = self.tokens.trie(node, self.reply.groups if self.reply.stays_in_text(reply) else None)
        nodes = walk(trie, state, self._steps)
        first = trie.first_token[nodes]
        ids = trie.tokens[spread(first, trie.first_token[nodes + 1] - first)]
        if self.may_end(state) or not len(ids):
            ids = np.concatenate([ids, self._ends])
        return np.sort(ids) if len(ids) else np.arange(self.size, dtype=np.int32)

    def _number(self, reply: State, node: int) -> int:
        key = (reply, node)
        found = self._numbers.get(key)
        if found is None:
            with self._lock:
                found = self._numbers.get(key)
                if found is not None:
                    return found
                found = len(self._states)
                self._states.append(key)
                self._rows.append({})
                if found == len(self._table):
                    self._table = np.concatenate([self._table, np.full_like(self._table, _NOT_KNOWN)])
                self._numbers[key] = found
        return found

    def _behind(self, state: int, symbols: tuple[int, ...]) -> int:
        for symbol in symbols:
            behind = self._rows[state].get(symbol)
            if behind is None:
                behind = self._step(state, symbol)
            if behind < 0:
                return DEAD
            state = behind
        return state

    def _step(self, state: int, symbol: int) -> int:
        """The state behind one symbol, as a number of its own where it lies within a character."""
        reply, _ = self._states[state]
        if symbol == self.tokens.symbols.bad:
            behind = DEAD
        elif symbol < self.tokens.symbols.classes:
            next_reply = self.reply.step(reply, symbol)
            behind = DEAD if next_reply is None else self._number(next_reply, 0)
        else:
            node = symbol - self.tokens.symbols.classes
            behind = self._number(reply, node) if self._goes_on(state, node) else DEAD
        self._rows[state][symbol] = behind
        return behind

    def _goes_on(self, state: int, node: int) -> bool:
        """Whether some character that the reader's `node` may end in is allowed."""
        first = self.tokens.symbols.classes
        if self._table[state, first + node] == _NOT_KNOWN:
            with self._lock:
                for symbol in range(first):
                    self._fill(state, symbol)
                reached = self.tokens.reader.reach[:, self._table[state, :first] >= 0].any(axis=1)
                self._table[state, first:-1] = np.where(reached, _WITHIN, DEAD)
        return bool(self._table[state, first + node] >= 0)

    def _steps(self, states: Ints, symbols: Ints) -> Ints:
        """`_step` for many at once; the number of a state within a character is not looked up."""
        behind = self._table[states, symbols]
        unknown = behind == _NOT_KNOWN
        if unknown.any():
            with self._lock:
                width = len(self.tokens.symbols)
                pairs = np.unique(states[unknown].astype(np.int64) * width + symbols[unknown])
                for state, symbol in zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True):
                    self._fill(state, symbol)
                behind = self._table[states, symbols]
        return behind

    def _fill(self, state: int, symbol: int) -> None:
        if symbol < self.tokens.symbols.classes:
            behind = self._rows[state].get(symbol)
            behind = self._step(state, symbol) if behind is None else behind
        elif symbol == self.tokens.symbols.bad:
            behind = DEAD
        else:
            self._goes_on(state, symbol - self.tokens.symbols.classes)
            return
        self._table[state, symbol] = behind

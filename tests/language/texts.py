# ruff: noqa: E501 - tables of words
"""Text for property tests: any code points, and what makes the rules meet."""

from __future__ import annotations

from hypothesis import strategies as st

from role_engine.language import LanguagePolicy

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=120)

WORDS = (
    "привет", "Мир", "слово", "ногami", "рyчка", "hello", "world", "Hello", "Title", "Microsoft", "GitHub", "CRM", "API",
    "Bank", "of", "America", "建立", "。", "한국", "λόγος", "α", "Δx", "km", "5", "3D", "і", "Київ", "у\u0306", "и\u0306",
    "\u0301", "\u200b", "\u200d", "\ufeff", "😀", "👩\u200d👩", "\ud800", "\ufffd", "\x00", "\u3000", "\xa0", "\u2028",
    " ", " ", " ", " ", " ", "  ", "\n", "\n\n", "\t", ". ", ", ", ": ", "-", "—", "(", ")", "«", "»", '"', "'", "`", "```",
    "\n```python\n", "\n```\n", "~~~", "$", "\\(", "\\n", "<", ">", "<think>", "</think>", "<br>", '<a href="x y">',
    "<tool_call>", "</tool_call>", "<|im_end|>", "[TOOL_CALLS]", "https://a.b/c", "file.txt", '"key":', "@user", "**", "- ",
    "1. ", "IV", "e-mail", "Docker'а", "CRM-агентство", "X" * 70, "ы" * 70, " " * 70, "(reinforcement learning)",
    "«The Lord of the Rings»", "(англ. ", "<|channel|>", "analysis", "final", "<|message|>", "<|end|>",
    "`git -m слово`", "``", "\n\n    x = 1\n", "\n    ", "\n\t", "{{", "}}", "{%", "%}", "{#a}", "(((", ")))", "<code>", "</code>", "<kbd>",
    "<pre>", "</pre>", "<!--", "-->", "[source,js]\n----\n", "\n----\n", "---\ntitle: да\n", ":::tip ", "!!! note ", ".. note:: ",
    ".. code-block:: x\n\n   ", "::\n\n", ":attr: ", "image::x[", "](", "%D0%BA", "You have to go there and do it ", "\r\n",
)  # fmt: skip
WILD_TEXT = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)

# Words with a space before each, as models write them: nothing is glued to what went before.
MODEL_WORDS = (
    "привет", "мир,", "Слово.", "это", "ногami", "рyчка", "hello", "world.", "Title:", "Microsoft", "GitHub,", "CRM", "of",
    "Bank", "America", "建立", "слово。", "λόγος", "α", "5", "km", "і", "Київ", "он\u0301", "\u200b", "😀", "\ufffd", "x", "A",
    "(reinforcement learning)", "«The Lord of the Rings»", "healthy fats", "`print(some words)`", "$x + y$", "file.txt",
    "https://a.b/c", "<think>", "</think>", "<|im_end|>", "Docker'а", "CRM-агентство", "New York", "\n-", "\n\n", "\n1.",
)  # fmt: skip
MODEL_TEXT = st.lists(st.sampled_from(MODEL_WORDS), max_size=20).map(
    lambda words: "".join(f" {word}" for word in words)
)

POLICIES = st.builds(
    LanguagePolicy,
    mode=st.sampled_from(["strict", "balanced"]),
    in_thinking=st.sampled_from(["free", "same"]),
    hold=st.sampled_from(["word", "sentence"]),
    allow=st.sampled_from([(), ("hello", "New York")]),
    emoji=st.booleans(),
)
CONTEXTS = st.sampled_from([(), ("Расскажи про Hello World и GitHub",)])
TAILS = st.sampled_from(["", "", "при", "<think>", "<thi", "Код:\n```python\n", "Here is", "(", " "])


@st.composite
def pieces_of(draw: st.DrawFn, text: str) -> list[str]:
    """`text`, cut anywhere."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=30)))
    if draw(st.booleans()):
        cuts = list(range(len(text)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

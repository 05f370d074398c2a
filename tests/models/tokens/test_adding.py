"""`add_tokens` on Hugging Face directories: what is new, and that all the rest is as it was."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.errors import InputError, ModelError, RoleEngineError
from role_engine.models import inspect_model
from role_engine.models.safetensors_file import read_header, tensors_of, weight_files
from role_engine.models.tokens import (
    MANIFEST,
    TokensRequest,
    add_tokens,
    list_tokens,
    pad_token,
    remove_tokens,
)
from tests.models.tokens.conftest import EMBEDDED, MarkedModel
from tests.models.tokens.looking import EVERYTHING, LOGICIAN, MODES, OWN, files, loaded, logits, read

torch = pytest.importorskip("torch", reason="logits are compared")
transformers = pytest.importorskip("transformers", reason="the models are loaded with transformers")


def row(path: Path, tensor: str, number: int) -> Any:
    model = loaded(path)
    return model.get_parameter(tensor)[number].detach()


@pytest.mark.parametrize(
    ("tied", "dtype"),
    [(True, torch.bfloat16), (False, torch.bfloat16), (True, torch.float16), (False, torch.float32)],
    ids=str,
)
def test_spare_rows_are_taken_and_old_logits_stay_to_the_bit(
    make_model: MarkedModel, tmp_path: Path, tied: bool, dtype: Any
) -> None:
    source, out = make_model(tied=tied, dtype=dtype), tmp_path / "out"
    before = files(source)
    result = add_tokens(source, out, EVERYTHING)
    assert files(source) == before
    assert [token.id for token in list_tokens(out).tokens] == list(range(2560, 2567))
    assert (
        len(weight_files(source)) > 1 and len(result.rewritten) == 1 and result.linked == len(weight_files(source)) - 1
    )
    old, new = loaded(source), loaded(out)
    assert new.get_input_embeddings().weight.shape == old.get_input_embeddings().weight.shape
    ids = list(range(5, 60))
    kept = [n for n in range(2600) if not 2560 <= n < 2567]
    assert torch.equal(logits(old, ids)[:, kept], logits(new, ids)[:, kept])
    for name, weight in old.state_dict().items():
        changed = new.state_dict()[name]
        if "embed_tokens" in name or (tied and "lm_head" in name):
            weight, changed = weight[kept], changed[kept]
        assert torch.equal(weight, changed), name


def test_real_vocabulary(make_model: MarkedModel, tmp_path: Path, qwen_tokenizer: Any) -> None:
    """Qwen's tokenizer and the rows that its models have: the first spare ones are taken."""
    source, out = make_model(tokenizer=qwen_tokenizer, rows=151936, tied=False), tmp_path / "out"
    add_tokens(source, out, EVERYTHING)
    first = len(qwen_tokenizer)
    assert [token.id for token in list_tokens(out).tokens] == list(range(first, first + 7))
    old, new = loaded(source), loaded(out)
    assert torch.equal(logits(old, [1000, 2000, 30000]), logits(new, [1000, 2000, 30000]))
    assert (inspect_model(out).vocabulary.rows, inspect_model(out).vocabulary.spare) == (151936, 151936 - first - 7)


def test_a_new_row_is_the_mean_of_its_descriptions_rows(
    make_model: MarkedModel, tmp_path: Path, small_tokenizer: Any
) -> None:
    source, out = make_model(dtype=torch.float32), tmp_path / "out"
    add_tokens(source, out, TokensRequest(tokens=(LOGICIAN,)))
    ids = small_tokenizer.encode(LOGICIAN.description, add_special_tokens=False)
    expected = loaded(source).get_input_embeddings().weight[ids].mean(0)
    assert torch.allclose(row(out, "model.embed_tokens.weight", 2560), expected, atol=1e-6)


def test_an_untied_output_row_stays_and_the_token_is_banned(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(tied=False), tmp_path / "out"
    add_tokens(source, out, TokensRequest(tokens=MODES))
    assert torch.equal(row(out, "lm_head.weight", 2561), row(source, "lm_head.weight", 2561))
    assert not torch.equal(row(out, "model.embed_tokens.weight", 2561), row(source, "model.embed_tokens.weight", 2561))
    assert list_tokens(out).list_banned_ids() == (2560, 2561, 2562)


def test_transformers_and_our_engine_do_not_generate_an_untrained_token(
    make_model: MarkedModel, tmp_path: Path
) -> None:
    from role_engine.backends.transformers import TransformersBackend
    from tests.backends.asking import ask, ids_of, run

    source, out = make_model(tied=False), tmp_path / "out"
    add_tokens(source, out, TokensRequest(tokens=MODES))
    model, tokenizer = loaded(out), transformers.AutoTokenizer.from_pretrained(out)
    with torch.no_grad():
        model.lm_head.weight[2560] = 0.0
        model.model.norm.weight[:] = 1.0
        model.lm_head.weight[2561] = 50 * logits_direction(model, [7, 8, 9])
    assert int(logits(model, [7, 8, 9])[-1].argmax()) == 2561, "it would be chosen"
    made = model.generate(torch.tensor([[7, 8, 9]]), max_new_tokens=8, do_sample=False, pad_token_id=0)
    ours = ids_of(run(TransformersBackend(model, tokenizer), ask("Мастер", max_tokens=8)))
    assert not {2560, 2561, 2562} & {*made[0].tolist(), *ours}


def logits_direction(model: Any, ids: list[int]) -> Any:
    """What the head sees at the last place."""
    with torch.no_grad():
        return model.model(torch.tensor([ids])).last_hidden_state[0, -1]


def test_the_tokenizer_reads_each_as_one_token_and_hides_only_the_special_ones(
    make_model: MarkedModel, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    add_tokens(make_model(), out, EVERYTHING)
    tokenizer = transformers.AutoTokenizer.from_pretrained(out)
    assert tokenizer.encode("<|recursion|>", add_special_tokens=False) == [2560]
    ids = tokenizer.encode("да<|recursion|><|role:logician|><tool_start>нет</tool_end><|pad|>")
    assert (
        tokenizer.decode(ids, skip_special_tokens=True) == "да<|recursion|><|role:logician|><tool_start>нет</tool_end>"
    )
    assert (tokenizer.pad_token, tokenizer.pad_token_id) == ("<|pad|>", 2566)
    assert (read(out, "config.json")["pad_token_id"], read(out, "generation_config.json")["pad_token_id"]) == (
        2566,
        2566,
    )


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
def test_without_spare_rows_it_grows_to_a_multiple_of_64(make_model: MarkedModel, tmp_path: Path, tied: bool) -> None:
    source, out = make_model(spare=1, tied=tied), tmp_path / "out"
    add_tokens(source, out, TokensRequest(tokens=MODES))
    old, new = loaded(source), loaded(out)
    assert new.get_input_embeddings().weight.shape[0] == new.config.vocab_size == 2624
    assert new.get_output_embeddings().weight.shape[0] == 2624
    assert torch.equal(logits(old, [4, 5, 6])[:, :2560], logits(new, [4, 5, 6])[:, :2560])
    assert torch.equal(new.get_input_embeddings().weight[:2560], old.get_input_embeddings().weight[:2560])
    assert int(logits(new, [4, 5, 6])[-1].argmax()) < 2563, "a row of padding never wins"
    manifest = list_tokens(out)
    assert (manifest.rows_before, manifest.rows_after) == (2561, 2624)
    index = read(out, "model.safetensors.index.json")["metadata"]
    headers = [read_header(file) for file in weight_files(out)]
    assert index["total_size"] == sum(t.end - t.start for t in tensors_of(headers).values())
    assert index["total_parameters"] == new.num_parameters()
    assert all(header.data_start % 8 == 0 for header in headers), "the format wants its data aligned"


def test_more_tokens_can_follow(make_model: MarkedModel, tmp_path: Path) -> None:
    add_tokens(make_model(), tmp_path / "one", TokensRequest(tokens=MODES))
    add_tokens(tmp_path / "one", tmp_path / "two", TokensRequest(tokens=(LOGICIAN,)))
    assert [token.id for token in list_tokens(tmp_path / "two").tokens] == [2560, 2561, 2562, 2563]
    assert read(tmp_path / "two", "generation_config.json")["suppress_tokens"] == [2560, 2561, 2562, 2563]
    with pytest.raises(ModelError, match=r"<\|think\|> is in the tokenizer already, as 2561"):
        add_tokens(tmp_path / "two", tmp_path / "three", TokensRequest(tokens=MODES[1:2]))
    with pytest.raises(ModelError, match=r"<\|role:logician\|> is asked for twice"):
        add_tokens(tmp_path / "one", tmp_path / "three", TokensRequest(tokens=(LOGICIAN, LOGICIAN)))


def test_a_longer_context_is_what_the_family_documents(make_model: MarkedModel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = add_tokens(make_model(), out, TokensRequest(context=131072))
    yarn = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
    config = read(out, "config.json")
    assert (config["rope_scaling"], config["max_position_embeddings"]) == (yarn, 131072)
    assert read(out, "tokenizer_config.json")["model_max_length"] == 131072
    theta = config["rope_theta"]
    assert transformers.AutoConfig.from_pretrained(out).rope_parameters == yarn | {"rope_theta": theta}
    assert "short texts" in result.notes[0] and result.rewritten == ()
    loaded(out)


def test_own_marks_for_turns(make_model: MarkedModel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    add_tokens(make_model(), out, TokensRequest(protocol=OWN))
    tokenizer = transformers.AutoTokenizer.from_pretrained(out)
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Да?"}], tokenize=False, add_generation_prompt=True
    )
    assert prompt == "<|turn|>user\nДа?<|/turn|>\n<|turn|>assistant\n"
    assert tokenizer.encode("<|turn|><|/turn|>") == [2560, 2561]
    assert tokenizer.eos_token == "<|/turn|>"
    assert tokenizer.decode([2560, 2561], skip_special_tokens=True) == ""


def test_they_are_refused_on_an_instruct_model_that_nobody_will_train(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(), tmp_path / "out"
    (source / "generation_config.json").write_text('{"eos_token_id": [2, 0]}', "utf-8")
    with pytest.raises(ModelError, match="--i-will-train"):
        add_tokens(source, out, TokensRequest(protocol=OWN))
    assert not out.exists()
    add_tokens(source, out, TokensRequest(protocol=OWN, i_will_train=True))
    assert read(out, "generation_config.json")["eos_token_id"] == [2561, 2, 0]


def test_out_is_never_half_made(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(), tmp_path / "out"

    def interrupted(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_tokens(source, out, TokensRequest(tokens=MODES), progress=interrupted)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


def test_out_is_replaced_only_when_told_and_only_where_it_holds_a_model(
    make_model: MarkedModel, tmp_path: Path
) -> None:
    source, out, wanted = make_model(), tmp_path / "out", TokensRequest(tokens=MODES)
    add_tokens(source, out, wanted)
    with pytest.raises(ModelError, match="--force"):
        add_tokens(source, out, wanted)
    add_tokens(source, out, TokensRequest(tokens=(LOGICIAN,)), force=True)
    assert [token.name for token in list_tokens(out).tokens] == ["logician"]
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/one.jpg").touch()
    for place in (tmp_path / "photos", source, source / "inside", tmp_path):
        with pytest.raises(ModelError):
            add_tokens(source, place, wanted, force=True)
    assert (tmp_path / "photos/one.jpg").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "out", "photos"]


def test_the_disk_is_asked_first(make_model: MarkedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda place: type("Usage", (), {"free": 1000}))
    with pytest.raises(ModelError, match="GB are needed"):
        add_tokens(make_model(), tmp_path / "out", TokensRequest(tokens=MODES))
    assert not (tmp_path / "out").exists()


def test_other_weights_are_left_out_and_files_can_be_copied(make_model: MarkedModel, tmp_path: Path) -> None:
    source = make_model()
    (source / "consolidated.safetensors").write_bytes(b"other")
    (source / "README.md").write_text("# card", "utf-8")
    (source / ".cache").mkdir()
    (source / ".cache/x").touch()
    result = add_tokens(source, tmp_path / "out", TokensRequest(tokens=MODES), copy=True)
    assert result.linked == 0 and "consolidated.safetensors" in result.notes[-1]
    there = files(tmp_path / "out")
    assert "README.md" in there and "consolidated.safetensors" not in there and ".cache/x" not in there
    assert all(os.stat(tmp_path / "out" / name).st_nlink == 1 for name in there)


def test_a_directory_that_is_not_whole_is_refused(make_model: MarkedModel, tmp_path: Path) -> None:
    source, wanted = make_model(), TokensRequest(tokens=MODES)
    file = weight_files(source)[0]
    raw = file.read_bytes()
    file.write_bytes(raw[:-1])
    with pytest.raises(InputError, match="not all there"):
        add_tokens(source, tmp_path / "out", wanted)
    file.write_bytes(raw)
    (source / "tokenizer.json").rename(source / "gone.json")
    with pytest.raises(InputError, match=r"no tokenizer\.json"):
        add_tokens(source, tmp_path / "out", wanted)


def test_files_that_older_versions_wrote_are_kept_in_step(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(), tmp_path / "out"
    marks = {str(n): {"content": text, "special": True} for n, text in enumerate(("<|endoftext|>", "<|im_start|>"))}
    config = read(source, "tokenizer_config.json") | {"added_tokens_decoder": marks}
    (source / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    (source / "added_tokens.json").write_text('{"<|im_start|>": 1}', "utf-8")
    (source / "special_tokens_map.json").write_text('{"pad_token": "<|endoftext|>"}', "utf-8")
    add_tokens(source, out, TokensRequest(tokens=(MODES[0], pad_token())))
    decoder = read(out, "tokenizer_config.json")["added_tokens_decoder"]
    assert (decoder["2560"]["content"], decoder["2560"]["special"]) == ("<|recursion|>", False)
    assert read(out, "added_tokens.json") == {"<|im_start|>": 1, "<|recursion|>": 2560, "<|pad|>": 2561}
    assert read(out, "special_tokens_map.json") == {"pad_token": "<|pad|>"}
    tokenizer = transformers.AutoTokenizer.from_pretrained(out)
    assert tokenizer.convert_tokens_to_ids(["<|recursion|>", "<|pad|>"]) == [2560, 2561]
    remove_tokens(out, tmp_path / "back")
    for name in ("tokenizer_config.json", "added_tokens.json", "special_tokens_map.json"):
        assert read(tmp_path / "back", name) == read(source, name)


def test_half_characters_in_a_vocabulary_are_no_obstacle(make_model: MarkedModel, tmp_path: Path) -> None:
    source = make_model()
    config = read(source, "tokenizer_config.json") | {"note": "\ud800"}
    (source / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    add_tokens(source, tmp_path / "out", TokensRequest(tokens=(pad_token(),)))
    assert read(tmp_path / "out", "tokenizer_config.json")["note"] == "\ud800"


def test_without_a_generation_config_there_is_one_that_keeps_the_ends(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(), tmp_path / "out"
    (source / "generation_config.json").unlink()
    add_tokens(source, out, TokensRequest(tokens=MODES[:1]))
    generation = transformers.GenerationConfig.from_pretrained(out)
    assert (generation.suppress_tokens, generation.eos_token_id) == ([2560], 0)
    remove_tokens(out, tmp_path / "back")
    assert files(tmp_path / "back") == files(source)


ODD = st.sampled_from([None, True, -1, 10**12, 0.5, "x", "{{", [], {}, [1], ["a"], {"a": 1}, [{"name": "default"}]])
SETTING = st.tuples(
    st.sampled_from(["config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json", MANIFEST]),
    st.sampled_from(
        [
            *("eos_token_id", "pad_token_id", "vocab_size", "rope_parameters", "max_position_embeddings", "model_type"),
            *("added_tokens", "chat_template", "eos_token", "pad_token", "suppress_tokens", "tokens", "edits", "model"),
            *("added_tokens_decoder", "text_config", "tie_word_embeddings", "rows_after"),
        ]
    ),
    ODD,
)


def test_whatever_the_settings_hold_it_is_done_or_refused_clearly(tmp_path: Path) -> None:
    first, wanted = (
        tmp_path / "first",
        TokensRequest(tokens=(MODES[1],), protocol=OWN, context=65536, i_will_train=True),
    )
    add_tokens(EMBEDDED, first, TokensRequest(tokens=(MODES[0], pad_token())))

    @settings(max_examples=25)
    @given(st.lists(SETTING, min_size=1, max_size=2))
    def try_it(changes: list[tuple[str, str, Any]]) -> None:
        model = tmp_path / "odd"
        shutil.rmtree(model, ignore_errors=True)
        shutil.copytree(first, model)
        for file, key, value in changes:
            (model / file).write_text(json.dumps(read(model, file) | {key: value}), "utf-8")
        for act in (
            lambda: add_tokens(model, tmp_path / "o", wanted, force=True),
            lambda: remove_tokens(model, tmp_path / "r"),
        ):
            with contextlib.suppress(RoleEngineError):
                act()
            shutil.rmtree(tmp_path / "r", ignore_errors=True)

    try_it()

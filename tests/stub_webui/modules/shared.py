from pathlib import Path
from types import SimpleNamespace

model = None
tokenizer = None
model_name = "None"
stop_everything = False
is_multimodal = False
bos_token, eos_token = "", ""
user_data_dir = Path("user_data")
args = SimpleNamespace(api=False, public_api=False, api_key=None, admin_key=None, loader="Transformers", portable=False)
default_settings = {"instruction_template_str": "### Instruction:\n{{ messages[-1]['content'] }}\n### Response:\n"}
settings = dict(default_settings)
gradio = {}
persistent_interface_state = {}

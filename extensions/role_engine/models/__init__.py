"""What is done to a model directory: inspecting it without loading it, and adding tokens to it.

from role_engine.models import inspect_model
inspect_model("Qwen3-30B-A3B-Base").kind
"""

from role_engine.models.inspection import inspect_model
from role_engine.models.report import ModelReport

__all__ = ["ModelReport", "inspect_model"]

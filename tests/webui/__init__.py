"""The extension inside a real text-generation-webui, driven from outside. See README.md."""

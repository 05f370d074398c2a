"""The chat page of `serve`, in gradio."""

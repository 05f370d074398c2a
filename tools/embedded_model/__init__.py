"""What made the embedded model: corpus, tokenizer, training. `python -m tools.embedded_model --help`"""

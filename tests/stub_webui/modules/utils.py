from modules import shared


def check_model_loaded():
    if shared.model is None:
        return False, "No model is loaded."
    return True, None

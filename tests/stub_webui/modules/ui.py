from modules import shared


def list_interface_input_elements():
    return ["temperature", "mode"]


def apply_interface_values(state, use_persistent=False):
    state = shared.persistent_interface_state if use_persistent else state
    return [state.get(name, "untouched") for name in list_interface_input_elements()]

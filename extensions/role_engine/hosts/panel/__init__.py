"""The panel: the row under a chat and the tab «Role Engine», the same in the webui and in `serve`.

It knows gradio (imported where a view is made) and a `PanelHost`, which each of the two programs is to it.

house          what the panel asks of the program that it is part of
texts          all that it says, in Russian and English
long_work      work that takes longer than a second: in its own thread, telling, cancellable; `work_bar` shows it
role_index, masks, token_adding   such work: the index of a role's files, a model's masks, a copy with more tokens
sessions       one browser session: its language, its last replies
row            under the chat
tab            the tab: roles_view, guard_view, model_view, settings_view
roles_view     its parts around the open_role: role_list, role_seen, role_editor, role_cards
role_files     a role's file from the page: written whole, never over somebody else's version, deleted into a bin
"""

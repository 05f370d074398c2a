"""The panel: the row under a chat and the tab «Role Engine», the same in the webui and in `serve`.

It knows gradio (imported where a view is made) and a `PanelHost`, which each of the two programs is to it.

house       what the panel asks of the program that it is part of
row         under the chat
tab         the tab, whose views are roles/, guard_view, model/ and settings_view
sessions    one browser session: its language, its last replies; guard_view and status tell about them
work/       work that takes longer than a second: in its own thread, telling, cancellable, shown with a bar
texts       all that it says, in Russian and English; markup and style are its HTML and CSS
"""

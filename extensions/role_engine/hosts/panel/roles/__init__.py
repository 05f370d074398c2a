"""Roles in the tab: found, seen as the model sees them, their files' index, edited, taken in and given out.

roles_view      the layout; its parts around open_role: role_list, role_seen, knowledge_view, role_editor, role_cards
roles_page      what those parts do, without gradio
role_files      a role's file: written whole, never over somebody else's version, deleted into a bin
role_form       its keys as fields (form_boxes, form_texts), each of which changes its own key and nothing else
role_draft      the file as the page has it, saved or not
problem_texts   what is wrong with a role, in the page's language
role_index      the index of a role's files as long work
given_out       a card on its way to the browser
"""

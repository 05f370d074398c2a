"""How the tab looks: gradio's own colours, so that dark and light come by themselves."""

from __future__ import annotations

CSS = """
#role-engine-tab { --re-red: #b3261e; --re-green: #146c2e; --re-amber: #8a4b00; max-width: 1200px; margin: 0 auto; }
.dark #role-engine-tab { --re-red: #ffb4ab; --re-green: #8fd8a0; --re-amber: #ffb95c; }
#role-engine-tab button.primary { background: #4338ca; color: #fff; border-color: #4338ca; }
#role-engine-tab button.primary:hover { background: #3730a3; }
#role-engine-tab button[role=tab], #role-engine-tab span[data-testid=block-info],
#role-engine-tab span[data-testid=block-info] + div, #role-engine-panel span[data-testid=block-info] {
  color: var(--body-text-color); }
#role-engine-tab span[data-testid=block-info] { background: none; border: 0; padding: 0; font-size: .88em;
  font-weight: 600; }
#role-engine-tab .re-facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 8px 0 0;
  font-size: .92em; }
#role-engine-tab .re-facts dt { grid-column: 1; font-weight: 600; }
#role-engine-tab .re-facts dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) { #role-engine-tab .re-facts { grid-template-columns: 1fr; gap: 2px; }
  #role-engine-tab .re-facts dd { grid-column: 1; } #role-engine-tab .re-facts dt { margin-top: 8px; } }
#role-engine-tab .re-files { list-style: none; padding: 0; margin: 0; }
#role-engine-tab .re-files li { display: flex; flex-wrap: wrap; gap: 2px 10px; overflow-wrap: anywhere; }
#role-engine-tab .re-note { color: var(--body-text-color); opacity: .85; font-size: .9em; }
#role-engine-tab .re-ok { color: var(--re-green); }
#role-engine-tab .re-warn { color: var(--re-amber); }
#role-engine-tab .re-errors { list-style: none; padding: 0; }
#role-engine-tab .re-errors, #role-engine-tab .re-errors * { color: var(--re-red) !important; }
#role-engine-tab .re-errors pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85em; margin: 2px 0 4px; }
#role-engine-tab .re-list { list-style: none; padding: 0; margin: 0; display: grid; gap: 6px; max-height: 62vh;
  overflow-y: auto; }
#role-engine-tab .re-card { width: 100%; text-align: left; padding: 8px 10px; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--border-color-primary); background: var(--background-fill-secondary);
  color: var(--body-text-color); }
#role-engine-tab .re-card[aria-pressed=true] { border-color: #6366f1;
  box-shadow: inset 3px 0 #6366f1; }
#role-engine-tab .re-card small { display: block; }
#role-engine-tab code { background: none; color: inherit; font-size: .85em; padding: 0; }
#role-engine-tab .re-bar { display: flex; height: 14px; border-radius: 7px; overflow: hidden; gap: 1px;
  background: var(--border-color-primary); }
#role-engine-tab .re-bar span { min-width: 2px; }
#role-engine-tab .re-key { white-space: nowrap; margin-right: 10px; font-size: .9em; }
#role-engine-tab .re-key i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 4px;
  background: var(--border-color-primary); }
#role-engine-tab .re-p-frame { --c: #8a8f98; } #role-engine-tab .re-p-system { --c: #4f8ef7; }
#role-engine-tab .re-p-examples { --c: #9b6cf0; } #role-engine-tab .re-p-history { --c: #6b7280; }
#role-engine-tab .re-p-knowledge { --c: #1fa387; } #role-engine-tab .re-p-reminder { --c: #e0912f; }
#role-engine-tab .re-p-user { --c: #d9579b; }
#role-engine-tab .re-bar span[class], #role-engine-tab .re-key i[class] { background: var(--c); }
#role-engine-tab .re-pre { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 46vh; overflow-y: auto;
  font-size: .88em; line-height: 1.5; padding: 10px 12px; border-radius: 8px; color: var(--body-text-color);
  border: 1px solid var(--border-color-primary); background: var(--background-fill-secondary); }
#role-engine-tab .re-in { box-shadow: inset 0 -2px color-mix(in srgb, var(--c) 70%, transparent); }
#role-engine-tab .re-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 8px; }
#role-engine-tab .re-tiles div { padding: 8px 12px; border-radius: 8px; background: var(--background-fill-secondary);
  border: 1px solid var(--border-color-primary); }
#role-engine-tab .re-tiles b { display: block; font-size: 1.5em; font-variant-numeric: tabular-nums; }
#role-engine-tab .re-plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
  gap: 16px; margin-top: 12px; }
#role-engine-tab figure { margin: 0; } #role-engine-tab figcaption { font-size: .9em; margin-bottom: 4px; }
#role-engine-tab figure svg { width: 100%; height: 84px; } #role-engine-tab figure rect { fill: #e0912f; }
#role-engine-tab figure line { stroke: var(--border-color-primary); }
#role-engine-tab .re-kinds { list-style: none; padding: 0; margin: 0; font-size: .9em; }
#role-engine-tab .re-kinds li { display: grid; grid-template-columns: 9.5em 1fr 3em; gap: 8px; align-items: center; }
#role-engine-tab .re-kinds i { height: 10px; border-radius: 5px; background: #4f8ef7; }
#role-engine-tab .re-kinds b { text-align: right; }
#role-engine-tab article { border: 1px solid var(--border-color-primary); border-radius: 8px; padding: 10px 12px;
  margin: 10px 0; overflow-wrap: anywhere; }
#role-engine-tab article table, #role-engine-tab article table * {
  border-color: var(--border-color-primary) !important; }
#role-engine-tab article header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px;
  margin-bottom: 6px; }
#role-engine-tab article table { width: 100%; table-layout: fixed; border-collapse: collapse; font-size: .95em; }
#role-engine-tab article th { text-align: left; font-weight: 600; font-size: .85em; }
#role-engine-tab article td, #role-engine-tab article th { padding: 4px 8px 4px 0; vertical-align: top; border: 0; }
#role-engine-tab .re-said { white-space: pre-wrap; }
#role-engine-tab del { color: var(--re-red); text-decoration-thickness: 2px; padding: 0 2px; border-radius: 3px;
  background: color-mix(in srgb, var(--re-red) 14%, transparent); }
#role-engine-tab ins { color: var(--re-green); text-decoration: none; padding: 0 2px; border-radius: 3px;
  background: color-mix(in srgb, var(--re-green) 14%, transparent); }
#role-engine-export { align-self: end; height: fit-content; }
#role-engine-tab .re-small { width: fit-content; }
#role-engine-tab .form { gap: 8px; background: none; border: 0; box-shadow: none; }
.gradio-container:has(#role-engine-tab) { overflow: clip !important; }  /* «hidden» lets nothing stick */
#role-engine-edit, #role-engine-edit > div { overflow: visible; }
#role-engine-form { gap: 8px; }
#role-engine-form .block { background: none; border: 0; box-shadow: none; overflow: visible; }
#role-engine-form .form .block { padding: 0; }
#role-engine-form .form { display: grid; gap: 10px 12px; overflow: visible; width: 100%;
  grid-template-columns: repeat(auto-fill, minmax(min(170px, 100%), 1fr)); align-items: end; }
#role-engine-form-texts .form { grid-template-columns: minmax(0, 1fr); }
#role-engine-form .form > * { min-width: 0 !important; }
#role-engine-field-thinking-modes { grid-column: 1 / -1; }
#role-engine-form .form input[role=listbox] { padding-right: 1.6em; text-overflow: ellipsis; }
#role-engine-form h4, #role-engine-form dt { font-weight: 600; font-size: .9em; }
#role-engine-form dl { display: grid; gap: 4px; }
#role-engine-form dd { margin: 0; }
#role-engine-form .re-besides { overflow-wrap: anywhere; font-size: .95em; padding: 4px 2px; }
#role-engine-form-behaviour, #role-engine-form-rest, #role-engine-form-texts { padding: 0 2px 8px !important;
  border: 0 !important; border-bottom: 1px solid var(--border-color-primary) !important; border-radius: 0; }
#role-engine-file { position: sticky; top: 8px; align-self: flex-start; }
#role-engine-file-actions { position: sticky; bottom: 0; z-index: 60; gap: 4px; padding: 8px 0;
  background: var(--body-background-fill); border-top: 1px solid var(--border-color-primary); }
#role-engine-file-actions .row { gap: 8px; flex-wrap: wrap; }
#role-engine-file-actions button { flex: 0 1 auto; width: auto; min-width: max-content; }
#role-engine-yaml textarea { font-family: ui-monospace, monospace; font-size: .88em; line-height: 1.45; }
@media (max-width: 700px) { #role-engine-tab .re-list { max-height: 34vh; } }
"""

"""The view of roles, without the view: what it shows, and what its buttons do."""

from __future__ import annotations

from pathlib import Path

from role_engine.cards import file_of, gather_export, import_card, read_card
from role_engine.errors import RoleEngineError
from role_engine.hosts.panel import markup
from role_engine.hosts.panel.host import PanelHost
from role_engine.hosts.panel.roles.role_files import ChangedMeanwhile, OpenedRoleFile, RoleFiles
from role_engine.hosts.panel.roles.role_form import RoleForm
from role_engine.i18n.catalogue import Language, say
from role_engine.i18n.role_problems import describe_error, is_told
from role_engine.prompts import count_usage

MOST_FOUND = 30
SUFFIXES = {
    "card-v3 PNG": ("card-v3", ".png"),
    "card-v2 JSON": ("card-v2", ".json"),
    "card-v3 charx": ("card-v3", ".charx"),
    "webui YAML": ("webui", ".yaml"),
}


class RolesPage:
    """What the view shows, without the view."""

    def __init__(self, host: PanelHost, language: Language) -> None:
        self.host, self.language = host, language
        self.files = RoleFiles(host.roles_folder(), host.library)
        self.form = RoleForm([mode.id for mode in host.modes.all()], host.templates.names())

    def describe_error(self, error: RoleEngineError) -> str:
        """An error in one line, without the file's path."""
        return describe_error(error, self.language)

    def list_roles(self, search: str, chosen: str = "") -> str:
        """The roles that match, as many as are looked at."""
        library, words = self.host.library, search.casefold().split()
        rows = [(role.id, role.name, role.description, False) for role in library.all()]
        good = {row[0] for row in rows}
        rows += [(role_id, role_id, "", True) for role_id in library.errors() if role_id not in good]
        found = [row for row in rows if all(word in " ".join(row[:3]).casefold() for word in words)]
        return markup.role_list(self.language, found[:MOST_FOUND], max(0, len(found) - MOST_FOUND), chosen)

    def preview_prompt(self, role_id: str) -> str:
        """The prompt that the role makes of a question, and what that costs."""
        if role_id not in self.host.library:
            return ""
        role = self.host.library.get(role_id)
        try:
            rendered = self.host.render_prompt(role, say(self.language, "sample question"))
        except RoleEngineError as error:
            return markup.note(self.describe_error(error), "warn")
        if rendered is None:
            return markup.note(say(self.language, "no template"), "warn")
        costs = count_usage(rendered, self.host.counter(), context=self.host.context())
        bar = markup.budget_bar(self.language, costs, exact=self.host.model() is not None)
        return bar + markup.prompt_view(rendered.prompt, rendered.parts)

    def problems(self, role_id: str, text: str) -> str:
        """What is wrong with a text as that role's file."""
        if not role_id:
            return ""
        modes = [mode.id for mode in self.host.modes.all()]
        report = self.files.check(role_id, text, self.host.templates.names(), modes)
        found = [(error.line, self.describe_error(error)) for error in report.problems]
        return markup.problems(self.language, found, text)

    def refusal(self) -> str:
        """Why nothing can be changed from this page, as HTML; "" where it can."""
        why = self.host.why_fixed()
        return markup.note(say(self.language, why), "warn") if why else ""

    def save(self, role_id: str, text: str, version: str) -> tuple[str, str]:
        """Write the role: what to say, and the file's version now."""
        if refused := self.refusal():
            return refused, version
        try:
            opened = self.files.save(role_id, text, version)
        except ChangedMeanwhile:
            return markup.note(say(self.language, "changed meanwhile"), "warn"), version
        except RoleEngineError as error:
            found = markup.problems(self.language, [(error.line, self.describe_error(error))], text)
            return found, version
        return markup.note(say(self.language, "saved", path=f"{role_id}.yaml"), "ok"), opened.version

    def make_role(self, how: str, role_id: str, *, name: str = "", of: str = "") -> tuple[OpenedRoleFile | None, str]:
        """A new role, or a copy of the role `of`: the file, and what to say."""
        if refused := self.refusal():
            return None, refused
        try:
            if how == "duplicate":
                opened = self.files.duplicate(of, role_id.strip())
            else:
                parent = self.host.library.get("russian") if "russian" in self.host.library else None
                opened = self.files.new(role_id.strip(), name.strip(), parent)
        except RoleEngineError as error:
            return None, markup.note(self.describe_error(error), "warn")
        return opened, markup.note(say(self.language, "saved", path=f"{opened.id}.yaml"), "ok")

    def delete_role(self, role_id: str) -> tuple[bool, str]:
        if refused := self.refusal():
            return False, refused
        try:
            kept = self.files.delete(role_id)
        except RoleEngineError as error:
            return False, markup.note(self.describe_error(error), "warn")
        return True, markup.note(say(self.language, "deleted", path=f"{kept.parent.name}/{kept.name}"), "ok")

    def import_card(self, path: str, role_id: str = "") -> tuple[str, str]:
        """A card's role: its id, "" where there is none, and what to say.

        Args:
            role_id: what it shall be; "": made of the character's name.
        """
        if refused := self.refusal():
            return "", refused
        host = self.host
        try:
            card = read_card(Path(path))
            folder, templates = host.roles_folder(), host.templates.names()
            done = import_card(card, folder, host.library, role_id=role_id.strip() or None, templates=templates)
        except RoleEngineError as error:
            said = self.describe_error(error).replace(" with --as", "")  # a hint for the command line
            whole = said if is_told(error, self.language) else say(self.language, "card refused", why=said)
            return "", markup.note(whole, "warn")
        said = markup.note(say(self.language, "imported", id=done.id), "ok")
        return done.id, said + "".join(markup.note(warning) for warning in done.warnings)

    def export_card(self, role_id: str, form: str) -> tuple[tuple[str, bytes] | None, str]:
        """A role as a card: the file's name and content, and what to say."""
        to, suffix = SUFFIXES[form]
        try:
            card, warnings = gather_export(role_id, self.host.library)
            content = file_of(card, to, suffix)  # type: ignore[arg-type]
        except RoleEngineError as error:
            return None, markup.note(self.describe_error(error), "warn")
        return (f"{role_id}{suffix}", content), "".join(markup.note(warning) for warning in warnings)

"""Templates compiled once for each language: what depends on nothing but the language is text, not a call.

A page holds a hundred translated words and pictures of the sprite; asked for with every request they cost more than
everything else of it. Knows Jinja2's tree, and no page.
"""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_WORDS: dict[str, Callable[..., str]] = {
    "_": translation.gettext,
    "gettext": translation.gettext,
    "pgettext": translation.pgettext,
}


class _Folding(NodeTransformer):
    """Replaces calls of pure functions with constant arguments by what they return."""

    def __init__(self, pure: Mapping[str, Callable[..., Any]]) -> None:
        self._pure = pure

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  Jinja2's name
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        function = self._pure.get(name)
        if function is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        constants = [*node.args, *(pair.value for pair in node.kwargs)]
        if not all(isinstance(value, nodes.Const) for value in constants):
            return node
        kwargs = {pair.key: pair.value.value for pair in node.kwargs}  # type: ignore[attr-defined]
        found = function(*(value.value for value in node.args), **kwargs)  # type: ignore[attr-defined]
        return nodes.Const(found, lineno=node.lineno, environment=node.environment)


def _said(function: Callable[..., str]) -> Callable[..., Markup]:
    """A word as the i18n extension's new style prints it: Markup, with `%%` for a per cent sign."""
    return lambda *parts, **values: Markup(function(*parts)) % values  # noqa: S704  our own words


class Folded(Environment):
    """An environment that keeps one of its kind for each language and hands out the reader's templates.

    `fold` names the pure functions among the globals whose calls with constants are carried out when a template is
    compiled; the translating ones always are.
    """

    def __init__(self, **options: Any) -> None:
        self._options = options
        self._language = ""
        self._of: dict[str, Folded] = {}
        self._pure: dict[str, Callable[..., Any]] = {}
        super().__init__(**options)

    def prepare(self, fill: Callable[["Folded"], None], *, fold: Callable[["Folded"], Mapping[str, Any]]) -> None:
        """Fill this environment and those of the languages, each with the functions to fold."""
        self._fill, self._fold = fill, fold
        fill(self)

    def of(self, language: str) -> "Folded":
        """The environment of a language, made when first asked for."""
        if language not in self._of:
            made = Folded(**self._options)
            made._language = language
            made.prepare(self._fill, fold=self._fold)
            made._pure = {**{name: _said(call) for name, call in _WORDS.items()}, **self._fold(made)}
            self._of[language] = made
        return self._of[language]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dict for all templates: Jinja2's chain of maps makes every import of macros compare key by key."""
        return {**self.globals, **d} if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if not self._language:
            return tree
        with translation.override(self._language):
            folded: nodes.Template = _Folding(self._pure).visit(tree)
        return folded

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  Jinja2's name
    ) -> Template:
        """The template in the language of whoever reads."""
        if self._language:
            return super().get_template(name, parent, globals)
        return self.of(translation.get_language() or settings.LANGUAGE_CODE).get_template(name, parent, globals)

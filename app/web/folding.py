"""What a template says the same on every page of a language is said when it is compiled, once for each language: its
texts, symbols and addresses of files, of which a page has up to a hundred."""

from collections.abc import Hashable, MutableMapping
from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from app.web.language import page_language

#: Functions whose answer depends on their arguments and the page's language alone.
ANSWERED_ONCE: Final = frozenset({"_", "asset_url", "cheer_icon", "icon", "mood_icon", "talk_icon", "tile"})


class CompiledByLanguage(dict[Hashable, Any]):
    """Jinja's cache of templates, with one of each language under the key that Jinja has for both."""

    def get(self, key: Hashable, default: Any = None) -> Any:
        return super().get((page_language(), key), default)

    def __setitem__(self, key: Hashable, template: Any) -> None:
        super().__setitem__((page_language(), key), template)


def fold(template: nodes.Template, environment: Environment) -> None:
    """Put answers in the place of calls, as Jinja does with sums of numbers."""
    _Folding(environment).visit(template)


class _Folding(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._functions: MutableMapping[str, Any] = environment.globals

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja asks for it by the node's name
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if name not in ANSWERED_ONCE or call.dyn_args or call.dyn_kwargs:
            return call
        try:
            arguments = [argument.as_const() for argument in call.args]
            named = {argument.key: argument.value.as_const() for argument in call.kwargs}
        except nodes.Impossible:
            return call
        answer = self._functions[name](*arguments, **named)
        return nodes.Const(answer, lineno=call.lineno, environment=self._environment)

    def visit_Concat(self, joined: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Stays as it is: of what is constant throughout, Jinja would forget that it is markup."""
        return joined

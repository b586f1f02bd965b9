"""HTML by templates: whatever is put into one is text, unless another template made it.

A template is a file of macros. Its layout is not part of what it makes: a line break in it leaves a blank inside a tag
or a sentence, and nothing between tags and calls. So templates are laid out like code, and make one line of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_BREAK = re.compile(r"[<>]|\s*\n\s*")


class Templates:
    """The templates of one folder."""

    def __init__(self, package: str, folder: str, **names: object) -> None:
        """Find the folder; a template is read when it is first asked for.

        Args:
            package: the package the folder lies in.
            folder: its name.
            names: what every template of the folder can use by name.
        """
        self.environment = Environment(
            loader=PackageLoader(package, folder), autoescape=True, undefined=StrictUndefined, auto_reload=False,
            extensions=[_Layout],
        )  # fmt: skip
        self.environment.globals |= names

    def render(self, template: str, macro: str, /, **values: object) -> str:
        """Return what a macro makes of ``values``; half of a surrogate pair, which no page can hold, becomes ``?``.

        Raises:
            jinja2.TemplateError: there is no such template or macro, or it lacks a value.
        """
        module = self.environment.get_template(f"{template}.html").module
        return str(getattr(module, macro)(**values)).encode("utf-8", "replace").decode("utf-8")


class _Layout(Extension):
    """Takes the layout out of a template, and leaves the line numbers that its errors name."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        in_tag = False

        def joined(match: re.Match[str]) -> str:
            nonlocal in_tag
            if match.group() in "<>":
                in_tag = match.group() == "<"
                return match.group()
            before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
            return " " if in_tag or not (before in ("", ">") or after in ("", "<")) else ""

        for token in stream:
            text = _BREAK.sub(joined, token.value) if token.type == "data" else token.value
            if text or token.type != "data":
                yield Token(token.lineno, token.type, text)

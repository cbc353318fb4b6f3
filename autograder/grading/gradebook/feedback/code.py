"""Colored code in four classes that the page's style knows: keyword, string, number, comment."""

import html
from functools import lru_cache
from itertools import groupby
from typing import Any

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Number, Operator, String

_lexer = PythonLexer(stripnl=False, ensurenl=False)
_CLASSES = ((Keyword, "k"), (Operator.Word, "k"), (String, "s"), (Number, "m"), (Comment, "c"))


@lru_cache(2000)
def colored(source: str) -> str:
    """Python code as the inside of a `pre` element."""
    parts = []
    for name, tokens in groupby(_lexer.get_tokens(source), lambda token: _class(token[0])):
        text = html.escape("".join(text for _, text in tokens), quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name else text)
    return "".join(parts)


@lru_cache(None)
def _class(kind: Any) -> str:
    return next((name for token, name in _CLASSES if kind in token), "")

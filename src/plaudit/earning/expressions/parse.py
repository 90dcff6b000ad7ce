"""Text to tree: sqlglot reads a dialect cut down to our words, and an allow-list translates what it read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from plaudit.earning.expressions.source import Source
from plaudit.earning.expressions.suggestions import did_you_mean
from plaudit.earning.expressions.syntax import FUNCTIONS, NOWHERE, Call, Field, Literal, Node, Span, walk
from plaudit.foundation.worded import worded

TOKENS_MAX = 600
DEPTH_MAX = 24
NODES_MAX = 400

_WORDS = {
    "AND": TokenType.AND,
    "OR": TokenType.OR,
    "NOT": TokenType.NOT,
    "IS": TokenType.IS,
    "NULL": TokenType.NULL,
    "IN": TokenType.IN,
    "BETWEEN": TokenType.BETWEEN,
    "CASE": TokenType.CASE,
    "WHEN": TokenType.WHEN,
    "THEN": TokenType.THEN,
    "ELSE": TokenType.ELSE,
    "END": TokenType.END,
    "TRUE": TokenType.TRUE,
    "FALSE": TokenType.FALSE,
    "DATE": TokenType.DATE,
    "<>": TokenType.NEQ,
    "!=": TokenType.NEQ,
    "<=": TokenType.LTE,
    ">=": TokenType.GTE,
}
_OPERATORS = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.And: "and",
    exp.Or: "or",
}
_LEFT_OUT = {
    "like": worded("write starts_with(channel, 'web') or contains(channel, 'web')"),
    "ilike": worded("write contains(lower(channel), 'web')"),
    "select": worded("an expression is about one activity and its fields"),
    "over": worded("an expression is about one activity; limits count over many"),
    "cast": worded("every field already has its type"),
    "interval": worded("compare whole days, such as date(occurred_at) <= date '2026-01-31'"),
}
_COMPARING = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between)
_OPENING = (TokenType.L_PAREN, TokenType.CASE)
_CLOSING = (TokenType.R_PAREN, TokenType.END)
_PREFIXES = (TokenType.NOT, TokenType.DASH)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Tokenizer(Tokenizer):
    """Knows our words and signs only: every other word is a name."""

    KEYWORDS: ClassVar[dict[str, TokenType]] = _WORDS
    IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = []


class _Parser(Parser):
    """Knows no functions: every call comes out as a name with its arguments, for us to judge."""

    FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {}
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
        "CASE": Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]
    }
    # As sqlglot's own, but remembering where the word stood.
    PRIMARY_PARSERS: ClassVar[dict[TokenType, Callable[..., Any]]] = {
        **Parser.PRIMARY_PARSERS,
        TokenType.NULL: lambda _, token: exp.Null().update_positions(token),
        TokenType.TRUE: lambda _, token: exp.Boolean(this=True).update_positions(token),
        TokenType.FALSE: lambda _, token: exp.Boolean(this=False).update_positions(token),
    }


def parse(text: str) -> Node:
    """The tree of an expression, not yet checked against any fields. Raises ExpressionRefused."""
    source = Source(text)
    source.check_characters()
    return _parsed(text)


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> Node:
    source = Source(text)
    whole = (0, len(text))
    try:
        tokens = _Tokenizer().tokenize(text)
        _check_nesting(source, tokens)
        statements = _Parser(error_level=ErrorLevel.IMMEDIATE).parse(tokens, text)
    except ParseError as fault:
        source.refuse(_fault_span(text, fault), _advice(text))
    except (TokenError, RecursionError, AttributeError, LookupError, TypeError, ValueError):
        # sqlglot trips over some text with plain Python errors: it is the text that is at fault.
        source.refuse(whole, "This cannot be read; look for an unclosed bracket or quote.")
    if len(statements) != 1 or statements[0] is None:
        source.refuse(whole, "Write one expression, such as amount > 0.")
    node = _Translation(source).node(statements[0])
    if sum(1 for _ in walk(node)) > NODES_MAX:
        source.refuse(
            whole,
            worded(
                "An expression has at most {nodes_max} parts; split the rule in two.", nodes_max=NODES_MAX
            ),
        )
    return node


def _check_nesting(source: Source, tokens: Iterable[Token]) -> None:
    """Refuses deep nesting before the recursive parser meets it."""
    depth = prefixes = 0
    for count, token in enumerate(tokens, start=1):
        kind = token.token_type
        depth += (kind in _OPENING) - (kind in _CLOSING)
        prefixes = prefixes + 1 if kind in _PREFIXES else 0
        span = (token.start, token.end + 1)
        if depth + prefixes > DEPTH_MAX:
            source.refuse(
                span,
                worded(
                    "The expression is nested too deeply; at most {depth_max} levels.", depth_max=DEPTH_MAX
                ),
            )
        if count > TOKENS_MAX:
            source.refuse(
                span,
                worded(
                    "The expression is too long; at most {tokens_max} words and signs.", tokens_max=TOKENS_MAX
                ),
            )


def _advice(text: str) -> str:
    """What to do about text that does not parse: a word of SQL we leave out often explains it."""
    for word in _NAME.findall(text):
        if word.lower() in _LEFT_OUT:
            return worded(
                "There is no {word} here; {instead}.", word=word.lower(), instead=_LEFT_OUT[word.lower()]
            )
    return worded("This cannot be read here; look for a missing word, comma or bracket.")


def _fault_span(text: str, fault: ParseError) -> Span:
    """Where sqlglot stopped reading."""
    details = fault.errors[0] if fault.errors else {}
    lines = text.split("\n")
    line, column = details.get("line") or 1, details.get("col") or 1
    end = min(len(text), sum(len(earlier) + 1 for earlier in lines[: line - 1]) + column)
    return (max(0, end - max(1, len(details.get("highlight") or ""))), end)


class _Translation:
    """sqlglot's tree to ours. What has no line in the table below does not exist in the language."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.depth = 0

    def node(self, tree: exp.Expr) -> Node:
        if self.depth > DEPTH_MAX:
            self.source.refuse(
                _place(tree),
                worded("The expression is too deep; at most {depth_max} levels.", depth_max=DEPTH_MAX),
            )
        known = _TRANSLATIONS.get(type(tree))
        parts = {name for name, part in tree.args.items() if part not in (None, False, [])}
        if known is None or not parts <= known[0]:
            self.source.refuse(
                _place(tree),
                _UNREADABLE.get(type(tree), worded("This is not part of the expression language.")),
            )
        if isinstance(tree, _COMPARING) and any(isinstance(part, _COMPARING) for part in tree.args.values()):
            self.source.refuse(
                _place(tree), "Two comparisons in a row read either way; put brackets around one."
            )
        self.depth += 1
        node = known[1](self, tree)
        self.depth -= 1
        return node

    def call(self, operator: str, trees: Iterable[exp.Expr], start: Span = NOWHERE) -> Call:
        nodes = tuple(self.node(tree) for tree in trees)
        return Call(operator, nodes, self.source.closed(_spanning([start, *(node.span for node in nodes)])))

    def literal(self, tree: exp.Literal) -> Node:
        if tree.is_string:
            return Literal(str(tree.this), _place(tree))
        return Literal(_number(str(tree.this)), _place(tree))

    def constant(self, tree: exp.Boolean | exp.Null) -> Node:
        return Literal(bool(tree.this) if isinstance(tree, exp.Boolean) else None, _place(tree))

    def day(self, tree: exp.Cast) -> Node:
        written, span = tree.this, _place(tree)
        is_text = isinstance(written, exp.Literal) and written.is_string
        if not is_text or tree.to.this != exp.DType.DATE or not _DATE.fullmatch(written.this):
            self.source.refuse(span, "Write a day as date '2026-01-31'.")
        try:
            return Literal(datetime.date.fromisoformat(written.this), span)
        except ValueError:
            self.source.refuse(span, worded("There is no day {text} in the calendar.", text=written.this))

    def field(self, tree: exp.Column) -> Node:
        names = [part.name for part in tree.parts]
        if names[0] == "data" and len(names) > 1:
            names = names[1:]
        if not all(_NAME.fullmatch(name) for name in names):
            self.source.refuse(
                _place(tree), "Names are letters, digits and underscores, such as amount or member.kind."
            )
        return Field(".".join(names), _place(tree))

    def inside(self, tree: exp.Paren) -> Node:
        return self.node(tree.this)

    def negative(self, tree: exp.Neg) -> Node:
        call = self.call("neg", [tree.this])
        number = call.arguments[0]
        if (
            isinstance(number, Literal)
            and isinstance(number.value, int | Decimal)
            and not isinstance(number.value, bool)
        ):
            return Literal(-number.value, number.span)
        return call

    def negation(self, tree: exp.Not) -> Node:
        return self.call("not", [tree.this])

    def operation(self, tree: exp.Binary) -> Node:
        return self.call(_OPERATORS[type(tree)], [tree.this, tree.expression])

    def junction(self, tree: exp.Connector) -> Node:
        """A chain of `and` (or of `or`) as one call, however long and wherever its brackets are."""
        trees: list[exp.Expr] = [tree]
        while type(trees[0]) is type(tree):
            trees[:1] = [trees[0].this, trees[0].expression]
        call = self.call(_OPERATORS[type(tree)], trees)
        parts = [
            part.arguments if isinstance(part, Call) and part.operator == call.operator else (part,)
            for part in call.arguments
        ]
        return Call(call.operator, tuple(node for several in parts for node in several), call.span)

    def null_test(self, tree: exp.Is) -> Node:
        if not isinstance(tree.expression, exp.Null):
            self.source.refuse(
                _place(tree.this), "After is comes null or not null; compare with = otherwise."
            )
        return self.call("is null", [tree.this])

    def among(self, tree: exp.In) -> Node:
        return self.call("in", [tree.this, *tree.expressions])

    def between(self, tree: exp.Between) -> Node:
        return self.call("between", [tree.this, tree.args["low"], tree.args["high"]])

    def case(self, tree: exp.Case) -> Node:
        trees = [part for branch in tree.args["ifs"] for part in (branch.this, branch.args["true"])]
        return self.call("case", [*trees, tree.args.get("default") or exp.Null()])

    def function(self, tree: exp.Anonymous) -> Node:
        name, span = str(tree.this).lower(), _place(tree)
        if name not in FUNCTIONS:
            self.source.refuse(
                span,
                worded(
                    "`{name}` is not a function here{meant}", name=name, meant=did_you_mean(name, FUNCTIONS)
                ),
            )
        least, most = FUNCTIONS[name]
        if not least <= len(tree.expressions) <= most:
            wanted = f"{least}" if least == most else worded("{least} to {most}", least=least, most=most)
            self.source.refuse(
                span,
                worded(
                    "{name}() takes {wanted} argument(s), not {given}.",
                    name=name,
                    wanted=wanted,
                    given=len(tree.expressions),
                ),
            )
        return self.call("/" if name == "divide" else name, tree.expressions, span)


_Method = Callable[[_Translation, Any], Node]
_ONE, _TWO = frozenset({"this"}), frozenset({"this", "expression"})

_TRANSLATIONS: dict[type[Any], tuple[frozenset[str], _Method]] = {
    exp.Literal: (frozenset({"this", "is_string"}), _Translation.literal),
    exp.Boolean: (_ONE, _Translation.constant),
    exp.Null: (frozenset(), _Translation.constant),
    exp.Cast: (frozenset({"this", "to"}), _Translation.day),
    exp.Column: (frozenset({"this", "table"}), _Translation.field),
    exp.Paren: (_ONE, _Translation.inside),
    exp.Neg: (_ONE, _Translation.negative),
    exp.Not: (_ONE, _Translation.negation),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div), (_TWO, _Translation.operation)),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), (_TWO, _Translation.operation)),
    **dict.fromkeys((exp.And, exp.Or), (_TWO, _Translation.junction)),
    exp.Is: (_TWO, _Translation.null_test),
    exp.In: (frozenset({"this", "expressions"}), _Translation.among),
    exp.Between: (frozenset({"this", "low", "high"}), _Translation.between),
    exp.Case: (frozenset({"ifs", "default"}), _Translation.case),
    exp.Anonymous: (frozenset({"this", "expressions"}), _Translation.function),
}
_UNREADABLE: dict[type[Any], str] = {
    exp.Alias: worded(
        "Two things stand side by side; a comma, an operator or `and` is missing between them."
    ),
    exp.Case: worded("Write a condition after each when: case when amount > 100 then 2 else 1 end."),
    exp.Tuple: worded("A list in brackets can only follow in."),
    exp.In: worded("After in comes a list in brackets: channel in ('web', 'app')."),
    exp.Column: worded("A name has at most one point, such as member.kind."),
    exp.Dot: worded("A name has at most one point, such as member.kind."),
}


def _number(digits: str) -> int | Decimal:
    """The number written, without trailing zeros, so that 10.00 is 10."""
    value = Decimal(digits)
    return int(value) if value == value.to_integral_value() else value.normalize()


def _place(tree: exp.Expr) -> Span:
    """The first to the last place sqlglot remembers below this tree."""
    found = [part.meta for part in tree.walk() if "start" in part.meta]
    return _spanning([(place["start"], place["end"] + 1) for place in found])


def _spanning(spans: Iterable[Span]) -> Span:
    known = [span for span in spans if span != NOWHERE]
    return (min(start for start, _ in known), max(end for _, end in known)) if known else NOWHERE

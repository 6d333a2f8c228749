#!/usr/bin/env python3
"""Writes random templates, contexts and what Jinja2 makes of them, one JSON object a line.

    scripts/fuzz-templates.py --count 20000 --seed 1 --out cases.jsonl
    LEAVEN_JINJA_FUZZ=cases.jsonl swift test --filter JinjaFuzzSuite

Needs jinja2 (3.1) from PyPI. The same seed gives the same cases. Cases whose outcome depends on an
address in memory are left out, and so are those that grow beyond 64 KB.
"""

import argparse
import json
import multiprocessing
import random
import sys
import warnings

import jinja2

PARTS = 32
NAMES = ["title", "text", "n", "x", "price", "tags", "rows", "user", "empty", "flag", "nothing", "words"]
STRINGS = [
    "", "a", "Hello", "hello world", "  padded  ", "foo bar baz qux", "Äpfel & Öl", "<b>bold</b>", "it's", 'say "hi"',
    "line one\nline two\n\nline four", "tab\there", "42", "-7", "3.14", "1e3", "0x1f", "ǅungla ß ﬁ", "ΑΣ ΣΑΣ",
    "naïve café 🍎", "a,b;c", "CamelCaseWord", "foo-bar_baz", "100%", "{x}", "%s", "e\u0301", "\u00a0x\u2003", "x\r\ny\rz",
    "http://example.com/a?b=c", "mail me@example.org now", "True", "none", "aaa", "abcabc", "\x07\x1f", "İstanbul",
    "The quick brown fox jumps over the lazy dog", "semi-detached house -- with em-dash", "back\\slash",
]
TEXTS = ["", " ", "\n", "Title: ", "  \n  ", "end.\n", "\n\n", "x", "- ", "é ", "</p>\n", "\t", "# h\n", "{ ", "} "]


class Generator:
    def __init__(self, rng):
        self.r = rng
        self.locals = []
        self.macros = []
        self.loops = 0

    # ---- contexts

    def scalar(self):
        r = self.r
        return r.choice([
            lambda: r.randint(-5, 12), lambda: r.choice([0, 1, -1, 255, 1000000, 2**53 + 1, 2**63, -(2**63), 10**20]),
            lambda: r.choice([0.5, 1.0, -2.25, 3.14159, 1e20, 1e-7, 0.1, 100.0, 2.5, 1234567.891, -0.0]),
            lambda: r.choice(STRINGS), lambda: r.choice(STRINGS), lambda: True, lambda: False, lambda: None,
        ])()

    def value(self, depth=2):
        r = self.r
        if depth == 0 or r.random() < 0.5:
            return self.scalar()
        if r.random() < 0.5:
            return [self.value(depth - 1) for _ in range(r.randint(0, 4))]
        keys = ["name", "id", "size", "items", "b", "A", "é", "1"]
        return {r.choice(keys): self.value(depth - 1) for _ in range(r.randint(0, 4))}

    def context(self):
        r = self.r
        return {
            "title": r.choice(STRINGS), "text": r.choice(STRINGS), "n": r.randint(-3, 10), "x": self.scalar(),
            "price": r.choice([0.5, 19.99, 1e6, -3.25, 7]), "tags": [r.choice(STRINGS) for _ in range(r.randint(0, 5))],
            "rows": [{"name": r.choice(["bob", "Al", "eve", "Bob"]), "size": r.randint(0, 4), "on": r.random() < 0.5}
                     for _ in range(r.randint(0, 4))],
            "user": {"name": r.choice(STRINGS), "age": r.randint(0, 99), "tags": ["p", "q"], "nest": self.value()},
            "empty": r.choice(["", [], {}]), "flag": r.random() < 0.5, "nothing": None,
            "words": [r.randint(-4, 9) for _ in range(r.randint(0, 6))],
        }

    # ---- expressions

    def literal(self):
        r = self.r
        return r.choice([
            lambda: str(r.randint(-3, 12)), lambda: r.choice(["0", "1_000", "0x1F", "0b101", "007"[0], "99999999999999999999"]),
            lambda: r.choice(["1.5", "0.1", "2e3", "1.0", "1_0.2_5"]), lambda: self.string(), lambda: self.string(),
            lambda: r.choice(["true", "false", "none", "True", "None"]),
            lambda: "[" + ", ".join(self.expr(1) for _ in range(r.randint(0, 3))) + "]",
            lambda: "(" + ", ".join(self.expr(1) for _ in range(r.randint(2, 3))) + ")",
            lambda: "(" + self.expr(1) + ",)",
            lambda: "{" + ", ".join(self.string() + ": " + self.expr(1) for _ in range(r.randint(0, 3))) + "}",
            lambda: "{" + self.literal_key() + ": " + self.expr(1) + "}",
        ])()

    def literal_key(self):
        return self.r.choice(["1", "true", "none", "1.0", "(1, 2)", "'k'"])

    def string(self):
        s = self.r.choice(STRINGS)
        quote = self.r.choice("'\"")
        out = s.replace("\\", "\\\\").replace(quote, "\\" + quote)
        if self.r.random() < 0.5:
            out = out.replace("\n", "\\n").replace("\r", "\\r")
        return quote + out.replace("\r", "\\r") + quote

    def name(self):
        r = self.r
        if self.locals and r.random() < 0.4:
            return r.choice(self.locals)
        return r.choice(NAMES) if r.random() < 0.97 else r.choice(["missing", "typo"])

    def path(self):
        r = self.r
        return r.choice([
            lambda: self.name(), lambda: self.name(), lambda: self.name(), lambda: "user.name", lambda: "user['age']",
            lambda: "user.nest", lambda: "user.tags[0]", lambda: "rows[0].name", lambda: "tags[-1]", lambda: "text[1]",
            lambda: f"{self.name()}[{r.randint(-3, 3)}]", lambda: f"{self.name()}.{r.choice(['name', 'size', 'x', '0'])}",
            lambda: "user.items()", lambda: "user.keys()|list", lambda: "rows[0]",
        ])()

    def sliced(self, depth):
        r = self.r
        part = lambda: r.choice(["", "", str(r.randint(-3, 4))])
        step = r.choice(["", "", ":", ":2", ":-1", ":-2"])
        owner = self.path() if r.random() < 0.6 else r.choice([self.string(), "[1, 2, 3]", "(1, 2)", "user.tags + tags"])
        return f"({owner})[{part()}:{part()}{step}]"

    def expr(self, depth=3):
        r = self.r
        if depth <= 0:
            return self.path() if r.random() < 0.6 else r.choice(["1", "2", "'a'", "3.5", "0", "true", "none", "[]"])
        e = lambda: self.expr(depth - 1)
        return r.choice([
            lambda: self.path(), lambda: self.path(), lambda: self.literal(), lambda: self.literal(),
            lambda: f"{e()} {r.choice(['+', '-', '*', '/', '//', '%', '~', '~', '+'])} {e()}",
            lambda: f"({e()} {r.choice(['+', '-', '*', '/', '//', '%', '~'])} {e()})",
            lambda: f"{e()} ** {r.randint(-2, 5)}",
            lambda: f"{r.choice([0, 1, -1, 7, -7, 10**20])} {r.choice(['/', '//', '%'])} {r.choice(['-3', '2', '-0.5', '(-10)**19', e()])}",
            lambda: f"{e()} {r.choice(['==', '!=', '<', '>', '<=', '>='])} {e()}",
            lambda: f"{e()} {r.choice(['in', 'not in'])} {e()}",
            lambda: f"{e()} < {e()} <= {e()}",
            lambda: f"{e()} {r.choice(['and', 'or'])} {e()}", lambda: f"not {e()}", lambda: f"-{e()}", lambda: f"+{e()}",
            lambda: f"{e()} if {e()} else {e()}", lambda: f"({e()} if {e()})", lambda: self.sliced(depth),
            lambda: self.filtered(e()), lambda: self.filtered(e()), lambda: self.filtered(e()), lambda: self.filtered(self.path()),
            lambda: self.filtered(self.filtered(self.path())), lambda: self.tested(self.path()), lambda: self.tested(e()),
            lambda: self.method(depth), lambda: self.method(depth), lambda: self.function(depth), lambda: f"({e()})",
        ])()

    def filtered(self, value):
        r = self.r
        s = self.string
        small = lambda: str(r.randint(-1, 6))
        f = r.choice([
            lambda: "upper", lambda: "lower", lambda: "title", lambda: "capitalize", lambda: "trim", lambda: f"trim({s()})",
            lambda: "length", lambda: "count", lambda: "list", lambda: "first", lambda: "last", lambda: "reverse|list",
            lambda: f"default({s()})", lambda: f"default({s()}, true)", lambda: "d(0)", lambda: "join", lambda: f"join({s()})",
            lambda: "join(', ', attribute='name')", lambda: f"replace({s()}, {s()})", lambda: f"replace('a', 'b', {small()})",
            lambda: "int", lambda: "int(7)", lambda: "int(0, 16)", lambda: "float", lambda: "float(1.5)", lambda: "string",
            lambda: "round", lambda: f"round({small()})", lambda: "round(1, 'floor')", lambda: "round(method='ceil')", lambda: "abs",
            lambda: "sort", lambda: "sort(reverse=true)", lambda: "sort(case_sensitive=true)", lambda: "sort(attribute='name')",
            lambda: "sort(attribute='size,name')", lambda: "unique|list", lambda: "unique(true)|list", lambda: "unique(attribute='name')|list",
            lambda: "min", lambda: "max", lambda: "min(attribute='size')", lambda: "sum", lambda: "sum(attribute='size')", lambda: "sum(start=1)",
            lambda: "tojson", lambda: "tojson(2)", lambda: "pprint", lambda: "wordcount", lambda: f"wordwrap({r.randint(1, 20)})",
            lambda: f"wordwrap({r.randint(3, 20)}, false)", lambda: f"truncate({r.randint(3, 12)})", lambda: "truncate(8, true)",
            lambda: "truncate(5, true, '', 0)", lambda: "truncate(6, false, '…', 1)", lambda: f"center({r.randint(0, 14)})",
            lambda: "indent", lambda: "indent(2, true)", lambda: "indent('> ', blank=true)", lambda: "indent(first=true, blank=true)",
            lambda: f"batch({r.randint(1, 3)})|list", lambda: "batch(2, 'x')|list", lambda: f"slice({r.randint(1, 4)})|list", lambda: "slice(3, 0)|list",
            lambda: "dictsort", lambda: "dictsort(by='value')", lambda: "dictsort(true, reverse=true)", lambda: "items|list",
            lambda: "map('upper')|list", lambda: "map('int')|list", lambda: "map(attribute='name')|list", lambda: "map(attribute='zz', default='-')|list",
            lambda: "map('default', 'x')|join('|')", lambda: "map('replace', 'a', 'b')|list", lambda: "select|list", lambda: "reject|list",
            lambda: "select('odd')|list", lambda: "reject('number')|list", lambda: "select('string')|list", lambda: "selectattr('on')|list",
            lambda: "selectattr('size', 'gt', 1)|list", lambda: "rejectattr('name', 'eq', 'bob')|list", lambda: "selectattr('name', 'in', ['bob', 'Al'])|map(attribute='size')|list",
            lambda: "groupby('name')", lambda: "groupby('size')|list", lambda: "groupby('name', case_sensitive=true)", lambda: "groupby('zz', default=1)",
            lambda: "escape", lambda: "e", lambda: "safe", lambda: "forceescape", lambda: "striptags", lambda: "urlencode", lambda: "xmlattr",
            lambda: "urlize", lambda: "urlize(10, true)", lambda: "filesizeformat", lambda: "filesizeformat(true)", lambda: "format(1, 2)",
            lambda: "attr('name')", lambda: "attr('real')", lambda: "wordcount",
        ])()
        return f"{value}|{f}"

    def tested(self, value):
        r = self.r
        t = r.choice([
            "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping",
            "sequence", "iterable", "callable", "odd", "even", "divisibleby 3", "divisibleby(2)", "eq 1", "ne 'a'", "gt 2", "lt 3",
            "ge 0", "le 'z'", "in [1, 2, 'a']", "lower", "upper", "sameas none", "sameas true", "escaped", "== 3", "equalto 1",
        ]) if r.random() < 0.95 else "greaterthan(1)"
        t = t.replace("== 3", "eq(3)")
        return f"{value} is {r.choice(['', '', 'not '])}{t}"

    def method(self, depth):
        r = self.r
        s = self.string
        text = r.choice([self.string(), "title", "text", "user.name", f"({self.expr(depth - 1)}|string)"])
        m = r.choice([
            lambda: "upper()", lambda: "lower()", lambda: "title()", lambda: "capitalize()", lambda: "swapcase()", lambda: "strip()", lambda: f"strip({s()})",
            lambda: "lstrip()", lambda: "rstrip('.')", lambda: "split()", lambda: "split(' ')", lambda: f"split('a', {r.randint(-1, 2)})", lambda: f"split(none, {r.randint(0, 2)})",
            lambda: "rsplit(' ', 1)", lambda: f"rsplit(none, {r.randint(0, 2)})", lambda: "splitlines()", lambda: "splitlines(true)", lambda: "partition(' ')", lambda: "rpartition('a')",
            lambda: f"replace({s()}, {s()})", lambda: "replace('a', 'X', 1)", lambda: f"startswith({s()})", lambda: "endswith(('o', 'x'))", lambda: f"find({s()})", lambda: "rfind('a')",
            lambda: "find('o', 2)", lambda: "index('a')", lambda: f"count({s()})", lambda: "count('')", lambda: f"center({r.randint(0, 12)}, '*')", lambda: f"ljust({r.randint(0, 12)})", lambda: f"rjust({r.randint(0, 12)}, '.')",
            lambda: f"zfill({r.randint(0, 8)})", lambda: "expandtabs()", lambda: "expandtabs(3)", lambda: f"join({self.expr(depth - 1)})", lambda: "join(tags)", lambda: "isdigit()", lambda: "isalpha()", lambda: "isalnum()",
            lambda: "isspace()", lambda: "islower()", lambda: "isupper()", lambda: "istitle()", lambda: "isnumeric()", lambda: "isdecimal()", lambda: "isascii()", lambda: "isprintable()", lambda: "removeprefix('He')", lambda: "removesuffix('o')",
            lambda: "encode()|length" if r.random() < 0.1 else "casefold()", lambda: "nosuch()" if r.random() < 0.2 else "strip()",
        ])
        other = r.choice([
            lambda: f"user.get({s()}, {self.expr(depth - 1)})", lambda: "user.get('age')", lambda: "user.keys()|list", lambda: "user.values()|list", lambda: "user.items()|list|length",
            lambda: f"{self.list()}.index({r.randint(0, 3)})", lambda: f"{self.list()}.count(1)", lambda: f"{self.list()}.copy()", lambda: f"[3, 1, 2].pop({r.choice(['', '0', '-1'])})",
            lambda: "dict(a=1, b=n).items()|list", lambda: "dict(user, z=1)|length", lambda: "tags.index('a')", lambda: "{'a': 1, 'b': 2}.pop('a')",
            lambda: self.formatted(depth), lambda: self.formatted(depth), lambda: self.percent(depth), lambda: self.percent(depth),
        ])
        if r.random() < 0.35:
            return other()
        return f"{text}.{m()}"

    def list(self):
        return self.r.choice(["words", "[1, 2, 1]", "tags", "(1, 2, 3)", "range(4)|list"])

    def formatted(self, depth):
        r = self.r
        spec = r.choice(["", ":>8", ":<6", ":^7", ":*^9", ":.2f", ":+d", ":05d", ":,", ":x", ":#x", ":b", ":e", ":.3g", ":%", ":_", ":08.3f", ":s", ":.2s", ":c", "!r", "!s:>6", ":{}"])
        name = r.choice(["", "0", "a", "0[name]", "a.name"])
        value = self.expr(depth - 1)
        return f"'<{{{name}{spec}}}>'.format({value}, 5, a={self.expr(0)})"

    def percent(self, depth):
        r = self.r
        spec = r.choice(["%s", "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.2f", "%8.3f", "%e", "%g", "%x", "%#x", "%o", "%r", "%5s", "%-8s|", "%.2s", "%c", "%%", "%i", "%(name)s", "%s %s", "%*d", "%G", "%08.2f"])
        value = self.expr(depth - 1)
        return r.choice([f"'{spec}' % ({value})", f"'{spec}' % ({value},)", f"'{spec}' % ({value}, {self.expr(0)})", f"'{spec}'|format({value})", f"'{spec}' % user"])

    def function(self, depth):
        r = self.r
        return r.choice([
            lambda: f"range({r.randint(0, 5)})|list", lambda: f"range({r.randint(-3, 3)}, {r.randint(-3, 6)})|list", lambda: f"range(5, {r.randint(-2, 3)}, -2)|list", lambda: "range(3)",
            lambda: f"range(10)[{r.randint(-4, 8)}:{r.randint(-4, 9)}]", lambda: f"dict(k={self.expr(depth - 1)})", lambda: "namespace(a=1).a", lambda: "cycler('a', 'b').next()", lambda: "joiner()()",
            lambda: f"{r.choice(self.macros)}({self.expr(depth - 1)})" if self.macros else "range(2)|sum", lambda: f"range({self.path()})|list",
        ])()

    # ---- statements

    def tag(self, inside):
        r = self.r
        left = r.choice(["", "", "", "-", "+"])
        right = r.choice(["", "", "", "-", "+"])
        return "{%" + left + " " + inside + " " + right + "%}"

    def output(self, inside):
        r = self.r
        return "{{" + r.choice(["", "", "-"]) + " " + inside + " " + r.choice(["", "", "-"]) + "}}"

    def body(self, depth):
        n = self.r.randint(1, 3)
        saved = list(self.locals), list(self.macros)
        out = "".join(self.statement(depth) for _ in range(n))
        self.locals, self.macros = saved
        return out

    def statement(self, depth):
        r = self.r
        if depth <= 0:
            return r.choice(TEXTS) + self.output(self.expr(2))
        return r.choice([
            lambda: r.choice(TEXTS), lambda: r.choice(TEXTS) + self.output(self.expr(3)), lambda: self.output(self.expr(3)), lambda: self.output(self.expr(2)) + r.choice(TEXTS),
            lambda: self.conditional(depth), lambda: self.loop(depth), lambda: self.loop(depth), lambda: self.assign(depth), lambda: self.assign(depth), lambda: self.with_(depth),
            lambda: self.macro(depth), lambda: self.call(depth), lambda: self.filter_block(depth), lambda: self.comment(), lambda: self.raw(), lambda: self.namespace(depth), lambda: self.block_set(depth),
        ])()

    def conditional(self, depth):
        r = self.r
        out = self.tag("if " + self.expr(2)) + self.body(depth - 1)
        if r.random() < 0.4:
            out += self.tag("elif " + self.expr(2)) + self.body(depth - 1)
        if r.random() < 0.6:
            out += self.tag("else") + self.body(depth - 1)
        return out + self.tag("endif")

    def loop(self, depth):
        r = self.r
        kind = r.random()
        saved = list(self.locals)
        recursive = ""
        if kind < 0.2:
            target, source = "k, v", r.choice(["user.items()", "user|dictsort", "[(1, 2), (3, 4)]", "dict(a=1, b=2).items()", "rows|groupby('name')", "words|batch(2)", self.expr(1)])
            self.locals += ["k", "v"]
        else:
            target, source = r.choice(["i", "item", "x"]), r.choice(["words", "tags", "rows", "range(3)", "text", "user", "[1, 2, 3]", "words|sort", "tags|map('upper')", self.expr(2)])
            self.locals.append(target)
        test = f" if {self.expr(1)}" if r.random() < 0.2 else ""
        head = f"for {target} in {source}{test}{recursive}"
        self.loops += 1
        inner = self.body(depth - 1)
        if r.random() < 0.5:
            inner += self.output("loop." + r.choice(["index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "cycle('a', 'b')", "changed(1)", "previtem is defined", "nextitem is defined"]))
        if r.random() < 0.15:
            inner = self.tag("if loop.index > 1") + self.tag(r.choice(["break", "continue"])) + self.tag("endif") + inner
        self.loops -= 1
        self.locals = saved
        otherwise = self.tag("else") + self.body(depth - 1) if r.random() < 0.25 else ""
        return self.tag(head) + inner + otherwise + self.tag("endfor")

    def assign(self, depth):
        r = self.r
        name = r.choice(["a", "b", "c", "title", "n"])
        out = self.tag(f"set {name} = {self.expr(3)}")
        if r.random() < 0.2:
            out = self.tag(f"set {name}, d = {self.expr(1)}, {self.expr(1)}")
            self.locals.append("d")
        self.locals.append(name)
        return out

    def block_set(self, depth):
        name = self.r.choice(["a", "b"])
        f = self.r.choice(["", "", " | upper", " | trim | length"])
        out = self.tag(f"set {name}{f}") + self.body(depth - 1) + self.tag("endset")
        self.locals.append(name)
        return out

    def with_(self, depth):
        name = self.r.choice(["a", "w", "title"])
        head = self.tag(f"with {name} = {self.expr(2)}")
        saved = list(self.locals)
        self.locals.append(name)
        out = head + self.body(depth - 1) + self.tag("endwith")
        self.locals = saved
        return out

    def macro(self, depth):
        r = self.r
        name = r.choice(["m1", "m2"])
        saved = list(self.locals)
        self.locals = saved + ["p", "q"]
        extra = r.choice(["", "", "{{ varargs }}", "{{ kwargs }}", "{{ caller() if caller }}"])
        out = self.tag(f"macro {name}(p, q={self.expr(0)})") + self.body(depth - 1) + extra + self.tag("endmacro")
        self.locals = saved
        self.macros.append(name)
        return out + self.output(f"{name}({self.expr(1)}{r.choice(['', ', 2', ', q=3', ', zz=1'])})")

    def call(self, depth):
        if not self.macros:
            return ""
        return self.tag(f"call {self.r.choice(self.macros)}({self.expr(1)})") + self.body(depth - 1) + self.tag("endcall")

    def filter_block(self, depth):
        f = self.r.choice(["upper", "trim", "replace('a', 'b')", "indent(2)", "upper|reverse", "length", "escape", "wordcount"])
        return self.tag("filter " + f) + self.body(depth - 1) + self.tag("endfilter")

    def comment(self):
        return self.r.choice(["{# note #}", "{#- note -#}", "{# a\nb +#}", "  {# x #}\n"])

    def raw(self):
        return self.r.choice(["{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% if %} {%- endraw -%}", "{% raw %}\n  {# no #}{% endraw %}\n"])

    def namespace(self, depth):
        return self.tag("set ns = namespace(count=0)") + self.tag("for i in words") + self.tag("set ns.count = ns.count + i") + self.tag("endfor") + self.output("ns.count")

    # ---- small programs about what names mean

    def program(self, depth, loops=0):
        return "".join(self.step(depth, loops) for _ in range(self.r.randint(1, 4)))

    def step(self, depth, loops):
        r = self.r
        name = lambda: r.choice("abc")
        show = lambda: "[" + name() + "=" + self.output(name() + " if " + name() + " is defined else '-'") + "]"
        value = lambda: r.choice([str(r.randint(0, 9)), name(), f"{name()} ~ 'x'", "[1, 2]", "(a or 0)", f"{name()}|default('d')"])
        if depth <= 0:
            return show()
        inner = lambda n=0: self.program(depth - 1, loops + n)
        source = lambda: r.choice(["[1, 2]", "words", "[]", "'ab'", "[[1, 2], [3, 4]]", "range(2)"])
        return r.choice([
            show, show, show,
            lambda: self.tag(f"set {name()} = {value()}"), lambda: self.tag(f"set {name()} = {value()}"),
            lambda: self.tag(f"set {name()}, {name()} = {value()}, {value()}"),
            lambda: self.tag(f"set {name()}") + inner() + self.tag("endset"),
            lambda: self.tag(f"if {r.choice([name() + ' is defined', 'flag', 'not flag', name()])}") + inner()
            + (self.tag(f"elif {name()} is defined") + inner() if r.random() < 0.3 else "")
            + (self.tag("else") + inner() if r.random() < 0.5 else "") + self.tag("endif"),
            lambda: self.tag(f"for {name()} in {source()}") + inner(1) + (self.tag("else") + inner() if r.random() < 0.3 else "") + self.tag("endfor"),
            lambda: self.tag(f"for {name()} in {source()} if {name()} is defined") + inner(1) + self.tag("endfor"),
            lambda: self.tag("for a in [[1, [2]], [3]] recursive") + show() + self.output("loop(a) if a is iterable else a") + inner(1) + self.tag("endfor"),
            lambda: self.tag(f"with {name()} = {value()}" + (f", {name()} = {value()}" if r.random() < 0.4 else "")) + inner() + self.tag("endwith"),
            lambda: self.tag(f"macro {r.choice(['m', 'a'])}({r.choice(['', 'a', 'b=1', 'a, b=a', 'c=b'])})") + inner() + r.choice(["", "{{ caller(1) if caller }}", "{{ varargs }}"]) + self.tag("endmacro"),
            lambda: self.output(f"m({r.choice(['', '1', 'b=2', '1, 2'])}) if m is defined"),
            lambda: self.tag(f"call{r.choice(['', '(a)', '(b=3)'])} m()") + inner() + self.tag("endcall"),
            lambda: self.tag("filter upper") + inner() + self.tag("endfilter"),
            lambda: self.tag(f"include '{r.choice(['one', 'two', 'gone'])}'" + r.choice(["", " ignore missing", " ignore missing without context", " without context", " with context"])),
            lambda: self.tag(f"import 'lib' as {r.choice(['lib', 'a'])}" + r.choice(["", " with context"])) + self.output("lib.f(1) if lib is defined"),
            lambda: self.tag("from 'lib' import f" + r.choice(["", " as a", " with context", ", g", ", nothing"])) + self.output("f(2) if f is defined"),
            lambda: "loop" + self.output("loop.index ~ '/' ~ loop.length if loop is defined"),
            lambda: self.tag(f"if loop.index > 1") + self.tag(r.choice(["break", "continue"])) + self.tag("endif") if loops else "",
        ])()

    def files(self):
        r = self.r
        return {
            "one": self.program(1), "two": self.program(1) + r.choice(["", "{% include 'one' %}"]),
            "lib": "{% set g = a|default('ga') %}{% set _p = 1 %}{% macro f(x) %}<{{ x }}|{{ b|default('-') }}|{{ g }}>" + self.program(1) + "{% endmacro %}text",
        }

    def template(self):
        self.locals, self.macros = [], []
        if self.r.random() < 0.35:
            return self.output(self.expr(4))
        return "".join(self.statement(2) for _ in range(self.r.randint(1, 4)))


def outcome(case):
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(case["env"].get("loader", {})),
        undefined=jinja2.StrictUndefined, trim_blocks=case["env"].get("trim_blocks", False),
        lstrip_blocks=case["env"].get("lstrip_blocks", False), extensions=["jinja2.ext.loopcontrols"])
    try:
        template = environment.from_string(case["template"])
    except jinja2.TemplateSyntaxError as error:
        return {"error": type(error).__name__, "phase": "compile"}
    except Exception as error:  # Jinja evaluates constants while it compiles, and lets Python's errors through.
        return {"error": type(error).__name__}
    try:
        text = template.render(**json.loads(json.dumps(case["context"])))
        text.encode("utf-8")
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)[:200]}
    if " at 0x" in text or len(text) > 65536 or "<class '" in text:
        return None
    return {"expected": text}


def part(seed, number, count):
    """The cases of one part: as many as are needed for `count` renders."""
    warnings.simplefilter("ignore")
    rng = random.Random(f"{seed}-{number}")
    lines, rendered = [], 0
    while rendered < count:
        generator = Generator(rng)
        env = {"undefined": "StrictUndefined"}
        if rng.random() < 0.2:
            env["trim_blocks"] = True
        if rng.random() < 0.2:
            env["lstrip_blocks"] = True
        template, context = generator.template(), generator.context()
        if rng.random() < 0.3:
            template, env["loader"] = generator.program(3), generator.files()
            context = {name: value for name, value in {"a": 1, "b": "B", "words": [5, 6], "flag": True, "m": 7}.items() if rng.random() < 0.6}
        case = {"id": f"fuzz-{seed}-{number}-{len(lines)}", "env": env, "template": template, "context": context}
        result = outcome(case)
        if result is None:
            continue
        # Half of the cases must print something; of those that fail only so many are kept.
        if "error" in result and rng.random() < 0.6:
            continue
        case.update(result)
        rendered += "expected" in result
        lines.append(json.dumps(case) + "\n")
    return lines, rendered


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="-")
    options = parser.parse_args()
    out = sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")
    # A fixed number of parts, whatever the machine: the same seed gives the same cases.
    counts = [(options.count + number) // PARTS for number in range(PARTS)]
    written = rendered = 0
    with multiprocessing.Pool() as pool:
        for lines, count in pool.starmap(part, [(options.seed, number, count) for number, count in enumerate(counts)], 1):
            out.writelines(lines)
            written, rendered = written + len(lines), rendered + count
    print(f"{written} cases, {rendered} of them render", file=sys.stderr)


if __name__ == "__main__":
    main()

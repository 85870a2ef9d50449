//! Strings and bytes.

use super::{Make, Maker, Type};

impl Maker {
    /// A short string literal, as is looked for in others.
    pub(super) fn piece(&mut self) -> String {
        self.pick(&[
            "'a'", "'b'", "''", "'ab'", "','", "' '", "'_'", "'x'", "'e'", "'\\n'", "'é'", "', '",
            "'aa'", "'.'",
        ])
        .to_owned()
    }

    /// A key.
    pub(super) fn word(&mut self) -> String {
        self.pick(&["'a'", "'b'", "'key'", "'name'", "'id'", "'c'"]).to_owned()
    }

    pub(super) fn str_literal(&mut self) -> String {
        self.pick(&[
            "''",
            "'a'",
            "'abc'",
            "\"it's\"",
            "'say \"hi\"'",
            "'both \\' and \"'",
            "'tab\\there'",
            "'line\\nbreak\\n'",
            "r'raw\\n'",
            "'''three\n  lines\n'''",
            "'a' 'b' \"c\"",
            "'\\x41\\u00e9\\U0001F600'",
            "'naïve ÉCOLE'",
            "'a,b,,c'",
            "'  padded\\t '",
            "'users_table'",
            "'Hello World'",
            "'12'",
            "'-0042'",
            "'ß straße'",
            "'\\101\\0'",
            "'back\\\\slash'",
            "'\\q'",
            "'aXbXXc'",
            "'one two  three'",
            "'\\N{BULLET}'",
            "'a.b.c'",
            "u'old'",
            "'%s %%'",
            "'{} {{}}'",
            "'ab\\\ncd'",
            "'\\r\\nx\\x0by\\x1cz'",
            "\"\"\"SELECT 'x'\n    FROM t\"\"\"",
            "'ǆ ŉ'",
            "'I\\u0307'",
            "'\\u2028\\xa0'",
            "'ΑΣ'",
            "\"they're bill's\"",
        ])
        .to_owned()
    }

    pub(super) fn str(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self.str_literal();
        }
        const ALL: &[Make] = &[
            |it, depth| format!("({} + {})", it.of(Type::Str, depth), it.of(Type::Str, depth)),
            |it, depth| {
                let (text, count) = (it.of(Type::Str, depth), it.small());
                match it.below(3) {
                    0 => format!("({count} * {text})"),
                    _ => format!("({text} * {count})"),
                }
            },
            |it, depth| {
                let text = it.of(Type::Str, depth);
                let name = it.pick(&[
                    "upper",
                    "lower",
                    "title",
                    "capitalize",
                    "swapcase",
                    "casefold",
                    "strip",
                    "lstrip",
                    "rstrip",
                ]);
                format!("({text}).{name}()")
            },
            |it, depth| {
                let text = it.of(Type::Str, depth);
                let name = it.pick(&["strip", "lstrip", "rstrip", "removeprefix", "removesuffix"]);
                format!("({text}).{name}({})", it.piece())
            },
            |it, depth| {
                let (text, from, to) = (it.of(Type::Str, depth), it.piece(), it.piece());
                let count = it.pick(&["", "", ", 1", ", 0", ", -1"]);
                format!("({text}).replace({from}, {to}{count})")
            },
            |it, depth| {
                let text = it.of(Type::Str, depth.min(1));
                match it.below(4) {
                    0 => format!("({text}).join(x.upper() for x in {})", it.of(Type::Strs, depth)),
                    1 => format!("({text}).join(map(str, {}))", it.of(Type::Ints, depth)),
                    2 => format!("({text}).join({})", it.of(Type::Dict, depth)),
                    _ => format!("({text}).join({})", it.of(Type::Strs, depth)),
                }
            },
            |it, depth| {
                let text = it.of(Type::Str, depth);
                let name = it.pick(&["center", "ljust", "rjust", "zfill"]);
                let width = it.pick(&["0", "3", "8", "11", "-1"]);
                let fill = it.pick(&["", "", ", '*'", ", '0'", ", 'é'", ", 'ab'"]);
                format!("({text}).{name}({width}{})", if name == "zfill" { "" } else { fill })
            },
            |it, depth| format!("({})[{}]", it.of(Type::Str, depth), it.small()),
            |it, depth| format!("({})[{}]", it.of(Type::Str, depth), it.slice()),
            |it, depth| format!("{}({})", it.pick(&["str", "repr", "ascii"]), it.any(depth)),
            |it, depth| {
                let (one, test) = (it.of(Type::Str, depth), it.truth(depth));
                format!("({one} if {test} else {})", it.of(Type::Str, depth))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Str, depth), it.of(Type::Str, depth));
                format!("({one} {} {two})", it.pick(&["or", "and"]))
            },
            |it, depth| format!("{}[{}]", it.of(Type::Strs, depth), it.small()),
            |it, depth| {
                let (text, part) = (it.of(Type::Str, depth), it.piece());
                format!(
                    "({text}).{}({part})[{}]",
                    it.pick(&["partition", "rpartition"]),
                    it.below(3)
                )
            },
            |it, depth| {
                let how = it.pick(&[
                    "",
                    "",
                    ", indent=2",
                    ", sort_keys=True",
                    ", ensure_ascii=False",
                    ", separators=(',', ':')",
                    ", indent=2, sort_keys=True",
                ]);
                format!("json.dumps({}{how})", it.any(depth))
            },
            |it, depth| format!("textwrap.dedent({})", it.of(Type::Str, depth)),
            |it, depth| format!("textwrap.indent({}, '  ')", it.of(Type::Str, depth)),
            |it, _| {
                let text = it.pick(&[
                    "'''\\\n    SELECT a\n      FROM t\n\n    WHERE x\n    '''",
                    "'\\ta\\n\\tb\\n'",
                    "'  a\\n \\n  b'",
                    "'  x\\n\\ty\\n'",
                    "'   a\\n  b\\n   \\n'",
                ]);
                format!("textwrap.dedent({text})")
            },
            |it, _| {
                format!("chr({})", it.pick(&["65", "233", "0", "128512", "-1", "1114112", "10"]))
            },
            |it, depth| {
                format!("({}).expandtabs({})", it.of(Type::Str, depth), it.pick(&["", "4"]))
            },
            |it, depth| {
                let table = it.pick(&[
                    "{97: 'Z', 98: None}",
                    "str.maketrans('ab', 'xy')",
                    "str.maketrans('', '', 'a')",
                ]);
                format!("({}).translate({table})", it.of(Type::Str, depth))
            },
            |it, depth| format!("min({}, {})", it.of(Type::Str, depth), it.of(Type::Str, depth)),
            |it, depth| format!("str({}, 'utf-8')", it.of(Type::Bytes, depth)),
            |it, depth| format!("({}).decode()", it.of(Type::Bytes, depth)),
            |it, depth| format!("{}({})", it.pick(&["hex", "oct", "bin"]), it.of(Type::Int, depth)),
            Maker::formatted,
            Maker::formatted,
            Maker::formatted,
        ];
        self.make(ALL, depth)
    }

    /// A slice's inside.
    pub(super) fn slice(&mut self) -> String {
        let bound = |it: &mut Self| if it.once_in(3) { String::new() } else { it.small() };
        let (lower, upper) = (bound(self), bound(self));
        match self.below(3) {
            0 => format!("{lower}:{upper}:{}", self.pick(&["2", "-1", "-2", "3", "", "1", "None"])),
            _ => format!("{lower}:{upper}"),
        }
    }

    pub(super) fn bytes(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(3) {
            return self
                .pick(&[
                    "b''",
                    "b'abc'",
                    "b'\\x00\\xff'",
                    "b\"it's\"",
                    "b'a' b'b'",
                    "rb'\\n'",
                    "b'\\n\\t'",
                    "b'A,b'",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| {
                let how = it.pick(&["", "'utf-8'", "'ascii'", "'latin-1'", "encoding='utf-8'"]);
                format!("({}).encode({how})", it.of(Type::Str, depth))
            },
            |it, depth| format!("({} + {})", it.of(Type::Bytes, depth), it.of(Type::Bytes, depth)),
            |it, depth| format!("({} * {})", it.of(Type::Bytes, depth), it.small()),
            |it, depth| format!("({})[{}]", it.of(Type::Bytes, depth), it.slice()),
            |it, depth| format!("({})[{}]", it.of(Type::Bytes, depth), it.small()),
            |it, _| format!("bytes({})", it.pick(&["3", "[1, 2, 255]", "[256]", "(65, 66)"])),
            |it, depth| {
                let call =
                    it.pick(&["upper()", "hex()", "decode()", "split(b',')", "startswith(b'a')"]);
                format!("({}).{call}", it.of(Type::Bytes, depth))
            },
        ];
        self.make(ALL, depth)
    }
}

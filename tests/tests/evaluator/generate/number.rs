//! Integers, floats and truth values.

use super::{Make, Maker, Type};

impl Maker {
    pub(super) fn int_literal(&mut self) -> String {
        self.pick(&[
            "0",
            "1",
            "2",
            "3",
            "-1",
            "-2",
            "7",
            "-7",
            "10",
            "12",
            "100",
            "255",
            "1000",
            "-1000",
            "2147483647",
            "9007199254740993",
            "100000000000000000000",
            "-9223372036854775808",
            "1_000_000",
            "0xff",
            "0o17",
            "0b1011",
            "True",
            "False",
        ])
        .to_owned()
    }

    /// A small integer, for places, repetitions and powers.
    pub(super) fn small(&mut self) -> String {
        self.pick(&["0", "1", "2", "3", "4", "-1", "-2", "-3", "5"]).to_owned()
    }

    pub(super) fn int(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(5) {
            return self.int_literal();
        }
        const ALL: &[Make] = &[
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Int, depth));
                let operator = it.pick(&["+", "-", "*", "//", "%", "&", "|", "^", "//", "%"]);
                format!("({one} {operator} {two})")
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.small());
                let operator = it.pick(&["**", "<<", ">>", "+", "-"]);
                format!("({one} {operator} {two})")
            },
            |it, depth| {
                let one = it.of(Type::Int, depth);
                format!("{}{one}", it.pick(&["-", "+", "~", "--"]))
            },
            |it, depth| {
                let of = it.pick(&[
                    Type::Str,
                    Type::Ints,
                    Type::Dict,
                    Type::Tuple,
                    Type::Set,
                    Type::Bytes,
                ]);
                format!("len({})", it.of(of, depth))
            },
            |it, depth| {
                let (text, part) = (it.of(Type::Str, depth), it.piece());
                let name = it.pick(&["count", "find", "rfind", "index", "rindex"]);
                match it.below(4) {
                    0 => format!("({text}).{name}({part}, {})", it.small()),
                    1 => format!("({text}).{name}({part}, {}, {})", it.small(), it.small()),
                    _ => format!("({text}).{name}({part})"),
                }
            },
            |it, depth| {
                let items = it.of(Type::Ints, depth);
                match it.below(3) {
                    0 => format!("sum({items}, {})", it.small()),
                    1 => format!("sum(x * 2 for x in {items} if x > 0)"),
                    _ => format!("sum({items})"),
                }
            },
            |it, depth| {
                let name = it.pick(&["max", "min"]);
                let items = it.of(Type::Ints, depth);
                match it.below(5) {
                    0 => format!("{name}({items}, default={})", it.small()),
                    1 => format!("{name}({items}, key=lambda x: -x)"),
                    2 => format!("{name}({}, {items}[0])", it.of(Type::Int, depth)),
                    3 => format!("{name}(*{items}, {})", it.small()),
                    _ => format!("{name}({items})"),
                }
            },
            |it, depth| format!("abs({})", it.of(Type::Int, depth)),
            |it, depth| format!("{}[{}]", it.of(Type::Ints, depth), it.small()),
            |it, depth| {
                let (dict, key) = (it.of(Type::Dict, depth), it.word());
                match it.below(3) {
                    0 => format!("{dict}[{key}]"),
                    1 => format!("({dict}).get({key})"),
                    _ => format!("({dict}).get({key}, {})", it.small()),
                }
            },
            |it, depth| {
                let (one, test) = (it.of(Type::Int, depth), it.of(Type::Bool, depth));
                format!("({one} if {test} else {})", it.of(Type::Int, depth))
            },
            |it, depth| match it.below(6) {
                0 => {
                    let text = it.pick(&[
                        "'12'",
                        "' 7 '",
                        "'-3'",
                        "'1_000'",
                        "'+5'",
                        "'x'",
                        "''",
                        "'1__0'",
                        "'_1'",
                        "'0x1f'",
                        "'1.5'",
                        "' 1 2'",
                        "'\\u0661\\u0662'",
                        "b'42'",
                        "'\\x1c5\\n'",
                    ]);
                    format!("int({text})")
                }
                1 => {
                    let text = it.pick(&["'ff'", "'0x1f'", "'101'", "'z'", "'-7'"]);
                    format!("int({text}, {})", it.pick(&["16", "2", "36", "0", "8"]))
                }
                2 => format!("int({})", it.of(Type::Float, depth)),
                3 => format!("int(str({}))", it.of(Type::Int, depth)),
                _ => format!("int({})", it.of(Type::Bool, depth)),
            },
            |it, _| format!("ord({})", it.pick(&["'a'", "'é'", "'\\n'", "'ab'", "'😀'", "b'x'"])),
            |it, depth| format!("round({})", it.of(Type::Float, depth)),
            |it, depth| format!("round({}, {})", it.of(Type::Int, depth), it.small()),
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Int, depth));
                format!("divmod({one}, {two})[{}]", it.below(2))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Int, depth));
                format!("({one} {} {two})", it.pick(&["or", "and"]))
            },
            |it, depth| {
                let items = it.of(Type::Ints, depth);
                format!("{items}.{}({})", it.pick(&["index", "count"]), it.small())
            },
            |it, depth| format!("next(iter({}), {})", it.of(Type::Ints, depth), it.small()),
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.small());
                match it.below(3) {
                    0 => format!("pow({one}, {}, 7)", it.below(5)),
                    _ => format!("pow({one}, {two})"),
                }
            },
        ];
        self.make(ALL, depth)
    }

    pub(super) fn float_literal(&mut self) -> String {
        self.pick(&[
            "0.0",
            "-0.0",
            "0.5",
            "1.5",
            "-2.5",
            "2.5",
            "3.14",
            "1e3",
            "1e16",
            "1e-5",
            "1e22",
            "2.0",
            "123456789.125",
            "0.1",
            "0.2",
            "1e100",
            "float('inf')",
            "float('nan')",
            ".5",
            "5.",
            "1_0.5",
            "2.675",
            "-7.25",
            "9007199254740992.0",
            "0.0001",
            "123456789012345680.0",
        ])
        .to_owned()
    }

    pub(super) fn float(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(5) {
            return self.float_literal();
        }
        const ALL: &[Make] = &[
            |it, depth| {
                let of = it.pick(&[Type::Int, Type::Float]);
                let (one, two) = (it.of(Type::Float, depth), it.of(of, depth));
                format!("({one} {} {two})", it.pick(&["+", "-", "*", "/", "//", "%"]))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Float, depth));
                format!("({one} {} {two})", it.pick(&["+", "-", "*", "/", "//", "%"]))
            },
            |it, depth| format!("({} / {})", it.of(Type::Int, depth), it.of(Type::Int, depth)),
            |it, depth| format!("({} ** {})", it.of(Type::Float, depth), it.small()),
            |it, depth| format!("({} ** -{})", it.of(Type::Int, depth), it.below(3)),
            |it, depth| format!("-{}", it.of(Type::Float, depth)),
            |it, depth| format!("abs({})", it.of(Type::Float, depth)),
            |it, depth| format!("float({})", it.of(Type::Int, depth)),
            |it, _| {
                let text = it.pick(&[
                    "'1.5'",
                    "' 2 '",
                    "'1e3'",
                    "'nan'",
                    "'-inf'",
                    "'x'",
                    "''",
                    "'1_0'",
                    "'.5'",
                    "'1.'",
                    "'infinity'",
                    "'0x1'",
                ]);
                format!("float({text})")
            },
            |it, depth| format!("round({}, {})", it.of(Type::Float, depth), it.small()),
            |it, depth| {
                let (one, two) = (it.of(Type::Float, depth), it.of(Type::Int, depth));
                format!("sum([{one}, {two}, {}])", it.float_literal())
            },
            |it, depth| {
                let name = it.pick(&["max", "min"]);
                format!("{name}({}, {})", it.of(Type::Float, depth), it.of(Type::Int, depth))
            },
        ];
        self.make(ALL, depth)
    }

    pub(super) fn truth(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(8) {
            return self.pick(&["True", "False"]).to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| {
                let of = it.pick(&[
                    Type::Int,
                    Type::Float,
                    Type::Str,
                    Type::Ints,
                    Type::Strs,
                    Type::Tuple,
                    Type::Set,
                ]);
                let (one, two) = (it.of(of, depth), it.of(of, depth));
                format!("({one} {} {two})", it.pick(&["<", "<=", ">", ">=", "==", "!="]))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Float, depth));
                let (a, b) = (it.pick(&["<", "<=", "==", "!="]), it.pick(&[">", "<=", "==", "<"]));
                format!("({one} {a} {two} {b} {})", it.of(Type::Int, depth))
            },
            |it, depth| {
                let (one, two) = (it.any(depth), it.any(depth));
                format!("({one} {} {two})", it.pick(&["==", "!="]))
            },
            |it, depth| {
                let of = it.pick(&[Type::Ints, Type::Set, Type::Tuple]);
                let (one, all) = (it.of(Type::Int, depth), it.of(of, depth));
                format!("({one} {} {all})", it.pick(&["in", "not in"]))
            },
            |it, depth| {
                let of = it.pick(&[Type::Str, Type::Strs, Type::Dict]);
                let (one, all) = (it.piece(), it.of(of, depth));
                format!("({one} {} {all})", it.pick(&["in", "not in"]))
            },
            |it, depth| format!("(not {})", it.any(depth)),
            |it, depth| format!("bool({})", it.any(depth)),
            |it, depth| {
                let (one, two) = (it.of(Type::Bool, depth), it.of(Type::Bool, depth));
                format!("({one} {} {two})", it.pick(&["and", "or", "&", "|", "^", "=="]))
            },
            |it, depth| {
                let text = it.of(Type::Str, depth);
                match it.below(3) {
                    0 => {
                        let name = it.pick(&[
                            "isdigit",
                            "isalpha",
                            "isalnum",
                            "isupper",
                            "islower",
                            "isspace",
                            "istitle",
                            "isidentifier",
                            "isnumeric",
                            "isdecimal",
                            "isascii",
                            "isprintable",
                        ]);
                        format!("({text}).{name}()")
                    }
                    1 => {
                        let name = it.pick(&["startswith", "endswith"]);
                        format!("({text}).{name}(({}, {}))", it.piece(), it.piece())
                    }
                    _ => {
                        let name = it.pick(&["startswith", "endswith"]);
                        let from = it.pick(&["", "", ", 1", ", -2", ", 0, 2"]);
                        format!("({text}).{name}({}{from})", it.piece())
                    }
                }
            },
            |it, depth| {
                let what = it.any(depth);
                let class = it.pick(&[
                    "int",
                    "bool",
                    "str",
                    "(int, str)",
                    "float",
                    "list",
                    "dict",
                    "tuple",
                    "set",
                    "object",
                    "type(None)",
                    "(list, tuple)",
                    "bytes",
                    "frozenset",
                    "collections.abc.Iterable",
                ]);
                format!("isinstance({what}, {class})")
            },
            |it, depth| format!("({} {} None)", it.any(depth), it.pick(&["is", "is not"])),
            |it, depth| {
                let (name, items) = (it.pick(&["any", "all"]), it.of(Type::Ints, depth));
                match it.below(3) {
                    0 => format!("{name}({items})"),
                    1 => format!("{name}(x > 1 for x in {items})"),
                    _ => format!("{name}([x % 2 for x in {items}])"),
                }
            },
            |it, depth| {
                let class = it.pick(&["int", "str", "list", "bool", "float"]);
                format!("(type({}) {} {class})", it.any(depth), it.pick(&["is", "==", "!="]))
            },
            |it, depth| {
                let what = it.any(depth);
                format!("callable({})", it.pick(&["len", "lambda: 1", &what]))
            },
            |it, depth| {
                let name = it.pick(&["upper", "append", "keys", "nope", "__len__"]);
                format!("hasattr({}, '{name}')", it.any(depth))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Set, depth), it.of(Type::Set, depth));
                format!("({one}).{}({two})", it.pick(&["issubset", "issuperset", "isdisjoint"]))
            },
        ];
        self.make(ALL, depth)
    }
}

//! Lists, tuples, dictionaries and sets.

use super::{Make, Maker, Type};

impl Maker {
    fn several(&mut self, of: Type, depth: u32) -> String {
        let many = self.below(5);
        let items: Vec<String> = (0..many).map(|_| self.of(of, depth)).collect();
        items.join(", ")
    }

    pub(super) fn ints(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self
                .pick(&[
                    "[]",
                    "[1]",
                    "[3, 1, 2]",
                    "[0, 0, 5]",
                    "[-1, 10, -7, 10]",
                    "[1, 2, 3, 4, 5]",
                    "[True, 2]",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| format!("[{}]", it.several(Type::Int, depth)),
            |it, depth| {
                let (one, two) = (it.of(Type::Ints, depth), it.of(Type::Int, depth));
                format!("[*{one}, {two}, *{}]", it.of(Type::Tuple, depth))
            },
            |it, depth| {
                let items = it.of(Type::Ints, depth);
                let test =
                    it.pick(&["", " if x", " if x > 1", " if x % 2 == 0 if x > 0", " if not x"]);
                let item = it.pick(&["x", "x * 2", "x - 1", "-x", "x // 2", "(x, x)[0]"]);
                format!("[{item} for x in {items}{test}]")
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Ints, depth), it.of(Type::Ints, depth));
                format!("[x * y for x in {one} for y in {two} if x != y]")
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Ints, depth), it.of(Type::Ints, depth));
                format!("[y for x in [{one}, {two}] for y in x]")
            },
            |it, depth| format!("[len(x) for x in {}]", it.of(Type::Strs, depth)),
            |it, depth| format!("({} + {})", it.of(Type::Ints, depth), it.of(Type::Ints, depth)),
            |it, depth| format!("({} * {})", it.of(Type::Ints, depth), it.small()),
            |it, depth| format!("{}[{}]", it.of(Type::Ints, depth), it.slice()),
            |it, depth| {
                let how = it.pick(&[
                    "",
                    ", reverse=True",
                    ", key=abs",
                    ", key=lambda x: -x",
                    ", key=lambda x: x % 2, reverse=True",
                ]);
                format!("sorted({}{how})", it.of(Type::Ints, depth))
            },
            |it, depth| {
                let name = it.pick(&["reversed", "list", "tuple", "sorted", "iter"]);
                format!("list({name}({}))", it.of(Type::Ints, depth))
            },
            |it, depth| {
                let how = it.pick(&["", ", 5", ", 10, 3", ", -5, -2", ", 3, 0"]);
                format!("list(range({} % 20{how}))", it.of(Type::Int, depth))
            },
            |it, depth| {
                let name = it.pick(&["abs", "lambda x: x + 1", "int", "bool", "str"]);
                format!("list(map({name}, {}))", it.of(Type::Ints, depth))
            },
            |it, depth| {
                let name = it.pick(&["None", "lambda x: x > 0", "bool"]);
                format!("list(filter({name}, {}))", it.of(Type::Ints, depth))
            },
            |it, depth| format!("list(({}).values())", it.of(Type::Dict, depth)),
            |it, depth| {
                let start = it.pick(&["", ", 1", ", start=2"]);
                format!("[i * x for i, x in enumerate({}{start})]", it.of(Type::Ints, depth))
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Ints, depth), it.of(Type::Ints, depth));
                format!("[a - b for a, b in zip({one}, {two})]")
            },
            |it, depth| {
                let (one, test) = (it.of(Type::Ints, depth), it.truth(depth));
                format!("({one} if {test} else {})", it.of(Type::Ints, depth))
            },
            |it, depth| format!("({} or {})", it.of(Type::Ints, depth), it.of(Type::Ints, depth)),
            |it, depth| format!("list({})", it.of(Type::Bytes, depth)),
            |it, depth| format!("sorted({})", it.of(Type::Set, depth)),
            |it, depth| format!("({}).copy()", it.of(Type::Ints, depth)),
            |it, depth| format!("[(y := 2), y ** 2, *({})]", it.of(Type::Ints, depth)),
        ];
        self.make(ALL, depth)
    }

    pub(super) fn strs(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self
                .pick(&[
                    "[]",
                    "['a']",
                    "['b', 'a', 'c']",
                    "['id', 'name', '']",
                    "['x', 'X', 'x']",
                    "['ab', 'a', 'abc', 'B']",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| format!("[{}]", it.several(Type::Str, depth)),
            |it, depth| {
                let (text, part) = (it.of(Type::Str, depth), it.piece());
                let name = it.pick(&["split", "rsplit"]);
                match it.below(6) {
                    0 => format!("({text}).{name}()"),
                    1 => format!("({text}).{name}({part}, {})", it.small()),
                    2 => format!("({text}).{name}(None, {})", it.small()),
                    3 => format!("({text}).{name}(maxsplit={})", it.small()),
                    4 => format!("({text}).{name}(sep={part}, maxsplit=1)"),
                    _ => format!("({text}).{name}({part})"),
                }
            },
            |it, depth| {
                let how = it.pick(&["", "True", "keepends=True", "False"]);
                format!("({}).splitlines({how})", it.of(Type::Str, depth))
            },
            |it, depth| format!("list({})", it.of(Type::Str, depth)),
            |it, depth| {
                let item =
                    it.pick(&["x.upper()", "x + '_x'", "f'{x}!'", "x[:1]", "'%s' % x", "x * 2"]);
                let test =
                    it.pick(&["", " if x", " if len(x) > 1", " if 'a' in x", " if x != 'a'"]);
                format!("[{item} for x in {}{test}]", it.of(Type::Strs, depth))
            },
            |it, depth| {
                let how = it.pick(&[
                    "",
                    ", reverse=True",
                    ", key=len",
                    ", key=len, reverse=True",
                    ", key=str.lower",
                    ", key=lambda s: (len(s), s)",
                ]);
                format!("sorted({}{how})", it.of(Type::Strs, depth))
            },
            |it, depth| format!("({} + {})", it.of(Type::Strs, depth), it.of(Type::Strs, depth)),
            |it, depth| format!("{}[{}]", it.of(Type::Strs, depth), it.slice()),
            |it, depth| format!("list({})", it.of(Type::Dict, depth)),
            |it, depth| format!("[k for k, v in ({}).items() if v]", it.of(Type::Dict, depth)),
            |it, depth| format!("list(({}).keys())", it.of(Type::Dict, depth)),
            |it, depth| {
                let name = it.pick(&["str.upper", "str.strip", "lambda x: x * 2", "repr"]);
                format!("list(map({name}, {}))", it.of(Type::Strs, depth))
            },
            |it, depth| format!("[str(x) for x in {}]", it.of(Type::Tuple, depth)),
            |it, depth| format!("list(dict.fromkeys({}))", it.of(Type::Strs, depth)),
        ];
        self.make(ALL, depth)
    }

    pub(super) fn dict(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self
                .pick(&[
                    "{}",
                    "{'a': 1}",
                    "{'b': 2, 'a': 1}",
                    "{'name': 0, 'id': 5, 'key': -1}",
                    "{'a': 1, 'a': 2}",
                    "{1: 1, True: 2, 1.0: 3}",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| {
                let (one, two) = (it.of(Type::Int, depth), it.of(Type::Int, depth));
                format!("{{{}: {one}, {}: {two}}}", it.word(), it.word())
            },
            |it, depth| {
                let (one, two) = (it.of(Type::Dict, depth), it.of(Type::Dict, depth));
                format!("{{**{one}, {}: {}, **{two}}}", it.word(), it.small())
            },
            |it, depth| {
                let test = it.pick(&["", " if x", " if x > 'a'"]);
                format!("{{x: len(x) for x in {}{test}}}", it.of(Type::Strs, depth))
            },
            |it, depth| format!("{{k: v + 1 for k, v in ({}).items()}}", it.of(Type::Dict, depth)),
            |it, depth| format!("{{v: k for k, v in ({}).items()}}", it.of(Type::Dict, depth)),
            |it, depth| {
                format!(
                    "dict({}, {}={})",
                    it.of(Type::Dict, depth),
                    it.pick(&["a", "z"]),
                    it.small()
                )
            },
            |it, depth| {
                format!("dict(zip({}, {}))", it.of(Type::Strs, depth), it.of(Type::Ints, depth))
            },
            |it, depth| format!("dict(a={}, b={})", it.of(Type::Int, depth), it.small()),
            |it, depth| {
                let value = it.of(Type::Int, depth);
                format!("dict([({}, {}), ({}, {value})])", it.word(), it.small(), it.word())
            },
            |it, depth| format!("({} | {})", it.of(Type::Dict, depth), it.of(Type::Dict, depth)),
            |it, depth| {
                let how = it.pick(&["", ", key=lambda kv: kv[1]", ", reverse=True"]);
                format!("dict(sorted(({}).items(){how}))", it.of(Type::Dict, depth))
            },
            |it, depth| format!("dict.fromkeys({}, {})", it.of(Type::Strs, depth), it.small()),
            |it, depth| format!("({}).copy()", it.of(Type::Dict, depth)),
            |it, depth| format!("dict(enumerate({}))", it.of(Type::Strs, depth)),
        ];
        self.make(ALL, depth)
    }

    pub(super) fn tuple(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self
                .pick(&[
                    "()",
                    "(1,)",
                    "(1, 2)",
                    "(0, 'a')",
                    "(1, (2, 3))",
                    "(None, True)",
                    "('a', 'b', 'c')",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| format!("({}, {})", it.any(depth), it.any(depth)),
            |it, depth| format!("({},)", it.any(depth)),
            |it, depth| format!("(*{}, {})", it.of(Type::Ints, depth), it.small()),
            |it, depth| format!("tuple({})", it.of(Type::Ints, depth)),
            |it, depth| format!("tuple(x for x in {} if x)", it.of(Type::Strs, depth)),
            |it, depth| format!("({} + {})", it.of(Type::Tuple, depth), it.of(Type::Tuple, depth)),
            |it, depth| format!("({} * {})", it.of(Type::Tuple, depth), it.small()),
            |it, depth| format!("{}[{}]", it.of(Type::Tuple, depth), it.slice()),
            |it, depth| format!("divmod({}, {})", it.of(Type::Int, depth), it.of(Type::Int, depth)),
            |it, depth| {
                let name = it.pick(&["partition", "rpartition"]);
                format!("({}).{name}({})", it.of(Type::Str, depth), it.piece())
            },
            |it, depth| format!("tuple(({}).items())", it.of(Type::Dict, depth)),
            |it, depth| {
                format!("tuple(zip({}, {}))", it.of(Type::Ints, depth), it.of(Type::Strs, depth))
            },
            |it, depth| format!("tuple(enumerate({}))", it.of(Type::Strs, depth)),
            |it, depth| {
                format!("tuple(zip(*[{}, {}]))", it.of(Type::Ints, depth), it.of(Type::Ints, depth))
            },
        ];
        self.make(ALL, depth)
    }

    pub(super) fn set(&mut self, depth: u32) -> String {
        if depth == 0 || self.once_in(6) {
            return self
                .pick(&[
                    "set()",
                    "{1}",
                    "{1, 2}",
                    "{3, 1, 2}",
                    "{1, True, 1.0}",
                    "{0, -1}",
                    "frozenset([1, 2])",
                    "frozenset()",
                ])
                .to_owned();
        }
        const ALL: &[Make] = &[
            |it, depth| format!("set({})", it.of(Type::Ints, depth)),
            |it, depth| format!("{{x % 3 for x in {}}}", it.of(Type::Ints, depth)),
            |it, depth| {
                let (one, two) = (it.of(Type::Set, depth), it.of(Type::Set, depth));
                format!("({one} {} {two})", it.pick(&["|", "&", "-", "^"]))
            },
            |it, depth| {
                let name =
                    it.pick(&["union", "intersection", "difference", "symmetric_difference"]);
                format!("({}).{name}({})", it.of(Type::Set, depth), it.of(Type::Ints, depth))
            },
            |it, depth| format!("{{*{}, {}}}", it.of(Type::Ints, depth), it.of(Type::Int, depth)),
            |it, depth| format!("frozenset({})", it.of(Type::Ints, depth)),
            |it, depth| format!("set(({}).values())", it.of(Type::Dict, depth)),
            |it, depth| format!("(set({}) - {{'a'}})", it.of(Type::Strs, depth)),
        ];
        self.make(ALL, depth)
    }
}

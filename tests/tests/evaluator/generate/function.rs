//! Functions: their arguments, what they remember, and what they make step by step.

use super::{Maker, Type, put};

impl Maker {
    pub(super) fn functions(&mut self) -> String {
        let (function, value) = (self.name("f"), self.name("v"));
        let (one, two) = (self.of(Type::Int, 1), self.of(Type::Ints, 1));
        let dict = self.of(Type::Dict, 1);
        let (text, call) = match self.below(7) {
            0 => (
                "def F(item, to=[]):\n    to.append(item)\n    return to\n".to_owned(),
                "[F(ONE), F(2, []), len(F(3)), F(4) is F(5)]".to_owned(),
            ),
            1 => (
                "def F(items):\n    items.append('x')\n    items = items + ['y']\n    items.append('z')\n    return items\n".to_owned(),
                "(lambda a: (F(a), a))(TWO)".to_owned(),
            ),
            2 => (
                "def F(d, **more):\n    d.update(more)\n    more['z'] = 1\n    return d, more\n".to_owned(),
                "F(DICT, a=ONE)".to_owned(),
            ),
            3 => (
                "def F(n):\n    return 1 if n < 2 else n * F(n - 1)\n".to_owned(),
                "[F(x) for x in range(ONE % 8)]".to_owned(),
            ),
            4 => (
                "def F(x):\n    'Says nothing.'\n    if x > 1:\n        return x\n    elif x:\n        return\n".to_owned(),
                "[F(x) for x in TWO]".to_owned(),
            ),
            5 => (
                "def F_g(f, *a, **k):\n    return f(*a, **k)\ndef F(a, b=2, *c, d=4, **e):\n    return [a, b, c, d, e]\n".to_owned(),
                "F_g(F, ONE, *TWO, d=0, e=5)".to_owned(),
            ),
            _ => (
                "def F(x: int, *, key: str = 'k') -> dict:\n    y: int = x + 1\n    z: int\n    return {key: y}\n".to_owned(),
                "F(ONE, key='n')".to_owned(),
            ),
        };
        let values = [("F", &*function), ("ONE", &one), ("TWO", &two), ("DICT", &dict)];
        let called = self.guarded(&value, &put(&format!("{value} = {call}\n"), &values));
        self.bound(&value, Type::Any);
        put(&text, &values) + &called
    }

    /// Parameters of each kind, called rightly and wrongly.
    pub(super) fn call_arguments(&mut self) -> String {
        let (function, value) = (self.name("f"), self.name("v"));
        let parameters = self.pick(&[
            "a",
            "a, b=2",
            "a, *b",
            "a, /, b",
            "*, a, b=1",
            "a, b=1, *c, d, **e",
            "*a, **b",
            "a, /, *, b",
            "a=[], b=()",
            "**a",
            "a, b, c=3, /, d=4, *, e=5",
        ]);
        let names: Vec<&str> = parameters
            .split(',')
            .map(|it| it.trim().trim_start_matches('*').split('=').next().unwrap_or_default())
            .filter(|it| !it.is_empty() && *it != "/" && !it.ends_with(')'))
            .collect();
        let call = self.pick(&[
            "",
            "1",
            "1, 2",
            "1, 2, 3",
            "a=1",
            "1, b=2",
            "1, a=2",
            "*[1, 2]",
            "**{'a': 1, 'b': 2}",
            "1, *(2, 3), d=4",
            "b=1, a=2",
            "1, 2, d=3, x=4",
            "*'ab', **{'d': 1}",
            "1, **{'b': 2}, **{'b': 3}",
            "1, e=9",
            "*[], **{}",
        ]);
        let body = format!("{value} = {function}({call})\n");
        let called = self.guarded(&value, &body);
        format!("def {function}({parameters}):\n    return [{}]\n{called}", names.join(", "))
    }

    pub(super) fn closures(&mut self) -> String {
        let (function, value) = (self.name("f"), self.name("v"));
        let (one, two) = (self.small(), self.of(Type::Ints, 1));
        let (text, call) = match self.below(8) {
            0 => (
                "def F(n):\n    def inner(x):\n        nonlocal n\n        n += x\n        return n\n    return inner\n".to_owned(),
                "(lambda g: [g(1), g(ONE), F(5)(1)])(F(ONE))".to_owned(),
            ),
            1 => ("F = [lambda: i for i in range(3)]\n".to_owned(), "[g() for g in F]".to_owned()),
            2 => (
                "F = []\nfor i in range(3):\n    F.append(lambda x, i=i: x + i)\n    F.append(lambda x: x + i)\n".to_owned(),
                "[g(ONE) for g in F]".to_owned(),
            ),
            3 => (
                "F_count = 0\ndef F():\n    global F_count\n    F_count += 1\n    return F_count\n".to_owned(),
                "[F(), F(), F_count]".to_owned(),
            ),
            4 => (
                "def F(f):\n    @functools.wraps(f)\n    def wrapper(*a, **k):\n        return ['before', f(*a, **k)]\n    return wrapper\n@F\ndef F_g(x, y=1):\n    return x + y\n".to_owned(),
                "[F_g(ONE), F_g(1, y=5), F_g.__name__]".to_owned(),
            ),
            5 => (
                "def F():\n    x = 1\n    def g():\n        return x\n    x = 2\n    return g\n".to_owned(),
                "F()()".to_owned(),
            ),
            6 => (
                "F = functools.partial(lambda a, b, c=0: (a, b, c), 1, c=5)\n".to_owned(),
                "[F(ONE), F(2, c=3)]".to_owned(),
            ),
            _ => (
                "def F(items):\n    total = 0\n    def add(x):\n        nonlocal total\n        total = total + x\n    for x in items:\n        add(x)\n    return total\n".to_owned(),
                "F(TWO)".to_owned(),
            ),
        };
        let values = [("F", &*function), ("ONE", &one), ("TWO", &two)];
        let called = self.guarded(&value, &put(&format!("{value} = {call}\n"), &values));
        put(&text, &values) + &called
    }

    pub(super) fn iterators(&mut self) -> String {
        let (it, value, more) = (self.name("i"), self.name("v"), self.name("v"));
        let items = self.of(Type::Ints, 1);
        let made = match self.below(12) {
            0 => format!("iter({items})"),
            1 => format!("(x + 1 for x in {items} if x)"),
            2 => format!("map(lambda x: x * 2, {items})"),
            3 => format!("filter(None, {items})"),
            4 => format!("zip({items}, 'abc')"),
            5 => format!("enumerate({items}, 1)"),
            6 => format!("reversed({items})"),
            7 => format!("range({})", self.pick(&["4", "1, 5", "5, 0, -2"])),
            8 => format!("itertools.chain({items}, 'ab')"),
            9 => format!(
                "({}).{}()",
                self.of(Type::Dict, 1),
                self.pick(&["keys", "values", "items"])
            ),
            10 => format!("map(lambda a, b: a + b, {items}, {items})"),
            _ => "iter('abc')".to_owned(),
        };
        let used = self.pick(&[
            "[next(I), list(I), list(I)]",
            "[next(I, None), next(I, None), next(I, 'end')]",
            "[2 in I, list(I)]",
            "[len(I), list(I)]",
            "[I == I, I == [1], bool(I)]",
            "[str(I)[:6], type(I).__name__]",
            "[list(zip(I, I)), list(I)]",
            "[x for x in I if x] + list(I)",
            "[isinstance(I, list), isinstance(I, (list, range)), hasattr(I, '__next__')]",
            "[I[0], I[-1], I[1:]]",
            "[any(I), list(I)]",
            "[*I, *I]",
            "[sum(I), max(I, default=None)]",
            "(lambda a, *b: (a, b))(*I)",
            "[iter(I) is I, sorted(I), list(I)]",
            "dict(I)",
            "[json.dumps(list(I)), ','.join(map(str, I))]",
            "[I + [1]]",
            "[I.index(2), I.count(1)]",
            "[list(map(str, I)), list(map(str, I))]",
        ]);
        let used = put(used, &[("I", &it)]);
        let body = format!("{it} = {made}\n{value} = {used}\n");
        let mut text = self.guarded(&value, &body);
        if self.once_in(4) {
            // Nothing is done before somebody asks.
            text.push_str(&format!(
                "{more} = []\n_l = map({more}.append, {items})\n{more}.append('made')\n_l = (({more}.append(x), x)[1] for x in {items})\nany(x > 1 for x in _l)\n"
            ));
        }
        text
    }

    pub(super) fn generators(&mut self) -> String {
        let (function, value) = (self.name("f"), self.name("v"));
        let items = self.of(Type::Ints, 1);
        let text = self.pick(&[
            "def F(items):\n    for x in items:\n        yield x\n        yield x * 2\n",
            "def F(items):\n    yield from items\n    yield 'end'\n",
            "def F(items):\n    if not items:\n        return\n    yield items[0]\n    yield from F(items[1:])\n",
            "def F(items):\n    n = 0\n    while n < len(items):\n        yield n, items[n]\n        n += 1\n",
            "def F(items):\n    try:\n        for x in items:\n            yield 10 // x\n    finally:\n        items.append('closed')\n",
        ]);
        let used = self.pick(&[
            "list(F(I))",
            "[x for x in F(I) if x != 2]",
            "next(F(I), 'none')",
            "(lambda g: [next(g, 0), list(g), list(g)])(F(I))",
            "sorted(F(I), key=str)",
            "(lambda i: [list(F(i)), i])(I)",
            "dict(F(I))",
            "[*F(I), 'x']",
        ]);
        let values = [("F", &*function), ("I", &items)];
        let called = self.guarded(&value, &put(&format!("{value} = {used}\n"), &values));
        put(text, &values) + &called
    }
}

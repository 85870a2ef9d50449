//! The standard library, and sorting.

use super::{Maker, Type, put};

impl Maker {
    pub(super) fn libraries(&mut self) -> String {
        let value = self.name("v");
        let (items, other) = (self.of(Type::Ints, 1), self.of(Type::Strs, 1));
        let text = self.pick(&[
            "list(itertools.chain(ITEMS, OTHER))",
            "list(itertools.chain.from_iterable([ITEMS, OTHER]))",
            "list(itertools.product(ITEMS, 'ab'))",
            "list(itertools.islice(ITEMS, 2))",
            "list(itertools.zip_longest(ITEMS, OTHER))",
            "[(k, list(g)) for k, g in itertools.groupby(ITEMS, key=lambda x: x % 2)]",
            "list(itertools.combinations(ITEMS, 2))",
            "list(itertools.repeat('x', 3))",
            "functools.reduce(lambda a, b: a + b, ITEMS)",
            "functools.reduce(lambda a, b: a + b, OTHER, 'start')",
            "functools.reduce(operator.add, ITEMS, 0)",
            "sorted(OTHER, key=operator.itemgetter(0))",
            "collections.OrderedDict([('b', 1), ('a', 2)])",
            "list(collections.OrderedDict(b=1, a=2).items())",
            "(lambda d: (d['x'].append(1), d['y'], dict(d)))(collections.defaultdict(list))",
            "collections.Counter(OTHER).most_common(1)",
            "collections.Counter(ITEMS)[1]",
            "copy.copy(ITEMS) == ITEMS",
            "(lambda a: (lambda b: (b[0].append(1), a, b))(copy.deepcopy(a)))([[1], 2])",
            "(lambda a: (lambda b: (b[0].append(1), a, b))(copy.copy(a)))([[1], 2])",
            "copy.deepcopy({'a': [1, {'b': (2,)}]})",
            "json.loads('{\"a\": [1, 2.5, null, true, \"x\\\\u00e9\"]}')",
            "json.loads(json.dumps({'k': ITEMS}))",
            "json.dumps({'b': 1, 'a': [None, True, 1.5, 'é\\n\"']})",
            "json.dumps({1: 'a', None: 2, True: 3, 1.5: 4})",
            "json.dumps(OTHER, indent=4)",
            "json.dumps({'a': {}, 'b': [], 'c': ()}, indent=2)",
            "json.dumps({'x': {1}})",
            "json.dumps(float('nan'))",
            "re.sub('a', 'X', ','.join(OTHER))",
            "re.match(r'(\\w+)', 'hello world').group(1)",
            "re.split(r'[,;]', 'a,b;c')",
            "' '.join(reversed(OTHER))",
            "textwrap.shorten('Hello world', 8)",
            "list(map(operator.itemgetter('a'), [{'a': 1}, {'a': 2}]))",
            "list(itertools.accumulate(ITEMS))",
            "[f(3) for f in (functools.partial(pow, 2), functools.partial(int, base=10) if 0 else abs)]",
            "dict(zip(OTHER, itertools.count()))",
            "list(itertools.starmap(lambda a, b: a * b, [(1, 2), (3, 4)]))",
            "str(collections.OrderedDict(a=1))",
            "isinstance(collections.OrderedDict(), dict)",
            "collections.OrderedDict(a=1, b=2) == collections.OrderedDict(b=2, a=1)",
        ]);
        let text = put(text, &[("ITEMS", &items), ("OTHER", &other)]);
        self.guarded(&value, &format!("{value} = {text}\n"))
    }

    pub(super) fn sorting(&mut self) -> String {
        let value = self.name("v");
        let pairs = self.pick(&[
            "[(1, 'b'), (0, 'a'), (1, 'a'), (0, 'b')]",
            "[(1, 'b'), (1, 2)]",
            "[(1, 'b'), (2, 2), (1, 3.0)]",
            "[('a', None), ('b', None)]",
            "[('a', None), ('a', None)]",
            "[('a', None), ('a', 1)]",
            "[[2], [1, 5], [1], []]",
            "['b', 'B', 'a', 'é', 'Z', '']",
            "[3, 1.5, True, -2, 1.0, 1]",
            "[3, 'a', 1]",
            "[None, 1]",
            "[(0, 'x', 1), (0, 'x', 'y')]",
            "[{'k': 2}, {'k': 1}]",
            "[True, False, 0, 1, 0.0]",
            "[float('nan'), 1.0, 0.5]",
            "{'b': 1, 'a': 2}",
            "[{1, 2}, {1}]",
            "[b'b', b'a']",
        ]);
        let how = self.pick(&[
            "",
            ", reverse=True",
            ", key=str",
            ", key=lambda p: p[0]",
            ", key=lambda p: p[0], reverse=True",
            ", key=lambda p: p['k']",
            ", key=len",
            ", key=lambda p: (p[1], p[0])",
            ", key=repr, reverse=True",
        ]);
        let call = match self.below(6) {
            0 => format!("max({pairs}{})", how.replace(", reverse=True", "")),
            1 => format!("min({pairs}{})", how.replace(", reverse=True", "")),
            2 => format!("list(reversed(sorted({pairs}{how})))"),
            _ => format!("sorted({pairs}{how})"),
        };
        self.guarded(&value, &format!("{value} = {call}\n"))
    }
}

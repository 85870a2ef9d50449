//! Classes, enumerations and dataclasses.

use super::{Maker, Type, put};

impl Maker {
    pub(super) fn classes(&mut self) -> String {
        let (class, value) = (self.name("C"), self.name("v"));
        let (one, items) = (self.of(Type::Int, 1), self.of(Type::Ints, 1));
        let base = self.pick(&[
            "class C:\n    kind = 'base'\n    shared = []\n    def __init__(self, n, name='x'):\n        self.n = n\n        self.name = name\n    def twice(self):\n        return self.n * 2\n    @property\n    def label(self):\n        return f'{self.kind}:{self.n}'\n    @staticmethod\n    def add(a, b=1):\n        return a + b\n    @classmethod\n    def make(cls, n):\n        return cls(n, name=cls.kind)\n    def __eq__(self, other):\n        return isinstance(other, C) and self.n == other.n\n    def __repr__(self):\n        return f'C({self.n!r})'\n",
            "class C:\n    kind = 'plain'\n    shared = []\n    def __init__(self, n):\n        self.n = n\n    def twice(self):\n        return [self.n, self.n]\n    label = 'fixed'\n    make = classmethod(lambda cls, n: cls(n))\n    add = staticmethod(lambda a: a)\n    def __str__(self):\n        return 'str'\n    def __len__(self):\n        return 0\n    def __getitem__(self, i):\n        return i * 2\n",
            "class C(object):\n    kind = 'third'\n    shared = {}\n    def __init__(self, *a, **k):\n        self.n = a[0] if a else k\n    def twice(self):\n        return self.kind * 2\n    @property\n    def label(self):\n        return self._label\n    @label.setter\n    def label(self, to):\n        self._label = to\n    def __getattr__(self, name):\n        return 'missing ' + name\n    def __bool__(self):\n        return False\n    def __contains__(self, x):\n        return x == 1\n    def __call__(self, x):\n        return x + 1\n    def __hash__(self):\n        return 1\n    def __lt__(self, other):\n        return self.n < other.n\n    def __add__(self, other):\n        return (self.n, other)\n    def __iter__(self):\n        return iter([1, 2])\n",
        ]);
        let derived = self.pick(&[
            "class D(C):\n    pass\n",
            "class D(C):\n    kind = 'derived'\n    def twice(self):\n        return ('d', super().twice())\n",
            "class D(C):\n    def __init__(self, n):\n        super().__init__(n)\n        self.extra = self.twice()\n",
            "class M:\n    kind = 'mixin'\n    def twice(self):\n        return 'mixin'\nclass D(M, C):\n    pass\n",
            "class A(C):\n    def twice(self):\n        return ['A'] + [super().twice()]\nclass B(C):\n    def twice(self):\n        return ['B'] + [super().twice()]\nclass D(A, B):\n    pass\n",
            "class D(C):\n    @property\n    def label(self):\n        return 'own'\n    @classmethod\n    def make(cls, n):\n        return [cls.__name__, super().make(n)]\n",
        ]);
        let used = self.pick(&[
            "[D(1).twice(), D(ONE).n]",
            "[C(ONE).label, D(2).label, C.kind, D.kind]",
            "[C.add(1), D(1).add(5)]",
            "[C.make(ONE), D.make(2)]",
            "[C(1) == C(1), C(1) != D(1), C(1) == 1, C(ONE) is C(ONE)]",
            "[str(D(1)), repr(C(1))[:5], f'{C(2)}'[:6]]",
            "(lambda a, b: (a.shared.append(1) if C.shared == [] else 0, b.shared, C.shared))(C(1), D(2))",
            "(lambda a: (setattr(a, 'kind', 'own'), a.kind, C.kind, vars(a)))(D(1))",
            "[isinstance(D(1), C), issubclass(D, C), isinstance(C(1), D), type(D(1)).__name__, D.__mro__[1].__name__]",
            "[bool(C(1)), len(C(1)), C(1)[3]]",
            "[getattr(C(1), 'n'), getattr(D(1), 'nope', 'default'), hasattr(C(1), 'twice'), hasattr(D(1), 'zzz')]",
            "[C(1).nope]",
            "[C(5) if C(0) else 'false', not D(0)]",
            "[D(1) in [C(1)], 1 in C(1)]",
            "sorted([C(3), C(1)])[0].n",
            "[C(1) + 2, list(C(1))]",
            "{C(1): 'a'}[C(1)]",
            "[C(1)(2), C.twice(C(ONE))]",
            "[x.n for x in map(C, ITEMS)]",
            "(lambda a: [setattr(a, 'label', 5), a.label])(C(1))",
            "[D(n=1).n]",
            "[C().n, D(1, 2, 3).n]",
            "[C.__name__, D.__bases__[0].__name__, C(1).__class__.__name__, C.twice.__name__]",
        ]);
        let names = ["C", "D", "M", "A", "B"].map(|name| (name, format!("{name}_{class}")));
        let mut values: Vec<(&str, &str)> = names.iter().map(|(a, b)| (*a, &**b)).collect();
        values.extend([("ONE", &*one), ("ITEMS", &*items)]);
        let called = self.guarded(&value, &put(&format!("{value} = {used}\n"), &values));
        put(&format!("{base}{derived}"), &values) + &called
    }

    pub(super) fn enums(&mut self) -> String {
        let (class, value) = (self.name("E"), self.name("v"));
        let text = self.pick(&[
            "class E(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n    def shout(self):\n        return self.value.upper()\n",
            "class E(str, enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n    def __str__(self):\n        return self.value\n",
            "class E(str, enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n",
            "class E(enum.IntEnum):\n    RED = 1\n    BLUE = 2\n",
            "class E(enum.Enum):\n    RED = enum.auto()\n    BLUE = enum.auto()\n    CRIMSON = RED\n",
            "class E(enum.Enum):\n    RED = (1, 'r')\n    BLUE = (2, 'b')\n    def __init__(self, n, code):\n        self.n = n\n        self.code = code\n",
            "E = enum.Enum('E', 'RED BLUE')\n",
            "E = enum.Enum('E', {'RED': 'red', 'BLUE': 5})\n",
            "class E(enum.Flag):\n    RED = 1\n    BLUE = 2\n",
            "class E(enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n    ALSO = 'red'\n    _ignore_ = []\n    @classmethod\n    def values(cls):\n        return [x.value for x in cls]\n    @property\n    def short(self):\n        return self.name[0]\n",
            "class E(enum.StrEnum):\n    RED = enum.auto()\n    BLUE = 'b'\n",
        ]);
        let used = self.pick(&[
            "[x.value for x in E]",
            "[x.name for x in E]",
            "[E.RED, E.BLUE]",
            "[E.RED == E.RED, E.RED is E.RED, E.RED == E.BLUE, E.RED != E.BLUE]",
            "[E.RED == 'red', E.RED == 1, 'red' == E.RED]",
            "[str(E.RED), f'{E.RED}', '%s' % E.RED, repr(E.BLUE)]",
            "[E('red').name]",
            "[E(1), E['BLUE']]",
            "[E('nope')]",
            "[E['NOPE']]",
            "list(E)",
            "len(E)",
            "list(E.__members__)",
            "[E.RED.shout()]",
            "[E.RED.value + 'x', E.RED.name + 'y']",
            "[isinstance(E.RED, E), isinstance(E.RED, str), isinstance(E.RED, int), type(E.RED).__name__]",
            "E.RED in [E.BLUE, E.RED]",
            "{E.RED: 1, E.BLUE: 2}[E.BLUE]",
            "[E.values(), E.RED.short]",
            "[E.RED.n, E.BLUE.code]",
            "sorted(E, key=lambda e: e.name)[0].name",
            "json.dumps({'a': E.RED})",
            "[E.CRIMSON is E.RED, E.RED.value]",
            "[e.value for e in E if e != E.RED]",
            "','.join(E)",
            "[E.RED < E.BLUE, E.RED + 1]",
            "[E.RED | E.BLUE]",
            "[bool(E.RED), hash(E.RED) == hash(E.RED)]",
            "tuple(x.value for x in E.__members__.values())",
            "[E.RED.upper(), E.RED.replace('r', 'x')]",
            "'x' + E.RED",
        ]);
        let values = [("E", &*class)];
        let called = self.guarded(&value, &put(&format!("{value} = {used}\n"), &values));
        put(text, &values) + &called
    }

    pub(super) fn data_classes(&mut self) -> String {
        let (class, value) = (self.name("K"), self.name("v"));
        let one = self.of(Type::Int, 1);
        let text = self.pick(&[
            "@dataclasses.dataclass\nclass K:\n    a: int\n    b: str = 'x'\n",
            "@dataclasses.dataclass(frozen=True)\nclass K:\n    a: int\n    b: str = 'x'\n    def both(self):\n        return (self.a, self.b)\n",
            "@dataclasses.dataclass\nclass K:\n    a: int\n    b: list = dataclasses.field(default_factory=list)\n    def __post_init__(self):\n        self.c = [self.a]\n",
            "K = collections.namedtuple('K', 'a b')\n",
            "K = collections.namedtuple('K', ['a', 'b'], defaults=['x'])\n",
            "import typing\nclass K(typing.NamedTuple):\n    a: int\n    b: str = 'x'\n",
        ]);
        let used = self.pick(&[
            "[K(1).a, K(1).b]",
            "[K(a=ONE, b='y').b]",
            "[K(1, 'z').a, K(ONE, 'z').b]",
            "[K(1) == K(1), K(1, 'y') == K(1, 'z')]",
            "repr(K(1, 'q'))",
            "[K(1).both()]",
            "[K()]",
            "[K(1, 2, 3)]",
            "[K(1, nope=2)]",
            "[K(1).b is K(1).b, K(1).b]",
            "(lambda k: (setattr(k, 'a', 5), k.a))(K(1))",
            "[K(1).c]",
            "K(1, 2)[0]",
            "(lambda a, b: [b, a])(*K(1, 2))",
            "[x for x in K(3, 4)]",
            "K(1, 2)._asdict()",
            "K(1, 2)._replace(a=7).a",
            "dataclasses.asdict(K(1, 'w'))",
            "[isinstance(K(1, 2), tuple), len(K(1, 2))]",
            "K(1, 2) == (1, 2)",
        ]);
        let values = [("K", &*class), ("ONE", &one)];
        let called = self.guarded(&value, &put(&format!("{value} = {used}\n"), &values));
        put(text, &values) + &called
    }
}

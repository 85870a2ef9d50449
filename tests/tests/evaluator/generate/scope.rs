//! Which names are seen where, and when they are bound.

use super::{Maker, Type, put};

impl Maker {
    pub(super) fn scopes(&mut self) -> String {
        let (name, value) = (self.name("g"), self.name("v"));
        let (one, items) = (self.of(Type::Int, 1), self.of(Type::Ints, 1));
        let text = self.pick(&[
            // A name that a function assigns anywhere is its own everywhere.
            "G = ONE\ndef G_f():\n    y = G\n    G = 2\n    return y\nV = G_f()\n",
            "G = ONE\ndef G_f(flag):\n    if flag:\n        G = 2\n    return G\nV = G_f(True)\nV = [V, G_f(False)]\n",
            "G = ONE\ndef G_f():\n    for G in ITEMS:\n        pass\n    return G\nV = (G_f(), G)\n",
            "G = ONE\ndef G_f():\n    G += 1\n    return G\nV = G_f()\n",
            "G = ONE\ndef G_f():\n    global G\n    G += 1\n    return G\nV = (G_f(), G)\n",
            "G = ONE\ndef G_f():\n    import textwrap as G\n    return 1\nV = (G_f(), G)\n",
            "G = ONE\ndef G_f():\n    def g():\n        return G\n    V = g()\n    G = 3\n    return V\nV = G_f()\n",
            // A comprehension has names of its own, but not of those that it assigns.
            "G = ONE\nV = [G for G in ITEMS]\nV = (V, G)\n",
            "V = [(G := x) for x in ITEMS]\nV = (V, G)\n",
            "def G_f():\n    any((G := x) > 1 for x in ITEMS)\n    return G\nV = G_f()\n",
            "G = 2\nV = [x * G for x in ITEMS if x != G]\n",
            "V = [[x for x in range(y)] for y in range(3)]\ntry:\n    V.append(x_unbound)\nexcept NameError:\n    V.append('unbound')\n",
            // The names of a class body are not seen from inside of it.
            "G = 'global'\nclass G_C:\n    G = 'class'\n    copy = G\n    def f(self):\n        return G\nV = (G_C.copy, G_C().f(), G_C.G)\n",
            "class G_C:\n    n = 2\n    items = ITEMS\n    first = [x for x in items]\n    try:\n        second = [n for x in items]\n    except NameError:\n        second = 'unseen'\nV = (G_C.first, G_C.second)\n",
            "G = ONE\ndel G\ntry:\n    V = G\nexcept NameError:\n    V = 'deleted'\n",
            "def G_f():\n    G = 1\n    del G\n    return G\nV = G_f()\n",
            "G = ONE\ndef G_f(G=G):\n    return G\nG = 99\nV = G_f()\n",
            "G = [ONE]\ndef G_f():\n    G.append(2)\n    return G\nV = G_f() is G\n",
            "def G_f():\n    G = 1\n    class C:\n        G = G_f.__name__\n        def m(self):\n            return G\n    return C().m(), C.G\nV = G_f()\n",
            "for G in ITEMS:\n    V = G\nV = G\n",
            "if ITEMS:\n    G = 1\nelse:\n    G_other = 2\nV = G\n",
            "len = lambda x: 'mine'\nV = len(ITEMS)\ndel len\nV = [V, len(ITEMS)]\n",
            "def G_f():\n    V = sum\n    sum = 1\n    return V\nV = G_f()\n",
            "def G_f(list):\n    return list\nV = G_f(ONE)\n",
            "x = ONE\nG = lambda: x\nx = 5\nV = (G(), [x for x in 'ab'], x)\n",
            "def G_f():\n    try:\n        return G_later\n    except NameError:\n        return 'not yet'\nV = [G_f()]\nG_later = 1\nV.append(G_f())\n",
        ]);
        let values = [("G", &*name), ("V", &value), ("ONE", &one), ("ITEMS", &items)];
        self.guarded(&value, &put(text, &values))
    }
}

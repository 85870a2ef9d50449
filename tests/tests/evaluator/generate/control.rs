//! Loops, exceptions and `with`.

use super::{Maker, Type, indented};

impl Maker {
    pub(super) fn loops(&mut self) -> String {
        let (out, items) = (self.name("v"), self.of(Type::Ints, 2));
        let (first, second) = (self.small(), self.small());
        let otherwise = self.pick(&["", "else:\n    OUT.append('else')\n"]);
        let leave = self.pick(&["break", "continue", "pass"]);
        let body = match self.below(8) {
            0 => format!(
                "for x in {items}:\n    if x > {first}:\n        {leave}\n    OUT.append(x)\n{otherwise}OUT.append(x)\n"
            ),
            1 => format!(
                "n = {first}\nwhile n < 6:\n    n += 1\n    if n == {second}:\n        {leave}\n    OUT.append(n)\n{otherwise}"
            ),
            2 => format!(
                "for i, x in enumerate({items}):\n    for y in 'ab':\n        if i == {first}:\n            {leave}\n        OUT.append((x, y))\n    else:\n        OUT.append(i)\n{otherwise}"
            ),
            3 => format!(
                "for k, v in ({}).items():\n    OUT.append(f'{{k}}={{v}}')\n{otherwise}",
                self.of(Type::Dict, 2)
            ),
            4 => format!(
                "n = 0\nwhile True:\n    n += 1\n    try:\n        if n == 3:\n            break\n        if n == 1:\n            continue\n    finally:\n        OUT.append(n)\n{otherwise}"
            ),
            5 => format!(
                "for x in {items}:\n    try:\n        OUT.append(10 // x)\n    except ZeroDivisionError:\n        {leave}\n    else:\n        OUT.append('ok')\n{otherwise}"
            ),
            6 => {
                let step = self.pick(&["1", "2", "-1"]);
                format!(
                    "for x in range({first}, {second}, {step}):\n    OUT += [x]\n{otherwise}for x in ():\n    OUT.append('never')\nelse:\n    OUT.append('empty')\n"
                )
            }
            _ => format!(
                "for x in {items}:\n    OUT.append(x)\n    for x in 'pq':\n        pass\n    OUT.append(x)\n    {leave}\n"
            ),
        };
        let body = format!("{out} = []\n{}", body.replace("OUT", &out));
        self.guarded(&out, &body)
    }

    pub(super) fn exceptions(&mut self) -> String {
        let (function, value, log) = (self.name("f"), self.name("v"), self.name("v"));
        let of = self.pick(&[Type::Int, Type::Str, Type::Ints]);
        let risky = match self.below(3) {
            0 => self.of(of, 1),
            1 => "(1, 2)[x]".to_owned(),
            _ => "{'a': 10 // x}['a' if x < 5 else 'b']".to_owned(),
        };
        let raise = self.pick(&[
            "raise ValueError('bad', x)",
            "raise KeyError(x)",
            "raise RuntimeError from None",
            "raise LookupError('lost') from ValueError(1)",
            "assert x, f'no {x}'",
            "raise",
            "return 'inner'",
            "pass",
            "raise Exception",
        ]);
        let body = match self.below(9) {
            0 => format!(
                "try:\n    return {risky}\nexcept ZeroDivisionError:\n    return 'zero'\nfinally:\n    LOG.append('finally')\n"
            ),
            1 => format!(
                "try:\n    y = {risky}\n    {raise}\nexcept (KeyError, IndexError) as e:\n    LOG.append(type(e).__name__)\n    return e.args\nexcept ValueError as e:\n    LOG.append(str(e))\n    raise TypeError('again') from e\nelse:\n    LOG.append('else')\n    return y\n"
            ),
            2 => format!(
                "for i in range(3):\n    try:\n        if i == x:\n            {raise}\n        LOG.append(i)\n    except Exception:\n        LOG.append('except')\n        continue\n    finally:\n        LOG.append('f')\nreturn len(LOG)\n"
            ),
            3 => format!(
                "try:\n    {raise}\nfinally:\n    LOG.append('cleanup')\n    {}\nreturn 'end'\n",
                self.pick(&["return 'finally'", "pass", "x = 1"])
            ),
            4 => format!(
                "try:\n    try:\n        {raise}\n    except KeyError as e:\n        LOG.append(repr(e))\n        raise\n    LOG.append('inner done')\nexcept LookupError:\n    LOG.append('outer')\nexcept Exception as e:\n    return type(e).__name__\nreturn x\n"
            ),
            5 => "class Own(ValueError):\n    def __init__(self, code):\n        super().__init__('code %s' % code)\n        self.code = code\nclass Sub(Own):\n    pass\ntry:\n    raise Sub(x)\nexcept Own as e:\n    LOG.append(str(e))\n    return (e.code, isinstance(e, ValueError), type(e).__name__)\n".to_owned(),
            6 => "try:\n    LOG.append(1)\n    return LOG\nfinally:\n    LOG.append(2)\n".to_owned(),
            7 => format!(
                "e = 'before'\ntry:\n    {raise}\nexcept Exception as e:\n    LOG.append('caught')\ntry:\n    return e\nexcept NameError:\n    return 'unbound'\n"
            ),
            _ => format!(
                "with contextlib.suppress({}):\n    LOG.append('in')\n    {raise}\n    LOG.append('after')\nreturn 'out'\n",
                self.pick(&["ValueError", "KeyError, ValueError", "Exception", "LookupError"])
            ),
        };
        let call = self.small();
        let called = self.guarded(&value, &format!("{value} = {function}({call})\n"));
        let body = body.replace("LOG", &log);
        format!("{log} = []\ndef {function}(x):\n{}{called}", indented(&body))
    }

    pub(super) fn with(&mut self) -> String {
        let (class, out, value) = (self.name("C"), self.name("v"), self.name("v"));
        let quiet = self.pick(&["False", "True", "None", "kind is ValueError", "kind is not None"]);
        let inside = self.pick(&[
            "OUT.append(it)",
            "raise ValueError('inside')",
            "OUT.append(1 // 0)",
            "return 'returned'",
            "OUT.append(it); raise KeyError",
        ]);
        let manager = match self.below(2) {
            0 => format!(
                "class {class}:\n    def __init__(self, name='m'):\n        self.name = name\n    def __enter__(self):\n        OUT.append('enter ' + self.name)\n        return self.name\n    def __exit__(self, kind, error, trace):\n        OUT.append('exit')\n        return {quiet}\n"
            ),
            _ => format!(
                "@contextlib.contextmanager\ndef {class}(name='m'):\n    OUT.append('enter')\n    try:\n        yield name\n    except {}:\n        OUT.append('caught')\n    {}:\n        OUT.append('exit')\n",
                self.pick(&["ValueError", "ZeroDivisionError", "(KeyError, ValueError)"]),
                self.pick(&["finally", "else"]),
            ),
        };
        let managers = match self.below(4) {
            0 => format!("{class}() as it, {class}('second') as two"),
            1 => format!("{class}()"),
            2 => format!("contextlib.nullcontext(7) as it, {class}('n')"),
            _ => format!("{class}('x') as it"),
        };
        let function = self.name("f");
        let text = format!(
            "{out} = []\n{manager}def {function}(it=0):\n    with {managers}:\n        {inside}\n    OUT.append('after')\n    return it\n"
        );
        let called = self.guarded(&value, &format!("{value} = {function}()\n"));
        text.replace("OUT", &out) + &called
    }
}

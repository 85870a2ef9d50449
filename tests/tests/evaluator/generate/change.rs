//! Changes of lists, dictionaries and sets that have two names, and unpacking.

use super::{Maker, Type};

impl Maker {
    /// A container of two names, changed a few times through either.
    fn changed(&mut self, of: Type, change: fn(&mut Self, &str) -> String) -> String {
        let (name, alias) = (self.name("v"), self.name("v"));
        let mut body = format!("{name} = {}\n{alias} = {name}\n", self.of(of, 1));
        for _ in 0..self.rng.usize(1..5) {
            let to = if self.once_in(2) { &name } else { &alias };
            body.push_str(&change(self, to));
        }
        let text = self.guarded(&name, &body);
        self.bound(&name, of);
        let same = self.name("v");
        format!(
            "{text}try:\n    {same} = ({alias} is {name}, {alias} == {name})\nexcept NameError:\n    {same} = None\n"
        )
    }

    pub(super) fn list_changes(&mut self) -> String {
        self.changed(Type::Ints, |it, list| {
            let (value, at, slice) = (it.of(Type::Int, 1), it.small(), it.slice());
            match it.below(23) {
                0 => format!("{list}.append({value})\n"),
                1 => format!("{list}.extend({})\n", it.of(Type::Ints, 1)),
                2 => format!("{list}.insert({at}, {value})\n"),
                3 => {
                    let name = it.name("v");
                    format!("{name} = {list}.pop({})\n", it.pick(&["", "0", "-1", "1", "7"]))
                }
                4 => format!("{list}.remove({value})\n"),
                5 => format!("{list}.reverse()\n"),
                6 => {
                    let how = it.pick(&["", "reverse=True", "key=abs", "key=lambda x: x % 3"]);
                    format!("{list}.sort({how})\n")
                }
                7 => format!("{list}.clear()\n"),
                8 => {
                    let more = it.pick(&["[9]", "(8, 7)", "'ab'", "range(2)", "{'k': 1}", "5"]);
                    format!("{list} += {more}\n")
                }
                9 => format!("{list} *= {}\n", it.pick(&["2", "0", "1"])),
                10 => format!("{list}[{at}] = {value}\n"),
                11 => format!("{list}[{at}] += {value}\n"),
                12 => format!("del {list}[{at}]\n"),
                13 => format!("{list}[{slice}] = {}\n", it.of(Type::Ints, 1)),
                14 => format!("del {list}[{slice}]\n"),
                15 => format!("{list} = {list} + [{value}]\n"),
                16 => format!("{list}.append({list}[{at}])\n"),
                17 => format!("{list}[0], {list}[-1] = {list}[-1], {list}[0]\n"),
                18 => {
                    format!("for x in {list}:\n    if len({list}) < 8:\n        {list}.append(x)\n")
                }
                19 => format!("for x in {list}:\n    {list}.remove(x)\n"),
                20 => format!("for x in list({list}):\n    {list}.append(x)\n"),
                21 => {
                    let at = it.name("_f");
                    format!(
                        "def {at}():\n    {list}.append(1)\n    return 0\n{list}[{at}()] += 1\n"
                    )
                }
                _ => format!("{list}.insert(0, {list}.pop())\n"),
            }
        })
    }

    pub(super) fn dict_changes(&mut self) -> String {
        self.changed(Type::Dict, |it, dict| {
            let (key, value, new) = (it.word(), it.of(Type::Int, 1), it.name("v"));
            match it.below(18) {
                0 => format!("{dict}[{key}] = {value}\n"),
                1 => format!("{dict}[{key}] += {value}\n"),
                2 => format!("del {dict}[{key}]\n"),
                3 => format!("{new} = {dict}.pop({key})\n"),
                4 => format!("{new} = {dict}.pop({key}, {value})\n"),
                5 => format!("{new} = {dict}.setdefault({key}, {value})\n"),
                6 => format!("{dict}.setdefault('list', []).append({value})\n"),
                7 => format!("{dict}.update({})\n", it.of(Type::Dict, 1)),
                8 => format!("{dict}.update({}={value})\n", it.pick(&["a", "new"])),
                9 => format!("{dict}.update([({key}, {value})])\n"),
                10 => format!("{new} = {dict}.popitem()\n"),
                11 => format!("{dict} |= {}\n", it.of(Type::Dict, 1)),
                12 => format!("{new} = {dict}.keys()\n{dict}[{key}] = 1\n{new} = list({new})\n"),
                13 => format!(
                    "{new} = {dict}.items()\n{dict}.pop({key}, None)\n{new} = sorted(map(repr, {new}))\n"
                ),
                14 => format!("for k in {dict}:\n    {dict}[k] = {value}\n"),
                15 => format!("for k in {dict}:\n    {dict}[str(k) + 'x'] = {value}\n"),
                16 => format!("for k, v in list({dict}.items()):\n    {dict}[v] = k\n"),
                _ => format!(
                    "{new} = [{dict}.get({key}), {key} in {dict}, len({dict}), {dict}.keys() == {{'a'}}]\n"
                ),
            }
        })
    }

    pub(super) fn set_changes(&mut self) -> String {
        self.changed(Type::Set, |it, set| {
            let (value, other) = (it.of(Type::Int, 1), it.of(Type::Set, 1));
            match it.below(12) {
                0 => format!("{set}.add({value})\n"),
                1 => format!("{set}.discard({value})\n"),
                2 => format!("{set}.remove({value})\n"),
                3 => format!("{set}.update({})\n", it.of(Type::Ints, 1)),
                4 => format!("{set} |= {other}\n"),
                5 => format!("{set} -= {other}\n"),
                6 => format!("{set} &= {other}\n"),
                7 => format!("{set} ^= {other}\n"),
                8 => format!("{set}.clear()\n"),
                9 => {
                    let name = it.pick(&[
                        "difference_update",
                        "intersection_update",
                        "symmetric_difference_update",
                    ]);
                    format!("{set}.{name}({other})\n")
                }
                10 => format!("{set}.add([1])\n"),
                _ => format!("{set} = {set} | {{{value}}}\n"),
            }
        })
    }

    pub(super) fn unpacking(&mut self) -> String {
        let (a, b, c) = (self.name("v"), self.name("v"), self.name("v"));
        let value = match self.below(5) {
            0 => self.of(Type::Ints, 2),
            1 => self.of(Type::Tuple, 2),
            2 => self.of(Type::Str, 1),
            3 => format!("{{1: 2, 'a': 3, {}: 0}}", self.word()),
            _ => format!("({}, {}, None)", self.of(Type::Int, 1), self.of(Type::Str, 1)),
        };
        let body = match self.below(10) {
            0 => format!("{a}, {b} = {value}\n"),
            1 => format!("{a}, *{b} = {value}\n"),
            2 => format!("*{a}, {b} = {value}\n"),
            3 => format!("{a}, *{b}, {c} = {value}\n"),
            4 => format!("[{a}, {b}, {c}] = {value}\n"),
            5 => format!("({a}, {b}), {c} = ({value}, 1)\n"),
            6 => format!("{a} = {b} = {value}\n"),
            7 => format!("for {a}, ({b}, {c}) in [(1, (2, 3)), ({value}, 'xy')]:\n    pass\n"),
            8 => format!("{a}, {b} = 1, 2\n{a}, {b} = {b}, {a}\n"),
            _ => format!("{c} = [0, 0]\n{a} = 0\n{a}, {c}[{a}] = 1, {value}\n"),
        };
        self.guarded(&a, &body)
    }
}

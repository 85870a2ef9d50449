//! Random programs in the Python that migrations contain: snippets one after the other, each of a named
//! kind, that leave values in names of their own and use those of the snippets before.

mod change;
mod class;
mod container;
mod control;
mod format;
mod function;
mod library;
mod number;
mod scope;
mod text;

use fastrand::Rng;

/// What a name of a program holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Type {
    Int,
    Float,
    Bool,
    Str,
    Bytes,
    /// A list of integers.
    Ints,
    /// A list of strings.
    Strs,
    /// A dictionary from strings to integers.
    Dict,
    Tuple,
    /// A set of integers.
    Set,
    /// Anything.
    Any,
}

/// Some lines that stand for themselves beside what they use of the snippets before.
#[derive(Clone, Debug)]
pub(crate) struct Snippet {
    /// What it tries.
    pub(crate) kind: &'static str,
    /// Its lines.
    pub(crate) text: String,
}

/// The program of a seed.
pub(crate) fn program(seed: u64) -> Vec<Snippet> {
    let mut maker = Maker { rng: Rng::with_seed(seed), names: Vec::new(), fresh: 0 };
    let many = maker.rng.usize(3..9);
    (0..many).map(|_| maker.snippet()).collect()
}

/// The text of a program.
pub(crate) fn text(program: &[Snippet]) -> String {
    let mut text = String::from(HEAD);
    for snippet in program {
        text.push_str(&snippet.text);
    }
    text
}

/// The line of a program on which its first snippet begins, counted from one.
pub(crate) fn first_line() -> usize {
    HEAD.lines().count() + 1
}

const HEAD: &str = "import collections\nimport contextlib\nimport copy\nimport dataclasses\nimport enum\nimport functools\nimport itertools\nimport json\nimport operator\nimport re\nimport textwrap\n";

type Make = fn(&mut Maker, u32) -> String;
type MakeSnippet = fn(&mut Maker) -> String;

/// Makes a program.
pub(crate) struct Maker {
    rng: Rng,
    /// Names bound so far at the top level.
    names: Vec<(String, Type)>,
    fresh: usize,
}

impl Maker {
    fn below(&mut self, bound: usize) -> usize {
        self.rng.usize(0..bound)
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn make(&mut self, of: &[Make], depth: u32) -> String {
        let make = self.pick(of);
        make(self, depth.saturating_sub(1))
    }

    /// A name that was not used before.
    fn name(&mut self, stem: &str) -> String {
        self.fresh += 1;
        format!("{stem}{}", self.fresh)
    }

    /// A name of the type, bound before.
    fn known(&mut self, of: Type) -> Option<String> {
        let all: Vec<String> =
            self.names.iter().filter(|(_, is)| *is == of).map(|(name, _)| name.clone()).collect();
        (!all.is_empty()).then(|| all[self.below(all.len())].clone())
    }

    /// Remembers that a name is bound.
    fn bound(&mut self, name: &str, to: Type) {
        self.names.push((name.to_owned(), to));
    }

    /// An expression of the type.
    fn of(&mut self, of: Type, depth: u32) -> String {
        // What is of another type raises, or does not.
        if depth > 0 && self.once_in(60) {
            return self.any(depth - 1);
        }
        if self.once_in(5)
            && let Some(name) = self.known(of)
        {
            return name;
        }
        match of {
            Type::Int => self.int(depth),
            Type::Float => self.float(depth),
            Type::Bool => self.truth(depth),
            Type::Str => self.str(depth),
            Type::Bytes => self.bytes(depth),
            Type::Ints => self.ints(depth),
            Type::Strs => self.strs(depth),
            Type::Dict => self.dict(depth),
            Type::Tuple => self.tuple(depth),
            Type::Set => self.set(depth),
            Type::Any => self.any(depth),
        }
    }

    fn any_type(&mut self) -> Type {
        self.pick(&[
            Type::Int,
            Type::Float,
            Type::Bool,
            Type::Str,
            Type::Bytes,
            Type::Ints,
            Type::Strs,
            Type::Dict,
            Type::Tuple,
            Type::Set,
        ])
    }

    fn any(&mut self, depth: u32) -> String {
        match self.below(8) {
            0 => "None".to_owned(),
            1 if depth > 0 => {
                let (one, two) = (self.any(depth - 1), self.any(depth - 1));
                let operator = self.pick(&["+", "*", "-", "%", "/", "//", "|", "&", "and", "or"]);
                format!("({one} {operator} {two})")
            }
            _ => {
                let of = self.any_type();
                self.of(of, depth)
            }
        }
    }

    fn snippet(&mut self) -> Snippet {
        const KINDS: &[(&str, MakeSnippet)] = &[
            ("integers", |it| it.assign(Type::Int)),
            ("floats", |it| it.assign(Type::Float)),
            ("truth", |it| it.assign(Type::Bool)),
            ("strings", |it| it.assign(Type::Str)),
            ("strings", |it| it.assign(Type::Str)),
            ("formats", Maker::formats),
            ("formats", Maker::formats),
            ("bytes", |it| it.assign(Type::Bytes)),
            ("lists", |it| it.assign(Type::Ints)),
            ("lists", |it| it.assign(Type::Strs)),
            ("dictionaries", |it| it.assign(Type::Dict)),
            ("tuples", |it| it.assign(Type::Tuple)),
            ("sets", |it| it.assign(Type::Set)),
            ("mixed", |it| it.assign(Type::Any)),
            ("list changes", Maker::list_changes),
            ("dictionary changes", Maker::dict_changes),
            ("set changes", Maker::set_changes),
            ("unpacking", Maker::unpacking),
            ("loops", Maker::loops),
            ("loops", Maker::loops),
            ("exceptions", Maker::exceptions),
            ("exceptions", Maker::exceptions),
            ("with", Maker::with),
            ("functions", Maker::functions),
            ("arguments", Maker::call_arguments),
            ("closures", Maker::closures),
            ("scopes", Maker::scopes),
            ("iterators", Maker::iterators),
            ("generators", Maker::generators),
            ("classes", Maker::classes),
            ("classes", Maker::classes),
            ("enums", Maker::enums),
            ("dataclasses", Maker::data_classes),
            ("library", Maker::libraries),
            ("sorting", Maker::sorting),
        ];
        let (kind, make) = self.pick(KINDS);
        Snippet { kind, text: make(self) }
    }

    /// `name = expression`, mostly with the exceptions that it may raise told apart.
    fn assign(&mut self, of: Type) -> String {
        let depth = self.pick(&[1, 2, 2, 3]);
        let value = self.of(of, depth);
        let name = self.name("v");
        let text = self.guarded(&name, &format!("{name} = {value}\n"));
        self.bound(&name, of);
        text
    }

    /// Statements that bind `name`, in a `try` whose handlers bind it too.
    fn guarded(&mut self, name: &str, body: &str) -> String {
        if self.once_in(20) {
            return body.to_owned();
        }
        let handlers = self.pick(&[
            "except ZeroDivisionError:\n    N = ('division',)\nexcept (IndexError, KeyError):\n    N = ('lookup',)\nexcept ValueError:\n    N = ('value',)\nexcept TypeError:\n    N = ('type',)\nexcept Exception:\n    N = ('other',)\n",
            "except LookupError:\n    N = ('lookup',)\nexcept ArithmeticError:\n    N = ('arithmetic',)\nexcept (ValueError, TypeError):\n    N = ('bad',)\nexcept Exception as error:\n    N = ('other',)\n",
            "except Exception as error:\n    N = (type(error).__name__,)\n",
        ]);
        format!("try:\n{}{}", indented(body), handlers.replace('N', name))
    }
}

/// A template with values in place of its placeholders: words that are a placeholder, or begin with one and
/// an underscore.
fn put(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(first) = rest.chars().next() {
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let end = match is_word(first) {
            true => rest.find(|char| !is_word(char)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        let (stem, tail) = word.split_at(word.find('_').unwrap_or(word.len()));
        match values.iter().find(|(name, _)| *name == stem) {
            Some((_, value)) => out.extend([*value, tail]),
            None => out.push_str(word),
        }
        rest = after;
    }
    out
}

/// The lines one level deeper.
fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("    {line}\n")).collect()
}

//! Strings made by the three ways to format.

use super::{Maker, Type};

const SPECS: &[&str] = &[
    "", "5", ">5", "<5", "^7", "*^9", "05", "+", "+5", " ", "d", "05d", "x", "#x", "X", "#o", "b",
    "#010b", ",", "_", ",.2f", ".2f", ".0f", "8.3f", "08.2f", "+.1f", "e", ".3e", "g", ".3g", "%",
    ".1%", "s", ".2", ".3s", ">8.2s", "=+6", "n", "c", "#b", "_x", "<08", "0>4", "é^5", "1", "-",
    ".0%", "G", "010,", "z", "!r", "#.3g",
];

const PERCENTS: &[&str] = &[
    "%s", "%r", "%d", "%i", "%5d", "%-5d|", "%05d", "%+d", "% d", "%x", "%X", "%#x", "%o", "%f",
    "%.2f", "%8.3f", "%e", "%g", "%s%%", "%5s", "%-5s|", "%.2s", "%c", "%a", "%5.1s", "%.3d",
    "%08.2f", "%-08d|", "%ld", "%u", "%z", "%", "%%",
];

const FIELDS: &[&str] = &[
    "{0[0]}", "{0[a]}", "{0.real}", "{x[b]}", "{0:{1}}", "{:{w}}", "{0} {}", "{2}", "{nope}", "{",
    "}", "{0!x}", "{}{}{}", "{0:>{1}}", "{:>{w}}", "{x}",
];

impl Maker {
    pub(super) fn formats(&mut self) -> String {
        let name = self.name("v");
        let value = self.formatted(2);
        let text = self.guarded(&name, &format!("{name} = {value}\n"));
        self.bound(&name, Type::Str);
        text
    }

    pub(super) fn formatted(&mut self, depth: u32) -> String {
        let of = self.pick(&[
            Type::Int,
            Type::Str,
            Type::Float,
            Type::Any,
            Type::Bool,
            Type::Int,
            Type::Str,
        ]);
        let value = self.of(of, depth.min(1));
        match self.below(9) {
            0 | 1 => self.f_string(of, &value),
            2..=6 => self.brace_format(&value, depth),
            _ => self.percent_format(&value, depth),
        }
    }

    fn f_string(&mut self, of: Type, value: &str) -> String {
        // A quote, brace or backslash may not stand inside of the braces in every Python.
        let plain = !value.contains(['\'', '"', '\\', '{', '}', '\n', ':', '!', '=', '#']);
        let value = if plain { value.to_owned() } else { self.name_of(of) };
        let before = self.pick(&["", "x", "{{", "}}", "\\n", "é "]);
        let (spec, conversion) = (self.pick(SPECS), self.pick(&["", "", "", "!r", "!s", "!a"]));
        let colon = if spec.is_empty() { "" } else { ":" };
        match self.below(5) {
            0 => format!("f'{before}{{{value}={conversion}{colon}{spec}}}'"),
            1 => format!("f'{before}{{{value}:{{{}}}}}'", self.pick(&["8", "\">5\"", "3 + 4"])),
            2 => format!("(f'{before}{{ {value} }}' \"tail\" f\"{{{value}{conversion}}}\")"),
            _ => format!("f'{before}{{{value}{conversion}{colon}{spec}}}{before}'"),
        }
    }

    fn brace_format(&mut self, value: &str, depth: u32) -> String {
        let other = self.any_type();
        let second = self.of(other, depth.min(1));
        let (spec, conversion) = (self.pick(SPECS), self.pick(&["", "", "", "!r", "!s", "!a"]));
        let colon = if spec.is_empty() { "" } else { ":" };
        match self.below(5) {
            0 => format!("'{{{conversion}{colon}{spec}}} {{}}'.format({value}, {second})"),
            1 => format!("'{{1}} {{0{conversion}{colon}{spec}}}'.format({value}, {second})"),
            2 => format!("'{{n{colon}{spec}}}-{{o}}'.format(n={value}, o={second})"),
            3 => {
                let field = self.pick(FIELDS);
                format!("'{field}'.format({value}, {second}, x={{'b': 1}}, w=6)")
            }
            _ => format!("format({value}, '{spec}')"),
        }
    }

    fn percent_format(&mut self, value: &str, depth: u32) -> String {
        let other = self.any_type();
        let second = self.of(other, depth.min(1));
        let kind = self.pick(PERCENTS);
        match self.below(6) {
            0 => format!("('{kind} and %s' % ({value}, {second}))"),
            1 => {
                let rest = kind.get(1..).unwrap_or("s");
                format!("('%(a){rest} %(b)s' % {{'a': {value}, 'b': {second}}})")
            }
            2 => format!("('%*d|%-*s' % (5, {}, 4, {second}))", self.small()),
            3 => format!("('{kind}' % ({value},))"),
            _ => format!("('{kind}' % {value})"),
        }
    }

    /// A name of the type, or a literal without quotes.
    fn name_of(&mut self, of: Type) -> String {
        match self.known(of) {
            Some(name) => name,
            None => {
                self.pick(&["1", "-7", "2.5", "None", "True", "255", "[1, 2]", "(1,)"]).to_owned()
            }
        }
    }
}

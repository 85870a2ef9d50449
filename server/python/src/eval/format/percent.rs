//! The fields of a `%` format: `%[(key)][flags][width][.precision]type`.

use super::spec::{general, scientific};

pub(super) struct Field<'a> {
    pub(super) key: Option<&'a str>,
    left: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    pub(super) width: usize,
    precision: Option<usize>,
    pub(super) kind: char,
}

impl<'a> Field<'a> {
    /// The field that follows a percent sign, and its length in bytes. `None` where it is none that is known,
    /// or takes its width from an argument.
    pub(super) fn parse(text: &'a str) -> Option<(Self, usize)> {
        let mut field = Self {
            key: None,
            left: false,
            plus: false,
            space: false,
            zero: false,
            alternate: false,
            width: 0,
            precision: None,
            kind: '%',
        };
        let mut rest = text;
        if let Some(named) = rest.strip_prefix('(') {
            let (key, after) = named.split_once(')')?;
            if key.contains('(') {
                return None;
            }
            (field.key, rest) = (Some(key), after);
        }
        while let Some(flag) = rest.chars().next() {
            match flag {
                '-' => field.left = true,
                '+' => field.plus = true,
                ' ' => field.space = true,
                '0' => field.zero = true,
                '#' => field.alternate = true,
                _ => break,
            }
            rest = rest.get(1..)?;
        }
        let number = |rest: &mut &'a str| {
            let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            *rest = after;
            if digits.is_empty() { Some(0) } else { digits.parse().ok() }
        };
        field.width = number(&mut rest)?;
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            field.precision = Some(number(&mut rest)?).filter(|precision| *precision <= 1000);
            field.precision?;
        }
        rest = rest.strip_prefix(['l', 'h', 'L']).unwrap_or(rest);
        field.kind = rest.chars().next()?;
        let is_bare = text.starts_with('%');
        let is_known = match field.kind {
            '%' => is_bare,
            kind => "sradiuxXofFeEgGc".contains(kind),
        };
        let length = text.len() - rest.len() + field.kind.len_utf8();
        is_known.then_some((field, length))
    }

    /// Whether the text is taken as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.width == 0 && self.precision.is_none()
    }

    pub(super) fn text(&self, text: &str) -> Option<String> {
        let text: String = match self.precision {
            Some(length) => text.chars().take(length).collect(),
            None => text.to_owned(),
        };
        Some(self.padded("", &text, false))
    }

    pub(super) fn int(&self, number: i128) -> Option<String> {
        let size = number.unsigned_abs();
        let (prefix, digits) = match self.kind {
            'x' => ("0x", format!("{size:x}")),
            'X' => ("0X", format!("{size:X}")),
            'o' => ("0o", format!("{size:o}")),
            _ => ("", size.to_string()),
        };
        let digits = format!("{digits:0>width$}", width = self.precision.unwrap_or(0));
        let prefix = if self.alternate { prefix } else { "" };
        Some(self.padded(&format!("{}{prefix}", self.sign(number < 0)), &digits, true))
    }

    pub(super) fn float(&self, number: f64) -> Option<String> {
        if self.alternate {
            return None;
        }
        let (size, precision) = (number.abs(), self.precision.unwrap_or(6));
        let digits = match self.kind {
            _ if size.is_nan() => "nan".to_owned(),
            _ if size.is_infinite() => "inf".to_owned(),
            'f' | 'F' => format!("{size:.precision$}"),
            'e' | 'E' => scientific(size, precision),
            _ => general(size, precision),
        };
        let digits = if self.kind.is_ascii_uppercase() { digits.to_uppercase() } else { digits };
        let negative = number.is_sign_negative() && !number.is_nan();
        Some(self.padded(self.sign(negative), &digits, true))
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        }
    }

    fn padded(&self, head: &str, text: &str, is_number: bool) -> String {
        let missing = self.width.saturating_sub(head.chars().count() + text.chars().count());
        if self.left {
            return format!("{head}{text}{}", " ".repeat(missing));
        }
        if self.zero && is_number {
            return format!("{head}{}{text}", "0".repeat(missing));
        }
        format!("{}{head}{text}", " ".repeat(missing))
    }
}

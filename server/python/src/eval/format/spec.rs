//! Format specifications: `[[fill]align][sign][#][0][width][,][.precision][type]`.

use crate::value::Kind;

/// Longer precisions are not made.
const MOST_DIGITS: usize = 1000;

pub(super) struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    pub(super) width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    pub(super) kind: Option<char>,
}

impl Spec {
    pub(super) fn parse(spec: &str) -> Option<Self> {
        let mut rest = spec;
        let mut parsed = Self {
            fill: ' ',
            align: None,
            sign: None,
            alternate: false,
            zero: false,
            width: 0,
            grouping: None,
            precision: None,
            kind: None,
        };
        let is_align = |char: char| matches!(char, '<' | '>' | '^' | '=');
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(fill), Some(align)) if is_align(align) => {
                (parsed.fill, parsed.align) = (fill, Some(align));
                rest = chars.as_str();
            }
            (Some(align), _) if is_align(align) => {
                parsed.align = Some(align);
                rest = rest.get(1..)?;
            }
            _ => {}
        }
        if let Some(sign) = rest.chars().next().filter(|char| matches!(char, '+' | '-' | ' ')) {
            parsed.sign = Some(sign);
            rest = rest.get(1..)?;
        }
        if let Some(after) = rest.strip_prefix('#') {
            (parsed.alternate, rest) = (true, after);
        }
        if let Some(after) = rest.strip_prefix('0') {
            (parsed.zero, rest) = (true, after);
        }
        (parsed.width, rest) = digits(rest)?;
        if let Some(grouping) = rest.chars().next().filter(|char| matches!(char, ',' | '_')) {
            parsed.grouping = Some(grouping);
            rest = rest.get(1..)?;
        }
        if let Some(after) = rest.strip_prefix('.') {
            if !after.starts_with(|char: char| char.is_ascii_digit()) {
                return None;
            }
            let (precision, after) = digits(after)?;
            (parsed.precision, rest) = (Some(precision).filter(|it| *it <= MOST_DIGITS), after);
            parsed.precision?;
        }
        let mut chars = rest.chars();
        parsed.kind = chars.next();
        chars.next().is_none().then_some(parsed)
    }

    /// Whether it asks for nothing but a width.
    pub(super) fn is_plain(&self) -> bool {
        self.precision.is_none() && self.kind.is_none()
    }

    /// Whether no version of Python takes it for such a value.
    pub(super) fn is_rejected(&self, value: &Kind) -> bool {
        let is_one_of = |kinds: &str| self.kind.is_some_and(|kind| kinds.contains(kind));
        match value {
            Kind::Str(_) => {
                is_one_of("bcdeEfFgGnoxX%")
                    || self.sign.is_some()
                    || self.alternate
                    || self.grouping.is_some()
                    || self.align == Some('=')
            }
            Kind::Int(_) => is_one_of("s") || self.precision.is_some() && is_one_of("bcdoxX"),
            Kind::Float(_) => is_one_of("bcdosxX"),
            _ => false,
        }
    }

    pub(super) fn text(&self, text: &str) -> Option<String> {
        let is_number = self.sign.is_some() || self.alternate || self.grouping.is_some();
        if is_number || !matches!(self.kind, None | Some('s')) || self.align == Some('=') {
            return None;
        }
        // `0` before the width means an alignment that only some versions let a text have.
        if self.zero && self.align.is_none() {
            return None;
        }
        let text: String = match self.precision {
            Some(length) => text.chars().take(length).collect(),
            None => text.to_owned(),
        };
        Some(self.padded("", &text, '<'))
    }

    pub(super) fn int(&self, number: i128) -> Option<String> {
        if matches!(self.kind, Some('f' | 'F' | 'e' | 'E' | 'g' | 'G' | '%')) {
            // Exactly a float, so that it has the digits of the integer.
            #[expect(clippy::cast_precision_loss, reason = "up to 2^53 nothing is lost")]
            return (number.unsigned_abs() <= 1 << 53).then(|| self.float(number as f64))?;
        }
        if self.precision.is_some() {
            return None;
        }
        let size = number.unsigned_abs();
        let (prefix, digits) = match self.kind {
            None | Some('d') => ("", size.to_string()),
            Some('x') => ("0x", format!("{size:x}")),
            Some('X') => ("0X", format!("{size:X}")),
            Some('o') => ("0o", format!("{size:o}")),
            Some('b') => ("0b", format!("{size:b}")),
            _ => return None,
        };
        let group = match (self.grouping, self.kind) {
            (Some(','), None | Some('d')) | (Some('_'), None | Some('d')) => 3,
            (Some('_'), _) => 4,
            (Some(_), _) => return None,
            (None, _) => 0,
        };
        let prefix = if self.alternate { prefix } else { "" };
        Some(self.signed(number < 0, prefix, &digits, "", group))
    }

    pub(super) fn float(&self, number: f64) -> Option<String> {
        if self.alternate {
            return None;
        }
        let size = number.abs();
        let precision = self.precision;
        let (digits, tail) = if size.is_finite() {
            match self.kind {
                Some('f' | 'F') => (format!("{size:.*}", precision.unwrap_or(6)), ""),
                Some('%') => {
                    let percent = size * 100.0;
                    if !percent.is_finite() {
                        return None;
                    }
                    (format!("{percent:.*}", precision.unwrap_or(6)), "%")
                }
                Some('e') => (scientific(size, precision.unwrap_or(6)), ""),
                Some('E') => (scientific(size, precision.unwrap_or(6)).to_uppercase(), ""),
                Some('g') => (general(size, precision.unwrap_or(6)), ""),
                Some('G') => (general(size, precision.unwrap_or(6)).to_uppercase(), ""),
                None if precision.is_none() => (crate::emit::float(size), ""),
                _ => return None,
            }
        } else {
            let text = if size.is_nan() { "nan" } else { "inf" };
            match self.kind {
                Some('F' | 'E' | 'G') => (text.to_uppercase(), ""),
                Some('f' | 'e' | 'g') | None => (text.to_owned(), ""),
                Some('%') => (text.to_owned(), "%"),
                _ => return None,
            }
        };
        let negative = number.is_sign_negative() && !number.is_nan();
        let end = digits.find(|char: char| !char.is_ascii_digit()).unwrap_or(digits.len());
        let (whole, rest) = digits.split_at(end);
        let group = if self.grouping.is_some() { 3 } else { 0 };
        Some(self.signed(negative, "", whole, &format!("{rest}{tail}"), group))
    }

    /// A number of its parts, filled up to the width.
    fn signed(
        &self,
        negative: bool,
        prefix: &str,
        whole: &str,
        rest: &str,
        group: usize,
    ) -> String {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            (false, _) => "",
        };
        let head = format!("{sign}{prefix}");
        let separator = self.grouping.filter(|_| group > 0);
        let fills =
            self.zero && self.align.is_none() || self.fill == '0' && self.align == Some('=');
        let mut whole = match separator {
            Some(separator) => grouped(whole, separator, group),
            None => whole.to_owned(),
        };
        if fills {
            // The zeros are digits too, and grouped with them.
            let taken = head.chars().count() + rest.chars().count();
            let wanted = self.width.saturating_sub(taken);
            while whole.chars().count() < wanted {
                let plain: String = whole.chars().filter(|char| Some(*char) != separator).collect();
                whole = match separator {
                    Some(separator) => grouped(&format!("0{plain}"), separator, group),
                    None => format!("{}{plain}", "0".repeat(wanted - plain.chars().count())),
                };
            }
            return format!("{head}{whole}{rest}");
        }
        self.padded(&head, &format!("{whole}{rest}"), '>')
    }

    fn padded(&self, head: &str, text: &str, align: char) -> String {
        let missing = self.width.saturating_sub(head.chars().count() + text.chars().count());
        let fill_char = if self.zero && self.fill == ' ' { '0' } else { self.fill };
        let fill = |count: usize| fill_char.to_string().repeat(count);
        match self.align.unwrap_or(align) {
            '>' => format!("{}{head}{text}", fill(missing)),
            '=' => format!("{head}{}{text}", fill(missing)),
            '^' => format!("{}{head}{text}{}", fill(missing / 2), fill(missing - missing / 2)),
            _ => format!("{head}{text}{}", fill(missing)),
        }
    }
}

/// The number at the start, and what follows. `None` where it is absurdly large.
fn digits(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    if number.is_empty() { Some((0, rest)) } else { Some((number.parse().ok()?, rest)) }
}

fn grouped(digits: &str, separator: char, size: usize) -> String {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return digits.to_owned();
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// `%e`: one digit before the point, and an exponent of two digits or more.
pub(super) fn scientific(size: f64, precision: usize) -> String {
    let text = format!("{size:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// `%g`: so many digits at most, with an exponent where it is short.
pub(super) fn general(size: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let text = scientific(size, precision - 1);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let at: i64 = exponent.parse().unwrap_or(0);
    let trimmed = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    let most = i64::try_from(precision).unwrap_or(i64::MAX);
    if (-4..most).contains(&at) {
        let places = usize::try_from(most - 1 - at).unwrap_or(0);
        return trimmed(&format!("{size:.places$}"));
    }
    format!("{}e{exponent}", trimmed(digits))
}

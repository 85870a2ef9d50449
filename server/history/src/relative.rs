//! The relative form of a target: `+2`, `-1`, `ae10+2`, `label@+1`, `label@ae10-1`.

/// A target that counts migrations from somewhere.
///
/// Alembic recognises it by the regular expression `(?:(.+?)@)?(\w+)?((?:\+|-)\d+)` **at the start
/// of the text alone**: of `ae10+2xyz` the rest is ignored, and `x-1@y` counts from `x`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relative<'a> {
    /// The branch before `@`.
    pub label: Option<&'a str>,
    /// The revision counted from; `None` for the current one.
    pub symbol: Option<&'a str>,
    /// The number as written, with its sign.
    pub written: &'a str,
    /// The number; clamped where it is beyond 64 bits.
    pub steps: i64,
}

impl<'a> Relative<'a> {
    /// The relative form that a text begins with.
    pub fn parse(text: &'a str) -> Option<Self> {
        // A label ends at the earliest `@` behind which the rest fits, and has a character at least.
        let first_line = text.split('\n').next().unwrap_or_default();
        let labelled =
            first_line.char_indices().skip(1).filter(|(_, one)| *one == '@').find_map(|(at, _)| {
                let (symbol, written, steps) = counted(text.get(at + 1..)?)?;
                Some(Self { label: text.get(..at), symbol, written, steps })
            });
        labelled.or_else(|| {
            let (symbol, written, steps) = counted(text)?;
            Some(Self { label: None, symbol, written, steps })
        })
    }

    /// How many migrations are asked for, without the sign and without leading zeros.
    pub fn count(&self) -> String {
        let digits = self.written.trim_start_matches(['+', '-']).trim_start_matches('0');
        if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
    }
}

/// A symbol or none, then a sign and digits.
fn counted(text: &str) -> Option<(Option<&str>, &str, i64)> {
    let end = text.find(|one: char| !(one.is_alphanumeric() || one == '_')).unwrap_or(text.len());
    let (symbol, rest) = text.split_at(end);
    let sign = rest.chars().next().filter(|one| matches!(one, '+' | '-'))?;
    let digits = rest.get(1..)?;
    let end = digits.find(|one: char| !one.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let written = rest.get(..=end)?;
    let size = digits.get(..end)?.parse::<i64>().unwrap_or(i64::MAX);
    let steps = if sign == '-' { -size } else { size };
    Some((Some(symbol).filter(|one| !one.is_empty()), written, steps))
}

#[cfg(test)]
mod tests {
    use super::Relative;

    fn shown(text: &str) -> String {
        match Relative::parse(text) {
            None => "absolute".to_owned(),
            Some(one) => format!(
                "{} @ {} {} {}",
                one.label.unwrap_or("."),
                one.symbol.unwrap_or("."),
                one.written,
                one.steps
            ),
        }
    }

    #[test]
    fn every_form_is_taken_apart_as_the_regular_expression_does() {
        let texts = [
            "+2",
            "-1",
            "ae10+2",
            "x@+1",
            "x@ae10-1",
            "a@b@c+1",
            "a-1@b+2",
            "x-1@y",
            "@x+1",
            "+007",
            "ae10+2xyz",
            "ae10",
            "x@head",
            "-",
            "+x",
            "é1-3",
            "x@-",
            "",
            "ae.10+1",
            "+99999999999999999999",
        ];
        let all: Vec<_> = texts.iter().map(|text| format!("{text:?} {}", shown(text))).collect();
        expect_test::expect![[r#"
            "+2" . @ . +2 2
            "-1" . @ . -1 -1
            "ae10+2" . @ ae10 +2 2
            "x@+1" x @ . +1 1
            "x@ae10-1" x @ ae10 -1 -1
            "a@b@c+1" a@b @ c +1 1
            "a-1@b+2" a-1 @ b +2 2
            "x-1@y" . @ x -1 -1
            "@x+1" absolute
            "+007" . @ . +007 7
            "ae10+2xyz" . @ ae10 +2 2
            "ae10" absolute
            "x@head" absolute
            "-" absolute
            "+x" absolute
            "é1-3" . @ é1 -3 -3
            "x@-" absolute
            "" absolute
            "ae.10+1" absolute
            "+99999999999999999999" . @ . +99999999999999999999 9223372036854775807"#]]
        .assert_eq(&all.join("\n"));
    }
}

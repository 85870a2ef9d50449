//! Files of variables (`.env`), as python-dotenv 1.1 reads them: `NAME=value`, `export` before it,
//! quotes, comments behind a space, and `${NAME}` outside of single quotes.

/// The variables of a file in their order. `known` answers for `${NAME}`, before the file's own. A
/// line that is none is passed over, as Python does with a warning.
pub fn parse(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let entry = line.trim_start();
        let entry = entry.strip_prefix("export ").unwrap_or(entry).trim_start();
        let Some((name, value)) = entry.split_once('=').filter(|(name, _)| is_name(name.trim()))
        else {
            rest = after;
            continue;
        };
        let name = name.trim().trim_matches('\'').to_owned();
        let value = value.trim_start();
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (value, next) = match quote {
            // A quoted value may go over lines, and begins in this one.
            Some(quote) => {
                let start = text_offset(rest, value);
                match quoted(rest.get(start + 1..).unwrap_or_default(), quote) {
                    Some((value, used)) => {
                        let behind = rest.get(start + 1 + used..).unwrap_or_default();
                        (value, behind.split_once('\n').map_or("", |(_, next)| next))
                    }
                    None => {
                        rest = after;
                        continue;
                    }
                }
            }
            None => (unquoted(value).to_owned(), after),
        };
        let value = match quote {
            Some('\'') => value,
            _ => {
                let own = |name: &str| {
                    let mut entries = found.iter().rev();
                    entries.find(|(known, _)| known == name).map(|(_, value)| value.clone())
                };
                interpolated(&value, &|name| known(name).or_else(|| own(name)))
            }
        };
        found.push((name, value));
        rest = next;
    }
    found
}

fn is_name(name: &str) -> bool {
    let name = name.trim_matches('\'');
    !name.is_empty() && !name.starts_with('#') && !name.contains(char::is_whitespace)
}

/// Where a part of a text begins in it, in bytes.
fn text_offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// The value up to the closing quote, and how many bytes of the text it took with the quote.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                let (_, escaped) = characters.next()?;
                match (quote, escaped) {
                    ('\'', '\'' | '\\') | ('"', '"' | '\\' | '\'') => value.push(escaped),
                    ('"', 'n') => value.push('\n'),
                    ('"', 't') => value.push('\t'),
                    ('"', 'r') => value.push('\r'),
                    _ => value.extend(['\\', escaped]),
                }
            }
            _ if character == quote => return Some((value, at + quote.len_utf8())),
            _ => value.push(character),
        }
    }
    None
}

/// A value without quotes ends at a comment that stands behind a space.
fn unquoted(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let comment = value.find(" #").into_iter().chain(value.find("\t#")).min();
    value.get(..comment.unwrap_or(value.len())).unwrap_or(value).trim_end()
}

/// `${NAME}` and `${NAME:-default}` replaced; what is not set is nothing.
fn interpolated(value: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, behind)) = after.split_once('}') else { break };
        text.push_str(before);
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        text.push_str(&known(name).unwrap_or_else(|| default.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_file_is_read_as_python_dotenv_reads_it() {
        let text = "# one\nA=1\nexport B = two words # comment\nC='sin$gle ${A}' # x\n\
                    D=\"dou\\\"ble ${A} ${GIVEN} ${NONE:-d}\"\nE=${A}x#y\nnot a line\nF=\n\
                    G=\"over\nlines\"\nA=3\nH=${A}\n'I'=i\n";
        let known = |name: &str| (name == "GIVEN").then(|| "given".to_owned());
        let found = parse(text, &known);
        let shown: Vec<String> =
            found.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        assert_eq!(
            shown,
            [
                "A=\"1\"",
                "B=\"two words\"",
                "C=\"sin$gle ${A}\"",
                "D=\"dou\\\"ble 1 given d\"",
                "E=\"1x#y\"",
                "F=\"\"",
                "G=\"over\\nlines\"",
                "A=\"3\"",
                "H=\"3\"",
                "I=\"i\"",
            ]
        );
    }
}

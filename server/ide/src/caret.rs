//! What is being typed at a caret: the calls around it, the argument, the string. Read from the
//! letters and not from the tree, since a line that is half typed has no good tree.

use revline_text::Range;

/// Nothing further from the caret than this many bytes is looked at.
const FARTHEST: usize = 64 * 1024;

/// How far behind the caret the rest of a call is looked for.
const BEHIND: usize = 4 * 1024;

/// The place of a caret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Caret {
    /// The calls and brackets around it, outermost first.
    pub(crate) frames: Vec<Frame>,
    /// The string that it stands in: what stands between the quotes, as far as the line goes.
    pub(crate) string: Option<Range>,
    /// The dotted word before it, outside of strings; empty where there is none.
    pub(crate) word: Range,
    /// Whether a new argument can begin with the word.
    pub(crate) starts_argument: bool,
    /// The table of the batch above it.
    pub(crate) batch: Option<(Option<String>, String)>,
    /// The function at the left margin that it stands in.
    pub(crate) function: String,
}

/// A bracket that is open at the caret.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Frame {
    /// `op.add_column`; empty for brackets that call nothing.
    pub(crate) callee: String,
    /// Bytes from the start of the file to what follows the bracket.
    pub(crate) start: usize,
    /// Which argument the caret is in, from 0.
    pub(crate) argument: usize,
    /// The keyword that the argument is given by.
    pub(crate) keyword: Option<String>,
    /// The arguments that are one plain string: position, keyword, text.
    pub(crate) strings: Vec<(usize, Option<String>, String)>,
    /// The first string of each `Column(…)` inside.
    pub(crate) columns: Vec<String>,
    indent: usize,
}

impl Frame {
    /// The string given for a parameter by its position or its name.
    pub(crate) fn string(&self, position: Option<usize>, name: &str) -> Option<&str> {
        let is_it = |(at, keyword, _): &&(usize, Option<String>, String)| match keyword {
            Some(keyword) => keyword == name,
            None => Some(*at) == position,
        };
        self.strings.iter().find(is_it).map(|(.., text)| text.as_str())
    }

    /// What is called, without what it is an attribute of.
    pub(crate) fn method(&self) -> &str {
        self.callee.rsplit('.').next().unwrap_or_default()
    }
}

/// Looks at the text around an offset; `None` inside a comment.
pub(crate) fn caret(text: &str, offset: usize) -> Option<Caret> {
    let before = text.get(..offset)?;
    // A definition at the left margin: nothing before it matters.
    let start = before.rfind("\ndef ").map_or(0, |at| at + 1);
    let start = match before.len() - start {
        far if far > FARTHEST => before.ceil_char_boundary(before.len() - FARTHEST),
        _ => start,
    };
    let header = before.get(start..)?.strip_prefix("def ").unwrap_or_default();
    let named = header.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(header.len());
    let function = header.get(..named)?.to_owned();
    let mut reader = Reader { text, at: start, ..Reader::default() };
    while reader.at < offset {
        match reader.step(offset) {
            Stopped::No => {}
            Stopped::InComment => return None,
            Stopped::InString(content) => {
                let line = text.get(offset..)?.find('\n').map_or(text.len(), |at| offset + at);
                let rest = text.get(offset..line)?;
                let quote = text.get(..content)?.chars().next_back()?;
                let end = rest.find(quote).map_or(offset, |at| offset + at);
                // A quote that is not closed is followed by whatever stood there before.
                let string = Some(Range::of(content, end.max(offset)));
                let behind = (end + 1).min(text.len());
                let after = if rest.contains(quote) { behind } else { offset };
                let (frames, batch) = reader.rest_of_call(after);
                let word = Range::empty(u32::try_from(offset).unwrap_or(u32::MAX));
                return Some(Caret {
                    frames,
                    string,
                    word,
                    starts_argument: false,
                    batch,
                    function,
                });
            }
        }
    }
    let word = reader.word.clone();
    let word_start = offset - word.len();
    let before_word = text.get(start..word_start)?.trim_end();
    let starts_argument = before_word.ends_with(['(', ',']) && !word.contains('.');
    let (frames, batch) = reader.rest_of_call(offset);
    let word = Range::of(word_start, offset);
    Some(Caret { frames, string: None, word, starts_argument, batch, function })
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
    frames: Vec<Frame>,
    word: String,
    indent: usize,
    batch: Option<(Option<String>, String)>,
}

enum Stopped {
    No,
    InComment,
    /// Where the string's content begins.
    InString(usize),
}

impl Reader<'_> {
    /// Reads one thing; the offset is where reading ends.
    fn step(&mut self, end: usize) -> Stopped {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(char) = rest.chars().next() else {
            self.at = end;
            return Stopped::No;
        };
        match char {
            '#' => {
                let line = rest.find('\n').unwrap_or(rest.len());
                if self.at + line >= end {
                    return Stopped::InComment;
                }
                self.at += line;
                self.word.clear();
            }
            '\n' => {
                self.at += 1;
                self.word.clear();
                self.begin_line();
            }
            '"' | '\'' => return self.string(rest, char, end),
            '(' | '[' | '{' => {
                let callee =
                    if char == '(' { std::mem::take(&mut self.word) } else { String::new() };
                self.word.clear();
                self.at += 1;
                let (start, indent) = (self.at, self.indent);
                self.frames.push(Frame { callee, start, indent, ..Frame::default() });
            }
            ')' | ']' | '}' => {
                self.at += 1;
                self.word.clear();
                self.close();
            }
            ',' => {
                self.at += 1;
                self.word.clear();
                if let Some(frame) = self.frames.last_mut() {
                    frame.argument += 1;
                    frame.keyword = None;
                }
            }
            '=' => {
                let is_comparison = rest.starts_with("==");
                self.at += if is_comparison { 2 } else { 1 };
                let word = std::mem::take(&mut self.word);
                if let Some(frame) = self.frames.last_mut()
                    && !is_comparison
                    && !word.is_empty()
                {
                    frame.keyword = Some(word);
                }
            }
            c if c.is_alphanumeric() || c == '_' || c == '.' => {
                self.at += c.len_utf8();
                self.word.push(c);
            }
            c => {
                self.at += c.len_utf8();
                // `name =` with blanks around is a keyword too.
                let next = self.text.get(self.at..).unwrap_or_default().trim_start_matches(' ');
                if !(c == ' ' && next.starts_with('=')) {
                    self.word.clear();
                }
            }
        }
        Stopped::No
    }

    fn string(&mut self, rest: &str, quote: char, end: usize) -> Stopped {
        let prefix = std::mem::take(&mut self.word);
        let is_raw = prefix.contains(['r', 'R']);
        let triple = if quote == '"' { "\"\"\"" } else { "'''" };
        let mark = if rest.starts_with(triple) { triple } else { triple.get(..1).unwrap_or("'") };
        let content = self.at + mark.len();
        let mut at = content;
        loop {
            let Some(char) = self.text.get(at..).and_then(|rest| rest.chars().next()) else {
                self.at = at;
                return if content <= end && at >= end {
                    Stopped::InString(content)
                } else {
                    Stopped::No
                };
            };
            let closes = self.text.get(at..).is_some_and(|rest| rest.starts_with(mark));
            // A string with one mark ends with its line, closed or not.
            if closes || (char == '\n' && mark.len() == 1) {
                if content <= end && end <= at {
                    return Stopped::InString(content);
                }
                let text = self.text.get(content..at).unwrap_or_default().to_owned();
                self.at = if closes { at + mark.len() } else { at };
                self.literal(text);
                return Stopped::No;
            }
            at += char.len_utf8();
            if char == '\\' && !is_raw {
                at += self
                    .text
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8);
            }
        }
    }

    /// A string as an argument of the innermost call, `op.f('…')` passed on to the call around.
    fn literal(&mut self, text: String) {
        let is_final = self.frames.last().is_some_and(|frame| frame.method() == "f");
        let depth = self.frames.len().saturating_sub(if is_final { 2 } else { 1 });
        if let Some(frame) = self.frames.get_mut(depth) {
            frame.strings.push((frame.argument, frame.keyword.clone(), text));
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        match frame.method() {
            "batch_alter_table" => {
                if let Some(table) = frame.string(Some(0), "table_name") {
                    let schema = frame.string(Some(1), "schema").map(str::to_owned);
                    self.batch = Some((schema, table.to_owned()));
                }
            }
            "Column" => {
                if let (Some(name), Some(outer)) =
                    (frame.string(Some(0), "name"), self.frames.last_mut())
                {
                    outer.columns.push(name.to_owned());
                }
            }
            _ => {}
        }
    }

    /// A statement that begins while brackets of the line above are open: that line is half typed.
    fn begin_line(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = rest.trim_start_matches([' ', '\t']);
        self.indent = rest.len() - line.len();
        let Some(outermost) = self.frames.first() else { return };
        let is_directive = ["op.", "batch_op."].iter().any(|receiver| {
            line.strip_prefix(receiver).is_some_and(|method| {
                !["f(", "inline_literal("].iter().any(|inner| method.starts_with(inner))
            })
        });
        let is_statement =
            ["with ", "def ", "return", "import "].iter().any(|word| line.starts_with(word));
        if (is_directive || is_statement) && self.indent <= outermost.indent {
            self.frames.clear();
        }
    }

    /// The frames, with what stands behind the caret in the innermost calls; the batch.
    fn rest_of_call(mut self, from: usize) -> (Vec<Frame>, Option<(Option<String>, String)>) {
        let mut kept = self.frames.clone();
        let batch = self.batch.clone();
        self.at = from;
        self.word.clear();
        let end = self.text.floor_char_boundary((from + BEHIND).min(self.text.len()));
        let depth = kept.len();
        while self.at < end && !self.frames.is_empty() {
            if !matches!(self.step(end), Stopped::No) {
                break;
            }
            for (place, frame) in kept.iter_mut().enumerate().take(depth) {
                if let Some(now) = self.frames.get(place).filter(|now| now.start == frame.start) {
                    frame.strings.clone_from(&now.strings);
                    frame.columns.clone_from(&now.columns);
                }
            }
        }
        (kept, batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fixture: &str, expected: &str) {
        let offset = fixture.find("$0").unwrap_or_default();
        let text = fixture.replace("$0", "");
        let shown = match caret(&text, offset) {
            None => "comment".to_owned(),
            Some(caret) => {
                let frames: Vec<String> = caret
                    .frames
                    .iter()
                    .map(|frame| {
                        let strings: Vec<_> =
                            frame.strings.iter().map(|(.., text)| text.as_str()).collect();
                        let keyword = frame.keyword.as_deref().unwrap_or("");
                        format!("{}[{}{keyword}]{strings:?}", frame.callee, frame.argument)
                    })
                    .collect();
                let at = match caret.string {
                    Some(range) => format!("'{}'", range.slice(&text).unwrap_or("?")),
                    None => caret.word.slice(&text).unwrap_or("?").to_owned(),
                };
                format!("{} | {at} | {:?}", frames.join(" "), caret.batch.map(|(_, table)| table))
            }
        };
        assert_eq!(shown, expected, "{fixture}");
    }

    #[test]
    fn the_calls_around_a_half_typed_line_are_found() {
        check("def upgrade():\n    op.add_column('us$0", "op.add_column[0][] | 'us' | None");
        check(
            "def upgrade():\n    op.drop_index(op.f('i$0'), table_name='t')\n",
            "op.drop_index[0][\"t\"] op.f[0][] | 'i' | None",
        );
        check(
            "    op.create_index('i', 't', ['a', '$0'])",
            "op.create_index[2][\"i\", \"t\"] [1][\"a\"] | '' | None",
        );
        check("    op.ad$0", " | op.ad | None");
        check(
            "    op.alter_column('t', 'c', nul$0)",
            "op.alter_column[2][\"t\", \"c\"] | nul | None",
        );
        check("    # op.add_column('$0", "comment");
    }

    #[test]
    fn a_line_that_is_not_closed_does_not_swallow_the_next() {
        check(
            "def upgrade():\n    op.add_column('t', \n    op.drop_table('x$0')\n",
            "op.drop_table[0][] | 'x' | None",
        );
        check(
            "def upgrade():\n    op.create_table('t',\n    sa.Column('id', sa.Integer()),\n    sa.PrimaryKeyConstraint('i$0')\n    )\n",
            "op.create_table[2][\"t\"] sa.PrimaryKeyConstraint[0][] | 'i' | None",
        );
    }

    #[test]
    fn the_batch_above_gives_the_table() {
        check(
            "def upgrade():\n    with op.batch_alter_table('t', schema=None) as batch_op:\n        batch_op.drop_column('$0')\n",
            "batch_op.drop_column[0][] | '' | Some(\"t\")",
        );
    }
}

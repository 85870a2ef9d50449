//! Python expressions as trees: what templates write between `${` and `}` and after `%`.

use super::Problem;
use super::lexer::string_length;

/// Deeper nesting is refused.
const DEEPEST: usize = 40;
/// More tokens are refused: `a+a+…` nests to the left as deep as it is long.
const LONGEST: usize = 400;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Expr {
    None,
    Bool(bool),
    Int(i64),
    Str(String),
    Name(String),
    Attribute(Box<Expr>, String),
    Call(Box<Expr>, Vec<Expr>, Vec<(String, Expr)>),
    Index(Box<Expr>, Box<Expr>),
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Choice { test: Box<Expr>, yes: Box<Expr>, no: Box<Expr> },
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Each { item: Box<Expr>, targets: Vec<String>, over: Box<Expr>, test: Option<Box<Expr>> },
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Name(String),
    Int(i64),
    Str(String),
    Mark(&'static str),
}

const MARKS: [&str; 24] = [
    "==", "!=", "<=", ">=", "//", "**", "(", ")", "[", "]", "{", "}", ",", ".", ":", "=", "+", "-",
    "*", "/", "%", "<", ">", "|",
];

fn tokens(source: &str) -> Result<Vec<Token>, Problem> {
    let mut out = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_whitespace() {
            c.len_utf8()
        } else if c == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if c == '\\' && (rest.starts_with("\\\n") || rest.starts_with("\\\r\n")) {
            rest.find('\n').map_or(1, |end| end + 1)
        } else if c.is_ascii_digit() {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
                .unwrap_or(rest.len());
            let digits = rest.get(..end).unwrap_or_default().replace('_', "");
            let number =
                digits.parse().map_err(|_| Problem::new(format!("the number {digits}")))?;
            out.push(Token::Int(number));
            end
        } else if c.is_alphabetic() || c == '_' || c == '"' || c == '\'' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            let after = rest.get(end..).unwrap_or_default();
            if after.starts_with(['"', '\'']) && word.len() <= 2 {
                let length = string_length(after)
                    .ok_or_else(|| Problem::new("a string that is not closed"))?;
                out.push(Token::Str(string(
                    &word.to_lowercase(),
                    after.get(..length).unwrap_or_default(),
                )?));
                end + length
            } else {
                out.push(Token::Name(word.to_owned()));
                end
            }
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            out.push(Token::Mark(mark));
            mark.len()
        } else {
            return Err(Problem::new(format!("`{c}` in an expression")));
        };
        rest = rest.get(length.max(1)..).unwrap_or_default();
        if out.len() > LONGEST {
            return Err(Problem::new("an expression that is too long"));
        }
    }
    Ok(out)
}

/// The value of a string literal by its prefix and its text with quotes.
fn string(prefix: &str, quoted: &str) -> Result<String, Problem> {
    let width = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
    let inner = quoted.get(width..quoted.len().saturating_sub(width)).unwrap_or_default();
    match prefix {
        "r" => return Ok(inner.to_owned()),
        "" | "u" => {}
        _ => return Err(Problem::new(format!("a string with the prefix {prefix}"))),
    }
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\n') => {}
            Some(c @ ('\\' | '\'' | '"')) => out.push(c),
            Some(c @ ('x' | 'u' | 'U' | 'N' | '0'..='7' | 'a' | 'b' | 'f' | 'v')) => {
                return Err(Problem::new(format!("the escape \\{c} in a string")));
            }
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    Ok(out)
}

/// Reads a whole expression; a bare `a, b` is a tuple.
pub(super) fn parse(source: &str) -> Result<Expr, Problem> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
    let expr = parser.list_or_one()?;
    parser.end()?;
    Ok(expr)
}

/// Reads `targets in expression`, as after `for`.
pub(super) fn parse_for(source: &str) -> Result<(Vec<String>, Expr), Problem> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
    let targets = parser.targets()?;
    let over = parser.list_or_one()?;
    parser.end()?;
    Ok((targets, over))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expr, Problem>;
/// By place, and by name.
type Arguments = (Vec<Expr>, Vec<(String, Expr)>);

fn boxed(left: Expr, right: Expr) -> (Box<Expr>, Box<Expr>) {
    (Box::new(left), Box::new(right))
}

impl Parser {
    fn mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Name(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, mark: &str) -> Result<(), Problem> {
        if self.mark(mark) {
            Ok(())
        } else {
            Err(Problem::new(format!("an expression without its `{mark}`")))
        }
    }

    fn end(&self) -> Result<(), Problem> {
        match self.tokens.get(self.at) {
            None => Ok(()),
            Some(token) => {
                Err(Problem::new(format!("an expression that goes on at {}", token.show())))
            }
        }
    }

    fn name(&mut self) -> Result<String, Problem> {
        match self.tokens.get(self.at) {
            Some(Token::Name(name)) => {
                self.at += 1;
                Ok(name.clone())
            }
            _ => Err(Problem::new("an expression that lacks a name")),
        }
    }

    fn targets(&mut self) -> Result<Vec<String>, Problem> {
        let open = self.mark("(");
        let mut targets = vec![self.name()?];
        while self.mark(",") {
            targets.push(self.name()?);
        }
        if open {
            self.need(")")?;
        }
        if self.word("in") { Ok(targets) } else { Err(Problem::new("a `for` without its `in`")) }
    }

    fn list_or_one(&mut self) -> Parsed {
        let first = self.expr()?;
        if !self.mark(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.at < self.tokens.len() {
            items.push(self.expr()?);
            if !self.mark(",") {
                break;
            }
        }
        Ok(Expr::Tuple(items))
    }

    fn expr(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Problem::new("an expression that nests too deeply"));
        }
        let value = self.or()?;
        let value = if self.word("if") {
            let test = self.or()?;
            if !self.word("else") {
                return Err(Problem::new("an `if` without its `else`"));
            }
            let no = self.expr()?;
            Expr::Choice { test: Box::new(test), yes: Box::new(value), no: Box::new(no) }
        } else {
            value
        };
        self.depth -= 1;
        Ok(value)
    }

    fn or(&mut self) -> Parsed {
        let mut left = self.and()?;
        while self.word("or") {
            let (a, b) = boxed(left, self.and()?);
            left = Expr::Or(a, b);
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.not()?;
        while self.word("and") {
            let (a, b) = boxed(left, self.not()?);
            left = Expr::And(a, b);
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed {
        let mut count = 0_usize;
        while self.word("not") {
            count += 1;
        }
        let value = self.comparison()?;
        Ok(match count {
            0 => value,
            n if n % 2 == 1 => Expr::Not(Box::new(value)),
            _ => Expr::Not(Box::new(Expr::Not(Box::new(value)))),
        })
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let operator = if self.word("in") {
            "in"
        } else if self.word("not") {
            if !self.word("in") {
                return Err(Problem::new("a `not` that stands alone"));
            }
            "not in"
        } else if self.word("is") {
            if self.word("not") { "!=" } else { "==" }
        } else if let Some(mark) =
            ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|m| self.mark(m))
        {
            mark
        } else {
            return Ok(left);
        };
        let (a, b) = boxed(left, self.sum()?);
        Ok(Expr::Binary(operator, a, b))
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        while let Some(mark) = ["+", "-"].into_iter().find(|mark| self.mark(mark)) {
            let (a, b) = boxed(left, self.product()?);
            left = Expr::Binary(mark, a, b);
        }
        Ok(left)
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        while let Some(mark) = ["*", "//", "/", "%"].into_iter().find(|mark| self.mark(mark)) {
            let (a, b) = boxed(left, self.unary()?);
            left = Expr::Binary(mark, a, b);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        if self.mark("-") {
            return Ok(Expr::Negative(Box::new(self.postfix()?)));
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed {
        let mut value = self.atom()?;
        loop {
            if self.mark(".") {
                value = Expr::Attribute(Box::new(value), self.name()?);
            } else if self.mark("(") {
                let (args, named) = self.arguments()?;
                value = Expr::Call(Box::new(value), args, named);
            } else if self.mark("[") {
                value = self.subscript(value)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn subscript(&mut self, value: Expr) -> Parsed {
        let start = if self.mark(":") {
            None
        } else {
            let index = self.expr()?;
            if self.mark("]") {
                let (a, b) = boxed(value, index);
                return Ok(Expr::Index(a, b));
            }
            self.need(":")?;
            Some(Box::new(index))
        };
        if self.mark("]") {
            return Ok(Expr::Slice(Box::new(value), start, None));
        }
        let end = self.expr()?;
        self.need("]")?;
        Ok(Expr::Slice(Box::new(value), start, Some(Box::new(end))))
    }

    fn arguments(&mut self) -> Result<Arguments, Problem> {
        let (mut args, mut named) = (Vec::new(), Vec::new());
        while !self.mark(")") {
            if let (Some(Token::Name(name)), Some(Token::Mark("="))) =
                (self.tokens.get(self.at), self.tokens.get(self.at + 1))
            {
                let name = name.clone();
                self.at += 2;
                named.push((name, self.expr()?));
            } else {
                let value = self.expr()?;
                args.push(if self.word("for") { self.each(value)? } else { value });
            }
            if !self.mark(",") {
                self.need(")")?;
                break;
            }
        }
        Ok((args, named))
    }

    fn each(&mut self, item: Expr) -> Parsed {
        let targets = self.targets()?;
        let over = Box::new(self.or()?);
        let test = if self.word("if") { Some(Box::new(self.or()?)) } else { None };
        Ok(Expr::Each { item: Box::new(item), targets, over, test })
    }

    fn atom(&mut self) -> Parsed {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Err(Problem::new("an expression that ends too early"));
        };
        self.at += 1;
        match token {
            Token::Int(number) => Ok(Expr::Int(number)),
            Token::Str(mut text) => {
                while let Some(Token::Str(more)) = self.tokens.get(self.at) {
                    text.push_str(more);
                    self.at += 1;
                }
                Ok(Expr::Str(text))
            }
            Token::Name(name) => match name.as_str() {
                "None" => Ok(Expr::None),
                "True" => Ok(Expr::Bool(true)),
                "False" => Ok(Expr::Bool(false)),
                "lambda" | "await" | "yield" | "for" | "if" | "else" | "in" | "is" | "and"
                | "or" | "not" => Err(Problem::new(format!("`{name}` in an expression"))),
                _ => Ok(Expr::Name(name)),
            },
            Token::Mark("(") => self.bracketed(")"),
            Token::Mark("[") => self.bracketed("]"),
            token => Err(Problem::new(format!("{} in an expression", token.show()))),
        }
    }

    fn bracketed(&mut self, close: &str) -> Parsed {
        let list = close == "]";
        let mut items = Vec::new();
        let mut comma = false;
        while !self.mark(close) {
            let value = self.expr()?;
            if items.is_empty() && self.word("for") {
                let each = self.each(value)?;
                self.need(close)?;
                return Ok(each);
            }
            items.push(value);
            if self.mark(",") {
                comma = true;
            } else {
                self.need(close)?;
                break;
            }
        }
        Ok(match (list, items.len(), comma) {
            (true, ..) => Expr::List(items),
            (false, 1, false) => items.pop().unwrap_or(Expr::None),
            _ => Expr::Tuple(items),
        })
    }
}

impl Token {
    fn show(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Int(number) => format!("`{number}`"),
            Self::Str(_) => "a string".to_owned(),
            Self::Mark(mark) => format!("`{mark}`"),
        }
    }
}

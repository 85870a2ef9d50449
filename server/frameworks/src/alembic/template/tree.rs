//! Pieces of a template put together: `% if` with its `% endif`, tags with their ends.

use super::block::{Statement, statements};
use super::expression::{Expr, parse, parse_for};
use super::lexer::{Piece, line_of, pieces};
use super::{Problem, TemplateError};

/// Deeper nesting of control lines and tags is refused.
const DEEPEST: usize = 60;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Node {
    Text(String),
    Expression {
        value: Expr,
        filters: Vec<String>,
        line: usize,
    },
    Code {
        statements: Vec<Statement>,
        line: usize,
    },
    If {
        arms: Vec<(Option<Expr>, Vec<Node>)>,
        line: usize,
    },
    For {
        targets: Vec<String>,
        over: Expr,
        body: Vec<Node>,
        line: usize,
    },
    Def {
        name: String,
        parameters: Vec<String>,
        body: Vec<Node>,
    },
    /// `<%block>`: a part that stands where it is written.
    Block(Vec<Node>),
}

/// Something that waits for its end.
enum Open {
    Root,
    If {
        arms: Vec<(Option<Expr>, Vec<Node>)>,
        test: Option<Expr>,
        line: usize,
    },
    For {
        targets: Vec<String>,
        over: Expr,
        line: usize,
    },
    Def {
        name: String,
        parameters: Vec<String>,
    },
    Block,
    /// `<%text>`: marks in it are text in Mako; here they are refused.
    Raw,
}

pub(super) fn read(text: &str) -> Result<Vec<Node>, TemplateError> {
    let mut builder = Builder { stack: vec![(Open::Root, Vec::new())] };
    for (at, piece) in pieces(text)? {
        let line = line_of(text, at);
        builder.add(piece, line).map_err(|problem| problem.at(line))?;
        if builder.stack.len() > DEEPEST {
            return Err(Problem::new("control lines that nest too deeply").at(line));
        }
    }
    match (builder.stack.len(), builder.stack.pop()) {
        (1, Some((Open::Root, nodes))) => Ok(nodes),
        _ => {
            Err(Problem::new("a control line or tag without its end").at(line_of(text, text.len())))
        }
    }
}

struct Builder {
    stack: Vec<(Open, Vec<Node>)>,
}

impl Builder {
    fn push(&mut self, node: Node) {
        if let Some((_, nodes)) = self.stack.last_mut() {
            nodes.push(node);
        }
    }

    fn open(&mut self, open: Open) {
        self.stack.push((open, Vec::new()));
    }

    fn add(&mut self, piece: Piece<'_>, line: usize) -> Result<(), Problem> {
        if matches!(self.stack.last(), Some((Open::Raw, _)))
            && !matches!(piece, Piece::Text(_) | Piece::Close(_))
        {
            return Err(Problem::new("marks inside <%text>"));
        }
        match piece {
            Piece::Text(text) => self.push(Node::Text(text.to_owned())),
            Piece::Expression { source, filters } => {
                let value = parse(source)?;
                let filters = filters.split(',').map(str::trim).filter(|f| !f.is_empty());
                let filters = filters.map(str::to_owned).collect();
                self.push(Node::Expression { value, filters, line });
            }
            Piece::Block(source) => {
                let statements = statements(source)?;
                self.push(Node::Code { statements, line });
            }
            Piece::Control(source) => self.control(source.trim(), line)?,
            Piece::Open { keyword, attributes, closed } => self.tag(keyword, attributes, closed)?,
            Piece::Close(keyword) => self.close(keyword)?,
        }
        Ok(())
    }

    fn control(&mut self, source: &str, line: usize) -> Result<(), Problem> {
        let end = source.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(source.len());
        let (keyword, rest) = source.split_at(end);
        let code = rest.split_once(" #").map_or(rest, |(code, _)| code).trim();
        let head = || {
            code.strip_suffix(':')
                .ok_or_else(|| Problem::new(format!("`% {keyword}` without its colon")))
        };
        match keyword {
            "if" => {
                let test = Some(parse(head()?)?);
                self.open(Open::If { arms: Vec::new(), test, line });
            }
            "elif" | "else" => {
                let next =
                    if keyword == "elif" { Some(parse(head()?)?) } else { head().map(|_| None)? };
                match self.stack.last_mut() {
                    Some((Open::If { arms, test: test @ Some(_), .. }, nodes)) => {
                        arms.push((std::mem::replace(test, next), std::mem::take(nodes)));
                    }
                    _ => {
                        return Err(Problem::new(format!(
                            "a `% {keyword}` that belongs to no `% if`"
                        )));
                    }
                }
            }
            "for" => {
                let (targets, over) = parse_for(head()?)?;
                self.open(Open::For { targets, over, line });
            }
            "endif" => match self.stack.pop() {
                Some((Open::If { mut arms, test, line }, nodes)) => {
                    arms.push((test, nodes));
                    self.push(Node::If { arms, line });
                }
                _ => return Err(Problem::new("an `% endif` without its `% if`")),
            },
            "endfor" => match self.stack.pop() {
                Some((Open::For { targets, over, line }, body)) => {
                    self.push(Node::For { targets, over, body, line });
                }
                _ => return Err(Problem::new("an `% endfor` without its `% for`")),
            },
            other => return Err(Problem::new(format!("the control line `% {other}`"))),
        }
        Ok(())
    }

    fn tag(&mut self, keyword: &str, attributes: &str, closed: bool) -> Result<(), Problem> {
        match keyword {
            "def" if !closed => {
                let (name, parameters) = signature(attributes)?;
                self.open(Open::Def { name, parameters });
            }
            "block" if !closed && !attributes.contains("filter") => self.open(Open::Block),
            "text" if !closed && attributes.trim().is_empty() => self.open(Open::Raw),
            "page" if closed && attributes.trim().is_empty() => {}
            _ => return Err(Problem::new(format!("the tag <%{keyword}>"))),
        }
        Ok(())
    }

    fn close(&mut self, keyword: &str) -> Result<(), Problem> {
        let node = match (self.stack.pop(), keyword) {
            (Some((Open::Def { name, parameters }, body)), "def") => {
                Node::Def { name, parameters, body }
            }
            (Some((Open::Block | Open::Raw, body)), "block" | "text") => Node::Block(body),
            _ => return Err(Problem::new(format!("a </%{keyword}> that closes nothing"))),
        };
        self.push(node);
        Ok(())
    }
}

/// `name="f(a, b)"` of `<%def>`.
fn signature(attributes: &str) -> Result<(String, Vec<String>), Problem> {
    let refuse = || Problem::new(format!("<%def{}>", attributes.trim_end()));
    let value = attributes.trim().strip_prefix("name").ok_or_else(refuse)?.trim_start();
    let value = value.strip_prefix('=').ok_or_else(refuse)?.trim();
    let inner = value.get(1..value.len().saturating_sub(1)).ok_or_else(refuse)?;
    let (name, rest) = inner.split_once('(').ok_or_else(refuse)?;
    let list = rest.trim_end().strip_suffix(')').ok_or_else(refuse)?;
    let names: Vec<String> = list
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let word = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if names.iter().any(|name| !word(name)) || !word(name.trim()) {
        return Err(refuse());
    }
    Ok((name.trim().to_owned(), names))
}

//! A declared type as SQLAlchemy prints what it makes of it: `_parse_column`, then `MySQLTypeCompiler`.

use super::patterns;

patterns! {
    string = r"'(?:''|[^'])*'";
    number = r"\d+";
}

/// The parts of a declaration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declared<'a> {
    pub(super) word: &'a str,
    /// What stands between the parentheses.
    pub(super) arguments: &'a str,
    pub(super) is_unsigned: bool,
    pub(super) is_zerofill: bool,
    pub(super) charset: Option<&'a str>,
    pub(super) collation: Option<&'a str>,
}

/// How a type is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A width, UNSIGNED, ZEROFILL.
    Integer,
    /// Precision and scale, each where it is given; UNSIGNED, ZEROFILL.
    Decimal,
    /// Precision and scale where both are given; UNSIGNED, ZEROFILL.
    Floating,
    /// A length, CHARACTER SET, COLLATE.
    Characters,
    /// Without a length, CHARACTER SET, COLLATE.
    Text,
    /// Values, CHARACTER SET, COLLATE.
    Values,
    /// A length.
    Sized,
    /// Digits of a second, none where they are 0.
    Seconds,
    /// Nothing.
    Plain,
}

impl Declared<'_> {
    fn class(&self) -> Option<(&'static str, Shape)> {
        Some(match self.word {
            "bigint" => ("BIGINT", Shape::Integer),
            "int" | "integer" => ("INTEGER", Shape::Integer),
            "mediumint" => ("MEDIUMINT", Shape::Integer),
            "smallint" => ("SMALLINT", Shape::Integer),
            "tinyint" => ("TINYINT", Shape::Integer),
            "decimal" | "fixed" => ("DECIMAL", Shape::Decimal),
            "numeric" => ("NUMERIC", Shape::Decimal),
            "double" => ("DOUBLE", Shape::Floating),
            "float" => ("FLOAT", Shape::Floating),
            "char" => ("CHAR", Shape::Characters),
            "varchar" => ("VARCHAR", Shape::Characters),
            "text" => ("TEXT", Shape::Characters),
            "tinytext" => ("TINYTEXT", Shape::Text),
            "mediumtext" => ("MEDIUMTEXT", Shape::Text),
            "longtext" => ("LONGTEXT", Shape::Text),
            "enum" => ("ENUM", Shape::Values),
            "set" => ("SET", Shape::Values),
            "binary" => ("BINARY", Shape::Sized),
            "varbinary" => ("VARBINARY", Shape::Sized),
            "blob" => ("BLOB", Shape::Sized),
            "bit" => ("BIT", Shape::Sized),
            "year" => ("YEAR", Shape::Sized),
            "datetime" => ("DATETIME", Shape::Seconds),
            "time" => ("TIME", Shape::Seconds),
            "timestamp" => ("TIMESTAMP", Shape::Seconds),
            "date" => ("DATE", Shape::Plain),
            "boolean" => ("BOOL", Shape::Plain),
            "json" => ("JSON", Shape::Plain),
            "longblob" => ("LONGBLOB", Shape::Plain),
            "mediumblob" => ("MEDIUMBLOB", Shape::Plain),
            "tinyblob" => ("TINYBLOB", Shape::Plain),
            "uuid" => ("UUID", Shape::Plain),
            "inet4" => ("INET4", Shape::Plain),
            "inet6" => ("INET6", Shape::Plain),
            _ => return None,
        })
    }

    /// Whether the inspector says of such a column that it does not count up.
    pub(super) fn is_integer(&self) -> bool {
        self.class().is_some_and(|(_, shape)| shape == Shape::Integer)
    }

    /// The printed type; `NULL` for one that SQLAlchemy does not know.
    pub(super) fn printed(&self, escapes: bool) -> String {
        let Some((word, shape)) = self.class() else { return "NULL".to_owned() };
        let numbers: Vec<&str> =
            number().find_iter(self.arguments).map(|number| number.as_str()).collect();
        let sized = match numbers.first() {
            Some(first) => format!("{word}({first})"),
            None => word.to_owned(),
        };
        match (shape, numbers.as_slice()) {
            (Shape::Integer, _) => self.number(sized),
            (Shape::Decimal | Shape::Floating, [precision, scale]) => {
                self.number(format!("{word}({precision}, {scale})"))
            }
            (Shape::Decimal, _) => self.number(sized),
            (Shape::Floating, [_]) if word == "FLOAT" => self.number(sized),
            (Shape::Floating, _) => self.number(word.to_owned()),
            (Shape::Characters, _) => self.text(sized),
            (Shape::Text, _) => self.text(word.to_owned()),
            (Shape::Values, _) => self.text(self.values(word, escapes)),
            (Shape::Sized, _) => sized,
            (Shape::Seconds, ["0"]) | (Shape::Plain, _) => word.to_owned(),
            (Shape::Seconds, _) => sized,
        }
    }

    fn number(&self, mut text: String) -> String {
        if self.is_unsigned {
            text += " UNSIGNED";
        }
        if self.is_zerofill {
            text += " ZEROFILL";
        }
        text
    }

    fn text(&self, mut text: String) -> String {
        if let Some(charset) = self.charset {
            text += &format!(" CHARACTER SET {charset}");
        }
        if let Some(collation) = self.collation {
            text += &format!(" COLLATE {collation}");
        }
        text
    }

    fn values(&self, word: &str, escapes: bool) -> String {
        let values: Vec<String> = string()
            .find_iter(self.arguments)
            .map(|value| {
                if escapes {
                    value.as_str().replace('\\', "\\\\")
                } else {
                    value.as_str().to_owned()
                }
            })
            .collect();
        format!("{word}({})", values.join(","))
    }
}

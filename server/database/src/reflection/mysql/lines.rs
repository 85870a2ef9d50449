//! The lines of SHOW CREATE TABLE.

use std::collections::BTreeMap;

use regex::Captures;

use super::{patterns, types};
use crate::live::{Check, Column, Computed, ForeignKey, Index, Key, Table};

patterns! {
    column = concat!(
        r"(?i)^  `(?P<name>(?:``|[^`])+)` +(?P<coltype>\w+)",
        r"(?:\((?P<arg>(?:\d+|\d+,\d+|(?:'(?:''|[^'])*',?)+))\))?",
        r"(?: +(?P<unsigned>UNSIGNED))?(?: +(?P<zerofill>ZEROFILL))?",
        r"(?: +CHARACTER SET +(?P<charset>[\w_]+))?(?: +COLLATE +(?P<collate>[\w_]+))?",
        r"(?: +(?P<notnull>(?:NOT )?NULL))?",
        r"(?: +DEFAULT +(?P<default>(?:NULL|'(?:''|[^'])*'|\(.+?\)|[\-\w\.\(\)]+(?: +ON UPDATE [\-\w\.\(\)]+)?)))?",
        r"(?: +(?:GENERATED ALWAYS)? ?AS +(?P<generated>\(.*\))? ?(?P<persistence>VIRTUAL|STORED)?",
        r"(?: +(?P<notnull_generated>(?:NOT )?NULL))?)?",
        r"(?: +(?P<autoincr>AUTO_INCREMENT))?",
        r"(?: +COMMENT +'(?P<comment>(?:''|[^'])*)')?",
        r"(?: +COLUMN_FORMAT +(?P<colfmt>\w+))?(?: +STORAGE +(?P<storage>\w+))?",
        r"(?: +(?P<extra>.*))?,?$"
    );
    loose = concat!(
        r"(?i)^  `(?P<name>(?:``|[^`])+)` +(?P<coltype>\w+)",
        r"(?:\((?P<arg>(?:\d+|\d+,\d+|'(?:''|[^'])+'))\))?.*?(?P<notnull>(?:NOT )NULL)?"
    );
    key = concat!(
        r"(?i)^  (?:(?P<type>\S+) )?KEY(?: +`(?P<name>(?:``|[^`])+)`)?(?: +USING +(?P<using_pre>\S+))?",
        r" +\((?P<columns>.+?)\)(?: +USING +(?P<using_post>\S+))?(?: +KEY_BLOCK_SIZE *[ =]? *(?P<keyblock>\S+))?",
        r"(?: +WITH PARSER +(?P<parser>\S+))?(?: +COMMENT +(?P<comment>'(?:''|[^'])*'))?",
        r"(?: +/\*(?P<version_sql>.+)\*/ *)?,?$"
    );
    parser = r"(?i)^\!\d+ (?: *WITH PARSER +(?P<parser>\S+) *)?";
    part = r"(?i)`((?:``|[^`])+)`(?:\((\d+)\))?(?: +(?:ASC|DESC))?";
    foreign = concat!(
        r"(?i)^  CONSTRAINT +`(?P<name>(?:``|[^`])+)` +FOREIGN KEY +\((?P<local>[^\)]+?)\) REFERENCES +",
        r"(?P<table>`[^`]+`(?:\.`[^`]+`)?) +\((?P<foreign>(?:`[^`]+`(?: *, *)?)+)\)(?: +(?P<match>MATCH \w+))?",
        r"(?: +ON DELETE (?P<ondelete>RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT))?",
        r"(?: +ON UPDATE (?P<onupdate>RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT))?"
    );
    check = r"(?i)^  CONSTRAINT +`(?P<name>(?:``|[^`])+)` +CHECK +\((?P<sqltext>.+)\),?";
    name = r"`((?:``|[^`])+)`";
}

/// Options of a table whose value is a string, then those whose value is a word, in the order in which they are taken.
const STRINGS: &[&str] =
    &["COMMENT", "DATA DIRECTORY", "INDEX DIRECTORY", "PASSWORD", "CONNECTION"];
const WORDS: &[&str] = &[
    "ENGINE",
    "TYPE",
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "CHARACTER SET",
    "DEFAULT CHARSET",
    "CHECKSUM",
    "COLLATE",
    "DELAY_KEY_WRITE",
    "INSERT_METHOD",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "ROW_FORMAT",
    "KEY_BLOCK_SIZE",
    "STATS_SAMPLE_PAGES",
];

/// How the lines are read.
pub(super) struct Reader {
    /// What stands before the names of options.
    pub(super) prefix: &'static str,
    /// Whether a backslash escapes in a string.
    pub(super) escapes: bool,
}

impl Reader {
    /// The table that the text makes.
    pub(super) fn table(&self, schema: Option<&str>, name: String, text: &str) -> Table {
        let mut table = Table { schema: schema.map(str::to_owned), name, ..Table::default() };
        for line in text.trim().split('\n').map(|line| line.trim_end_matches('\r')) {
            if line.starts_with("  `") {
                table.columns.extend(self.column(line));
            } else if line.starts_with(") ") {
                self.options(line, &mut table);
            } else if line == ")" || line.starts_with("CREATE ") || line.contains("PARTITION") {
            } else {
                self.constraint(line, &mut table);
            }
        }
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.unique.sort_by(|a, b| a.name.cmp(&b.name));
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        table
    }

    fn column(&self, line: &str) -> Option<Column> {
        let found = column().captures(line).or_else(|| loose().captures(line))?;
        let text = |name: &str| found.name(name).map(|part| part.as_str());
        let is =
            |name: &str, word: &str| text(name).is_some_and(|text| text.eq_ignore_ascii_case(word));
        let type_ = types::Declared {
            word: text("coltype")?,
            arguments: text("arg").unwrap_or_default(),
            is_unsigned: text("unsigned").is_some(),
            is_zerofill: text("zerofill").is_some(),
            charset: text("charset"),
            collation: text("collate"),
        };
        let counts = text("autoincr").is_some();
        Some(Column {
            // SQLAlchemy leaves a doubled quote in the name of a column.
            name: text("name")?.to_owned(),
            type_: type_.printed(self.escapes),
            nullable: !is("notnull", "NOT NULL") && !is("notnull_generated", "NOT NULL"),
            default: text("default").filter(|text| *text != "NULL").map(str::to_owned),
            autoincrement: (counts || type_.is_integer()).then_some(counts),
            comment: text("comment").map(cleaned),
            computed: text("generated").map(|expression| Computed {
                expression: expression.to_owned(),
                persisted: text("persistence").map(|way| way == "STORED"),
            }),
            identity: None,
        })
    }

    fn options(&self, line: &str, table: &mut Table) {
        let mut rest = line.to_owned();
        let mut options = BTreeMap::new();
        let strings = STRINGS.iter().map(|word| (word, r"'((?:[^']|'')*)'"));
        let words = WORDS.iter().map(|word| (word, r"(\w+)"));
        for (word, value) in strings.chain(words) {
            let pattern = format!(r"(?i){word}(?:\s*(?:=\s*)|\s+){value}");
            let Ok(pattern) = regex::Regex::new(&pattern) else { continue };
            let Some(found) = pattern.captures(&rest).and_then(|found| found.get(1)) else {
                continue;
            };
            let value = if STRINGS.contains(word) {
                cleaned(found.as_str())
            } else {
                found.as_str().to_owned()
            };
            options.insert(word.to_lowercase(), value);
            rest = pattern.replace_all(&rest, "").into_owned();
        }
        for left_out in ["auto_increment", "data directory", "index directory"] {
            options.remove(left_out);
        }
        table.comment = options.get("comment").cloned();
        table.options = options
            .into_iter()
            .map(|(option, value)| (format!("{}_{option}", self.prefix), value))
            .collect();
    }

    fn constraint(&self, line: &str, table: &mut Table) {
        if let Some(found) = key().captures(line) {
            self.key(&found, table);
        } else if let Some(found) = foreign().captures(line) {
            table.foreign_keys.extend(foreign_key(&found, table.schema.as_deref()));
        } else if let Some(found) = check().captures(line) {
            let text = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
            table.checks.push(Check {
                name: text("name"),
                condition: text("sqltext").unwrap_or_default(),
                ..Check::default()
            });
        }
    }

    fn key(&self, found: &Captures<'_>, table: &mut Table) {
        let text = |name: &str| found.name(name).map(|part| part.as_str());
        let parts = parts(text("columns").unwrap_or_default());
        let columns: Vec<String> = parts.iter().map(|(name, _)| name.clone()).collect();
        let kind = text("type").unwrap_or_default();
        if kind == "PRIMARY" {
            if table.primary_key.columns.is_empty() {
                table.primary_key = Key { columns, ..Key::default() };
            }
            return;
        }
        let name = text("name").unwrap_or_default().to_owned();
        let mut options = BTreeMap::new();
        if matches!(kind, "FULLTEXT" | "SPATIAL") {
            options.insert(format!("{}_prefix", self.prefix), kind.to_owned());
        }
        let versioned = text("version_sql").and_then(|text| parser().captures(text));
        let parser =
            versioned.as_ref().and_then(|found| found.name("parser")).map(|part| part.as_str());
        if let Some(parser) = parser.or(text("parser")) {
            let plain = names(parser).into_iter().next().unwrap_or_else(|| parser.to_owned());
            options.insert(format!("{}_with_parser", self.prefix), plain);
        }
        let lengths: BTreeMap<&String, &String> =
            parts.iter().filter_map(|(name, length)| Some((name, length.as_ref()?))).collect();
        if !lengths.is_empty() {
            let lengths: Vec<String> =
                lengths.into_iter().map(|(name, length)| format!("{name}={length}")).collect();
            options.insert(format!("{}_length", self.prefix), lengths.join("\n"));
        }
        if kind == "UNIQUE" {
            table.unique.push(Key {
                name: Some(name.clone()),
                columns: columns.clone(),
                duplicates_index: Some(name.clone()),
                ..Key::default()
            });
        }
        table.indexes.push(Index {
            name,
            columns: columns.into_iter().map(Some).collect(),
            unique: kind == "UNIQUE",
            options,
            ..Index::default()
        });
    }
}

fn foreign_key(found: &Captures<'_>, schema: Option<&str>) -> Option<ForeignKey> {
    let text = |name: &str| found.name(name).map(|part| part.as_str());
    let mut place = names(text("table")?);
    let plain = |list: &str| parts(list).into_iter().map(|(name, _)| name).collect();
    let rules = ["ondelete", "onupdate"].into_iter().filter_map(|rule| {
        let action = text(rule).filter(|action| *action != "NO ACTION")?;
        Some((rule.to_owned(), action.to_owned()))
    });
    Some(ForeignKey {
        name: text("name").map(str::to_owned),
        columns: plain(text("local")?),
        referred_table: place.pop()?,
        referred_schema: place.pop().or_else(|| schema.map(str::to_owned)),
        referred_columns: plain(text("foreign")?),
        options: rules.collect(),
        comment: None,
    })
}

/// Quoted names of a list, each with its length in an index.
fn parts(list: &str) -> Vec<(String, Option<String>)> {
    part()
        .captures_iter(list)
        .filter(|found| {
            let end = found.get(0).map_or(list.len(), |whole| whole.end());
            list.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
        })
        .filter_map(|found| {
            let length = found.get(2).map(|length| length.as_str().to_owned());
            Some((found.get(1)?.as_str().to_owned(), length))
        })
        .collect()
}

/// `unformat_identifiers`.
fn names(text: &str) -> Vec<String> {
    name()
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.as_str().replace("``", "`")))
        .collect()
}

/// `cleanup_text`.
fn cleaned(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = match (c, characters.peek()) {
            ('\\', Some('\\')) => Some('\\'),
            ('\\', Some('0')) => Some('\0'),
            ('\\', Some('a')) => Some('\u{7}'),
            ('\\', Some('b')) => Some('\u{8}'),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('v')) => Some('\u{b}'),
            ('\\', Some('f')) => Some('\u{c}'),
            ('\\', Some('r')) => Some('\r'),
            _ => None,
        };
        if escaped.is_some() {
            characters.next();
        }
        plain.push(escaped.unwrap_or(c));
    }
    plain.replace("''", "'")
}

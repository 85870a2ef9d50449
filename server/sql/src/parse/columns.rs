//! Columns and constraints as CREATE TABLE and ALTER TABLE spell them.

use revline_schema::{
    Autoincrement, CheckConstraint, Column, Computed, Constraint, Deferral, ExcludeConstraint,
    Expr, ForeignKeyConstraint, Identity, IndexElement, KeyConstraint, Name, Options, Origin,
    ReferenceRules, Schema, SequenceOptions, ServerDefault, SourceText, TableName, TypeKind,
};
use revline_text::Range;

use super::cursor::Cursor;
use super::lexer::Kind;
use super::types;
use crate::text_clause::{self, Part};

/// What is not understood, as a sentence.
pub(crate) type Read<T> = Result<T, String>;

/// A column with the constraints that stand on it.
pub(crate) struct ReadColumn {
    pub(crate) column: Column,
    pub(crate) constraints: Vec<Constraint>,
}

/// Words that end an expression behind DEFAULT.
const AFTER_DEFAULT: &[&str] = &[
    "CONSTRAINT",
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "COLLATE",
    "GENERATED",
    "DEFERRABLE",
    "INITIALLY",
    "AUTOINCREMENT",
];

/// A column from its name to the end of what is left. `table` is its table's name.
pub(crate) fn column(mut cursor: Cursor<'_>, table: &Name, schema: &Schema) -> Read<ReadColumn> {
    let origin = cursor.source.origin(cursor.range());
    let name = cursor.name().ok_or("a column without a name")?;
    let spelled = types::take(&mut cursor, schema).ok_or("a column without a type")?;
    let mut column = Column { origin, ..Column::new(name.clone(), spelled.type_) };
    let mut constraints = Vec::new();
    let mut given = None;
    let is_postgresql = cursor.lexis.is_postgresql;
    if spelled.is_serial {
        column.nullable = Some(false);
    }
    while !cursor.is_empty() {
        let start = cursor;
        if cursor.eat(&["CONSTRAINT"]) {
            given = Some(cursor.name().ok_or("a constraint without a name")?);
            continue;
        }
        if cursor.eat(&["NOT", "NULL"]) {
            column.nullable = Some(false);
            on_conflict(&mut cursor);
            given = None;
        } else if cursor.eat(&["NULL"]) {
            column.nullable = Some(true);
        } else if cursor.eat(&["DEFAULT"]) {
            let expression = cursor.until(|here| here.is_one_of(AFTER_DEFAULT));
            column.server_default = default(expression);
        } else if cursor.eat(&["PRIMARY", "KEY"]) {
            if !cursor.eat(&["ASC"]) {
                cursor.eat(&["DESC"]);
            }
            on_conflict(&mut cursor);
            if cursor.eat(&["AUTOINCREMENT"]) {
                column.autoincrement = Autoincrement::True;
            }
            column.primary_key = true;
            if is_postgresql {
                column.nullable = Some(false);
            }
            let deferral = deferral(&mut cursor);
            constraints.push(Constraint::PrimaryKey(key(&start, given.take(), &name, deferral)));
        } else if cursor.eat(&["UNIQUE"]) {
            let distinct = nulls(&mut cursor);
            on_conflict(&mut cursor);
            let deferral = deferral(&mut cursor);
            let mut key = key(&start, given.take(), &name, deferral);
            if !distinct {
                key.options = key.options.with("postgresql_nulls_not_distinct", true);
            }
            constraints.push(Constraint::Unique(key));
        } else if cursor.is("CHECK") {
            constraints.push(check(&mut cursor, given.take())?);
        } else if cursor.is("REFERENCES") {
            constraints.push(references(&mut cursor, given.take(), vec![name.clone()])?);
        } else if cursor.eat(&["COLLATE"]) {
            let collation = cursor.table().ok_or("a collation without a name")?.name;
            collate(&mut column.type_.kind, collation);
        } else if cursor.is("GENERATED") || cursor.is("AS") {
            column.server_default = Some(generated(&mut cursor)?);
            if matches!(column.server_default, Some(ServerDefault::Identity(_))) {
                column.nullable.get_or_insert(false);
            }
        } else if cursor.eat(&["STORAGE"]) || cursor.eat(&["COMPRESSION"]) {
            cursor.next();
        } else if is_deferral(&cursor) {
            deferral(&mut cursor);
        } else {
            return Err(format!("what {} does to a column is not known", shown(&cursor)));
        }
    }
    if column.nullable.is_none() {
        // Before ALTER COLUMN … and in SQLite, a key takes NULL unless it says otherwise.
        column.nullable = Some(true);
    }
    if spelled.is_serial {
        if column.primary_key {
            column.autoincrement = Autoincrement::True;
        } else {
            let sequence = format!("nextval('{table}_{name}_seq'::regclass)");
            column.server_default = Some(ServerDefault::Expr(Expr::text(sequence.as_str())));
        }
    }
    Ok(ReadColumn { column, constraints })
}

fn key(start: &Cursor<'_>, name: Option<Name>, column: &Name, deferral: Deferral) -> KeyConstraint {
    let origin =
        start.rest().first().map_or(Origin(None), |token| start.source.origin(token.range));
    KeyConstraint {
        name,
        columns: vec![column.clone()],
        deferral,
        origin,
        ..KeyConstraint::default()
    }
}

/// The next word, for a sentence.
pub(crate) fn shown(cursor: &Cursor<'_>) -> String {
    match cursor.rest().first() {
        Some(token) if token.range.len() < 40 => cursor.text(token).to_owned(),
        Some(_) => "a long word".to_owned(),
        None => "the end".to_owned(),
    }
}

/// Gives a type of characters a collation.
pub(crate) fn collate(kind: &mut TypeKind, collation: Name) {
    use revline_schema::Standard;
    if let TypeKind::Standard(
        Standard::Char(characters)
        | Standard::Varchar(characters)
        | Standard::NChar(characters)
        | Standard::NVarchar(characters)
        | Standard::Text(characters),
    ) = kind
    {
        characters.collation = Some(collation);
    }
}

/// What stands behind DEFAULT; `None` for NULL, which is no default.
pub(crate) fn default(mut expression: Cursor<'_>) -> Option<ServerDefault> {
    if let [token] = expression.rest() {
        if token.kind == Kind::String
            && let Some(text) = expression.string()
        {
            return Some(ServerDefault::Str(text));
        }
        if expression.is("NULL") {
            return None;
        }
    }
    Some(ServerDefault::Expr(expr(expression.source_text())))
}

/// A text as an expression: as `sa.text` where that reads nothing into it.
pub(crate) fn expr(text: SourceText) -> Expr {
    let is_plain = !text.as_str().contains("\\:")
        && text_clause::parts(text.as_str()).iter().all(|part| matches!(part, Part::Text(_)));
    if is_plain { Expr::text(text) } else { Expr::LiteralColumn(text) }
}

fn on_conflict(cursor: &mut Cursor<'_>) {
    if cursor.eat(&["ON", "CONFLICT"]) {
        cursor.next();
    }
}

/// `NULLS [NOT] DISTINCT`; whether they are.
fn nulls(cursor: &mut Cursor<'_>) -> bool {
    if cursor.eat(&["NULLS", "NOT", "DISTINCT"]) {
        return false;
    }
    cursor.eat(&["NULLS", "DISTINCT"]);
    true
}

fn is_deferral(cursor: &Cursor<'_>) -> bool {
    cursor.is_one_of(&["DEFERRABLE", "INITIALLY", "ENFORCED"])
        || cursor.is("NOT") && (cursor.is_at(1, "DEFERRABLE") || cursor.is_at(1, "ENFORCED"))
}

/// `[NOT] DEFERRABLE INITIALLY …`.
fn deferral(cursor: &mut Cursor<'_>) -> Deferral {
    let mut deferral = Deferral::default();
    loop {
        if cursor.eat(&["NOT", "DEFERRABLE"]) {
            deferral.deferrable = None;
        } else if cursor.eat(&["DEFERRABLE"]) {
            deferral.deferrable = Some(true);
        } else if cursor.eat(&["INITIALLY"]) {
            let word = cursor.word();
            cursor.next();
            if word == "DEFERRED" {
                deferral.deferrable = Some(true);
                deferral.initially = Some("DEFERRED".into());
            }
        } else if !(cursor.eat(&["ENFORCED"]) || cursor.eat(&["NOT", "ENFORCED"])) {
            return deferral;
        }
    }
}

/// `CHECK (…)`.
fn check(cursor: &mut Cursor<'_>, name: Option<Name>) -> Read<Constraint> {
    let origin = cursor.rest().first().map_or(Range::empty(0), |token| token.range);
    let origin = cursor.source.origin(origin);
    cursor.next();
    let condition = cursor.group().ok_or("a CHECK without a condition")?;
    cursor.eat(&["NO", "INHERIT"]);
    on_conflict(cursor);
    let deferral = deferral(cursor);
    Ok(Constraint::Check(CheckConstraint {
        name,
        condition: expr(condition.source_text()),
        deferral,
        comment: None,
        options: Options::default(),
        origin,
    }))
}

/// `REFERENCES table (columns) …`.
fn references(cursor: &mut Cursor<'_>, name: Option<Name>, columns: Vec<Name>) -> Read<Constraint> {
    let origin = cursor.rest().first().map_or(Range::empty(0), |token| token.range);
    let origin = cursor.source.origin(origin);
    cursor.eat(&["REFERENCES"]);
    let referent: TableName = cursor.table().ok_or("a foreign key without a table")?;
    let referent_columns = if cursor.is_mark('(') {
        cursor.names().ok_or("the columns of a foreign key are not understood")?
    } else {
        Vec::new()
    };
    let mut rules = ReferenceRules::default();
    let mut options = Options::default();
    loop {
        if cursor.eat(&["MATCH"]) {
            rules.match_ = Some(cursor.word().into());
            cursor.next();
        } else if cursor.eat(&["ON", "DELETE"]) {
            rules.on_delete = Some(action(cursor)?.into());
        } else if cursor.eat(&["ON", "UPDATE"]) {
            rules.on_update = Some(action(cursor)?.into());
        } else if cursor.eat(&["NOT", "VALID"]) {
            options = options.with("postgresql_not_valid", true);
        } else if is_deferral(cursor) {
            rules.deferral = deferral(cursor);
        } else {
            break;
        }
    }
    Ok(Constraint::ForeignKey(ForeignKeyConstraint {
        name,
        columns,
        referent,
        referent_columns,
        rules,
        options,
        origin,
        ..ForeignKeyConstraint::default()
    }))
}

fn action(cursor: &mut Cursor<'_>) -> Read<String> {
    for words in [&["SET", "NULL"], &["SET", "DEFAULT"], &["NO", "ACTION"]] {
        if cursor.eat(words) {
            let columns =
                cursor.group().map(|group| format!(" ({})", group.source_text().as_str()));
            return Ok(words.join(" ") + &columns.unwrap_or_default());
        }
    }
    for word in ["CASCADE", "RESTRICT"] {
        if cursor.eat(&[word]) {
            return Ok(word.to_owned());
        }
    }
    Err(format!("what a foreign key does ON {} is not known", shown(cursor)))
}

/// `[GENERATED ALWAYS] AS (…) …`, `GENERATED … AS IDENTITY (…)`.
pub(crate) fn generated(cursor: &mut Cursor<'_>) -> Read<ServerDefault> {
    let always = cursor.eat(&["GENERATED", "ALWAYS"]);
    if !always && cursor.eat(&["GENERATED"]) && !cursor.eat(&["BY", "DEFAULT"]) {
        return Err("what GENERATED means here is not known".to_owned());
    }
    cursor.eat(&["ON", "NULL"]);
    if !cursor.eat(&["AS"]) {
        return Err("what GENERATED means here is not known".to_owned());
    }
    if cursor.eat(&["IDENTITY"]) {
        let sequence = match cursor.group() {
            Some(options) => sequence_options(options)?,
            None => SequenceOptions::default(),
        };
        return Ok(ServerDefault::Identity(Identity { always, on_null: None, sequence }));
    }
    let expression = cursor.group().ok_or("a generated column without an expression")?;
    let persisted = if cursor.eat(&["STORED"]) {
        Some(true)
    } else if cursor.eat(&["VIRTUAL"]) {
        Some(false)
    } else {
        None
    };
    Ok(ServerDefault::Computed(Computed { expression: expr(expression.source_text()), persisted }))
}

fn sequence_options(mut cursor: Cursor<'_>) -> Read<SequenceOptions> {
    let mut options = SequenceOptions::default();
    while !cursor.is_empty() {
        let word = cursor.word();
        cursor.next();
        match word.as_str() {
            "START" => {
                cursor.eat(&["WITH"]);
                options.start = cursor.number();
            }
            "INCREMENT" => {
                cursor.eat(&["BY"]);
                options.increment = cursor.number();
            }
            "MINVALUE" => options.minvalue = cursor.number(),
            "MAXVALUE" => options.maxvalue = cursor.number(),
            "CACHE" => options.cache = cursor.number(),
            "CYCLE" => options.cycle = Some(true),
            "NO" => {
                match cursor.word().as_str() {
                    "MINVALUE" => options.nominvalue = Some(true),
                    "MAXVALUE" => options.nomaxvalue = Some(true),
                    "CYCLE" => options.cycle = Some(false),
                    _ => return Err("an option of an identity is not known".to_owned()),
                }
                cursor.next();
            }
            "SEQUENCE" if cursor.eat(&["NAME"]) => {
                cursor.table();
            }
            _ => return Err("an option of an identity is not known".to_owned()),
        }
    }
    Ok(options)
}

/// Whether a constraint of a table starts here, not a column.
pub(crate) fn is_constraint(cursor: &Cursor<'_>) -> bool {
    cursor.is("CONSTRAINT")
        || cursor.is("PRIMARY") && cursor.is_at(1, "KEY")
        || cursor.is("FOREIGN") && cursor.is_at(1, "KEY")
        || cursor.is("UNIQUE")
        || cursor.is("CHECK")
        || cursor.is("EXCLUDE")
}

/// A constraint of a table, to the end of what is left.
pub(crate) fn constraint(mut cursor: Cursor<'_>) -> Read<Constraint> {
    let origin = cursor.source.origin(cursor.range());
    let name = if cursor.eat(&["CONSTRAINT"]) {
        Some(cursor.name().ok_or("a constraint without a name")?)
    } else {
        None
    };
    let is_primary = cursor.eat(&["PRIMARY", "KEY"]);
    if is_primary || cursor.eat(&["UNIQUE"]) {
        let mut options = Options::default();
        if !nulls(&mut cursor) {
            options = options.with("postgresql_nulls_not_distinct", true);
        }
        if cursor.is("USING") {
            return Err("a constraint is made of an index that is there".to_owned());
        }
        let columns = key_columns(&mut cursor)?;
        if cursor.eat(&["INCLUDE"]) {
            cursor.group();
        }
        on_conflict(&mut cursor);
        skip_storage(&mut cursor);
        let deferral = deferral(&mut cursor);
        end(&cursor)?;
        let key = KeyConstraint { name, columns, deferral, comment: None, options, origin };
        return Ok(if is_primary { Constraint::PrimaryKey(key) } else { Constraint::Unique(key) });
    }
    if cursor.is("CHECK") {
        let mut constraint = check(&mut cursor, name)?;
        if cursor.eat(&["NOT", "VALID"])
            && let Constraint::Check(check) = &mut constraint
        {
            check.options = std::mem::take(&mut check.options).with("postgresql_not_valid", true);
        }
        cursor.eat(&["NO", "INHERIT"]);
        end(&cursor)?;
        return Ok(constraint);
    }
    if cursor.eat(&["FOREIGN", "KEY"]) {
        let columns = cursor.names().ok_or("the columns of a foreign key are not understood")?;
        let constraint = references(&mut cursor, name, columns)?;
        end(&cursor)?;
        return Ok(constraint);
    }
    if cursor.eat(&["EXCLUDE"]) {
        return exclude(&mut cursor, name, origin);
    }
    Err(format!("what {} does to a table is not known", shown(&cursor)))
}

fn end(cursor: &Cursor<'_>) -> Read<()> {
    match cursor.is_empty() {
        true => Ok(()),
        false => Err(format!("what {} does to a constraint is not known", shown(cursor))),
    }
}

fn skip_storage(cursor: &mut Cursor<'_>) {
    if cursor.eat(&["WITH"]) {
        cursor.group();
    }
    if cursor.eat(&["USING", "INDEX", "TABLESPACE"]) {
        cursor.next();
    }
}

/// The columns of a key; SQLite lets an order and a collation stand behind each.
fn key_columns(cursor: &mut Cursor<'_>) -> Read<Vec<Name>> {
    let why = "the columns of a key are not understood";
    let items = cursor.group().ok_or(why)?.items();
    let one = |mut item: Cursor<'_>| {
        let name = item.name()?;
        if item.eat(&["COLLATE"]) {
            item.name();
        }
        if !item.eat(&["ASC"]) {
            item.eat(&["DESC"]);
        }
        item.is_empty().then_some(name)
    };
    items.into_iter().map(one).collect::<Option<_>>().ok_or_else(|| why.to_owned())
}

fn exclude(cursor: &mut Cursor<'_>, name: Option<Name>, origin: Origin) -> Read<Constraint> {
    let mut using = None;
    if cursor.eat(&["USING"]) {
        using = cursor.name().map(|name| name.text);
    }
    let mut elements = Vec::new();
    for mut item in cursor.group().ok_or("an EXCLUDE without elements")?.items() {
        let element = item.until(|here| here.is("WITH"));
        if !item.eat(&["WITH"]) {
            return Err("an EXCLUDE without an operator".to_owned());
        }
        let operator = item.source_text().text;
        let mut alone = element;
        let element = match alone.name() {
            Some(name) if alone.is_empty() => IndexElement::Column(name),
            _ => IndexElement::Expr(expr(element.source_text())),
        };
        elements.push((element, operator));
    }
    skip_storage(cursor);
    let condition = match cursor.eat(&["WHERE"]) {
        true => cursor.group().map(|condition| expr(condition.source_text())),
        false => None,
    };
    let deferral = deferral(cursor);
    end(cursor)?;
    let options = Options::default();
    Ok(Constraint::Exclude(ExcludeConstraint {
        name,
        elements,
        using,
        condition,
        deferral,
        options,
        origin,
    }))
}

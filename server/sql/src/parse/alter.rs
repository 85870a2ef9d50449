//! ALTER.

use std::sync::Arc;

use revline_schema::{
    AddColumn, AddConstraint, AlterColumn, Constraint, CreateIndex, DropColumn, DropConstraint,
    DropIndex, Given, Identity, IndexElement, Key, KeyConstraint, Name, Op, Options, RenameTable,
    ServerDefault, Table, TableName, Touched,
};

use super::columns::{self, Read, ReadColumn};
use super::cursor::Cursor;
use super::names;
use super::reader::{HARMLESS, Reader, brief};
use super::types;

impl Reader {
    pub(crate) fn alter(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        cursor.next();
        let mut kind = cursor.word();
        cursor.next();
        if kind == "FOREIGN" && cursor.eat(&["TABLE"]) {
            kind = "TABLE".to_owned();
        }
        match kind.as_str() {
            "TABLE" => self.alter_table(cursor, &whole),
            "INDEX" => {
                cursor.eat(&["IF", "EXISTS"]);
                let name = cursor.table();
                if cursor.eat(&["RENAME", "TO"]) {
                    match (name, cursor.name()) {
                        (Some(from), Some(to)) => self.rename_index(from.name, to),
                        _ => self.opaque("the name of an index is not understood", &whole),
                    }
                }
            }
            "TYPE" => self.alter_type(cursor),
            "VIEW" | "MATERIALIZED" => {
                cursor.eat(&["VIEW"]);
                cursor.eat(&["IF", "EXISTS"]);
                let view = self.table(&mut cursor);
                if let (Some(view), true) = (view, cursor.eat(&["RENAME", "TO"])) {
                    self.rename_what_is_no_table(&view, cursor);
                }
            }
            "DOMAIN" | "FOREIGN" => {}
            "SCHEMA" if !cursor.mentions("RENAME") => {}
            kind if HARMLESS.contains(&kind) => {}
            other => {
                self.opaque(format!("what ALTER {} does is not known", brief(other)), &whole);
            }
        }
    }

    fn alter_table(&mut self, mut cursor: Cursor<'_>, whole: &Cursor<'_>) {
        if cursor.eat(&["ALL", "IN"]) {
            return;
        }
        let if_exists = cursor.eat(&["IF", "EXISTS"]);
        cursor.eat(&["ONLY"]);
        let Some(table) = self.table(&mut cursor) else {
            return self.opaque("the name of a table is not understood", whole);
        };
        cursor.eat_mark('*');
        if if_exists && !self.has_table(&table) {
            return;
        }
        for action in cursor.items() {
            if let Err(why) = self.action(&table, action) {
                self.touch_table(&table, why);
            }
        }
    }

    fn action(&mut self, table: &TableName, mut cursor: Cursor<'_>) -> Read<()> {
        let word = cursor.word();
        let start = cursor;
        cursor.next();
        match word.as_str() {
            "ADD" => self.add(table, cursor),
            "DROP" => self.drop_part(table, cursor),
            "ALTER" if cursor.is("CONSTRAINT") => {
                Err("when a constraint is checked is changed here".to_owned())
            }
            "ALTER" => self.alter_column(table, cursor),
            "RENAME" => self.rename(table, cursor),
            "VALIDATE" if cursor.eat(&["CONSTRAINT"]) => {
                let name = cursor.name().ok_or("the name of a constraint is not understood")?;
                let known = self.constraint(table, &name);
                match known.as_deref() {
                    Some(Constraint::ForeignKey(_) | Constraint::Check(_)) => {
                        let mut valid = known.as_deref().cloned().ok_or("")?;
                        if let Constraint::ForeignKey(key) = &mut valid {
                            key.options = without(&key.options, "postgresql_not_valid");
                        }
                        if let Constraint::Check(check) = &mut valid {
                            check.options = without(&check.options, "postgresql_not_valid");
                        }
                        if Some(&valid) != known.as_deref() {
                            self.replace_constraint(table, name, valid);
                        }
                        Ok(())
                    }
                    _ => Ok(()),
                }
            }
            "SET" if cursor.eat(&["SCHEMA"]) => {
                let schema = cursor.name().ok_or("the name of a schema is not understood")?;
                if self.has_table(table) {
                    let why = "this table goes into another schema";
                    self.touch(Touched::Referring(table.clone()), why, table.name.origin);
                    self.touch_table(table, why);
                    let to = TableName::in_schema(schema, table.name.clone());
                    let to = self.known(to);
                    self.touch_table(&to, why);
                }
                Ok(())
            }
            "SET" | "RESET" | "OWNER" | "CLUSTER" | "ENABLE" | "DISABLE" | "FORCE" | "REPLICA"
            | "INHERIT" | "NO" => Ok(()),
            "ATTACH" | "DETACH" if cursor.eat(&["PARTITION"]) => {
                let part =
                    self.table(&mut cursor).ok_or("the name of a partition is not understood")?;
                self.touch_table(&part, "this table becomes a partition, or is one no more");
                Ok(())
            }
            _ => Err(format!("what {} does to this table is not known", columns::shown(&start))),
        }
    }

    fn add(&mut self, table: &TableName, mut cursor: Cursor<'_>) -> Read<()> {
        if columns::is_constraint(&cursor) {
            return self.add_constraint(table, cursor);
        }
        cursor.eat(&["COLUMN"]);
        let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
        let ReadColumn { column, constraints } =
            columns::column(cursor, &table.name, &self.schema)?;
        let spelled = self.column_of(table, column.name.clone());
        if if_not_exists && self.columns(table).contains(&spelled) {
            return Ok(());
        }
        let mut column = column;
        column.name.text = spelled.text;
        column.primary_key = false;
        let add = AddColumn { table: table.clone(), column, if_not_exists, ..AddColumn::default() };
        self.push(Op::AddColumn(Box::new(add)));
        let spelled = self.columns(table);
        for mut constraint in constraints {
            self.settle(table, &spelled, &mut constraint, &[]);
            let table = table.clone();
            self.push(Op::AddConstraint(Box::new(AddConstraint { table, constraint })));
        }
        Ok(())
    }

    fn add_constraint(&mut self, table: &TableName, cursor: Cursor<'_>) -> Read<()> {
        let spelled = self.columns(table);
        let mut constraint = match using_index(cursor) {
            Some((name, is_primary, index)) => self.of_index(table, name, is_primary, &index)?,
            None => columns::constraint(cursor)?,
        };
        self.settle(table, &spelled, &mut constraint, &[]);
        if let Constraint::PrimaryKey(key) = &constraint {
            self.forbid_null(table, &key.columns.clone());
        }
        let table = table.clone();
        self.push(Op::AddConstraint(Box::new(AddConstraint { table, constraint })));
        Ok(())
    }

    /// An index becomes the constraint that it is the index of.
    fn of_index(
        &mut self,
        table: &TableName,
        name: Option<Name>,
        is_primary: bool,
        index: &Name,
    ) -> Read<Constraint> {
        let why = "a constraint is made of an index that is not known";
        let known = self.schema.table(&Key::from(table)).ok_or(why)?;
        let own = known.index(index.as_str()).cloned().ok_or(why)?;
        let columns: Option<Vec<Name>> =
            own.elements.iter().map(|element| element.column().cloned()).collect();
        let key = KeyConstraint {
            name: Some(name.unwrap_or_else(|| index.clone())),
            columns: columns.ok_or(why)?,
            origin: index.origin,
            ..KeyConstraint::default()
        };
        self.push(Op::DropIndex(DropIndex {
            name: Some(index.clone()),
            table: Some(table.name.clone()),
            schema: table.schema.clone(),
            ..DropIndex::default()
        }));
        Ok(if is_primary { Constraint::PrimaryKey(key) } else { Constraint::Unique(key) })
    }

    fn drop_part(&mut self, table: &TableName, mut cursor: Cursor<'_>) -> Read<()> {
        let cascades = cursor.mentions("CASCADE");
        let is_constraint = cursor.eat(&["CONSTRAINT"]);
        if !is_constraint {
            cursor.eat(&["COLUMN"]);
        }
        let if_exists = cursor.eat(&["IF", "EXISTS"]);
        let name = cursor.name().ok_or("the name of what is dropped is not understood")?;
        let table = table.clone();
        if cascades {
            let why = "a foreign key to what is dropped goes with it";
            self.touch(Touched::Referring(table.clone()), why, name.origin);
        }
        if is_constraint {
            let name = Some(name);
            let drop = DropConstraint { table, name, kind: None, if_exists };
            self.push(Op::DropConstraint(drop));
            return Ok(());
        }
        let column = self.column_of(&table, name);
        // Conditions and expressions that say the column go with it on PostgreSQL.
        let says = |text: String| names::has_word(&text, column.as_str());
        let is_said = self.schema.table(&Key::from(&table)).is_some_and(|known| {
            known.constraints.iter().any(|constraint| match &**constraint {
                Constraint::Check(check) => says(format!("{:?}", check.condition)),
                _ => false,
            }) || known.indexes.iter().any(|index| {
                let is_expression = |element: &IndexElement| element.column().is_none();
                (index.elements.iter().any(is_expression) || !index.options.is_empty())
                    && says(format!("{:?}{:?}", index.elements, index.options))
            })
        });
        let origin = column.origin;
        self.push(Op::DropColumn(DropColumn {
            table: table.clone(),
            column,
            if_exists,
            options: Options::default(),
        }));
        if is_said {
            let why = "a condition or expression that says a dropped column goes with it";
            self.touch(Touched::Table(table), why, origin);
        }
        Ok(())
    }

    fn alter_column(&mut self, table: &TableName, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.eat(&["COLUMN"]);
        let name = cursor.name().ok_or("the name of a column is not understood")?;
        let column = self.column_of(table, name);
        let mut alter = AlterColumn { table: table.clone(), column, ..AlterColumn::default() };
        let start = cursor;
        if cursor.eat(&["SET", "DATA", "TYPE"]) || cursor.eat(&["TYPE"]) {
            let spelled =
                types::take(&mut cursor, &self.schema).ok_or("a type is not understood")?;
            let mut type_ = spelled.type_;
            if cursor.eat(&["COLLATE"]) {
                let collation = cursor.table().ok_or("a collation without a name")?.name;
                columns::collate(&mut type_.kind, collation);
            }
            alter.type_ = Some(type_);
        } else if cursor.eat(&["SET", "DEFAULT"]) {
            alter.server_default = columns::default(cursor).map_or(Given::None, Given::Some);
        } else if cursor.eat(&["DROP", "DEFAULT"])
            || cursor.eat(&["DROP", "IDENTITY"])
            || cursor.eat(&["DROP", "EXPRESSION"])
        {
            alter.server_default = Given::None;
            alter.autoincrement = Some(false);
        } else if cursor.eat(&["SET", "NOT", "NULL"]) {
            alter.nullable = Some(false);
        } else if cursor.eat(&["DROP", "NOT", "NULL"]) {
            alter.nullable = Some(true);
        } else if cursor.eat(&["ADD"]) {
            let default = columns::generated(&mut cursor)?;
            if !matches!(default, ServerDefault::Identity(Identity { .. })) {
                return Err("what is added to a column is not understood".to_owned());
            }
            alter.server_default = Given::Some(default);
        } else if cursor.eat(&["SET", "STATISTICS"])
            || cursor.eat(&["SET", "STORAGE"])
            || cursor.eat(&["SET", "COMPRESSION"])
            || cursor.eat(&["RESET"])
            || cursor.eat(&["RESTART"])
            || cursor.is("SET") && cursor.rest().get(1).is_some_and(|t| cursor.text(t) == "(")
        {
            return Ok(());
        } else {
            return Err(format!("what {} does to a column is not known", columns::shown(&start)));
        }
        self.push(Op::AlterColumn(Box::new(alter)));
        Ok(())
    }

    fn rename(&mut self, table: &TableName, mut cursor: Cursor<'_>) -> Read<()> {
        let why = "the new name is not understood";
        if cursor.eat(&["TO"]) || cursor.eat(&["AS"]) {
            if !self.has_table(table) && self.is_index(&table.name) {
                let to = cursor.name().ok_or(why)?;
                self.rename_index(table.name.clone(), to);
            } else if !self.has_table(table) {
                self.rename_what_is_no_table(table, cursor);
            } else {
                let new_name = cursor.name().ok_or(why)?;
                self.push(Op::RenameTable(RenameTable { table: table.clone(), new_name }));
            }
            return Ok(());
        }
        let is_constraint = cursor.eat(&["CONSTRAINT"]);
        if !is_constraint {
            cursor.eat(&["COLUMN"]);
        }
        let from = cursor.name().ok_or(why)?;
        if !cursor.eat(&["TO"]) {
            return Err(why.to_owned());
        }
        let to = cursor.name().ok_or(why)?;
        if is_constraint {
            return self.rename_constraint(table, from, to);
        }
        let column = self.column_of(table, from);
        self.push(Op::AlterColumn(Box::new(AlterColumn {
            table: table.clone(),
            column: column.clone(),
            new_name: Some(to.clone()),
            ..AlterColumn::default()
        })));
        self.follow(table, &column, &to);
        Ok(())
    }

    /// Foreign keys follow the column that they point to.
    fn follow(&mut self, table: &TableName, from: &Name, to: &Name) {
        let key = Key::from(table);
        let mut found = Vec::new();
        for known in self.schema.tables.values() {
            for constraint in &known.constraints {
                if let Constraint::ForeignKey(own) = &**constraint
                    && Key::from(&own.referent) == key
                    && own.referent_columns.contains(from)
                {
                    let mut own = own.clone();
                    for column in own.referent_columns.iter_mut().filter(|name| *name == from) {
                        *column = to.clone();
                    }
                    found.push((known.name.clone(), own));
                }
            }
        }
        for (table, own) in found {
            match own.name.clone() {
                Some(name) => self.replace_constraint(&table, name, Constraint::ForeignKey(own)),
                None => {
                    self.touch_table(&table, "a column that a foreign key points to is renamed")
                }
            }
        }
    }

    /// A view, a sequence, or a table that is not there: whatever has the new name then is no table
    /// that is known.
    fn rename_what_is_no_table(&mut self, from: &TableName, mut cursor: Cursor<'_>) {
        if let Some(to) = cursor.name()
            && self.schema.tables.values().any(|table| !table.is_certain())
        {
            let to = TableName { schema: from.schema.clone(), name: to };
            self.touch_table(&to, "something that may be no table gets this name");
        }
    }

    fn is_index(&self, name: &Name) -> bool {
        self.schema.tables.values().any(|table| table.index(name.as_str()).is_some())
    }

    fn constraint(&self, table: &TableName, name: &Name) -> Option<Arc<Constraint>> {
        self.schema.table(&Key::from(table))?.constraint(name.as_str()).cloned()
    }

    /// The constraint without a name that PostgreSQL calls so.
    fn unnamed(&self, table: &Table, name: &Name) -> Option<Arc<Constraint>> {
        let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
        let is_meant = |constraint: &&Arc<Constraint>| {
            constraint.name().is_none()
                && names::of_constraint(&table.name.name, &columns, constraint, |_| false).text
                    == name.text
        };
        table.constraints.iter().find(is_meant).cloned()
    }

    fn rename_constraint(&mut self, table: &TableName, from: Name, to: Name) -> Read<()> {
        let Some(known) = self.constraint(table, &from) else {
            // It is reported where it must be there; else it has the new name in a table in doubt.
            let unnamed = self
                .schema
                .table(&Key::from(table))
                .is_some_and(|known| self.unnamed(known, &from).is_some() || !known.is_certain());
            if unnamed {
                return Err("a constraint that the database named gets a name".to_owned());
            }
            self.push(Op::DropConstraint(DropConstraint {
                table: table.clone(),
                name: Some(from),
                ..DropConstraint::default()
            }));
            return Ok(());
        };
        let mut renamed = (*known).clone();
        let name = Some(to);
        match &mut renamed {
            Constraint::PrimaryKey(key) | Constraint::Unique(key) => key.name = name,
            Constraint::ForeignKey(key) => key.name = name,
            Constraint::Check(check) => check.name = name,
            Constraint::Exclude(exclude) => exclude.name = name,
        }
        self.replace_constraint(table, from, renamed);
        Ok(())
    }

    fn replace_constraint(&mut self, table: &TableName, old: Name, new: Constraint) {
        self.push(Op::DropConstraint(DropConstraint {
            table: table.clone(),
            name: Some(old),
            ..DropConstraint::default()
        }));
        let table = table.clone();
        self.push(Op::AddConstraint(Box::new(AddConstraint { table, constraint: new })));
    }

    fn rename_index(&mut self, from: Name, to: Name) {
        let name = from.as_str();
        let found = self.schema.tables.values().find_map(|table| {
            let is_key = table.constraint(name).is_some();
            (is_key || table.index(name).is_some()).then(|| (table.clone(), is_key))
        });
        let unnamed = || self.schema.tables.values().find(|t| self.unnamed(t, &from).is_some());
        match found {
            Some((table, true)) => {
                if let Err(why) = self.rename_constraint(&table.name, from, to) {
                    self.touch_table(&table.name, why);
                }
            }
            Some((table, false)) => {
                let Some(index) = table.index(name) else { return };
                let index = revline_schema::Index { name: Some(to), ..(**index).clone() };
                self.push(Op::DropIndex(DropIndex {
                    name: Some(from),
                    table: Some(table.name.name.clone()),
                    schema: table.name.schema.clone(),
                    ..DropIndex::default()
                }));
                let table = table.name.clone();
                self.push(Op::CreateIndex(CreateIndex { table, index, if_not_exists: false }));
            }
            None => match unnamed().map(|table| table.name.clone()) {
                Some(table) => {
                    self.touch_table(&table, "a constraint that the database named gets a name");
                }
                None => {
                    self.push(Op::DropIndex(DropIndex { name: Some(from), ..DropIndex::default() }))
                }
            },
        }
    }
}

/// `[CONSTRAINT name] UNIQUE | PRIMARY KEY USING INDEX index`.
fn using_index(mut cursor: Cursor<'_>) -> Option<(Option<Name>, bool, Name)> {
    let name = if cursor.eat(&["CONSTRAINT"]) { Some(cursor.name()?) } else { None };
    let is_primary = cursor.eat(&["PRIMARY", "KEY"]);
    if !is_primary && !cursor.eat(&["UNIQUE"]) {
        return None;
    }
    cursor.eat(&["USING", "INDEX"]).then(|| cursor.name()).flatten().map(|i| (name, is_primary, i))
}

fn without(options: &Options, keyword: &str) -> Options {
    let mut options = options.clone();
    options.0.remove(keyword);
    options
}

//! PostgreSQL's enumerations.

use std::sync::Arc;

use revline_schema::{
    AlterColumn, ArrayType, EnumFlavour, EnumType, Key, Name, Op, SourceText, SqlType, TableName,
    TypeKind, TypeOp,
};

use super::cursor::Cursor;
use super::reader::Reader;

impl Reader {
    /// `CREATE TYPE name AS ENUM (…)`; other types leave tables as they are.
    pub(crate) fn create_type(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        let Some(name) = cursor.table() else {
            return self.opaque("the name of a type is not understood", &whole);
        };
        if !cursor.eat(&["AS", "ENUM"]) {
            return;
        }
        let items = cursor.group().map(|group| group.items()).unwrap_or_default();
        let values: Option<Vec<SourceText>> = items.into_iter().map(|mut i| i.string()).collect();
        let Some(values) = values else {
            return self.opaque("the values of a type are not understood", &whole);
        };
        let key = self.type_key(&name);
        self.push(Op::CreateType(type_op(enumeration(&key, &name.name, values), &name)));
    }

    pub(crate) fn drop_type(&mut self, name: &TableName) {
        let key = self.type_key(name);
        self.push(Op::DropType(type_op(enumeration(&key, &name.name, Vec::new()), name)));
    }

    /// `ALTER TYPE`.
    pub(crate) fn alter_type(&mut self, mut cursor: Cursor<'_>) {
        let whole = cursor;
        let Some(name) = cursor.table() else {
            return self.opaque("the name of a type is not understood", &whole);
        };
        let key = self.type_key(&name);
        let Some(known) = self.schema.enums.get(&key).cloned() else { return };
        let mut changed = (*known).clone();
        if cursor.eat(&["ADD", "VALUE"]) {
            cursor.eat(&["IF", "NOT", "EXISTS"]);
            let Some(value) = cursor.string() else {
                return self.opaque("the value of a type is not understood", &whole);
            };
            if changed.values.contains(&value) {
                return;
            }
            let is_before = cursor.eat(&["BEFORE"]);
            let beside = if is_before || cursor.eat(&["AFTER"]) { cursor.string() } else { None };
            let place = beside.and_then(|beside| changed.values.iter().position(|v| *v == beside));
            match place {
                Some(place) => changed.values.insert(place + usize::from(!is_before), value),
                None => changed.values.push(value),
            }
        } else if cursor.eat(&["RENAME", "VALUE"]) {
            let from = cursor.string();
            cursor.eat(&["TO"]);
            let (Some(from), Some(to)) = (from, cursor.string()) else {
                return self.opaque("the value of a type is not understood", &whole);
            };
            for value in changed.values.iter_mut().filter(|value| **value == from) {
                *value = to.clone();
            }
        } else if cursor.eat(&["RENAME", "TO"]) {
            match cursor.name() {
                Some(name) => changed.name = Some(name),
                None => return self.opaque("the name of a type is not understood", &whole),
            }
        } else if cursor.eat(&["SET", "SCHEMA"]) {
            match cursor.name() {
                Some(schema) => {
                    changed.schema = Some(schema).filter(|schema| schema.as_str() != "public");
                }
                None => return self.opaque("the name of a schema is not understood", &whole),
            }
        } else {
            return;
        }
        self.push(Op::DropType(type_op((*known).clone(), &name)));
        self.push(Op::CreateType(type_op(changed.clone(), &name)));
        self.retype(&key, &Arc::new(changed));
    }

    /// Gives columns of an enumeration the one that it has become.
    fn retype(&mut self, key: &Key, to: &Arc<EnumType>) {
        let mut all = Vec::new();
        for table in self.schema.tables.values() {
            for column in &table.columns {
                let kind = match &column.type_.kind {
                    TypeKind::Enum(own) if is(own, key) => TypeKind::Enum(column_type(own, to)),
                    TypeKind::Array(array) => match &array.item.kind {
                        TypeKind::Enum(own) if is(own, key) => {
                            let item = TypeKind::Enum(column_type(own, to)).into();
                            let dimensions = array.dimensions;
                            TypeKind::Array(Arc::new(ArrayType { item, dimensions }))
                        }
                        _ => continue,
                    },
                    _ => continue,
                };
                all.push(AlterColumn {
                    table: table.name.clone(),
                    column: column.name.clone(),
                    type_: Some(SqlType { kind, ..column.type_.clone() }),
                    ..AlterColumn::default()
                });
            }
        }
        for alter in all {
            self.push(Op::AlterColumn(Box::new(alter)));
        }
    }

    /// The key that the schema knows a type by.
    fn type_key(&self, name: &TableName) -> Key {
        let key = Key::from(name);
        let bare = Key::new(key.name.clone());
        let full = Key { schema: Some("public".into()), name: key.name.clone() };
        let is_known = |key: &Key| self.schema.enums.get(key).is_some();
        match key.schema.as_deref() {
            Some("public") if !is_known(&key) => bare,
            None if !is_known(&key) && is_known(&full) => full,
            _ => key,
        }
    }
}

fn is(enum_: &EnumType, key: &Key) -> bool {
    enum_.native_enum
        && enum_.name.as_ref().is_some_and(|name| name.text == key.name)
        && enum_.schema.as_ref().map(|schema| &schema.text) == key.schema.as_ref()
}

/// What a column is declared with stays, what the type is changes.
fn column_type(own: &EnumType, to: &EnumType) -> Arc<EnumType> {
    Arc::new(EnumType {
        values: to.values.clone(),
        name: to.name.clone(),
        schema: to.schema.clone(),
        ..own.clone()
    })
}

fn enumeration(key: &Key, name: &Name, values: Vec<SourceText>) -> EnumType {
    let schema = key.schema.as_ref().map(|schema| Name::new(schema.clone()));
    let name = Some(Name { text: key.name.clone(), ..name.clone() });
    EnumType { values, name, schema, flavour: EnumFlavour::Postgresql, ..EnumType::new("", []) }
}

fn type_op(enum_: EnumType, name: &TableName) -> TypeOp {
    let type_ = SqlType::new(TypeKind::Enum(Arc::new(enum_)));
    TypeOp { type_, checkfirst: Some(false), origin: name.name.origin }
}

//! Tables, columns and types.

use revline_schema::{
    AddColumn, AlterColumn, Constraint, ConstraintKind, CreateTable, DropTable, EnumFlavour,
    EnumType, ForeignKey, Key, TableComment, TableName, TypeKind, TypeOp,
};

use super::Renderer;
use super::constraints::bare_table;
use crate::batch::checks::without_check;
use crate::build::{self, Piece};
use crate::index::Making;
use crate::print::{Cx, Halt, Print};
use crate::rendered::Mode;
use crate::{ddl, identifier, keywords, literal, types};

impl Renderer<'_> {
    pub(super) fn create_table(&mut self, op: &CreateTable) -> Print<()> {
        keywords::check_table(op)?;
        let table = build::table(self.cx, op)?;
        for column in &table.columns {
            if let Some(enum_) = self.cx.dialect.before_table(self.cx, &column.column) {
                self.make_type_once(enum_)?;
            }
        }
        let statement = ddl::create_table(self.cx, &table, op.if_not_exists)?;
        self.sql(statement);
        for index in &table.indexes {
            let statement =
                self.cx.dialect.create_index(self.cx, &op.table, index, Making::Inline)?;
            self.sql(statement);
        }
        if self.cx.dialect.facts().comments {
            if let Some(comment) = &table.comment {
                let comment = literal::string(self.cx, comment.as_str());
                let table = identifier::table(self.cx, &op.table);
                self.sql(format!("COMMENT ON TABLE {table} IS {comment}"));
            }
            for column in &table.columns {
                self.column_comment(&op.table, &column.column);
            }
        }
        Ok(())
    }

    pub(super) fn make_type_once(&mut self, enum_: &EnumType) -> Print<()> {
        let name = enum_.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let schema = enum_.schema.as_ref().map(|schema| schema.text.clone());
        if self.memory.types.insert((schema, name))
            && let Some(statement) = self.cx.dialect.create_type(self.cx, enum_)?
        {
            self.sql(statement);
        }
        Ok(())
    }

    pub(super) fn column_comment(&mut self, table: &TableName, column: &revline_schema::Column) {
        if let Some(comment) = &column.comment {
            let comment = literal::string(self.cx, comment.as_str());
            let table = identifier::table(self.cx, table);
            let column = self.cx.quote(&column.name);
            self.sql(format!("COMMENT ON COLUMN {table}.{column} IS {comment}"));
        }
    }

    pub(super) fn drop_table(&mut self, op: &DropTable) -> Print<()> {
        let exists = if op.if_exists { "IF EXISTS " } else { "" };
        self.sql(format!("DROP TABLE {exists}{}", identifier::table(self.cx, &op.table)));
        Ok(())
    }

    pub(super) fn table_comment(&mut self, op: &TableComment) {
        let comment = match &op.comment {
            Some(comment) if !op.is_drop => literal::string(self.cx, comment.as_str()),
            _ => "NULL".to_owned(),
        };
        self.sql(format!(
            "COMMENT ON TABLE {} IS {comment}",
            identifier::table(self.cx, &op.table)
        ));
    }

    pub(super) fn add_column(&mut self, op: &AddColumn) -> Print<()> {
        let cx = self.cx;
        // The name of the CHECK that a type brings is asked for when the CHECK is printed, if it is.
        let check = build::type_check(cx, &op.table, &op.column.name, &op.column.type_);
        let type_ = without_check(&op.column.type_);
        let given = revline_schema::Column { type_, ..op.column.clone() };
        let mut table = build::around_column(cx, &op.table, &given)?;
        if let Ok(Some(check)) = &check {
            let is_unique =
                |piece: &&Piece| matches!(piece, Piece::Constraint(Constraint::Unique(_)));
            let at = table.pieces.iter().take_while(is_unique).count();
            table.pieces.insert(at, Piece::Implicit(check.clone()));
        }
        let Some(column) = table.columns.first() else { return Ok(()) };
        let mut text = format!(
            "ALTER TABLE {} ADD COLUMN {}{}",
            identifier::altered_table(cx, &op.table),
            if op.if_not_exists { "IF NOT EXISTS " } else { "" },
            cx.dialect.column_spec(cx, &table, column)?
        );
        if op.inline_primary_key && column.primary_key {
            text.push_str(" PRIMARY KEY");
        }
        let inline = match op.column.foreign_keys.as_slice() {
            [only] if op.inline_references => Some(only),
            _ => None,
        };
        if let Some(key) = inline {
            text.push_str(&inline_reference(cx, key)?);
        }
        for check in &column.checks {
            text.push_str(&format!(" {}", ddl::check(cx, check)?));
        }
        self.sql(text);
        if let Err(halt) = check
            && cx.dialect.refuses_constraints(true).is_none()
        {
            return Err(halt);
        }
        for piece in &table.pieces {
            let is_inline =
                inline.is_some() && matches!(piece, Piece::Constraint(Constraint::ForeignKey(_)));
            if !is_inline {
                self.add_constraint(&table, piece)?;
            }
        }
        for index in &table.indexes {
            let statement = cx.dialect.create_index(cx, &op.table, index, Making::Inline)?;
            self.sql(statement);
        }
        if cx.dialect.facts().comments {
            self.column_comment(&op.table, &op.column);
        }
        Ok(())
    }

    pub(super) fn alter_column(&mut self, op: &AlterColumn) -> Print<()> {
        let cx = self.cx;
        if let (Some(old), Some(_)) = (&op.existing_type, &op.type_)
            && let Some(check) = build::type_check(cx, &op.table, &op.column, old)?
        {
            let kind = Some(ConstraintKind::Check);
            self.drop_constraint(&op.table, check.name.as_ref(), false, true, kind)?;
        }
        let is_rejected = cx.mode == Mode::Execute && cx.dialect.rejects_alter_column(op);
        let count = self.count();
        cx.dialect.alter_column(self, op)?;
        if is_rejected && self.count() > count {
            self.cut(count + 1);
            return Err(Halt::Refused(
                "(sqlite3.OperationalError) near \"ALTER\": syntax error".to_owned(),
            ));
        }
        if let Some(new) = &op.type_
            && let Some(check) = build::type_check(cx, &op.table, &op.column, new)?
        {
            let table = bare_table(&op.table);
            self.add_constraint(&table, &Piece::Implicit(check))?;
        }
        Ok(())
    }

    pub(super) fn create_type(&mut self, op: &TypeOp) -> Print<()> {
        if let Some(enum_) = self.named_type(op)?
            && self.asks_for_type(op, enum_)? != Some(true)
            && let Some(statement) = self.cx.dialect.create_type(self.cx, enum_)?
        {
            self.sql(statement);
        }
        Ok(())
    }

    pub(super) fn drop_type(&mut self, op: &TypeOp) -> Print<()> {
        if let Some(enum_) = self.named_type(op)?
            && self.asks_for_type(op, enum_)? != Some(false)
            && let Some(statement) = self.cx.dialect.drop_type(self.cx, enum_)?
        {
            self.sql(statement);
        }
        Ok(())
    }

    /// Online, `checkfirst` asks the database whether the type is there; `None` where nobody asks,
    /// as in a script. `sa.Enum` asks where it is told to, `postgresql.ENUM` unless it is told not to.
    fn asks_for_type(&mut self, op: &TypeOp, enum_: &EnumType) -> Print<Option<bool>> {
        let asks = op.checkfirst.unwrap_or(enum_.flavour == EnumFlavour::Postgresql);
        if self.cx.mode == Mode::Script || !asks {
            return Ok(None);
        }
        let Some(schema) = self.schema() else {
            return Err(Halt::unknown("whether the type exists already is asked of the database"));
        };
        let name = enum_.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let key = Key { schema: enum_.schema.as_ref().map(|s| s.text.clone()), name };
        if let Some(doubt) = &schema.doubt {
            return Err(Halt::Unknown(revline_schema::Opaque {
                why: format!("whether the type \"{}\" exists: {}", key.name, doubt.why).into(),
                origin: doubt.origin,
            }));
        }
        let exists = schema.enums.get(&key).is_some();
        let verb = if exists { "exists" } else { "does not exist" };
        self.assume(format!("type \"{}\" {verb}", key.name));
        Ok(Some(exists))
    }

    pub(super) fn named_type<'t>(&self, op: &'t TypeOp) -> Print<Option<&'t EnumType>> {
        match types::resolve(self.cx, &op.type_) {
            TypeKind::Enum(_) if !self.cx.dialect.facts().native_enum => Ok(None),
            TypeKind::Enum(enum_) => Ok(enum_.native_enum.then_some(&**enum_)),
            TypeKind::Opaque(opaque) => Err(opaque.clone().into()),
            _ => Err(Halt::unknown("what making this type prints is not known")),
        }
    }
}

fn inline_reference(cx: Cx<'_>, key: &ForeignKey) -> Print {
    let Some(column) = &key.referent_column else {
        return Err(Halt::unknown("the column that this foreign key points to is not named"));
    };
    Ok(format!(
        " REFERENCES {} ({}){}",
        identifier::table(cx, &key.referent),
        cx.quote(column),
        ddl::reference_rules(cx, &key.rules)?
    ))
}

//! The table of a batch while its directives change it: Alembic's `ApplyBatchImpl`.
//!
//! A column keeps the name it had as its key to the end, renamed or not; constraints and indexes
//! speak of keys. That is Alembic's own way, with what follows from it: an index that is made in the
//! same batch cannot name a renamed column by its new name.

use revline_schema::{
    AddColumn, AlterColumn, Autoincrement, Batch, Column, Constraint, ConstraintKind, Expr, Given,
    Index, Name, ServerDefault, SqlType, TypeKind,
};

use super::calls::Call;
use super::order::{self, Pair};
use super::source::Source;
use crate::build::Piece;
use crate::identifier::python_repr;
use crate::print::{Cx, Halt, Print};
use crate::types::{self, Affinity};

/// A column on its way into the copy.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    /// The name it had, or was added under.
    pub(super) key: Name,
    /// As the copy has it.
    pub(super) column: Column,
    /// The casts around its old value, innermost first; `None` for a column without an old value.
    pub(super) value: Option<Vec<SqlType>>,
    /// Its type makes its CHECK together with the copy.
    pub(super) brings_check: bool,
    /// It was added here, so that `index=True` and `unique=True` take effect once more.
    pub(super) is_added: bool,
}

/// A constraint on its way into the copy.
struct Held {
    piece: Piece,
    /// It stood in the table before.
    is_own: bool,
}

impl Held {
    fn is_own_key(&self) -> bool {
        self.is_own && matches!(self.piece, Piece::Constraint(Constraint::PrimaryKey(_)))
    }
}

/// The state of a batch.
pub(super) struct Moving<'a> {
    cx: Cx<'a>,
    pub(super) columns: Vec<Moved>,
    existing: Vec<Name>,
    /// Constraints under their names, in the order of a Python dictionary.
    named: Vec<(Name, Held)>,
    unnamed: Vec<Held>,
    pub(super) indexes: Vec<Index>,
    pub(super) new_indexes: Vec<Index>,
    pairs: Vec<Pair>,
    partial_reordering: &'a [Vec<Name>],
}

impl<'a> Moving<'a> {
    pub(super) fn new(cx: Cx<'a>, source: &Source, batch: &'a Batch) -> Self {
        let columns: Vec<Moved> = source
            .columns
            .iter()
            .map(|column| Moved {
                key: column.name.clone(),
                column: Column { index: false, unique: false, ..column.clone() },
                value: Some(Vec::new()),
                brings_check: !source.is_reflected,
                is_added: false,
            })
            .collect();
        let mut moving = Self {
            cx,
            existing: columns.iter().map(|column| column.key.clone()).collect(),
            columns,
            named: Vec::new(),
            unnamed: Vec::new(),
            indexes: source.indexes.clone(),
            new_indexes: Vec::new(),
            pairs: Vec::new(),
            partial_reordering: &batch.options.partial_reordering,
        };
        let key = Piece::Constraint(Constraint::PrimaryKey(source.key.clone()));
        for piece in std::iter::once(&key).chain(&source.pieces) {
            match piece {
                // Nobody can tell what an unnamed CHECK belongs to, so it is left out.
                Piece::Constraint(Constraint::Check(check))
                    if source.is_reflected && check.name.is_none() => {}
                // The type makes it anew.
                Piece::Implicit(_) => {}
                _ => moving.keep(piece.clone(), true),
            }
        }
        moving
    }

    fn keep(&mut self, piece: Piece, is_own: bool) {
        let name = name_of(&piece).cloned();
        let held = Held { piece, is_own };
        let Some(name) = name else {
            self.unnamed.push(held);
            return;
        };
        match self.named.iter_mut().find(|(other, _)| other.text == name.text) {
            Some((_, place)) => *place = held,
            None => self.named.push((name, held)),
        }
    }

    /// The constraints in the order in which the copy gets them.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.named.iter().map(|(_, held)| &held.piece).chain(self.unnamed.iter().map(|h| &h.piece))
    }

    pub(super) fn apply(&mut self, call: &Call<'_>) -> Print<()> {
        match call {
            Call::AddColumn(op) => self.add_column(op),
            Call::AlterColumn(op) => self.alter_column(op),
            Call::DropColumn(op) => self.drop_column(&op.column),
            Call::AddConstraint(piece) => self.add_constraint(piece),
            Call::DropConstraint { name, is_implicit } => {
                self.drop_constraint(name.as_ref(), *is_implicit)
            }
            Call::CreateIndex(index) => {
                match self.new_indexes.iter_mut().find(|other| other.name == index.name) {
                    Some(place) => *place = index.clone(),
                    None => self.new_indexes.push(index.clone()),
                }
                Ok(())
            }
            Call::DropIndex(name) => {
                let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
                let wanted = text(name);
                let place = self.indexes.iter().position(|index| text(&index.name) == wanted);
                let Some(place) = place else {
                    let name = wanted.unwrap_or_default();
                    return Err(Halt::Refused(format!("No such index: '{name}'")));
                };
                self.indexes.remove(place);
                Ok(())
            }
        }
    }

    fn place(&self, key: &Name) -> Print<usize> {
        let found = self.columns.iter().position(|column| column.key.text == key.text);
        found.ok_or_else(|| Halt::Refused(python_repr(key.as_str())))
    }

    fn add_column(&mut self, op: &AddColumn) -> Print<()> {
        order::of_added(
            &op.column.name,
            op.insert_before.as_ref(),
            op.insert_after.as_ref(),
            &self.existing,
            !self.partial_reordering.is_empty(),
            &mut self.pairs,
        )?;
        if op.column.key.is_some() {
            return Err(Halt::unknown("a column whose key differs from its name"));
        }
        let moved = Moved {
            key: op.column.name.clone(),
            column: Column { foreign_keys: Vec::new(), ..op.column.clone() },
            value: None,
            brings_check: false,
            is_added: true,
        };
        match self.place(&moved.key) {
            Ok(place) => {
                if let Some(column) = self.columns.get_mut(place) {
                    *column = moved;
                }
            }
            Err(_) => self.columns.push(moved),
        }
        Ok(())
    }

    fn drop_column(&mut self, name: &Name) -> Print<()> {
        let place = self.place(name)?;
        self.columns.remove(place);
        for held in self.named.iter_mut().map(|(_, held)| held).chain(&mut self.unnamed) {
            // The table's own key forgets the column; a key that was added here does not.
            if held.is_own
                && let Piece::Constraint(Constraint::PrimaryKey(key)) = &mut held.piece
            {
                key.columns.retain(|column| column.text != name.text);
            }
        }
        match self.existing.iter().position(|other| other.text == name.text) {
            Some(place) => {
                self.existing.remove(place);
                Ok(())
            }
            None => Err(Halt::Refused("list.remove(x): x not in list".to_owned())),
        }
    }

    fn alter_column(&mut self, op: &AlterColumn) -> Print<()> {
        let cx = self.cx;
        let place = self.place(&op.column)?;
        if let Some(name) = &op.new_name
            && name.text != op.column.text
            && let Some(existing) = &op.existing_type
        {
            let given = existing.on(cx.dialect.facts().name);
            if matches!(given, TypeKind::Interval(_)) {
                // A decorator passes the question on to what it wraps.
                return Err(Halt::Refused("'DateTime' object has no attribute 'name'".to_owned()));
            }
            if matches!(given, TypeKind::PickleType | TypeKind::Decorated { .. }) {
                return Err(Halt::unknown("which constraint the existing type is bound to"));
            }
            let name = match types::resolve(cx, existing) {
                TypeKind::Enum(enum_) => enum_.name.as_ref(),
                TypeKind::Boolean(boolean)
                | TypeKind::Standard(revline_schema::Standard::Boolean(boolean)) => {
                    boolean.name.as_ref()
                }
                TypeKind::Array(_) | TypeKind::Opaque(_) => {
                    return Err(Halt::unknown("which constraint the existing type is bound to"));
                }
                _ => None,
            };
            if let Some(name) = name {
                self.named.retain(|(other, _)| other.text != name.text);
            }
        }
        let Some(moved) = self.columns.get_mut(place) else { return Ok(()) };
        if let Some(name) = &op.new_name {
            moved.column.name = name.clone();
        }
        if let Some(type_) = &op.type_ {
            if casts(cx, &moved.column.type_, type_)
                && let Some(value) = &mut moved.value
            {
                value.push(type_.clone());
            }
            moved.column.type_ = type_.clone();
            moved.brings_check = false;
        }
        if let Some(nullable) = op.nullable {
            moved.column.nullable = Some(nullable);
        }
        let was_computed = matches!(moved.column.server_default, Some(ServerDefault::Computed(_)));
        match &op.server_default {
            Given::Absent => {}
            _ if was_computed => return Err(Halt::unknown("a default for a computed column")),
            Given::None => moved.column.server_default = None,
            Given::Some(default @ (ServerDefault::Str(_) | ServerDefault::Expr(_))) => {
                moved.column.server_default = Some(default.clone());
            }
            Given::Some(_) => {
                return Err(Halt::unknown("this default cannot be given to a column that exists"));
            }
        }
        if let Some(autoincrement) = op.autoincrement {
            moved.column.autoincrement =
                if autoincrement { Autoincrement::True } else { Autoincrement::False };
        }
        Ok(())
    }

    fn add_constraint(&mut self, piece: &Piece) -> Print<()> {
        if let Piece::Constraint(constraint) = piece {
            if constraint.name().is_none() {
                return Err(nameless());
            }
            if constraint.kind() == ConstraintKind::PrimaryKey {
                self.unnamed.retain(|held| !held.is_own_key());
            }
        }
        self.keep(piece.clone(), false);
        Ok(())
    }

    fn drop_constraint(&mut self, name: Option<&Name>, is_implicit: bool) -> Print<()> {
        let Some(name) = name else {
            // The CHECK of a type without a name counts as named, and is not found.
            return if is_implicit { Ok(()) } else { Err(nameless()) };
        };
        // A CHECK that stands on a column of `copy_from`.
        for moved in &mut self.columns {
            let is_it = |check: &revline_schema::CheckConstraint| {
                check.name.as_ref().is_some_and(|own| own.text == name.text)
            };
            if !moved.is_added && moved.column.checks.iter().any(is_it) {
                moved.column.checks.retain(|check| !is_it(check));
                return Ok(());
            }
        }
        let Some(place) = self.named.iter().position(|(other, _)| other.text == name.text) else {
            return if is_implicit {
                Ok(())
            } else {
                Err(Halt::Refused(format!("No such constraint: '{name}'")))
            };
        };
        if let Piece::Constraint(Constraint::PrimaryKey(key)) = self.named.remove(place).1.piece {
            for column in &key.columns {
                let place = self.place(column)?;
                if let Some(moved) = self.columns.get_mut(place) {
                    moved.column.primary_key = false;
                }
            }
        }
        Ok(())
    }

    /// Puts the columns into the order that the copy has.
    pub(super) fn settle_order(&mut self) -> Print<()> {
        if self.partial_reordering.is_empty() && self.pairs.is_empty() {
            return Ok(());
        }
        let keys: Vec<Name> = self.columns.iter().map(|column| column.key.clone()).collect();
        let mut pairs: Vec<Pair> = Vec::new();
        if self.partial_reordering.is_empty() {
            for (before, name) in keys.iter().zip(self.existing.iter().skip(1)) {
                pairs.push((before.clone(), name.clone()));
            }
        } else {
            for names in self.partial_reordering {
                pairs.extend(names.iter().cloned().zip(names.iter().skip(1).cloned()));
            }
        }
        pairs.extend(self.pairs.iter().cloned());
        let mut columns = Vec::new();
        for key in order::sorted(&keys, &pairs)? {
            let place = self.place(&key)?;
            columns.push(self.columns.remove(place));
        }
        self.columns = columns;
        Ok(())
    }
}

fn nameless() -> Halt {
    Halt::Refused("Constraint must have a name".to_owned())
}

fn name_of(piece: &Piece) -> Option<&Name> {
    match piece {
        Piece::Constraint(constraint) => constraint.name(),
        Piece::Implicit(check) => check.name.as_ref(),
    }
}

/// The keys of the columns that a constraint is made of; it is left out where one is gone.
pub(super) fn columns_of(piece: &Piece) -> Print<Vec<&Name>> {
    Ok(match piece {
        Piece::Implicit(check) => vec![&check.column],
        Piece::Constraint(Constraint::PrimaryKey(key) | Constraint::Unique(key)) => {
            key.columns.iter().collect()
        }
        Piece::Constraint(Constraint::ForeignKey(key)) => key.columns.iter().collect(),
        Piece::Constraint(Constraint::Check(check)) => {
            let mut columns = Vec::new();
            collect(&check.condition, &mut columns, 0)?;
            columns
        }
        Piece::Constraint(Constraint::Exclude(_)) => {
            return Err(Halt::unknown("SQLite has no EXCLUDE constraint"));
        }
    })
}

fn collect<'e>(expr: &'e Expr, out: &mut Vec<&'e Name>, depth: usize) -> Print<()> {
    if depth > 64 {
        return Err(Halt::unknown("the condition of a CHECK is nested too deeply"));
    }
    let mut each = |expr: &'e Expr| collect(expr, out, depth + 1);
    match expr {
        Expr::Text(_)
        | Expr::LiteralColumn(_)
        | Expr::Bind(_)
        | Expr::InlineLiteral(_)
        | Expr::Null
        | Expr::True
        | Expr::False => Ok(()),
        Expr::Column(column) => {
            out.push(&column.name);
            Ok(())
        }
        Expr::Function { args, .. } => args.iter().try_for_each(each),
        Expr::And(items) | Expr::Or(items) | Expr::List(items) => items.iter().try_for_each(each),
        Expr::Unary { operand, .. } | Expr::Cast { operand, .. } => each(operand),
        Expr::Binary { left, right, .. } => {
            each(left)?;
            each(right)
        }
        Expr::In { operand, among, .. } => {
            each(operand)?;
            each(among)
        }
        Expr::Between { operand, low, high, .. } => {
            each(operand)?;
            each(low)?;
            each(high)
        }
        Expr::Like { operand, pattern, .. } => {
            each(operand)?;
            each(pattern)
        }
        _ => Err(Halt::unknown("which columns the condition of a CHECK names")),
    }
}

/// Whether a new type makes the old values pass through a CAST.
fn casts(cx: Cx<'_>, old: &SqlType, new: &SqlType) -> bool {
    if is_json(&new.kind) {
        return false;
    }
    match (class(cx, &old.kind), class(cx, &new.kind)) {
        (Some(old), Some(new)) => old != new,
        // A class of its own is none that reflection gives.
        _ => true,
    }
}

fn is_json(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Json | TypeKind::Standard(revline_schema::Standard::Json) => true,
        TypeKind::Vendor(vendor) => matches!(&*vendor.name, "JSON" | "JSONB"),
        _ => false,
    }
}

/// The class that SQLAlchemy's `_type_affinity` names; `None` for one of its own.
fn class(cx: Cx<'_>, kind: &TypeKind) -> Option<&'static str> {
    use revline_schema::{EnumFlavour, Standard};
    let is_float = match kind {
        TypeKind::Float(_) | TypeKind::Double(_) => true,
        TypeKind::Standard(standard) => matches!(
            standard,
            Standard::Float(_)
                | Standard::Real(_)
                | Standard::Double(_)
                | Standard::DoublePrecision(_)
        ),
        TypeKind::Vendor(vendor) => {
            matches!(&*vendor.name, "FLOAT" | "REAL" | "DOUBLE" | "DOUBLE_PRECISION")
        }
        _ => false,
    };
    if is_float && !types::is_v2_0(cx) {
        return Some("float");
    }
    Some(match kind {
        TypeKind::Enum(enum_) if enum_.flavour == EnumFlavour::Generic => "string",
        TypeKind::Interval(_) => "interval",
        TypeKind::PickleType => "binary",
        TypeKind::Decorated { inner, .. } => return class(cx, &inner.kind),
        TypeKind::Vendor(vendor) if matches!(&*vendor.name, "BYTEA" | "LONGBLOB" | "BLOB") => {
            "binary"
        }
        TypeKind::Vendor(vendor) if &*vendor.name == "CITEXT" => "string",
        TypeKind::Vendor(vendor) if &*vendor.name == "INTERVAL" => "interval",
        kind => match types::affinity(kind) {
            Affinity::Null => "null",
            Affinity::Integer => "integer",
            Affinity::Numeric => "numeric",
            Affinity::String => "string",
            Affinity::Boolean => "boolean",
            Affinity::Date => "date",
            Affinity::Time => "time",
            Affinity::DateTime => "datetime",
            Affinity::Uuid => "uuid",
            Affinity::Binary => "binary",
            Affinity::Json => "json",
            Affinity::Enum | Affinity::Other => return None,
        },
    })
}

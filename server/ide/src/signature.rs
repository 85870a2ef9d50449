//! The parameters of the directive that is being typed.

use revline_analysis::Snapshot;
use revline_text::Range;

use crate::caret::caret;
use crate::directives::{find, meaning, parameters};
use crate::types::{FilePosition, Signature, SignatureParameter};

/// The signature of the innermost directive around the caret, and which parameter is typed; `None`
/// outside of directives and outside of revisions.
pub fn signature(snapshot: &Snapshot, at: FilePosition) -> Option<Signature> {
    if !snapshot.is_revision(at.file) {
        return None;
    }
    let text = snapshot.text(at.file)?;
    let caret = caret(text.as_str(), at.offset as usize)?;
    let (frame, (directive, written)) = caret.frames.iter().rev().find_map(|frame| {
        // A call of something else is a value inside the directive; its own help is another server's.
        (!frame.callee.is_empty() && frame.method() != "f")
            .then(|| find(&frame.callee).map(|found| (frame, found)))
    })??;
    let callee = if frame.callee.is_ascii() { frame.callee.as_str() } else { directive.name };
    let mut label = format!("{callee}(");
    let open = label.len();
    label.push_str(written);
    label.push(')');
    let mut from = open;
    let all = parameters(written);
    let shown = all.iter().map(|parameter| {
        let found = label.get(from..).and_then(|rest| rest.find(parameter.written));
        let start = from + found.unwrap_or_default();
        from = start + parameter.written.len();
        SignatureParameter {
            label: Range::of(start, from),
            documentation: meaning(parameter.name).to_owned(),
        }
    });
    let shown: Vec<SignatureParameter> = shown.collect();
    let active = match &frame.keyword {
        Some(keyword) => all
            .iter()
            .position(|one| one.name == keyword)
            .or_else(|| all.iter().position(|one| one.written.starts_with("**"))),
        None => {
            let rest = all.iter().position(|one| one.is_rest && !one.written.starts_with("**"));
            match all.get(frame.argument) {
                Some(one) if !one.is_keyword && rest.is_none_or(|rest| frame.argument <= rest) => {
                    Some(frame.argument)
                }
                _ => rest,
            }
        }
    };
    Some(Signature {
        label,
        documentation: directive.summary.to_owned(),
        parameters: shown,
        active,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::testing::on_top;

    #[track_caller]
    fn check(body: &str, expect: Expect) {
        let (snapshot, at) = on_top(body);
        let shown = match super::signature(&snapshot, at) {
            None => "none".to_owned(),
            Some(signature) => {
                let active = signature.active.and_then(|active| signature.parameters.get(active));
                let active = active.and_then(|one| one.label.slice(&signature.label));
                format!("{}\n{}", signature.label, active.unwrap_or("nothing"))
            }
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn the_parameter_that_is_typed_is_marked() {
        check(
            "def upgrade():\n    op.drop_column(\"users\", $0)\n",
            expect![[r#"
            op.drop_column(table_name, column_name, *, schema=None, if_exists=None, **kw)
            column_name"#]],
        );
        check(
            "def upgrade():\n    op.drop_column(\"users\", \"x\", schema=$0",
            expect![[r#"
            op.drop_column(table_name, column_name, *, schema=None, if_exists=None, **kw)
            schema=None"#]],
        );
        check(
            "def upgrade():\n    op.create_table(\"t\", a, b, c$0)\n",
            expect![[r#"
            op.create_table(table_name, *columns, if_not_exists=None, schema=None, comment=None, prefixes=None, info=None, **kw)
            *columns"#]],
        );
        check(
            "def upgrade():\n    batch_op.drop_constraint(op.f(\"x$0\"))\n",
            expect![[r#"
            batch_op.drop_constraint(constraint_name, type_=None)
            constraint_name"#]],
        );
        check(
            "def upgrade():\n    op.add_column(\"t\", sa.Column(\"x\", $0))\n",
            expect![[r#"
            sa.Column(name, type_, *args, nullable=True, primary_key=False, server_default=None, default=None, index=False, unique=False, comment=None, autoincrement='auto', onupdate=None)
            type_"#]],
        );
    }

    #[test]
    fn other_calls_get_no_help() {
        check("def upgrade():\n    op.add_column(\"t\", other($0))\n", expect![["none"]]);
        check("def upgrade():\n    print($0)\n", expect![["none"]]);
    }
}

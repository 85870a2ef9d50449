//! The header scan: every spelling, places, and agreement with the tree.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::sync::Arc;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use revline_python::header::{Header, HeaderText, HeaderValue, Names, confirm, scan};
use revline_python::syntax::Source;
use revline_text::FileId;

const NAMES: &[&str] = &["revision", "down_revision", "branch_labels", "depends_on"];

fn tree(text: &str) -> Header {
    confirm(&Source::parse(FileId(0), Arc::from(text)), NAMES)
}

fn show(text: &str, header: &Header) -> String {
    let mut out = String::new();
    let item = |item: &HeaderText| {
        format!(
            "{:?} literal `{}` content `{}`{}{}",
            item.value,
            item.literal.slice(text).unwrap(),
            item.content.slice(text).unwrap(),
            if item.plain { " plain" } else { "" },
            if item.named { " named" } else { "" },
        )
    };
    if let Some(docstring) = &header.docstring {
        let words = |items: &[revline_python::header::DocItem]| {
            items.iter().map(|item| item.range.slice(text).unwrap()).collect::<Vec<_>>().join(" | ")
        };
        let id = docstring.revision_id.as_ref().map(|id| id.range.slice(text).unwrap());
        let date = docstring.create_date.as_ref().map(|date| date.range.slice(text).unwrap());
        let revises = docstring.revises.as_deref().map(words);
        writeln!(out, "docstring: id {id:?} revises {revises:?} date {date:?}").unwrap();
    }
    for entry in &header.entries {
        assert_eq!(entry.name_range.slice(text), Some(entry.name.as_str()));
        let value = match &entry.value {
            HeaderValue::None => "None".to_owned(),
            HeaderValue::Text(text) => item(text),
            HeaderValue::Many(texts) => {
                format!("[{}]", texts.iter().map(item).collect::<Vec<_>>().join("; "))
            }
            HeaderValue::Other => format!("other `{}`", entry.value_range.slice(text).unwrap()),
            HeaderValue::Broken => "broken".to_owned(),
        };
        writeln!(out, "{} = {value}", entry.name).unwrap();
    }
    out
}

/// Both readers must give this.
fn check(text: &str, expected: Expect) {
    let scanned = scan(text, &Names::new(NAMES));
    expected.assert_eq(&show(text, &scanned));
    assert_eq!(tree(text), scanned);
}

#[test]
fn the_template_of_alembic_is_read_with_its_docstring() {
    check(
        "\"\"\"create account table\n\nRevision ID: 1975ea83b712\nRevises: a, b\nCreate Date: 2011-11-08 11:40:27.089406\n\n\"\"\"\nfrom typing import Union\n\nrevision: str = '1975ea83b712'\ndown_revision: Union[str, Sequence[str], None] = ('a', 'b')\nbranch_labels = None\ndepends_on = None\n\ndef upgrade():\n    revision = 'no'\n",
        expect![[r#"
            docstring: id Some("1975ea83b712") revises Some("a | b") date Some("2011-11-08 11:40:27.089406")
            revision = "1975ea83b712" literal `'1975ea83b712'` content `1975ea83b712` plain
            down_revision = ["a" literal `'a'` content `a` plain; "b" literal `'b'` content `b` plain]
            branch_labels = None
            depends_on = None
        "#]],
    );
}

#[test]
fn strings_are_read_in_all_spellings() {
    check(
        "revision = r'''a\\b''' # comment\ndown_revision = (\n  'a' # one\n  \"b\"\n  u'c'\n)\nbranch_labels = {'x' + \"y\", 'z',}\ndepends_on = \\\n  'a\\x62\\\nc',\n",
        expect![[r#"
            revision = "a\\b" literal `r'''a\b'''` content `a\b` plain
            down_revision = "abc" literal `'a' # one
              "b"
              u'c'` content `a' # one
              "b"
              u'c`
            branch_labels = ["xy" literal `'x' + "y"` content `x' + "y`; "z" literal `'z'` content `z` plain]
            depends_on = ["abc" literal `'a\x62\
            c'` content `a\x62\
            c`]
        "#]],
    );
}

#[test]
fn a_name_stands_for_the_constant_above_it() {
    check(
        "PARENT = 'aaa'\nBOTH = [PARENT, 'bbb']\nrevision = 'ccc'\ndown_revision = BOTH\nbranch_labels = LABELS\ndepends_on = f'{x}'; revision = \"d\"\n",
        expect![[r#"
            revision = "ccc" literal `'ccc'` content `ccc` plain
            down_revision = ["aaa" literal `'aaa'` content `aaa` plain named; "bbb" literal `'bbb'` content `bbb` plain named]
            branch_labels = other `LABELS`
            depends_on = other `f'{x}'`
        "#]],
    );
}

#[test]
fn a_constant_that_a_condition_changes_is_left_to_the_evaluator() {
    check(
        "ID = 'a'\nif other:\n    ID = 'b'\nrevision = ID\n",
        expect![[r#"
            revision = other `ID`
        "#]],
    );
}

#[test]
fn text_inside_strings_brackets_and_continued_lines_is_not_a_header() {
    check(
        "x = '''\nrevision = 'no'\n'''\ny = f(\ndown_revision, 'no')\nz = 1 + \\\nbranch_labels\nrevision = 'yes'\nrevision.x = 1\nrevision == 'no'\nrevisions = 'no'\n",
        expect![[r#"
            revision = "yes" literal `'yes'` content `yes` plain
        "#]],
    );
}

#[test]
fn windows_line_ends_byte_order_mark_and_tabs_are_read() {
    check(
        "\u{feff}# x\r\n'''d\r\n\r\nRevises: \r\n'''\r\nrevision\t=\t'a'\r\ndown_revision = (\r\n\t'b',\r\n)\r\n",
        expect![[r#"
            docstring: id None revises Some("") date None
            revision = "a" literal `'a'` content `a` plain
            down_revision = ["b" literal `'b'` content `b` plain]
        "#]],
    );
}

#[test]
fn a_header_behind_a_function_is_found() {
    check(
        "def f():\n    return \"\"\"\nrevision = 1\n\"\"\"\n\nrevision = 'a'\ndown_revision += ('b',)\n",
        expect![[r#"
            revision = "a" literal `'a'` content `a` plain
            down_revision = other `('b',)`
        "#]],
    );
}

#[test]
fn half_typed_values_are_broken_and_leave_the_others_alone() {
    for (broken, text) in [
        (
            "unclosed tuple",
            "revision = 'r'\ndown_revision = ('a',\nbranch_labels = None\ndepends_on = None\n",
        ),
        (
            "unclosed list before a function",
            "revision = 'r'\nbranch_labels = None\ndepends_on = None\ndown_revision = ['a'\n\ndef upgrade():\n    pass\n",
        ),
        (
            "unclosed quote",
            "revision = 'r'\ndown_revision = 'a\nbranch_labels = None\ndepends_on = None\n",
        ),
        (
            "nothing yet",
            "revision = 'r'\ndown_revision =\nbranch_labels = None\ndepends_on = None\n",
        ),
        (
            "the name alone",
            "revision = 'r'\ndown_revision\nbranch_labels = None\ndepends_on = None\n",
        ),
        (
            "the type alone",
            "revision = 'r'\ndown_revision: str\nbranch_labels = None\ndepends_on = None\n",
        ),
    ] {
        let header = scan(text, &Names::new(NAMES));
        let value = |name| header.get(name).map(|entry| entry.value.clone());
        assert_eq!(value("down_revision"), Some(HeaderValue::Broken), "{broken}");
        assert_eq!(value("branch_labels"), Some(HeaderValue::None), "{broken}");
        assert_eq!(value("depends_on"), Some(HeaderValue::None), "{broken}");
        assert!(matches!(value("revision"), Some(HeaderValue::Text(text)) if text.value == "r"));
    }
}

/// A literal, a container or something beyond, as Python text that is valid.
fn value() -> impl Strategy<Value = String> {
    let literal = prop_oneof![
        "[a-z0-9 ]{0,6}".prop_map(|text| format!("'{text}'")),
        "[a-z'#=\\[]{0,6}".prop_map(|text| format!("\"{text}\"")),
        // Three quotes in a row would end it early, and be no Python.
        "(\"{0,2}[a-z\n]){1,4}".prop_map(|text| format!("\"\"\"{text}\"\"\"")),
        "[a-z]{0,4}".prop_map(|text| format!("r'{text}\\d'")),
        Just("'\\x41\\n\\'\\\n'".to_owned()),
        Just("b'x'".to_owned()),
        Just("f'{x}'".to_owned()),
    ];
    let atom = prop_oneof![
        6 => literal,
        1 => Just("None".to_owned()),
        1 => Just("NAME".to_owned()),
        1 => Just("other.thing(1)[2]".to_owned()),
        1 => Just("3".to_owned()),
    ];
    atom.prop_recursive(3, 12, 4, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            items.clone().prop_map(|items| format!("[{}]", items.join(", "))),
            items.clone().prop_map(|items| match items.as_slice() {
                [one] => format!("({one},)"),
                _ => format!("({})", items.join(" , # c\n")),
            }),
            items.clone().prop_map(|items| format!("{{{}}}", items.join(","))),
            inner.clone().prop_map(|inner| format!("({inner})")),
            prop::collection::vec(inner.clone(), 2..3).prop_map(|items| items.join(" + ")),
            inner.prop_map(|inner| format!("(\n {inner} # )\n)")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["revision", "down_revision", "NAME", "depends_on"]);
    prop_oneof![
        4 => (name.clone(), value()).prop_map(|(name, value)| format!("{name} = {value}\n")),
        1 => (name.clone(), value()).prop_map(|(name, value)| format!("{name}: Union[str, None] = {value} # x\n")),
        1 => (name.clone(), value()).prop_map(|(name, value)| format!("x = '''\n{name} = {value:?}\n'''\n")),
        1 => (name.clone(), value()).prop_map(|(name, value)| format!("def f():\n    {name} = {value}\n")),
        1 => (name, value()).prop_map(|(name, value)| format!("y = 1; {name} = {value}; z = 2\n")),
        1 => Just("\n# revision = 'x'\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scan_and_tree_agree_on_python(statements in prop::collection::vec(statement(), 0..6), crlf: bool) {
        let mut text = statements.concat();
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let source = Source::parse(FileId(0), Arc::from(text.as_str()));
        prop_assume!(source.is_valid());
        prop_assert_eq!(scan(&text, &Names::new(NAMES)), confirm(&source, NAMES), "{}", text);
    }

    #[test]
    fn any_text_is_scanned_within_its_bounds(text in "([a-z_ =:\"'()\\[\\]{},#;\\\\\n\r]|revision|down_revision = |'''){0,40}") {
        let header = scan(&text, &Names::new(NAMES));
        let _ = tree(&text);
        for entry in header.entries {
            prop_assert!(entry.value_range.slice(&text).is_some());
        }
    }
}

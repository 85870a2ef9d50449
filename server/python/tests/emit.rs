//! Values written as Python source.

use revline_python::emit::{Quotes, indentation, indented, literal, string, tuple};
use revline_python::{Heap, Kind, Value};
use revline_text::{FileId, Range, Span};

#[test]
fn strings_are_quoted_as_repr_does() {
    for (text, repr, double) in [
        ("a", "'a'", "\"a\""),
        ("it's", "\"it's\"", "\"it's\""),
        ("a\"b", "'a\"b'", "'a\"b'"),
        ("'\"", "'\\'\"'", "\"'\\\"\""),
        ("a\\b\n\t\r", "'a\\\\b\\n\\t\\r'", "\"a\\\\b\\n\\t\\r\""),
        (
            "é\u{0}\u{7f}\u{a0}\u{200b}\u{e0001}",
            "'é\\x00\\x7f\\xa0\\u200b\\U000e0001'",
            "\"é\\x00\\x7f\\xa0\\u200b\\U000e0001\"",
        ),
    ] {
        assert_eq!(string(text, Quotes::Repr), repr);
        assert_eq!(string(text, Quotes::Double), double);
    }
}

#[test]
fn values_have_the_literals_of_repr() {
    let span = Span::new(FileId(0), Range::empty(0));
    let mut heap = Heap::new();
    let number = |number| Value::new(Kind::Int(number), span);
    let one = heap.tuple(vec![number(1)], span);
    let list = heap.list(vec![one, Value::none(span), Value::new(Kind::Float(2.0), span)], span);
    let record = heap.record([("k", list.clone()), ("b", Value::bool(true, span))], span);
    assert_eq!(literal(&heap, &record).as_deref(), Some("{'k': [(1,), None, 2.0], 'b': True}"));
    heap.list_mut(&list).expect("a list").push(list.clone());
    assert_eq!(literal(&heap, &list), None, "a list that contains itself");
    assert_eq!(literal(&heap, &Value::unknown(span, "why")), None);
    assert_eq!(literal(&heap, &Value::symbol("a.b", span)), None);
}

#[test]
fn parents_are_a_tuple_and_bodies_are_indented() {
    assert_eq!(tuple(["a", "b"], Quotes::Repr), "('a', 'b')");
    assert_eq!(tuple(["a"], Quotes::Double), "(\"a\",)");
    assert_eq!(indented("a\n\n  b\r\n", "    "), "    a\n\n      b\r\n");
    assert_eq!(indentation("def f():\n\tpass\n"), "\t");
    assert_eq!(indentation("def f(): pass\n"), "    ");
}

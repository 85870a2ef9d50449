//! The rope against a naive model: a `String` and a walk over its characters.

use proptest::prelude::*;

use super::*;

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

fn any_text() -> impl Strategy<Value = String> {
    "[a-cä🦀\r\n\t ]{0,40}"
}

/// Line and column by walking over the characters.
fn naive_position(text: &str, offset: usize, encoding: Encoding) -> Position {
    let mut position = Position::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if at + char.len_utf8() > offset {
            break;
        }
        let next = chars.peek().map(|(_, next)| *next);
        if char == '\n' || (char == '\r' && next != Some('\n')) {
            position = Position::new(position.line + 1, 0);
        } else {
            position.column += match encoding {
                Encoding::Utf8 => char.len_utf8() as u32,
                Encoding::Utf16 => char.len_utf16() as u32,
                Encoding::Utf32 => 1,
            };
        }
    }
    position
}

proptest! {
    #[test]
    fn edits_equal_those_of_a_string(text in any_text(), cuts in prop::collection::vec(0usize..40, 4), new in any_text()) {
        let boundary = |cut: usize| {
            let mut cut = cut.min(text.len());
            while !text.is_char_boundary(cut) { cut -= 1; }
            cut
        };
        let mut cuts: Vec<usize> = cuts.into_iter().map(boundary).collect();
        cuts.sort_unstable();
        let edits = [
            Edit::replace(Range::of(cuts[0], cuts[1]), new.clone()),
            Edit::replace(Range::of(cuts[2], cuts[3]), "!"),
        ];
        let expected = format!("{}{new}{}!{}", &text[..cuts[0]], &text[cuts[1]..cuts[2]], &text[cuts[3]..]);
        // Two insertions at one place keep the order in which they were given.
        let edited = Text::new(&text).edited(&edits);
        prop_assert_eq!(edited.as_str(), expected);
    }

    #[test]
    fn positions_equal_those_of_a_walk(text in any_text()) {
        let rope = Text::new(&text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let between = text.as_bytes().get(offset) == Some(&b'\n')
                && offset > 0 && text.as_bytes()[offset - 1] == b'\r';
            if between { continue; } // no editor puts a caret between the two
            for encoding in ENCODINGS {
                let position = rope.position(offset as u32, encoding);
                prop_assert_eq!(position, naive_position(&text, offset, encoding));
                prop_assert_eq!(rope.offset(position, encoding), offset as u32);
            }
        }
    }

    #[test]
    fn any_position_is_clamped_into_the_text(text in any_text(), line in 0u32..60, column in 0u32..60) {
        let rope = Text::new(&text);
        for encoding in ENCODINGS {
            let offset = rope.offset(Position::new(line, column), encoding);
            prop_assert!(text.is_char_boundary(offset as usize));
            prop_assert_eq!(rope.has(Position::new(line, column), encoding), rope.position(offset, encoding) == Position::new(line, column));
        }
    }
}

#[test]
fn a_column_past_the_line_is_its_end_and_a_line_past_the_text_its_end() {
    let text = Text::new("ab\r\ncd");
    assert_eq!(text.offset(Position::new(0, 99), Encoding::Utf16), 2);
    assert_eq!(text.offset(Position::new(9, 0), Encoding::Utf16), 6);
    assert_eq!(text.line_range(0), Some(Range::new(0, 2)));
    assert_eq!(text.line_range(2), None);
}

#[test]
fn a_column_within_a_surrogate_pair_is_the_start_of_its_character() {
    let text = Text::new("a🦀b");
    assert_eq!(text.offset(Position::new(0, 2), Encoding::Utf16), 1);
    assert!(!text.has(Position::new(0, 2), Encoding::Utf16));
}

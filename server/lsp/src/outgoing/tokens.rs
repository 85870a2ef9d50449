//! Coloured pieces of SQL as semantic tokens: numbers relative to the token before.

use revline_sql::Shade;
use revline_text::{FileId, Range};
use tower_lsp::ls_types as lsp;

use super::Outgoing;

/// What the numbers of token types mean.
pub(crate) fn legend() -> lsp::SemanticTokensLegend {
    lsp::SemanticTokensLegend {
        token_types: vec![
            lsp::SemanticTokenType::KEYWORD,
            lsp::SemanticTokenType::VARIABLE,
            lsp::SemanticTokenType::STRING,
            lsp::SemanticTokenType::NUMBER,
            lsp::SemanticTokenType::PARAMETER,
            lsp::SemanticTokenType::COMMENT,
        ],
        token_modifiers: Vec::new(),
    }
}

/// The place of a shade in the legend.
const fn number(shade: Shade) -> u32 {
    match shade {
        Shade::Keyword => 0,
        Shade::Name => 1,
        Shade::String => 2,
        Shade::Number => 3,
        Shade::Parameter => 4,
        Shade::Comment => 5,
    }
}

impl Outgoing<'_> {
    /// The tokens of pieces in the order of the file. A piece over several lines becomes one for each
    /// line where the client cannot take it whole.
    pub(crate) fn tokens(&self, file: FileId, pieces: &[(Range, Shade)]) -> lsp::SemanticTokens {
        let text = self.text(file);
        let mut data = Vec::with_capacity(pieces.len());
        let (mut line, mut column) = (0, 0);
        let mut push = |range: Range, shade: Shade| {
            let start = text.position(range.start(), self.features.encoding);
            let length = range.slice(text.as_str()).map_or(0, |piece| self.columns(piece));
            if length == 0 {
                return;
            }
            if start.line != line {
                column = 0;
            }
            data.push(lsp::SemanticToken {
                delta_line: start.line.saturating_sub(line),
                delta_start: start.column.saturating_sub(column),
                length,
                token_type: number(shade),
                token_modifiers_bitset: 0,
            });
            (line, column) = (start.line, start.column);
        };
        for (range, shade) in pieces {
            let first = text.line_of(range.start());
            let last = text.line_of(range.end());
            if first == last || self.features.multiline_tokens {
                push(*range, *shade);
                continue;
            }
            for number in first..=last {
                let Some(whole) = text.line_range(number) else { continue };
                let start = whole.start().max(range.start());
                let end = whole.end().min(range.end());
                if start < end {
                    push(Range::new(start, end), *shade);
                }
            }
        }
        lsp::SemanticTokens { result_id: None, data }
    }

    /// How many columns a piece of text takes for this client.
    fn columns(&self, piece: &str) -> u32 {
        let columns = match self.features.encoding {
            revline_text::Encoding::Utf8 => piece.len(),
            revline_text::Encoding::Utf16 => piece.encode_utf16().count(),
            revline_text::Encoding::Utf32 => piece.chars().count(),
        };
        u32::try_from(columns).unwrap_or(u32::MAX)
    }
}

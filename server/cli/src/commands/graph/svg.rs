//! An image for pages: lanes of lines, a dot and a line of text for each revision.

use revline_ide::GraphRole;

use super::{Canvas, Picture, Row};

pub(super) const ABOUT: &str = "An image";

/// Pixels between two rows, between two lanes, around everything, and of a character.
const ROW: usize = 24;
const LANE: usize = 16;
const MARGIN: usize = 16;
const CHARACTER: usize = 8;

/// The colours of the lanes, over and over.
const COLOURS: [&str; 6] = ["#2f6fde", "#c2571a", "#2a8a4a", "#9a3fb5", "#0f8a8a", "#b8324f"];

const STYLE: &str = "text{font:13px ui-monospace,monospace;fill:#222}.name{font-weight:bold}\
    .id{fill:#2f6fde}.mark{fill:#2a8a4a;font-weight:bold}.problem{fill:#c62828;font-weight:bold}\
    path{fill:none;stroke-width:2}.depends{stroke:#888;stroke-dasharray:3 3}\
    @media(prefers-color-scheme:dark){text{fill:#ddd}.id{fill:#8ab4f8}}";

pub(super) fn draw(canvas: &Canvas<'_>) -> String {
    let several = canvas.pictures.len() > 1;
    let mut body = String::new();
    let mut top = 0;
    let mut width = 0;
    for picture in canvas.pictures {
        if several {
            let (x, y) = (MARGIN, top + MARGIN + ROW / 2);
            body.push_str(&format!(
                "<text class=\"name\" x=\"{x}\" y=\"{y}\">{}</text>\n",
                escape(&picture.view.environment)
            ));
            top += ROW;
        }
        let image = Image { picture, top };
        body.push_str(&image.draw());
        width = width.max(image.width());
        top += picture.rows.len() * ROW;
    }
    let height = top + 2 * MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<style>{STYLE}</style>\n{body}</svg>\n"
    )
}

struct Image<'a> {
    picture: &'a Picture<'a>,
    top: usize,
}

impl Image<'_> {
    fn width(&self) -> usize {
        let longest = self.picture.rows.iter().map(|row| {
            let words = words(self.picture, row);
            words.iter().map(|(_, text)| text.chars().count() + 1).sum::<usize>()
        });
        self.text() + longest.max().unwrap_or(0) * CHARACTER + MARGIN
    }

    /// Where the text begins.
    fn text(&self) -> usize {
        MARGIN + self.picture.view.lanes as usize * LANE + LANE / 2
    }

    fn lane(&self, row: usize) -> usize {
        let shown = self.picture.rows.get(row).map(|row| self.picture.shown(row));
        shown.and_then(<[_]>::first).map_or(0, |row| row.lane as usize)
    }

    fn place(&self, row: usize) -> (usize, usize) {
        let lane = self.lane(row);
        (MARGIN + lane * LANE, self.top + MARGIN + row * ROW + ROW / 2)
    }

    fn draw(&self) -> String {
        let mut text = String::new();
        for (at, row) in self.picture.rows.iter().enumerate() {
            let (x, y) = self.place(at);
            for parent in &row.parents {
                let (to, end) = self.place(*parent);
                let (turn, middle) = (y + ROW, y + ROW / 2);
                text.push_str(&format!(
                    "<path stroke=\"{}\" d=\"M{x} {y}C{x} {middle} {to} {middle} {to} {turn}V{end}\"/>\n",
                    colour(self.lane(*parent))
                ));
            }
            for other in &row.depends_on {
                let (to, end) = self.place(*other);
                let side = x.max(to) + LANE;
                text.push_str(&format!(
                    "<path class=\"depends\" d=\"M{x} {y}C{side} {y} {side} {end} {to} {end}\"/>\n"
                ));
            }
        }
        for (at, row) in self.picture.rows.iter().enumerate() {
            let (x, y) = self.place(at);
            let shown = self.picture.shown(row);
            let head = shown.iter().any(|row| row.roles.contains(&GraphRole::Head));
            let radius = if head { 6 } else { 4 };
            let says: Vec<String> = shown
                .iter()
                .flat_map(|row| &row.problems)
                .map(|problem| escape(&problem.message))
                .collect();
            let fill = if says.is_empty() { colour(self.lane(at)) } else { "#c62828" };
            text.push_str(&format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\"><title>{}</title></circle>\n",
                says.join("&#10;")
            ));
            let spans = words(self.picture, row).into_iter().map(|(class, words)| match class {
                "" => format!("<tspan>{}</tspan>", escape(&words)),
                class => format!("<tspan class=\"{class}\">{}</tspan>", escape(&words)),
            });
            text.push_str(&format!(
                "<text x=\"{}\" y=\"{}\">{}</text>\n",
                self.text(),
                y + 4,
                spans.collect::<Vec<_>>().join(" ")
            ));
        }
        text
    }
}

fn colour(lane: usize) -> &'static str {
    COLOURS.get(lane % COLOURS.len()).copied().unwrap_or("#2f6fde")
}

/// The text of a row in parts, each with its class.
fn words(picture: &Picture<'_>, row: &Row) -> Vec<(&'static str, String)> {
    if let Some(run) = picture.run(row) {
        return vec![("", run)];
    }
    let Some(only) = picture.shown(row).first() else { return Vec::new() };
    let mut words = vec![("id", only.id.to_string()), ("", only.title.clone())];
    let marks = only.labels.iter().map(String::as_str);
    let marks: Vec<&str> = marks.chain(only.roles.iter().map(|role| role.as_str())).collect();
    if !marks.is_empty() {
        words.push(("mark", format!("({})", marks.join(", "))));
    }
    let mut rules: Vec<&str> = only.problems.iter().map(|problem| problem.rule).collect();
    rules.dedup();
    words.extend(rules.into_iter().map(|rule| ("problem", format!("[{rule}]"))));
    words
}

/// Characters that XML has a meaning for, and those that it does not have.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

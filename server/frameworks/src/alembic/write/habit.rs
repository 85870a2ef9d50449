//! How a project makes its ids, seen from those that it has.
//!
//! Three kinds of habit are known: numbers that count (`0012`, `rev_12`, `0012_add_users`), dates
//! (`20240131_1200`), and random digits. Where the newest ids do not agree, ids are random.

use std::collections::BTreeSet;

use super::ExistingFile;
use crate::alembic::template::CreateDate;

/// A habit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Habit {
    /// Twelve random hexadecimal digits.
    Random,
    /// A number that counts, at least `width` digits, after `prefix`; with the slug after it where
    /// `slug`.
    Count {
        /// What stands before the number.
        prefix: String,
        /// Digits, filled with zeros.
        width: usize,
        /// Whether the words of the message follow.
        slug: bool,
    },
    /// A date after `prefix`; with the slug after it where `slug`.
    Date {
        /// What stands before the date.
        prefix: String,
        /// Its form in the notation of `strftime`.
        format: &'static str,
        /// Whether the words of the message follow.
        slug: bool,
    },
}

/// Only the newest ids count: habits change.
const NEWEST: usize = 12;

/// Forms of dates, the longest first; digits and underscores only, since `-` and `:` cannot stand
/// in an id.
const DATES: [(&str, &str); 9] = [
    ("dddddddd_dddddd", "%Y%m%d_%H%M%S"),
    ("dddd_dd_dd_dddddd", "%Y_%m_%d_%H%M%S"),
    ("dddd_dd_dd_dddd", "%Y_%m_%d_%H%M"),
    ("dddddddddddddd", "%Y%m%d%H%M%S"),
    ("dddddddd_dddd", "%Y%m%d_%H%M"),
    ("dddddddddddd", "%Y%m%d%H%M"),
    ("dddd_dd_dd", "%Y_%m_%d"),
    ("dddddddd", "%Y%m%d"),
    ("dddddd_dddd", "%y%m%d_%H%M"),
];

/// The habit that four of five of the newest ids share; at least two must.
pub fn detect(existing: &[ExistingFile]) -> Habit {
    let mut files: Vec<&ExistingFile> = existing.iter().collect();
    files.sort_by(|a, b| (&a.created, &a.path).cmp(&(&b.created, &b.path)));
    let newest = files.get(files.len().saturating_sub(NEWEST)..).unwrap_or_default();
    let mut votes: Vec<(Habit, usize)> = Vec::new();
    for file in newest {
        let habit = of(&file.id);
        match votes.iter_mut().find(|(other, _)| same(other, &habit)) {
            Some((kept, count)) => {
                // The widest number tells the width: `9`, `10` are not filled, `09`, `10` are.
                if let (Habit::Count { width, .. }, Habit::Count { width: other, .. }) =
                    (&mut *kept, &habit)
                {
                    *width = (*width).min(*other);
                }
                *count += 1;
            }
            None => votes.push((habit, 1)),
        }
    }
    let best = votes.into_iter().max_by_key(|(_, count)| *count);
    match best {
        Some((habit, count)) if count >= 2 && count * 5 >= newest.len() * 4 => habit,
        _ => Habit::Random,
    }
}

fn same(a: &Habit, b: &Habit) -> bool {
    match (a, b) {
        (Habit::Count { prefix: p, slug: s, .. }, Habit::Count { prefix: q, slug: t, .. }) => {
            p == q && s == t
        }
        (a, b) => a == b,
    }
}

/// The habit that one id speaks for.
fn of(id: &str) -> Habit {
    let is_random = id.len() == 12 && id.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let at = id.find(|c: char| c.is_ascii_digit());
    let Some(at) = at else { return Habit::Random };
    let (prefix, rest) = id.split_at(at);
    let plain = prefix.is_empty() || prefix.chars().all(|c| c.is_alphabetic() || c == '_');
    if !plain {
        return Habit::Random;
    }
    let shape: String = rest.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
    for (form, format) in DATES {
        let Some(after) = shape.strip_prefix(form) else { continue };
        let digits = rest.get(..form.len()).unwrap_or_default();
        if let Some(slug) = tail(after)
            && is_date(digits, format)
        {
            return Habit::Date { prefix: prefix.to_owned(), format, slug };
        }
    }
    if is_random {
        return Habit::Random;
    }
    let width = shape.chars().take_while(|c| *c == 'd').count();
    match tail(shape.get(width..).unwrap_or_default()) {
        Some(slug) if width <= 6 => {
            // Without a leading zero the width is whatever the number needs.
            let filled = rest.starts_with('0') && width > 1;
            Habit::Count { prefix: prefix.to_owned(), width: if filled { width } else { 1 }, slug }
        }
        _ => Habit::Random,
    }
}

/// Whether words follow; `None` where something else does.
fn tail(rest: &str) -> Option<bool> {
    if rest.is_empty() {
        return Some(false);
    }
    let words = rest.strip_prefix('_')?;
    let plain = words.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && words.starts_with(char::is_alphabetic)).then_some(true)
}

fn is_date(digits: &str, format: &str) -> bool {
    let all: String = digits.chars().filter(char::is_ascii_digit).collect();
    let all = if format.starts_with("%y") { format!("20{all}") } else { all };
    let number =
        |from: usize, to: usize| all.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let within = |from, to, low, high| number(from, to).is_none_or(|n| (low..=high).contains(&n));
    within(0, 4, 1990, 2100)
        && within(4, 6, 1, 12)
        && within(6, 8, 1, 31)
        && within(8, 10, 0, 23)
        && within(10, 12, 0, 59)
        && within(12, 14, 0, 59)
}

impl Habit {
    /// The next id, which no file has.
    pub(super) fn next(
        &self,
        existing: &[ExistingFile],
        date: &CreateDate,
        words: &str,
        random: &str,
    ) -> String {
        let taken: BTreeSet<&str> = existing.iter().map(|file| file.id.as_str()).collect();
        let with_words = |id: String, slug: bool| {
            let words = words.trim_matches('_');
            // An id has 32 characters in the version table.
            let room = 32_usize.saturating_sub(id.chars().count() + 1);
            if slug && !words.is_empty() && room > 3 {
                let cut: String = words.chars().take(room).collect();
                let whole = if cut.len() < words.len() {
                    cut.rsplit_once('_').map_or(cut.as_str(), |(w, _)| w)
                } else {
                    &cut
                };
                format!("{id}_{}", whole.trim_matches('_'))
            } else {
                id
            }
        };
        let first = match self {
            Self::Random => random.to_owned(),
            Self::Count { prefix, width, slug } => {
                let highest = existing.iter().filter_map(|file| number(&file.id, prefix)).max();
                let next = highest.map_or(1, |highest| highest.saturating_add(1));
                with_words(format!("{prefix}{next:0width$}"), *slug)
            }
            Self::Date { prefix, format, slug } => {
                let day = date.moment.datetime().strftime(format).to_string();
                with_words(format!("{prefix}{day}"), *slug)
            }
        };
        if !taken.contains(first.as_str()) {
            return first;
        }
        let mut seed = u64::from_str_radix(random, 16).unwrap_or_default();
        for number in 2..u64::MAX {
            let id = match self {
                Self::Random => {
                    seed = seed.wrapping_add(1) & 0xffff_ffff_ffff;
                    format!("{seed:012x}")
                }
                _ => format!("{first}_{number}"),
            };
            if !taken.contains(id.as_str()) {
                return id;
            }
        }
        first
    }
}

/// The number of an id with this prefix; a date or a random id is none.
fn number(id: &str, prefix: &str) -> Option<u64> {
    let Habit::Count { prefix: own, .. } = of(id) else { return None };
    if own != prefix {
        return None;
    }
    let rest = id.strip_prefix(prefix)?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(ids: &[&str]) -> String {
        let existing: Vec<ExistingFile> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| ExistingFile {
                id: (*id).to_owned(),
                path: format!("/v/{n:03}.py").into(),
                created: None,
            })
            .collect();
        let moment = "2024-01-31T12:05:06+00:00[UTC]".parse().expect("a date");
        let date = CreateDate { moment, aware: false };
        detect(&existing).next(&existing, &date, "add_users_to_the_shop", "0123456789ab")
    }

    #[test]
    fn numbers_go_on_counting() {
        assert_eq!(next(&["0001", "0002", "0011"]), "0012");
        assert_eq!(next(&["7", "8", "9", "10"]), "11");
        assert_eq!(next(&["rev_07", "rev_08"]), "rev_09");
        assert_eq!(next(&["0001_first", "0002_second"]), "0003_add_users_to_the_shop");
        assert_eq!(next(&["000001_first", "000002_second_thing"]), "000003_add_users_to_the_shop");
    }

    #[test]
    fn dates_are_taken_from_the_clock() {
        assert_eq!(next(&["20230101_1000", "20230102_0900"]), "20240131_1205");
        assert_eq!(next(&["20230101120000", "20230102120000"]), "20240131120506");
        assert_eq!(
            next(&["2023_01_01_first", "2023_02_01_second"]),
            "2024_01_31_add_users_to_the_shop"
        );
        assert_eq!(next(&["20240131_1205", "20240131_1204"]), "20240131_1205_2");
    }

    #[test]
    fn everything_else_is_random_and_free() {
        assert_eq!(next(&[]), "0123456789ab");
        assert_eq!(next(&["ae1027a6acf0", "27c6a30d7c24"]), "0123456789ab");
        assert_eq!(next(&["0123456789ab", "ae1027a6acf0"]), "0123456789ac");
        assert_eq!(next(&["0.56.4", "0.56.5"]), "0123456789ab");
        assert_eq!(next(&["ae1027a6acf0", "0002", "27c6a30d7c24"]), "0123456789ab");
        assert_eq!(next(&["123456789012", "999999999999"]), "0123456789ab");
    }

    #[test]
    fn a_changed_habit_is_followed() {
        let mut ids: Vec<String> = (0..30).map(|n| format!("{n:012x}")).collect();
        ids.extend((1..=12).map(|n| format!("{n:04}")));
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(next(&ids), "0013");
    }
}

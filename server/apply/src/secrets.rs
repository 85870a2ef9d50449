//! What must appear nowhere: the passwords of a URL, wherever a child or a driver may repeat them.

use revline_analysis::Url;

/// The secrets of one URL. Its `Debug` says how many there are.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// The password as it is written, as it is meant, and the values of a query that may hold one.
    pub fn of(url: &Url) -> Self {
        let text = url.secret();
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let mut found: Vec<String> = Vec::new();
        let mut add = |secret: &str| {
            for form in [secret.to_owned(), decoded(secret), decoded(&secret.replace('+', " "))] {
                // A letter or two would eat the sentence, and say nothing by standing in it.
                if form.len() > 2 && !found.contains(&form) {
                    found.push(form);
                }
            }
        };
        let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        if let Some((_, password)) = login.split_once(':') {
            add(password);
        }
        if let Some((_, query)) = place.split_once('?') {
            for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                let key = key.to_ascii_lowercase();
                if ["pass", "pwd", "secret", "token", "odbc"].iter().any(|word| key.contains(word))
                {
                    add(value);
                }
            }
        }
        found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(found)
    }

    /// A text without them.
    pub fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), "***");
            }
        }
        text
    }
}

/// `%2F` and its kin read.
fn decoded(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hidden_as_it_is_written_and_as_it_is_meant() {
        let secrets = Secrets::of(&Url::new("postgresql://u:s%2Fcret@h/d?sslpassword=other"));
        assert_eq!(
            secrets.hide("could not log in with s/cret (s%2Fcret) or other"),
            "could not log in with *** (***) or ***"
        );
        assert_eq!(Secrets::of(&Url::new("sqlite:///a.db")).hide("a.db"), "a.db");
        assert_eq!(format!("{secrets:?}"), "Secrets(3)");
    }
}

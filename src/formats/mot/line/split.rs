//! How a line splits into fields.

use std::borrow::Cow;

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The fields of a line, trimmed of blanks and quotes.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    /// Zero until the first field has been seen.
    delimiter: u8,
    ended: bool,
}

impl<'a> Fields<'a> {
    pub fn new(line: &'a [u8]) -> Self {
        Self { rest: trim(line), delimiter: 0, ended: false }
    }

    /// What stands before the decimals.
    pub fn decimal(&self) -> u8 {
        if self.delimiter == b';' { b',' } else { b'.' }
    }

    fn find_delimiter(&self) -> u8 {
        // Whatever stands in quotes delimits nothing.
        let rest = closing_quote(self.rest).map_or(self.rest, |end| &self.rest[end..]);
        let end = rest.iter().position(|byte| matches!(byte, b',' | b';' | b'\t' | b' '));
        let Some(end) = end else { return b',' };
        let after = rest[end..].iter().find(|byte| **byte != b' ').copied();
        if let Some(delimiter) = after.filter(|byte| matches!(byte, b',' | b';' | b'\t')) {
            // A decimal comma, where so many semicolons follow that they delimit.
            let semicolons = || memchr::memchr_iter(b';', rest).count();
            return if delimiter == b',' && semicolons() >= 4 { b';' } else { delimiter };
        }
        // Between words there are blanks, too.
        let is_word = rest[..end].iter().any(u8::is_ascii_alphabetic);
        let other = rest.iter().find(|byte| matches!(byte, b',' | b';' | b'\t')).copied();
        other.filter(|_| is_word).unwrap_or(b' ')
    }
}

/// Where the quotes that a text begins with are closed: behind them.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let quote = text.first().copied().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut end = 1;
    loop {
        end += memchr::memchr(quote, &text[end..])? + 1;
        // Doubled, they stand for themselves.
        if end == 2 || text.get(end) != Some(&quote) {
            break;
        }
        end += 1;
    }
    let behind = text[end..].iter().find(|byte| **byte != b' ');
    behind.is_none_or(|byte| matches!(byte, b',' | b';' | b'\t' | b'\r')).then_some(end)
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.ended {
            return None;
        }
        if self.delimiter == 0 {
            self.delimiter = self.find_delimiter();
        }
        let delimiter = self.delimiter;
        let splits = |byte: &u8| *byte == delimiter || (delimiter == b' ' && *byte == b'\t');
        let begin = self.rest.iter().take_while(|byte| **byte == b' ').count();
        let quoted = match delimiter {
            b' ' => None,
            _ => closing_quote(&self.rest[begin..]).map(|end| begin + end),
        };
        let from = quoted.unwrap_or(0);
        let end = self.rest[from..].iter().position(splits).map(|end| from + end);
        let (field, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &b""[..]),
        };
        self.rest = if delimiter == b' ' { trim(rest) } else { rest };
        // A delimiter at the very end closes the last field and opens none.
        self.ended = end.is_none() || self.rest.is_empty();
        Some(unquote(trim(field)))
    }
}

/// The fields of a line as text, as they are split where a line is read.
pub(in crate::formats::mot) fn fields(line: &[u8]) -> Vec<String> {
    Fields::new(line).map(|field| text(field).into_owned()).collect()
}

/// A field as text: quotes that are doubled stand for themselves.
pub(super) fn text(field: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(field) {
        field if field.contains("\"\"") => field.replace("\"\"", "\"").into(),
        field => field,
    }
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_blank(*last)
    {
        text = rest;
    }
    text
}

fn unquote(field: &[u8]) -> &[u8] {
    match field {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => trim(inner),
        _ => field,
    }
}

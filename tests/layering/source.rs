//! Reads Rust as far as the rules need it: words, texts and signs with their lines, the modules and
//! attributes they stand in, and the paths they make.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Word(String),
    /// The inside of a string literal, escapes as written.
    Text(String),
    /// A punctuation character; `::` is one.
    Sign(&'static str),
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
    /// Within a module marked `#[cfg(test)]`, or in a file of tests.
    pub is_test: bool,
    /// Within `#[…]`.
    pub is_attribute: bool,
    /// How many modules of this file it stands in.
    pub depth: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Word(word) => word == text,
            Kind::Sign(sign) => *sign == text,
            Kind::Text(_) => false,
        }
    }

    /// Whether a `::` after it goes on with a path, and does not begin one (`use ::a`).
    fn ends_a_segment(&self) -> bool {
        const BEFORE_PATHS: [&str; 9] = ["as", "dyn", "else", "for", "impl", "in", "mut", "return", "use"];
        match &self.kind {
            Kind::Word(word) => !BEFORE_PATHS.contains(&word.as_str()),
            other => *other == Kind::Sign(">"),
        }
    }
}

/// A path as named in code, groups of `use` taken apart.
#[derive(Debug)]
pub struct Named {
    pub parts: Vec<String>,
    pub line: usize,
    pub is_test: bool,
    /// At the start of a `use`.
    pub is_use: bool,
    /// The item at the crate's root that it leads to, by `crate::` or by enough `super::`.
    pub of_the_crate: Option<String>,
}

pub struct Source {
    pub path: String,
    pub room: String,
    pub tokens: Vec<Token>,
    pub inline_modules: Vec<(usize, String)>,
    pub lines_before_tests: usize,
    /// The file's own depth below the crate's root.
    pub depth: usize,
}

impl Source {
    pub fn read(path: &str, text: &str) -> Self {
        let modules: Vec<_> = path
            .trim_end_matches(".rs")
            .split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .collect();
        let is_test = modules.last() == Some(&"tests");
        let mut source = Self {
            path: path.to_owned(),
            room: modules.first().copied().unwrap_or_default().to_owned(),
            tokens: tokens(text, is_test),
            inline_modules: Vec::new(),
            lines_before_tests: if is_test { 0 } else { text.lines().count() },
            depth: modules.len(),
        };
        source.mark_modules();
        source.mark_attributes();
        source
    }

    /// Whether the file is in one of these folders, or is one of these files.
    pub fn is_in(&self, homes: &[&str]) -> bool {
        homes.iter().any(|home| self.path == *home || (home.ends_with('/') && self.path.starts_with(home)))
    }

    fn mark_modules(&mut self) {
        // For each open brace: whether it is a module's, and a module of tests.
        let mut open: Vec<(bool, bool)> = Vec::new();
        let file_of_tests = self.lines_before_tests == 0;
        for at in 0..self.tokens.len() {
            let (before, rest) = self.tokens.split_at_mut(at);
            let token = &mut rest[0];
            token.depth = open.iter().filter(|(is_module, _)| *is_module).count();
            token.is_test = file_of_tests || open.iter().any(|(_, is_test)| *is_test);
            if token.is("{") {
                let name = match before {
                    [.., keyword, Token { kind: Kind::Word(name), .. }] if keyword.is("mod") => {
                        Some(name.clone())
                    }
                    _ => None,
                };
                let until_mod = &before[..before.len().saturating_sub(2)];
                let is_test = name.is_some() && ends_in_cfg_test(until_mod);
                if let Some(name) = &name {
                    self.inline_modules.push((token.line, name.clone()));
                }
                if is_test {
                    self.lines_before_tests = self.lines_before_tests.min(token.line);
                }
                open.push((name.is_some(), is_test));
            } else if token.is("}") {
                open.pop();
            }
        }
    }

    fn mark_attributes(&mut self) {
        let mut depth = 0;
        for at in 0..self.tokens.len() {
            let begins = self.tokens[at].is("[")
                && (at > 0 && self.tokens[at - 1].is("#")
                    || at > 1 && self.tokens[at - 1].is("!") && self.tokens[at - 2].is("#"));
            if begins || (depth > 0 && self.tokens[at].is("[")) {
                depth += 1;
            } else if depth > 0 && self.tokens[at].is("]") {
                depth -= 1;
            }
            self.tokens[at].is_attribute = depth > 0;
        }
    }

    pub fn paths(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let before = at.checked_sub(1).map(|at| &self.tokens[at]);
            let is_continued = before.is_some_and(|token| token.is("::"))
                && at.checked_sub(2).is_some_and(|at| self.tokens[at].ends_a_segment());
            if self.tokens[at].ends_a_segment() && !self.tokens[at].is(">") && !is_continued {
                let is_use = before.is_some_and(|token| token.is("use") || token.is("crate"))
                    || (before.is_some_and(|token| token.is("::"))
                        && at.checked_sub(2).is_some_and(|at| self.tokens[at].is("use")));
                at = self.path(at, &[], is_use, &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Reads one path, or the group that it ends in; answers where it goes on.
    fn path(&self, mut at: usize, prefix: &[String], is_use: bool, found: &mut Vec<Named>) -> usize {
        let mut parts = prefix.to_vec();
        let first = at;
        while let Some(token) = self.tokens.get(at) {
            match &token.kind {
                Kind::Word(word) => parts.push(word.clone()),
                Kind::Sign("*") => parts.push("*".to_owned()),
                Kind::Sign("{") if !parts.is_empty() => return self.group(at + 1, &parts, is_use, found),
                _ => break,
            }
            at += 1;
            let goes_on = self.tokens.get(at).is_some_and(|token| token.is("::"))
                && self.tokens.get(at + 1).is_some_and(|token| {
                    matches!(token.kind, Kind::Word(_)) || token.is("*") || token.is("{")
                });
            if !goes_on {
                break;
            }
            at += 1;
        }
        if let Some(token) = self.tokens.get(first) {
            let of_the_crate = self.of_the_crate(&parts, token.depth, self.tokens.get(at));
            found.push(Named { parts, line: token.line, is_test: token.is_test, is_use, of_the_crate });
        }
        at.max(first + 1)
    }

    fn group(&self, mut at: usize, prefix: &[String], is_use: bool, found: &mut Vec<Named>) -> usize {
        while let Some(token) = self.tokens.get(at) {
            if token.is("}") {
                return at + 1;
            }
            let is_path = matches!(token.kind, Kind::Word(_)) || token.is("*");
            // `as name` is no path.
            at = if token.is("as") {
                at + 2
            } else if is_path {
                self.path(at, prefix, is_use, found)
            } else {
                at + 1
            };
        }
        at
    }

    fn of_the_crate(&self, parts: &[String], depth: usize, next: Option<&Token>) -> Option<String> {
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| *part != "self").collect();
        let supers = parts.iter().take_while(|part| **part == "super").count();
        let rest = if parts.first() == Some(&"crate") {
            // `pub(crate)` names nothing; `crate as other` would hide what follows.
            if parts.len() == 1 && next.is_none_or(|next| next.is(")")) {
                return None;
            }
            &parts[1..]
        } else if supers > 0 && supers >= self.depth + depth {
            &parts[supers..]
        } else {
            return None;
        };
        Some(rest.first().copied().unwrap_or("(itself)").to_owned())
    }
}

fn ends_in_cfg_test(tokens: &[Token]) -> bool {
    // Other attributes may stand between.
    let mut tokens = tokens;
    while let [before @ .., last] = tokens
        && last.is("]")
    {
        let start = before.iter().rposition(|token| token.is("#")).unwrap_or(0);
        let words: Vec<_> =
            before[start..].iter().filter(|token| matches!(token.kind, Kind::Word(_))).collect();
        if matches!(words[..], [cfg, test] if cfg.is("cfg") && test.is("test")) {
            return true;
        }
        tokens = &before[..start];
    }
    false
}

/// The tokens of a source without its comments.
fn tokens(text: &str, is_test: bool) -> Vec<Token> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = if rest.starts_with("//") {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (None, block_comment(rest))
        } else if let Some((start, end, length)) = string_literal(rest) {
            (Some(Kind::Text(rest[start..end].to_owned())), length)
        } else if first == '\'' {
            (None, character_or_lifetime(rest))
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len());
            let is_word = !first.is_ascii_digit();
            // `r#type` is a word, too.
            let is_raw = &rest[..end] == "r" && rest[end..].starts_with('#');
            (is_word.then(|| Kind::Word(rest[..end].to_owned())), if is_raw { end + 1 } else { end })
        } else {
            let sign = ["::", "{", "}", "(", ")", "[", "]", "#", "!", "=", "*", "<", ">", ";", ",", "."];
            let sign = sign.into_iter().find(|sign| rest.starts_with(sign));
            (sign.map(Kind::Sign), sign.map_or(first.len_utf8(), str::len))
        };
        if let Some(kind) = kind {
            found.push(Token { kind, line, is_test, is_attribute: false, depth: 0 });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Start and end of what is inside, and the length of the whole.
fn string_literal(text: &str) -> Option<(usize, usize, usize)> {
    let mark = text.find('"')?;
    let prefix = &text[..mark];
    let hashes = prefix.trim_start_matches(['b', 'c', 'r']);
    if !matches!(prefix.trim_end_matches('#'), "" | "b" | "c" | "r" | "br" | "cr")
        || hashes.contains(|c| c != '#')
    {
        return None;
    }
    let start = mark + 1;
    if prefix.contains('r') {
        let closing = format!("\"{hashes}");
        let end = start + text[start..].find(&closing)?;
        return Some((start, end, end + closing.len()));
    }
    if !hashes.is_empty() {
        return None;
    }
    let mut is_escaped = false;
    let end = text[start..].char_indices().find(|(_, next)| {
        let ends = *next == '"' && !is_escaped;
        is_escaped = *next == '\\' && !is_escaped;
        ends
    });
    let end = start + end?.0;
    Some((start, end, end + 1))
}

/// The length of a character literal, or of a lifetime's quote.
fn character_or_lifetime(text: &str) -> usize {
    let mut rest = text.char_indices().skip(1);
    match (rest.next(), rest.next()) {
        (Some((_, '\\')), Some((after, escaped))) => {
            let from = after + escaped.len_utf8();
            text[from..].find('\'').map_or(1, |end| from + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}

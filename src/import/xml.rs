//! XML of other systems, within bounds: a file that means harm must not take the memory, the stack or the time.
//!
//! There is no DTD, so there are no entities but the five of XML itself, and nothing outside of the file is read.

use roxmltree::{Document, Error, Node, ParsingOptions};

/// So long a file is read, in bytes; the largest METS files of newspapers are a third of it.
pub const MAX_BYTES: usize = 64 << 20;
/// So deep elements may lie in one another; whoever walks through them may call themselves.
pub const MAX_DEPTH: usize = 100;
/// So many attributes one element may have: the parser compares each with each.
const MAX_ATTRIBUTES: usize = 40;
/// So many elements, texts and comments one file may have.
const MAX_NODES: u32 = 4_000_000;

/// Why a file is not read, and at which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadXml {
    pub line: usize,
    pub reason: String,
}

/// Parses a whole file; a byte order mark may stand before it.
///
/// # Errors
/// If it is not XML, has a DTD, or is larger than the bounds.
pub fn parse(text: &str) -> Result<Document<'_>, BadXml> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(BadXml { line: 1, reason: format!("the file is longer than {} MB", MAX_BYTES >> 20) });
    }
    within_bounds(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let line = usize::try_from(error.pos().row).unwrap_or(1);
        let reason = match error {
            Error::DtdDetected => {
                "the file has a DTD (<!DOCTYPE …>), which is not read; take it out".to_owned()
            }
            Error::NodesLimitReached => format!("the file has more than {MAX_NODES} elements and texts"),
            error => format!("this is not XML: {error}"),
        };
        BadXml { line, reason }
    })
}

/// Looks at tags alone and before the parser does, so that it need not be trusted with a hostile file.
fn within_bounds(text: &str) -> Result<(), BadXml> {
    let bytes = text.as_bytes();
    let too = |at: usize, reason: String| {
        let line = 1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
        Err(BadXml { line, reason })
    };
    let (mut at, mut depth) = (0_usize, 0_usize);
    while let Some(next) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + next;
        let rest = bytes.get(start..).unwrap_or_default();
        // What looks like tags in these are none. The end is looked for behind the whole beginning: `<!-->` begins a comment
        // and does not end it, and whoever reads that otherwise counts tags that the parser does not see.
        let end_of = |begin: usize, mark: &[u8]| {
            let inside = rest.get(begin..).unwrap_or_default();
            memchr::memmem::find(inside, mark).map_or(bytes.len(), |end| start + begin + end + mark.len())
        };
        at = match rest {
            [b'<', b'!', b'-', b'-', ..] => end_of(4, b"-->"),
            [b'<', b'!', b'[', ..] => end_of(3, b"]]>"),
            [b'<', b'?', ..] => end_of(2, b"?>"),
            [b'<', b'/', ..] => {
                depth = depth.saturating_sub(1);
                start + 2
            }
            _ => {
                let (length, attributes, is_empty) = tag(rest);
                if attributes > MAX_ATTRIBUTES {
                    return too(start, format!("an element has more than {MAX_ATTRIBUTES} attributes"));
                }
                depth += usize::from(!is_empty);
                if depth > MAX_DEPTH {
                    return too(start, format!("elements lie in one another more than {MAX_DEPTH} deep"));
                }
                start + length
            }
        };
    }
    Ok(())
}

/// The name of the first element, without its prefix, found without parsing: to tell what a file is.
pub fn name_of_root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (begin, end) = match after.as_bytes() {
            [b'!', b'-', b'-', ..] => (3, "-->"),
            [b'?', ..] => (1, "?>"),
            [b'!', ..] => (1, ">"),
            _ => {
                let end = after.find(|next: char| next.is_ascii_whitespace() || matches!(next, '>' | '/'));
                let name = after.split_at_checked(end?)?.0;
                return Some(name.rsplit(':').next().unwrap_or(name));
            }
        };
        rest = after.get(begin..)?.split_once(end)?.1;
    }
}

/// How long a start tag is, how many attributes it has, and whether it is its own end.
fn tag(rest: &[u8]) -> (usize, usize, bool) {
    let (mut quote, mut attributes, mut before) = (None, 0, b' ');
    for (place, byte) in rest.iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (None, b'>') => return (place + 1, attributes, before == b'/'),
            _ => {}
        }
        before = *byte;
    }
    (rest.len(), attributes, false)
}

/// The line of an element in its file, counted from 1. It is looked for from the beginning every time.
pub fn line(node: Node<'_, '_>) -> usize {
    usize::try_from(node.document().text_pos_at(node.range().start).row).unwrap_or(1)
}

/// All text in an element, in one line.
pub fn text(node: Node<'_, '_>) -> String {
    let words: Vec<&str> =
        node.descendants().filter_map(|inner| if inner.is_text() { inner.text() } else { None }).collect();
    words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The elements directly in one, of a name in whatever namespace: METS and MODS are found under several.
pub fn children<'n, 'x>(
    node: Node<'n, 'x>,
    name: &'static str,
) -> impl Iterator<Item = Node<'n, 'x>> + use<'n, 'x> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (usize, String) {
        let bad = parse(text).unwrap_err();
        (bad.line, bad.reason)
    }

    #[test]
    fn a_file_that_means_harm_is_refused_before_it_is_parsed() {
        let laughs =
            "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '&b;&b;&b;'>]>\n<a>&c;</a>";
        assert!(refused(laughs).1.contains("DTD"));
        let outside = "<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>";
        assert!(refused(outside).1.contains("DTD"));
        let (line, reason) = refused(&"<a>\n".repeat(1_000_000));
        assert!(line == MAX_DEPTH + 1 && reason.contains("deep"), "{line} {reason}");
        // A comment that begins like one that is over at once hides ends of elements that are none.
        for hidden in ["<!-->{}-->", "<!--->{}-->", "<?>{}?>", "<![CDATA[>{}]]>"] {
            let hidden = hidden.replace("{}", &"</a>".repeat(MAX_DEPTH));
            let deep = format!("{}{hidden}", "<a>".repeat(MAX_DEPTH - 1)).repeat(100);
            let reason = refused(&deep).1;
            assert!(reason.contains("deep"), "{reason}");
        }
        let attributes = " a='='".repeat(100_000);
        assert!(refused(&format!("<a{attributes}/>")).1.contains("attributes"));
        assert!(refused(&format!("<a>{}</a>", " ".repeat(MAX_BYTES))).1.contains("longer"));
        for broken in ["", "<a>", "<a></b>", "<a", "<a b='", "<!--", "<a>&c;</a>", "<![CDATA[", "<?"] {
            assert!(refused(broken).1.contains("not XML"), "{broken}");
        }
    }

    #[test]
    fn what_is_no_tag_is_not_counted_and_lines_are_known() {
        let text = format!(
            "\u{feff}<?xml version='1.0'?>\n<a x='>'><!-- {0} --><![CDATA[{0}]]><b\n y=\"'\"/>{1}<c> two\n words</c></a>",
            "<a>".repeat(200),
            "<e></e><f/>".repeat(200),
        );
        let document = parse(&text).unwrap();
        let root = document.root_element();
        let of = |name| children(root, name).next().unwrap();
        assert_eq!((line(root), line(of("b")), line(of("c"))), (2, 2, 3));
        assert_eq!(super::text(of("c")), "two words");
    }

    #[test]
    fn what_a_file_is_is_told_by_its_first_element() {
        for (text, name) in [
            ("<?xml version='1.0'?>\n<!-- <mets> -->\n<mets:mets ID='a'>", Some("mets")),
            ("<mets>", Some("mets")),
            ("<!DOCTYPE x><auth-config\n>", Some("auth-config")),
            ("<a/>", Some("a")),
            ("<!--><auth-config/>--><mets/>", Some("mets")),
            ("<!-- <mets>", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(name_of_root(text), name, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn prop_any_text_comes_to_an_end(text in "(<|>|/|a|'|=| |\"|<!--|-->|<!\\[CDATA\\[|]]>|<\\?|\\?>|&|\n){0,60}") {
            let _ = parse(&text);
        }
    }
}

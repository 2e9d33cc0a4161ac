//! A condition as somebody types it: every field a text, whatever it says.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::credential::account::is_deceptive;
use crate::policy::condition::{AccessCondition, CLOSED, LanguageMap, OPEN, Pattern};
use crate::policy::file::{self, BadNetwork, is_language, is_slug, read_network};
use crate::texts::{Said, Texts};

/// The fields as they are posted.
pub type Fields = BTreeMap<String, String>;

/// The texts of a condition in one language, in the order of the form; the names are those of the policy file.
pub const TEXTS: [&str; 6] = ["label", "heading", "note", "confirm", "error_heading", "error_note"];
/// How many characters each may have.
const LONGEST: [usize; 6] = [200, 200, 4000, 100, 200, 4000];
/// The languages that the form always has.
const USUAL: [&str; 2] = ["en", "de"];
/// Longer sides than this no thumbnail has.
const MAX_PIXELS: u32 = 100_000;
const MOST_LANGUAGES: usize = 40;
const MOST_NETWORKS: usize = 1000;
const MOST_SIZES: usize = 50;

/// What is wrong, by field, in the order of the form.
pub type Faults = Vec<(String, Said)>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    pub pattern: String,
    pub languages: Vec<Language>,
    pub thumbnail_px: String,
    pub thumbnail_sizes: String,
    pub substitute_px: String,
    pub networks: String,
}

/// The texts in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    pub tag: String,
    /// As [`TEXTS`] has them.
    pub texts: [String; 6],
}

/// Something that two people have changed, or one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// One of [`TEXTS`], or the field's name.
    pub field: &'static str,
    /// Empty where the field has none.
    pub tag: String,
    /// As the other person left it.
    pub theirs: String,
    /// Both have changed it: what was typed stays.
    pub is_conflict: bool,
}

impl Language {
    fn of(tag: &str) -> Self {
        Self { tag: tag.to_owned(), ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.texts.iter().all(|text| text.trim().is_empty())
    }

    /// Whether the form always has it: then its tag is not typed.
    pub fn is_usual(&self) -> bool {
        USUAL.contains(&self.tag.as_str())
    }
}

impl Typed {
    /// An empty form.
    pub fn empty() -> Self {
        let languages = USUAL.into_iter().map(Language::of).collect();
        Self { pattern: Pattern::Login.word().to_owned(), languages, ..Self::default() }
    }

    /// The form as it was posted.
    pub fn of(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        let language = |row: usize| {
            let tag = fields.get(&format!("tag-{row}"))?.trim().to_owned();
            Some(Language { tag, texts: TEXTS.map(|text| get(&format!("{text}-{row}"))) })
        };
        Self {
            name: get("name"),
            pattern: get("pattern"),
            languages: (0..MOST_LANGUAGES).map_while(language).collect(),
            thumbnail_px: get("thumbnail_px"),
            thumbnail_sizes: get("thumbnail_sizes"),
            substitute_px: get("substitute_px"),
            networks: get("networks"),
        }
    }

    /// The form of a condition that there is.
    pub fn of_condition(condition: &AccessCondition) -> Self {
        let maps = maps_of(condition);
        let mut languages: Vec<Language> = USUAL.into_iter().map(Language::of).collect();
        for (place, map) in maps.into_iter().enumerate() {
            for (tag, text) in map {
                let row = languages.iter().position(|language| language.tag == *tag).unwrap_or_else(|| {
                    languages.push(Language::of(tag));
                    languages.len() - 1
                });
                if let Some(slot) = languages.get_mut(row).and_then(|row| row.texts.get_mut(place)) {
                    slot.clone_from(text);
                }
            }
        }
        let number = |pixels: Option<u32>| pixels.map(|pixels| pixels.to_string()).unwrap_or_default();
        let list = |separator: &str, texts: Vec<String>| texts.join(separator);
        Self {
            name: condition.name.clone(),
            pattern: condition.pattern.word().to_owned(),
            languages,
            thumbnail_px: number(condition.thumbnail_px),
            thumbnail_sizes: list(", ", condition.thumbnail_sizes.iter().map(ToString::to_string).collect()),
            substitute_px: number(condition.substitute_px),
            networks: list("\n", condition.networks.iter().map(ToString::to_string).collect()),
        }
    }

    /// Has room for one more language.
    pub fn add_language(&mut self) {
        if self.languages.len() < MOST_LANGUAGES {
            self.languages.push(Language::default());
        }
    }

    /// What others have changed since the condition was `shown`: taken over where nothing else was typed, and told.
    pub fn take_over(&mut self, shown: &AccessCondition, now: &AccessCondition) -> Vec<Difference> {
        let (shown, now) = (Self::of_condition(shown), Self::of_condition(now));
        let mut differences = Vec::new();
        let mut compare = |field, tag: &str, mine: &mut String, shown: &str, now: &str| {
            if shown == now {
                return;
            }
            let is_conflict = mine.trim() != shown.trim() && mine.trim() != now.trim();
            if !is_conflict {
                now.clone_into(mine);
            }
            differences.push(Difference { field, tag: tag.to_owned(), theirs: now.to_owned(), is_conflict });
        };
        compare("pattern", "", &mut self.pattern, &shown.pattern, &now.pattern);
        let tags = shown.languages.iter().chain(&now.languages).map(|language| language.tag.clone());
        let mut tags: Vec<String> = tags.collect();
        tags.sort();
        tags.dedup();
        let of = |typed: &Self, tag: &str| {
            typed.languages.iter().find(|language| language.tag == tag).cloned().unwrap_or_default()
        };
        for tag in tags {
            let (shown, now) = (of(&shown, &tag), of(&now, &tag));
            if shown.texts == now.texts {
                continue;
            }
            let row = self.languages.iter().position(|language| language.tag == tag).unwrap_or_else(|| {
                self.languages.push(Language::of(&tag));
                self.languages.len() - 1
            });
            let Some(mine) = self.languages.get_mut(row) else { continue };
            let texts = mine.texts.iter_mut().zip(TEXTS).zip(shown.texts.iter().zip(&now.texts));
            for ((mine, field), (shown, now)) in texts {
                compare(field, &tag, mine, shown, now);
            }
        }
        for (field, mine, shown, now) in [
            ("thumbnail_px", &mut self.thumbnail_px, &shown.thumbnail_px, &now.thumbnail_px),
            ("thumbnail_sizes", &mut self.thumbnail_sizes, &shown.thumbnail_sizes, &now.thumbnail_sizes),
            ("substitute_px", &mut self.substitute_px, &shown.substitute_px, &now.substitute_px),
            ("networks", &mut self.networks, &shown.networks, &now.networks),
        ] {
            compare(field, "", mine, shown, now);
        }
        differences
    }

    /// The texts as viewers would be told them, faulty or not: for the preview.
    pub fn maps(&self) -> [LanguageMap; 6] {
        let mut place = 0..;
        TEXTS.map(|_| {
            let place = place.next().unwrap_or_default();
            let texts = self.languages.iter().filter_map(|language| {
                let text = language.texts.get(place)?.trim();
                (!text.is_empty() && !language.tag.is_empty())
                    .then(|| (language.tag.clone(), text.to_owned()))
            });
            texts.collect()
        })
    }

    /// What it says of a new condition; `known` are the names that there are.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn read_new(&self, t: Texts, known: &[String]) -> Result<AccessCondition, Faults> {
        let mut faults = Faults::new();
        let name = self.read_name(t, known, &mut faults);
        let condition = self.read(t, &AccessCondition::bare(&name, Pattern::Login), &mut faults);
        if faults.is_empty() { Ok(condition) } else { Err(faults) }
    }

    /// What it says of a condition that there is, whose name stays.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn read_changed(&self, t: Texts, shown: &AccessCondition) -> Result<AccessCondition, Faults> {
        let mut faults = Faults::new();
        let condition = self.read(t, shown, &mut faults);
        if faults.is_empty() { Ok(condition) } else { Err(faults) }
    }

    fn read_name(&self, t: Texts, known: &[String], faults: &mut Faults) -> String {
        let typed = self.name.trim();
        let normal = typed.nfkc().collect::<String>().to_lowercase();
        let fault = if typed.is_empty() {
            Some(t.say("conditions-fault-name-missing"))
        } else if typed.chars().count() > file::MAX_NAME {
            Some(t.say("conditions-fault-name-long").number("most", file::MAX_NAME))
        } else if typed.chars().any(is_deceptive) {
            Some(t.say("conditions-fault-deceptive"))
        } else if known.contains(&normal) {
            Some(t.say("conditions-fault-name-double").with("name", &normal))
        } else if !is_slug(typed) {
            Some(t.say("conditions-fault-name-slug"))
        } else {
            None
        };
        faults.extend(fault.map(|fault| ("name".to_owned(), fault)));
        typed.to_owned()
    }

    fn read(&self, t: Texts, base: &AccessCondition, faults: &mut Faults) -> AccessCondition {
        let mut condition = AccessCondition::bare(&base.name, base.pattern);
        let is_built_in = base.name == OPEN || base.name == CLOSED;
        if !is_built_in {
            match Pattern::ALL.into_iter().find(|pattern| pattern.word() == self.pattern) {
                Some(pattern) => condition.pattern = pattern,
                None => faults.push(("pattern".to_owned(), t.say("conditions-fault-pattern"))),
            }
        }
        self.read_texts(t, &mut condition, faults);
        if !is_built_in {
            condition.thumbnail_px = pixels("thumbnail_px", &self.thumbnail_px, t, faults);
            condition.thumbnail_sizes = self.read_sizes(t, faults);
            if condition.thumbnail_px.is_some() && !condition.thumbnail_sizes.is_empty() {
                faults.push(("thumbnail_sizes".to_owned(), t.say("conditions-fault-sizes-both")));
            }
            condition.substitute_px = pixels("substitute_px", &self.substitute_px, t, faults);
            condition.networks = self.read_networks(t, faults);
        }
        condition
    }

    fn read_texts(&self, t: Texts, condition: &mut AccessCondition, faults: &mut Faults) {
        let mut seen: Vec<String> = Vec::new();
        let mut maps: [LanguageMap; 6] = Default::default();
        for (row, language) in self.languages.iter().enumerate().filter(|(_, language)| !language.is_empty())
        {
            let folded = language.tag.to_ascii_lowercase();
            let fault = if folded.is_empty() {
                Some(t.say("conditions-fault-language-missing"))
            } else if !is_language(&language.tag) {
                Some(t.say("conditions-fault-language"))
            } else if seen.contains(&folded) {
                Some(t.say("conditions-fault-language-double"))
            } else {
                None
            };
            faults.extend(fault.map(|fault| (format!("tag-{row}"), fault)));
            seen.push(folded);
            for (((text, field), longest), map) in
                language.texts.iter().zip(TEXTS).zip(LONGEST).zip(&mut maps)
            {
                let text = text.trim();
                let fault = if text.chars().count() > longest {
                    Some(t.say("conditions-fault-long").number("most", longest))
                } else if text.chars().any(|character| is_no_text(character, field)) {
                    Some(t.say("conditions-fault-deceptive"))
                } else {
                    None
                };
                faults.extend(fault.map(|fault| (format!("{field}-{row}"), fault)));
                if !text.is_empty() {
                    map.insert(language.tag.clone(), text.to_owned());
                }
            }
        }
        // Where the fault of a whole map is told: at its English text.
        let english = self.languages.iter().position(|language| language.tag == "en").unwrap_or(0);
        let mut tell = |field: &str, message| faults.push((format!("{field}-{english}"), t.say(message)));
        for (map, field) in maps.iter().zip(TEXTS) {
            if !map.is_empty() && !map.contains_key("en") {
                tell(field, "conditions-fault-english");
            }
        }
        let [label, heading, note, confirm, error_heading, error_note] = maps;
        if condition.pattern == Pattern::Login && label.is_empty() {
            tell("label", "conditions-fault-label");
        }
        if !note.is_empty() && heading.is_empty() {
            tell("heading", "conditions-fault-heading");
        }
        if !error_note.is_empty() && error_heading.is_empty() {
            tell("error_heading", "conditions-fault-heading");
        }
        (condition.label, condition.heading, condition.note) = (label, heading, note);
        (condition.confirm, condition.error_heading, condition.error_note) =
            (confirm, error_heading, error_note);
    }

    fn read_sizes(&self, t: Texts, faults: &mut Faults) -> Vec<u32> {
        let words: Vec<&str> = words(&self.thumbnail_sizes).collect();
        let sizes: Vec<u32> = words.iter().filter_map(|word| read_pixels(word)).collect();
        if sizes.len() != words.len() {
            let fault = t.say("conditions-fault-sizes").number("most", MAX_PIXELS);
            faults.push(("thumbnail_sizes".to_owned(), fault));
        } else if sizes.len() > MOST_SIZES {
            let fault = t.say("conditions-fault-sizes-many").number("most", MOST_SIZES);
            faults.push(("thumbnail_sizes".to_owned(), fault));
        }
        sizes
    }

    fn read_networks(&self, t: Texts, faults: &mut Faults) -> Vec<ipnet::IpNet> {
        let lines = || self.networks.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut networks = Vec::new();
        for line in lines() {
            let shown: String = line.chars().take(60).collect();
            let fault = match read_network(line) {
                Ok(network) => {
                    networks.push(network);
                    continue;
                }
                Err(BadNetwork::Length(meant)) => {
                    t.say("conditions-fault-network-length").with("meant", meant).with("line", shown)
                }
                Err(BadNetwork::Address(meant)) => {
                    t.say("conditions-fault-network-address").with("meant", meant).with("line", shown)
                }
                Err(BadNetwork::Unreadable) => t.say("conditions-fault-network").with("line", shown),
            };
            // The first is enough: the line is named.
            faults.push(("networks".to_owned(), fault));
            return networks;
        }
        if networks.len() > MOST_NETWORKS {
            let fault = t.say("conditions-fault-networks-many").number("most", MOST_NETWORKS);
            faults.push(("networks".to_owned(), fault));
        }
        networks
    }
}

fn maps_of(condition: &AccessCondition) -> [&LanguageMap; 6] {
    let AccessCondition { label, heading, note, confirm, error_heading, error_note, .. } = condition;
    [label, heading, note, confirm, error_heading, error_note]
}

/// Whether it makes a text look like another one, or cannot be shown. Notes have lines, and some scripts need joiners and
/// marks of direction; what turns a whole passage around nobody needs.
fn is_no_text(character: char, field: &str) -> bool {
    let is_line = character == '\n' && matches!(field, "note" | "error_note");
    let is_of_script = matches!(character, '\u{200c}'..='\u{200f}' | '\u{61c}');
    is_deceptive(character) && !is_line && !is_of_script
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ', '\t', '\n', ';']).filter(|word| !word.is_empty())
}

fn read_pixels(word: &str) -> Option<u32> {
    let are_digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|pixels| are_digits && (1..=MAX_PIXELS).contains(pixels))
}

fn pixels(field: &str, typed: &str, t: Texts, faults: &mut Faults) -> Option<u32> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let pixels = read_pixels(typed);
    if pixels.is_none() {
        faults.push((field.to_owned(), t.say("conditions-fault-pixels").number("most", MAX_PIXELS)));
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let usual = [("pattern", "login"), ("tag-0", "en"), ("label-0", "Staff"), ("name", "staff")];
        usual.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn faulty(pairs: &[(&str, &str)]) -> Vec<String> {
        let typed = Typed::of(&fields(pairs));
        let faults = typed.read_new(Texts::ENGLISH, &["guests".to_owned()]).unwrap_err();
        faults.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        for (pairs, field) in [
            (&[("name", "")][..], "name"),
            (&[("name", &"a".repeat(65))], "name"),
            (&[("name", "Staff")], "name"),
            (&[("name", " Ｇuests")], "name"),
            (&[("name", "st\u{202e}aff")], "name"),
            (&[("pattern", "")], "pattern"),
            (&[("pattern", "basic")], "pattern"),
            (&[("label-0", "")], "label-0"),
            (&[("label-0", &"a".repeat(201))], "label-0"),
            (&[("label-0", "Staff\u{202e}ffats")], "label-0"),
            (&[("label-0", "Sta\u{0}ff")], "label-0"),
            (&[("label-0", "Two\nlines")], "label-0"),
            (&[("note-0", "Only a note")], "heading-0"),
            (&[("error_note-0", "Only a note")], "error_heading-0"),
            (&[("tag-1", "de"), ("heading-1", "Titel")], "heading-0"),
            (&[("tag-1", "germanic"), ("label-1", "x")], "tag-1"),
            (&[("tag-1", ""), ("label-1", "x")], "tag-1"),
            (&[("tag-1", "EN"), ("label-1", "x")], "tag-1"),
            (&[("thumbnail_px", "0")], "thumbnail_px"),
            (&[("thumbnail_px", "100001")], "thumbnail_px"),
            (&[("thumbnail_px", "+5")], "thumbnail_px"),
            (&[("substitute_px", "-1")], "substitute_px"),
            (&[("thumbnail_sizes", "100, many")], "thumbnail_sizes"),
            (&[("thumbnail_px", "100"), ("thumbnail_sizes", "100")], "thumbnail_sizes"),
            (&[("networks", "192.0.2.0/24\n192.0.2.1")], "networks"),
            (&[("networks", "192.0.2.1/24")], "networks"),
            (&[("networks", "library")], "networks"),
        ] {
            assert_eq!(faulty(pairs), [field], "{pairs:?}");
        }
    }

    #[test]
    fn a_condition_is_read_as_it_was_shown() {
        let pairs = [
            ("note-0", " One line.\r\nAnother. "),
            ("heading-0", "Terms"),
            ("tag-1", "pt-BR"),
            ("label-1", "Funcionários"),
            ("tag-2", "xx"),
            ("thumbnail_sizes", "100; 200"),
            ("substitute_px", "800"),
            ("networks", " 192.0.2.0/24 \r\n\r\n2001:db8::/32"),
        ];
        let condition = Typed::of(&fields(&pairs)).read_new(Texts::ENGLISH, &[]).unwrap();
        assert_eq!(condition.note["en"], "One line.\nAnother.");
        assert_eq!(condition.label.len(), 2, "a language without texts is none");
        assert_eq!((condition.thumbnail_sizes.len(), condition.networks.len()), (2, 2));
        let again = Typed::of_condition(&condition).read_changed(Texts::ENGLISH, &condition).unwrap();
        assert_eq!(again, condition);
    }

    #[test]
    fn a_built_in_condition_gets_texts_and_nothing_else() {
        let closed = AccessCondition::bare(CLOSED, Pattern::Closed);
        let pairs = [("thumbnail_px", "100"), ("networks", "192.0.2.0/24"), ("pattern", "open")];
        let read = Typed::of(&fields(&pairs)).read_changed(Texts::ENGLISH, &closed).unwrap();
        assert_eq!(read, AccessCondition { label: read.label.clone(), ..closed });
    }

    #[test]
    fn what_two_people_change_is_put_together_and_what_both_change_is_told() {
        let shown = Typed::of(&fields(&[])).read_new(Texts::ENGLISH, &[]).unwrap();
        let mut theirs = shown.clone();
        theirs.label.insert("en".to_owned(), "Theirs".to_owned());
        theirs.label.insert("fr".to_owned(), "Personnel".to_owned());
        theirs.thumbnail_px = Some(100);
        let mut mine = Typed::of(&fields(&[("label-0", "Mine"), ("substitute_px", "500")]));
        let told = mine.take_over(&shown, &theirs);
        let told: Vec<_> = told.iter().map(|one| (one.field, one.tag.as_str(), one.is_conflict)).collect();
        assert_eq!(told, [("label", "en", true), ("label", "fr", false), ("thumbnail_px", "", false)]);
        let read = mine.read_changed(Texts::ENGLISH, &theirs).unwrap();
        assert_eq!((read.label["en"].as_str(), read.label["fr"].as_str()), ("Mine", "Personnel"));
        assert_eq!((read.thumbnail_px, read.substitute_px), (Some(100), Some(500)));
    }
}

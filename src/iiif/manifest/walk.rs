//! Goes through a manifest from its beginning to its end and writes it anew, with our services in it.
//!
//! What is written is the text that was read, up to the places that change.

use std::borrow::Cow;

use super::places::{At, Kind, Places};
use super::{Advice, BadManifest, CONTEXT_3, Guide, PresentationApi};
use crate::iiif::auth2;
use crate::iiif::decorate::{is_auth_service, is_of_image_api, without_scheme};

/// The longest text that is written, bytes. Services are a hundred times as long as the shortest picture, so a
/// document that may still be read could become one that no memory holds.
const LONGEST: usize = 64 * 1024 * 1024;

/// The keys below which resources and image services stand in both versions, and a few that viewers
/// know besides. What stands below any other is somebody's own data, and no business of ours.
pub(super) fn leads_to_resources(key: &str) -> bool {
    matches!(
        key,
        // Presentation API 2 (section 3.3); the last two hold recordings for the Universal Viewer.
        "sequences" | "canvases" | "images" | "resource" | "resources" | "default" | "item" | "full"
            | "structures" | "ranges" | "members" | "manifests" | "collections" | "mediaSequences" | "elements"
        // Presentation API 3 (section 3.4).
            | "items" | "body" | "source" | "annotations" | "placeholderCanvas" | "accompanyingCanvas"
            | "provider" | "homepage"
        // Both.
            | "thumbnail" | "logo" | "rendering" | "seeAlso" | "service"
    )
}

/// The types of image services in manifests (Presentation API 3.0, section 3.2; `iiif:Image` is the `@type` of an
/// info.json of version 2).
fn is_image_service_type(name: &str) -> bool {
    matches!(name, "ImageService1" | "ImageService2" | "ImageService3" | "iiif:Image")
}

/// Where content stands without a type that says so (Presentation API 2.1, sections 3.1 and 3.3).
fn holds_content(key: &str) -> bool {
    matches!(key, "thumbnail" | "logo" | "rendering" | "seeAlso")
}

/// The types of what is no part of the manifest but has a URL of its own: pictures, recordings, PDFs
/// (Presentation API 3.0, section 3.2; 2.1, section 4.4; `foaf:Document` is the Universal Viewer's PDF).
fn is_content_type(name: &str) -> bool {
    const THREE: [&str; 6] = ["Dataset", "Image", "Model", "Sound", "Text", "Video"];
    let is_prefix =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    THREE.contains(&name) || is_prefix("dctypes:") || name == "foaf:Document"
}

/// The members of an object that say what it is; of a key that is there twice the last, as JSON has it.
#[derive(Default)]
struct Facts {
    id: Option<At>,
    type_2: Option<At>,
    type_3: Option<At>,
    context: Option<At>,
    profile: Option<At>,
    protocol: Option<At>,
    service: Option<At>,
}

/// What an object is to us.
enum What {
    ImageService,
    Content,
    Other,
}

pub(super) struct Walk<'w, 't> {
    places: &'w Places<'t>,
    guide: &'w mut dyn Guide,
    /// Up to here the text is written, or left out.
    done: usize,
    out: String,
    /// The document's own context, and where it begins in what is written.
    context: Option<(At, usize)>,
    is_changed: bool,
    /// Whether a service of version 2.0 was put in.
    has_put_two: bool,
    /// Probe services of the document that stay in it; those are other servers'.
    foreign_probes: usize,
}

impl<'w, 't> Walk<'w, 't> {
    /// The document with what the guide says; `None` if that changes nothing.
    ///
    /// # Errors
    /// If it becomes too long.
    pub(super) fn through(
        places: &'w Places<'t>,
        api: PresentationApi,
        guide: &'w mut dyn Guide,
    ) -> Result<Option<String>, BadManifest> {
        let text = places.text();
        let mut walk = Self {
            places,
            guide,
            done: 0,
            context: None,
            out: String::with_capacity(text.len() * 2),
            is_changed: false,
            has_put_two: false,
            foreign_probes: probes(text),
        };
        walk.object(Places::root(), "");
        if walk.is_too_long() {
            return Err(BadManifest::TooLong(LONGEST));
        }
        walk.copy_to(text.len());
        if api == PresentationApi::Three {
            walk.put_context();
        }
        Ok(walk.is_changed.then_some(walk.out))
    }

    fn is_too_long(&self) -> bool {
        self.out.len() > LONGEST
    }

    /// Writes what changes within a value; `key` is the one that it stands under.
    fn value(&mut self, at: At, key: &str) {
        let places = self.places;
        match places.kind(at) {
            Kind::Object => self.object(at, key),
            Kind::Array => places.entries(at).for_each(|entry| self.value(entry, key)),
            Kind::Text | Kind::EscapedText | Kind::Other => {}
        }
    }

    fn object(&mut self, at: At, key: &str) {
        let places = self.places;
        let facts = self.facts(at);
        let what = self.what(&facts, key);
        let id = || facts.id.and_then(|id| places.string(id)).unwrap_or_default();
        // Where a picture has an image service, that one carries the services: viewers look for them there.
        let is_carried = matches!(what, What::Content) && self.has_image_service(&facts);
        let advice = match what {
            What::ImageService => self.guide.image(&id()),
            What::Content if is_carried && !self.has_auth_service(&facts) => None,
            What::Content => self.guide.content(&id()),
            What::Other => None,
        };
        let is_service = matches!(what, What::ImageService);
        if is_service && advice.is_none() {
            // Another server's, and so are the services that it is offered with.
            return;
        }
        let takes_services = advice.as_ref().is_some_and(|advice| !advice.services.is_empty() && !is_carried);

        let mut before = None;
        let mut members = places.members(at).peekable();
        while let Some((name, value)) = members.next() {
            let text = places.string(name).unwrap_or_default();
            match (&*text, &advice) {
                ("id" | "@id", Some(Advice { id: Some(id), .. })) if is_service => self.replace(value, id),
                ("@context", _) if at == Places::root() && facts.context == Some(value) => {
                    self.copy_to(places.span(value).0);
                    self.context = Some((value, self.out.len()));
                }
                ("service", Some(advice)) if facts.service == Some(value) => {
                    let ours = takes_services.then_some(advice);
                    if self.services(value, ours, !is_service) {
                        let next = members.peek().map(|(name, _)| *name);
                        self.leave_out(before, name, value, next);
                    }
                }
                (text, _) if !is_service && leads_to_resources(text) => self.value(value, text),
                _ => {}
            }
            before = Some(value);
        }
        if let (Some(advice), Some(last), None, true) = (&advice, before, facts.service, takes_services) {
            self.copy_to(places.span(last).1);
            self.push(",\"service\":[");
            self.put(advice);
            self.push("]");
        }
    }

    /// Writes a `service` without the authentication services that are there, and with ours; true if
    /// nothing of it is left, so that it must go.
    ///
    /// Theirs go as they do from an info.json. Each of ours is complete: that a later one may be a mere
    /// reference to the first (Presentation API 3.0, section 7, A1-56) is a convenience for writers, and no
    /// viewer was seen to follow such references.
    fn services(&mut self, value: At, ours: Option<&Advice>, descends: bool) -> bool {
        let places = self.places;
        let entries = places.entries(value).count();
        let kept: Vec<At> = places.entries(value).filter(|entry| !self.is_auth_service(*entry)).collect();
        if ours.is_none() && kept.len() == entries {
            if descends {
                self.value(value, "service");
            }
            return false;
        }
        let probes_before = probes(places.raw(value));
        let probes_kept: usize = kept.iter().map(|entry| probes(places.raw(*entry))).sum();
        self.foreign_probes = self.foreign_probes.saturating_sub(probes_before.saturating_sub(probes_kept));
        if ours.is_none() && kept.is_empty() {
            return true;
        }
        let (start, end) = places.span(value);
        self.copy_to(start);
        let mut separator = "[";
        for entry in kept {
            self.push(separator);
            let (start, end) = places.span(entry);
            self.done = start;
            if descends {
                self.value(entry, "service");
            }
            self.copy_to(end);
            separator = ",";
        }
        if let Some(advice) = ours {
            self.push(separator);
            self.put(advice);
        }
        self.push("]");
        self.done = end;
        false
    }

    fn put(&mut self, advice: &Advice) {
        if self.is_too_long() {
            return;
        }
        advice.services.write(&advice.identifier, &mut self.out);
        self.has_put_two |= advice.services.has_two();
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(self.places.text().get(self.done..end).unwrap_or_default());
        self.done = end;
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.is_changed = true;
    }

    fn replace(&mut self, value: At, with: &str) {
        if self.places.string(value).is_some_and(|present| present != with) {
            let (start, end) = self.places.span(value);
            self.copy_to(start);
            self.push(&serde_json::Value::from(with).to_string());
            self.done = end;
        }
    }

    /// Leaves a member out, with one of the commas beside it.
    fn leave_out(&mut self, before: Option<At>, name: At, value: At, next: Option<At>) {
        let (start, end) = match before {
            Some(before) => (self.places.span(before).1, self.places.span(value).1),
            None => (self.places.span(name).0, self.places.span(next.unwrap_or(value)).0),
        };
        self.copy_to(start);
        self.done = end;
        self.is_changed = true;
    }

    fn facts(&self, object: At) -> Facts {
        let mut facts = Facts::default();
        for (name, value) in self.places.members(object) {
            let fact = match &*self.places.string(name).unwrap_or_default() {
                "id" | "@id" => &mut facts.id,
                "@type" => &mut facts.type_2,
                "type" => &mut facts.type_3,
                "@context" => &mut facts.context,
                "profile" => &mut facts.profile,
                "protocol" => &mut facts.protocol,
                "service" => &mut facts.service,
                _ => continue,
            };
            *fact = Some(value);
        }
        facts
    }

    fn what(&self, facts: &Facts, key: &str) -> What {
        let is = |fact: Option<At>, test: fn(&str) -> bool| self.strings(fact).any(|text| test(&text));
        let is_typed = |test| is(facts.type_2, test) || is(facts.type_3, test);
        // Those of version 2 need no type; there it is the place and the words of the Image API that tell.
        let is_told = || {
            [facts.context, facts.profile, facts.protocol].into_iter().any(|fact| is(fact, is_of_image_api))
        };
        if is_typed(is_image_service_type) || (key == "service" && is_told()) {
            What::ImageService
        } else if facts.id.is_some() && (is_typed(is_content_type) || holds_content(key)) {
            What::Content
        } else {
            What::Other
        }
    }

    fn has_image_service(&self, facts: &Facts) -> bool {
        let mut entries = facts.service.into_iter().flat_map(|service| self.places.entries(service));
        entries.any(|entry| matches!(self.what(&self.facts(entry), "service"), What::ImageService))
    }

    fn has_auth_service(&self, facts: &Facts) -> bool {
        let mut entries = facts.service.into_iter().flat_map(|service| self.places.entries(service));
        entries.any(|entry| self.is_auth_service(entry))
    }

    fn is_auth_service(&self, entry: At) -> bool {
        is_auth_service(|key, test| {
            let members = self.places.members(entry);
            let of_key =
                members.filter(|(name, _)| self.places.string(*name).is_some_and(|name| name == key));
            self.strings(of_key.last().map(|(_, value)| value)).any(|text| test(&text))
        })
    }

    fn strings(&self, value: Option<At>) -> impl Iterator<Item = Cow<'t, str>> {
        let places = self.places;
        value.into_iter().flat_map(|value| places.entries(value)).filter_map(|entry| places.string(entry))
    }

    /// The context of the 2.0 services stands at the top before that of the Presentation API, which stays
    /// the last one (IIIF Authorization Flow 2.0, section 2.1); it goes with the last such service.
    fn put_context(&mut self) {
        let (places, Some((value, at))) = (self.places, self.context) else { return };
        let is = |entry: At, rest: &str| {
            places.string(entry).is_some_and(|text| without_scheme(&text) == Some(rest))
        };
        let entries: Vec<At> = places.entries(value).collect();
        let is_presentation = |entry: &At| is(*entry, CONTEXT_3);
        let is_auth = |entry: &At| is(*entry, auth2::CONTEXT_REST);
        let is_right = if self.has_put_two {
            let presentation = entries.iter().rposition(is_presentation);
            entries.iter().position(is_auth).is_some_and(|auth| Some(auth) < presentation)
        } else {
            self.foreign_probes > 0 || !entries.iter().any(is_auth)
        };
        if is_right {
            return;
        }
        let ours = serde_json::Value::from(auth2::CONTEXT).to_string();
        let others: Vec<At> = entries.into_iter().filter(|entry| !is_auth(entry)).collect();
        let mut contexts: Vec<&str> = others.iter().map(|entry| places.raw(*entry)).collect();
        if self.has_put_two {
            contexts.insert(others.iter().rposition(is_presentation).unwrap_or(0), &ours);
        }
        let text = match contexts.as_slice() {
            [one] => (*one).to_owned(),
            several => format!("[{}]", several.join(",")),
        };
        self.out.replace_range(at..at + places.raw(value).len(), &text);
        self.is_changed = true;
    }
}

/// How many probe services a text has, by their type.
fn probes(text: &str) -> usize {
    memchr::memmem::find_iter(text.as_bytes(), auth2::PROBE_TYPE).count()
}

#[cfg(test)]
mod tests;

//! Which addresses in a manifest are ours, and what they are offered with.

use std::collections::HashMap;
use std::sync::Arc;

use crate::gate::path::{Canonical, Part, locate};
use crate::http::Context;
use crate::http::offer::{self, Offer};
use crate::iiif::manifest::{Advice, Guide, PresentationApi, ServiceText};
use crate::policy::Policy;
use crate::policy::condition::Conditions;
use crate::policy::decision::{Aspects, Decision, Resource};
use crate::policy::mount::{Mount, MountKind};

/// Looks at the rules and at no visitor: a manifest is the same for everybody.
pub(super) struct Rules<'r> {
    context: &'r Context,
    policy: &'r Policy,
    api: PresentationApi,
    now: u64,
    origin: String,
    authority: String,
    /// Position of the mount that `images=` names.
    images: Option<usize>,
    canonical: Canonical,
    /// What was offered before: a book's pages ask for a handful of sets of conditions.
    offers: HashMap<(usize, Conditions), Arc<ServiceText>>,
    nothing: Arc<ServiceText>,
}

impl<'r> Rules<'r> {
    /// For a manifest of the mount of this name.
    pub(super) fn new(
        context: &'r Context,
        policy: &'r Policy,
        api: PresentationApi,
        mount: &str,
        now: u64,
    ) -> Self {
        let mounts = policy.mounts();
        let named = mounts.iter().find(|other| other.name == mount).and_then(|mount| mount.images.as_ref());
        let images = named.and_then(|named| mounts.iter().position(|mount| mount.name == *named));
        let public_url = &context.settings.site.public_url;
        Self {
            context,
            policy,
            api,
            now,
            origin: public_url.origin(),
            authority: public_url.authority(),
            images,
            canonical: Canonical::new(),
            offers: HashMap::new(),
            nothing: Arc::default(),
        }
    }

    /// The path of a URL of this site. With the other scheme it is ours as well: image servers behind NGINX often
    /// write `http`.
    fn path_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
        authority.eq_ignore_ascii_case(&self.authority).then_some(path)
    }

    /// The position of the image mount that this path is in, and the image's identifier as it is
    /// spelled there. It is read as its info.json is, for that is what viewers ask for next.
    fn image_at<'p>(&mut self, path: &'p str) -> Option<(usize, &'p str)> {
        let mounts = self.policy.mounts();
        let info = format!("{path}/info.json");
        let located = locate(info.as_bytes(), mounts, &mut self.canonical).ok()?;
        if located.part != Part::Info {
            return None;
        }
        let identifier = path.strip_prefix(located.mount.prefix.as_str())?;
        Some((position(mounts, located.mount)?, identifier))
    }

    /// The mount that `images=` names, and the address there of an image of another mount. The identifier keeps
    /// its spelling; where prefixes nest, and the address would be a third mount's, there is none.
    fn elsewhere(&mut self, position: usize, identifier: &str) -> Option<(usize, String)> {
        let mounts = self.policy.mounts();
        let there = self.images.filter(|there| *there != position)?;
        let (from, to) = (mounts.get(position)?, mounts.get(there)?);
        if !have_the_same_images(from, to) {
            return None;
        }
        let path = format!("{}{identifier}", to.prefix);
        let (found, _) = self.image_at(&path)?;
        (found == there).then(|| (there, format!("{}{path}", self.origin)))
    }

    /// The services of what was located last.
    fn services(&mut self, position: usize) -> Option<Arc<ServiceText>> {
        let mount = self.policy.mounts().get(position)?;
        let resource = Resource { mount: position, identifier: &self.canonical.identifier };
        let anonymous = Aspects { now: self.now, ..Aspects::default() };
        let Decision::Challenge(conditions, _) = self.policy.decide(&resource, &anonymous) else {
            return Some(self.nothing.clone());
        };
        let text = self.offers.entry((position, conditions)).or_insert_with(|| {
            // With no identifier a probe's address is what those of all the others begin with.
            let Offer { one, mut two } =
                offer::of(self.context, self.policy, mount, &resource, Some(""), self.now);
            // A viewer of version 1.0 alone reads these, too, where info.json would be 200 for it.
            for probe in &mut two {
                probe.with_profile = true;
            }
            Arc::new(ServiceText::new(self.api, &one, &two))
        });
        Some(text.clone())
    }
}

impl Guide for Rules<'_> {
    fn image(&mut self, id: &str) -> Option<Advice> {
        if id.contains(['?', '#']) {
            return None;
        }
        let path = self.path_of(id)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let (position, identifier) = self.image_at(path)?;
        let identifier = identifier.to_owned();
        if let Some((there, id)) = self.elsewhere(position, &identifier) {
            return Some(Advice { id: Some(id), services: self.services(there)?, identifier });
        }
        // Located anew: the other place was looked at in between.
        let (position, _) = self.image_at(path)?;
        Some(Advice { id: None, services: self.services(position)?, identifier })
    }

    fn content(&mut self, url: &str) -> Option<Advice> {
        let path = self.path_of(url)?;
        // `#t=5,10` is for the viewer (Media Fragments); a query is never looked at.
        let path = path.split(['?', '#']).next()?;
        let mounts = self.policy.mounts();
        let located = locate(path.as_bytes(), mounts, &mut self.canonical).ok()?;
        let rest = path.strip_prefix(located.mount.prefix.as_str())?;
        let identifier = identifier_of_content(located.part, rest)?.to_owned();
        let position = position(mounts, located.mount)?;
        Some(Advice { id: None, services: self.services(position)?, identifier })
    }
}

/// The identifier, as it is spelled in what follows the mount's prefix, of what NGINX gives out the bytes of.
fn identifier_of_content(part: Part, rest: &str) -> Option<&str> {
    match part {
        Part::Image(_) => rest.rsplitn(5, '/').nth(4),
        Part::File => Some(rest),
        // A substitute is open: whoever names one needs no service.
        Part::Info | Part::Bare | Part::Manifest | Part::Substitute { .. } => None,
    }
}

/// Whether a name means the same image on both: they share their rules, or the server behind them.
fn have_the_same_images(one: &Mount, other: &Mount) -> bool {
    let is_shared = one.rules_name() == other.rules_name() || one.origin == other.origin;
    is_shared && one.server == other.server && other.kind == MountKind::Image
}

fn position(mounts: &[Mount], mount: &Mount) -> Option<usize> {
    mounts.iter().position(|other| std::ptr::eq(other, mount))
}

//! Authentication services as the JSON text that is put into a manifest.

use serde_json::{Value, json};

use super::PresentationApi;
use crate::iiif::auth1::cookie_service;
use crate::iiif::auth2::{ProbeService, probe_service};
use crate::iiif::decorate::distinct;
use crate::iiif::service::{AuthService, ImageApi};

/// The services of resources that ask for the same: written once, put in a thousand times. Only the
/// address of the probe is another one for each resource.
#[derive(Debug, Default)]
pub struct ServiceText {
    one: Vec<String>,
    two: Vec<Probe>,
}

/// A probe service without its address.
#[derive(Debug)]
struct Probe {
    /// What its address begins with; the resource's identifier follows.
    base: String,
    /// Its other members, without the brace before them.
    rest: String,
}

impl ServiceText {
    /// Those of version 1.0 come first, as in an info.json. Each probe's `id` is what its address begins
    /// with.
    ///
    /// In documents of version 3 a probe has no context of its own (IIIF Authorization Flow 2.0, section
    /// 2.1), and a 1.0 service has types beside its context (Presentation API 3.0, section 4.2): the
    /// document around it counts, whatever version the image service itself is of.
    pub fn new(api: PresentationApi, one: &[AuthService], two: &[ProbeService]) -> Self {
        let document = match api {
            PresentationApi::Two => ImageApi::Two,
            PresentationApi::Three => ImageApi::Three,
        };
        let probe = |service: &ProbeService| {
            let mut rest = probe_service(service, document);
            if let Value::Object(members) = &mut rest {
                members.shift_remove("id");
            }
            let rest = rest.to_string();
            Probe { base: service.id.clone(), rest: rest.strip_prefix('{').unwrap_or(&rest).to_owned() }
        };
        Self {
            one: distinct(one).map(|service| cookie_service(service, document).to_string()).collect(),
            two: two.iter().map(probe).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.one.is_empty() && self.two.is_empty()
    }

    /// Whether there is a service of version 2.0 among them.
    pub(super) fn has_two(&self) -> bool {
        !self.two.is_empty()
    }

    /// Appends the services, separated by commas, for the resource of this identifier.
    pub(super) fn write(&self, identifier: &str, out: &mut String) {
        let mut separator = "";
        for service in &self.one {
            out.push_str(separator);
            out.push_str(service);
            separator = ",";
        }
        for Probe { base, rest } in &self.two {
            out.push_str(separator);
            out.push_str("{\"id\":");
            out.push_str(&json!(format!("{base}{identifier}")).to_string());
            out.push(',');
            out.push_str(rest);
            separator = ",";
        }
    }
}

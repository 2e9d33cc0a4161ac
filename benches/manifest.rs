//! Manifests of 1 000 canvases: read, given services, written; goal: 10 ms.
//!
//! Each canvas has a picture and a thumbnail with an image service each. Every second page is protected,
//! and gets services of both versions; the addresses are looked up in a policy of 1 000 rules.

#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up must stop")]

#[expect(dead_code, reason = "no visitor asks here")]
mod ground;

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use ground::{Ground, NOW};
use serde_json::{Value, json};
use tilegate::gate::path::{Canonical, locate};
use tilegate::iiif::auth2::{AccessService, ProbeService};
use tilegate::iiif::identifier::ImageServer;
use tilegate::iiif::manifest::{Advice, Guide, Manifest, PresentationApi, ServiceText};
use tilegate::iiif::service::{AuthService, ServiceAddresses, ServicePattern, ServiceTexts};
use tilegate::policy::Policy;
use tilegate::policy::condition::Conditions;
use tilegate::policy::decision::{Aspects, Decision, Resource};

const SITE: &str = "https://images.example.org";
const CANVASES: usize = 1_000;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let ground = Ground::new(ImageServer::Iipsrv);
    for (name, manifest) in [("2", manifest_2()), ("3", manifest_3())] {
        let body = manifest.to_string();
        let mut group =
            criterion.benchmark_group(format!("manifest of 1000 canvases, Presentation API {name}"));
        group.throughput(Throughput::Bytes(body.len() as u64));
        let written = decorated(&body, &ground.policy).expect("something is put in");
        assert_eq!(written.matches("/auth/iiif-token").count(), CANVASES, "two on every second canvas");
        println!("Presentation API {name}: {} bytes become {}", body.len(), written.len());
        group.bench_function("read", |bencher| {
            bencher.iter(|| Manifest::read(black_box(body.as_bytes())).is_ok());
        });
        group.bench_function("read, decorate and write", |bencher| {
            bencher.iter(|| decorated(black_box(&body), &ground.policy));
        });
        group.finish();
    }
    criterion.final_summary();
}

fn decorated(body: &str, policy: &Policy) -> Option<String> {
    let manifest = Manifest::read(body.as_bytes()).expect("it is one");
    let nothing = Arc::default();
    let canonical = Canonical::new();
    manifest
        .decorated(&mut Rules { policy, api: manifest.api(), canonical, offers: HashMap::new(), nothing })
        .ok()?
}

/// What the service does with each address, without its settings.
struct Rules<'r> {
    policy: &'r Policy,
    api: PresentationApi,
    canonical: Canonical,
    offers: HashMap<Conditions, Arc<ServiceText>>,
    nothing: Arc<ServiceText>,
}

impl Rules<'_> {
    fn advise(&mut self, path: &str, identifier: &str) -> Option<Advice> {
        locate(path.as_bytes(), self.policy.mounts(), &mut self.canonical).ok()?;
        let resource = Resource { mount: 0, identifier: &self.canonical.identifier };
        let anonymous = Aspects { now: NOW, ..Aspects::default() };
        let services = match self.policy.decide(&resource, &anonymous) {
            Decision::Challenge(conditions, _) => {
                self.offers.entry(conditions).or_insert_with(|| offer(self.api)).clone()
            }
            _ => self.nothing.clone(),
        };
        Some(Advice { id: None, services, identifier: identifier.to_owned() })
    }
}

impl Guide for Rules<'_> {
    fn image(&mut self, id: &str) -> Option<Advice> {
        let path = id.strip_prefix(SITE)?;
        self.advise(&format!("{path}/info.json"), path.strip_prefix("/iiif/images/")?)
    }

    fn content(&mut self, url: &str) -> Option<Advice> {
        let path = url.strip_prefix(SITE)?;
        self.advise(path, path.strip_prefix("/iiif/images/")?.rsplitn(5, '/').nth(4)?)
    }
}

/// Services with the texts of a real archive.
fn offer(api: PresentationApi) -> Arc<ServiceText> {
    let text =
        |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned()), ("de".to_owned(), text.to_owned())]);
    let (label, note) = (text("Reading room of Example Archive"), text("Readers of the archive may see it."));
    let empty = BTreeMap::new();
    let texts = ServiceTexts {
        label: &label,
        heading: &label,
        note: &note,
        confirm: &empty,
        error_heading: &empty,
        error_note: &empty,
    };
    let addresses = |access: &str, token: &str| ServiceAddresses {
        access: format!("{SITE}/auth/{access}"),
        token: format!("{SITE}/auth/{token}"),
        logout: Some(format!("{SITE}/auth/logout")),
    };
    let organisation = "Example Archive";
    let first = addresses("iiif-login", "iiif-token");
    let one = AuthService::new(ServicePattern::Login, &texts, organisation, first);
    let two = ProbeService {
        id: format!("{SITE}/auth/v2/probe/images/"),
        with_profile: true,
        error_heading: label.clone(),
        error_note: note.clone(),
        access: vec![AccessService::new(
            ServicePattern::Login,
            &texts,
            organisation,
            addresses("v2/access/staff", "v2/token"),
        )],
    };
    Arc::new(ServiceText::new(api, &[one], &[two]))
}

fn image(number: usize) -> String {
    let folder =
        if number.is_multiple_of(2) { "archive%2Fseries-07%2Fitem-0742" } else { "public%2Falbum-03" };
    format!("{SITE}/iiif/images/{folder}%2Fpage-{number}.tif")
}

fn manifest_2() -> Value {
    let canvas = |number: usize| {
        let image = image(number);
        let id = format!("{SITE}/iiif/manifests/book/canvas/p{number}");
        let service = json!({
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": image,
            "profile": "http://iiif.io/api/image/2/level2.json"
        });
        json!({
            "@type": "sc:Canvas", "@id": id, "label": format!("p. {number}"), "height": 5120, "width": 3200,
            "thumbnail": {"@id": format!("{image}/full/!200,200/0/default.jpg"), "service": service},
            "images": [{
                "@type": "oa:Annotation", "motivation": "sc:painting", "on": id,
                "resource": {
                    "@id": format!("{image}/full/full/0/default.jpg"), "@type": "dctypes:Image",
                    "format": "image/jpeg", "height": 5120, "width": 3200, "service": service
                }
            }]
        })
    };
    json!({
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@type": "sc:Manifest",
        "@id": format!("{SITE}/iiif/manifests/book"),
        "label": "A book",
        "sequences": [{"@type": "sc:Sequence", "canvases": (0..CANVASES).map(canvas).collect::<Vec<_>>()}]
    })
}

fn manifest_3() -> Value {
    let canvas = |number: usize| {
        let image = image(number);
        let id = format!("{SITE}/iiif/manifests/book/canvas/p{number}");
        let service = json!([{"id": image, "type": "ImageService3", "profile": "level2"}]);
        let picture = |size: &str| {
            json!({
                "id": format!("{image}/full/{size}/0/default.jpg"), "type": "Image", "format": "image/jpeg",
                "height": 5120, "width": 3200, "service": service
            })
        };
        json!({
            "type": "Canvas", "id": id, "label": {"none": [format!("p. {number}")]}, "height": 5120, "width": 3200,
            "thumbnail": [picture("!200,200")],
            "items": [{"type": "AnnotationPage", "id": format!("{id}/page"), "items": [{
                "type": "Annotation", "id": format!("{id}/image"), "motivation": "painting",
                "body": picture("max"), "target": id
            }]}]
        })
    };
    json!({
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "type": "Manifest",
        "id": format!("{SITE}/iiif/manifests/book"),
        "label": {"en": ["A book"]},
        "items": (0..CANVASES).map(canvas).collect::<Vec<_>>()
    })
}

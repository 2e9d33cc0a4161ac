//! What a manifest shows, as a list of names: its canvases in their order, what is painted on each, and its
//! ranges. For saying, beside a manifest that is the same for everybody, what of it one visitor may see.
//!
//! Presentation API 2.1 (sections 5.1 to 5.5 and 6) and 3.0 (section 5). What is not understood is left out.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::manifest::{BadManifest, PresentationApi, version_of};

/// Ranges lie in ranges; nobody's table of contents is deeper.
const DEEPEST_RANGE: usize = 32;
/// A range is followed through so many others.
const DEEPEST_CHAIN: usize = 1000;
/// So many names in ranges of version 2, which name one another, are gone through in one document, each as often as
/// it is come to: more than anybody has, and little enough for a document that means harm.
const MOST_FOLLOWED: usize = 2_000_000;

/// What a manifest shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What belongs to the whole of it: a PDF to download, for example.
    pub resources: Vec<String>,
    pub canvases: Vec<CanvasOutline>,
    pub ranges: Vec<RangeOutline>,
}

/// One canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanvasOutline {
    pub id: String,
    /// In whatever language comes first; empty without one.
    pub label: String,
    /// The URLs of the image services painted on it, and of images, sound and film without one.
    pub resources: Vec<String>,
}

/// One range, with everything in the ranges below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeOutline {
    pub id: String,
    /// In whatever language comes first; empty without one.
    pub label: String,
    /// Positions in [`Outline::canvases`], ascending.
    pub canvases: Vec<usize>,
}

impl Outline {
    /// Reads a manifest. Another resource of the Presentation API (a collection) shows nothing by itself.
    ///
    /// # Errors
    /// If it is none of them.
    pub fn read(body: &[u8]) -> Result<Self, BadManifest> {
        let text = std::str::from_utf8(body).map_err(|_| BadManifest::NotAnObject)?.trim_ascii();
        let api = version_of(text)?;
        let document: Value = serde_json::from_str(text).map_err(|_| BadManifest::NotAnObject)?;
        Ok(match api {
            PresentationApi::Two => two(&document),
            PresentationApi::Three => three(&document),
        })
    }
}

/// The entries of a value that may be one or an array; none without it.
fn entries(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(entries)) => entries,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

/// `id`, or `@id`, or the text itself where a resource is named by its URL alone.
fn id_of(resource: &Value) -> Option<&str> {
    resource.as_str().or_else(|| resource.get("id").or_else(|| resource.get("@id"))?.as_str())
}

/// The first text of a label: of version 3 a map from languages to texts, of version 2 a text, one with its language, or
/// several (Presentation API 3.0, section 3.1; 2.1, section 4.3).
fn label_of(resource: &Value) -> String {
    fn first(label: &Value) -> Option<&str> {
        match label {
            Value::String(text) => Some(text),
            Value::Array(texts) => texts.first().and_then(first),
            Value::Object(map) => {
                map.get("@value").or_else(|| map.values().next()).and_then(|text| match text {
                    Value::Object(_) => None,
                    text => first(text),
                })
            }
            _ => None,
        }
    }
    resource.get("label").and_then(first).unwrap_or_default().to_owned()
}

/// A canvas's URL without the part of it that is meant.
fn without_fragment(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

fn three(document: &Value) -> Outline {
    let canvases = entries(document.get("items")).iter().filter(|item| is_type(item, "Canvas"));
    let canvases: Vec<_> = canvases.filter_map(canvas_three).collect();
    let positions = positions(&canvases);
    let mut ranges = Vec::new();
    for range in entries(document.get("structures")) {
        range_three(range, &positions, &mut ranges, 0);
    }
    Outline { resources: renderings(document), canvases, ranges }
}

fn is_type(resource: &Value, name: &str) -> bool {
    resource.get("type").and_then(Value::as_str) == Some(name)
}

fn canvas_three(canvas: &Value) -> Option<CanvasOutline> {
    let mut resources = Vec::new();
    for page in entries(canvas.get("items")) {
        for annotation in entries(page.get("items")) {
            for body in entries(annotation.get("body")) {
                painted(body, &mut resources, 0);
            }
        }
    }
    let (id, label) = (id_of(canvas)?.to_owned(), label_of(canvas));
    Some(CanvasOutline { id, label, resources: distinct(resources, canvas) })
}

fn range_three(
    range: &Value,
    positions: &HashMap<String, usize>,
    ranges: &mut Vec<RangeOutline>,
    depth: usize,
) -> Vec<usize> {
    let mut canvases = Vec::new();
    // Before the ranges in it: a table of contents is read from above.
    let place = id_of(range).map(|id| {
        ranges.push(RangeOutline { id: id.to_owned(), label: label_of(range), canvases: Vec::new() });
        ranges.len() - 1
    });
    for item in entries(range.get("items")) {
        if is_type(item, "Range") {
            if depth < DEEPEST_RANGE {
                canvases.extend(range_three(item, positions, ranges, depth + 1));
            }
        } else {
            let canvas = if is_type(item, "SpecificResource") { item.get("source") } else { Some(item) };
            canvases.extend(canvas.and_then(id_of).and_then(|id| positions.get(without_fragment(id))));
        }
    }
    canvases.sort_unstable();
    canvases.dedup();
    if let Some(range) = place.and_then(|place| ranges.get_mut(place)) {
        range.canvases.clone_from(&canvases);
    }
    canvases
}

fn two(document: &Value) -> Outline {
    // The first sequence is the one that a viewer shows; others order the same canvases (section 5.2).
    let sequence = entries(document.get("sequences")).first();
    let canvases = entries(sequence.and_then(|sequence| sequence.get("canvases")));
    let canvases: Vec<_> = canvases.iter().filter_map(canvas_two).collect();
    let positions = positions(&canvases);

    // All ranges stand in one list and name one another (section 5.5).
    let listed = entries(document.get("structures"));
    let by_id: HashMap<&str, &Value> =
        listed.iter().filter_map(|range| Some((id_of(range)?, range))).collect();
    let mut left = MOST_FOLLOWED;
    let ranges = listed.iter().filter_map(|range| {
        let mut canvases = Vec::new();
        range_two(range, &by_id, &positions, &mut canvases, &mut HashSet::new(), &mut left);
        canvases.sort_unstable();
        canvases.dedup();
        Some(RangeOutline { id: id_of(range)?.to_owned(), label: label_of(range), canvases })
    });
    Outline { ranges: ranges.collect(), resources: renderings(document), canvases }
}

fn canvas_two(canvas: &Value) -> Option<CanvasOutline> {
    let mut resources = Vec::new();
    for annotation in entries(canvas.get("images")) {
        for resource in entries(annotation.get("resource")) {
            painted(resource, &mut resources, 0);
        }
    }
    let (id, label) = (id_of(canvas)?.to_owned(), label_of(canvas));
    Some(CanvasOutline { id, label, resources: distinct(resources, canvas) })
}

/// Each of what is painted once, in its order, and what belongs to the canvas besides.
fn distinct(mut painted: Vec<String>, canvas: &Value) -> Vec<String> {
    let mut seen = HashSet::new();
    painted.retain(|id| seen.insert(id.clone()));
    painted.extend(renderings(canvas));
    painted
}

fn range_two<'d>(
    range: &'d Value,
    by_id: &HashMap<&str, &'d Value>,
    positions: &HashMap<String, usize>,
    canvases: &mut Vec<usize>,
    seen: &mut HashSet<&'d str>,
    left: &mut usize,
) {
    // Ranges that name one another in a circle end here.
    if seen.len() > DEEPEST_CHAIN || !id_of(range).is_some_and(|id| seen.insert(id)) {
        return;
    }
    let is_first = seen.len() == 1;
    for key in ["canvases", "members"] {
        let named = range.get(key);
        // What a range itself names is read once and costs nothing.
        let named = if is_first { entries(named) } else { within(named, left) };
        canvases.extend(named.iter().filter_map(id_of).filter_map(|id| positions.get(without_fragment(id))));
    }
    for key in ["ranges", "members"] {
        for below in within(range.get(key), left).iter().filter_map(id_of).filter_map(|id| by_id.get(id)) {
            range_two(below, by_id, positions, canvases, seen, left);
        }
    }
}

/// The entries of a value, as many as may still be gone through.
fn within<'v>(value: Option<&'v Value>, left: &mut usize) -> &'v [Value] {
    let entries = entries(value);
    let entries = entries.get(..*left).unwrap_or(entries);
    *left -= entries.len();
    entries
}

fn positions(canvases: &[CanvasOutline]) -> HashMap<String, usize> {
    canvases.iter().enumerate().map(|(place, canvas)| (canvas.id.clone(), place)).collect()
}

/// What is painted: the image service that serves it, or itself; of a choice all.
fn painted(resource: &Value, resources: &mut Vec<String>, depth: usize) {
    if depth == DEEPEST_RANGE {
        return;
    }
    let inner: Vec<&Value> = ["source", "default", "item"]
        .iter()
        .flat_map(|key| entries(resource.get(*key)))
        .chain(entries(resource.get("items")))
        .filter(|inner| inner.is_object())
        .collect();
    if !inner.is_empty() {
        for inner in inner {
            painted(inner, resources, depth + 1);
        }
        return;
    }
    let service = entries(resource.get("service")).iter().find(|service| is_image_service(service));
    if let Some(id) = service.and_then(id_of).or_else(|| id_of(resource)) {
        resources.push(without_fragment(id).to_owned());
    }
}

fn is_image_service(service: &Value) -> bool {
    let text = |key: &str| entries(service.get(key)).iter().filter_map(Value::as_str);
    text("type").chain(text("@type")).any(|name| name.starts_with("ImageService"))
        || ["@context", "profile", "protocol"]
            .into_iter()
            .flat_map(text)
            .any(|word| word.contains("iiif.io/api/image"))
}

fn renderings(resource: &Value) -> Vec<String> {
    let renderings = entries(resource.get("rendering")).iter().filter_map(id_of);
    renderings.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const THREE: &str = "http://iiif.io/api/presentation/3/context.json";
    const TWO: &str = "http://iiif.io/api/presentation/2/context.json";

    fn read(document: &Value) -> Outline {
        Outline::read(document.to_string().as_bytes()).unwrap()
    }

    fn resources(outline: &Outline) -> Vec<Vec<&str>> {
        outline.canvases.iter().map(|canvas| canvas.resources.iter().map(String::as_str).collect()).collect()
    }

    fn ranges(outline: &Outline) -> Vec<(&str, &[usize])> {
        outline.ranges.iter().map(|range| (range.id.as_str(), range.canvases.as_slice())).collect()
    }

    #[test]
    fn version_3_names_services_files_choices_and_parts() {
        let canvas = |id: &str, body: Value| json!({ "id": id, "type": "Canvas", "items": [{ "type": "AnnotationPage", "items": [{ "type": "Annotation", "body": body }] }] });
        let image = |id: &str| {
            json!({ "id": format!("{id}/full/max/0/default.jpg"), "type": "Image",
                "service": [{ "type": "SearchService1", "@id": "s" }, { "id": id, "type": "ImageService3" }] })
        };
        let outline = read(&json!({
            "@context": THREE, "id": "m", "type": "Manifest",
            "rendering": [{ "id": "book.pdf", "type": "Text" }],
            "items": [
                canvas("c1", image("i1")),
                canvas("c2", json!({ "type": "Choice", "items": [image("i2"), image("i3")] })),
                canvas("c3", json!({ "type": "SpecificResource", "source": image("i4"), "selector": {} })),
                canvas("c4", json!([{ "id": "sound.mp3#t=3", "type": "Sound" }, { "id": "still.jpg", "type": "Image" }])),
                canvas("c5", json!(null)),
                { "type": "Manifest", "id": "other" },
                { "type": "Canvas" },
            ],
            "structures": [
                { "id": "r1", "type": "Range", "items": [
                    { "id": "c1", "type": "Canvas" },
                    { "id": "r2", "type": "Range", "items": [
                        { "type": "SpecificResource", "source": "c3" },
                        { "type": "SpecificResource", "source": { "id": "c2#xywh=1,2,3,4", "type": "Canvas" } },
                        { "id": "gone", "type": "Canvas" },
                    ] },
                ] },
            ],
        }));
        assert_eq!(outline.resources, ["book.pdf"]);
        assert_eq!(
            resources(&outline),
            [vec!["i1"], vec!["i2", "i3"], vec!["i4"], vec!["sound.mp3", "still.jpg"], vec![]]
        );
        assert_eq!(ranges(&outline), [("r1", &[0, 1, 2][..]), ("r2", &[1, 2])]);
    }

    #[test]
    fn version_2_names_the_same_in_its_own_way() {
        let image = |id: &str| {
            json!({ "@id": format!("{id}/full/full/0/default.jpg"), "@type": "dctypes:Image",
                "service": { "@id": id, "@context": "http://iiif.io/api/image/2/context.json" } })
        };
        let outline = read(&json!({
            "@context": TWO, "@id": "m", "@type": "sc:Manifest",
            "sequences": [{ "canvases": [
                { "@id": "c1", "images": [{ "resource": image("i1") }], "rendering": { "@id": "page.pdf" } },
                { "@id": "c2", "images": [{ "resource": { "@type": "oa:Choice", "default": image("i2"), "item": [image("i3"), image("i2")] } }] },
                { "@id": "c3", "images": [{ "resource": { "@id": "plain.jpg", "@type": "dctypes:Image" } }] },
            ] }, { "canvases": [{ "@id": "c9" }] }],
            "structures": [
                { "@id": "top", "ranges": ["r1"], "members": [{ "@id": "c3#xywh=0,0,1,1", "@type": "sc:Canvas" }] },
                { "@id": "r1", "canvases": ["c2", "c1"], "ranges": ["top"] },
            ],
        }));
        assert_eq!(resources(&outline), [vec!["i1", "page.pdf"], vec!["i2", "i3"], vec!["plain.jpg"]]);
        assert_eq!(ranges(&outline), [("top", &[0, 1, 2][..]), ("r1", &[0, 1, 2])], "also in a circle");
    }

    #[test]
    fn strange_documents_end() {
        // Every range names all others: the ways through them are without number.
        let names: Vec<_> = (0..200).map(|number| format!("r{number}")).collect();
        let ranges: Vec<_> =
            names.iter().map(|name| json!({ "@id": name, "canvases": ["c1"], "ranges": names })).collect();
        let outline = read(&json!({
            "@context": TWO, "@type": "sc:Manifest", "structures": ranges,
            "sequences": [{ "canvases": [{ "@id": "c1" }] }],
        }));
        assert!(outline.ranges.iter().all(|range| range.canvases == [0]));
        // Every range names one that names all canvases: a small document of a very long answer.
        let of = |letter: &str| (0..4000).map(|number| format!("{letter}{number}")).collect::<Vec<_>>();
        let canvases: Vec<_> = of("c").iter().map(|id| json!({ "@id": id })).collect();
        let mut ranges = vec![json!({ "@id": "all", "canvases": of("c") })];
        ranges.extend(of("r").iter().map(|id| json!({ "@id": id, "ranges": ["all"] })));
        let outline = read(&json!({
            "@context": TWO, "@type": "sc:Manifest", "structures": ranges, "sequences": [{ "canvases": canvases }],
        }));
        assert_eq!((outline.ranges.len(), outline.ranges[0].canvases.len()), (4001, 4000));
        let positions: usize = outline.ranges.iter().map(|range| range.canvases.len()).sum();
        assert!(positions <= MOST_FOLLOWED + 4000, "{positions}");
        // One canvas with as many pictures as a document has room for: comparing each with all others would not end.
        let choices: Vec<_> = (0..300_000).map(|number| json!({ "id": format!("{number:06}") })).collect();
        let outline = read(&json!({ "@context": THREE, "type": "Manifest", "items": [{
            "id": "c", "type": "Canvas", "items": [{ "items": [{ "body": { "items": choices } }] }],
        }] }));
        assert_eq!(outline.canvases[0].resources.len(), 300_000);
        for odd in
            [json!({ "items": 7, "structures": { "items": [[[]]] } }), json!({ "items": [[], 3, "x"] })]
        {
            let mut document = json!({ "@context": THREE, "type": "Manifest" });
            document.as_object_mut().unwrap().extend(odd.as_object().unwrap().clone());
            assert_eq!(read(&document).canvases, []);
        }
        assert_eq!(Outline::read(b"{}"), Err(BadManifest::NotPresentation));
    }

    #[test]
    fn a_label_is_the_first_text_there_is() {
        for (label, expected) in [
            (serde_json::json!("f. 1r"), "f. 1r"),
            (serde_json::json!({"none": ["f. 1r", "x"]}), "f. 1r"),
            (serde_json::json!({"@value": "f. 1r", "@language": "en"}), "f. 1r"),
            (serde_json::json!([{"@value": "f. 1r"}, "x"]), "f. 1r"),
            (serde_json::json!({"a": {"b": "c"}}), ""),
            (serde_json::json!([]), ""),
            (serde_json::json!(7), ""),
        ] {
            assert_eq!(label_of(&serde_json::json!({ "label": label })), expected, "{label}");
        }
        assert_eq!(label_of(&serde_json::json!({})), "");
    }
}

//! digilib's own access control, as digilib 2.13 reads it: the paths in digilib-auth.xml (`PathAuthzOps`), the
//! addresses there (`IpAuthnOps`), and what index.meta says of a folder and its files (`IndexMetaAuthLoader`).
//!
//! A role opens what its path names and everything below. digilib collects the roles of all paths on the way to an
//! image, and any one is enough: below `a` for `x` and `a/b` for `y`, both open `a/b`. Here the most specific rule
//! counts alone, so the rule of a path also has the conditions of those above it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use roxmltree::Node;

use super::claims::Claims;
use super::span::Span;
use super::table::{Addresses, Table};
use super::xml::{self, children, text};
use super::{Faults, Found, Ground, Target, canonical, several};
use crate::iiif::identifier::prefixes;
use crate::policy::condition::OPEN;
use crate::policy::file::{PolicyFileError, quoted};
use crate::policy::mount::Mount;
use crate::policy::rule::{Match, RuleSpec};

/// Reads digilib-auth.xml.
///
/// # Errors
/// If it is none, if a role in it has no meaning in the table, or a path is none of the mount's.
pub fn read_auth(text: &str, table: &Table, ground: &Ground<'_>) -> Result<Found, PolicyFileError> {
    let mut faults = Faults::default();
    let document = parse(text, "auth-config", &mut faults)?;
    let root = document.root_element();
    let mount = mount(ground, &mut faults)?;
    let mut found = Found::default();

    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut trimmed = Vec::new();
    for path in children(root, "digilib-paths").flat_map(|paths| children(paths, "path")) {
        let (Some(name), Some(roles)) = (path.attribute("name"), path.attribute("role")) else {
            faults.at(path, "a path has a name and a role; write role=\"\" if nobody may see it");
            continue;
        };
        if name.starts_with('/') || name.ends_with('/') {
            trimmed.push(name.to_owned());
        }
        let conditions = roles_to_conditions(path, roles, table, &mut faults);
        match canonical(mount, name) {
            Ok(identifier) => {
                words.insert(identifier.clone(), roles.to_owned());
                if paths.insert(identifier, conditions).is_some() {
                    faults.at(
                        path,
                        format!("the path {} stands twice; digilib takes one of the two", quoted(name)),
                    );
                }
            }
            Err(bad) => faults.at(path, format!("the path {} is no folder of an image: {bad}", quoted(name))),
        }
    }
    for (identifier, own) in &paths {
        let above = prefixes(identifier).filter_map(|folder| paths.get(folder)).flatten();
        let conditions: Vec<String> = own.iter().chain(above).cloned().collect();
        found.rules.push(RuleSpec {
            mount: mount.rules_name().to_owned(),
            identifier: identifier.clone(),
            matching: Match::Prefix,
            conditions: ground.names.plain(&conditions),
            note: words.get(identifier).cloned().unwrap_or_default(),
            ..RuleSpec::default()
        });
    }
    if !paths.is_empty() {
        found.remarks.push(format!(
            "what has no path is open in digilib; here the default of the mount {} decides, `{}`",
            mount.name, mount.default
        ));
    }
    found.remarks.extend(several(
        &trimmed,
        "path begins or ends with / and protects nothing in digilib; here it does",
        "paths begin or end with / and protect nothing in digilib; here they do",
    ));
    addresses(root, table, &mut found, &mut faults);
    let left: Vec<_> = ["digilib-access", "digilib-oauth"]
        .into_iter()
        .filter(|name| children(root, name).any(|section| section.children().any(|inner| inner.is_element())))
        .map(str::to_owned)
        .collect();
    found.remarks.extend(several(
        &left,
        "section is left out (types of access are mapped by [access] of the table, logins are ours)",
        "sections are left out (types of access are mapped by [access] of the table, logins are ours)",
    ));
    if found.rules.is_empty() && found.networks.is_empty() {
        faults.at(root, "there is no path in digilib-paths, so there is nothing to import");
    }
    faults.finish(found)
}

/// What an index.meta or a `*.meta` is about.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The folder that it lies in, segments joined by `/`; empty for the uppermost.
    pub folder: &'p str,
    /// The image whose `.meta` it is.
    pub file: Option<&'p str>,
}

/// Reads an index.meta, or the `.meta` of one image.
///
/// # Errors
/// If it is none, or an access type in it has no meaning in the table.
pub fn read_meta(
    text: &str,
    place: Place<'_>,
    table: &Table,
    ground: &Ground<'_>,
) -> Result<Found, PolicyFileError> {
    let mut faults = Faults::default();
    let document = parse(text, "", &mut faults)?;
    let root = document.root_element();
    let mount = mount(ground, &mut faults)?;
    let mut of_files = Claims::default();
    let mut of_folder = Claims::default();
    let metas = root.descendants().filter(|node| node.tag_name().name() == "meta");
    for meta in metas {
        let Some((conditions, word)) = access(meta, table, ground, &mut faults) else { continue };
        let owner = meta.parent_element().filter(|owner| owner.tag_name().name() == "file");
        let below = match owner {
            Some(owner) => {
                let of = |name| children(owner, name).next().map(xml::text).filter(|text| !text.is_empty());
                let Some(name) = of("name") else {
                    faults.at(owner, "a file with access conditions has no name");
                    continue;
                };
                Some(of("path").map_or(name.clone(), |path| format!("{path}/{name}")))
            }
            None => place.file.map(str::to_owned),
        };
        let folder = place.folder;
        let written = match &below {
            Some(below) if folder.is_empty() => below.clone(),
            Some(below) => format!("{folder}/{below}"),
            None => folder.to_owned(),
        };
        let Ok(identifier) = canonical(mount, &written) else {
            faults.at(meta, format!("{} is no identifier here", quoted(&written)));
            continue;
        };
        let target = Target { mount: mount.rules_name().to_owned(), identifier };
        let claims = if below.is_some() { &mut of_files } else { &mut of_folder };
        claims.add(&target, Span::ALWAYS, &conditions, &word, ground.names);
    }
    let mut found = Found::default();
    let folders = of_folder.into_rules().into_iter();
    found.rules.extend(folders.map(|rule| RuleSpec { matching: Match::Prefix, ..rule }));
    let is_open = |rule: &RuleSpec| rule.conditions == [OPEN];
    if found.rules.iter().any(is_open) {
        found.remarks.push(
            "digilib opens a folder and the folders in it, one deep; here everything below is open"
                .to_owned(),
        );
    }
    found.rules.extend(of_files.into_rules());
    if found.rules.is_empty() {
        found.remarks.push("it has no access conditions, and so no rule".to_owned());
    }
    faults.finish(found)
}

/// What a `meta` says on access: `free`, or its type and name.
fn access(
    meta: Node<'_, '_>,
    table: &Table,
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<(Vec<String>, String)> {
    let own = |node: &Node<'_, '_>| {
        node.ancestors()
            .find(|above| above.tag_name().name() == "meta")
            .is_some_and(|nearest| nearest == meta)
    };
    let said = meta.descendants().filter(|node| {
        let parent = node.parent_element().map(|parent| parent.tag_name().name());
        node.tag_name().name() == "access" && parent == Some("access-conditions")
    });
    let mut all: Option<Vec<String>> = None;
    let mut words = Vec::new();
    for access in said.filter(own) {
        // digilib takes one without a type for nothing said.
        let Some(kind) = access.attribute("type").map(str::trim) else { continue };
        let word = if kind.eq_ignore_ascii_case("free") {
            "free".to_owned()
        } else {
            let name = children(access, "name").next().map(text).filter(|name| !name.is_empty());
            let Some(name) = name else {
                faults.at(access, format!("access of the type {} has no name", quoted(kind)));
                continue;
            };
            format!("{kind}:{name}")
        };
        let Some(conditions) = table.access.get(&word) else {
            let known = table.access.keys().map(|known| quoted(known)).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "nothing" } else { &known };
            faults.at(
                access,
                format!(
                    "access is {}, which [access] of the table does not map; it maps {known}",
                    quoted(&word)
                ),
            );
            continue;
        };
        let conditions = ground.names.plain(conditions.get_ref());
        all = Some(all.map_or(conditions.clone(), |all| ground.names.stricter(&all, &conditions)));
        words.push(word);
    }
    all.map(|all| (all, words.join(", ")))
}

fn parse<'t>(
    text: &'t str,
    root: &str,
    faults: &mut Faults,
) -> Result<roxmltree::Document<'t>, PolicyFileError> {
    let document = match xml::parse(text) {
        Ok(document) => document,
        Err(bad) => {
            faults.add(bad.line, bad.reason);
            return Err(std::mem::take(faults).into_error());
        }
    };
    let found = document.root_element().tag_name().name();
    if !root.is_empty() && found != root {
        faults.add(1, format!("the file begins with {} instead of {root}", quoted(found)));
        return Err(std::mem::take(faults).into_error());
    }
    Ok(document)
}

fn mount<'g>(ground: &Ground<'g>, faults: &mut Faults) -> Result<&'g Mount, PolicyFileError> {
    ground.mount.ok_or_else(|| {
        let mounts = ground.mount_names();
        faults.add(1, format!("no mount is named; add `mount` to the table or --mount, one of: {mounts}"));
        std::mem::take(faults).into_error()
    })
}

fn roles_to_conditions(place: Node<'_, '_>, roles: &str, table: &Table, faults: &mut Faults) -> Vec<String> {
    let mut conditions = Vec::new();
    for role in roles.split(',').filter(|role| !role.is_empty()) {
        if role.trim() != role {
            faults.at(place, format!("the role {} has a space in it, so nobody has it in digilib; write roles with commas alone", quoted(role)));
        } else if let Some(mapped) = table.role.get(role) {
            conditions.extend(mapped.get_ref().iter().cloned());
        } else {
            let known = table.role.keys().map(|known| quoted(known)).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "nothing" } else { &known };
            faults.at(
                place,
                format!("the role {} is not mapped by [role] of the table; it maps {known}", quoted(role)),
            );
        }
    }
    conditions
}

fn addresses(root: Node<'_, '_>, table: &Table, found: &mut Found, faults: &mut Faults) {
    let mut left = Vec::new();
    for address in children(root, "digilib-addresses").flat_map(|all| children(all, "address")) {
        let ip = address.attribute("ip").unwrap_or_default();
        if table.addresses == Addresses::Leave {
            left.push(ip.to_owned());
            continue;
        }
        let Some(network) = network(ip) else {
            faults.at(address, format!("the address {} is none that digilib would match", quoted(ip)));
            continue;
        };
        let roles = address.attribute("role").unwrap_or_default();
        for condition in roles_to_conditions(address, roles, table, faults) {
            if !found.networks.contains(&(condition.clone(), network)) {
                found.networks.push((condition, network));
            }
        }
    }
    found.remarks.extend(several(
        &left,
        "address is left out; write addresses = \"networks\" into the table, or networks to the condition",
        "addresses are left out; write addresses = \"networks\" into the table, or networks to the conditions",
    ));
}

/// An address from the left in full parts: `130.92.68` is 130.92.68.0/24. IPv6 is written long, as Java shows it.
fn network(written: &str) -> Option<IpNet> {
    let is_four = !written.contains(':');
    let parts: Vec<&str> = written.split(if is_four { '.' } else { ':' }).collect();
    let length = u8::try_from(parts.len()).ok()?;
    let net = if is_four {
        let mut octets = [0_u8; 4];
        for (place, part) in parts.iter().enumerate() {
            *octets.get_mut(place)? = part.parse().ok()?;
        }
        IpNet::new(IpAddr::V4(Ipv4Addr::from(octets)), length * 8)
    } else {
        let mut groups = [0_u16; 8];
        for (place, part) in parts.iter().enumerate() {
            *groups.get_mut(place)? = u16::from_str_radix(part, 16).ok()?;
        }
        IpNet::new(IpAddr::V6(Ipv6Addr::from(groups)), length * 16)
    };
    net.ok()
}

#[cfg(test)]
mod tests;

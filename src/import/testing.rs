//! What the tests of all readers stand on.

use crate::iiif::identifier::ImageServer;
use crate::policy::condition::{AccessCondition, Pattern};
use crate::policy::mount::{Mount, MountKind, Origin};

pub(super) fn conditions() -> [AccessCondition; 3] {
    ["staff", "reader", "clinic"].map(|name| AccessCondition::bare(name, Pattern::Login))
}

pub(super) fn mounts() -> [Mount; 3] {
    let mount = |name: &str, kind, prefix: &str, server| {
        let origin = Origin::Http { tls: false, authority: "127.0.0.1:9000".to_owned() };
        Mount { server, ..Mount::new(name, kind, prefix, origin, "/") }
    };
    [
        mount("images", MountKind::Image, "/iiif/images/", ImageServer::Iipsrv),
        mount("scans", MountKind::Image, "/scans/", ImageServer::Digilib),
        mount("files", MountKind::File, "/files/", ImageServer::Generic),
    ]
}

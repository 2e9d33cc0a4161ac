//! `FastCGI` behind the drop-in, with the real iipsrv.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::server::{Answer, Server};
use crate::sidecar;
use crate::site::{self, HOST, Plan, Site};

/// A running iipsrv with one image, `maps/one.tif`; it ends with its value.
pub struct Iipsrv {
    child: Child,
    pub port: u16,
}

impl Iipsrv {
    pub fn start(folder: &Path) -> Self {
        let binary = PathBuf::from("/usr/lib/iipimage-server/iipsrv.fcgi");
        assert!(binary.exists(), "these tests need iipsrv: install the package `iipimage-server`");
        let images = folder.join("images");
        std::fs::create_dir_all(images.join("maps")).unwrap();
        vips(folder, &["gaussnoise", "noise.v", "300", "200"]);
        vips(folder, &["cast", "noise.v", "grey.v", "uchar"]);
        vips(
            folder,
            &["tiffsave", "grey.v", "images/maps/one.tif", "--tile", "--pyramid", "--compression", "jpeg"],
        );
        let port = site::free_port();
        let mut child = Command::new(binary)
            .args(["--bind", &format!("127.0.0.1:{port}")])
            .env_clear()
            .env("FILESYSTEM_PREFIX", format!("{}/", images.display()))
            .env("URI_MAP", "iiif=>IIIF")
            .env("CORS", "*")
            .env("VERBOSITY", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        assert!(site::wait_for(port, &mut child), "iipsrv does not start");
        Self { child, port }
    }
}

impl Drop for Iipsrv {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

pub fn vips(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("vips").args(arguments).current_dir(folder).output();
    let ran = ran.expect("these tests need vips: install the package `libvips-tools`");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// The check allows the path that stands in the URI's place for it.
fn start() -> (Iipsrv, Server, Site, PathBuf) {
    let tilegate = sidecar::deciding(|request| {
        let typed = request.header("X-Original-URI").unwrap_or_default();
        let path = typed.split('?').next().unwrap_or_default().replace("/iiif/images/", "/iiif/");
        Answer::new(200).with("X-Tilegate-Path", &path).with("X-Tilegate-Origin", "*")
    });
    let plan = Plan::new(&tilegate.address());
    let iipsrv = Iipsrv::start(plan.folder());
    let plan =
        plan.mount("IMAGES", &format!("image /iiif/images/ fastcgi://127.0.0.1:{}/iiif/", iipsrv.port));
    let settings = plan.settings();
    let socket = settings.nginx_socket(&settings.mounts[0]);
    (iipsrv, tilegate, plan.start(), socket)
}

const PICTURE: &str = "/iiif/images/maps%2Fone.tif/full/64,/0/default.jpg";

#[test]
fn iipsrv_serves_the_path_that_was_handed_back() {
    let (_iipsrv, _tilegate, site, _) = start();
    let reply = site.get(PICTURE);
    assert_eq!((reply.status, reply.header("Content-Type")), (200, Some("image/jpeg")));
    assert_eq!(reply.body[..3], [0xff, 0xd8, 0xff]);
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "one, though iipsrv sends its own");
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));
    assert_eq!(reply.all("X-Powered-By").len(), 0);
    let head = site.ask("HEAD", PICTURE, &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn p7_neither_query_nor_header_chooses_another_image() {
    let (_iipsrv, _tilegate, site, _) = start();
    let plain = site.get(PICTURE).body;
    for query in ["?IIIF=maps/none.tif/full/64,/0/default.jpg", "?FIF=maps/one.tif&WID=10&CVT=jpeg", "?x=1"] {
        let reply = site.ask("GET", &format!("{PICTURE}{query}"), &[("X-IIIF-ID", "https://evil.example/x")]);
        assert_eq!((reply.status, reply.body == plain), (200, true), "{query}");
    }
    let missing =
        "/iiif/images/maps%2Fnone.tif/full/64,/0/default.jpg?IIIF=maps/one.tif/full/64,/0/default.jpg";
    assert_eq!(site.get(missing).status, 404);
}

#[test]
fn an_error_of_iipsrv_does_not_show_where_the_files_are() {
    let (_iipsrv, _tilegate, site, _) = start();
    let reply = site.get("/iiif/images/maps%2Fnone.tif/full/64,/0/default.jpg");
    assert_eq!((reply.status, reply.body.len()), (404, 0), "{reply:?}");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"));
    let reply = site.get("/iiif/images/maps%2Fone.tif/nonsense/64,/0/default.jpg");
    assert!(reply.status >= 400 && reply.body.is_empty(), "{reply:?}");
}

/// The description service's way to the same image server.
#[test]
fn the_internal_server_describes_with_the_public_address() {
    let (_iipsrv, _tilegate, _site, socket) = start();
    let mut stream = UnixStream::connect(socket).unwrap();
    let request = "GET /iiif/maps%2Fone.tif/info.json HTTP/1.1\r\nHost: evil.example\r\nX-IIIF-ID: https://evil.example/x\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(&format!("\"https://{HOST}/iiif/maps/one.tif\"")), "{answer}");
    assert!(answer.contains("300") && !answer.contains("evil"), "{answer}");
}

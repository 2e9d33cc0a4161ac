//! `tilegate serve --demo`: the samples for authors of viewers.

use tilegate::config::Settings;
use tilegate::demo;
use tilegate::startup::Application;

use crate::app::*;

const FILES: (&str, &str) = ("TILEGATE_MOUNT_FILES", "file /files/ file:///srv/samples/");

fn tile(name: &str) -> String {
    format!("/iiif/images/{name}/full/max/0/default.jpg")
}

#[actix_web::test]
async fn every_sample_is_listed_with_its_addresses_and_stands_as_the_page_says() {
    let two = "image /iiif/images2/ http://127.0.0.1:9/ server=iipsrv iiif_auth=2 rules=images";
    let again = "manifest /iiif/manifests2/ http://127.0.0.1:9/ images=images-2";
    let more = [FILES, ("TILEGATE_MOUNT_IMAGES_2", two), ("TILEGATE_MOUNT_MANIFESTS_2", again)];
    let app = TestApp::start_demo(&more).await;
    let mut browser = Browser::default();
    let response = browser.get(&app, "/auth/demo/").await;
    assert_eq!(response.status(), 200);
    let page = response.text().await.unwrap();
    assert!(page.contains(demo::READER) && page.contains(demo::PASSWORD));
    for sample in demo::samples() {
        let addresses = if sample.is_image {
            let name = sample.name.replace('/', "%2F");
            vec![
                format!("/iiif/images/{name}/info.json"),
                format!("/iiif/images2/{name}/info.json"),
                format!("/iiif/manifests/{}-v2.json", sample.pattern),
                format!("/iiif/manifests2/{}-v3.json", sample.pattern),
            ]
        } else {
            vec![format!("/files/{}", sample.name), format!("/iiif/manifests/{}-v3.json", sample.pattern)]
        };
        for address in addresses {
            assert!(page.contains(&format!("href=\"{PUBLIC}{address}\"")), "{address}: {page}");
        }
        if sample.is_image {
            let expected = if sample.pattern == "open" { 200 } else { 401 };
            let name = sample.name.replace('/', "%2F");
            assert_eq!(app.tile(&tile(&name), &Browser::default()).await, expected, "{sample:?}");
        }
    }
}

#[actix_web::test]
async fn each_way_opens_its_sample() {
    let app = TestApp::start_demo(&[FILES]).await;
    let mut browser = Browser::logged_in(&app, (demo::READER, demo::PASSWORD)).await;
    for (sample, expected) in [
        ("protected%2Fletter.tif", 200),
        ("campus%2Fharbour.tif", 200),
        ("plates%2Fpoppy.tif", 200),
        ("several%2Fward-chart.tif", 200),
        ("terms%2Fpoppy.tif", 401),
        ("room%2Fmap.tif", 401),
    ] {
        assert_eq!(app.tile(&tile(sample), &browser).await, expected, "{sample}");
    }
    let stranger = Browser::logged_in(&app, (demo::STRANGER, demo::PASSWORD)).await;
    assert_eq!(app.tile(&tile("protected%2Fletter.tif"), &stranger).await, 401, "holds nothing");
    browser.get(&app, "/auth/iiif-clickthrough/terms").await;
    assert_eq!(app.tile(&tile("terms%2Fpoppy.tif"), &browser).await, 200);

    let mut guest = Browser::default();
    assert_eq!(guest.get(&app, "/auth/iiif-kiosk/room").await.status(), 403);
    assert_eq!(guest.post(&app, "/auth/demo/kiosk", &[("csrf", "x")]).await.status(), 403, "S13");
    let csrf = guest.csrf(&app, "/auth/demo/").await;
    assert_eq!(guest.post(&app, "/auth/demo/kiosk", &[("csrf", &csrf)]).await.status(), 303);
    assert_eq!(guest.get(&app, "/auth/iiif-kiosk/room").await.status(), 200);
    assert_eq!(app.tile(&tile("room%2Fmap.tif"), &guest).await, 200);
    assert_eq!(app.tile(&tile("protected%2Fletter.tif"), &guest).await, 401);
}

#[actix_web::test]
async fn nobodys_archive_gets_an_account_with_a_public_password() {
    let app = TestApp::start().await;
    assert_eq!(Browser::default().get(&app, "/auth/demo/").await.status(), 404);
    let mut browser = Browser::default();
    let csrf = browser.csrf(&app, "/auth/login").await;
    assert_eq!(browser.post(&app, "/auth/demo/kiosk", &[("csrf", &csrf)]).await.status(), 404);

    let settings = Settings::from_pairs(app.settings().to_vec()).unwrap();
    let refused = Application::build_demo(settings).await.err().expect("it has a policy of its own");
    let refused = refused.to_string();
    assert!(refused.contains("--demo") && refused.contains("TILEGATE_DATABASE_URL"), "{refused}");
    let name = tilegate::credential::account::Username::parse(demo::READER).unwrap();
    let reader = app.context.store.account_by_name(&name).await.unwrap().unwrap();
    assert_eq!(reader.id, app.named(READER.0).await.id, "the reader of before, with the password of before");
    assert_eq!(app.context.store.devices().await.unwrap(), []);
}

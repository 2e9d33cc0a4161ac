//! The table of the administration's URLs.

use actix_web::Resource;
use actix_web::web::{self, ServiceConfig};

use crate::http::routes::seen;
use crate::http::{admin, page, upload};

/// Everything under `/auth/admin/`.
pub fn pages(config: &mut ServiceConfig) {
    config
        .service(web::resource("").to(admin::add_slash))
        .service(
            web::resource("/")
                .route(web::get().to(admin::overview::show))
                .route(web::head().to(admin::overview::show))
                .default_service(web::to(admin::wrong_method)),
        )
        .service(
            web::resource("/explain")
                .route(web::get().to(admin::explain::show))
                .route(web::head().to(admin::explain::show))
                .default_service(web::to(admin::wrong_method)),
        )
        .service(
            web::resource("/upcoming")
                .route(web::get().to(admin::upcoming::show))
                .route(web::head().to(admin::upcoming::show))
                .default_service(web::to(admin::wrong_method)),
        )
        .configure(account_pages)
        .configure(pass_pages)
        .configure(audit_pages)
        .configure(rule_pages)
        .configure(condition_pages)
        .default_service(web::to(admin::not_found));
}

/// For administrators: accounts. A name that is no identity stands before those that may be one.
fn account_pages(config: &mut ServiceConfig) {
    use admin::accounts::{actions, edit, export, import, registrations, removed};
    let large = || web::FormConfig::default().limit(3 * upload::LARGEST).error_handler(page::bad_form);
    config
        .service(shown("/accounts").route(seen().to(admin::accounts::show)))
        .service(shown("/accounts/new").route(seen().to(edit::blank)).route(web::post().to(edit::create)))
        .service(shown("/accounts/export").route(web::post().to(export::export)))
        .service(
            shown("/accounts/import").route(seen().to(import::show)).route(web::post().to(import::preview)),
        )
        .service(shown("/accounts/import/run").app_data(large()).route(web::post().to(import::run)))
        .service(shown("/accounts/import/{job}").route(seen().to(import::progress)))
        .service(shown("/accounts/import/{job}/links").route(web::post().to(import::links)))
        .service(shown("/accounts/deleted").route(seen().to(removed::show)))
        .service(shown("/accounts/deleted/{id}/restore").route(web::post().to(removed::restore)))
        .service(shown("/accounts/deleted/{id}/erase").route(web::post().to(removed::erase)))
        .service(shown("/accounts/{id}").route(seen().to(edit::show)).route(web::post().to(edit::save)))
        .service(shown("/accounts/{id}/sign-out").route(web::post().to(actions::sign_out)))
        .service(shown("/accounts/{id}/delete").route(web::post().to(actions::delete)))
        .service(shown("/accounts/{id}/link").route(web::post().to(actions::link)))
        .service(shown("/accounts/{id}/second-factor").route(web::post().to(actions::remove_second_factor)))
        .service(shown("/accounts/{id}/view-as").route(web::post().to(actions::view_as)))
        .service(shown("/registrations").route(seen().to(registrations::list)))
        .service(shown("/registrations/refuse").route(web::post().to(registrations::refuse_ticked)))
        .service(
            shown("/registrations/{id}")
                .route(seen().to(registrations::show))
                .route(web::post().to(registrations::approve)),
        )
        .service(shown("/registrations/{id}/refuse").route(web::post().to(registrations::refuse)));
}

/// For administrators: passes. A word that is no identity stands before those that may be one.
fn pass_pages(config: &mut ServiceConfig) {
    use admin::passes::{make, one, show};
    config
        .service(shown("/passes").route(seen().to(show)))
        .service(shown("/passes/new").route(seen().to(make::blank)).route(web::post().to(make::make)))
        .service(shown("/passes/{id}").route(seen().to(one::show)))
        .service(shown("/passes/{id}/revoke").route(web::post().to(one::revoke)));
}

/// For administrators: rules. A word that is no number stands before the numbers.
fn rule_pages(config: &mut ServiceConfig) {
    use admin::rules::{edit, manifest, removed, show};
    let ticks = || web::FormConfig::default().limit(512 * 1024).error_handler(page::bad_form);
    config
        .service(shown("/rules").route(seen().to(show)))
        .service(shown("/rules/new").route(seen().to(edit::blank)).route(web::post().to(edit::add)))
        .service(
            shown("/rules/manifest")
                .app_data(ticks())
                .route(seen().to(manifest::show))
                .route(web::post().to(manifest::submit)),
        )
        .service(shown("/rules/deleted").route(seen().to(removed::show)))
        .service(shown("/rules/deleted/{id}/restore").route(web::post().to(removed::restore)))
        .service(shown("/rules/{number}").route(seen().to(edit::show)).route(web::post().to(edit::change)))
        .service(shown("/rules/{number}/delete").route(web::post().to(edit::remove)));
}

/// For administrators: who did what.
fn audit_pages(config: &mut ServiceConfig) {
    use admin::audit::{export, show, verify};
    config
        .service(shown("/audit").route(seen().to(show)))
        .service(shown("/audit/export").route(web::post().to(export)))
        .service(shown("/audit/verify").route(web::post().to(verify)));
}

/// For administrators: access conditions. Their texts, in many languages, may be long.
fn condition_pages(config: &mut ServiceConfig) {
    use admin::conditions::{edit, list, remove, wrong_method};
    let long_form = || web::FormConfig::default().limit(512 * 1024).error_handler(page::bad_form);
    config
        .service(
            web::resource("/conditions")
                .route(web::get().to(list))
                .route(web::head().to(list))
                .default_service(web::to(admin::wrong_method)),
        )
        // No condition can have this name.
        .service(
            web::resource("/conditions/_new")
                .app_data(long_form())
                .route(web::get().to(edit::new))
                .route(web::head().to(edit::new))
                .route(web::post().to(edit::add))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/conditions/{name}")
                .app_data(long_form())
                .route(web::get().to(edit::show))
                .route(web::head().to(edit::show))
                .route(web::post().to(edit::change))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/conditions/{name}/remove")
                .route(web::get().to(remove::show))
                .route(web::head().to(remove::show))
                .route(web::post().to(remove::remove))
                .default_service(web::to(wrong_method)),
        );
}

/// A page of the administration: other methods than its own are told so.
fn shown(path: &str) -> Resource {
    web::resource(path).default_service(web::to(admin::wrong_method))
}

//! The whole table of URLs, grouped by who calls them.

use actix_web::cookie::Key;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route, guard};
use tracing_actix_web::TracingLogger;

use super::own_host::own_host;
use super::{
    Context, access, account, admin, clickthrough, demo, description, device, kiosk, login, logout,
    monitoring, neuroglancer, page, password, probe, query_auth, register, second_factor, second_step,
    set_password, setup, share, status, token, upload,
};

/// Adds every route. `key` seals the session of the `/auth/` pages.
pub fn table(config: &mut ServiceConfig, context: &web::Data<Context>, key: &Key) {
    config
        .app_data(context.clone())
        // NGINX, before every tile. Unwrapped: a tracing middleware costs as much as the decision.
        .route("/query_auth", web::route().to(query_auth::query_auth))
        // NGINX, for info.json, bare identifiers and manifests.
        .service(
            web::resource("/description/{any:.*}")
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .default_service(web::to(description::description)),
        )
        // Viewers: a probe needs no session, and gives none.
        .service(
            web::resource("/auth/v2/probe/{any:.*}")
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .route(web::get().to(probe::probe))
                .route(web::head().to(probe::probe))
                .route(web::method(Method::OPTIONS).to(probe::preflight))
                .default_service(web::to(probe::wrong_method)),
        )
        // Viewers: what of a manifest the visitor may see.
        .service(
            web::resource("/auth/status")
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .route(web::get().to(status::status))
                .route(web::head().to(status::status))
                .route(web::method(Method::OPTIONS).to(status::preflight))
                .default_service(web::to(probe::wrong_method)),
        )
        .configure(neuroglancer_discovery)
        // Monitoring; never routed by the drop-in.
        .route("/healthz", web::get().to(monitoring::healthz))
        .route("/readyz", web::get().to(monitoring::readyz))
        .route("/metrics", web::get().to(monitoring::metrics))
        .service(
            web::scope("/auth")
                .wrap(from_fn(own_host))
                .wrap(context.cookies.session_middleware(context, key))
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .app_data(web::FormConfig::default().limit(32 * 1024).error_handler(page::bad_form))
                .app_data(web::QueryConfig::default().error_handler(page::bad_query))
                // Visitors.
                .route("/", web::get().to(account::show))
                .route("/", web::head().to(account::show))
                .service(
                    web::resource("/login")
                        .app_data(web::Data::new(login::Door::Plain))
                        .route(web::get().to(login::show))
                        .route(web::head().to(login::show))
                        .route(web::post().to(login::submit))
                        .default_service(web::to(page::wrong_method)),
                )
                .configure(own_account)
                .route("/viewers", web::get().to(account::viewers))
                .route("/viewers", web::head().to(account::viewers))
                .service(
                    web::resource("/device")
                        .route(web::get().to(device::show))
                        .route(web::head().to(device::show))
                        .route(web::post().to(device::submit))
                        .default_service(web::to(page::wrong_method)),
                )
                .route("/demo/", web::get().to(demo::show))
                .route("/demo/", web::head().to(demo::show))
                .route("/demo/kiosk", web::post().to(demo::become_kiosk))
                .route("/static/tilegate.css", web::get().to(page::stylesheet))
                // Administrators.
                .service(
                    web::scope("/admin")
                        .wrap(from_fn(admin::administrator::first))
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
                        .configure(audit_pages)
                        .configure(rule_pages)
                        .configure(condition_pages)
                        .default_service(web::to(admin::not_found)),
                )
                .configure(cookie_services)
                .configure(access_services)
                .configure(neuroglancer_pages)
                // People and viewers; the second is version 2.0's name for it.
                .service(
                    web::resource(["/logout", "/v2/logout"])
                        .route(web::get().to(logout::logout))
                        .route(web::post().to(logout::logout))
                        .default_service(web::to(page::wrong_method)),
                )
                .default_service(web::to(page::not_found)),
        )
        .default_service(web::to(page::not_found));
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

/// A page of the administration: other methods than its own are told so.
fn shown(path: &str) -> Resource {
    web::resource(path).default_service(web::to(admin::wrong_method))
}

/// GET, and HEAD which goes along with it.
fn seen() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// For whoever is logged in, and for whoever is on the way to it.
fn own_account(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/setup")
                .route(seen().to(setup::show))
                .route(web::post().to(setup::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/register")
                .route(seen().to(register::show))
                .route(web::post().to(register::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/register/sent")
                .route(seen().to(register::sent))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/login/code")
                .route(web::get().to(second_step::show))
                .route(web::head().to(second_step::show))
                .route(web::post().to(second_step::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/sessions")
                .route(web::post().to(account::end_sessions))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/password")
                .route(web::get().to(password::show))
                .route(web::head().to(password::show))
                .route(web::post().to(password::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/share")
                .route(seen().to(share::done))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/share/{link}")
                .route(seen().to(share::show))
                .route(web::post().to(share::redeem))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/set-password")
                .route(web::get().to(set_password::done))
                .route(web::head().to(set_password::done))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/set-password/{link}")
                .route(web::get().to(set_password::show))
                .route(web::head().to(set_password::show))
                .route(web::post().to(set_password::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/second-factor")
                .route(web::get().to(second_factor::show))
                .route(web::head().to(second_factor::show))
                .route(web::post().to(second_factor::set_up))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/second-factor/codes")
                .route(web::post().to(second_factor::renew_codes))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/second-factor/off")
                .route(web::post().to(second_factor::switch_off))
                .default_service(web::to(page::wrong_method)),
        );
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

/// For viewers: IIIF Authentication API 1.0.
fn cookie_services(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/iiif-login")
                .app_data(web::Data::new(login::Door::Viewer))
                .route(web::get().to(login::show))
                .route(web::head().to(login::show))
                .route(web::post().to(login::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/iiif-clickthrough/{condition}")
                .route(web::get().to(clickthrough::accept))
                .route(web::head().to(page::head_does_nothing))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/iiif-kiosk/{condition}")
                .route(web::get().to(kiosk::enter))
                .route(web::head().to(page::head_does_nothing))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/iiif-external/{condition}")
                .route(web::get().to(kiosk::external))
                .route(web::head().to(kiosk::external))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/iiif-token")
                .route(web::get().to(token::token))
                .route(web::head().to(token::token))
                .default_service(web::to(page::wrong_method)),
        );
}

/// For Neuroglancer: where the login is.
fn neuroglancer_discovery(config: &mut ServiceConfig) {
    config.service(
        web::resource("/auth_info")
            .route(seen().to(neuroglancer::info))
            .route(web::method(Method::OPTIONS).to(neuroglancer::preflight))
            .default_service(web::to(probe::wrong_method)),
    );
}

/// For Neuroglancer's window.
fn neuroglancer_pages(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/middleauth/api/v1/authorize")
                .route(web::get().to(neuroglancer::authorize))
                .route(web::head().to(page::head_does_nothing))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/middleauth/consent")
                .route(seen().to(neuroglancer::show))
                .route(web::post().to(neuroglancer::allow))
                .default_service(web::to(page::wrong_method)),
        );
}

/// For viewers: IIIF Authorization Flow API 2.0; the probe has its place outside, without a session.
fn access_services(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/v2/access/{condition}")
                .route(web::get().to(access::show))
                .route(web::head().to(page::head_does_nothing))
                .route(web::post().to(access::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/v2/token")
                .route(web::get().to(token::token_2))
                .route(web::head().to(token::token_2))
                .default_service(web::to(page::wrong_method)),
        );
}

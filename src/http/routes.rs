//! The whole table of URLs, grouped by who calls them.

use actix_web::cookie::Key;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Route, guard};
use tracing_actix_web::TracingLogger;

use super::own_host::own_host;
use super::{
    Context, access, account, admin, clickthrough, demo, description, device, kiosk, login, logout,
    monitoring, neuroglancer, open, page, passes, password, probe, query_auth, register, second_factor,
    second_step, set_password, setup, share, status, token,
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
                .route(seen().to(probe::probe))
                .route(web::method(Method::OPTIONS).to(probe::preflight))
                .default_service(web::to(probe::wrong_method)),
        )
        // Viewers: what of a manifest the visitor may see.
        .service(
            web::resource("/auth/status")
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .route(seen().to(status::status))
                .route(web::method(Method::OPTIONS).to(status::preflight))
                .default_service(web::to(probe::wrong_method)),
        )
        // Other applications: no cookie counts there, and no session begins.
        .service(
            web::scope("/auth/api")
                .wrap(from_fn(own_host))
                .wrap(TracingLogger::<page::QuietSpan>::new())
                .app_data(web::JsonConfig::default().limit(passes::LONGEST_REQUEST))
                .service(
                    web::resource("/passes")
                        .route(web::get().to(passes::list))
                        .route(web::post().to(passes::make))
                        .default_service(web::to(passes::wrong_method)),
                )
                .service(
                    web::resource("/passes/{id}")
                        .route(web::get().to(passes::show))
                        .route(web::delete().to(passes::revoke))
                        .default_service(web::to(passes::wrong_method)),
                )
                .default_service(web::to(passes::not_found)),
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
                .route("/", seen().to(account::show))
                .service(
                    web::resource("/login")
                        .app_data(web::Data::new(login::Door::Plain))
                        .route(seen().to(login::show))
                        .route(web::post().to(login::submit))
                        .default_service(web::to(page::wrong_method)),
                )
                .configure(own_account)
                .service(
                    web::resource("/open")
                        .route(seen().to(open::open))
                        .default_service(web::to(page::wrong_method)),
                )
                .route("/viewers", seen().to(account::viewers))
                .service(
                    web::resource("/device")
                        .route(seen().to(device::show))
                        .route(web::post().to(device::submit))
                        .default_service(web::to(page::wrong_method)),
                )
                .route("/demo/", seen().to(demo::show))
                .route("/demo/kiosk", web::post().to(demo::become_kiosk))
                .route("/static/tilegate.css", web::get().to(page::stylesheet))
                .route("/static/tilegate.svg", web::get().to(page::icon))
                // Administrators.
                .service(
                    web::scope("/admin")
                        .configure(admin::routes::pages)
                        .wrap(from_fn(admin::administrator::first)),
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

/// GET, and HEAD which goes along with it.
pub(super) fn seen() -> Route {
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
                .route(seen().to(second_step::show))
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
                .route(seen().to(password::show))
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
                .route(seen().to(set_password::done))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/set-password/{link}")
                .route(seen().to(set_password::show))
                .route(web::post().to(set_password::submit))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/second-factor")
                .route(seen().to(second_factor::show))
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

/// For viewers: IIIF Authentication API 1.0.
fn cookie_services(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/iiif-login")
                .app_data(web::Data::new(login::Door::Viewer))
                .route(seen().to(login::show))
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
                .route(seen().to(kiosk::external))
                .default_service(web::to(page::wrong_method)),
        )
        .service(
            web::resource("/iiif-token")
                .route(seen().to(token::token))
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
                .route(seen().to(token::token_2))
                .default_service(web::to(page::wrong_method)),
        );
}

//! `/auth/api/passes`: another application, which has a login of its own, makes passes for its people.
//!
//! It has a pass of ours that makes passes (decision 28) and sends its secret with each request. No cookie is looked at
//! here, so that no page can make a browser ask in somebody's name. Answers are JSON; what went wrong is told as
//! RFC 9457 says.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, HeaderValue, LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;

mod problem;
mod wanted;

use problem::Problem;
pub use wanted::Wanted;
use wanted::within;

use super::return_to::same_site_path;
use super::{Context, NO_STORE, share};
use crate::audit::{Act, Actor};
use crate::clock::{self, rfc3339};
use crate::credential::account::Id128;
use crate::credential::pass::{PassSecret, PresentedSecret};
use crate::store::{MOST_OF_A_MAKER, NewPass, PassError, PassQuery, StoredPass};

const PATH: &str = "/auth/api/passes";
/// Passes on one page of the list.
const PER_PAGE: u32 = 100;
/// Bytes of a request.
pub const LONGEST_REQUEST: usize = 16 * 1024;

/// A pass as it is told.
#[derive(Serialize)]
struct Told<'p> {
    id: String,
    mount: &'p str,
    identifier: &'p str,
    exact: bool,
    conditions: &'p Option<Vec<String>>,
    max_px: Option<u32>,
    made: String,
    expires: String,
    uses_left: Option<u32>,
    last_used: Option<String>,
    revoked: Option<String>,
    note: &'p str,
}

impl<'p> From<&'p StoredPass> for Told<'p> {
    fn from(pass: &'p StoredPass) -> Self {
        Self {
            id: pass.id.to_string(),
            mount: &pass.scope.mount,
            identifier: &pass.scope.identifier,
            exact: pass.scope.exact,
            conditions: &pass.conditions,
            max_px: pass.max_px,
            made: rfc3339(pass.made),
            expires: rfc3339(pass.expires),
            uses_left: pass.uses_left,
            last_used: pass.last_used.map(rfc3339),
            revoked: pass.revoked.map(rfc3339),
            note: &pass.note,
        }
    }
}

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Counted from 1.
    page: Option<u32>,
}

fn answer(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::build(status).json(body);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `POST /auth/api/passes`
pub async fn make(
    request: HttpRequest,
    context: web::Data<Context>,
    body: Result<web::Json<Wanted>, actix_web::Error>,
) -> HttpResponse {
    let made = async {
        let maker = maker(&request, &context).await?;
        // After the maker: whoever has none learns nothing of what can be asked for.
        let wanted = body.map_err(|error| {
            let status = error.as_response_error().status_code();
            Problem::new(status, format!("The body is no such request as docs/passes.md describes: {error}"))
        })?;
        made(&context, &maker, wanted.into_inner()).await
    };
    made.await.unwrap_or_else(Problem::answer)
}

async fn made(context: &Context, maker: &StoredPass, wanted: Wanted) -> Result<HttpResponse, Problem> {
    let now = clock::now();
    let secret = PassSecret::new(clock::random());
    let to = match &wanted.to {
        None => None,
        Some(to) => Some(
            same_site_path(to, &context.settings.site.public_url.origin())
                .ok_or_else(|| Problem::of("to", "Write a path of this site, such as /viewer?volume=7."))?,
        ),
    };
    let pass = within(context, maker, wanted, &secret, now)?;
    context.store.make_pass(&pass, Act { by: Actor::Pass(maker.id), at: now }).await.map_err(
        |error| match error {
            PassError::UnknownCondition(name) => {
                Problem::of("conditions", format!("There is no access condition {name:?} in the policy."))
            }
            PassError::NotHeld(name) => {
                Problem::of("conditions", format!("{name:?} is open or closed to everybody."))
            }
            PassError::MakerOver => unknown(),
            PassError::TooMany => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!(
                    "{MOST_OF_A_MAKER} passes of this token still count. Revoke some, or let them live shorter."
                ),
            ),
            PassError::Database(error) => Problem::unavailable(&error),
        },
    )?;
    // It counts before the address is known to anybody.
    context.catch_up().await;
    tracing::info!(pass = %pass.id, maker = %maker.id, "a pass was made");
    let origin = context.settings.site.public_url.origin();
    let mut address = format!("{origin}{}/{}", share::PATH, secret.spelled());
    if let Some(to) = to {
        address.push_str("?to=");
        address.extend(url::form_urlencoded::byte_serialize(to.as_bytes()));
    }
    let NewPass { id, scope, expires, uses, .. } = pass;
    let body = json!({
        "id": id.to_string(),
        "redeem_url": address,
        "mount": scope.mount,
        "identifier": scope.identifier,
        "exact": scope.exact,
        "expires": rfc3339(expires),
        "uses_left": uses,
    });
    let mut response = answer(StatusCode::CREATED, &body);
    if let Ok(location) = HeaderValue::from_str(&format!("{PATH}/{id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// `GET /auth/api/passes?page=…`: those that were made with this token, the newest first.
pub async fn list(
    request: HttpRequest,
    context: web::Data<Context>,
    asked: Result<web::Query<Asked>, actix_web::Error>,
) -> HttpResponse {
    let listed = async {
        let maker = maker(&request, &context).await?;
        let number = match asked.map(|asked| asked.page) {
            Ok(number) => number.unwrap_or(1),
            Err(_) => 0,
        };
        if number == 0 {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "Write ?page= and a number from 1."));
        }
        let wanted = PassQuery { maker: Some(maker.id), ..PassQuery::default() };
        let found = context.store.pass_page(&wanted, number - 1, PER_PAGE, clock::now()).await;
        let found = found.map_err(|error| Problem::unavailable(&error))?;
        let passes: Vec<Told<'_>> = found.passes.iter().map(Told::from).collect();
        let pages = found.total.div_ceil(u64::from(PER_PAGE)).max(1);
        let body = json!({ "passes": passes, "total": found.total, "page": number, "pages": pages });
        Ok(answer(StatusCode::OK, &body))
    };
    listed.await.unwrap_or_else(Problem::answer)
}

/// `GET /auth/api/passes/<id>`
pub async fn show(request: HttpRequest, context: web::Data<Context>, id: web::Path<String>) -> HttpResponse {
    let shown = async {
        let maker = maker(&request, &context).await?;
        let pass = own(&context, &maker, &id).await?;
        Ok(answer(StatusCode::OK, &Told::from(&pass)))
    };
    shown.await.unwrap_or_else(Problem::answer)
}

/// `DELETE /auth/api/passes/<id>`: at once, also for those who have redeemed it. Ending it again changes nothing.
pub async fn revoke(
    request: HttpRequest,
    context: web::Data<Context>,
    id: web::Path<String>,
) -> HttpResponse {
    let revoked = async {
        let maker = maker(&request, &context).await?;
        let pass = own(&context, &maker, &id).await?;
        let now = clock::now();
        let act = Act { by: Actor::Pass(maker.id), at: now };
        let ended = context.store.revoke_pass(&pass.id, act).await;
        ended.map_err(|error| Problem::unavailable(&error))?;
        context.catch_up().await;
        let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
        response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
        Ok(response)
    };
    revoked.await.unwrap_or_else(Problem::answer)
}

/// Another method, whoever asks.
pub async fn wrong_method() -> HttpResponse {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "Passes are made by POST, listed by GET, ended by DELETE.",
    );
    let mut response = problem.answer();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST, DELETE"));
    response
}

/// There is nothing else under `/auth/api/`.
pub async fn not_found() -> HttpResponse {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address; passes are at /auth/api/passes.")
        .answer()
}

/// The pass that the application makes passes with.
async fn maker(request: &HttpRequest, context: &Context) -> Result<StoredPass, Problem> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let presented = match (headers.next(), headers.next()) {
        (Some(header), None) => PresentedSecret::of_authorization(Some(header.as_bytes())),
        _ => None,
    };
    // Without the form of a secret the database is not asked.
    let presented = presented.ok_or_else(unknown)?;
    let known = context.store.making_pass(&presented, clock::now()).await;
    if let Some(maker) = known.map_err(|error| Problem::unavailable(&error))? {
        return Ok(maker);
    }
    let address = context.client_address(request).ok_or_else(unknown)?;
    match context.throttle.attempt_link(address) {
        Ok(()) => Err(unknown()),
        Err(_) => Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many wrong tokens. Try again later.")),
    }
}

/// One answer, whether there is no token, an ordinary one, or one that has expired or was revoked.
fn unknown() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "Send the token of a pass that makes passes and still counts: Authorization: Bearer tgp_….",
    )
}

/// A pass that was made with this maker. Those of others are not told from those that are not.
async fn own(context: &Context, maker: &StoredPass, id: &str) -> Result<StoredPass, Problem> {
    let none = || Problem::new(StatusCode::NOT_FOUND, "This token has made no such pass.");
    let id = Id128::parse(id).ok_or_else(none)?;
    let pass = context.store.pass(&id).await.map_err(|error| Problem::unavailable(&error))?;
    pass.filter(|pass| pass.maker == Some(maker.id)).ok_or_else(none)
}

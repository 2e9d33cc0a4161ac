//! The first visit: without an administrator, whoever has the code from the log makes one.

use super::*;

const FROM: (&str, &str) = ("X-Real-IP", "198.51.100.7");

/// The code that the service wrote to its log.
fn code_of(service: &Service) -> Option<String> {
    let log = service.log();
    let (_, rest) = log.split_once("type the code ")?;
    Some(rest.split(';').next().unwrap().to_owned())
}

/// The page: its session cookie and its anti-forgery token.
fn page(service: &Service) -> (String, String) {
    let (status, page) = service.ask("GET", "/auth/setup", &[FROM], "");
    assert_eq!(status, 200, "{page}");
    let cookie = page.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (cookie, csrf)
}

fn post(service: &Service, code: &str, name: &str, password: &str) -> (u16, String) {
    let (cookie, csrf) = page(service);
    let body = format!("csrf={csrf}&code={code}&username={name}&new={password}&again={password}");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    service.ask("POST", "/auth/setup", &[FROM, ("Cookie", &cookie), form], &body)
}

#[test]
fn the_first_administrator_is_made_with_the_code_from_the_log_and_once() {
    let site = Site::new();
    let service = Service::start(&site);
    let code = code_of(&service).expect("a code in the log");
    let (status, answer) = service.get("/auth/admin/");
    assert!(status == 303 && answer.contains("location: /auth/setup"), "{answer}");

    let (status, answer) = post(&service, "0000-0000", "ada", "correct+horse+battery+staple");
    assert_eq!(status, 403, "{answer}");
    assert!(answer.contains("That is not the code.") && answer.contains("value=\"ada\""), "{answer}");
    let (status, answer) = post(&service, &code, "ada", "12345678901");
    assert_eq!(status, 422, "{answer}");
    assert!(answer.contains("id=\"new-fault\"") && answer.contains(&code), "{answer}");
    assert_eq!(site.run(&["account", "list"]).succeeded(), "");

    // As people type it.
    let typed = code.to_lowercase().replace('-', "+");
    let (status, answer) = post(&service, &typed, "Ada", "correct+horse+battery+staple");
    assert!(status == 303 && answer.contains("location: /auth/admin/"), "{answer}");
    assert_eq!(site.run(&["account", "list"]).succeeded(), "ada\tadministrator\t\n");
    assert_eq!(service.get("/auth/setup").0, 404, "then the page is gone");
    let (status, answer) = service.get("/auth/admin/");
    assert!(status == 303 && answer.contains("location: /auth/login"), "{answer}");
    service.stop();

    let service = Service::start(&site);
    assert!(code_of(&service).is_none(), "{}", service.log());
    assert_eq!(service.get("/auth/setup").0, 404);
    service.stop();
}

#[test]
fn s6_guessing_the_code_is_slowed_down_and_an_administrator_of_the_command_line_closes_the_page() {
    let site = Site::new();
    let service = Service::start(&site);
    let (cookie, csrf) = page(&service);
    let body = format!("csrf={csrf}&code=1111&username=ada&new=x&again=x");
    let headers = [FROM, ("Cookie", &*cookie), ("Content-Type", "application/x-www-form-urlencoded")];
    let answers: Vec<u16> = (0..12).map(|_| service.ask("POST", "/auth/setup", &headers, &body).0).collect();
    assert!(answers.contains(&403) && answers.contains(&429), "{answers:?}");
    let forged = service.ask("POST", "/auth/setup", &headers, &body.replace(&csrf, "x")).0;
    assert_eq!(forged, 403);
    site.run_with(&["account", "add", "ada", "--admin", "--password-stdin"], "a fine password\n").succeeded();
    assert_eq!(service.get("/auth/setup").0, 404);
    service.stop();
}

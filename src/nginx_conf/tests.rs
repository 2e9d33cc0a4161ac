use super::*;

fn site(settings: &[(&str, &str)]) -> SiteSettings {
    let url = [("TILEGATE_PUBLIC_URL", "https://images.example.org")];
    let pairs = url.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    SiteSettings::from_pairs(pairs).unwrap()
}

/// The pieces of text between a line that begins so and the `}` in the same column.
fn blocks<'a>(text: &'a str, begins: &str) -> Vec<&'a str> {
    text.match_indices(begins)
        .map(|(start, _)| {
            let (before, rest) = text.split_at(start);
            let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
            let end = format!("\n{}}}", " ".repeat(column));
            rest.split_at(rest.find(&end).unwrap() + end.len()).0
        })
        .collect()
}

fn v(text: &str) -> NginxVersion {
    text.parse().unwrap()
}

#[test]
fn the_shipped_files_are_the_output_for_the_template() {
    let site = SiteSettings::from_text(".env.template", include_str!("../../.env.template")).unwrap();
    let shipped = [
        (
            "nginx/tilegate-http.conf",
            http(&site, NginxVersion::default()),
            include_str!("../../nginx/tilegate-http.conf"),
        ),
        (
            "nginx/tilegate-server.conf",
            server(&site, NginxVersion::default()),
            include_str!("../../nginx/tilegate-server.conf"),
        ),
    ];
    for (name, written, file) in shipped {
        assert_eq!(
            written, file,
            "{name}: write it anew with `tilegate nginx-conf --env-file .env.template`"
        );
    }
}

/// One of every kind of origin, and no marker left over.
fn all_kinds() -> SiteSettings {
    site(&[
        ("TILEGATE_LISTEN", "127.0.0.1:8700,unix:/run/tilegate/tilegate.sock"),
        ("TILEGATE_MOUNT_A", "image /a/ fastcgi://127.0.0.1:9000/iiif/"),
        ("TILEGATE_MOUNT_B_2", "image /b/ https://images.example.net/iiif/"),
        ("TILEGATE_MOUNT_C", "image /c/ http://server:8182/iiif/2/"),
        ("TILEGATE_MOUNT_D", "manifest /d/ file:///srv/manifests/"),
        ("TILEGATE_MOUNT_E", "manifest /e/ http://server:8080/digilib/Manifester/IIIF/ server=digilib"),
        ("TILEGATE_MOUNT_F", "file /f/ file:///srv/files/"),
        ("TILEGATE_MOUNT_G", "file /g/ http://server:9000/data/"),
        ("TILEGATE_MOUNT_H", "s3 /h/ https://s3.example.net/ bucket=b region=r ca=/etc/ssl/ours.pem"),
        ("TILEGATE_MOUNT_I", "s3 /i/ http://10.0.0.1:9000/x/ bucket=c region=r style=path"),
        (
            "TILEGATE_MOUNT_J",
            "s3 /j/ https://s3.example.net/ bucket=d region=r endpoint=https://10.0.0.2:8443",
        ),
    ])
}

#[test]
fn every_marker_is_filled() {
    let site = all_kinds();
    for text in [http(&site, NginxVersion::default()), server(&site, NginxVersion::default())] {
        let marker = text
            .split('@')
            .find(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
        assert_eq!(marker, None, "{text}");
    }
}

#[test]
fn the_upstream_is_the_first_socket_else_the_first_address() {
    let output = http(&all_kinds(), NginxVersion::default());
    assert!(output.contains("server unix:/run/tilegate/tilegate.sock;"), "{output}");
    for (listen, called) in [
        ("127.0.0.1:8700", "127.0.0.1:8700"),
        ("0.0.0.0:8700,10.0.0.1:1", "127.0.0.1:8700"),
        ("[::]:8700", "[::1]:8700"),
        ("tilegate:8700", "tilegate:8700"),
    ] {
        let output = http(&site(&[("TILEGATE_LISTEN", listen)]), NginxVersion::default());
        assert!(output.contains(&format!("server {called};")), "{output}");
    }
}

/// Locations within that of the pages inherit what it says.
fn lies_in_auth(location: &str) -> bool {
    [
        "location = /auth/share",
        "location ^~ /auth/share/",
        "location = /auth/status",
        "location ^~ /auth/v2/probe/",
        "location ^~ /auth/admin/",
    ]
    .iter()
    .any(|inner| location.starts_with(inner))
}

#[test]
fn n3_every_way_to_tilegate_is_kept_alive() {
    let output = server(&all_kinds(), NginxVersion::default());
    for location in
        blocks(&output, "location ").into_iter().filter(|block| block.contains("proxy_pass http://tilegate/"))
    {
        if lies_in_auth(location) {
            continue;
        }
        assert!(location.contains("proxy_http_version 1.1;"), "{location}");
        assert!(location.contains("proxy_set_header Connection \"\";"), "{location}");
    }
    assert!(http(&all_kinds(), NginxVersion::default()).contains("keepalive 32;"));
}

#[test]
fn n4_every_way_to_tilegate_has_exactly_our_headers() {
    let output = server(&all_kinds(), NginxVersion::default());
    let check = blocks(&output, "location = /_tilegate").remove(0);
    let mut sent: Vec<&str> = check
        .lines()
        .filter_map(|line| line.trim().strip_prefix("proxy_set_header "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    sent.sort_unstable();
    let ours = [
        "Authorization",
        "Connection",
        "Content-Length",
        "Cookie",
        "Host",
        "Origin",
        "X-Original-Host",
        "X-Original-Method",
        "X-Original-URI",
        "X-Real-IP",
        "X-Request-ID",
        "X-Tilegate-Mark",
        "X-Tilegate-Mount",
    ];
    assert_eq!(sent, ours);
    // Who asks for a description may choose between media types, and have it already.
    let mut described: Vec<&str> = DESCRIBE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("proxy_set_header "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    described.sort_unstable();
    let own = ["Accept", "Content-Length", "Host", "If-None-Match", "X-Tilegate-Mark", "X-Tilegate-Mount"];
    assert_eq!(described, own);
    assert_eq!(output.matches("proxy_pass_request_headers off;").count(), 2 + 2 * 3 + 2 + 2 + 3);
    assert!(!output.contains("Referer") && !output.contains("X-Forwarded"));
}

#[test]
fn t11_neuroglancers_addresses_are_taken_from_a_site_only_if_it_is_let_in() {
    let off = server(&all_kinds(), NginxVersion::default());
    assert!(!off.contains("/auth_info") && !off.contains("middleauth"), "{off}");
    let on = server(
        &site(&[
            ("TILEGATE_NEUROGLANCER_ORIGINS", "https://viewer.test"),
            ("TILEGATE_MOUNT_F", "file /f/ file:///srv/files/"),
        ]),
        NginxVersion::default(),
    );
    for location in ["location = /auth_info", "location = /auth/middleauth/api/v1/authorize"] {
        let location = blocks(&on, location).remove(0);
        for line in ["auth_request off;", "proxy_pass_request_headers off;", "proxy_http_version 1.1;"] {
            assert_eq!(location.matches(line).count(), 1, "{line} is not in {location}");
        }
    }
    // The page that has to know who opened it, and no other.
    assert_eq!(on.matches("proxy_set_header Referer $http_referer;").count(), 1);
    assert!(blocks(&on, "location = /auth/middleauth").remove(0).contains("Referer"));
    assert!(!on.contains('@') || !on.contains("@VISITOR@") && !on.contains("@PROXY@"));
}

#[test]
fn n10_every_location_says_whether_it_asks() {
    let output = server(&all_kinds(), NginxVersion::default());
    for location in blocks(&output, "location ") {
        assert!(
            lies_in_auth(location)
                || location.contains("auth_request off;")
                || location.contains("auth_request /_tilegate;"),
            "{location}"
        );
    }
}

#[test]
fn n20_p13_every_location_beats_a_regular_expression() {
    let output = server(&all_kinds(), NginxVersion::default());
    for line in output.lines().filter(|line| line.trim_start().starts_with("location ")) {
        let first = line.trim_start().split(' ').nth(1).unwrap();
        let nested = line.starts_with("    ");
        assert!(
            first == "=" || first == "^~" || first.starts_with('@') || (nested && first == "~"),
            "{line}"
        );
    }
}

#[test]
fn h10_there_is_no_rewrite_at_all() {
    let site = all_kinds();
    for text in [http(&site, NginxVersion::default()), server(&site, NginxVersion::default())] {
        assert!(!text.lines().any(|line| line.trim_start().starts_with("rewrite ")));
    }
}

/// A site has these already, and NGINX refuses a second one in the same block.
#[test]
fn nothing_is_named_that_a_site_may_have_set() {
    let site = all_kinds();
    for text in [http(&site, v("1.28.0")), server(&site, v("1.28.0"))] {
        for line in text.lines().filter(|line| !line.starts_with([' ', '#', '}']) && !line.is_empty()) {
            let known = ["upstream ", "map ", "log_format tilegate ", "server {", "location "];
            assert!(known.iter().any(|known| line.starts_with(known)), "{line}");
        }
    }
}

#[test]
fn s16_the_log_format_has_no_request_line_referrer_or_user() {
    let output = http(&all_kinds(), NginxVersion::default());
    let (_, format) = output.split_once("log_format").unwrap();
    let (format, _) = format.split_once(';').unwrap();
    for secret in ["$request ", "$request\"", "$request_uri", "$args", "$http_", "$remote_user", "$uri"] {
        assert!(!format.contains(secret), "{format}");
    }
}

#[test]
fn a_fastcgi_server_is_bridged_with_the_public_address() {
    let output = http(&all_kinds(), NginxVersion::default());
    assert!(output.contains("listen unix:/run/tilegate/a.sock;"), "{output}");
    for line in [
        "fastcgi_param HTTPS on;",
        "fastcgi_param HTTP_HOST images.example.org;",
        "fastcgi_param QUERY_STRING \"\";",
        "fastcgi_param HTTP_X_IIIF_ID \"\";",
        "fastcgi_pass_request_headers off;",
    ] {
        assert_eq!(output.matches(line).count(), 1, "{line}");
    }
    let local = SiteSettings::from_pairs(vec![
        ("TILEGATE_PUBLIC_URL".to_owned(), "http://localhost:8080".to_owned()),
        ("TILEGATE_MOUNT_A".to_owned(), "image /a/ fastcgi://127.0.0.1:9000/iiif/".to_owned()),
    ]);
    let output = http(&local.unwrap(), NginxVersion::default());
    assert!(output.contains("HTTP_HOST localhost:8080;") && !output.contains("param HTTPS"), "{output}");
}

#[test]
fn a_manifest_mount_leads_to_the_description_service_alone() {
    let output = server(&all_kinds(), NginxVersion::default());
    for prefix in ["/d/", "/e/"] {
        let mount = blocks(&output, &format!("location ^~ {prefix}")).remove(0);
        assert_eq!(mount.matches("proxy_pass ").count(), 1, "{mount}");
        for line in [
            "set $tg_describe /description/;",
            "proxy_pass http://tilegate$tg_describe;",
            "auth_request off;",
            "absolute_redirect off;",
            "expires off;",
            "add_header X-Tilegate \"\";",
            "error_page 500 502 503 504 = @tilegate_unavailable;",
            "return 405;",
            "return 204;",
        ] {
            assert!(mount.contains(line), "{line} is not in {mount}");
        }
        assert!(!mount.contains("location ~"), "{mount}");
    }
}

#[test]
fn a_folder_is_served_on_a_socket_and_to_nobody_else() {
    let output = http(&all_kinds(), NginxVersion::default());
    let (_, folder) = output.split_once("# The mount d is a folder").unwrap();
    let (folder, _) = folder.split_once("# The mount f is a folder").unwrap();
    for line in [
        "listen unix:/run/tilegate/d.sock;",
        "auth_request off;",
        "auth_basic off;",
        "allow all;",
        "expires off;",
        "add_header X-Tilegate \"\";",
        "error_page 598 @tilegate_never;",
        "root /srv/manifests;",
        "disable_symlinks on from=/srv/manifests;",
        "open_file_cache off;",
        "autoindex off;",
        "try_files $uri =404;",
        "default_type application/json;",
        "return 405;",
    ] {
        assert_eq!(folder.matches(line).count(), 1, "{line} is not in {folder}");
    }
    assert!(!output.contains("tilegate_origin_d") && !output.contains("tilegate_origin_e"), "{output}");
}

#[test]
fn files_are_checked_and_fetched_as_images_are() {
    let output = server(&all_kinds(), NginxVersion::default());
    let images = blocks(blocks(&output, "location ^~ /c/").remove(0), "location ~").remove(0);
    for prefix in ["/f/", "/g/"] {
        let files = blocks(&output, &format!("location ^~ {prefix}")).remove(0);
        assert!(files.matches("proxy_pass ").count() == 1 && files.contains("location ~ ^ {"), "{files}");
        let own = [
            "proxy_set_header Host ",
            "location ",
            "set $tg_mount ",
            "add_header Access-Control-Allow-Headers ",
        ];
        for line in images.lines().map(str::trim) {
            assert!(
                own.iter().any(|own| line.starts_with(own))
                    || line.starts_with('#')
                    || files.lines().any(|other| other.trim() == line),
                "{line} is not in {files}"
            );
        }
        for line in ["proxy_max_temp_file_size 0;", "add_header X-Content-Type-Options nosniff always;"] {
            assert_eq!(files.matches(line).count(), 1, "{line} is not in {files}");
        }
    }
    let output = http(&all_kinds(), NginxVersion::default());
    assert_eq!(output.matches("$tg_sandbox {").count(), 1);
    let (_, folder) = output.split_once("# The mount f is a folder").unwrap();
    for line in [
        "server unix:/run/tilegate/f.sock;",
        "listen unix:/run/tilegate/f.sock;",
        "auth_request off;",
        "auth_basic off;",
        "allow all;",
        "root /srv/files;",
        "disable_symlinks on from=/srv/files;",
        "open_file_cache off;",
        "autoindex off;",
        "try_files $uri =404;",
        "default_type application/octet-stream;",
    ] {
        assert_eq!(folder.matches(line).count(), 1, "{line} is not in {folder}");
    }
    assert!(
        output.contains("upstream tilegate_origin_f {") && output.contains("upstream tilegate_origin_g {")
    );
    let images = site(&[("TILEGATE_MOUNT_A", "image /a/ http://server:8182/iiif/2/")]);
    assert!(!http(&images, NginxVersion::default()).contains("$tg_sandbox"));
    assert!(!server(&images, NginxVersion::default()).contains("@tilegate_beyond"));
}

#[test]
fn manifests_alone_need_no_check_before_tiles() {
    let site = site(&[("TILEGATE_MOUNT_M", "manifest /m/ http://server:8080/m/")]);
    let output = http(&site, NginxVersion::default());
    assert!(!output.contains("$tg_path") && !output.contains("$tg_account"), "{output}");
    assert!(!output.contains("-- Origins"), "{output}");
    let output = server(&site, NginxVersion::default());
    assert!(output.contains("location ^~ /m/") && !output.contains("/_tilegate"), "{output}");
}

#[test]
fn an_https_origin_is_verified_by_name() {
    let output = server(&all_kinds(), NginxVersion::default());
    let mount = blocks(&output, "location ^~ /b/").remove(0);
    for line in [
        "proxy_pass https://$tg_upstream$tg_fetch;",
        "proxy_ssl_name images.example.net;",
        "proxy_ssl_server_name on;",
        "proxy_ssl_verify on;",
        "proxy_set_header Host images.example.net;",
    ] {
        assert!(mount.contains(line), "{mount}");
    }
    assert!(mount.contains("proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;"), "{mount}");
    assert_eq!(output.matches("proxy_ssl_verify on;").count(), 3);
    assert!(http(&all_kinds(), NginxVersion::default()).contains("server images.example.net:443;"));
}

#[test]
fn n19_new_versions_look_names_up_again() {
    let old = http(&all_kinds(), v("1.27.2"));
    assert!(!old.contains("resolve;") && !old.contains("zone "), "{old}");
    let new = http(&all_kinds(), v("nginx/1.27.3"));
    assert!(
        new.contains("server server:8182 resolve;") && new.contains("zone tilegate_origin_c 64k;"),
        "{new}"
    );
    assert!(!new.contains("127.0.0.1:9000 resolve"), "an address needs no look-up");
    assert!("1.18.0".parse::<NginxVersion>().is_err() && "1.27".parse::<NginxVersion>().is_err());
    assert!("1.27.3.4".parse::<NginxVersion>().is_err() && "x".parse::<NginxVersion>().is_err());
}

#[test]
fn ports_are_told_from_addresses() {
    assert_eq!(without_port("host:80"), "host");
    assert_eq!(without_port("host"), "host");
    assert_eq!(without_port("[::1]:80"), "[::1]");
    assert_eq!(without_port("[::1]"), "[::1]");
    assert!(has_port("[::1]:80") && !has_port("[::1]"));
}

#[test]
fn without_mounts_there_is_still_a_login() {
    let site = site(&[]);
    assert!(!http(&site, NginxVersion::default()).contains("$tg_path"));
    let output = server(&site, NginxVersion::default());
    assert!(output.contains("location ^~ /auth/") && !output.contains("/_tilegate"), "{output}");
}

/// A mount that names origins says so by expressions that mean nothing else, and no variable is used that there is none of.
#[test]
fn t7_the_origins_that_a_mount_names_are_written_once_and_mean_themselves_alone() {
    let named = "cors=https://biigle.de,http://[::1]:8080";
    let manifests = site(&[("TILEGATE_MOUNT_M", &format!("manifest /m/ http://server/ {named}"))]);
    let files = site(&[("TILEGATE_MOUNT_M", &format!("file /m/ file:///srv/m/ {named}"))]);
    for (site, has_content) in [(&manifests, false), (&files, true)] {
        let (http, server) = (http(site, NginxVersion::default()), server(site, NginxVersion::default()));
        assert!(http.contains(r#""~^m:https://biigle\.de$" "https://biigle.de";"#), "{http}");
        assert!(http.contains(r#""~^m:http://\[::1\]:8080$" "http://[::1]:8080";"#), "{http}");
        for (name, is_there) in [("anyone", true), ("credentials", has_content), ("named", has_content)] {
            assert_eq!(http.contains(&format!(" $tg_{name} {{")), is_there, "{name}: {http}");
            assert!(is_there || !server.contains(&format!("$tg_{name} ")), "{name}");
        }
    }
    let none = site(&[("TILEGATE_MOUNT_M", "file /m/ file:///srv/m/")]);
    let both = http(&none, NginxVersion::default()) + &server(&none, NginxVersion::default());
    assert!(!both.contains("Allow-Credentials $") && !both.contains("$tg_anyone"), "{both}");
}

/// What is signed is what is sent: the bucket's own host, wherever it is reached.
#[test]
fn an_object_is_fetched_with_what_was_signed_and_nothing_of_the_visitors() {
    let (http, server) = (http(&all_kinds(), v("1.27.3")), server(&all_kinds(), v("1.27.3")));
    for (prefix, host, reached) in [
        ("/h/", "b.s3.example.net", "server b.s3.example.net:443 resolve;"),
        ("/i/", "10.0.0.1:9000", "server 10.0.0.1:9000;"),
        ("/j/", "d.s3.example.net", "server 10.0.0.2:8443;"),
    ] {
        let mount = blocks(&server, &format!("location ^~ {prefix}")).remove(0);
        let scheme = if prefix == "/i/" { "http" } else { "https" };
        for line in [
            &format!("proxy_pass {scheme}://$tg_upstream$tg_fetch;"),
            &format!("proxy_set_header Host {host};"),
            "proxy_set_header Authorization $tg_s3_authorization;",
            "proxy_set_header X-Amz-Date $tg_s3_date;",
            "proxy_set_header X-Amz-Content-Sha256 UNSIGNED-PAYLOAD;",
            "proxy_set_header X-Amz-Security-Token $tg_s3_token;",
            "proxy_cache_convert_head off;",
            "proxy_pass_request_headers off;",
            "proxy_pass_request_body off;",
            "proxy_intercept_errors on;",
            "auth_request /_tilegate;",
        ] {
            assert_eq!(mount.matches(line).count(), 1, "{line} is not in {mount}");
        }
        let upstream =
            blocks(&http, &format!("upstream tilegate_origin_{}", prefix.trim_matches('/'))).remove(0);
        assert!(upstream.contains(reached) && upstream.contains("keepalive 32;"), "{upstream}");
        let sent = mount.lines().filter_map(|line| line.trim().strip_prefix("proxy_set_header ")).count();
        assert_eq!(sent, 3 + 4 + 4, "ours, the visitor's own four, the signature's four: {mount}");
        for name in ["proxy_ssl_name ", "proxy_ssl_server_name on;", "proxy_ssl_verify on;"] {
            assert_eq!(mount.contains(name), scheme == "https", "{name}: {mount}");
        }
    }
    let mount = blocks(&server, "location ^~ /h/").remove(0);
    assert!(mount.contains("proxy_ssl_name b.s3.example.net;"), "{mount}");
    assert!(mount.contains("proxy_ssl_trusted_certificate /etc/ssl/ours.pem;"), "{mount}");
    let without = site(&[("TILEGATE_MOUNT_F", "file /f/ http://server:9000/")]);
    assert!(!super::server(&without, v("1.27.3")).contains("s3"), "no trace where there is no bucket");
}

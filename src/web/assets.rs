//! The stylesheet, the script and the icon: inside the binary, cached long under a version in their address.

use std::sync::LazyLock;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const FILES: [(&str, &str, &str); 6] = [
    ("/static/standout.css", "text/css; charset=utf-8", include_str!("../../static/standout.css")),
    ("/static/staff.css", "text/css; charset=utf-8", include_str!("../../static/staff.css")),
    ("/static/copy.js", "text/javascript; charset=utf-8", include_str!("../../static/copy.js")),
    ("/static/live.js", "text/javascript; charset=utf-8", include_str!("../../static/live.js")),
    ("/static/preview.js", "text/javascript; charset=utf-8", include_str!("../../static/preview.js")),
    ("/static/favicon.svg", "image/svg+xml", include_str!("../../static/favicon.svg")),
];

/// Changes when any of the files does.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let digest = FILES.iter().fold(Sha256::new(), |hash, (_, _, text)| hash.chain_update(text)).finalize();
        URL_SAFE_NO_PAD.encode(&digest[..6])
    });
    &VERSION
}

/// One route for each file.
pub(super) fn routes(app: &mut web::ServiceConfig) {
    for (path, kind, text) in FILES {
        let answer = move || async move {
            HttpResponse::Ok().content_type(kind).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable")).body(text)
        };
        app.service(web::resource(path).route(web::get().to(answer)).route(web::head().to(answer)));
    }
}

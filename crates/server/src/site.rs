//! The site: files of one folder, compressed beforehand where they are, with the headers that make a page cross-origin isolated. It serves
//! what `scripts/serve` serves, and refuses what that refuses.
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use mime::Mime;
use tower_http::services::ServeFile;

/// What makes a page cross-origin isolated: finer clocks and shared memory are to be had only with these.
const ISOLATION: [(&str, &str); 3] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The ends of the files beside a file that hold it compressed.
const COMPRESSED: [&str; 2] = ["br", "gz"];

/// A folder that is served.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    folder: Arc<PathBuf>,
    headers: HeaderMap,
}

impl Site {
    /// The site in a folder; `headers` (as `name: value`) are sent with every answer.
    pub(crate) fn new(folder: &Path, isolation: bool, headers: &[String]) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        if !folder.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "expected a folder, found a file"));
        }
        let mut all = HeaderMap::new();
        // No address of a site names a version of its file: a browser keeps what it has and asks whether that is still so.
        all.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        for (name, value) in ISOLATION.into_iter().filter(|_| isolation) {
            all.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        for header in headers {
            let expected =
                || io::Error::new(io::ErrorKind::InvalidInput, format!("expected NAME: VALUE, found {header}"));
            let (name, value) = header.split_once(':').ok_or_else(expected)?;
            let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| expected())?;
            all.insert(name, HeaderValue::from_str(value.trim()).map_err(|_| expected())?);
        }
        Ok(Self { folder: Arc::new(folder), headers: all })
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let head = request.method() == Method::HEAD;
        let mut response = match self.found(&request) {
            Ok(found) => send(found, request).await,
            Err(refused) => refused.response(head),
        };
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response
    }

    fn found(&self, request: &Request<Body>) -> Result<Found, Refused> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return Err(Refused::Method);
        }
        let shown = request.uri().path();
        let path = decoded(shown).ok_or(Refused::NoPath)?;
        let relative = Path::new(path.trim_start_matches('/'));
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(Refused::NoPath);
        }
        let not_here = || Refused::NotHere(path.clone());
        let visible = path.strip_prefix("/.well-known/").unwrap_or(&path);
        if visible.split('/').any(|part| part.starts_with('.')) {
            return Err(not_here());
        }
        let mut file = self.folder.join(relative);
        if file.is_dir() {
            // Relative links of a page resolve against the folder only if the address ends with a slash.
            if !path.ends_with('/') {
                // What was asked along with it is for the page. Two slashes at the front would lead to another host.
                let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
                return Err(Refused::Folder(format!("/{}/{query}", shown.trim_start_matches('/'))));
            }
            file.push("index.html");
        }
        let meta = std::fs::metadata(&file).ok().filter(std::fs::Metadata::is_file).ok_or_else(not_here)?;
        // Wherever a link leads, what lies outside of the folder is not served.
        let beside = COMPRESSED.iter().map(|ending| with_ending(&file, ending));
        let places = std::iter::once(file.clone()).chain(beside).filter_map(|place| place.canonicalize().ok());
        if places.into_iter().any(|place| !place.starts_with(&*self.folder)) {
            return Err(not_here());
        }
        let changed =
            meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos());
        Ok(Found { file, etag: format!("W/\"{:x}-{changed:x}\"", meta.len()) })
    }
}

struct Found {
    file: PathBuf,
    etag: String,
}

enum Refused {
    Method,
    NoPath,
    NotHere(String),
    Folder(String),
}

impl Refused {
    fn response(self, head: bool) -> Response<Body> {
        let (status, text, header) = match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "GET or HEAD was expected".to_owned(),
                Some((ALLOW, HeaderValue::from_static("GET, HEAD"))),
            ),
            Self::NoPath => (StatusCode::BAD_REQUEST, "not a path of this site".to_owned(), None),
            Self::NotHere(path) => (StatusCode::NOT_FOUND, format!("{path} is not here"), None),
            Self::Folder(to) => {
                let to_header = HeaderValue::from_str(&to).ok();
                (StatusCode::MOVED_PERMANENTLY, to, to_header.map(|to| (LOCATION, to)))
            }
        };
        let body = if head { Body::empty() } else { Body::from(format!("{text}\n")) };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response.headers_mut().extend(header);
        response
    }
}

async fn send(found: Found, request: Request<Body>) -> Response<Body> {
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == found.etag.as_bytes());
    let mut response = if known {
        let mut unchanged = Response::new(Body::empty());
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged
    } else {
        let mut service =
            ServeFile::new_with_mime(&found.file, &media_type(&found.file)).precompressed_br().precompressed_gzip();
        match service.try_call(request).await {
            Ok(response) => response.map(Body::new),
            // The file went away in this moment.
            Err(_) => Refused::NotHere("the file".to_owned()).response(false),
        }
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&found.etag) {
        headers.insert(ETAG, etag);
    }
    if COMPRESSED.iter().any(|ending| with_ending(&found.file, ending).is_file()) {
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    // Who asks for a compressed file by its own name wants it as it is.
    if found.file.extension().is_some_and(|ending| COMPRESSED.iter().any(|known| ending == *known)) {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    response
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// The media type of a file by its name. A module or a script of the wrong type is refused by browsers.
fn media_type(file: &Path) -> Mime {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let text = match ending.as_str() {
        // What the list of registered types does not have, or has for something else: a `.ts` here is TypeScript and no film.
        "jsonl" => "application/jsonl; charset=utf-8".to_owned(),
        "ts" => "text/plain; charset=utf-8".to_owned(),
        _ => {
            let guessed = mime_guess::from_ext(&ending).first_or_octet_stream();
            if guessed.type_() == mime::TEXT { format!("{guessed}; charset=utf-8") } else { guessed.to_string() }
        }
    };
    text.parse().unwrap_or(mime::APPLICATION_OCTET_STREAM)
}

/// A path with its percent signs undone; `None` for what is no text, or has a zero in it.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            // Digit by digit: a number may have a sign before it, an address may not.
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0') && !path.contains('\\'))
}

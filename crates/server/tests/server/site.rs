//! The site, as `scripts/serve` serves it; and the operator's pages.
use std::io::Write;

use palaestra_server::{Running, ServeOptions, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{DEADLINE, Folder, options};

async fn serve_site(folder: &Folder, headers: &[&str]) -> Running {
    let site = folder.0.join("site");
    let write = |path: &str, bytes: &[u8]| {
        let path = site.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("index.html", b"home");
    write("demo/index.html", b"demo");
    write("module.wasm", b"\0asm");
    write("code.js", b"export {};");
    write("big.js", b"big();");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"big();").unwrap();
    write("big.js.gz", &gzip.finish().unwrap());
    write("types.d.ts", b"export {};");
    write("record.jsonl.gz", b"\x1f\x8b");
    write(".git/config", b"secret");
    write(".well-known/security.txt", b"fine");
    std::fs::write(folder.0.join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.txt", site.join("outside.txt")).unwrap();
        std::os::unix::fs::symlink("..", site.join("up")).unwrap();
        std::os::unix::fs::symlink("code.js", site.join("inside.js")).unwrap();
        std::fs::write(site.join("plain.js"), "plain();").unwrap();
        std::os::unix::fs::symlink("../secret.txt", site.join("plain.js.br")).unwrap();
    }
    let headers = headers.iter().map(|header| (*header).to_owned()).collect();
    let options = ServeOptions { site: Some(site), headers, ..options(&folder.0.join("data")) };
    start(options, palaestra_envs::CATALOG).await.unwrap()
}

/// A request as it is written: nobody tidies the path.
async fn raw(server: &Running, method: &str, path: &str, headers: &str) -> (u16, String, String) {
    let mut stream = timeout(DEADLINE, TcpStream::connect(server.address)).await.unwrap().unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n", server.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an answer in time").unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_ascii_lowercase(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_with_their_types_and_with_what_isolates_a_page() {
    let folder = Folder::new();
    let server = serve_site(&folder, &["content-security-policy: default-src 'self'"]).await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/module.wasm", "application/wasm"),
        ("/code.js", "text/javascript; charset=utf-8"),
        ("/types.d.ts", "text/plain; charset=utf-8"),
        ("/record.jsonl.gz", "application/gzip"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
        ("/inside.js", "text/javascript; charset=utf-8"),
    ] {
        let (status, head, _) = raw(&server, "GET", path, "").await;
        assert_eq!(status, 200, "{path}");
        assert!(
            head.contains(&format!("content-type: {kind}\r\n")) || head.ends_with(&format!("content-type: {kind}")),
            "{path}: {head}"
        );
    }
    for path in ["/code.js", "/nothing.js"] {
        let (_, head, _) = raw(&server, "GET", path, "").await;
        for header in [
            "cross-origin-opener-policy: same-origin",
            "cross-origin-embedder-policy: require-corp",
            "cross-origin-resource-policy: same-origin",
            "cache-control: no-cache",
            "content-security-policy: default-src 'self'",
        ] {
            assert!(head.contains(header), "{path}: {head}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_from_outside_of_the_folder_is_given_out() {
    let folder = Folder::new();
    let server = serve_site(&folder, &[]).await;
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/demo/..%2f..%2fsecret.txt",
        "/%00",
        "/%zz",
        "//../secret.txt",
        "/..%5csecret.txt",
        "/outside.txt",
        "/up/secret.txt",
        "/up/",
        "/.git/config",
        "//etc/passwd",
    ] {
        let (status, _, body) = raw(&server, "GET", path, "").await;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
        assert!(!body.contains("secret\n") && body != "secret" && !body.contains("root:"), "{path}: {body}");
    }
    let (_, _, body) = raw(&server, "GET", "/plain.js", "accept-encoding: br\r\n").await;
    assert!(!body.contains("secret"));
    let (status, head, _) = raw(&server, "GET", "/demo", "").await;
    assert!(status == 301 && head.contains("location: /demo/"), "{head}");
    // No other host's, however many slashes there are; and what is after a percent sign is two digits.
    let (status, head, _) = raw(&server, "GET", "//demo", "").await;
    assert!(status == 301 && head.contains("location: /demo/"), "{head}");
    // Who was sent to a study is known by what follows the path.
    let (status, head, _) = raw(&server, "GET", "/demo?ID=a%20b&c=/d?", "").await;
    assert!(status == 301 && head.contains("location: /demo/?id=a%20b&c=/d?\r\n"), "{head}");
    assert_eq!(raw(&server, "GET", "/%+5", "").await.0, 400);
    assert_eq!(raw(&server, "PUT", "/code.js", "content-length: 0\r\n").await.0, 405);
    let (status, head, body) = raw(&server, "HEAD", "/code.js", "").await;
    assert!(status == 200 && head.contains("content-length: 10") && body.is_empty());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_gets_what_is_compressed_and_only_what_has_changed() {
    let folder = Folder::new();
    let server = serve_site(&folder, &[]).await;
    let (_, head, _) = raw(&server, "GET", "/big.js", "accept-encoding: gzip, br\r\n").await;
    assert!(head.contains("content-encoding: gzip") && head.contains("vary: accept-encoding"), "{head}");
    let (_, head, body) = raw(&server, "GET", "/big.js", "").await;
    assert!(!head.contains("content-encoding") && body == "big();", "{head}");
    let (_, raw_head, _) = raw(&server, "GET", "/code.js", "").await;
    let tag = raw_head.lines().find_map(|line| line.strip_prefix("etag: w/")).unwrap();
    let ask = format!("if-none-match: W/{tag}\r\n");
    assert_eq!(raw(&server, "GET", "/code.js", &ask).await.0, 304);
    std::fs::write(folder.0.join("site/code.js"), "changed();").unwrap();
    assert_eq!(raw(&server, "GET", "/code.js", &ask).await.2, "changed();");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_monitor_and_the_figures_want_the_token_and_health_does_not() {
    let folder = Folder::new();
    let server = serve_site(&folder, &[]).await;
    assert_eq!(raw(&server, "GET", "/health", "").await.2, "ok\n");
    for path in ["/monitor", "/monitor/data", "/metrics"] {
        for query in ["", "?token=", "?token=wrong"] {
            assert_eq!(raw(&server, "GET", &format!("{path}{query}"), "").await.0, 401, "{path}{query}");
        }
        assert_eq!(raw(&server, "GET", &format!("{path}?token={}", server.monitor_token), "").await.0, 200);
    }
    // What the page is made of is nobody's secret. Nothing from elsewhere runs in it, and no other page has it in a frame.
    let (_, head, page) = raw(&server, "GET", &format!("/monitor?token={}", server.monitor_token), "").await;
    assert!(head.contains("script-src 'self' 'wasm-unsafe-eval'") && head.contains("frame-ancestors 'none'"), "{head}");
    for (file, kind) in [("monitor/monitor.css", "text/css"), ("monitor/monitor.js", "text/javascript")] {
        assert!(page.contains(file), "{page}");
        let (status, head, body) = raw(&server, "GET", &format!("/{file}"), "").await;
        assert!(status == 200 && head.contains(kind) && !body.contains(&server.monitor_token), "{head}");
    }
    let bearer = format!("authorization: Bearer {}\r\n", server.monitor_token);
    assert!(raw(&server, "GET", "/metrics", &bearer).await.2.contains("palaestra_control_sockets 0"));
    // It is the same after the server was started again, and nobody else can read it.
    let token = server.monitor_token.clone();
    server.stop().await;
    let server = start(options(&folder.0.join("data")), palaestra_envs::CATALOG).await.unwrap();
    assert_eq!(server.monitor_token, token);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.0.join("data/key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_the_monitors_token_that_is_empty_opens_the_monitor_to_nobody() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("monitor-token"), "").unwrap();
    let server = start(options(&folder.0), palaestra_envs::CATALOG).await.unwrap();
    assert_eq!(raw(&server, "GET", "/monitor/data?token=", "").await.0, 401);
    assert_eq!(std::fs::read_to_string(folder.0.join("monitor-token")).unwrap(), server.monitor_token);
    assert_eq!(raw(&server, "GET", &format!("/monitor/data?token={}", server.monitor_token), "").await.0, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_stands_still_in_a_large_file_loses_its_place_and_others_are_served_beside_it() {
    const SIZE: u64 = 64 << 20;
    let folder = Folder::new();
    let site = folder.0.join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("small.txt"), "small").unwrap();
    std::fs::File::create(site.join("large.bin")).unwrap().set_len(SIZE).unwrap();
    let options = ServeOptions { site: Some(site), most_connections: 3, ..options(&folder.0.join("data")) };
    let server = start(options, palaestra_envs::CATALOG).await.unwrap();
    let ask = async || {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /large.bin HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        timeout(DEADLINE, stream.read_exact(&mut first)).await.expect("the answer in time").unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        stream
    };
    let mut still = [ask().await, ask().await];
    // The third place is free, and one that gets on has all of the file.
    assert_eq!(raw(&server, "GET", "/small.txt", "").await.2, "small");
    let mut reads = ask().await;
    let mut all = Vec::new();
    timeout(DEADLINE * 3, reads.read_to_end(&mut all)).await.expect("all of the file in time").unwrap();
    assert!(all.len() as u64 > SIZE, "{}", all.len());
    drop((reads, all));
    // While they stand there are two places too few for these three; in the end there are enough.
    let began = std::time::Instant::now();
    loop {
        assert!(began.elapsed() < DEADLINE * 3, "waited for the places of those that stand still");
        let mut three = Vec::new();
        for _ in 0..3 {
            three.push(TcpStream::connect(server.address).await.unwrap());
        }
        let mut served = 0;
        for stream in &mut three {
            let _ = stream.write_all(b"GET /small.txt HTTP/1.1\r\nhost: a\r\n\r\n").await;
            let mut first = [0; 12];
            let answered =
                timeout(DEADLINE, stream.read_exact(&mut first)).await.expect("an answer, or the end, in time");
            served += usize::from(answered.is_ok());
        }
        if served == 3 {
            break;
        }
        drop(three);
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    for stream in &mut still {
        let mut rest = Vec::new();
        let _ = timeout(DEADLINE, stream.read_to_end(&mut rest)).await.expect("the end in time");
        assert!((rest.len() as u64) < SIZE, "it was closed in the middle: {}", rest.len());
    }
    server.stop().await;
}

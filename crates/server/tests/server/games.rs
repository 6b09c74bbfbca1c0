//! Records of games that people play alone: sent in pieces, exported as files.
use palaestra_env::{Kwargs, Value, ValueWriter};
use palaestra_record::gzip::compress;
use palaestra_record::{Limits, Recorder, Stream, verify};
use palaestra_server::{ExportOptions, Running, ServeOptions, export, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{DEADLINE, Folder, options};

const ID: &str = "00112233445566778899aabbccddeeff";

async fn post(server: &Running, query: &str, headers: &str, body: &[u8]) -> (u16, String) {
    let mut stream = timeout(DEADLINE, TcpStream::connect(server.address)).await.unwrap().unwrap();
    let request = format!(
        "POST /records?{query} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        server.address,
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // It may answer before it has all of it.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an answer in time");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

/// A game as its page sends it: how much of it there is after each step, and all of it.
fn stream() -> (Vec<u8>, Vec<usize>) {
    let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
    let mut recorder = Recorder::new(1);
    let header =
        r#"{"type":"header","env_id":"CartPole-v1","kwargs":{},"seed":3,"package":"palaestra","participant":"p-7"}"#;
    let head = Stream::head(header, &env.spec().to_bytes(), &[]);
    let mut returns = ValueWriter::new();
    env.reset(Some(3), &Kwargs::new()).unwrap();
    env.write_returns(&mut returns);
    recorder.reset(Some(3), "", returns.bytes());
    let mut after = Vec::new();
    for step in 0..8 {
        env.step(&[Value::Discrete(step % 2)]).unwrap();
        returns.clear();
        env.write_returns(&mut returns);
        let mut action = ValueWriter::new();
        action.value(&Value::Discrete(step % 2));
        recorder.step(action.bytes(), returns.bytes(), &[], Some(env.hash())).unwrap();
        after.push(head.len() + recorder.unsealed().1.len());
    }
    recorder.seal();
    let chunks = std::iter::from_fn(|| recorder.take_sealed()).flatten();
    let bytes: Vec<u8> = head.into_iter().chain(chunks).chain(Stream::end(header)).collect();
    (bytes, after)
}

fn query(offset: usize, length: usize, encoding: &str) -> String {
    format!("id={ID}&env=CartPole-v1&offset={offset}&length={length}&steps=8&encoding={encoding}&last=0")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_game_is_joined_from_its_pieces_and_exported_as_a_record_that_verifies() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let server = start(options(&data), palaestra_envs::CATALOG).await.unwrap();
    let (bytes, after) = stream();
    let export_to = |out: &str| {
        let out = folder.0.join(out);
        let options = ExportOptions { data: data.clone(), database: None, out: out.clone(), lobby: None };
        assert_eq!(export(&options, palaestra_envs::CATALOG).unwrap().games, 1);
        let table = std::fs::read_to_string(out.join("games.csv")).unwrap();
        let record = std::fs::read(out.join("games").join(format!("{ID}.jsonl.gz"))).unwrap();
        let make = |id: &str, kwargs: &Kwargs| palaestra_envs::make(id, kwargs);
        (table, verify(&record[..], make, Limits::default()).unwrap())
    };
    let half = after[4];
    let (status, answer) = post(&server, &query(0, half, "gzip"), "", &compress(&bytes[..half]).unwrap()).await;
    assert!(status == 200 && answer.ends_with(&format!("{{\"saved\":{half}}}")), "{answer}");
    let (table, report) = export_to("half");
    assert_eq!((report.steps, report.unfinished), (5, true));
    assert!(table.contains(&format!("{ID},CartPole-v1,p-7,5,1,unfinished,false,")), "{table}");
    // The rest of it, from before where it is, by a page of the server's own.
    let origin = format!("origin: http://{}\r\n", server.address);
    let rest = &bytes[half - 9..];
    let (status, answer) = post(&server, &query(half - 9, rest.len(), "identity"), &origin, rest).await;
    assert!(status == 200 && answer.ends_with(&format!("{{\"saved\":{}}}", bytes.len())), "{answer}");
    assert!(answer.contains("access-control-allow-origin: http://"), "{answer}");
    let (table, report) = export_to("whole");
    assert_eq!((report.steps, report.unfinished), (8, false));
    assert!(table.contains(",true,"), "{table}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_forged_ids_and_too_much_are_refused() {
    let folder = Folder::new();
    let server = start(options(&folder.0.join("data")), palaestra_envs::CATALOG).await.unwrap();
    let good = query(0, 4, "identity");
    for (query, headers, body, expected) in [
        (good.clone(), "origin: https://elsewhere.example\r\n", b"PRS1".to_vec(), 403),
        (good.replace(ID, "..%2F..%2Fkey"), "", b"PRS1".to_vec(), 400),
        (good.replace("length=4", "length=-1"), "", b"PRS1".to_vec(), 400),
        (good.replace("offset=0", ""), "", b"PRS1".to_vec(), 400),
        (query(0, 700_000, "identity"), "", vec![0; 700_000], 413),
        (good.clone(), "", b"<htm".to_vec(), 400),
        (good, "", b"PRS1".to_vec(), 200),
    ] {
        let (status, answer) = post(&server, &query, headers, &body).await;
        assert_eq!(status, expected, "{query}: {answer}");
    }
    let files: Vec<_> = std::fs::read_dir(folder.0.join("data/games")).unwrap().collect();
    assert_eq!(files.len(), 1);
    server.stop().await;
    let none = ServeOptions { most_games: 0, ..options(&folder.0.join("none")) };
    let server = start(none, palaestra_envs::CATALOG).await.unwrap();
    assert_eq!(post(&server, &query(0, 4, "identity"), "", b"PRS1").await.0, 404);
    server.stop().await;
}

/// What a request is answered whose body is this text as it stands; the near end says nothing more then, and closes if `closes`.
async fn raw_body(server: &Running, query: &str, headers: &str, body: &[u8], closes: bool) -> u16 {
    let mut stream = timeout(DEADLINE, TcpStream::connect(server.address)).await.unwrap().unwrap();
    let request =
        format!("POST /records?{query} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n", server.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    if closes {
        stream.shutdown().await.unwrap();
    }
    let mut answer = Vec::new();
    let _ = timeout(DEADLINE, stream.read_to_end(&mut answer)).await.expect("an answer, or the end, in time");
    String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_breaks_off_is_not_called_too_long() {
    let folder = Folder::new();
    let server = start(options(&folder.0.join("data")), palaestra_envs::CATALOG).await.unwrap();
    let query = query(0, 4, "identity");
    let chunked = "transfer-encoding: chunked\r\n";
    // What is no chunk, and what ends in the middle of one: the server may still say so, or the connection is gone.
    assert_eq!(raw_body(&server, &query, chunked, b"4\r\nPRS1\r\nno number\r\n", false).await, 400);
    for (headers, body) in [("content-length: 100\r\n", &b"PRS1"[..]), (chunked, b"64\r\nPRS1")] {
        let status = raw_body(&server, &query, headers, body, true).await;
        assert!(matches!(status, 0 | 400), "{headers}: {status}");
    }
    assert_eq!(std::fs::read_dir(folder.0.join("data/games")).unwrap().count(), 0);
    // Too long is too long, whether it is said before or found out.
    let long = vec![0; 700_000];
    assert_eq!(post(&server, &query, "", &long).await.0, 413);
    let in_chunks = [format!("{:x}\r\n", long.len()).as_bytes(), &long, b"\r\n0\r\n\r\n"].concat();
    assert_eq!(raw_body(&server, &query, chunked, &in_chunks, false).await, 413);
    assert_eq!(post(&server, &query, "", b"PRS1").await.0, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_does_not_fill_what_all_have_and_what_is_refused_is_taken_later() {
    let folder = Folder::new();
    let serves = ServeOptions { most_games: 1_000, ..options(&folder.0.join("data")) };
    let server = start(serves, palaestra_envs::CATALOG).await.unwrap();
    const PIECE: usize = 512 << 10;
    let mut bytes = vec![0; PIECE];
    let zeros = compress(&bytes).unwrap();
    bytes[..4].copy_from_slice(b"PRS1");
    let begins = compress(&bytes).unwrap();
    assert!(zeros.len() < 1_000 && begins.len() < 1_000);
    // As a proxy passes it on: its own word stands last.
    let from = |address: &str| format!("x-forwarded-for: 198.51.100.{}, {address}\r\n", address.len());
    let mut sent = 0;
    let refused = loop {
        let piece = if sent == 0 { &begins } else { &zeros };
        let query = query(sent * PIECE, PIECE, "gzip");
        let (status, answer) = post(&server, &query, &from("203.0.113.7"), piece).await;
        if status != 200 {
            assert!(status == 429 && sent >= 128, "{sent}: {answer}");
            break query;
        }
        sent += 1;
        assert!(sent < 300, "no end");
    };
    // What is there may be said again, and others send meanwhile.
    let again = query((sent - 1) * PIECE, PIECE, "gzip");
    assert_eq!(post(&server, &again, &from("203.0.113.7"), &zeros).await.0, 200);
    let (other, more) = ("f".repeat(32), query(0, PIECE, "gzip"));
    let other = more.replace(ID, &other);
    assert_eq!(post(&server, &other, &from("203.0.113.70"), &begins).await.0, 200);
    assert_eq!(post(&server, &other.replace("ffff", "eeee"), "", &begins).await.0, 200);
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    let (status, answer) = post(&server, &refused, &from("203.0.113.7"), &zeros).await;
    assert!(status == 200 && answer.ends_with(&format!("{{\"saved\":{}}}", (sent + 1) * PIECE)), "{answer}");
    server.stop().await;
}

//! Every message that crosses, and a game that is told whatever comes.
use palaestra_env::Kwargs;
use palaestra_play::Port;
use palaestra_protocol::{
    Flags, Grant, Key, Operation, Reply, Request, Reset, Setup, Stepped, read_kwargs, write_kwargs,
};

/// Reads the bytes as any message; then takes them for what a page says to a game.
pub fn run(bytes: &[u8]) {
    read(bytes);
    tell(bytes);
}

fn read(bytes: &[u8]) {
    let _ = (Request::read(bytes), Reply::id(bytes), Stepped::read(bytes));
    for bits in 0..8_u8 {
        let flags = Flags { scene: bits & 1 != 0, autoreset: bits & 2 != 0, hash: bits & 4 != 0 };
        let _ = Reply::read(bytes, flags);
    }
    let _ = (Setup::read(bytes), Grant::read(bytes), Key::read(bytes), Reset::read(bytes));
    if let Ok(kwargs) = read_kwargs(bytes) {
        assert_eq!(read_kwargs(&write_kwargs(&kwargs)), Ok(kwargs), "arguments do not read back");
    }
}

/// The first byte says how long the setup is; what follows are requests, each behind its length and the milliseconds before it.
fn tell(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first() else { return };
    let (setup, mut rest) = rest.split_at(usize::from(*length).min(rest.len()));
    let Ok(env) = palaestra_envs::make("CartPole-v1", &Kwargs::new()) else { return };
    let Ok(mut port) = Port::open(env, setup, Vec::new()) else { return };
    let mut now = 0.0;
    while let [length, later, more @ ..] = rest {
        let (message, after) = more.split_at(usize::from(*length).min(more.len()));
        rest = after;
        now += f64::from(*later);
        let Ok(request) = Request::read(message) else { continue };
        if request.operation == Operation::Play {
            continue;
        }
        let reply = port.answer(request, now, || now).to_vec();
        assert_eq!(Reply::id(&reply), Ok(request.id), "a request without its reply");
        let mut steps = 0;
        while port.advance(|| now).is_some() {
            steps += 1;
            assert!(steps < 200, "more ticks at once than a quarter of a second has");
        }
    }
}

//! What the server signs, so that it knows it again: participants' tokens, and tickets for play sockets.
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The length of the server's key, in bytes.
pub const KEY_BYTES: usize = 64;

/// Signs, and says whether something was signed. What it signs reveals nothing of the key.
#[derive(Clone)]
pub struct Signer {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

/// What a ticket opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The match.
    pub match_id: String,
    /// The seat; `None`: to watch.
    pub seat: Option<u8>,
    /// How many tickets of this seat there were before: an old one opens nothing when a newer one has been used.
    pub generation: u32,
}

impl Signer {
    /// With a key that is secret and stays the same for as long as tokens are to count.
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self { mac: <Hmac<Sha256> as KeyInit>::new(key.into()) }
    }

    /// The token of a participant of a lobby.
    pub fn token(&self, lobby: &str, participant: &str) -> String {
        hex(&self.participant(lobby, participant).finalize().into_bytes())
    }

    /// Whether a token is this participant's. Takes the same time however much of it is right.
    pub fn knows(&self, lobby: &str, participant: &str, token: &str) -> bool {
        unhex(token).is_some_and(|tag| self.participant(lobby, participant).verify_slice(&tag).is_ok())
    }

    /// Whether two secrets are the same. Takes the same time however much of them is.
    pub fn same(&self, a: &str, b: &str) -> bool {
        let tag = self.over(&["secret", a]).finalize().into_bytes();
        self.over(&["secret", b]).verify_slice(&tag).is_ok()
    }

    /// A ticket as text, for the address of a play socket.
    pub fn ticket(&self, ticket: &Ticket) -> String {
        let said = said(ticket);
        let tag = hex(&self.over(&["ticket", &said]).finalize().into_bytes());
        format!("{said}.{tag}")
    }

    /// What a text opens, if it is a ticket that was signed here.
    pub fn read_ticket(&self, text: &str) -> Option<Ticket> {
        let (said, tag) = text.rsplit_once('.')?;
        self.over(&["ticket", said]).verify_slice(&unhex(tag)?).ok()?;
        let mut parts = said.split('.');
        let (match_id, seat, generation) = (parts.next()?, parts.next()?, parts.next()?);
        let seat = if seat == "w" { None } else { Some(seat.parse().ok()?) };
        Some(Ticket { match_id: match_id.to_owned(), seat, generation: generation.parse().ok()? })
    }

    fn participant(&self, lobby: &str, participant: &str) -> Hmac<Sha256> {
        self.over(&["participant", lobby, participant])
    }

    /// Each part behind its length, so that no two lists of parts are the same bytes.
    fn over(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

fn said(ticket: &Ticket) -> String {
    let seat = ticket.seat.map_or_else(|| "w".to_owned(), |seat| seat.to_string());
    format!("{}.{seat}.{}", ticket.match_id, ticket.generation)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_for_its_participant_in_its_lobby_and_nowhere_else() {
        let signer = Signer::new(&[7; KEY_BYTES]);
        let token = signer.token("a", "bc");
        assert!(signer.knows("a", "bc", &token));
        assert!(!signer.knows("ab", "c", &token));
        assert!(!signer.knows("a", "bd", &token));
        assert!(!Signer::new(&[8; KEY_BYTES]).knows("a", "bc", &token));
        for wrong in ["", "0", "zz", &token[..62], "é0"] {
            assert!(!signer.knows("a", "bc", wrong), "{wrong}");
        }
    }

    #[test]
    fn a_ticket_opens_what_it_was_written_for_and_nothing_once_it_was_changed() {
        let signer = Signer::new(&[7; KEY_BYTES]);
        for seat in [Some(3), None] {
            let ticket = Ticket { match_id: "m-12".into(), seat, generation: 2 };
            let text = signer.ticket(&ticket);
            assert_eq!(signer.read_ticket(&text), Some(ticket));
            for (index, _) in text.char_indices() {
                let mut changed = text.clone().into_bytes();
                changed[index] ^= 1;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(signer.read_ticket(&changed), None, "{changed}");
            }
        }
        assert_eq!(signer.read_ticket("w"), None);
    }
}

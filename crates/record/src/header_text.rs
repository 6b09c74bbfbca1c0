//! The header of a record of our own as text, byte for byte as [`Header`](crate::Header) serialises, without `serde`.
use palaestra_text::json::{put_count, put_list, put_text};

use crate::header::PACKAGE;

/// What a session's header says.
#[derive(Clone, Debug)]
pub struct HeaderText {
    /// The id that `make` takes.
    pub env_id: String,
    /// The keyword arguments that `make` takes: the text of a JSON object whose names are in order.
    pub kwargs: String,
    /// The seed of the session.
    pub seed: Option<u64>,
    /// Who chose the actions.
    pub policy: Option<String>,
    /// Every other field: the text of a JSON object whose names are in order.
    pub rest: String,
}

impl HeaderText {
    /// The header before the record is written.
    pub fn text(&self) -> String {
        self.complete(&[], None)
    }

    /// The header as the record's first line has it.
    pub fn complete(&self, agents: &[String], n_steps: Option<u64>) -> String {
        let mut out = Vec::new();
        let name = |name: &str, out: &mut Vec<u8>| {
            out.push(b',');
            put_text(name, out);
            out.push(b':');
        };
        out.extend_from_slice(br#"{"type":"header""#);
        name("env_id", &mut out);
        put_text(&self.env_id, &mut out);
        name("kwargs", &mut out);
        out.extend_from_slice(self.kwargs.as_bytes());
        name("seed", &mut out);
        match self.seed {
            Some(seed) => put_count(seed, &mut out),
            None => out.extend_from_slice(b"null"),
        }
        name("package", &mut out);
        put_text(PACKAGE, &mut out);
        name("versions", &mut out);
        out.push(b'{');
        put_text(PACKAGE, &mut out);
        out.push(b':');
        put_text(env!("CARGO_PKG_VERSION"), &mut out);
        out.push(b'}');
        if !agents.is_empty() {
            name("agents", &mut out);
            put_list(agents.iter(), &mut out, |agent, out| put_text(agent, out));
        }
        if let Some(policy) = &self.policy {
            name("policy", &mut out);
            put_text(policy, &mut out);
        }
        if let Some(steps) = n_steps {
            name("n_steps", &mut out);
            put_count(steps, &mut out);
        }
        let rest = self.rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
        if !rest.is_empty() {
            out.push(b',');
            out.extend_from_slice(rest.as_bytes());
        }
        out.push(b'}');
        // Made of texts and of nothing else.
        String::from_utf8(out).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Header;
    use serde_json::json;

    #[test]
    fn it_is_the_text_that_a_header_serialises_to() {
        let kwargs = json!({"layout": "cramped \"room\"", "size": 5});
        for (seed, policy, rest, agents, n_steps) in [
            (None, None, json!({}), vec![], None),
            (Some(u64::MAX), Some("human, \u{7}fixed"), json!({"ended": "now", "fps": 30.5}), vec!["agent_0"], Some(7)),
        ] {
            let agents: Vec<String> = agents.into_iter().map(str::to_owned).collect();
            let mut header = Header::new("X-v0", kwargs.as_object().cloned().unwrap(), seed);
            header.policy = policy.map(str::to_owned);
            header.rest = rest.as_object().cloned().unwrap();
            (header.agents, header.n_steps) = (agents.clone(), n_steps);
            let found = HeaderText {
                env_id: "X-v0".into(),
                kwargs: kwargs.to_string(),
                seed,
                policy: policy.map(str::to_owned),
                rest: rest.to_string(),
            };
            assert_eq!(found.complete(&agents, n_steps), serde_json::to_string(&header).unwrap());
        }
    }
}

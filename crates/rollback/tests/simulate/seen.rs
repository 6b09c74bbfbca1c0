//! What happened in some matches: a batch that does not meet everything proves little.

macro_rules! counters {
    ($($name:ident: $about:literal,)*) => {
        #[derive(Clone, Copy, Debug, Default)]
        pub(crate) struct Seen {
            $(pub(crate) $name: u64,)*
        }

        impl Seen {
            pub(crate) fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }

            /// Each with what it counts.
            pub(crate) fn all(&self) -> Vec<(u64, &'static str)> {
                vec![$((self.$name, $about),)*]
            }
        }
    };
}

counters! {
    matches: "matches",
    frames: "frames confirmed, by all peers",
    rolled_back: "frames rolled back",
    deepest: "peers that rolled back as far as the window allows",
    stalls: "stalls",
    leavers: "leavers' last frames agreed on",
    pronounced: "of which the server pronounced",
    joined: "peers that came back without memory and went on",
    back_in_time: "peers that were silent and came back in time",
    lost: "peers that were silent for too long",
    dropped: "peers that were told that the others go on without them",
    isolated: "peers that were too few to go on",
    abandoned: "matches abandoned by a peer",
    partner_left: "peers whose match ended because somebody left",
    complete: "peers that played to the end",
    desyncs: "differences found",
    resyncs: "states taken over after a difference",
    named: "of which named who was wrong",
    relayed: "paths changed to the relay",
    direct: "paths changed to a direct one",
    episodes: "episodes over",
    lockstep: "matches in lockstep",
    refused: "packets refused",
    grave: "matches in which somebody may end otherwise",
    everybody: "matches that all played to the end",
}

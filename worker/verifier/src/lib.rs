//! The one-shot Worker that packs a record and replays it

//! The trajectory format: write it, read it, verify it by replay

//! The environments that come with Palaestra

//! The Worker that runs one environment

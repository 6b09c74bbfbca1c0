//! What an environment is made with.

/// Keyword arguments of an environment.
pub type Kwargs = serde_json::Map<String, serde_json::Value>;

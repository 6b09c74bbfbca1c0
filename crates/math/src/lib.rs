//! Elementary functions, one implementation for every build

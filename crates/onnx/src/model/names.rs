//! Values by their names: a list in order. A tree would be several times the code for the few hundred names of a policy.

/// Names in order, each with what it stands for.
pub(crate) struct Names<'a, T>(Vec<(&'a str, T)>);

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T> Names<'a, T> {
    /// Says what a name stands for. False where it stood for something before.
    pub(crate) fn insert(&mut self, name: &'a str, value: T) -> bool {
        match self.find(name) {
            Ok(found) => {
                self.0[found].1 = value;
                false
            }
            Err(place) => {
                self.0.insert(place, (name, value));
                true
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.find(name).ok().map(|found| &self.0[found].1)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (*known).cmp(name))
    }
}

//! What an explanation says of a pass.

use super::findings::{Answer, Visitor};
use super::{Question, Telling};
use crate::credential::pass::Pass;

impl<'q> Question<'q> {
    /// Asked by somebody who brings this pass, too.
    #[must_use]
    pub fn with_pass(mut self, pass: &'q Pass) -> Self {
        self.pass = Some(pass);
        self
    }
}

impl Telling<'_> {
    /// Which pass is brought, and what it is for.
    pub(super) fn pass(&self) -> Option<Visitor> {
        let Pass { id, scope, .. } = self.question.pass?;
        Some(Visitor::Pass {
            id: id.to_string(),
            identifier: scope.identifier.to_string(),
            mount: scope.mount.to_string(),
            is_exact: scope.exact,
            is_for_this: self.trial.pass.is_some(),
        })
    }

    /// The answer where it opened what nothing else did.
    pub(super) fn by_pass(&self) -> Answer {
        Answer::Pass(self.question.pass.map(|pass| pass.id.to_string()).unwrap_or_default())
    }
}

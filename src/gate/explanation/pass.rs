//! What an explanation says of a pass.

use super::sentence::{Sentence, say};
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
    pub(super) fn pass(&self) -> Option<Sentence> {
        let Pass { id, scope, .. } = self.question.pass?;
        let is = say("They bring the pass ").name(id.to_string()).say(", which is for ");
        let is = is.name(&*scope.identifier).say(" of the mount ").name(&*scope.mount);
        let below = if scope.exact { " alone" } else { " and what is below it" };
        let counts = if self.trial.pass.is_some() { "." } else { ", and so not for this." };
        Some(is.say(below).say(counts))
    }

    /// The answer where it opened what nothing else did.
    pub(super) fn by_pass(&self) -> String {
        let id = self.question.pass.map(|pass| pass.id.to_string()).unwrap_or_default();
        format!("Allowed (200): the pass `{id}` is enough.")
    }
}

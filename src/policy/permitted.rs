//! What those who may see an image or a document may do with it.

use super::rule::{Operation, RuleSpec};

/// So large may one answer be where only looking is permitted, in pixels on either axis: a viewer's tile.
///
/// The bound is on the answer, whatever part of the image it shows: were it on the whole image alone, a region
/// that leaves out one row would not be the whole.
pub const VIEW_PX: u32 = 1024;

/// What is permitted besides looking at it in a viewer, which always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Permitted {
    /// How large one answer may be, in pixels on either axis; `u32::MAX`: as large as the image.
    answer_px: u32,
    whole_document: bool,
}

impl Permitted {
    pub const EVERYTHING: Self = Self { answer_px: u32::MAX, whole_document: true };

    /// As a rule has it.
    pub fn by(rule: &RuleSpec) -> Self {
        let permits = |operation| rule.operations.is_empty() || rule.operations.contains(&operation);
        let answer_px = if permits(Operation::WholeImage) {
            // A viewer that gets no tiles shows nothing.
            rule.whole_image_px.map_or(u32::MAX, |pixels| pixels.max(VIEW_PX))
        } else {
            VIEW_PX
        };
        Self { answer_px, whole_document: permits(Operation::WholeDocument) }
    }

    /// No answer larger than this, and so no document, of which nobody knows how large what is in it is.
    pub fn up_to(pixels: u32) -> Self {
        Self { answer_px: pixels.max(VIEW_PX), whole_document: false }
    }

    /// Nothing that not both permit.
    pub fn and(self, other: Self) -> Self {
        Self {
            answer_px: self.answer_px.min(other.answer_px),
            whole_document: self.whole_document && other.whole_document,
        }
    }

    /// How large an answer may be, in pixels on either axis; `None`: as large as the image.
    pub fn answer_px(self) -> Option<u32> {
        (self.answer_px < u32::MAX).then_some(self.answer_px)
    }

    pub fn whole_document(self) -> bool {
        self.whole_document
    }

    /// For people and programs: what may be done.
    pub fn operations(self) -> impl Iterator<Item = Operation> {
        Operation::ALL.into_iter().filter(move |operation| match operation {
            Operation::View => true,
            Operation::WholeImage => self.answer_px > VIEW_PX,
            Operation::WholeDocument => self.whole_document,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(operations: &[Operation], whole_image_px: Option<u32>) -> Permitted {
        Permitted::by(&RuleSpec { operations: operations.to_vec(), whole_image_px, ..RuleSpec::default() })
    }

    #[test]
    fn a_rule_that_names_no_operation_permits_everything() {
        assert_eq!(by(&[], None), Permitted::EVERYTHING);
        assert_eq!(by(&Operation::ALL, None), Permitted::EVERYTHING);
    }

    #[test]
    fn a_rule_permits_what_it_names_and_always_a_tile() {
        let view = by(&[Operation::View], None);
        assert_eq!((view.answer_px(), view.whole_document()), (Some(VIEW_PX), false));
        assert!(view.operations().eq([Operation::View]));
        let low = by(&[Operation::View, Operation::WholeImage], Some(2000));
        assert_eq!(low.answer_px(), Some(2000));
        assert!(low.operations().eq([Operation::View, Operation::WholeImage]));
        assert_eq!(by(&[], Some(2000)).answer_px(), Some(2000));
        assert!(by(&[], Some(2000)).whole_document());
        assert_eq!(by(&[], Some(10)).answer_px(), Some(VIEW_PX));
    }

    #[test]
    fn both_permit_what_each_does() {
        let (low, document) = (by(&[], Some(2000)), by(&[Operation::View, Operation::WholeDocument], None));
        assert_eq!(low.and(document), document);
        assert_eq!(low.and(Permitted::EVERYTHING), low);
        assert_eq!(low.and(by(&[], Some(3000))), low);
        let view = by(&[Operation::View, Operation::WholeImage], Some(2000)).and(document);
        assert_eq!(view, by(&[Operation::View], None));
    }
}

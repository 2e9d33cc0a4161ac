//! The second look at a request whose verdict depends on the dimensions of the image, which are not in it.

use super::path::{Canonical, INFO_PATH, Part, SubstitutePart};
use super::request::Presented;
use super::{Grounds, Verdict, Visitor, by_what_opens, read, substitute};
use crate::policy::decision::{Basis, Decision};
use crate::policy::thumbnail::{Asked, Measure};

/// Decides as [`super::judge`] does, which said [`Basis::SizeUnknown`] and left the path of the info.json in
/// `out`: now the image server was asked. `out` receives the path that may be fetched.
///
/// Everything is read and judged anew: between the two looks a credential may have been revoked.
pub fn judge_measured(
    presented: &Presented<'_>,
    grounds: &Grounds<'_>,
    measure: Measure,
    out: &mut Canonical,
) -> Verdict {
    let refuse = |basis| Verdict { decision: Decision::Refuse(basis), visitor: Visitor::default() };
    let request = match read(presented, grounds, out) {
        Ok(request) => request,
        Err(reason) => return refuse(Basis::Malformed(reason)),
    };
    match (request.part, measure) {
        (Part::Image(image), _) => {
            let at = (request.position, request.address);
            by_what_opens(presented, at, Asked::Image(image, measure), grounds, out)
        }
        (Part::Substitute { what: SubstitutePart::Image(_), .. }, Measure::Is(image)) => {
            substitute::judge(presented, grounds, image, out)
        }
        (Part::Substitute { what: SubstitutePart::Image(_), .. }, _) => refuse(Basis::SizeUnknown),
        _ => refuse(Basis::Malformed("not-an-image")),
    }
}

/// Makes of the path of an image request that of the info.json which has the image's dimensions.
pub(super) fn turn_to_info(out: &mut Canonical) {
    // Region, size, rotation, and quality with format: written by us, and none has a `/` in it.
    let mut image_path = out.path.as_str();
    for _ in 0..4 {
        image_path = image_path.rsplit_once('/').map_or("", |(before, _)| before);
    }
    let length = image_path.len();
    out.path.truncate(length);
    if out.path.try_push_str(INFO_PATH).is_err() {
        // Nothing is asked then, and nothing is open.
        out.path.clear();
    }
}

#[cfg(test)]
mod tests;

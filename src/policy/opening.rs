//! What an edited condition opens that was not open before: to be shown before it is saved.

use ipnet::IpNet;

use super::condition::{AccessCondition, Pattern};
use super::folded;

/// One thing that somebody may see afterwards who might not before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Everybody sees all that names it.
    Everybody,
    /// Whoever accepts its terms does.
    WhoeverAccepts,
    /// Whoever sits at an enrolled computer does.
    Computers,
    /// Whoever holds it does; nobody did.
    Holders,
    /// A larger thumbnail, or another one: up to that many pixels.
    Thumbnail(u32),
    /// The same, and these sizes alone.
    Thumbnails(Vec<u32>),
    /// A larger substitute.
    Substitute(u32),
    /// Whoever comes from there.
    Networks(Vec<IpNet>),
}

/// What the second opens and the first did not, for whatever names the condition. A condition that there was not
/// ([`None`]) opened nothing.
pub fn openings(before: Option<&AccessCondition>, after: &AccessCondition) -> Vec<Opening> {
    let closed = AccessCondition::bare(&after.name, Pattern::Closed);
    let before = before.unwrap_or(&closed);
    match (before.pattern, after.pattern) {
        // Nothing else of it counts.
        (Pattern::Open, _) | (_, Pattern::Closed) => return Vec::new(),
        (_, Pattern::Open) => return vec![Opening::Everybody],
        _ => {}
    }
    let mut openings = Vec::new();
    if before.pattern != after.pattern {
        match after.pattern {
            Pattern::Clickthrough => openings.push(Opening::WhoeverAccepts),
            Pattern::Kiosk => openings.push(Opening::Computers),
            _ if before.pattern == Pattern::Closed => openings.push(Opening::Holders),
            _ => {}
        }
    }
    // What a closed condition says of itself did not count.
    let before = if before.pattern == Pattern::Closed { &closed } else { before };
    openings.extend(thumbnails(before, after));
    if let Some(pixels) = after.substitute_px
        && before.substitute_px.is_none_or(|less| less < pixels)
    {
        openings.push(Opening::Substitute(pixels));
    }
    let had = |network: &IpNet| before.networks.iter().any(|one| folded(*one).contains(&folded(*network)));
    let networks: Vec<IpNet> = after.networks.iter().filter(|network| !had(network)).copied().collect();
    if !networks.is_empty() {
        openings.push(Opening::Networks(networks));
    }
    openings
}

fn thumbnails(before: &AccessCondition, after: &AccessCondition) -> Option<Opening> {
    if let Some(pixels) = after.thumbnail_px {
        return before.thumbnail_px.is_none_or(|less| less < pixels).then_some(Opening::Thumbnail(pixels));
    }
    let had = |size: &u32| match before.thumbnail_px {
        Some(pixels) => *size <= pixels,
        None => before.thumbnail_sizes.contains(size),
    };
    let sizes: Vec<u32> = after.thumbnail_sizes.iter().filter(|size| !had(size)).copied().collect();
    (!sizes.is_empty()).then_some(Opening::Thumbnails(sizes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pattern: Pattern, change: impl FnOnce(&mut AccessCondition)) -> AccessCondition {
        let mut condition = AccessCondition::bare("staff", pattern);
        change(&mut condition);
        condition
    }

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_that_more_people_meet_opens() {
        let of = |before, after| openings(Some(&with(before, |_| {})), &with(after, |_| {}));
        assert_eq!(of(Pattern::Login, Pattern::Open), [Opening::Everybody]);
        assert_eq!(of(Pattern::Login, Pattern::Clickthrough), [Opening::WhoeverAccepts]);
        assert_eq!(of(Pattern::Login, Pattern::Kiosk), [Opening::Computers]);
        assert_eq!(of(Pattern::Closed, Pattern::Login), [Opening::Holders]);
        for (before, after) in [
            (Pattern::Login, Pattern::Login),
            (Pattern::Open, Pattern::Login),
            (Pattern::Open, Pattern::Clickthrough),
            (Pattern::Clickthrough, Pattern::Login),
            (Pattern::Login, Pattern::Closed),
            (Pattern::Closed, Pattern::Closed),
        ] {
            assert_eq!(of(before, after), [], "{before:?} {after:?}");
        }
        assert_eq!(openings(None, &with(Pattern::Login, |_| {})), [Opening::Holders]);
    }

    #[test]
    fn a_larger_thumbnail_opens_and_a_smaller_one_does_not() {
        let up_to = |pixels| with(Pattern::Login, |condition| condition.thumbnail_px = Some(pixels));
        let these =
            |sizes: &[u32]| with(Pattern::Login, |condition| condition.thumbnail_sizes = sizes.to_vec());
        let none = with(Pattern::Login, |_| {});
        let of = |before: &AccessCondition, after: &AccessCondition| openings(Some(before), after);
        assert_eq!(of(&none, &up_to(200)), [Opening::Thumbnail(200)]);
        assert_eq!(of(&up_to(100), &up_to(200)), [Opening::Thumbnail(200)]);
        assert_eq!(of(&these(&[200]), &up_to(200)), [Opening::Thumbnail(200)]);
        assert_eq!(of(&these(&[100]), &these(&[100, 150])), [Opening::Thumbnails(vec![150])]);
        assert_eq!(of(&up_to(200), &these(&[100, 300])), [Opening::Thumbnails(vec![300])]);
        for (before, after) in [
            (up_to(200), up_to(100)),
            (up_to(200), these(&[100])),
            (up_to(200), none),
            (these(&[9]), these(&[9])),
        ] {
            assert_eq!(of(&before, &after), []);
        }
    }

    #[test]
    fn a_substitute_and_a_network_open_where_they_are_more() {
        let before = with(Pattern::Login, |condition| {
            condition.substitute_px = Some(400);
            condition.networks = vec![net("192.0.2.0/24")];
        });
        let mut after = before.clone();
        after.substitute_px = Some(300);
        after.networks = vec![net("192.0.2.128/25"), net("::ffff:192.0.2.0/121")];
        assert_eq!(openings(Some(&before), &after), []);
        after.substitute_px = Some(401);
        after.networks.push(net("198.51.100.0/24"));
        let expected = [Opening::Substitute(401), Opening::Networks(vec![net("198.51.100.0/24")])];
        assert_eq!(openings(Some(&before), &after), expected);
        // What it said of itself while nobody met it opened nothing.
        let closed = AccessCondition { pattern: Pattern::Closed, ..after.clone() };
        assert_eq!(openings(Some(&closed), &after).len(), 3);
        assert_eq!(openings(Some(&after), &closed), []);
    }
}

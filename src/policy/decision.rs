//! The question and the answer: what is asked for, what the visitor brings, and the
//! decision with its reason.

use super::condition::Conditions;
use super::index::Winner;
use super::permitted::Permitted;

/// What is asked for, in canonical form.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Position in [`super::Policy::mounts`].
    pub mount: usize,
    /// Decoded, segments joined by `/`.
    pub identifier: &'a str,
}

/// What the request brings that a rule may look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Aspects {
    /// Conditions the visitor holds.
    pub held: Conditions,
    /// Conditions that the visitor's address has, whoever sits there
    /// ([`super::ConditionTable::of_address`]).
    pub by_network: Conditions,
    /// Seconds since 1970 UTC.
    pub now: u64,
}

/// What a pass gives where it counts: an administrator has granted it to whoever brings the pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassGives {
    /// One of these is enough if the rule asks for it; `None`: whatever the rule asks for, the pass is enough.
    pub conditions: Option<Conditions>,
    /// No more than this may be done with it, and no more than the rule permits.
    pub permitted: Permitted,
}

impl PassGives {
    /// Whether that is enough for what asks for one of these conditions. Nothing is for what asks for none: that is
    /// open to everybody or closed to everybody.
    pub fn is_enough_for(&self, needed: Conditions) -> bool {
        match self.conditions {
            None => !needed.is_empty(),
            Some(conditions) => !needed.intersection(&conditions).is_empty(),
        }
    }
}

/// The answer, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The visitor may have it.
    Allow(Basis),
    /// Not with what was presented; holding one of these conditions would do.
    Challenge(Conditions, Basis),
    /// No credential could help.
    Refuse(Basis),
}

impl Decision {
    pub fn basis(&self) -> Basis {
        match *self {
            Self::Allow(basis) | Self::Challenge(_, basis) | Self::Refuse(basis) => basis,
        }
    }

    pub fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }

    /// Whether a dry run alone allows it: without one it would be a challenge.
    pub fn is_shadow(&self) -> bool {
        matches!(self, Self::Allow(Basis::Shadow(_)))
    }

    /// Whether everybody may have it, so that it may lie in shared caches.
    pub fn is_for_everybody(&self) -> bool {
        matches!(self, Self::Allow(Basis::Open(_) | Basis::Substitute(_) | Basis::Thumbnail(_)))
    }
}

/// The reason of a decision: a word for NGINX's log, and the rule behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Everybody may.
    Open(Winner),
    /// The visitor holds one of the conditions; the lowest such bit.
    Held(u8, Winner),
    /// The visitor's address has one of the conditions, and the visitor holds none; the lowest such bit.
    Network(u8, Winner),
    /// The visitor holds none of them, and brings a pass that is enough.
    Pass(Winner),
    /// The visitor holds none of them.
    NotHeld(Winner),
    /// The visitor holds none of them, and the mount's rules are only tried out (`shadow=`).
    Shadow(Winner),
    /// Nobody may.
    Closed(Winner),
    /// A substitute that those who may not see the image itself may have, and so may everybody.
    Substitute(Winner),
    /// There is no such substitute: nothing is left open, the image itself is open to everybody, or it
    /// is reduced otherwise.
    NoSubstitute,
    /// A small answer that whoever may not see the image may have all the same, and so may everybody.
    Thumbnail(Winner),
    /// Those who may see it may not do this with it: it is larger than the rule permits, or whole.
    NotPermitted(Winner),
    /// It depends on the size of the image, which is not known here.
    SizeUnknown,
    /// The request could not be read with one certain meaning.
    Malformed(&'static str),
}

impl Basis {
    /// A short word, safe in a log line.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Held(..) => "held",
            Self::Network(..) => "network",
            Self::Pass(_) => "pass",
            Self::NotHeld(_) => "not-held",
            Self::Shadow(_) => "shadow",
            Self::Closed(_) => "closed",
            Self::Substitute(_) => "substitute",
            Self::NoSubstitute => "no-substitute",
            Self::Thumbnail(_) => "thumbnail",
            Self::NotPermitted(_) => "not-permitted",
            Self::SizeUnknown => "size-unknown",
            Self::Malformed(reason) => reason,
        }
    }
}

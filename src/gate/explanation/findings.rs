//! What an explanation finds, as data: which sentence it is, and what stands in it. The sentences themselves are in the
//! language of whoever reads them, and so not here.

use std::net::IpAddr;

use jiff::civil::Date;

use crate::credential::account::AccountId;
use crate::policy::condition::Pattern;
use crate::policy::mount::MountKind;
use crate::policy::rule::RuleSpec;

/// What is asked for, and what would be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The substitute of an image, in one part of its size.
    Substitute {
        identifier: String,
        mount: String,
        divisor: u32,
    },
    Resource {
        kind: MountKind,
        identifier: String,
        mount: String,
    },
    /// What is fetched for it, if it is allowed.
    Fetched {
        kind: MountKind,
        path: String,
        is_allowed: bool,
    },
}

/// A rule, with what it says if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRule {
    /// As the store counts.
    pub number: u32,
    /// `None`: the policy in force and the store differ about it.
    pub spec: Option<Box<RuleSpec>>,
}

/// What decides, and what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    Rule(ToldRule),
    /// All rules below a name that may be a folder's.
    Below,
    /// The mount's default; a condition that does not exist is closed.
    Default {
        condition: String,
        exists: bool,
    },
    /// A rule that could apply as well.
    Beside(ToldRule, Beside),
    /// So many more of those.
    More(usize),
    /// digilib takes both names for one image.
    TwoNames {
        identifier: String,
        base: String,
    },
}

/// Why another rule decides than this one, which could apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    CountsAsWell,
    NotBegun,
    Over,
    LessSpecific,
}

impl Beside {
    /// For programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::CountsAsWell => "it counts as well: all of them must be met",
            Self::NotBegun => "it has not begun",
            Self::Over => "it is over",
            Self::LessSpecific => "a more specific one wins",
        }
    }
}

/// Who asks, and what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    Anonymous {
        holds: Vec<String>,
    },
    /// Of an account that is locked nothing counts.
    Account {
        id: AccountId,
        name: String,
        is_locked: bool,
        holds: Vec<String>,
    },
    /// An address, and the conditions that it has by itself.
    Address {
        address: IpAddr,
        has: Vec<String>,
    },
    /// A pass that is brought besides, and what it is for.
    Pass {
        id: String,
        identifier: String,
        mount: String,
        is_exact: bool,
        is_for_this: bool,
    },
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This condition is enough.
    Held(String),
    Network(String),
    /// This pass is enough.
    Pass(String),
    Thumbnail,
    Substitute,
    DryRun {
        until: Option<Date>,
        needed: Vec<String>,
    },
    Open,
    Needed {
        one_of: Vec<String>,
        a_login_helps: bool,
    },
    NoMount {
        prefixes: Vec<String>,
        reason: &'static str,
    },
    NotIiif {
        reason: &'static str,
    },
    /// The address carries the secret of a pass.
    OfPass {
        reason: &'static str,
    },
    Uncertain {
        reason: &'static str,
    },
    NotAdvertised {
        reason: &'static str,
    },
    AnotherReduction,
    NoSubstitute,
    /// Of a substitute whose image has an unknown size.
    SubstituteDepends {
        divisor: u32,
        pixels: u32,
    },
    SizeUnknown,
    TooLarge {
        pixels: u32,
    },
    NotWhole,
    NobodyBelow,
    NobodyTogether,
    Closed,
}

/// What would make the answer another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody who brings less needs one of these; `None`: is refused.
    Without {
        less: Less,
        needs: Option<Vec<String>>,
    },
    Unlocked,
    /// One of these, which people come by in this way.
    Holding {
        pattern: Pattern,
        names: Vec<String>,
    },
    /// Some networks, and how many more there are.
    AddressIn {
        networks: Vec<String>,
        more: usize,
    },
    /// Nobody knows how large the image is.
    SizeDecides,
    Smaller {
        pixels: u32,
    },
    Substitute {
        pixels: u32,
    },
    From {
        day: String,
        then: Then,
        events: Vec<Event>,
    },
    AnotherRule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Less {
    NoLogin,
    NoLoginSameAddress,
    OtherAddress,
    NoLoginOtherAddress,
}

/// What is so from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    Open,
    Account(String),
    /// The one who is not logged in.
    Visitor,
    Needs(Vec<String>),
    Closed,
    Refused,
}

/// What happens on that day; rules as the store counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    DryRunEnds,
    RuleBegins(u32),
    RuleEnds(u32),
}

/// What could be done at the place that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A rule for this and nothing else, where another or none decides.
    RuleOfItsOwn { mount: String, identifier: String },
    /// The rules below a name that may be a folder's.
    RulesBelow { mount: String, identifier: String },
}

//! The import that is under way, and the one-time links that earlier ones have left to be fetched.
//!
//! The links are in the memory of this process and nowhere else: for the administrator who asked for them, in the
//! session in which they did, once, and for a quarter of an hour. All that wait are bounded together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::{self, UnixSeconds};
use crate::credential::account::{AccountId, Id128, SessionId};
use crate::import::people::MOST;
use crate::store::{AccountError, AccountPlan, Imported, NewLink};

/// So long links wait, seconds.
pub(super) const WAIT: u64 = 15 * 60;

/// Jobs, the newest last: at most one goes on, and the others have links that wait.
#[derive(Default)]
pub struct ImportJob(Mutex<Vec<Arc<Job>>>);

/// Why a job cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Busy {
    /// Another one goes on.
    Another,
    /// So many links wait that these could be too many.
    Links,
}

pub(super) struct Job {
    pub(super) id: Id128,
    owner: AccountId,
    /// Follows the owner through renewals.
    session: Mutex<SessionId>,
    pub(super) total: usize,
    pub(super) done: AtomicUsize,
    /// The moment until which the links can be used that are to be made.
    pub(super) links_until: Option<UnixSeconds>,
    outcome: Mutex<Option<Result<AccountPlan, AccountError>>>,
    waiting: Mutex<Option<Waiting>>,
}

struct Waiting {
    links: Vec<NewLink>,
    until: UnixSeconds,
}

/// The work of a job. If it goes without an outcome, it has failed: the next import must not wait for it for ever.
pub(super) struct Work(pub(super) Arc<Job>);

impl Work {
    pub(super) fn ends(&self, outcome: Result<Imported, AccountError>, now: UnixSeconds) {
        let mut place = locked(&self.0.outcome);
        if place.is_some() {
            return;
        }
        *place = Some(outcome.map(|imported| {
            if !imported.links.is_empty() {
                *locked(&self.0.waiting) = Some(Waiting { links: imported.links, until: now + WAIT });
            }
            imported.plan
        }));
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.ends(Err(AccountError::Meanwhile), clock::now());
    }
}

impl Job {
    pub(super) fn outcome(&self) -> MutexGuard<'_, Option<Result<AccountPlan, AccountError>>> {
        locked(&self.outcome)
    }

    /// How many accounts are done.
    pub(super) fn so_far(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// How many links can still be fetched in that session, and until when.
    pub(super) fn waiting(&self, session: &SessionId, now: UnixSeconds) -> Option<(usize, UnixSeconds)> {
        let waiting = locked(&self.waiting);
        let waiting = waiting.as_ref().filter(|waiting| now < waiting.until)?;
        (*locked(&self.session) == *session).then_some((waiting.links.len(), waiting.until))
    }

    /// The links, once.
    pub(super) fn take(&self, session: &SessionId, now: UnixSeconds) -> Option<Vec<NewLink>> {
        self.waiting(session, now)?;
        locked(&self.waiting).take().map(|waiting| waiting.links)
    }

    /// How many links are kept, or could be once it is over.
    fn held(&self) -> usize {
        match &*locked(&self.outcome) {
            None if self.links_until.is_some() => self.total,
            None => 0,
            Some(_) => locked(&self.waiting).as_ref().map_or(0, |waiting| waiting.links.len()),
        }
    }

    /// Forgets links whose time is over.
    pub(super) fn tidy(&self, now: UnixSeconds) {
        let mut waiting = locked(&self.waiting);
        if waiting.as_ref().is_some_and(|waiting| waiting.until <= now) {
            *waiting = None;
        }
    }
}

impl ImportJob {
    /// Begins a job; `links_until` if links are to be made, and until when they can be used.
    pub(super) fn begin(
        &self,
        owner: AccountId,
        session: SessionId,
        total: usize,
        links_until: Option<UnixSeconds>,
        now: UnixSeconds,
    ) -> Result<Arc<Job>, Busy> {
        let mut jobs = locked(&self.0);
        if jobs.iter().any(|job| locked(&job.outcome).is_none()) {
            return Err(Busy::Another);
        }
        for job in jobs.iter() {
            job.tidy(now);
        }
        let held: usize = jobs.iter().map(|job| job.held()).sum();
        if links_until.is_some() && held + total > MOST {
            return Err(Busy::Links);
        }
        jobs.retain(|job| job.held() > 0);
        let job = Arc::new(Job {
            id: Id128(clock::random()),
            owner,
            session: Mutex::new(session),
            total,
            done: AtomicUsize::new(0),
            links_until,
            outcome: Mutex::new(None),
            waiting: Mutex::new(None),
        });
        jobs.push(Arc::clone(&job));
        Ok(job)
    }

    pub(super) fn of(&self, id: &Id128, owner: &AccountId) -> Option<Arc<Job>> {
        locked(&self.0).iter().find(|job| job.id == *id && job.owner == *owner).cloned()
    }

    /// An administrator gave the password again, and a new session took the place of the old one.
    pub fn follows(&self, old: &SessionId, new: SessionId) {
        for job in locked(&self.0).iter() {
            let mut session = locked(&job.session);
            if *session == *old {
                *session = new;
            }
        }
    }
}

fn locked<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::account::Username;
    use crate::credential::one_time::LinkSecret;

    const OWNER: AccountId = Id128([1; 16]);
    const SESSION: SessionId = Id128([2; 16]);
    const NOW: UnixSeconds = 1_800_000_000;

    fn done(links: usize) -> Imported {
        let link = |number| NewLink {
            username: Username::parse(&format!("new{number}")).unwrap(),
            secret: LinkSecret::new([7; 32]),
        };
        Imported { plan: AccountPlan::default(), links: (0..links).map(link).collect() }
    }

    fn begin(jobs: &ImportJob, total: usize) -> Result<Arc<Job>, Busy> {
        jobs.begin(OWNER, SESSION, total, Some(NOW + 1), NOW)
    }

    #[test]
    fn s11_links_are_had_once_in_their_own_session_and_for_a_quarter_of_an_hour() {
        let jobs = ImportJob::default();
        let job = begin(&jobs, 2).unwrap();
        assert!(job.take(&SESSION, NOW).is_none(), "not yet");
        Work(Arc::clone(&job)).ends(Ok(done(2)), NOW);
        let other = Id128([3; 16]);
        assert!(job.take(&other, NOW).is_none() && job.waiting(&other, NOW).is_none());
        assert!(jobs.of(&job.id, &other).is_none(), "nor is it anybody else's");
        assert_eq!(job.waiting(&SESSION, NOW + WAIT - 1), Some((2, NOW + WAIT)));
        assert!(job.take(&SESSION, NOW + WAIT).is_none(), "too late");
        jobs.follows(&SESSION, other);
        assert!(job.take(&SESSION, NOW).is_none(), "the old session is over");
        assert_eq!(job.take(&other, NOW).unwrap().len(), 2);
        assert!(job.take(&other, NOW).is_none(), "once");
        let job = begin(&jobs, 2).unwrap();
        Work(Arc::clone(&job)).ends(Ok(done(2)), NOW);
        job.tidy(NOW + WAIT);
        assert_eq!(job.held(), 0, "they are not kept any longer");
    }

    #[test]
    fn s6_no_more_links_wait_than_one_table_can_have() {
        let jobs = ImportJob::default();
        let first = begin(&jobs, MOST - 1).unwrap();
        assert_eq!(begin(&jobs, 1).err(), Some(Busy::Another));
        Work(Arc::clone(&first)).ends(Ok(done(MOST - 1)), NOW);
        assert_eq!(begin(&jobs, 2).err(), Some(Busy::Links));
        assert!(jobs.begin(OWNER, SESSION, 2, None, NOW).is_ok_and(|job| {
            drop(Work(job));
            true
        }));
        assert_eq!(first.waiting(&SESSION, NOW), Some((MOST - 1, NOW + WAIT)), "it is not pushed out");
        assert!(jobs.begin(OWNER, SESSION, 2, Some(NOW), NOW + WAIT).is_ok(), "those are over");
        assert_eq!(locked(&jobs.0).len(), 1);
    }

    #[test]
    fn what_fell_over_has_failed_and_holds_up_nobody() {
        let jobs = ImportJob::default();
        let job = begin(&jobs, 1).unwrap();
        drop(Work(Arc::clone(&job)));
        assert!(matches!(*job.outcome(), Some(Err(AccountError::Meanwhile))));
        assert!(begin(&jobs, 1).is_ok());
    }
}

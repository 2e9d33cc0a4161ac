//! Password hashing: argon2id in a bounded pool, away from the tiles.
//!
//! One hash costs about 30 ms of a core and 19 MiB. So that a login storm slows
//! no tile and fills no memory (S9), only `concurrency` of them run at a time, on the
//! blocking threads of the runtime, `waiting` more may queue, and whoever comes after
//! that is told [`Busy`].
//!
//! An unknown name and a stored hash that cannot be read cost the same work as a
//! wrong password, so that the time of an answer says nothing about which names exist (S8).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, MIN_SALT_LEN, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The shortest password that is taken for an account, characters.
pub const SHORTEST_PASSWORD: usize = 8;
/// Longest password in bytes; a longer one is refused without any work.
pub const MAX_PASSWORD: usize = 1024;

/// Memory in KiB, passes and lanes: the first choice of OWASP's Password Storage Cheat Sheet.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// What is verified against where there is no hash to verify against: the cost of [`COST`],
/// a fixed salt, and a result that is no password's (and would not be believed).
const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGlsZWdhdGUgZHVtbXkgIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Too many passwords are being hashed already; to be tried again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at the moment")]
pub struct Busy;

/// Why a password was not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the password is longer than {MAX_PASSWORD} bytes")]
    TooLong,
    #[error("the password could not be hashed: {0}")]
    Failed(argon2::password_hash::Error),
}

/// Hashes and verifies passwords; clones share one pool.
#[derive(Clone, Debug)]
pub struct PasswordHasher {
    /// Running and waiting.
    places: Arc<Semaphore>,
    /// Running: as many work areas of 19 MiB exist at most.
    workers: Arc<Semaphore>,
    areas: Areas,
    verifications: Arc<AtomicU64>,
}

/// Memory for argon2id, used again and again.
///
/// Not allocated for each hash: freed areas of this size and alignment are hardly ever found again
/// by glibc's allocator before 2.38 (its bug 14581), so that the process would grow by 19 MiB
/// with nearly every login. At most one area per worker is ever made, with the first
/// login that needs it.
#[derive(Clone, Debug, Default)]
struct Areas(Arc<Mutex<Vec<Area>>>);

type Area = Vec<Block>;

impl Areas {
    fn with<T>(&self, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let unused = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut area = unused.unwrap_or_else(|| vec![Block::new(); COST.0 as usize]);
        let result = work(&mut area);
        // What is left in it would let a password be guessed at far less than argon2id's price.
        area.fill(Block::new());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(area);
        result
    }
}

/// A place in the pool, given back when the work is done; even if nobody waits for it any more.
struct Turn {
    _place: OwnedSemaphorePermit,
    _worker: OwnedSemaphorePermit,
}

impl PasswordHasher {
    /// A pool that hashes `concurrency` (at least 1) passwords at a time and lets `waiting` more queue.
    pub fn new(concurrency: usize, waiting: usize) -> Self {
        let concurrency = concurrency.clamp(1, Semaphore::MAX_PERMITS / 2);
        let waiting = waiting.min(Semaphore::MAX_PERMITS / 2);
        Self {
            places: Arc::new(Semaphore::new(concurrency + waiting)),
            workers: Arc::new(Semaphore::new(concurrency)),
            areas: Areas::default(),
            verifications: Arc::default(),
        }
    }

    /// The PHC string of a new password, with a fresh salt.
    pub async fn hash(&self, password: SecretString) -> Result<String, HashError> {
        if password.expose_secret().len() > MAX_PASSWORD {
            return Err(HashError::TooLong);
        }
        let salt: [u8; 16] = crate::clock::random();
        self.run(move |area| new_hash(password.expose_secret(), &salt, area))
            .await?
            .map_err(HashError::Failed)
    }

    /// Whether this is the password of that hash (a PHC string as [`PasswordHasher::hash`] makes it).
    ///
    /// Pass `None` if there is no such account: the answer is `false` after the same work.
    /// A password longer than [`MAX_PASSWORD`] is `false` at once, whatever the account.
    pub async fn verify(&self, password: SecretString, phc: Option<&str>) -> Result<bool, Busy> {
        if password.expose_secret().len() > MAX_PASSWORD {
            return Ok(false);
        }
        let stored = phc.and_then(readable);
        let verifications = Arc::clone(&self.verifications);
        self.run(move |area| {
            let is_known = stored.is_some();
            let Some(hash) = stored.or_else(|| readable(DUMMY)) else { return false };
            let is_right = matches(password.expose_secret(), &hash, area).unwrap_or(false);
            verifications.fetch_add(1, Ordering::Relaxed);
            is_right && is_known
        })
        .await
    }

    /// How many times argon2id was run to verify a password since the start.
    pub fn verifications(&self) -> u64 {
        self.verifications.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Busy)?;
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| Busy)?;
        let turn = Turn { _place: place, _worker: worker };
        let areas = self.areas.clone();
        // The turn goes along: a visitor who hangs up does not stop the work, and
        // must not free its place before its memory is free.
        tokio::task::spawn_blocking(move || {
            let result = areas.with(work);
            drop(turn);
            result
        })
        .await
        .map_err(|_| Busy)
    }
}

fn new_hash(password: &str, salt: &[u8], area: &mut [Block]) -> Result<String, argon2::password_hash::Error> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(Params::DEFAULT_OUTPUT_LEN))?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2id(params.clone()).hash_password_into_with_memory(password.as_bytes(), salt, &mut output, area)?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(&output)?),
    };
    Ok(hash.to_string())
}

fn matches(
    password: &str,
    stored: &PasswordHash,
    area: &mut [Block],
) -> Result<bool, argon2::password_hash::Error> {
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
    let mut output = vec![0; expected.len()];
    argon2id(Params::try_from(stored)?).hash_password_into_with_memory(
        password.as_bytes(),
        salt,
        &mut output,
        area,
    )?;
    // `Output` compares in constant time.
    Ok(Output::new(&output)? == *expected)
}

fn argon2id(params: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A stored hash, if it is one of ours. A dearer one than [`COST`] is none: it would break the
/// bounds of the pool.
fn readable(phc: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let (memory, passes, lanes) = COST;
    let is_ours = hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && hash.salt.as_ref().is_some_and(|salt| salt.len() >= MIN_SALT_LEN)
        && hash.hash.is_some()
        && params.m_cost() <= memory
        && params.t_cost() <= passes
        && params.p_cost() <= lanes;
    is_ours.then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let hasher = PasswordHasher::new(1, 8);
        let hash = hasher.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify(secret("correct horse"), Some(&hash)).await.unwrap());
        assert!(!hasher.verify(secret("correct horsE"), Some(&hash)).await.unwrap());
        assert!(!hasher.verify(secret(""), Some(&hash)).await.unwrap());
        assert_ne!(hash, hasher.hash(secret("correct horse")).await.unwrap(), "salts are fresh");
    }

    /// S8: an unknown name and an unreadable hash cost one argon2id run like a wrong password.
    #[tokio::test]
    async fn s8_every_answer_costs_one_verification() {
        let hasher = PasswordHasher::new(1, 8);
        let hash = hasher.hash(secret("secret")).await.unwrap();
        let dear = hash.replace("m=19456", "m=4194304");
        let other = hash.replace("argon2id", "argon2i");
        let cut = hash.rsplit_once('$').unwrap().0;
        for stored in [Some(&*hash), None, Some(""), Some("$2b$12$x"), Some(&dear), Some(&other), Some(cut)] {
            let before = hasher.verifications();
            let right = hasher.verify(secret("secret"), stored).await.unwrap();
            assert_eq!(right, stored == Some(&hash), "{stored:?}");
            assert_eq!(hasher.verifications() - before, 1, "{stored:?}");
        }
    }

    /// What was hashed elsewhere, at a lower cost, verifies too; argon2's own code is the reference.
    #[tokio::test]
    async fn a_cheaper_hash_of_argon2id_verifies() {
        use argon2::PasswordHasher as _;
        let hasher = PasswordHasher::new(1, 8);
        for (memory, passes, length) in [(8, 1, 16), (8192, 2, 32), (19456, 1, 64), (19455, 2, 32)] {
            let params = Params::new(memory, passes, 1, Some(length)).unwrap();
            let reference = argon2id(params).hash_password_with_salt(b"secret", b"0123456789").unwrap();
            let reference = reference.to_string();
            assert!(hasher.verify(secret("secret"), Some(&reference)).await.unwrap(), "{reference}");
            assert!(!hasher.verify(secret("other"), Some(&reference)).await.unwrap(), "{reference}");
        }
        let ours = hasher.hash(secret("secret")).await.unwrap();
        let reference = argon2::PasswordVerifier::verify_password(&Argon2::default(), b"secret", &*ours);
        assert_eq!(reference, Ok(()));
    }

    /// S9: memory is bounded by the workers, however many log in, and holds nothing afterwards.
    #[tokio::test]
    async fn s9_work_areas_are_used_again() {
        let hasher = PasswordHasher::new(2, 50);
        let attempts = (0..12).map(|_| hasher.verify(secret("x"), None));
        futures_util::future::join_all(attempts).await;
        let areas = hasher.areas.0.lock().unwrap();
        assert!((1..=2).contains(&areas.len()), "{}", areas.len());
        assert!(areas.iter().flatten().all(|block| block.as_ref().iter().all(|word| *word == 0)));
    }

    #[test]
    fn s8_the_dummy_costs_what_a_real_hash_costs() {
        let params = Params::try_from(&readable(DUMMY).unwrap()).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), COST);
        assert_eq!(params.output_len(), Some(Params::DEFAULT_OUTPUT_LEN));
    }

    #[tokio::test]
    async fn a_long_password_is_refused_without_work() {
        let hasher = PasswordHasher::new(1, 0);
        let longest = "x".repeat(MAX_PASSWORD);
        let hash = hasher.hash(secret(&longest)).await.unwrap();
        assert!(hasher.verify(secret(&longest), Some(&hash)).await.unwrap());
        let before = hasher.verifications();
        let longer = format!("{longest}x");
        assert_eq!(hasher.hash(secret(&longer)).await, Err(HashError::TooLong));
        assert_eq!(hasher.verify(secret(&longer), Some(&hash)).await, Ok(false));
        assert_eq!(hasher.verify(secret(&longer), None).await, Ok(false));
        assert_eq!(hasher.verifications(), before);
    }

    /// S9: whoever comes after the queue is full is turned away at once.
    #[tokio::test]
    async fn s9_the_pool_and_its_queue_are_bounded() {
        let hasher = PasswordHasher::new(1, 2);
        let attempts = (0..8).map(|_| hasher.verify(secret("x"), None));
        let answers = futures_util::future::join_all(attempts).await;
        assert_eq!(answers.iter().filter(|answer| **answer == Ok(false)).count(), 3);
        assert_eq!(answers.iter().filter(|answer| **answer == Err(Busy)).count(), 5);
        assert_eq!(hasher.verifications(), 3);
        assert_eq!(hasher.verify(secret("x"), None).await, Ok(false), "the places were given back");
    }

    /// S9: no more run at a time than allowed, also when visitors hang up and come again.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn s9_hanging_up_does_not_free_a_place_that_is_still_at_work() {
        let hasher = PasswordHasher::new(1, 0);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let visitor = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                hasher
                    .run(move |_| {
                        begun.send(()).unwrap();
                        may_finish.recv().unwrap();
                    })
                    .await
            }
        });
        has_begun.recv().unwrap();
        visitor.abort();
        assert!(visitor.await.unwrap_err().is_cancelled());
        assert_eq!(hasher.verify(secret("x"), None).await, Err(Busy));
        finish.send(()).unwrap();
        while hasher.places.available_permits() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.verify(secret("x"), None).await, Ok(false));
    }
}

//! A new password: typed twice, and not easily guessed. How easily, says zxcvbn, which knows the passwords
//! that are tried first; what it says of one is said in our words.

use std::collections::BTreeSet;

use actix_web::web;
use secrecy::{ExposeSecret as _, SecretString};
use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::{Score, zxcvbn};

use super::Context;
use crate::credential::account::Username;
use crate::password::{MAX_PASSWORD, SHORTEST_PASSWORD};
use crate::texts::{Said, Texts};

/// What is wrong with the two fields of a new password.
#[derive(Clone, Debug, Default)]
pub(super) struct PasswordFaults {
    pub new: Vec<Said>,
    pub again: Option<Said>,
}

/// The new password, if it can be one.
pub(super) async fn checked(
    context: &Context,
    username: &Username,
    new: SecretString,
    again: &SecretString,
    t: Texts,
) -> Result<SecretString, PasswordFaults> {
    let typed = new.expose_secret();
    let mut faults = PasswordFaults::default();
    if typed.len() > MAX_PASSWORD {
        faults.new.push(t.say("own-password-too-long").number("bytes", MAX_PASSWORD));
    } else if typed.chars().count() < SHORTEST_PASSWORD {
        faults.new.push(t.say("own-password-too-short").number("characters", SHORTEST_PASSWORD));
    } else {
        let known = known_words(context, username);
        let guessed = new.clone();
        // Some texts take it long to think about: not on a thread that serves others.
        let told = web::block(move || judge(guessed.expose_secret(), &known)).await;
        let told = told.unwrap_or_else(|_| vec!["own-password-weak"]);
        faults.new.extend(told.into_iter().map(|message| t.say(message)));
    }
    if typed != again.expose_secret() {
        faults.again = Some(t.say("own-password-differs"));
    }
    if faults.new.is_empty() && faults.again.is_none() { Ok(new) } else { Err(faults) }
}

/// What somebody who guesses would try first.
fn known_words(context: &Context, username: &Username) -> Vec<String> {
    let host = &context.settings.site.public_url.host;
    let mut known = BTreeSet::from(["tilegate".to_owned()]);
    for name in [username.as_str(), &context.settings.organisation, host] {
        known.insert(name.to_lowercase());
        let words = name.split(|character: char| !character.is_alphanumeric()).filter(|word| word.len() > 2);
        known.extend(words.map(str::to_lowercase));
    }
    known.into_iter().collect()
}

/// What to say of a password that is too easily guessed; nothing of one that is not.
fn judge(password: &str, known: &[String]) -> Vec<&'static str> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let estimate = zxcvbn(password, &known);
    if estimate.score() >= Score::Three {
        return Vec::new();
    }
    let mut told = vec!["own-password-weak"];
    if let Some(feedback) = estimate.feedback() {
        told.extend(feedback.warning().map(warning));
        told.extend(feedback.suggestions().iter().map(|one| suggestion(*one)));
    }
    told
}

fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "own-password-keys"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "own-password-repeats"
        }
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => {
            "own-password-common"
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => "own-password-similar",
        Warning::SequencesLikeAbcAreEasyToGuess => "own-password-sequence",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "own-password-date",
        Warning::AWordByItselfIsEasyToGuess => "own-password-word",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "own-password-name",
    }
}

fn suggestion(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => "own-password-use-words",
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => "own-password-no-symbols",
        Suggestion::AddAnotherWordOrTwo => "own-password-add-words",
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => "own-password-capitals",
        Suggestion::ReversedWordsArentMuchHarderToGuess => "own-password-reversed",
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "own-password-substitutions",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => "own-password-longer-pattern",
        Suggestion::AvoidRepeatedWordsAndCharacters => "own-password-avoid-repeats",
        Suggestion::AvoidSequences => "own-password-avoid-sequences",
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "own-password-avoid-dates",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_no_password_and_is_told_why() {
        let known = ["ada".to_owned(), "example archive".to_owned(), "example".to_owned()];
        for (password, why) in [
            ("password", "own-password-common"),
            ("qwertyuiop", "own-password-common"),
            ("aaaaaaaaaaaa", "own-password-repeats"),
            ("example archive", "own-password-weak"),
            ("ada-ada-ada", "own-password-weak"),
            ("12.11.1978", "own-password-date"),
        ] {
            let told = judge(password, &known);
            assert!(told.contains(&why), "{password}: {told:?}");
            assert_eq!(told.first(), Some(&"own-password-weak"), "{password}");
        }
        for password in ["correct horse battery", "Drei Möwen überm Speicher", "vK9#qLm2xR"] {
            assert!(judge(password, &known).is_empty(), "{password}");
        }
    }

    #[test]
    fn the_longest_password_is_judged_too() {
        assert!(!judge(&"a".repeat(MAX_PASSWORD), &[]).is_empty());
    }

    /// A message without a text would stand there as its name.
    #[test]
    fn everything_that_is_told_has_words() {
        let warnings = [
            Warning::StraightRowsOfKeysAreEasyToGuess,
            Warning::RepeatsLikeAaaAreEasyToGuess,
            Warning::ThisIsATop10Password,
            Warning::ThisIsSimilarToACommonlyUsedPassword,
            Warning::SequencesLikeAbcAreEasyToGuess,
            Warning::RecentYearsAreEasyToGuess,
            Warning::AWordByItselfIsEasyToGuess,
            Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ];
        let suggestions = [
            Suggestion::UseAFewWordsAvoidCommonPhrases,
            Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters,
            Suggestion::AddAnotherWordOrTwo,
            Suggestion::CapitalizationDoesntHelpVeryMuch,
            Suggestion::ReversedWordsArentMuchHarderToGuess,
            Suggestion::PredictableSubstitutionsDontHelpVeryMuch,
            Suggestion::UseALongerKeyboardPatternWithMoreTurns,
            Suggestion::AvoidRepeatedWordsAndCharacters,
            Suggestion::AvoidSequences,
            Suggestion::AvoidRecentYears,
        ];
        for message in warnings.map(warning).into_iter().chain(suggestions.map(suggestion)) {
            for tag in ["en", "de"] {
                let said = Texts::of([tag]).say(message).to_string();
                assert!(said.contains(' '), "{tag} {message}: {said}");
            }
        }
    }
}

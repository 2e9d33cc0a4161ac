### What pages say, in English. docs/translating.md says how to add a language.

## Own account

own-title = Your account
own-logged-in = You are logged in as <strong>{ $name }</strong>.
own-logged-in-administrator = You are logged in as <strong>{ $name }</strong> (administrator).
own-logged-out = You are not logged in.
own-log-in = Log in
own-log-out = Log out
own-administration = Administration
own-conditions = What you may see
own-conditions-none = No access has been granted to this account yet. Please ask the people who look after these images.
own-conditions-none-administrator = You hold no access condition yourself, so protected images stay closed to you too: administering opens none. Give your own account what you need, in the administration.
own-accepted = Terms you have accepted in this browser
own-forget = Forget them
own-security = Password and security
own-sessions = Where you are logged in
own-session-this = (this browser)
own-session-began = Since
own-session-end = End
own-sessions-end-others = End all other logins
own-sessions-more = { $count ->
    [one] One more login is not shown.
   *[other] { $count } more logins are not shown.
}
own-sessions-ended = Done: what was logged in there is logged out.
own-browser-and-system = { $browser } on { $system }
own-browser-alone = { $browser }
own-system-alone = Unknown browser on { $system }
own-browser-unknown = Unknown browser
own-too-many = { $seconds ->
    [one] Too many attempts. Please wait one second and try again.
   *[other] Too many attempts. Please wait { $seconds } seconds and try again.
}
own-busy = Very many people are logging in. Please try again in a moment.
own-your-password = Your password
own-password-wrong = That is not your password.

own-password-title = Change your password
own-password-intro = All other logins of your account end when the password changes. You stay logged in here.
own-password-change = Change password
own-password-changed = Your password is changed. All other logins of your account have ended.
own-old-password = Present password
own-old-password-wrong = That is not your present password.
own-new-password = New password
own-new-password-again = New password once more
own-new-password-hint = At least { $characters } characters. A few words that have nothing to do with one another are easy to remember and hard to guess.
own-password-differs = This is not the same as the new password above.
own-password-too-short = Please take at least { $characters } characters.
own-password-too-long = This is longer than { $bytes } bytes. Please take a shorter one.
own-password-weak = This password would be guessed too easily.
own-password-keys = Neighbouring keys are among the first things that are tried.
own-password-repeats = Repeated characters and words hardly make it longer.
own-password-common = It is among the passwords that are used most often.
own-password-similar = It is much like a password that is used often.
own-password-sequence = Sequences like abc or 6543 are among the first things that are tried.
own-password-date = Dates and years are among the first things that are tried.
own-password-word = A single word is guessed at once.
own-password-name = Names are among the first things that are tried.
own-password-use-words = Take several words, and no common phrase.
own-password-no-symbols = Symbols, digits and capital letters are not needed.
own-password-add-words = Add another word or two; rare ones are better.
own-password-capitals = Capital letters do not help much.
own-password-reversed = Words written backwards are not much harder to guess.
own-password-substitutions = Replacements like @ for a do not help much.
own-password-longer-pattern = A longer pattern of keys with more turns would be harder to guess.
own-password-avoid-repeats = Avoid repeated words and characters.
own-password-avoid-sequences = Avoid sequences.
own-password-avoid-dates = Avoid years and dates, above all those that have to do with you.

own-link-title = Set your password
own-link-intro = Choose the password that you will log in with. This link can be used once.
own-link-set = Set password
own-link-done-title = Your password is set
own-link-done = You can log in with it now. Where you were logged in before, you are no more.
own-link-no-good-title = This link cannot be used
own-link-no-good = It was used already, is more than a week old, or has been replaced by a newer one. Please ask for a new link.

own-step-title = One more step
own-step-intro = Your password is right. Your account asks for a code, too.
own-code = Code
own-step-hint = The six digits that your authenticator app shows now, or one of your recovery codes. Each counts once.
own-step-again = Begin again with name and password
own-code-wrong = That code does not count. Please take the one that the app shows now; each counts once.
own-factor-unreadable-title = You cannot be logged in at the moment
own-factor-unreadable = Your second factor cannot be checked, because the service lacks the key that it was kept with. Please tell an administrator; the log of the service says what to do.

own-factor-title = Second factor
own-factor-state-on = { $count ->
    [0] on, no recovery code left
    [one] on, one recovery code left
   *[other] on, { $count } recovery codes left
}
own-factor-state-off = off
own-factor-required = Administrators need a second factor here. Set it up to get into the administration.
own-factor-intro = With a second factor your password alone opens nothing: at every login you are asked for a code, too, which an authenticator app on your phone or computer shows.
own-factor-read = Let the app read this
own-factor-picture = Picture with the key, to be read by an authenticator app
own-factor-type = Or type this key into the app (time-based, six digits):
own-factor-confirm = Then confirm it
own-app-code = Code that the app shows
own-factor-code-wrong = That is not the code. Please check that the clock of the device with the app is right, and take the code that it shows now.
own-factor-on = Switch the second factor on
own-factor-is-on = It is on: at every login you are asked for a code of your authenticator app.
own-codes-left = { $count ->
    [0] You have no recovery code left. Make new ones before you need one.
    [one] You have one recovery code left.
   *[other] You have { $count } recovery codes left.
}
own-factor-password-hint = Both of these ask for your password.
own-codes-renew = Make new recovery codes
own-factor-off = Switch the second factor off
own-factor-off-done = The second factor is off. Your password alone opens your account again.
own-codes-title = Your recovery codes
own-codes-intro = If you lose the app, each of these codes lets you in once in its place. They are shown now and never again; earlier ones do not count any more.
own-codes-keep = Print them, or put them where you keep your passwords, but not on the device with the app.
own-codes-kept = I have them
own-shared-title = This account is everybody’s
own-shared = Whoever tries the samples logs in with it. Its password and its second factor stay as they are.

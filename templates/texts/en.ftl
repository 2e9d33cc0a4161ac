### What pages say, in English. docs/translating.md says how to add a language.

## On every page

layout-account = Your account
layout-close = Close this window
layout-log-in = Log in
layout-log-out = Log out

## What went wrong

problem-not-found-title = Page not found
problem-not-found = There is nothing at this address.
problem-not-possible-title = Not possible here
problem-wrong-method = This address does not take that kind of request.
problem-unavailable-title = Please try again in a minute
problem-unavailable = The service cannot reach its database at the moment. Nothing was changed; please try again in a minute.
problem-unreadable-title = That could not be read
problem-bad-form = The form could not be read. Go back, reload the page and try again.
problem-bad-query = The address has a part that could not be read.
problem-forged-title = Please try once more
problem-forged = This page was open too long, or cookies are blocked. Go back, reload the page and try again.
problem-other-host-title = This is another address
# $origin: the address of this site, such as https://images.example.org
problem-other-host = This site is <bdi>{ $origin }</bdi>; please use that address. (If you run it: a proxy in front has to pass on the host that was typed.)
problem-wait =
    { $seconds ->
        [one] Too many attempts. Please wait { $seconds } second and try again.
       *[other] Too many attempts. Please wait { $seconds } seconds and try again.
    }

## Logging in

login-title = Log in
login-present = You are logged in as <strong>{ $person }</strong>.
login-continue = Continue as <bdi>{ $person }</bdi>
login-another = Or use another account
login-name = Account name
login-password = Password
login-over = Your earlier login is over. Please log in again.
# It must not say which of the two is wrong.
login-no-match = That name and password do not match an account.
login-busy = Very many people are logging in. Please try again in a moment.
login-not-held = You are logged in as <bdi>{ $person }</bdi>. This account does not have “<bdi>{ $condition }</bdi>”. Close this window, or log in with another account.
login-done-title = Logged in
login-done = You are logged in. This window closes by itself; if it does not, you can close it.
close-locked = The images stay locked?

## Logging out

logout-title = Logged out
logout-done = You are logged out. You can close this window.
logout-window = Logging out needs a window of its own.
logout-wait-title = Please wait
logout-wait =
    { $seconds ->
        [one] Very many have left from here. Please try again in { $seconds } second.
       *[other] Very many have left from here. Please try again in { $seconds } seconds.
    }

## The account

account-title = Your account
account-person = You are logged in as <strong>{ $person }</strong>.
account-administrator = You are logged in as <strong>{ $person }</strong> (administrator).
account-nothing = No access has been granted to this account yet. Please ask the people who look after these images.
account-conditions = What you may see
account-administration = Administration
account-nobody = You are not logged in.
account-accepted = Terms you have accepted in this browser
account-forget = Forget them

## Images stay locked

viewers-title = Images stay locked
viewers-heading = The images stay locked after logging in?
viewers-why = The viewer shows images of <strong>{ $host }</strong>. Your browser must send the cookie that you got here along with them. Whether it does so depends on where the viewer is:
viewers-where = The viewer is at
viewers-elsewhere = another site
viewers-works = works
viewers-chrome = works, unless third-party cookies are blocked
viewers-firefox = often, right after logging in
viewers-safari = no
viewers-what = What you can do
viewers-here = Open the images in a viewer at <a href="{ $origin }/"><bdi>{ $host }</bdi></a>, if there is one.
viewers-allow = Allow third-party cookies for the viewer’s site: in Chrome and Edge by the eye or cookie sign in the address bar, in Firefox by the shield.
viewers-private = In a private window these cookies are blocked more often: try an ordinary one.
viewers-universal = Universal Viewer shows locked images only where it is at the same address as they are.

## Terms of use

# Where the policy has no label for the terms.
terms-title = Terms of use
# Where the policy has no text of terms: nobody is to agree to an empty page.
terms-none = By going on you accept the terms of use of <bdi>{ $organisation }</bdi>.
terms-agree = I agree
terms-refuse = No, close this window
terms-window = Accepting terms needs a window of its own.
terms-accepted-title = Accepted
terms-accepted = The terms are accepted. This window closes by itself; if it does not, you can close it.

## Access that a place gives

kiosk-window = This needs a window of its own.
kiosk-elsewhere-title = Not from here
kiosk-elsewhere = This computer is not set up for “<bdi>{ $condition }</bdi>”. Please ask the staff. You can close this window.
kiosk-given-title = Access given
kiosk-given = This computer may see it. This window closes by itself; if it does not, you can close it.
external-title = Nothing to do here
external-text = There is nothing to do here: this access comes from the network you are in, or from a login before the viewer was opened. You can close this window.

## Computers of a reading room

device-title = Set up this computer
device-present-title = This computer is set up
device-present = It is <strong>{ $label }</strong>, set up for <strong>{ $condition }</strong>.
device-opens = Whoever sits here can see those images without logging in: the window that a viewer opens for them closes by itself. Nothing more is to be done on this computer. An administrator can end it at any time.
device-opens-nothing = It opens nothing at the moment, because there is no such access for computers any more. Please ask an administrator of these images.
device-what = This page is for computers in a reading room. Once one is set up, whoever sits at it can see the images of that room without logging in.
device-code-from = An administrator of these images makes a code for each computer. It works once, within an hour. If you have none, please ask for one.
device-another = Or use another code
device-another-text = Then this computer is what the new code says, and no longer what it is now.
device-code = Code for this computer
device-spelling = Seven groups of four letters and digits. Hyphens, spaces and upper or lower case do not matter.
device-submit = Set up
# One text, whether there is no such code, it was used, or it is too old.
device-wrong = That code is not valid, or not any more. Please check it, or ask for a new one.

## The token service, in a frame of the viewer

token-title = Access token service
token-no-origin = The viewer did not say where it runs (the parameter “origin”), so no message was sent.

## Every page of the administration

site-title = Administration
site-skip = Skip to the content
site-overview = Overview
site-explain = Explain
site-upcoming = Dates
site-dry-run =
    { $mounts ->
        [one] Dry run: a mount is not protected
       *[other] Dry run: { $mounts } mounts are not protected
    }
# $until: a date such as 2030-01-03. $setting: what the mount is called in the settings.
site-dry-run-mount = The mount <strong>{ $mount }</strong> is in dry run until <time>{ $until }</time>, 0:00 UTC: everybody gets from it what otherwise needs a login, and the log says what would be denied. What is closed stays closed. It ends by itself; to end it now, take <code>shadow=</code> out of <code>{ $setting }</code> and restart the service.

## Not an administrator

forbidden-title = Not an administrator
forbidden-person = You are logged in as <strong>{ $person }</strong>. This account may not administer.
forbidden-what = If you have another account that may, log in with it. If this account should, ask an administrator to allow it.
forbidden-log-in = Log in as somebody else

## The overview

overview-title = Administration
overview-person = You are logged in as <strong>{ $person }</strong>. This page shows how things stand; changes are made with the <code>tilegate</code> command on the server.
# $reason is in English, and ends without a full stop.
overview-unusable = The policy in the database cannot be used: <bdi lang="en">{ $reason }</bdi>. The one before it stays in force. Correct your policy file and import it again.
overview-next = What to do next
overview-no-mount-title = Say what is to be protected
overview-no-mount = No mount is set. Set <code>TILEGATE_MOUNT_IMAGES</code> (<code>tilegate settings</code> explains it), restart the service, and write the NGINX includes again with <code>tilegate nginx-conf</code>.
overview-no-condition-title = Import a policy
overview-no-condition = There is no access condition yet, so nothing can be opened to some people and not to others. Write a policy file with conditions and rules, and import it:
overview-in-compose = In Docker Compose:
overview-no-default-title = Make the condition <code>{ $condition }</code>
overview-no-default = It is the default of the mount <strong>{ $mount }</strong> and does not exist. Until it does, everything there is closed, except for what a rule opens. Import a policy that has this condition, or name another one in <code>{ $setting }</code> and restart the service.
overview-homeless-title = Clear up the rules for <code>{ $mount }</code>
overview-homeless =
    { $rules ->
        [one] { $rules } rule names the mount <code>{ $mount }</code>, which is not in the settings, and has no effect. Set that mount, or import a policy without them.
       *[other] { $rules } rules name the mount <code>{ $mount }</code>, which is not in the settings, and have no effect. Set that mount, or import a policy without them.
    }
overview-accounts-title = Make accounts for your readers
overview-accounts = Yours is the only account. Give each new account the conditions that it is to hold:
overview-accounts-later = Yours is the only account. Once there is a policy, give each new account a condition of it:
overview-accounts-password = Type the password, then Enter and Ctrl-D.
overview-holds-nothing-title = Give yourself access
overview-holds-nothing = You hold no access condition, so protected images stay closed to you too: administering opens none.
overview-holds-nothing-later = You hold no access condition, so protected images stay closed to you too: administering opens none. Once there is a policy:
overview-commands = Commands need the settings of the service: outside of Docker add <code>--env-file FILE</code> if it was started so. In Docker Compose begin each with <code>docker compose exec tilegate</code>:
overview-protected = What is protected
overview-no-mounts = Nothing yet: there is no mount in the settings.
overview-mount = Mount
overview-kind = Kind
overview-kind-image = image
overview-kind-manifest = manifest
overview-kind-s3 = s3
overview-kind-file = file
overview-prefix = Public address
overview-default = Where no rule counts
overview-rules = Rules
overview-shadow = (dry run until { $day }: not protected)
# Who may see something.
overview-everybody = everybody
overview-nobody = nobody
overview-nobody-missing = nobody: there is no such condition
overview-holders = <bdi>{ $condition }</bdi>
overview-rules-of = (those of <bdi>{ $mount }</bdi>)
overview-upcoming = What opens and closes next
overview-all-dates = All dates
overview-conditions = Access conditions
overview-no-conditions = None but the built-in ones, <code>open</code> (everybody) and <code>closed</code> (nobody). A policy brings others.
overview-built-in = <code>open</code> (everybody) and <code>closed</code> (nobody) are built in.
overview-condition-name = Name
overview-condition-label = Label
overview-condition-by = Met by
overview-by-open = everybody, without logging in
overview-by-account = accounts that hold it
overview-by-terms = whoever accepts its terms
overview-by-device = enrolled computers
overview-by-network-device = its networks, and enrolled computers
overview-by-network-account = its networks, and accounts that hold it
overview-numbers = Numbers
overview-accounts-all = Accounts
overview-accounts-active = Accounts that may log in
overview-accounts-administrators = Administrators among them
overview-health = Health
overview-policy = Policy
overview-policy-older = an older one is in force
overview-policy-loaded = loaded
overview-database = Database
overview-heard = Last heard of it
overview-heard-now = just now
overview-heard-ago =
    { $seconds ->
        [one] { $seconds } second ago
       *[other] { $seconds } seconds ago
    }
overview-version = version { $version }

## The dates of rules

upcoming-title = What opens and closes
upcoming-nothing = Nothing: no rule has a date in the future.
upcoming-how = A rule opens or closes something at a date by <code>from</code> and <code>until</code> in the policy file.
upcoming-when = A rule begins with the first second of its <code>from</code>, and is over with the first second of its <code>until</code>: midnight in UTC.
upcoming-cut = These are the next { $shown } of { $dates } dates.
upcoming-today = today
upcoming-days =
    { $days ->
        [1] tomorrow
       *[other] in { $days } days
    }
upcoming-years =
    { $years ->
        [one] in { $years } year
       *[other] in { $years } years
    }
upcoming-what = What
upcoming-mount = Mount
upcoming-effect = Effect
upcoming-before = Before
upcoming-after = From then on
upcoming-by = By
upcoming-opens = opens
upcoming-closes = closes
upcoming-changes = changes
upcoming-stays = stays
upcoming-everything = everything
upcoming-spot = <bdi>{ $identifier }</bdi>
upcoming-below = <bdi>{ $identifier }</bdi> and everything below it
upcoming-open = open to everybody
upcoming-closed = closed to everybody
upcoming-decided-below = what is below it decides
# Between all of a list: staff or readers, for view and whole-image.
upcoming-or = or
upcoming-for = for
upcoming-and = and
upcoming-pixels =
    { $pixels ->
        [one] in answers of at most { $pixels } pixel
       *[other] in answers of at most { $pixels } pixels
    }
upcoming-rule-ends = rule { $rule } ends
upcoming-rule-begins = rule { $rule } begins

## Explain an answer

explain-title = Explain an answer
# $reason is in English, and ends without a full stop.
explain-unusable = The policy in the database cannot be used: <bdi lang="en">{ $reason }</bdi>. The one before it stays in force, and is explained here; rules have numbers alone where they were changed.
explain-what = Type or paste the address of a tile, of an info.json, of a manifest or of a file: this page says whether a visitor gets it, which rule decides, and what would change that. Nothing is changed by asking.
explain-answer = Answer
explain-rules = Rules
explain-alternatives = What would change it
explain-again = Ask again
explain-size = The image has { $width } x { $height } pixels.
explain-no-size = The image server does not say how large the image is.
explain-optional = (optional)
explain-url = Address
explain-url-hint = It begins with <code>{ $origin }</code>, or with <code>/</code>.
explain-url-missing = Give the address of an image, of a manifest or of a file.
explain-url-elsewhere = This is not an address of <bdi>{ $origin }</bdi>. Give one that begins so, or a path that begins with /.
explain-account = Account
explain-account-hint = Without it: somebody who is not logged in.
explain-account-unknown = There is no account of this name.
explain-address = Network address
explain-address-hint = Such as 192.0.2.7. Some conditions are met by it.
explain-address-wrong = Give one address, such as 192.0.2.7 or 2001:db8::7.
explain-at = When
explain-at-hint = Such as 2041-01-01, which is its first second in UTC. Without it: now.
explain-at-wrong = Give a day, such as 2041-01-01, or a moment, such as 2041-01-01T09:30:00Z.
explain-submit = Explain

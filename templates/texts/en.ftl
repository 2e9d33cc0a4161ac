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
login-no-account = No account?
login-ask = Ask for one.
# It must not say which of the two is wrong.
login-no-match = That name and password do not match an account.
login-busy = Very many people are logging in. Please try again in a moment.
login-not-held = You are logged in as <bdi>{ $person }</bdi>. This account does not have “<bdi>{ $condition }</bdi>”. Close this window, or log in with another account.
login-done-title = Logged in
login-done = You are logged in. This window closes by itself; if it does not, you can close it.
close-locked = The images stay locked?

## Asking for an account

register-title = Ask for an account
register-intro = An administrator of <bdi>{ $organisation }</bdi> reads your request and decides. Until then you have no account.
register-name-hint = What you will type to log in: a name or an e-mail address. Upper and lower case are the same. If it is taken already, you are told another one.
register-message = Who you are, and why
register-message-hint = For the administrators: your name, how you can be reached, and what you want to see. At most { $most } characters.
register-message-long = The message is longer than { $most } characters.
register-send = Send the request
# Nobody is sent mail.
register-no-mail = You are not sent an e-mail. If it takes long, please ask in person.
# One text for everybody, whatever the name: it must not say whether there is such an account.
register-sent-title = Your request has been sent
register-sent = You can log in with this name and password once it is approved. You are not sent an e-mail: try it in a few days, and if it takes long, please ask in person.
register-full-title = Too many requests wait
register-full = So many requests wait that no more are taken at the moment. Please tell <bdi>{ $organisation }</bdi>, or try again another day.

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

## Neuroglancer on another site

neuroglancer-title = Allow Neuroglancer?
neuroglancer-asks = Neuroglancer at <strong>{ $origin }</strong> asks to read the data here that you may see. Its pages could then show them, and keep what they have read. They could change nothing.
neuroglancer-person = You are logged in as <strong>{ $person }</strong>.
neuroglancer-guest = You are not logged in, but this browser has been let in without an account.
neuroglancer-passes =
    { $count ->
        [one] With one share link that was opened here.
       *[other] With { $count } share links that were opened here.
    }
neuroglancer-until = Until
neuroglancer-ends = It ends before if you log out or change your password, or when you end it on the page of your account.
neuroglancer-ends-guest = It ends before if you log out, or when a share link is revoked.
neuroglancer-allow = Allow
neuroglancer-close = Close this window
neuroglancer-no-opener = No Neuroglancer waits for an answer: this page was not opened by one, or its site keeps its windows apart. Close this window, and ask for the login in Neuroglancer again.
neuroglancer-window = This needs a window of its own.
neuroglancer-refused-title = Not from there
neuroglancer-nobody = Your browser does not say which page has opened this window, so nothing is given to any. Close it, and ask for the login in Neuroglancer. If it says so again, the site of Neuroglancer, or the browser, hides where you come from.
neuroglancer-unlisted = <bdi>{ $origin }</bdi> is not one of the sites that may get access to data here. Please ask the people who look after them. You can close this window.
neuroglancer-over-title = Please ask again
neuroglancer-over = No Neuroglancer waits for this answer any more: it was given already, it took too long, or another window has asked since. Close this window, and ask for the login in Neuroglancer again.
neuroglancer-allowed-title = Allowed
neuroglancer-allowed = Neuroglancer closes this window. If it does not, you can close it.

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

## A share link

share-title = Shared with you
share-intro = This link lets this browser see <code>{ $identifier }</code>.
share-intro-all = This link lets this browser see what is in <code>{ $mount }</code>.
share-lasts = It does so until you log out, and for some hours at most. After that open the link again, if it still works.
share-uses =
    { $uses ->
        [one] The link works { $uses } more time.
       *[other] The link works { $uses } more times.
    }
share-open = Open
share-done-title = You can see it now
share-done = This browser has what the link gives. Go back to the page that you came from, and reload it.
# One text, whether the link was used up, is over or was revoked, or never was.
share-no-good-title = This link does not work
share-no-good = It was used up, it is too old, somebody has revoked it, or it was not copied whole. Ask whoever gave it to you for a new one.

## The token service, in a frame of the viewer

token-title = Access token service
token-no-origin = The viewer did not say where it runs (the parameter “origin”), so no message was sent.

## Every page of the administration

site-title = Administration
site-skip = Skip to the content
site-overview = Overview
site-explain = Explain
site-conditions = Conditions
site-audit = Audit
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
overview-person = You are logged in as <strong>{ $person }</strong>.
# $reason is in English, and ends without a full stop.
overview-unusable = The policy in the database cannot be used: <bdi lang="en">{ $reason }</bdi>. The one before it stays in force. Correct your policy file and import it again.
overview-next = What to do next
overview-registrations-title =
    { $count ->
        [one] A request for an account waits
       *[other] { $count } requests for an account wait
    }
overview-registrations = Somebody asks for an account, and cannot log in until you approve.
overview-registrations-do = Read and decide
overview-no-mount-title = Say what is to be protected
overview-no-mount = No mount is set. Set <code>TILEGATE_MOUNT_IMAGES</code> (<code>tilegate settings</code> explains it), restart the service, and write the NGINX includes again with <code>tilegate nginx-conf</code>.
overview-no-condition-title = Make an access condition
overview-no-condition = There is no access condition yet, so nothing can be opened to some people and not to others.
overview-no-default-title = Make the condition <code>{ $condition }</code>
overview-no-default = It is the default of the mount <strong>{ $mount }</strong> and does not exist. Until it does, everything there is closed, except for what a rule opens. Import a policy that has this condition, or name another one in <code>{ $setting }</code> and restart the service.
overview-homeless-title = Clear up the rules for <code>{ $mount }</code>
overview-homeless =
    { $rules ->
        [one] { $rules } rule names the mount <code>{ $mount }</code>, which is not in the settings, and has no effect. Set that mount, or import a policy without them.
       *[other] { $rules } rules name the mount <code>{ $mount }</code>, which is not in the settings, and have no effect. Set that mount, or import a policy without them.
    }
overview-no-rule-title = Make rules
overview-no-rule = There is no rule yet, so for everything on a mount its default counts. A rule says what an image, or all below a folder, needs.
overview-no-rule-do = Make a rule
overview-accounts-title = Make accounts for your readers
overview-accounts = Yours is the only account. Give each new account the conditions that it is to hold, and the person a one-time link.
overview-holds-nothing-title = Give yourself access
overview-holds-nothing = You hold no access condition, so protected images stay closed to you too: administering opens none.
overview-no-condition-do = Make a condition
overview-import = Or write a policy file with conditions and rules, and import it on the server: <code>tilegate policy import policy.toml</code>, in Docker Compose <code>docker compose exec -T tilegate tilegate policy import - &lt; policy.toml</code>
overview-accounts-do = Make an account
overview-holds-nothing-do = Choose conditions for your account
overview-logins = Recent logins
overview-no-logins = None yet.
overview-all-logins = All logins
overview-denials = Recently denied
overview-no-denials = Nothing was denied lately.
overview-all-denials = All denials
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
overview-month =
    { $changes ->
        [0] Nothing within 30 days.
        [one] { $changes } change within 30 days.
       *[other] { $changes } changes within 30 days.
    }
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
overview-passes = Passes that count
overview-accounts-administrators = Administrators among them
overview-accounts-without-password = Accounts without a password yet
overview-mounts = Mounts
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
# Shown above everything else if something below the heading “Health” is wrong.
overview-attention = Something needs your attention: see “Health”.
overview-demo = This is a demonstration (<code>serve --demo</code>): everybody can read the passwords of its accounts. Use it for no images of your own.
overview-service = The service
overview-certificate = Certificate of the public address
overview-certificate-none = no TLS: only for trying out on this machine
overview-certificate-unseen = could not be looked at from here; a browser shows it
overview-certificate-until = valid until { $day }
overview-certificate-soon =
    { $days ->
        [one] ends in { $days } day, on { $day }: renew it now, or browsers will refuse this site
       *[other] ends in { $days } days, on { $day }: renew it now, or browsers will refuse this site
    }
overview-certificate-over = expired on { $day }: browsers refuse this site; renew it
overview-keys = Keys
overview-keys-none = none
overview-keys-one = one, <code>{ $key }</code>
# Keys have a name of eight characters, as in the audit trail; it tells nothing of the key.
overview-keys-several =
    { $hours ->
        [one] <code>{ $key }</code> seals, and <code>{ $older }</code> still opens what was sealed before. Take it out of <code>TILEGATE_KEYS</code> { $hours } hour after the newest was put in front: logins have ended by then. Still in need of it are computers of a reading room that were enrolled before (enrol them again) and people with an authenticator app who have not logged in since.
       *[other] <code>{ $key }</code> seals, and <code>{ $older }</code> still opens what was sealed before. Take it out of <code>TILEGATE_KEYS</code> { $hours } hours after the newest was put in front: logins have ended by then. Still in need of it are computers of a reading room that were enrolled before (enrol them again) and people with an authenticator app who have not logged in since.
    }
overview-origins = What is behind the mounts
overview-origin-answers = answers
overview-origin-folder = NGINX answers for the folder
overview-origin-nginx = asked by NGINX alone: from here it gives no answer. If files are not delivered either, check <code>{ $setting }</code>.
overview-origin-no-name = its host name leads to no address; correct it in <code>{ $setting }</code>
overview-origin-refused = refused: nobody listens there. Start the image server, or correct <code>{ $setting }</code>.
overview-origin-silent = no answer within 2 seconds; it is too busy, or <code>{ $setting }</code> names the wrong machine
overview-origin-tls = no TLS with a certificate that can be trusted; renew that, or correct <code>{ $setting }</code>
overview-origin-no-socket = NGINX does not listen on its internal socket: include what <code>tilegate nginx-conf --http</code> writes, reload NGINX, and let both use the folder <code>TILEGATE_NGINX_SOCKET_DIR</code>
overview-origin-denied = this service may not use NGINX’s internal socket; let it enter the folder <code>TILEGATE_NGINX_SOCKET_DIR</code>
overview-origin-behind = NGINX gets no answer from the image server; start it, or correct <code>{ $setting }</code> and write the NGINX includes again
overview-origin-status = answers with the error { $status }; its log says why
overview-origin-other = gives no answer that can be understood; the log of the service says why. Check <code>{ $setting }</code>.
overview-bucket-ahead = this machine’s clock is { $seconds } seconds ahead of the bucket’s, which refuses what is signed when they are 900 apart. Set the clock, by NTP.
overview-bucket-behind = this machine’s clock is { $seconds } seconds behind the bucket’s, which refuses what is signed when they are 900 apart. Set the clock, by NTP.
overview-bucket-refuses = the bucket does not take what is signed with its key; the log of the service says what it answered. Check <code>{ $setting }</code> and the settings beside it.

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

# What an explanation says. The command line says the English sentences, too, with what stands in <code> here in backticks;
# so each is one line. These first eight only put names into elements and lists together.
explain-name = <code>{ $name }</code>
explain-name-link = <a href="{ $link }"><code>{ $name }</code></a>
explain-word = <bdi>{ $name }</bdi>
explain-word-link = <a href="{ $link }"><bdi>{ $name }</bdi></a>
explain-list = { $before }, { $next }
explain-or = { $before } or { $next }
explain-and = { $before } and { $next }
explain-more-networks = { $before } (or { $more ->
        [one] { $more } other network
       *[other] { $more } other networks
    })

# What is asked for.
explain-substitute = This is the substitute of <code>{ $identifier }</code> of the mount <code>{ $mount }</code>, 1/{ $divisor } of its size.
explain-image = The image is <code>{ $identifier }</code> of the mount <code>{ $mount }</code>.
explain-manifest = The manifest is <code>{ $identifier }</code> of the mount <code>{ $mount }</code>.
explain-file = The file is <code>{ $identifier }</code> of the mount <code>{ $mount }</code>.
explain-object = The object is <code>{ $identifier }</code> of the mount <code>{ $mount }</code>.
explain-fetched = NGINX fetches <code>{ $path }</code>.
explain-fetched-manifest = Tilegate fetches <code>{ $path }</code>.
explain-would-fetch = If it were allowed, NGINX would fetch <code>{ $path }</code>.
explain-would-fetch-manifest = If it were allowed, Tilegate would fetch <code>{ $path }</code>.

# A rule: its number, and in parentheses what it says. $rule is what was said of it so far.
explain-rule = <a href="{ $link }">rule { $number }</a> ({ $rule })
explain-rule-number = <a href="{ $link }">rule { $number }</a>
explain-rule-mount = the whole mount: { $conditions }
explain-rule-exact = <code>{ $identifier }</code> exactly: { $conditions }
explain-rule-below = <code>{ $identifier }</code> and everything below it: { $conditions }
explain-rule-from = { $rule }, from { $from }
explain-rule-until = { $rule }, until { $until }
explain-rule-for = { $rule }, for { $operations }
explain-rule-pixels = { $rule }, in answers of at most { $pixels } pixels
explain-rule-imported = { $rule }, imported from <bdi>{ $source }</bdi>
explain-rule-noted = { $rule }, noted “<bdi>{ $note }</bdi>”
explain-view = view
explain-whole-image = whole-image
explain-whole-document = whole-document

explain-decides = It is decided by { $rule }.
explain-decides-below = The name may stand for what is below it, and there are rules below it: all of them must be met, whatever their dates, besides what applies to the name.
explain-decides-default = No rule matches, so the mount's default condition decides: { $condition }.
explain-decides-no-default = No rule matches, so the mount's default condition decides: { $condition }, which does not exist and so counts as closed.
explain-beside-together = Also there: { $rule }; it counts as well: all of them must be met.
explain-beside-not-begun = Also there: { $rule }; it has not begun.
explain-beside-over = Also there: { $rule }; it is over.
explain-beside-less = Also there: { $rule }; a more specific one wins.
explain-more-rules = { $more ->
        [one] And { $more } more rule.
       *[other] And { $more } more rules.
    }
explain-two-names = digilib takes <code>{ $identifier }</code> and <code>{ $base }</code> for one image, so both names must be allowed.

# Who asks.
explain-visitor = This is about somebody who is not logged in, who holds { $count ->
        [0] no condition
       *[other] { $names }
    }.
explain-visitor-account = This is about the account { $account }, who holds { $count ->
        [0] no condition
       *[other] { $names }
    }.
explain-visitor-locked = This is about the account { $account } (locked, so nothing it holds counts), who holds { $count ->
        [0] no condition
       *[other] { $names }
    }.
explain-visitor-address = The address <bdi>{ $address }</bdi> has { $count ->
        [0] no condition
       *[other] { $names }
    } by itself.

# The answer.
explain-allowed-held = Allowed (200): { $condition } is enough.
explain-allowed-pass = Allowed (200): the pass <code>{ $pass }</code> is enough.
explain-pass-alone = They bring the pass <code>{ $pass }</code>, which is for <code>{ $identifier }</code> of the mount <code>{ $mount }</code> alone.
explain-pass-below = They bring the pass <code>{ $pass }</code>, which is for <code>{ $identifier }</code> of the mount <code>{ $mount }</code> and what is below it.
explain-pass-alone-other = They bring the pass <code>{ $pass }</code>, which is for <code>{ $identifier }</code> of the mount <code>{ $mount }</code> alone, and so not for this.
explain-pass-below-other = They bring the pass <code>{ $pass }</code>, which is for <code>{ $identifier }</code> of the mount <code>{ $mount }</code> and what is below it, and so not for this.
explain-allowed-network = Allowed (200): { $condition } is enough, by the address alone.
explain-allowed-thumbnail = Allowed (200): as a thumbnail of this size it is open to everybody.
explain-allowed-substitute = Allowed (200): everybody may have this substitute.
explain-allowed-dry-run = Allowed (200), only because the mount is in dry run (shadow={ $day }): from that day on (UTC) it needs { $count ->
        [one] { $names }
       *[other] one of { $names }
    }.
explain-allowed-open = Allowed (200): it is open to everybody.
explain-needs = Not allowed (401): it needs { $count ->
        [one] { $names }
       *[other] one of { $names }
    }.
explain-needs-login = Not allowed (401): it needs { $count ->
        [one] { $names }
       *[other] one of { $names }
    }. A login that brings it would help.
# $reason is a word of the log, such as parent-segment.
explain-refused-no-mount = Refused (403): the address is in no mount; those begin with { $prefixes } (<bdi>{ $reason }</bdi>). No rule was looked at, and no login can help.
explain-refused-not-iiif = Refused (403): this is no IIIF address: after the identifier comes info.json, or a region, a size, a rotation and a quality with a format, such as full/max/0/default.jpg (<bdi>{ $reason }</bdi>). No rule was looked at, and no login can help.
explain-refused-of-pass = This address carries the secret of a pass, and is not looked up here: ask about the file’s own address, with the ID of the pass (<bdi>{ $reason }</bdi>).
explain-refused-uncertain = Refused (403): the address has no one certain meaning (<bdi>{ $reason }</bdi>). No rule was looked at, and no login can help.
explain-refused-not-advertised = Refused (403): its info.json advertises no such part or size (<bdi>{ $reason }</bdi>).
explain-refused-reduction = Refused (403): of an image of these dimensions another reduction is the substitute.
explain-refused-no-substitute = Refused (403): there is none; no condition of the image has a <code>substitute_px</code>, or the image itself is open.
explain-depends-on-size = It depends on the size of the image, which is not known here (<code>tilegate explain --size 4000x3000</code> gives it): everybody may have it (200) if 1/{ $divisor } is the first of 1/2, 1/4, 1/8 and so on at which the long side has at most { $pixels } pixels; otherwise nobody (403).
explain-refused-size-unknown = Refused (403), as long as the size of the image is not known: it may be larger than what is permitted.
explain-refused-large = Refused (403): no answer may be larger than { $pixels } pixels on either side; no login can help.
explain-refused-whole = Refused (403): the document may not be had whole; no login can help.
explain-refused-below = Refused (403): what must be met together leaves nobody; ask for the single images below it instead.
explain-refused-together = Refused (403): what must be met together leaves nobody; no login can help.
explain-refused-closed = Refused (403): it is closed to everybody; no login can help.

# What would change it.
explain-less-login = Without a login it would need { $count ->
        [one] { $names }
       *[other] one of { $names }
    } (401).
explain-less-login-here = Without a login, from the same address, it would need { $count ->
        [one] { $names }
       *[other] one of { $names }
    } (401).
explain-less-address = From another address it would need { $count ->
        [one] { $names }
       *[other] one of { $names }
    } (401).
explain-less-both = Without a login and from another address it would need { $count ->
        [one] { $names }
       *[other] one of { $names }
    } (401).
explain-less-login-refused = Without a login it would be refused (403).
explain-less-login-here-refused = Without a login, from the same address, it would be refused (403).
explain-less-address-refused = From another address it would be refused (403).
explain-less-both-refused = Without a login and from another address it would be refused (403).
explain-unlocked = If the account were not locked, it would be allowed.
explain-holding-login = An account that holds { $names } would see it.
explain-holding-external = An account of the institution's own that holds { $names } would see it.
explain-holding-terms = Whoever accepts the terms of the condition { $names } would see it.
explain-holding-computer = A computer that is enrolled for the condition { $names } would see it.
explain-from-network = From an address in { $networks } it would be allowed.
explain-size-decides = Whether what is asked for is small enough to be had depends on the size of the image, which is not known here.
explain-smaller = The whole image in a size of at most { $pixels } pixels (<code>full/!{ $pixels },{ $pixels }/0/default.jpg</code>) would be allowed.
explain-has-substitute = A substitute of it, whose long side has at most { $pixels } pixels, is open to everybody.
explain-another-rule = Nothing but another rule would change that.
explain-then-open = From { $day } on it is open to everybody ({ $events }).
explain-then-account = From { $day } on <code>{ $name }</code> may see it ({ $events }).
explain-then-visitor = From { $day } on this visitor may see it ({ $events }).
explain-then-needs = From { $day } on it needs { $count ->
        [one] { $names }
       *[other] one of { $names }
    } ({ $events }).
explain-then-closed = From { $day } on it is closed to everybody ({ $events }).
explain-then-refused = From { $day } on it is refused ({ $events }).
explain-dry-run-ends = the dry run ends
explain-rule-begins = <a href="{ $link }">rule { $number }</a> begins
explain-rule-ends = <a href="{ $link }">rule { $number }</a> ends

# Links to what could be done about it.
explain-make-rule = Make a rule for <code>{ $identifier }</code> alone
explain-rules-below = All rules whose identifier begins with <code>{ $identifier }</code>
## Everywhere in the administration

save = Save
optional = (optional)
yes = yes
no = no
gone-title = Not here (any more)
gone-text = What you were looking for does not exist, or somebody else has removed it meanwhile.
fault-empty = This is missing.
fault-day = Give a day, such as 2041-01-01.
fault-characters = There are characters in it that cannot be seen or that turn the direction of writing. Please type it without them.
pages = Pages
pages-before = Earlier
pages-after = Next
pages-here = Page { $page } of { $pages }
confirm-label = Your password
confirm-hint = A change of this kind asks for your own password again, 15 minutes after you gave it.
confirm-asked = Please give your password for this.
confirm-wrong = That is not your password.
confirm-throttled = Too many attempts. Please wait { $seconds } seconds.
confirm-busy = Very many people are logging in. Please try again in a moment.

## Accounts

accounts-title = Accounts
accounts-new = New account
accounts-import = Import
accounts-export = Export as CSV
accounts-registrations =
    { $count ->
        [0] Requests
       *[other] Requests ({ $count })
    }
accounts-deleted = Deleted accounts
accounts-search = Name or note
accounts-state = State
accounts-state-any = any
accounts-state-active = can log in
accounts-state-locked = locked
accounts-state-expired = expired
accounts-state-administrator = administrators
accounts-state-unused = never logged in
accounts-condition = Condition
accounts-condition-any = any
accounts-find = Search
accounts-found = { $count ->
    [0] No account fits.
    [one] One account.
   *[other] { $count } accounts.
}
accounts-all = Show all
accounts-name = Name
accounts-conditions = Conditions
accounts-created = Made
accounts-last-login = Last login
accounts-expires = Ends
accounts-never = never
accounts-is-active = active
accounts-is-locked = locked
accounts-is-expired = expired
accounts-is-administrator = administrator
accounts-deleted-none = No account was deleted within the last 30 days.
accounts-deleted-hint = A deleted account can be restored for 30 days, with what it held. Whoever is to be forgotten at once is erased: only a number stays in the audit trail.
accounts-deleted-at = Deleted
accounts-deleted-until = Can be restored until

## One account

account-new = New account
account-name = Account name
account-name-hint = What the person types to log in: a name or an e-mail address. Upper and lower case are the same. It cannot be changed later.
account-name-long = The name is longer than 200 characters.
account-name-taken = There is an account of that name already.
account-conditions = Access conditions held
account-no-conditions = There is no condition yet that an account could hold.
account-condition-gone = The condition <code>{ $name }</code> does not exist (any more), or is none that an account can hold. Please choose again.
account-expires = Ends on
account-expires-hint = The first day on which the person cannot log in any more (UTC). Without it the account does not end.
account-expires-never = never
account-note = Note
account-note-hint = For administrators only, such as why and until when.
account-note-long = The note is longer than { $most } characters.
account-administrator = May administer
account-locked = Locked: cannot log in
account-make = Make the account
account-made = The account <strong>{ $name }</strong> is made. It has no password yet: make a one-time link below, and give it to the person.
account-saved = The account <strong>{ $name }</strong> is saved, and counts at once.
account-meanwhile = Somebody else has changed this account meanwhile. What you typed is still here; below is what theirs says. Save again to put yours in its place.
account-last-administrator = This is the last account that may administer and log in. Make another one an administrator first.
account-more = What else can be done
account-link = Make a one-time link
account-link-hint = With a one-time link the person sets a password. You never have to know it.
account-link-made = A one-time link
account-link-use = Give this link to <strong>{ $name }</strong>, by a way that reaches nobody else. Whoever opens it sets the password of the account. Tell them the account name too: the link does not say it.
account-link-label = The link
account-link-once = It works once, for seven days, and is shown here only now. An earlier link of this account does not work any more.
account-link-done = Done
account-factor = Take the second factor away
account-factor-hint = For somebody who has lost the app and the recovery codes. It ends all logins of the account.
account-factor-removed = <strong>{ $name }</strong> logs in with the password alone from now on.
account-view-as = See as this person
account-view-as-hint = Says for any address what this person gets. Nothing is opened by it, and the audit trail is told.
account-sign-out = Sign out everywhere
account-sign-out-hint = Ends all logins of this account, in every browser.
account-sign-out-self = That is your own account: you have to log in again.
account-signed-out = All logins of <strong>{ $name }</strong> are ended.
account-audit = What the audit trail says of this account
account-remove = Delete the account
account-remove-hint = Its logins end at once. It can be restored for 30 days.
account-remove-now = Delete
account-removed = The account <strong>{ $name }</strong> is deleted. It can be restored for 30 days under “Deleted accounts”.
account-restore = Restore
account-restored = The account <strong>{ $name }</strong> is restored.
account-restored-without = The account <strong>{ $name }</strong> is restored, but without what does not exist any more: <code>{ $lost }</code>
account-restore-taken = Another account has that name by now. Delete that one first, or leave this one.
account-erase = Erase now
account-erased = The account is erased; the audit trail has a number in place of the name.

## Requests for an account

registrations-title = Requests for an account
registrations-off = At the moment nobody can ask for an account: <code>TILEGATE_SELF_REGISTRATION</code> is <code>off</code>. What was asked before can still be decided.
registrations-none = No request waits.
registrations-waiting =
    { $count ->
        [one] One request waits.
       *[other] { $count } requests wait, the oldest first.
    }
registrations-hint = After 90 days a request is deleted. Nobody is sent an e-mail: tell the person what you have decided.
registrations-asked = Asked <time>{ $at }</time>
registrations-taken = There is an account of this name already.
registrations-same-name =
    { $count ->
        [one] { $count } request waits under this name.
       *[other] { $count } requests wait under this name.
    }
registrations-decide = Decide
registrations-tick = Tick to refuse
registrations-refuse-ticked = Refuse the ticked ones
registrations-junk = Is all of this page junk?
registrations-junk-hint =
    { $count ->
        [one] The request on this page is deleted, ticked or not.
       *[other] All { $count } requests on this page are deleted, ticked or not.
    }
registrations-junk-refuse = Refuse all of this page
registrations-none-ticked = No request was ticked, and none was refused.
registrations-refused =
    { $count ->
        [one] The request is refused and deleted.
       *[other] { $count } requests are refused and deleted.
    }
registrations-refused-some =
    { $count ->
        [0] None was refused: all of them had been decided meanwhile.
        [one] One request is refused and deleted; the others had been decided meanwhile.
       *[other] { $count } requests are refused and deleted; the others had been decided meanwhile.
    }
registration-title = A request for an account
registration-heading = <bdi>{ $name }</bdi> asks for an account
registration-judge = Nobody has checked who this is. Anybody can write any name and any message.
registration-name-hint = What was asked for. If you change it, tell the person: they cannot log in otherwise.
registration-name-taken = There is an account of this name already. Choose another name and tell the person, or refuse.
registration-note-hint = For administrators only. At first it is the message, so that it is known later why there is this account.
registration-approve = Approve and make the account
registration-approved = The account <strong>{ $name }</strong> is made, and counts at once, with the password that was given in the request.
registration-renamed = The account <strong>{ $name }</strong> is made. Tell the person: they asked for <bdi>{ $asked }</bdi>, and can log in with the new name alone, and with the password that was given in the request.
registration-refuse = Refuse
registration-refuse-hint = A refused request is deleted. The person is not told, and can ask again.
registration-decided-title = Decided already
registration-decided = This request does not wait any more: somebody else has decided it, or it was too old. <a href="{ $trail }">The audit trail</a> says what became of it.

## Importing accounts

import-title = Import accounts
import-choose = Choose a table
import-another-file = Or choose another file
import-file = A CSV file
import-file-hint = At most 16 MB, UTF-8, separated by commas or semicolons. First you are shown what would change; nothing is done yet.
import-look = Look at it
import-columns = Columns
import-column-username = must be there; an account of that name is changed, or else made
import-column-conditions = what the account is to hold, separated by |:
import-column-expires = first day on which it cannot log in any more, such as 2041-01-01; empty: it does not end
import-column-yes-no = yes or no
import-column-note = for administrators
import-plan = What would be done
import-made = Accounts made
import-changed = Accounts changed
import-same = Accounts that stay as they are
import-administrators = Accounts that may administer from then on
import-examples = The first of them (+ made, ~ changed):
import-nothing = All of it is so already: there is nothing to do.
import-run = Do all of it
import-another = Another import is under way. Please wait until it is done.
import-progress = { $done } of { $total } accounts
import-progress-hint = This page comes again by itself. You may close it: the import goes on.
import-done = Done: { $made } made, { $changed } changed, { $same } were so already.
import-then = Accounts without a password need a one-time link: make it on the page of each, or import the same table again and ask for links.
import-links =
    { $accounts ->
        [one] Make a one-time link for the { $accounts } account without a password
       *[other] Make a one-time link for each of the { $accounts } accounts without a password
    }
import-links-hint = Those of this table that are new or have no password yet, and are not locked. With the link people set it themselves, within a week; links of theirs from before end. You get all of them in one file when the import is done.
import-links-title = One-time links
import-links-use =
    { $links ->
        [one] { $links } link was made. Send it to its owner alone: whoever has it can set the password.
       *[other] { $links } links were made. Send each to its owner alone: whoever has it can set the password.
    }
import-links-fetch = Fetch the links (CSV)
import-links-once = This works once, in this browser and until { $until }: the links are kept nowhere. Delete the file when they are sent.
import-links-gone-title = The links are not here any more
import-links-gone = They were fetched already, or a quarter of an hour is over, or you have logged in anew. Import the same table again and ask for links: whoever has no password yet gets a new one.
import-links-wait = So many links of earlier imports wait to be fetched that there is no room for these. Fetch them, or wait a quarter of an hour. Nothing was done.
import-unknown-title = This import is not known here
import-unknown = It may have run on another replica of this service: load the page again until that one answers. Or it was another administrator’s, or the service was started again since. The list of accounts shows what was done; an import is done whole or not at all. For links, import the same table again: whoever has no password yet gets a new one.
import-failed = The import failed. The log of the service says why.
import-none-done = Nothing of it was done.
import-again = Import again
import-too-large = The file is larger than { $most } MB.
import-not-text = This is no text in UTF-8. In a spreadsheet choose “CSV UTF-8” when saving.
import-faults = { $count ->
    [one] Nothing was done, because of this:
   *[other] Nothing was done, because of these { $count }:
}
import-at = Line { $line }
import-at-column = Line { $line }, <code>{ $column }</code>
import-empty = There is nothing in it.
import-no-username = There is no column <code>username</code>.
import-unknown-column = There is no such column; take it out.
import-double-column = The column is there twice.
import-fields = There are { $found } fields, and the heading has { $expected }.
import-broken = This cannot be read as CSV.
import-name-empty = The name is missing.
import-name-long = The name is longer than 200 characters.
import-characters = There are characters that cannot be seen or that turn the direction of writing.
import-twice = The same name stands in line { $earlier } already.
import-unknown-condition = There is no condition <code>{ $name }</code> that an account can hold.
import-day = This is no day; write it as 2041-01-01.
import-yes-or-no = Write yes or no.
import-note-long = Longer than 2000 characters.
import-too-many = No more than { $most } accounts at once.

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
own-browser-and-system = <bdi>{ $browser }</bdi> on <bdi>{ $system }</bdi>
own-browser-alone = <bdi>{ $browser }</bdi>
own-system-alone = Unknown browser on <bdi>{ $system }</bdi>
own-browser-unknown = Unknown browser
own-viewer = Neuroglancer at <bdi>{ $origin }</bdi>
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
own-link-intro = Choose the password that you will log in with. This link can be used once. Whoever gave it to you tells you the name that belongs to it.
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

## Access conditions

conditions-title = Access conditions
conditions-about = A rule says which of these a visitor needs to see an image; any one of those it names is enough. Here you say how people come to hold one, and what viewers tell those who do not.
conditions-none = There are only the two built-in ones yet. Make the first of your own, such as one for your staff: rules and accounts can then name it.
conditions-new = New access condition
conditions-edit-title = Access condition <code>{ $name }</code>
conditions-built-in = built in
conditions-saved = <strong>{ $name }</strong> is saved, and counts at once wherever a rule names it.
conditions-removed = <strong>{ $name }</strong> is removed. What it alone opened is closed.
conditions-name = Name
conditions-name-hint = Lower-case letters, digits and hyphens, such as <code>library-staff</code>. It cannot be changed later: rules and accounts refer to it.
conditions-name-stays = The name cannot be changed: rules, accounts and your policy file refer to it. Visitors see the label.
conditions-rules = Rules
conditions-accounts = Accounts
conditions-used = { $rules ->
    [0] No rule names it
    [one] One rule names it
   *[other] { $rules } rules name it
}, { $accounts ->
    [0] no account holds it.
    [one] one account holds it.
   *[other] { $accounts } accounts hold it.
}
conditions-used-devices = { $devices ->
    [one] One computer is set up for it.
   *[other] { $devices } computers are set up for it.
}
conditions-used-mounts = It is what counts where no rule does, on: <strong>{ $mounts }</strong>.
conditions-built-in-about = This condition is built in. It can have other texts; everything else of it is fixed, and it cannot be removed.
conditions-optional = optional

conditions-pattern = Who meets it
conditions-pattern-login = Accounts that hold it
conditions-pattern-clickthrough = Whoever accepts its terms
conditions-pattern-kiosk = Computers on the premises
conditions-pattern-external = Certain networks
conditions-pattern-open = Everybody
conditions-pattern-closed = Nobody
conditions-hint-login = People log in. Those whose account holds this condition see what it protects.
conditions-hint-clickthrough = Anybody who presses the button below your terms of use. If heading or note change, everybody is asked again.
conditions-hint-kiosk = Whoever sits at an enrolled computer or in one of the networks below, without logging in.
conditions-hint-external = Whoever comes from one of the networks below, and accounts that hold it. No viewer shows a login for it.
conditions-hint-open = Everybody, without logging in. Nobody is asked anything.
conditions-hint-closed = Nobody, whatever they hold.

conditions-texts = Texts
conditions-texts-about = What viewers and login pages show to visitors. English comes first: whoever reads another language and finds no text in it gets the English one. A language without texts is left out.
conditions-english = English
conditions-german = German
conditions-language-new = Further language
conditions-language-of = Language: <bdi>{ $tag }</bdi>
conditions-language = Tag of the language
conditions-language-hint = Such as <code>fr</code> or <code>pt-BR</code>. To remove a language, empty its texts.
conditions-language-add = Add a language
conditions-label = Label
conditions-label-hint = What people log in to, such as “Staff of the archive”. Your institution's name is added where it is missing.
conditions-heading = Heading
conditions-heading-hint = Above the note.
conditions-note = Note
conditions-note-hint = Who may see this and how, or your terms of use. Blank lines make paragraphs.
conditions-confirm = Text of the button
conditions-confirm-hint = Such as “Log in” or “I agree”. Left empty, there is a usual one.
conditions-error-heading = Heading where it fails
conditions-error-heading-hint = Above the next note.
conditions-error-note = Note where it fails
conditions-error-note-hint = What somebody without access can do, such as whom to ask.

conditions-everybody = What everybody may see of it
conditions-everybody-about = Of images that this condition protects, whatever a visitor holds.
conditions-thumbnail-px = Thumbnails up to (pixels)
conditions-thumbnail-px-hint = The whole image is open to everybody up to this long side, such as 200.
conditions-thumbnail-sizes = Or thumbnails of these sizes only
conditions-thumbnail-sizes-hint = Long sides in pixels, separated by commas, such as 100, 200.
conditions-substitute-px = Substitute up to (pixels)
conditions-substitute-px-hint = Viewers show a smaller image instead, its long side at most this, such as 800.
conditions-networks = Networks
conditions-networks-hint = Whoever comes from there meets the condition without logging in. One a line, such as 192.0.2.0/24 or 2001:db8::/32.

conditions-save = Save
conditions-preview = Preview
conditions-preview-title = What viewers show
conditions-preview-about = To somebody without access: first the question, then what stands there if they still have none. Viewers show the English texts, in their own colours; the words of their own buttons are theirs.
conditions-preview-silent = Viewers ask nothing here: they try by themselves, and show a text only if that fails.
conditions-preview-nothing = Viewers show nothing of it: there is nothing that a visitor could do.

conditions-faulty = { $count ->
    [one] One field needs another look. Nothing was saved.
   *[other] { $count } fields need another look. Nothing was saved.
}
conditions-fault-name-missing = Please give it a name.
conditions-fault-name-long = This name is too long; at most { $most } characters.
conditions-fault-name-slug = Please use lower-case letters from a to z, digits and hyphens only, beginning with a letter or digit, such as <code>library-staff</code>.
conditions-fault-name-double = There is a condition <code>{ $name }</code> already.
conditions-fault-deceptive = There are characters in it that cannot be shown, or that turn the direction of writing. Please type it anew.
conditions-fault-long = This text is too long; at most { $most } characters.
conditions-fault-pattern = Please choose one of these.
conditions-fault-language-missing = Which language is this? Please give its tag.
conditions-fault-language = This is no tag of a language. Please write one such as <code>fr</code> or <code>pt-BR</code>.
conditions-fault-language-double = This language is above already.
conditions-fault-english = There is a text in another language. Please add the English one, which everybody falls back to.
conditions-fault-label = Where people log in, an English label is needed.
conditions-fault-heading = The note below needs an English heading: viewers show no note without one.
conditions-fault-pixels = Please write a whole number from 1 to { $most }.
conditions-fault-sizes = Please write whole numbers from 1 to { $most }, separated by commas.
conditions-fault-sizes-many = These are too many sizes; at most { $most }.
conditions-fault-sizes-both = Please fill in only one of the two fields for thumbnails.
conditions-fault-network = <code>{ $line }</code> is no network. Please write it like <code>192.0.2.0/24</code> or <code>2001:db8::/32</code>.
conditions-fault-network-length = <code>{ $line }</code>: the address does not fit the length. Is it <code>{ $meant }</code>?
conditions-fault-network-address = <code>{ $line }</code> is a single address. Please write <code>{ $meant }</code> for it.
conditions-fault-networks-many = These are too many networks; at most { $most }.

conditions-stale = Somebody else has changed this condition since you opened it. Nothing was saved yet. Look at what is different now, and save again.
conditions-stale-emptied = now empty
conditions-stale-yours = you have changed this too; your text is still in the form and would replace it
conditions-stale-theirs = taken over into the form
conditions-gone = The condition <strong>{ $name }</strong> has been removed by somebody else. What you typed is kept: saving it makes a new condition of this name, which no rule and no account has.
conditions-busy = The rules are being read anew, or somebody else is changing them right now. Nothing was saved; please save again in a minute.
conditions-broken = Tests of your policy would fail, so nothing was saved:
conditions-unlawful = This cannot be saved:
conditions-held = { $accounts ->
    [0] No account holds it,
    [one] One account holds it,
   *[other] { $accounts } accounts hold it,
} { $devices ->
    [0] no computer is set up for it:
    [one] one computer is set up for it:
   *[other] { $devices } computers are set up for it:
} nobody can hold what is for everybody or for nobody. Take it away from them first.
conditions-too-many = There is no room for another condition: a database can name 256 in its life, removed ones included, because their numbers in old cookies must never mean something else. The name of a removed one can be used again.
conditions-unreadable-title = That could not be read
conditions-unreadable = The form is not complete. Go back, reload the page and try again.

conditions-confirm-title = <code>{ $name }</code> would open something
conditions-confirm-rules = { $rules ->
    [one] One rule names this condition.
   *[other] { $rules } rules name this condition.
}
conditions-confirm-about = For all that is protected by it, this would be new:
conditions-confirm-unsaved = Nothing is saved yet.
conditions-confirm-save = Save and open this
conditions-confirm-back = Back to the form
conditions-opens-everybody = Everybody will see it, without logging in.
conditions-opens-clickthrough = Whoever accepts the terms will see it, without logging in.
conditions-opens-kiosk = Whoever sits at an enrolled computer will see it.
conditions-opens-holders = Those who hold the condition will see it; until now nobody did.
conditions-opens-thumbnail = Everybody will see thumbnails of up to { $pixels } pixels.
conditions-opens-thumbnails = Everybody will see thumbnails of these sizes, in pixels: <bdi>{ $sizes }</bdi>.
conditions-opens-substitute = Everybody will see substitutes of up to { $pixels } pixels.
conditions-opens-networks = Whoever comes from these networks will see it: <code>{ $networks }</code>.

conditions-remove = Remove the condition
conditions-remove-about = Nothing opens by that: what it alone opens is closed then.
conditions-remove-look = See what would be closed
conditions-remove-title = Remove <code>{ $name }</code>?
conditions-remove-effect = Nothing opens by it. Rules that name it beside others keep the others; rules that name it alone are closed to everybody.
conditions-remove-rules = Rules that name it
conditions-remove-closed = of these, closed then
conditions-remove-kept = of these, keep other conditions
conditions-remove-accounts = Accounts that lose it
conditions-remove-devices = Computers that are no longer set up
conditions-remove-back = It cannot be undone: if you make a condition of this name again, no rule, no account and no computer has it.
conditions-remove-not = Keep it
conditions-remove-changed = Something has changed since you looked. Please read the numbers again.
conditions-remove-built-in = This condition is built in and cannot be removed.
conditions-remove-broken = { $tests ->
    [one] It cannot be removed, because a test of your policy would fail. Change the test first.
   *[other] It cannot be removed, because { $tests } tests of your policy would fail. Change the tests first.
}
conditions-remove-default = It cannot be removed, because in the settings it is the default of: <strong>{ $mounts }</strong>. Name another default there first.

## Passes

passes-title = Passes
passes-intro = A pass shows one part of one mount to whoever has it, without an account, until it ends or is revoked.
passes-new = New pass
passes-search = Identifier, note or ID
passes-state = State
passes-state-any = any
passes-state-active = in force
passes-state-over = over
passes-state-making = of other applications
passes-found =
    { $count ->
        [0] No pass.
        [one] One pass.
       *[other] { $count } passes.
    }
passes-all = Show all
passes-for = For
passes-gives-column = Stands for
passes-used = Last used
passes-never = never
passes-for-one = <code>{ $identifier }</code> alone (<bdi>{ $mount }</bdi>)
passes-for-below = <code>{ $identifier }</code> and what is below it (<bdi>{ $mount }</bdi>)
passes-for-all = all of <bdi>{ $mount }</bdi>
passes-gives-all = whatever is asked for
# $conditions: their labels.
passes-gives = <bdi>{ $conditions }</bdi>
passes-gives-making = opens nothing: makes passes
passes-up-to = (up to { $pixels } pixels)
passes-is-active = in force until { $until }
passes-is-counted =
    { $uses ->
        [0] in force until { $until } for those who have redeemed it; its link is used up
        [one] in force until { $until }; its link can be used once more
       *[other] in force until { $until }; its link can be used { $uses } more times
    }
passes-is-expired = expired { $at }
passes-is-revoked = revoked { $at }
passes-is-of-a-backup = ended when a backup was restored
passes-one = Pass
passes-id = ID
passes-made = Made
passes-by-application = by an application
passes-made-with-it =
    { $count ->
        [0] No pass was made with it yet
        [one] The pass that was made with it
       *[other] The { $count } passes that were made with it
    }
passes-audit = What was done with it
passes-revoke = Revoke
passes-revoke-hint = It counts no more at once, for those who have redeemed it as well. This cannot be undone; make a new one instead.
passes-revoke-all-hint =
    { $count ->
        [0] The application can make no more passes. This cannot be undone.
        [one] The application can make no more passes, and the one that was made with it ends, too. This cannot be undone.
       *[other] The application can make no more passes, and the { $count } that were made with it end, too. This cannot be undone.
    }
passes-revoked = Revoked: { $spot }
passes-no-mounts = There is no mount yet, so there is nothing a pass could be for. Add one to the settings (<code>TILEGATE_MOUNT_…</code>).
passes-identifier-hint = As in a rule: segments joined by /, without the mount’s prefix. Empty: the whole mount.
passes-kind = Whom it is for
passes-kind-token = programs and people: a token, and a link that can be used any number of times
passes-kind-link = people alone: a link that can be used a number of times
passes-kind-making = another application, which makes passes for its own people with it
passes-uses = How often the link can be used
passes-uses-when = (for a link alone)
passes-life = It ends after
passes-life-hours = 8 hours
passes-life-day = a day
passes-life-week = a week
passes-life-month = 30 days
passes-life-quarter = 90 days
passes-life-year = a year
passes-until = or on this day
passes-until-hint = At 0:00 UTC of the day. If it is filled in, it counts.
passes-conditions = Stands for
passes-conditions-hint = Tick none, and it is enough for whatever is asked for there. What is closed stays closed in any case.
passes-pixels = No answer larger than
passes-pixels-hint = Pixels on either side, 1024 at least. With a limit, no file is opened, because nobody knows how large it is.
passes-note-hint = What it is for, or whom it was given to.
passes-make = Make the pass
passes-is-made = The pass is made
passes-once = What follows is shown this once. Whoever has it sees what the pass is for, so send it by a way that reaches nobody else.
passes-link = Link for people
passes-link-hint = It opens a page with a button. Add <code>?to=/path/of/this/site</code> to go on to a viewer or a manifest.
passes-token = Token for programs: <code>Authorization: Bearer …</code>
passes-token-making = Token for the application, which posts to <code>{ $address }</code>: <code>Authorization: Bearer …</code>
passes-secret = Secret alone, as the password of HTTP Basic with any user name
passes-carried = Address that carries it
passes-carried-hint = For a program that can send nothing but an address, such as BIIGLE: what it is for is below this address.
passes-kept = I have kept it
passes-fault-pixels = Write a number of pixels, { $least } at least, or leave it empty.
passes-fault-uses = Write how often the link can be used, { $least } at least.
passes-fault-identifier = Nothing on this mount can have that name.
passes-fault-borrows = This mount has the rules of <bdi>{ $mount }</bdi>. Make the pass for that one; it counts on both.
passes-fault-past = This day has begun. Choose a later one.
passes-fault-far = A pass ends within ten years.

## The audit trail

audit-title = Audit trail
audit-intro = Who did what, the newest first. Lines are kept for { $days } days, and each is chained to the one before it: whoever changes one in the database is found out.
audit-who = Who
audit-what = What
audit-anything = anything
audit-subject = To what
audit-subject-title = To what
audit-subject-hint = A part of an identifier, a condition’s name, a rule’s number.
audit-from = From the day
audit-until = Until the day
audit-find = Search
audit-all = Show all
audit-none = No line fits.
audit-empty = Nothing has happened yet.
audit-no-such-person = There is, and was, nobody of this name.
audit-at = When
audit-details = Details
audit-newest = The newest
audit-earlier = Earlier
audit-export = Export as CSV
audit-export-hint = The lines that fit, at most 100 000 of them.
audit-no-export = Please correct the dates and the name first.
audit-verify = Verify
audit-verify-hint = Goes through all lines, and says whether each is as it was written.
audit-whole = Lines { $first } to { $last } are as they were written. The newest has the hash <code>{ $head }</code>; the log of the service notes it every hour.
audit-broken = The trail is not as it was written: <bdi lang="en">{ $fault }</bdi>
audit-by = <bdi>{ $name }</bdi>
audit-by-forgotten = somebody forgotten <code>{ $id }</code>
audit-by-command = command line
audit-by-service = the service itself
audit-by-visitor = visitors
audit-by-pass = an application, with the pass <code>{ $id }</code>
audit-unknown = <code>{ $word }</code>
audit-group-rules = rules
audit-group-conditions = conditions
audit-group-accounts = accounts
audit-group-policy = imports of the policy
audit-group-logins = logins
audit-group-failed = failed logins
audit-group-denied = denials
audit-group-passwords = passwords
audit-group-factors = second factors
audit-group-sessions = logouts
audit-group-viewers = viewers on other sites
audit-group-devices = computers of reading rooms
audit-group-passes = passes
audit-group-registrations = requests for an account
audit-group-terms = accepted terms
audit-account-make = made an account
audit-account-change = changed an account
audit-account-delete = deleted an account
audit-account-restore = restored an account
audit-account-erase = erased an account
audit-account-import = imported accounts
audit-account-export = exported all accounts
audit-account-view-as = looked as somebody else
audit-account-sign-out = signed an account out everywhere
audit-password-change = set a password
audit-password-link = made a one-time link
audit-login = logged in
audit-login-fail = failed to log in
audit-session-end = ended a login
audit-viewer-allow = allowed a viewer to read
audit-second-factor-set = set up a second factor
audit-second-factor-remove = took a second factor away
audit-second-factor-codes = made new recovery codes
audit-second-factor-recover = used a recovery code
audit-registration-ask = asked for an account
audit-registration-approve = approved a request for an account
audit-registration-refuse = refused a request for an account
audit-condition-make = made a condition
audit-condition-change = changed a condition
audit-condition-delete = deleted a condition
audit-rule-make = made a rule
audit-rule-change = changed a rule
audit-rule-delete = deleted a rule
audit-rule-restore = restored a rule
audit-policy-replace = imported a policy
audit-device-make = made a code for a computer
audit-device-enrol = enrolled a computer
audit-device-revoke = revoked a computer
audit-pass-make = made a pass
audit-pass-revoke = revoked a pass
audit-pass-redeem = redeemed a pass
audit-terms-accept = accepted terms
audit-access-deny = was denied
audit-audit-export = exported the audit trail
audit-audit-prune = removed old lines of the trail
audit-store-renew = ended everybody’s logins

## The first visit

setup-title = Welcome to Tilegate
setup-intro = Nobody may administer yet. Make the first administrator here; then this page is gone.
setup-code = The code from the log
setup-code-hint = The service wrote it to its log when it began: look for “nobody may administer yet”, for instance with <code>docker compose logs tilegate</code>.
setup-code-wrong = That is not the code. If the service was restarted, there is a new one further down in its log.
setup-make = Make the administrator

## Rules

rules-title = Rules
rules-new = New rule
rules-one = Rule { $number }
rules-deleted = Deleted rules
rules-deleted-none = No rule was deleted within the last 30 days.
rules-search = Identifier or address
rules-search-hint = An identifier or its beginning, such as letters/1931; or the address of a tile, an info.json, a manifest or a file: then you see which rules apply there.
rules-no-address = This is not an address of an image, a manifest or a file of <code>{ $origin }</code>.
rules-mount = Mount
rules-condition = Condition
rules-any = any
rules-find = Search
rules-now = Asked for now:
rules-new-here = New rule for this
rules-candidates = The rules that could apply there, the most specific first:
rules-none-here = No rule: what the mount asks for by default counts.
rules-none-fit = No rule fits.
rules-none = There is no rule yet: what each mount asks for by default counts. Make the first one, or import a policy.
rules-what = What
rules-conditions = Needs
rules-dates = When
rules-note = Note
rules-decides = decides
rules-from-until = from { $from } until { $until }
rules-from = from { $from }
rules-until = until { $until }
rules-over = over since { $until }
rules-url = Take it from an address
rules-url-hint = Paste the address of a tile, an info.json, a manifest or a file: mount and identifier are filled in.
rules-url-take = Fill in
rules-identifier = Identifier
rules-identifier-hint = Decoded, segments joined by /, without the mount’s address. Empty: the whole mount.
rules-match = What it is about
rules-match-prefix = this and everything below it
rules-match-exact = this alone
rules-needs = What is needed
rules-needs-hint = Whoever holds one of them is let in. The most specific rule decides, whatever others say.
rules-field-from = From
rules-field-until = Until
rules-from-hint = The first day on which the rule counts (midnight UTC).
rules-until-hint = The first day on which it does not count any more: the next less specific rule does then.
rules-may = What they may do
rules-may-hint = Without a tick: everything.
rules-may-view = look at it in a viewer
rules-may-whole-image = have the whole image in one answer
rules-may-whole-document = have the whole document
rules-pixels = Largest answer, in pixels
rules-pixels-hint = How long the long side of one answer may be. Empty: as long as the image.
rules-look = See what it changes
rules-remove = Delete this rule
rules-fault-mount = Choose a mount.
rules-fault-conditions = Choose one at least. <code>closed</code> lets nobody in, <code>open</code> everybody.
rules-fault-until = This is not after the day from which the rule counts.
rules-fault-pixels = Give a number of pixels, such as 1200.
rules-meanwhile = Somebody else has changed this rule meanwhile. What you typed is still here; below is what it says now.
rules-policy-meanwhile = Somebody else has changed the policy meanwhile. Look at the effect again, and save.
rules-double = Rule { $number } says the same already.
rules-imported = This rule was imported from <code>{ $source }</code>. Change it there and import it again, or make a rule beside it.
rules-broken = Nothing was saved, because tests of the policy would fail:
rules-unlawful = Nothing was saved:
rules-busy = The policy is being read at the moment. Please try again in a minute.
rules-confirm-add = Make this rule?
rules-confirm-change = Change this rule?
rules-confirm-remove = Delete this rule?
rules-effect-now = Asked for now
rules-effect-then = From then on
rules-effect-same = Nothing changes today.
rules-effect-opens = Everybody will see it, without logging in.
rules-tests = { $tests ->
    [0] The policy has no tests.
    [one] The one test of the policy passes.
   *[other] All { $tests } tests of the policy pass.
}
rules-do = Yes, do it
rules-back = Back to the form
rules-saved = Rule { $number } is saved, and counts at once.
rules-removed = The rule is deleted. It can be restored for 30 days under “Deleted rules”.
rules-restored = The rule is restored, as rule { $number }.
rules-confirm-restore = Restore this rule?
rules-effect-day = From { $day } on
rules-effect-instead = instead of
rules-effect-elsewhere = On <bdi>{ $mount }</bdi>, which has the same rules
rules-effect-left = What it leaves
rules-effect-nowhere = It is on no mount of the settings, so it changes nothing.
rules-effect-more = More people than now will be let in.
rules-effect-others = Others than now will be let in, or may do other things with it.
rules-beginning = Rules whose identifier begins so
rules-fault-condition = There is no condition <code>{ $name }</code> any more. Choose another.
rules-fault-view = Whoever may have the whole may look at it: tick that, too, or nothing.
rules-fault-pixels-alone = This is about the whole image in one answer: tick that above, or leave this empty.
rules-fault-identifier = No request on this mount has such an identifier (<code>{ $reason }</code>).
rules-fault-identifier-long = An identifier has at most { $most } bytes.
rules-fault-identifier-dots = No identifier has a segment <code>.</code> or <code>..</code>; write the path without it.
rules-fault-identifier-escape = Write it decoded: <code>letters/1931</code> for <code>letters%2F1931</code>.
rules-fault-identifier-address = This is an address. Paste it above, at “Take it from an address”, and press “Fill in”.
rules-fault-identifier-signs = No request with <code>\</code> or <code>;</code> is ever allowed.
rules-fault-identifier-empty = An empty identifier is the whole mount: choose “this and everything below it”.

## Rules from a manifest

rules-manifest-link = From a manifest
rules-manifest-title = Rules from a manifest
rules-manifest-url = Address of the manifest
rules-manifest-read = Read it
rules-manifest-not-ours = This is not the address of a manifest of <code>{ $origin }</code>.
rules-manifest-none = There is no manifest at this address.
rules-manifest-unreadable = The server behind this address does not give a manifest that can be read. The log of the service says more.
rules-manifest-cut = This manifest has more canvases than can be shown here: these are the first { $canvases }. For the rest, import it with <code>tilegate policy import</code>.
rules-manifest-what = The whole
rules-manifest-whole =
    { $canvases ->
        [one] the one canvas
       *[other] all { $canvases } canvases
    }
rules-manifest-beyond = goes beyond what can be shown here
rules-manifest-beside = and what belongs to the whole of it, such as a PDF
rules-manifest-ranges = Ranges
rules-manifest-canvases = Canvases
rules-manifest-elsewhere = nothing of ours
rules-manifest-nothing = Tick what it is about: the whole, ranges or canvases.
rules-manifest-already = There are such rules for all of that already.
rules-manifest-confirm = Make these rules?
rules-manifest-change =
    { $count ->
        [one] One image changes:
       *[other] { $count } images change:
    }
rules-manifest-same =
    { $count ->
        [one] One image stays as it is today.
       *[other] { $count } images stay as they are today.
    }
rules-manifest-saved =
    { $rules ->
        [one] One rule is saved, and counts at once.
       *[other] { $rules } rules are saved, and count at once.
    }

## Tests of the policy that would fail

# $reason is a word of the log. The command line says the same of it.
broken-elsewhere = test { $number } (<bdi>{ $url }</bdi>): its url is not of <bdi>{ $origin }</bdi>
broken-time = test { $number } (<bdi>{ $url }</bdi>): its <code>at</code> is neither a date nor an RFC 3339 instant
broken-condition = test { $number } (<bdi>{ $url }</bdi>): there is no condition <code>{ $name }</code>
broken-size = test { $number } (<bdi>{ $url }</bdi>): it depends on the size of the image; give the test a <code>width</code> and a <code>height</code>
broken-another = test { $number } (<bdi>{ $url }</bdi>): expected { $expected }, got { $got } (<bdi>{ $reason }</bdi>)
broken-allow = allow
broken-challenge = challenge
broken-refuse = refuse

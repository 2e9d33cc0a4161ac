### What pages say, in English. docs/translating.md says how to add a language.

## Access conditions

conditions-title = Access conditions
conditions-about = A rule says which of these a visitor needs to see an image; any one of those it names is enough. Here you say how people come to hold one, and what viewers tell those who do not.
conditions-none = There are only the two built-in ones yet. Make the first of your own, such as one for your staff: rules and accounts can then name it.
conditions-new = New access condition
conditions-edit-title = Access condition <code>{ $name }</code>
conditions-built-in = built in
conditions-saved = <strong>{ $name }</strong> is saved. It counts from now on.
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
conditions-opens-thumbnails = Everybody will see thumbnails of these sizes, in pixels: { $sizes }.
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

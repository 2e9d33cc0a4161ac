### Was die Seiten sagen, auf Deutsch.

## Own account

own-title = Ihr Konto
own-logged-in = Sie sind als <strong>{ $name }</strong> angemeldet.
own-logged-in-administrator = Sie sind als <strong>{ $name }</strong> angemeldet (mit Verwaltungsrecht).
own-logged-out = Sie sind nicht angemeldet.
own-log-in = Anmelden
own-log-out = Abmelden
own-administration = Verwaltung
own-conditions = Was Sie sehen dürfen
own-conditions-none = Für dieses Konto ist noch nichts freigegeben. Bitte wenden Sie sich an die Stelle, die diese Bilder betreut.
own-conditions-none-administrator = Sie haben selbst noch keine Zugangsbedingung. Geschützte Bilder bleiben daher auch für Sie geschlossen, denn das Verwaltungsrecht öffnet keine. Geben Sie Ihrem eigenen Konto in der Verwaltung, was Sie brauchen.
own-accepted = Bedingungen, denen Sie in diesem Browser zugestimmt haben
own-forget = Zustimmung vergessen
own-security = Passwort und Sicherheit
own-sessions = Wo Sie angemeldet sind
own-session-this = (dieser Browser)
own-session-began = Seit
own-session-end = Beenden
own-sessions-end-others = Alle anderen Anmeldungen beenden
own-sessions-more = { $count ->
    [one] Eine weitere Anmeldung ist nicht aufgeführt.
   *[other] { $count } weitere Anmeldungen sind nicht aufgeführt.
}
own-sessions-ended = Erledigt: Dort sind Sie jetzt abgemeldet.
own-browser-and-system = { $browser } unter { $system }
own-browser-alone = { $browser }
own-system-alone = Unbekannter Browser unter { $system }
own-browser-unknown = Unbekannter Browser
own-too-many = { $seconds ->
    [one] Zu viele Versuche. Bitte warten Sie eine Sekunde und versuchen Sie es dann noch einmal.
   *[other] Zu viele Versuche. Bitte warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
}
own-busy = Gerade melden sich sehr viele Personen an. Bitte versuchen Sie es gleich noch einmal.
own-your-password = Ihr Passwort
own-password-wrong = Das ist nicht Ihr Passwort.

own-password-title = Passwort ändern
own-password-intro = Wenn Sie das Passwort ändern, enden alle anderen Anmeldungen Ihres Kontos. Hier bleiben Sie angemeldet.
own-password-change = Passwort ändern
own-password-changed = Ihr Passwort ist geändert. Alle anderen Anmeldungen Ihres Kontos sind beendet.
own-old-password = Bisheriges Passwort
own-old-password-wrong = Das ist nicht Ihr bisheriges Passwort.
own-new-password = Neues Passwort
own-new-password-again = Neues Passwort noch einmal
own-new-password-hint = Mindestens { $characters } Zeichen. Ein paar Wörter, die nichts miteinander zu tun haben, sind leicht zu merken und schwer zu erraten.
own-password-differs = Das stimmt nicht mit dem neuen Passwort darüber überein.
own-password-too-short = Bitte nehmen Sie mindestens { $characters } Zeichen.
own-password-too-long = Das sind mehr als { $bytes } Byte. Bitte nehmen Sie ein kürzeres Passwort.
own-password-weak = Dieses Passwort wäre zu leicht zu erraten.
own-password-keys = Nebeneinanderliegende Tasten werden als Erstes ausprobiert.
own-password-repeats = Wiederholte Zeichen und Wörter machen es kaum länger.
own-password-common = Es gehört zu den am häufigsten benutzten Passwörtern.
own-password-similar = Es ähnelt einem häufig benutzten Passwort.
own-password-sequence = Folgen wie abc oder 6543 werden als Erstes ausprobiert.
own-password-date = Daten und Jahreszahlen werden als Erstes ausprobiert.
own-password-word = Ein einzelnes Wort ist sofort erraten.
own-password-name = Namen werden als Erstes ausprobiert.
own-password-use-words = Nehmen Sie mehrere Wörter, aber keine geläufige Wendung.
own-password-no-symbols = Sonderzeichen, Ziffern und Großbuchstaben sind nicht nötig.
own-password-add-words = Fügen Sie ein oder zwei Wörter hinzu, am besten seltene.
own-password-capitals = Großbuchstaben helfen kaum.
own-password-reversed = Rückwärts geschriebene Wörter sind nicht viel schwerer zu erraten.
own-password-substitutions = Ersetzungen wie @ für a helfen kaum.
own-password-longer-pattern = Ein längeres Tastenmuster mit mehr Richtungswechseln wäre schwerer zu erraten.
own-password-avoid-repeats = Vermeiden Sie wiederholte Wörter und Zeichen.
own-password-avoid-sequences = Vermeiden Sie Folgen.
own-password-avoid-dates = Vermeiden Sie Jahreszahlen und Daten, vor allem solche, die mit Ihnen zu tun haben.

own-link-title = Passwort festlegen
own-link-intro = Wählen Sie das Passwort, mit dem Sie sich anmelden werden. Dieser Link kann einmal benutzt werden.
own-link-set = Passwort festlegen
own-link-done-title = Ihr Passwort ist festgelegt
own-link-done = Sie können sich jetzt damit anmelden. Frühere Anmeldungen sind beendet.
own-link-no-good-title = Dieser Link kann nicht benutzt werden
own-link-no-good = Er wurde schon benutzt, ist älter als eine Woche oder durch einen neueren ersetzt. Bitte lassen Sie sich einen neuen Link geben.

own-step-title = Noch ein Schritt
own-step-intro = Ihr Passwort stimmt. Für Ihr Konto brauchen Sie außerdem einen Code.
own-code = Code
own-step-hint = Die sechs Ziffern, die Ihre Authenticator-App gerade zeigt, oder einer Ihrer Wiederherstellungscodes. Jeder gilt einmal.
own-step-again = Noch einmal mit Name und Passwort beginnen
own-code-wrong = Dieser Code gilt nicht. Bitte nehmen Sie den, den die App jetzt zeigt; jeder gilt einmal.
own-factor-unreadable-title = Sie können gerade nicht angemeldet werden
own-factor-unreadable = Ihr zweiter Faktor lässt sich nicht prüfen, weil dem Dienst der Schlüssel fehlt, mit dem er verwahrt wurde. Bitte sagen Sie der Verwaltung Bescheid; im Protokoll des Dienstes steht, was zu tun ist.

own-factor-title = Zweiter Faktor
own-factor-state-on = { $count ->
    [0] eingeschaltet, kein Wiederherstellungscode mehr übrig
    [one] eingeschaltet, noch ein Wiederherstellungscode übrig
   *[other] eingeschaltet, noch { $count } Wiederherstellungscodes übrig
}
own-factor-state-off = ausgeschaltet
own-factor-required = Wer hier verwaltet, braucht einen zweiten Faktor. Richten Sie ihn ein, um in die Verwaltung zu kommen.
own-factor-intro = Mit einem zweiten Faktor öffnet Ihr Passwort allein nichts: Bei jeder Anmeldung werden Sie auch nach einem Code gefragt, den eine Authenticator-App auf Ihrem Telefon oder Rechner zeigt.
own-factor-read = Lassen Sie die App dies lesen
own-factor-picture = Bild mit dem Schlüssel, das eine Authenticator-App lesen kann
own-factor-type = Oder geben Sie diesen Schlüssel in die App ein (zeitbasiert, sechs Ziffern):
own-factor-confirm = Bestätigen Sie es dann
own-app-code = Code, den die App zeigt
own-factor-code-wrong = Das ist nicht der Code. Bitte prüfen Sie, ob die Uhr des Geräts mit der App richtig geht, und nehmen Sie den Code, den sie jetzt zeigt.
own-factor-on = Zweiten Faktor einschalten
own-factor-is-on = Er ist eingeschaltet: Bei jeder Anmeldung werden Sie nach einem Code Ihrer Authenticator-App gefragt.
own-codes-left = { $count ->
    [0] Sie haben keinen Wiederherstellungscode mehr. Erzeugen Sie neue, bevor Sie einen brauchen.
    [one] Sie haben noch einen Wiederherstellungscode.
   *[other] Sie haben noch { $count } Wiederherstellungscodes.
}
own-factor-password-hint = Für beides wird Ihr Passwort gebraucht.
own-codes-renew = Neue Wiederherstellungscodes erzeugen
own-factor-off = Zweiten Faktor ausschalten
own-factor-off-done = Der zweite Faktor ist ausgeschaltet. Ihr Passwort allein öffnet wieder Ihr Konto.
own-codes-title = Ihre Wiederherstellungscodes
own-codes-intro = Wenn Sie die App verlieren, lässt jeder dieser Codes Sie an ihrer Stelle einmal herein. Sie werden nur jetzt gezeigt; frühere gelten nicht mehr.
own-codes-keep = Drucken Sie sie aus oder legen Sie sie zu Ihren Passwörtern, aber nicht auf das Gerät mit der App.
own-codes-kept = Ich habe sie
own-shared-title = Dieses Konto gehört allen
own-shared = Wer die Beispiele ausprobiert, meldet sich damit an. Passwort und zweiter Faktor bleiben, wie sie sind.

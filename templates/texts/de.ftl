### Was die Seiten sagen, auf Deutsch.

## Überall in der Verwaltung

save = Speichern
optional = (freiwillig)
yes = ja
no = nein
gone-title = Nicht (mehr) da
gone-text = Was Sie suchen, gibt es nicht, oder jemand hat es inzwischen entfernt.
fault-empty = Das fehlt.
fault-day = Geben Sie einen Tag an, etwa 2041-01-01.
fault-characters = Darin sind Zeichen, die man nicht sieht oder die die Schreibrichtung umkehren. Bitte ohne sie eingeben.
pages = Seiten
pages-before = Zurück
pages-after = Weiter
pages-here = Seite { $page } von { $pages }
confirm-label = Ihr Passwort
confirm-hint = Für eine solche Änderung brauchen Sie noch einmal Ihr eigenes Passwort, wenn die letzte Eingabe 15 Minuten zurückliegt.
confirm-asked = Bitte geben Sie dafür Ihr Passwort ein.
confirm-wrong = Das ist nicht Ihr Passwort.
confirm-throttled = Zu viele Versuche. Bitte warten Sie { $seconds } Sekunden.
confirm-busy = Im Moment melden sich sehr viele an. Bitte versuchen Sie es gleich noch einmal.

## Konten

nav-accounts = Konten
accounts-title = Konten
accounts-new = Neues Konto
accounts-import = Importieren
accounts-export = Als CSV exportieren
accounts-deleted = Gelöschte Konten
accounts-search = Name oder Notiz
accounts-state = Zustand
accounts-state-any = alle
accounts-state-active = kann sich anmelden
accounts-state-locked = gesperrt
accounts-state-expired = abgelaufen
accounts-state-administrator = Verwaltende
accounts-state-unused = nie angemeldet
accounts-condition = Bedingung
accounts-condition-any = alle
accounts-find = Suchen
accounts-found = { $count ->
    [0] Kein Konto passt.
    [one] Ein Konto.
   *[other] { $count } Konten.
}
accounts-all = Alle zeigen
accounts-name = Name
accounts-conditions = Bedingungen
accounts-created = Angelegt
accounts-last-login = Letzte Anmeldung
accounts-expires = Endet
accounts-never = nie
accounts-is-active = aktiv
accounts-is-locked = gesperrt
accounts-is-expired = abgelaufen
accounts-is-administrator = verwaltet
accounts-deleted-none = In den letzten 30 Tagen wurde kein Konto gelöscht.
accounts-deleted-hint = Ein gelöschtes Konto lässt sich 30 Tage lang wiederherstellen, mit allem, was es hatte. Soll jemand sofort vergessen werden, dann tilgen Sie das Konto: Im Protokoll bleibt nur eine Nummer.
accounts-deleted-at = Gelöscht
accounts-deleted-until = Wiederherstellbar bis

## Ein Konto

account-new = Neues Konto
account-name = Kontoname
account-name-hint = Was die Person zum Anmelden eingibt: ein Name oder eine E-Mail-Adresse. Groß und klein geschrieben ist dasselbe. Er lässt sich später nicht ändern.
account-name-long = Der Name ist länger als 200 Zeichen.
account-name-taken = Ein Konto dieses Namens gibt es schon.
account-conditions = Zugangsbedingungen, die erfüllt sind
account-no-conditions = Es gibt noch keine Bedingung, die ein Konto erfüllen kann.
account-condition-gone = Die Bedingung <code>{ $name }</code> gibt es nicht (mehr), oder kein Konto kann sie haben. Bitte wählen Sie neu.
account-expires = Endet am
account-expires-hint = Der erste Tag, an dem sich die Person nicht mehr anmelden kann (UTC). Ohne Angabe endet das Konto nicht.
account-expires-never = nie
account-note = Notiz
account-note-hint = Nur für die Verwaltung, etwa warum und bis wann.
account-note-long = Die Notiz ist länger als { $most } Zeichen.
account-administrator = Darf verwalten
account-locked = Gesperrt: kann sich nicht anmelden
account-make = Konto anlegen
account-made = Das Konto <strong>{ $name }</strong> ist angelegt. Es hat noch kein Passwort: Machen Sie unten einen Einmal-Link, und geben Sie ihn der Person.
account-saved = Das Konto <strong>{ $name }</strong> ist gespeichert und gilt sofort.
account-meanwhile = Jemand anderes hat dieses Konto inzwischen geändert. Was Sie eingegeben haben, steht noch da; darunter steht, was dort jetzt gilt. Speichern Sie noch einmal, um Ihres an seine Stelle zu setzen.
account-last-administrator = Das ist das letzte Konto, das verwalten und sich anmelden kann. Lassen Sie zuerst ein anderes verwalten.
account-more = Was noch möglich ist
account-link = Einmal-Link machen
account-link-hint = Mit einem Einmal-Link setzt die Person ihr Passwort selbst. Sie brauchen es nie zu kennen.
account-link-made = Ein Einmal-Link
account-link-use = Geben Sie diesen Link <strong>{ $name }</strong>, auf einem Weg, der niemanden sonst erreicht. Wer ihn öffnet, setzt das Passwort des Kontos.
account-link-label = Der Link
account-link-once = Er gilt einmal, sieben Tage lang, und steht nur jetzt hier. Ein früherer Link dieses Kontos gilt nicht mehr.
account-link-done = Fertig
account-factor = Zweiten Faktor wegnehmen
account-factor-hint = Für jemanden, der die App und die Wiederherstellungscodes verloren hat. Beendet alle Anmeldungen des Kontos.
account-factor-removed = <strong>{ $name }</strong> meldet sich von nun an allein mit dem Passwort an.
account-view-as = Mit den Augen dieser Person sehen
account-view-as-hint = Sagt für jede Adresse, was diese Person bekommt. Geöffnet wird dadurch nichts, und das Protokoll vermerkt es.
account-sign-out = Überall abmelden
account-sign-out-hint = Beendet alle Anmeldungen dieses Kontos, in jedem Browser.
account-sign-out-self = Das ist Ihr eigenes Konto: Sie müssen sich neu anmelden.
account-signed-out = Alle Anmeldungen von <strong>{ $name }</strong> sind beendet.
account-audit = Was das Protokoll von diesem Konto sagt
account-remove = Konto löschen
account-remove-hint = Seine Anmeldungen enden sofort. Es lässt sich 30 Tage lang wiederherstellen.
account-remove-now = Löschen
account-removed = Das Konto <strong>{ $name }</strong> ist gelöscht. Unter „Gelöschte Konten“ lässt es sich 30 Tage lang wiederherstellen.
account-restore = Wiederherstellen
account-restored = Das Konto <strong>{ $name }</strong> ist wiederhergestellt.
account-restored-without = Das Konto <strong>{ $name }</strong> ist wiederhergestellt, aber ohne das, was es nicht mehr gibt: <code>{ $lost }</code>
account-restore-taken = Inzwischen hat ein anderes Konto diesen Namen. Löschen Sie zuerst jenes, oder lassen Sie dieses.
account-erase = Jetzt tilgen
account-erased = Das Konto ist getilgt; im Protokoll steht eine Nummer an der Stelle des Namens.

## Konten importieren

import-title = Konten importieren
import-choose = Wählen Sie eine Tabelle
import-another-file = Oder wählen Sie eine andere Datei
import-file = Eine CSV-Datei
import-file-hint = Höchstens 16 MB, UTF-8, durch Komma oder Strichpunkt getrennt. Zuerst sehen Sie, was sich ändern würde; getan wird noch nichts.
import-look = Ansehen
import-columns = Spalten
import-column-username = muss da sein; ein Konto dieses Namens wird geändert, sonst angelegt
import-column-conditions = was das Konto erfüllen soll, durch | getrennt:
import-column-expires = erster Tag, an dem es sich nicht mehr anmelden kann, etwa 2041-01-01; leer: es endet nicht
import-column-yes-no = yes oder no
import-column-note = für die Verwaltung
import-plan = Was getan würde
import-made = Konten, die angelegt werden
import-changed = Konten, die geändert werden
import-same = Konten, die bleiben, wie sie sind
import-administrators = Konten, die dann verwalten dürfen
import-examples = Die ersten davon (+ angelegt, ~ geändert):
import-nothing = Das ist alles schon so: Es gibt nichts zu tun.
import-run = Alles ausführen
import-another = Ein anderer Import ist im Gange. Bitte warten Sie, bis er fertig ist.
import-progress = { $done } von { $total } Konten
import-progress-hint = Diese Seite kommt von selbst wieder. Sie können sie schließen: Der Import geht weiter.
import-done = Fertig: { $made } angelegt, { $changed } geändert, { $same } waren schon so.
import-then = Neue Konten haben noch kein Passwort: Machen Sie auf der Seite jedes Kontos einen Einmal-Link.
import-failed = Der Import ist misslungen. Das Log des Dienstes sagt, warum.
import-none-done = Nichts davon wurde ausgeführt.
import-again = Noch einmal importieren
import-too-large = Die Datei ist größer als { $most } MB.
import-not-text = Das ist kein Text in UTF-8. Wählen Sie in der Tabellenkalkulation beim Speichern „CSV UTF-8“.
import-faults = { $count ->
    [one] Nichts wurde ausgeführt, und zwar deshalb:
   *[other] Nichts wurde ausgeführt, und zwar wegen dieser { $count } Fehler:
}
import-empty = Es steht nichts darin.
import-no-username = Zeile { $line }: Die Spalte <code>username</code> fehlt.
import-unknown-column = Zeile { $line }: Eine Spalte <code>{ $column }</code> gibt es nicht; nehmen Sie sie heraus.
import-double-column = Zeile { $line }: Die Spalte <code>{ $column }</code> ist zweimal da.
import-fields = Zeile { $line } hat { $found } Felder, die Überschrift { $expected }.
import-broken = Zeile { $line } lässt sich nicht als CSV lesen.
import-name-empty = Zeile { $line }, <code>{ $column }</code>: Der Name fehlt.
import-name-long = Zeile { $line }, <code>{ $column }</code>: Der Name ist länger als 200 Zeichen.
import-characters = Zeile { $line }, <code>{ $column }</code>: Darin sind Zeichen, die man nicht sieht oder die die Schreibrichtung umkehren.
import-twice = Zeile { $line }, <code>{ $column }</code>: Derselbe Name steht schon in Zeile { $earlier }.
import-unknown-condition = Zeile { $line }, <code>{ $column }</code>: Eine Bedingung <code>{ $name }</code>, die ein Konto erfüllen kann, gibt es nicht.
import-day = Zeile { $line }, <code>{ $column }</code>: Das ist kein Tag; schreiben Sie ihn als 2041-01-01.
import-yes-or-no = Zeile { $line }, <code>{ $column }</code>: Schreiben Sie yes oder no.
import-note-long = Zeile { $line }, <code>{ $column }</code>: länger als 2000 Zeichen.
import-too-many = Zeile { $line }: höchstens { $most } Konten auf einmal.

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

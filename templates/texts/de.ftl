### Was die Seiten sagen, auf Deutsch.
###
### Wörter: account – Konto, access condition – Zugangsbedingung, policy – Regelwerk, rule – Regel, mount – Mount,
### dry run – Probelauf, tile – Kachel, terms of use – Nutzungsbedingungen, reading room – Lesesaal.

## On every page

layout-account = Ihr Konto
layout-close = Fenster schließen
layout-log-in = Anmelden
layout-log-out = Abmelden

## What went wrong

problem-not-found-title = Seite nicht gefunden
problem-not-found = Unter dieser Adresse gibt es nichts.
problem-not-possible-title = Das geht hier nicht
problem-wrong-method = Diese Adresse nimmt eine solche Anfrage nicht an.
problem-unavailable-title = Bitte versuchen Sie es in einer Minute noch einmal
problem-unavailable = Der Dienst kann seine Datenbank im Moment nicht erreichen. Es wurde nichts geändert; bitte versuchen Sie es in einer Minute noch einmal.
problem-unreadable-title = Das war nicht lesbar
problem-bad-form = Das Formular konnte nicht gelesen werden. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
problem-bad-query = Ein Teil der Adresse konnte nicht gelesen werden.
problem-forged-title = Bitte noch einmal
problem-forged = Diese Seite war zu lange offen, oder Cookies werden blockiert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
problem-other-host-title = Das ist eine andere Adresse
problem-other-host = Die Adresse dieser Website ist <bdi>{ $origin }</bdi>; bitte verwenden Sie diese. (Falls Sie sie betreiben: Ein Proxy davor muss den eingegebenen Hostnamen weitergeben.)
problem-wait =
    { $seconds ->
        [one] Zu viele Versuche. Bitte warten Sie { $seconds } Sekunde und versuchen Sie es dann noch einmal.
       *[other] Zu viele Versuche. Bitte warten Sie { $seconds } Sekunden und versuchen Sie es dann noch einmal.
    }

## Logging in

login-title = Anmelden
login-present = Sie sind als <strong>{ $person }</strong> angemeldet.
login-continue = Weiter als <bdi>{ $person }</bdi>
login-another = Oder ein anderes Konto verwenden
login-name = Kontoname
login-password = Passwort
login-over = Ihre frühere Anmeldung ist abgelaufen. Bitte melden Sie sich noch einmal an.
login-no-match = Dieser Name und dieses Passwort passen zu keinem Konto.
login-busy = Gerade melden sich sehr viele Personen an. Bitte versuchen Sie es gleich noch einmal.
login-not-held = Sie sind als <bdi>{ $person }</bdi> angemeldet. Dieses Konto hat „<bdi>{ $condition }</bdi>“ nicht. Schließen Sie dieses Fenster, oder melden Sie sich mit einem anderen Konto an.
login-done-title = Angemeldet
login-done = Sie sind angemeldet. Dieses Fenster schließt sich von selbst; wenn nicht, können Sie es schließen.
close-locked = Bleiben die Bilder gesperrt?

## Logging out

logout-title = Abgemeldet
logout-done = Sie sind abgemeldet. Sie können dieses Fenster schließen.
logout-window = Das Abmelden braucht ein eigenes Fenster.
logout-wait-title = Bitte warten
logout-wait =
    { $seconds ->
        [one] Von hier haben sich sehr viele abgemeldet. Bitte versuchen Sie es in { $seconds } Sekunde noch einmal.
       *[other] Von hier haben sich sehr viele abgemeldet. Bitte versuchen Sie es in { $seconds } Sekunden noch einmal.
    }

## Images stay locked

viewers-title = Bilder bleiben gesperrt
viewers-heading = Die Bilder bleiben nach dem Anmelden gesperrt?
viewers-why = Der Viewer zeigt Bilder von <strong>{ $host }</strong>. Ihr Browser muss dabei das Cookie mitsenden, das Sie hier bekommen haben. Ob er das tut, hängt davon ab, wo der Viewer ist:
viewers-where = Ort des Viewers
viewers-elsewhere = andere Website
viewers-works = geht
viewers-chrome = geht, wenn Cookies von Dritten nicht blockiert sind
viewers-firefox = oft, gleich nach dem Anmelden
viewers-safari = nein
viewers-what = Was Sie tun können
viewers-here = Öffnen Sie die Bilder in einem Viewer auf <a href="{ $origin }/"><bdi>{ $host }</bdi></a>, falls es dort einen gibt.
viewers-allow = Erlauben Sie Cookies von Dritten (Drittanbieter-Cookies) für die Website des Viewers: in Chrome und Edge über das Augen- oder Cookie-Symbol in der Adressleiste, in Firefox über das Schild-Symbol.
viewers-private = In einem privaten Fenster werden diese Cookies häufiger blockiert: Versuchen Sie es in einem gewöhnlichen.
viewers-universal = Der Universal Viewer zeigt gesperrte Bilder nur, wenn er unter derselben Adresse liegt wie sie.

## Terms of use

terms-title = Nutzungsbedingungen
terms-none = Wenn Sie fortfahren, stimmen Sie den Nutzungsbedingungen von <bdi>{ $organisation }</bdi> zu.
terms-agree = Ich stimme zu
terms-refuse = Nein, Fenster schließen
terms-window = Die Zustimmung braucht ein eigenes Fenster.
terms-accepted-title = Zugestimmt
terms-accepted = Sie haben den Bedingungen zugestimmt. Dieses Fenster schließt sich von selbst; wenn nicht, können Sie es schließen.

## Access that a place gives

kiosk-window = Das braucht ein eigenes Fenster.
kiosk-elsewhere-title = Nicht von hier aus
kiosk-elsewhere = Dieser Computer ist nicht für „<bdi>{ $condition }</bdi>“ eingerichtet. Bitte fragen Sie das Personal. Sie können dieses Fenster schließen.
kiosk-given-title = Zugang gewährt
kiosk-given = Dieser Computer darf es zeigen. Dieses Fenster schließt sich von selbst; wenn nicht, können Sie es schließen.
external-title = Hier ist nichts zu tun
external-text = Hier ist nichts zu tun: Dieser Zugang kommt aus dem Netz, in dem Sie sind, oder von einer Anmeldung, bevor der Viewer geöffnet wurde. Sie können dieses Fenster schließen.

## Computers of a reading room

device-title = Diesen Computer einrichten
device-present-title = Dieser Computer ist eingerichtet
device-present = Er heißt <strong>{ $label }</strong> und ist für <strong>{ $condition }</strong> eingerichtet.
device-opens = Wer hier sitzt, kann diese Bilder ohne Anmeldung sehen: Das Fenster, das ein Viewer dafür öffnet, schließt sich von selbst. An diesem Computer ist nichts weiter zu tun. Die Verwaltung kann das jederzeit beenden.
device-opens-nothing = Im Moment öffnet er nichts, weil es einen solchen Zugang für Computer nicht mehr gibt. Bitte wenden Sie sich an die Verwaltung dieser Bilder.
device-what = Diese Seite ist für Computer in einem Lesesaal. Ist einer eingerichtet, kann jede Person an diesem Platz die Bilder dieses Lesesaals ohne Anmeldung sehen.
device-code-from = Die Verwaltung dieser Bilder erzeugt für jeden Computer einen Code. Er gilt einmal und eine Stunde lang. Wenn Sie keinen haben, bitten Sie um einen.
device-another = Oder einen anderen Code verwenden
device-another-text = Dann ist dieser Computer das, was der neue Code sagt, und nicht mehr das, was er jetzt ist.
device-code = Code für diesen Computer
device-spelling = Sieben Gruppen aus vier Buchstaben und Ziffern. Bindestriche, Leerzeichen sowie Groß- und Kleinschreibung spielen keine Rolle.
device-submit = Einrichten
device-wrong = Dieser Code ist nicht oder nicht mehr gültig. Bitte prüfen Sie ihn, oder bitten Sie um einen neuen.

## A share link

share-title = Für Sie freigegeben
share-intro = Mit diesem Link sieht dieser Browser <code>{ $identifier }</code>.
share-intro-all = Mit diesem Link sieht dieser Browser, was in <code>{ $mount }</code> ist.
share-lasts = Das gilt, bis Sie sich abmelden, und höchstens einige Stunden. Öffnen Sie den Link danach erneut.
share-uses =
    { $uses ->
        [one] Der Link lässt sich noch { $uses } Mal einlösen.
       *[other] Der Link lässt sich noch { $uses } Mal einlösen.
    }
share-open = Öffnen
share-done-title = Sie können es jetzt sehen
share-done = Dieser Browser hat, was der Link gibt. Gehen Sie auf die Seite zurück, von der Sie kamen, und laden Sie sie neu.
share-no-good-title = Dieser Link gilt nicht
share-no-good = Er ist aufgebraucht, zu alt, widerrufen oder nicht ganz kopiert. Bitten Sie die Person, von der Sie ihn haben, um einen neuen.

## The token service, in a frame of the viewer

token-title = Dienst für Zugriffstoken
token-no-origin = Der Viewer hat nicht gesagt, wo er läuft (Parameter „origin“), deshalb wurde keine Nachricht gesendet.

## Every page of the administration

site-title = Verwaltung
site-skip = Zum Inhalt springen
site-overview = Übersicht
site-explain = Erklären
site-conditions = Bedingungen
site-audit = Protokoll
site-upcoming = Termine
site-dry-run =
    { $mounts ->
        [one] Probelauf: Ein Mount ist nicht geschützt
       *[other] Probelauf: { $mounts } Mounts sind nicht geschützt
    }
site-dry-run-mount = Der Mount <strong>{ $mount }</strong> ist bis <time>{ $until }</time>, 0:00 Uhr UTC, im Probelauf: Alle bekommen daraus, wofür sonst eine Anmeldung nötig ist, und im Protokoll steht, was abgelehnt würde. Was geschlossen ist, bleibt geschlossen. Der Probelauf endet von selbst; um ihn jetzt zu beenden, nehmen Sie <code>shadow=</code> aus <code>{ $setting }</code> heraus und starten den Dienst neu.

## Not an administrator

forbidden-title = Keine Verwaltungsrechte
forbidden-person = Sie sind als <strong>{ $person }</strong> angemeldet. Dieses Konto darf nicht verwalten.
forbidden-what = Wenn Sie ein anderes Konto haben, das es darf, melden Sie sich damit an. Wenn dieses Konto es dürfen soll, bitten Sie die Verwaltung darum.
forbidden-log-in = Mit einem anderen Konto anmelden

## The overview

overview-title = Verwaltung
overview-person = Sie sind als <strong>{ $person }</strong> angemeldet.
overview-unusable = Das Regelwerk in der Datenbank ist nicht verwendbar: <bdi lang="en">{ $reason }</bdi>. Das vorige bleibt in Kraft. Berichtigen Sie Ihre Regelwerksdatei und importieren Sie sie noch einmal.
overview-next = Was als Nächstes zu tun ist
overview-no-mount-title = Festlegen, was geschützt werden soll
overview-no-mount = Es ist kein Mount eingestellt. Setzen Sie <code>TILEGATE_MOUNT_IMAGES</code> (<code>tilegate settings</code> erklärt es), starten Sie den Dienst neu und schreiben Sie die Einbindungen für NGINX mit <code>tilegate nginx-conf</code> neu.
overview-no-condition-title = Eine Zugangsbedingung anlegen
overview-no-condition = Es gibt noch keine Zugangsbedingung; so lässt sich nichts für manche öffnen und für andere nicht.
overview-no-default-title = Die Bedingung <code>{ $condition }</code> anlegen
overview-no-default = Sie ist die Vorgabe des Mounts <strong>{ $mount }</strong>, und es gibt sie nicht. Bis es sie gibt, ist dort alles geschlossen, was keine Regel öffnet. Importieren Sie ein Regelwerk, das diese Bedingung hat, oder nennen Sie in <code>{ $setting }</code> eine andere und starten Sie den Dienst neu.
overview-homeless-title = Die Regeln für <code>{ $mount }</code> aufräumen
overview-homeless =
    { $rules ->
        [one] { $rules } Regel nennt den Mount <code>{ $mount }</code>, der nicht in den Einstellungen steht, und bewirkt nichts. Stellen Sie diesen Mount ein, oder importieren Sie ein Regelwerk ohne sie.
       *[other] { $rules } Regeln nennen den Mount <code>{ $mount }</code>, der nicht in den Einstellungen steht, und bewirken nichts. Stellen Sie diesen Mount ein, oder importieren Sie ein Regelwerk ohne sie.
    }
overview-accounts-title = Konten für Ihre Leserinnen und Leser anlegen
overview-accounts = Ihr Konto ist das einzige. Geben Sie jedem neuen Konto die Bedingungen, die es erfüllen soll, und der Person einen Einmal-Link.
overview-holds-nothing-title = Sich selbst Zugang geben
overview-holds-nothing = Sie haben keine Zugangsbedingung, deshalb bleiben geschützte Bilder auch für Sie geschlossen: Das Verwalten öffnet keine.
overview-no-condition-do = Bedingung anlegen
overview-import = Oder schreiben Sie ein Regelwerk mit Bedingungen und Regeln und importieren Sie es auf dem Server: <code>tilegate policy import policy.toml</code>, in Docker Compose <code>docker compose exec -T tilegate tilegate policy import - &lt; policy.toml</code>
overview-accounts-do = Konto anlegen
overview-holds-nothing-do = Bedingungen für Ihr Konto wählen
overview-logins = Letzte Anmeldungen
overview-no-logins = Noch keine.
overview-all-logins = Alle Anmeldungen
overview-denials = Zuletzt abgewiesen
overview-no-denials = In letzter Zeit wurde nichts abgewiesen.
overview-all-denials = Alle Abweisungen
overview-protected = Was geschützt ist
overview-no-mounts = Noch nichts: In den Einstellungen steht kein Mount.
overview-mount = Mount
overview-kind = Art
overview-kind-image = Bilder
overview-kind-manifest = Manifeste
overview-kind-s3 = S3
overview-kind-file = Dateien
overview-prefix = Öffentliche Adresse
overview-default = Wo keine Regel gilt
overview-rules = Regeln
overview-shadow = (Probelauf bis { $day }: nicht geschützt)
overview-everybody = alle
overview-nobody = niemand
overview-nobody-missing = niemand: diese Bedingung gibt es nicht
overview-holders = <bdi>{ $condition }</bdi>
overview-rules-of = (die von <bdi>{ $mount }</bdi>)
overview-upcoming = Was als Nächstes geöffnet und geschlossen wird
overview-all-dates = Alle Termine
overview-conditions = Zugangsbedingungen
overview-no-conditions = Keine außer den eingebauten, <code>open</code> (alle) und <code>closed</code> (niemand). Weitere bringt ein Regelwerk.
overview-built-in = <code>open</code> (alle) und <code>closed</code> (niemand) sind eingebaut.
overview-condition-name = Name
overview-condition-label = Bezeichnung
overview-condition-by = Erfüllt von
overview-by-open = allen, ohne Anmeldung
overview-by-account = Konten, die sie haben
overview-by-terms = allen, die den Bedingungen zustimmen
overview-by-device = eingerichteten Computern
overview-by-network-device = ihren Netzen und eingerichteten Computern
overview-by-network-account = ihren Netzen und Konten, die sie haben
overview-numbers = Zahlen
overview-accounts-all = Konten
overview-accounts-active = Konten, die sich anmelden dürfen
overview-accounts-administrators = Davon mit Verwaltungsrechten
overview-health = Zustand
overview-policy = Regelwerk
overview-policy-older = ein älteres ist in Kraft
overview-policy-loaded = geladen
overview-database = Datenbank
overview-heard = Zuletzt von ihr gehört
overview-heard-now = gerade eben
overview-heard-ago =
    { $seconds ->
        [one] vor { $seconds } Sekunde
       *[other] vor { $seconds } Sekunden
    }
overview-version = Version { $version }

## The dates of rules

upcoming-title = Was geöffnet und geschlossen wird
upcoming-nothing = Nichts: Keine Regel hat ein Datum in der Zukunft.
upcoming-how = Eine Regel öffnet oder schließt etwas zu einem Datum durch <code>from</code> und <code>until</code> in der Regelwerksdatei.
upcoming-when = Eine Regel beginnt mit der ersten Sekunde ihres <code>from</code> und ist mit der ersten Sekunde ihres <code>until</code> vorbei: Mitternacht in UTC.
upcoming-cut = Das sind die nächsten { $shown } von { $dates } Terminen.
upcoming-today = heute
upcoming-days =
    { $days ->
        [1] morgen
       *[other] in { $days } Tagen
    }
upcoming-years =
    { $years ->
        [one] in { $years } Jahr
       *[other] in { $years } Jahren
    }
upcoming-what = Was
upcoming-mount = Mount
upcoming-effect = Wirkung
upcoming-before = Vorher
upcoming-after = Von da an
upcoming-by = Durch
upcoming-opens = öffnet sich
upcoming-closes = schließt sich
upcoming-changes = ändert sich
upcoming-stays = bleibt gleich
upcoming-everything = alles
upcoming-spot = <bdi>{ $identifier }</bdi>
upcoming-below = <bdi>{ $identifier }</bdi> und alles darunter
upcoming-open = offen für alle
upcoming-closed = geschlossen für alle
upcoming-decided-below = was darunter liegt, entscheidet
upcoming-or = oder
upcoming-for = für
upcoming-and = und
upcoming-pixels = in Antworten von höchstens { $pixels } Pixeln
upcoming-rule-ends = Regel { $rule } endet
upcoming-rule-begins = Regel { $rule } beginnt

## Explain an answer

explain-title = Eine Antwort erklären
explain-unusable = Das Regelwerk in der Datenbank ist nicht verwendbar: <bdi lang="en">{ $reason }</bdi>. Das vorige bleibt in Kraft und wird hier erklärt; wo Regeln geändert wurden, haben sie nur Nummern.
explain-what = Geben Sie die Adresse einer Kachel, einer info.json, eines Manifests oder einer Datei ein: Diese Seite sagt, ob jemand sie bekommt, welche Regel entscheidet und was daran etwas ändern würde. Das Fragen ändert nichts.
explain-answer = Antwort
explain-rules = Regeln
explain-alternatives = Was daran etwas ändern würde
explain-again = Noch einmal fragen
explain-size = Das Bild hat { $width } x { $height } Pixel.
explain-no-size = Der Bildserver sagt nicht, wie groß das Bild ist.
explain-optional = (optional)
explain-url = Adresse
explain-url-hint = Sie beginnt mit <code>{ $origin }</code> oder mit <code>/</code>.
explain-url-missing = Geben Sie die Adresse eines Bildes, eines Manifests oder einer Datei an.
explain-url-elsewhere = Das ist keine Adresse von <bdi>{ $origin }</bdi>. Geben Sie eine an, die so beginnt, oder einen Pfad, der mit / beginnt.
explain-account = Konto
explain-account-hint = Ohne Angabe: jemand, der nicht angemeldet ist.
explain-account-unknown = Es gibt kein Konto dieses Namens.
explain-address = Netzwerkadresse
explain-address-hint = Zum Beispiel 192.0.2.7. Manche Bedingungen werden durch sie erfüllt.
explain-address-wrong = Geben Sie eine Adresse an, zum Beispiel 192.0.2.7 oder 2001:db8::7.
explain-at = Zeitpunkt
explain-at-hint = Zum Beispiel 2041-01-01, gemeint ist dessen erste Sekunde in UTC. Ohne Angabe: jetzt.
explain-at-wrong = Geben Sie einen Tag an, zum Beispiel 2041-01-01, oder einen Zeitpunkt, zum Beispiel 2041-01-01T09:30:00Z.
explain-submit = Erklären

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
import-at = Zeile { $line }
import-at-column = Zeile { $line }, <code>{ $column }</code>
import-empty = Es steht nichts darin.
import-no-username = Die Spalte <code>username</code> fehlt.
import-unknown-column = Eine solche Spalte gibt es nicht; nehmen Sie sie heraus.
import-double-column = Die Spalte ist zweimal da.
import-fields = Das sind { $found } Felder, die Überschrift hat { $expected }.
import-broken = Das lässt sich nicht als CSV lesen.
import-name-empty = Der Name fehlt.
import-name-long = Der Name ist länger als 200 Zeichen.
import-characters = Darin sind Zeichen, die man nicht sieht oder die die Schreibrichtung umkehren.
import-twice = Derselbe Name steht schon in Zeile { $earlier }.
import-unknown-condition = Eine Bedingung <code>{ $name }</code>, die ein Konto erfüllen kann, gibt es nicht.
import-day = Das ist kein Tag; schreiben Sie ihn als 2041-01-01.
import-yes-or-no = Schreiben Sie yes oder no.
import-note-long = Länger als 2000 Zeichen.
import-too-many = Höchstens { $most } Konten auf einmal.

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
own-browser-and-system = <bdi>{ $browser }</bdi> unter <bdi>{ $system }</bdi>
own-browser-alone = <bdi>{ $browser }</bdi>
own-system-alone = Unbekannter Browser unter <bdi>{ $system }</bdi>
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

## Zugangsbedingungen

conditions-title = Zugangsbedingungen
conditions-about = Eine Regel sagt, welche davon man braucht, um ein Bild zu sehen; nennt sie mehrere, genügt eine. Hier legen Sie fest, wie man eine Bedingung erfüllt und was Viewer denen sagen, die sie nicht erfüllen.
conditions-none = Bisher gibt es nur die beiden eingebauten. Legen Sie die erste eigene an, zum Beispiel eine für Ihr Personal; Regeln und Konten können sie dann nennen.
conditions-new = Neue Zugangsbedingung
conditions-edit-title = Zugangsbedingung <code>{ $name }</code>
conditions-built-in = eingebaut
conditions-saved = <strong>{ $name }</strong> ist gespeichert und gilt ab sofort.
conditions-removed = <strong>{ $name }</strong> ist gelöscht. Was nur durch sie zugänglich war, ist jetzt gesperrt.
conditions-name = Name
conditions-name-hint = Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel <code>library-staff</code>. Er lässt sich später nicht ändern, denn Regeln und Konten beziehen sich darauf.
conditions-name-stays = Der Name lässt sich nicht ändern, denn Regeln, Konten und Ihre Policy-Datei beziehen sich darauf. Besucher sehen die Bezeichnung.
conditions-rules = Regeln
conditions-accounts = Konten
conditions-used = { $rules ->
    [0] Keine Regel nennt sie
    [one] Eine Regel nennt sie
   *[other] { $rules } Regeln nennen sie
}, { $accounts ->
    [0] kein Konto hat sie.
    [one] ein Konto hat sie.
   *[other] { $accounts } Konten haben sie.
}
conditions-used-devices = { $devices ->
    [one] Ein Rechner ist für sie eingerichtet.
   *[other] { $devices } Rechner sind für sie eingerichtet.
}
conditions-used-mounts = Wo keine Regel gilt, gilt sie auf: <strong>{ $mounts }</strong>.
conditions-built-in-about = Diese Bedingung ist eingebaut. Sie kann andere Texte bekommen; alles Übrige steht fest, und löschen lässt sie sich nicht.
conditions-optional = freiwillig

conditions-pattern = Wer sie erfüllt
conditions-pattern-login = Konten, die sie haben
conditions-pattern-clickthrough = Wer den Bedingungen zustimmt
conditions-pattern-kiosk = Rechner im Haus
conditions-pattern-external = Bestimmte Netze
conditions-pattern-open = Alle
conditions-pattern-closed = Niemand
conditions-hint-login = Man meldet sich an. Wessen Konto diese Bedingung hat, sieht, was sie schützt.
conditions-hint-clickthrough = Alle, die unter Ihren Nutzungsbedingungen auf den Knopf drücken. Ändern sich Überschrift oder Hinweis, werden alle erneut gefragt.
conditions-hint-kiosk = Wer an einem eingerichteten Rechner oder in einem der Netze unten sitzt, ohne Anmeldung.
conditions-hint-external = Wer aus einem der Netze unten kommt, und Konten, die sie haben. Kein Viewer zeigt dafür eine Anmeldung.
conditions-hint-open = Alle, ohne Anmeldung. Niemand wird etwas gefragt.
conditions-hint-closed = Niemand, was auch immer jemand hat.

conditions-texts = Texte
conditions-texts-about = Was Viewer und Anmeldeseiten den Besuchern zeigen. Englisch steht vorn: Wer eine andere Sprache liest und darin keinen Text findet, bekommt den englischen. Eine Sprache ohne Texte entfällt.
conditions-english = Englisch
conditions-german = Deutsch
conditions-language-new = Weitere Sprache
conditions-language-of = Sprache: <bdi>{ $tag }</bdi>
conditions-language = Kürzel der Sprache
conditions-language-hint = Zum Beispiel <code>fr</code> oder <code>pt-BR</code>. Um eine Sprache zu entfernen, leeren Sie ihre Texte.
conditions-language-add = Sprache hinzufügen
conditions-label = Bezeichnung
conditions-label-hint = Wofür man sich anmeldet, zum Beispiel „Personal des Archivs“. Fehlt der Name Ihrer Einrichtung, wird er ergänzt.
conditions-heading = Überschrift
conditions-heading-hint = Steht über dem Hinweis.
conditions-note = Hinweis
conditions-note-hint = Wer das sehen darf und wie, oder Ihre Nutzungsbedingungen. Leerzeilen trennen Absätze.
conditions-confirm = Text des Knopfes
conditions-confirm-hint = Zum Beispiel „Anmelden“ oder „Ich stimme zu“. Bleibt er leer, steht dort der übliche.
conditions-error-heading = Überschrift, wenn es scheitert
conditions-error-heading-hint = Steht über dem nächsten Hinweis.
conditions-error-note = Hinweis, wenn es scheitert
conditions-error-note-hint = Was jemand ohne Zugang tun kann, zum Beispiel wen man fragt.

conditions-everybody = Was alle davon sehen dürfen
conditions-everybody-about = Von Bildern, die diese Bedingung schützt, gleich was ein Besucher erfüllt.
conditions-thumbnail-px = Vorschaubilder bis (Pixel)
conditions-thumbnail-px-hint = Bis zu dieser langen Seite ist das ganze Bild für alle zugänglich, zum Beispiel 200.
conditions-thumbnail-sizes = Oder Vorschaubilder nur in diesen Größen
conditions-thumbnail-sizes-hint = Lange Seiten in Pixeln, durch Kommas getrennt, zum Beispiel 100, 200.
conditions-substitute-px = Ersatzbild bis (Pixel)
conditions-substitute-px-hint = Viewer zeigen stattdessen ein kleineres Bild, dessen lange Seite höchstens so groß ist, zum Beispiel 800.
conditions-networks = Netze
conditions-networks-hint = Wer von dort kommt, erfüllt die Bedingung ohne Anmeldung. Eines je Zeile, zum Beispiel 192.0.2.0/24 oder 2001:db8::/32.

conditions-save = Speichern
conditions-preview = Vorschau
conditions-preview-title = Was Viewer zeigen
conditions-preview-about = Jemandem ohne Zugang: zuerst die Frage, dann das, was dort steht, wenn der Zugang weiterhin fehlt. Viewer zeigen die englischen Texte in ihren eigenen Farben; die Beschriftung ihrer eigenen Knöpfe stammt von ihnen.
conditions-preview-silent = Hier fragen Viewer nichts: Sie versuchen es von selbst und zeigen nur dann einen Text, wenn das scheitert.
conditions-preview-nothing = Viewer zeigen davon nichts, denn ein Besucher könnte nichts tun.

conditions-faulty = { $count ->
    [one] Bitte sehen Sie sich ein Feld noch einmal an. Es wurde nichts gespeichert.
   *[other] Bitte sehen Sie sich { $count } Felder noch einmal an. Es wurde nichts gespeichert.
}
conditions-fault-name-missing = Bitte geben Sie einen Namen an.
conditions-fault-name-long = Dieser Name ist zu lang; erlaubt sind { $most } Zeichen.
conditions-fault-name-slug = Bitte nehmen Sie nur Kleinbuchstaben von a bis z, Ziffern und Bindestriche und beginnen Sie mit einem Buchstaben oder einer Ziffer, zum Beispiel <code>library-staff</code>.
conditions-fault-name-double = Die Bedingung <code>{ $name }</code> gibt es schon.
conditions-fault-deceptive = Hier stehen Zeichen, die sich nicht anzeigen lassen oder die Schreibrichtung umkehren. Bitte tippen Sie den Text neu.
conditions-fault-long = Dieser Text ist zu lang; erlaubt sind { $most } Zeichen.
conditions-fault-pattern = Bitte wählen Sie eine dieser Möglichkeiten.
conditions-fault-language-missing = Welche Sprache ist das? Bitte geben Sie ihr Kürzel an.
conditions-fault-language = Das ist kein Kürzel einer Sprache. Bitte schreiben Sie eines wie <code>fr</code> oder <code>pt-BR</code>.
conditions-fault-language-double = Diese Sprache steht schon weiter oben.
conditions-fault-english = In einer anderen Sprache steht hier ein Text. Bitte ergänzen Sie den englischen; ihn bekommen alle, für die es keinen anderen gibt.
conditions-fault-label = Wo man sich anmeldet, wird eine englische Bezeichnung gebraucht.
conditions-fault-heading = Der Hinweis darunter braucht eine englische Überschrift: Viewer zeigen keinen Hinweis ohne sie.
conditions-fault-pixels = Bitte schreiben Sie eine ganze Zahl von 1 bis { $most }.
conditions-fault-sizes = Bitte schreiben Sie ganze Zahlen von 1 bis { $most }, durch Kommas getrennt.
conditions-fault-sizes-many = Das sind zu viele Größen; erlaubt sind { $most }.
conditions-fault-sizes-both = Bitte füllen Sie nur eines der beiden Felder für Vorschaubilder aus.
conditions-fault-network = <code>{ $line }</code> ist kein Netz. Bitte schreiben Sie es wie <code>192.0.2.0/24</code> oder <code>2001:db8::/32</code>.
conditions-fault-network-length = <code>{ $line }</code>: Die Adresse passt nicht zur Länge. Ist <code>{ $meant }</code> gemeint?
conditions-fault-network-address = <code>{ $line }</code> ist eine einzelne Adresse. Bitte schreiben Sie dafür <code>{ $meant }</code>.
conditions-fault-networks-many = Das sind zu viele Netze; erlaubt sind { $most }.

conditions-stale = Jemand anderes hat diese Bedingung geändert, seit Sie sie geöffnet haben. Es wurde noch nichts gespeichert. Sehen Sie sich an, was jetzt anders ist, und speichern Sie erneut.
conditions-stale-emptied = jetzt leer
conditions-stale-yours = das haben Sie ebenfalls geändert; Ihr Text steht noch im Formular und würde ihn ersetzen
conditions-stale-theirs = ins Formular übernommen
conditions-gone = Die Bedingung <strong>{ $name }</strong> hat jemand anderes gelöscht. Was Sie getippt haben, ist noch da: Wenn Sie es speichern, entsteht eine neue Bedingung dieses Namens, die keine Regel und kein Konto hat.
conditions-busy = Die Regeln werden gerade neu gelesen, oder jemand anderes ändert sie in diesem Augenblick. Es wurde nichts gespeichert; bitte speichern Sie in einer Minute erneut.
conditions-broken = Tests Ihrer Policy würden scheitern, deshalb wurde nichts gespeichert:
conditions-unlawful = Das lässt sich nicht speichern:
conditions-held = { $accounts ->
    [0] Kein Konto hat sie,
    [one] Ein Konto hat sie,
   *[other] { $accounts } Konten haben sie,
} { $devices ->
    [0] kein Rechner ist für sie eingerichtet:
    [one] ein Rechner ist für sie eingerichtet:
   *[other] { $devices } Rechner sind für sie eingerichtet:
} Was für alle oder für niemanden ist, kann niemand haben. Nehmen Sie sie dort zuerst weg.
conditions-too-many = Für eine weitere Bedingung ist kein Platz: Eine Datenbank kann im Lauf der Zeit 256 benennen, gelöschte eingeschlossen, denn deren Nummern in alten Cookies dürfen nie etwas anderes bedeuten. Den Namen einer gelöschten können Sie wieder verwenden.
conditions-unreadable-title = Das war nicht lesbar
conditions-unreadable = Das Formular ist nicht vollständig. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.

conditions-confirm-title = <code>{ $name }</code> würde etwas öffnen
conditions-confirm-rules = { $rules ->
    [one] Eine Regel nennt diese Bedingung.
   *[other] { $rules } Regeln nennen diese Bedingung.
}
conditions-confirm-about = Für alles, was sie schützt, wäre das neu:
conditions-confirm-unsaved = Noch ist nichts gespeichert.
conditions-confirm-save = Speichern und öffnen
conditions-confirm-back = Zurück zum Formular
conditions-opens-everybody = Alle werden es sehen, ohne Anmeldung.
conditions-opens-clickthrough = Wer den Bedingungen zustimmt, wird es sehen, ohne Anmeldung.
conditions-opens-kiosk = Wer an einem eingerichteten Rechner sitzt, wird es sehen.
conditions-opens-holders = Wer die Bedingung hat, wird es sehen; bisher sah es niemand.
conditions-opens-thumbnail = Alle werden Vorschaubilder bis { $pixels } Pixel sehen.
conditions-opens-thumbnails = Alle werden Vorschaubilder in diesen Größen sehen, in Pixeln: <bdi>{ $sizes }</bdi>.
conditions-opens-substitute = Alle werden Ersatzbilder bis { $pixels } Pixel sehen.
conditions-opens-networks = Wer aus diesen Netzen kommt, wird es sehen: <code>{ $networks }</code>.

conditions-remove = Bedingung löschen
conditions-remove-about = Dadurch öffnet sich nichts: Was nur durch sie zugänglich ist, wird gesperrt.
conditions-remove-look = Ansehen, was gesperrt würde
conditions-remove-title = <code>{ $name }</code> löschen?
conditions-remove-effect = Dadurch öffnet sich nichts. Regeln, die sie neben anderen nennen, behalten die anderen; Regeln, die nur sie nennen, werden für alle gesperrt.
conditions-remove-rules = Regeln, die sie nennen
conditions-remove-closed = davon dann gesperrt
conditions-remove-kept = davon behalten andere Bedingungen
conditions-remove-accounts = Konten, die sie verlieren
conditions-remove-devices = Rechner, die nicht mehr eingerichtet sind
conditions-remove-back = Das lässt sich nicht rückgängig machen: Legen Sie wieder eine Bedingung dieses Namens an, hat sie keine Regel, kein Konto und kein Rechner.
conditions-remove-not = Behalten
conditions-remove-changed = Seit Sie nachgesehen haben, hat sich etwas geändert. Bitte lesen Sie die Zahlen noch einmal.
conditions-remove-built-in = Diese Bedingung ist eingebaut und lässt sich nicht löschen.
conditions-remove-broken = { $tests ->
    [one] Sie lässt sich nicht löschen, weil ein Test Ihrer Policy scheitern würde. Ändern Sie zuerst den Test.
   *[other] Sie lässt sich nicht löschen, weil { $tests } Tests Ihrer Policy scheitern würden. Ändern Sie zuerst die Tests.
}
conditions-remove-default = Sie lässt sich nicht löschen, weil sie in den Einstellungen der Standard ist von: <strong>{ $mounts }</strong>. Nennen Sie dort zuerst einen anderen.

## Das Protokoll

audit-title = Protokoll
audit-intro = Wer was getan hat, das Neueste zuerst. Zeilen bleiben { $days } Tage, und jede ist mit der vorigen verkettet: Wer eine in der Datenbank ändert, fällt auf.
audit-who = Wer
audit-what = Was
audit-anything = alles
audit-subject = Woran
audit-subject-title = Woran
audit-subject-hint = Ein Teil eines Bezeichners, der Name einer Bedingung, die Nummer einer Regel.
audit-from = Vom Tag
audit-until = Bis zum Tag
audit-find = Suchen
audit-all = Alle zeigen
audit-none = Keine Zeile passt.
audit-empty = Es ist noch nichts geschehen.
audit-no-such-person = Jemanden dieses Namens gibt und gab es nicht.
audit-at = Wann
audit-details = Einzelheiten
audit-newest = Das Neueste
audit-earlier = Früher
audit-export = Als CSV exportieren
audit-export-hint = Die Zeilen, die passen, höchstens 100 000.
audit-no-export = Bitte berichtigen Sie zuerst die Tage und den Namen.
audit-verify = Prüfen
audit-verify-hint = Geht alle Zeilen durch und sagt, ob jede ist, wie sie geschrieben wurde.
audit-whole = Die Zeilen { $first } bis { $last } sind, wie sie geschrieben wurden. Die neueste hat die Prüfsumme <code>{ $head }</code>; das Log des Dienstes hält sie jede Stunde fest.
audit-broken = Das Protokoll ist nicht, wie es geschrieben wurde: <bdi lang="en">{ $fault }</bdi>
audit-by = <bdi>{ $name }</bdi>
audit-by-forgotten = jemand Vergessenes <code>{ $id }</code>
audit-by-command = Befehlszeile
audit-by-service = der Dienst selbst
audit-by-visitor = nicht angemeldet
audit-unknown = <code>{ $word }</code>
audit-group-rules = Regeln
audit-group-conditions = Bedingungen
audit-group-accounts = Konten
audit-group-policy = Importe des Regelwerks
audit-group-logins = Anmeldungen
audit-group-failed = misslungene Anmeldungen
audit-group-denied = Abweisungen
audit-group-passwords = Passwörter
audit-group-factors = zweite Faktoren
audit-group-sessions = Abmeldungen
audit-group-devices = Rechner in Lesesälen
audit-group-passes = Freigaben
audit-group-registrations = Bitten um ein Konto
audit-group-terms = angenommene Bedingungen
audit-account-make = hat ein Konto angelegt
audit-account-change = hat ein Konto geändert
audit-account-delete = hat ein Konto gelöscht
audit-account-restore = hat ein Konto wiederhergestellt
audit-account-erase = hat ein Konto getilgt
audit-account-import = hat Konten importiert
audit-account-export = hat alle Konten exportiert
audit-account-view-as = hat mit fremden Augen gesehen
audit-account-sign-out = hat ein Konto überall abgemeldet
audit-password-change = hat ein Passwort gesetzt
audit-password-link = hat einen Einmal-Link gemacht
audit-login = hat sich angemeldet
audit-login-fail = konnte sich nicht anmelden
audit-session-end = hat eine Anmeldung beendet
audit-second-factor-set = hat einen zweiten Faktor eingerichtet
audit-second-factor-remove = hat einen zweiten Faktor weggenommen
audit-second-factor-codes = hat neue Wiederherstellungscodes gemacht
audit-second-factor-recover = hat einen Wiederherstellungscode benutzt
audit-registration-ask = hat um ein Konto gebeten
audit-registration-approve = hat eine Bitte um ein Konto gewährt
audit-registration-refuse = hat eine Bitte um ein Konto abgelehnt
audit-condition-make = hat eine Bedingung angelegt
audit-condition-change = hat eine Bedingung geändert
audit-condition-delete = hat eine Bedingung gelöscht
audit-rule-make = hat eine Regel angelegt
audit-rule-change = hat eine Regel geändert
audit-rule-delete = hat eine Regel gelöscht
audit-rule-restore = hat eine Regel wiederhergestellt
audit-policy-replace = hat ein Regelwerk importiert
audit-device-make = hat einen Code für einen Rechner gemacht
audit-device-enrol = hat einen Rechner eingebucht
audit-device-revoke = hat einen Rechner ausgebucht
audit-pass-make = hat eine Freigabe gemacht
audit-pass-revoke = hat eine Freigabe widerrufen
audit-pass-redeem = hat eine Freigabe eingelöst
audit-terms-accept = hat Bedingungen angenommen
audit-access-deny = wurde abgewiesen
audit-audit-export = hat das Protokoll exportiert
audit-audit-prune = hat alte Zeilen des Protokolls entfernt
audit-store-renew = hat alle Anmeldungen beendet

## Der erste Besuch

setup-title = Willkommen bei Tilegate
setup-intro = Noch darf niemand verwalten. Legen Sie hier das erste Konto an, das verwaltet; dann gibt es diese Seite nicht mehr.
setup-code = Der Code aus dem Log
setup-code-hint = Der Dienst hat ihn beim Start in sein Log geschrieben: Suchen Sie nach „nobody may administer yet“, zum Beispiel mit <code>docker compose logs tilegate</code>.
setup-code-wrong = Das ist nicht der Code. Wurde der Dienst neu gestartet, dann steht ein neuer weiter unten im Log.
setup-make = Konto anlegen

## Regeln

rules-title = Regeln
rules-new = Neue Regel
rules-one = Regel { $number }
rules-deleted = Gelöschte Regeln
rules-deleted-none = In den letzten 30 Tagen wurde keine Regel gelöscht.
rules-search = Bezeichner oder Adresse
rules-search-hint = Ein Bezeichner oder sein Anfang, etwa letters/1931; oder die Adresse einer Kachel, einer info.json, eines Manifests oder einer Datei: Dann sehen Sie, welche Regeln dort gelten.
rules-no-address = Das ist keine Adresse eines Bildes, eines Manifests oder einer Datei von <code>{ $origin }</code>.
rules-mount = Bereich
rules-condition = Bedingung
rules-any = alle
rules-find = Suchen
rules-now = Jetzt verlangt:
rules-new-here = Neue Regel dafür
rules-candidates = Die Regeln, die dort gelten könnten, die genaueste zuerst:
rules-none-here = Keine Regel: Es gilt, was der Bereich von sich aus verlangt.
rules-none-fit = Keine Regel passt.
rules-none = Es gibt noch keine Regel: Es gilt, was jeder Bereich von sich aus verlangt. Legen Sie die erste an, oder importieren Sie ein Regelwerk.
rules-what = Was
rules-conditions = Verlangt
rules-dates = Wann
rules-note = Notiz
rules-decides = entscheidet
rules-from-until = ab { $from } bis { $until }
rules-from = ab { $from }
rules-until = bis { $until }
rules-over = vorbei seit { $until }
rules-url = Aus einer Adresse übernehmen
rules-url-hint = Fügen Sie die Adresse einer Kachel, einer info.json, eines Manifests oder einer Datei ein: Bereich und Bezeichner werden ausgefüllt.
rules-url-take = Ausfüllen
rules-identifier = Bezeichner
rules-identifier-hint = Dekodiert, Abschnitte durch / verbunden, ohne die Adresse des Bereichs. Leer: der ganze Bereich.
rules-match = Worum es geht
rules-match-prefix = dies und alles darunter
rules-match-exact = dies allein
rules-needs = Was verlangt wird
rules-needs-hint = Wer eine davon erfüllt, bekommt es. Die genaueste Regel entscheidet, was auch andere sagen.
rules-field-from = Ab
rules-field-until = Bis
rules-from-hint = Der erste Tag, an dem die Regel gilt (Mitternacht UTC).
rules-until-hint = Der erste Tag, an dem sie nicht mehr gilt: Dann gilt die nächste, weniger genaue.
rules-may = Was damit erlaubt ist
rules-may-hint = Ohne Häkchen: alles.
rules-may-view = es im Viewer ansehen
rules-may-whole-image = das ganze Bild in einer Antwort bekommen
rules-may-whole-document = das ganze Dokument bekommen
rules-pixels = Größte Antwort, in Pixeln
rules-pixels-hint = Wie lang die lange Seite einer Antwort sein darf. Leer: so lang wie das Bild.
rules-look = Ansehen, was sich ändert
rules-remove = Diese Regel löschen
rules-fault-mount = Wählen Sie einen Bereich.
rules-fault-conditions = Wählen Sie mindestens eine. <code>closed</code> lässt niemanden ein, <code>open</code> alle.
rules-fault-until = Das liegt nicht nach dem Tag, ab dem die Regel gilt.
rules-fault-pixels = Geben Sie eine Zahl von Pixeln an, etwa 1200.
rules-meanwhile = Jemand anderes hat diese Regel inzwischen geändert. Was Sie eingegeben haben, steht noch da; darunter steht, was sie jetzt sagt.
rules-policy-meanwhile = Jemand anderes hat das Regelwerk inzwischen geändert. Sehen Sie sich die Wirkung noch einmal an, und speichern Sie.
rules-double = Regel { $number } sagt schon dasselbe.
rules-imported = Diese Regel wurde aus <code>{ $source }</code> importiert. Ändern Sie sie dort und importieren Sie neu, oder legen Sie eine Regel daneben an.
rules-broken = Nichts wurde gespeichert, weil Prüfungen des Regelwerks fehlschlügen:
rules-unlawful = Nichts wurde gespeichert:
rules-busy = Das Regelwerk wird gerade gelesen. Bitte versuchen Sie es in einer Minute noch einmal.
rules-confirm-add = Diese Regel anlegen?
rules-confirm-change = Diese Regel ändern?
rules-confirm-remove = Diese Regel löschen?
rules-effect-now = Jetzt verlangt
rules-effect-then = Von da an
rules-effect-same = Heute ändert sich nichts.
rules-effect-opens = Alle werden es sehen, ohne sich anzumelden.
rules-tests = { $tests ->
    [0] Das Regelwerk hat keine Prüfungen.
    [one] Die eine Prüfung des Regelwerks besteht.
   *[other] Alle { $tests } Prüfungen des Regelwerks bestehen.
}
rules-do = Ja, ausführen
rules-back = Zurück zum Formular
rules-saved = Regel { $number } ist gespeichert und gilt sofort.
rules-removed = Die Regel ist gelöscht. Unter „Gelöschte Regeln“ lässt sie sich 30 Tage lang wiederherstellen.
rules-restored = Die Regel ist wiederhergestellt, als Regel { $number }.
rules-confirm-restore = Diese Regel wiederherstellen?
rules-effect-day = Ab { $day }
rules-effect-instead = statt
rules-effect-left = Was sie verlässt
rules-effect-nowhere = Sie steht in keinem Bereich der Einstellungen und ändert deshalb nichts.
rules-effect-more = Mehr Menschen als jetzt bekommen es zu sehen.
rules-effect-others = Andere als jetzt bekommen es zu sehen, oder sie dürfen anderes damit tun.
rules-beginning = Regeln, deren Bezeichner so beginnt
rules-fault-identifier = Keine Anfrage an diesen Bereich hat einen solchen Bezeichner (<code>{ $reason }</code>).
rules-fault-identifier-long = Ein Bezeichner hat höchstens { $most } Bytes.
rules-fault-identifier-dots = Kein Bezeichner hat einen Abschnitt <code>.</code> oder <code>..</code>; schreiben Sie den Pfad ohne ihn.
rules-fault-identifier-escape = Schreiben Sie ihn dekodiert: <code>letters/1931</code> für <code>letters%2F1931</code>.
rules-fault-identifier-signs = Keine Anfrage mit <code>\</code> oder <code>;</code> wird je zugelassen.
rules-fault-identifier-empty = Ein leerer Bezeichner ist der ganze Bereich: Wählen Sie „dies und alles darunter“.

## Regeln aus einem Manifest

rules-manifest-link = Aus einem Manifest
rules-manifest-title = Regeln aus einem Manifest
rules-manifest-url = Adresse des Manifests
rules-manifest-read = Lesen
rules-manifest-not-ours = Das ist nicht die Adresse eines Manifests von <code>{ $origin }</code>.
rules-manifest-none = Unter dieser Adresse gibt es kein Manifest.
rules-manifest-unreadable = Der Server hinter dieser Adresse gibt kein lesbares Manifest. Das Log des Dienstes sagt mehr.
rules-manifest-cut = Dieses Manifest hat mehr Canvases, als hier Platz haben: Dies sind die ersten { $canvases }. Importieren Sie es für den Rest mit <code>tilegate policy import</code>.
rules-manifest-what = Das Ganze
rules-manifest-whole =
    { $canvases ->
        [one] der eine Canvas
       *[other] alle { $canvases } Canvases
    }
rules-manifest-beyond = reicht über das hinaus, was hier Platz hat
rules-manifest-beside = und was zum Ganzen gehört, etwa ein PDF
rules-manifest-ranges = Abschnitte
rules-manifest-canvases = Canvases
rules-manifest-elsewhere = nichts von uns
rules-manifest-nothing = Kreuzen Sie an, worum es geht: das Ganze, Abschnitte oder Canvases.
rules-manifest-already = Solche Regeln gibt es für all das schon.
rules-manifest-confirm = Diese Regeln anlegen?
rules-manifest-change =
    { $count ->
        [one] Ein Bild ändert sich:
       *[other] { $count } Bilder ändern sich:
    }
rules-manifest-same =
    { $count ->
        [one] Ein Bild bleibt heute, wie es ist.
       *[other] { $count } Bilder bleiben heute, wie sie sind.
    }
rules-manifest-saved =
    { $rules ->
        [one] Eine Regel ist gespeichert und gilt sofort.
       *[other] { $rules } Regeln sind gespeichert und gelten sofort.
    }

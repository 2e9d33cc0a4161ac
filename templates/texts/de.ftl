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

## The account

account-title = Ihr Konto
account-person = Sie sind als <strong>{ $person }</strong> angemeldet.
account-administrator = Sie sind als <strong>{ $person }</strong> angemeldet (mit Verwaltungsrechten).
account-nothing = Diesem Konto ist noch kein Zugang gewährt. Bitte wenden Sie sich an die Stelle, die diese Bilder betreut.
account-conditions = Was Sie sehen dürfen
account-administration = Verwaltung
account-nobody = Sie sind nicht angemeldet.
account-accepted = Bedingungen, denen Sie in diesem Browser zugestimmt haben
account-forget = Zustimmung vergessen

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

## The token service, in a frame of the viewer

token-title = Dienst für Zugriffstoken
token-no-origin = Der Viewer hat nicht gesagt, wo er läuft (Parameter „origin“), deshalb wurde keine Nachricht gesendet.

## Every page of the administration

site-title = Verwaltung
site-skip = Zum Inhalt springen
site-overview = Übersicht
site-explain = Erklären
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
overview-person = Sie sind als <strong>{ $person }</strong> angemeldet. Diese Seite zeigt den Stand der Dinge; geändert wird er mit dem Befehl <code>tilegate</code> auf dem Server.
overview-unusable = Das Regelwerk in der Datenbank ist nicht verwendbar: <bdi lang="en">{ $reason }</bdi>. Das vorige bleibt in Kraft. Berichtigen Sie Ihre Regelwerksdatei und importieren Sie sie noch einmal.
overview-next = Was als Nächstes zu tun ist
overview-no-mount-title = Festlegen, was geschützt werden soll
overview-no-mount = Es ist kein Mount eingestellt. Setzen Sie <code>TILEGATE_MOUNT_IMAGES</code> (<code>tilegate settings</code> erklärt es), starten Sie den Dienst neu und schreiben Sie die Einbindungen für NGINX mit <code>tilegate nginx-conf</code> neu.
overview-no-condition-title = Ein Regelwerk importieren
overview-no-condition = Es gibt noch keine Zugangsbedingung, also kann nichts für die einen geöffnet werden und für andere nicht. Schreiben Sie eine Regelwerksdatei mit Bedingungen und Regeln, und importieren Sie sie:
overview-in-compose = Mit Docker Compose:
overview-no-default-title = Die Bedingung <code>{ $condition }</code> anlegen
overview-no-default = Sie ist die Vorgabe des Mounts <strong>{ $mount }</strong>, und es gibt sie nicht. Bis es sie gibt, ist dort alles geschlossen, was keine Regel öffnet. Importieren Sie ein Regelwerk, das diese Bedingung hat, oder nennen Sie in <code>{ $setting }</code> eine andere und starten Sie den Dienst neu.
overview-homeless-title = Die Regeln für <code>{ $mount }</code> aufräumen
overview-homeless =
    { $rules ->
        [one] { $rules } Regel nennt den Mount <code>{ $mount }</code>, der nicht in den Einstellungen steht, und bewirkt nichts. Stellen Sie diesen Mount ein, oder importieren Sie ein Regelwerk ohne sie.
       *[other] { $rules } Regeln nennen den Mount <code>{ $mount }</code>, der nicht in den Einstellungen steht, und bewirken nichts. Stellen Sie diesen Mount ein, oder importieren Sie ein Regelwerk ohne sie.
    }
overview-accounts-title = Konten für Ihre Leserinnen und Leser anlegen
overview-accounts = Ihres ist das einzige Konto. Geben Sie jedem neuen Konto die Bedingungen, die es haben soll:
overview-accounts-later = Ihres ist das einzige Konto. Sobald es ein Regelwerk gibt, geben Sie jedem neuen Konto eine Bedingung daraus:
overview-accounts-password = Geben Sie das Passwort ein, dann die Eingabetaste und Strg-D.
overview-holds-nothing-title = Sich selbst Zugang geben
overview-holds-nothing = Sie haben keine Zugangsbedingung, deshalb bleiben geschützte Bilder auch für Sie geschlossen: Das Verwalten öffnet keine.
overview-holds-nothing-later = Sie haben keine Zugangsbedingung, deshalb bleiben geschützte Bilder auch für Sie geschlossen: Das Verwalten öffnet keine. Sobald es ein Regelwerk gibt:
overview-commands = Befehle brauchen die Einstellungen des Dienstes: Fügen Sie außerhalb von Docker <code>--env-file FILE</code> hinzu, wenn er so gestartet wurde. Mit Docker Compose beginnt jeder mit <code>docker compose exec tilegate</code>:
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

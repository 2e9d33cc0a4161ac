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
login-no-account = Noch kein Konto?
login-ask = Bitten Sie um eines.
login-no-match = Dieser Name und dieses Passwort passen zu keinem Konto.
login-busy = Gerade melden sich sehr viele Personen an. Bitte versuchen Sie es gleich noch einmal.
login-not-held = Sie sind als <bdi>{ $person }</bdi> angemeldet. Dieses Konto hat „<bdi>{ $condition }</bdi>“ nicht. Schließen Sie dieses Fenster, oder melden Sie sich mit einem anderen Konto an.
login-done-title = Angemeldet
login-done = Sie sind angemeldet. Dieses Fenster schließt sich von selbst; wenn nicht, können Sie es schließen.
close-locked = Bleiben die Bilder gesperrt?

## Asking for an account

register-title = Um ein Konto bitten
register-intro = Jemand aus der Verwaltung von <bdi>{ $organisation }</bdi> liest Ihre Bitte und entscheidet. Bis dahin haben Sie kein Konto.
register-name-hint = Was Sie zum Anmelden eingeben werden: ein Name oder eine E-Mail-Adresse. Groß und klein geschrieben ist dasselbe. Ist er schon vergeben, wird Ihnen ein anderer mitgeteilt.
register-message = Wer Sie sind, und warum
register-message-hint = Für die Verwaltung: Ihr Name, wie man Sie erreicht, und was Sie sehen möchten. Höchstens { $most } Zeichen.
register-message-long = Die Mitteilung ist länger als { $most } Zeichen.
register-send = Bitte absenden
register-no-mail = Sie bekommen keine E-Mail. Wenn es lange dauert, fragen Sie bitte persönlich nach.
register-sent-title = Ihre Bitte ist abgesandt
register-sent = Sobald sie gewährt ist, können Sie sich mit diesem Namen und Passwort anmelden. Sie bekommen keine E-Mail: Versuchen Sie es in ein paar Tagen, und wenn es lange dauert, fragen Sie bitte persönlich nach.
register-full-title = Es warten zu viele Bitten
register-full = Es warten so viele Bitten um ein Konto, dass im Moment keine weiteren angenommen werden. Bitte sagen Sie es <bdi>{ $organisation }</bdi>, oder versuchen Sie es an einem anderen Tag noch einmal.

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

## Neuroglancer on another site

neuroglancer-title = Neuroglancer erlauben?
neuroglancer-asks = Neuroglancer auf <strong>{ $origin }</strong> möchte die Daten hier lesen, die Sie sehen dürfen. Die Seiten dort könnten sie dann zeigen und behalten, was sie gelesen haben. Ändern könnten sie nichts.
neuroglancer-person = Sie sind als <strong>{ $person }</strong> angemeldet.
neuroglancer-guest = Sie sind nicht angemeldet, aber dieser Browser hat ohne Konto Zugang bekommen.
neuroglancer-passes =
    { $count ->
        [one] Mit einem Freigabe-Link, der hier geöffnet wurde.
       *[other] Mit { $count } Freigabe-Links, die hier geöffnet wurden.
    }
neuroglancer-until = Bis
neuroglancer-ends = Es endet früher, wenn Sie sich abmelden, Ihr Passwort ändern oder es auf der Seite Ihres Kontos beenden.
neuroglancer-ends-guest = Es endet früher, wenn Sie sich abmelden oder ein Freigabe-Link widerrufen wird.
neuroglancer-allow = Erlauben
neuroglancer-close = Fenster schließen
neuroglancer-no-opener = Kein Neuroglancer wartet auf eine Antwort: Diese Seite wurde nicht von einem geöffnet, oder seine Website trennt ihre Fenster von anderen. Schließen Sie dieses Fenster, und fordern Sie die Anmeldung in Neuroglancer noch einmal an.
neuroglancer-window = Das braucht ein eigenes Fenster.
neuroglancer-refused-title = Nicht von dort
neuroglancer-nobody = Ihr Browser sagt nicht, welche Seite dieses Fenster geöffnet hat; deshalb bekommt keine etwas. Schließen Sie es, und fordern Sie die Anmeldung in Neuroglancer an. Kommt diese Meldung wieder, verbirgt die Website von Neuroglancer oder der Browser, woher Sie kommen.
neuroglancer-unlisted = <bdi>{ $origin }</bdi> gehört nicht zu den Websites, die hier Zugang zu Daten bekommen dürfen. Bitte fragen Sie, wer sie betreut. Sie können dieses Fenster schließen.
neuroglancer-over-title = Bitte noch einmal anfordern
neuroglancer-over = Auf diese Antwort wartet kein Neuroglancer mehr: Sie wurde schon gegeben, es hat zu lange gedauert, oder ein anderes Fenster hat inzwischen gefragt. Schließen Sie dieses Fenster, und fordern Sie die Anmeldung in Neuroglancer noch einmal an.
neuroglancer-allowed-title = Erlaubt
neuroglancer-allowed = Neuroglancer schließt dieses Fenster. Wenn nicht, können Sie es schließen.

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
share-lasts = Das gilt, bis Sie sich abmelden, und höchstens einige Stunden. Öffnen Sie den Link danach erneut, falls er dann noch gilt.
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
overview-registrations-title =
    { $count ->
        [one] Eine Bitte um ein Konto wartet
       *[other] { $count } Bitten um ein Konto warten
    }
overview-registrations = Jemand bittet um ein Konto und kann sich erst anmelden, wenn Sie es gewähren.
overview-registrations-do = Lesen und entscheiden
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
overview-no-rule-title = Regeln anlegen
overview-no-rule = Noch gibt es keine Regel; also gilt überall, was bei der Einbindung voreingestellt ist. Eine Regel sagt, was für ein Bild oder alles unter einem Ordner nötig ist.
overview-no-rule-do = Regel anlegen
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
overview-month =
    { $changes ->
        [0] Nichts innerhalb von 30 Tagen.
        [one] { $changes } Änderung innerhalb von 30 Tagen.
       *[other] { $changes } Änderungen innerhalb von 30 Tagen.
    }
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
overview-passes = Gültige Pässe
overview-accounts-administrators = Davon mit Verwaltungsrechten
overview-accounts-without-password = Konten noch ohne Passwort
overview-mounts = Mounts
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
# Steht über allem anderen, wenn unter der Überschrift „Zustand“ etwas nicht stimmt.
overview-attention = Etwas braucht Ihre Aufmerksamkeit: siehe „Zustand“.
overview-demo = Dies ist eine Vorführung (<code>serve --demo</code>): Die Passwörter ihrer Konten kann jeder lesen. Verwenden Sie sie nicht für eigene Bilder.
overview-service = Der Dienst
overview-certificate = Zertifikat der öffentlichen Adresse
overview-certificate-none = kein TLS: nur zum Ausprobieren auf diesem Rechner
overview-certificate-unseen = ließ sich von hier aus nicht ansehen; ein Browser zeigt es
overview-certificate-until = gültig bis { $day }
overview-certificate-soon =
    { $days ->
        [one] endet in { $days } Tag, am { $day }: Erneuern Sie es jetzt, sonst verweigern Browser diese Website
       *[other] endet in { $days } Tagen, am { $day }: Erneuern Sie es jetzt, sonst verweigern Browser diese Website
    }
overview-certificate-over = abgelaufen am { $day }: Browser verweigern diese Website; erneuern Sie es
overview-keys = Schlüssel
overview-keys-none = keiner
overview-keys-one = einer, <code>{ $key }</code>
# Schlüssel haben einen Namen aus acht Zeichen, wie im Protokoll; er verrät nichts vom Schlüssel.
overview-keys-several =
    { $hours ->
        [one] <code>{ $key }</code> versiegelt, und <code>{ $older }</code> öffnet noch, was früher versiegelt wurde. Nehmen Sie ihn { $hours } Stunde, nachdem der neueste an den Anfang gesetzt wurde, aus <code>TILEGATE_KEYS</code>: Anmeldungen sind dann zu Ende. Noch darauf angewiesen sind Rechner eines Lesesaals, die davor eingerichtet wurden (richten Sie sie neu ein), und Personen mit Authenticator-App, die sich seither nicht angemeldet haben.
       *[other] <code>{ $key }</code> versiegelt, und <code>{ $older }</code> öffnet noch, was früher versiegelt wurde. Nehmen Sie ihn { $hours } Stunden, nachdem der neueste an den Anfang gesetzt wurde, aus <code>TILEGATE_KEYS</code>: Anmeldungen sind dann zu Ende. Noch darauf angewiesen sind Rechner eines Lesesaals, die davor eingerichtet wurden (richten Sie sie neu ein), und Personen mit Authenticator-App, die sich seither nicht angemeldet haben.
    }
overview-origins = Was hinter den Mounts steht
overview-origin-answers = antwortet
overview-origin-folder = NGINX antwortet für den Ordner
overview-origin-nginx = wird nur von NGINX gefragt: von hier aus keine Antwort. Werden auch keine Dateien ausgeliefert, prüfen Sie <code>{ $setting }</code>.
overview-origin-no-name = der Hostname führt zu keiner Adresse; berichtigen Sie ihn in <code>{ $setting }</code>
overview-origin-refused = abgewiesen: Dort hört niemand zu. Starten Sie den Bildserver, oder berichtigen Sie <code>{ $setting }</code>.
overview-origin-silent = keine Antwort innerhalb von 2 Sekunden; er ist überlastet, oder <code>{ $setting }</code> nennt den falschen Rechner
overview-origin-tls = kein TLS mit einem vertrauenswürdigen Zertifikat; erneuern Sie dieses, oder berichtigen Sie <code>{ $setting }</code>
overview-origin-no-socket = NGINX hört nicht auf seinem internen Socket: Binden Sie ein, was <code>tilegate nginx-conf --http</code> schreibt, laden Sie NGINX neu, und lassen Sie beide den Ordner <code>TILEGATE_NGINX_SOCKET_DIR</code> benutzen
overview-origin-denied = dieser Dienst darf den internen Socket von NGINX nicht benutzen; erlauben Sie ihm den Ordner <code>TILEGATE_NGINX_SOCKET_DIR</code>
overview-origin-behind = NGINX bekommt vom Bildserver keine Antwort; starten Sie ihn, oder berichtigen Sie <code>{ $setting }</code> und schreiben Sie die Einbindungen für NGINX neu
overview-origin-status = antwortet mit dem Fehler { $status }; sein Log sagt, warum
overview-origin-other = keine verständliche Antwort; das Log des Dienstes sagt, warum. Prüfen Sie <code>{ $setting }</code>.
overview-bucket-ahead = die Uhr dieses Rechners geht { $seconds } Sekunden vor der des Buckets, der Signaturen ab 900 Sekunden Unterschied ablehnt. Stellen Sie die Uhr, mit NTP.
overview-bucket-behind = die Uhr dieses Rechners geht { $seconds } Sekunden hinter der des Buckets, der Signaturen ab 900 Sekunden Unterschied ablehnt. Stellen Sie die Uhr, mit NTP.
overview-bucket-refuses = der Bucket nimmt nicht an, was mit seinem Schlüssel signiert ist; das Log des Dienstes sagt, was er geantwortet hat. Prüfen Sie <code>{ $setting }</code> und die Einstellungen daneben.

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

# What an explanation says.
explain-name = <code>{ $name }</code>
explain-name-link = <a href="{ $link }"><code>{ $name }</code></a>
explain-word = <bdi>{ $name }</bdi>
explain-word-link = <a href="{ $link }"><bdi>{ $name }</bdi></a>
explain-list = { $before }, { $next }
explain-or = { $before } oder { $next }
explain-and = { $before } und { $next }
explain-more-networks = { $before } (oder { $more ->
        [one] { $more } weiteren Netz
       *[other] { $more } weiteren Netzen
    })

explain-substitute = Das ist das Ersatzbild für <code>{ $identifier }</code> des Mounts <code>{ $mount }</code>, auf 1/{ $divisor } verkleinert.
explain-image = Das Bild ist <code>{ $identifier }</code> des Mounts <code>{ $mount }</code>.
explain-manifest = Das Manifest ist <code>{ $identifier }</code> des Mounts <code>{ $mount }</code>.
explain-file = Die Datei ist <code>{ $identifier }</code> des Mounts <code>{ $mount }</code>.
explain-object = Das Objekt ist <code>{ $identifier }</code> des Mounts <code>{ $mount }</code>.
explain-fetched = NGINX holt <code>{ $path }</code>.
explain-fetched-manifest = Tilegate holt <code>{ $path }</code>.
explain-would-fetch = Wäre es erlaubt, würde NGINX <code>{ $path }</code> holen.
explain-would-fetch-manifest = Wäre es erlaubt, würde Tilegate <code>{ $path }</code> holen.

explain-rule = <a href="{ $link }">Regel { $number }</a> ({ $rule })
explain-rule-number = <a href="{ $link }">Regel { $number }</a>
explain-rule-mount = der ganze Mount: { $conditions }
explain-rule-exact = genau <code>{ $identifier }</code>: { $conditions }
explain-rule-below = <code>{ $identifier }</code> und alles darunter: { $conditions }
explain-rule-from = { $rule }, ab { $from }
explain-rule-until = { $rule }, bis { $until }
explain-rule-for = { $rule }, zum { $operations }
explain-rule-pixels = { $rule }, in Antworten von höchstens { $pixels } Pixeln
explain-rule-imported = { $rule }, importiert aus <bdi>{ $source }</bdi>
explain-rule-noted = { $rule }, mit der Notiz „<bdi>{ $note }</bdi>“
explain-view = Ansehen
explain-whole-image = Abrufen des ganzen Bildes
explain-whole-document = Abrufen des ganzen Dokuments

explain-decides = Es entscheidet { $rule }.
explain-decides-below = Der Name kann für das stehen, was darunter liegt, und dort gibt es Regeln: Sie müssen alle erfüllt sein, unabhängig von ihren Daten, und dazu das, was für den Namen gilt.
explain-decides-default = Keine Regel trifft zu, deshalb entscheidet die Vorgabe des Mounts: { $condition }.
explain-decides-no-default = Keine Regel trifft zu, deshalb entscheidet die Vorgabe des Mounts: { $condition }. Diese Bedingung gibt es nicht; sie zählt deshalb als geschlossen.
explain-beside-together = Außerdem gibt es { $rule }; sie zählt ebenfalls: Alle müssen erfüllt sein.
explain-beside-not-begun = Außerdem gibt es { $rule }; sie hat noch nicht begonnen.
explain-beside-over = Außerdem gibt es { $rule }; sie ist vorbei.
explain-beside-less = Außerdem gibt es { $rule }; eine genauere hat Vorrang.
explain-more-rules = { $more ->
        [one] Und { $more } weitere Regel.
       *[other] Und { $more } weitere Regeln.
    }
explain-two-names = Für digilib sind <code>{ $identifier }</code> und <code>{ $base }</code> dasselbe Bild, deshalb müssen beide Namen erlaubt sein.

explain-visitor = Es geht um jemanden, der nicht angemeldet ist und { $count ->
        [0] keine Bedingung hat
       *[other] { $names } hat
    }.
explain-visitor-account = Es geht um das Konto { $account }, das { $count ->
        [0] keine Bedingung hat
       *[other] { $names } hat
    }.
explain-visitor-locked = Es geht um das Konto { $account }, das (weil es gesperrt ist, zählt nichts davon) { $count ->
        [0] keine Bedingung hat
       *[other] { $names } hat
    }.
explain-visitor-address = Die Adresse <bdi>{ $address }</bdi> hat von sich aus { $count ->
        [0] keine Bedingung
       *[other] { $names }
    }.

explain-allowed-held = Erlaubt (200): { $condition } genügt.
explain-allowed-pass = Erlaubt (200): Der Pass <code>{ $pass }</code> genügt.
explain-pass-alone = Vorgelegt wird der Pass <code>{ $pass }</code>; er gilt bei <code>{ $mount }</code> allein für <code>{ $identifier }</code>.
explain-pass-below = Vorgelegt wird der Pass <code>{ $pass }</code>; er gilt bei <code>{ $mount }</code> für <code>{ $identifier }</code> und alles darunter.
explain-pass-alone-other = Vorgelegt wird der Pass <code>{ $pass }</code>; er gilt bei <code>{ $mount }</code> allein für <code>{ $identifier }</code>, also nicht hierfür.
explain-pass-below-other = Vorgelegt wird der Pass <code>{ $pass }</code>; er gilt bei <code>{ $mount }</code> für <code>{ $identifier }</code> und alles darunter, also nicht hierfür.
explain-allowed-network = Erlaubt (200): { $condition } genügt, allein durch die Adresse.
explain-allowed-thumbnail = Erlaubt (200): Als Vorschaubild dieser Größe ist es offen für alle.
explain-allowed-substitute = Erlaubt (200): Dieses Ersatzbild dürfen alle haben.
explain-allowed-dry-run = Erlaubt (200), aber nur, weil der Mount im Probelauf ist (shadow={ $day }): Von diesem Tag an (UTC) ist { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig.
explain-allowed-open = Erlaubt (200): Es ist offen für alle.
explain-needs = Nicht erlaubt (401): Nötig ist { $count ->
        [one] { $names }
       *[other] eines von { $names }
    }.
explain-needs-login = Nicht erlaubt (401): Nötig ist { $count ->
        [one] { $names }
       *[other] eines von { $names }
    }. Eine Anmeldung, die das mitbringt, würde helfen.
explain-refused-no-mount = Abgelehnt (403): Die Adresse liegt in keinem Mount; diese beginnen mit { $prefixes } (<bdi>{ $reason }</bdi>). Es wurde keine Regel angesehen, und keine Anmeldung hilft.
explain-refused-not-iiif = Abgelehnt (403): Das ist keine IIIF-Adresse: Nach dem Namen des Bildes kommt info.json, oder Ausschnitt, Größe, Drehung und Qualität mit einem Format, zum Beispiel full/max/0/default.jpg (<bdi>{ $reason }</bdi>). Es wurde keine Regel angesehen, und keine Anmeldung hilft.
explain-refused-of-pass = Diese Adresse trägt das Geheimnis eines Passes und wird hier nicht nachgesehen: Fragen Sie nach der eigenen Adresse der Datei, mit der Kennung des Passes (<bdi>{ $reason }</bdi>).
explain-refused-uncertain = Abgelehnt (403): Die Adresse ist nicht eindeutig (<bdi>{ $reason }</bdi>). Es wurde keine Regel angesehen, und keine Anmeldung hilft.
explain-refused-not-advertised = Abgelehnt (403): Seine info.json nennt keinen solchen Ausschnitt und keine solche Größe (<bdi>{ $reason }</bdi>).
explain-refused-reduction = Abgelehnt (403): Bei einem Bild dieser Größe ist eine andere Verkleinerung das Ersatzbild.
explain-refused-no-substitute = Abgelehnt (403): Es gibt keines; keine Bedingung des Bildes hat ein <code>substitute_px</code>, oder das Bild selbst ist offen.
explain-depends-on-size = Das hängt von der Größe des Bildes ab, die hier nicht bekannt ist (<code>tilegate explain --size 4000x3000</code> gibt sie an): Alle dürfen es haben (200), wenn 1/{ $divisor } die erste der Verkleinerungen 1/2, 1/4, 1/8 und so weiter ist, bei der die lange Seite höchstens { $pixels } Pixel hat; sonst niemand (403).
explain-refused-size-unknown = Abgelehnt (403), solange die Größe des Bildes nicht bekannt ist: Es könnte größer sein, als erlaubt ist.
explain-refused-large = Abgelehnt (403): Keine Antwort darf auf einer Seite mehr als { $pixels } Pixel haben; keine Anmeldung hilft.
explain-refused-whole = Abgelehnt (403): Das Dokument ist nicht als Ganzes zu haben; keine Anmeldung hilft.
explain-refused-below = Abgelehnt (403): Was zusammen erfüllt sein muss, lässt niemanden übrig; fragen Sie stattdessen nach den einzelnen Bildern darunter.
explain-refused-together = Abgelehnt (403): Was zusammen erfüllt sein muss, lässt niemanden übrig; keine Anmeldung hilft.
explain-refused-closed = Abgelehnt (403): Es ist geschlossen für alle; keine Anmeldung hilft.

explain-less-login = Ohne Anmeldung wäre { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig (401).
explain-less-login-here = Ohne Anmeldung, von derselben Adresse aus, wäre { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig (401).
explain-less-address = Von einer anderen Adresse aus wäre { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig (401).
explain-less-both = Ohne Anmeldung und von einer anderen Adresse aus wäre { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig (401).
explain-less-login-refused = Ohne Anmeldung würde es abgelehnt (403).
explain-less-login-here-refused = Ohne Anmeldung, von derselben Adresse aus, würde es abgelehnt (403).
explain-less-address-refused = Von einer anderen Adresse aus würde es abgelehnt (403).
explain-less-both-refused = Ohne Anmeldung und von einer anderen Adresse aus würde es abgelehnt (403).
explain-unlocked = Wäre das Konto nicht gesperrt, wäre es erlaubt.
explain-holding-login = Ein Konto mit { $names } würde es sehen.
explain-holding-external = Ein Konto der Einrichtung mit { $names } würde es sehen.
explain-holding-terms = Wer den Nutzungsbedingungen von { $names } zustimmt, würde es sehen.
explain-holding-computer = Ein Computer, der für { $names } eingerichtet ist, würde es sehen.
explain-from-network = Von einer Adresse in { $networks } aus wäre es erlaubt.
explain-size-decides = Ob das Verlangte klein genug ist, hängt von der Größe des Bildes ab, die hier nicht bekannt ist.
explain-smaller = Das ganze Bild in einer Größe von höchstens { $pixels } Pixeln (<code>full/!{ $pixels },{ $pixels }/0/default.jpg</code>) wäre erlaubt.
explain-has-substitute = Ein Ersatzbild, dessen lange Seite höchstens { $pixels } Pixel hat, ist offen für alle.
explain-another-rule = Nur eine andere Regel würde daran etwas ändern.
explain-then-open = Ab { $day } ist es offen für alle ({ $events }).
explain-then-account = Ab { $day } darf <code>{ $name }</code> es sehen ({ $events }).
explain-then-visitor = Ab { $day } darf diese Person es sehen ({ $events }).
explain-then-needs = Ab { $day } ist { $count ->
        [one] { $names }
       *[other] eines von { $names }
    } nötig ({ $events }).
explain-then-closed = Ab { $day } ist es geschlossen für alle ({ $events }).
explain-then-refused = Ab { $day } wird es abgelehnt ({ $events }).
explain-dry-run-ends = der Probelauf endet
explain-rule-begins = <a href="{ $link }">Regel { $number }</a> beginnt
explain-rule-ends = <a href="{ $link }">Regel { $number }</a> endet

explain-make-rule = Eine Regel nur für <code>{ $identifier }</code> anlegen
explain-rules-below = Alle Regeln, deren Bezeichner mit <code>{ $identifier }</code> beginnt

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
accounts-registrations =
    { $count ->
        [0] Bitten
       *[other] Bitten ({ $count })
    }
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
account-link-use = Geben Sie diesen Link <strong>{ $name }</strong>, auf einem Weg, der niemanden sonst erreicht. Wer ihn öffnet, setzt das Passwort des Kontos. Sagen Sie auch den Kontonamen dazu: Der Link nennt ihn nicht.
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

## Bitten um ein Konto

registrations-title = Bitten um ein Konto
registrations-off = Zurzeit kann niemand um ein Konto bitten: <code>TILEGATE_SELF_REGISTRATION</code> ist <code>off</code>. Über frühere Bitten können Sie noch entscheiden.
registrations-none = Es wartet keine Bitte.
registrations-waiting =
    { $count ->
        [one] Eine Bitte wartet.
       *[other] { $count } Bitten warten, die älteste zuerst.
    }
registrations-hint = Nach 90 Tagen wird eine Bitte gelöscht. Niemand bekommt eine E-Mail: Sagen Sie der Person, was Sie entschieden haben.
registrations-asked = Gebeten am <time>{ $at }</time>
registrations-taken = Ein Konto dieses Namens gibt es schon.
registrations-same-name =
    { $count ->
        [one] Unter diesem Namen wartet { $count } Bitte.
       *[other] Unter diesem Namen warten { $count } Bitten.
    }
registrations-decide = Entscheiden
registrations-tick = Zum Ablehnen ankreuzen
registrations-refuse-ticked = Angekreuzte ablehnen
registrations-junk = Ist alles auf dieser Seite Unfug?
registrations-junk-hint =
    { $count ->
        [one] Die Bitte auf dieser Seite wird gelöscht, ob angekreuzt oder nicht.
       *[other] Alle { $count } Bitten auf dieser Seite werden gelöscht, ob angekreuzt oder nicht.
    }
registrations-junk-refuse = Alle auf dieser Seite ablehnen
registrations-none-ticked = Es war keine Bitte angekreuzt, und keine wurde abgelehnt.
registrations-refused =
    { $count ->
        [one] Die Bitte ist abgelehnt und gelöscht.
       *[other] { $count } Bitten sind abgelehnt und gelöscht.
    }
registrations-refused-some =
    { $count ->
        [0] Keine wurde abgelehnt: Über alle war inzwischen entschieden.
        [one] Eine Bitte ist abgelehnt und gelöscht; über die anderen war inzwischen entschieden.
       *[other] { $count } Bitten sind abgelehnt und gelöscht; über die anderen war inzwischen entschieden.
    }
registration-title = Eine Bitte um ein Konto
registration-heading = <bdi>{ $name }</bdi> bittet um ein Konto
registration-judge = Niemand hat geprüft, wer das ist. Jeder kann jeden Namen und jede Mitteilung schreiben.
registration-name-hint = Der erbetene Name. Wenn Sie ihn ändern, sagen Sie es der Person: Sie kann sich sonst nicht anmelden.
registration-name-taken = Ein Konto dieses Namens gibt es schon. Wählen Sie einen anderen Namen und sagen Sie ihn der Person, oder lehnen Sie ab.
registration-note-hint = Nur für die Verwaltung. Zuerst steht hier die Mitteilung, damit man später weiß, warum es dieses Konto gibt.
registration-approve = Gewähren und Konto anlegen
registration-approved = Das Konto <strong>{ $name }</strong> ist angelegt und gilt sofort, mit dem Passwort aus der Bitte.
registration-renamed = Das Konto <strong>{ $name }</strong> ist angelegt. Sagen Sie es der Person: Sie hat um <bdi>{ $asked }</bdi> gebeten und kann sich nur mit dem neuen Namen anmelden, mit dem Passwort aus der Bitte.
registration-refuse = Ablehnen
registration-refuse-hint = Eine abgelehnte Bitte wird gelöscht. Die Person erfährt es nicht und kann noch einmal bitten.
registration-decided-title = Schon entschieden
registration-decided = Diese Bitte wartet nicht mehr: Jemand anderes hat entschieden, oder sie war zu alt. Was daraus geworden ist, sagt <a href="{ $trail }">das Protokoll</a>.

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
import-then = Konten ohne Passwort brauchen einen Einmal-Link: Erstellen Sie ihn auf der Seite des Kontos, oder importieren Sie dieselbe Tabelle noch einmal und fordern Sie Links an.
import-links =
    { $accounts ->
        [one] Einmal-Link für das { $accounts } Konto ohne Passwort erstellen
       *[other] Einmal-Link für jedes der { $accounts } Konten ohne Passwort erstellen
    }
import-links-hint = Für jene dieser Tabelle, die neu sind oder noch kein Passwort haben und nicht gesperrt sind. Mit dem Link setzt jede Person es selbst, innerhalb einer Woche; ihre früheren Links enden. Sie erhalten alle in einer Datei, wenn der Import fertig ist.
import-links-title = Einmal-Links
import-links-use =
    { $links ->
        [one] { $links } Link wurde erstellt. Senden Sie ihn nur an die Person, für die er ist: Wer ihn hat, kann das Passwort setzen.
       *[other] { $links } Links wurden erstellt. Senden Sie jeden nur an die Person, für die er ist: Wer ihn hat, kann das Passwort setzen.
    }
import-links-fetch = Links abholen (CSV)
import-links-once = Das geht einmal, in diesem Browser und bis { $until }: Die Links werden nirgends aufbewahrt. Löschen Sie die Datei, wenn sie versandt sind.
import-links-gone-title = Die Links sind nicht mehr hier
import-links-gone = Sie wurden schon abgeholt, oder eine Viertelstunde ist vorbei, oder Sie haben sich neu angemeldet. Importieren Sie dieselbe Tabelle noch einmal und fordern Sie Links an: Wer noch kein Passwort hat, bekommt einen neuen.
import-links-wait = Es warten so viele Links früherer Importe auf Abholung, dass für diese kein Platz ist. Holen Sie sie ab, oder warten Sie eine Viertelstunde. Es wurde nichts getan.
import-unknown-title = Dieser Import ist hier nicht bekannt
import-unknown = Vielleicht lief er auf einer anderen Instanz dieses Dienstes: Laden Sie die Seite neu, bis jene antwortet. Oder er war von jemand anderem, oder der Dienst wurde seither neu gestartet. Die Liste der Konten zeigt, was getan wurde; ein Import geschieht ganz oder gar nicht. Für Links importieren Sie dieselbe Tabelle noch einmal: Wer noch kein Passwort hat, bekommt einen neuen.
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
own-viewer = Neuroglancer auf <bdi>{ $origin }</bdi>
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
own-link-intro = Wählen Sie das Passwort, mit dem Sie sich anmelden werden. Dieser Link kann einmal benutzt werden. Den Kontonamen dazu sagt Ihnen, wer Ihnen den Link gegeben hat.
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
conditions-saved = <strong>{ $name }</strong> ist gespeichert und gilt sofort, wo eine Regel sie nennt.
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

## Pässe

passes-title = Pässe
passes-intro = Ein Pass zeigt einen Teil eines Mounts, ohne Konto, wem immer er gegeben wird – bis er endet oder widerrufen wird.
passes-new = Neuer Pass
passes-search = Bezeichner, Notiz oder ID
passes-state = Zustand
passes-state-any = beliebig
passes-state-active = gültig
passes-state-over = vorbei
passes-state-making = anderer Anwendungen
passes-found =
    { $count ->
        [0] Kein Pass.
        [one] Ein Pass.
       *[other] { $count } Pässe.
    }
passes-all = Alle zeigen
passes-for = Wofür
passes-gives-column = Steht für
passes-used = Zuletzt benutzt
passes-never = nie
passes-for-one = <code>{ $identifier }</code> allein (<bdi>{ $mount }</bdi>)
passes-for-below = <code>{ $identifier }</code> und alles darunter (<bdi>{ $mount }</bdi>)
passes-for-all = der ganze Mount <bdi>{ $mount }</bdi>
passes-gives-all = was immer verlangt wird
# $conditions: their labels.
passes-gives = <bdi>{ $conditions }</bdi>
passes-gives-making = öffnet nichts: stellt Pässe aus
passes-up-to = (bis { $pixels } Pixel)
passes-is-active = gültig bis { $until }
passes-is-counted =
    { $uses ->
        [0] gültig bis { $until } für alle, die ihn eingelöst haben; der Link ist verbraucht
        [one] gültig bis { $until }; der Link gilt noch einmal
       *[other] gültig bis { $until }; der Link gilt noch { $uses }-mal
    }
passes-is-expired = abgelaufen { $at }
passes-is-revoked = widerrufen { $at }
passes-is-of-a-backup = beendet, als eine Sicherung eingespielt wurde
passes-one = Pass
passes-id = ID
passes-made = Ausgestellt
passes-by-application = von einer Anwendung
passes-made-with-it =
    { $count ->
        [0] Noch kein Pass wurde damit ausgestellt
        [one] Der Pass, der damit ausgestellt wurde
       *[other] Die { $count } Pässe, die damit ausgestellt wurden
    }
passes-audit = Was damit geschah
passes-revoke = Widerrufen
passes-revoke-hint = Er gilt sofort nicht mehr, auch nicht für alle, die ihn eingelöst haben. Das lässt sich nicht rückgängig machen; stellen Sie stattdessen einen neuen aus.
passes-revoke-all-hint =
    { $count ->
        [0] Die Anwendung kann keine Pässe mehr ausstellen. Das lässt sich nicht rückgängig machen.
        [one] Die Anwendung kann keine Pässe mehr ausstellen, und auch der damit ausgestellte endet. Das lässt sich nicht rückgängig machen.
       *[other] Die Anwendung kann keine Pässe mehr ausstellen, und auch die { $count } damit ausgestellten enden. Das lässt sich nicht rückgängig machen.
    }
passes-revoked = Widerrufen: { $spot }
passes-no-mounts = Es gibt noch keinen Mount, und so nichts, wofür ein Pass sein könnte. Fügen Sie den Einstellungen einen hinzu (<code>TILEGATE_MOUNT_…</code>).
passes-identifier-hint = Wie in einer Regel: Abschnitte mit / verbunden, ohne das Präfix des Mounts. Leer: der ganze Mount.
passes-kind = Für wen er ist
passes-kind-token = Programme und Menschen: ein Token, und ein Link, der beliebig oft gilt
passes-kind-link = nur Menschen: ein Link, der einige Male gilt
passes-kind-making = eine andere Anwendung, die damit Pässe für ihre eigenen Leute ausstellt
passes-uses = Wie oft der Link gilt
passes-uses-when = (nur für einen Link)
passes-life = Er endet nach
passes-life-hours = 8 Stunden
passes-life-day = einem Tag
passes-life-week = einer Woche
passes-life-month = 30 Tagen
passes-life-quarter = 90 Tagen
passes-life-year = einem Jahr
passes-until = oder an diesem Tag
passes-until-hint = Um 0:00 UTC des Tages. Ist er ausgefüllt, gilt er.
passes-conditions = Steht für
passes-conditions-hint = Kreuzen Sie nichts an, dann genügt er für alles, was dort verlangt wird. Was geschlossen ist, bleibt in jedem Fall geschlossen.
passes-pixels = Keine Antwort größer als
passes-pixels-hint = Pixel je Seite, mindestens 1024. Mit einer Grenze wird keine Datei geöffnet, weil niemand weiß, wie groß sie ist.
passes-note-hint = Wofür er ist, oder wem er gegeben wurde.
passes-make = Pass ausstellen
passes-is-made = Der Pass ist ausgestellt
passes-once = Das Folgende wird nur dieses eine Mal gezeigt. Wer es hat, sieht, wofür der Pass ist; schicken Sie es also auf einem Weg, der niemand anderen erreicht.
passes-link = Link für Menschen
passes-link-hint = Er öffnet eine Seite mit einem Knopf. Mit <code>?to=/pfad/dieser/site</code> geht es weiter zu einem Viewer oder einem Manifest.
passes-token = Token für Programme: <code>Authorization: Bearer …</code>
passes-token-making = Token für die Anwendung, die an <code>{ $address }</code> schickt: <code>Authorization: Bearer …</code>
passes-secret = Das Geheimnis allein, als Passwort von HTTP Basic mit beliebigem Benutzernamen
passes-carried = Adresse, die ihn enthält
passes-carried-hint = Für ein Programm, das nichts als eine Adresse schicken kann, wie BIIGLE: Unter dieser Adresse liegt, wofür er ist.
passes-kept = Ich habe es verwahrt
passes-fault-pixels = Schreiben Sie eine Zahl von Pixeln, mindestens { $least }, oder lassen Sie das Feld leer.
passes-fault-uses = Schreiben Sie, wie oft der Link gilt, mindestens { $least }.
passes-fault-identifier = Nichts in diesem Mount kann so heißen.
passes-fault-borrows = Dieser Mount hat die Regeln von <bdi>{ $mount }</bdi>. Stellen Sie den Pass für jenen aus; er gilt in beiden.
passes-fault-past = Dieser Tag hat schon begonnen. Wählen Sie einen späteren.
passes-fault-far = Ein Pass endet innerhalb von zehn Jahren.

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
audit-by-visitor = Besucher
audit-by-pass = eine Anwendung, mit dem Pass <code>{ $id }</code>
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
audit-group-viewers = Viewer auf anderen Websites
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
audit-viewer-allow = hat einem Viewer das Lesen erlaubt
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
rules-mount = Mount
rules-condition = Bedingung
rules-any = alle
rules-find = Suchen
rules-now = Jetzt verlangt:
rules-new-here = Neue Regel dafür
rules-candidates = Die Regeln, die dort gelten könnten, die genaueste zuerst:
rules-none-here = Keine Regel: Es gilt, was der Mount von sich aus verlangt.
rules-none-fit = Keine Regel passt.
rules-none = Es gibt noch keine Regel: Es gilt, was jeder Mount von sich aus verlangt. Legen Sie die erste an, oder importieren Sie ein Regelwerk.
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
rules-url-hint = Fügen Sie die Adresse einer Kachel, einer info.json, eines Manifests oder einer Datei ein: Mount und Bezeichner werden ausgefüllt.
rules-url-take = Ausfüllen
rules-identifier = Bezeichner
rules-identifier-hint = Dekodiert, Abschnitte durch / verbunden, ohne die Adresse des Mounts. Leer: der ganze Mount.
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
rules-fault-mount = Wählen Sie einen Mount.
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
rules-effect-elsewhere = Auf <bdi>{ $mount }</bdi>, wo dieselben Regeln gelten
rules-effect-left = Was sie verlässt
rules-effect-nowhere = Sie steht in keinem Mount der Einstellungen und ändert deshalb nichts.
rules-effect-more = Mehr Menschen als jetzt bekommen es zu sehen.
rules-effect-others = Andere als jetzt bekommen es zu sehen, oder sie dürfen anderes damit tun.
rules-beginning = Regeln, deren Bezeichner so beginnt
rules-fault-condition = Die Bedingung <code>{ $name }</code> gibt es nicht mehr. Wählen Sie eine andere.
rules-fault-view = Wer das Ganze bekommen darf, darf es auch ansehen: Setzen Sie auch dieses Häkchen, oder keines.
rules-fault-pixels-alone = Das betrifft das ganze Bild in einer Antwort: Setzen Sie oben dieses Häkchen, oder lassen Sie dieses Feld leer.
rules-fault-identifier = Keine Anfrage an diesen Mount hat einen solchen Bezeichner (<code>{ $reason }</code>).
rules-fault-identifier-long = Ein Bezeichner hat höchstens { $most } Bytes.
rules-fault-identifier-dots = Kein Bezeichner hat einen Abschnitt <code>.</code> oder <code>..</code>; schreiben Sie den Pfad ohne ihn.
rules-fault-identifier-escape = Schreiben Sie ihn dekodiert: <code>letters/1931</code> für <code>letters%2F1931</code>.
rules-fault-identifier-address = Das ist eine Adresse. Fügen Sie sie oben ein und drücken Sie den Knopf darunter.
rules-fault-identifier-signs = Keine Anfrage mit <code>\</code> oder <code>;</code> wird je zugelassen.
rules-fault-identifier-empty = Ein leerer Bezeichner ist der ganze Mount: Wählen Sie „dies und alles darunter“.

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

## Tests of the policy that would fail

broken-elsewhere = Test { $number } (<bdi>{ $url }</bdi>): Seine Adresse ist keine von <bdi>{ $origin }</bdi>
broken-time = Test { $number } (<bdi>{ $url }</bdi>): Sein <code>at</code> ist weder ein Tag noch ein Zeitpunkt nach RFC 3339
broken-condition = Test { $number } (<bdi>{ $url }</bdi>): Die Bedingung <code>{ $name }</code> gibt es nicht
broken-size = Test { $number } (<bdi>{ $url }</bdi>): Das hängt von der Größe des Bildes ab; geben Sie dem Test <code>width</code> und <code>height</code>
broken-another = Test { $number } (<bdi>{ $url }</bdi>): erwartet ist „{ $expected }“, es käme „{ $got }“ (<bdi>{ $reason }</bdi>)
broken-allow = erlaubt
broken-challenge = Anmeldung nötig
broken-refuse = abgelehnt

### Was die Seiten sagen, auf Deutsch.

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
conditions-opens-thumbnails = Alle werden Vorschaubilder in diesen Größen sehen, in Pixeln: { $sizes }.
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

### Was die Seiten sagen, auf Deutsch.

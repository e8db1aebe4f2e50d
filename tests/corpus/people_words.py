"""The words people_grammar.py puts together: names, streets, places, dates, as people write them."""
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
          "November", "Dezember")
SHORT = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")

# How a birth date is written. `{d}` … `{yy}`: without, `{dd}`, `{mm}`: with a leading nought.
DATES = {
    "dotted": "{dd}.{mm}.{y}", "short": "{d}.{m}.{yy}", "plain": "{d}.{m}.{y}", "spaced": "{d}. {m}. {y}",
    "month": "{d}. {month} {y}", "abbreviated": "{d}. {short} {y}", "tight": "{d}.{month} {y}",
    "slashed": "{dd}/{mm}/{y}", "iso": "{y}-{mm}-{dd}", "apostrophe": "{d}.{m}.'{yy}", "dashed": "{dd}-{mm}-{y}",
    "two digits": "{dd}.{mm}.{yy}", "month short year": "{d}. {month} {yy}", "no dot": "{d} {month} {y}",
}

# A street's kind: as it is written in a line, and behind "ich wohne" in a sentence.
STREETS = {
    "straße": ("Vinckestraße", "in der Vinckestraße"), "str": ("Hagener Str.", "in der Hagener Str."),
    "str together": ("Baarstr.", "in der Baarstr."), "adjective straße": ("Lange Straße", "in der Langen Straße"),
    "origin straße": ("Schlesische Straße", "in der Schlesischen Straße"), "weg": ("Birkenweg", "im Birkenweg"),
    "adjective weg": ("Grüner Weg", "im Grünen Weg"), "town weg": ("Oestricher Weg", "im Oestricher Weg"),
    "platz": ("Schillerplatz", "am Schillerplatz"), "am": ("Am Dicken Turm", "Am Dicken Turm"),
    "am one": ("Am Kirchberg", "am Kirchberg"), "an der": ("An der Schlacht", "An der Schlacht"),
    "an den": ("An den Teichen", "an den Teichen"), "auf der": ("Auf der Emst", "auf der Emst"),
    "auf dem": ("Auf dem Brink", "Auf dem Brink"), "im": ("Im Wiesengrund", "im Wiesengrund"),
    "in der": ("In der Bredde", "In der Bredde"), "zum": ("Zum Volksgarten", "Zum Volksgarten"),
    "zur": ("Zur Sonnenhöhe", "Zur Sonnenhöhe"), "unter": ("Unter den Linden", "Unter den Linden"),
    "hinter": ("Hinter der Kirche", "Hinter der Kirche"), "gasse": ("Kluse-Gasse", "in der Kluse-Gasse"),
    "ring": ("Bömbergring", "im Bömbergring"), "allee": ("Kastanienallee", "in der Kastanienallee"),
    "wall": ("Ostwall", "Ostwall"), "kamp": ("Tannenkamp", "im Tannenkamp"), "hof": ("Lindenhof", "im Lindenhof"),
    "ufer": ("Lenneufer", "am Lenneufer"), "hang": ("Südhang", "Südhang"), "berg": ("Nußberg", "Nußberg"),
    "person": ("Karl-Arnold-Straße", "in der Karl-Arnold-Straße"), "doctor": ("Dr.-Kuhlo-Weg", "im Dr.-Kuhlo-Weg"),
    "saint": ("St.-Pankratius-Platz", "am St.-Pankratius-Platz"),
    "noble": ("Von-Scheibler-Straße", "in der Von-Scheibler-Straße"),
    "platz der": ("Platz der Republik", "am Platz der Republik"), "two": ("Alter Markt", "Alter Markt"),
    "two kamp": ("Breiter Kamp", "Breiter Kamp"), "bare": ("Hegestück", "Hegestück"), "bare two": ("Obere Mühle", "Obere Mühle"),
    "manor": ("Haus Ortlohn", "Haus Ortlohn"), "garten": ("Kleiner Rosengarten", "Kleiner Rosengarten"),
    "small": ("stennerstr.", "stennerstr."),
}
NUMBERS = ("7", "112", "12a", "12 a", "3-5", "14/16", "8 B", "5c", "21")

# A place, and of it code and town as they shall be read.
PLACES = {
    "code town": ("58636 Iserlohn", "58636", "Iserlohn"), "other town": ("58706 Menden", "58706", "Menden"),
    "D": ("D-58638 Iserlohn", "58638", "Iserlohn"), "town": ("Iserlohn", None, "Iserlohn"),
    "part alone": ("Letmathe", None, "Letmathe"), "part hyphen": ("58642 Iserlohn-Letmathe", "58642", "Iserlohn-Letmathe"),
    "part code": ("58640 Kalthof", "58640", "Kalthof"), "code": ("58644", "58644", None),
    "town code": ("Iserlohn 58636", "58636", "Iserlohn"), "far": ("59846 Sundern (Sauerland)", "59846", "Sundern (Sauerland)"),
    "river": ("59755 Neheim", "59755", "Neheim"), "two words": ("58791 Bad Berleburg", "58791", "Bad Berleburg"),
    "part bracket": ("58640 Iserlohn (Sümmern)", "58640", "Iserlohn"),
    "double": ("58769 Nachrodt-Wiblingwerde", "58769", "Nachrodt-Wiblingwerde"),
}

WOMEN = ("Petra", "Sabine", "Gudrun", "Annika", "Leonie", "Wiebke", "Maren", "Irmgard", "Svenja", "Hanna", "Emilia",
         "Frieda", "Christa", "Merle", "Johanna", "Katrin", "Ulrike", "Ilse", "Tabea", "Nele")
MEN = ("Karl", "Thomas", "Jürgen", "Bernd", "Jonas", "Felix", "Heinz", "Lukas", "Finn", "Ludger", "Matthias", "Paul",
       "Rainer", "Tobias", "Ole", "Emil", "Henning", "Werner", "Sven", "Anton")
RARE_WOMEN, RARE_MEN = ("Thorgund", "Mathea", "Benedetta", "Oyku", "Runa"), ("Elvedin", "Yorick", "Zdenko", "Ignatz", "Tjark")
SURNAMES = ("Müller", "Brockhagen", "Wenzel", "Kaczmarek", "Lüsebrink", "Thiemann", "Sommer", "Dahlhoff", "Pölking",
            "Rademacher", "Schürkamp", "Vogt", "Kortenbusch", "Hülsmann", "Oberste-Dommes", "Grothe", "Kissing",
            "Ebert", "Frieling", "Wortmann", "Nolte", "Stracke", "Tigges", "Quast", "Bieker", "Rüther", "Langenbruch")
TELLING = ("Koch", "Winter", "Berg", "Lange", "Jung", "Freitag", "Weber", "Stein", "Paul", "Werner", "Voss")
FOREIGN_WOMEN = (("Ayşe", "Yıldırım"), ("Fatima", "El Amrani"), ("Agnieszka", "Wiśniewska"), ("Giulia", "Di Lorenzo"),
                 ("Dragana", "Petrović"), ("Björk", "Jónsdóttir"))
FOREIGN_MEN = (("Oleksandr", "Kovalenko"), ("Mehmet", "Öztürk"), ("João", "da Silva"), ("Ahmad", "Al-Hassan"),
               ("Suresh", "Ramanathan"), ("Van Minh", "Nguyen"))
NOBLE = ("von Lüninck", "von der Heide", "von und zur Mühlen", "van Beek", "ter Horst", "zu Dohna", "vom Bruch",
         "Freiherr von Fürstenberg", "de Groot")

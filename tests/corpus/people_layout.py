"""How the data of one or several people are laid out in a mail: every way takes the people and what was chosen
so far, and gives the text. people_grammar.py chooses the people."""
BULLETS = {"none": "", "dash": "- ", "number": "%d. ", "bracket": "%d) ", "dot": "• ", "star": "* "}
SEPARATORS = {"comma": ", ", "semicolon": "; ", "slash": " / ", "bar": " | ", "tab": "\t", "dash": " - "}
LABEL_MARKS = {"colon": ": ", "equals": " = ", "tab": "\t", "dots": " ..... ", "dash": " - ", "none aligned": None}
BIRTH_LEADS = {"geb.": "geb. %s", "geboren am": "geboren am %s", "geb. am": "geb. am %s", "star": "*%s", "bare": "%s",
               "geboren": "geboren %s"}
NEAR_BIRTH = {"brackets": "%s (%s)", "brackets geb.": "%s (geb. %s)", "comma geb.": "%s, geb. %s",
              "comma geboren am": "%s, geboren am %s", "brackets star": "%s (*%s)", "bare": "%s %s", "comma": "%s, %s"}
SAME = ("gleiche Adresse", "Adresse wie oben", "ebenda", "selbe Anschrift", "wohnt auch dort", "dito")


def address(p, sep=", "):
    return sep.join(x for x in (p.street_written, p.place_written) if x)


def lives(p):
    """Behind "wohne": in der Baarstraße 7 in 58636 Iserlohn."""
    return " in ".join(x for x in (p.street_spoken, p.place_written) if x)


def contact(c, labelled=False):
    """What stands beside the data and belongs to nobody's field."""
    kind = c.pick("beside", ("nothing", "nothing", "nothing", "telephone", "mobile", "mail"))
    label, value = {"nothing": ("", ""), "telephone": ("Telefon", "02371 5550147"), "mobile": ("Handy", "0171 5550982"),
                    "mail": ("E-Mail", "post.an@example.org")}[kind]
    return (label, value) if labelled else ("" if not value else value if kind == "mail" else label[:3] + ". " + value
                                            if kind == "telephone" else "mobil " + value)


def prose(c, p):
    name, birth, home = p.written, p.birth_written, lives(p)
    shape = c.pick("sentence", ("heiße", "mein Name", "apposition", "bin", "from behind", "no name", "two sentences",
                                "date is", "brackets", "anschrift ist", "zu Hause", "Postadresse", "gemeldet", "maiden"))
    there = address(p)
    if shape == "no name":
        name = None
    if shape == "from behind":
        parts = [there and "Meine Anschrift ist " + there, birth and "geboren bin ich am " + birth,
                 name and "mein Name ist " + name]
        return ", ".join(x for x in parts if x)[0:1].upper() + ", ".join(x for x in parts if x)[1:] + "."
    if shape == "apposition":
        return ", ".join(x for x in (name, birth and "geboren am " + birth, home and "wohnhaft " + there) if x) + "."
    if shape == "brackets":
        return "Ich, %s, wohne %s." % (name + (" (geb. %s)" % birth if birth else ""), home)
    if shape in ("no name", "two sentences", "date is"):
        first = {"no name": "", "two sentences": "Ich bin %s. " % name, "date is": "Mein Name lautet %s. " % name}[shape]
        born = {"date is": "Mein Geburtstag ist der %s. "}.get(shape, "Geboren wurde ich am %s. ") % birth if birth else ""
        return (first + born + ("Ich wohne %s." % home if home else "")).strip()
    if shape == "maiden":
        return ", ".join(x for x in (name + " geb. Wulf", birth and "geb. am " + birth, there) if x) + "."
    if shape in ("zu Hause", "Postadresse", "gemeldet"):
        lead = {"zu Hause": "Zu Hause bin ich ", "Postadresse": "Meine Postadresse ist ", "gemeldet": "Gemeldet bin ich "}[shape]
        where = there if shape == "Postadresse" else home
        return ". ".join(x for x in ("Ich heiße " + name, birth and "Geburtstag habe ich am " + birth,
                                     where and lead + where) if x) + "."
    if shape == "anschrift ist":
        return "Ich bin %s%s, meine Adresse lautet %s." % (name, ", geboren am %s" % birth if birth else "", there)
    first = {"heiße": "Ich heiße ", "mein Name": "Mein Name ist ", "bin": "Ich bin "}[shape] + name
    return ", ".join(x for x in (first, birth and "bin am %s geboren" % birth) if x) + " und wohne %s." % home


def block(c, p):
    lead = BIRTH_LEADS[c.pick("birth lead", BIRTH_LEADS)]
    lines = [p.written, p.birth_written and lead % p.birth_written, p.street_written, p.place_written]
    order = c.pick("block order", ("usual", "birth last", "usual", "street and place in a line", "place first"))
    if order == "birth last":
        lines.append(lines.pop(1))
    elif order == "street and place in a line":
        lines[2:] = [address(p)]
    elif order == "place first":
        lines[2:] = [p.place_written, p.street_written]
    return "\n".join(x for x in lines + [contact(c)] if x)


def fields(c, p):
    """Labels and values, in whatever order and with whatever labels."""
    if p.halves and c.pick("name label", ("one", "two")) == "two":
        rows = [("Vorname", p.halves[0]), (c.pick("surname label", ("Nachname", "Name", "Familienname")), p.halves[1])]
        if c.pick("surname row first", ("no", "yes")) == "yes":
            rows.reverse()
    else:
        rows = [("Name", p.written)]
    rows.append((c.pick("birth label", ("Geburtsdatum", "geb. am", "Geb.", "Geburtstag", "Geb.-Datum", "geboren am")),
                 p.birth_written))
    split = c.pick("address labels", ("one", "two", "three", "number apart"))
    if split == "one":
        rows.append((c.pick("address label", ("Adresse", "Anschrift", "Wohnort", "wohnhaft")), address(p)))
    elif split == "two":
        rows += [(c.pick("street label", ("Straße", "Str.", "Straße, Nr.", "Straße/Hausnummer")), p.street_written),
                 (c.pick("place label", ("PLZ/Ort", "Ort", "PLZ, Ort", "Wohnort", "PLZ Ort")), p.place_written)]
    else:
        number = split == "number apart" and p.number
        rows += [("Straße", p.street_written[:-len(p.number)].strip() if number else p.street_written),
                 ("Hausnummer" if number else "", number or ""), ("PLZ", p.code), ("Ort", p.city)]
    if c.pick("row order", ("usual", "usual", "usual", "usual", "any")) == "any":
        c.rng.shuffle(rows)
    return [r for r in rows + [contact(c, True)] if r[1]]


def form(c, p):
    mark = LABEL_MARKS[c.pick("label mark", LABEL_MARKS)]
    small = c.pick("small labels", ("no", "no", "no", "yes")) == "yes"
    rows = [(label.lower() if small else label, value) for label, value in fields(c, p)]
    width = max(len(label) for label, _ in rows) + 3
    return "\n".join((label + mark if mark else label.ljust(width)) + value for label, value in rows)


def form_above(c, p):
    colon = c.pick("colon above", ("", ":"))
    gap = c.pick("gap below value", ("\n", "\n\n"))
    return gap.join("%s%s\n%s" % (label, colon, value) for label, value in fields(c, p))


def form_in_line(c, p):
    return c.pick("field end", (", ", "; ", " ", " / ")).join("%s: %s" % row for row in fields(c, p))


def line(c, p):
    sep = SEPARATORS[c.pick("separator", SEPARATORS)]
    lead = BIRTH_LEADS[c.pick("birth lead", BIRTH_LEADS)]
    order = c.pick("line order", ("usual", "usual", "birth last", "blank before town"))
    there = address(p, " " if order == "blank before town" else sep)
    parts = [p.written, p.birth_written and lead % p.birth_written, there]
    if order == "birth last":
        parts[1:] = parts[:0:-1]
    return sep.join(x for x in parts + [contact(c)] if x)


def prose_and_block(c, p):
    home = address(p, "\n")
    head = c.pick("address head", ("Meine Adresse:", "Anschrift:", "Ich wohne hier:", "Meine Adresse lautet:"))
    name = p.written if c.pick("name in block", ("no", "yes")) == "yes" else ""
    birth = "Ich bin am %s geboren. " % p.birth_written if p.birth_written else ""
    intro = "" if name else "Ich heiße %s. " % p.written
    return intro + birth + head + "\n" + (name + "\n" if name else "") + home


def table_of(c, people):
    sep = {"bar": " | ", "tab": "\t", "semicolon": ";"}[c.pick("cell", ("bar", "tab", "semicolon"))]
    halves = all(p.halves for p in people) and c.pick("name column", ("one", "two")) == "two"
    heads = ["Vorname", "Nachname"] if halves else ["Name"]
    heads += [c.pick("birth column", ("Geburtsdatum", "geb.", "Geburtstag")),
              c.pick("street column", ("Straße", "Adresse", "Anschrift")),
              c.pick("place column", ("PLZ Ort", "Ort", "Wohnort"))]
    rows = [heads] + [(list(p.halves) if halves else [p.written]) + [p.birth_written or "-", p.street_written or "-",
                                                                    p.place_written or "-"] for p in people]
    return "\n".join(sep.join(row) for row in rows)


def near(c, p, form=None):
    if not p.birth_written:
        return p.written
    return (form or NEAR_BIRTH[c.pick("birth beside", NEAR_BIRTH)]) % (p.written, p.birth_written)


def joined(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " und " + parts[-1]


def home_of_all(c, people):
    """The address said once for all of them."""
    p, both = people[0], "beide" if len(people) == 2 else "alle"
    one_name = all(x.last == p.last for x in people)  # of two names, somebody says that both live there
    way = c.pick("home of all", ("wir wohnen", "alle wohnhaft", "adresse für alle") +
                 (("address colon", "bare", "lines") if one_name else ()))
    if way == "lines":
        return "Adresse:\n" + address(p, "\n")
    return {"address colon": "Adresse: ", "wir wohnen": "Wir wohnen %s " % both, "bare": "",
            "alle wohnhaft": both.capitalize() + " wohnhaft ",
            "adresse für alle": "Anschrift für %s: " % both}[way] + (lives(p) + "." if way == "wir wohnen" else address(p))


def rows(c, people):
    bullet = BULLETS[c.pick("bullet", BULLETS)]
    sep = SEPARATORS[c.pick("separator", SEPARATORS)]
    lead = BIRTH_LEADS[c.pick("birth lead", BIRTH_LEADS)]
    same = c.rng.choice(SAME)
    out = []
    for i, p in enumerate(people):
        parts = [(p.kin + c.pick("kin mark", (": ", " ")) if p.kin else "") + p.written,
                 p.birth_written and lead % p.birth_written]
        if c.share == "each" or (c.share == "reference" and i == 0):
            parts.append(address(p, sep))
        elif c.share == "reference":
            parts.append(same)
        out.append((bullet % (i + 1) if "%" in bullet else bullet) + sep.join(x for x in parts if x))
    return with_home(c, people, "\n".join(out))


def with_home(c, people, text, gap="\n"):
    if c.share == "once below":
        return text + gap + home_of_all(c, people)
    return home_of_all(c, people) + "\n" + gap + text if c.share == "once above" else text


def blocks(c, people):
    lead = BIRTH_LEADS[c.pick("birth lead", BIRTH_LEADS)]
    out = []
    for p in people:
        own = c.share == "each" or (c.share == "reference" and p is people[0])
        home = [p.street_written, p.place_written] if own else ["gleiche Adresse"] if c.share == "reference" else []
        out.append("\n".join(x for x in [p.written, p.birth_written and lead % p.birth_written] + home if x))
    return with_home(c, people, "\n\n".join(out), "\n\n")


def forms(c, people):
    head = c.pick("form head", ("Person %d:", "Teilnehmer %d", "%d.", ""))
    out = []
    for i, p in enumerate(people):
        text = "\n".join("%s: %s" % row for row in (("Name", p.written), ("Geburtsdatum", p.birth_written),
                                                    ("Straße", p.street_written), ("PLZ/Ort", p.place_written)) if row[1])
        out.append((head % (i + 1) + "\n" if "%" in head else "") + text)
    return "\n\n".join(out)


def sentence_of_all(c, people):
    """"Petra Müller (geb. 3.5.1958) und Karl Müller (geb. 1.2.1955), beide wohnhaft …" """
    beside = NEAR_BIRTH[c.pick("birth beside", ("brackets", "brackets geb.", "comma geb.", "comma geboren am",
                                                "brackets star"))]
    both = "beide" if len(people) == 2 else "alle"
    if c.share == "each":
        return joined([near(c, p, beside) + ", " + address(p) for p in people]) + "."
    names = joined([near(c, p, beside) for p in people])
    way = c.pick("all live", ("wohnhaft", "we live", "dash", "brackets"))
    return names + {"wohnhaft": ", %s wohnhaft %s." % (both, address(people[0])),
                    "we live": ". Wir wohnen %s." % lives(people[0]), "dash": " - %s %s" % (both, address(people[0])),
                    "brackets": " (%s %s)" % (both, address(people[0]))}[way]


def surname_behind(c, people):
    """"Petra (3.5.1958), Karl (1.2.1955) und Lea (4.4.2010) Müller, Adresse" """
    names = joined(["%s (%s)" % (p.first, p.birth_written) if p.birth_written else p.first for p in people])
    return names + " " + people[0].last + c.pick("behind surname", (", ", "\n", ", wohnhaft ")) + address(people[0])


def parallel(c, people):
    labels = c.pick("parallel labels", ("Namen", "Name", "Teilnehmer"))
    family = all(p.last == people[0].last for p in people) and c.pick("parallel surname", ("once", "each")) == "once"
    names = joined([p.first for p in people]) + " " + people[0].last if family else joined([p.written for p in people])
    births = joined([p.birth_written for p in people])
    return "%s: %s\nGeburtsdaten: %s\nAdresse: %s" % (labels, names, births, address(people[0]))


def kin_sentences(c, people):
    """"Mein Sohn Ben ist am … geboren, meine Tochter Lea am …. Wir wohnen alle …" """
    shape = c.pick("kin sentence", ("ist geboren", "brackets", "apposition", "row"))
    own = [p for p in people if not p.my_kin]
    kin = [p for p in people if p.my_kin]
    text = "Ich bin %s%s. " % (own[0].written, " und am %s geboren" % own[0].birth_written if own[0].birth_written else "") \
        if own else ""
    if shape == "ist geboren":
        text += " ".join("%s ist am %s geboren." % (p.my_kin[0].upper() + p.my_kin[1:] + " " + p.written, p.birth_written)
                         if p.birth_written else p.my_kin[0].upper() + p.my_kin[1:] + " heißt " + p.written + "." for p in kin)
    elif shape == "row":
        text += "Dabei: " + joined(["%s %s" % (p.my_kin, near(c, p)) for p in kin]) + "."
    else:
        beside = NEAR_BIRTH["brackets" if shape == "brackets" else "comma geb."]
        named = ["%s %s" % (p.my_kin, near(c, p, beside)) for p in kin]
        text += ("Es kommen " if len(kin) > 1 else "Es kommt ") + joined(named) + "."
    live = "Wir wohnen alle " if own or len(people) > 2 else "Sie wohnen " if len(kin) > 1 else "Zu Hause sind wir "
    return text + " " + live + lives(people[0]) + "."


def in_the_wish(c, p):
    data = ", ".join(x for x in (p.birth_written and "geb. " + p.birth_written, address(p) and "wohnhaft " + address(p)) if x)
    shape = c.pick("wish around", ("ich,", "hiermit", "name first"))
    if shape == "ich,":
        return "ich, %s, %s, möchte am Mapathon am 2. Februar teilnehmen." % (p.written, data)
    if shape == "hiermit":
        return "hiermit melde ich mich (%s, %s) verbindlich zum Mapathon am 2. Februar an." % (p.written, data)
    return "bitte melden Sie mich zum Mapathon am 2. Februar an: %s, %s." % (p.written, data)


def below_the_name(c, p):
    """The address stands below the closing."""
    c.closing = p.written + "\n" + address(p, "\n") + ("\n" + contact(c))
    return "Geboren bin ich am %s, meine Anschrift steht unten." % p.birth_written if p.birth_written else \
        "Meine Anschrift steht unten."


ONE = {"prose": prose, "in the wish": in_the_wish, "below the name": below_the_name, "block": block, "form": form,
       "form above": form_above, "form in a line": form_in_line,
       "line": line, "prose and block": prose_and_block, "table": lambda c, p: table_of(c, [p])}
MANY = {"rows": rows, "blocks": blocks, "forms": forms, "sentence": sentence_of_all, "surname behind": surname_behind,
        "parallel": parallel, "table": table_of, "kin sentences": kin_sentences}

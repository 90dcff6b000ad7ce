"""What the demo company says of its own in German, besides what the shipped files say."""

from __future__ import annotations

IN_FILE = "translations:\n  de:\n"
"""Where the shipped files begin with their German."""

CUSTOMERS = """\
    Three orders a month: Drei Bestellungen im Monat
    Tell us twice this quarter: Zweimal im Quartal Ihre Meinung
    Five hundred in a year: Fünfhundert in einem Jahr
    Every week: Jede Woche
    A purchase in every week. One week a month may be missed.: Ein Einkauf in jeder Woche. Eine Woche im Monat darf fehlen.
    A regular: Stammgast
    Three orders in a month: Drei Bestellungen in einem Monat
    A good ear: Ein offenes Ohr
    Told us twice in a quarter: Hat uns zweimal im Quartal etwas gesagt
    Steady: Beständig
    Six weeks in a row: Sechs Wochen in Folge
    Half a year with us: Ein halbes Jahr mit uns
    Three orders a month in six months: In sechs Monaten je drei Bestellungen
    Bring a friend to the harbour: Bringen Sie jemanden mit zum Hafen
    Something for each of you, once your friend has bought.: Etwas für Sie beide, sobald eingekauft wurde.
    Best customers of the month: Die besten Kundinnen und Kunden des Monats
    The Harbour club: Der Hafenclub
    Bronze: Bronze
    Silver: Silber
    Gold: Gold
    Captain: Kapitän
    News before everybody: Neuigkeiten vor allen anderen
    Free returns: Kostenlose Rücksendung
    A present once a year: Einmal im Jahr ein Geschenk
    The sale a day before: Der Schlussverkauf einen Tag früher
    Come again soon: Kommen Sie bald wieder
    A bonus on big orders: Ein Bonus auf große Bestellungen
    15 points more on an order of $60 or more: 15 Punkte mehr auf eine Bestellung ab $60
    Your bonus on big orders.: Ihr Bonus auf große Bestellungen.
    A weekend in the hut above the bay: Ein Wochenende in der Hütte über der Bucht
    Two nights for up to four, whenever it is free.: Zwei Nächte für bis zu vier Personen, wann immer sie frei ist.
    Regulars: Stammkundschaft
    Big orders of late: Große Bestellungen in letzter Zeit
    How was our answer?: Wie war unsere Antwort?
    A question or two, one minute.: Ein, zwei Fragen, eine Minute.
    How satisfied are you with how we answered?: Wie zufrieden sind Sie mit unserer Antwort?
    not at all: gar nicht
    very: sehr
    What went wrong?: Was lief schief?
    the wait: die Wartezeit
    the answer: die Antwort
    the tone: der Ton
    Anything you want to tell them?: Möchten Sie noch etwas dazu sagen?
    Would you recommend us?: Würden Sie uns empfehlen?
    Two questions, one minute.: Zwei Fragen, eine Minute.
    How likely are you to recommend us to a friend?: Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?
    What is the main reason?: Was ist der wichtigste Grund?
"""

STAFF = """\
    Ten five-star ratings this month: Zehn Fünf-Sterne-Bewertungen in diesem Monat
    A problem solved every day: Jeden Tag ein gelöstes Problem
    Two days a week are rest days, and break nothing.: Zwei Tage in der Woche sind Ruhetage und unterbrechen nichts.
    Most solved the first time: Am häufigsten beim ersten Kontakt gelöst
    Craft: Handwerk
    Apprentice: Lehrling
    Fellow: Geselle
    Master: Meister
    Your own mug: Ein eigener Becher
    First choice of shifts: Erste Wahl bei den Schichten
    A conference of your choice: Eine Konferenz Ihrer Wahl
    How we work here: Wie wir hier arbeiten
    The tools, the tone, and whom to ask.: Die Werkzeuge, der Ton und wen man fragt.
    Listening under pressure: Zuhören unter Druck
    Calming a conversation: Ein Gespräch beruhigen
    Three hard calls, played through with a colleague.: Drei schwierige Anrufe, zu zweit durchgespielt.
    A book on service: Ein Buch über Kundendienst
    Service professional: Fachkraft im Kundendienst
    First aid at the harbour: Erste Hilfe am Hafen
    A day at the boathouse: Ein Tag im Bootshaus
    All three desks together, on what customers wrote this year.: Alle drei Teams zusammen über das, was uns dieses Jahr geschrieben wurde.
    How are we doing?: Wie läuft es bei uns?
    Nobody can tell who said what. Answers come out eight at a time.: Niemand kann sagen, wer was gesagt hat. Je acht Antworten werden zusammen gezeigt.
    How did you come to work this month?: Wie sind Sie diesen Monat zur Arbeit gekommen?
    with dread: mit Grauen
    gladly: gern
    Do you feel heard?: Fühlen Sie sich gehört?
    not at all: gar nicht
    very much: sehr
    What would help most?: Was würde am meisten helfen?
    A very satisfied customer: Jemand war sehr zufrieden
"""

CIRCLE = """
translations:
  de:
    Harbour circle: Hafenkreis
    For those who walk with us. A yearly fee, and credits for our guided walks.: Für alle, die mit uns wandern. Ein Jahresbeitrag und Guthaben für unsere geführten Wanderungen.
    credit: Guthabenpunkt
    credits: Guthabenpunkte
    Friend: Freundeskreis
    Patron: Förderkreis
    One year: Ein Jahr
    Workshops in the boathouse: Werkstattkurse im Bootshaus
    Ten credits for joining: Zehn Guthabenpunkte zum Beitritt
"""

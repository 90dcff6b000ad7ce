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

CONVERSATION = """\
    My points are missing: Meine Punkte fehlen
    A customer is on the telephone. They bought a tent for $80 yesterday and see no points.: Jemand ist am Telefon. Gestern wurde für $80 ein Zelt gekauft, und es sind keine Punkte zu sehen.
    I bought a tent yesterday, and there is nothing in my account. What is going on?: Ich habe gestern ein Zelt gekauft, und in meinem Konto ist nichts. Was ist da los?
    Let me look while you are with me. May I have the e-mail address of your order?: Ich sehe gleich nach, bleiben Sie bitte dran. Mit welcher E-Mail-Adresse haben Sie bestellt?
    You say what you do, and ask for the one thing that you need.: Sie sagen, was Sie tun, und fragen nach dem Einen, das Sie brauchen.
    Points are there when they are there.: Die Punkte sind da, wenn sie da sind.
    They called to hear when. What is on its way stands on their first page as pending.: Wer anruft, möchte hören, wann. Was unterwegs ist, steht auf der ersten Seite als ausstehend.
    Please fill in the form for missing points.: Bitte füllen Sie das Formular für fehlende Punkte aus.
    That is a way, but the slowest. Look first; the order may be there already.: Das ist ein Weg, aber der langsamste. Sehen Sie zuerst nach; vielleicht ist die Bestellung schon da.
    That is no answer. I want to know now.: Das ist keine Antwort. Ich möchte es jetzt wissen.
    You are right, I am sorry. I look at once.: Sie haben recht, das tut mir leid. Ich sehe sofort nach.
    A short apology, and then what you do about it.: Eine kurze Entschuldigung, und dann, was Sie tun.
    Could you tell me again what this is about?: Können Sie mir noch einmal sagen, worum es geht?
    They have told you. This turn gives nothing the second time.: Das wurde Ihnen schon gesagt. Beim zweiten Mal bringt diese Stelle nichts.
    And how many points will it be for $80?: Und wie viele Punkte gibt es für $80?
    "For the order alone {{ purchases: amount=80 }}. What your level adds stands beside it.": "Für die Bestellung allein {{ purchases: amount=80 }}. Was Ihre Stufe dazugibt, steht daneben."
    "The rule in force {{ purchases }}.": "Die geltende Regel {{ purchases }}."
    About a hundred and fifty, I think.: Etwa hundertfünfzig, glaube ich.
    "Never guess a figure: the rule makes it {{ purchases: amount=80 }}.": "Raten Sie nie eine Zahl: Die Regel ergibt {{ purchases: amount=80 }}."
    Will they be gone by summer?: Sind sie bis zum Sommer weg?
    "They expire {{ expiry of points }}. You are told thirty days before.": "Sie verfallen {{ expiry of points }}. Dreißig Tage vorher sagen wir Ihnen Bescheid."
    The warning is worth as much as the date.: Die Warnung ist so viel wert wie das Datum.
    They last quite long.: Sie halten ziemlich lange.
    True, but nobody can plan with it.: Das stimmt, aber damit kann niemand planen.
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
    The harbour academy: Die Hafenakademie
    The harbour lifeboats: Die Rettungsboote am Hafen
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

# ruff: noqa: E501 - tables of text
"""Short phrases of other languages, and Russian ones in Latin letters. Written before the rule that tells them apart."""

from __future__ import annotations

FOREIGN = {
    "fr": ["je vais vérifier", "je vais verifier", "avec plaisir", "c'est la vie", "mon ami est parti", "bonne nuit", "sans doute"],
    "de": ["ich weiß nicht", "guten Morgen", "das ist gut", "vielen Dank", "mit freundlichen Grüßen", "Sturm und Drang", "kein Problem"],
    "es": ["buenos días", "mi casa es su casa", "no sé nada", "hasta la vista", "muy bien", "vamos a ver", "por favor"],
    "it": ["dolce vita", "va bene", "non lo so", "mi piace molto", "buona sera", "tutto è possibile", "piano piano"],
    "la": ["veni vidi vici", "alea iacta est", "in vino veritas", "dum spiro spero", "memento mori", "sine qua non", "per aspera ad astra"],
    "pt": ["bom dia", "muito obrigado", "não sei", "eu vou verificar", "tudo bem", "boa noite", "até logo"],
}  # fmt: skip

RUSSIAN = [
    "privet kak dela", "ya proveryu", "s udovolstviem", "eto zhizn", "moi drug uekhal", "spokoynoy nochi", "bez somneniya", "ja ne znaju",
    "dobroe utro", "eto khorosho", "bolshoe spasibo", "net problem", "moy dom tvoy dom", "nichego ne znayu", "do svidaniya", "ochen horosho",
    "davay posmotrim", "pozhaluysta pomogi", "sladkaya zhizn", "mne nravitsya", "dobryy vecher", "vsyo vozmozhno", "tishe edesh", "prishel uvidel",
    "zhrebiy broshen", "istina v vine", "poka dyshu nadeyus", "pomni o smerti", "cherez ternii k zvezdam", "dobryj den'", "ja budu zdes'", "vse v poryadke",
    "kak tebya zovut", "gde moi klyuchi", "on prishel domoy", "čto delat’ dal’še", "poezd opazdyvaet", "nado podumat", "kto tam", "zavtra budet dozhd",
]  # fmt: skip

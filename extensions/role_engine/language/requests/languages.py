"""The languages that a user may ask for: what Russian and English call them, and what they are written in."""

from __future__ import annotations

from typing import Literal, NamedTuple

Script = Literal[
    "latin", "han", "kana", "hangul", "arabic", "hebrew", "greek", "georgian", "armenian", "devanagari", "bengali",
    "tamil", "thai",
]  # fmt: skip

RUSSIAN = "ru"


class Language(NamedTuple):
    """A language.

    Attributes:
        code: its ISO 639-1 code.
        stem: its Russian adjective without the ending («английск»).
        english: its English name, in lower case.
        scripts: what it is written in, Cyrillic left out.
        cyrillic: letters of its Cyrillic alphabet that the Russian one has not; None where it is not written so.
        noun: a Russian name of it that is no adjective, each form of the word.
    """

    code: str
    stem: str
    english: str
    scripts: tuple[Script, ...] = ("latin",)
    cyrillic: str | None = None
    noun: tuple[str, ...] = ()


LANGUAGES: tuple[Language, ...] = (
    Language(RUSSIAN, "русск", "russian", (), ""),
    Language("en", "английск", "english", noun=("инглиш", "инглише", "англ", "english", "eng")),
    Language("en", "англиск", "english"),  # a common slip
    Language("de", "немецк", "german", noun=("дойч",)),
    Language("fr", "французск", "french"),
    Language("es", "испанск", "spanish", noun=("кастильском", "кастильский")),
    Language("it", "итальянск", "italian"),
    Language("pt", "португальск", "portuguese"),
    Language("pl", "польск", "polish"),
    Language("cs", "чешск", "czech"),
    Language("sk", "словацк", "slovak"),
    Language("sl", "словенск", "slovenian"),
    Language("hr", "хорватск", "croatian"),
    Language("bs", "боснийск", "bosnian"),
    Language("ro", "румынск", "romanian"),
    Language("hu", "венгерск", "hungarian"),
    Language("fi", "финск", "finnish"),
    Language("et", "эстонск", "estonian"),
    Language("lv", "латышск", "latvian"),
    Language("lt", "литовск", "lithuanian"),
    Language("sv", "шведск", "swedish"),
    Language("no", "норвежск", "norwegian"),
    Language("da", "датск", "danish"),
    Language("is", "исландск", "icelandic"),
    Language("nl", "нидерландск", "dutch"),
    Language("nl", "голландск", "dutch"),
    Language("tr", "турецк", "turkish"),
    Language("az", "азербайджанск", "azerbaijani"),
    Language("vi", "вьетнамск", "vietnamese"),
    Language("id", "индонезийск", "indonesian"),
    Language("ms", "малайск", "malay"),
    Language("tl", "тагальск", "tagalog"),
    Language("la", "латинск", "latin", noun=("латынь", "латыни")),
    Language("eo", "", "esperanto", noun=("эсперанто",)),
    Language("sq", "албанск", "albanian"),
    Language("ga", "ирландск", "irish"),
    Language("ca", "каталанск", "catalan"),
    Language("ca", "каталонск", "catalan"),
    Language("eu", "баскск", "basque"),
    Language("sw", "", "swahili", noun=("суахили",)),
    Language("uz", "узбекск", "uzbek", cyrillic="ўқғҳ"),
    Language("tk", "туркменск", "turkmen"),
    Language("uk", "украинск", "ukrainian", (), "ґєії"),
    Language("be", "белорусск", "belarusian", (), "ўі"),
    Language("be", "беларусск", "belarusian", (), "ўі"),
    Language("bg", "болгарск", "bulgarian", (), "ѝ"),
    Language("sr", "сербск", "serbian", cyrillic="ђјљњћџ"),
    Language("mk", "македонск", "macedonian", (), "ѓѕјљњќџѐѝ"),
    Language("kk", "казахск", "kazakh", (), "әғқңөұүһі"),
    Language("ky", "киргизск", "kyrgyz", (), "ңөү"),
    Language("ky", "кыргызск", "kyrgyz", (), "ңөү"),
    Language("tg", "таджикск", "tajik", (), "ғӣқӯҳҷ"),
    Language("tt", "татарск", "tatar", (), "әөүҗңһ"),
    Language("ba", "башкирск", "bashkir", (), "ғҙҡңҫүһәө"),
    Language("cv", "чувашск", "chuvash", (), "ӑӗҫӳ"),
    Language("mn", "монгольск", "mongolian", (), "өү"),
    Language("zh", "китайск", "chinese", ("han",), noun=("мандаринском", "мандаринский")),
    Language("ja", "японск", "japanese", ("han", "kana")),
    Language("ko", "корейск", "korean", ("hangul", "han")),
    Language("ar", "арабск", "arabic", ("arabic",)),
    Language("fa", "персидск", "persian", ("arabic",), noun=("фарси",)),
    Language("ur", "", "urdu", ("arabic",), noun=("урду",)),
    Language("he", "", "hebrew", ("hebrew",), noun=("иврит", "иврите")),
    Language("yi", "", "yiddish", ("hebrew",), noun=("идиш", "идише")),
    Language("el", "греческ", "greek", ("greek",)),
    Language("ka", "грузинск", "georgian", ("georgian",)),
    Language("hy", "армянск", "armenian", ("armenian",)),
    Language("hi", "", "hindi", ("devanagari",), noun=("хинди",)),
    Language("sa", "", "sanskrit", ("devanagari",), noun=("санскрит", "санскрите")),
    Language("bn", "бенгальск", "bengali", ("bengali",), noun=("бенгали",)),
    Language("ta", "тамильск", "tamil", ("tamil",)),
    Language("th", "тайск", "thai", ("thai",)),
)

BY_STEM = {language.stem: language for language in LANGUAGES if language.stem}
BY_NOUN = {noun: language for language in LANGUAGES for noun in language.noun}
BY_ENGLISH = {language.english: language for language in LANGUAGES}
BY_CODE = {language.code: language for language in reversed(LANGUAGES)}

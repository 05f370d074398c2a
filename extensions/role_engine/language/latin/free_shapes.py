"""Latin text that is not language: code, formulas, addresses, markup. `balanced` lets it stand."""

from __future__ import annotations

import re

import regex

from role_engine.language.alphabets import FLAGS, LATIN
from role_engine.language.latin.shape import LetterClasses, Shape


def _formula(letters: LetterClasses) -> str:
    return rf"""
      \$\$ ( [^${letters.cyrillic}]{{1,60}} ) \$\$
    | \$(?=[{letters.space}]?[^{letters.space}]) ( [^$\n{letters.cyrillic}]{{1,62}} ) \$(?![0-9])
    | \\\( ( [^{letters.cyrillic}]{{1,60}}? ) \\\)
    | \\\[ ( [^{letters.cyrillic}]{{1,60}}? ) \\\]
    """


def _free(letters: LetterClasses) -> str:
    space = letters.space
    return rf"""
      (?P<address> (?<![\w]) (?: [A-Za-z][A-Za-z0-9+.\-]{{1,15}}:// | www\. | mailto: ) [^{space}<>"«»`]+ )
    | (?P<mail>    (?<![A-Za-z0-9._%+\-]) [A-Za-z0-9._%+\-]{{1,64}} @ [A-Za-z0-9\-]+ (?: \.[A-Za-z0-9\-]+ )+ )
    | (?P<path>    (?<![\w/]) (?: [A-Za-z]:\\ | ~/ | \.{{1,2}}/ | / ) (?: [\w.\-+@%]+ [/\\]? )+ )
    | (?P<file>    (?<![^\W_]) (?<!\.) (?: [A-Za-z0-9_*][\w\-]{{0,63}} \. )+ [a-z][a-z0-9]{{0,9}}
                   (?: [/\\:] [\w.\-/\\?=&%\#:]* )? (?! (?!_) {letters.goes_on}) )
    | (?P<hidden>  (?<![\w.)\]]) \. [a-z][a-z0-9_\-]{{1,24}} (?: \.[a-z][a-z0-9]{{0,9}} )* (?!{letters.goes_on}) )
    | (?P<ending>  (?<=\w) \. [a-z][a-z0-9]{{0,4}} (?!\w) )
    | (?P<tag>     </?[A-Za-z][A-Za-z0-9:\-]* (?: [{space}] (?= [^<>\n=]{{0,60}}=
                   | [^<>={space}]{{0,30}} (?: [{space}][^<>={space}]{{0,30}} )? > ) [^<>\n]{{0,60}} )? /?> )
    | (?P<entity>  &[A-Za-z][A-Za-z0-9]{{1,15}}; )
    | (?P<key>     (?<![^{{,\[\s]) (?P<quote>["'])[A-Za-z_][\w\x20\-.]{{0,40}}(?P=quote) (?=\s?:) )
    | (?P<bbcode>  \[/?(?:b|i|u|s|img|url|quote|code|color|size|list|spoiler|center)(?:=[^\[\]\n]{{1,40}})?\] )
    | (?P<target>  (?<=\]) \( (?: [^()\s`] | \([^()\s`]{{0,40}}\) ){{0,64}}
                   (?: \s{{1,2}} ["'(][^"'()\n]{{0,60}}["')] )? (?: \) | \Z ) )
    | (?P<handle>  (?<!\w) [@\#] [A-Za-z]\w* )
    | (?P<option>  (?<![\w\-]) --? [A-Za-z][A-Za-z0-9_\-]* (?=[\s=,.;:)»"]|$) )
    | (?P<command> \\[A-Za-z]+\*? (?:\{{[A-Za-z0-9_]{{0,24}}\}})? )
    | (?P<slot>    \$?\{{{{?[A-Za-z_][\w.\-]{{0,40}}\}}}}? | %\([A-Za-z_]\w*\)?[a-z]? )
    | (?P<call>    (?<!\w) [A-Za-z_][\w.]{{0,63}} \( (?! s\) | es\) ) )
    """


def _rare(letters: LetterClasses) -> str:
    return rf"""
      (?P<label>   (?<=\]) \[ [^\[\]\n`{letters.cyrillic}]{{0,60}} \] )
    | (?P<note>    \[\^[\w\-]{{1,40}}\] )
    | (?P<role>    (?<![\w:]) : [a-z][a-z+\-]{{0,20}} (?: :[a-z][a-z+\-]{{0,20}} )? : (?=`) )
    | (?P<macro>   (?<![\w:]) (?: image | icon | xref | link | kbd | btn | menu | stem | pass | anchor | footnote
                   | latexmath | asciimath | indexterm2? | cite ) ::? [^\s\[\]`]{{0,64}}
                   (?: \[ (?: [^\[\]\n`{letters.cyrillic}]{{0,60}} \] )? | \Z ) )
    | (?P<mono>    (?<![\w+]) \+ [A-Za-z_] [\w./:\-]{{0,40}} \+ (?![\w+]) )
    | (?P<port>    (?<![\w]) [0-9]{{1,5}} / (?: tcp | udp | sctp ) (?!\w) )
    """


# The groups are what stands between the signs; whether that is a formula is asked of `markup/formulas.py`.
FORMULA = Shape(_formula, re.VERBOSE)
# These may hold words of two alphabets or of a wrong one, which stay refused; their Latin is free.
FREE = Shape(_free, re.VERBOSE)
# The same, of signs that few texts have: labels and notes of links, macros of AsciiDoc and reStructuredText, ports.
RARE_FREE = Shape(_rare, re.VERBOSE)
RARE_SIGN = re.compile(r"\]\[|\+|\[\^|:`|:[^\s\[]{0,64}\[|[0-9]/|[a-z]::?[^\s]{24}")

# Latin that the learned write in Latin.
_BORROWED = """
in vitro|in vivo|in situ|in silico|ex vivo|et al|ad hoc|ad hominem|a priori|a posteriori|de facto|de jure|de novo|
per se|per capita|pro et contra|status quo|alter ego|alma mater|terra incognita|tabula rasa|
persona non grata|sine qua non|modus operandi|modus vivendi|
curriculum vitae|cogito,? ergo sum|carpe diem|memento mori|ceteris paribus|post scriptum|
vice versa|homo sapiens|homo erectus|homo habilis|homo ludens|nota bene|vs|
per os|per rectum|per vaginam|pro die|quantum satis|lege artis|ad libitum|in toto|in extenso|in utero|post mortem|
ante mortem|intra vitam|locus minoris resistentiae|restitutio ad integrum|placebo|
bona fide|mala fide|ultra vires|intra vires|prima facie|inter alia|mutatis mutandis|ipso facto|ipso jure|quid pro quo|
habeas corpus|corpus delicti|mens rea|actus reus|stare decisis|erga omnes|jus cogens|ius cogens|lex specialis|
lex posterior|lex mercatoria|nullum crimen sine lege|nulla poena sine lege|pacta sunt servanda|rebus sic stantibus|
culpa in contrahendo|culpa lata|culpa levis|onus probandi|res judicata|res iudicata|in dubio pro reo|ne bis in idem|
non bis in idem|dura lex,? sed lex|audiatur et altera pars|nemo judex in causa sua|pro bono|ex officio|ex lege|ex post|
ex ante|in absentia|in corpore|in statu nascendi|in medias res|casus belli|deus ex machina|ad infinitum|ab ovo|
ab initio|ad rem|de visu|ex libris|homo homini lupus est|veni,? vidi,? vici|alea jacta est|errare humanum est|
ergo|opus magnum|magnum opus|perpetuum mobile|primus inter pares|vox populi|ultima ratio|summa cum laude|cum laude|
(?:present|past|future) (?:simple|continuous|perfect|progressive|indefinite)(?: continuous| progressive)?
""".replace("\n", "")
BORROWED = re.compile(rf"(?<![\w\-])(?:{_BORROWED})\b\.?", re.IGNORECASE)

# A shrug is drawn with a letter of kana.
SHRUGS = ("¯\\_(ツ)_/¯", "¯\\\\_(ツ)_/¯")
SHRUG = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, SHRUGS))})(?![^\W\d_])")
# In an address, a byte of a letter; what follows it belongs to no word with it.
ESCAPED_BYTE = re.compile("%[0-9A-Fa-f]{2}")

# Without one of these there is neither.
FORMULA_SIGN = re.compile(r"[$\\]")
FREE_SIGN = re.compile(r"[./:@#\\<&\"'{(\[%\-]")

# A word, with what holds its parts together: «state-of-the-art», «don't», «C++», «TCP/IP», «R&D».
TERM = Shape(
    lambda letters: (
        rf"(?:[{letters.latin}]|[0-9]{{1,40}}(?:[.,][0-9]{{1,40}}){{0,8}}[{letters.latin}])[{letters.in_term}]*"
        rf"(?:[\-‐‑_.'’&+/][{letters.latin}0-9][{letters.in_term}]*)*[+#]{{0,2}}"
    )
)

_UNIT = (
    "km|m|dm|cm|mm|nm|kg|g|mg|t|lb|lbs|oz|ft|in|mi|mph|kmh|km/h|m/s|l|ml|dl|s|ms|ns|min|h|Hz|kHz|MHz|GHz|THz|"
    "W|kW|MW|GW|Wh|kWh|MWh|V|kV|mV|A|mA|Ah|mAh|F|K|C|Pa|kPa|MPa|hPa|bar|atm|psi|N|J|kJ|cal|kcal|mol|lm|lx|cd|dB|mmol|mcg|mEq|L|dL|mL|"
    "bit|bps|Kbps|Mbps|Gbps|kbps|B|b|kB|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|Kb|Mb|Gb|px|pt|em|rem|vh|vw|fps|rpm|dpi|ppi|"
    "ppm|ppb|eV|keV|MeV|GeV|pH|USD|EUR|RUB|GBP|x|st|nd|rd|th|am|pm|AM|PM|k|M"
)
UNIT_AFTER_NUMBER = frozenset(_UNIT.split("|"))
A_NUMBER_BEFORE = re.compile(r"[0-9½¼¾²³%][ \t\u00a0\u202f]?[/×x·^]?\Z")

# What a formula or a program may hold beside names of its own.
FUNCTIONS = frozenset(
    "sin cos tan tg ctg cot sec arcsin arccos arctan arctg log ln lg exp lim max min mod det dim".split()  # noqa: SIM905
)
IN_FORMULA = re.compile(r"[ (_]?(?:[0-9(√πα-ωΑ-Ω|\[]|[A-Za-z](?![A-Za-z]))")
LITERALS = frozenset("true false null nil undefined none nan void".split())  # noqa: SIM905

_ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
# Nothing longer than 40 characters is a word.
SHAPED = regex.compile(
    rf"""(?=\S{{1,40}}\Z)(?:
      {LATIN}\p{{M}}{{0,2}}                                     # a variable, «витамин C»
    | {_ROMAN}
    | [A-Z0-9]{{2,6}}s?                                        # an acronym: CRM, PDFs
    | [A-Z]{{1,6}}(?:[\-‐‑/&.+][A-Za-z0-9]{{1,10}})+           # ISO/IEC, GPT-4o
    | [A-Z](?:\.[A-Z])+                                        # U.S.A
    | \p{{L}}[-‐‑]\p{{L}}+                                     # e-mail, X-ray
    | (?=.*[0-9₀-₉⁰-⁹]) [\p{{L}}\p{{M}}0-9₀-₉⁰-⁹\-‐‑_.+/]+      # H2O, COVID-19, utf-8, mp3
    | (?=.*\p{{Ll}}\p{{Lu}}) [\p{{L}}\p{{M}}0-9\-‐‑_.+/'’&]+    # iPhone, PostgreSQL
    | (?=.*_) \w+                                              # snake_case
    | [A-Za-z]{{1,3}}[+\#]{{1,2}}                              # C++, C#
    | [A-Z][a-z]{{0,7}}(?:\+[A-Z][A-Za-z0-9]{{0,7}})+           # Ctrl+C
    )[+\#]{{0,2}}
    """,
    FLAGS | regex.VERBOSE,
)
ALL_CAPITALS = regex.compile(r"\p{Lu}{2,}")
# A name; nobody's is longer than 32 letters.
CAPITALISED = regex.compile(rf"\p{{Lu}}(?:{LATIN}|\p{{M}}|[\-‐‑'’.&/]){{0,31}}[+#]{{0,2}}", FLAGS)
# The small words inside a name.
JOINERS = frozenset(
    ("of the and & or for in on at to with a an by from de von van der den da di del della la le les du el y").split()  # noqa: SIM905
)

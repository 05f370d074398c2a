"""Lines of a program that stand in a reply without a fence: «def add(a, b):», «for (int i = 0; …», «import os».

A line is one by its structure, never by its words alone: «import taxes rose» and «for beginners in programming:» are
English.
"""

from __future__ import annotations

import re

from role_engine.language.latin.line import LineContext

_NAME = r"[A-Za-z_$][\w$]*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_TYPE = rf"{_NAME}(?:<[\w<>, ]{{1,20}}>)?(?:\[\])*"
_MODIFIER = (
    "public|private|protected|internal|static|final|abstract|async|export|default|virtual|override|inline|extern"
)

_CODE_LINE = re.compile(
    rf"""[ \t]*(?![ \t])(?:
      import[ ]{_DOTTED}(?:[ ]as[ ]{_NAME})?(?:,[ ]{_DOTTED}(?:[ ]as[ ]{_NAME})?)*[ ]?(?:;|$)
    | from[ ](?![A-Z][a-z]){_DOTTED}[ ]import[ ](?:\*|\(|{_NAME})
    | \#include[ ]?[<"]
    | (?:using|package|namespace)[ ]{_DOTTED}[ ]?[;{{]
    | (?:async[ ])?(?:def|func|fn|fun|function\*?)[ ]{_NAME}[ ]?[(<]
    | (?:(?:{_MODIFIER})[ ])*(?:class|interface|struct|enum|trait)[ ]{_NAME}(?:[ ](?:extends|implements)[ ]{_NAME})?
        (?:\(|[ ]?\{{|:$)
    | (?:(?:{_MODIFIER})[ ])+(?:{_TYPE}[ ])?{_NAME}[ ]?[(=;]
    | (?:const|let|var|val|final|mut|int|float|double|char|bool|boolean|long|string|String)[ ]{_NAME}(?:\[\d*\])?
        [ ]?(?:=(?!=)|;|:[ ]?{_TYPE}[ ]?=)
    | \}}?[ ]?(?:else[ ])?(?:if|while|for|switch|catch|foreach)[ ]?\([^()\n]*[=<>!;:(\[.\w][^\n]*\)?[ ]?(?:\{{|;|$)
    | (?:el)?if[ ][^\n]*(?:[=!<>]=|[<>\[(_])[^\n]*:$
    | while[ ][^\n]*(?:[=!<>]=|[<>\[(_])[^\n]*:$
    | for[ ]{_NAME}(?:,[ ]{_NAME})*[ ]in[ ]{_DOTTED}[(\[]
    | for[ ][a-z_](?:,[ ][a-z_])*[ ]in[ ]{_DOTTED}:$
    | return\b[^\n]*[;(\[]
    | (?<=[ \t])return(?:[ ]{_NAME}(?:[ ]?[+\-*/%][ ]?{_NAME})*)?$
    | {_NAME}(?:\.{_NAME})+\([^\n]*\);?$ | {_NAME}\([^\n]*\);$
    | {_DOTTED}:{_NAME}[({{] | (?:print|printf|puts|echo|console\.log)\([^А-Яа-яЁё\n]*$
    | local[ ](?:function[ ]{_NAME}|{_NAME}(?:,[ ]{_NAME})*[ ]=)
    | (?:else)?if[ ](?:not[ ])?{_DOTTED}[ ]then$
    | (?:(?:else)?if|while|for)[ ][^\n]*[=~<>()\[\]:_.][^\n]*[ ](?:then|do)$
    | end[)\]}};,]*(?:[ ]--|$)
    | my[ ][$@%]\w | use[ ]{_NAME}::\w
    | (?:\$|>>>|[a-z]\w{{1,15}}>)[ ][a-z./]
    | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}
    | [A-Z][a-z]{{2}}[ ]{{1,2}}[0-9]{{1,2}}[ ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[ ]
    | SELECT[ ][\w*.,() ]{{1,40}}[ ]FROM[ ]\w | INSERT[ ]INTO[ ]\w | DELETE[ ]FROM[ ]\w | UPDATE[ ]\w+[ ]SET[ ]
    | (?:CREATE|ALTER|DROP)[ ](?:TABLE|INDEX|VIEW|DATABASE)[ ]\w
    | {_DOTTED}(?:\[[^\[\]\n]{{1,20}}\])?[ ]?[+\-*/]?=[ ]?(?:{_DOTTED}[(\[]|new[ ]{_NAME}|["'\[{{0-9-])
    )""",
    re.VERBOSE,
)
_SIGN = re.compile(r"[(){}=;:<*$>]|then|do$|end|local|import|return|INTO|CREATE|ALTER|DROP|SET")


def is_code_line(line: LineContext) -> bool:
    """Whether the window's line begins as a line of a program does."""
    return line.begins and _SIGN.search(line.whole) is not None and _CODE_LINE.match(line.whole) is not None

"""What a network takes for a link inside a text: an address with its scheme, or a bare domain.

Mirrored in assets/js/counting.js. Every pattern starts only where a word starts and never repeats a
repetition, so a hostile text of 100,000 characters is read in one pass.
"""

import regex

# Two letters of a country, then the generic endings that people write without a scheme.
COUNTRY_ENDINGS = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw "
    "by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et "
    "eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id "
    "ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu "
    "lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np "
    "nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk "
    "sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy "
    "uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
GENERIC_ENDINGS = (
    "academy aero africa agency app arab archi art asia auto bank bio biz blog brussels business cafe "
    "capital care careers cat center chat city clinic cloud club coach codes com community company "
    "computer consulting coop corsica design dev digital direct earth edu education email energy "
    "engineering events exchange expert farm fashion finance fitness foundation fund gallery global gov "
    "green group guide health help holdings hospital hotel house info insurance int international jobs "
    "legal life link live london ltd market marketing media mil mobi museum name net network news ngo "
    "ong online org page paris partners photo pro productions property quebec report restaurant school "
    "science services shop site social software solutions space store studio support systems tech "
    "technology tel today tools tours town training travel university ventures video vision web website "
    "wiki win work works world xyz zone"
)
ENDINGS = f"{COUNTRY_ENDINGS} {GENERIC_ENDINGS}"
LETTER = r"A-Za-z0-9\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F"
PATH = rf"{LETTER}\u0400-\u04FF!*';:=+,.$/%#\[\]–—\-_~@|&"
PATH_END = rf"{LETTER}\u0400-\u04FF=_#/+\-"
TAIL = (
    r"(?::[0-9]+)?"
    rf"(?:/(?:(?:[{PATH}]|\([{PATH}]+\))*(?:[{PATH_END}]|\([{PATH}]+\)))?)?"
    r"(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[A-Za-z0-9\-_&=#/])?"
)
SCHEMED = (
    r"(?<![A-Za-z0-9@＠$#＃])https?://"
    r"(?:[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?\.)+(?:xn--[a-z0-9]+|\p{L}[\p{L}\p{M}]+)"
    + TAIL
)
BARE = (
    rf"(?<![{LETTER}@＠$#＃_./\-])(?:[{LETTER}](?:[{LETTER}_-]*[{LETTER}])?\.)+"
    rf"(?:{'|'.join(ENDINGS.split())})(?![{LETTER}@+\-])" + TAIL
)
SCHEMED_LINK = regex.compile(SCHEMED, regex.IGNORECASE)
LINK = regex.compile(f"{SCHEMED}|{BARE}", regex.IGNORECASE)

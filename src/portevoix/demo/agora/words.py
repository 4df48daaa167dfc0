"""The words of Agora's pages in three languages, and which language a browser asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en", "ar"]
UNASKED: Language = "en"  # for those whose languages we do not speak
_FARTHEST = 20  # languages in a header that are looked at


@dataclass(frozen=True)
class Words:
    """Every sentence of the pages; `{holes}` are filled by `pages`."""

    tagline: str
    footer: str
    write: str
    back: str
    latest: str
    nothing_yet: str
    nobody_yet: str
    post_by: str
    just_now: str
    views: str
    likes: str
    reposts: str
    replies: str
    missing: str
    missing_why: str
    wants: str
    if_accepted: str
    scope_me: str
    scope_posts: str
    can_end: str
    then_back: str
    which_account: str
    another_name: str
    your_name: str
    name_is_enough: str
    accept: str
    refuse: str
    choose_one: str
    name_missing: str
    refused: str
    unknown_app: str
    bad_return: str
    other_site: str
    try_again: str
    new_post: str
    your_text: str
    at_most: str
    publish: str
    too_long: str
    nothing_to_say: str


WORDS: Mapping[Language, Words] = {
    "fr": Words(
        tagline="La place où l’on se parle",
        footer="Agora est un réseau inventé pour la démonstration. Ce que l’on y publie reste sur cette machine.",
        write="Écrire",
        back="Toutes les publications",
        latest="Dernières publications",
        nothing_yet="Rien n’a encore été publié. La première publication paraîtra ici.",
        nobody_yet="Aucune publication pour l’instant.",
        post_by="Publication de {name}",
        just_now="à l’instant",
        views="Vues",
        likes="J’aime",
        reposts="Partages",
        replies="Réponses",
        missing="Cette page n’existe pas",
        missing_why="L’adresse est incomplète, ou la publication a été retirée.",
        wants="{app} demande l’accès à votre compte Agora",
        if_accepted="Si vous acceptez, {app} pourra\u00a0:",
        scope_me="connaître votre nom et votre identifiant\u00a0;",
        scope_posts="publier en votre nom, suivre vos publications et les retirer.",
        can_end="Vous pourrez mettre fin à cet accès quand vous voudrez, depuis {app}.",
        then_back="Vous reviendrez ensuite à {host}.",
        which_account="Avec quel compte\u00a0?",
        another_name="Un autre nom",
        your_name="Votre nom",
        name_is_enough="Le compte s’ouvre aussitôt\u00a0: ni adresse ni mot de passe.",
        accept="Accepter",
        refuse="Refuser",
        choose_one="Choisissez un compte, ou un autre nom pour en ouvrir un.",
        name_missing="Écrivez le nom sous lequel ouvrir le compte.",
        refused="Cette demande ne peut pas aboutir",
        unknown_app="Agora ne connaît pas l’application qui vous envoie.",
        bad_return="L’adresse à laquelle vous reviendriez n’est pas admise.",
        other_site="Le formulaire vient d’un autre site qu’Agora.",
        try_again="Retournez d’où vous veniez, et recommencez.",
        new_post="Nouvelle publication",
        your_text="Votre texte",
        at_most="{limit} caractères au plus.",
        publish="Publier",
        too_long="Le texte compte {count} caractères\u00a0: raccourcissez-le à {limit}.",
        nothing_to_say="Écrivez d’abord quelques mots.",
    ),
    "en": Words(
        tagline="The square where people talk",
        footer="Agora is a network invented for the demonstration. What is posted on it stays on this machine.",
        write="Write",
        back="All posts",
        latest="Latest posts",
        nothing_yet="Nothing has been posted yet. The first post will appear here.",
        nobody_yet="No posts yet.",
        post_by="Post by {name}",
        just_now="just now",
        views="Views",
        likes="Likes",
        reposts="Reposts",
        replies="Replies",
        missing="There is no such page",
        missing_why="The address is incomplete, or the post has been taken off.",
        wants="{app} asks for access to your Agora account",
        if_accepted="If you accept, {app} will be able to:",
        scope_me="know your name and your handle;",
        scope_posts="post in your name, follow your posts and take them off.",
        can_end="You can end this access whenever you like, from {app}.",
        then_back="You will then go back to {host}.",
        which_account="With which account?",
        another_name="Another name",
        your_name="Your name",
        name_is_enough="The account opens at once: no address, no password.",
        accept="Accept",
        refuse="Refuse",
        choose_one="Choose an account, or another name to open one.",
        name_missing="Write the name to open the account under.",
        refused="This request cannot be carried out",
        unknown_app="Agora does not know the application that sends you.",
        bad_return="The address that you would go back to is not allowed.",
        other_site="The form comes from another site than Agora.",
        try_again="Go back to where you came from, and start again.",
        new_post="New post",
        your_text="Your text",
        at_most="{limit} characters at most.",
        publish="Post",
        too_long="The text has {count} characters: shorten it to {limit}.",
        nothing_to_say="Write a few words first.",
    ),
    "ar": Words(
        tagline="ساحة يتحدّث فيها الناس",
        footer="شبكة Agora من وحي الخيال، أُعدّت للعرض. ما يُنشر فيها يبقى على هذا الجهاز.",
        write="كتابة منشور",
        back="كل المنشورات",
        latest="آخر المنشورات",
        nothing_yet="لم يُنشر شيء بعد. سيظهر أول منشور هنا.",
        nobody_yet="لا توجد منشورات حتى الآن.",
        post_by="منشور {name}",
        just_now="الآن",
        views="المشاهدات",
        likes="الإعجابات",
        reposts="المشاركات",
        replies="الردود",
        missing="هذه الصفحة غير موجودة",
        missing_why="قد يكون العنوان ناقصًا، أو ربما حُذف المنشور.",
        wants="يطلب {app} الوصول إلى حسابكم على Agora",
        if_accepted="إذا وافقتم، فسيكون بإمكان {app}:",
        scope_me="معرفة اسمكم ومعرّفكم؛",
        scope_posts="النشر باسمكم، ومتابعة منشوراتكم، وحذفها.",
        can_end="يمكنكم إنهاء هذا الوصول متى شئتم، من {app}.",
        then_back="ستعودون بعد ذلك إلى {host}.",
        which_account="بأي حساب؟",
        another_name="اسم آخر",
        your_name="اسمكم",
        name_is_enough="يُفتح الحساب فورًا: بلا عنوان بريد ولا كلمة مرور.",
        accept="موافقة",
        refuse="رفض",
        choose_one="اختاروا حسابًا، أو اسمًا آخر لفتح حساب جديد.",
        name_missing="اكتبوا الاسم الذي سيُفتح به الحساب.",
        refused="لا يمكن إتمام هذا الطلب",
        unknown_app="التطبيق الذي أرسلكم غير معروف لدى Agora.",
        bad_return="العنوان الذي ستعودون إليه غير مسموح به.",
        other_site="الاستمارة واردة من موقع غير Agora.",
        try_again="عودوا من حيث أتيتم، ثم أعيدوا المحاولة.",
        new_post="منشور جديد",
        your_text="نصّكم",
        at_most="{limit} حرف على الأكثر.",
        publish="نشر",
        too_long="عدد أحرف النص {count}: اختصروه إلى {limit}.",
        nothing_to_say="اكتبوا بضع كلمات أولًا.",
    ),
}


def asked_language(header: str) -> Language:
    """The first of our languages in the order of preference of an Accept-Language header."""
    wanted: list[tuple[float, Language]] = []
    for part in header.split(",")[:_FARTHEST]:
        tag, _, parameter = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        for language in WORDS:
            if language == primary and (weight := _weight(parameter)) > 0:
                wanted.append((weight, language))
    # The first of those that are wanted most: max keeps the order.
    return max(wanted, key=lambda one: one[0])[1] if wanted else UNASKED


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

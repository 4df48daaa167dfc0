"""What member pages say of networks: what permissions are for, why some are shared by hand, why a post stands still."""

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence
from portevoix.sharing.models import Post
from portevoix.sharing.states import PostState

# By the codes of `SignIn.permissions`; a test sees that each has its words.
PERMISSIONS: dict[str, Sentence] = {
    "know_account": _(
        "Know which account it is: its name and its handle, so that you can see that it is yours."
    ),
    "publish": _("Publish the posts that you approved here, one by one, at the moment you chose."),
    "add_pictures": _("Add the story’s picture to your post."),
    "read_own": _("Read your own posts, to make sure that a post went out once and not twice."),
    "read_figures": _(
        "Read how often the posts published from here were seen, to show it to you; to others only added up "
        "over five people or more."
    ),
    "delete_own": _("Take a post off again when you ask for it."),
    "stay_connected": _(
        "Stay connected, so that a post planned for next week goes out without you having to sign in."
    ),
}
NEVER: tuple[Sentence, ...] = (
    _("Never a post that you did not approve, word for word."),
    _("Never a like, a comment, a follow or a message in your name."),
    _("Never your contacts, your messages, or what others write to you."),
    _("Nobody in the company sees your account, and you are scored by nobody."),
)
# Why a network is shared on by hand, always. Sources: docs/networks/.
BY_HAND: dict[str, Sentence] = {
    "facebook": _("Facebook lets no program post on a person’s profile, since 2018."),
    "whatsapp": _("WhatsApp lets no program send for you: you choose who receives your message."),
    "telegram": _("Telegram opens with your text: you choose who receives it."),
    "xing": _("XING lets no program post for personal accounts."),
    "email": _("Your mail program opens with your text."),
    "instagram": _("Instagram lets no program post for personal accounts: keep the picture, copy the text."),
}
CLOSED: Sentence = _("Your organisation has not opened it. You can share there yourself.")
# Why a post is where it is, by the code of its reason.
REASONS: dict[str, Sentence] = {
    "asked_to_wait": _("%(network)s asked us to wait a little. It is sent again by itself."),
    "signed_in_anew": _("Your sign-in was renewed: the post is sent again at once."),
    "no_answer": _(
        "%(network)s received it and did not answer. We look whether it is online before anything else."
    ),
    "interrupted": _(
        "We were interrupted while it was being sent. We look whether it is online before anything else."
    ),
    "look_again": _("%(network)s does not say yet. We look again in a moment."),
    "sign_in_again": _("%(network)s asks you to sign in again first."),
    "operator_must": _(
        "%(network)s no longer accepts the keys of this installation. Whoever runs Portevoix can see it."
    ),
    "network_off": _("Your organisation closed publishing on %(network)s for now."),
    "budget_spent": _("%(network)s makes us pay for each post, and this month’s budget is spent."),
    "story_over": _("The story ended before the post went out."),
    "takes_no_part": _("You are not taking part at the moment."),
    "paused": _("You are on pause."),
    "disconnected": _("The account was disconnected."),
    "came_too_late": _("Its moment passed while we could not send it, so it goes to your next hour."),
    "planned_again": _("It goes to your next hour, since its moment had passed."),
    "zone_changed": _(
        "The clocks of your country change on another day than announced: the post stays at the hour you chose."
    ),
    "network_cannot_tell": _("%(network)s cannot tell us whether it is online."),
    "network_silent": _("%(network)s does not answer our question."),
    "duplicate": _("%(network)s says that it holds this post already."),
    "refused_by_network": _("%(network)s refused it."),
    "too_long": _("%(network)s finds it too long."),
    "too_many_links": _("%(network)s finds too many links in it."),
    "picture_gone": _("Its picture was taken off the story meanwhile."),
    "picture_refused": _("%(network)s refused its picture."),
    "picture_too_big": _("Its picture is too big for %(network)s."),
    "reshare_refused": _("The company’s post cannot be passed on: its author does not allow it."),
    "post_not_shown": _(
        "%(network)s does not show it to us, so we could not take it off. You can do it there."
    ),
    "key_taken": _("Another post has its place already. Share the story again."),
    "not_taken_off": _("%(network)s did not let us take it off. You can do it there."),
    "gone": _("It is no longer on %(network)s."),
    "taken_off_by_person": _("Take it off on %(network)s too: we do not know which post it is."),
}


def reason_of(post: Post, network: str) -> str:
    """Why the post is where it is, in words; empty when it needs no saying."""
    words = REASONS.get(post.reason)
    if words is None and post.state == PostState.REFUSED:
        words = REASONS["refused_by_network"]
    return str(words) % {"network": network} if words else ""

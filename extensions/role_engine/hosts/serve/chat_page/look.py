"""How the chat of the page looks, and that it follows what is said."""

CSS = """
#role-engine-chat { height: calc(100vh - 29rem) !important; min-height: 16rem; }
#role-engine-chat .message-row { margin-block: 10px; }
#role-engine-chat details { margin-bottom: 0.8em; opacity: 0.7; }
#role-engine-chat summary { cursor: pointer; }
#role-engine-actions button { flex: 0 0 auto; width: auto; min-width: max-content; }
#role-engine-send { background: #4338ca; color: #fff; }
#role-engine-talk span[data-testid=block-info] { color: var(--body-text-color); }
#role-engine-send, #role-engine-stop { min-width: max-content !important; }
#role-engine-actions { flex-wrap: wrap; gap: 6px; }
#role-engine-chats { min-width: 180px; }
#role-engine-api { flex: 0 0 auto; width: auto; min-width: max-content; align-self: center; }
#role-engine-api a { color: var(--body-text-color); text-decoration: underline; }
@media (max-width: 640px) { #role-engine-talk .form:has(#role-engine-message) { flex: 1 1 100%; } }
footer { display: none !important; }
"""

FOLLOW = """() => {
    const follow = () => {
        const list = document.querySelector('#role-engine-chat .bubble-wrap');
        if (!list) return setTimeout(follow, 200);
        let atEnd = true, questions = 0;
        list.addEventListener('scroll', () => {
            atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 40;
        });
        new MutationObserver(() => {
            const asked = list.querySelectorAll('.user-row').length;
            atEnd ||= asked > questions;
            questions = asked;
            if (atEnd) list.scrollTop = list.scrollHeight;
        }).observe(list, {childList: true, subtree: true, characterData: true});
    };
    follow();
}"""
"""Run once, when the page is loaded: the chat shows its end, unless the reader has scrolled up since the last question.
(Gradio's own gives up when a question and the beginning of its reply come at once.)"""

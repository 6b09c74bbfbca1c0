//! What people do to a page, and events that come without a reason.
use palaestra_env::Value;
use palaestra_play::game::Event;
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::State;

use crate::page::Page;
use crate::people::bytes;
use crate::setting::{Act, Stray};

/// Something happens on a page. What happens elsewhere is the world's.
pub(crate) fn happens(page: &mut Page, now: f64, act: &Act) {
    match act {
        Act::KeyDown(code) if page.looping => page.handle(Event::KeyDown { code, at: now - 0.5 }),
        Act::KeyUp(code) if page.looping => page.handle(Event::KeyUp { code, at: now - 0.5 }),
        Act::Choose(agent, action) => {
            if let Ok(agent) = page.game.can_act(agent) {
                page.handle(Event::Act { agent, action: &bytes(&Value::Discrete(*action)), at: now });
            }
        }
        Act::KeysLost if page.looping => page.handle(Event::KeysLost),
        Act::FocusLost => page.handle(Event::FocusLost),
        Act::FocusFound => page.handle(Event::FocusFound),
        Act::Hide => page.handle(Event::Hidden(true)),
        Act::Reveal => {
            page.handle(Event::Hidden(false));
            page.frames();
        }
        Act::Pause => page.handle(Event::Pause(true)),
        Act::Resume => page.handle(Event::Pause(false)),
        Act::Dispose(reason) => page.handle(Event::Dispose(*reason)),
        Act::Stray(stray) => happens_for_nothing(page, now, *stray),
        _ => {}
    }
}

fn happens_for_nothing(page: &mut Page, now: f64, stray: Stray) {
    match stray {
        // A timer that is set rings when it is time.
        Stray::Rang(timer) if page.timer(timer) => {}
        Stray::Rang(timer) => page.handle(Event::Rang(timer)),
        Stray::Painted => page.handle(Event::Painted),
        Stray::AnimationFrame => page.handle(Event::AnimationFrame),
        Stray::Drawn => page.handle(Event::Drawn { began: now, ended: now }),
        Stray::WorkerGone if page.game.state() != State::Ended => page.handle(Event::WorkerGone(None)),
        Stray::SessionClosed => {
            page.handle(Event::Failed(Failure::new(ErrorCode::SessionClosed, "the session was closed")));
        }
        Stray::UnknownKey => page.handle(Event::KeyDown { code: "NoSuchKey", at: now }),
        Stray::WorkerGone | Stray::MadeAgain => {}
    }
}

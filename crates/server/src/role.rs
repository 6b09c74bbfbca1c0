//! Which process has the lobby. Alone it is this one. Several on one database agree by a lease: one has the lobby, the others pass their
//! sockets on to it, and one of them takes the lobby up where it was when its holder is gone.
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::lead::{Lead, Leading, Setup};
use crate::store::{Fence, Lease, Standing};

/// How long a socket waits for a process to have the lobby. A lease that is not renewed passes sooner.
const PATIENCE: Duration = Duration::from_secs(9);

/// What this process is to the lobby.
#[derive(Clone)]
pub(crate) enum Role {
    /// It has it.
    Leads(Box<Lead>),
    /// The process at this address has it.
    Follows(Arc<str>),
    /// Nobody has it, as far as is known here.
    Waits,
}

/// What a socket asks: who has the lobby.
#[derive(Clone)]
pub(crate) struct Roles(watch::Receiver<Role>);

impl Roles {
    /// What this process is at the moment.
    pub(crate) fn now(&self) -> Role {
        self.0.borrow().clone()
    }

    /// Waits until the process at this address has not the lobby any more, as far as is known here.
    pub(crate) async fn moved_from(&self, address: &str) {
        let follows = |role: &Role| matches!(role, Role::Follows(known) if **known == *address);
        let _ = self.0.clone().wait_for(|role| !follows(role)).await;
    }

    /// When a socket that came now has waited long enough.
    pub(crate) fn deadline() -> Instant {
        Instant::now() + PATIENCE
    }

    /// Waits until somebody has the lobby; `here`: until this process has it. `None` where that takes too long.
    pub(crate) async fn somebody(&self, here: bool, deadline: Instant) -> Option<Role> {
        let mut roles = self.0.clone();
        let wanted = |role: &Role| match role {
            Role::Leads(_) => true,
            Role::Follows(_) => !here,
            Role::Waits => false,
        };
        if Instant::now() >= deadline {
            return None;
        }
        let found = timeout_at(deadline, roles.wait_for(wanted)).await.ok()?.ok()?.clone();
        Some(found)
    }
}

/// The lobby of one process.
pub(crate) fn alone(leading: &Leading) -> Roles {
    Roles(watch::channel(Role::Leads(Box::new(leading.lead.clone()))).1)
}

/// The lobby of several processes, before anybody is known to have it.
pub(crate) fn shared() -> (watch::Sender<Role>, Roles) {
    let (sender, receiver) = watch::channel(Role::Waits);
    (sender, Roles(receiver))
}

/// Takes the lobby up whenever it is this process's, lets it go whenever it is not, until the server stops.
pub(crate) async fn take_turns(
    setup: Arc<Setup>,
    lease: Lease,
    roles: watch::Sender<Role>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut standing = lease.standing.clone();
    let mut given_up: Option<Fence> = None;
    // A server that is dropped without being stopped is over too.
    while !*stopped.borrow() && stopped.has_changed().is_ok() {
        let found = standing.borrow_and_update().clone();
        match found {
            Standing::Own(fence, _) if given_up != Some(fence) => {
                lead(&setup, fence, &roles, &mut standing, &mut stopped).await;
                given_up = Some(fence);
                // A server that stops gives it up with the lease's own end.
                if !*stopped.borrow() {
                    lease.give_up(fence);
                }
            }
            Standing::Other(address) => follow(&roles, &address),
            Standing::Own(..) | Standing::Unknown => drop(roles.send_replace(Role::Waits)),
        }
        tokio::select! {
            changed = standing.changed() => if changed.is_err() { break },
            _ = stopped.changed() => {}
        }
    }
    let _ = tokio::task::spawn_blocking(move || lease.stop()).await;
}

fn follow(roles: &watch::Sender<Role>, address: &str) {
    roles.send_if_modified(|role| {
        let known = matches!(role, Role::Follows(known) if **known == *address);
        if !known {
            *role = Role::Follows(address.into());
        }
        !known
    });
}

/// Has the lobby for as long as that lasts.
async fn lead(
    setup: &Arc<Setup>,
    fence: Fence,
    roles: &watch::Sender<Role>,
    standing: &mut watch::Receiver<Standing>,
    stopped: &mut watch::Receiver<bool>,
) {
    roles.send_replace(Role::Waits);
    let of_task = Arc::clone(setup);
    let started = tokio::task::spawn_blocking(move || Leading::start(&of_task, Some(fence))).await;
    let leading = match started {
        Ok(Ok(leading)) => leading,
        Ok(Err(error)) => return eprintln!("palaestra-server: {error}"),
        Err(error) => return eprintln!("palaestra-server: {error}"),
    };
    roles.send_replace(Role::Leads(Box::new(leading.lead.clone())));
    loop {
        let until = match &*standing.borrow_and_update() {
            Standing::Own(found, until) if *found == fence => Instant::from_std(*until),
            _ => break,
        };
        if until <= Instant::now() {
            break;
        }
        tokio::select! {
            changed = standing.changed() => if changed.is_err() { break },
            () = sleep_until(until) => {}
            () = leading.lead.writer.lost() => break,
            _ = stopped.changed() => break,
        }
    }
    roles.send_replace(Role::Waits);
    leading.stop().await;
}

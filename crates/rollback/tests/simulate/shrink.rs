//! A failing plan made smaller: faults are left out, one after another, as long as it still fails.
use crate::plan::Plan;
use crate::verdict::play;

pub(crate) fn shrink(plan: &Plan) -> Plan {
    let fails = |plan: &Plan| !play(plan).complaints.is_empty();
    let mut small = plan.clone();
    let mut at = 0;
    while at < small.faults.len() {
        let mut smaller = small.clone();
        smaller.faults.remove(at);
        if fails(&smaller) {
            small = smaller;
        } else {
            at += 1;
        }
    }
    for calm in [
        |plan: &mut Plan| plan.network.loss = 0.0,
        |plan: &mut Plan| plan.network.burst.0 = 0.0,
        |plan: &mut Plan| plan.network.jitter = 0.0,
        |plan: &mut Plan| plan.network.reordering = 0.0,
        |plan: &mut Plan| plan.network.duplication = 0.0,
        |plan: &mut Plan| plan.starts.iter_mut().for_each(|start| *start = 0.0),
        |plan: &mut Plan| plan.drifts.iter_mut().for_each(|drift| *drift = 0.0),
        |plan: &mut Plan| plan.policies = 0,
    ] {
        let mut smaller = small.clone();
        calm(&mut smaller);
        if fails(&smaller) {
            small = smaller;
        }
    }
    small
}

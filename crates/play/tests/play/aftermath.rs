//! What must hold of every game that is over, and of its record.
use palaestra_env::{Kwargs, Returns, environment::Phase};
use palaestra_play::game::{Event, Timer};
use palaestra_protocol::{ErrorCode, Failure, Operation, Row, STATIONS, Station, StepTimes, Stepped};
use palaestra_record::{Entry, Header, Limits, Record, Report, verify, write_jsonl};
use palaestra_session::{Reason, State};
use serde_json::Value as Json;

use crate::entries::each;
use crate::toy;
use crate::worker::Told;
use crate::world::World;

/// Checks a game that is over, to the last line of its record. Gives how much was played.
pub(crate) fn check(world: &mut World) -> Report {
    let game = &world.page.game;
    assert!(world.page.finished, "every game ends");
    assert_eq!(game.state(), State::Disposed);
    let (reason, report) = (game.reason().unwrap(), game.report().unwrap());
    assert_eq!(report.reason, reason);
    let misfortune = matches!(reason, Reason::Error | Reason::Timeout);
    assert!(misfortune || game.failure().is_none(), "{reason}: {:?}", game.failure());
    let asked = world.asked_to_end.contains(&reason);
    assert!(!misfortune || asked || game.failure().is_some(), "{reason}, and nobody says why");
    world.page.check_released();
    let report = check_record(world);
    check_steps(world);
    check_rows(world);
    nothing_happens_any_more(world);
    report
}

/// The record is the prefix of what the Port told of that the game took, and everything in it is told in its place.
fn check_record(world: &World) -> Report {
    let page = &world.page;
    let options = page.game.options();
    assert_eq!(page.game.recorder().clone().take_sealed(), None, "every chunk is handed out");
    let record = Record::from_chunks(page.chunks.clone()).unwrap();
    assert_eq!(record.totals(), page.game.recorder().totals(), "every entry is handed out");
    let mut told = world.worker.told.iter();
    let (mut steps, mut events) = (0_u32, Vec::new());
    let each = each(&record, |entry| match entry {
        Entry::Reset { seed, options: text, returns } => {
            let Some(Told::Reset { seed: asked, returns: found }) = told.next() else {
                panic!("a reset stands in the record where the Port told of something else")
            };
            assert_eq!((seed, returns), (*asked, &found[..]));
            assert_eq!(text, options.reset_options_text);
        }
        Entry::Step { actions, returns, metrics, hash } => {
            steps += 1;
            let Some(Told::Step(step)) = told.next() else {
                panic!("a step stands in the record where the Port told of something else")
            };
            assert_eq!((step.frame, &step.actions[..], &step.returns[..]), (steps, actions, returns));
            assert_eq!(step.hash, hash);
            assert_eq!(metrics.len(), page.game.numbers().len());
            let times = if options.record_times { 2 } else { 0 };
            if let (true, Some(row)) = (options.record_metrics, page.game.metrics().row(steps as usize)) {
                check_recorded_row(metrics.iter().skip(times), row, step.times, steps);
            }
            if options.record_times {
                let began = step.times.began + world.setting.offset;
                let near = |time: f64, at: f64| (time - at).abs() < 1e-3 || time.is_nan() && at.is_nan();
                let times: Vec<f64> = metrics.iter().take(times).collect();
                assert!(near(times[0], began) && near(times[1], step.times.pressed), "{times:?}, {:?}", step.times);
            }
        }
        Entry::Event(text) => events.push(serde_json::from_str::<Json>(text).unwrap()),
    });
    each.unwrap();
    assert_eq!(steps, page.game.frame(), "every step that was played is recorded");
    let doubted = page.game.failure().is_some_and(|failure| failure.code == ErrorCode::BadMessage);
    let taken = page.taken - usize::from(doubted && page.taken > steps as usize);
    assert_eq!(taken, steps as usize, "every step that arrived is recorded");
    check_events(world, &events);
    verified(world, &record)
}

/// A row in the record is the row of its step, as far as that was known when it was written down.
fn check_recorded_row(recorded: impl Iterator<Item = f64>, row: &Row, times: StepTimes, frame: u32) {
    for (station, (recorded, known)) in recorded.zip(row).enumerate() {
        let same = recorded == *known || recorded.is_nan() && known.is_nan();
        let later = station >= Station::RenderBegin as usize && recorded.is_nan();
        assert!(same || later, "frame {frame}, {}: recorded {recorded}, is {known}", STATIONS[station]);
    }
    assert!(row[Station::Keypress as usize].is_nan() == times.pressed.is_nan());
}

/// Every transition stands in the record, the last one at its end; so does every pause.
fn check_events(world: &World, events: &[Json]) {
    let transitions: Vec<_> = events.iter().filter(|event| event["event"] == "transition").collect();
    let told = &world.page.transitions;
    assert_eq!(transitions.len(), told.len());
    for (noted, told) in transitions.iter().zip(told) {
        assert_eq!((noted["from"].as_str(), noted["to"].as_str()), (Some(told.from.as_str()), Some(told.to.as_str())));
        assert_eq!(noted["reason"].as_str(), told.reason.map(Reason::as_str));
    }
    assert_eq!(events.last().map(|event| &event["to"]), Some(&Json::from("disposed")), "the record has its own end");
    let times: Vec<f64> = transitions.iter().map(|event| event["at"].as_f64().unwrap()).collect();
    assert!(times.is_sorted());
    let pauses = events.iter().filter(|event| event["event"] == "paused" || event["event"] == "resumed");
    assert!(pauses.zip(["paused", "resumed"].iter().cycle()).all(|(event, expected)| event["event"] == *expected));
}

fn verified(world: &World, record: &Record) -> Report {
    let header = Header::new(&world.spec().id, Kwargs::new(), Some(world.setting.options.seed));
    let mut text = Vec::new();
    write_jsonl(&header, world.spec(), record, &world.page.game.numbers(), &mut text).unwrap();
    let report = verify(&text[..], toy::make, Limits::default()).unwrap();
    let totals = record.totals();
    assert_eq!(report, Report { steps: totals.steps, episodes: totals.episodes, unfinished: false });
    report
}

/// Whoever wants to hear of steps hears of each once, with the score of the right agents.
fn check_steps(world: &World) {
    let (page, spec) = (&world.page, world.spec());
    let game = &page.game;
    if !game.options().tell_steps {
        return assert!(page.steps.is_empty());
    }
    assert_eq!(page.steps.len(), game.frame() as usize);
    let (mut score, mut scores, mut episode) = (vec![0.0; spec.agents.len()], Vec::new(), 0);
    let mut heard = page.steps.iter();
    for told in &world.worker.told {
        match told {
            Told::Reset { .. } => {
                score.fill(0.0);
                episode += 1;
            }
            Told::Step(step) => {
                let Some(heard) = heard.next() else { break };
                let outcome = Returns::read(spec, Phase::Step, &step.returns).unwrap().outcome;
                score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
                if outcome.over() {
                    scores.push(score.clone());
                }
                assert_eq!((heard.frame, heard.episode), (step.frame, episode));
                assert_eq!((&heard.actions, &heard.returns), (&step.actions, &step.returns));
                assert_eq!(heard.score, score, "frame {}", step.frame);
            }
        }
    }
    assert_eq!(game.recorder().scores(), scores);
}

/// No row goes back in time, and each step passed its stations in order.
fn check_rows(world: &World) {
    let metrics = world.page.game.metrics();
    assert_eq!(metrics.count(), world.page.game.frame() as usize);
    let in_order = |row: &Row, stations: &[Station]| {
        let times = stations.iter().map(|station| row[*station as usize]).filter(|time| !time.is_nan());
        let times: Vec<f64> = times.collect();
        assert!(times.is_sorted_by(|a, b| a <= &(b + 1e-6)), "{stations:?}: {row:?}");
    };
    let mut before: Option<&Row> = None;
    for frame in metrics.first_frame()..=metrics.count() {
        let row = metrics.row(frame).unwrap();
        use Station::{
            Keypress, Paint, QueueExit, RenderBegin, RenderEnd, StepBegin, StepCall, StepDue, StepEnd, StepReturn,
            WorkerReceive,
        };
        in_order(row, &[Keypress, QueueExit, StepCall, WorkerReceive, StepBegin, StepEnd, StepReturn]);
        in_order(row, &[StepReturn, RenderBegin, RenderEnd, Paint]);
        in_order(row, &[StepDue, StepBegin]);
        let known = [StepCall, WorkerReceive, StepDue, StepBegin, StepEnd, StepReturn];
        assert!(known.iter().all(|station| row[*station as usize].is_finite()), "{row:?}");
        for station in before.iter().flat_map(|_| known) {
            let (earlier, later) = (before.map_or(f64::NAN, |row| row[station as usize]), row[station as usize]);
            assert!(earlier <= later + 1e-6, "frame {frame}, {station:?}: {earlier}, then {later}");
        }
        before = Some(row);
    }
    let measured = world.page.measured.iter();
    assert!(measured.clone().all(|(_, row)| row[Station::Paint as usize].is_finite()));
    assert!(measured.map(|(frame, _)| *frame).is_sorted_by(|a, b| a < b));
}

/// After the end no event leads to anything: the page's shell sees to it that it does not.
fn nothing_happens_any_more(world: &mut World) {
    let page = &mut world.page;
    let unpassed = f64::NAN;
    let times = StepTimes {
        pressed: unpassed,
        queued: unpassed,
        called: unpassed,
        received: unpassed,
        due: unpassed,
        began: unpassed,
        ended: unpassed,
    };
    let frame = page.game.frame() + 1;
    let (confirmed, slowed, hash) = (true, 0.0, None);
    let scene = &[1][..];
    let last = Stepped { frame, confirmed, times, slowed, actions: &[0; 16], returns: &[0; 64], hash, scene };
    let totals = page.game.recorder().totals();
    let failure = |code| Event::Failed(Failure::new(code, "too late"));
    let mut events = vec![
        Event::Stepped(last),
        Event::Began { returns: &[0; 64], scene },
        failure(ErrorCode::WorkerFailed),
        failure(ErrorCode::SessionClosed),
        Event::KeyDown { code: "ArrowLeft", at: 1.0 },
        Event::KeyUp { code: "ArrowLeft", at: 1.0 },
        Event::Act { agent: 0, action: &[0; 8], at: 1.0 },
        Event::FocusLost,
        Event::FocusFound,
        Event::Hidden(true),
        Event::Hidden(false),
        Event::Pause(true),
        Event::Pause(false),
        Event::AnimationFrame,
        Event::Drawn { began: 1.0, ended: 2.0 },
        Event::Painted,
        Event::Dispose(Reason::Complete),
        Event::Dispose(Reason::Closed),
        Event::WorkerGone(None),
    ];
    events.extend(Operation::ALL.map(Event::Done));
    events.extend(Timer::ALL.map(Event::Rang));
    events.into_iter().for_each(|event| page.handle(event));
    assert_eq!(page.game.recorder().totals(), totals, "nothing is recorded after the end");
    assert_eq!(page.game.state(), State::Disposed);
}

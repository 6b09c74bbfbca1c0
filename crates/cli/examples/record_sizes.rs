//! How large the record of an hour is: `cargo run --release -p palaestra-cli --example record_sizes -- [STEPS] [ID...]`.
#[path = "../tests/support/kept.rs"]
mod kept;

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let steps = arguments.next_if(|first| first.parse::<u64>().is_ok()).and_then(|steps| steps.parse().ok());
    let steps = steps.unwrap_or(kept::HOUR);
    let asked: Vec<String> = arguments.collect();
    let all = palaestra_envs::CATALOG.entries().map(|entry| entry.id.to_owned());
    let ids: Vec<String> = if asked.is_empty() { all.collect() } else { asked };
    println!("{:40} {:>9} {:>9} {:>9} {:>9}", "", "returned", "written", "kept", "an hour");
    println!("{:40} {:>9} {:>9} {:>9} {:>9}", format!("{steps} steps"), "B/step", "B/step", "B/step", "MB");
    for id in ids {
        let kept = kept::play(&id, steps);
        let [returned, written, compressed] =
            [kept.returned, kept.written, kept.compressed].map(|bytes| kept.per_step(bytes));
        println!("{id:40} {returned:9.1} {written:9.1} {compressed:9.1} {:9.1}", kept.hour() / 1e6);
    }
}

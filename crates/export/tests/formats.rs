//! The same game in each format is what stepping the environment gives, to the last bit.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int32Type, Int64Type, UInt8Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{DataType, SchemaRef};
use bytes::Bytes;
use common::{GAMES, Game, NUMBERS, Seen, Shared, changed, numbers, play, table, written};
use flate2::read::DeflateDecoder;
use palaestra_env::{Kwargs, Sharing, Space, Tensor, Value};
use palaestra_export::minari::Files;
use palaestra_export::{
    Arrow, Csv, ExportError, JsonLines, Minari, Parquet, Sink, Survey, Table, TableBuilder, Zip, export,
};
use palaestra_record::members::to_json;
use palaestra_record::{Failure, Limits, Told};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rawzip::{CompressionMethod, ZipArchive};
use serde_json::{Value as Json, json};

/// A member of a space, spread over columns by a way of its own: the numbers' bits and texts by name.
fn spread(space: &Space, value: &Value, name: &str, out: &mut HashMap<String, String>) {
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    let mut put = |index: usize, value: f64| drop(out.insert(format!("{name}_{index}"), bits(value)));
    match (space, value) {
        (Space::Discrete { .. }, Value::Discrete(value)) => drop(out.insert(name.to_owned(), bits(*value as f64))),
        (Space::Box(space), Value::Tensor(tensor)) if space.shape.is_empty() => {
            out.insert(name.to_owned(), bits(tensor.get(0).unwrap()));
        }
        (_, Value::Tensor(tensor)) => tensor.iter().enumerate().for_each(|(index, value)| put(index, value)),
        (_, Value::MultiDiscrete(values)) => {
            values.iter().enumerate().for_each(|(index, value)| put(index, *value as f64));
        }
        (_, Value::MultiBinary(values)) => {
            values.iter().enumerate().for_each(|(index, value)| put(index, (*value).into()));
        }
        (Space::Tuple { spaces }, Value::Tuple(values)) => {
            let members = spaces.iter().zip(values).enumerate();
            members.for_each(|(index, (space, value))| spread(space, value, &format!("{name}_{index}"), out));
        }
        (Space::Dict { spaces }, Value::Dict(values)) => {
            let members = spaces.iter().zip(values);
            members.for_each(|((key, space), value)| spread(space, value, &format!("{name}.{key}"), out));
        }
        (_, Value::Text(text)) => drop(out.insert(name.to_owned(), text.clone())),
        (_, Value::Bool(flag)) => drop(out.insert(name.to_owned(), flag.to_string())),
        (Space::None, _) => {}
        (_, Value::OneOf(_, member)) if **member == Value::None => {}
        (space, value) => drop(out.insert(name.to_owned(), to_json(space, value).to_string())),
    }
}

fn observation_space(game: &Game, agent: usize) -> &Space {
    let own = if game.spec.observation == Sharing::Shared { 0 } else { agent };
    &game.spec.observation_spaces[own]
}

/// What a row of the table has to say, but for what is empty.
fn expected(game: &Game, seen: &Seen, t: u64) -> HashMap<String, String> {
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    let mut row = HashMap::new();
    spread(observation_space(game, seen.agent), &seen.observation, "obs", &mut row);
    spread(&game.spec.action_spaces[seen.agent], &seen.action, "action", &mut row);
    spread(&game.spec.step_info, &seen.info, "info", &mut row);
    for (name, value) in NUMBERS.into_iter().zip(numbers(t - 1)).filter(|(_, value)| !value.is_nan()) {
        let time = name == "time" || name == "key_time";
        row.insert(if time { name.to_owned() } else { format!("metrics.{name}") }, bits(value));
    }
    let text = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    row.extend([
        text("file", "a"),
        text("env_id", &game.spec.id),
        text("agent", &game.spec.agents[seen.agent]),
        text("header.condition", "fast, \"loud\"\\u000a"),
        text("header.match.id", "m1"),
        ("header.match.size".to_owned(), bits(2.0)),
        text("header.package", "palaestra"),
        text("header.policy", "random"),
        ("header.seed".to_owned(), bits(7.0)),
        text("header.versions.palaestra", env!("CARGO_PKG_VERSION")),
        text("terminated", &seen.terminated.to_string()),
        text("truncated", &seen.truncated.to_string()),
        ("reward".to_owned(), bits(seen.reward)),
        ("episode".to_owned(), bits(seen.episode as f64)),
        ("step".to_owned(), bits(seen.step as f64)),
        ("t".to_owned(), bits(t as f64)),
    ]);
    row.extend(seen.seed.map(|seed| ("seed".to_owned(), seed.to_string())));
    for (name, value) in &game.kwargs {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        row.insert(format!("header.kwargs.{name}"), text);
    }
    row
}

fn agrees(game: &Game, rows: &[HashMap<String, String>]) {
    assert_eq!(rows.len(), game.seen.len());
    let agents = game.spec.agents.len();
    for (index, (row, seen)) in rows.iter().zip(&game.seen).enumerate() {
        let expected = expected(game, seen, (index / agents) as u64 + 1);
        let sorted = |row: &HashMap<String, String>| row.clone().into_iter().collect::<BTreeMap<_, _>>();
        assert_eq!(sorted(row), sorted(&expected), "{} row {index}", game.spec.id);
    }
}

fn games() -> impl Iterator<Item = Game> {
    GAMES.iter().map(|(id, kwargs)| play(id, kwargs, 60))
}

#[test]
fn csv_has_what_stepping_gives() {
    for game in games() {
        let table = table(&[&game.record]);
        let numeric: Vec<bool> =
            table.columns().iter().map(|column| !matches!(column.kind, palaestra_export::Kind::Text)).collect();
        let bytes = written(&[&game.record], |out| Box::new(Csv::new(table, out).unwrap()));
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let names = reader.headers().unwrap().clone();
        let row = |row: csv::StringRecord| {
            let cells = names.iter().zip(row.iter()).zip(&numeric).filter(|((_, cell), _)| !cell.is_empty());
            let bits = |name: &str, cell: &str, numeric| match cell.parse::<f64>() {
                Ok(value) if numeric && name != "seed" => format!("{:016x}", value.to_bits()),
                // As R prints them.
                _ if numeric && matches!(cell, "TRUE" | "FALSE") => cell.to_ascii_lowercase(),
                _ => cell.to_owned(),
            };
            cells.map(|((name, cell), numeric)| (name.to_owned(), bits(name, cell, *numeric))).collect()
        };
        let rows: Vec<HashMap<String, String>> = reader.records().map(|record| row(record.unwrap())).collect();
        agrees(&game, &rows);
        // One line each, whatever stands in it.
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), rows.len() + 1);
    }
}

fn cell(array: &ArrayRef, row: usize) -> Option<String> {
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int64 => bits(array.as_primitive::<Int64Type>().value(row) as f64),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Float32 => bits(array.as_primitive::<Float32Type>().value(row).into()),
        DataType::Float64 => bits(array.as_primitive::<Float64Type>().value(row)),
        _ => array.as_string::<i32>().value(row).to_owned(),
    })
}

fn parquet_rows(bytes: Vec<u8>) -> Vec<HashMap<String, String>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap().build().unwrap();
    rows_of(reader.map(Result::unwrap))
}

fn rows_of(batches: impl Iterator<Item = RecordBatch>) -> Vec<HashMap<String, String>> {
    let rows = |batch: RecordBatch| -> Vec<HashMap<String, String>> {
        let names: Vec<String> = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
        let row = |row| {
            names.iter().zip(batch.columns()).filter_map(move |(name, array)| Some((name.clone(), cell(array, row)?)))
        };
        (0..batch.num_rows()).map(|index| row(index).collect()).collect()
    };
    batches.flat_map(rows).collect()
}

#[test]
fn parquet_has_what_stepping_gives() {
    for game in games() {
        let table = table(&[&game.record]);
        let bytes = written(&[&game.record], |out| Box::new(Parquet::new(table, out).unwrap()));
        agrees(&game, &parquet_rows(bytes));
    }
}

/// The batches of an Arrow file, as Arrow's own crates read and check it.
fn arrow_batches(bytes: Vec<u8>) -> (SchemaRef, Vec<RecordBatch>) {
    let reader = FileReader::try_new(Cursor::new(bytes), None).unwrap();
    (reader.schema(), reader.map(Result::unwrap).collect())
}

#[test]
fn arrow_has_what_stepping_gives_in_the_columns_of_parquet() {
    for game in games() {
        let table = table(&[&game.record]);
        let parquet = written(&[&game.record], |out| Box::new(Parquet::new(table.clone(), out).unwrap()));
        let parquet = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(parquet)).unwrap();
        let bytes = written(&[&game.record], |out| Box::new(Arrow::new(table, out).unwrap()));
        let (schema, batches) = arrow_batches(bytes.clone());
        assert_eq!(schema.fields(), parquet.schema().fields(), "{}", game.spec.id);
        agrees(&game, &rows_of(batches.into_iter()));
        // Whoever does not look for the end reads the same from the beginning.
        let stream = StreamReader::try_new(Cursor::new(bytes[8..].to_vec()), None).unwrap();
        agrees(&game, &rows_of(stream.map(Result::unwrap)));
    }
}

#[test]
fn arrow_of_many_rows_has_several_batches_and_of_none_has_its_columns() {
    let game = play("overcooked_ai/cramped_room", r#"{"observation":"lossless"}"#, 300);
    let whole = table(&[&game.record]);
    let (_, batches) = arrow_batches(written(&[&game.record], |out| Box::new(Arrow::new(whole, out).unwrap())));
    assert!(batches.len() > 1, "{} batch", batches.len());
    agrees(&game, &rows_of(batches.into_iter()));
    let nothing = play("CartPole-v1", "{}", 0);
    let columns = table(&[&nothing.record]);
    let names: Vec<String> = columns.columns().iter().map(|column| column.name.clone()).collect();
    let (schema, batches) =
        arrow_batches(written(&[&nothing.record], |out| Box::new(Arrow::new(columns, out).unwrap())));
    assert_eq!(schema.fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>(), names);
    assert!(batches.is_empty());
}

#[test]
fn what_a_spreadsheet_would_run_has_an_apostrophe_in_csv_alone() {
    let game = play("CartPole-v1", "{}", 3);
    let record = changed(&game.record, 0, |header| header["condition"] = json!("-AI"));
    let records = [record.as_str()];
    let (csv, parquet, arrow) = (table(&records), table(&records), table(&records));
    let csv = String::from_utf8(written(&records, |out| Box::new(Csv::new(csv, out).unwrap()))).unwrap();
    assert_eq!(csv.matches(",'-AI,").count(), 3, "{csv}");
    let (_, batches) = arrow_batches(written(&records, |out| Box::new(Arrow::new(arrow, out).unwrap())));
    for rows in [
        parquet_rows(written(&records, |out| Box::new(Parquet::new(parquet, out).unwrap()))),
        rows_of(batches.into_iter()),
    ] {
        assert!(rows.len() == 3 && rows.iter().all(|row| row["header.condition"] == "-AI"), "{rows:?}");
    }
}

#[test]
fn json_lines_have_what_stepping_gives() {
    for game in games() {
        let bytes = written(&[&game.record], |out| Box::new(JsonLines::new(out)));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), game.seen.len());
        let agents = game.spec.agents.len();
        for (index, (line, seen)) in text.lines().zip(&game.seen).enumerate() {
            let space = observation_space(&game, seen.agent);
            let t = (index / agents) as u64 + 1;
            let [time, key_time, key, begin] = numbers(t - 1).map(palaestra_text::json::number);
            let mut expected = json!({
                "file": "a",
                "time": time,
                "env_id": game.spec.id,
                "episode": seen.episode,
                "step": seen.step,
                "t": t,
                "agent": game.spec.agents[seen.agent],
                "seed": seen.seed,
                "observation": to_json(space, &seen.observation),
                "action": to_json(&game.spec.action_spaces[seen.agent], &seen.action),
                "next_observation": to_json(space, &seen.next),
                "reward": seen.reward,
                "terminated": seen.terminated,
                "truncated": seen.truncated,
                "info": to_json(&game.spec.step_info, &seen.info),
                "metrics": {NUMBERS[2]: if key == "NaN" { Json::Null } else { key }, NUMBERS[3]: begin},
                "header": {
                    "kwargs": game.kwargs,
                    "seed": 7,
                    "package": "palaestra",
                    "versions": {"palaestra": env!("CARGO_PKG_VERSION")},
                    "policy": "random",
                    "condition": "fast, \"loud\"\n",
                    "match": {"id": "m1", "size": 2},
                    "participant": null,
                },
            });
            if key_time != "NaN" {
                expected["key_time"] = key_time;
            }
            assert_eq!(serde_json::from_str::<Json>(line).unwrap(), expected, "{line}");
        }
    }
}

/// The member of a space in a row of an array of Minari's, as JSON.
fn member(space: &Space, array: &ArrayRef, row: usize) -> Json {
    let list = || array.as_fixed_size_list().value(row);
    match space {
        Space::Discrete { .. } => Json::from(array.as_primitive::<Int64Type>().value(row)),
        Space::Bool => Json::from(array.as_primitive::<Int64Type>().value(row) == 1),
        Space::Box(space) => {
            let list = list();
            let tensor = match list.data_type() {
                DataType::Float32 => Tensor::F32(list.as_primitive::<Float32Type>().values().to_vec()),
                DataType::Float64 => Tensor::F64(list.as_primitive::<Float64Type>().values().to_vec()),
                DataType::UInt8 => Tensor::U8(list.as_primitive::<UInt8Type>().values().to_vec()),
                DataType::Int8 => Tensor::I8(list.as_primitive::<Int8Type>().values().to_vec()),
                DataType::Int32 => Tensor::I32(list.as_primitive::<Int32Type>().values().to_vec()),
                _ => Tensor::I64(list.as_primitive::<Int64Type>().values().to_vec()),
            };
            assert_eq!(tensor.dtype(), space.dtype);
            to_json(&Space::Box(space.clone()), &Value::Tensor(tensor))
        }
        Space::MultiDiscrete { .. } => Json::from(list().as_primitive::<Int64Type>().values().to_vec()),
        Space::MultiBinary { .. } => Json::from(list().as_primitive::<Int8Type>().values().to_vec()),
        Space::Tuple { spaces } => {
            let parts = array.as_struct();
            let part =
                |(index, space): (usize, &Space)| member(space, parts.column_by_name(&index.to_string()).unwrap(), row);
            spaces.iter().enumerate().map(part).collect()
        }
        Space::Dict { spaces } => {
            let parts = array.as_struct();
            let part = |(name, space): &(String, Space)| {
                (name.clone(), member(space, parts.column_by_name(name).unwrap(), row))
            };
            Json::Object(spaces.iter().map(part).collect())
        }
        Space::Text { .. } => Json::from(array.as_string::<i32>().value(row)),
        Space::None => Json::Null,
        Space::Sequence { .. } | Space::OneOf { .. } => {
            serde_json::from_str(array.as_string::<i32>().value(row)).unwrap()
        }
    }
}

fn files(records: &[&str]) -> HashMap<String, Vec<u8>> {
    let files = Arc::new(Mutex::new(HashMap::new()));
    let taken = Arc::clone(&files);
    minari(records, move |path: &str, bytes: &[u8]| {
        assert!(taken.lock().unwrap().insert(path.to_owned(), bytes.to_vec()).is_none(), "{path} twice");
        Ok(())
    });
    std::mem::take(&mut *files.lock().unwrap())
}

fn minari(records: &[&str], files: impl Files) {
    let mut sink: Box<dyn Sink> = Box::new(Minari::new(files));
    for (name, record) in ('a'..).zip(records) {
        let (_, given) = export(&name.to_string(), record.as_bytes(), common::make, Limits::default(), sink.as_mut());
        given.unwrap();
    }
    sink.finish().unwrap();
}

#[test]
fn a_zip_has_the_files_of_the_folder() {
    for id in ["CartPole-v1", "mpe2/simple_tag_v3"] {
        let game = play(id, "{}", 60);
        let out = common::Shared::default();
        minari(&[&game.record], Zip::new(out.clone()));
        let bytes = std::mem::take(&mut *out.0.lock().unwrap());
        let archive = ZipArchive::from_slice(&bytes).unwrap();
        let mut found = HashMap::new();
        for entry in archive.entries() {
            let entry = entry.unwrap();
            assert_eq!(entry.compression_method(), CompressionMethod::DEFLATE);
            let data = archive.get_entry(entry.wayfinder()).unwrap();
            let mut inflated = data.verifying_reader(DeflateDecoder::new(data.data()));
            let mut content = Vec::new();
            inflated.read_to_end(&mut content).unwrap();
            let path = String::from_utf8(entry.file_path().as_ref().to_vec()).unwrap();
            assert!(found.insert(path, content).is_none());
        }
        assert_eq!(found, files(&[&game.record]));
    }
}

#[test]
fn minari_has_what_stepping_gives() {
    for game in games() {
        let files = files(&[&game.record]);
        for (agent, id) in game.spec.agents.iter().enumerate() {
            let ends = |name: &&String| name.ends_with("-v0/data/metadata.json") && name.contains(id.as_str());
            let metadata_file = files.keys().find(ends).unwrap();
            let folder = metadata_file.strip_suffix("/metadata.json").unwrap();
            let metadata: Json = serde_json::from_slice(&files[metadata_file]).unwrap();
            assert_eq!(folder, format!("{}/data", metadata["dataset_id"].as_str().unwrap()));
            let seen: Vec<&Seen> = game.seen.iter().filter(|seen| seen.agent == agent).collect();
            let episodes = seen.last().unwrap().episode + 1;
            assert_eq!((&metadata["total_steps"], &metadata["total_episodes"]), (&json!(seen.len()), &json!(episodes)));
            for episode in 0..episodes {
                let own: Vec<&&Seen> = seen.iter().filter(|seen| seen.episode == episode).collect();
                let about: Json = serde_json::from_slice(&files[&format!("{folder}/{episode}/metadata.json")]).unwrap();
                assert_eq!((&about["id"], &about["total_steps"]), (&json!(episode), &json!(own.len())));
                assert_eq!(about.get("seed").and_then(Json::as_u64), own[0].seed);
                // Minari has no flags for an episode that was broken off: it is truncated there.
                let ended = own.last().is_some_and(|last| last.terminated || last.truncated);
                assert_eq!(about.get("cut"), (!ended).then_some(&Json::Bool(true)));
                let file = Cursor::new(files[&format!("{folder}/{episode}/part-0.arrow")].clone());
                let batches: Vec<_> = FileReader::try_new(file, None).unwrap().collect();
                assert_eq!(batches.len(), 1);
                let batch = batches[0].as_ref().unwrap();
                assert_eq!(batch.num_rows(), own.len() + 1);
                let column = |name: &str| batch.column_by_name(name).unwrap().clone();
                let (space, acts) = (observation_space(&game, agent), &game.spec.action_spaces[agent]);
                for (row, step) in own.iter().enumerate() {
                    assert_eq!(member(space, &column("observations"), row), to_json(space, &step.observation));
                    assert_eq!(member(space, &column("observations"), row + 1), to_json(space, &step.next));
                    assert_eq!(member(acts, &column("actions"), row), to_json(acts, &step.action));
                    let reward = column("rewards").as_primitive::<Float64Type>().value(row);
                    assert_eq!(reward.to_bits(), step.reward.to_bits());
                    assert_eq!(column("terminations").as_boolean().value(row), step.terminated);
                    let cut = !ended && row + 1 == own.len();
                    assert_eq!(column("truncations").as_boolean().value(row), step.truncated || cut);
                }
            }
        }
    }
}

#[test]
fn a_data_set_without_an_episode_is_not_written() {
    let game = play("CartPole-v1", "{}", 60);
    let cut: String = game.record.lines().take(5).map(|line| format!("{line}\n")).collect();
    let paths = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&paths);
    let mut sink: Box<dyn Sink> = Box::new(Minari::new(move |path: &str, _: &[u8]| {
        taken.lock().unwrap().push(path.to_owned());
        Ok(())
    }));
    let (steps, given) = export("cut", cut.as_bytes(), common::make, Limits::default(), sink.as_mut());
    assert!(steps > 0 && given.is_err());
    sink.finish().unwrap();
    assert_eq!(*paths.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn two_records_of_one_environment_are_one_data_set_and_other_arguments_another() {
    let first = play("CartPole-v1", "{}", 40);
    let other = play("CartPole-v1", r#"{"sutton_barto_reward":true}"#, 40);
    let files = files(&[&first.record, &other.record, &first.record]);
    let sets: BTreeMap<&str, Json> = files
        .iter()
        .filter_map(|(path, bytes)| {
            Some((path.strip_suffix("/data/metadata.json")?, serde_json::from_slice(bytes).unwrap()))
        })
        .collect();
    assert_eq!(sets.len(), 2, "{:?}", sets.keys());
    assert_eq!(sets["palaestra/CartPole-v1/agent_0-v0"]["total_steps"], json!(80));
    let episodes = first.seen.last().unwrap().episode + 1;
    let about = &files[&format!("palaestra/CartPole-v1/agent_0-v0/data/{episodes}/metadata.json")];
    let about: Json = serde_json::from_slice(about).unwrap();
    assert_eq!((&about["file"], &about["episode"]), (&json!("c"), &json!(0)));
}

#[test]
fn records_of_several_environments_share_a_table_and_leave_empty_what_they_have_not() {
    let (cart_pole, blackjack) = (play("CartPole-v1", "{}", 20), play("Blackjack-v1", "{}", 20));
    let records = [cart_pole.record.as_str(), blackjack.record.as_str()];
    let table = table(&records);
    let kind = |name: &str| table.columns().iter().find(|column| column.name == name).unwrap().kind;
    // Of Blackjack integers, of CartPole float32: both are float64 without a change.
    assert_eq!((kind("obs_0"), kind("obs_3")), (palaestra_export::Kind::Float64, palaestra_export::Kind::Float32));
    let bytes = written(&records, |out| Box::new(Parquet::new(table, out).unwrap()));
    let rows = parquet_rows(bytes);
    assert_eq!(rows.len(), 40);
    assert!(rows[..20].iter().all(|row| row["file"] == "a" && row.contains_key("obs_3")));
    assert!(rows[20..].iter().all(|row| row["file"] == "b" && !row.contains_key("obs_3")));
    let Value::Tuple(hand) = &blackjack.seen[7].observation else { panic!("no hand") };
    let Value::Discrete(sum) = hand[0] else { panic!("no sum") };
    assert_eq!(rows[27]["obs_0"], format!("{:016x}", (sum as f64).to_bits()));
}

/// What is written of a record that is taken at its word, of an environment that only its spec is known of.
fn told(game: &Game, record: &str, sink: impl FnOnce(Table, Shared) -> Box<dyn Sink>) -> Result<Vec<u8>, ExportError> {
    let make = |_: &str, _: &Kwargs| Ok(Told::new(record.as_bytes(), game.spec.clone(), Limits::default()));
    let mut builder = TableBuilder::default();
    builder.add(&Survey::of(record.as_bytes(), make, Limits::default())?).unwrap();
    let out = Shared::default();
    let mut sink = sink(builder.finish().unwrap(), out.clone());
    let (_, given) = export("a", record.as_bytes(), make, Limits::default(), sink.as_mut());
    given?;
    sink.finish().unwrap();
    Ok(std::mem::take(&mut *out.0.lock().unwrap()))
}

#[test]
fn a_record_at_its_word_gives_what_its_replay_gives() {
    for game in games() {
        let replayed = |sink: &dyn Fn(Table, Shared) -> Box<dyn Sink>| {
            let table = table(&[&game.record]);
            written(&[&game.record], |out| sink(table, out))
        };
        let sinks: [&dyn Fn(Table, Shared) -> Box<dyn Sink>; 4] = [
            &|table, out| Box::new(Csv::new(table, out).unwrap()),
            &|_, out| Box::new(JsonLines::new(out)),
            &|table, out| Box::new(Arrow::new(table, out).unwrap()),
            &|_, out| Box::new(Minari::new(Zip::new(out))),
        ];
        // An id that is nowhere, as a guest's.
        let elsewhere = game.record.replacen(&format!("\"env_id\":\"{}\"", game.spec.id), "\"env_id\":\"guest/x\"", 1);
        assert_ne!(elsewhere, game.record);
        for (index, sink) in sinks.into_iter().enumerate() {
            assert!(told(&game, &game.record, sink).unwrap() == replayed(sink), "{} sink {index}", game.spec.id);
        }
        let rows = String::from_utf8(told(&game, &elsewhere, sinks[0]).unwrap()).unwrap();
        assert_eq!(rows.lines().filter(|line| line.starts_with("a,guest/x,")).count(), game.seen.len());
    }
}

#[test]
fn a_record_at_its_word_has_to_fit_its_spaces_but_not_their_bounds() {
    let game = play("CartPole-v1", "{}", 5);
    let csv = |table, out| -> Box<dyn Sink> { Box::new(Csv::new(table, out).unwrap()) };
    let beyond = changed(&game.record, 2, |step| step["obs"] = json!([4096.5, "Infinity", 0, "NaN"]));
    let rows = String::from_utf8(told(&game, &beyond, csv).unwrap()).unwrap();
    assert!(rows.lines().any(|row| row.contains(",4096.5,Inf,0.0,NaN,")), "{rows}");
    for (field, value, said) in [
        ("obs", json!([1, 2, 3]), "obs: expected Box(float32, shape (4))"),
        ("reward", json!([1]), "reward: expected a number or a flag, found [1]"),
        ("terminated", json!(1), "terminated: expected a number or a flag, found 1"),
        ("info", json!({"more": 1}), "info: expected Dict"),
    ] {
        let record = changed(&game.record, 2, |step| step[field] = value);
        let error = told(&game, &record, csv).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains("line 3"), "{field}: {error}");
    }
    let pair = play("mpe2/simple_tag_v3", "{}", 5);
    let fewer = changed(&pair.record, 2, |step| drop(step["reward"].as_array_mut().unwrap().pop()));
    let error = told(&pair, &fewer, csv).unwrap_err().to_string();
    assert!(error.contains("reward: expected a list of 4, one per agent"), "{error}");
    let cut: String = game.record.lines().take(4).map(|line| format!("{line}\n")).collect();
    assert!(matches!(told(&game, &cut, csv), Err(ExportError::Record(Failure::NoEnd { .. } | Failure::Steps { .. }))));
}

#[test]
fn records_of_python_packages_are_exported_as_well() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../families/classic_control/tests/golden");
    for name in ["CartPole-v1.random-400steps.1.jsonl.gz", "Pendulum-v1.random-400steps.1.jsonl.gz"] {
        let bytes = std::fs::read(format!("{golden}/{name}")).unwrap();
        let survey = Survey::of(bytes.as_slice(), common::make, Limits::default()).unwrap();
        let mut builder = TableBuilder::default();
        builder.add(&survey).unwrap();
        let out = common::Shared::default();
        let mut sink: Box<dyn Sink> = Box::new(Csv::new(builder.finish().unwrap(), out.clone()).unwrap());
        let (steps, given) = export(name, bytes.as_slice(), common::make, Limits::default(), sink.as_mut());
        given.unwrap();
        sink.finish().unwrap();
        let text = std::mem::take(&mut *out.0.lock().unwrap());
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let rows: Vec<HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
        assert_eq!((steps, survey.steps, rows.len()), (400, 400, 400), "{name}");
        assert!(rows.iter().all(|row| row["header.package"] == "gymnasium" && row["agent"] == "agent_0"));
        let lines = palaestra_record::Reader::new(bytes.as_slice(), Limits::default()).map(|line| line.unwrap().line);
        let mut before = Json::Null;
        let mut rows = rows.iter();
        for line in lines {
            match line {
                palaestra_record::Line::Reset(reset) => before = reset.obs,
                palaestra_record::Line::Step(step) => {
                    let row = rows.next().unwrap();
                    let number = |json: &Json| json.as_f64().unwrap().to_bits();
                    let cell = |name: &str| row[name].parse::<f64>().unwrap().to_bits();
                    let observed = before.as_array().unwrap().iter().enumerate();
                    observed
                        .for_each(|(index, json)| assert_eq!(cell(&format!("obs_{index}")), number(json), "{row:?}"));
                    assert_eq!(row["terminated"], step.terminated.to_string().to_uppercase());
                    before = step.obs;
                }
                _ => {}
            }
        }
    }
}

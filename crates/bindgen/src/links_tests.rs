//! A small module as a linker writes it, with what its functions refer to, split.
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function,
    FunctionSection, MemorySection, MemoryType, Module, NameMap, NameSection, RefType, TableSection, TableType,
    TypeSection, ValType,
};

use super::*;
use crate::part::Part;
use crate::split::split;

/// Where the constants begin.
const START: i32 = 1024;
/// Four bytes each: of the game, of the match, of both, and one that the match's leads to.
const CONSTANTS: &[u8] = b"gamemtchbothlast";
/// By number, what each function refers to: symbols of constants, and a function's place in the table.
const REFERS: [&[u32]; 3] = [&[0, 2], &[1, 2, 4], &[]];

fn leb(number: u32, out: &mut Vec<u8>) {
    let byte = (number & 0x7f) as u8;
    if number < 0x80 {
        out.push(byte);
    } else {
        out.push(byte | 0x80);
        leb(number >> 7, out);
    }
}

/// `game` is exported; `match::begin`, which it calls, takes the place of `shown` in the table.
fn linked(with_links: bool) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(0).function(0);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        minimum: 2,
        maximum: Some(2),
        table64: false,
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut exports = ExportSection::new();
    exports.export("game", ExportKind::Func, 0);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([2].as_slice().into()));
    let (mut code, mut relocations) = (CodeSection::new(), Vec::new());
    // The section begins with how many functions there are.
    let mut at = 1;
    for (number, refers) in REFERS.iter().enumerate() {
        let mut function = Function::new([]);
        let mut body = function.instructions();
        body.i32_const(number as i32);
        if number == 0 {
            body.call(1).drop();
        }
        body.end();
        code.function(&function);
        // Behind its length, of one byte.
        let kind = |symbol: u32| if symbol == 4 { 1 } else { 4 };
        relocations.extend(refers.iter().map(|symbol| (kind(*symbol), at + 2, *symbol)));
        at += 1 + function.byte_len() as u32;
    }
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(START), CONSTANTS.iter().copied());
    let mut names = NameSection::new();
    let mut of_functions = NameMap::new();
    ["game", "match::begin", "shown"].iter().zip(0..).for_each(|(name, index)| of_functions.append(index, name));
    names.functions(&of_functions);
    let mut of_data = NameMap::new();
    of_data.append(0, ".rodata");
    names.data(&of_data);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&memories).section(&exports);
    module.section(&elements).section(&code).section(&data);
    if with_links {
        custom(&mut module, "linking", &symbols());
        custom(&mut module, "reloc.CODE", &entries(6, &relocations));
        // The match's constant refers to the last: the section begins with how many segments there are, and what and where it is.
        let before = data_header();
        custom(&mut module, "reloc.DATA", &entries(7, &[(5, before + 4, 3)]));
    }
    module.section(&names);
    module.finish()
}

/// How many bytes of the section of data stand before the constants: a count, a kind, an address and its end, a length.
fn data_header() -> u32 {
    let mut address = Vec::new();
    leb(START as u32, &mut address);
    1 + 1 + 1 + address.len() as u32 + 1 + 1
}

fn custom(module: &mut Module, name: &str, data: &[u8]) {
    module.section(&CustomSection { name: name.into(), data: data.into() });
}

/// Four constants and a function.
fn symbols() -> Vec<u8> {
    let mut table = vec![5];
    for (number, name) in ["g", "m", "b", "l"].iter().enumerate() {
        // Data, without flags: a name, the segment, where in it, and how long.
        table.extend([1, 0, 1, name.as_bytes()[0], 0, 4 * number as u8, 4]);
    }
    table.extend([0, 0, 2, 1, b's']);
    let mut linking = vec![2, 8];
    leb(table.len() as u32, &mut linking);
    linking.extend(table);
    linking
}

fn entries(section: u32, entries: &[(u8, u32, u32)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    leb(section, &mut bytes);
    leb(entries.len() as u32, &mut bytes);
    for (kind, offset, symbol) in entries {
        bytes.push(*kind);
        leb(*offset, &mut bytes);
        leb(*symbol, &mut bytes);
        // What is added to an address.
        if *kind != 1 {
            bytes.push(0);
        }
    }
    bytes
}

fn data_of(bytes: &[u8]) -> Vec<(i32, Vec<u8>)> {
    let module = walrus::Module::from_buffer(bytes).unwrap();
    let of = |data: &walrus::Data| match data.kind {
        walrus::DataKind::Active { offset: walrus::ConstExpr::Value(walrus::ir::Value::I32(start)), .. } => {
            (start, data.value.clone())
        }
        ref other => panic!("{other:?}"),
    };
    module.data.iter().map(of).collect()
}

fn parts() -> [Part; 1] {
    [Part::from_text("match=match::;begin").unwrap()]
}

#[test]
fn what_functions_and_constants_refer_to_is_what_the_linker_says() {
    let links = Links::of(&linked(true)).unwrap();
    let of = |name| links.refers(links.function(name).unwrap()).iter().copied().collect::<Vec<_>>();
    let shown = links.function("shown").unwrap();
    assert_eq!(of("game"), [Target::Data(0), Target::Data(2)]);
    assert_eq!(of("match::begin"), [Target::Function(shown), Target::Data(1), Target::Data(2)]);
    assert_eq!(of("shown"), []);
    let data: Vec<_> = links.data.iter().map(|datum| (datum.range.start, datum.range.end, datum.constant)).collect();
    assert_eq!(data, [(1024, 1028, true), (1028, 1032, true), (1032, 1036, true), (1036, 1040, true)]);
    let refers: Vec<usize> = links.data.iter().map(|datum| datum.refers.len()).collect();
    assert_eq!(refers, [0, 1, 0, 0]);
    assert_eq!(links.function("shown[1]"), Some(shown), "as wasm-bindgen numbers what has the same name");
    assert_eq!(links.function("nothing"), None);
}

#[test]
fn a_part_has_the_constants_and_the_places_in_the_table_that_only_it_leads_to() {
    let whole = linked(true);
    let (rest, own) = split(&whole, &parts(), &Links::of(&whole).unwrap()).unwrap();
    assert_eq!(data_of(&rest), [(START, b"game\0\0\0\0both\0\0\0\0".to_vec())]);
    assert_eq!(data_of(&own[0]), [(START + 4, b"mtch".to_vec()), (START + 12, b"last".to_vec())]);
    let functions = |bytes: &[u8]| walrus::Module::from_buffer(bytes).unwrap().funcs.iter_local().count();
    assert_eq!(
        (functions(&rest), functions(&own[0])),
        (3, 2),
        "the game, the way in, nobody; the beginning, what is shown"
    );
}

#[test]
fn without_a_linkers_word_all_that_stands_in_the_table_stays_and_all_constants() {
    let whole = linked(false);
    let (rest, own) = split(&whole, &parts(), &Links::of(&whole).unwrap()).unwrap();
    assert_eq!(data_of(&rest), [(START, CONSTANTS.to_vec())]);
    assert_eq!(data_of(&own[0]), []);
    assert_eq!(walrus::Module::from_buffer(&own[0]).unwrap().funcs.iter_local().count(), 1);
}

#[test]
fn what_a_part_that_is_gone_leads_to_is_no_other_part_s() {
    let whole = linked(true);
    let parts = [Part::from_text("match=match::;begin").unwrap(), Part::from_text("game=game;*").unwrap()];
    let (rest, own) = split(&whole, &parts, &Links::of(&whole).unwrap()).unwrap();
    // `both` is of both.
    assert_eq!(data_of(&rest), [(START, b"\0\0\0\0\0\0\0\0both\0\0\0\0".to_vec())]);
    assert_eq!(data_of(&own[1]), [(START, b"game".to_vec())]);
}

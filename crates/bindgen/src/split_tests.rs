//! Small modules, split.
use walrus::ir::{Instr, Value};
use walrus::{
    ConstExpr, Element, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, ImportKind,
    Module, ModuleConfig, RefType, ValType,
};

use super::split;
use crate::links::Links;
use crate::part::{Part, SplitError};

/// A function of a name that adds a global of the module's and what others give.
fn function(module: &mut Module, name: &str, calls: &[FunctionId]) -> FunctionId {
    let global = module.globals.iter().next().unwrap().id();
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let argument = module.locals.add(ValType::I32);
    builder.name(name.to_owned());
    let mut body = builder.func_body();
    body.global_get(global);
    for call in calls {
        body.local_get(argument).call(*call).binop(walrus::ir::BinaryOp::I32Add);
    }
    builder.finish(vec![argument], &mut module.funcs)
}

/// `game` calls `match::begin`, which calls `match::inner` and `shared`; `shared` is the game's too; a closure stands in the table.
fn module(closure_name: &str) -> Vec<u8> {
    let mut module = Module::with_config(ModuleConfig::new());
    module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(walrus::ir::Value::I32(0)));
    let shared = function(&mut module, "shared", &[]);
    let inner = function(&mut module, "inner", &[shared]);
    let begin = function(&mut module, "match::begin", &[inner]);
    let trait_function = function(&mut module, "<match::Rule as Rule>::judge", &[]);
    let closure = function(&mut module, closure_name, &[begin]);
    let game = function(&mut module, "game", &[begin, shared]);
    module.exports.add("game", game);
    let table = module.tables.add_local(false, 3, Some(3), RefType::FUNCREF);
    let kind = ElementKind::Active { table, offset: ConstExpr::Value(walrus::ir::Value::I32(1)) };
    let element = module.elements.add(kind, ElementItems::Functions(vec![trait_function, closure]));
    module.tables.get_mut(table).elem_segments.insert(element);
    module.emit_wasm()
}

/// One that may be entered as it likes, where nothing is said of that.
fn part(text: &str) -> Part {
    let text = if text.contains(';') { text.to_owned() } else { format!("{text};*") };
    Part::from_text(&text).unwrap()
}

fn imports(module: &Module) -> Vec<(&str, &str)> {
    module.imports.iter().map(|import| (import.module.as_str(), import.name.as_str())).collect()
}

fn read(bytes: &[u8]) -> Module {
    Module::from_buffer(bytes).unwrap()
}

/// Where the functions of a segment stand in the table, and how many they are.
fn placed(element: &Element) -> (i32, usize) {
    match (&element.kind, &element.items) {
        (
            ElementKind::Active { offset: ConstExpr::Value(Value::I32(first)), .. },
            ElementItems::Functions(functions),
        ) => (*first, functions.len()),
        other => panic!("{other:?}"),
    }
}

/// The places of the table that are called by a module's functions: each place is pushed right before its call.
fn places_called(module: &Module) -> Vec<i32> {
    module.funcs.iter_local().flat_map(|(id, _)| places_called_by(module, id)).collect()
}

fn places_called_by(module: &Module, id: FunctionId) -> Vec<i32> {
    let function = module.funcs.get(id).kind.unwrap_local();
    let instrs: Vec<&Instr> = function.block(function.entry_block()).instrs.iter().map(|(instr, _)| instr).collect();
    let place = |pair: &[&Instr]| match pair {
        [Instr::Const(place), Instr::CallIndirect(_)] => match place.value {
            Value::I32(place) => Some(place),
            _ => None,
        },
        _ => None,
    };
    instrs.windows(2).filter_map(place).collect()
}

const CLOSURE: &str = "core::ops::function::FnOnce::call_once{{vtable.shim}}::h0";

#[test]
fn a_part_takes_what_only_it_leads_to_and_gives_it_back_through_the_table() {
    let (rest, own) = split(&module(CLOSURE), &[part("match=match::")], &Links::default()).unwrap();
    let (rest, own) = (read(&rest), read(&own[0]));
    assert_eq!(
        own.funcs.iter_local().count(),
        4,
        "the trait's function, the closure, the beginning and what that calls"
    );
    assert_eq!(rest.funcs.iter_local().count(), 2 + 2, "the game, what is shared, the way in, and nobody");
    let [rest_table, own_table] = [&rest, &own].map(|module| module.tables.iter().next().unwrap());
    assert_eq!((rest_table.initial, rest_table.maximum), (5, Some(5)), "and what is shared");
    assert_eq!((own_table.initial, own_table.maximum), (4, None), "other parts make it longer");
    // The way in, and what stands in the table from the beginning: nobody stands there without the part.
    assert_eq!(own.elements.iter().map(placed).collect::<Vec<_>>(), [(3, 1), (1, 2)]);
    let ElementItems::Functions(functions) = &rest.elements.iter().next().unwrap().items else {
        panic!("no functions")
    };
    assert!(functions.iter().all(|id| rest.types.params_results(rest.funcs.get(*id).ty()) == (&[], &[])));
}

#[test]
fn a_part_finds_what_it_needs_among_the_exports_of_its_module_and_in_its_table() {
    let (rest, own) = split(&module(CLOSURE), &[part("match=match::")], &Links::default()).unwrap();
    let (rest, own) = (read(&rest), read(&own[0]));
    for import in own.imports.iter() {
        assert_eq!(import.module, "p");
        let export = rest.exports.iter().find(|export| export.name == import.name).expect(&import.name);
        match (import.kind.clone(), export.item) {
            (ImportKind::Global(_), ExportItem::Global(_)) | (ImportKind::Table(_), ExportItem::Table(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(imports(&own).len(), 2, "the global, the table");
    assert!(
        own.exports.iter().next().is_none() && own.memories.iter().next().is_none() && own.data.iter().next().is_none()
    );
    // What is shared stands behind the way in, and `inner` calls it there.
    let placed: Vec<(i32, usize)> = rest.elements.iter().map(placed).collect();
    assert_eq!(placed, [(1, 2), (4, 1)]);
    assert_eq!(places_called(&own), [4]);
    let ElementItems::Functions(shared) = &rest.elements.iter().nth(1).unwrap().items else { panic!("no functions") };
    assert_eq!(places_called_by(&rest, shared[0]), [] as [i32; 0]);
    let exported: Vec<&str> = rest.exports.iter().map(|export| export.name.as_str()).collect();
    assert_eq!(exported.iter().filter(|name| **name != "game").count(), 2, "{exported:?}");
}

#[test]
fn what_stands_in_the_table_already_is_called_where_it_stands() {
    let mut module = Module::from_buffer(&module(CLOSURE)).unwrap();
    let shared = module.funcs.iter().find(|function| function.name.as_deref() == Some("shared")).unwrap().id();
    let element = module.elements.iter().next().unwrap().id();
    let ElementItems::Functions(functions) = &mut module.elements.get_mut(element).items else {
        panic!("no functions")
    };
    functions[0] = shared;
    let (rest, own) = split(&module.emit_wasm(), &[part("match=match::")], &Links::default()).unwrap();
    assert_eq!(read(&rest).elements.iter().map(placed).collect::<Vec<_>>(), [(1, 2)]);
    assert_eq!(places_called(&read(&own[0])), [1]);
}

#[test]
fn parts_of_one_module_have_places_of_their_own() {
    let (rest, own) =
        split(&module("another::closure"), &[part("rules=match::Rule"), part("match=match::")], &Links::default())
            .unwrap();
    let [rules, matches] = [&own[0], &own[1]].map(|own| read(own));
    let first = |module: &Module| match module.elements.iter().next().unwrap().kind {
        ElementKind::Active { offset: ConstExpr::Value(walrus::ir::Value::I32(first)), .. } => first,
        ref other => panic!("{other:?}"),
    };
    assert_eq!((first(&rules), first(&matches)), (1, 3));
    assert_eq!(read(&rest).tables.iter().next().unwrap().initial, 5, "the way in and what is shared");
    let local = |module: &Module| {
        module.funcs.iter().filter(|function| matches!(function.kind, FunctionKind::Local(_))).count()
    };
    assert_eq!((local(&rules), local(&matches)), (1, 2), "a closure that is not named so stays where it is");
}

#[test]
fn a_part_that_is_entered_by_a_function_that_it_does_not_name_is_refused() {
    let (_, own) = split(&module(CLOSURE), &[part("match=match::;begin")], &Links::default()).unwrap();
    assert_eq!(read(&own[0]).funcs.iter_local().count(), 4, "what only the table leads to needs no name");
    let refused = split(&module(CLOSURE), &[part("match=match::;end,start")], &Links::default()).unwrap_err();
    assert!(matches!(refused, SplitError::Entered { .. }), "{refused:?}");
    let text = refused.to_string();
    let expected =
        "match: expected a part that is entered by end, start only, found `match::begin` (called by `game`): ";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn what_one_part_calls_of_another_is_an_entrance_as_well() {
    let parts = |entrance| [part(&format!("inner=inner;{entrance}")), part("match=match::;begin")];
    assert!(split(&module(CLOSURE), &parts("inner"), &Links::default()).is_ok());
    let refused = split(&module(CLOSURE), &parts("another"), &Links::default()).unwrap_err().to_string();
    assert!(refused.contains("found `inner` (called by `match::begin`)"), "{refused}");
}

#[test]
fn what_javascript_may_call_of_a_part_is_an_entrance_as_well() {
    let refused = split(&module(CLOSURE), &[part("game=game;another")], &Links::default()).unwrap_err().to_string();
    assert!(refused.contains("found `game` (exported)"), "{refused}");
    assert!(split(&module(CLOSURE), &[part("game=game;ga*")], &Links::default()).is_ok());
}

#[test]
fn a_part_of_nothing_is_refused() {
    let refused = split(&module(CLOSURE), &[part("nobody=nothing::")], &Links::default());
    assert!(matches!(&refused, Err(SplitError::Empty(name)) if name == "nobody"), "{refused:?}");
    assert!(matches!(split(b"no module", &[part("a=b")], &Links::default()), Err(SplitError::Module(_))));
    for text in ["", "a", "a=b", "=b;c", "a=;c", "a=b,;c", "a=b;", "a=b;c,"] {
        assert_eq!(Part::from_text(text), None, "{text}");
    }
}

#[test]
fn a_path_may_be_the_end_of_names() {
    let (_, own) = split(&module(CLOSURE), &[part("rules=*Rule>::judge")], &Links::default()).unwrap();
    assert_eq!(read(&own[0]).funcs.iter_local().count(), 1);
    let refused = split(&module(CLOSURE), &[part("rules=*Rule")], &Links::default());
    assert!(matches!(refused, Err(SplitError::Empty(_))), "{refused:?}");
}

//! The order of a finished module's functions: side by side where they begin alike, so that the module compresses better.
//!
//! What packs a file looks for what it has seen before, and sooner finds what is near. The same function made for two types, or two that take
//! their arguments apart in the same way, begin with the same bytes.
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// The module with its functions in that order.
pub(crate) fn ordered(module: &[u8]) -> Result<Vec<u8>, String> {
    let order = Order::of(module).map_err(|error| error.to_string())?;
    let mut written = Module::new();
    let mut writer = order;
    writer.parse_core_module(&mut written, Parser::new(0), module).map_err(|error| error.to_string())?;
    Ok(written.finish())
}

/// Where each function goes.
struct Order {
    imported: u32,
    /// By their new places, the numbers that the module's own functions had.
    before: Vec<u32>,
    /// By these numbers, the new places.
    after: Vec<u32>,
}

impl Order {
    fn of(module: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut imported = 0;
        let mut bodies: Vec<&[u8]> = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
                _ => {}
            }
        }
        let mut before: Vec<u32> = (0..bodies.len() as u32).collect();
        before.sort_by_key(|own| bodies[*own as usize]);
        let mut after = vec![0; before.len()];
        (0..).zip(&before).for_each(|(place, own)| after[*own as usize] = place);
        Ok(Self { imported, before, after })
    }
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(match function.checked_sub(self.imported) {
            Some(own) => self.imported + self.after[own as usize],
            None => function,
        })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for own in self.before.clone() {
            functions.function(self.type_index(types[own as usize])?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for own in self.before.clone() {
            self.parse_function_body(code, bodies[own as usize].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, ModuleConfig, ValType};

    use super::ordered;

    /// Exports functions that give these numbers, in this order; `all` calls each of them.
    fn module(numbers: &[i32]) -> Vec<u8> {
        let mut module = walrus::Module::with_config(ModuleConfig::new());
        let mut all = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        all.func_body().i32_const(0);
        for number in numbers {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            builder.func_body().i32_const(*number);
            let id = builder.finish(Vec::new(), &mut module.funcs);
            module.exports.add(&format!("give {number}"), id);
            all.func_body().call(id).binop(walrus::ir::BinaryOp::I32Add);
        }
        let all = all.finish(Vec::new(), &mut module.funcs);
        module.exports.add("all", all);
        module.emit_wasm()
    }

    /// By the names of the exports, what their functions are made of: numbers, and by their names the exports that they call.
    fn seen(bytes: &[u8]) -> Vec<(String, String)> {
        let module = walrus::Module::from_buffer(bytes).unwrap();
        let of = |id| {
            let export =
                module.exports.iter().find(|export| matches!(export.item, walrus::ExportItem::Function(f) if f == id));
            export.map(|export| export.name.clone()).unwrap()
        };
        let mut seen: Vec<(String, String)> = module
            .funcs
            .iter_local()
            .map(|(id, function)| {
                let sequence = function.block(function.entry_block());
                let words = sequence.instrs.iter().map(|(instr, _)| match instr {
                    walrus::ir::Instr::Call(call) => format!("call {}", of(call.func)),
                    walrus::ir::Instr::Const(number) => format!("{:?}", number.value),
                    _ => "add".to_owned(),
                });
                (of(id), words.collect::<Vec<_>>().join(", "))
            })
            .collect();
        seen.sort();
        seen
    }

    #[test]
    fn every_export_and_every_call_leads_to_the_same_function() {
        let bytes = module(&[7, 1_000_000, -3, 8, 70_000, 9]);
        let ordered = ordered(&bytes).unwrap();
        assert_ne!(bytes, ordered);
        assert_eq!(seen(&bytes), seen(&ordered));
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(ordered(b"no module").is_err());
    }
}

//! ONNX files.
use palaestra_onnx::Model;

/// Loads the bytes as a model. One that is taken is run twice, to the same bits: whatever a file holds, its runs are alike.
pub fn run(bytes: &[u8]) {
    let Ok(mut model) = Model::load(bytes) else { return };
    let outputs = |model: &mut Model| {
        model.run();
        let outputs = (0..model.outputs().len()).map(|index| format!("{:?}", model.output(index)));
        outputs.collect::<Vec<_>>()
    };
    let once = outputs(&mut model);
    assert_eq!(outputs(&mut model), once);
}

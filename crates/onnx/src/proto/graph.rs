//! The file, its graph, and the graph's inputs and outputs.
use crate::error::LoadError;
use crate::limits::{MOST_FILE_BYTES, MOST_NODES, MOST_TENSORS};
use crate::proto::node::Node;
use crate::proto::tensor::Tensor;
use crate::proto::wire::Fields;
use crate::proto::within::within;

/// An ONNX file.
pub(crate) struct ModelFile<'a> {
    /// The version of ONNX's own operators.
    pub(crate) operator_set: Option<i64>,
    pub(crate) graph: Graph<'a>,
}

/// What computes the outputs.
#[derive(Default)]
pub(crate) struct Graph<'a> {
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) initializers: Vec<Tensor<'a>>,
    pub(crate) inputs: Vec<Input<'a>>,
    pub(crate) outputs: Vec<&'a str>,
}

/// An input of the graph.
pub(crate) struct Input<'a> {
    pub(crate) name: &'a str,
    /// The element type's number in the format; absent for what is no tensor.
    pub(crate) element_type: Option<i64>,
    /// The sizes; 0 where there is none or only a name.
    pub(crate) dims: Vec<i64>,
}

impl<'a> ModelFile<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        within("bytes of a file", MOST_FILE_BYTES, bytes.len())?;
        let (mut operator_set, mut graph) = (None, None);
        let mut fields = Fields::new(bytes, "ModelProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                7 => graph = Some(Graph::read(fields.bytes(content)?)?),
                8 => operator_set = read_operator_set(fields.bytes(content)?)?.or(operator_set),
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| fields.malformed("no graph"))?;
        Ok(Self { operator_set, graph })
    }
}

/// The version, where the set is ONNX's own.
fn read_operator_set(bytes: &[u8]) -> Result<Option<i64>, LoadError> {
    let (mut own, mut version) = (true, None);
    let mut fields = Fields::new(bytes, "OperatorSetIdProto");
    while let Some((number, content)) = fields.next()? {
        match number {
            1 => own = matches!(fields.text(content)?, "" | "ai.onnx"),
            2 => version = Some(fields.integer(content)?),
            _ => {}
        }
    }
    Ok(version.filter(|_| own))
}

impl<'a> Graph<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let mut graph = Graph::default();
        let mut fields = Fields::new(bytes, "GraphProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => {
                    graph.nodes.push(Node::read(fields.bytes(content)?)?);
                    within("nodes", MOST_NODES, graph.nodes.len())?;
                }
                5 => graph.initializers.push(Tensor::read(fields.bytes(content)?)?),
                11 => graph.inputs.push(Input::read(fields.bytes(content)?)?),
                12 => graph.outputs.push(Input::read(fields.bytes(content)?)?.name),
                15 => return Err(fields.malformed("sparse tensors, which are not supported")),
                _ => {}
            }
            let most = graph.initializers.len().max(graph.inputs.len()).max(graph.outputs.len());
            within("tensors, inputs or outputs", MOST_TENSORS, most)?;
        }
        Ok(graph)
    }
}

impl<'a> Input<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let mut input = Input { name: "", element_type: None, dims: Vec::new() };
        let mut fields = Fields::new(bytes, "ValueInfoProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => input.name = fields.text(content)?,
                2 => input.read_type(fields.bytes(content)?)?,
                _ => {}
            }
        }
        Ok(input)
    }

    fn read_type(&mut self, bytes: &'a [u8]) -> Result<(), LoadError> {
        let mut fields = Fields::new(bytes, "TypeProto");
        while let Some((number, content)) = fields.next()? {
            if number == 1 {
                let mut tensor = Fields::new(fields.bytes(content)?, "TypeProto.Tensor");
                while let Some((number, content)) = tensor.next()? {
                    match number {
                        1 => self.element_type = Some(tensor.integer(content)?),
                        2 => self.read_shape(tensor.bytes(content)?)?,
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn read_shape(&mut self, bytes: &'a [u8]) -> Result<(), LoadError> {
        let mut fields = Fields::new(bytes, "TensorShapeProto");
        while let Some((number, content)) = fields.next()? {
            if number == 1 {
                let mut size = 0;
                let mut dimension = Fields::new(fields.bytes(content)?, "TensorShapeProto.Dimension");
                while let Some((number, content)) = dimension.next()? {
                    if number == 1 {
                        size = dimension.integer(content)?;
                    }
                }
                self.dims.push(size);
            }
        }
        Ok(())
    }
}

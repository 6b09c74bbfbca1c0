//! A node of the graph, and its attributes.
use crate::error::{Fault, LoadError};
use crate::limits::MOST_OPERANDS;
use crate::proto::tensor::Tensor;
use crate::proto::wire::Fields;
use crate::proto::within::within;

/// An operator with its inputs and outputs, by their names.
pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) operator: &'a str,
    pub(crate) domain: &'a str,
    /// Empty for one that is left out.
    pub(crate) inputs: Vec<&'a str>,
    /// Empty for one that nobody uses.
    pub(crate) outputs: Vec<&'a str>,
    attributes: Vec<Attribute<'a>>,
}

/// A named constant of a node. Which of its fields counts the operator knows.
#[derive(Default)]
pub(crate) struct Attribute<'a> {
    name: &'a str,
    pub(crate) float: Option<f32>,
    pub(crate) integer: Option<i64>,
    pub(crate) text: Option<&'a [u8]>,
    pub(crate) tensor: Option<Tensor<'a>>,
    pub(crate) floats: Vec<f32>,
    pub(crate) integers: Vec<i64>,
    pub(crate) texts: Vec<&'a [u8]>,
}

impl<'a> Node<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let (inputs, outputs, attributes) = (Vec::new(), Vec::new(), Vec::new());
        let mut node = Node { name: "", operator: "", domain: "", inputs, outputs, attributes };
        let mut fields = Fields::new(bytes, "NodeProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => node.inputs.push(fields.text(content)?),
                2 => node.outputs.push(fields.text(content)?),
                3 => node.name = fields.text(content)?,
                4 => node.operator = fields.text(content)?,
                5 => node.attributes.push(Attribute::read(fields.bytes(content)?)?),
                7 => node.domain = fields.text(content)?,
                _ => {}
            }
            let most = node.inputs.len().max(node.outputs.len()).max(node.attributes.len());
            within("inputs, outputs or attributes of a node", MOST_OPERANDS, most)?;
        }
        Ok(node)
    }

    /// An attribute, if the node has it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// An integer attribute, or what it is where it is left out. One without a value is 0, which writers of proto3 leave out.
    pub(crate) fn integer(&self, name: &str, default: i64) -> i64 {
        self.attribute(name).map_or(default, |attribute| attribute.integer.unwrap_or_default())
    }

    /// A float attribute, or what it is where it is left out; without a value it is 0, as an integer is.
    ///
    /// # Errors
    /// [`Fault::Attribute`] for one that is not finite.
    pub(crate) fn float(&self, name: &'static str, default: f32) -> Result<f32, Box<Fault>> {
        let value = self.attribute(name).map_or(default, |attribute| attribute.float.unwrap_or_default());
        if value.is_finite() {
            return Ok(value);
        }
        Err(Fault::Attribute { attribute: name, expected: "a finite number", found: "another".to_owned() }.into())
    }

    /// A list of integers, if the node has it.
    pub(crate) fn integers(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.integers.as_slice())
    }

    /// A text attribute, or what it is where it is left out.
    pub(crate) fn text(&self, name: &str, default: &'static str) -> String {
        let text = self.attribute(name).and_then(|attribute| attribute.text);
        text.map_or(default, |bytes| std::str::from_utf8(bytes).unwrap_or("?")).to_owned()
    }
}

impl<'a> Attribute<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let mut attribute = Attribute::default();
        let mut fields = Fields::new(bytes, "AttributeProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => attribute.name = fields.text(content)?,
                2 => attribute.float = Some(fields.float(content)?),
                3 => attribute.integer = Some(fields.integer(content)?),
                4 => attribute.text = Some(fields.bytes(content)?),
                5 => attribute.tensor = Some(Tensor::read(fields.bytes(content)?)?),
                7 => fields.floats(content, &mut attribute.floats)?,
                8 => fields.integers(content, &mut attribute.integers)?,
                9 => attribute.texts.push(fields.bytes(content)?),
                _ => {}
            }
        }
        Ok(attribute)
    }
}

//! How the job and its outcome cross between the page and the Worker: bytes with neither names nor types, for what these
//! messages are made of and nothing else.
//!
//! gloo-worker's own encoding, bincode, can say in many words what is wrong with a message, and brings the printing of every
//! kind of number with it: a seventh of the page's module, for messages that only this project's own modules send.
use std::fmt;

use gloo_worker::Codec;
use js_sys::Uint8Array;
use serde::de::{self, DeserializeSeed, Visitor};
use serde::ser::{self, Serialize};
use serde::{Deserialize, forward_to_deserialize_any};
use wasm_bindgen::{JsValue, throw_str};

/// The encoding, for `encoding()` of both ends.
#[derive(Debug)]
pub struct Wire;

impl Codec for Wire {
    fn encode<I: Serialize>(input: I) -> JsValue {
        match to_bytes(&input) {
            Ok(bytes) => Uint8Array::from(&bytes[..]).into(),
            Err(Refused) => throw_str("a message of the packing job could not be written"),
        }
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        match from_bytes(&Uint8Array::new(&input).to_vec()) {
            Ok(output) => output,
            Err(Refused) => throw_str("a message of the packing job could not be read"),
        }
    }
}

/// The bytes of a message.
///
/// # Errors
/// [`Refused`] for what is in none: fractions, signed numbers, maps.
pub fn to_bytes(input: &impl Serialize) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    input.serialize(&mut Writer(&mut bytes))?;
    Ok(bytes)
}

/// The message of bytes.
///
/// # Errors
/// [`Refused`] for bytes that are none.
pub fn from_bytes<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, Refused> {
    let mut reader = Reader(bytes);
    let message = T::deserialize(&mut reader)?;
    if reader.0.is_empty() { Ok(message) } else { Err(Refused) }
}

/// It is no message of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a message of the packing job, found something else")
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Refused
    }
}

// All of them: what serde provides would print what it found.
impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Refused
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Refused
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Refused
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Refused
    }
    fn missing_field(_: &'static str) -> Self {
        Refused
    }
    fn duplicate_field(_: &'static str) -> Self {
        Refused
    }
}

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn count(&mut self, count: usize) -> Result<(), Refused> {
        let count = u32::try_from(count).map_err(|_| Refused)?;
        self.0.extend_from_slice(&count.to_le_bytes());
        Ok(())
    }
}

macro_rules! refuse_to_write {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, _: $type) -> Result<(), Refused> {
            Err(Refused)
        })*
    };
}

impl<'a, 'b> ser::Serializer for &'a mut Writer<'b> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = ser::Impossible<(), Refused>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    refuse_to_write!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u16: u16,
        serialize_u32: u32, serialize_f32: f32, serialize_f64: f64, serialize_char: char);

    fn serialize_bool(self, value: bool) -> Result<(), Refused> {
        self.serialize_u8(value.into())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Refused> {
        self.0.push(value);
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Refused> {
        self.0.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Refused> {
        self.serialize_bytes(text.as_bytes())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Refused> {
        self.count(bytes.len())?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Refused> {
        Err(Refused)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Refused> {
        Err(Refused)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<(), Refused> {
        self.count(index as usize)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        self.count(index as usize)?;
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Refused> {
        self.count(len.ok_or(Refused)?)?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self, Refused> {
        self.count(index as usize)?;
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Refused> {
        Err(Refused)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Refused> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self, Refused> {
        self.serialize_tuple_variant(name, index, variant, len)
    }
}

macro_rules! one_after_another {
    ($($trait:ident::$method:ident($($name:ident)?)),*) => {
        $(impl ser::$trait for &mut Writer<'_> {
            type Ok = ();
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Result<(), Refused> {
                $(let _ = $name;)?
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        })*
    };
}

one_after_another!(
    SerializeSeq::serialize_element(),
    SerializeTuple::serialize_element(),
    SerializeTupleStruct::serialize_field(),
    SerializeTupleVariant::serialize_field(),
    SerializeStruct::serialize_field(name),
    SerializeStructVariant::serialize_field(name)
);

struct Reader<'de>(&'de [u8]);

impl<'de> Reader<'de> {
    fn take(&mut self, len: usize) -> Result<&'de [u8], Refused> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(Refused)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let (head, rest) = self.0.split_first_chunk().ok_or(Refused)?;
        self.0 = rest;
        Ok(*head)
    }

    fn count(&mut self) -> Result<usize, Refused> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Refused;

    forward_to_deserialize_any! {
        i8 i16 i32 i64 u16 u32 f32 f64 char option map identifier ignored_any
    }

    /// The bytes do not say what they are.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Refused> {
        Err(Refused)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.array()? {
            [0] => visitor.visit_bool(false),
            [1] => visitor.visit_bool(true),
            _ => Err(Refused),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let [byte] = self.array()?;
        visitor.visit_u8(byte)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_u64(u64::from_le_bytes(self.array()?))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let len = self.count()?;
        visitor.visit_borrowed_str(std::str::from_utf8(self.take(len)?).map_err(|_| Refused)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let len = self.count()?;
        visitor.visit_borrowed_bytes(self.take(len)?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let left = self.count()?;
        visitor.visit_seq(Items { reader: self, left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_seq(Items { reader: self, left })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        left: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_tuple(left, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_tuple(fields.len(), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        visitor.visit_enum(self)
    }
}

struct Items<'a, 'de> {
    reader: &'a mut Reader<'de>,
    left: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'_, 'de> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refused> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        // No more than there can be: a length is only bytes, too.
        Some(self.left.min(self.reader.0.len()))
    }
}

impl<'de> de::EnumAccess<'de> for &mut Reader<'de> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Refused> {
        let index = self.count()? as u64;
        let variant = seed.deserialize(de::value::U64Deserializer::<Refused>::new(index))?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Reader<'de> {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refused> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Refused> {
        de::Deserializer::deserialize_tuple(self, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Refused> {
        de::Deserializer::deserialize_tuple(self, fields.len(), visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Job, Packed, Verdict};
    use serde::Serialize;

    /// As gloo-worker's own messages are made.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Message {
        Loaded,
        Output(usize, Result<Verdict, String>),
    }

    #[test]
    fn every_message_of_the_job_reads_back() {
        let verdicts = [Verdict::Identical { steps: u64::MAX }, Verdict::Different("ünlike".into()), Verdict::NotAsked];
        for verdict in verdicts {
            let packed: Result<Packed, String> = Ok(Packed { bytes: vec![0, 255, 7], verdict: verdict.clone() });
            let read: Result<Packed, String> = from_bytes(&to_bytes(&packed).unwrap()).unwrap();
            assert_eq!(read.map(|packed| (packed.bytes, packed.verdict)), Ok((vec![0, 255, 7], verdict.clone())));
            for message in
                [Message::Loaded, Message::Output(3, Ok(verdict.clone())), Message::Output(0, Err("no".into()))]
            {
                assert_eq!(from_bytes(&to_bytes(&message).unwrap()), Ok(message));
            }
        }
        let job = Job {
            header: "{}".into(),
            family: "toy_text".into(),
            log: vec![1; 300],
            metrics: vec!["a".into(), String::new()],
            verify: true,
        };
        let read: Job = from_bytes(&to_bytes(&job).unwrap()).unwrap();
        assert_eq!((read.header, read.log, read.metrics, read.verify), (job.header, job.log, job.metrics, job.verify));
    }

    #[test]
    fn bytes_that_are_no_message_are_refused_wherever_they_end_and_reserve_nothing() {
        let whole = to_bytes(&Message::Output(1, Ok(Verdict::Different("text".into())))).unwrap();
        for len in 0..whole.len() {
            assert_eq!(from_bytes::<Message>(&whole[..len]), Err(Refused), "{len}");
        }
        assert_eq!(from_bytes::<Message>(&[whole, vec![0]].concat()), Err(Refused));
        assert_eq!(from_bytes::<Vec<u64>>(&[0xff; 12]), Err(Refused));
        assert_eq!(from_bytes::<Message>(&[9, 0, 0, 0]), Err(Refused));
        assert_eq!(to_bytes(&0.5), Err(Refused));
    }
}

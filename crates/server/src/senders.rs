//! How much of what is kept may come from one address. Whoever sends is nobody that the server knows: an address is all there is.
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Mutex;

use axum::http::HeaderMap;

use crate::limits::Bucket;
use crate::rooms::lock;

/// What one address may send in a second, and what it may save up, in bytes. A page sends some kilobytes a second, and a lab's twenty
/// have one address.
const PER_SECOND: f64 = 256.0 * 1024.0;
const SAVED: f64 = 64.0 * 1024.0 * 1024.0;
/// An address that is not of the public network has so many times as much: a proxy or a container's network may have it, and everybody
/// behind it, without saying whose word it passes on.
const SHARED: f64 = 16.0;
/// So many addresses are told apart. Those that come then have what one may that many share.
const MOST: usize = 4_096;

/// What each address may still send.
#[derive(Debug, Default)]
pub(crate) struct Senders {
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

impl Senders {
    /// Takes so many bytes of what an address may send; `false` where that is more.
    pub(crate) fn take(&self, from: IpAddr, bytes: u64) -> bool {
        let mut from = network_of(from);
        let mut buckets = lock(&self.buckets);
        if buckets.len() >= MOST && !buckets.contains_key(&from) {
            // Of those whose bucket is full again nothing has to be known.
            buckets.retain(|_, bucket| !bucket.is_full());
            if buckets.len() >= MOST {
                from = Ipv4Addr::UNSPECIFIED.into();
            }
        }
        let times = if is_public(from) { 1.0 } else { SHARED };
        let bucket = buckets.entry(from).or_insert_with(|| Bucket::new(PER_SECOND * times, SAVED * times));
        bucket.take(bytes as f64)
    }
}

/// Who sends a request: the other end of its connection. Where that is no public address it is believed what it says in the header for that:
/// it is a proxy's, whose own word is the last one; what stands before came from whoever asked it.
pub(crate) fn sender_of(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if is_public(peer) {
        return peer;
    }
    let said = headers.get_all("x-forwarded-for").iter().next_back().and_then(|said| said.to_str().ok());
    let last = said.and_then(|said| said.rsplit(',').next()).map(str::trim);
    let read = |text: &str| text.parse().or_else(|_| text.parse().map(|address: SocketAddr| address.ip())).ok();
    last.and_then(read).unwrap_or(peer)
}

/// The address as one sender has it: of an IPv6 address the half that a provider gives.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified())
        }
        // The loopback's network is the unspecified address'.
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_sends_no_more_than_it_may_and_takes_nothing_from_another() {
        let senders = Senders::default();
        assert!(senders.take(ip("203.0.113.7"), 63 * MIB));
        assert!(!senders.take(ip("203.0.113.7"), 2 * MIB) && !senders.take(ip("::ffff:203.0.113.7"), 2 * MIB));
        assert!(senders.take(ip("203.0.113.8"), 2 * MIB));
        // One provider's customer has as many of these as it likes.
        assert!(senders.take(ip("2001:db8:1:2::1"), 63 * MIB));
        assert!(!senders.take(ip("2001:db8:1:2:ffff::9"), 2 * MIB) && senders.take(ip("2001:db8:1:3::1"), 2 * MIB));
        // A proxy that does not tell for whom it asks.
        for address in ["127.0.0.1", "::1", "172.17.0.1", "fd00::1"].map(ip) {
            assert!(senders.take(address, 1_000 * MIB) && !senders.take(address, 50 * MIB), "{address}");
        }
    }

    #[test]
    fn no_more_addresses_are_told_apart_than_there_is_room_for_and_idle_ones_make_room() {
        let senders = Senders::default();
        let address = |n: u32| IpAddr::from(Ipv4Addr::from_bits(0x0800_0000 + n));
        (0..MOST as u32).for_each(|n| assert!(senders.take(address(n), u64::from(n % 2) * MIB)));
        assert!(senders.take(address(100_000), 60 * MIB));
        assert_eq!(lock(&senders.buckets).len(), MOST / 2 + 1, "those that have taken nothing are gone");
        (0..MOST as u32 * 2).for_each(|n| assert!(senders.take(address(n), 100)));
        assert!(lock(&senders.buckets).len() <= MOST + 1);
        assert!(!senders.take(address(100_000), 60 * MIB), "it is known still");
    }

    #[test]
    fn who_sends_is_who_the_proxy_says_and_not_who_the_sender_says() {
        let of = |peer: &str, said: &[&str]| {
            let mut headers = HeaderMap::new();
            for said in said {
                headers.append("x-forwarded-for", said.parse().unwrap());
            }
            sender_of(ip(peer), &headers)
        };
        assert_eq!(of("203.0.113.7", &["198.51.100.1"]), ip("203.0.113.7"));
        assert_eq!(of("127.0.0.1", &["198.51.100.1, 203.0.113.7"]), ip("203.0.113.7"));
        assert_eq!(of("::ffff:127.0.0.1", &["198.51.100.1", "203.0.113.7"]), ip("203.0.113.7"));
        assert_eq!(of("10.1.2.3", &["203.0.113.7:5000"]), ip("203.0.113.7"));
        assert_eq!(of("fd00::1", &["[2001:db8::1]:5000"]), ip("2001:db8::1"));
        assert_eq!((of("10.1.2.3", &["somebody"]), of("10.1.2.3", &[])), (ip("10.1.2.3"), ip("10.1.2.3")));
    }
}

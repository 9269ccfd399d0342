//! Unique identifiers (PS3.5 annex B.2): `2.25.` and a UUID as a decimal number.

/// The same for the same parts. The hash is FNV-1a of 128 bits (Fowler, Noll and Vo), as a UUID of version 8 (RFC 9562).
pub(super) fn uid(parts: &[&[u8]]) -> String {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for part in parts {
        // Lengths tell parts apart.
        for byte in (part.len() as u64).to_le_bytes().iter().chain(*part) {
            hash = (hash ^ u128::from(*byte)).wrapping_mul((1 << 88) + 0x13b);
        }
    }
    let version = (hash & !(0xF << 76)) | 8 << 76;
    format!("2.25.{}", (version & !(3 << 62)) | 2 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_follows_from_its_parts_and_is_valid() {
        let one = uid(&[b"a", b"bc"]);
        assert_eq!(one, uid(&[b"a", b"bc"]));
        assert_ne!(one, uid(&[b"ab", b"c"]));
        assert!(one.len() <= 64 && one.starts_with("2.25."));
        assert!(one[5..].bytes().all(|b| b.is_ascii_digit()) && !one[5..].starts_with('0'));
        let number: u128 = one[5..].parse().unwrap();
        assert_eq!((number >> 76 & 15, number >> 62 & 3), (8, 2));
    }
}

//! Pseudonyms of persons: a keyed one-to-one map between identity numbers and 64-bit keys.

use model::{IdentityNumber, ResidentKey};
use siphasher::sip::SipHasher24;
use std::fmt;

/// Rounds of the Feistel network.
const ROUNDS: usize = 12;
/// What the secret of an installation is used for here; changing a text changes every key.
const ROUND_KEYS: &str = "shouwang 2021 person cipher: round keys";
const FINGERPRINT: &str = "shouwang 2021 person cipher: fingerprint";

/// A keyed permutation of 64-bit numbers: a Feistel network of 12 rounds over two halves of 32 bits, whose round function is
/// SipHash-2-4 under round keys drawn from the secret with BLAKE3.
///
/// What it gives: equal persons get equal keys, different persons different keys, joins are joins of integers, and without
/// the secret a key says nothing about its person. What it does not give: it is no certified cipher, it is deterministic
/// (rows of one person can be seen to belong together), and whoever holds the secret can turn every key back. The lake is
/// therefore pseudonymous, not anonymous, and the secret belongs where the database's own keys are. Why it is built so, and what
/// would make us change it: decision 20.
#[derive(Clone)]
pub struct PersonCipher {
    rounds: [SipHasher24; ROUNDS],
    fingerprint: String,
}

impl PersonCipher {
    /// The cipher of an installation with this secret of 32 random bytes.
    pub fn new(secret: &[u8; 32]) -> PersonCipher {
        let mut drawn = [0; ROUNDS * 16];
        blake3::Hasher::new_derive_key(ROUND_KEYS).update(secret).finalize_xof().fill(&mut drawn);
        let rounds = std::array::from_fn(|round| {
            let mut key = [0; 16];
            key.copy_from_slice(&drawn[round * 16..][..16]);
            SipHasher24::new_with_key(&key)
        });
        PersonCipher { rounds, fingerprint: model::to_hex(&blake3::derive_key(FINGERPRINT, secret)[..8]) }
    }

    /// The key of the person with this number. Certificates of one person give one key.
    pub fn key_of(&self, number: IdentityNumber) -> ResidentKey {
        ResidentKey(self.permute(number.digits17()).cast_signed())
    }

    /// The number behind a key; `None` for a key that this secret gives to nobody, as keys made with another secret are
    /// (all but about one in a thousand of them).
    pub fn reveal(&self, key: ResidentKey) -> Option<IdentityNumber> {
        IdentityNumber::from_digits17(self.restore(key.0.cast_unsigned())).ok()
    }

    /// 16 hexadecimal digits that tell secrets apart without telling anything about them: kept beside the data so that a
    /// wrong secret is noticed at the start.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn permute(&self, number: u64) -> u64 {
        let (mut left, mut right) = halves(number);
        for round in &self.rounds {
            (left, right) = (right, left ^ scramble(round, right));
        }
        joined(left, right)
    }

    fn restore(&self, number: u64) -> u64 {
        let (mut left, mut right) = halves(number);
        for round in self.rounds.iter().rev() {
            (left, right) = (right ^ scramble(round, left), left);
        }
        joined(left, right)
    }
}

impl fmt::Debug for PersonCipher {
    /// The fingerprint alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonCipher({})", self.fingerprint)
    }
}

fn scramble(round: &SipHasher24, half: u32) -> u32 {
    round.hash(&half.to_le_bytes()) as u32
}

fn halves(number: u64) -> (u32, u32) {
    ((number >> 32) as u32, number as u32)
}

fn joined(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

#[cfg(test)]
mod tests {
    use super::PersonCipher;
    use model::{IdentityNumber, ResidentKey};
    use proptest::prelude::{any, prop_assert_eq, prop_assert_ne, proptest};
    use std::collections::BTreeSet;

    fn cipher(byte: u8) -> PersonCipher {
        PersonCipher::new(&[byte; 32])
    }

    /// Numbers at the edges of the domain and of its halves, and a person's.
    const NUMBERS: [u64; 6] = [0, 1, 1 << 32, 11_010_519_491_231_002, 99_999_999_999_999_999, u64::MAX];

    /// Secret, its fingerprint, and the keys of `NUMBERS`; computed by another program, as decision 20 says.
    fn vectors() -> [([u8; 32], &'static str, [u64; 6]); 4] {
        let counted = std::array::from_fn(|at| at as u8);
        [
            (
                [0; 32],
                "e180bc4a7744922b",
                [
                    0x035f_b49d_7896_7a02,
                    0x8fd4_0bbc_fbef_269f,
                    0xc421_64f2_aff7_146f,
                    0x988d_d8a2_b844_ef80,
                    0xe6c7_4358_fb9e_069f,
                    0x38f6_7346_b621_8fd4,
                ],
            ),
            (
                [7; 32],
                "e98173f51b6182de",
                [
                    0xacbf_210e_feda_926c,
                    0x0933_f5a8_1c74_d760,
                    0xfb08_cb26_2ea4_b1e2,
                    0xbbdd_f515_2ec6_4b14,
                    0xa6f1_df97_64a6_a20c,
                    0xb280_3d75_c925_a918,
                ],
            ),
            (
                counted,
                "56afe8ea524fa956",
                [
                    0xd283_1b9f_d8f6_6513,
                    0x7239_4227_2b47_f111,
                    0x64ee_b16b_23b0_2446,
                    0x9eb9_ce6d_0939_34bb,
                    0x48f3_473b_510e_feab,
                    0xe1e0_1a5d_13d5_24b3,
                ],
            ),
            (
                [255; 32],
                "70f0444a62073500",
                [
                    0xf3a0_7145_14b7_673b,
                    0x0626_84ad_152d_4c0a,
                    0x6eb7_0396_4d5b_2078,
                    0x11c2_5c02_6069_dfdf,
                    0x4ee5_723c_9853_00d6,
                    0x1405_ad15_a732_81ca,
                ],
            ),
        ]
    }

    #[test]
    fn keys_of_old_installations_stay_what_they_were() {
        for (secret, fingerprint, keys) in vectors() {
            let cipher = PersonCipher::new(&secret);
            assert_eq!(cipher.fingerprint(), fingerprint);
            assert_eq!(NUMBERS.map(|number| cipher.permute(number)), keys, "{fingerprint}");
            assert_eq!(keys.map(|key| cipher.restore(key)), NUMBERS, "{fingerprint}");
        }
        assert_eq!(cipher(8).permute(0), 8_970_876_003_305_889_355);
    }

    #[test]
    fn keys_spread_over_the_whole_domain() {
        let cipher = cipher(5);
        let mut of_sixteenth = [0_u32; 16];
        (0..16_000).for_each(|number| of_sixteenth[(cipher.permute(number) >> 60) as usize] += 1);
        assert!(of_sixteenth.iter().all(|keys| (850..1_150).contains(keys)), "{of_sixteenth:?}");
    }

    #[test]
    fn all_certificates_of_a_person_give_one_key_that_leads_back() {
        let cipher = cipher(1);
        let texts = ["11010519491231002X", "110105491231002", "11010519491231002X41", "11010519491231002x4101"];
        let keys = texts.map(|text| cipher.key_of(IdentityNumber::parse(text).expect("well written")));
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(cipher.reveal(keys[0]).map(IdentityNumber::canonical).as_deref(), Some(texts[0]));
    }

    #[test]
    fn keys_of_another_secret_hardly_ever_lead_to_a_person() {
        let (own, other) = (cipher(1), cipher(2));
        let wrong = (0..10_000).filter(|key| other.reveal(ResidentKey(own.permute(*key).cast_signed())).is_some());
        assert!(wrong.count() < 100);
        assert_ne!(own.fingerprint(), other.fingerprint());
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", cipher(7)), format!("PersonCipher({})", cipher(7).fingerprint()));
    }

    #[test]
    fn one_digit_changes_about_half_of_the_bits() {
        let cipher = cipher(3);
        let changed: u32 = (0..1_000_u64).map(|n| (cipher.permute(n) ^ cipher.permute(n + 1)).count_ones()).sum();
        assert!((30_000..34_000).contains(&changed), "{changed} of 64,000 bits");
    }

    proptest! {
        #[test]
        fn every_number_comes_back(secret in any::<[u8; 32]>(), number in any::<u64>()) {
            let cipher = PersonCipher::new(&secret);
            prop_assert_eq!(cipher.restore(cipher.permute(number)), number);
            prop_assert_eq!(cipher.permute(cipher.restore(number)), number);
            prop_assert_eq!(PersonCipher::new(&secret).permute(number), cipher.permute(number));
        }

        #[test]
        fn numbers_that_differ_get_keys_that_differ(secret in any::<[u8; 32]>(), first in any::<u64>(), step in 1..u64::MAX) {
            let cipher = PersonCipher::new(&secret);
            let numbers: BTreeSet<u64> = (0..200).map(|at: u64| first.wrapping_add(step.wrapping_mul(at))).collect();
            let keys: BTreeSet<u64> = numbers.iter().map(|number| cipher.permute(*number)).collect();
            prop_assert_eq!(keys.len(), numbers.len());
        }

        #[test]
        fn another_secret_gives_other_keys(secret in any::<[u8; 32]>(), bit in 0..256_usize, number in any::<u64>()) {
            let mut other = secret;
            other[bit / 8] ^= 1 << (bit % 8);
            let (own, other) = (PersonCipher::new(&secret), PersonCipher::new(&other));
            // That they agree by chance is one case in 2^64.
            prop_assert_ne!(own.permute(number), other.permute(number));
            prop_assert_ne!(own.fingerprint(), other.fingerprint());
        }
    }
}

//! `shouwang account`: an account with a password made here and printed once.

use super::Said;
use crate::arguments::Account;
use crate::installation::Installation;
use crate::place::known;
use crate::trouble::{Attempt, Outcome, Trouble};
use model::RegionCode;
use policy::Package;
use serde_json::json;
use std::collections::BTreeSet;
use store::{Command, NewAccount};
use words::{Wording, advice, list, wording};

/// Letters that are not mistaken for one another on paper.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Adds an account.
///
/// # Errors
/// When the role or the place does not exist, its level is not that of the place, or the name is taken.
pub fn run(arguments: &Account) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let new = AccountWanted {
        name: &arguments.name,
        shown_name: arguments.shown_name.as_deref().unwrap_or(&arguments.name),
        role: &arguments.role,
        region: arguments.region,
        department: arguments.department.as_deref(),
    };
    let password = add(&installation, &new)?;
    let (account, role, region) = (&arguments.name, &arguments.role, arguments.region);
    let lines = vec![wording!("account_added", account, role, region), wording!("account_password", password)];
    Ok(Said::new(lines, &json!({ "account": arguments.name, "password": password })))
}

/// An account to be made.
pub struct AccountWanted<'a> {
    pub name: &'a str,
    pub shown_name: &'a str,
    pub role: &'a str,
    pub region: RegionCode,
    pub department: Option<&'a str>,
}

/// Makes the account and returns its password; only the Argon2id hash is kept.
///
/// # Errors
/// As [`run`].
pub fn add(installation: &Installation, wanted: &AccountWanted<'_>) -> Outcome<String> {
    if !is_account_name(wanted.name) {
        return Err(Trouble::of(advice!("account_name_unfit", account = wanted.name)));
    }
    let roles = &installation.package.roles;
    let unknown = || Trouble::of(advice!("account_role_unknown", role = wanted.role, roles = list(roles.keys())));
    let role = roles.get(wanted.role).ok_or_else(unknown)?;
    let label = Wording::pair(&role.label, wanted.role);
    known(&installation.package, installation.settings.region, wanted.region)?;
    if role.level != wanted.region.level() {
        return Err(Trouble::of(advice!("account_role_of_other_level", role = label, region = wanted.region)));
    }
    if role.of_department && wanted.department.is_none() {
        return Err(Trouble::of(advice!("account_without_department", role = label)));
    }
    if let Some(department) = wanted.department {
        let known = departments(&installation.package);
        if !known.contains(department) {
            let departments = list(&known);
            return Err(Trouble::of(advice!("account_department_unknown", department, departments)));
        }
    }
    let password = password()?;
    let hash = web::hash_password(&password).attempt(|| advice!("password_unmade"))?;
    installation.apply(Command::AddAccount(NewAccount {
        name: wanted.name.to_owned(),
        shown_name: wanted.shown_name.to_owned(),
        role: wanted.role.to_owned(),
        region: wanted.region,
        department: wanted.department.map(str::to_owned),
        password_hash: hash,
    }))?;
    Ok(password)
}

/// True for letters of any script, digits, `.`, `-` and `_`, 2 to 64 of them.
fn is_account_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    (2..=64).contains(&name.chars().count()) && name.chars().all(fits)
}

/// Codes of the departments that keep a register or hand in a source: an account of any other sees nothing.
fn departments(package: &Package) -> BTreeSet<&str> {
    let of_registers = package.registers.values().filter_map(|register| register.department.as_deref());
    let of_sources = package.sources.values().map(|source| source.department.as_str());
    of_registers.chain(of_sources).collect()
}

/// Three groups of five letters: some 74 bits.
fn password() -> Outcome<String> {
    let mut letters = String::new();
    while letters.len() < 17 {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).attempt(|| advice!("no_random_numbers"))?;
        // Bytes beyond a whole multiple of the letters would make some letters likelier than others.
        let fair =
            bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < 256 / LETTERS.len() * LETTERS.len());
        for byte in fair.take(15) {
            if letters.len() % 6 == 5 {
                letters.push('-');
            }
            letters.push(char::from(LETTERS[byte % LETTERS.len()]));
        }
        letters.truncate(17);
    }
    Ok(letters)
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, is_account_name, password};

    #[test]
    fn names_of_accounts_are_letters_digits_and_three_signs() {
        let long = |count| "a".repeat(count);
        for (name, fits) in [
            ("zhang.san", true),
            ("李 四", false),
            ("李四", true),
            ("a b", false),
            ("a", false),
            ("ab", true),
            ("a-b_2", true),
            ("a/b", false),
            ("a@b", false),
            ("", false),
            (&long(64), true),
            (&long(65), false),
        ] {
            assert_eq!(is_account_name(name), fits, "{name}");
        }
    }

    #[test]
    fn passwords_are_three_groups_of_letters_and_never_the_same() {
        let made: Vec<String> = (0..50).map(|_| password().expect("random numbers")).collect();
        for one in &made {
            let groups: Vec<&str> = one.split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5, 5, 5], "the shape");
            assert!(groups.concat().bytes().all(|letter| LETTERS.contains(&letter)));
        }
        let distinct: std::collections::BTreeSet<&String> = made.iter().collect();
        assert_eq!(distinct.len(), made.len());
    }
}

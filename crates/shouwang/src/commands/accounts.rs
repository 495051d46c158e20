//! `shouwang account`: an account with a password made here and printed once.

use super::Said;
use crate::arguments::Account;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use model::RegionCode;
use serde_json::json;
use store::{Command, NewAccount};

/// Letters that are not mistaken for one another on paper.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Adds an account.
///
/// # Errors
/// When the role does not exist, its level is not that of the place, or the name is taken.
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
    let lines = vec![
        format!("已建立账号 {},岗位 {},辖区 {}", arguments.name, arguments.role, arguments.region),
        format!("初始密码(只显示这一次):{password}"),
    ];
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
    let roles = &installation.package.roles;
    let role = roles.get(wanted.role).ok_or_else(|| {
        let known: Vec<&str> = roles.keys().map(String::as_str).collect();
        let role = wanted.role;
        Trouble::new(
            [format!("没有名为 {role} 的岗位"), format!("There is no role {role}")],
            [format!("可用的岗位:{}", known.join("、")), format!("Roles: {}.", known.join(", "))],
        )
    })?;
    if role.level != wanted.region.level() {
        return Err(Trouble::new(
            [
                format!("岗位“{}”的辖区级别与 {} 不符", role.label, wanted.region),
                format!("The role {} is not of the level of {}", wanted.role, wanted.region),
            ],
            ["请换用相应级别的行政区划代码", "Use the code of a place of its level."],
        ));
    }
    if role.of_department && wanted.department.is_none() {
        return Err(Trouble::new(
            [format!("岗位“{}”须注明部门", role.label), format!("The role {} needs a department", wanted.role)],
            ["请加上 --department <部门代码>", "Add --department <code>."],
        ));
    }
    let password = password()?;
    let hash = web::hash_password(&password)
        .attempt(|| ["无法生成密码", "No password can be made"], ["请重试", "Try again."])?;
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

/// Three groups of five letters: some 74 bits.
fn password() -> Outcome<String> {
    let mut letters = String::new();
    while letters.len() < 17 {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).attempt(
            || ["系统没有可用的随机数", "The system gives no random numbers"],
            ["请检查操作系统后重试", "Check the operating system and try again."],
        )?;
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
    use super::{LETTERS, password};

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

//! Whose a form is: what its token tells besides the secret of the session, so that a form is known after its session has ended.

use crate::http::session::FormSecret;
use model::{from_hex, to_hex};
use store::{Store, StoreError};

/// The longest address of a page that a token carries.
const PAGE_MAX: usize = 300;

/// What stands sealed behind the secret of a form's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub account: String,
    /// When the page with the form was made.
    pub made_ms: i64,
    /// The page on which the form stands, with its query; empty where it would be too long.
    pub page: String,
    /// The form that was kept and is shown again on the page; empty where there is none.
    pub unsent: String,
}

impl Owner {
    /// The token of a form: the secret, and this behind it.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn token(&self, store: &Store, secret: &FormSecret) -> Result<String, StoreError> {
        let page = if self.page.len() > PAGE_MAX { "" } else { self.page.as_str() };
        let text = [&secret.sign(), self.account.as_str(), &self.made_ms.to_string(), &self.unsent, page].join("\n");
        Ok(format!("{}.{}", secret.token(), to_hex(&store.seal_for_form(&text)?)))
    }

    /// What a token tells, where it was made here and both of its parts belong together.
    pub fn of(store: &Store, token: &str) -> Option<Owner> {
        let (secret, behind) = FormSecret::in_token(token)?;
        let text = store.open_from_form(&from_hex(behind)?)?;
        let mut lines = text.splitn(5, '\n');
        let mut line = || lines.next().map(str::to_owned);
        let signed = line()?;
        let (account, made_ms, unsent, page) = (line()?, line()?.parse().ok()?, line()?, line()?);
        (signed == secret.sign()).then_some(Owner { account, made_ms, page, unsent })
    }
}

#[cfg(test)]
mod tests {
    use super::Owner;
    use crate::http::session::FormSecret;
    use store::{Store, StoreKey};

    #[test]
    fn a_token_tells_whose_it_is_and_its_parts_belong_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store/valley");
        let package = policy::Package::load(&root, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let open = |name: &str, key: u8| {
            Store::create(&folder.path().join(name), &package, &StoreKey::from_bytes([key; 32])).expect("opens")
        };
        let (store, other) = (open("a.db", 1), open("b.db", 2));
        let (mine, theirs) = (FormSecret::of("a"), FormSecret::of("b"));
        let owner = |page: &str| Owner { account: "li".into(), made_ms: 7, page: page.into(), unsent: "ab".into() };
        let token = owner("/leads?risk=1").token(&store, &mine).expect("a token");
        assert!(mine.made(&token) && !theirs.made(&token));
        assert_eq!(Owner::of(&store, &token), Some(owner("/leads?risk=1")));
        assert_eq!(Owner::of(&other, &token), None, "another installation");
        let long = owner(&"/".repeat(301)).token(&store, &mine).expect("a token");
        assert_eq!(Owner::of(&store, &long), Some(owner("")));
        let (head, behind) = token.split_once('.').expect("two parts");
        for wrong in
            [head.to_owned(), format!("{}.{behind}", theirs.token()), format!("{head}.{behind}00"), String::new()]
        {
            assert_eq!(Owner::of(&store, &wrong), None, "{wrong}");
        }
    }
}

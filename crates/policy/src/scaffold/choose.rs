//! Names of the package that a scaffolded file starts from.

use crate::declare::Grain;
use crate::forms::Origin;
use crate::package::Package;
use model::Type;

/// What stands for each `<<word>>` of a scaffold.
pub(super) struct Choice {
    words: Vec<(&'static str, String)>,
}

impl Choice {
    /// The name of the new declaration, and the first of everything that the package has.
    pub(super) fn from(package: &Package, name: &str) -> Choice {
        let first_code =
            |list: &str| package.codes.get(list).and_then(|codes| codes.code.first()).map(|code| code.code.clone());
        let (fact, limit, below, above) = fact_of(package);
        let words = vec![
            ("name", name.to_owned()),
            ("article", package.articles.first().map_or(1, |article| article.number).to_string()),
            ("department", first_code("department").unwrap_or_default()),
            ("risk", first_code("risk_type").unwrap_or_default()),
            ("role", package.roles.keys().next().cloned().unwrap_or_default()),
            ("region", package.head.region.to_string()),
            ("fact", fact),
            ("limit", limit),
            ("below", below),
            ("above", above),
        ];
        Choice { words }
    }

    /// The text with every `<<word>>` filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(&format!("<<{word}>>"), value))
    }
}

/// An aggregate fact of households with a limit, a value at the limit and one above it, as expressions and cases write them.
fn fact_of(package: &Package) -> (String, String, String, String) {
    let is_number = |ty: Type| matches!(ty, Type::Int | Type::Fen);
    let fits = |name: &&String| {
        let over_household = package.facts.get(*name).is_some_and(|fact| fact.over == Grain::Household);
        let form = package.fact_forms.get(*name);
        over_household
            && form.is_some_and(|form| matches!(form.origin, Origin::Aggregate(_)) && is_number(form.typed.ty))
    };
    let Some(name) = package.fact_order.iter().find(fits) else {
        return ("household_size".to_owned(), "0".to_owned(), "0".to_owned(), "1".to_owned());
    };
    let is_money = package.fact_type(name).is_some_and(|typed| typed.is_money);
    let (limit, below, above) = if is_money { ("yuan(1000)", "100000", "100001") } else { ("10", "10", "11") };
    (name.clone(), limit.to_owned(), below.to_owned(), above.to_owned())
}

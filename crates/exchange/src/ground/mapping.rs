//! Which heading of the file feeds which column, where a person has said so.

use crate::MoneyUnit;
use std::collections::BTreeMap;

/// Which heading of the file feeds which column, where a person has said so. Columns that are not named are matched as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Name of the declared column (of a child: `child.column`) to the heading as it stands in the file, or its column: `列F`.
    pub headings: BTreeMap<String, String>,
    /// What was said of an earlier file of the same kind: taken where the file has the heading once, left where it has not.
    pub remembered: BTreeMap<String, String>,
    /// The unit of the columns of money that do not name their own.
    pub money_unit: Option<MoneyUnit>,
}

impl Mapping {
    /// What was said of one part of a register: of a child its columns stand behind its name (`child.column`), here they stand
    /// without it; of the register itself (`None`) all that belong to no child.
    pub fn of_part(&self, child: Option<&str>) -> Mapping {
        let own = |said: &BTreeMap<String, String>| {
            let column = |name: &str| match child {
                Some(child) => name.strip_prefix(child)?.strip_prefix('.').map(str::to_owned),
                None => (!name.contains('.')).then(|| name.to_owned()),
            };
            said.iter().filter_map(|(name, heading)| Some((column(name)?, heading.clone()))).collect()
        };
        Mapping { headings: own(&self.headings), remembered: own(&self.remembered), money_unit: self.money_unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_register_has_its_own_choices() {
        let said: BTreeMap<String, String> = [("name", "甲"), ("share.name", "乙"), ("shares.name", "丙")]
            .map(|(to, from)| (to.into(), from.into()))
            .into();
        let mapping = Mapping { headings: said.clone(), remembered: said, money_unit: Some(MoneyUnit::ThousandYuan) };
        let cases = [(None, "甲"), (Some("share"), "乙"), (Some("shares"), "丙"), (Some("other"), "")];
        for (child, heading) in cases {
            let own = mapping.of_part(child);
            let expected: Vec<&str> = [heading].into_iter().filter(|heading| !heading.is_empty()).collect();
            for said in [&own.headings, &own.remembered] {
                assert_eq!(said.values().collect::<Vec<_>>(), expected, "{child:?}");
                assert!(said.keys().all(|name| name == "name"), "{child:?}");
            }
            assert_eq!(own.money_unit, mapping.money_unit);
        }
    }
}

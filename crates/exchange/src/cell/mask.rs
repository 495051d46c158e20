//! What an export shows in place of values that its reader may not see.

use model::{Class, Kind};
use policy::declare::Column;

/// Stands for a sensitive value that has no shape of its own.
const HIDDEN: &str = "***";

/// True for a text that stands in an export of ours in place of a value of this column.
pub(crate) fn is_mask(text: &str, column: &Column) -> bool {
    match (column.effective_class(), column.kind) {
        (_, Kind::Identity | Kind::Account | Kind::Phone | Kind::Name) => text.contains('*'),
        (Class::Sensitive, _) => text == HIDDEN,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_known_by_the_class_and_the_kind_of_its_column() {
        let cases = [
            ("51*************123", Kind::Identity, Class::Public, true),
            ("138****1234", Kind::Phone, Class::Public, true),
            ("13812341234", Kind::Phone, Class::Public, false),
            ("张*", Kind::Name, Class::Public, true),
            ("***", Kind::Text, Class::Sensitive, true),
            ("***", Kind::Int, Class::Sensitive, true),
            ("a*b", Kind::Text, Class::Sensitive, false),
            ("***", Kind::Text, Class::Internal, false),
        ];
        for (text, kind, class, is_one) in cases {
            let column = Column { kind, class, ..Column::default() };
            assert_eq!(is_mask(text, &column), is_one, "{text} {kind:?} {class:?}");
        }
    }
}
